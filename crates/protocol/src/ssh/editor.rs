//! The line that is being typed: its characters, the cursor, and the lines before it. [`super::Terminal`] tells
//! it what was pressed, and shows it.

use std::collections::VecDeque;

use unicode_width::UnicodeWidthChar as _;

/// Most lines that are remembered.
pub(super) const HISTORY_LINES: usize = 100;
/// Most bytes of all lines that are remembered.
pub(super) const HISTORY_BYTES: usize = 16 * 1024;

/// A line, and the cursor in it. It holds no memory while it is empty, but for the history.
#[derive(Debug, Default)]
pub(super) struct Editor {
    line: Vec<char>,
    /// Before which character the cursor stands.
    cursor: usize,
    history: VecDeque<Box<str>>,
    history_bytes: usize,
    /// Which of the history is shown, counted from its end, with the line that was being typed.
    recalled: Option<(usize, Vec<char>)>,
    killed: Vec<char>,
}

/// How far something reaches from the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// One character, with all that is put upon it.
    Char,
    /// To the other end of the word.
    Word,
    /// To the end of the line.
    Line,
}

/// In which direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Left,
    Right,
}

/// There is no room for it, or nothing there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CannotDo;

impl Editor {
    pub(super) fn line(&self) -> &[char] {
        &self.line
    }

    pub(super) fn cursor(&self) -> usize {
        self.cursor
    }

    /// Puts a character before the cursor, if the line has fewer than `limit`.
    pub(super) fn insert(&mut self, char: char, limit: usize) -> Result<(), CannotDo> {
        if self.line.len() >= limit {
            return Err(CannotDo);
        }
        self.line.insert(self.cursor, char);
        self.cursor += 1;
        Ok(())
    }

    /// Moves the cursor.
    pub(super) fn go(&mut self, way: Way, reach: Reach) -> Result<(), CannotDo> {
        let to = self.reached(way, reach);
        if to == self.cursor {
            return Err(CannotDo);
        }
        self.cursor = to;
        Ok(())
    }

    /// Takes characters away. Words and lines can be put back.
    pub(super) fn take(&mut self, way: Way, reach: Reach) -> Result<(), CannotDo> {
        let to = self.reached(way, reach);
        if to == self.cursor {
            return Err(CannotDo);
        }
        let range = to.min(self.cursor)..to.max(self.cursor);
        self.cursor = range.start;
        let taken: Vec<char> = self.line.drain(range).collect();
        if reach != Reach::Char {
            self.killed = taken;
        }
        if self.line.is_empty() {
            self.line = Vec::new();
        }
        Ok(())
    }

    /// Puts back what was taken away last.
    pub(super) fn yank(&mut self, limit: usize) -> Result<(), CannotDo> {
        if self.killed.is_empty() || self.line.len() + self.killed.len() > limit {
            return Err(CannotDo);
        }
        self.line.splice(self.cursor..self.cursor, self.killed.iter().copied());
        self.cursor += self.killed.len();
        Ok(())
    }

    /// Shows the line before (`Left`) or after the one that is shown.
    pub(super) fn recall(&mut self, way: Way) -> Result<(), CannotDo> {
        let at = self.recalled.as_ref().map_or(0, |(at, _)| *at);
        let to = match way {
            Way::Left if at < self.history.len() => at + 1,
            Way::Right if at > 0 => at - 1,
            _ => return Err(CannotDo),
        };
        let typed = match self.recalled.take() {
            Some((_, typed)) => typed,
            None => std::mem::take(&mut self.line),
        };
        match to {
            0 => self.line = typed,
            _ => {
                let line = &self.history[self.history.len() - to];
                self.line = line.chars().collect();
                self.recalled = Some((to, typed));
            }
        }
        self.cursor = self.line.len();
        Ok(())
    }

    /// Takes the line, which is done.
    pub(super) fn finish(&mut self) -> String {
        self.recalled = None;
        self.cursor = 0;
        std::mem::take(&mut self.line).into_iter().collect()
    }

    /// Remembers a line, unless it is the last one again.
    pub(super) fn remember(&mut self, line: &str) {
        let repeats = self.history.back().is_some_and(|last| **last == *line);
        if line.trim().is_empty() || repeats || line.len() > HISTORY_BYTES {
            return;
        }
        self.history.push_back(line.into());
        self.history_bytes += line.len();
        while self.history.len() > HISTORY_LINES || self.history_bytes > HISTORY_BYTES {
            let Some(oldest) = self.history.pop_front() else { return };
            self.history_bytes -= oldest.len();
        }
    }

    /// Forgets what was taken away: it may have been a secret.
    pub(super) fn forget_killed(&mut self) {
        self.killed = Vec::new();
    }

