//! Places without light: what `look` shows, and what can be taken, depends on who carries a lantern.

use meadow::prelude::*;

use crate::typeclasses::Lantern;

/// A place where one needs a light. Attribute: `in_the_dark`, what one notices without.
pub struct DarkRoom;

impl Typeclass for DarkRoom {
    fn path(&self) -> &'static str {
        "typeclasses.DarkRoom"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultRoom
    }

    fn return_appearance(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        if !DarkRoom::is_dark(world, me) {
            return self.base().return_appearance(world, me, looker);
        }
        let name = self.display_name(world, me, looker);
        let exits = self.display_exits(world, me, looker);
        let noticed = world[me].db.str("in_the_dark").unwrap_or_default();
        format!("|c{name}|n\nIt is too dark to see anything. {noticed}\n{exits}")
    }

    /// The ways out can be felt for.
    fn shows(&self, world: &World, me: ObjectId, inside: ObjectId, looker: ObjectId) -> bool {
        let lit = world[inside].is_exit() || !DarkRoom::is_dark(world, me);
        lit && self.base().shows(world, me, inside, looker)
    }

    /// Whoever brings a light in is seen, and sees who has been there.
    fn at_object_receive(&self, world: &mut World, me: ObjectId, moved: ObjectId, source: Option<ObjectId>) {
        self.base().at_object_receive(world, me, moved, source);
        if Lantern::shines_from(world, moved) {
            world.tell_room_players(me);
        }
    }

    /// Who came in finds the way out; things can't be found.
    fn at_object_leave(&self, world: &mut World, me: ObjectId, moved: ObjectId, to: ObjectId) -> Result {
        if DarkRoom::is_dark(world, me) && world.is_character(to) {
            return Err(say("It is too dark to find anything."));
        }
        self.base().at_object_leave(world, me, moved, to)
    }
}

impl DarkRoom {
    /// Whether a place is a dark one, and nothing in it gives light.
    pub fn is_dark(world: &World, place: ObjectId) -> bool {
        let dark = world.is_a(place, DarkRoom.path());
        dark && !world[place].contents().iter().any(|id| Lantern::shines_from(world, *id))
    }
}
