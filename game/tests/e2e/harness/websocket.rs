//! A player with a browser: a small blocking websocket client (RFC 6455) that speaks `v1.evennia.com`.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
};

use serde_json::{Value, json};

use super::{
    LIMIT, PASSWORD, Scene,
    http::{Answer, request},
};

/// The example key of RFC 6455, section 1.3, and the answer that it must have.
const KEY: (&str, &str) = ("dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;
const PING: u8 = 0x9;
const PONG: u8 = 0xa;

/// A connection by websocket.
pub(crate) struct Websocket {
    stream: TcpStream,
    scene: Scene,
    /// Every message that has come, for whoever has to be told what went wrong.
    received: Vec<String>,
}

impl Websocket {
    /// Connects as the game's own page does.
    pub(crate) fn connect(address: SocketAddr, scene: Scene) -> Websocket {
        Websocket::connect_as(address, scene, "v1.evennia.com")
    }

    /// Connects as the game's own page would if it spoke another subprotocol.
    pub(crate) fn connect_as(address: SocketAddr, scene: Scene, subprotocol: &str) -> Websocket {
        Websocket::connect_to(address, scene, "/ws", subprotocol)
    }

    /// Connects as the game's own page does, to a path with a query.
    pub(crate) fn connect_to(address: SocketAddr, scene: Scene, path: &str, subprotocol: &str) -> Websocket {
        let origin = format!("http://{address}");
        let headers = [("Origin", origin.as_str()), ("Sec-WebSocket-Protocol", subprotocol)];
        let (answer, stream) = Websocket::shake_hands_at(address, path, &headers);
        assert_eq!(answer.status, 101, "{answer:?}{}", scene.tails());
        assert_eq!(answer.header("sec-websocket-accept"), KEY.1);
        assert_eq!(answer.header("sec-websocket-protocol"), subprotocol);
        Websocket { stream, scene, received: Vec::new() }
    }

    /// Connects as the game's own page does in a browser that has a cookie.
    pub(crate) fn with_cookie(address: SocketAddr, scene: Scene, path: &str, cookie: &str) -> Websocket {
        let origin = format!("http://{address}");
        let language = ("Sec-WebSocket-Protocol", "v1.evennia.com");
        let headers = [("Origin", origin.as_str()), language, ("Cookie", cookie)];
        let (answer, stream) = Websocket::shake_hands_at(address, path, &headers);
        assert_eq!(answer.status, 101, "{answer:?}{}", scene.tails());
        Websocket { stream, scene, received: Vec::new() }
    }

    /// Connects as a program does that is no page: to a browser that is driven.
    pub(crate) fn connect_bare(address: SocketAddr, scene: Scene, path: &str) -> Websocket {
        let (answer, stream) = Websocket::shake_hands_at(address, path, &[]);
        assert_eq!(answer.status, 101, "{answer:?}");
        Websocket { stream, scene, received: Vec::new() }
    }

    /// Asks for a websocket at `/ws`, with more headers.
    pub(crate) fn shake_hands(address: SocketAddr, headers: &[(&str, &str)]) -> (Answer, TcpStream) {
        Websocket::shake_hands_at(address, "/ws", headers)
    }

    fn shake_hands_at(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> (Answer, TcpStream) {
        let mut stream =
            TcpStream::connect_timeout(&address, LIMIT).expect("the web server can be connected");
        stream.set_read_timeout(Some(LIMIT)).expect("it is a socket");
        let wanted = [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", KEY.0),
        ];
        let head = request(address, path, &[&wanted, headers].concat());
        stream.write_all(head.as_bytes()).expect("the web server reads");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("the web server answers");
            head.push(byte[0]);
        }
        (Answer::parse(&String::from_utf8_lossy(&head)), stream)
    }

    /// Cuts the connection without a word.
    pub(crate) fn cut(self) {
        // The game may have done so already.
        let _ = self.stream.shutdown(Shutdown::Both);
    }

    /// Sends a commandtuple.
    pub(crate) fn send_tuple(&mut self, tuple: &Value) {
        self.send_frame(TEXT, tuple.to_string().as_bytes());
    }

    /// Types a line.
    pub(crate) fn send(&mut self, line: &str) {
        self.send_tuple(&json!(["text", [line], {}]));
    }

    /// The next commandtuple.
    pub(crate) fn tuple(&mut self) -> Value {
        loop {
            let (opcode, payload) = self.frame();
            match opcode {
                TEXT => {
                    let message = String::from_utf8(payload).expect("text messages are UTF-8");
                    self.received.push(message.clone());
                    return serde_json::from_str(&message).expect("messages are JSON");
                }
                PING => self.send_frame(PONG, &payload),
                CLOSE => self.fail("the game closed the websocket"),
                _ => {}
            }
        }
    }

    /// Sends a binary message: typed text, in the formats for terminals.
    pub(crate) fn send_binary(&mut self, message: &[u8]) {
        self.send_frame(BINARY, message);
    }

    /// The next message, and whether it is binary.
    pub(crate) fn message(&mut self) -> (bool, Vec<u8>) {
        loop {
            match self.frame() {
                (BINARY, payload) => return (true, payload),
                (TEXT, payload) => return (false, payload),
                (PING, payload) => self.send_frame(PONG, &payload),
                (CLOSE, _) => self.fail("the game closed the websocket"),
                _ => {}
            }
        }
    }

    /// Waits for a text or prompt that holds this; returns its HTML.
    pub(crate) fn expect(&mut self, want: &str) -> String {
        loop {
            let tuple = self.tuple();
            let html = tuple[1][0].as_str().unwrap_or_default();
            if matches!(tuple[0].as_str(), Some("text" | "prompt")) && html.contains(want) {
                return html.to_owned();
            }
        }
    }

    /// Makes an account, logs in, and waits until it sees where it is.
    pub(crate) fn register_and_log_in(&mut self, name: &str) {
        self.send(&format!("create {name} {PASSWORD}"));
        self.expect("Is this what you intended?");
        self.send("y");
        self.expect("You can now log in");
        self.send(&format!("connect {name} {PASSWORD}"));
        self.expect("Exits:");
    }

    fn fail(&self, why: &str) -> ! {
        panic!("{why}\n--- received ---\n{}\n--- end ---{}", self.received.join("\n"), self.scene.tails())
    }

    /// Frames from a client are masked; the mask may be any.
    fn send_frame(&mut self, opcode: u8, payload: &[u8]) {
        const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];
        const MASKED: u8 = 0x80;
        const FINAL: u8 = 0x80;
        let mut frame = vec![FINAL | opcode];
        match u16::try_from(payload.len()) {
            Ok(length @ 0..=125) => frame.push(MASKED | length.to_le_bytes()[0]),
            Ok(length) => {
                frame.push(MASKED | 126);
                frame.extend(length.to_be_bytes());
            }
            Err(_) => {
                frame.push(MASKED | 127);
                frame.extend((payload.len() as u64).to_be_bytes());
            }
        }
        frame.extend(MASK);
        frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        let sent = self.stream.write_all(&frame);
        sent.unwrap_or_else(|error| self.fail(&format!("cannot send: {error}")));
    }

    /// One frame: its opcode and payload. The game sends whole messages, unmasked.
    fn frame(&mut self) -> (u8, Vec<u8>) {
        let [first, second] = self.read_bytes();
        assert_eq!((first & 0xf0, second & 0x80), (0x80, 0), "frames are whole and not masked");
        let length = match second {
            126 => u64::from(u16::from_be_bytes(self.read_bytes())),
            127 => u64::from_be_bytes(self.read_bytes()),
            length => u64::from(length),
        };
        let mut payload = vec![0; usize::try_from(length).expect("it fits into memory")];
        self.read_into(&mut payload);
        (first & 0x0f, payload)
    }

    fn read_bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.read_into(&mut bytes);
        bytes
    }

    fn read_into(&mut self, bytes: &mut [u8]) {
        let read = self.stream.read_exact(bytes);
        read.unwrap_or_else(|error| self.fail(&format!("nothing more came: {error}")));
    }
}
