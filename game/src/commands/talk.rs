//! `talk`: begins a menu. Who talks brings the command along: it is there where a
//! [`Gardener`](crate::typeclasses::Gardener) is.

use meadow::prelude::*;

use crate::{menus::Tilda, typeclasses::Gardener};

/// `talk [[to] SOMEBODY]`
pub struct CmdTalk;

impl Command for CmdTalk {
    const META: Meta = Meta {
        key: "talk",
        aliases: &["speak", "ask"],
        help: "talk to somebody who is no player\n\nUsage:\n  talk\n  talk to <somebody>\n\n\
               Then type the number of what you want to say. Anything else that you type ends the talk.",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Option<Whom>;

    fn func(&self, cx: &mut Cx<'_>, whom: Option<Whom>) -> Result {
        let tilda = match (whom, cx.obj) {
            (Some(Whom(id)), _) => id,
            (None, Some(brought_along_by)) => brought_along_by,
            (None, None) => return Err(say("Talk to whom?")),
        };
        if !cx.world.is_a(tilda, Gardener.path()) {
            return Err(say("You get no answer. To talk to players, use |wsay|n."));
        }
        cx.menu_about(tilda, Tilda)
    }
}

/// Somebody, after "to" or "with" or nothing.
pub struct Whom(ObjectId);

impl Args for Whom {
    fn parse(cx: &mut Cx<'_>) -> Result<Whom> {
        let rest = ["to ", "with "].iter().find_map(|word| cx.raw.strip_prefix(word));
        if let Some(rest) = rest.map(str::to_owned) {
            cx.set_args(rest);
        }
        Here::parse(cx).map(|Here(id)| Whom(id))
    }
}
