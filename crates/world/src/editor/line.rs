//! What a line that is typed into the editor means.

use std::ops::Range;

use crate::{Result, say, text};

/// One line that was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// Text to be added.
    Text(&'t str),
    /// A command: its name without the colon, and what follows it.
    Command(&'t str, &'t str),
}

impl<'t> Line<'t> {
    pub(super) fn read(typed: &'t str) -> Line<'t> {
        if typed.contains('\n') {
            return Line::Text(typed);
        }
        let Some(rest) = typed.trim_start().strip_prefix(':') else { return Line::Text(typed) };
        if let Some(escaped) = rest.strip_prefix("::") {
            // The third colon is the text's.
            return Line::Text(&rest[rest.len() - escaped.len() - 1..]);
        }
        let is_name = |c: char| c.is_ascii_alphabetic() || "!=<>".contains(c);
        let end = match rest.strip_prefix(':') {
            Some(_) => 1,
            None => rest.find(|c| !is_name(c)).unwrap_or(rest.len()),
        };
        let (name, args) = rest.split_at(end);
        Line::Command(name, args)
    }
}

/// What follows a command: lines, then words.
pub(super) struct Args<'t> {
    /// The lines that were named, counted from 0.
    pub(super) range: Option<Range<usize>>,
    /// What follows them, as it was typed.
    pub(super) rest: &'t str,
}

impl<'t> Args<'t> {
    /// `2 text`, `2:4`, `:4`, `2:` of a buffer with so many lines.
    ///
    /// # Errors
    /// There are no such lines.
    pub(super) fn read(args: &'t str, lines: usize) -> Result<Args<'t>> {
        let args = args.trim_start();
        let (word, rest) = args.split_once(char::is_whitespace).unwrap_or((args, ""));
        let (from, to) = word.split_once(':').unwrap_or((word, word));
        let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(from) || !is_number(to) || (from.is_empty() && to.is_empty()) {
            return Ok(Args { range: None, rest: args });
        }
        let first = if from.is_empty() { Some(1) } else { from.parse().ok() };
        let last = if to.is_empty() { Some(lines) } else { to.parse().ok() };
        match (first, last) {
            (Some(first), Some(last)) if 1 <= first && first <= last && last <= lines => {
                Ok(Args { range: Some(first - 1..last), rest })
            }
            _ => Err(say(format!("There are no such lines: {}. There are {lines}.", text::escape(word)))),
        }
    }

    /// The one line that was named.
    ///
    /// # Errors
    /// None was, or several.
    pub(super) fn line(&self) -> Result<usize> {
        match &self.range {
            Some(range) if range.len() == 1 => Ok(range.start),
            _ => Err(say("Which line? Give its number.")),
        }
    }

    /// The rest as words; `"two words"` in quotes are one.
    pub(super) fn words(&self) -> Vec<String> {
        text::words(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_begin_with_a_colon() {
        for (typed, read) in [
            ("text", Line::Text("text")),
            ("  indented", Line::Text("  indented")),
            ("", Line::Text("")),
            (":", Line::Command("", "")),
            (": 2", Line::Command("", " 2")),
            (":2", Line::Command("", "2")),
            ("::", Line::Command(":", "")),
            ("::3", Line::Command(":", "3")),
            (":::", Line::Text(":")),
            (":::wq", Line::Text(":wq")),
            (":q!", Line::Command("q!", "")),
            (":s a b", Line::Command("s", " a b")),
            (":)", Line::Command("", ")")),
            ("a\n:q", Line::Text("a\n:q")),
        ] {
            assert_eq!(Line::read(typed), read, "{typed:?}");
        }
    }

    #[test]
    fn lines_are_counted_from_one() {
        let range = |args| Args::read(args, 5).ok().map(|args| args.range);
        assert_eq!(range("2 text"), Some(Some(1..2)));
        assert_eq!(range("2:4"), Some(Some(1..4)));
        assert_eq!(range(":4"), Some(Some(0..4)));
        assert_eq!(range("4:"), Some(Some(3..5)));
        assert_eq!(range("text"), Some(None));
        assert_eq!(range(":"), Some(None));
        for none in ["0", "6", "4:2", "2:6", "99999999999999999999"] {
            assert_eq!(range(none), None, "{none}");
        }
    }
}
