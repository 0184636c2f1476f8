//! Clients as they behave, told to [`Telnet`]: Mudlet, TinTin++, GNU telnet, netcat, a browser.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

use std::time::Duration;

use meadow_link::{CommandTuple, Flag, Time, prompt, text};
use meadow_protocol::{
    Outbox, Protocol, Render,
    telnet::{Telnet, TelnetSettings},
};

const START: Time = Time::from_micros(1_000_000_000);

/// Asks for the client's answer of TERMINAL-TYPE.
const SEND: &[u8] = b"\xff\xfa\x18\x01\xff\xf0";

/// Asks for the client's character set.
const REQUEST: &[u8] = b"\xff\xfa\x2a\x01;UTF-8;ISO-8859-1;US-ASCII\xff\xf0";
/// Takes the first that was offered.
const ACCEPTED: &[u8] = b"\xff\xfa\x2a\x02UTF-8\xff\xf0";

struct Story {
    telnet: Telnet,
    out: Outbox,
    now: Time,
}

impl Story {
    fn new() -> Story {
        let mut story =
            Story { telnet: Telnet::new(TelnetSettings::default()), out: Outbox::new(), now: START };
        story.telnet.connect(START, &mut story.out);
        // The whole of it is tested with the options.
        assert!(story.answer().starts_with(b"\xff\xfd\x18\xff\xfd\x1f"), "DO TTYPE, DO NAWS");
        story
    }

    fn answer(&mut self) -> Vec<u8> {
        let bytes = self.out.bytes().to_vec();
        self.out.clear_bytes();
        bytes
    }

    fn hears(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.telnet.receive(self.now, bytes, &mut self.out);
        self.answer()
    }

    fn is(&mut self, answer: &[u8]) -> Vec<u8> {
        self.hears(&[b"\xff\xfa\x18\x00", answer, b"\xff\xf0"].concat())
    }

    fn says(&mut self, tuple: CommandTuple) -> Vec<u8> {
        // What markup becomes is tested elsewhere.
        let tuple = tuple.with_option("raw", true);
        let source = tuple.first_str().unwrap_or_default().to_owned();
        self.telnet.send(&tuple, &mut Render::new(&source), &mut self.out);
        self.answer()
    }

    /// The game is done with all that was typed.
    fn is_done(&mut self) -> Vec<u8> {
        assert!(self.out.take_mark(), "nobody asked to be told");
        self.telnet.at_mark(&mut self.out);
        self.answer()
    }

    fn waits(&mut self, span: Duration) -> Vec<u8> {
        self.now = self.now + span;
        self.telnet.timeout(self.now, &mut self.out);
        self.answer()
    }

    fn inputs(&mut self) -> Vec<String> {
        self.out.take_inputs().iter().map(|input| input.first_str().unwrap().to_owned()).collect()
    }

    fn has(&self, flag: Flag) -> bool {
        self.telnet.flags().has(flag)
    }
}

