//! The websocket protocol: the examples of its RFCs, its rules, its limits, and any cut of what comes.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

use bytes::BytesMut;
use flate2::{Decompress, FlushDecompress};
use meadow_protocol::{
    MessageKind,
    websocket::{
        COMPRESSED_FROM, Deflate, FrameReader, Received, WebsocketError, close, message, ping, pong,
    },
};
use proptest::prelude::*;

const LIMIT: usize = 1000;
const TEXT: u8 = 0x81;
const PACKED: u8 = 0xc1;

fn deflate() -> Option<Deflate> {
    Deflate::negotiate("permessage-deflate").map(|(deflate, _)| deflate)
}

/// A frame of a client.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    let mut frame = vec![first];
    match payload.len() {
        length @ ..=125 => frame.push(0x80 | length as u8),
        length @ 126..=0xffff => {
            frame.push(0x80 | 126);
            frame.extend((length as u16).to_be_bytes());
        }
        length => {
            frame.push(0x80 | 127);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

type Outcome = (Vec<Received>, Option<WebsocketError>);

fn read<'a>(deflate: Option<Deflate>, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
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

fn one(frames: &[Vec<u8>]) -> Result<Received, WebsocketError> {
    match read(deflate(), [&frames.concat()[..]]) {
        (_, Some(error)) => Err(error),
        (mut all, None) => {
            assert_eq!(all.len(), 1, "{all:?}");
            Ok(all.remove(0))
        }
    }
}

fn hello() -> Result<Received, WebsocketError> {
    Ok(Received::Text("Hello".to_owned()))
}

#[test]
fn the_examples_of_rfc_6455() {
    assert_eq!(one(&[b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58".to_vec()]), hello());
    assert_eq!(one(&[frame(0x01, b"Hel"), frame(0x80, b"lo")]), hello());
    let between = read(None, [&[frame(0x01, b"Hel"), frame(0x89, b"?"), frame(0x80, b"lo")].concat()[..]]);
    assert_eq!(between, (vec![Received::Ping(b"?".to_vec()), hello().unwrap()], None));
    assert_eq!(one(&[frame(0x8a, b"Hello")]), Ok(Received::Pong(b"Hello".to_vec())));
    assert_eq!(one(&[frame(0x82, &[7; 256])]), Ok(Received::Binary(vec![7; 256])));

    let mut wire = BytesMut::new();
    message(MessageKind::Text, b"Hello", None, &mut wire);
    assert_eq!(wire.split()[..], *b"\x81\x05Hello");
    pong(b"Hello", &mut wire);
    assert_eq!(wire.split()[..], *b"\x8a\x05Hello");
    ping(&[1; 126], &mut wire);
    assert_eq!(wire.split().len(), 127, "what does not fit is left out");
    close(1000, &mut wire);
    assert_eq!(wire.split()[..], *b"\x88\x02\x03\xe8");
    for (length, header) in [
        (125, &b"\x82\x7d"[..]),
        (126, b"\x82\x7e\x00\x7e"),
        (65_535, b"\x82\x7e\xff\xff"),
        (65_536, b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ] {
        message(MessageKind::Binary, &vec![7; length], None, &mut wire);
        let written = wire.split();
        assert!(written.starts_with(header) && written.len() == header.len() + length, "{length}");
    }
}

#[test]
fn the_examples_of_rfc_7692() {
    for packed in [
        &b"\xf2\x48\xcd\xc9\xc9\x07\x00"[..],
        b"\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00",
        b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00",
        b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00",
    ] {
        assert_eq!(one(&[frame(PACKED, packed)]), hello(), "{packed:02x?}");
        let (begin, end) = packed.split_at(3);
        assert_eq!(one(&[frame(0x41, begin), frame(0x80, end)]), hello(), "in two frames");
        let twice = read(deflate(), [&[frame(PACKED, packed), frame(PACKED, packed)].concat()[..]]);
        assert_eq!(twice, (vec![hello().unwrap(), hello().unwrap()], None));
    }
    assert_eq!(one(&[frame(TEXT, b"Hello")]), hello(), "a message need not be compressed");
}

#[test]
fn what_is_against_the_rules_ends_it_with_a_code() {
    let mut unmasked = frame(TEXT, b"");
    unmasked[1] &= 0x7f;
    let cases: [(&str, Vec<u8>, u16); 18] = [
        ("unmasked", unmasked, 1002),
        ("RSV2", frame(0xa1, b""), 1002),
        ("RSV3", frame(0x91, b""), 1002),
        ("opcode 3", frame(0x83, b""), 1002),
        ("opcode 11", frame(0x8b, b""), 1002),
        ("a ping in parts", frame(0x09, b""), 1002),
        ("a compressed ping", frame(0xc9, b""), 1002),
        ("a long ping", frame(0x89, &[0; 126]), 1002),
        ("goes on with nothing", frame(0x80, b""), 1002),
        ("begins another", [frame(0x01, b"a"), frame(TEXT, b"b")].concat(), 1002),
        ("compressed later", [frame(0x41, b"a"), frame(0xc0, b"b")].concat(), 1002),
        ("half a code", frame(0x88, b"\x03"), 1002),
        ("a code that is not sent", frame(0x88, b"\x03\xed"), 1002),
        ("a code that is none", frame(0x88, b"\x00\x01"), 1002),
        ("a reason in Latin-1", frame(0x88, b"\x03\xe8\xe9"), 1007),
        ("Latin-1", frame(TEXT, b"caf\xe9"), 1007),
        ("damaged", frame(PACKED, b"\xff\xff\xff"), 1007),
        ("compressed Latin-1", frame(PACKED, b"\x00\x01\x00\xfe\xff\xe9\x00"), 1007),
    ];
    for (name, bytes, code) in cases {
        let error = read(deflate(), [&bytes[..]]).1;
        assert_eq!(error.map(WebsocketError::close_code), Some(code), "{name}");
    }
    assert_eq!(
        read(None, [&frame(PACKED, b"\xf2\x48\xcd\xc9\xc9\x07\x00")[..]]).1.unwrap().close_code(),
        1002
    );
    assert_eq!(one(&[frame(0x88, b"")]), Ok(Received::Close(None)));
    assert_eq!(one(&[b"\x88\xfe\x00\x00\0\0\0\0".to_vec()]), Ok(Received::Close(None)), "in the long form");
    assert_eq!(one(&[frame(0x88, b"\x0f\xa0bye")]), Ok(Received::Close(Some(4000))));
}

#[test]
fn a_message_at_the_limit_and_one_past_it() {
    let all = vec![b'x'; LIMIT];
    let fits = Ok(Received::Binary(all.clone()));
    assert_eq!(one(&[frame(0x82, &all)]), fits);
    assert_eq!(one(&[frame(0x02, &all[1..]), frame(0x80, b"x")]), fits);
    assert_eq!(one(&[frame(0x82, &[&all[..], b"x"].concat())]), Err(WebsocketError::TooLong));
    assert_eq!(one(&[frame(0x02, &all), frame(0x80, b"x")]), Err(WebsocketError::TooLong));
    // Before any of it has come; and a length that no machine has.
    assert_eq!(read(None, [&b"\x82\xfe\x03\xe9"[..]]).1, Some(WebsocketError::TooLong));
    assert_eq!(
        read(None, [&b"\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff"[..]]).1,
        Some(WebsocketError::TooLong)
    );
    // A control frame between the parts of a full message is none of it.
    let between = read(None, [&[frame(0x02, &all), frame(0x89, b"ping"), frame(0x80, b"")].concat()[..]]);
    assert_eq!(between.0.len(), 2);

    for (length, fits) in [(LIMIT, true), (LIMIT + 1, false), (1_000_000, false)] {
        let packed = packed(&vec![b'x'; length]);
        assert!(packed.len() < 1200, "{}", packed.len());
        let packed = if packed.len() <= LIMIT { packed } else { packed[..LIMIT].to_vec() };
        assert_eq!(one(&[frame(PACKED, &packed)]).is_ok(), fits, "{length}");
    }
}

/// What the server makes of a text, without its header.
fn packed(plain: &[u8]) -> Vec<u8> {
    let mut wire = BytesMut::new();
    message(MessageKind::Text, plain, deflate(), &mut wire);
    assert_eq!(wire[0], PACKED);
    let header = match wire[1] {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    wire[header..].to_vec()
}

/// What a client makes of that which remembers nothing and whose window has so many bits.
fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(200_000);
    let mut zlib = Decompress::new(false);
    zlib.decompress_vec(&[packed, b"\x00\x00\xff\xff"].concat(), &mut plain, FlushDecompress::Sync).unwrap();
    plain
}

#[test]
fn each_message_is_compressed_for_itself_if_it_is_worth_it() {
    let line = "A rose bites you for 12 points of damage. ";
    for times in [4, 100, 2000] {
        let text = line.repeat(times);
        assert_eq!(unpacked(&packed(text.as_bytes())), text.as_bytes());
        assert_eq!(packed(text.as_bytes()), packed(text.as_bytes()), "nothing is taken over");
    }
    let first = |plain: &[u8], deflate| {
        let mut wire = BytesMut::new();
        message(MessageKind::Text, plain, deflate, &mut wire);
        wire[0]
    };
    assert_eq!(first(&[b'x'; COMPRESSED_FROM], deflate()), PACKED);
    assert_eq!(first(&[b'x'; COMPRESSED_FROM - 1], deflate()), TEXT, "it would hardly shrink");
    let next = |seed: &u64| Some(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    let noise: Vec<u8> =
        std::iter::successors(Some(1), next).take(500).map(|seed| (seed >> 56) as u8).collect();
    assert_eq!(first(&noise, deflate()), TEXT, "it does not shrink");
    let narrow =
        Deflate::negotiate("permessage-deflate; server_max_window_bits=9").map(|(deflate, _)| deflate);
    assert_eq!((first(&[b'x'; 512], narrow), first(&[b'x'; 513], narrow)), (PACKED, TEXT));
}

#[test]
fn offers_of_compression() {
    const PLAIN: &str = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    let nine = format!("{PLAIN}; server_max_window_bits=9");
    for (offers, answer) in [
        ("permessage-deflate", Some(PLAIN)),
        ("permessage-deflate; client_max_window_bits", Some(PLAIN)),
        ("Permessage-Deflate;client_no_context_takeover ; server_no_context_takeover", Some(PLAIN)),
        ("permessage-deflate; server_max_window_bits=15; client_max_window_bits=\"10\"", Some(PLAIN)),
        ("permessage-deflate; server_max_window_bits=9", Some(&*nine)),
        ("permessage-deflate; server_max_window_bits=7, permessage-deflate", Some(PLAIN)),
        ("x-webkit-deflate-frame, permessage-deflate", Some(PLAIN)),
        ("permessage-deflate; server_max_window_bits", None),
        ("permessage-deflate; server_max_window_bits=16", None),
        ("permessage-deflate; client_max_window_bits=0", None),
        ("permessage-deflate; client_max_window_bits; client_max_window_bits", None),
        ("permessage-deflate; server_no_context_takeover=1", None),
        ("permessage-deflate; something", None),
        ("permessage-bzip2", None),
        ("", None),
    ] {
        assert_eq!(Deflate::negotiate(offers).map(|(_, answer)| answer).as_deref(), answer, "{offers}");
    }
}

fn soup() -> impl Strategy<Value = Vec<u8>> {
    let first =
        proptest::sample::select(vec![TEXT, PACKED, 0x01, 0x41, 0x02, 0x82, 0x80, 0x00, 0x88, 0x89, 0x8a]);
    let payload = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        Just(b"\xf2\x48\xcd\xc9\xc9\x07\x00".to_vec()),
        Just(b"Hello".to_vec()),
    ];
    let word = prop_oneof![
        8 => (first, payload).prop_map(|(first, payload)| frame(first, &payload)),
        1 => proptest::collection::vec(any::<u8>(), 0..20),
    ];
    proptest::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_cutting_gives_the_same(stream in soup(), sizes in proptest::collection::vec(1usize..9, 1..40)) {
        let whole = read(deflate(), [&stream[..]]);
        let (mut pieces, mut rest, mut sizes) = (Vec::new(), &stream[..], sizes.iter().cycle());
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
            pieces.push(piece);
            rest = tail;
        }
        prop_assert_eq!(read(deflate(), pieces), whole);
    }

    #[test]
    fn what_is_sent_is_what_was_to_be_sent(text in "[a-e ]{0,600}") {
        let mut wire = BytesMut::new();
        message(MessageKind::Text, text.as_bytes(), deflate(), &mut wire);
        let header = if wire[1] == 126 { 4 } else { 2 };
        let payload = &wire[header..];
        let plain = if wire[0] == PACKED { unpacked(payload) } else { payload.to_vec() };
        prop_assert_eq!(plain, text.as_bytes());
    }
}
