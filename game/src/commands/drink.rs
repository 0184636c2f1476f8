//! `drink`: there where a [`Brook`](crate::typeclasses::Brook) is. Water makes well.

use meadow::prelude::*;

use crate::vitals;

/// `drink`
pub struct CmdDrink;

impl Command for CmdDrink {
    const META: Meta = Meta {
        key: "drink",
        help: "drink from the brook, which makes you well again",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        let before = vitals::vitals(cx.world, caller);
        cx.msg("You drink from your hands. The water is so cold that it is almost sweet.");
        if before.hp < before.maxhp {
            vitals::heal(cx.world, caller)?;
            cx.msg("Your hands stop smarting.");
        }
        let name = cx.caller_name()?;
        cx.msg_others(format!("{name} drinks from the brook."));
        Ok(())
    }
}
