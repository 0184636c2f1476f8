//! What browsers and other websocket clients speak. The Portal's web server hands whole messages to the
//! format that the client's subprotocol names, and has [`Ajax`] for browsers without websockets.
//!
//! | file | what it is |
//! |---|---|
//! | `subprotocol` | which format a client gets |
//! | `v1` | `v1.evennia.com`: JSON arrays with HTML |
//! | `ansi` | the terminal formats of mudstandards.org; `json`, `gmcp`, `terminal` are what they differ in |
//! | `telnet` | `telnet.mudstandards.org`: telnet in messages |
//! | `ajax`, `mailbox`, `form` | long polls and streams of events |
//! | `resume` | sessions that outlive their websocket |
//! | `message` | limits, and what becomes of typed text |
//!
//! # Adding a format
//!
//! One file with a type that implements [`Protocol`](crate::Protocol), one row in `subprotocol`, and one line
//! here and in the Portal's web listener. Text from a player goes through `message`, whatever the format.

mod subprotocol;
pub use subprotocol::{Choice, Negotiation, Subprotocol, choose};

mod message;
pub use message::{MAX_DEPTH, MAX_LINES, MAX_MESSAGE, MAX_NAME, Malformed, WebsocketSettings};

mod v1;
pub use v1::{WebsocketV1, decode};

mod ansi;
pub use ansi::{AnsiFormat, AnsiMessage, WebsocketAnsi};
mod gmcp;
mod json;
mod terminal;

mod telnet;
pub use telnet::{WebsocketTelnet, WebsocketTelnetSettings};

mod ajax;
pub use ajax::{AJAX_KEEPALIVE, Ajax, BadRequest, Request, SessionToken};

mod mailbox;
pub use mailbox::{Batch, Mailbox, Post, REPLAY_LIMIT, Reader, Taken};

mod resume;
pub use resume::{
    Outgoing, RESUME_BYTES, RESUME_MESSAGES, Receipt, Replay, ResumeForm, Resumption, TELL_EVERY, Ticket,
    Tickets, Wish,
};

pub mod form;

use std::borrow::Cow;

use crate::markup;

/// What a player typed, made harmless line by line, with LF between the lines.
///
/// A browser may send several lines as one command (Evennia passes them on whole); everything else that
/// is a control character goes.
pub fn clean_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\r']) {
        return markup::clean_input(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<_> = text.split('\n').map(markup::clean_input).collect();
    Cow::Owned(lines.join("\n"))
}
