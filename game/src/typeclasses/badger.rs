//! The badger: scenery that moves for honey, and then forgets about it.

use std::time::Duration;

use meadow::prelude::*;

use crate::typeclasses::{DarkRoom, Honeycomb, Scenery};

/// How long it lies beside its hoard.
const FED_FOR: Duration = Duration::from_secs(5 * 60);

/// A badger, asleep on its [`Key`](crate::typeclasses::Key). Tag: `fed`, as long as it lies beside it.
pub struct Badger;

impl Typeclass for Badger {
    fn path(&self) -> &'static str {
        "typeclasses.Badger"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Scenery
    }

    fn at_server_start(&self, world: &mut World, me: ObjectId) {
        if world[me].has_tag("fed") {
            roll_back_later(world, me);
        }
    }

    /// Whoever gives it honey need not know that it is enough to put it on the floor.
    fn at_pre_give_to(&self, world: &mut World, _me: ObjectId, item: ObjectId, _giver: ObjectId) -> Result {
        if world.is_a(item, Honeycomb.path()) {
            return Ok(());
        }
        Err(say("It is asleep, and does not want that even in its dreams."))
    }

    fn at_give_to(&self, world: &mut World, me: ObjectId, item: ObjectId, _giver: ObjectId) {
        Badger::eat(world, me, item);
    }

    fn display_desc(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        if world[me].location().is_some_and(|place| DarkRoom::is_dark(world, place)) {
            return "You see nothing of it, but you hear it breathe, slow and deep.".to_owned();
        }
        let desc = self.base().display_desc(world, me, looker);
        let where_it_lies = if world[me].has_tag("fed") { "beside" } else { "on" };
        format!("It sleeps curled up {where_it_lies} its hoard. {desc}")
    }
}

impl Badger {
    /// The badger that lives in a place.
    pub fn in_place(world: &World, place: ObjectId) -> Option<ObjectId> {
        world[place].contents().iter().copied().find(|id| world.is_a(*id, Badger.path()))
    }

    /// Whether there is a badger in a place that lies on all that is there.
    pub fn guards(world: &World, place: ObjectId) -> bool {
        Badger::in_place(world, place).is_some_and(|badger| !world[badger].has_tag("fed"))
    }

    /// Eats something, and rolls off its hoard for a while.
    pub fn eat(world: &mut World, badger: ObjectId, honey: ObjectId) {
        let Some(place) = world[badger].location() else { return };
        logged("the badger eats", world.destroy(honey));
        world.msg_contents(
            place,
            "The badger's nose twitches. With its eyes shut it shuffles to the honey, eats it, wax and all, \
             and is asleep again before it has quite lain down, beside its hoard this time.",
            &[],
        );
        if !world[badger].has_tag("fed") {
            world.add_tag(badger, "fed", "");
            roll_back_later(world, badger);
        }
    }
}

fn roll_back_later(world: &mut World, badger: ObjectId) {
    world.after(FED_FOR, move |world| {
        let Some(place) = world.object(badger).and_then(|badger| badger.location()) else { return };
        world.remove_tag(badger, "fed", "");
        world.msg_contents(place, "The badger rolls over in its sleep, back onto its hoard.", &[]);
    });
}
