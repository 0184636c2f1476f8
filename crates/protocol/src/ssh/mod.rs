//! What an SSH client shows and types: a terminal with a line editor of the server's own, or none at all. The
//! Portal's SSH listener hands [`Terminal`] the bytes of the shell's channel; the encryption, who has logged in and how
//! large the window is are its business.
//!
//! | file | what it is |
//! |---|---|
//! | `keys` | bytes to keys |
//! | `editor` | the line, the cursor, the history |
//! | `row` | where the line is shown |
//! | `secret` | what of it is not shown |
//!
//! # Adding a key
//!
//! One variant of `Key` with its bytes in `keys`, and what it does in [`Terminal`]'s `press`.

use std::{sync::Arc, time::Duration};

use meadow_link::{CommandTuple, Flag, Flags, Time, text, tuple};
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use self::{
    editor::{CannotDo, Editor, Reach, Way, columns},
    keys::{Key, Keys},
    row::{Row, Screen, Shown},
    secret::{Typist, secret_start},
};
use crate::{
    Depth, Outbox, Protocol, Render, Rendering,
    limits::{MAX_CHAR_LIMIT, MAX_CHAR_LIMIT_WARNING},
    markup::{clean_input, strip},
    telnet::terminal_rendering,
};

mod editor;
mod keys;
mod row;
mod secret;

/// Longest name of a terminal that is kept, in bytes.
const TERM_LIMIT: usize = 64;
/// Longest name of a client that is kept, in bytes.
const CLIENT_NAME_LIMIT: usize = 64;
/// How long somebody who leaves waits for what was typed before to be done.
const LEAVE_TIME: Duration = Duration::from_secs(5);
/// Rings the terminal's bell.
const BELL: &[u8] = b"\x07";

/// Settings that every SSH session shares.
#[derive(Debug, Clone)]
pub struct TerminalSettings {
    /// What is taken for granted of a client: the size of the window, above all.
    pub flags: Flags,
    /// Longest line, in characters.
    pub line_limit: usize,
}

impl Default for TerminalSettings {
    fn default() -> TerminalSettings {
        TerminalSettings { flags: Flags::default(), line_limit: MAX_CHAR_LIMIT }
    }
}

/// What a client has said before its shell begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerminalClient {
    /// What it calls itself (RFC 4253, section 4.2: its softwareversion).
    pub name: String,
    /// Its terminal, if it asked for one (RFC 4254, section 6.2).
    pub pty: Option<Pty>,
    /// The one command that it wants to have done, instead of a shell (RFC 4254, section 6.5).
    pub command: Option<String>,
}

/// A terminal of a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pty {
    /// Which kind: the value of `TERM` there.
    pub term: String,
    /// Columns of its window; 0 if it does not tell.
    pub columns: u32,
    /// Lines of its window; 0 if it does not tell.
    pub lines: u32,
}

/// One SSH client.
///
/// With a terminal there is a line editor with a history, and text is never mixed with what is being typed. Unlike in
/// Evennia nothing that is typed as a password is shown, and the size of the window counts. Without a terminal, as
/// when a program reads the output, text is plain and line ends are LF.
#[derive(Debug)]
pub struct Terminal {
    settings: Arc<TerminalSettings>,
    flags: Flags,
    client: String,
    screen: Screen,
    keys: Keys,
    editor: Editor,
    row: Row,
    /// The game has asked for what is typed not to be shown.
    is_hidden: bool,
    /// The line has lost characters because it was too long.
    is_too_long: bool,
    typist: Typist,
    errand: Errand,
    leaves_at: Option<Time>,
}

/// What a session is for.
#[derive(Debug, PartialEq, Eq)]
enum Errand {
    /// To play.
    Play,
    /// To have this done. What the game says before that, to whoever logs in, is not shown.
    Command(String),
    /// ... which is being done.
    Doing,
    /// To end.
    Leave,
}

