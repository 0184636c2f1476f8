//! The bell: a thing that stays where it is and remembers something.

use meadow::prelude::*;

/// A bell. Attribute: `rung`, how often it was.
pub struct Bell;

impl Typeclass for Bell {
    fn path(&self) -> &'static str {
        "typeclasses.Bell"
    }

    /// Nobody can carry it away. The attribute `get_err_msg` is told to those who try.
    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false()".into();
    }
}

impl Bell {
    /// Rings it; gives back how often that was done so far. What is changed here is stored by itself.
    ///
    /// # Errors
    /// Never, as long as numbers can be stored.
    pub fn ring(world: &mut World, bell: ObjectId) -> Result<u64> {
        let times = world[bell].db.get("rung").unwrap_or(0) + 1;
        world[bell].db.set("rung", times)?;
        Ok(times)
    }
}
