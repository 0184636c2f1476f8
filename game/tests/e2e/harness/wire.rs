//! A telnet client that knows options: it agrees to those that it is made with, and keeps what comes in them.
//! Texts are bytes here, because character sets and tags are what is looked at.

use std::{
    io::{
        ErrorKind::{Interrupted, TimedOut, WouldBlock},
        Read, Write,
    },
    net::TcpStream,
    time::{Duration, Instant},
};

use flate2::{Decompress, FlushDecompress};

use super::{Game, LIMIT, PASSWORD, Scene};

const IAC: u8 = 255;
const DONT: u8 = 254;
const DO: u8 = 253;
const WONT: u8 = 252;
const WILL: u8 = 251;
const SB: u8 = 250;
const SE: u8 = 240;
const MCCP2: u8 = 86;

/// A connection by telnet.
pub(crate) struct Wire {
    stream: TcpStream,
    scene: Scene,
    options: Vec<u8>,
    state: State,
    /// What comes is compressed.
    inflater: Option<Decompress>,
    /// How much has come, as it was on the wire.
    received: usize,
    text: Vec<u8>,
    seen: usize,
    told: Vec<(u8, Vec<u8>)>,
    /// What was said of options, and after how much text.
    negotiated: Vec<(u8, u8, usize)>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Text,
    Command,
    Option(u8),
    Subnegotiation(Vec<u8>),
    SubnegotiationCommand(Vec<u8>),
}

impl Wire {
    /// Somebody connects whose client has these options.
    pub(crate) fn connect(game: &Game, options: &[u8]) -> Wire {
        let stream =
            TcpStream::connect_timeout(&game.address("telnet"), LIMIT).expect("telnet can be connected");
        stream.set_nodelay(true).expect("it is a socket");
        stream.set_write_timeout(Some(LIMIT)).expect("it is a socket");
        stream.set_read_timeout(Some(Duration::from_millis(100))).expect("it is not zero");
        Wire {
            stream,
            scene: game.scene(),
            options: options.to_vec(),
            state: State::Text,
            inflater: None,
            received: 0,
            text: Vec::new(),
            seen: 0,
            told: Vec::new(),
            negotiated: Vec::new(),
        }
    }

    /// What the game has said of an option since this was last asked: its command, and all the text that had come
    /// before.
    pub(crate) fn take_negotiated(&mut self, option: u8) -> Vec<(u8, String)> {
        let text = |length: usize| String::from_utf8_lossy(&self.text[..length]).into_owned();
        let said = self.negotiated.iter().filter(|(_, of, _)| *of == option);
        let said = said.map(|(command, _, at)| (*command, text(*at))).collect();
        self.negotiated.retain(|(_, of, _)| *of != option);
        said
    }

    /// Logs in, and waits until the first look is over.
    pub(crate) fn log_in(&mut self, name: &str) {
        self.expect(b"hangs up.");
        self.send(&format!("connect {name} {PASSWORD}"));
        self.expect(b"Exits:");
        self.expect(b"\n");
    }

