//! Conversations: what takes a player's lines instead of the command handler, told as transcripts.

mod crash;
mod editor;
mod menu;
mod pager;
mod questions;

use meadow::{NewObject, ObjectId, Result, World};

/// A hall with a yard behind a door: where all of this happens.
fn hall(world: &mut World) -> Result<ObjectId> {
    let room = |key| NewObject { key, typeclass: "default.Room", ..NewObject::default() };
    let [hall, yard] = [world.create(room("Hall"))?, world.create(room("Yard"))?];
    for (key, from, to) in [("out", hall, yard), ("in", yard, hall)] {
        world.create(NewObject {
            key,
            typeclass: "default.Exit",
            location: Some(from),
            destination: Some(to),
            ..NewObject::default()
        })?;
    }
    world.set_start_location(hall);
    Ok(hall)
}
