//! The badger: scenery that wakes up for honey.

use meadow::prelude::*;

use crate::typeclasses::{DarkRoom, Key, Scenery};

/// A badger, asleep on its [`Key`].
pub struct Badger;

impl Typeclass for Badger {
    fn path(&self) -> &'static str {
        "typeclasses.Badger"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Scenery
    }

    fn display_desc(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        match world[me].location().filter(|place| DarkRoom::is_dark(world, *place)) {
            Some(_) => "You see nothing of it, but you hear it breathe, slow and deep.".to_owned(),
            None => self.base().display_desc(world, me, looker),
        }
    }
}

impl Badger {
    /// The badger that lives in a place.
    pub fn in_place(world: &World, place: ObjectId) -> Option<ObjectId> {
        world[place].contents().iter().copied().find(|id| world.is_a(*id, Badger.path()))
    }

    /// Eats something, and rolls off what it lay on.
    pub fn eat(world: &mut World, badger: ObjectId, honey: ObjectId) {
        let Some(place) = world[badger].location() else { return };
        logged("the badger eats", world.destroy(honey));
        world.msg_contents(
            place,
            "The badger's nose twitches. With its eyes shut it shuffles to the honey, eats it, wax and all, and is \
             asleep again before it has quite lain down..",
            &[],
        );
        Key::uncover(world, place);
    }
}
