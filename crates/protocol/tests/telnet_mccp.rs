//! MCCP2 and MCCP3, told to [`Telnet`] with zlib itself at the other end.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

use bytes::BytesMut;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use meadow_link::{Flag, Time, text};
use meadow_protocol::{
    Flow, Outbox, Protocol, Render,
    compress::INFLATED_FREE,
    telnet::{MCCP_STARTS, Mccp, Telnet, TelnetSettings},
};
use proptest::prelude::*;

const START: Time = Time::from_micros(1_000_000_000);

const WILL_MCCP2: &[u8] = b"\xff\xfb\x56";
const WONT_MCCP2: &[u8] = b"\xff\xfc\x56";
const DO_MCCP2: &[u8] = b"\xff\xfd\x56";
const DONT_MCCP2: &[u8] = b"\xff\xfe\x56";
const BEGIN_MCCP2: &[u8] = b"\xff\xfa\x56\xff\xf0";
const WILL_MCCP3: &[u8] = b"\xff\xfb\x57";
const WONT_MCCP3: &[u8] = b"\xff\xfc\x57";
const DO_MCCP3: &[u8] = b"\xff\xfd\x57";
const DONT_MCCP3: &[u8] = b"\xff\xfe\x57";
/// What TinTin++ answers to an offer, in one piece, with a zlib stream right behind it.
const DO_AND_BEGIN_MCCP3: &[u8] = b"\xff\xfd\x57\xff\xfa\x57\xff\xf0";
const BEGIN_MCCP3: &[u8] = b"\xff\xfa\x57\xff\xf0";

/// A connection and what the Portal does for it.
struct Story {
    telnet: Telnet,
    out: Outbox,
    waiting: BytesMut,
    fresh: usize,
    /// Everything that was ever transmitted, as it was before it was packed.
    plain: Vec<u8>,
}

impl Story {
    fn new(settings: TelnetSettings) -> Story {
        let (telnet, out) = (Telnet::new(settings), Outbox::new());
        let mut story = Story { telnet, out, waiting: BytesMut::new(), fresh: 0, plain: Vec::new() };
        story.call(|telnet, out| telnet.connect(START, out));
        story
    }

    /// One that is past its greeting.
    fn greeted() -> Story {
        let mut story = Story::new(TelnetSettings::default());
        story.sent();
        story
    }

    fn call(&mut self, call: impl FnOnce(&mut Telnet, &mut Outbox)) {
        self.out.goes_after(self.fresh);
        call(&mut self.telnet, &mut self.out);
        self.waiting.extend_from_slice(self.out.bytes());
        self.plain.extend_from_slice(self.out.bytes());
        self.fresh += self.out.bytes().len();
        self.out.clear_bytes();
    }

    fn says(&mut self, line: &str) {
        let tuple = text(line).with_option("raw", true);
        self.call(|telnet, out| telnet.send(&tuple, &mut Render::new(line), out));
    }

    fn hears(&mut self, bytes: &[u8]) {
        self.call(|telnet, out| telnet.receive(START, bytes, out));
    }

    /// Hears these bytes in pieces of this size, and reads each to its end.
    fn hears_all(&mut self, bytes: &[u8], size: usize) {
        for piece in bytes.chunks(size) {
            self.hears(piece);
            while self.telnet.has_backlog() {
                self.call(|telnet, out| telnet.read_on(START, 100, out));
            }
        }
    }

    fn pack(&mut self, flow: Flow) {
        let fresh = self.waiting.len() - std::mem::take(&mut self.fresh);
        self.telnet.pack(&mut self.waiting, fresh, flow);
    }

    /// The end of a batch: what goes over the wire.
    fn sent(&mut self) -> Vec<u8> {
        self.pack(Flow::More);
        self.waiting.split().to_vec()
    }

    fn inputs(&mut self) -> Vec<String> {
        self.out.take_inputs().iter().map(|input| input.first_str().unwrap().to_owned()).collect()
    }
}

