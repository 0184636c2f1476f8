//! `light` and `douse`: two commands that belong together share a file.

use meadow::prelude::*;

use crate::typeclasses::{DarkRoom, Lantern};

/// `light LANTERN`
pub struct CmdLight;

impl Command for CmdLight {
    const META: Meta = Meta {
        key: "light",
        help: "light a lantern that you carry\n\nUsage:\n  light <lantern>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Held;

    fn func(&self, cx: &mut Cx<'_>, Held(lantern): Held) -> Result {
        let caller = cx.caller()?;
        if !cx.world.is_a(lantern, Lantern.path()) {
            return Err(say("That would burn only once, and it would be a pity."));
        }
        if Lantern::is_lit(cx.world, lantern) {
            return Err(say("It is lit already."));
        }
        let here = cx.location()?;
        let was_dark = DarkRoom::is_dark(cx.world, here);
        Lantern::light(cx.world, lantern);
        cx.world.act(caller, "$You() $conj(light) the lantern. A small, steady flame looks out.").to_room();
        if was_dark {
            DarkRoom::show(cx.world, here, &[]);
        }
        Ok(())
    }
}

/// `douse LANTERN`
pub struct CmdDouse;

impl Command for CmdDouse {
    const META: Meta = Meta {
        key: "douse",
        aliases: &["extinguish", "snuff"],
        help: "put out a lantern that you carry\n\nUsage:\n  douse <lantern>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Held;

    fn func(&self, cx: &mut Cx<'_>, Held(lantern): Held) -> Result {
        let caller = cx.caller()?;
        if !Lantern::is_lit(cx.world, lantern) {
            return Err(say("It is not burning."));
        }
        let here = cx.location()?;
        Lantern::douse(cx.world, lantern);
        cx.world.act(caller, "$You() $conj(put) the lantern out.").to_room();
        DarkRoom::tell_dark(cx.world, here);
        Ok(())
    }
}
