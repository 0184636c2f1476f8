//! SGR, "select graphic rendition" (ECMA-48 8.3.117): how terminals write it. The renderers write or keep what markup and
//! raw `ESC[…m` set.

use std::fmt::Write as _;

use meadow_link::markup::{Color, Effect, Ground, Sgr, Weight};

use super::colors;
use crate::Depth;

/// Everything back to normal, as it is written.
pub(super) const RESET: &str = "\x1b[0m";

/// Writes a change for a terminal of this depth; nothing at [`Depth::None`].
pub(super) fn write(sgr: Sgr, depth: Depth, out: &mut String) {
    if depth == Depth::None {
        return;
    }
    match sgr {
        Sgr::Reset => out.push_str(RESET),
        Sgr::Weight(weight) => write_weight(weight, out),
        Sgr::On(effect) => write_code(effect as u16, out),
        Sgr::Off(effect) => write_code(effect as u16 + 20, out),
        Sgr::Hue(weight, hue) => {
            write_weight(weight, out);
            write_code(30 + u16::from(hue), out);
        }
        Sgr::Color(ground, color) => write_color(ground, color, depth, out),
        Sgr::DefaultColor(ground) => write_code(first(ground) + 9, out),
        Sgr::Other(code) => write_code(code, out),
    }
}

/// The least depth that shows a change as it is.
pub(super) fn depth(sgr: Sgr) -> Depth {
    match sgr {
        Sgr::Color(_, color) => colors::depth(color),
        _ => Depth::Ansi16,
    }
}

/// Reads the parameters of a raw `ESC[…m`, with `;` or `:` inside colours (ISO 8613-6). What is
/// malformed is left out.
pub(super) fn parse(params: &str, mut each: impl FnMut(Sgr)) {
    let mut fields = params.split(';');
    while let Some(field) = fields.next() {
        let mut parts = field.split(':');
        let code = number(parts.next());
        let Some(code) = code else { continue };
        let sgr = match code {
            38 | 48 | 58 if field.contains(':') => extended(code, &mut colon_arguments(parts)),
            38 | 48 | 58 => extended(code, &mut fields),
            4 if parts.next() == Some("0") => Some(Sgr::Off(Effect::Underline)),
            _ => Some(single(code)),
        };
        if let Some(sgr) = sgr {
            each(sgr);
        }
    }
}

/// `2:SPACE:R:G:B` has one argument more than `2;R;G;B`; without it both read alike.
fn colon_arguments<'a>(parts: std::str::Split<'a, char>) -> impl Iterator<Item = &'a str> {
    let spaced = parts.clone().count() >= 5;
    parts.enumerate().filter(move |(at, _)| !(spaced && *at == 1)).map(|(_, part)| part)
}

fn extended<'a>(code: u16, arguments: &mut impl Iterator<Item = &'a str>) -> Option<Sgr> {
    let mut byte = || number(arguments.next()).and_then(|value| u8::try_from(value).ok());
    let color = match byte()? {
        5 => Color::Indexed(byte()?),
        2 => Color::Rgb([byte()?, byte()?, byte()?]),
        _ => return None,
    };
    match code {
        38 => Some(Sgr::Color(Ground::Front, color)),
        48 => Some(Sgr::Color(Ground::Back, color)),
        // The colour of underlines: nobody but the newest terminals has one.
        _ => None,
    }
}