/// A client: what it reads is clear until a begin of MCCP2, then a zlib stream until that ends.
#[derive(Default)]
struct Client {
    zlib: Option<Decompress>,
    read: Vec<u8>,
    /// Where the clear bytes begin that may hold the next begin.
    clear: usize,
}

impl Client {
    fn reads(&mut self, mut wire: &[u8]) {
        while !wire.is_empty() {
            let Some(zlib) = &mut self.zlib else {
                self.read.push(wire[0]);
                wire = &wire[1..];
                if self.read[self.clear..].ends_with(BEGIN_MCCP2) {
                    self.zlib = Some(Decompress::new(true));
                }
                continue;
            };
            let mut plain = Vec::with_capacity(wire.len() * 1100 + 64);
            let before = zlib.total_in();
            let status = zlib.decompress_vec(wire, &mut plain, FlushDecompress::Sync).expect("a zlib stream");
            wire = &wire[(zlib.total_in() - before) as usize..];
            self.read.extend_from_slice(&plain);
            if status == Status::StreamEnd {
                self.zlib = None;
                self.clear = self.read.len();
            }
        }
    }
}

fn read(wire: &[u8]) -> Vec<u8> {
    let mut client = Client::default();
    client.reads(wire);
    client.read
}

fn count(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).filter(|window| *window == what).count()
}

fn greeting(mccp: Mccp, encrypted: bool) -> Vec<u8> {
    Story::new(TelnetSettings { mccp, encrypted, ..TelnetSettings::default() }).sent()
}

#[test]
fn it_is_offered_last_and_not_within_encryption_unless_told_to() {
    let both = [WILL_MCCP2, WILL_MCCP3].concat();
    assert!(greeting(Mccp::Unencrypted, false).ends_with(&both));
    assert!(greeting(Mccp::Always, true).ends_with(&both));
    for (mccp, encrypted) in [(Mccp::Never, false), (Mccp::Unencrypted, true)] {
        let greeting = greeting(mccp, encrypted);
        assert_eq!(count(&greeting, WILL_MCCP2) + count(&greeting, WILL_MCCP3), 0, "{mccp:?}");
        let mut story = Story::new(TelnetSettings { mccp, encrypted, ..TelnetSettings::default() });
        story.sent();
        story.hears(DO_MCCP2);
        story.hears(DO_AND_BEGIN_MCCP3);
        story.hears(b"look\r\n");
        assert_eq!(story.sent(), [WONT_MCCP2, WONT_MCCP3].concat());
        assert_eq!(story.inputs(), ["look"], "{mccp:?}");
    }
}

#[test]
fn the_first_compressed_bytes_come_with_the_begin() {
    let mut story = Story::greeted();
    story.hears(DO_MCCP2);
    assert_eq!(story.sent(), [BEGIN_MCCP2, b"\x78\x9c"].concat());
    assert!(story.telnet.flags().has(Flag::Mccp) && story.out.take_flags_changed());
    story.hears(DO_MCCP2);
    assert!(story.sent().is_empty(), "it is on already");
}

#[test]
fn a_batch_is_clear_before_the_begin_and_one_flush_after_it() {
    let mut story = Story::greeted();
    story.says("Welcome.");
    story.hears(DO_MCCP2);
    for _ in 0..20 {
        story.says("A rose bites you.");
    }
    let wire = story.sent();
    assert!(wire.starts_with(&[b"Welcome.\r\n", BEGIN_MCCP2, b"\x78\x9c"].concat()));
    assert_eq!(count(&wire, b"\0\0\xff\xff"), 1, "one flush");
    assert!(wire.len() < 80, "{} bytes", wire.len());
    let after = story.plain.len() - "A rose bites you.\r\n".len() * 20;
    assert!(read(&wire).ends_with(&story.plain[after..]));
}

