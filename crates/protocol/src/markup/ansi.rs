//! Markup for terminals. [`Render`](crate::Render) calls [`to_ansi_message`], once for each depth; the
//! telnet protocol calls [`to_mxp_message`] for clients that have links.

use meadow_link::markup::{Link, Sequence, SequenceKind, Token, Tokens};

use super::{
    links,
    sgr::{self, RESET},
};
use crate::Depth;

/// Appends game text as a terminal of `depth` shows it: Evennia's `parse_ansi`.
///
/// A link becomes its label, or its address. `ESC[…m` in the text is kept if the terminal has its
/// colours and written anew with fewer if not; other control sequences are the game's own business and
/// are kept, but at [`Depth::None`] there are none at all.
///
/// ```
/// use meadow_protocol::{Depth, markup};
/// let mut out = String::new();
/// markup::to_ansi("|rred|n, |500red|n", Depth::Ansi16, &mut out);
/// assert_eq!(out, "\x1b[1m\x1b[31mred\x1b[0m, \x1b[1m\x1b[31mred\x1b[0m");
/// ```
pub fn to_ansi(source: &str, depth: Depth, out: &mut String) {
    write(Tokens::new(source), depth, Links::Text, out);
}

/// As [`to_ansi`], for a client that has agreed to MXP: links are tags.
///
/// Sequences that would change the MXP mode, and unfinished ones that could become such, are left out
/// of the text, so that only tags written here are ever secure.
pub fn to_mxp(source: &str, depth: Depth, out: &mut String) {
    write(Tokens::new(source), depth, Links::Mxp, out);
}

/// As [`to_ansi`], for a whole message: it ends without attributes. A `|n` that ends the text is not
/// written twice, as in Evennia's outputfunc of `text`.
pub fn to_ansi_message(source: &str, depth: Depth, out: &mut String) {
    message(source, depth, Links::Text, out);
}

/// As [`to_mxp`], for a whole message: it ends without attributes.
pub fn to_mxp_message(source: &str, depth: Depth, out: &mut String) {
    message(source, depth, Links::Mxp, out);
}

/// What is made of links.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Text,
    Mxp,
}

fn message(source: &str, depth: Depth, links: Links, out: &mut String) {
    let (body, end) = without_last_reset(source);
    write(Tokens::new(body), depth, links, out);
    out.push_str(end);
    if depth != Depth::None {
        out.push_str(RESET);
    }
}

/// The text up to a `|n` that ends it, and the line end that may follow: Evennia looks for `|n$`, and
/// `$` stands before a last line end too.
fn without_last_reset(source: &str) -> (&str, &str) {
    let (line, end) = match source.strip_suffix('\n') {
        Some(line) => (line, "\n"),
        None => (source, ""),
    };
    let Some(body) = line.strip_suffix("|n") else { return (source, "") };
    // An odd number of pipes before it and the last `|` is the second half of an escape.
    let pipes = body.bytes().rev().take_while(|byte| *byte == b'|').count();
    if pipes % 2 == 0 { (body, end) } else { (source, "") }
}

fn write(tokens: Tokens<'_>, depth: Depth, links: Links, out: &mut String) {
    for token in tokens {
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Sgr(sgr) => sgr::write(sgr, depth, out),
            Token::Sequence(sequence) => write_sequence(sequence, depth, links, out),
            Token::Link(link) => write_link(link, depth, links, out),
        }
    }
}

fn write_sequence(sequence: Sequence<'_>, depth: Depth, links: Links, out: &mut String) {
    match sequence.kind {
        _ if depth == Depth::None => {}
        SequenceKind::Sgr(params) => write_raw_sgr(sequence.text, params, depth, out),
        SequenceKind::MxpMode | SequenceKind::Broken if links == Links::Mxp => {}
        SequenceKind::MxpMode | SequenceKind::Broken | SequenceKind::Other => out.push_str(sequence.text),
    }
}

