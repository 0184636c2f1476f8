//! The flower: the thing that everybody picks up first.

use meadow::prelude::*;

use crate::typeclasses::Keepsake;

/// A flower. Unlike other keepsakes it takes its time to grow again:
/// [`FlowerMeadow`](crate::typeclasses::FlowerMeadow) does that.
pub struct Flower;

impl Typeclass for Flower {
    fn path(&self) -> &'static str {
        "typeclasses.Flower"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    /// Puts no other in its place.
    fn at_get(&self, world: &mut World, me: ObjectId, _getter: ObjectId) {
        world[me].db.remove("left_at");
    }
}

impl Flower {
    /// What one sees of it.
    pub const DESC: &'static str = "Five blue petals around a heart of gold. It nods to the \
        north, where a garden wall shows above the trees.";
    /// What it smells of.
    pub const SMELL: &'static str = "It smells of honey, a little.";

    /// A new one.
    ///
    /// # Errors
    /// Its typeclass is not registered.
    pub fn plant(world: &mut World, place: ObjectId) -> Result {
        let flower = world.create(NewObject {
            key: "flower",
            typeclass: Flower.path(),
            desc: Flower::DESC,
            location: Some(place),
            home: Some(place),
            ..NewObject::default()
        })?;
        world[flower].db.set("smell", Flower::SMELL)?;
        Ok(())
    }
}
