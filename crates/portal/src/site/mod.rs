//! The site of a game: what its pages say, and the templates that they are made of. `listen/site.rs` takes the requests.

mod facts;
mod front;
mod host;
mod players;
mod templates;
mod ways;

pub(crate) use front::{Site, Visit, Visitor};
pub(crate) use host::Host;
pub(crate) use templates::Rendered;
