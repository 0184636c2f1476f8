//! Where exits lead, and where things belong.

use super::{BUILDER, CATEGORY, find, may_change, shown, shown_place, usage};
use crate::{Command, Cx, Meta, Mux, ObjectId, Result, say};

/// `@link[/twoway] EXIT [= [PLACE]]`
pub(in super::super) struct CmdLink;

impl Command for CmdLink {
    const META: Meta = Meta {
        key: "@link",
        locks: BUILDER,
        help: "make an exit lead somewhere\n\nUsage:\n  @link <exit> = <place>\n  @link/twoway <exit> = <exit>\n  @link \
               <exit> =\n  @link <exit>\n\nA thing that leads somewhere is an exit. |w/twoway|n makes two exits lead \
               to where the other one is. With nothing behind the = the exit leads nowhere, as with |wunlink|n; \
               without a = you see where it leads.",
        help_category: CATEGORY,
        switches: &["twoway"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage("@link[/twoway] <exit> = <place>"));
        }
        let exit = find(cx, &args.lhs)?;
        match args.rhs.as_deref() {
            None => show(cx, exit),
            Some("") => unlink(cx, exit),
            Some(place) => {
                let place = find(cx, place)?;
                if cx.switch("twoway") { link_both(cx, exit, place) } else { link(cx, exit, place) }
            }
        }
    }
}

fn show(cx: &mut Cx<'_>, exit: ObjectId) -> Result {
    let object = &cx.world[exit];
    let told = match object.destination() {
        Some(to) => format!(
            "{} is an exit from {} to {}.",
            shown(cx.world, exit),
            shown_place(cx.world, object.location()),
            shown(cx.world, to)
        ),
        None => format!(
            "{} is not an exit. Its home is {}.",
            shown(cx.world, exit),
            shown_place(cx.world, object.home)
        ),
    };
    cx.msg(told);
    Ok(())
}

fn link(cx: &mut Cx<'_>, exit: ObjectId, place: ObjectId) -> Result {
    may_change(cx, exit)?;
    if exit == place {
        return Err(say("An exit can't lead to itself."));
    }
    if cx.world.is_a(exit, "default.Room") || cx.world.is_character(exit) {
        return Err(say(format!("{} can't be an exit.", shown(cx.world, exit))));
    }
    let before = cx.world[exit].destination();
    if before == Some(place) {
        return Err(say(format!("{} leads there already.", shown(cx.world, exit))));
    }
    cx.world.set_destination(exit, Some(place));
    let (name, to) = (shown(cx.world, exit), shown(cx.world, place));
    cx.msg(match before {
        Some(before) => format!("{name} leads to {to} now, no longer to {}.", shown(cx.world, before)),
        None => format!("{name} leads to {to} now (one way)."),
    });
    Ok(())
}

fn link_both(cx: &mut Cx<'_>, one: ObjectId, other: ObjectId) -> Result {
    let places = (cx.world[one].location(), cx.world[other].location());
    let ((Some(here), Some(there)), true) =
        (places, one != other && [one, other].iter().all(|id| cx.world[*id].is_exit()))
    else {
        return Err(say("Both must be exits for that, and be somewhere."));
    };
    may_change(cx, one)?;
    may_change(cx, other)?;
    cx.world.set_destination(one, Some(there));
    cx.world.set_destination(other, Some(here));
    cx.msg(format!(
        "{} leads to {} now, and {} to {} (two ways).",
        shown(cx.world, one),
        shown(cx.world, there),
        shown(cx.world, other),
        shown(cx.world, here)
    ));
    Ok(())
}

/// `unlink EXIT`
pub(in super::super) struct CmdUnlink;

impl Command for CmdUnlink {
    const META: Meta = Meta {
        key: "unlink",
        locks: BUILDER,
        help: "make an exit lead nowhere\n\nUsage:\n  unlink <exit>\n\nIt stays as a thing; |w@link|n makes an exit \
               of it again.",
        help_category: CATEGORY,
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage("unlink <exit>"));
        }
        let exit = find(cx, &args.lhs)?;
        unlink(cx, exit)
    }
}

fn unlink(cx: &mut Cx<'_>, exit: ObjectId) -> Result {
    may_change(cx, exit)?;
    let name = shown(cx.world, exit);
    if !cx.world[exit].is_exit() {
        return Err(say(format!("{name} is not an exit.")));
    }
    cx.world.set_destination(exit, None);
    cx.msg(format!("The former exit {name} leads nowhere now."));
    Ok(())
}

/// `@sethome THING [= PLACE]`
pub(in super::super) struct CmdSethome;

impl Command for CmdSethome {
    const META: Meta = Meta {
        key: "@sethome",
        locks: BUILDER,
        help: "say where something belongs\n\nUsage:\n  @sethome <object> [= <place>]\n\nIt goes there when the place \
               where it is is destroyed. Without a place you see which it is.",
        help_category: CATEGORY,
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage("@sethome <object> [= <place>]"));
        }
        let id = find(cx, &args.lhs)?;
        let name = shown(cx.world, id);
        let before = cx.world[id].home.filter(|home| cx.world.exists(*home));
        let Some(place) = args.rhs.filter(|rhs| !rhs.is_empty()) else {
            cx.msg(match before {
                Some(home) => format!("The home of {name} is {}.", shown(cx.world, home)),
                None => format!("{name} has no home."),
            });
            return Ok(());
        };
        let home = find(cx, &place)?;
        may_change(cx, id)?;
        if home == id {
            return Err(say("Nothing is its own home."));
        }
        cx.world[id].home = Some(home);
        let now = shown(cx.world, home);
        cx.msg(match before {
            Some(before) => {
                format!("The home of {name} was changed from {} to {now}.", shown(cx.world, before))
            }
            None => format!("The home of {name} was set to {now}."),
        });
        Ok(())
    }
}

/// `home`
pub(in super::super) struct CmdHome;

impl Command for CmdHome {
    const META: Meta = Meta {
        key: "home",
        locks: "cmd:perm(home) or perm(Builder)",
        help: "go to where you belong\n\nUsage:\n  home",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        let home = cx.world[caller].home.filter(|home| cx.world.exists(*home));
        let home = home.ok_or_else(|| say("You have no home!"))?;
        if cx.world[caller].location() == Some(home) {
            return Err(say("You are home already!"));
        }
        cx.msg("There's no place like home ...");
        cx.world.move_to(caller, home)
    }
}
