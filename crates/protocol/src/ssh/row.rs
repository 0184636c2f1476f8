//! The row of the screen in which a line is typed. [`super::Terminal`] has it shown, and hidden while something
//! else is printed.
//!
//! It is always one row: a line that is longer is moved sideways, so that it can be taken away without knowing how the
//! terminal would have wrapped it, whatever becomes of the window meanwhile.

use std::fmt::Write as _;

use super::editor::columns;
use crate::Outbox;

/// Fewest columns that are left for typing; a prompt that leaves fewer gets a row of its own.
const LEAST_ROOM: usize = 10;

/// What a terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Screen {
    /// It takes ECMA-48's control sequences.
    Cursor,
    /// It only prints.
    Dumb,
    /// There is none: a program reads what is sent, and nothing is shown of what it sends.
    None,
}

/// The row, and what is on it.
#[derive(Debug, Default)]
pub(super) struct Row {
    prompt: String,
    prompt_columns: usize,
    /// The first character of the line that is shown.
    start: usize,
    /// How many columns are in use.
    used: usize,
    is_shown: bool,
}

/// A line as it is to be seen.
pub(super) struct Shown<'a> {
    /// Its characters, as they are to be shown.
    pub(super) line: &'a [char],
    /// Before which of them the cursor is.
    pub(super) cursor: usize,
    /// Columns of the window.
    pub(super) width: usize,
}

impl Row {
    /// What stands before the line from now on, ready for a terminal, and its width in columns.
    pub(super) fn set_prompt(&mut self, prompt: String, columns: usize) {
        self.prompt = prompt;
        self.prompt_columns = columns;
    }

    /// The prompt has been answered.
    pub(super) fn drop_prompt(&mut self) {
        self.prompt = String::new();
        self.prompt_columns = 0;
    }

    /// Takes it off the screen; the cursor is at the begin of an empty row then.
    pub(super) fn hide(&mut self, screen: Screen, out: &mut Outbox) {
        if !std::mem::take(&mut self.is_shown) {
            return;
        }
        match screen {
            Screen::Cursor => out.transmit(b"\r\x1b[K"),
            Screen::Dumb => out.transmit(format!("\r{:1$}\r", "", self.used).as_bytes()),
            Screen::None => {}
        }
    }

    /// Shows prompt and line, if there are any, on a row that is empty or has an older state of them.
    pub(super) fn show(&mut self, shown: &Shown<'_>, screen: Screen, out: &mut Outbox) {
        let is_empty = self.prompt.is_empty() && shown.line.is_empty();
        if screen == Screen::None || (is_empty && !self.is_shown) {
            return;
        }
        if self.prompt_columns + LEAST_ROOM > shown.width && !self.prompt.is_empty() {
            self.hide(screen, out);
            out.transmit(self.prompt.as_bytes());
            out.transmit(b"\r\n");
            self.drop_prompt();
        }
        // The last column stays free: terminals differ in what they do when it is written to.
        let room = shown.width.saturating_sub(self.prompt_columns + 1);
        self.scroll(shown, room);
        let visible = fitting(&shown.line[self.start..], room);
        let end = self.start + visible;
        let before = columns_of(&shown.line[self.start..shown.cursor]);
        let after = columns_of(&shown.line[shown.cursor..end]);

        let mut row = format!("\r{}", self.prompt);
        row.extend(&shown.line[self.start..end]);
        let used = self.prompt_columns + before + after;
        match screen {
            Screen::Cursor => {
                row.push_str("\x1b[K");
                if after > 0 {
                    let _ = write!(row, "\x1b[{after}D");
                }
            }
            _ => {
                let rest = self.used.saturating_sub(used);
                row.push_str(&" ".repeat(rest));
                row.push_str(&"\x08".repeat(rest + after));
            }
        }
        out.transmit(row.as_bytes());
        (self.is_shown, self.used) = (true, used);
    }

    /// As [`Row::show`], after a character was put at the end of the line: mostly that is all there is to send.
    pub(super) fn show_typed(&mut self, shown: &Shown<'_>, screen: Screen, out: &mut Outbox) {
        let room = shown.width.saturating_sub(self.prompt_columns + 1);
        let fits = self.start == 0 && columns_of(shown.line) <= room;
        match shown.line.last() {
            Some(last) if self.is_shown && fits && shown.cursor == shown.line.len() => {
                out.transmit(last.encode_utf8(&mut [0; 4]).as_bytes());
                self.used += columns(*last);
            }
            _ => self.show(shown, screen, out),
        }
    }

    /// Leaves the line where it is, in full, with a mark at its end, and goes to the next row.
    pub(super) fn finish(&mut self, shown: &Shown<'_>, mark: &str, screen: Screen, out: &mut Outbox) {
        if screen == Screen::None {
            return;
        }
        let whole = Shown { cursor: shown.line.len(), width: usize::MAX, ..*shown };
        self.start = 0;
        if self.used != self.prompt_columns + columns_of(shown.line) || shown.cursor != shown.line.len() {
            self.show(&whole, screen, out);
        }
        out.transmit(mark.as_bytes());
        out.transmit(b"\r\n");
        (self.is_shown, self.used) = (false, 0);
    }

    /// Moves the line so that the cursor is visible.
    fn scroll(&mut self, shown: &Shown<'_>, room: usize) {
        if columns_of(shown.line) <= room {
            self.start = 0;
            return;
        }
        if shown.cursor < self.start {
            // Half a row of what is before it.
            self.start = shown.cursor;
            let mut left = room / 2;
            while self.start > 0 && columns(shown.line[self.start - 1]) <= left {
                left -= columns(shown.line[self.start - 1]);
                self.start -= 1;
            }
        }
        self.start = self.start.min(shown.line.len());
        let mut before = columns_of(&shown.line[self.start..shown.cursor]);
        while before > room {
            before -= columns(shown.line[self.start]);
            self.start += 1;
        }
    }
}

fn columns_of(line: &[char]) -> usize {
    line.iter().copied().map(columns).sum()
}

/// How many of the characters have room in so many columns.
fn fitting(line: &[char], room: usize) -> usize {
    let mut used = 0;
    line.iter()
        .take_while(|char| {
            used += columns(**char);
            used <= room
        })
        .count()
}
