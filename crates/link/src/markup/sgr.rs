//! SGR, "select graphic rendition" (ECMA-48 8.3.117): the attributes that markup sets.

use super::color::{Color, Weight};

/// One change of attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sgr {
    /// Everything back to normal.
    Reset,
    /// Strength alone; the hue stays.
    Weight(Weight),
    /// An effect begins.
    On(Effect),
    /// An effect ends.
    Off(Effect),
    /// Strength and one of the eight hues (0-7) of the foreground.
    Hue(Weight, u8),
    /// Colour of one ground.
    Color(Ground, Color),
    /// The client's own colour of one ground.
    DefaultColor(Ground),
    /// A number that has no meaning here: kept for terminals, nothing in a browser.
    Other(u16),
}

/// What is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The characters.
    Front,
    /// What is behind them.
    Back,
}

/// An effect, by the number that begins it; twenty more ends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are their names")]
pub enum Effect {
    Italic = 3,
    Underline = 4,
    Blink = 5,
    Inverse = 7,
    Strike = 9,
}
