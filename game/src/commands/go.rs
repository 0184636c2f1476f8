//! `go`, for those who are used to type it: arguments of its own kind, which say where one can go.

use meadow::prelude::*;

/// `go WAY`
pub struct CmdGo;

impl Command for CmdGo {
    const META: Meta = Meta {
        key: "go",
        aliases: &["walk", "run", "exits"],
        help: "go a way; its name alone is enough\n\nUsage:\n  go <way>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Way;

    fn func(&self, cx: &mut Cx<'_>, Way(way): Way) -> Result {
        let caller = cx.caller()?;
        let Some(to) = cx.world[way].destination() else {
            return Err(say("That is no way."));
        };
        let kind = cx.world[way].typeclass();
        if cx.world.access(way, caller, "traverse", true) {
            kind.at_traverse(cx.world, way, caller, to)
        } else {
            kind.at_failed_traverse(cx.world, way, caller)
        }
    }
}

/// A way that there is.
pub struct Way(ObjectId);

impl Args for Way {
    fn parse(cx: &mut Cx<'_>) -> Result<Way> {
        if let Some(rest) = cx.raw.strip_prefix("to ").map(str::to_owned) {
            cx.set_args(rest);
        }
        let (caller, here) = (cx.caller()?, cx.location()?);
        let found = Option::<Here>::parse(cx);
        let wrong = match found {
            Ok(Some(Here(way))) if cx.world[way].is_exit() => return Ok(Way(way)),
            // Whoever typed no way, or `exits`, wants to know which there are.
            Ok(None) => "Go where?",
            _ => "That is no way that leads on from here.",
        };
        let exits = cx.world[here].typeclass().display_exits(cx.world, here, caller);
        Err(say(format!("{wrong}\n{exits}")))
    }
}
