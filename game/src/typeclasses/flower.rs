//! The flower: the thing that everybody picks up first.

use meadow::prelude::*;

use crate::typeclasses::Keepsake;

/// A flower. Unlike other keepsakes it takes its time to grow again:
/// [`FlowerMeadow`](crate::typeclasses::FlowerMeadow) does that.
pub struct Flower;

const DESC: &str = "Five blue petals around a heart of gold. It nods to the north, where a garden wall shows above the trees.";
const SMELL: &str = "It smells of honey, a little.";

impl Typeclass for Flower {
    fn path(&self) -> &'static str {
        "typeclasses.Flower"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    /// What every flower begins with, whoever makes it.
    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        for (name, value) in [("desc", DESC), ("smell", SMELL)] {
            logged("a flower begins", world[me].db.set(name, value));
        }
    }

    /// Puts no other in its place.
    fn at_get(&self, world: &mut World, me: ObjectId, _getter: ObjectId) {
        world[me].db.remove("left_at");
    }
}

impl Flower {
    /// A new one.
    ///
    /// # Errors
    /// Its typeclass is not registered.
    pub fn plant(world: &mut World, place: ObjectId) -> Result {
        world.create(NewObject {
            key: "flower",
            typeclass: Flower.path(),
            location: Some(place),
            home: Some(place),
            ..NewObject::default()
        })?;
        Ok(())
    }
}
