//! `gmcp.mudstandards.org`: terminal text in binary messages, GMCP in text messages. `WebsocketAnsi` hands it
//! messages.

use super::{
    ansi::AnsiMessage,
    message::{Malformed, parse_text},
};
use crate::MessageKind;

/// What a client sends.
pub(super) fn decode(kind: MessageKind, message: &[u8], limit: usize) -> Result<AnsiMessage, Malformed> {
    let text = parse_text(message, limit)?.to_owned();
    Ok(match kind {
        MessageKind::Text => AnsiMessage::Gmcp(text),
        MessageKind::Binary => AnsiMessage::Lines(text),
    })
}
