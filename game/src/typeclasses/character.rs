//! Characters: the bodies of players. What differs from every game's is a mark of honour.

use meadow::prelude::*;

/// A body that players puppet.
///
/// Attribute: `hp`, see [`vitals`](crate::vitals). Tag: `made_bloom`, once it has picked the rose.
pub struct Character;

impl Typeclass for Character {
    fn path(&self) -> &'static str {
        "typeclasses.Character"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultCharacter
    }

    fn display_desc(&self, world: &World, me: ObjectId, looker: ObjectId) -> String {
        let desc = self.base().display_desc(world, me, looker);
        if world[me].has_tag("made_bloom") {
            format!("{desc} A rose petal clings to one sleeve.")
        } else {
            desc
        }
    }
}
