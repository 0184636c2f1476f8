//! `talk`: begins a menu. Without a name it is with whoever is here and talks: a
//! [`Gardener`](crate::typeclasses::Gardener).

use meadow::prelude::*;

use crate::{menus::Tilda, typeclasses::Gardener};

/// `talk [[to] SOMEBODY]`
pub struct CmdTalk;

impl Command for CmdTalk {
    const META: Meta = Meta {
        key: "talk",
        aliases: &["speak", "ask"],
        help: "talk to somebody who is no player\n\nUsage:\n  talk\n  talk to <somebody>\n\n\
               Then type the number of what you want to say. |wquit|n ends the talk, and so does any other command.",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Option<Whom>;

    fn func(&self, cx: &mut Cx<'_>, whom: Option<Whom>) -> Result {
        let talks = |id: &ObjectId| cx.world.is_a(*id, Gardener.path());
        let here = cx.location()?;
        let tilda = match whom {
            Some(Whom(id)) => id,
            None => cx.world[here].contents().iter().copied().find(talks).ok_or_else(|| {
                say("There is nobody here who would talk with you. To talk to players, use |wsay|n.")
            })?,
        };
        if !talks(&tilda) {
            return Err(say("You get no answer. To talk to players, use |wsay|n."));
        }
        let caller = cx.caller()?;
        cx.world
            .act(caller, "$You() $conj(talk) with $obj(whom).")
            .with("whom", tilda)
            .except(&[caller])
            .to_room();
        cx.menu_about(tilda, Tilda)
    }
}

/// Somebody, after "to" or "with" or nothing, and before "about".
pub struct Whom(ObjectId);

impl Args for Whom {
    fn parse(cx: &mut Cx<'_>) -> Result<Whom> {
        let rest = ["to ", "with "].iter().find_map(|word| cx.raw.strip_prefix(word)).unwrap_or(&cx.raw);
        // What it is to be about is chosen in the talk.
        let whom = rest.split_once(" about ").map_or(rest, |(whom, _)| whom).to_owned();
        cx.set_args(whom);
        Here::parse(cx).map(|Here(id)| Whom(id))
    }
}
