//! The game's own commands, besides those that every game has. [`setup`](crate::setup) registers them.
//!
//! # Adding one
//!
//! 1. Copy `smell.rs`, the smallest. `META` says what the command is called and what `help` tells of it;
//!    `Args` is what follows its name, parsed and searched before `func` runs; `func` is what it does.
//! 2. Name it here, and add it in [`register`].
//! 3. Copy `tests/transcripts/smell.txt`, write down what a player is to see, and name the file in
//!    `tests/transcripts.rs`. `cargo test` plays it.
//!
//! A command is for every character, or an object brings it along: `draw` is there where a well is, because
//! [`typeclasses::register`](crate::typeclasses::register) says so.

use meadow::prelude::*;

mod draw;
pub use draw::CmdDraw;

mod drink;
pub use drink::CmdDrink;

mod light;
pub use light::{CmdDouse, CmdLight};

mod pour;
pub use pour::CmdPour;

mod read;
pub use read::CmdRead;

mod smell;
pub use smell::CmdSmell;

mod unlock;
pub use unlock::CmdUnlock;

mod wear;
pub use wear::{CmdRemove, CmdWear};

/// Adds what every character can do. Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world
        .command(For::Character, CmdSmell)
        .command(For::Character, CmdRead)
        .command(For::Character, CmdUnlock)
        .command(For::Character, CmdPour)
        .command(For::Character, CmdWear)
        .command(For::Character, CmdRemove)
        .command(For::Character, CmdLight)
        .command(For::Character, CmdDouse);
}
