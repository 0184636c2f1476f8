//! Gloves: a thing with a state that shows in its name.

use meadow::{oob::Item, prelude::*};

use crate::typeclasses::Keepsake;

/// Something to wear against thorns and bees. Tag: `worn`.
pub struct Gloves;

impl Typeclass for Gloves {
    fn path(&self) -> &'static str {
        "typeclasses.Gloves"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    fn display_name(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        let name = self.base().display_name(world, me, looker);
        if Gloves::are_worn(world, me) { format!("{name} (worn)") } else { name }
    }

    /// `w` is worn, `W` can be worn: as clients know it from other games.
    fn item(&self, world: &World, me: ObjectId, looker: ObjectId) -> Item {
        let attrib = if Gloves::are_worn(world, me) { "w" } else { "W" };
        Item { attrib: Some(attrib.to_owned()), ..self.base().item(world, me, looker) }
    }

    /// Whoever puts them down has taken them off.
    fn at_pre_drop(&self, world: &mut World, me: ObjectId, dropper: ObjectId) -> Result {
        Gloves::take_off(world, me);
        self.base().at_pre_drop(world, me, dropper)
    }

    fn at_pre_give(&self, world: &mut World, me: ObjectId, giver: ObjectId, getter: ObjectId) -> Result {
        Gloves::take_off(world, me);
        self.base().at_pre_give(world, me, giver, getter)
    }
}

impl Gloves {
    /// Whether somebody wears a pair.
    pub fn protect(world: &World, who: ObjectId) -> bool {
        world[who].contents().iter().any(|id| Gloves::are_worn(world, *id))
    }

    /// Whether they are worn.
    pub fn are_worn(world: &World, gloves: ObjectId) -> bool {
        world[gloves].has_tag("worn")
    }

    /// Their owner wears them from now on.
    pub fn put_on(world: &mut World, gloves: ObjectId) {
        world.add_tag(gloves, "worn", "");
        world.tell_item(gloves);
    }

    /// Their owner wears them no more.
    pub fn take_off(world: &mut World, gloves: ObjectId) {
        world.remove_tag(gloves, "worn", "");
        world.tell_item(gloves);
    }
}
