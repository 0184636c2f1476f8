//! `drink`: from a [`Brook`], if one runs here. Water makes well.

use meadow::prelude::*;

use crate::{
    typeclasses::{Brook, Pail, Well},
    vitals,
};

/// `drink`
pub struct CmdDrink;

impl Command for CmdDrink {
    const META: Meta = Meta {
        key: "drink",
        help: "drink from a brook or a pond, which makes you well again",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        let here = cx.location()?;
        let has = |kind: &str| cx.world[here].contents().iter().any(|id| cx.world.is_a(*id, kind));
        if !has(Brook.path()) {
            return Err(say(if Pail::carried_by(cx.world, caller).is_some() {
                "That pail is for somebody who is thirstier than you. A brook is better to drink from."
            } else if has(Well.path()) {
                "The water stands too deep down. A brook is better to drink from."
            } else {
                "There is nothing here to drink from."
            }));
        }
        let before = vitals::vitals(cx.world, caller);
        cx.world.act(caller, "$You() $conj(drink) from $pron(your) hands.").to_room();
        cx.msg("The water is so cold that it is almost sweet.");
        if before.hp < before.maxhp {
            vitals::heal(cx.world, caller, vitals::MAX_HP)?;
            cx.msg("Your hands stop smarting.");
        }
        Ok(())
    }
}