#[test]
fn mudlet() {
    let mut story = Story::new();
    let answer =
        story.hears(b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x64\x00\x28\xff\xf0\xff\xfe\x03\xff\xfd\x19");
    assert_eq!(answer, SEND);
    assert_eq!(story.hears(b"\xff\xfd\x2a"), REQUEST);
    assert_eq!(story.hears(ACCEPTED), b"");
    assert!(!story.out.take_ready(), "the login screen waits for what the client is");
    assert_eq!(story.is(b"MUDLET"), SEND);
    assert_eq!(story.is(b"ANSI-TRUECOLOR"), SEND);
    assert_eq!(story.is(b"MTTS 2349"), b"");
    assert!(story.out.take_ready() && story.out.take_flags_changed());

    let flags = story.telnet.flags();
    assert_eq!((&*flags.clientname, &*flags.term), ("MUDLET", "ANSI-TRUECOLOR"));
    assert_eq!((flags.screenwidth, flags.screenheight), (100, 40));
    for flag in [
        Flag::Ttype,
        Flag::Ansi,
        Flag::Xterm256,
        Flag::Truecolor,
        Flag::Utf8,
        Flag::Ssl,
        Flag::OscColorPalette,
    ] {
        assert!(story.has(flag), "{flag:?}");
    }
    assert!(!story.has(Flag::Vt100) && !story.has(Flag::Screenreader));

    assert_eq!(story.says(text("Hello")), b"Hello\r\n");
    assert_eq!(story.says(prompt("> ")), b"> \xff\xef");
    assert_eq!(story.hears(b"\xff\xfe\x19"), b"\xff\xfc\x19", "no more EOR");
    assert_eq!(story.says(prompt("> ")), b"> \xff\xf9", "SGA was refused");
    assert_eq!(story.says(text("> ").with_option("send_prompt", true)), b"> \xff\xf9");
}

#[test]
fn tintin() {
    let mut story = Story::new();
    let answer =
        story.hears(b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\xff\xfd\x03\xff\xfd\x19");
    assert_eq!(answer, SEND);
    assert_eq!(story.hears(b"\xff\xfd\x2a"), REQUEST);
    assert_eq!(story.hears(ACCEPTED), b"");
    assert_eq!(story.is(b"TINTIN++"), SEND);
    assert_eq!(story.is(b"xterm-256color"), SEND);
    assert_eq!(story.is(b"MTTS 2831"), b"");
    assert!(story.out.take_ready());
    assert!(story.has(Flag::Truecolor) && story.has(Flag::Mnes) && story.has(Flag::Vt100));
    assert!(story.has(Flag::Nogoahead) && story.has(Flag::Nopromptgoahead));

    // Twice, because TinTin++ never acknowledges WONT ECHO.
    for _ in 0..2 {
        assert_eq!(story.says(text("Password:").with_option("echo", false)), b"\xff\xfb\x01Password:\r\n");
        assert_eq!(story.hears(b"\xff\xfd\x01"), b"");
        assert_eq!(story.hears(b"secret\r\n"), b"\r\n", "the end of the line is echoed");
        assert_eq!(story.says(text("Welcome").with_option("echo", true)), b"\xff\xfc\x01Welcome\r\n");
        assert_eq!(story.says(text("Again").with_option("echo", true)), b"Again\r\n");
    }
    assert_eq!(story.inputs(), ["secret", "secret"]);
}

#[test]
fn gnu_telnet() {
    let mut story = Story::new();
    let answer = story
        .hears(b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\xff\xff\x00\x32\xff\xf0\xff\xfd\x03\xff\xfe\x19");
    assert_eq!(answer, SEND);
    assert_eq!(story.hears(b"\xff\xfe\x2a\xff\xfe\x56\xff\xfe\x57"), b"");
    assert_eq!(story.is(b"XTERM-256COLOR"), SEND);
    assert_eq!(story.is(b"XTERM-256COLOR"), b"", "it repeats itself, so that was all");
    assert!(story.out.take_ready());
    assert_eq!((story.telnet.flags().screenwidth, story.telnet.flags().screenheight), (255, 50));
    assert!(story.has(Flag::Ttype) && story.has(Flag::Xterm256) && !story.has(Flag::Truecolor));
    assert_eq!(story.says(prompt("> ")), b"> ", "SGA is agreed, EOR refused");

    // Character at a time, with the line ends of RFC 854 and a correction.
    assert_eq!(story.hears(b"lop\x7fok\r\0sit\r\0"), b"");
    assert_eq!(story.inputs(), ["look", "sit"]);
    assert_eq!(story.hears(b"\xff\xf4\xff\xfd\x06"), b"", "Ctrl-C: interrupt, timing mark");
    assert_eq!(story.says(text("You look.")), b"You look.\r\n");
    assert_eq!(story.is_done(), b"\xff\xfb\x06", "behind what the game said");
    assert_eq!(story.hears(b"\xff\xed\xff\xec\xff\xeelook\r\n"), b"", "Ctrl-Z, Ctrl-D, Ctrl-backslash");
    assert_eq!(story.hears(b"\xff\xf6"), b"[yes]\r\n");
    assert_eq!(story.hears(b"wrong\xff\xf8loop\xff\xf7k\r\n"), b"", "erase line, erase character");
    assert_eq!(story.inputs(), ["look", "look"]);

    assert_eq!(story.says(text("Password:").with_option("echo", false)), b"\xff\xfb\x01Password:\r\n");
    assert_eq!(story.hears(b"\xff\xfd\x01"), b"");
    assert_eq!(story.says(text("Hi").with_option("echo", true)), b"\xff\xfc\x01Hi\r\n");
    assert_eq!(story.hears(b"\xff\xfe\x01"), b"");

    // Who is sent away while typing one has their echo back.
    assert_eq!(story.says(text("Password:").with_option("echo", false)), b"\xff\xfb\x01Password:\r\n");
    assert_eq!(story.hears(b"\xff\xfd\x01"), b"");
    story.telnet.disconnect("Bye", &mut story.out);
    assert_eq!(story.out.bytes(), b"\xff\xfc\x01Bye\x1b[0m\r\n");
}

#[test]
fn a_client_that_will_not_hide_a_password_is_asked_for_it_all_the_same() {
    let mut story = Story::new();
    story.hears(b"\xff\xfc\x18\xff\xfc\x1f\xff\xfc\x27\xff\xfe\x2a");
    assert_eq!(story.says(text("Password:").with_option("echo", false)), b"\xff\xfb\x01Password:\r\n");
    assert_eq!(story.hears(b"\xff\xfe\x01secret\r\n"), b"", "its own echo has ended the line");
    assert_eq!(story.says(text("Hi").with_option("echo", true)), b"Hi\r\n");
    assert_eq!(story.inputs(), ["secret"]);
}

/// As GNU telnet does it when it is asked: it offers its terminal's characters, and goes on line by line.
#[test]
fn gnu_telnet_in_linemode() {
    let settings = TelnetSettings { linemode: true, ..TelnetSettings::default() };
    let mut story = Story { telnet: Telnet::new(settings), out: Outbox::new(), now: START };
    story.telnet.connect(START, &mut story.out);
    assert!(story.answer().windows(3).any(|part| part == b"\xff\xfd\x22"), "DO LINEMODE");
    let told = story.hears(b"\xff\xfb\x22\xff\xfa\x22\x03\x03\x62\x03\x0a\x02\x7f\xff\xf0");
    let agreed = b"\xff\xfa\x22\x01\x01\xff\xf0\xff\xfa\x22\x03\x03\xe2\x03\x0a\x82\x7f\xff\xf0";
    assert_eq!(told, agreed, "MODE EDIT; its characters are its own business");
    assert_eq!(story.hears(b"\xff\xfa\x22\x01\x05\xff\xf0"), b"", "an answer is not answered");
    // Ctrl-D, Ctrl-Z and Ctrl-\: EOF, SUSP, ABORT.
    assert_eq!(story.hears(b"\xff\xec\xff\xed\xff\xeelook\r\n"), b"");
    assert_eq!(story.inputs(), ["look"]);
    let options = story.telnet.describe().swap_remove(0).1;
    assert!(options.split(", ").any(|name| name == "LINEMODE"), "{options}");
    assert_eq!(story.hears(b"\xff\xfc\x22"), b"\xff\xfe\x22");
    assert_eq!(story.hears(b"\xff\xfa\x22\x03\x0a\x02\x7f\xff\xf0"), b"", "it is off");
}

#[test]
fn a_client_that_refuses_everything_does_not_wait() {
    let mut story = Story::new();
    assert_eq!(story.hears(b"\xff\xfc\x18"), b"");
    assert!(!story.out.take_ready());
    assert_eq!(story.hears(b"\xff\xfc\x1f\xff\xfc\x27"), b"");
    assert!(!story.out.take_ready());
    assert_eq!(story.hears(b"\xff\xfe\x2a"), b"");
    assert!(story.out.take_ready());
    assert_eq!(story.hears(b"\xff\xfe\x03\xff\xfe\x19"), b"");
    assert_eq!(story.says(prompt("> ")), b"> \xff\xf9");
}

#[test]
fn netcat_waits_for_the_timer() {
    let mut story = Story::new();
    assert_eq!(story.telnet.deadline(), Some(START + Duration::from_millis(300)));
    story.waits(Duration::from_millis(299));
    assert!(!story.out.take_ready());
    story.waits(Duration::from_millis(1));
    assert!(story.out.take_ready());
    assert_eq!(story.says(prompt("> ")), b"> ", "nothing that a terminal would show");
    assert_eq!(story.hears(b"look\n\n"), b"");
    assert_eq!(story.inputs(), ["look", ""]);
    assert!(!story.out.take_ready(), "said once");
}

#[test]
fn who_types_is_ready_at_once() {
    let mut story = Story::new();
    story.hears(b"loo");
    assert!(!story.out.take_ready());
    story.hears(b"k\n");
    assert!(story.out.take_ready());
    assert_eq!(story.inputs(), ["look"]);
}

#[test]
fn a_subnegotiation_that_was_not_agreed_is_not_heard() {
    let mut story = Story::new();
    assert_eq!(story.is(b"MUDLET"), b"");
    story.hears(b"\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0");
    assert_eq!(story.telnet.flags(), &TelnetSettings::default().flags);
}

#[test]
fn a_client_that_turns_an_option_off_and_on() {
    let mut story = Story::new();
    assert_eq!(story.hears(b"\xff\xfb\x18"), SEND);
    assert_eq!(story.hears(b"\xff\xfc\x18"), b"\xff\xfe\x18");
    assert_eq!(story.hears(b"\xff\xfb\x18"), [b"\xff\xfd\x18", SEND].concat());
    assert_eq!(story.hears(b"\xff\xfe\x03"), b"");
    assert!(!story.has(Flag::Nogoahead));
    assert_eq!(story.hears(b"\xff\xfd\x03"), b"\xff\xfb\x03");
    assert!(story.has(Flag::Nogoahead));
}

#[test]
fn a_browser_is_told_off() {
    let mut story = Story::new();
    assert_eq!(story.hears(b"GET / HTTP/1.1\r\n"), b"");
    let answer = story.hears(b"Host: example.org\r\nlook\r\n\r\n");
    assert!(answer.starts_with(b"HTTP/1.0 400 "));
    assert!(story.out.take_close().is_some());
    assert_eq!(story.hears(b"look\r\n\xff\xf6"), b"");
    assert_eq!((story.inputs(), story.telnet.deadline()), (vec![], None));
    assert!(!story.out.take_ready());
}

#[test]
fn a_request_that_somebody_typed_is_a_line() {
    let mut story = Story::new();
    story.hears(b"GET / HTTP/1.1\r\n");
    story.waits(Duration::from_millis(300));
    assert!(story.out.take_ready());
    story.hears(b"GET / HTTP/1.1\r\nlook\r\n");
    assert_eq!(story.inputs(), ["GET / HTTP/1.1", "GET / HTTP/1.1", "look"]);
}

#[test]
fn keepalives_fill_silence() {
    let mut story = Story::new();
    assert_eq!(story.waits(Duration::from_secs(30)), b"\xff\xf1");
    assert_eq!(story.telnet.deadline(), Some(story.now + Duration::from_secs(30)));
    story.says(text("Hello"));
    assert_eq!(story.waits(Duration::from_secs(30)), b"", "something was sent");
    assert_eq!(story.waits(Duration::from_secs(30)), b"\xff\xf1");
    story.now = story.now + Duration::from_secs(20);
    story.says(text("Hello"));
    story.hears(b"\xff\xf6");
    assert_eq!(story.telnet.deadline(), Some(story.now + Duration::from_secs(30)));
    assert_eq!(story.waits(Duration::from_secs(30)), b"\xff\xf1", "30 seconds after the answer");

    let mut flags = story.telnet.flags().clone();
    flags.set(Flag::Nopkeepalive, false);
    story.telnet.set_flags(flags);
    assert_eq!((story.telnet.deadline(), story.waits(Duration::from_secs(90))), (None, vec![]));
}

#[test]
fn input_in_latin_1() {
    let mut story = Story::new();
    let mut flags = story.telnet.flags().clone();
    flags.encoding = "latin-1".into();
    story.telnet.set_flags(flags);
    story.hears(b"say \xe9\xff\xff\xffe\xe9\x08\r\n");
    assert_eq!(story.inputs(), ["say \u{e9}\u{ff}e"]);
}

#[test]
fn without_forced_line_ends() {
    let mut story = Story::new();
    let mut flags = story.telnet.flags().clone();
    flags.set(Flag::Forcedendline, false);
    story.telnet.set_flags(flags);
    assert_eq!(story.says(text("a")), b"a");
    assert_eq!(story.says(text("a\n")), b"a\r\n");
}

#[test]
fn line_ends_are_not_doubled() {
    let mut story = Story::new();
    assert_eq!(story.says(text("a\n")), b"a\r\n");
    assert_eq!(story.says(text("a\n\r")), b"a\r\n");
    assert_eq!(story.says(text("")), b"\r\n");
}

#[test]
fn the_reason_of_a_disconnect_is_told() {
    let mut story = Story::new();
    story.telnet.disconnect("", &mut story.out);
    assert_eq!(story.answer(), b"");
    story.telnet.disconnect("bye", &mut story.out);
    let answer = story.answer();
    assert!(answer.starts_with(b"bye") && answer.ends_with(b"\r\n"));
}

#[test]
fn only_the_first_line_can_be_a_request() {
    let mut story = Story::new();
    story.hears(b"look\r\nGET / HTTP/1.1\r\nsit\r\n");
    assert_eq!(story.inputs(), ["look", "GET / HTTP/1.1", "sit"]);
    assert!(story.out.take_close().is_none());
}
