//! The commands of the editor that show or change lines.

use std::{borrow::Cow, ops::Range};

use regex::{NoExpand, Regex, RegexBuilder};

use crate::{Result, say, text::escape};

use super::{
    Editor,
    buffer::{EDITOR_BYTES, too_long},
    fill::{Align, fill},
    line::Args,
    session::{Editing, INDENT, unknown},
    view,
};

/// Bytes that a compiled pattern may have: it is the player's, and all others wait while it is made and looked for.
const PATTERN_LIMIT: usize = 64 * 1024;
/// Bytes that are looked through for one pattern: there are some of which each match takes the rest of the line.
const LOOKED_THROUGH: usize = 8 * 1024 * 1024;

impl<E: Editor> Editing<E> {
    /// Does what a command says, and gives back what to tell; nothing where the lines are to be shown.
    pub(super) fn edit(&mut self, name: &str, args: &Args<'_>) -> Result<Option<String>> {
        let told = match name {
            "" if args.range.is_none() && !args.rest.is_empty() => return Err(unknown(args.rest)),
            "" => return Ok(None),
            ":" => view::plain(&self.buffer.lines()[self.lines(args)]),
            "u" => self.step("Undone.", "There is nothing to undo.", |editing| editing.buffer.undo())?,
            "uu" => self.step("Redone.", "There is nothing to redo.", |editing| editing.buffer.redo())?,
            "UU" => {
                let original = self.original.clone();
                self.put(0..self.buffer.len(), original, "The text is as it was at first.")?
            }
            "dd" | "DD" | "dw" | "x" => self.delete(name, args)?,
            "y" | "p" => self.copy(name, args)?,
            "i" | "r" | "I" | "A" => self.write(name, args)?,
            "s" => self.substitute(args)?,
            "j" | "f" | "fi" | "fd" => self.lay_out(name, args)?,
            _ => return Err(unknown(name)),
        };
        Ok(Some(told))
    }

    /// The lines that were named, or all.
    pub(super) fn lines(&self, args: &Args<'_>) -> Range<usize> {
        args.range.clone().unwrap_or(0..self.buffer.len())
    }

    fn step(&mut self, done: &str, nothing: &str, step: fn(&mut Self) -> bool) -> Result<String> {
        if !step(self) {
            return Err(say(nothing));
        }
        self.change(|_| Ok(()))?;
        Ok(done.to_owned())
    }

    fn put(&mut self, range: Range<usize>, new: Vec<String>, told: impl Into<String>) -> Result<String> {
        self.change(|buffer| buffer.replace(range, new))?;
        Ok(told.into())
    }

    fn delete(&mut self, name: &str, args: &Args<'_>) -> Result<String> {
        let all = 0..self.buffer.len();
        if all.is_empty() {
            return Err(say("There is nothing to delete."));
        }
        match name {
            "DD" => self.put(all, Vec::new(), "Everything is deleted."),
            "dd" => {
                let lines = args.range.clone().unwrap_or(all.end - 1..all.end);
                self.put(lines.clone(), Vec::new(), format!("Deleted: {}.", named(&lines)))
            }
            "x" => {
                let lines = self.lines(args);
                self.copied = self.buffer.lines()[lines.clone()].to_vec();
                self.put(lines.clone(), Vec::new(), format!("Cut: {}.", named(&lines)))
            }
            _ => match args.words().as_slice() {
                [word] => self.replace_words(self.lines(args), word, ""),
                _ => Err(say("Delete which word? |w:dw|n <l> <w>")),
            },
        }
    }

    fn copy(&mut self, name: &str, args: &Args<'_>) -> Result<String> {
        if name == "y" {
            let lines = self.lines(args);
            self.copied = self.buffer.lines()[lines.clone()].to_vec();
            return Ok(format!("Copied: {}.", named(&lines)));
        }
        if self.copied.is_empty() {
            return Err(say("Nothing was copied yet."));
        }
        let at = args.range.as_ref().map_or(self.buffer.len(), |range| range.end);
        let new = self.copied.clone();
        let lines = at..at + new.len();
        self.put(at..at, new, format!("Put in: {}.", named(&lines)))
    }

    fn write(&mut self, name: &str, args: &Args<'_>) -> Result<String> {
        let at = args.line()?;
        let (line, text) = (&self.buffer.lines()[at], args.rest);
        if text.is_empty() && name != "r" && name != "i" {
            return Err(say("Add what to it?"));
        }
        let (range, new) = match name {
            "i" => (at..at, text.to_owned()),
            "r" => (at..at + 1, text.to_owned()),
            "I" => (at..at + 1, format!("{text}{line}")),
            _ => (at..at + 1, format!("{line}{text}")),
        };
        self.put(range, vec![new], String::new())?;
        Ok(view::numbered(self.buffer.lines(), at..at + 1))
    }

