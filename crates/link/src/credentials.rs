//! How somebody proves who they are, on the way from the Portal to the Server, and a text that never shows in logs.

use std::fmt;

use crate::SessionId;

/// A text that never shows in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What somebody shows to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// The account's password.
    Password(Secret),
    /// A public key whose private half the client has proved to hold.
    PublicKey {
        /// Name of its algorithm, as SSH has it: `ssh-ed25519` ...
        algorithm: Box<str>,
        /// The key's own encoding (RFC 4253, section 6.6), in base 64.
        key: Box<str>,
    },
    /// A session that its client comes back to, from another address than it had.
    Session(SessionId),
}
