//! Text of players. The protocols give what was typed to [`clean_input`]; game code gives text that
//! must show literally to [`escape`].

use std::borrow::Cow;

use meadow_link::markup::read_sequence;

/// A text in which this many passes, one after the other, still found a link was built to leave one in
/// the end.
const LINK_PASSES: usize = 8;

/// Makes text show as it is: every `|` is doubled. For any text without control characters, all
/// renderings of the result show the text.
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.contains('|') { Cow::Owned(text.replace('|', "||")) } else { Cow::Borrowed(text) }
}

/// What a player typed, made harmless for everybody who will see it.
///
/// Terminal control sequences, control characters (C0 but TAB, DEL, C1) and controls of the direction
/// of writing (U+202A to 202E, 2066 to 2069) are taken out: they could repaint another player's screen
/// or forge MXP tags. Whole links become their label or address, as with Evennia's `MXP_OUTGOING_ONLY`,
/// until there is none; what is left of link markup is escaped, so nothing can be put together from
/// two texts. Colours are left: players may use them.
///
/// Cleaning twice is cleaning once. Text that needs nothing is not copied.
///
/// ```
/// use meadow_protocol::markup::clean_input;
/// assert_eq!(clean_input("say \x1b[2Jhi"), "say hi");
/// assert_eq!(clean_input("say |rhi"), "say |rhi");
/// ```
pub fn clean_input(text: &str) -> Cow<'_, str> {
    match without_controls(text) {
        Cow::Borrowed(text) if !text.contains("|l") => Cow::Borrowed(text),
        text => Cow::Owned(escape_markers(without_links(text.into_owned()))),
    }
}

fn without_controls(text: &str) -> Cow<'_, str> {
    let Some(first) = find_control(text) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut at) = (text, first);
    loop {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match read_sequence(rest) {
            Some(sequence) => sequence.text.len(),
            None => rest.chars().next().map_or(0, char::len_utf8),
        };
        rest = &rest[length..];
        match find_control(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn find_control(text: &str) -> Option<usize> {
    let harmful = |char: char| match char {
        '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    };
    // All controls but DEL lie below space, at C2 80 to 9F, or begin with E2.
    let bytes = text.as_bytes();
    let suspect = |byte: &u8| *byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xe2);
    let first = bytes.iter().position(suspect)?;
    text[first..].find(harmful).map(|at| first + at)
}

/// Evennia's `strip_mxp`, repeated until nothing changes: what is left of one link may be another. It
/// reads the raw characters, so an escaped link is one too.
fn without_links(mut text: String) -> String {
    for _ in 0..LINK_PASSES {
        let commands = replace_links(&text, "|lc", Part::Label);
        let addresses = replace_links(commands.as_deref().unwrap_or(&text), "|lu", Part::Target);
        match addresses.or(commands) {
            Some(changed) => text = changed,
            None => return text,
        }
    }
    // Nobody writes links like that in good faith: without its pipes there is no marker.
    while text.contains("|l") {
        text = text.replace("|l", "l");
    }
    text
}

/// Which part of a link is kept.
enum Part {
    Label,
    Target,
}

fn replace_links(text: &str, opening: &str, keep: Part) -> Option<String> {
    let mut out: Option<String> = None;
    let mut rest = text;
    while let Some((before, target, label, after)) = split_link(rest, opening) {
        let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(before);
        out.push_str(match keep {
            Part::Label => label,
            Part::Target => target,
        });
        rest = after;
    }
    if let Some(out) = &mut out {
        out.push_str(rest);
    }
    out
}

fn split_link<'a>(text: &'a str, opening: &str) -> Option<(&'a str, &'a str, &'a str, &'a str)> {
    let (before, rest) = text.split_once(opening)?;
    let (target, rest) = rest.split_once("|lt")?;
    let (label, after) = rest.split_once("|le")?;
    Some((before, target, label, after))
}

/// Doubles the pipe of every `|l` that is not escaped already.
fn escape_markers(text: String) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.as_str();
    while let Some(at) = rest.find("|l") {
        let upto = &rest[..=at];
        let pipes = upto.bytes().rev().take_while(|byte| *byte == b'|').count();
        out.push_str(upto);
        if pipes % 2 == 1 {
            out.push('|');
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let cleaned = clean_input(text);
        assert_eq!(cleaned, expected, "{text:?}");
        assert_eq!(clean_input(&cleaned), expected, "twice: {text:?}");
    }

    #[test]
    fn what_is_harmless_is_not_copied() {
        for text in ["say hello", "|rred|n", "a\tb", "naïve £5 ← “é”", "|L", "a|"] {
            assert!(matches!(clean_input(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }

    #[test]
    fn controls_are_taken_out_whole() {
        check("\x1b[Alook\x07\x7f\u{85}", "look");
        check("\x1b]0;title\x07x\x1b[2J\u{9b}31my\x1b", "xy");
        check("a\u{202e}b\u{2066}c", "abc");
        check("|\x00lcx|\x1blty|le", "y");
    }

    #[test]
    fn links_are_stripped_until_there_is_none() {
        check("|lcx|lty|le", "y");
        check("|luhttp://x|lty|le", "http://x");
        check("|l|lcx|ltcdrop all|le|ltFREE|le", "FREE");
        check("|lca|lt|lcb|ltc|le|le", "c");
        check("|lca|ltb|le|le", "b||le");
    }

    #[test]
    fn remains_of_links_are_escaped() {
        check("|lcdrop all|ltFREE", "||lcdrop all||ltFREE");
        check("x||lt|||le|lq|l", "x||lt||||le||lq||l");
    }

    /// A link that takes this many passes, and the remains of another.
    fn nested(passes: usize) -> String {
        (1..passes).fold("|lca|lt|le".to_owned(), |inner, _| format!("|l{inner}cx|lt|le")) + "|lq"
    }

    #[test]
    fn nesting_to_the_limit_and_past_it_leaves_no_link() {
        check(&nested(LINK_PASSES - 1), "||lq");
        check(&nested(LINK_PASSES), "lq");
        check(
            &nested(100),
            &("lcx".repeat(100 - LINK_PASSES).replace("lcx", "l")
                + &"cxltle".repeat(100 - LINK_PASSES)
                + "lq"),
        );
    }
}
