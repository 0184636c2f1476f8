//! Terminal control sequences in text (ECMA-48, ISO 2022): where one ends and what it does.
//! [`super::token`] hands over text that begins with one; so does whoever takes them out of what players type.

/// A control sequence as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence<'a> {
    /// All of it.
    pub text: &'a str,
    /// What it does.
    pub kind: SequenceKind<'a>,
}

/// What a sequence does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SequenceKind<'a> {
    /// `CSI … m`: sets attributes; these are its parameters.
    Sgr(&'a str),
    /// `CSI … z`: an MXP mode (MXP 1.0, "line tags").
    MxpMode,
    /// Anything else a terminal understands: cursor, title, character set ...
    Other,
    /// The beginning of a sequence that does not go on as one.
    Broken,
}

/// Whether a sequence begins here: with ESC, or with a C1 control (in UTF-8: C2 and 80 to 9F).
pub(super) fn begins(bytes: &[u8]) -> bool {
    matches!(bytes, [0x1b, ..] | [0xc2, 0x80..=0x9f, ..])
}

/// Reads the sequence that `text` begins with, or nothing if none begins here.
///
/// A `|` is never part of a sequence outside of control strings, although ECMA-48 would allow it as
/// its last byte: in game text it begins markup.
pub fn read(text: &str) -> Option<Sequence<'_>> {
    let bytes = text.as_bytes();
    let (introducer, second) = match *bytes {
        [0x1b, second @ 0x40..=0x5f, ..] => (2, second),
        // C1 controls are the 8-bit forms of ESC and a byte from 40 to 5F.
        [0xc2, c1 @ 0x80..=0x9f, ..] => (2, c1 - 0x40),
        [0x1b, ..] => return Some(escape(text)),
        _ => return None,
    };
    let rest = &bytes[introducer..];
    let (length, kind) = match second {
        b'[' => csi(&text[introducer..]),
        b'P' | b'X' | b']' | b'^' | b'_' => match control_string(rest) {
            Some(length) => (length, SequenceKind::Other),
            None => (0, SequenceKind::Broken),
        },
        _ => (0, SequenceKind::Other),
    };
    Some(Sequence { text: &text[..introducer + length], kind })
}

/// Parameters, intermediates and the final byte after a CSI (ECMA-48 5.4).
fn csi(rest: &str) -> (usize, SequenceKind<'_>) {
    let bytes = rest.as_bytes();
    let parameters = count(bytes, |byte| matches!(byte, 0x30..=0x3f));
    let intermediates = count(&bytes[parameters..], |byte| matches!(byte, 0x20..=0x2f));
    let before = parameters + intermediates;
    let kind = match bytes.get(before) {
        Some(b'm')
            if intermediates == 0 && !bytes[..parameters].iter().any(|b| (b'<'..=b'?').contains(b)) =>
        {
            SequenceKind::Sgr(&rest[..parameters])
        }
        Some(b'z') => SequenceKind::MxpMode,
        Some(b'|') => return (before, SequenceKind::Broken),
        Some(0x40..=0x7e) => SequenceKind::Other,
        _ => return (before, SequenceKind::Broken),
    };
    (before + 1, kind)
}

/// The length of a control string with its end: BEL, `ESC \` or the C1 control ST. Another control
/// inside means that it was none, so that scanning stays linear and no text is swallowed.
fn control_string(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += match rest.get(at..)? {
            [0x07, ..] => return Some(at + 1),
            [0x1b, b'\\', ..] | [0xc2, 0x9c, ..] => return Some(at + 2),
            [] | [0..0x20, ..] | [0xc2, 0x80..=0x9f, ..] => return None,
            _ => 1,
        }
    }
}

/// ESC and something outside 40 to 5F: a character set, a private function, or ESC alone.
fn escape(text: &str) -> Sequence<'_> {
    let bytes = text.as_bytes();
    let intermediates = count(&bytes[1..], |byte| matches!(byte, 0x20..=0x2f));
    let known = match bytes.get(1 + intermediates) {
        Some(b'|') | None => false,
        Some(last) if intermediates > 0 => matches!(last, 0x30..=0x7e),
        // The private functions, and of the standardized ones those that are registered: what a
        // terminal does not know takes no text with it.
        Some(last) => {
            matches!(last, 0x30..=0x3f | b'`' | b'a' | b'b' | b'c' | b'd' | b'n' | b'o' | b'}' | b'~')
        }
    };
    match known {
        true => Sequence { text: &text[..2 + intermediates], kind: SequenceKind::Other },
        false => Sequence { text: &text[..1], kind: SequenceKind::Broken },
    }
}

fn count(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, sequence: &str, kind: SequenceKind<'_>) {
        assert_eq!(read(text), Some(Sequence { text: sequence, kind }), "{text:?}");
    }

    #[test]
    fn each_kind_ends_where_a_terminal_ends_it() {
        check("\x1b[1;31mx", "\x1b[1;31m", SequenceKind::Sgr("1;31"));
        check("\u{9b}31mx", "\u{9b}31m", SequenceKind::Sgr("31"));
        check("\x1b[4z<b>", "\x1b[4z", SequenceKind::MxpMode);
        check("\x1b[2Jx", "\x1b[2J", SequenceKind::Other);
        check("\x1b[>1mx", "\x1b[>1m", SequenceKind::Other);
        check("\x1b]0;t\x07x", "\x1b]0;t\x07", SequenceKind::Other);
        check("\x1b]0;|r\x1b\\x", "\x1b]0;|r\x1b\\", SequenceKind::Other);
        check("\u{9d}0;t\u{9c}x", "\u{9d}0;t\u{9c}", SequenceKind::Other);
        check("\x1b(0x", "\x1b(0", SequenceKind::Other);
        check("\x1bcx", "\x1bc", SequenceKind::Other);
        check("\x1b7x", "\x1b7", SequenceKind::Other);
        check("\u{85}x", "\u{85}", SequenceKind::Other);
    }

    #[test]
    fn a_broken_one_swallows_no_text() {
        check("\x1b", "\x1b", SequenceKind::Broken);
        check("\x1bx", "\x1b", SequenceKind::Broken);
        check("\x1b|r", "\x1b", SequenceKind::Broken);
        check("\x1b[3|r", "\x1b[3", SequenceKind::Broken);
        check("\x1b[31", "\x1b[31", SequenceKind::Broken);
        check("\x1b[4\x07z", "\x1b[4", SequenceKind::Broken);
        check("\x1b[é", "\x1b[", SequenceKind::Broken);
        check("\x1b]0;never ended\n", "\x1b]", SequenceKind::Broken);
        check("\x1bé", "\x1b", SequenceKind::Broken);
        assert_eq!(read("x"), None);
        assert_eq!(read("£"), None);
    }
}
