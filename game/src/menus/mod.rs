//! Menus: those who talk. A menu takes the lines of its player until it is over, and survives a reload.
//!
//! # Adding one
//!
//! Copy `tilda.rs`, and name it here and in [`register`]. A command begins it: see `commands/talk.rs`.

use meadow::prelude::*;

mod tilda;
pub use tilda::Tilda;

/// Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world.menu::<Tilda>();
}