#[test]
fn an_ordinary_inflater_reads_the_plain_stream_wherever_it_is_cut() {
    let mut story = Story::new(TelnetSettings::default());
    let mut wire = story.sent();
    for (line, bytes) in [
        ("Welcome.", DO_MCCP2),
        ("You see a rose, and you see a rose.", b"\xff\xf6"),
        ("The rose bites you.", DONT_MCCP2),
        ("This is clear.", DO_MCCP2),
        ("This is not.", b"look\r\n"),
    ] {
        story.says(line);
        story.hears(bytes);
        story.says(line);
        wire.extend(story.sent());
    }
    story.pack(Flow::Last);
    wire.extend_from_slice(&story.waiting.split());
    for cut in 0..=wire.len() {
        let mut client = Client::default();
        client.reads(&wire[..cut]);
        client.reads(&wire[cut..]);
        assert_eq!(client.read, story.plain, "cut at {cut}");
        assert!(client.zlib.is_none(), "both streams have ended");
    }
}

#[test]
fn it_ends_cleanly_before_the_answer_and_can_begin_again() {
    let mut story = Story::greeted();
    story.hears(DO_MCCP2);
    story.says("one");
    let mut client = Client::default();
    client.reads(&story.sent());
    story.hears(DONT_MCCP2);
    story.says("two");
    let wire = story.sent();
    assert!(wire.ends_with(&[WONT_MCCP2, b"two\r\n"].concat()), "{wire:02x?}");
    client.reads(&wire);
    assert!(client.zlib.is_none() && !story.telnet.flags().has(Flag::Mccp));
    story.hears(DO_MCCP2);
    let wire = story.sent();
    assert_eq!(wire, [WILL_MCCP2, BEGIN_MCCP2, b"\x78\x9c"].concat());
    client.reads(&wire);
    story.says("three");
    client.reads(&story.sent());
    assert!(client.zlib.is_some());
    let expected = [BEGIN_MCCP2, b"one\r\n", WONT_MCCP2, b"two\r\n", WILL_MCCP2, BEGIN_MCCP2, b"three\r\n"];
    assert_eq!(client.read, expected.concat());
}

#[test]
fn it_begins_as_often_as_the_limit_says_and_not_once_more() {
    let mut story = Story::greeted();
    for time in 0..MCCP_STARTS {
        story.hears(DO_MCCP2);
        assert!(story.sent().ends_with(b"\x78\x9c"), "time {time}");
        story.hears(DONT_MCCP2);
        assert!(story.sent().ends_with(WONT_MCCP2), "time {time}");
    }
    story.hears(DO_MCCP2);
    assert_eq!(story.sent(), WONT_MCCP2);
    story.says("clear");
    assert_eq!(story.sent(), b"clear\r\n");
}

#[test]
fn the_last_words_end_the_stream_once() {
    let mut story = Story::greeted();
    story.hears(DO_MCCP2);
    let mut client = Client::default();
    client.reads(&story.sent());
    story.call(|telnet, out| telnet.disconnect("Goodbye.", out));
    story.pack(Flow::Last);
    story.pack(Flow::Last);
    client.reads(&story.waiting);
    assert!(client.zlib.is_none());
    assert_eq!(client.read, [BEGIN_MCCP2, b"Goodbye.\x1b[0m\r\n"].concat());
}

#[test]
fn bytes_that_were_forgotten_do_no_harm() {
    let mut story = Story::greeted();
    story.says("forgotten");
    story.hears(DO_MCCP2);
    story.waiting.clear();
    story.fresh = 0;
    story.says("x");
    assert_eq!(story.sent()[..5], *b"x\r\n\x78\x9c");
}

