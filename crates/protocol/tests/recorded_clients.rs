//! Clients that no test can run: what each of them sends to a greeting, in the order in which it does. The whole
//! of it is told to [`Telnet`] at once, byte by byte, and cut at every place; each time the same must come of it.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

use std::{sync::Arc, time::Duration};

use meadow_link::{CommandTuple, Flag, Flags, Time, prompt, text, tuple};
use meadow_protocol::{
    Outbox, Protocol, Render,
    telnet::{MsspSource, Telnet, TelnetSettings},
};

const START: Time = Time::from_micros(1_000_000_000);

/// Asks for the next answer of TERMINAL-TYPE.
const SEND: &[u8] = b"\xff\xfa\x18\x01\xff\xf0";
/// Offers character sets.
const CHARSETS: &[u8] = b"\xff\xfa\x2a\x01;UTF-8;ISO-8859-1;US-ASCII\xff\xf0";
/// Asks for variables, as MNES has them.
const ENVIRON: &[u8] =
    b"\xff\xfa\x27\x01\x00CLIENT_NAME\x00CLIENT_VERSION\x00TERMINAL_TYPE\x00MTTS\x00CHARSET\x00IPADDRESS\xff\xf0";
/// Begins MXP, locks its mode, and asks two questions.
const MXP: &[u8] = b"\xff\xfa\x5b\xff\xf0\x1b[7z\x1b[4z<VERSION>\x1b[4z<SUPPORT>";
/// Begins MCCP2.
const MCCP2: &[u8] = b"\xff\xfa\x56\xff\xf0";
/// The game's entry in a list of games.
const MSSP: &[u8] = b"\xff\xfa\x46\x01NAME\x02A Meadow\xff\xf0";

#[derive(Debug)]
struct Listed;

impl MsspSource for Listed {
    fn table(&self) -> Vec<(String, Vec<String>)> {
        vec![("NAME".to_owned(), vec!["A Meadow".to_owned()])]
    }
}

/// What came of a conversation.
#[derive(Debug, PartialEq)]
struct Outcome {
    answers: Vec<u8>,
    inputs: Vec<CommandTuple>,
    flags: Flags,
    ready: bool,
}

/// A client that is connected.
struct Client {
    telnet: Telnet,
    out: Outbox,
}

impl Client {
    fn new() -> Client {
        let settings = TelnetSettings { mssp: Some(Arc::new(Listed)), ..TelnetSettings::default() };
        let mut client = Client { telnet: Telnet::new(settings), out: Outbox::new() };
        client.telnet.connect(START, &mut client.out);
        client.out.clear_bytes();
        client
    }

    fn sends<'a>(&mut self, pieces: impl IntoIterator<Item = &'a [u8]>) -> Outcome {
        for piece in pieces {
            self.telnet.receive(START, piece, &mut self.out);
            while self.telnet.has_backlog() {
                self.telnet.read_on(START, 64, &mut self.out);
            }
        }
        Outcome {
            answers: self.heard(),
            inputs: self.out.take_inputs(),
            flags: self.telnet.flags().clone(),
            ready: self.out.take_ready(),
        }
    }

    /// What it gets of something that the game says.
    fn gets(&mut self, tuple: CommandTuple) -> Vec<u8> {
        let source = tuple.first_str().unwrap_or_default().to_owned();
        self.telnet.send(&tuple, &mut Render::new(&source), &mut self.out);
        self.heard()
    }

    fn heard(&mut self) -> Vec<u8> {
        let bytes = self.out.bytes().to_vec();
        self.out.clear_bytes();
        bytes
    }
}

/// Tells a recording however it may come; gives what came of it, and the client.
fn replay(recording: &[&[u8]]) -> (Outcome, Client) {
    let stream = recording.concat();
    let mut client = Client::new();
    let whole = client.sends([&stream[..]]);
    assert_eq!(Client::new().sends(stream.chunks(1)), whole, "byte by byte");
    assert_eq!(Client::new().sends(recording.iter().copied()), whole, "as it was sent");
    for cut in 1..stream.len() {
        let (head, tail) = stream.split_at(cut);
        assert_eq!(Client::new().sends([head, tail]), whole, "cut at {cut}");
    }
    (whole, client)
}

fn lines(outcome: &Outcome) -> Vec<&str> {
    outcome
        .inputs
        .iter()
        .filter(|input| input.name == "text")
        .map(|input| input.first_str().unwrap())
        .collect()
}

