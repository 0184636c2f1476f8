//! Reads markup, to measure and lay out text: pieces first, then atoms, which are what may stand at the end of a line or
//! at the beginning of the next. [`super::layout`] and its neighbours ask for them.
//!
//! What clients show of markup is the Portal's doing (`meadow-protocol`, which this crate may not know); the tests of
//! `meadow` hold both against each other, for any text.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What shows as a character of its own, changes how the next ones look, or opens or closes a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Atom<'a> {
    /// How it is written: markup that means the same wherever it is put.
    pub(super) raw: &'a str,
    /// How wide it is, in cells of a terminal.
    pub(super) cells: usize,
    pub(super) kind: Kind,
}

/// What an atom is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A character, combining ones with it; or the whole of a link to a page, which is not broken.
    Glyph,
    /// A character of a script without spaces (two cells): a line may end before it and after it.
    Ideograph,
    /// A sign of such a script that never begins a line.
    Closing,
    Space,
    /// As many spaces as are missing to the next column of [`TAB`].
    Tab,
    LineEnd,
    Style(Sort),
    /// `|lcCOMMAND|lt`.
    LinkOpen,
    /// `|le`.
    LinkClose,
    /// A control sequence.
    Hidden,
}

/// What a code of markup sets, as far as one takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Reset,
    /// `|r`, `|R`: hue and weight.
    Letter,
    /// `|!R`: the hue alone.
    Hue,
    /// `|500`, `|=m`, `|#f80`.
    Indexed,
    /// `|[r` and its kind.
    Back,
    /// `|h`, `|H`.
    Weight,
    /// `|u`, `|U`, `|*` ...: the letter, in capitals.
    Effect(u8),
}

/// How far apart the stops of the tabulator are.
pub(super) const TAB: usize = 8;

/// Hands each atom of a text on, from left to right.
pub(super) fn atoms<'a>(source: &'a str, each: &mut impl FnMut(Atom<'a>)) {
    walk(Pieces::new(source), each);
}

/// How wide plain text without line ends is, in cells; a tabulator counts as one.
pub(super) fn plain_width(text: &str) -> usize {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return text.len();
    }
    text.graphemes(true).map(cells).sum()
}

/// What is left of markup without any: a link is its label, or its address, as clients without links show it.
pub(super) fn plain(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    write_plain(Pieces::new(source), &mut out);
    out
}

/// Whether a text is nothing but codes that change how the next characters look.
pub(super) fn is_style(source: &str) -> bool {
    Pieces::new(source).all(|piece| matches!(piece, Piece::Style(..)))
}

fn write_plain(pieces: Pieces<'_>, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Text(text) | Piece::Sign { shown: text, .. } => out.push_str(text),
            Piece::Style(..) | Piece::Sequence(_) => {}
            Piece::Command { label, .. } => write_plain(Pieces::inside_link(label), out),
            Piece::Address { target, .. } => write_plain(Pieces::inside_link(target), out),
        }
    }
}

fn walk<'a>(pieces: Pieces<'a>, each: &mut impl FnMut(Atom<'a>)) {
    let mut broken = false;
    for piece in pieces {
        let after_broken = std::mem::replace(&mut broken, matches!(piece, Piece::Sequence("")));
        match piece {
            Piece::Text(mut text) => {
                // It stood behind a control sequence that is left out, and must not join what is before that.
                if after_broken {
                    text = text.trim_start_matches(|mark: char| mark.width() == Some(0));
                }
                text.graphemes(true).for_each(|cluster| each(glyph(cluster)));
            }
            Piece::Sign { raw, kind, shown } => {
                let cells = if kind == Kind::LineEnd { 0 } else { shown.len() };
                each(Atom { raw, cells, kind });
            }
            Piece::Style(raw, sort) => each(Atom { raw, cells: 0, kind: Kind::Style(sort) }),
            Piece::Sequence(raw) => {
                if !raw.is_empty() {
                    each(Atom { raw, cells: 0, kind: Kind::Hidden });
                }
            }
            Piece::Command { open, label } => {
                each(Atom { raw: open, cells: 0, kind: Kind::LinkOpen });
                walk(Pieces::inside_link(label), each);
                each(Atom { raw: "|le", cells: 0, kind: Kind::LinkClose });
            }
            Piece::Address { raw, target } => {
                let mut shown = String::new();
                write_plain(Pieces::inside_link(target), &mut shown);
                each(Atom { raw, cells: plain_width(&shown), kind: Kind::Glyph });
            }
        }
    }
}

