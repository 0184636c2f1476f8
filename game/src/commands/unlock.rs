//! `unlock`: who may do it is said by a lock string on the gate, `unlock:holds(brass key)`. What may follow
//! the name is a type of this file's own.

use meadow::prelude::*;

use crate::typeclasses::Gate;

/// `unlock GATE [with KEY]`
pub struct CmdUnlock;

impl Command for CmdUnlock {
    const META: Meta = Meta {
        key: "unlock",
        aliases: &["open"],
        help: "unlock something, if you have the key\n\nUsage:\n  unlock <gate>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Lock;

    fn func(&self, cx: &mut Cx<'_>, Lock(gate): Lock) -> Result {
        let caller = cx.caller()?;
        if !cx.world.is_a(gate, Gate.path()) {
            return Err(say("That has no lock."));
        }
        if Gate::is_open(cx.world, gate) {
            return Err(say("It is open already."));
        }
        if !cx.world.access(gate, caller, "unlock", false) {
            return Err(say("You don't have the key. The lock is of brass, with a rose on it."));
        }
        Gate::open(cx.world, gate);
        cx.msg("The key turns as if it had been oiled yesterday. The gate is open.");
        let name = cx.caller_name()?;
        cx.msg_others(format!("{name} unlocks the gate."));
        Ok(())
    }
}

/// What is to be unlocked. With what need not be said; who says it is understood.
pub struct Lock(ObjectId);

impl Args for Lock {
    fn parse(cx: &mut Cx<'_>) -> Result<Lock> {
        if let Some((gate, _key)) = cx.raw.split_once(" with ") {
            cx.set_args(gate.to_owned());
        }
        Here::parse(cx).map(|Here(gate)| Lock(gate))
    }
}