fn write_raw_sgr(text: &str, params: &str, depth: Depth, out: &mut String) {
    let mut fits = true;
    sgr::parse(params, |sgr| fits &= sgr::depth(sgr) <= depth);
    if fits { out.push_str(text) } else { sgr::parse(params, |sgr| sgr::write(sgr, depth, out)) }
}

fn write_link(link: Link<'_>, depth: Depth, links: Links, out: &mut String) {
    match links {
        Links::Text => write(link.without_link(), depth, links, out),
        Links::Mxp => {
            let label = Tokens::inside_link(link.label);
            if !links::is_allowed(&link) {
                return write(label, depth, links, out);
            }
            links::open_mxp(&link, out);
            write(label, depth, links, out);
            links::close_mxp(&link, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ansi(source: &str, depth: Depth) -> String {
        let mut out = String::new();
        to_ansi(source, depth, &mut out);
        out
    }

    fn message(source: &str, depth: Depth) -> String {
        let mut out = String::new();
        to_ansi_message(source, depth, &mut out);
        out
    }

    fn mxp(source: &str) -> String {
        let mut out = String::new();
        to_mxp(source, Depth::Xterm256, &mut out);
        out
    }

    #[test]
    fn a_message_ends_in_one_reset() {
        let cases = [
            ("", "\x1b[0m"),
            ("x", "x\x1b[0m"),
            ("x|n", "x\x1b[0m"),
            ("x|n|n", "x\x1b[0m\x1b[0m"),
            ("x|n\n", "x\n\x1b[0m"),
            ("foo|", "foo|\x1b[0m"),
            ("foo||", "foo|\x1b[0m"),
            ("foo||n", "foo|n\x1b[0m"),
            ("foo|||n", "foo|\x1b[0m"),
        ];
        for (source, expected) in cases {
            assert_eq!(message(source, Depth::Ansi16), expected, "{source}");
        }
    }

    #[test]
    fn without_colour_there_is_nothing_to_reset() {
        assert_eq!(message("|rx|n", Depth::None), "x");
        assert_eq!(message("x\x1b[31my\n", Depth::None), "xy\n");
    }

    #[test]
    fn raw_colours_are_kept_or_written_with_fewer() {
        assert_eq!(ansi("\x1b[1;38;5;196mx", Depth::Xterm256), "\x1b[1;38;5;196mx");
        assert_eq!(ansi("\x1b[4;38;5;196mx", Depth::Ansi16), "\x1b[4m\x1b[1m\x1b[31mx");
        assert_eq!(ansi("\x1b[48;2;255;0;0mx", Depth::Xterm256), "\x1b[48;5;196mx");
        assert_eq!(ansi("\u{9b}38;5;9mx", Depth::Ansi16), "\x1b[1m\x1b[31mx");
    }

    #[test]
    fn no_mode_of_mxp_comes_from_text() {
        for source in ["\x1b[4z<b>", "\u{9b}4z<b>", "\x1b[1;4z<b>", "\x1b[4 z<b>"] {
            assert_eq!(mxp(source), "<b>", "{source:?}");
        }
        // What is left of the broken one must not make a mode together with what follows.
        assert_eq!(mxp("\x1b\x1b[4z<b>"), "<b>");
        assert_eq!(mxp("\x1b[4\x07z<b>"), "\x07z<b>");
        assert_eq!(mxp("\x1b[4"), "");
    }

    #[test]
    fn a_link_to_a_script_is_only_its_label() {
        assert_eq!(mxp("|lujavascript:x|lty|le"), "y");
    }

    #[test]
    fn a_pipe_in_a_command_makes_no_menu() {
        assert_eq!(
            mxp("|lcsay a||b|lt|rx|le"),
            "\x1b[4z<SEND HREF=\"say a&#124;b\">\x1b[1m\x1b[31mx\x1b[4z</SEND>"
        );
    }
}
