//! Text of a client to lines. `Telnet` hands it the data of the stream, without telnet's commands.
//!
//! Line ends are taken as every client sends them: CR LF, CR NUL (RFC 854), LF, LF CR, and CR alone, which
//! ends the line at once. A run of CRs with one LF (CR CR LF) is one line end.

use super::charset::Charset;

/// What a line end completed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The line, without its end.
    Text(Vec<u8>),
    /// A line that was longer than the limit; it is gone.
    TooLong,
}

/// The line that is being typed. It holds no memory while there is none.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
    too_long: bool,
    after: After,
}

/// What came last, as far as it matters to line ends.
#[derive(Debug, Default, Clone, Copy)]
enum After {
    #[default]
    Text,
    /// A CR, which has ended a line, and so many more: line ends too, unless a LF shows that all are one.
    Cr(u8),
    /// A LF that was not part of CR LF.
    Lf,
}

const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;

impl Lines {
    /// Whether nothing has been typed since the last line end.
    pub(super) fn is_empty(&self) -> bool {
        self.pending.is_empty() && !self.too_long
    }

    /// The next complete line, and `data` moved past it; nothing when the data is used up. A line may have
    /// `limit` bytes.
    pub(super) fn next(&mut self, data: &mut &[u8], limit: usize, charset: Charset) -> Option<Line> {
        while let Some((&byte, rest)) = data.split_first() {
            if let After::Cr(held @ 1..) = self.after
                && !matches!(byte, b'\r' | b'\n')
            {
                self.after = After::Cr(held - 1);
                return Some(self.end());
            }
            *data = rest;
            match (byte, std::mem::take(&mut self.after)) {
                (b'\r', After::Lf) | (b'\n', After::Cr(_)) | (0, _) => {}
                (b'\r', After::Text) => {
                    self.after = After::Cr(0);
                    return Some(self.end());
                }
                (b'\r', After::Cr(u8::MAX)) => {
                    self.after = After::Cr(u8::MAX);
                    return Some(self.end());
                }
                (b'\r', After::Cr(held)) => self.after = After::Cr(held + 1),
                (b'\n', _) => {
                    self.after = After::Lf;
                    return Some(self.end());
                }
                (BACKSPACE | DELETE, _) => self.erase_character(charset),
                _ => {
                    let run = rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len());
                    let (text, rest) = rest.split_at(run);
                    *data = rest;
                    self.push(&[byte], limit);
                    self.push(text, limit);
                }
            }
        }
        None
    }

    /// Takes back the last character.
    pub(super) fn erase_character(&mut self, charset: Charset) {
        self.pending.truncate(charset.last_character(&self.pending));
        if self.pending.is_empty() {
            self.pending = Vec::new();
        }
    }

    /// Takes back everything since the last line end.
    pub(super) fn erase_line(&mut self) {
        self.pending = Vec::new();
        self.too_long = false;
    }

    fn push(&mut self, text: &[u8], limit: usize) {
        if self.too_long || self.pending.len() + text.len() > limit {
            self.pending = Vec::new();
            self.too_long = true;
        } else {
            self.pending.extend_from_slice(text);
        }
    }

    fn end(&mut self) -> Line {
        let pending = std::mem::take(&mut self.pending);
        if std::mem::take(&mut self.too_long) { Line::TooLong } else { Line::Text(pending) }
    }
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | 0 | BACKSPACE | DELETE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 20;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for mut piece in pieces.iter().copied() {
            while let Some(line) = lines.next(&mut piece, LIMIT, Charset::Utf8) {
                seen.push(match line {
                    Line::Text(bytes) => String::from_utf8(bytes).unwrap(),
                    Line::TooLong => "(too long)".to_owned(),
                });
            }
        }
        seen
    }

    fn check(stream: &[u8], expected: &[&str]) {
        for cut in 0..=stream.len() {
            assert_eq!(lines(&[&stream[..cut], &stream[cut..]]), expected, "{stream:?} cut at {cut}");
        }
    }

    #[test]
    fn every_line_end() {
        check(b"a\r\nb\r\n", &["a", "b"]);
        check(b"a\r\0b\r\0", &["a", "b"]);
        check(b"a\nb\n", &["a", "b"]);
        check(b"a\n\rb\n\r", &["a", "b"]);
        check(b"a\rb\r", &["a", "b"]);
        check(b"a\r\r\nb\r\r\r\nc", &["a", "b"]);
    }

    #[test]
    fn empty_lines_are_lines() {
        check(b"\r\n\r\n", &["", ""]);
        check(b"\n\n", &["", ""]);
        check(b"\r\0\r\0", &["", ""]);
        check(b"a\r\r\rb", &["a", "", ""]);
        check(b"a\r\r\0b\r", &["a", "", "b"]);
    }

    #[test]
    fn a_long_run_of_carriage_returns_is_not_kept() {
        assert_eq!(lines(&[&[b'\r'; 300]]).len(), 300 - 255);
    }

    #[test]
    fn nul_is_nothing() {
        check(b"\0\0a\0b\r\n", &["ab"]);
    }

    #[test]
    fn what_is_taken_back_is_not_sent() {
        check("lok\x08ok\r\n".as_bytes(), &["look"]);
        check("caf\u{e9}\x7fe\r\n".as_bytes(), &["cafe"]);
        check(b"\x08\x08a\x08\x08\r\n", &[""]);
    }

    #[test]
    fn a_line_at_the_limit_and_one_past_it() {
        let (fits, long) = ("x".repeat(LIMIT), "x".repeat(LIMIT + 1));
        check(format!("{fits}\r\na\r\n").as_bytes(), &[&fits, "a"]);
        check(format!("{long}\r\na\r\n").as_bytes(), &["(too long)", "a"]);
    }

    #[test]
    fn a_line_that_was_too_long_can_be_erased() {
        let mut lines = Lines::default();
        assert_eq!(lines.next(&mut &[b'x'; LIMIT + 1][..], LIMIT, Charset::Utf8), None);
        assert!(!lines.is_empty());
        lines.erase_line();
        assert!(lines.is_empty());
        assert_eq!(lines.next(&mut &b"look\n"[..], LIMIT, Charset::Utf8), Some(Line::Text(b"look".to_vec())));
    }

    #[test]
    fn no_memory_is_held_between_lines() {
        let mut lines = Lines::default();
        let mut data: &[u8] = b"look\r\nab\x08\x08";
        while lines.next(&mut data, LIMIT, Charset::Utf8).is_some() {}
        assert_eq!(lines.pending.capacity(), 0);
    }
}
