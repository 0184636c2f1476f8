//! Colours, as a game names them. What a client with fewer shows of them is the Portal's doing.

/// A colour of the foreground or the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// One of the 16 of ANSI: 0-7 the plain hues, 8-15 the bright ones (ECMA-48 30-37, aixterm 90-97).
    Base(u8),
    /// One of the 256 of xterm: 0-15 as above, 16-231 a cube of six steps a channel, 232-255 greys.
    Indexed(u8),
    /// 24 bits: red, green, blue.
    Rgb([u8; 3]),
}

/// How strong a hue is written where there are only eight of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// `ESC[1m`.
    Bright,
    /// `ESC[22m`. Evennia begins its dark fallback colours with `ESC[0m`, which also ends background,
    /// underline, blink and inverse.
    Dark,
}

impl Color {
    /// The colour of xterm's cube for red, green and blue in six steps, 0 to 5; what is more counts as 5.
    pub fn cube(steps: [u8; 3]) -> Color {
        let [r, g, b] = steps.map(|step| step.min(5));
        Color::Indexed(16 + 36 * r + 6 * g + b)
    }

    /// The grey that Evennia names by a letter, black at `a`, white at `z`.
    pub(super) fn grey(letter: u8) -> Option<Color> {
        match letter {
            b'a' => Some(Color::Indexed(16)),
            b'b'..=b'y' => Some(Color::Indexed(232 + (letter - b'b'))),
            b'z' => Some(Color::Indexed(231)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greys_run_from_black_to_white() {
        assert_eq!(Color::grey(b'a'), Some(Color::cube([0; 3])));
        assert_eq!(Color::grey(b'z'), Some(Color::cube([5; 3])));
        assert_eq!(Color::grey(b'A'), None);
    }

    #[test]
    fn the_cube_has_six_steps() {
        assert_eq!(Color::cube([1, 2, 3]), Color::Indexed(67));
        assert_eq!(Color::cube([255, 9, 6]), Color::Indexed(231));
    }
}
