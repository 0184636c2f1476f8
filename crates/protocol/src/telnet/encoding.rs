//! Character sets: what a client types to text, text to what it reads. `Telnet` keeps the one that is in
//! force; which that is, the flag `ENCODING` says and the option CHARSET settles.
//!
//! The tables are those of the WHATWG (`encoding_rs`). Besides, Latin-1 and ASCII are themselves here, where a
//! browser would take both for windows-1252. UTF-16 is no character set of telnet: its line ends are not
//! those of RFC 854.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, Encoding as Table};

use super::parse::IAC;
use crate::Outbox;

/// A character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Latin1,
    Ascii,
    /// One of [`TABLES`]; its place there, since every connection keeps one of these.
    Table(u8),
}

/// Most bytes that a character has in any of them.
pub(super) const LONGEST_CHARACTER: usize = 4;

/// Every table of the library, but for UTF-8, which needs none, and UTF-16.
static TABLES: [&Table; 36] = [
    encoding_rs::BIG5,
    encoding_rs::EUC_JP,
    encoding_rs::EUC_KR,
    encoding_rs::GB18030,
    encoding_rs::GBK,
    encoding_rs::IBM866,
    encoding_rs::ISO_2022_JP,
    encoding_rs::ISO_8859_2,
    encoding_rs::ISO_8859_3,
    encoding_rs::ISO_8859_4,
    encoding_rs::ISO_8859_5,
    encoding_rs::ISO_8859_6,
    encoding_rs::ISO_8859_7,
    encoding_rs::ISO_8859_8,
    encoding_rs::ISO_8859_8_I,
    encoding_rs::ISO_8859_10,
    encoding_rs::ISO_8859_13,
    encoding_rs::ISO_8859_14,
    encoding_rs::ISO_8859_15,
    encoding_rs::ISO_8859_16,
    encoding_rs::KOI8_R,
    encoding_rs::KOI8_U,
    encoding_rs::MACINTOSH,
    encoding_rs::SHIFT_JIS,
    encoding_rs::WINDOWS_1250,
    encoding_rs::WINDOWS_1251,
    encoding_rs::WINDOWS_1252,
    encoding_rs::WINDOWS_1253,
    encoding_rs::WINDOWS_1254,
    encoding_rs::WINDOWS_1255,
    encoding_rs::WINDOWS_1256,
    encoding_rs::WINDOWS_1257,
    encoding_rs::WINDOWS_1258,
    encoding_rs::WINDOWS_874,
    encoding_rs::X_MAC_CYRILLIC,
    encoding_rs::X_USER_DEFINED,
];

