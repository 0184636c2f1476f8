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
//! `look.rs` takes the place of a command that every game has: it is called the same.
//!
//! A command is for every character, or an object brings it along: `draw` is there where a well is, because
//! [`typeclasses::register`](crate::typeclasses::register) says so. What a newcomer may try anywhere is for every
//! character, and says so where it can't be done: `talk`, or `draw` away from the well.

use meadow::prelude::*;

mod draw;
pub use draw::{CmdDraw, CmdNoWell};

mod drink;
pub use drink::CmdDrink;

mod eat;
pub use eat::CmdEat;

mod go;
pub use go::{CmdGo, Way};

mod light;
pub use light::{CmdDouse, CmdLight};

mod look;
pub use look::{CmdLook, Seen};

mod map;
pub use map::CmdMap;

mod pour;
pub use pour::CmdPour;

mod read;
pub use read::CmdRead;

mod score;
pub use score::CmdScore;

mod sit;
pub use sit::CmdSit;

mod smell;
pub use smell::CmdSmell;

mod talk;
pub use talk::{CmdTalk, Whom};

mod unlock;
pub use unlock::CmdUnlock;

mod wear;
pub use wear::{CmdRemove, CmdWear};

mod weather;
pub use weather::CmdWeather;

mod write;
pub use write::{CmdNoBook, CmdWrite, PageEditor};

/// Adds what every character can do. Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world
        .command(For::Character, CmdLook)
        .command(For::Character, CmdSmell)
        .command(For::Character, CmdSit)
        .command(For::Character, CmdTalk)
        .command(For::Character, CmdDrink)
        .command(For::Character, CmdRead)
        .command(For::Character, CmdEat)
        .command(For::Character, CmdGo)
        .command(For::Character, CmdUnlock)
        .command(For::Character, CmdNoWell)
        .command(For::Character, CmdPour)
        .command(For::Character, CmdWear)
        .command(For::Character, CmdRemove)
        .command(For::Character, CmdLight)
        .command(For::Character, CmdDouse)
        .command(For::Character, CmdMap)
        .command(For::Character, CmdScore)
        .command(For::Character, CmdWeather);
    write::register(world);
}
