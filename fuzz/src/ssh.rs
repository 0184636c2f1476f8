//! The terminal of an SSH client: keys, cut anywhere, come to the same lines and the same screen; no control
//! character gets into the game or, but for the editor's own, onto the screen.
//!
//! The first byte chooses the client, the second how the rest is cut; the rest is typed.

use meadow_link::{CommandTuple, Time, prompt, text};
use meadow_protocol::{
    Outbox, Protocol, Render,
    ssh::{Pty, Terminal, TerminalClient, TerminalSettings},
};

use crate::pieces::pieces;

const NOW: Time = Time::from_micros(1_000_000_000);

/// A low limit is met sooner.
const LIMIT: usize = 40;

/// The target.
pub fn run(data: &[u8]) {
    let [choice, seed, typed @ ..] = data else { return };
    let whole = tell(*choice, [typed].into_iter());
    assert_eq!(tell(*choice, pieces(*seed, typed)), whole);
    for input in &whole.0 {
        let Some(line) = input.first_str().filter(|_| input.name == "text") else { continue };
        assert!(line.chars().all(|ch| ch == '\t' || !ch.is_control()), "{line:?}");
        // Cleaning may double some of the pipes.
        assert!(line.chars().count() <= 2 * LIMIT, "{line:?}");
    }
}

fn tell<'a>(choice: u8, pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<CommandTuple>, String, bool) {
    let term = if choice & 1 == 0 { "xterm" } else { "dumb" };
    let pty = Pty { term: term.to_owned(), columns: u32::from(choice), lines: 24 };
    let client = TerminalClient {
        name: "OpenSSH_9.2".to_owned(),
        pty: (choice & 2 == 0).then_some(pty),
        command: (choice & 12 == 12).then(|| "look".to_owned()),
    };
    let settings = TerminalSettings { line_limit: LIMIT, ..TerminalSettings::default() };
    let (mut terminal, mut out) = (Terminal::new(client, settings), Outbox::new());
    terminal.connect(NOW, &mut out);
    let hidden = text("Password:").with_option("echo", choice & 16 == 0);
    for tuple in [text("|rA rose|n bites.\nTwice."), prompt("|g> |n"), hidden] {
        let said = tuple.shown().into_owned();
        terminal.send(&tuple, &mut Render::new(&said), &mut out);
    }
    if choice & 32 != 0 {
        terminal.at_login(&mut out);
    }
    pieces.for_each(|piece| terminal.receive(NOW, piece, &mut out));
    terminal.send(&text("It rains."), &mut Render::new("It rains."), &mut out);
    terminal.at_mark(&mut out);
    terminal.disconnect("Bye.", &mut out);
    let shown = std::str::from_utf8(out.bytes()).expect("it writes UTF-8").to_owned();
    is_safe(&shown);
    (out.take_inputs(), shown, out.take_close().is_some())
}

/// Sequences are of colours, of erasing to the end of the line, and of the cursor going left.
fn is_safe(shown: &str) {
    for after in shown.split("\x1b").skip(1) {
        let end = after.trim_start_matches(|ch: char| ch.is_ascii_digit() || matches!(ch, '[' | ';'));
        assert!(after.starts_with('[') && end.starts_with(['m', 'K', 'D']), "{after:?} in {shown:?}");
    }
    let harmless = |ch: char| matches!(ch, '\r' | '\n' | '\t' | '\x07' | '\x08' | '\x1b') || !ch.is_control();
    assert!(shown.chars().all(harmless), "{shown:?}");
}