/// Names that Python or IANA know and the WHATWG does not.
const ALIASES: [(&str, &str); 10] = [
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("euccn", "gbk"),
    ("cp949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("cp950", "big5"),
    ("cp874", "windows-874"),
    ("latin9", "iso-8859-15"),
    ("latin10", "iso-8859-16"),
    ("macroman", "macintosh"),
];

const BACKSPACE: char = '\u{8}';
const DELETE: char = '\u{7f}';

impl Encoding {
    /// The character set of this name, as Python, IANA or the WHATWG call it.
    pub(super) fn from_name(name: &str) -> Option<Encoding> {
        let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let letters = letters.to_ascii_lowercase();
        match letters.as_str() {
            "latin1" | "iso88591" | "l1" | "latin" | "cp819" => return Some(Encoding::Latin1),
            "ascii" | "usascii" | "646" | "ansix341968" => return Some(Encoding::Ascii),
            _ => {}
        }
        let alias = ALIASES.iter().find(|(alias, _)| *alias == letters).map(|(_, known)| *known);
        let table = [alias.unwrap_or(name), &name.replace('_', "-"), &name.replace('-', "_"), &letters]
            .into_iter()
            .find_map(|label| Table::for_label_no_replacement(label.as_bytes()))?;
        if table == encoding_rs::UTF_8 {
            Some(Encoding::Utf8)
        } else {
            let place = TABLES.iter().position(|known| *known == table)?;
            u8::try_from(place).ok().map(Encoding::Table)
        }
    }

    /// The character set of the flag `ENCODING`; UTF-8 if it names none.
    pub(super) fn of_flag(name: &str) -> Encoding {
        Encoding::from_name(name).unwrap_or(Encoding::Utf8)
    }

    /// Its name for the flag `ENCODING`.
    pub(super) fn name(self) -> Box<str> {
        match self {
            Encoding::Utf8 => "utf-8".into(),
            Encoding::Latin1 => "iso-8859-1".into(),
            Encoding::Ascii => "us-ascii".into(),
            Encoding::Table(place) => table(place).name().to_ascii_lowercase().into(),
        }
    }

    /// Text of bytes; what is invalid becomes U+FFFD.
    pub(super) fn decode(self, bytes: Vec<u8>) -> String {
        match self {
            Encoding::Utf8 => String::from_utf8(bytes)
                .unwrap_or_else(|wrong| String::from_utf8_lossy(wrong.as_bytes()).into_owned()),
            Encoding::Latin1 => bytes.into_iter().map(char::from).collect(),
            Encoding::Ascii => bytes.into_iter().map(ascii).collect(),
            Encoding::Table(place) => {
                let text = table(place).decode_without_bom_handling(&bytes).0;
                if self.erases_bytes() { text.into_owned() } else { erased(&text) }
            }
        }
    }

    /// Whether the last character can be found from the end of a line, so that it can be taken back at once.
    /// In the others it is taken back when the line is decoded: finding a character from the end would take
    /// time that grows with the line, for each backspace that somebody sends.
    pub(super) fn erases_bytes(self) -> bool {
        match self {
            Encoding::Utf8 | Encoding::Latin1 | Encoding::Ascii => true,
            Encoding::Table(place) => table(place).is_single_byte(),
        }
    }

    /// Where the last character of these bytes begins, if [`Encoding::erases_bytes`].
    pub(super) fn last_character(self, bytes: &[u8]) -> usize {
        let is_begin = |byte: &u8| self != Encoding::Utf8 || byte & 0xc0 != 0x80;
        bytes.iter().rposition(is_begin).unwrap_or(0)
    }

    /// The bytes of text, of which an IAC is not doubled. A character that the set lacks becomes `?`.
    pub(super) fn encode(self, text: &str) -> Cow<'_, [u8]> {
        let highest = match self {
            Encoding::Utf8 => return Cow::Borrowed(text.as_bytes()),
            Encoding::Table(place) => return encode_by_table(table(place), text),
            _ if text.is_ascii() => return Cow::Borrowed(text.as_bytes()),
            Encoding::Latin1 => '\u{ff}',
            Encoding::Ascii => '\u{7f}',
        };
        let byte = |ch| u8::try_from(ch).ok().filter(|_| ch <= highest).unwrap_or(b'?');
        Cow::Owned(text.chars().map(byte).collect())
    }

    /// Writes text in the network's form: every line end is CR LF, a CR that is none is CR NUL (RFC 854),
    /// IAC is doubled; a character that the set lacks becomes `?`.
    pub(super) fn write(self, text: &str, out: &mut Outbox) {
        let mut rest = text;
        while let Some(at) = rest.find(['\r', '\n']) {
            let (line, end) = rest.split_at(at);
            self.write_line(line, out);
            let (written, length) = match end.as_bytes() {
                [b'\r', b'\n', ..] | [b'\n', b'\r', ..] => (b"\r\n", 2),
                [b'\n', ..] => (b"\r\n", 1),
                _ => (b"\r\0", 1),
            };
            out.transmit(written);
            rest = &end[length..];
        }
        self.write_line(rest, out);
    }

    fn write_line(self, line: &str, out: &mut Outbox) {
        let bytes = self.encode(line);
        let mut rest = &*bytes;
        while let Some(at) = rest.iter().position(|byte| *byte == IAC) {
            let (head, tail) = rest.split_at(at + 1);
            out.transmit(head);
            out.transmit(&[IAC]);
            rest = tail;
        }
        out.transmit(rest);
    }
}

fn table(place: u8) -> &'static Table {
    TABLES[usize::from(place)]
}

/// The character of a byte that should be ASCII; U+FFFD if it is not.
pub(super) fn ascii(byte: u8) -> char {
    if byte.is_ascii() { char::from(byte) } else { char::REPLACEMENT_CHARACTER }
}

/// Text without what its backspaces take back.
fn erased(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    for ch in text.chars() {
        if matches!(ch, BACKSPACE | DELETE) {
            kept.pop();
        } else {
            kept.push(ch);
        }
    }
    kept
}

fn encode_by_table<'a>(table: &'static Table, text: &'a str) -> Cow<'a, [u8]> {
    if table != encoding_rs::ISO_2022_JP {
        if text.is_ascii() {
            return Cow::Borrowed(text.as_bytes());
        }
        let mut bytes = Vec::with_capacity(text.len());
        append_by_table(table, text, &mut bytes);
        return Cow::Owned(bytes);
    }
    // Its encoder refuses the controls that switch sets; those of a terminal's colours stand between pieces,
    // each of which ends in ASCII.
    let mut bytes = Vec::with_capacity(text.len());
    for piece in text.split_inclusive('\u{1b}') {
        let (plain, escape) = match piece.strip_suffix('\u{1b}') {
            Some(plain) => (plain, true),
            None => (piece, false),
        };
        append_by_table(table, plain, &mut bytes);
        bytes.extend(escape.then_some(0x1b));
    }
    Cow::Owned(bytes)
}

