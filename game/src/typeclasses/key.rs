//! The key: guarded until the badger has been fed.

use meadow::prelude::*;

use crate::typeclasses::{Badger, Keepsake, keepsake::LIES_FOR};

/// The key of the gate. Tag: `free`, once the badger does not lie on it.
pub struct Key;

impl Typeclass for Key {
    fn path(&self) -> &'static str {
        "typeclasses.Key"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    fn at_server_start(&self, world: &mut World, me: ObjectId) {
        self.base().at_server_start(world, me);
        if Key::is_free(world, me) {
            cover_later(world, me);
        }
    }

    fn at_pre_get(&self, world: &mut World, me: ObjectId, getter: ObjectId) -> Result {
        self.base().at_pre_get(world, me, getter)?;
        if Key::is_guarded(world, me) {
            return Err(say("The badger lies on it. You pull, and it growls in its sleep."));
        }
        Ok(())
    }
}

impl Key {
    /// The badger has rolled off its hoard: a key can be taken from there for a while.
    pub fn uncover(world: &mut World, place: ObjectId) {
        let guarded = world[place].contents().iter().copied().find(|id| Key::is_guarded(world, *id));
        if let Some(key) = guarded {
            world.add_tag(key, "free", "");
            cover_later(world, key);
        }
    }

    fn is_free(world: &World, me: ObjectId) -> bool {
        world[me].has_tag("free")
    }

    fn is_guarded(world: &World, me: ObjectId) -> bool {
        let place = world[me].location();
        world.is_a(me, Key.path())
            && !Key::is_free(world, me)
            && place.is_some_and(|place| Badger::in_place(world, place).is_some())
    }
}

/// If nobody takes it, the badger rolls back.
fn cover_later(world: &mut World, key: ObjectId) {
    world.after(LIES_FOR, move |world| {
        let Some(place) = world.object(key).and_then(|key| key.location()) else { return };
        if Key::is_free(world, key) && Badger::in_place(world, place).is_some() {
            world.remove_tag(key, "free", "");
            world.msg_contents(place, "The badger rolls over in its sleep, back onto its hoard.", &[]);
        }
    });
}
