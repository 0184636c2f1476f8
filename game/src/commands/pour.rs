//! `pour`: a command that looks for what it needs itself: a full pail, and something thirsty.

use meadow::prelude::*;

use crate::typeclasses::{Pail, RoseBush};

/// `pour [water]`
pub struct CmdPour;

impl Command for CmdPour {
    const META: Meta = Meta {
        key: "pour",
        aliases: &["water"],
        help: "pour out the water that you carry\n\nUsage:\n  pour water\n\n\
               What grows here may be glad of it.",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (caller, room) = (cx.caller()?, cx.location()?);
        let Some(pail) = Pail::carried_by(cx.world, caller) else {
            return Err(say("You have no water. There is a well in the yard."));
        };
        let bush = RoseBush::in_place(cx.world, room);
        if bush.is_some() && RoseBush::rose(cx.world, room).is_some() {
            return Err(say("The bush is in bloom. It has all the water that it wants."));
        }
        cx.world.destroy(pail)?;
        match bush {
            Some(bush) => {
                cx.world
                    .act(
                        caller,
                        "$You() $conj(pour) the water around the roots of the rose bush, and $conj(set) the pail down \
                         by the wall.",
                    )
                    .to_room();
                RoseBush::bloom(cx.world, bush)?;
            }
            None => cx
                .world
                .act(
                    caller,
                    "$You() $conj(pour) the water out. The ground drinks it, and $you() $conj(leave) the pail for \
                     others.",
                )
                .to_room(),
        }
        Ok(())
    }
}
