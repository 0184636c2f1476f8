//! [`Telnet`] against bytes that no client sends, and at its limits.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

use std::time::Duration;

use meadow_link::{CommandTuple, Flags, Time};
use meadow_protocol::{
    Outbox, Protocol,
    limits::{MAX_CHAR_LIMIT, MAX_CHAR_LIMIT_WARNING},
    telnet::{Telnet, TelnetSettings},
};
use proptest::prelude::*;

const START: Time = Time::from_micros(1_000_000_000);

/// What came of a stream: bytes, inputs, flags, whether it was closed, whether the game was told.
type Outcome = (Vec<u8>, Vec<CommandTuple>, Flags, bool, bool);

fn told<'a>(settings: TelnetSettings, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
    let (mut telnet, mut out) = (Telnet::new(settings), Outbox::new());
    telnet.connect(START, &mut out);
    for piece in pieces {
        telnet.receive(START, piece, &mut out);
    }
    telnet.timeout(START + Duration::from_secs(60), &mut out);
    let inputs = out.take_inputs();
    let (closed, ready) = (out.take_close().is_some(), out.take_ready());
    (out.bytes().to_vec(), inputs, telnet.flags().clone(), closed, ready)
}

/// Bytes that are mostly telnet.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let bytes: &[&[u8]] = &[
        b"\xff",
        b"\xff\xfa",
        b"\xff\xf0",
        b"\xff\xfa\x18\x00",
        b"\xff\xfa\x1f",
        b"\xff\xfb\x18",
        b"\xff\xfb\x1f",
        b"\xff\xfd\x03",
        b"\xff\xfb\x22",
        b"\xff\xfc\x22",
        b"\xff\xfa\x22\x01",
        b"\xff\xfa\x22\x03\x0a\x02\x7f",
        b"\x01\x83\xff\xff",
        b"\xff\xfa\x22\xfd\x02",
        b"\xff\xfe\x19",
        b"\xff\xfb\x27",
        b"\xff\xfa\x27\x00\x00",
        b"CLIENT_NAME\x01",
        b"\xff\xfd\x2a",
        b"\xff\xfb\x2a",
        b"\xff\xfa\x2a\x01;",
        b"\xff\xfa\x2a\x02",
        b"ISO-8859-1",
        b"Big5",
        b"\xa4\xe9",
        b"\xff\xfd\x46",
        b"MSSP-REQUEST",
        b"\xff\xfd\x5b",
        b"\x1b[1z<VERSION CLIENT=x>",
        b"\xff\xfd\x06",
        b"\xff\xf6",
        b"\xff\xf7",
        b"\r",
        b"\n",
        b"\r\n",
        b"\0",
        b"\x08",
        b"\x7f",
        b"\xc3",
        b"\xa9",
        b"look",
        b"GET / HTTP/1.1\r\n",
        b"MTTS 137",
        b"\x1b[31m",
        b"\x00\x50\x00\x18",
    ];
    let word = prop_oneof![
        4 => proptest::sample::select(bytes).prop_map(<[u8]>::to_vec),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    proptest::collection::vec(word, 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_cutting_gives_the_same(stream in soup(), sizes in proptest::collection::vec(1usize..9, 1..40)) {
        // A low limit, so that it is met.
        let settings = TelnetSettings { line_limit: 10, linemode: true, ..TelnetSettings::default() };
        let whole = told(settings.clone(), [&stream[..]]);
        let (mut pieces, mut rest, mut sizes) = (Vec::new(), &stream[..], sizes.iter().cycle());
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at((*sizes.next().unwrap()).min(rest.len()));
            pieces.push(piece);
            rest = tail;
        }
        prop_assert_eq!(told(settings, pieces), whole);
    }

    #[test]
    fn nothing_that_comes_in_is_a_control_character(stream in soup()) {
        for input in told(TelnetSettings::default(), [&stream[..]]).1 {
            let line = input.first_str().unwrap();
            prop_assert!(line.chars().all(|ch| ch == '\t' || !ch.is_control()), "{:?}", line);
        }
    }
}

#[test]
fn a_line_at_the_limit_and_one_past_it() {
    for letter in ["x", "\u{e9}", "\u{1f600}"] {
        let fits = letter.repeat(MAX_CHAR_LIMIT);
        let (bytes, inputs, ..) = told(TelnetSettings::default(), [format!("{fits}\r\n").as_bytes()]);
        assert_eq!(inputs[0].first_str(), Some(&*fits));
        assert_eq!(warnings(&bytes), 0);

        let long = letter.repeat(MAX_CHAR_LIMIT + 1);
        let stream = format!("{long}\r\n{long}{long}{long}{long}{long}\r\nlook\r\n");
        let (bytes, inputs, ..) = told(TelnetSettings::default(), [stream.as_bytes()]);
        assert_eq!(inputs.iter().map(|input| input.first_str().unwrap()).collect::<Vec<_>>(), ["look"]);
        assert_eq!(warnings(&bytes), 2, "one for each line");
    }
}

fn warnings(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).matches(MAX_CHAR_LIMIT_WARNING).count()
}

#[test]
fn an_idle_connection_is_small() {
    let size = size_of::<Telnet>();
    assert!(size < 300, "{size} bytes");
}
