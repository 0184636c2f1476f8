//! My Game. Each file shows one thing; the ones to begin with are [`commands`], [`typeclasses`] and [`world`].

use meadow::prelude::*;

pub mod commands;
pub mod typeclasses;
pub mod world;

/// Registers what the game is made of. It is called at each start of the Server, before the world is loaded.
pub fn setup(world: &mut WorldBuilder) {
    typeclasses::register(world);
    commands::register(world);
    world.at_initial_setup(world::build);
}
