//! A player with a plain telnet client: it declines every option, and takes text and escape sequences apart.

use std::{
    io::{
        ErrorKind::{ConnectionReset, Interrupted, TimedOut, WouldBlock},
        Read, Write,
    },
    net::{Shutdown, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use super::{LIMIT, PASSWORD, Scene};

/// A connection by telnet.
pub(crate) struct Telnet {
    stream: TcpStream,
    scene: Scene,
    parser: Parser,
    /// How much of the text has been looked at.
    seen: usize,
    questions: u32,
    ended: bool,
}

impl Telnet {
    pub(crate) fn connect(address: SocketAddr, scene: Scene) -> Telnet {
        let stream = TcpStream::connect_timeout(&address, LIMIT).expect("telnet can be connected");
        stream.set_nodelay(true).expect("it is a socket");
        stream.set_write_timeout(Some(LIMIT)).expect("it is a socket");
        Telnet { stream, scene, parser: Parser::default(), seen: 0, questions: 0, ended: false }
    }

    /// Types a line.
    pub(crate) fn send(&mut self, line: &str) {
        self.send_bytes(format!("{line}\r\n").as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let sent = self.stream.write_all(bytes);
        sent.unwrap_or_else(|error| self.fail(&format!("cannot send: {error}")));
    }

    /// Waits for a text; returns what came before and with it.
    pub(crate) fn expect(&mut self, want: &str) -> String {
        let start = Instant::now();
        loop {
            let text = &self.parser.text[self.seen..];
            if let Some(at) = find(text, want.as_bytes()) {
                let end = self.seen + at + want.len();
                return self.take(end);
            }
            self.read_more(start, want);
        }
    }

    /// Waits for the rest of a line.
    pub(crate) fn line(&mut self) -> String {
        let mut line = self.expect("\n");
        line.pop();
        line
    }

    /// Types a line and returns all that it brings. A line that no command knows marks the end of it, since
    /// answers come in order.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.send(line);
        self.rest()
    }

    /// All that has been told up to now.
    pub(crate) fn rest(&mut self) -> String {
        self.questions += 1;
        let mark = format!("xyzzy{}", self.questions);
        self.send(&mark);
        let mut told = self.expect(&mark);
        self.expect("\n");
        let start = told.rfind('\n').map_or(0, |at| at + 1);
        told.truncate(start);
        told
    }

    /// Waits for the end of the connection; returns what came before it.
    pub(crate) fn expect_end(&mut self) -> String {
        let start = Instant::now();
        while !self.ended {
            self.read_some(start, "the end of the connection");
        }
        self.take(self.parser.text.len())
    }

    /// Makes an account.
    pub(crate) fn register(&mut self, name: &str) {
        self.send(&format!("create {name} {PASSWORD}"));
        self.expect("Is this what you intended?");
        self.send("y");
        self.expect("A new account");
        self.expect("You can now log in");
        self.expect("\n");
    }

    /// Logs in, and waits until it sees where it is.
    pub(crate) fn log_in(&mut self, name: &str, password: &str) -> String {
        self.send(&format!("connect {name} {password}"));
        let told = self.expect("\nExits: ") + &self.line();
        assert!(told.contains("You become "), "{told}");
        told
    }

    /// Escape sequences and control characters that have come, apart from line ends.
    pub(crate) fn controls(&self) -> &[String] {
        &self.parser.controls
    }

    /// Hangs up without a word.
    pub(crate) fn hang_up(self) {
        // It may be closed already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// Fails with all that has come and the game's logs.
    pub(crate) fn fail(&self, why: &str) -> ! {
        let text = String::from_utf8_lossy(&self.parser.text).into_owned();
        panic!("{why}\n--- received ---\n{text}\n--- end ---{}", self.scene.tails())
    }

    fn take(&mut self, end: usize) -> String {
        let taken = String::from_utf8_lossy(&self.parser.text[self.seen..end]).into_owned();
        self.seen = end;
        taken
    }

    fn read_more(&mut self, start: Instant, want: &str) {
        if self.ended {
            self.fail(&format!("the connection ended before {want:?}"));
        }
        self.read_some(start, want);
    }

    fn read_some(&mut self, start: Instant, want: &str) {
        let left = LIMIT.saturating_sub(start.elapsed());
        if left.is_zero() {
            self.fail(&format!("{want:?} did not come within {LIMIT:?}"));
        }
        let wait = left.max(Duration::from_millis(1));
        self.stream.set_read_timeout(Some(wait)).expect("it is not zero");
        let mut buffer = [0; 16_384];
        match self.stream.read(&mut buffer) {
            Ok(0) => self.ended = true,
            Ok(count) => {
                let answer = self.parser.parse(&buffer[..count]);
                if !answer.is_empty() {
                    self.send_bytes(&answer);
                }
            }
            Err(error) if matches!(error.kind(), WouldBlock | TimedOut | Interrupted) => {}
            Err(error) if error.kind() == ConnectionReset => self.ended = true,
            Err(error) => self.fail(&format!("cannot read: {error}")),
        }
    }
}

fn find(text: &[u8], want: &[u8]) -> Option<usize> {
    text.windows(want.len()).position(|part| part == want)
}

/// Takes a telnet stream apart (RFC 854, ECMA-48).
#[derive(Debug, Default)]
struct Parser {
    state: State,
    text: Vec<u8>,
    controls: Vec<String>,
}

#[derive(Debug, Default, Clone)]
enum State {
    #[default]
    Text,
    Command,
    Option(u8),
    Subnegotiation,
    SubnegotiationCommand,
    Escape(String),
}

const IAC: u8 = 255;
const DONT: u8 = 254;
const DO: u8 = 253;
const WONT: u8 = 252;
const WILL: u8 = 251;
const SB: u8 = 250;
const SE: u8 = 240;

impl Parser {
    /// Takes bytes, and returns what a client that has no options answers.
    fn parse(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut answer = Vec::new();
        for byte in bytes.iter().copied() {
            self.state = match (std::mem::take(&mut self.state), byte) {
                (State::Text, IAC) => State::Command,
                (State::Text, 0x1b) => State::Escape("\x1b".to_owned()),
                (State::Text, _) => self.character(byte),
                (State::Command, WILL | WONT | DO | DONT) => State::Option(byte),
                (State::Command, SB) => State::Subnegotiation,
                (State::Command, _) => State::Text,
                (State::Option(command), option) => {
                    match command {
                        WILL => answer.extend([IAC, DONT, option]),
                        DO => answer.extend([IAC, WONT, option]),
                        _ => {}
                    }
                    State::Text
                }
                (State::Subnegotiation, IAC) => State::SubnegotiationCommand,
                (State::SubnegotiationCommand, SE) => State::Text,
                (State::Subnegotiation | State::SubnegotiationCommand, _) => State::Subnegotiation,
                (State::Escape(mut sequence), _) => {
                    sequence.push(char::from(byte));
                    let ended = match sequence.len() {
                        2 => byte != b'[',
                        _ => (0x40..=0x7e).contains(&byte),
                    };
                    if ended {
                        self.controls.push(sequence);
                        State::Text
                    } else {
                        State::Escape(sequence)
                    }
                }
            };
        }
        answer
    }

    fn character(&mut self, byte: u8) -> State {
        match byte {
            b'\r' => {}
            b'\n' | b'\t' | b' '..=0x7e | 0x80.. => self.text.push(byte),
            _ => self.controls.push(char::from(byte).to_string()),
        }
        State::Text
    }
}
