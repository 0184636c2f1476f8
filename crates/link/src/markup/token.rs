//! The tokenizer: game text in, [`Token`]s out, in one pass from left to right. The Portal's renderers read these to show
//! a text, the world reads them to measure it; so nobody else looks at a `|`.

use super::{
    color::{Color, Weight},
    links::{Link, Target},
    sequence::{self, Sequence},
    sgr::{Effect, Ground, Sgr},
};

/// A piece of game text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Characters to show. May be split anywhere: `||` is one of its own.
    Text(&'a str),
    /// Markup that changes attributes.
    Sgr(Sgr),
    /// A terminal control sequence that the game wrote out.
    Sequence(Sequence<'a>),
    /// A whole link.
    Link(Link<'a>),
}

/// The tokens of a text.
///
/// ```
/// use meadow_link::markup::{Sgr, Token, Tokens};
/// let mut tokens = Tokens::new("a|n|q");
/// assert_eq!(tokens.next(), Some(Token::Text("a")));
/// assert_eq!(tokens.next(), Some(Token::Sgr(Sgr::Reset)));
/// assert_eq!(tokens.rest(), "|q");
/// assert_eq!(tokens.next(), Some(Token::Text("|")));
/// ```
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    rest: &'a str,
    links: Links,
}

/// Whether a link may still come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    Possible,
    /// Inside a link, since links do not nest; or past the last whole one, so that a text full of
    /// unfinished links is not searched again for each of them.
    Over,
}

impl<'a> Tokens<'a> {
    /// The tokens of game text.
    pub fn new(source: &'a str) -> Tokens<'a> {
        Tokens { rest: source, links: Links::Possible }
    }

    /// The tokens of a part of a link: in it, no link begins.
    pub fn inside_link(part: &'a str) -> Tokens<'a> {
        Tokens { rest: part, links: Links::Over }
    }

    /// What has not been read yet. What it has lost with a token is how that token was written.
    pub fn rest(&self) -> &'a str {
        self.rest
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    /// What the `|` at the beginning means; itself if nothing.
    fn code(&mut self) -> Token<'a> {
        let (length, token) = match self.rest.as_bytes()[1..] {
            [b'|', ..] => (2, Some(Token::Text("|"))),
            [b'l', ..] => return self.link().unwrap_or_else(|| Token::Text(self.take(1))),
            [b'[', ref name @ ..] => match background(name) {
                Some((length, color)) => (2 + length, Some(Token::Sgr(Sgr::Color(Ground::Back, color)))),
                None => (1, None),
            },
            [b'!', name, ..] if name.is_ascii_uppercase() => {
                (3, hue(name).map(|hue| Token::Sgr(Sgr::Color(Ground::Front, Color::Base(hue)))))
            }
            ref name => match color(name) {
                Some((length, color)) => (1 + length, Some(Token::Sgr(Sgr::Color(Ground::Front, color)))),
                None => (2, name.first().and_then(|name| simple(*name))),
            },
        };
        match token {
            Some(token) => {
                self.take(length);
                token
            }
            None => Token::Text(self.take(1)),
        }
    }

    /// `|lcCMD|ltTEXT|le` or `|luURL|ltTEXT|le`, each part up to the first marker that ends it.
    fn link(&mut self) -> Option<Token<'a>> {
        let body = self.rest.get(3..)?;
        let (Links::Possible, Some(kind)) = (self.links, Target::of(self.rest.as_bytes()[2])) else {
            return None;
        };
        let parts = find_marker(body, b't').and_then(|middle| {
            let label = &body[middle + MARKER..];
            find_marker(label, b'e').map(|end| (&body[..middle], &label[..end]))
        });
        let Some((target, label)) = parts else {
            self.links = Links::Over;
            return None;
        };
        self.take(MARKER + target.len() + MARKER + label.len() + MARKER);
        Some(Token::Link(Link { kind, target, label }))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        match plain_length(self.rest.as_bytes()) {
            0 => {}
            length => return Some(Token::Text(self.take(length))),
        }
        if self.rest.is_empty() {
            return None;
        }
        match sequence::read(self.rest) {
            Some(sequence) => {
                self.take(sequence.text.len());
                Some(Token::Sequence(sequence))
            }
            None => Some(self.code()),
        }
    }
}

/// Length of `|lt` and its like.
const MARKER: usize = 3;

