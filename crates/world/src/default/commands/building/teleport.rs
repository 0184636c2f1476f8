//! Going anywhere at once, and sending others.

use super::{BUILDER, CATEGORY, find, shown, usage};
use crate::{Command, Cx, Meta, Mux, ObjectId, Result, say};

/// `@teleport[/quiet][/intoexit][/tonone][/loc] [THING =] PLACE`
pub(in super::super) struct CmdTeleport;

impl Command for CmdTeleport {
    const META: Meta = Meta {
        key: "@teleport",
        aliases: &["@tel"],
        locks: BUILDER,
        help: "go, or send something, anywhere\n\nUsage:\n  @teleport[/switches] [<object> =] <place>\n  \
               @teleport/tonone <object>\n\nSwitches:\n  quiet: nobody is told\n  intoexit: into an exit itself, not \
               to where it leads\n  tonone: out of all places; not for who has players\n  loc: to where the place \
               is, not into it\n\nExamples:\n  @tel hall\n  @tel/quiet box = hall\n  @tel/loc *Bob",
        help_category: CATEGORY,
        switches: &["quiet", "intoexit", "tonone", "loc"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let caller = cx.caller()?;
        if args.lhs.is_empty() {
            return Err(usage("@teleport[/switches] [<object> =] <place>"));
        }
        if cx.switch("tonone") {
            let id = find(cx, &args.lhs)?;
            return to_none(cx, id);
        }
        let (id, place) = match args.rhs.as_deref() {
            Some(place) => (find(cx, &args.lhs)?, find(cx, place)?),
            None => (caller, find(cx, &args.lhs)?),
        };
        let place = destination(cx, place)?;
        may_teleport(cx, id)?;
        if id == place {
            return Err(say("Nothing can be teleported into itself."));
        }
        if cx.world[id].location() == Some(place) {
            return Err(say(format!("{} is there already.", shown(cx.world, id))));
        }
        if !open_to(cx, place)? {
            return Err(say(format!(
                "{} can't be teleported to: its lock forbids it.",
                shown(cx.world, place)
            )));
        }
        if cx.switch("quiet") {
            let source = cx.world[id].location();
            cx.world.move_quietly(id, place)?;
            if let Some(object) = cx.world.object(id) {
                let kind = object.typeclass();
                kind.at_post_move(cx.world, id, source);
            }
        } else {
            cx.world.move_to(id, place)?;
        }
        let to = shown(cx.world, place);
        cx.msg(match id == caller {
            true => format!("Teleported to {to}."),
            false => format!("Teleported {} to {to}.", shown(cx.world, id)),
        });
        Ok(())
    }
}

/// Where one comes out: where an exit leads, unless it is the exit that is wanted.
fn destination(cx: &Cx<'_>, place: ObjectId) -> Result<ObjectId> {
    let object = &cx.world[place];
    if cx.switch("loc") {
        return object.location().ok_or_else(|| say(format!("{} is nowhere.", shown(cx.world, place))));
    }
    Ok(object.destination().filter(|_| !cx.switch("intoexit")).unwrap_or(place))
}

fn to_none(cx: &mut Cx<'_>, id: ObjectId) -> Result {
    may_teleport(cx, id)?;
    let name = shown(cx.world, id);
    if !cx.world[id].sessions().is_empty() {
        return Err(say(format!("{name} has a player, who must be somewhere.")));
    }
    let Some(place) = cx.world[id].location() else {
        return Err(say(format!("{name} is nowhere already.")));
    };
    cx.world.place(id, None);
    if !cx.switch("quiet") {
        let seen = cx.world.display_name(id, id);
        cx.world.msg_contents(place, format!("{seen} vanishes."), &[id]);
    }
    cx.msg(format!("Teleported {name} out of {}: it is nowhere now.", shown(cx.world, place)));
    Ok(())
}

/// Anybody's things may be moved about, other people's characters by admins, as in Evennia; a lock `teleport` may say
/// otherwise.
fn may_teleport(cx: &Cx<'_>, id: ObjectId) -> Result {
    let caller = cx.caller()?;
    let admin = cx.world.has_permission(caller, "Admin");
    let default = id == caller || !cx.world.is_character(id);
    if admin || cx.world.access(id, caller, "teleport", default) {
        return Ok(());
    }
    Err(say(format!("{} can't be teleported: its lock forbids it.", shown(cx.world, id))))
}

fn open_to(cx: &Cx<'_>, place: ObjectId) -> Result<bool> {
    let caller = cx.caller()?;
    let default = place == caller || !cx.world.is_character(place);
    Ok(cx.world.has_permission(caller, "Admin") || cx.world.access(place, caller, "teleport_here", default))
}
