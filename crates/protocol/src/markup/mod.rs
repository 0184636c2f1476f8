//! Text markup ([`meadow_link::markup`]) turned into what each kind of client shows. [`Render`](crate::Render) and the
//! protocols hand over the game's text; the protocols also bring what players typed, to be made harmless with
//! [`clean_input`].

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
mod sgr;
