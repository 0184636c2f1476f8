//! The rose: an attribute that a hook reads, and what the story is about.

use meadow::prelude::*;

use crate::{
    story,
    typeclasses::{Gloves, Keepsake, RoseBush},
    vitals,
};

/// A rose. Attribute: `thorns`, how much it hurts to take it without gloves. Tag: `picked`.
pub struct Rose;

const THORNS: u32 = 3;

const PICKED: &str = "The stem parts from the bush as if it had waited for you. Somewhere in the wall a \
    blackbird begins to sing, and the garden does not seem so wild any more.\n\
    |wYou have made the rose bloom.|n Now bring it to her who has waited for it.";
/// Told when a rose is picked: as long as somebody comes for one, there is one.
const ANOTHER: &str = "Where it was, another bud opens.";

impl Typeclass for Rose {
    fn path(&self) -> &'static str {
        "typeclasses.Rose"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Keepsake
    }

    fn at_pre_get(&self, world: &mut World, me: ObjectId, getter: ObjectId) -> Result {
        self.base().at_pre_get(world, me, getter)?;
        let thorns = world[me].db.get("thorns").unwrap_or(0);
        if thorns > 0 && !Gloves::protect(world, getter) {
            world
                .act(getter, "$You() $conj(reach) for the rose, and $conj(draw) back from its thorns.")
                .except(&[getter])
                .to_room();
            vitals::hurt(world, getter, thorns)?;
            return Err(say("The thorns bite. You should wear gloves for this."));
        }
        Ok(())
    }

    fn at_get(&self, world: &mut World, me: ObjectId, getter: ObjectId) {
        self.base().at_get(world, me, getter);
        if Rose::is_unpicked(world, me) {
            world.add_tag(me, "picked", "");
            world.msg(getter, PICKED);
            world.add_tag(getter, story::MADE_BLOOM, "");
            logged("another rose opens", Rose::open_another(world, getter));
        }
    }
}

impl Rose {
    /// A new one, still on its bush.
    ///
    /// # Errors
    /// Its typeclass is not registered.
    pub fn open(world: &mut World, place: ObjectId) -> Result<ObjectId> {
        let rose = world.create(NewObject {
            key: "rose",
            typeclass: Rose.path(),
            desc: "Red as the last light of a day in June, and it has thorns.",
            location: Some(place),
            ..NewObject::default()
        })?;
        world[rose].db.set("thorns", THORNS)?;
        world[rose].db.set("smell", "You close your eyes. For this alone it was worth the way.")?;
        world[rose].db.set("gone", "One by one, the petals of the rose fall.")?;
        Ok(rose)
    }

    /// Whoever picks one leaves the bush in bloom, for others who have come for a rose.
    fn open_another(world: &mut World, picker: ObjectId) -> Result {
        let Some(place) = world[picker].location() else { return Ok(()) };
        if RoseBush::in_place(world, place).is_none() {
            return Ok(());
        }
        let rose = Rose::open(world, place)?;
        world.msg_contents(place, ANOTHER, &[]);
        Keepsake::tidy_later(world, rose);
        Ok(())
    }

    /// The one that somebody carries.
    pub fn carried_by(world: &World, who: ObjectId) -> Option<ObjectId> {
        world[who].contents().iter().copied().find(|id| world.is_a(*id, Rose.path()))
    }

    /// Whether it is a rose that is still on its bush.
    pub fn is_unpicked(world: &World, id: ObjectId) -> bool {
        world.is_a(id, Rose.path()) && !world[id].has_tag("picked")
    }
}
