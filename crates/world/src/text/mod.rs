//! Work on text: escaping what players type, true widths, text that has to fit, tables, names with articles and numbers.
//! Commands, hooks and games ask for it.
//!
//! All of it is markup on its way to [`World::msg`](crate::World::msg), and stays markup: a colour that is cut in two is
//! closed and opened again, `||` is one character, a link is as wide as its label.
//!
//! ```
//! use meadow_world::text;
//!
//! assert_eq!(text::width("|rrose|n"), 4);
//! assert_eq!(text::crop("|rroses are red|n", 8), "|rroses|n...");
//! assert_eq!(text::wrap("|rroses are|n red", 6), ["|rroses|n", "|rare|n", "red"]);
//! assert_eq!(text::numbered("rose", 2), "two roses");
//! ```

mod columns;
mod english;
pub mod funcs;
mod layout;
mod markup;
mod naming;
mod table;
mod words;

pub use columns::columns;
pub use english::{Conjugated, Gender, conjugate};
pub use layout::{Align, MAX_WIDTH, crop, justify, lines, pad, plain, width, wrap};
pub use naming::{numbered, without_article};
pub use table::{Border, Column, Table};
pub use words::{command_link, escape, span, words};
