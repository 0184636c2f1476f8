//! Reads markup, to measure and lay out text: its tokens as atoms, which are what may stand at the end of a line or at the
//! beginning of the next. [`super::layout`] and its neighbours ask for them.
//!
//! What clients show of markup is the Portal's doing (`meadow-protocol`, which this crate may not know); the tests of
//! `meadow` hold both against each other, for any text.

use meadow_link::markup::{Color, Effect, Ground, Link, SequenceKind, Sgr, Target, Token, Tokens};
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
    /// `|u`, `|U`, `|*` ...
    Effect(Effect),
}

impl From<Sgr> for Sort {
    fn from(sgr: Sgr) -> Sort {
        match sgr {
            Sgr::Reset => Sort::Reset,
            Sgr::Weight(_) => Sort::Weight,
            Sgr::On(effect) | Sgr::Off(effect) => Sort::Effect(effect),
            Sgr::Hue(..) => Sort::Letter,
            Sgr::Color(Ground::Front, Color::Base(_)) => Sort::Hue,
            Sgr::Color(Ground::Back, _) | Sgr::DefaultColor(Ground::Back) => Sort::Back,
            Sgr::Color(Ground::Front, _) | Sgr::DefaultColor(Ground::Front) | Sgr::Other(_) => Sort::Indexed,
        }
    }
}

/// How far apart the stops of the tabulator are.
pub(super) const TAB: usize = 8;

/// Hands each atom of a text on, from left to right.
pub(super) fn atoms<'a>(source: &'a str, each: &mut impl FnMut(Atom<'a>)) {
    walk(Tokens::new(source), each);
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
    write_plain(Tokens::new(source), &mut out);
    out
}

/// Whether a text is nothing but codes that change how the next characters look.
pub(super) fn is_style(source: &str) -> bool {
    Tokens::new(source).all(|token| matches!(token, Token::Sgr(_)))
}

fn write_plain(tokens: Tokens<'_>, out: &mut String) {
    for token in tokens {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Sgr(_) | Token::Sequence(_) => {}
            Token::Link(link) => write_plain(link.without_link(), out),
        }
    }
}

fn walk<'a>(mut tokens: Tokens<'a>, each: &mut impl FnMut(Atom<'a>)) {
    let mut after_broken = false;
    loop {
        let before = tokens.rest();
        let Some(token) = tokens.next() else { return };
        let raw = &before[..before.len() - tokens.rest().len()];
        match token {
            Token::Text(text) if raw.starts_with('|') => each(sign(raw, text)),
            Token::Text(mut text) => {
                // It stood behind a control sequence that is left out, and must not join what is before that.
                if after_broken {
                    text = text.trim_start_matches(|mark: char| mark.width() == Some(0));
                }
                text.graphemes(true).for_each(|cluster| each(glyph(cluster)));
            }
            Token::Sgr(sgr) => each(Atom { raw, cells: 0, kind: Kind::Style(sgr.into()) }),
            Token::Sequence(sequence) => {
                // A broken one is shown nowhere.
                if sequence.kind != SequenceKind::Broken {
                    each(Atom { raw, cells: 0, kind: Kind::Hidden });
                }
            }
            Token::Link(link) => walk_link(link, raw, each),
        }
        after_broken = matches!(token, Token::Sequence(sequence) if sequence.kind == SequenceKind::Broken);
    }
}

fn walk_link<'a>(link: Link<'a>, raw: &'a str, each: &mut impl FnMut(Atom<'a>)) {
    match link.kind {
        Target::Command => {
            let open = &raw[..raw.len() - link.label.len() - CLOSE.len()];
            each(Atom { raw: open, cells: 0, kind: Kind::LinkOpen });
            walk(Tokens::inside_link(link.label), each);
            each(Atom { raw: CLOSE, cells: 0, kind: Kind::LinkClose });
        }
        Target::Address => {
            let mut shown = String::new();
            write_plain(link.without_link(), &mut shown);
            each(Atom { raw, cells: plain_width(&shown), kind: Kind::Glyph });
        }
    }
}

/// What closes a link.
const CLOSE: &str = "|le";

/// A `|` that is shown, or a code that stands for other signs.
fn sign<'a>(raw: &'a str, shown: &str) -> Atom<'a> {
    match shown {
        // Escaped, if it was not: another text may come to stand behind it.
        "|" => Atom { raw: "||", cells: 1, kind: Kind::Glyph },
        "\r\n" => Atom { raw, cells: 0, kind: Kind::LineEnd },
        "\t" => Atom { raw, cells: 1, kind: Kind::Tab },
        spaces => Atom { raw, cells: spaces.len(), kind: Kind::Space },
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
