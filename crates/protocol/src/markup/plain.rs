//! Markup without any: for clients without colours, for screen readers, for measuring. The screen
//! reader's text is asked for by [`Render`](crate::Render), the rest by game code.

use meadow_link::markup::{Token, Tokens};

use super::ansi::to_ansi;
use crate::Depth;

/// The text alone: no attributes, no control sequences, links as their label or address.
pub fn strip(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    to_ansi(source, Depth::None, &mut out);
    out
}

/// How many characters of the text are shown, one column each. Line ends count as well.
pub fn visible_width(source: &str) -> usize {
    width(Tokens::new(source))
}

/// Appends the text for a screen reader: what [`strip`] leaves, without the decoration that would be
/// read out sign by sign. That is what Evennia's `SCREENREADER_REGEX_STRIP` takes out (rulers of `--`,
/// `==`, `~~`, corners `+--`, `+~` and a `+` at the end of a line), and the box drawings and blocks of
/// Unicode (2500 to 259F).
pub fn to_screenreader(source: &str, out: &mut String) {
    let text = strip(source);
    let mut rest = text.as_str();
    while let Some(char) = rest.chars().next() {
        match decoration(rest) {
            0 => {
                out.push(char);
                rest = &rest[char.len_utf8()..];
            }
            length => rest = &rest[length..],
        }
    }
}

/// How much decoration the text begins with, in bytes.
fn decoration(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |of: u8, from: usize| bytes[from..].iter().take_while(|byte| **byte == of).count();
    match bytes {
        [b'+', b'-', ..] => 1 + run(b'-', 1),
        [b'+', b'~', ..] => 2,
        [b'+'] | [b'+', b'\n', ..] | [b'+', b'\r', b'\n', ..] => 1,
        [b'-', b'-', ..] => run(b'-', 0),
        [b'~', b'~', ..] => run(b'~', 0),
        [b'=', b'=', ..] => run(b'=', 0),
        // 2500 to 259F in UTF-8.
        [0xe2, 0x94 | 0x95, ..] | [0xe2, 0x96, 0x80..=0x9f, ..] => 3,
        _ => 0,
    }
}

fn width(tokens: Tokens<'_>) -> usize {
    let of = |token| match token {
        Token::Text(text) => text.chars().count(),
        Token::Link(link) => width(link.without_link()),
        Token::Sgr(_) | Token::Sequence(_) => 0,
    };
    tokens.map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let mut out = String::new();
        to_screenreader(source, &mut out);
        assert_eq!(out, expected, "{source:?}");
    }

    #[test]
    fn decoration_is_taken_out() {
        check("+---+\n| x |\n+---+", "\n| x |\n");
        check("+--+|/y", "\r\ny");
        check("== |rHelp|n ==", " Help ");
        check("~~~x~+~~", "x~~");
        check("┌─┐│x│└─┘█", "x");
    }

    #[test]
    fn ordinary_signs_are_kept() {
        for text in ["a-b", "1+1=2", "x ~ y", "+5 to hit", "a+b\n", "é ←"] {
            check(text, text);
        }
    }

    #[test]
    fn an_escaped_code_is_text_and_stays_text() {
        check("||rx", "|rx");
    }

    #[test]
    fn width_counts_what_is_shown() {
        assert_eq!(visible_width("|rdé|n|lclook|lthere|le|luhttp://a|ltb|le\x1b[1m||"), 2 + 4 + 8 + 1);
    }
}
