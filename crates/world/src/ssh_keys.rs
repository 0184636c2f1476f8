//! The public keys by which an account logs in over SSH, as the command `sshkey` keeps them and `authenticate`
//! asks for them.

use std::fmt;

use crate::{Account, AccountId, Attributes, Result, World, bug, say};

/// The attribute of an account that holds its keys: a list of texts, each as OpenSSH's `.pub` files have it.
pub(crate) const SSH_KEYS: &str = "ssh_keys";
/// Most keys that one account may have.
pub(crate) const KEYS_LIMIT: usize = 20;
/// Longest comment of a key that is kept, in characters.
const COMMENT_LIMIT: usize = 60;
/// Longest key that is taken, in bytes; an RSA key of 16384 bits has less.
const KEY_LIMIT: usize = 2100;
/// Shortest RSA key that is taken, in bytes of all its numbers: 2048 bits.
const RSA_LEAST: usize = 270;

/// Algorithms of keys that are taken (RFC 4253, 5656, 8709; OpenSSH's PROTOCOL.u2f). DSA is broken.
const ALGORITHMS: [&str; 7] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// One public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SshKey {
    pub(crate) algorithm: Box<str>,
    /// Its encoding, in base 64.
    pub(crate) key: Box<str>,
    /// What its owner calls it.
    pub(crate) comment: Box<str>,
}

/// Displays as in a `.pub` file.
impl fmt::Display for SshKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.algorithm, self.key, self.comment)
    }
}

impl SshKey {
    /// Reads a line of a `.pub` file.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub(crate) fn parse(line: &str) -> Result<SshKey> {
        let mut words = line.split_whitespace();
        let (Some(algorithm), Some(key)) = (words.next(), words.next()) else {
            return Err(say(
                "That is no public key: it looks like |wssh-ed25519 AAAA... name|n, and stands in a file whose \
                 name ends in |w.pub|n.",
            ));
        };
        if !ALGORITHMS.contains(&algorithm) {
            return Err(say(format!("The key must be of one of these kinds: {}.", ALGORITHMS.join(", "))));
        }
        let damaged = || say("That key is not whole. Please copy all of its line.");
        let encoded = decode_base64(key).filter(|bytes| bytes.len() <= KEY_LIMIT).ok_or_else(damaged)?;
        // The name of the algorithm comes first in the key, too (RFC 4253, section 6.6).
        let length = u32::try_from(algorithm.len()).unwrap_or_default().to_be_bytes();
        let head = [&length, algorithm.as_bytes()].concat();
        let rest = encoded.strip_prefix(head.as_slice()).ok_or_else(damaged)?;
        if rest.len() < 32 {
            return Err(damaged());
        }
        if algorithm == "ssh-rsa" && encoded.len() < RSA_LEAST {
            return Err(say("That RSA key is too short: it needs at least 2048 bits."));
        }
        let comment = words.collect::<Vec<_>>().join(" ").chars().take(COMMENT_LIMIT).collect::<String>();
        Ok(SshKey { algorithm: algorithm.into(), key: key.into(), comment: comment.into() })
    }

    /// Enough of it to tell it from others.
    pub(crate) fn short(&self) -> String {
        let tail: String = self.key.trim_end_matches('=').chars().rev().take(12).collect();
        format!("{} ...{}", self.algorithm, tail.chars().rev().collect::<String>())
    }

    fn is(&self, algorithm: &str, key: &str) -> bool {
        *self.algorithm == *algorithm && *self.key == *key
    }
}

impl Account {
    /// Its keys, oldest first. What cannot be read is not among them.
    pub(crate) fn ssh_keys(&self) -> Vec<SshKey> {
        keys_of(&self.db)
    }

    /// Whether it may be logged in to with this key.
    pub(crate) fn has_ssh_key(&self, algorithm: &str, key: &str) -> bool {
        self.ssh_keys().iter().any(|known| known.is(algorithm, key))
    }
}