    /// Types a line.
    pub(crate) fn send(&mut self, line: &str) {
        self.send_bytes(format!("{line}\r\n").as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("it can be written to");
    }

    /// Says something in an option.
    pub(crate) fn tell(&mut self, option: u8, payload: &[u8]) {
        self.send_bytes(&[&[IAC, SB, option], payload, &[IAC, SE]].concat());
    }

    /// Waits for a text; returns what came before it.
    pub(crate) fn expect(&mut self, want: &[u8]) -> Vec<u8> {
        let start = Instant::now();
        loop {
            let text = &self.text[self.seen..];
            if let Some(at) = text.windows(want.len()).position(|part| part == want) {
                let before = text[..at].to_vec();
                self.seen += at + want.len();
                return before;
            }
            self.read(start, &format!("{:?}", String::from_utf8_lossy(want)));
        }
    }

    /// Waits for the next thing that is told in an option.
    pub(crate) fn expect_told(&mut self, option: u8) -> Vec<u8> {
        let start = Instant::now();
        loop {
            if let Some(at) = self.told.iter().position(|(in_option, _)| *in_option == option) {
                return self.told.remove(at).1;
            }
            self.read(start, &format!("something in option {option}"));
        }
    }

    /// Waits for a GMCP message of this name; returns its body.
    pub(crate) fn expect_gmcp(&mut self, package: &str) -> String {
        loop {
            let told = String::from_utf8(self.expect_told(201)).expect("GMCP is UTF-8");
            let (name, body) = told.split_once(' ').unwrap_or((&told, ""));
            if name == package {
                return body.to_owned();
            }
        }
    }

    /// How many bytes have come on the wire.
    pub(crate) fn received(&self) -> usize {
        self.received
    }

    /// Whether what comes is compressed.
    pub(crate) fn is_compressed(&self) -> bool {
        self.inflater.is_some()
    }

    fn read(&mut self, start: Instant, want: &str) {
        let mut buffer = [0; 16_384];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.fail(&format!("the connection ended before {want}")),
            Ok(count) => {
                self.received += count;
                self.take(&buffer[..count]);
            }
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut | Interrupted) => {}
            Err(error) => self.fail(&format!("cannot read: {error}")),
        }
        if start.elapsed() > LIMIT {
            self.fail(&format!("{want} did not come within {LIMIT:?}"));
        }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            match &mut self.inflater {
                Some(inflater) => {
                    let mut plain = [0; 16_384];
                    let (read, written) = (inflater.total_in(), inflater.total_out());
                    inflater
                        .decompress(bytes, &mut plain, FlushDecompress::Sync)
                        .expect("what comes is one zlib stream");
                    let read = usize::try_from(inflater.total_in() - read).expect("it fits");
                    let written = usize::try_from(inflater.total_out() - written).expect("it fits");
                    bytes = &bytes[read..];
                    plain[..written].iter().for_each(|byte| self.byte(*byte));
                    if read == 0 && written == 0 {
                        return;
                    }
                }
                None => {
                    self.byte(bytes[0]);
                    bytes = &bytes[1..];
                }
            }
        }
    }

    fn byte(&mut self, byte: u8) {
        self.state = match (std::mem::take(&mut self.state), byte) {
            (State::Text, IAC) => State::Command,
            (State::Text, _) => {
                self.text.push(byte);
                State::Text
            }
            (State::Command, IAC) => {
                self.text.push(IAC);
                State::Text
            }
            (State::Command, WILL | WONT | DO | DONT) => State::Option(byte),
            (State::Command, SB) => State::Subnegotiation(Vec::new()),
            (State::Command, _) => State::Text,
            (State::Option(command), option) => {
                self.negotiated.push((command, option, self.text.len()));
                let has = self.options.contains(&option);
                match (command, has) {
                    (WILL, true) => self.send_bytes(&[IAC, DO, option]),
                    (WILL, false) => self.send_bytes(&[IAC, DONT, option]),
                    (DO, true) => self.send_bytes(&[IAC, WILL, option]),
                    (DO, false) => self.send_bytes(&[IAC, WONT, option]),
                    _ => {}
                }
                State::Text
            }
            (State::Subnegotiation(payload), IAC) => State::SubnegotiationCommand(payload),
            (State::SubnegotiationCommand(payload), SE) => {
                if let Some((option, payload)) = payload.split_first() {
                    if *option == MCCP2 {
                        self.inflater = Some(Decompress::new(true));
                    }
                    self.told.push((*option, payload.to_vec()));
                }
                State::Text
            }
            (State::Subnegotiation(mut payload) | State::SubnegotiationCommand(mut payload), _) => {
                payload.push(byte);
                State::Subnegotiation(payload)
            }
        };
    }

    fn fail(&self, why: &str) -> ! {
        let text = String::from_utf8_lossy(&self.text).into_owned();
        panic!("{why}\n--- received ---\n{text}\n--- told ---\n{:?}{}", self.told, self.scene.tails())
    }
}