    fn substitute(&mut self, args: &Args<'_>) -> Result<String> {
        match args.words().as_slice() {
            [word, new @ ..] if !new.is_empty() => self.replace_words(self.lines(args), word, &new.join(" ")),
            _ => Err(say("Replace what by what? |w:s|n <l> <w> <text>")),
        }
    }

    fn replace_words(&mut self, range: Range<usize>, word: &str, new: &str) -> Result<String> {
        let pattern = pattern(word)?;
        let lines = &self.buffer.lines()[range.clone()];
        let mut size = 0;
        let mut count = 0;
        let mut patience = LOOKED_THROUGH;
        let mut replaced = Vec::with_capacity(lines.len());
        for line in lines {
            let found = times(&pattern, line, &mut patience)
                .ok_or_else(|| say("That is found too often in too long a line. Nothing was changed."))?;
            count += found;
            // Before it is made: an empty pattern is found everywhere.
            size += line.len() + found * new.len();
            if found > 0 && size > EDITOR_BYTES * 2 {
                return Err(too_long());
            }
            replaced.push(match found {
                0 => line.clone(),
                _ => Cow::into_owned(pattern.replace_all(line, NoExpand(new))),
            });
        }
        if count == 0 {
            return Err(say(format!("'{}' is not found in {}.", escape(word), named(&range))));
        }
        let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
        self.put(range.clone(), replaced, format!("Replaced {times} in {}.", named(&range)))
    }

    fn lay_out(&mut self, name: &str, args: &Args<'_>) -> Result<String> {
        let range = self.lines(args);
        let lines = &self.buffer.lines()[range.clone()];
        let (new, told) = match name {
            "fi" => {
                let indented = lines.iter().map(|line| format!("{INDENT}{line}").trim_end().to_owned());
                (indented.collect(), "Indented")
            }
            "fd" => {
                let taken = lines.iter().map(|line| {
                    let spaces = line.len() - line.trim_start_matches(' ').len();
                    line[spaces.min(INDENT.len())..].to_owned()
                });
                (taken.collect(), "Taken back")
            }
            "f" => (fill(lines, Align::Left), "Filled"),
            _ => {
                let align = Align::from_word(args.rest.trim());
                let align =
                    align.ok_or_else(|| say("Justify how? |wf|null, |wl|neft, |wc|nenter or |wr|night."))?;
                (fill(lines, align), "Justified")
            }
        };
        self.put(range.clone(), new, format!("{told}: {}.", named(&range)))
    }
}

/// A regular expression, or where it is none, the word as it is.
fn pattern(word: &str) -> Result<Regex> {
    let compile = |pattern: &str| RegexBuilder::new(pattern).size_limit(PATTERN_LIMIT).build();
    compile(word)
        .or_else(|_| compile(&regex::escape(word)))
        .map_err(|_| say("That can't be looked for: it is too long."))
}

/// How often a pattern is found; none, if that may take longer than others should wait. A match may take a look at all
/// that is left of the line, and is taken to have done so.
fn times(pattern: &Regex, line: &str, patience: &mut usize) -> Option<usize> {
    let mut count = 0;
    for found in pattern.find_iter(line) {
        *patience = patience.checked_sub(line.len() - found.start())?;
        count += 1;
    }
    *patience = patience.checked_sub(line.len())?;
    Some(count)
}

/// "line 2", "lines 2 to 4".
fn named(lines: &Range<usize>) -> String {
    match lines.len() {
        0 => "nothing".to_owned(),
        1 => format!("line {}", lines.start + 1),
        _ => format!("lines {} to {}", lines.start + 1, lines.end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_found_too_often_in_too_long_a_line_is_not_looked_for_to_the_end() {
        let line = "Z".repeat(EDITOR_BYTES - 1);
        let times = |pattern: &str, line: &str| {
            times(&Regex::new(pattern).unwrap(), line, &mut LOOKED_THROUGH.clone())
        };
        // Each match goes to the end of the line and back.
        assert_eq!(times(".*[^A-Z]|[A-Z]", &line), None);
        assert_eq!(times("Z+", &line), Some(1));
        assert_eq!(times("e", &"the ".repeat(500)), Some(500));
    }
}
