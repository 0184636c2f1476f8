//! Taking, dropping and giving things: one, so many of a kind (`2 roses`), or all that there are.

use super::several::{self, Moved, Things};
use crate::{Args, Command, Cx, Meta, ObjectId, Result, say, search::Scope, text};

/// `get THING`
pub(super) struct CmdGet;

impl Command for CmdGet {
    const META: Meta = Meta {
        key: "get",
        aliases: &["grab", "take"],
        help: "pick something up\n\nUsage:\n  get <thing>\n  get <number> <things>\n  get all",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (caller, room) = (cx.caller()?, cx.location()?);
        let things = Things::parse(cx, Scope::Location)?;
        if things.is(caller) {
            return Err(say("You can't get yourself."));
        }
        if things.nothing_of_all() {
            return Err(say("There is nothing here that you could take."));
        }
        let moved = several::each(cx, &things, |cx, item| {
            let kind = cx.world[item].typeclass();
            kind.at_pre_get(cx.world, item, caller)?;
            cx.world.move_quietly(item, caller)
        });
        if moved.is_any() {
            moved.act(cx.world, caller, "$You() $conj(pick) up {items}.").to_contents(room);
        }
        moved.after(cx, |world, item| world[item].typeclass().at_get(world, item, caller))
    }
}

/// `drop THING`
pub(super) struct CmdDrop;

impl Command for CmdDrop {
    const META: Meta = Meta {
        key: "drop",
        help: "put something down\n\nUsage:\n  drop <thing>\n  drop <number> <things>\n  drop all",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (caller, room) = (cx.caller()?, cx.location()?);
        let things = Things::parse(cx, Scope::Carried)?;
        if things.nothing_of_all() {
            return Err(say("You are not carrying anything."));
        }
        let moved = several::each(cx, &things, |cx, item| {
            let kind = cx.world[item].typeclass();
            kind.at_pre_drop(cx.world, item, caller)?;
            cx.world.move_quietly(item, room)
        });
        if moved.is_any() {
            moved.act(cx.world, caller, "$You() $conj(drop) {items}.").to_contents(room);
        }
        moved.after(cx, |world, item| world[item].typeclass().at_drop(world, item, caller))
    }
}

/// `give THING to SOMEBODY`
pub(super) struct CmdGive;

impl Command for CmdGive {
    const META: Meta = Meta {
        key: "give",
        help: "give something to somebody\n\nUsage:\n  give <thing> to <somebody>\n  give <thing> = <somebody>\n  give \
               <number> <things> to <somebody>\n  give all to <somebody>",
        ..Meta::DEFAULT
    };
    type Args = Given;

    fn func(&self, cx: &mut Cx<'_>, Given { things, getter }: Given) -> Result {
        let caller = cx.caller()?;
        if getter == caller {
            return Err(say("You keep it."));
        }
        if things.nothing_of_all() {
            return Err(say("You are not carrying anything."));
        }
        let receiver = cx.world[getter].typeclass();
        let moved = several::each(cx, &things, |cx, item| {
            let kind = cx.world[item].typeclass();
            receiver.at_pre_give_to(cx.world, getter, item, caller)?;
            kind.at_pre_give(cx.world, item, caller, getter)?;
            cx.world.move_quietly(item, getter)
        });
        if moved.is_any() {
            tell_gift(cx, caller, getter, &moved);
        }
        moved.after(cx, |world, item| {
            world[item].typeclass().at_give(world, item, caller, getter);
            // What was given may be gone by now, and so may its receiver.
            if [item, getter].iter().all(|id| world.exists(*id)) {
                receiver.at_give_to(world, getter, item, caller);
            }
        })
    }
}

/// The giver, the receiver and the others are each told in their own way.
fn tell_gift(cx: &mut Cx<'_>, caller: ObjectId, getter: ObjectId, moved: &Moved) {
    let to = receiver_name(cx, getter, caller);
    let from = cx.world.display_name(caller, getter);
    let theirs = moved.act(cx.world, caller, "{items}").read_by(getter);
    let mine = moved.act(cx.world, caller, "{items}").read_by(caller);
    cx.msg(format!("You give {mine} to {to}."));
    cx.world.msg(getter, format!("{from} gives you {theirs}."));
    let others = moved.act(cx.world, caller, "$You() $conj(give) {items} to $obj(getter).");
    others.with("getter", getter).except(&[caller, getter]).to_room();
}

/// What is given to whom.
pub(super) struct Given {
    things: Things,
    getter: ObjectId,
}

impl Args for Given {
    fn parse(cx: &mut Cx<'_>) -> Result<Given> {
        let caller = cx.caller()?;
        let split = cx.raw.split_once('=').or_else(|| cx.raw.split_once(" to "));
        let Some((item, getter)) = split else { return Err(say("Usage: give <thing> to <somebody>")) };
        let (item, getter) = (item.trim().to_owned(), getter.to_owned());
        cx.set_args(item);
        let things = Things::parse(cx, Scope::Carried)?;
        let getter = cx.world.search(caller, &getter, Scope::Location)?;
        Ok(Given { things, getter })
    }
}

/// A name as it stands behind "to": "Tilda", "the badger".
fn receiver_name(cx: &Cx<'_>, getter: ObjectId, looker: ObjectId) -> String {
    let name = cx.world.display_name(getter, looker);
    let common = !cx.world.is_character(getter) && name.starts_with(char::is_lowercase);
    if common { format!("the {}", text::without_article(&name)) } else { name }
}
