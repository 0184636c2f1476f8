//! The frames of a websocket client: cut anywhere, they are the same messages and the same end, and no message is longer
//! than it may be, compressed or not. What is written of a message that was read is read back as it was.
//!
//! The first byte chooses whether compression was agreed on, the second how the rest is cut.

use bytes::BytesMut;
use meadow_protocol::{
    MessageKind,
    websocket::{Deflate, FrameReader, Received, WebsocketError, message},
};

use crate::pieces::pieces;

/// A low limit is met sooner.
const LIMIT: usize = 2000;

/// The target.
pub fn run(data: &[u8]) {
    let [choice, seed, stream @ ..] = data else { return };
    let offer =
        if choice & 2 == 0 { "permessage-deflate" } else { "permessage-deflate; server_max_window_bits=9" };
    let deflate = Deflate::negotiate(offer).map(|(deflate, _)| deflate).filter(|_| choice & 1 != 0);
    let whole = read(deflate, [stream].into_iter());
    assert_eq!(read(deflate, pieces(*seed, stream)), whole);
    for received in whole.0 {
        let (kind, payload) = match &received {
            Received::Text(text) => (MessageKind::Text, text.as_bytes()),
            Received::Binary(bytes) => (MessageKind::Binary, &bytes[..]),
            Received::Ping(payload) | Received::Pong(payload) => {
                assert!(payload.len() <= 125);
                continue;
            }
            Received::Close(_) => continue,
        };
        assert!(payload.len() <= LIMIT);
        let mut wire = BytesMut::new();
        message(kind, payload, deflate, &mut wire);
        assert!(wire.len() <= payload.len() + 4, "it grows by its header at most");
        assert_eq!(read(deflate, [&as_a_client_sends_it(&wire)[..]].into_iter()), (vec![received], None));
    }
}

fn read<'a>(
    deflate: Option<Deflate>,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> (Vec<Received>, Option<WebsocketError>) {
    let (mut reader, mut wire, mut all) = (FrameReader::new(LIMIT, deflate), BytesMut::new(), Vec::new());
    for piece in pieces {
        wire.extend_from_slice(piece);
        loop {
            match reader.next(&mut wire) {
                Ok(Some(received)) => all.push(received),
                Ok(None) => break,
                Err(error) => return (all, Some(error)),
            }
        }
    }
    (all, None)
}

/// The same frame with a mask, which is zero.
fn as_a_client_sends_it(frame: &[u8]) -> Vec<u8> {
    let header = if frame[1] == 126 { 4 } else { 2 };
    let mut masked = frame[..header].to_vec();
    masked[1] |= 0x80;
    masked.extend([0; 4]);
    masked.extend_from_slice(&frame[header..]);
    masked
}
