//! The pail of water: a thing that a command makes.

use meadow::prelude::*;

use crate::typeclasses::Keepsake;

/// A pail of water. It has no home, so no other takes its place.
pub struct Pail;

impl Typeclass for Pail {
    fn path(&self) -> &'static str {
        "typeclasses.Pail"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    fn at_pre_drop(&self, _world: &mut World, _me: ObjectId, _dropper: ObjectId) -> Result {
        Err(say("It would tip over. You could |wpour|n it out."))
    }

    fn at_pre_give(&self, world: &mut World, me: ObjectId, giver: ObjectId, getter: ObjectId) -> Result {
        if Pail::carried_by(world, getter).is_some() {
            return Err(say("Two full pails are more than anybody can carry."));
        }
        self.base().at_pre_give(world, me, giver, getter)
    }
}

impl Pail {
    /// The one that somebody carries.
    pub fn carried_by(world: &World, who: ObjectId) -> Option<ObjectId> {
        world[who].contents().iter().copied().find(|id| world.is_a(*id, Pail.path()))
    }

    /// Gives somebody one.
    ///
    /// # Errors
    /// Its typeclass is not registered.
    pub fn fill(world: &mut World, who: ObjectId) -> Result<ObjectId> {
        let pail = world.create(NewObject {
            key: "pail of water",
            typeclass: Pail.path(),
            desc: "A wooden pail, full to the brim. You could |wpour|n it out.",
            location: Some(who),
            ..NewObject::default()
        })?;
        world[pail].db.set("gone", "The pail on the ground is empty. The earth has drunk the water.")?;
        Ok(pail)
    }
}
