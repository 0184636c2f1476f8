//! By what a browser is signed in: a random token in its cookie. It is known here and there; the world knows its digest.

use std::{fmt, time::Duration};

use axum::http::{HeaderMap, header};
use meadow_protocol::web::SessionToken;
use ring::digest::{SHA256, digest};

/// Name of the cookie in the clear.
const COOKIE: &str = "meadow";
/// ... and inside TLS: browsers take one of such a name only from a secure page of this very host, for all of its paths
/// (RFC 6265bis, section 4.1.3.2). So neither a host next door nor anybody on the way can put a login of theirs there.
const SECURE_COOKIE: &str = "__Host-meadow";

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
    pub(crate) fn of(headers: &HeaderMap, is_secure: bool) -> Option<LoginToken> {
        let cookie = name(is_secure);
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
        let ours = pairs.filter(|(name, _)| name.trim() == cookie);
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
        cookie(&self.token.to_string(), time, is_secure)
    }
}

/// Takes the cookie away.
pub(super) fn no_cookie(is_secure: bool) -> String {
    cookie("", Duration::ZERO, is_secure)
}

fn cookie(value: &str, time: Duration, is_secure: bool) -> String {
    let (name, age, secure) = (name(is_secure), time.as_secs(), if is_secure { "; Secure" } else { "" });
    format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}")
}

fn name(is_secure: bool) -> &'static str {
    if is_secure { SECURE_COOKIE } else { COOKIE }
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
        found(cookies, false)
    }

    fn found(cookies: &[&str], is_secure: bool) -> Option<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(header::COOKIE, cookie.parse().expect("a value"));
        }
        LoginToken::of(&headers, is_secure).map(|token| token.token.to_string())
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
        assert_eq!(format!("{token:?}"), "LoginToken(..)");
        assert_eq!(no_cookie(false), "meadow=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        let secure = token.cookie(Duration::from_secs(60), true);
        assert!(
            secure.starts_with("__Host-meadow=") && secure.ends_with("; SameSite=Lax; Secure"),
            "{secure}"
        );
        assert!(!secure.contains("Domain") && secure.contains("; Path=/;"), "or browsers do not take it");
        assert_eq!(no_cookie(true), "__Host-meadow=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
    }

    #[test]
    fn inside_tls_one_that_came_in_the_clear_is_none() {
        let (one, two) = ("a".repeat(64), "b".repeat(64));
        let (clear, secure) = (format!("meadow={one}"), format!("__Host-meadow={two}"));
        assert_eq!(found(&[&clear], true), None, "anybody on the way may have put it there");
        assert_eq!(found(&[&format!("{clear}; {secure}")], true), Some(two));
        assert_eq!(found(&[&format!("{secure}; {clear}")], false), Some(one));
    }

    /// `printf %064d 0 | sha256sum`
    #[test]
    fn the_digest_is_that_of_the_text() {
        let token = LoginToken::new(SessionToken::from_random([0; 32]));
        assert_eq!(token.digest(), "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55");
    }
}
