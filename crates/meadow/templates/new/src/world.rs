//! The world as it is at the beginning. [`build`] is called once in a world's life; from then on the world is
//! what is stored. (To begin anew, stop the game and remove its folder.)

use meadow::prelude::*;

use crate::typeclasses::Bell;

/// Builds it all.
///
/// # Errors
/// A typeclass that is not registered.
pub fn build(world: &mut World) -> Result {
    let green = room(
        world,
        "The Green",
        "Short grass, a ring of lime trees, and in the middle of it a tower without a door.",
    )?;
    let tower = room(
        world,
        "The Tower",
        "A small room under the roof. The wind comes in on all four sides.",
    )?;
    way(world, green, "up", &["u", "climb"], tower)?;
    way(world, tower, "down", &["d"], green)?;

    let bell = world.create(NewObject {
        key: "bell",
        desc: "A bell of green bronze, as big as a bucket. You could |wring|n it.",
        typeclass: Bell.path(),
        location: Some(tower),
        ..NewObject::default()
    })?;
    world[bell].db.set("get_err_msg", "It hangs there for good.")?;

    world.set_start_location(green);
    Ok(())
}

/// A place.
fn room(world: &mut World, key: &str, desc: &str) -> Result<ObjectId> {
    let typeclass = DefaultRoom.path();
    world.create(NewObject { key, desc, typeclass, ..NewObject::default() })
}

/// A way from one place to another; players go by typing its name.
fn way(world: &mut World, from: ObjectId, key: &str, aliases: &[&str], to: ObjectId) -> Result {
    world.create(NewObject {
        key,
        aliases,
        typeclass: DefaultExit.path(),
        location: Some(from),
        destination: Some(to),
        ..NewObject::default()
    })?;
    Ok(())
}
