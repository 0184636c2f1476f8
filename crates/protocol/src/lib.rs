//! Client languages: bytes to commandtuples and back, without input or output.
//!
//! A [`Protocol`] is given bytes and times by the Portal and leaves what it has to say in an
//! [`Outbox`]. It opens no socket and reads no clock, so a test tells it a story and reads the bytes.

mod protocol;
pub use protocol::{Close, Flow, MessageKind, Outbox, Protocol, Transport};

mod render;
pub use render::{Depth, Render, Rendering};

mod json;

pub mod compress;
pub mod limits;
pub mod markup;
pub mod oob;
pub mod ssh;
pub mod telnet;
pub mod web;
pub mod websocket;
