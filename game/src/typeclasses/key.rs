//! The key: a hook that asks about another object before it lets itself be taken.

use meadow::prelude::*;

use crate::typeclasses::{Badger, Keepsake};

/// The key of the gate. The badger keeps a whole hoard of them.
pub struct Key;

impl Typeclass for Key {
    fn path(&self) -> &'static str {
        "typeclasses.Key"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    fn at_pre_get(&self, world: &mut World, me: ObjectId, getter: ObjectId) -> Result {
        self.base().at_pre_get(world, me, getter)?;
        if world[me].location().is_some_and(|place| Badger::guards(world, place)) {
            return Err(say("The badger lies on it. You pull, and it growls in its sleep."));
        }
        Ok(())
    }
}

impl Key {
    /// The one that somebody carries.
    pub fn carried_by(world: &World, who: ObjectId) -> Option<ObjectId> {
        world[who].contents().iter().copied().find(|id| world.is_a(*id, Key.path()))
    }
}
