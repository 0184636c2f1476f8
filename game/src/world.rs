//! The world as it is at the beginning is a batch file, `world/meadow.ev`: what a builder would type. It is run once in
//! a world's life; from then on the world is what is stored.
//!
//! What no command can say is said here: where new characters begin.

use meadow::prelude::*;

/// Called by [`setup`](crate::setup). `@batchcommands/interactive meadow` goes through it step by step.
pub fn register(world: &mut WorldBuilder) {
    world.batch("meadow", include_str!("../world/meadow.ev"));
    world.at_initial_setup(build);
}

/// Builds it all.
///
/// # Errors
/// A command of the batch failed; says in which line.
pub fn build(world: &mut World) -> Result {
    world.run_batch("meadow")?;
    let meadow = world.objects_named("A Meadow").first().copied();
    world.set_start_location(meadow.ok_or_else(|| bug("the batch makes no meadow"))?);
    Ok(())
}