fn has(outcome: &Outcome, flags: &[Flag]) -> bool {
    flags.iter().all(|flag| outcome.flags.has(*flag))
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

#[track_caller]
fn same(bytes: &[u8], expected: &[&[u8]]) {
    assert_eq!(shown(bytes), shown(&expected.concat()));
}

/// Mudlet 4.18 with its defaults: GMCP on, MSDP off, MNES off. It says nothing to offers of what is off.
#[test]
fn mudlet() {
    let (outcome, mut mudlet) = replay(&[
        b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x64\x00\x28\xff\xf0",
        b"\xff\xfb\x27\xff\xfd\x2a\xff\xfe\x03\xff\xfd\x19\xff\xfd\x46\xff\xfd\xc9",
        b"\xff\xfa\xc9Core.Hello {\"client\":\"Mudlet\",\"version\":\"4.18.5\"}\xff\xf0",
        b"\xff\xfa\xc9Core.Supports.Set [\"Char 1\",\"Char.Skills 1\",\"Char.Items 1\",\"Room 1\",\"IRE.Rift 1\",",
        b"\"IRE.Composer 1\",\"External.Discord 1\",\"Client.Media 1\",\"Char.Login 1\"]\xff\xf0",
        b"\xff\xfd\x5b\xff\xfd\x56\xff\xfe\x57",
        b"\xff\xfa\x18\x00MUDLET\xff\xf0",
        b"\xff\xfa\x27\x00\x03CHARSET\x01UTF-8\x03CLIENT_NAME\x01MUDLET\x03CLIENT_VERSION\x014.18.5",
        b"\x03MTTS\x012349\x03TERMINAL_TYPE\x01ANSI-TRUECOLOR\x03WORD_WRAP\x01100\xff\xf0",
        b"\xff\xfa\x2a\x02UTF-8\xff\xf0",
        b"\xff\xfa\x18\x00ANSI-TRUECOLOR\xff\xf0\xff\xfa\x18\x00MTTS 2349\xff\xf0",
        b"\x1b[1z<VERSION MXP=1.0 CLIENT=Mudlet VERSION=4.18.5>\n",
        b"\x1b[1z<SUPPORTS +b +i +s +u +a +send +color.fore +font.color>\n",
        b"look\r\nsay caf\xc3\xa9\r\n",
    ]);
    let login = b"\xff\xfa\xc9Char.Login.Default {\"type\": [\"password-credentials\"]}\xff\xf0";
    same(&outcome.answers, &[SEND, ENVIRON, CHARSETS, MSSP, login, MXP, MCCP2, SEND, SEND]);
    assert!(outcome.ready && lines(&outcome) == ["look", "say caf\u{e9}"], "{:?}", outcome.inputs);
    assert!(has(&outcome, &[Flag::Ttype, Flag::Truecolor, Flag::Mxp, Flag::Oob, Flag::Ssl, Flag::Utf8]));
    assert!(!outcome.flags.has(Flag::Screenreader));
    assert_eq!((outcome.flags.screenwidth, outcome.flags.screenheight), (100, 40));
    assert!(outcome.flags.clientname.starts_with("MUDLET"), "{}", outcome.flags.clientname);

    same(&mudlet.gets(text("|#ff8000a|n")), &[b"\x1b[38;2;255;128;0ma\x1b[0m\r\n"]);
    same(
        &mudlet.gets(text("|lclook|lthere|le")),
        &[b"\x1b[4z<SEND HREF=\"look\">here\x1b[4z</SEND>\x1b[0m\r\n"],
    );
    assert!(mudlet.gets(prompt("> ")).ends_with(b"\xff\xef"), "it agreed to EOR");
    same(&mudlet.gets(tuple("char_vitals").kw("hp", 5)), &[b"\xff\xfa\xc9Char.Vitals {\"hp\": 5}\xff\xf0"]);
    same(&mudlet.gets(tuple("comm_channel_text").kw("text", "x")), &[b""]);
}

/// MUSHclient 5: answers what it was told to, its own name first; GMCP is the business of plugins.
#[test]
fn mushclient() {
    let (outcome, mut mushclient) = replay(&[
        b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\xff\xfc\x27\xff\xfd\x2a\xff\xfd\x03\xff\xfd\x19",
        b"\xff\xfe\x46\xff\xfe\xc9\xff\xfe\x45\xff\xfd\x5b\xff\xfd\x56\xff\xfe\x57",
        b"\xff\xfa\x18\x00MUSHclient\xff\xf0\xff\xfa\x2a\x02UTF-8\xff\xf0",
        b"\xff\xfa\x18\x00ANSI\xff\xf0\xff\xfa\x18\x00MTTS 13\xff\xf0",
        b"\x1b[1z<VERSION MXP=\"0.5\" CLIENT=MUSHclient VERSION=\"5.06\" REGISTERED=YES>\r\n",
        b"\x1b[1z<SUPPORTS +a +b +bold +c +color +em +font +h +i +s +send +u>\r\n",
        b"look\r\n\r\n",
    ]);
    same(&outcome.answers, &[SEND, CHARSETS, MXP, MCCP2, SEND, SEND]);
    assert!(outcome.ready && lines(&outcome) == ["look", ""], "{:?}", outcome.inputs);
    assert!(has(
        &outcome,
        &[Flag::Ttype, Flag::Ansi, Flag::Xterm256, Flag::Mxp, Flag::Nogoahead, Flag::Utf8]
    ));
    assert!(!outcome.flags.has(Flag::Truecolor) && !outcome.flags.has(Flag::Oob));
    assert!(outcome.flags.clientname.starts_with("MUSHCLIENT"), "{}", outcome.flags.clientname);

    same(&mushclient.gets(text("|500a|n")), &[b"\x1b[38;5;196ma\x1b[0m\r\n"]);
    same(&mushclient.gets(tuple("char_vitals").kw("hp", 5)), &[b""]);
    assert!(mushclient.gets(prompt("> ")).ends_with(b"\xff\xef"));
}

/// A client as Axmud: every protocol of MUDs on, MSDP used, GMCP refused, MNES in one packet.
#[test]
fn axmud() {
    let (outcome, mut axmud) = replay(&[
        b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x78\x00\x32\xff\xf0\xff\xfb\x27\xff\xfd\x2a\xff\xfd\x03\xff\xfd\x19",
        b"\xff\xfd\x46\xff\xfe\xc9\xff\xfd\x45\xff\xfa\x45\x01LIST\x02COMMANDS\xff\xf0",
        b"\xff\xfa\x45\x01CLIENT_NAME\x02Axmud\x01REPORT\x02\x05\x02HEALTH\x02ROOM\x06\xff\xf0",
        b"\xff\xfe\x5b\xff\xfd\x56\xff\xfe\x57",
        b"\xff\xfa\x27\x00\x00CLIENT_NAME\x01AXMUD\x00CLIENT_VERSION\x012.0\x00MTTS\x01781\x00CHARSET\x01UTF-8\xff\xf0",
        b"\xff\xfa\x18\x00AXMUD\xff\xf0\xff\xfa\x2a\x02UTF-8\xff\xf0",
        b"\xff\xfa\x18\x00XTERM-256COLOR\xff\xf0\xff\xfa\x18\x00MTTS 781\xff\xf0",
        b"\xff\xfa\x27\x02\x00CLIENT_VERSION\x012.1\xff\xf0",
        b"look\n",
    ]);
    same(&outcome.answers, &[SEND, ENVIRON, CHARSETS, MSSP, MCCP2, SEND, SEND]);
    let asked: Vec<&str> = outcome.inputs.iter().map(|input| &*input.name).collect();
    assert!(outcome.ready && asked == ["msdp_list", "msdp_report", "text"], "{:?}", outcome.inputs);
    assert_eq!(outcome.inputs[1].args, ["HEALTH", "ROOM"]);
    assert!(has(&outcome, &[Flag::Ttype, Flag::Truecolor, Flag::Mnes, Flag::Oob]));
    assert!(!outcome.flags.has(Flag::Mxp) && outcome.flags.clientname.starts_with("AXMUD"));

    same(&axmud.gets(tuple("HEALTH").arg(5)), &[b"\xff\xfa\x45\x01HEALTH\x025\xff\xf0"]);
    same(&axmud.gets(text("|lclook|lthere|le")), &[b"here\x1b[0m\r\n"]);
}

/// A client as CMUD: names but no MTTS, the last name again, MXP, GMCP with capitals, no character sets.
#[test]
fn cmud() {
    let (outcome, mut cmud) = replay(&[
        b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\xff\xff\xff\xf0\xff\xfc\x27\xff\xfe\x2a\xff\xfd\x03\xff\xfd\x19",
        b"\xff\xfe\x46\xff\xfd\xc9\xff\xfa\xc9Core.Hello { \"Client\": \"CMUD\", \"Version\": \"3.34\" }\xff\xf0",
        b"\xff\xfa\xc9Core.Supports.Set [ \"Room 1\", \"Comm 1\" ]\xff\xf0\xff\xfe\x45\xff\xfd\x5b\xff\xfd\x56\xff\xfe\x57",
        b"\xff\xfa\x18\x00CMUD\xff\xf0\xff\xfa\x18\x00ANSI\xff\xf0\xff\xfa\x18\x00ANSI\xff\xf0",
        b"\x1b[1z<VERSION MXP=1.0 CLIENT=zMUD VERSION=3.34>\n\x1b[1z<SUPPORTS>\n",
        b"look\r\n",
    ]);
    same(&outcome.answers, &[SEND, MXP, MCCP2, SEND, SEND]);
    assert!(outcome.ready && lines(&outcome) == ["look"], "{:?}", outcome.inputs);
    assert!(has(&outcome, &[Flag::Ttype, Flag::Ansi, Flag::Xterm256, Flag::Mxp, Flag::Oob]));
    assert!(outcome.flags.clientname.starts_with("CMUD"), "{}", outcome.flags.clientname);
    assert_eq!((outcome.flags.screenwidth, outcome.flags.screenheight), (80, 255), "255 comes doubled");

    same(&cmud.gets(tuple("room_info").kw("num", 1)), &[b"\xff\xfa\xc9Room.Info {\"num\": 1}\xff\xf0"]);
    same(&cmud.gets(tuple("char_vitals").kw("hp", 5)), &[b""]);
}

/// A client as Potato: one name, repeated, as RFC 1091 has it; and it asks for a character set itself, which
/// crosses the server's own question: the server's stands.
#[test]
fn potato() {
    let (outcome, mut potato) = replay(&[
        b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x4f\x00\x18\xff\xf0\xff\xfc\x27\xff\xfd\x2a\xff\xfb\x2a",
        b"\xff\xfa\x2a\x01;ISO-8859-1;UTF-8\xff\xf0\xff\xfd\x03\xff\xfe\x19",
        b"\xff\xfd\x46\xff\xfe\xc9\xff\xfe\x45\xff\xfe\x5b\xff\xfd\x56\xff\xfe\x57",
        b"\xff\xfa\x18\x00Potato\xff\xf0\xff\xfa\x18\x00Potato\xff\xf0",
        b"\xff\xfa\x2a\x02ISO-8859-1\xff\xf0",
        b"say caf\xe9\r\n",
    ]);
    let rejected = b"\xff\xfd\x2a\xff\xfa\x2a\x03\xff\xf0";
    same(&outcome.answers, &[SEND, CHARSETS, rejected, MSSP, MCCP2, SEND]);
    assert!(outcome.ready && lines(&outcome) == ["say caf\u{e9}"], "{:?}", outcome.inputs);
    assert!(has(&outcome, &[Flag::Xterm256]) && !outcome.flags.has(Flag::Truecolor));
    assert!(outcome.flags.clientname.starts_with("POTATO"), "{}", outcome.flags.clientname);

    same(&potato.gets(text("caf\u{e9} \u{20ac}")), &[b"caf\xe9 ?\x1b[0m\r\n"]);
    same(&potato.gets(prompt("> ")), &[b"> \x1b[0m"]);
}

/// TinTin++ 2.02.6x with MCCP3, which it begins at once, in one piece with its agreement; MNES, a packet for each
/// variable; the rest of what it says is compressed.
#[test]
fn tintin_with_everything_on() {
    let mut rest = flate2::Compress::new(flate2::Compression::default(), true);
    let mut packed = Vec::with_capacity(512);
    let said = b"\xff\xfa\x18\x00TINTIN++\xff\xf0\xff\xfa\x2a\x02UTF-8\xff\xf0\
                 \xff\xfa\x27\x00\x00CLIENT_NAME\x01TinTin++\xff\xf0\xff\xfa\x27\x00\x00MTTS\x01799\xff\xf0\
                 \xff\xfa\x18\x00xterm-256color\xff\xf0\xff\xfa\x18\x00MTTS 799\xff\xf0look\r\nsay hi\r\n";
    rest.compress_vec(said, &mut packed, flate2::FlushCompress::Sync).unwrap();
    let (outcome, mut tintin) = replay(&[
        b"\xff\xfb\x18\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\xff\xfb\x27\xff\xfd\x2a\xff\xfd\x03\xff\xfd\x19",
        b"\xff\xfe\xc9\xff\xfe\x45\xff\xfe\x5b\xff\xfd\x56\xff\xfd\x57\xff\xfa\x57\xff\xf0",
        &packed,
    ]);
    same(&outcome.answers, &[SEND, ENVIRON, CHARSETS, MCCP2, SEND, SEND]);
    assert!(outcome.ready && lines(&outcome) == ["look", "say hi"], "{:?}", outcome.inputs);
    assert!(has(&outcome, &[Flag::Ttype, Flag::Truecolor, Flag::Mnes, Flag::Vt100, Flag::Mccp]));
    assert!(outcome.flags.clientname.starts_with("TINTIN++"), "{}", outcome.flags.clientname);
    assert!(tintin.gets(prompt("> ")).ends_with(b"\xff\xef"));
}

/// netcat and its like: nothing is answered, and the login screen comes when the time is up.
#[test]
fn netcat() {
    let mut netcat = Client::new();
    assert!(!netcat.sends([]).ready);
    netcat.telnet.timeout(START + Duration::from_millis(300), &mut netcat.out);
    let outcome = netcat.sends([]);
    assert!(outcome.ready && outcome.answers.is_empty());
    same(&netcat.gets(text("|500a")), &[b"\x1b[1m\x1b[31ma\x1b[0m\r\n"]);
}