impl Terminal {
    /// A client whose shell begins now.
    pub fn new(client: TerminalClient, settings: impl Into<Arc<TerminalSettings>>) -> Terminal {
        let settings = settings.into();
        let mut flags = settings.flags.clone();
        flags.clientname = kept(&client.name, CLIENT_NAME_LIMIT).to_uppercase().into();
        flags.set(Flag::Ssl, true);
        let screen = match &client.pty {
            None => Screen::None,
            Some(pty) if pty.term.is_empty() || pty.term == "dumb" => Screen::Dumb,
            Some(_) => Screen::Cursor,
        };
        for flag in [Flag::Ansi, Flag::Xterm256, Flag::Truecolor] {
            flags.set(flag, screen == Screen::Cursor);
        }
        if let Some(pty) = &client.pty {
            flags.term = kept(&pty.term, TERM_LIMIT).into();
            set_window(&mut flags, pty.columns, pty.lines);
        }
        Terminal {
            settings,
            flags,
            client: kept(&client.name, CLIENT_NAME_LIMIT),
            screen,
            keys: Keys::default(),
            editor: Editor::default(),
            row: Row::default(),
            is_hidden: false,
            is_too_long: false,
            typist: Typist::Stranger,
            errand: client.command.map_or(Errand::Play, Errand::Command),
            leaves_at: None,
        }
    }

    fn press(&mut self, key: Key, now: Time, out: &mut Outbox) {
        let limit = self.settings.line_limit;
        let done = match key {
            Key::Char(char) => return self.type_char(char, out),
            Key::Enter => return self.enter(out),
            Key::Cancel => return self.cancel(out),
            Key::Redraw => {
                self.redraw(out);
                return;
            }
            Key::EndOfInput if self.editor.line().is_empty() => return self.leave(now, out),
            Key::EndOfInput | Key::Delete => self.editor.take(Way::Right, Reach::Char),
            Key::Backspace => self.editor.take(Way::Left, Reach::Char),
            Key::Left => self.editor.go(Way::Left, Reach::Char),
            Key::Right => self.editor.go(Way::Right, Reach::Char),
            Key::WordLeft => self.editor.go(Way::Left, Reach::Word),
            Key::WordRight => self.editor.go(Way::Right, Reach::Word),
            // At the end already is where one wanted to be.
            Key::Home => self.editor.go(Way::Left, Reach::Line).or(Ok(())),
            Key::End => self.editor.go(Way::Right, Reach::Line).or(Ok(())),
            Key::KillLeft => self.editor.take(Way::Left, Reach::Line),
            Key::KillRight => self.editor.take(Way::Right, Reach::Line),
            Key::KillWordLeft => self.editor.take(Way::Left, Reach::Word),
            Key::KillWordRight => self.editor.take(Way::Right, Reach::Word),
            Key::Yank => self.editor.yank(limit),
            // A password is not to be replaced by a line of the history, which everybody would then see.
            Key::Up if !self.is_hidden => self.editor.recall(Way::Left),
            Key::Down if !self.is_hidden => self.editor.recall(Way::Right),
            Key::Up | Key::Down => Err(CannotDo),
        };
        match done {
            Ok(()) => self.redraw(out),
            Err(CannotDo) => self.ring(out),
        }
    }

    fn type_char(&mut self, char: char, out: &mut Outbox) {
        if self.editor.insert(char, self.settings.line_limit) == Err(CannotDo) {
            // One bell a line: a paste may go on for long.
            if !std::mem::replace(&mut self.is_too_long, true) {
                self.ring(out);
            }
            return;
        }
        let screen = self.screen;
        if columns(char) == 0 {
            // Terminals differ in how they put it upon what is there.
            return self.redraw(out);
        }
        self.with_shown(|row, shown| row.show_typed(shown, screen, out));
    }

    fn enter(&mut self, out: &mut Outbox) {
        let screen = self.screen;
        self.with_shown(|row, shown| row.finish(shown, "", screen, out));
        self.row.drop_prompt();
        let is_secret = self.is_hidden || secret_start(self.editor.line(), self.typist).is_some();
        let line = self.editor.finish();
        if is_secret {
            self.editor.forget_killed();
        }
        if std::mem::take(&mut self.is_too_long) {
            return self.say(MAX_CHAR_LIMIT_WARNING, out);
        }
        if !is_secret {
            self.editor.remember(&line);
        }
        out.input(text(clean_input(&line)));
    }

