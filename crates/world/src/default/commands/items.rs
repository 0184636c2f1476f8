//! Taking, dropping and giving things.

use crate::{Args, Command, Cx, Held, Here, Meta, ObjectId, Result, say, search::Scope, text};

/// `get THING`
pub(super) struct CmdGet;

impl Command for CmdGet {
    const META: Meta = Meta {
        key: "get",
        aliases: &["grab", "take"],
        help: "pick something up\n\nUsage:\n  get <thing>",
        ..Meta::DEFAULT
    };
    type Args = Here;

    fn func(&self, cx: &mut Cx<'_>, Here(item): Here) -> Result {
        let (caller, room) = (cx.caller()?, cx.location()?);
        if item == caller {
            return Err(say("You can't get yourself."));
        }
        let kind = cx.world[item].typeclass();
        kind.at_pre_get(cx.world, item, caller)?;
        cx.world.move_quietly(item, caller)?;
        cx.world.act(caller, "$You() $conj(pick) up $obj(item).").with("item", item).to_contents(room);
        kind.at_get(cx.world, item, caller);
        Ok(())
    }
}

/// `drop THING`
pub(super) struct CmdDrop;

impl Command for CmdDrop {
    const META: Meta =
        Meta { key: "drop", help: "put something down\n\nUsage:\n  drop <thing>", ..Meta::DEFAULT };
    type Args = Held;

    fn func(&self, cx: &mut Cx<'_>, Held(item): Held) -> Result {
        let (caller, room) = (cx.caller()?, cx.location()?);
        let kind = cx.world[item].typeclass();
        kind.at_pre_drop(cx.world, item, caller)?;
        cx.world.move_quietly(item, room)?;
        cx.world.act(caller, "$You() $conj(drop) $obj(item).").with("item", item).to_contents(room);
        kind.at_drop(cx.world, item, caller);
        Ok(())
    }
}

/// `give THING to SOMEBODY`
pub(super) struct CmdGive;

impl Command for CmdGive {
    const META: Meta = Meta {
        key: "give",
        help: "give something to somebody\n\nUsage:\n  give <thing> to <somebody>\n  give <thing> = <somebody>",
        ..Meta::DEFAULT
    };
    type Args = Given;

    fn func(&self, cx: &mut Cx<'_>, Given { item, getter }: Given) -> Result {
        let caller = cx.caller()?;
        if getter == caller {
            return Err(say("You keep it."));
        }
        let kind = cx.world[item].typeclass();
        let receiver = cx.world[getter].typeclass();
        receiver.at_pre_give_to(cx.world, getter, item, caller)?;
        kind.at_pre_give(cx.world, item, caller, getter)?;
        cx.world.move_quietly(item, getter)?;
        let (thing, to) = (name(cx, item, caller), receiver_name(cx, getter, caller));
        cx.msg(format!("You give {thing} to {to}."));
        let from = cx.world.display_name(caller, getter);
        let thing = name(cx, item, getter);
        cx.world.msg(getter, format!("{from} gives you {thing}."));
        let others = cx.world.act(caller, "$You() $conj(give) $obj(thing) to $obj(getter).");
        others.with("thing", item).with("getter", getter).except(&[caller, getter]).to_room();
        kind.at_give(cx.world, item, caller, getter);
        // What was given may be gone by now, and so may its receiver.
        if [item, getter].iter().all(|id| cx.world.exists(*id)) {
            receiver.at_give_to(cx.world, getter, item, caller);
        }
        Ok(())
    }
}

/// What is given to whom.
pub(super) struct Given {
    item: ObjectId,
    getter: ObjectId,
}

impl Args for Given {
    fn parse(cx: &mut Cx<'_>) -> Result<Given> {
        let caller = cx.caller()?;
        let split = cx.raw.split_once('=').or_else(|| cx.raw.split_once(" to "));
        let Some((item, getter)) = split else { return Err(say("Usage: give <thing> to <somebody>")) };
        let item = cx.world.search(caller, item, Scope::Carried)?;
        let getter = cx.world.search(caller, getter, Scope::Location)?;
        Ok(Given { item, getter })
    }
}

/// A name as it stands behind "to": "Tilda", "the badger".
fn receiver_name(cx: &Cx<'_>, getter: ObjectId, looker: ObjectId) -> String {
    let name = cx.world.display_name(getter, looker);
    let common = !cx.world.is_character(getter) && name.starts_with(char::is_lowercase);
    if common { format!("the {}", text::without_article(&name)) } else { name }
}

fn name(cx: &Cx<'_>, item: ObjectId, looker: ObjectId) -> String {
    text::numbered(&cx.world.display_name(item, looker), 1)
}