/// How much is neither markup nor a control sequence. Most of a game's text is; it is looked through
/// in blocks that the compiler turns into vector instructions.
fn plain_length(bytes: &[u8]) -> usize {
    const BLOCK: usize = 16;
    let may_begin = |byte: u8| (byte == b'|') | (byte == 0x1b) | (byte == 0xc2);
    let mut at = 0;
    while at < bytes.len() {
        if let Some(block) = bytes.get(at..at + BLOCK)
            && !block.iter().fold(false, |found, byte| found | may_begin(*byte))
        {
            at += BLOCK;
            continue;
        }
        let end = bytes.len().min(at + BLOCK);
        match (at..end).find(|at| bytes[*at] == b'|' || sequence::begins(&bytes[*at..])) {
            Some(found) => return found,
            None => at = end,
        }
    }
    bytes.len()
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

/// The codes of one letter or sign. Evennia's own table.
fn simple(name: u8) -> Option<Token<'static>> {
    Some(match name {
        b'n' => Token::Sgr(Sgr::Reset),
        b'/' => Token::Text("\r\n"),
        b'-' => Token::Text("\t"),
        b'>' => Token::Text("    "),
        b'_' => Token::Text(" "),
        b'*' => Token::Sgr(Sgr::On(Effect::Inverse)),
        b'^' => Token::Sgr(Sgr::On(Effect::Blink)),
        b'u' => Token::Sgr(Sgr::On(Effect::Underline)),
        b'U' => Token::Sgr(Sgr::Off(Effect::Underline)),
        b'i' => Token::Sgr(Sgr::On(Effect::Italic)),
        b'I' => Token::Sgr(Sgr::Off(Effect::Italic)),
        b's' => Token::Sgr(Sgr::On(Effect::Strike)),
        b'S' => Token::Sgr(Sgr::Off(Effect::Strike)),
        b'h' => Token::Sgr(Sgr::Weight(Weight::Bright)),
        b'H' => Token::Sgr(Sgr::Weight(Weight::Dark)),
        letter => {
            let weight = if letter.is_ascii_lowercase() { Weight::Bright } else { Weight::Dark };
            Token::Sgr(Sgr::Hue(weight, hue(letter)?))
        }
    })
}

/// The hue that a letter of either case names.
fn hue(letter: u8) -> Option<u8> {
    const HUES: &[u8; 8] = b"xrgybmcw";
    HUES.iter().position(|hue| *hue == letter.to_ascii_lowercase()).map(|hue| hue as u8)
}

/// A background, after `|[`: its length and colour. Lower-case letters are bright and lie in the cube,
/// because ANSI has no bright backgrounds.
fn background(name: &[u8]) -> Option<(usize, Color)> {
    let letter = *name.first()?;
    match letter {
        b'x' => Some((1, Color::cube([2, 2, 2]))),
        b'w' => Some((1, Color::cube([5, 5, 5]))),
        _ if letter.is_ascii_lowercase() => {
            // The bits of a hue are its red, green and blue.
            let hue = hue(letter)?;
            Some((1, Color::cube([hue & 1, hue >> 1 & 1, hue >> 2].map(|bit| bit * 5))))
        }
        _ if letter.is_ascii_uppercase() => hue(letter).map(|hue| (1, Color::Base(hue))),
        _ => color(name),
    }
}

/// A colour by numbers, after `|` or `|[`: its length and itself.
fn color(name: &[u8]) -> Option<(usize, Color)> {
    match *name {
        [r @ b'0'..=b'5', g @ b'0'..=b'5', b @ b'0'..=b'5', ..] => {
            Some((3, Color::cube([r, g, b].map(|digit| digit - b'0'))))
        }
        [b'=', letter, ..] => Color::grey(letter).map(|grey| (2, grey)),
        [b'#', ref digits @ ..] => hex(digits).map(|(length, rgb)| (1 + length, Color::Rgb(rgb))),
        _ => None,
    }
}

/// Six hexadecimal digits, or three that stand for two each.
fn hex(digits: &[u8]) -> Option<(usize, [u8; 3])> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16).map(|digit| digit as u8);
    let short = [digit(0)?, digit(1)?, digit(2)?];
    match (digit(3), digit(4), digit(5)) {
        (Some(d3), Some(d4), Some(d5)) => {
            let [d0, d1, d2] = short;
            Some((6, [d0 * 16 + d1, d2 * 16 + d3, d4 * 16 + d5]))
        }
        _ => Some((3, short.map(|digit| digit * 17))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> String {
        let text = |token| match token {
            Token::Text(text) => text.to_owned(),
            other => format!("<{other:?}>"),
        };
        Tokens::new(source).map(text).collect()
    }

    #[test]
    fn what_is_no_code_stays() {
        for source in [
            "|", "|q", "|12", "|600", "|=A", "|#12", "|[", "|[n", "|!", "|!r", "|!q", "|l", "|lc", "|é",
            "|[é", "|=é",
        ] {
            assert_eq!(texts(source), source);
        }
    }

    #[test]
    fn plain_text_is_one_token_wherever_the_code_stands() {
        for length in 0..40 {
            let source = format!("{}|n", "x".repeat(length));
            let tokens: Vec<_> = Tokens::new(&source).collect();
            assert_eq!(tokens.len(), 1 + usize::from(length > 0), "{length}");
            assert_eq!(tokens.last(), Some(&Token::Sgr(Sgr::Reset)));
        }
    }

    #[test]
    fn characters_that_begin_like_c1_controls_are_text() {
        let source = "£100 and 20° and \u{a0}".repeat(3);
        assert_eq!(Tokens::new(&source).collect::<Vec<_>>(), [Token::Text(&source)]);
    }

    #[test]
    fn the_parts_of_a_link_are_found_past_escapes() {
        let link = |kind, target, label| Some(Token::Link(Link { kind, target, label }));
        assert_eq!(Tokens::new("|lca||ltb|ltc|le").next(), link(Target::Command, "a||ltb", "c"));
        assert_eq!(Tokens::new("|luU|ltT|le").next(), link(Target::Address, "U", "T"));
    }

    #[test]
    fn unfinished_links_cost_one_search() {
        let source = "|lc".repeat(200_000);
        assert_eq!(texts(&source), source);
    }
}
