//! What browsers and other websocket clients speak. The Portal's web server hands whole messages to the
//! format that the client's subprotocol names.
//!
//! # Adding a format
//!
//! One file with a type that implements [`Protocol`](crate::Protocol), with its subprotocol as a constant
//! of that type, and one line here. Text from a player goes through [`clean_lines`] and
//! [`MAX_CHAR_LIMIT`](crate::limits::MAX_CHAR_LIMIT), whatever the format.

mod v1;
pub use v1::{MAX_DEPTH, MAX_MESSAGE, MAX_NAME, Malformed, WebsocketSettings, WebsocketV1, decode};

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
