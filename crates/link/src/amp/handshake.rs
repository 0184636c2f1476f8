//! The first box that each side of a link sends: `Hello`. It settles the codec, and turns away a peer of
//! another version or without the secret, in words that tell an operator what to do.
//!
//! Evennia's processes know no `Hello`: a first box of theirs is recognised by the link's reader.

use std::fmt;

use super::{AmpBox, Codec};

/// Version of the native codec and of the link's messages. Raised whenever either changes.
pub const LINK_VERSION: u32 = 1;

/// Longest text of a `Hello` that is shown or kept, in bytes.
const MAX_TEXT: usize = 1024;

/// What one process is to the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The Portal, which listens.
    Portal,
    /// The Server, which dials.
    Server,
    /// The launcher, which dials too.
    Launcher,
}

impl Role {
    const NAMES: [(Role, &'static str); 3] =
        [(Role::Portal, "portal"), (Role::Server, "server"), (Role::Launcher, "launcher")];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Portal => "Portal",
            Role::Server => "Server",
            Role::Launcher => "launcher",
        })
    }
}

/// What a process says of itself before anything else.
#[derive(Clone, PartialEq, Eq)]
pub struct Hello {
    /// Its [`LINK_VERSION`].
    pub version: u32,
    /// How it wants to write messages.
    pub codec: Codec,
    /// What it is.
    pub role: Role,
    /// The shared secret, where one is configured.
    pub token: Option<String>,
    /// Its program and version, for logs.
    pub name: String,
}

impl fmt::Debug for Hello {
    /// Everything but the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = self.token.as_ref().map(|_| "(secret)");
        f.debug_struct("Hello")
            .field("version", &self.version)
            .field("codec", &self.codec)
            .field("role", &self.role)
            .field("token", &token)
            .field("name", &self.name)
            .finish()
    }
}

/// What a handshake has settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// How messages are written, both ways.
    pub codec: Codec,
    /// What the peer is.
    pub role: Role,
}

/// Why there is no link with this peer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// The two were built from different sources.
    #[error(
        "the {peer} speaks link version {theirs}, this {own} speaks {ours}: restart both with the same binary"
    )]
    Version {
        /// What the peer is.
        peer: Role,
        /// The version of the peer.
        theirs: u32,
        /// What this process is.
        own: Role,
        /// The version of this process.
        ours: u32,
    },
    /// The two are configured for different codecs.
    #[error("the {peer} wants the {theirs} codec, this {own} the {ours} one: set the same in both")]
    Codec {
        /// What the peer is.
        peer: Role,
        /// The codec that the peer wants.
        theirs: &'static str,
        /// What this process is.
        own: Role,
        /// The codec that this process wants.
        ours: &'static str,
    },
    /// Two Portals, or two that both dial.
    #[error("a {peer} has nothing to tell a {own}")]
    Role {
        /// What the peer is.
        peer: Role,
        /// What this process is.
        own: Role,
    },
    /// The secret is missing or wrong.
    #[error("the {0} does not have the shared secret of the link")]
    Token(Role),
    /// A `Hello` that lacks something, or says something unknown.
    #[error("the peer's Hello has no valid {0}")]
    Malformed(&'static str),
    /// The peer has turned this process away.
    #[error("{0}")]
    Refused(String),
}

impl Hello {
    /// The command of the box.
    pub const COMMAND: &'static str = "Hello";

    /// What this build says of itself, in the native codec.
    pub fn new(role: Role, token: Option<String>, name: impl Into<String>) -> Hello {
        Hello { version: LINK_VERSION, codec: Codec::Native, role, token, name: name.into() }
    }

    /// The box to send.
    pub fn to_box(&self) -> AmpBox {
        let role = Role::NAMES.iter().find(|(role, _)| *role == self.role).map_or("", |(_, name)| name);
        let mut hello = AmpBox::new()
            .with("_command", Hello::COMMAND)
            .with("version", self.version.to_string())
            .with("codec", self.codec.name())
            .with("role", role)
            .with("name", self.name.clone());
        if let Some(token) = &self.token {
            hello.insert("token", token.clone());
        }
        hello
    }

    /// The box that turns a peer away, to be sent in place of [`Hello::to_box`] before closing.
    pub fn refusal(error: &HandshakeError) -> AmpBox {
        AmpBox::new().with("_command", Hello::COMMAND).with("error", error.to_string())
    }

    /// Whether a box is a `Hello`.
    pub(super) fn is(amp_box: &AmpBox) -> bool {
        amp_box.value("_command").is_some_and(|name| name == Hello::COMMAND)
    }