fn single(code: u16) -> Sgr {
    // The ranges of the match keep each difference under 16.
    let base = |first: u16, bright: u8| Color::Base((code - first) as u8 + bright);
    match code {
        0 => Sgr::Reset,
        1 => Sgr::Weight(Weight::Bright),
        22 => Sgr::Weight(Weight::Dark),
        3 => Sgr::On(Effect::Italic),
        4 => Sgr::On(Effect::Underline),
        5 => Sgr::On(Effect::Blink),
        7 => Sgr::On(Effect::Inverse),
        9 => Sgr::On(Effect::Strike),
        23 => Sgr::Off(Effect::Italic),
        24 => Sgr::Off(Effect::Underline),
        25 => Sgr::Off(Effect::Blink),
        27 => Sgr::Off(Effect::Inverse),
        29 => Sgr::Off(Effect::Strike),
        30..=37 => Sgr::Color(Ground::Front, base(30, 0)),
        39 => Sgr::DefaultColor(Ground::Front),
        40..=47 => Sgr::Color(Ground::Back, base(40, 0)),
        49 => Sgr::DefaultColor(Ground::Back),
        90..=97 => Sgr::Color(Ground::Front, base(90, 8)),
        100..=107 => Sgr::Color(Ground::Back, base(100, 8)),
        other => Sgr::Other(other),
    }
}

/// An absent number is 0 (ECMA-48 5.4.2).
fn number(field: Option<&str>) -> Option<u16> {
    match field? {
        "" => Some(0),
        digits => digits.parse().ok(),
    }
}

/// The number of the first colour of a ground.
fn first(ground: Ground) -> u16 {
    match ground {
        Ground::Front => 30,
        Ground::Back => 40,
    }
}

fn write_weight(weight: Weight, out: &mut String) {
    out.push_str(match weight {
        Weight::Bright => "\x1b[1m",
        Weight::Dark => "\x1b[22m",
    });
}

fn write_code(code: u16, out: &mut String) {
    let _ = write!(out, "\x1b[{code}m");
}

fn write_color(ground: Ground, color: Color, depth: Depth, out: &mut String) {
    let first = first(ground);
    let color = if depth == Depth::Xterm256 { colors::indexed(color) } else { color };
    let _ = match color {
        Color::Base(hue @ 0..=7) => write!(out, "\x1b[{}m", first + u16::from(hue)),
        Color::Base(hue) => write!(out, "\x1b[{}m", first + 52 + u16::from(hue)),
        _ if depth <= Depth::Ansi16 => {
            let (weight, hue) = colors::hue(color);
            // Backgrounds have no weight of their own: it would change the characters.
            if ground == Ground::Front {
                write_weight(weight, out);
            }
            write!(out, "\x1b[{}m", first + u16::from(hue))
        }
        Color::Indexed(index) => write!(out, "\x1b[{};5;{index}m", first + 8),
        Color::Rgb([r, g, b]) => write!(out, "\x1b[{};2;{r};{g};{b}m", first + 8),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(params: &str) -> Vec<Sgr> {
        let mut all = Vec::new();
        parse(params, |sgr| all.push(sgr));
        all
    }

    #[test]
    fn an_empty_parameter_is_zero() {
        assert_eq!(parsed(""), [Sgr::Reset]);
        assert_eq!(parsed(";1"), [Sgr::Reset, Sgr::Weight(Weight::Bright)]);
    }

    #[test]
    fn colours_are_read_with_semicolons_and_with_colons() {
        let orange = Sgr::Color(Ground::Front, Color::Rgb([255, 128, 0]));
        for params in ["38;2;255;128;0", "38:2:255:128:0", "38:2::255:128:0"] {
            assert_eq!(parsed(params), [orange], "{params}");
        }
        let red = Sgr::Color(Ground::Back, Color::Indexed(196));
        assert_eq!(parsed("48;5;196"), [red]);
        assert_eq!(parsed("1;48:5:196;4"), [Sgr::Weight(Weight::Bright), red, Sgr::On(Effect::Underline)]);
    }

    #[test]
    fn what_is_malformed_is_left_out() {
        for params in ["38", "38;5", "38;5;256", "38;9;1", "99999999999", "58;5;1"] {
            let left: Vec<_> = parsed(params).into_iter().filter(|sgr| depth(*sgr) > Depth::Ansi16).collect();
            assert_eq!(left, [], "{params}");
        }
    }

    #[test]
    fn bright_colours_of_aixterm_are_written_as_they_are() {
        let mut out = String::new();
        parse("91;102", |sgr| write(sgr, Depth::Ansi16, &mut out));
        assert_eq!(out, "\x1b[91m\x1b[102m");
    }
}