    /// Ctrl-C forgets what was typed; the game's question stands.
    fn cancel(&mut self, out: &mut Outbox) {
        let screen = self.screen;
        self.with_shown(|row, shown| row.finish(shown, "^C", screen, out));
        self.editor.finish();
        self.is_too_long = false;
        self.redraw(out);
    }

    /// Ends the session when all that was typed before is done, or soon.
    fn leave(&mut self, now: Time, out: &mut Outbox) {
        self.row.hide(self.screen, out);
        self.errand = Errand::Leave;
        self.leaves_at = Some(now + LEAVE_TIME);
        out.mark();
    }

    fn ring(&self, out: &mut Outbox) {
        if self.screen != Screen::None {
            out.transmit(BELL);
        }
    }

    fn redraw(&mut self, out: &mut Outbox) {
        let screen = self.screen;
        self.with_shown(|row, shown| row.show(shown, screen, out));
    }

    /// Lends the row, with the line as it is to be seen.
    fn with_shown(&mut self, use_it: impl FnOnce(&mut Row, &Shown<'_>)) {
        let width = usize::from(self.flags.screenwidth);
        if self.is_hidden {
            return use_it(&mut self.row, &Shown { line: &[], cursor: 0, width });
        }
        let cursor = self.editor.cursor();
        let line = self.editor.line();
        match secret_start(line, self.typist) {
            None => use_it(&mut self.row, &Shown { line, cursor, width }),
            Some(start) => {
                let masked = line.iter().enumerate().map(|(at, char)| if at < start { *char } else { '*' });
                let line: Vec<char> = masked.collect();
                use_it(&mut self.row, &Shown { line: &line, cursor, width });
            }
        }
    }

    /// Prints lines above the one that is being typed.
    fn print(&mut self, said: &str, out: &mut Outbox) {
        self.row.hide(self.screen, out);
        out.transmit(self.lines(said).as_bytes());
        if !said.ends_with('\n') {
            out.transmit(if self.screen == Screen::None { b"\n" } else { b"\r\n" });
        }
        self.redraw(out);
    }

    /// Says something that no tuple came with.
    fn say(&mut self, markup: &str, out: &mut Outbox) {
        self.send_text(&CommandTuple::default().arg(markup), &mut Render::new(markup), out);
    }

    /// With the line ends that the client takes. A terminal is raw: it needs CR LF.
    fn lines(&self, said: &str) -> String {
        let said = said.replace("\r\n", "\n");
        if self.screen == Screen::None { said } else { said.replace('\n', "\r\n") }
    }

    fn rendering(&self, tuple: &CommandTuple) -> Rendering {
        match terminal_rendering(&self.flags, tuple) {
            // A screen reader is sent no colour, so there is none to end.
            Rendering::Ansi { screenreader: true, .. } => {
                Rendering::Ansi { depth: Depth::None, screenreader: true }
            }
            other => other,
        }
    }

    /// Whether what the game says now is for the client.
    fn is_heard(&self) -> bool {
        !matches!(self.errand, Errand::Command(_))
    }

    /// True is for "the client shows what is typed", as in telnet.
    fn take_echo(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        let Some(shows) = tuple.option("echo").and_then(Value::as_bool) else { return };
        if self.is_hidden == shows {
            self.is_hidden = !shows;
            self.redraw(out);
        }
    }
}

impl Protocol for Terminal {
    fn key(&self) -> &'static str {
        "ssh"
    }

    fn flags(&self) -> &Flags {
        &self.flags
    }

    fn set_flags(&mut self, flags: Flags) {
        self.flags = flags;
    }

    /// Everything is known. A command waits until the game has said what it says to whoever comes in: an input that
    /// does nothing shows when it has.
    fn connect(&mut self, _now: Time, out: &mut Outbox) {
        out.ready();
        if let Errand::Command(_) = self.errand {
            out.input(tuple("text").arg(Value::Null));
            out.mark();
        }
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox) {
        for byte in bytes {
            if self.errand == Errand::Leave {
                return;
            }
            if let Some(key) = self.keys.next(*byte) {
                self.press(key, now, out);
            }
        }
    }

