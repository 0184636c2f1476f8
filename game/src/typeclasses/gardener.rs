//! Tilda: somebody who is no player. She is talked to, and given things.

use meadow::prelude::*;

use crate::{story, typeclasses::Rose};

/// The old gardener. Where she is, one can [`talk`](crate::commands::CmdTalk).
pub struct Gardener;

impl Typeclass for Gardener {
    fn path(&self) -> &'static str {
        "typeclasses.Gardener"
    }

    /// So that she stands among the characters of a place.
    fn base(&self) -> &'static dyn Typeclass {
        &DefaultCharacter
    }

    /// Unlike those of players' bodies, her commands are for others.
    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false();puppet:false()".into();
        logged("Tilda is a woman", world[me].db.set("gender", "female"));
    }

    fn at_pre_give_to(&self, world: &mut World, _me: ObjectId, item: ObjectId, _giver: ObjectId) -> Result {
        if world.is_a(item, Rose.path()) {
            return Ok(());
        }
        Err(say("Tilda shakes her head. \"Keep it, child. You will have more use for it than I.\""))
    }

    fn at_give_to(&self, world: &mut World, me: ObjectId, item: ObjectId, giver: ObjectId) {
        story::rose_is_brought(world, me, item, giver);
    }
}