/// Evennia's own encoder flushes at another level, and it does not end the stream; what an inflater makes of it is
/// the same.
#[test]
fn the_recorded_session_reads_the_same() {
    let file: serde_json::Value = serde_json::from_str(include_str!("vectors/telnet_sessions.json")).unwrap();
    let vectors = file["vectors"].as_array().unwrap();
    let case = vectors.iter().find(|case| case["name"] == "MCCP2 on, off").unwrap();
    let answer = |step: usize| {
        let hex = case["out"][step]["s"].as_str().unwrap();
        let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
        (0..hex.len()).step_by(2).map(byte).collect::<Vec<u8>>()
    };
    let said = |line: &str, story: &mut Story| {
        story.call(|telnet, out| telnet.send(&text(line), &mut Render::new(line), out));
        story.sent()
    };
    let mut story = Story::greeted();
    let mut wire = Vec::new();
    story.hears(DO_MCCP2);
    wire.extend(story.sent());
    wire.extend(said("hello", &mut story));
    story.hears(DONT_MCCP2);
    wire.extend(story.sent());
    wire.extend(said("plain", &mut story));

    let mut recorded = Client::default();
    recorded.reads(&[answer(0), answer(1)].concat());
    let expected = [recorded.read, answer(2), answer(3)].concat();
    assert_eq!(read(&wire), expected);
    assert!(wire.ends_with(&[answer(2), answer(3)].concat()), "clear after the end");
}

#[test]
fn a_client_does_not_get_to_compress_by_mccp2() {
    let mut story = Story::greeted();
    story.hears(b"\xff\xfb\x56");
    assert_eq!(story.sent(), b"\xff\xfe\x56");
}

