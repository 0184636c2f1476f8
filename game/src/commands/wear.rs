//! `wear` and `remove`: [`Held`] finds only what the caller carries, and says so otherwise.

use meadow::prelude::*;

use crate::typeclasses::Gloves;

/// `wear GLOVES`
pub struct CmdWear;

impl Command for CmdWear {
    const META: Meta = Meta {
        key: "wear",
        help: "put on something that you carry\n\nUsage:\n  wear <thing>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Held;

    fn func(&self, cx: &mut Cx<'_>, Held(gloves): Held) -> Result {
        let caller = cx.caller()?;
        if !cx.world.is_a(gloves, Gloves.path()) {
            return Err(say("That is not for wearing."));
        }
        if Gloves::are_worn(cx.world, gloves) {
            return Err(say("You are wearing them already."));
        }
        Gloves::put_on(cx.world, gloves);
        cx.world.act(caller, "$You() $conj(put) the gloves on.").to_room();
        Ok(())
    }
}

/// `remove GLOVES`
pub struct CmdRemove;

impl Command for CmdRemove {
    const META: Meta = Meta {
        key: "remove",
        help: "take off something that you wear\n\nUsage:\n  remove <thing>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Held;

    fn func(&self, cx: &mut Cx<'_>, Held(gloves): Held) -> Result {
        let caller = cx.caller()?;
        if !Gloves::are_worn(cx.world, gloves) {
            return Err(say("You are not wearing that."));
        }
        Gloves::take_off(cx.world, gloves);
        cx.world.act(caller, "$You() $conj(take) the gloves off.").to_room();
        Ok(())
    }
}
