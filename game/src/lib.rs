//! A Meadow: the game that comes with Meadow, and the template of new ones. Each file shows one thing.
//!
//! | to add | touch |
//! |---|---|
//! | a place, a way, a thing | `world/meadow.ev`, which [`world`] runs |
//! | a command | a file in [`commands`], and a line there |
//! | a kind of object | a file in [`typeclasses`], and a line there |
//! | something that goes on by itself | a file in [`scripts`], and a line there |
//! | somebody who talks | a file in [`menus`], and a line there |
//! | a pattern that objects are made of | [`prototypes`] |
//! | a topic of `help` | [`help`] |
//! | a channel | [`channels`] |
//! | what is to happen when something else does | [`welcome`], as an example |
//! | what a client may send besides text | [`inputfuncs`] |
//! | what strangers see first | [`connection_screen`] |
//! | a test | a file in `tests/transcripts/`, and its name in `tests/transcripts.rs` |

use meadow::prelude::*;

pub mod channels;
pub mod commands;
pub mod connection_screen;
pub mod help;
pub mod inputfuncs;
pub mod menus;
pub mod prototypes;
pub mod scripts;
pub mod story;
pub mod typeclasses;
pub mod vitals;
pub mod welcome;
pub mod world;

/// Registers what the game is made of. It is called at each start of the Server, before the world is loaded.
pub fn setup(world: &mut WorldBuilder) {
    connection_screen::register(world);
    typeclasses::register(world);
    commands::register(world);
    menus::register(world);
    scripts::register(world);
    prototypes::register(world);
    channels::register(world);
    help::register(world);
    welcome::register(world);
    inputfuncs::register(world);
    vitals::register(world);
    world::register(world);
}
