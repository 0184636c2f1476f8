//! The game: one room, and an inputfunc for what clients of the language send besides text.

use meadow::{prelude::*, serde_json::Value};

/// Registers what the game is made of.
pub fn setup(world: &mut WorldBuilder) {
    world.inputfunc("ping", ping);
    world.at_initial_setup(|world| {
        let office = NewObject { key: "A telegraph office", typeclass: "default.Room", ..Default::default() };
        let office = world.create(office)?;
        world.set_start_location(office);
        Ok(())
    });
}

/// `["ping", [token], {}]`: sends the token back, so that a program can tell that the game is alive.
fn ping(world: &mut World, session: SessionId, token: Value) -> Result {
    world.msg(session, tuple("pong").arg(token));
    Ok(())
}
