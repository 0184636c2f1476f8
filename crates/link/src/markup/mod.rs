//! Text markup (`|rred|n`, `|lclook|ltlook|le`): the language of game text in commandtuples. Here it is read; what
//! each kind of client shows of it is made by the Portal (`meadow-protocol`), how wide it is by the world.
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
//! Anything else stays as it is written. One tokenizer reads a text once, left to right, for all; so what one of them
//! takes for a code, all of them do.
//!
//! # Adding a code
//!
//! One row in `token::simple`; if it sets an attribute that does not exist yet, one in `sgr` here and in `meadow-protocol`
//! and, for the browser, one in its `html::style`.

mod color;
pub use color::{Color, Weight};

mod links;
pub use links::{Link, Target};

mod sequence;
pub use sequence::{Sequence, SequenceKind, read as read_sequence};

mod sgr;
pub use sgr::{Effect, Ground, Sgr};

mod token;
pub use token::{Token, Tokens};
