//! The game's own kinds of objects. [`setup`](crate::setup) registers them.
//!
//! # Adding one
//!
//! 1. Copy `bell.rs`: a unit struct, its `path`, which is stored with each object and so is for ever, and the
//!    hooks that differ from those of every object. What an object remembers stands in its attributes and
//!    tags; the struct itself holds nothing.
//! 2. Name it here, and add it in [`register`].
//! 3. Put one into the [`world`](crate::world), and write down in `tests/transcripts/` what a player is to
//!    see of it.

use meadow::prelude::*;

mod bell;
pub use bell::Bell;

/// Registers them all.
pub fn register(world: &mut WorldBuilder) {
    world.typeclass(&Bell);
}
