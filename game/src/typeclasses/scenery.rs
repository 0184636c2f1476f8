//! Scenery: what can be looked at and smelled, and stays where it is.

use meadow::prelude::*;

/// A thing that nobody can take. Its attribute `get_err_msg` is told to those who try.
pub struct Scenery;

impl Typeclass for Scenery {
    fn path(&self) -> &'static str {
        "typeclasses.Scenery"
    }

    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false()".into();
    }
}
