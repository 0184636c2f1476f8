//! Brambles: an exit that lets everybody through, and does something to them.

use meadow::prelude::*;

use crate::vitals;

/// How much it hurts to go through.
const SCRATCHES: u32 = 1;

/// A way through thorns.
pub struct Brambles;

impl Typeclass for Brambles {
    fn path(&self) -> &'static str {
        "typeclasses.Brambles"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultExit
    }

    fn at_traverse(&self, world: &mut World, me: ObjectId, traveller: ObjectId, to: ObjectId) -> Result {
        let told = text("You push through the brambles, and they scratch you.");
        // So that players can have it in a pane of the browser client, or a colour of its own.
        world.msg(traveller, told.kw("type", "hurt"));
        vitals::hurt(world, traveller, SCRATCHES)?;
        self.base().at_traverse(world, me, traveller, to)
    }
}
