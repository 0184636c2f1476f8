//! Characters: the bodies of players. What differs from every game's is a word of welcome, and a mark of honour.

use meadow::prelude::*;

/// A body that players puppet.
///
/// Attribute: `hp`, see [`vitals`](crate::vitals). Tags: `welcomed`, once it has played; `made_bloom`, once it has
/// picked the rose.
pub struct Character;

const WELCOME: &str = "They say that the rose behind the garden wall has not bloomed since the gardener went away. \
                       Somebody should see to it. (|whelp|n lists what you can do.)";

impl Typeclass for Character {
    fn path(&self) -> &'static str {
        "typeclasses.Character"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultCharacter
    }

    fn at_post_puppet(&self, world: &mut World, me: ObjectId) {
        self.base().at_post_puppet(world, me);
        if !world[me].has_tag("welcomed") {
            world.add_tag(me, "welcomed", "");
            world.msg(me, WELCOME);
        }
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
