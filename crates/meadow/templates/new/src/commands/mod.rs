//! The game's own commands, besides those that every game has. [`setup`](crate::setup) registers them.
//!
//! # Adding one
//!
//! 1. Copy `ring.rs`. `META` says what the command is called and what `help` tells of it; `Args` is what
//!    follows its name, parsed and searched before `func` runs; `func` is what it does.
//! 2. Name it here, and add it in [`register`].
//! 3. Copy `tests/transcripts/ring.txt`, write down what a player is to see, and name the file in
//!    `tests/transcripts.rs`. `cargo test` plays it.

use meadow::prelude::*;

mod ring;
pub use ring::CmdRing;

/// Adds what every character can do.
pub fn register(world: &mut WorldBuilder) {
    world.command(For::Character, CmdRing);
}
