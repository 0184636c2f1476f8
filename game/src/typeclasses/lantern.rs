//! The lantern: light for a [`DarkRoom`](crate::typeclasses::DarkRoom).

use meadow::prelude::*;

use crate::typeclasses::{DarkRoom, Keepsake};

/// A lantern. Tag: `lit`.
pub struct Lantern;

impl Typeclass for Lantern {
    fn path(&self) -> &'static str {
        "typeclasses.Lantern"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    /// One that burns where it was left takes its light along.
    fn at_object_delete(&self, world: &mut World, me: ObjectId) -> Result {
        self.base().at_object_delete(world, me)?;
        if let Some(place) = world[me].location() {
            DarkRoom::light_goes(world, place, me);
        }
        Ok(())
    }

    fn display_name(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        let name = self.base().display_name(world, me, looker);
        if Lantern::is_lit(world, me) { format!("{name} (lit)") } else { name }
    }
}

impl Lantern {
    /// Whether light comes from something: a burning lantern, or somebody who carries one.
    pub fn shines_from(world: &World, id: ObjectId) -> bool {
        Lantern::is_lit(world, id) || world[id].contents().iter().any(|held| Lantern::is_lit(world, *held))
    }

    /// Whether it burns.
    pub fn is_lit(world: &World, lantern: ObjectId) -> bool {
        world[lantern].has_tag("lit")
    }

    /// Lights it.
    pub fn light(world: &mut World, lantern: ObjectId) {
        world.add_tag(lantern, "lit", "");
        tell(world, lantern);
    }

    /// Puts it out.
    pub fn douse(world: &mut World, lantern: ObjectId) {
        world.remove_tag(lantern, "lit", "");
        tell(world, lantern);
    }
}

/// Clients are told what it is called now, and who is to be seen by its light, or no more.
fn tell(world: &mut World, lantern: ObjectId) {
    world.tell_item(lantern);
    let holder = world[lantern].location();
    for place in holder.into_iter().chain(holder.and_then(|holder| world[holder].location())) {
        world.tell_room_players(place);
    }
}
