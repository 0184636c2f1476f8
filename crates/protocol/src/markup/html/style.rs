//! The attributes at one place of a text, and the `<span>` that shows them. Changed by
//! [`super`] with each code.

use std::fmt::Write as _;

use meadow_link::markup::{Color, Effect, Ground, Sgr, Weight};

/// Attributes as Evennia's `format_styles` keeps them. A 24-bit colour lies over the class of a colour
/// set before or after it, until a reset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Style {
    /// In the order in which they were set, which is that of the classes.
    effects: Vec<Effect>,
    weight: Weight,
    front: Palette,
    back: Palette,
}

/// A colour of one ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Palette {
    index: Index,
    rgb: Option<[u8; 3]>,
}

/// The number of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Index {
    /// One of eight hues, whose weight is kept apart.
    Hue(u8),
    /// One of 256.
    Fixed(u8),
}

const BLACK: u8 = 0;
const LIGHT_GREY: u8 = 7;

impl Default for Style {
    fn default() -> Style {
        Style {
            effects: Vec::new(),
            weight: Weight::Dark,
            front: Palette { index: Index::Hue(LIGHT_GREY), rgb: None },
            back: Palette { index: Index::Hue(BLACK), rgb: None },
        }
    }
}

impl Style {
    /// What follows a change.
    pub(super) fn apply(&mut self, sgr: Sgr) {
        match sgr {
            Sgr::Reset => *self = Style::default(),
            Sgr::Weight(weight) => self.weight = weight,
            Sgr::On(effect) if !self.effects.contains(&effect) => self.effects.push(effect),
            Sgr::Off(effect) => self.effects.retain(|on| *on != effect),
            Sgr::Hue(weight, hue) => {
                self.weight = weight;
                self.front.index = Index::Hue(hue);
            }
            Sgr::Color(Ground::Front, color) => self.front.set(color),
            Sgr::Color(Ground::Back, color) => self.back.set(color),
            Sgr::DefaultColor(Ground::Front) => self.front = Style::default().front,
            Sgr::DefaultColor(Ground::Back) => self.back = Style::default().back,
            Sgr::On(_) | Sgr::Other(_) => {}
        }
    }

    /// The opening tag. The colours of a page without classes are light grey on black.
    pub(super) fn open_tag(&self, out: &mut String) {
        let (mut front, mut back) = (self.front.class(self.weight), self.back.class(Weight::Dark));
        let (mut front_rgb, mut back_rgb) = (self.front.rgb, self.back.rgb);
        if self.effects.contains(&Effect::Inverse) {
            (front, back) = (back, front);
            (front_rgb, back_rgb) = (back_rgb, front_rgb);
        }
        out.push_str("<span class=\"");
        let classes = out.len();
        for effect in &self.effects {
            let name = match effect {
                Effect::Blink => "blink",
                Effect::Underline => "underline",
                Effect::Italic => "italic",
                Effect::Strike => "strike",
                Effect::Inverse => continue,
            };
            separate(out, classes);
            out.push_str(name);
        }
        if back != BLACK {
            separate(out, classes);
            let _ = write!(out, "bgcolor-{back:03}");
        }
        if front != LIGHT_GREY {
            separate(out, classes);
            let _ = write!(out, "color-{front:03}");
        }
        out.push('"');
        push_style(front_rgb, back_rgb, out);
        out.push('>');
    }
}

impl Palette {
    fn set(&mut self, color: Color) {
        match color {
            Color::Base(hue @ 0..=7) => self.index = Index::Hue(hue),
            Color::Base(index) | Color::Indexed(index) => self.index = Index::Fixed(index),
            Color::Rgb(rgb) => self.rgb = Some(rgb),
        }
    }

    fn class(self, weight: Weight) -> u8 {
        match (self.index, weight) {
            (Index::Fixed(index), _) | (Index::Hue(index), Weight::Dark) => index,
            (Index::Hue(index), Weight::Bright) => index + 8,
        }
    }
}

fn separate(out: &mut String, start: usize) {
    if out.len() > start {
        out.push(' ');
    }
}

fn push_style(front: Option<[u8; 3]>, back: Option<[u8; 3]>, out: &mut String) {
    if front.is_none() && back.is_none() {
        return;
    }
    out.push_str(" style=\"");
    for (property, rgb) in [("color", front), ("background-color", back)] {
        if let Some([r, g, b]) = rgb {
            let _ = write!(out, "{property}: #{r:02x}{g:02x}{b:02x};");
        }
    }
    out.push('"');
}
