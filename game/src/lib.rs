//! A Meadow: the game that comes with Meadow, and the template of new ones.

use meadow::prelude::*;

/// What the game is made of.
pub fn setup(world: &mut WorldBuilder) {
    world.at_initial_setup(build);
}

fn build(world: &mut World) -> Result {
    let room = |key, desc| NewObject { key, desc, typeclass: "default.Room", ..NewObject::default() };
    let meadow = world.create(room("A Meadow", "This is a beautiful meadow. It is full of flowers."))?;
    let forest = world.create(room("A Forest", "Tall trees."))?;
    world.set_start_location(meadow);
    for (key, alias, from, to) in [
        ("north", "n", meadow, forest),
        ("south", "s", forest, meadow),
        ("east", "e", meadow, forest),
    ] {
        world.create(NewObject {
            key,
            aliases: &[alias],
            typeclass: "default.Exit",
            location: Some(from),
            destination: Some(to),
            ..NewObject::default()
        })?;
    }
    world.create(NewObject { key: "flower", location: Some(meadow), ..NewObject::default() })?;
    Ok(())
}