    fn reached(&self, way: Way, reach: Reach) -> usize {
        let (line, at) = (&self.line, self.cursor);
        match (way, reach) {
            (Way::Left, Reach::Line) => 0,
            (Way::Right, Reach::Line) => line.len(),
            (Way::Left, Reach::Char) => {
                let mut to = at.saturating_sub(1);
                while to > 0 && is_put_upon(line[to]) {
                    to -= 1;
                }
                to
            }
            (Way::Right, Reach::Char) => {
                let mut to = (at + 1).min(line.len());
                while to < line.len() && is_put_upon(line[to]) {
                    to += 1;
                }
                to
            }
            (Way::Left, Reach::Word) => {
                let before = line[..at].iter().rposition(|char| !char.is_whitespace()).map_or(0, |at| at + 1);
                line[..before].iter().rposition(|char| char.is_whitespace()).map_or(0, |at| at + 1)
            }
            (Way::Right, Reach::Word) => {
                let skipped = line[at..].iter().take_while(|char| char.is_whitespace()).count();
                let word = line[at + skipped..].iter().take_while(|char| !char.is_whitespace()).count();
                at + skipped + word
            }
        }
    }
}

/// How many columns a character takes.
pub(super) fn columns(char: char) -> usize {
    char.width().unwrap_or(0)
}

/// Accents and the like have no column of their own.
fn is_put_upon(char: char) -> bool {
    columns(char) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(line: &str) -> Editor {
        let mut editor = Editor::default();
        for char in line.chars() {
            editor.insert(char, usize::MAX).unwrap();
        }
        editor
    }

    /// The line with `^` where the cursor is.
    fn shown(editor: &Editor) -> String {
        let (left, right) = editor.line.split_at(editor.cursor);
        left.iter().chain(&['^']).chain(right).collect()
    }

    #[test]
    fn words_are_crossed_and_taken() {
        let mut editor = editor("give  rose to Ann ");
        editor.go(Way::Left, Reach::Word).unwrap();
        assert_eq!(shown(&editor), "give  rose to ^Ann ");
        editor.take(Way::Left, Reach::Word).unwrap();
        assert_eq!(shown(&editor), "give  rose ^Ann ");
        editor.go(Way::Left, Reach::Line).unwrap();
        editor.go(Way::Right, Reach::Word).unwrap();
        assert_eq!(shown(&editor), "give^  rose Ann ");
        editor.take(Way::Right, Reach::Word).unwrap();
        assert_eq!(shown(&editor), "give^ Ann ");
        editor.yank(usize::MAX).unwrap();
        assert_eq!(shown(&editor), "give  rose^ Ann ");
        editor.take(Way::Right, Reach::Line).unwrap();
        editor.take(Way::Left, Reach::Line).unwrap();
        assert_eq!(shown(&editor), "^");
        for way in [Way::Left, Way::Right] {
            for reach in [Reach::Char, Reach::Word, Reach::Line] {
                assert_eq!(editor.go(way, reach), Err(CannotDo));
                assert_eq!(editor.take(way, reach), Err(CannotDo));
            }
        }
    }

    #[test]
    fn an_accent_goes_with_its_letter() {
        let mut editor = editor("e\u{301}\u{65e5}");
        editor.take(Way::Left, Reach::Char).unwrap();
        editor.go(Way::Left, Reach::Char).unwrap();
        assert_eq!(shown(&editor), "^e\u{301}");
        editor.go(Way::Right, Reach::Char).unwrap();
        editor.take(Way::Left, Reach::Char).unwrap();
        assert_eq!(shown(&editor), "^");
    }

    #[test]
    fn the_history_keeps_what_was_being_typed() {
        let mut editor = editor("new");
        assert_eq!(editor.recall(Way::Left), Err(CannotDo));
        for line in ["one", "two", "two", " "] {
            editor.remember(line);
        }
        let mut seen = Vec::new();
        for way in [Way::Left, Way::Left, Way::Left, Way::Right, Way::Right, Way::Right] {
            seen.push(match editor.recall(way) {
                Ok(()) => shown(&editor),
                Err(CannotDo) => "-".to_owned(),
            });
        }
        assert_eq!(seen, ["two^", "one^", "-", "two^", "new^", "-"]);
        editor.recall(Way::Left).unwrap();
        assert_eq!(editor.finish(), "two");
        assert_eq!(shown(&editor), "^");
        assert_eq!(editor.recall(Way::Right), Err(CannotDo), "a line that is done is not being typed");
    }

    #[test]
    fn the_history_has_its_limits() {
        let mut editor = Editor::default();
        for number in 0..=HISTORY_LINES {
            editor.remember(&number.to_string());
        }
        assert_eq!(editor.history.len(), HISTORY_LINES);
        assert_eq!(&*editor.history[0], "1");

        editor.remember(&"x".repeat(HISTORY_BYTES));
        assert_eq!((editor.history.len(), editor.history_bytes), (1, HISTORY_BYTES));
        editor.remember(&"x".repeat(HISTORY_BYTES + 1));
        assert_eq!(editor.history.len(), 1, "one that is too long is not remembered");
        editor.remember("y");
        assert_eq!((editor.history.len(), editor.history_bytes), (1, 1));
    }

    #[test]
    fn a_line_at_its_limit_and_past_it() {
        let mut editor = editor("ab");
        assert_eq!(editor.insert('c', 3), Ok(()));
        assert_eq!(editor.insert('d', 3), Err(CannotDo));
        editor.take(Way::Left, Reach::Line).unwrap();
        assert_eq!(editor.yank(2), Err(CannotDo));
        assert_eq!(editor.yank(3), Ok(()));
        assert_eq!(editor.yank(3), Err(CannotDo));
        assert_eq!(shown(&editor), "abc^");
    }
}
