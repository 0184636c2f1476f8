//! Text is rendered once for each kind of client, not once for each session.
//! `PortalSessionHandler` makes one [`Render`] for each outgoing tuple and lends it to every receiver.

use std::fmt::Write as _;

use crate::markup;

/// How many colours a client shows.
///
/// ```
/// use meadow_protocol::{Depth, Render, Rendering};
/// let red = Rendering::Ansi { depth: Depth::Ansi16, screenreader: false };
/// assert!(Render::new("|rred").text(red).contains("\x1b[31m"));
/// assert!(Depth::Ansi16 < Depth::Truecolor);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// None: markup is stripped.
    None,
    /// The 16 of ANSI.
    Ansi16,
    /// The 256 of xterm.
    Xterm256,
    /// 24 bits.
    Truecolor,
}

/// A way to turn markup into what a client shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// Terminal text.
    Ansi {
        /// Colours.
        depth: Depth,
        /// For a screen reader: decoration is taken out as well.
        screenreader: bool,
    },
    /// Terminal text with the links of MXP.
    Mxp {
        /// Colours.
        depth: Depth,
    },
    /// HTML that is safe to insert; without colour if so wished.
    Html {
        /// Classes for colours are left out.
        nocolor: bool,
    },
    /// The text as it is, markup and all (`options.raw`).
    Raw,
}

/// The renderings of one text, made when first asked for.
///
/// ```
/// use meadow_protocol::{Depth, Render, Rendering};
///
/// let mut render = Render::new("a |rrose|n");
/// assert_eq!(render.text(Rendering::Ansi { depth: Depth::None, screenreader: false }), "a rose");
/// assert_eq!(render.text(Rendering::Raw), "a |rrose|n");
/// assert!(render.text(Rendering::Html { nocolor: false }).contains("<span"));
/// ```
#[derive(Debug)]
pub struct Render<'a> {
    source: &'a str,
    made: Vec<(Rendering, String)>,
}

impl<'a> Render<'a> {
    /// Renderings of this markup.
    pub fn new(source: &'a str) -> Render<'a> {
        Render { source, made: Vec::new() }
    }

    /// The markup itself.
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The text for one kind of client. Line ends are LF; it ends without attributes set.
    pub fn text(&mut self, rendering: Rendering) -> &str {
        let at = match self.made.iter().position(|(made, _)| *made == rendering) {
            Some(at) => at,
            None => {
                self.made.push((rendering, render(self.source, rendering)));
                self.made.len() - 1
            }
        };
        &self.made[at].1
    }
}

fn render(source: &str, rendering: Rendering) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    match rendering {
        Rendering::Ansi { depth, screenreader: false } => markup::to_ansi_message(source, depth, &mut out),
        Rendering::Ansi { depth, screenreader: true } => {
            markup::to_screenreader(source, &mut out);
            // Without attributes to end, but Evennia's wire has it.
            markup::to_ansi_message("", depth, &mut out);
        }
        Rendering::Mxp { depth } => markup::to_mxp_message(source, depth, &mut out),
        Rendering::Html { nocolor } => markup::to_html(source, nocolor, &mut out),
        Rendering::Raw => {
            let _ = out.write_str(source);
        }
    }
    out
}