impl World {
    /// Lets an account be logged in to with a key.
    ///
    /// # Errors
    /// It has the key already, or too many.
    pub(crate) fn add_ssh_key(&mut self, account: AccountId, key: SshKey) -> Result {
        let mut keys = self[account].ssh_keys();
        if keys.iter().any(|known| known.is(&key.algorithm, &key.key)) {
            return Err(say("You have that key already."));
        }
        if keys.len() >= KEYS_LIMIT {
            return Err(say(format!("You have {KEYS_LIMIT} keys, and more are not kept.")));
        }
        keys.push(key);
        self.set_ssh_keys(account, &keys)
    }

    /// Takes the key of this number, from 1, off an account, and gives it back.
    ///
    /// # Errors
    /// There is no such key.
    pub(crate) fn remove_ssh_key(&mut self, account: AccountId, number: usize) -> Result<SshKey> {
        let mut keys = self[account].ssh_keys();
        if number == 0 || number > keys.len() {
            return Err(say("You have no key of that number."));
        }
        let removed = keys.remove(number - 1);
        self.set_ssh_keys(account, &keys)?;
        Ok(removed)
    }

    fn set_ssh_keys(&mut self, account: AccountId, keys: &[SshKey]) -> Result {
        let lines: Vec<String> = keys.iter().map(|key| key.to_string().trim_end().to_owned()).collect();
        self[account].db.set(SSH_KEYS, lines).map_err(|error| bug(format!("keys are no JSON: {error}")))
    }
}

fn keys_of(db: &Attributes) -> Vec<SshKey> {
    let lines: Vec<String> = db.get(SSH_KEYS).unwrap_or_default();
    lines.iter().filter_map(|line| SshKey::parse(line).ok()).collect()
}

/// The bytes of a text in base 64 (RFC 4648, section 4), which must be the one form that these bytes have.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let symbols = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - symbols.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut have) = (0u32, 0u32);
    for symbol in symbols.bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        have += 6;
        if have >= 8 {
            have -= 8;
            bytes.extend_from_slice(&(bits >> have & 0xff).to_be_bytes()[3..]);
        }
    }
    // Bits that belong to no byte are zero, and the padding is as long as it must be.
    let whole = have < 6 && bits & ((1 << have) - 1) == 0 && bytes.len().div_ceil(3) * 4 == text.len();
    whole.then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKskK+jMa7Tz44Aq87A0QRq0BxCVbmlMNtvlKd1o4m/a anna@laptop";

    #[test]
    fn base_64_is_read_in_its_one_form() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob")]
        {
            assert_eq!(decode_base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        for wrong in ["Zg", "Zg=", "Zh==", "Zm9=", "Zm9v====", "====", "Z===", "Zm9v\n", "Zm_v", "Zg==Zg=="] {
            assert_eq!(decode_base64(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_key_is_read_and_written() {
        let key = SshKey::parse(&format!("  {KEY}  ")).unwrap();
        assert_eq!(key.to_string(), KEY);
        assert_eq!(key.short(), "ssh-ed25519 ...NtvlKd1o4m/a");
        let long = SshKey::parse(&format!("{KEY}{}", "x".repeat(100))).unwrap();
        assert_eq!(long.comment.chars().count(), COMMENT_LIMIT);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (algorithm, rest) = KEY.split_once(' ').unwrap();
        let cut = &rest[..rest.find(' ').unwrap()];
        for wrong in [
            String::new(),
            algorithm.to_owned(),
            format!("ssh-dss {rest}"),
            format!("ssh-rsa {rest}"),
            format!("{algorithm} {}", &cut[..cut.len() - 1]),
            format!("{algorithm} {}", &cut[..40]),
            format!("{algorithm} {cut}AAAA{}", "AAAA".repeat(KEY_LIMIT / 3)),
            "-----BEGIN OPENSSH PRIVATE KEY-----".to_owned(),
        ] {
            assert!(SshKey::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
