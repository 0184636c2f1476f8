//! `ring`: a command that finds something and does something with it.

use meadow::prelude::*;

use crate::typeclasses::Bell;

/// `ring THING`
pub struct CmdRing;

impl Command for CmdRing {
    const META: Meta = Meta {
        key: "ring",
        help: "ring a bell\n\nUsage:\n  ring <bell>",
        help_category: "My Game",
        ..Meta::DEFAULT
    };
    // An object that is in the same place, or that the caller carries. Whoever types something else is
    // told so, and `func` is not called.
    type Args = Target;

    fn func(&self, cx: &mut Cx<'_>, Target(bell): Target) -> Result {
        if !cx.world.is_a(bell, Bell.path()) {
            return Err(say("That makes no sound."));
        }
        let times = Bell::ring(cx.world, bell)?;
        cx.msg(format!("You ring the bell. That was number {times}."));
        let name = cx.caller_name()?;
        cx.msg_others(format!("{name} rings the bell."));
        Ok(())
    }
}
