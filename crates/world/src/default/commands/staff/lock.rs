//! `@lock`: who may do what to an object.

use super::{find, may_edit, named};
use crate::{
    Command, Cx, Meta, Mux, ObjectId, Result, locks, say,
    staff::{LOCKS_LIMIT, too_long},
    text::escape,
};

/// `@lock[/del|/view] OBJECT[/TYPE] [= LOCKS]`
pub(in crate::default::commands) struct CmdLock;

impl Command for CmdLock {
    const META: Meta = Meta {
        key: "@lock",
        aliases: &["@locks"],
        locks: "cmd:perm(Builder) or perm(lock)",
        help: "see and change who may do what to an object\n\nUsage:\n  @lock <object>[/<access type>]\n  @lock \
               <object> = <lock string>\n  @lock/del <object>/<access type>\n\nSwitches:\n  view - show the locks (as \
               without a =)\n  del - remove the lock of an access type\n\nA lock string is a list of access types \
               with functions that may be joined by and, or and not: |wget:perm(Builder) or holds();drop:all()|n. Of \
               the access types that are not named, nothing is changed. Known ones are get, drop, give, call, puppet, \
               view, search, traverse, edit, control, examine and delete; commands of a game may have others.\n\nThe \
               functions that are used most (who asks is whoever wants to do it):\n  all(), false() - everybody, and \
               nobody but superusers\n  perm(<permission>) - has this permission, or one above it\n  id(<number>), \
               pid(<number>) - is this character, or this account\n  holds(<thing>) - carries a thing of this name or \
               number\n  attr(<name>[, <value>]), tag(<tag>[, <category>]) - has this attribute or tag\n  \
               objattr(..), objtag(..) - the same of what the lock is on\n  locattr(..), inside() - the same of the \
               place where the asker is; is inside of what the lock is on\n  self(), has_account(), is_ooc() - is the \
               thing itself; is played by somebody; is out of character\n\nExamples:\n  @lock door = \
               traverse:holds(brass key)\n  @lock box = get:false()\n  @lock cellar = traverse:not \
               attr(afraid)\n\nWho may not go through an exit, or pick a thing up, is told its attribute |werr_traverse|n \
               or |wget_err_msg|n: @set door/err_traverse = \"The door is locked.\"",
        help_category: "Building",
        switches: &["del", "view"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let (name, kind) = match args.lhs.rsplit_once('/') {
            Some((name, kind)) => (name.trim(), Some(kind.trim())),
            None => (args.lhs.as_str(), None),
        };
        if name.is_empty() {
            return Err(say("Usage: @lock <object>[/<access type>] [= <lock string>]"));
        }
        let id = find(cx, name)?;
        may_edit(cx, id)?;
        match (args.rhs, kind) {
            _ if cx.switch("view") => show(cx, id, kind),
            (None, Some(kind)) if cx.switch("del") => delete(cx, id, kind),
            _ if cx.switch("del") => Err(say("Usage: @lock/del <object>/<access type>")),
            (None, kind) => show(cx, id, kind),
            (Some(added), None) => add(cx, id, &added),
            // `@lock box/get = false()` says the same in other words.
            (Some(expression), Some(kind)) => add(cx, id, &format!("{kind}:{expression}")),
        }
    }
}

fn show(cx: &mut Cx<'_>, id: ObjectId, kind: Option<&str>) -> Result {
    let name = named(cx.world, id);
    let shown: Vec<String> = locks::parts(&cx.world[id].locks)
        .filter(|(known, _)| kind.is_none_or(|kind| *known == kind))
        .map(|(kind, expression)| escape(&format!("{kind}:{expression}")).into_owned())
        .collect();
    let told = match (shown.is_empty(), kind) {
        (true, Some(kind)) => format!("{name} has no lock of access type '{}'.", escape(kind)),
        (true, None) => format!("{name} has no locks."),
        (false, _) => format!("|wLocks of|n {name}:\n  {}", shown.join("\n  ")),
    };
    cx.msg(told);
    Ok(())
}

fn add(cx: &mut Cx<'_>, id: ObjectId, added: &str) -> Result {
    let made = locks::add(&cx.world[id].locks, added).map_err(|(part, error)| {
        say(format!("That lock can't be used: in '{}' {}.", escape(&part), escape(&error.to_string())))
    })?;
    if made.len() > LOCKS_LIMIT {
        return Err(too_long());
    }
    cx.world[id].locks = made.into();
    let told = format!("Added lock '{}' to {}.", escape(added), named(cx.world, id));
    cx.msg(told);
    Ok(())
}

fn delete(cx: &mut Cx<'_>, id: ObjectId, kind: &str) -> Result {
    let name = named(cx.world, id);
    let Some(left) = locks::remove(&cx.world[id].locks, kind) else {
        return Err(say(format!("{name} has no lock of access type '{}'.", escape(kind))));
    };
    cx.world[id].locks = left.into();
    cx.msg(format!("Removed lock '{}' from {name}.", escape(kind)));
    Ok(())
}