    fn resize(&mut self, columns: u32, lines: u32, out: &mut Outbox) {
        if set_window(&mut self.flags, columns, lines) {
            out.flags_changed();
            self.redraw(out);
        }
    }

    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        if tuple.has_option("send_prompt") {
            return self.send_prompt(tuple, render, out);
        }
        self.take_echo(tuple, out);
        if self.is_heard() && tuple.args.first() != Some(&Value::Null) {
            let rendering = self.rendering(tuple);
            self.print(render.text(rendering), out);
        }
    }

    /// The last line of a prompt stands before what is typed, until it is answered or another takes its place.
    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        if self.screen == Screen::None {
            let tuple = tuple.clone().with_option("send_prompt", false);
            return self.send_text(&tuple, render, out);
        }
        self.take_echo(tuple, out);
        if !self.is_heard() || tuple.args.first() == Some(&Value::Null) {
            return;
        }
        let plain = strip(render.source());
        let last = plain.rsplit('\n').next().unwrap_or_default();
        let rendering = self.rendering(tuple);
        let said = render.text(rendering).to_owned();
        self.row.hide(self.screen, out);
        let prompt = match said.rsplit_once('\n') {
            Some((above, prompt)) => {
                out.transmit(self.lines(above).as_bytes());
                out.transmit(b"\r\n");
                prompt
            }
            None => &said,
        };
        self.row.set_prompt(prompt.to_owned(), last.width());
        self.redraw(out);
    }

    /// Terminals take no data. Evennia drops it as well.
    fn send_default(&mut self, _tuple: &CommandTuple, _out: &mut Outbox) {}

    fn at_login(&mut self, _out: &mut Outbox) {
        self.typist = Typist::Player;
    }

    fn at_mark(&mut self, out: &mut Outbox) {
        match std::mem::replace(&mut self.errand, Errand::Play) {
            Errand::Play => {}
            Errand::Command(command) => {
                self.errand = Errand::Doing;
                if command.chars().count() > self.settings.line_limit {
                    self.say(MAX_CHAR_LIMIT_WARNING, out);
                    return out.close("its command was too long");
                }
                out.input(text(clean_input(&command)));
                out.mark();
            }
            Errand::Doing => out.close("its command is done"),
            Errand::Leave => out.close("the player left (Ctrl-D)"),
        }
    }

    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        self.editor.finish();
        self.row.drop_prompt();
        if !reason.is_empty() {
            self.send_text(&text(reason), &mut Render::new(reason), out);
        }
        out.close("the game ended the connection");
    }

    fn describe(&self) -> Vec<(String, String)> {
        let terminal = match self.screen {
            Screen::Cursor => "line editor",
            Screen::Dumb => "line editor, without control sequences",
            Screen::None => "none",
        };
        vec![("software".to_owned(), self.client.clone()), ("terminal".to_owned(), terminal.to_owned())]
    }

    fn deadline(&self) -> Option<Time> {
        self.leaves_at
    }

    fn timeout(&mut self, _now: Time, out: &mut Outbox) {
        self.leaves_at = None;
        out.close("the player left (Ctrl-D)");
    }
}

/// Takes over a window's size as far as it is told; says whether anything changed.
fn set_window(flags: &mut Flags, columns: u32, lines: u32) -> bool {
    let before = (flags.screenwidth, flags.screenheight);
    let size = |told: u32, range: std::ops::RangeInclusive<u16>, old: u16| match told {
        0 => old,
        told => u16::try_from(told).unwrap_or(u16::MAX).clamp(*range.start(), *range.end()),
    };
    flags.screenwidth = size(columns, Flags::WIDTHS, flags.screenwidth);
    flags.screenheight = size(lines, Flags::HEIGHTS, flags.screenheight);
    (flags.screenwidth, flags.screenheight) != before
}

/// The beginning of what a client calls something, without what could do harm.
fn kept(name: &str, limit: usize) -> String {
    name.chars().filter(char::is_ascii_graphic).take(limit).collect()
}
