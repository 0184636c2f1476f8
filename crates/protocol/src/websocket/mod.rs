//! The websocket protocol (RFC 6455) as a server speaks it, with compressed messages (RFC 7692): bytes to messages and
//! back. The Portal's web listener has the socket and the handshake; what the messages mean is [`web`](crate::web)'s.
//!
//! | file | what it is |
//! |---|---|
//! | `read` | bytes to messages and control frames |
//! | `write` | messages to frames |
//! | `deflate` | what is agreed of compression, and the compression of one message |
//!
//! A connection that is idle holds no memory: each message is compressed for itself (both ends agree to take nothing
//! over from one to the next), with an encoder and a decoder that a thread's connections share.

mod deflate;
mod read;
mod write;

pub use deflate::{COMPRESSED_FROM, Deflate};
pub use read::{FrameReader, Received};
pub use write::{close, message, ping, pong};

use thiserror::Error;

/// Longest payload of a control frame, in bytes (RFC 6455, section 5.5).
pub const CONTROL_LIMIT: usize = 125;

/// What a frame is; RFC 6455, section 11.8.
mod opcode {
    pub(super) const CONTINUATION: u8 = 0;
    pub(super) const TEXT: u8 = 1;
    pub(super) const BINARY: u8 = 2;
    pub(super) const CLOSE: u8 = 8;
    pub(super) const PING: u8 = 9;
    pub(super) const PONG: u8 = 10;
}

/// The first byte of a frame: the last of a message, a message that is compressed, what means nothing here, the opcode.
const FIN: u8 = 0x80;
const RSV1: u8 = 0x40;
const RSV: u8 = 0x30;
const OPCODE: u8 = 0x0f;

/// Why a connection ends (RFC 6455, section 7.4.1).
pub mod close_code {
    /// All is said.
    pub const NORMAL: u16 = 1000;
    /// Something is not as the protocol wants it.
    pub const PROTOCOL: u16 = 1002;
    /// A message is not what it says that it is.
    pub const INVALID: u16 = 1007;
    /// A message is too long.
    pub const TOO_BIG: u16 = 1009;
    /// The service is being restarted, and the client is to come back (IANA's registry of close codes).
    pub const RESTART: u16 = 1012;
}

/// Why a client can't be read any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WebsocketError {
    /// A frame breaks a rule.
    #[error("a frame is against the websocket protocol: {0}")]
    Protocol(&'static str),
    /// A text is not UTF-8.
    #[error("a text message is not UTF-8")]
    NotUtf8,
    /// What was to be compressed is not.
    #[error("a compressed message is damaged")]
    Damaged,
    /// A message is longer than it may be, or becomes so.
    #[error("a message is too long")]
    TooLong,
}

impl WebsocketError {
    /// With which code the connection is closed.
    pub fn close_code(self) -> u16 {
        match self {
            WebsocketError::Protocol(_) => close_code::PROTOCOL,
            WebsocketError::NotUtf8 | WebsocketError::Damaged => close_code::INVALID,
            WebsocketError::TooLong => close_code::TOO_BIG,
        }
    }
}