/// A step of a random story.
#[derive(Debug, Clone)]
enum Step {
    Says(String),
    Hears(&'static [u8]),
    /// A batch ends, and the socket takes so many bytes.
    Writes(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => "[a-d \n]{0,60}".prop_map(Step::Says),
        1 => ".{0,3000}".prop_map(Step::Says),
        2 => proptest::sample::select(vec![DO_MCCP2, DONT_MCCP2, b"\xff\xf6"]).prop_map(Step::Hears),
        3 => (0usize..200).prop_map(Step::Writes),
    ]
}

proptest! {
    #[test]
    fn any_story_reads_as_it_was_told(steps in proptest::collection::vec(step(), 1..60)) {
        let mut story = Story::new(TelnetSettings::default());
        let mut client = Client::default();
        for step in steps {
            match step {
                Step::Says(line) => story.says(&line),
                Step::Hears(bytes) => story.hears(bytes),
                Step::Writes(length) => {
                    story.pack(Flow::More);
                    let length = length.min(story.waiting.len());
                    client.reads(&story.waiting.split_to(length));
                }
            }
        }
        story.pack(Flow::Last);
        client.reads(&story.waiting);
        prop_assert!(client.zlib.is_none());
        prop_assert_eq!(client.read, story.plain);
    }
}

/// What a client sends that compresses these lines, each on its own, and then ends the stream.
fn compressed(lines: &[&str]) -> Vec<u8> {
    let mut zlib = Compress::new(Compression::default(), true);
    let mut wire = Vec::with_capacity(1 << 16);
    for line in lines {
        zlib.compress_vec(line.as_bytes(), &mut wire, FlushCompress::Sync).unwrap();
    }
    zlib.compress_vec(b"", &mut wire, FlushCompress::Finish).unwrap();
    wire
}

#[test]
fn tintin_compresses_at_once_and_is_read_wherever_it_is_cut() {
    let commands = compressed(&["look\r\n", "get rose\r\nsay r\u{f6}se\r\n", "\u{ff}\u{0}\r\n"]);
    let again = compressed(&["north\r\n"]);
    let stream = [DO_AND_BEGIN_MCCP3, &commands, b"clear\r\n", BEGIN_MCCP3, &again, b"bye\r\n"].concat();
    let mut whole = Story::greeted();
    whole.hears_all(&stream, usize::MAX);
    let inputs = whole.inputs();
    assert_eq!(inputs, ["look", "get rose", "say r\u{f6}se", "\u{ff}", "clear", "north", "bye"]);
    for cut in 1..stream.len() {
        let mut story = Story::greeted();
        story.hears_all(&stream[..cut], usize::MAX);
        story.hears_all(&stream[cut..], usize::MAX);
        assert_eq!(story.inputs(), inputs, "cut at {cut}");
        assert_eq!(story.plain, whole.plain, "cut at {cut}");
    }
    let mut single = Story::greeted();
    single.hears_all(&stream, 1);
    assert_eq!(single.inputs(), inputs);
}

#[test]
fn options_are_negotiated_within_the_stream() {
    let inside = {
        let mut zlib = Compress::new(Compression::default(), true);
        let mut wire = Vec::with_capacity(1000);
        let plain = [&b"\xff\xfa\x1f\x00\x64\x00\x28\xff\xf0"[..], BEGIN_MCCP3, b"look\r\n"].concat();
        zlib.compress_vec(&plain, &mut wire, FlushCompress::Finish).unwrap();
        wire
    };
    let stream = [b"\xff\xfb\x1f", DO_AND_BEGIN_MCCP3, &inside, b"clear\r\n"].concat();
    for size in [1, 3, usize::MAX] {
        let mut story = Story::greeted();
        story.hears_all(&stream, size);
        assert_eq!(story.telnet.flags().screenwidth, 100);
        assert_eq!(story.inputs(), ["look", "clear"], "a begin within a stream is none");
    }
}

#[test]
fn mudlet_refuses_and_nothing_is_inflated() {
    let mut story = Story::greeted();
    story.hears(DONT_MCCP3);
    story.hears(BEGIN_MCCP3);
    story.hears(b"look\r\n");
    assert!(story.sent().is_empty());
    assert_eq!(story.inputs(), ["look"]);
}

#[test]
fn a_client_that_says_dont_goes_on_until_its_stream_ends() {
    let mut zlib = Compress::new(Compression::default(), true);
    let mut wire = Vec::with_capacity(1000);
    let plain = [b"look\r\n", DONT_MCCP3, b"get rose\r\n"].concat();
    zlib.compress_vec(&plain, &mut wire, FlushCompress::Finish).unwrap();
    let mut story = Story::greeted();
    story.hears_all(&[DO_AND_BEGIN_MCCP3, &wire, b"clear\r\n"].concat(), usize::MAX);
    assert_eq!(story.sent(), WONT_MCCP3);
    assert_eq!(story.inputs(), ["look", "get rose", "clear"]);
}

#[test]
fn no_more_is_read_than_there_is_room_for() {
    let many = "\n".repeat(3000);
    let stream = compressed(&[&many]);
    assert!(stream.len() < 100);
    let mut story = Story::greeted();
    story.hears(DO_AND_BEGIN_MCCP3);
    story.hears(&stream);
    let mut read = story.inputs().len();
    assert!(read <= stream.len(), "a byte makes one input at most: {read} of {}", stream.len());
    assert!(story.telnet.has_backlog());
    for room in [1, 7, 100].into_iter().cycle() {
        if !story.telnet.has_backlog() {
            break;
        }
        story.call(|telnet, out| telnet.read_on(START, room, out));
        let inputs = story.inputs().len();
        assert!(inputs <= room, "{inputs} inputs for a room of {room}");
        read += inputs;
    }
    assert_eq!(read, 3000);
}

#[test]
fn what_comes_after_a_stream_waits_for_room_too() {
    let stream = [DO_AND_BEGIN_MCCP3, &compressed(&[&"\n".repeat(200)]), b"a\nb\nc\n"].concat();
    let mut story = Story::greeted();
    story.hears(&stream);
    while story.telnet.has_backlog() {
        story.call(|telnet, out| telnet.read_on(START, 2, out));
    }
    let inputs = story.inputs();
    assert_eq!(inputs.len(), 203);
    assert_eq!(inputs[200..], ["a", "b", "c"]);
}

#[test]
fn a_bomb_ends_the_connection() {
    for plain in [vec![b' '; 1 << 22], vec![b'\n'; 1 << 22], vec![0xff; 1 << 22]] {
        let mut zlib = Compress::new(Compression::best(), true);
        let mut bomb = Vec::with_capacity(1 << 16);
        zlib.compress_vec(&plain, &mut bomb, FlushCompress::Finish).unwrap();
        let mut story = Story::greeted();
        story.hears(DO_MCCP3);
        story.hears(BEGIN_MCCP3);
        story.hears_all(&bomb, 500);
        let close = story.out.take_close().expect("closed");
        assert!(close.reason.contains("64 times"), "{}", close.reason);
        assert!(story.inputs().len() < 2 * INFLATED_FREE as usize);
        let said = story.sent();
        assert_eq!(count(&said, WONT_MCCP3), 1);
        assert_eq!(count(&said, b"Please switch its compression (MCCP3) off."), 1);
        story.hears(b"look\r\n");
        assert!(story.inputs().is_empty() && !story.telnet.has_backlog(), "nothing is read any more");
    }
}

/// What closes the connection and what damages its stream come at once: neither is waited for.
#[test]
fn nothing_waits_behind_the_end_of_a_connection() {
    let mut damaged = compressed(&["GET / HTTP/1.1\r\nHost: meadow\r\n\r\n"]);
    *damaged.last_mut().unwrap() ^= 1;
    let mut story = Story::greeted();
    story.hears(&[DO_AND_BEGIN_MCCP3, &damaged].concat());
    assert!(story.out.take_close().is_some());
    assert!(!story.telnet.has_backlog());
}

#[test]
fn a_damaged_stream_ends_the_connection() {
    let mut damaged = compressed(&["look\r\n"]);
    *damaged.last_mut().unwrap() ^= 1;
    let mut story = Story::greeted();
    story.hears_all(&[DO_AND_BEGIN_MCCP3, &damaged].concat(), usize::MAX);
    assert!(story.out.take_close().expect("closed").reason.contains("damaged"));
    assert!(story.sent().starts_with(WONT_MCCP3));
    assert_eq!(story.inputs(), ["look"], "what was read before is done");
}

#[test]
fn a_client_that_does_not_compress_after_all_stays() {
    for clear in ["look\r\n", "x\r\n", "xyzzy\r\n"] {
        for size in [1, usize::MAX] {
            let mut story = Story::greeted();
            story.hears_all(DO_AND_BEGIN_MCCP3, usize::MAX);
            story.hears_all(clear.as_bytes(), size);
            assert_eq!(story.sent(), WONT_MCCP3);
            assert_eq!(story.inputs(), [clear.trim_end()]);
            assert!(story.out.take_close().is_none());
        }
    }
}

#[test]
fn a_client_begins_as_often_as_the_limit_says_and_not_once_more() {
    let once = [BEGIN_MCCP3, &compressed(&["x\r\n"])].concat();
    let mut story = Story::greeted();
    story.hears(DO_MCCP3);
    story.hears_all(&once.repeat(usize::from(MCCP_STARTS)), usize::MAX);
    assert_eq!(story.inputs().len(), usize::from(MCCP_STARTS));
    assert!(story.out.take_close().is_none());
    story.hears_all(&once, usize::MAX);
    assert!(story.out.take_close().expect("closed").reason.contains("too often"));
    assert!(story.inputs().is_empty());
}

proptest! {
    #[test]
    fn rubbish_is_survived_wherever_it_is_cut(
        rubbish in proptest::collection::vec(any::<u8>(), 0..300),
        header in any::<bool>(),
        size in 1usize..20,
    ) {
        let header: &[u8] = if header { b"\x78\x9c" } else { b"" };
        let stream = [DO_AND_BEGIN_MCCP3, header, &rubbish].concat();
        let told = |size| {
            let mut story = Story::greeted();
            story.hears_all(&stream, size);
            (story.inputs(), story.out.take_close(), story.plain)
        };
        prop_assert_eq!(told(size), told(usize::MAX));
    }
}
