//! A client's side of a conversation with [`Telnet`], for the tests of its options.

#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use meadow_link::{CommandTuple, Flags, Time, text};
use meadow_protocol::{
    Outbox, Protocol, Render,
    telnet::{Telnet, TelnetSettings},
};

/// When all of it happens.
pub const START: Time = Time::from_micros(1_000_000_000);

/// A conversation with one client.
pub struct Talk {
    pub telnet: Telnet,
    pub out: Outbox,
}

impl Talk {
    pub fn new(settings: TelnetSettings) -> Talk {
        let mut talk = Talk { telnet: Telnet::new(settings), out: Outbox::new() };
        talk.telnet.connect(START, &mut talk.out);
        talk.out.clear_bytes();
        talk
    }

    /// A client that has sent this, and been answered.
    pub fn after(bytes: &[u8]) -> Talk {
        let mut talk = Talk::new(TelnetSettings::default());
        talk.hears(bytes);
        talk
    }

    pub fn answer(&mut self) -> Vec<u8> {
        let bytes = self.out.bytes().to_vec();
        self.out.clear_bytes();
        bytes
    }

    pub fn hears(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.telnet.receive(START, bytes, &mut self.out);
        self.answer()
    }

    pub fn says(&mut self, tuple: &CommandTuple) -> Vec<u8> {
        let source = tuple.first_str().unwrap().to_owned();
        self.telnet.send(tuple, &mut Render::new(&source), &mut self.out);
        self.answer()
    }

    /// What the client gets of a text without markup.
    pub fn says_raw(&mut self, line: &str) -> Vec<u8> {
        self.says(&text(line).with_option("raw", true))
    }

    pub fn inputs(&mut self) -> Vec<String> {
        self.out.take_inputs().iter().map(|input| input.first_str().unwrap().to_owned()).collect()
    }

    pub fn flags(&self) -> &Flags {
        self.telnet.flags()
    }

    pub fn change(&mut self, change: impl FnOnce(&mut Flags)) {
        let mut flags = self.telnet.flags().clone();
        change(&mut flags);
        self.telnet.set_flags(flags);
    }
}

/// Tells a client's whole side of a conversation, and the same cut at every byte; gives what came of it.
pub fn cut_everywhere(settings: &TelnetSettings, stream: &[u8]) -> (Vec<u8>, Vec<String>, Flags) {
    let tell = |pieces: &mut dyn Iterator<Item = &[u8]>| {
        let mut talk = Talk::new(settings.clone());
        let answers: Vec<u8> = pieces.flat_map(|piece| talk.hears(piece)).collect();
        let inputs = talk.inputs();
        (answers, inputs, talk.flags().clone())
    };
    let whole = tell(&mut [stream].into_iter());
    for cut in 1..stream.len() {
        let (head, tail) = stream.split_at(cut);
        assert_eq!(tell(&mut [head, tail].into_iter()), whole, "cut at {cut}");
    }
    assert_eq!(tell(&mut stream.chunks(1)), whole, "byte by byte");
    whole
}

pub fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
