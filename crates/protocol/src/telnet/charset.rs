//! Character sets of telnet clients: what they type to text, text to what they read.
//!
//! `Telnet` asks for the one that the flag `ENCODING` names. There are three; a library with more would
//! be another variant here and nothing elsewhere.

use std::borrow::Cow;

use super::parse::IAC;
use crate::Outbox;

/// A character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    Latin1,
    Ascii,
}

/// Most bytes that a character has in any of them.
pub(super) const LONGEST_CHARACTER: usize = 4;

impl Charset {
    /// The character set of this name, as Python or IANA call it; UTF-8 if it is unknown.
    pub(super) fn named(name: &str) -> Charset {
        let is = |known: &str| {
            let letters =
                name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
            letters.eq(known.bytes())
        };
        if is("latin1") || is("iso88591") || is("l1") {
            Charset::Latin1
        } else if is("ascii") || is("usascii") {
            Charset::Ascii
        } else {
            Charset::Utf8
        }
    }

    /// Text of bytes; what is invalid becomes U+FFFD.
    pub(super) fn decode(self, bytes: Vec<u8>) -> String {
        match self {
            Charset::Utf8 => String::from_utf8(bytes)
                .unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned()),
            Charset::Latin1 => bytes.into_iter().map(char::from).collect(),
            Charset::Ascii => bytes.into_iter().map(ascii).collect(),
        }
    }

    /// Where the last character of these bytes begins.
    pub(super) fn last_character(self, bytes: &[u8]) -> usize {
        let is_begin = |byte: &u8| self != Charset::Utf8 || byte & 0xc0 != 0x80;
        bytes.iter().rposition(is_begin).unwrap_or(0)
    }

    /// Writes text in the network's form: every line end is CR LF, a CR that is none is CR NUL (RFC 854),
    /// IAC is doubled; a character that the set lacks becomes `?`.
    pub(super) fn write(self, text: &str, out: &mut Outbox) {
        let mut rest = text;
        while let Some(at) = rest.find(['\r', '\n']) {
            let (line, end) = rest.split_at(at);
            out.transmit(&self.encode(line));
            let (written, length) = match end.as_bytes() {
                [b'\r', b'\n', ..] | [b'\n', b'\r', ..] => (b"\r\n", 2),
                [b'\n', ..] => (b"\r\n", 1),
                _ => (b"\r\0", 1),
            };
            out.transmit(written);
            rest = &end[length..];
        }
        out.transmit(&self.encode(rest));
    }

    fn encode(self, text: &str) -> Cow<'_, [u8]> {
        let highest = match self {
            // No byte of UTF-8 is an IAC.
            Charset::Utf8 => return Cow::Borrowed(text.as_bytes()),
            _ if text.is_ascii() => return Cow::Borrowed(text.as_bytes()),
            Charset::Latin1 => '\u{ff}',
            Charset::Ascii => '\u{7f}',
        };
        let mut bytes = Vec::with_capacity(text.len());
        for ch in text.chars() {
            let byte = u8::try_from(ch).ok().filter(|_| ch <= highest).unwrap_or(b'?');
            bytes.push(byte);
            if byte == IAC {
                bytes.push(IAC);
            }
        }
        Cow::Owned(bytes)
    }
}

/// The character of a byte that should be ASCII; U+FFFD if it is not.
pub(super) fn ascii(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(charset: Charset, text: &str) -> Vec<u8> {
        let mut out = Outbox::new();
        charset.write(text, &mut out);
        out.bytes().to_vec()
    }

    #[test]
    fn names() {
        for name in ["latin-1", "Latin1", "ISO-8859-1", "iso8859_1"] {
            assert_eq!(Charset::named(name), Charset::Latin1, "{name}");
        }
        assert_eq!(Charset::named("US-ASCII"), Charset::Ascii);
        assert_eq!(Charset::named("utf-8"), Charset::Utf8);
        assert_eq!(Charset::named("no such thing"), Charset::Utf8);
    }

    #[test]
    fn line_ends_are_normalised() {
        assert_eq!(written(Charset::Utf8, "a\nb\r\nc\n\rd\n\ne"), b"a\r\nb\r\nc\r\nd\r\n\r\ne");
        assert_eq!(written(Charset::Utf8, "a\rb\r"), b"a\r\0b\r\0");
    }

    #[test]
    fn characters_that_are_missing() {
        let text = "\u{e9}\u{ff}\u{65e5}";
        assert_eq!(written(Charset::Utf8, text), text.as_bytes());
        assert_eq!(written(Charset::Latin1, text), b"\xe9\xff\xff?");
        assert_eq!(written(Charset::Ascii, text), b"???");
    }

    #[test]
    fn bytes_that_are_wrong() {
        assert_eq!(Charset::Utf8.decode(b"a\xc3(\xa9".to_vec()), "a\u{fffd}(\u{fffd}");
        assert_eq!(Charset::Latin1.decode(b"\xe9\xff".to_vec()), "\u{e9}\u{ff}");
        assert_eq!(Charset::Ascii.decode(b"a\xe9".to_vec()), "a\u{fffd}");
    }
}
