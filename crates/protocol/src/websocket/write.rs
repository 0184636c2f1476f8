//! What a server sends, as frames. They are not masked, and a message is one frame.

use bytes::{BufMut as _, BytesMut};

use super::{
    CONTROL_LIMIT, FIN, RSV1,
    deflate::Deflate,
    opcode::{BINARY, CLOSE, PING, PONG, TEXT},
};
use crate::MessageKind;

/// Writes a message, compressed if that was agreed on and makes it shorter.
pub fn message(kind: MessageKind, payload: &[u8], deflate: Option<Deflate>, wire: &mut BytesMut) {
    let opcode = match kind {
        MessageKind::Text => TEXT,
        MessageKind::Binary => BINARY,
    };
    let packed = deflate.and_then(|deflate| deflate.deflate(payload));
    match packed {
        Some(packed) => frame(opcode | RSV1, &packed, wire),
        None => frame(opcode, payload, wire),
    }
}

/// Asks for a pong. What does not fit into a control frame is left out.
pub fn ping(payload: &[u8], wire: &mut BytesMut) {
    frame(PING, &payload[..payload.len().min(CONTROL_LIMIT)], wire);
}

/// Answers a ping. What does not fit into a control frame is left out.
pub fn pong(payload: &[u8], wire: &mut BytesMut) {
    frame(PONG, &payload[..payload.len().min(CONTROL_LIMIT)], wire);
}

/// Ends the connection.
pub fn close(code: u16, wire: &mut BytesMut) {
    frame(CLOSE, &code.to_be_bytes(), wire);
}

fn frame(first: u8, payload: &[u8], wire: &mut BytesMut) {
    wire.reserve(payload.len() + 10);
    wire.put_u8(first | FIN);
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length @ ..=125), _) => wire.put_u8(length),
        (_, Ok(length)) => {
            wire.put_u8(126);
            wire.put_u16(length);
        }
        _ => {
            wire.put_u8(127);
            wire.put_u64(payload.len() as u64);
        }
    }
    wire.put_slice(payload);
}
