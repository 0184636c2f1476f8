//! By what a browser is signed in: a random token in its cookie. It is known here and there; the world knows its digest.

use std::{fmt, time::Duration};

use axum::http::{HeaderMap, header};
use meadow_protocol::web::SessionToken;
use ring::digest::{SHA256, digest};

/// Name of the cookie.
const COOKIE: &str = "meadow";

/// A token, and its digest.
#[derive(Clone)]
pub(crate) struct LoginToken {
    token: SessionToken,
    digest: String,
}

impl LoginToken {
    /// One that nobody can guess.
    pub(crate) fn random() -> LoginToken {
        LoginToken::new(SessionToken::from_random(rand::random()))
    }

    /// That of a request's cookie. Where there are several, the first that looks like one.
    pub(crate) fn of(headers: &HeaderMap) -> Option<LoginToken> {
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
        let ours = pairs.filter(|(name, _)| name.trim() == COOKIE);
        ours.filter_map(|(_, value)| value.trim().parse().ok()).map(LoginToken::new).next()
    }

    fn new(token: SessionToken) -> LoginToken {
        // Of the token as it is written, so that anybody can check it with `sha256sum`.
        let digest = digest(&SHA256, token.to_string().as_bytes());
        let digest = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        LoginToken { token, digest }
    }

    /// SHA-256 in hex: what the world knows it by.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    /// A `Set-Cookie` header (RFC 6265). Scripts can't read it, and other sites' pages can't have it sent along with
    /// what they post.
    pub(crate) fn cookie(&self, time: Duration, is_secure: bool) -> String {
        let secure = if is_secure { "; Secure" } else { "" };
        let (token, age) = (&self.token, time.as_secs());
        format!("{COOKIE}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}")
    }
}

/// Takes the cookie away.
pub(super) fn no_cookie() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}

/// Without either: no log has them.
impl fmt::Debug for LoginToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cookies: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, cookie.parse().expect("a value"));
        }
        LoginToken::of(&headers).map(|token| token.token.to_string())
    }

    #[test]
    fn it_is_found_among_other_cookies() {
        let (one, two) = ("a".repeat(64), "b".repeat(64));
        assert_eq!(of(&[&format!("theme=dark; meadow={one}; x=y")]), Some(one.clone()));
        assert_eq!(of(&["theme=dark", &format!("meadow={one}")]), Some(one.clone()));
        assert_eq!(of(&[&format!("meadow=nonsense; meadow={two}")]), Some(two.clone()));
        for none in ["", "meadow=", "meadow", "theme=dark", &format!("notmeadow={one}"), "meadow=abc"] {
            assert_eq!(of(&[none]), None, "{none}");
        }
    }

    #[test]
    fn a_cookie_is_for_no_script_and_inside_tls_for_nothing_else() {
        let token = LoginToken::random();
        let cookie = token.cookie(Duration::from_secs(60), false);
        assert_eq!(of(&[cookie.split(';').next().expect("a pair")]), Some(token.token.to_string()));
        assert!(cookie.ends_with("; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(token.cookie(Duration::ZERO, true).ends_with("; SameSite=Lax; Secure"));
        assert_eq!(format!("{token:?}"), "LoginToken(..)");
    }

    /// `printf %064d 0 | sha256sum`
    #[test]
    fn the_digest_is_that_of_the_text() {
        let token = LoginToken::new(SessionToken::from_random([0; 32]));
        assert_eq!(token.digest(), "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55");
    }
}