fn append_by_table(table: &'static Table, text: &str, bytes: &mut Vec<u8>) {
    let mut encoder = table.new_encoder();
    let mut rest = text;
    loop {
        bytes.reserve(rest.len().max(16));
        let (result, read) = encoder.encode_from_utf8_to_vec_without_replacement(rest, bytes, true);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return,
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(_) => bytes.push(b'?'),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(encoding: Encoding, text: &str) -> Vec<u8> {
        let mut out = Outbox::new();
        encoding.write(text, &mut out);
        out.bytes().to_vec()
    }

    fn named(name: &str) -> Encoding {
        Encoding::from_name(name).unwrap_or_else(|| panic!("{name}"))
    }

    #[test]
    fn names() {
        for name in ["latin-1", "Latin1", "ISO-8859-1", "iso8859_1"] {
            assert_eq!(Encoding::from_name(name), Some(Encoding::Latin1), "{name}");
        }
        for (name, known) in [
            ("US-ASCII", "us-ascii"),
            ("utf-8", "utf-8"),
            ("UTF8", "utf-8"),
            ("cp1251", "windows-1251"),
            ("Windows-1251", "windows-1251"),
            ("koi8_r", "koi8-r"),
            ("iso8859_2", "iso-8859-2"),
            ("latin2", "iso-8859-2"),
            ("shift_jis", "shift_jis"),
            ("Shift-JIS", "shift_jis"),
            ("euc_kr", "euc-kr"),
            ("cp949", "euc-kr"),
            ("gb2312", "gbk"),
            ("GB18030", "gb18030"),
            ("mac-roman", "macintosh"),
        ] {
            assert_eq!(&*named(name).name(), known, "{name}");
        }
        for name in ["", "no such thing", "utf-16", "UTF-16LE", "replacement", "iso-2022-kr", "\u{e9}"] {
            assert_eq!(Encoding::from_name(name), None, "{name}");
        }
        assert_eq!(Encoding::of_flag("no such thing"), Encoding::Utf8);
    }

    #[test]
    fn every_table_goes_both_ways() {
        for encoding in (0..TABLES.len() as u8).map(Encoding::Table) {
            let name = encoding.name();
            assert_eq!(Encoding::from_name(&encoding.name()), Some(encoding), "{name}");
            let mut text = "A~ {|}".to_owned();
            for ch in "\u{e9}\u{ff}\u{20ac}\u{17e}\u{416}\u{3a9}\u{5d0}\u{627}\u{e01}\u{65e5}\u{ac00}\u{f7a1}"
                .chars()
            {
                let bytes = encoding.encode(ch.encode_utf8(&mut [0; 4])).into_owned();
                if bytes != b"?" {
                    text.push(ch);
                }
            }
            assert!(text.len() > 6, "{name} has none of them");
            assert_eq!(encoding.decode(encoding.encode(&text).into_owned()), text, "{name}");
            assert_eq!(encoding.decode(b"look".to_vec()), "look", "{name}");
        }
    }

    #[test]
    fn line_ends_are_normalised() {
        assert_eq!(written(Encoding::Utf8, "a\nb\r\nc\n\rd\n\ne"), b"a\r\nb\r\nc\r\nd\r\n\r\ne");
        assert_eq!(written(Encoding::Utf8, "a\rb\r"), b"a\r\0b\r\0");
    }

    #[test]
    fn characters_that_are_missing() {
        let text = "\u{e9}\u{ff}\u{65e5}";
        assert_eq!(written(Encoding::Utf8, text), text.as_bytes());
        assert_eq!(written(Encoding::Latin1, text), b"\xe9\xff\xff?");
        assert_eq!(written(Encoding::Ascii, text), b"???");
        assert_eq!(written(named("cp1251"), "\u{44f}\u{e9}\u{65e5}!"), b"\xff\xff??!", "IAC is doubled");
        assert_eq!(written(named("big5"), "\u{65e5}\u{e9}"), b"\xa4\xe9?");
    }

    #[test]
    fn colours_in_a_set_that_is_switched_by_escapes() {
        let bytes = written(named("iso-2022-jp"), "\x1b[31m\u{65e5}\u{e000}\x1b[0m");
        assert_eq!(bytes, b"\x1b[31m\x1b$BF|\x1b(B?\x1b[0m");
    }

    #[test]
    fn bytes_that_are_wrong() {
        assert_eq!(Encoding::Utf8.decode(b"a\xc3(\xa9".to_vec()), "a\u{fffd}(\u{fffd}");
        assert_eq!(Encoding::Latin1.decode(b"\xe9\xff".to_vec()), "\u{e9}\u{ff}");
        assert_eq!(Encoding::Ascii.decode(b"a\xe9".to_vec()), "a\u{fffd}");
        assert_eq!(named("euc-kr").decode(b"\xb0\xa1\xff!".to_vec()), "\u{ac00}\u{fffd}!");
    }

    #[test]
    fn a_character_of_two_bytes_is_taken_back_whole() {
        assert!(!named("big5").erases_bytes() && named("koi8-r").erases_bytes());
        assert_eq!(named("big5").decode(b"\xa4\xe9\xa4\xe9\x08a\x7f\x08\x08b".to_vec()), "b");
    }
}
