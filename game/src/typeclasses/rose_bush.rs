//! The rose bush: it blooms as long as a [`Rose`] is where it is, so it needs no state of its own.

use meadow::prelude::*;

use crate::typeclasses::{Keepsake, Rose, Scenery};

/// What the whole game is about.
pub struct RoseBush;

impl Typeclass for RoseBush {
    fn path(&self) -> &'static str {
        "typeclasses.RoseBush"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Scenery
    }

    fn display_desc(&self, world: &World, me: ObjectId, _looker: ObjectId) -> String {
        let rose = world[me].location().and_then(|place| RoseBush::rose(world, place));
        match rose {
            Some(_) => "It stands straight and dark green, and a single red rose is open at its top.",
            None => "Its leaves hang down, and its buds are shut tight. The earth around it is dry as dust.",
        }
        .to_owned()
    }
}

impl RoseBush {
    /// The bush that grows in a place.
    pub fn in_place(world: &World, place: ObjectId) -> Option<ObjectId> {
        world[place].contents().iter().copied().find(|id| world.is_a(*id, RoseBush.path()))
    }

    /// The open rose in a place.
    pub fn rose(world: &World, place: ObjectId) -> Option<ObjectId> {
        world[place].contents().iter().copied().find(|id| Rose::is_unpicked(world, *id))
    }

    /// Opens a rose, which does not stay for ever.
    ///
    /// # Errors
    /// The typeclass of roses is not registered.
    pub fn bloom(world: &mut World, bush: ObjectId) -> Result {
        let Some(place) = world[bush].location() else { return Ok(()) };
        let rose = Rose::open(world, place)?;
        world.msg_contents(
            place,
            "The earth darkens. For as long as a breath nothing happens; then the leaves lift, and at the \
             top of the bush a bud opens, petal by petal. It is the reddest rose that you have ever seen.",
            &[],
        );
        Keepsake::tidy_later(world, rose);
        Ok(())
    }
}
