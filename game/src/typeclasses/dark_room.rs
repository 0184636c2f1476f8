//! Places without light: what `look` shows, and what can be taken, depends on who carries a lantern.

use meadow::prelude::*;

use crate::typeclasses::Lantern;

/// What those are told whose light has gone.
const GETS_DARK: &str = "It gets dark, and you can't see anything any more.";

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

    /// Whoever brings a light in is seen, and sees who has been there; those see the place.
    fn at_object_receive(&self, world: &mut World, me: ObjectId, moved: ObjectId, source: Option<ObjectId>) {
        self.base().at_object_receive(world, me, moved, source);
        if Lantern::shines_from(world, moved) {
            world.tell_room_players(me);
            // Who puts a light down has had it here before.
            let was_here = source.and_then(|source| world.object(source)).map(|source| source.location());
            if was_here != Some(Some(me)) {
                DarkRoom::light_comes(world, me, moved);
            }
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
        DarkRoom::has_no_light(world, place, |_| true)
    }

    /// The same, if something were not there.
    fn is_dark_without(world: &World, place: ObjectId, without: ObjectId) -> bool {
        DarkRoom::has_no_light(world, place, |id| id != without)
    }

    fn has_no_light(world: &World, place: ObjectId, counts: impl Fn(ObjectId) -> bool) -> bool {
        let shines = |id: &ObjectId| counts(*id) && Lantern::shines_from(world, *id);
        world.is_a(place, DarkRoom.path()) && !world[place].contents().iter().any(shines)
    }

    /// Something has come in: if it brings light, the others see the place.
    pub fn light_comes(world: &mut World, place: ObjectId, with: ObjectId) {
        if Lantern::shines_from(world, with) && DarkRoom::is_dark_without(world, place, with) {
            world.msg_contents(place, "It gets light.", &[with]);
            DarkRoom::show(world, place, &[with]);
        }
    }

    /// Something is about to go: if it takes the light along, the others are told.
    pub fn light_goes(world: &mut World, place: ObjectId, with: ObjectId) {
        if Lantern::shines_from(world, with) && DarkRoom::is_dark_without(world, place, with) {
            world.msg_contents(place, GETS_DARK, &[with]);
        }
    }

    /// Shows a place to those who could not see it until now.
    pub fn show(world: &mut World, place: ObjectId, except: &[ObjectId]) {
        let all = world[place].contents().iter().copied();
        let all: Vec<ObjectId> = all.filter(|id| world.is_character(*id) && !except.contains(id)).collect();
        for who in all {
            let view = world[place].typeclass().return_appearance(world, place, who);
            world.msg(who, text(view).kw("type", "look"));
        }
    }

    /// A light has gone out: tells all who do not see any more.
    pub fn tell_dark(world: &mut World, place: ObjectId) {
        if DarkRoom::is_dark(world, place) {
            world.msg_contents(place, GETS_DARK, &[]);
        }
    }
}
