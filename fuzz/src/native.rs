//! The native codec of the link: a message that can be read can be written, and is then read as the same.
//! The first byte chooses the direction.

use std::fmt::Debug;

use bytes::BytesMut;
use meadow_link::{
    ToPortal, ToServer,
    amp::{
        LinkMessage,
        native::{Decoder, Encoder},
    },
};

/// The target.
pub fn run(data: &[u8]) {
    match data {
        [choice, payload @ ..] if choice % 2 == 0 => round_trip::<ToServer>(payload),
        [_, payload @ ..] => round_trip::<ToPortal>(payload),
        [] => {}
    }
}

fn round_trip<M: LinkMessage + Debug + PartialEq>(payload: &[u8]) {
    let mut from = Decoder::new(payload);
    while from.remaining() > 0 {
        let Ok(message) = M::decode(&mut from) else { return };
        let mut written = BytesMut::new();
        message.encode(&mut Encoder::new(&mut written)).expect("it has been read");
        let mut again = Decoder::new(&written);
        assert_eq!(M::decode(&mut again).expect("it is our own"), message);
        assert_eq!(again.remaining(), 0);
    }
}
