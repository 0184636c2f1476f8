//! `drink`: from a [`Brook`], if one runs here. Water makes well.

use meadow::prelude::*;

use crate::{typeclasses::Brook, vitals};

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
        if !cx.world[here].contents().iter().any(|id| cx.world.is_a(*id, Brook.path())) {
            return Err(say("There is nothing here to drink from."));
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
