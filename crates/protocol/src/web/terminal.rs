//! `terminal.mudstandards.org`: terminal text and nothing else. `WebsocketAnsi` hands it messages.

use super::{
    ansi::AnsiMessage,
    message::{Malformed, parse_text},
};

/// What a client sends: typed text, in either kind of message.
pub(super) fn decode(message: &[u8], limit: usize) -> Result<AnsiMessage, Malformed> {
    Ok(AnsiMessage::Lines(parse_text(message, limit)?.to_owned()))
}
