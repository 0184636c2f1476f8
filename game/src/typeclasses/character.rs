//! Characters: the bodies of players. What differs from every game's: they know where they have been, and bear a mark
//! of honour.

use meadow::prelude::*;

use crate::{
    story,
    typeclasses::{DarkRoom, Lantern},
    vitals,
};

/// A body that players puppet.
///
/// Attributes: `hp`, see [`vitals`](crate::vitals), and `seen`, where it has been. Tags: see [`story`].
pub struct Character;

impl Typeclass for Character {
    fn path(&self) -> &'static str {
        "typeclasses.Character"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultCharacter
    }

    fn display_desc(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        let desc = self.base().display_desc(world, me, looker);
        if world[me].has_tag(story::MADE_BLOOM) {
            format!("{desc} A rose petal clings to one sleeve.")
        } else {
            desc
        }
    }

    fn at_post_move(&self, world: &mut World, me: ObjectId, source: Option<ObjectId>) {
        note_place(world, me);
        self.base().at_post_move(world, me, source);
    }

    /// Others see it go before its light is gone.
    fn announce_move_from(&self, world: &mut World, me: ObjectId, destination: ObjectId) {
        self.base().announce_move_from(world, me, destination);
        if let Some(place) = world[me].location() {
            DarkRoom::light_goes(world, place, me);
        }
    }

    fn at_post_puppet(&self, world: &mut World, me: ObjectId) {
        note_place(world, me);
        self.base().at_post_puppet(world, me);
        if let Some(place) = world[me].location() {
            DarkRoom::light_comes(world, place, me);
        }
    }

    fn at_post_unpuppet(&self, world: &mut World, me: ObjectId) {
        let place = world[me].location();
        self.base().at_post_unpuppet(world, me);
        if let Some(place) = place.filter(|_| Lantern::shines_from(world, me)) {
            DarkRoom::tell_dark(world, place);
        }
    }

    fn tell_client(&self, world: &mut World, me: ObjectId) {
        vitals::tell(world, me);
    }
}

impl Character {
    /// The places where somebody has been.
    pub fn places_seen(world: &World, who: ObjectId) -> Vec<ObjectId> {
        let seen: Vec<ObjectId> = world[who].db.get("seen").unwrap_or_default();
        seen.into_iter().filter(|place| world.exists(*place)).collect()
    }
}

fn note_place(world: &mut World, who: ObjectId) {
    let Some(place) = world[who].location() else { return };
    let mut seen = Character::places_seen(world, who);
    if !seen.contains(&place) {
        seen.push(place);
        logged("a place is seen", world[who].db.set("seen", seen));
    }
}