fn glyph(cluster: &str) -> Atom<'_> {
    let (cells, kind) = match cluster {
        "\t" => (1, Kind::Tab),
        "\n" | "\r" | "\r\n" => (0, Kind::LineEnd),
        " " | "\u{3000}" => (cells(cluster), Kind::Space),
        _ if cluster.starts_with(CLOSING) => (cells(cluster), Kind::Closing),
        _ if cluster.starts_with(|first: char| first.width() == Some(2)) => (cells(cluster), Kind::Ideograph),
        _ => (cells(cluster), Kind::Glyph),
    };
    Atom { raw: cluster, cells, kind }
}

/// What Chinese and Japanese never begin a line with.
const CLOSING: [char; 14] =
    ['、', '。', '，', '．', '！', '？', '：', '；', '」', '』', '）', '】', '》', 'ー'];

/// The cells of one grapheme cluster. Other controls show as nothing.
fn cells(cluster: &str) -> usize {
    match cluster {
        "\t" => 1,
        _ if cluster.starts_with(char::is_control) => 0,
        _ => cluster.width(),
    }
}

/// A piece of markup.
enum Piece<'a> {
    Text(&'a str),
    /// A code that stands for a sign.
    Sign {
        raw: &'a str,
        shown: &'static str,
        kind: Kind,
    },
    Style(&'a str, Sort),
    /// A control sequence of terminals; empty for one that is broken, which is shown nowhere.
    Sequence(&'a str),
    /// A link that sends a command.
    Command {
        open: &'a str,
        label: &'a str,
    },
    /// A link to a page.
    Address {
        raw: &'a str,
        target: &'a str,
    },
}

struct Pieces<'a> {
    rest: &'a str,
    /// Links do not nest; and past the last whole one they are not looked for again.
    links: bool,
}

/// The length of `|lt` and its like.
const MARKER: usize = 3;

impl<'a> Pieces<'a> {
    fn new(source: &'a str) -> Pieces<'a> {
        Pieces { rest: source, links: true }
    }

    fn inside_link(part: &'a str) -> Pieces<'a> {
        Pieces { rest: part, links: false }
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// What the `|` at the beginning means; itself if nothing.
    fn code(&mut self) -> Piece<'a> {
        let bytes = &self.rest.as_bytes()[1..];
        if bytes.first() == Some(&b'l')
            && let Some(link) = self.link()
        {
            return link;
        }
        if let Some((shown, kind)) = bytes.first().and_then(|name| sign(*name)) {
            return Piece::Sign { raw: self.take(2), shown, kind };
        }
        match style(bytes) {
            Some((length, sort)) => Piece::Style(self.take(1 + length), sort),
            None => {
                self.take(1);
                // Escaped, for another text may come to stand behind it.
                Piece::Sign { raw: "||", shown: "|", kind: Kind::Glyph }
            }
        }
    }

    fn link(&mut self) -> Option<Piece<'a>> {
        let body = self.rest.get(MARKER..)?;
        let kind = self.rest.as_bytes()[2];
        if !self.links || !matches!(kind, b'c' | b'u') {
            return None;
        }
        let parts = find_marker(body, b't').and_then(|middle| {
            let label = &body[middle + MARKER..];
            find_marker(label, b'e').map(|end| (&body[..middle], &label[..end]))
        });
        let Some((target, label)) = parts else {
            self.links = false;
            return None;
        };
        let open = MARKER + target.len() + MARKER;
        let raw = self.take(open + label.len() + MARKER);
        Some(match kind {
            b'c' => Piece::Command { open: &raw[..open], label },
            _ => Piece::Address { raw, target },
        })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let special = |c: char| c == '|' || c == '\x1b' || ('\u{80}'..='\u{9f}').contains(&c);
        match self.rest.find(special).unwrap_or(self.rest.len()) {
            0 => {}
            length => return Some(Piece::Text(self.take(length))),
        }
        if self.rest.is_empty() {
            return None;
        }
        if self.rest.starts_with('|') {
            return Some(self.code());
        }
        let (length, whole) = sequence(self.rest);
        let raw = self.take(length);
        Some(Piece::Sequence(if whole { raw } else { "" }))
    }
}

/// Where the marker `|l` + `name` stands, if it is not escaped.
fn find_marker(text: &str, name: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += bytes[at..].iter().position(|byte| *byte == b'|')?;
        match bytes[at + 1..] {
            [b'|', ..] => at += 2,
            [b'l', marker, ..] if marker == name => return Some(at),
            _ => at += 1,
        }
    }
}

fn sign(name: u8) -> Option<(&'static str, Kind)> {
    Some(match name {
        b'|' => ("|", Kind::Glyph),
        b'/' => ("\r\n", Kind::LineEnd),
        b'-' => ("\t", Kind::Tab),
        b'>' => ("    ", Kind::Space),
        b'_' => (" ", Kind::Space),
        _ => return None,
    })
}

/// A code that changes how the next characters look, after its `|`: its length and what it sets.
fn style(name: &[u8]) -> Option<(usize, Sort)> {
    let is_hue = |letter: u8| b"xrgybmcw".contains(&letter.to_ascii_lowercase());
    match *name {
        [b'[', letter, ..] if is_hue(letter) => Some((2, Sort::Back)),
        [b'[', ref rest @ ..] => color(rest).map(|length| (1 + length, Sort::Back)),
        [b'!', letter, ..] if letter.is_ascii_uppercase() && is_hue(letter) => Some((2, Sort::Hue)),
        [b'n', ..] => Some((1, Sort::Reset)),
        [b'h' | b'H', ..] => Some((1, Sort::Weight)),
        [letter @ (b'*' | b'^' | b'u' | b'U' | b'i' | b'I' | b's' | b'S'), ..] => {
            Some((1, Sort::Effect(letter.to_ascii_uppercase())))
        }
        [letter, ..] if is_hue(letter) => Some((1, Sort::Letter)),
        _ => color(name).map(|length| (length, Sort::Indexed)),
    }
}

/// The length of a colour that is written in numbers.
fn color(name: &[u8]) -> Option<usize> {
    match *name {
        [b'0'..=b'5', b'0'..=b'5', b'0'..=b'5', ..] => Some(3),
        [b'=', b'a'..=b'z', ..] => Some(2),
        [b'#', ref digits @ ..] => {
            match digits.iter().take_while(|digit| digit.is_ascii_hexdigit()).count() {
                0..3 => None,
                3..6 => Some(4),
                _ => Some(7),
            }
        }
        _ => None,
    }
}

/// The control sequence that a text begins with (ECMA-48, ISO 2022): its length, and whether it is whole. The text begins
/// with ESC or a C1 control.
fn sequence(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    // C1 controls are the 8-bit forms of ESC and a byte from 40 to 5F; both take two bytes here.
    let second = match *bytes {
        [0x1b, second @ 0x40..=0x5f, ..] => second,
        [0x1b, ..] => return private_sequence(bytes),
        _ => bytes.get(1).map_or(0, |c1| c1.wrapping_sub(0x40)),
    };
    let rest = bytes.get(2..).unwrap_or_default();
    match second {
        b'[' => {
            let parameters = count(rest, |byte| matches!(byte, 0x30..=0x3f));
            let before = parameters + count(&rest[parameters..], |byte| matches!(byte, 0x20..=0x2f));
            match rest.get(before) {
                Some(0x40..=0x7b | 0x7d | 0x7e) => (2 + before + 1, true),
                _ => (2 + before, false),
            }
        }
        b'P' | b'X' | b']' | b'^' | b'_' => match control_string(rest) {
            Some(length) => (2 + length, true),
            None => (2, false),
        },
        _ => (2, true),
    }
}

/// The length of a control string with its end: BEL, `ESC \` or the C1 control ST.
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

/// ESC and something outside 40 to 5F.
fn private_sequence(bytes: &[u8]) -> (usize, bool) {
    let intermediates = count(&bytes[1..], |byte| matches!(byte, 0x20..=0x2f));
    let whole = match bytes.get(1 + intermediates) {
        Some(b'|') | None => false,
        Some(last) if intermediates > 0 => matches!(last, 0x30..=0x7e),
        Some(last) => {
            matches!(last, 0x30..=0x3f | b'`' | b'a' | b'b' | b'c' | b'd' | b'n' | b'o' | b'}' | b'~')
        }
    };
    if whole { (2 + intermediates, true) } else { (1, false) }
}

fn count(bytes: &[u8], of: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| of(**byte)).count()
}
