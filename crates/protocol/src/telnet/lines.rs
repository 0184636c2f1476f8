//! Text of a client to lines. `Telnet` hands it the data of the stream, without telnet's commands.
//!
//! Line ends are taken as every client sends them: CR LF, CR NUL (RFC 854), LF, LF CR, and CR alone, which
//! ends the line at once. A run of CRs with one LF (CR CR LF) is one line end.

use super::encoding::Encoding;

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
    pub(super) fn next(&mut self, data: &mut &[u8], limit: usize, encoding: Encoding) -> Option<Line> {
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
                (BACKSPACE | DELETE, _) => self.backspace(encoding, limit),
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

    /// Takes back the last character, at once or when the line is decoded.
    pub(super) fn backspace(&mut self, encoding: Encoding, limit: usize) {
        if !encoding.erases_bytes() {
            return self.push(&[BACKSPACE], limit);
        }
        self.pending.truncate(encoding.last_character(&self.pending));
        if self.pending.is_empty() {
            self.pending = Vec::new();
        }
    }

    /// Takes back everything since the last line end.
    pub(super) fn erase_line(&mut self) {
        self.pending = Vec::new();
        self.too_long = false;
    }

    /// The character set has changed: what was typed before was in the old one.
    pub(super) fn recode(&mut self, old: Encoding, new: Encoding, limit: usize) {
        if !self.pending.is_empty() {
            let text = old.decode(std::mem::take(&mut self.pending));
            self.push(&new.encode(&text), limit);
        }
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
            while let Some(line) = lines.next(&mut piece, LIMIT, Encoding::Utf8) {
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
    fn where_a_character_has_no_known_begin_it_is_taken_back_later() {
        let big5 = Encoding::from_name("big5").unwrap();
        let mut lines = Lines::default();
        let line = lines.next(&mut &b"\xa4\xe9\xa4\xe9\x7f\n"[..], LIMIT, big5);
        let Some(Line::Text(bytes)) = line else { panic!("{line:?}") };
        assert_eq!(big5.decode(bytes), "\u{65e5}");
    }

    #[test]
    fn what_was_typed_survives_a_change_of_the_character_set() {
        let mut lines = Lines::default();
        assert_eq!(lines.next(&mut &b"caf\xe9"[..], LIMIT, Encoding::Latin1), None);
        lines.recode(Encoding::Latin1, Encoding::Utf8, LIMIT);
        let line = lines.next(&mut "s\u{e9}\n".as_bytes(), LIMIT, Encoding::Utf8);
        assert_eq!(line, Some(Line::Text("caf\u{e9}s\u{e9}".into())));

        assert_eq!(lines.next(&mut &[0xe9; LIMIT][..], LIMIT, Encoding::Latin1), None);
        lines.recode(Encoding::Latin1, Encoding::Utf8, LIMIT);
        assert_eq!(lines.next(&mut &b"\n"[..], LIMIT, Encoding::Utf8), Some(Line::TooLong));
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
        assert_eq!(lines.next(&mut &[b'x'; LIMIT + 1][..], LIMIT, Encoding::Utf8), None);
        assert!(!lines.is_empty());
        lines.erase_line();
        assert!(lines.is_empty());
        assert_eq!(
            lines.next(&mut &b"look\n"[..], LIMIT, Encoding::Utf8),
            Some(Line::Text(b"look".to_vec()))
        );
    }

    #[test]
    fn no_memory_is_held_between_lines() {
        let mut lines = Lines::default();
        let mut data: &[u8] = b"look\r\nab\x08\x08";
        while lines.next(&mut data, LIMIT, Encoding::Utf8).is_some() {}
        assert_eq!(lines.pending.capacity(), 0);
    }
}
