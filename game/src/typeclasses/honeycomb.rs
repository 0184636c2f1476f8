//! The honeycomb: one typeclass that calls another's doings.

use meadow::prelude::*;

use crate::{
    typeclasses::{Badger, Gloves, Keepsake},
    vitals,
};

/// How much a handful of stings hurts.
const STINGS: u32 = 2;

/// Honey. The bees defend it, and the badger likes it.
pub struct Honeycomb;

impl Typeclass for Honeycomb {
    fn path(&self) -> &'static str {
        "typeclasses.Honeycomb"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    fn at_pre_get(&self, world: &mut World, me: ObjectId, getter: ObjectId) -> Result {
        self.base().at_pre_get(world, me, getter)?;
        let at_the_hive = world[me].location() == world[me].home;
        if at_the_hive && !Gloves::protect(world, getter) {
            world
                .act(getter, "$You() $conj(reach) for the honey, and the bees sting.")
                .except(&[getter])
                .to_room();
            vitals::hurt(world, getter, STINGS)?;
            return Err(say("The bees sting. Without gloves, this is no way to get honey."));
        }
        Ok(())
    }

    fn at_drop(&self, world: &mut World, me: ObjectId, dropper: ObjectId) {
        let badger = world[me].location().and_then(|place| Badger::in_place(world, place));
        match badger {
            Some(badger) => Badger::eat(world, badger, me),
            None => self.base().at_drop(world, me, dropper),
        }
    }
}