    /// Reads the peer's box.
    ///
    /// # Errors
    /// It is a refusal, or something is missing or unknown.
    pub fn from_box(amp_box: &AmpBox) -> Result<Hello, HandshakeError> {
        if let Some(error) = text(amp_box, "error") {
            return Err(HandshakeError::Refused(error.to_owned()));
        }
        let version = text(amp_box, "version").and_then(|version| version.parse().ok());
        let role = text(amp_box, "role");
        let role = role.and_then(|role| Role::NAMES.iter().find(|(_, name)| *name == role));
        let codec = text(amp_box, "codec").and_then(Codec::from_name);
        Ok(Hello {
            version: version.ok_or(HandshakeError::Malformed("version"))?,
            role: role.ok_or(HandshakeError::Malformed("role"))?.0,
            codec: codec.ok_or(HandshakeError::Malformed("codec"))?,
            token: text(amp_box, "token").map(str::to_owned),
            name: text(amp_box, "name").unwrap_or_default().to_owned(),
        })
    }
}

fn text<'a>(amp_box: &'a AmpBox, key: &str) -> Option<&'a str> {
    amp_box.text(key).filter(|text| text.len() <= MAX_TEXT)
}

/// Compares what the peer says with what this process says.
///
/// # Errors
/// The two cannot talk. The Portal tells the peer why with [`Hello::refusal`].
pub fn check(theirs: &Hello, ours: &Hello) -> Result<Settled, HandshakeError> {
    let (peer, own) = (theirs.role, ours.role);
    if (peer == Role::Portal) == (own == Role::Portal) {
        return Err(HandshakeError::Role { peer, own });
    }
    if !same_secret(theirs.token.as_deref(), ours.token.as_deref()) {
        return Err(HandshakeError::Token(peer));
    }
    if theirs.version != ours.version {
        return Err(HandshakeError::Version { peer, theirs: theirs.version, own, ours: ours.version });
    }
    if theirs.codec != ours.codec {
        let (theirs, ours) = (theirs.codec.name(), ours.codec.name());
        return Err(HandshakeError::Codec { peer, theirs, own, ours });
    }
    Ok(Settled { codec: ours.codec, role: peer })
}

/// Whether the peer has the secret, if there is one; in a time that does not tell how much of it was right.
fn same_secret(theirs: Option<&str>, ours: Option<&str>) -> bool {
    let Some(ours) = ours else { return true };
    let theirs = theirs.unwrap_or_default();
    let differences = ours.bytes().zip(theirs.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
    ours.len() == theirs.len() && std::hint::black_box(differences) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(role: Role) -> Hello {
        Hello::new(role, Some("rose".into()), "meadow 0.1.0")
    }

    #[test]
    fn a_hello_survives_its_box() {
        for role in [Role::Portal, Role::Server, Role::Launcher] {
            let ours = hello(role);
            assert_eq!(Hello::from_box(&ours.to_box()), Ok(ours));
        }
    }

    #[test]
    fn two_that_fit_settle_the_codec() {
        let settled = check(&hello(Role::Server), &hello(Role::Portal)).unwrap();
        assert_eq!(settled, Settled { codec: Codec::Native, role: Role::Server });
    }

    #[test]
    fn a_mismatch_says_what_to_do() {
        let portal = hello(Role::Portal);
        let newer = Hello { version: LINK_VERSION + 2, ..hello(Role::Server) };
        let told = check(&newer, &portal).unwrap_err().to_string();
        let expected =
            "the Server speaks link version 3, this Portal speaks 1: restart both with the same binary";
        assert_eq!(told, expected);
        let pickle = Hello { codec: Codec::Pickle, ..hello(Role::Server) };
        assert!(matches!(check(&pickle, &portal), Err(HandshakeError::Codec { .. })));
        assert!(matches!(check(&portal, &portal), Err(HandshakeError::Role { .. })));
        assert!(matches!(
            check(&hello(Role::Launcher), &hello(Role::Server)),
            Err(HandshakeError::Role { .. })
        ));
    }

    #[test]
    fn the_secret_must_be_the_same_where_there_is_one() {
        let portal = hello(Role::Portal);
        for token in [None, Some("ros"), Some("rosy"), Some("roses"), Some("")] {
            let server = Hello { token: token.map(Into::into), ..hello(Role::Server) };
            assert_eq!(check(&server, &portal), Err(HandshakeError::Token(Role::Server)), "{token:?}");
        }
        let open = Hello { token: None, ..portal };
        assert!(check(&hello(Role::Server), &open).is_ok());
        assert!(!format!("{:?}", hello(Role::Server)).contains("rose"));
    }

    #[test]
    fn a_refusal_and_a_broken_hello_are_errors() {
        let refusal = Hello::refusal(&HandshakeError::Token(Role::Server));
        let told = Hello::from_box(&refusal).unwrap_err();
        assert_eq!(told.to_string(), HandshakeError::Token(Role::Server).to_string());
        let broken = AmpBox::new().with("_command", "Hello").with("version", "one");
        assert_eq!(Hello::from_box(&broken), Err(HandshakeError::Malformed("version")));
    }

    #[test]
    fn text_at_the_limit_and_one_past_it() {
        let named = |length| Hello { name: "n".repeat(length), ..hello(Role::Server) };
        let read = |length| Hello::from_box(&named(length).to_box()).unwrap().name.len();
        assert_eq!((read(MAX_TEXT), read(MAX_TEXT + 1)), (MAX_TEXT, 0));
    }
}
