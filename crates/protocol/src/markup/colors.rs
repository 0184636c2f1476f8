//! How a colour is shown by a client that has fewer. Used by [`super::sgr`].

use meadow_link::markup::{Color, Weight};

use crate::Depth;

/// A point of xterm's colour cube: red, green, blue in six steps.
type Cube = [u8; 3];

/// The least depth that shows a colour as it is.
pub(super) fn depth(color: Color) -> Depth {
    match color {
        Color::Base(_) => Depth::Ansi16,
        Color::Indexed(_) => Depth::Xterm256,
        Color::Rgb(_) => Depth::Truecolor,
    }
}

/// The nearest of the 256 of xterm, for a colour that has more.
pub(super) fn indexed(color: Color) -> Color {
    match color {
        Color::Rgb(rgb) => Color::cube(rgb.map(cube_digit)),
        fewer => fewer,
    }
}

/// The nearest of the eight hues (0-7) and its weight.
pub(super) fn hue(color: Color) -> (Weight, u8) {
    match color {
        Color::Base(n) | Color::Indexed(n @ 0..=15) => {
            (if n < 8 { Weight::Dark } else { Weight::Bright }, n & 7)
        }
        Color::Indexed(n @ 16..=231) => cube_hue([(n - 16) / 36, (n - 16) / 6 % 6, (n - 16) % 6]),
        Color::Indexed(n) => {
            let digit = (n - 231 + 2) / 5;
            cube_hue([digit; 3])
        }
        Color::Rgb(rgb) => cube_hue(rgb.map(cube_digit)),
    }
}

/// The step of the cube for a channel of 24-bit colour: `round((value - 45) / 40)`, ties to even, which
/// is Evennia's rule.
fn cube_digit(value: u8) -> u8 {
    let above = value.saturating_sub(45);
    let (digit, rest) = (above / 40, above % 40);
    match rest {
        0..20 => digit,
        20 => digit + digit % 2,
        _ => digit + 1,
    }
}

/// Evennia's fallback of the 216 cube colours to the 16 of ANSI: first the greys, then the hues by
/// their halved channels, in an order that leaves no hole.
fn cube_hue(cube: Cube) -> (Weight, u8) {
    use Weight::{Bright, Dark};
    const BLACK: u8 = 0;
    const RED: u8 = 1;
    const GREEN: u8 = 2;
    const YELLOW: u8 = 3;
    const BLUE: u8 = 4;
    const MAGENTA: u8 = 5;
    const CYAN: u8 = 6;
    const WHITE: u8 = 7;

    let (least, most) =
        (*cube.iter().min().expect("three channels"), *cube.iter().max().expect("three channels"));
    match (least, most) {
        (0, 0) => return (Dark, BLACK),
        (1 | 2, 1 | 2) => return (Bright, BLACK),
        (2 | 3, 2 | 3) | (3 | 4, 3 | 4) => return (Dark, WHITE),
        (4 | 5, 4 | 5) => return (Bright, WHITE),
        _ => {}
    }
    let [r, g, b] = cube;
    match cube.map(|digit| digit.div_ceil(2)) {
        [2 | 3, 0 | 1, 0 | 1] => (Bright, RED),
        [1, 0, 0] => (Dark, RED),
        [0 | 1, 2 | 3, 0 | 1] => (Bright, GREEN),
        [0 | 1, 1, 0] if g > r => (Dark, GREEN),
        [0 | 1, 0 | 1, 2 | 3] => (Bright, BLUE),
        [0, 0, 1] => (Dark, BLUE),
        [_, 2 | 3, 2 | 3] if r == least => (Bright, CYAN),
        [0, 1 | 2, 1 | 2] => (Dark, CYAN),
        [2 | 3, 2 | 3, _] if b == least => (Bright, YELLOW),
        [1 | 2, 1 | 2, 0 | 1] => (Dark, YELLOW),
        [2 | 3, _, 2 | 3] if g == least => (Bright, MAGENTA),
        _ => (Dark, MAGENTA),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_round_with_ties_to_even() {
        let steps = [0, 65, 66, 104, 105, 145, 146, 225, 226, 255].map(cube_digit);
        assert_eq!(steps, [0, 0, 1, 1, 2, 2, 3, 4, 5, 5]);
    }

    #[test]
    fn the_sixteen_keep_their_hue() {
        assert_eq!(hue(Color::Indexed(9)), (Weight::Bright, 1));
        assert_eq!(hue(Color::Base(3)), (Weight::Dark, 3));
    }
}
