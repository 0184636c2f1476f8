//! The AMP link: what joins Portal and Server, and what the launcher speaks to the Portal.
//!
//! Bytes become boxes ([`BoxReader`]), boxes become [`ToServer`](crate::ToServer) and
//! [`ToPortal`](crate::ToPortal) ([`LinkReader`]), and back ([`LinkWriter`]). Nothing here opens a
//! socket: the Portal, the Server and the launcher hand in what they read and write what they are given.

mod frame;
pub use frame::{AmpBox, BoxReader, FrameError, MAX_BOX, MAX_KEY, MAX_PAIRS, MAX_VALUE};

mod ask;
pub use ask::{Answer, Ask, AskCounter, ErrorCode, RemoteError};

mod packed;
pub use packed::{MAX_INFLATED, PIECE};

mod codec;
pub use codec::{Codec, CodecError, Command, LinkMessage};

mod handshake;
pub use handshake::{HandshakeError, Hello, LINK_VERSION, Role, Settled, check};

mod writer;
pub use writer::{BATCH, LinkWriter, MAX_MESSAGE, MAX_UNANSWERED};

mod reader;
pub use reader::{Incoming, LinkError, LinkReader, Refused, RefusedReason};

mod launcher;
pub use launcher::{
    LauncherClient, LauncherEvent, LauncherMessage, LauncherReply, LauncherRequest, Operation, Status,
};

pub mod native;
pub mod pickle;
