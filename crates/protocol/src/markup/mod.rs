//! Text markup: what the game writes (`|rred|n`, `|lclook|ltlook|le`), turned into what each kind of
//! client shows. [`Render`](crate::Render) and the protocols hand over the game's text; the protocols
//! also bring what players typed, to be made harmless with [`clean_input`].
//!
//! | code | meaning |
//! |---|---|
//! | `\|r` `\|R` `\|!R` `\|[R` | bright, dark, hue alone, background; of `r g y b m c w x` |
//! | `\|500` `\|[500` `\|=m` `\|[=m` | colour cube (0-5 a channel) and greys (`a`-`z`) of xterm |
//! | `\|#f80` `\|#ff8800` `\|[#f80` | 24-bit colour |
//! | `\|n` | back to normal |
//! | `\|h` `\|H` `\|u` `\|U` `\|i` `\|I` `\|s` `\|S` `\|^` `\|*` | bright, underline, italic, strike (capital: off), blink, inverse |
//! | `\|/` `\|-` `\|>` `\|_` | line end, tab, four spaces, space |
//! | `\|lcCMD\|ltTEXT\|le` `\|luURL\|ltTEXT\|le` | a link that sends a command, a link to a page |
//! | `\|\|` | the character `\|` |
//!
//! Anything else stays as it is written. One tokenizer reads a text once, left to right,
//! for all renderers; so what one of them takes for a code, all of them do.
//!
//! # Adding a code
//!
//! One row in `token::simple`; if it sets an attribute that does not exist yet, one in `sgr` and, for
//! the browser, one in `html::style`.

mod ansi;
pub use ansi::{to_ansi, to_ansi_message, to_mxp, to_mxp_message};

mod clean;
pub use clean::{clean_input, escape};

mod html;
pub use html::to_html;

mod plain;
pub use plain::{strip, to_screenreader, visible_width};

mod colors;
mod links;
mod sequence;
mod sgr;
mod token;
