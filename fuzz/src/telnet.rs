//! [`Telnet`] with every option on: whatever comes, cut anywhere, comes to the same; what is sent compressed
//! is what was to be sent; and no control character gets into the game.
//!
//! The first byte chooses settings, the second how the rest is cut; the rest is the client's side.

use std::sync::Arc;

use bytes::BytesMut;
use flate2::{Decompress, FlushDecompress, Status};
use meadow_link::{CommandTuple, Flags, Time, prompt, text, tuple};
use meadow_protocol::{
    Flow, Outbox, Protocol, Render,
    oob::{Discord, OobSettings, Preference, TextCommands},
    telnet::{Mccp, MsspSource, Telnet, TelnetSettings},
};

use crate::pieces::pieces;

const NOW: Time = Time::from_micros(1_000_000_000);

/// The client's inflater begins behind this.
const BEGIN_MCCP2: &[u8] = b"\xff\xfa\x56\xff\xf0";

/// The target.
pub fn run(data: &[u8]) {
    let [choice, seed, stream @ ..] = data else { return };
    let settings = Arc::new(settings(*choice));
    let whole = tell(&settings, [stream].into_iter());
    let cut = tell(&settings, pieces(*seed, stream));
    assert_eq!(cut, whole);
    for input in &whole.inputs {
        if let Some(line) = input.first_str().filter(|_| input.name == "text") {
            // A text that comes as data may have several lines.
            assert!(line.chars().all(|ch| matches!(ch, '\t' | '\n') || !ch.is_control()), "{line:?}");
        }
    }
}

/// What came of a conversation.
#[derive(Debug, PartialEq)]
struct Outcome {
    plain: Vec<u8>,
    inputs: Vec<CommandTuple>,
    flags: Flags,
    for_tls: Option<Vec<u8>>,
    closed: bool,
    ready: bool,
}

fn tell<'a>(settings: &Arc<TelnetSettings>, pieces: impl Iterator<Item = &'a [u8]>) -> Outcome {
    let mut portal = Portal::new(Arc::clone(settings));
    portal.call(|telnet, out| telnet.connect(NOW, out));
    for piece in pieces {
        portal.call(|telnet, out| telnet.receive(NOW, piece, out));
        while portal.telnet.has_backlog() {
            portal.call(|telnet, out| telnet.read_on(NOW, 100, out));
        }
    }
    portal.pack(Flow::More);
    let said = "|rA rose|n |lclook|ltbites|le \u{ff}";
    for tuple in [text(said), prompt("> "), text(said), tuple("char_vitals").kw("hp", said)] {
        portal.call(|telnet, out| telnet.send(&tuple, &mut Render::new(said), out));
    }
    portal.call(|telnet, out| telnet.at_mark(out));
    portal.pack(Flow::More);
    portal.call(|telnet, out| telnet.at_login(out));
    portal.call(|telnet, out| telnet.disconnect("Bye", out));
    portal.pack(Flow::Last);
    assert_eq!(as_the_client_reads(&portal.wire), portal.plain);
    Outcome {
        inputs: portal.out.take_inputs(),
        flags: portal.telnet.flags().clone(),
        for_tls: portal.for_tls,
        closed: portal.out.take_close().is_some(),
        ready: portal.out.take_ready(),
        plain: portal.plain,
    }
}

/// What the Portal does for a connection.
struct Portal {
    telnet: Telnet,
    out: Outbox,
    wire: BytesMut,
    fresh: usize,
    /// All that was transmitted, as it was before it was packed.
    plain: Vec<u8>,
    for_tls: Option<Vec<u8>>,
}

impl Portal {
    fn new(settings: Arc<TelnetSettings>) -> Portal {
        let (telnet, out, wire) = (Telnet::new(settings), Outbox::new(), BytesMut::new());
        Portal { telnet, out, wire, fresh: 0, plain: Vec::new(), for_tls: None }
    }

    fn call(&mut self, call: impl FnOnce(&mut Telnet, &mut Outbox)) {
        self.out.goes_after(self.fresh);
        call(&mut self.telnet, &mut self.out);
        self.wire.extend_from_slice(self.out.bytes());
        self.plain.extend_from_slice(self.out.bytes());
        self.fresh += self.out.bytes().len();
        self.out.clear_bytes();
        if let Some(bytes) = self.out.take_start_tls() {
            self.for_tls.get_or_insert_default().extend(bytes);
        }
    }

    fn pack(&mut self, flow: Flow) {
        let fresh = self.wire.len() - std::mem::take(&mut self.fresh);
        self.telnet.pack(&mut self.wire, fresh, flow);
    }
}

/// Clear until a begin of MCCP2, then a zlib stream until that ends, and so on.
fn as_the_client_reads(mut wire: &[u8]) -> Vec<u8> {
    let (mut plain, mut clear) = (Vec::new(), 0);
    while let Some((&byte, rest)) = wire.split_first() {
        plain.push(byte);
        wire = rest;
        if !plain[clear..].ends_with(BEGIN_MCCP2) {
            continue;
        }
        let mut zlib = Decompress::new(true);
        loop {
            plain.reserve(1024);
            let before = (zlib.total_in(), plain.len());
            let status = zlib.decompress_vec(wire, &mut plain, FlushDecompress::Sync).expect("a zlib stream");
            wire = &wire[(zlib.total_in() - before.0) as usize..];
            if status == Status::StreamEnd || (zlib.total_in(), plain.len()) == before {
                break;
            }
        }
        clear = plain.len();
    }
    plain
}

fn settings(choice: u8) -> TelnetSettings {
    let default = TelnetSettings::default();
    let is = |bit: u8| choice & 1 << bit != 0;
    TelnetSettings {
        // A low one is met sooner.
        line_limit: if is(0) { 10 } else { default.line_limit },
        encrypted: is(1),
        start_tls: true,
        linemode: is(6),
        ascii_fallback: is(2),
        mssp: Some(Arc::new(Listed)),
        mccp: Mccp::Always,
        oob: OobSettings {
            preference: if is(3) { Preference::Recent } else { Preference::Msdp },
            text_commands: if is(4) { TextCommands::Ignored } else { TextCommands::Obeyed },
            discord: is(5).then(Box::<Discord>::default),
            ..OobSettings::default()
        },
        ..default
    }
}

/// A game in a list of games.
#[derive(Debug)]
struct Listed;

impl MsspSource for Listed {
    fn table(&self) -> Vec<(String, Vec<String>)> {
        vec![("NAME".to_owned(), vec!["A Meadow".to_owned()]), ("PORT".to_owned(), vec!["4000".to_owned()])]
    }
}
