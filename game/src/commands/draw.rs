//! `draw`: a command that an object brings along. It is there where a [`Well`](crate::typeclasses::Well) is; elsewhere
//! [`CmdNoWell`] says so, which is every character's, and gives way to the object's, whose set has a higher priority.

use meadow::prelude::*;

use crate::typeclasses::Pail;

/// `draw [water]`
pub struct CmdDraw;

impl Command for CmdDraw {
    const META: Meta = Meta {
        key: "draw",
        aliases: &["fill"],
        help: "draw a pail of water from the well\n\nUsage:\n  draw water",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        if Pail::carried_by(cx.world, caller).is_some() {
            return Err(say("Your pail is full already. You could |wpour|n it out."));
        }
        Pail::fill(cx.world, caller)?;
        cx.world
            .act(
                caller,
                "$You() $conj(let) the bucket down, $conj(hear) it drink, and $conj(wind) it up again.",
            )
            .to_room();
        cx.msg("You have a pail of water now.");
        Ok(())
    }
}

/// `draw` where there is no well.
pub struct CmdNoWell;

impl Command for CmdNoWell {
    const META: Meta = CmdDraw::META;
    type Args = ();

    fn func(&self, _cx: &mut Cx<'_>, (): ()) -> Result {
        Err(say("There is nothing here that you could draw water from."))
    }
}
