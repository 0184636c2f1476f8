//! `smell`: the smallest command there is. Every character has it.

use meadow::prelude::*;

/// `smell [THING]`
pub struct CmdSmell;

impl Command for CmdSmell {
    const META: Meta = Meta {
        key: "smell",
        aliases: &["sniff"],
        help: "smell the air, or something\n\nUsage:\n  smell\n  smell <thing>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Option<Target>;

    fn func(&self, cx: &mut Cx<'_>, target: Option<Target>) -> Result {
        let caller = cx.caller()?;
        let smelled = match &target {
            Some(Target(thing)) => *thing,
            None => cx.location()?,
        };
        // One sentence for all who see it; the one who smells is told more.
        let act = if target.is_some() {
            "$You() $conj(smell) $obj(thing)."
        } else {
            "$You() $conj(smell) the air."
        };
        cx.world.act(caller, act).with("thing", smelled).except(&[caller]).to_room();
        let smell = cx.world[smelled].db.str("smell").unwrap_or("You smell nothing special.").to_owned();
        cx.msg(smell);
        Ok(())
    }
}
