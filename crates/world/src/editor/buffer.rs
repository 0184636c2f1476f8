//! The lines that are edited. Every change goes through [`Buffer::replace`], which keeps the limits and what is needed to
//! undo it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Result, Stop, say};

/// Bytes that an edited text may have, line ends included.
pub const EDITOR_BYTES: usize = 32 * 1024;
/// Lines that an edited text may have.
pub const EDITOR_LINES: usize = 1000;
/// Changes that can be undone.
pub const EDITOR_UNDOS: usize = 50;
/// Bytes that all changes which can be undone or redone may hold; the oldest go first.
pub const EDITOR_UNDO_BYTES: usize = 32 * 1024;

/// Lines, and the changes that led to them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Buffer {
    lines: Vec<String>,
    undo: Vec<Change>,
    redo: Vec<Change>,
}

/// Some lines that became others.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Change {
    at: usize,
    old: Vec<String>,
    new: Vec<String>,
}

impl Buffer {
    pub(super) fn new(text: &str) -> Result<Buffer> {
        let lines = lines_of(text);
        check(bytes(&lines), lines.len())?;
        Ok(Buffer { lines, ..Buffer::default() })
    }

    pub(super) fn lines(&self) -> &[String] {
        &self.lines
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn text(&self) -> String {
        self.lines.join("\n")
    }

    /// Puts lines in place of others.
    ///
    /// # Errors
    /// The text would be too long; nothing has changed.
    pub(super) fn replace(&mut self, range: Range<usize>, new: Vec<String>) -> Result {
        let old = &self.lines[range.clone()];
        check(bytes(&self.lines) - bytes(old) + bytes(&new), self.lines.len() - old.len() + new.len())?;
        // Most changes are of a line or two among many.
        let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let (old, mut new) = (&old[same..], new[same..].to_vec());
        let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
        new.truncate(new.len() - tail);
        let change = Change { at: range.start + same, old: old[..old.len() - tail].to_vec(), new };
        if change.old == change.new {
            return Ok(());
        }
        change.apply(&mut self.lines);
        self.redo.clear();
        self.undo.push(change);
        while self.undo.len() > EDITOR_UNDOS
            || self.undo.iter().map(Change::bytes).sum::<usize>() > EDITOR_UNDO_BYTES
        {
            self.undo.remove(0);
        }
        Ok(())
    }

    /// Takes the last change back. False if there is none.
    pub(super) fn undo(&mut self) -> bool {
        let Some(change) = self.undo.pop() else { return false };
        change.turned().apply(&mut self.lines);
        self.redo.push(change);
        true
    }

    /// Makes the last change that was taken back once more.
    pub(super) fn redo(&mut self) -> bool {
        let Some(change) = self.redo.pop() else { return false };
        change.apply(&mut self.lines);
        self.undo.push(change);
        true
    }
}

impl Change {
    fn apply(&self, lines: &mut Vec<String>) {
        lines.splice(self.at..self.at + self.old.len(), self.new.iter().cloned());
    }

    fn turned(&self) -> Change {
        Change { at: self.at, old: self.new.clone(), new: self.old.clone() }
    }

    fn bytes(&self) -> usize {
        bytes(&self.old) + bytes(&self.new)
    }
}

/// A text as lines; an empty one has none.
pub(super) fn lines_of(text: &str) -> Vec<String> {
    if text.is_empty() {
        Vec::new()
    } else {
        text.split('\n').map(|line| line.trim_end().to_owned()).collect()
    }
}

fn bytes(lines: &[String]) -> usize {
    lines.iter().map(|line| line.len() + 1).sum()
}

fn check(bytes: usize, lines: usize) -> Result {
    if bytes > EDITOR_BYTES || lines > EDITOR_LINES { Err(too_long()) } else { Ok(()) }
}

pub(super) fn too_long() -> Stop {
    say(format!(
        "That would be too long: a text can have {} KiB and {EDITOR_LINES} lines. Nothing was changed.",
        EDITOR_BYTES / 1024
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(length: usize) -> Vec<String> {
        vec!["x".repeat(length)]
    }

    #[test]
    fn as_long_as_the_limit_and_not_longer() {
        let mut buffer = Buffer::default();
        assert!(buffer.replace(0..0, line(EDITOR_BYTES)).is_err());
        assert!(buffer.replace(0..0, line(EDITOR_BYTES - 1)).is_ok());
        assert!(buffer.replace(1..1, line(0)).is_err());
        assert!(buffer.replace(0..1, vec![String::new(); EDITOR_LINES]).is_ok());
        assert!(buffer.replace(0..0, line(0)).is_err());
        assert_eq!(buffer.len(), EDITOR_LINES);
    }

    #[test]
    fn changes_are_undone_and_redone_as_far_as_they_are_kept() {
        let mut buffer = Buffer::new("a\nb\nc").unwrap_or_default();
        for at in 0..=EDITOR_UNDOS {
            assert!(buffer.replace(1..2, vec![at.to_string()]).is_ok());
        }
        while buffer.undo() {}
        assert_eq!(buffer.text(), "a\n0\nc", "the first change is too long ago");
        while buffer.redo() {}
        assert_eq!(buffer.text(), format!("a\n{EDITOR_UNDOS}\nc"));
        assert!(buffer.undo() && buffer.replace(0..1, Vec::new()).is_ok());
        assert!(!buffer.redo(), "what was undone is another story now");
    }

    #[test]
    fn what_can_be_undone_has_a_size() {
        let mut buffer = Buffer::default();
        for fill in ["a", "b", "c", "d"] {
            assert!(buffer.replace(0..buffer.len(), vec![fill.repeat(EDITOR_UNDO_BYTES / 4)]).is_ok());
        }
        let kept: usize = buffer.undo.iter().map(Change::bytes).sum();
        assert!(kept <= EDITOR_UNDO_BYTES && !buffer.undo.is_empty(), "{kept}");
    }
}
