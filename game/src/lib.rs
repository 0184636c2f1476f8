//! A Meadow: the game that comes with Meadow, and the template of new ones. Each file shows one thing.
//!
//! | to add | touch |
//! |---|---|
//! | a command | a file in [`commands`], and a line there |
//! | a kind of object | a file in [`typeclasses`], and a line there |
//! | what a client may send besides text | [`inputfuncs`] |
//! | what strangers see first | [`connection_screen`] |
//! | a place, a way, a thing | a row in [`world`] |
//! | a test | a file in `tests/transcripts/`, and its name in `tests/transcripts.rs` |

use meadow::prelude::*;

pub mod commands;
pub mod connection_screen;
pub mod inputfuncs;
pub mod typeclasses;
pub mod vitals;
pub mod world;

/// Registers what the game is made of. It is called at each start of the Server, before the world is loaded.
pub fn setup(world: &mut WorldBuilder) {
    connection_screen::register(world);
    typeclasses::register(world);
    commands::register(world);
    inputfuncs::register(world);
    vitals::register(world);
    world.at_initial_setup(world::build);
}
