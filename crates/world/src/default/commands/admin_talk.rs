//! How staff talks to everybody, to places and through others: `wall`, `emit`, `force`.

use crate::{
    Command, Cx, Meta, Mux, ObjectId, Result, Scope, Stop,
    locks::{Accessor, PERMISSION_HIERARCHY},
    say, text,
};

/// `wall MESSAGE`
pub(super) struct CmdWall;

impl Command for CmdWall {
    const META: Meta = Meta {
        key: "wall",
        locks: "cmd:perm(wall) or perm(Admin)",
        help: "tell everybody something\n\nUsage:\n  wall <message>\n\nAll who are connected hear it, logged in or not.",
        help_category: "Admin",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, _message: Option<String>) -> Result {
        if cx.raw.is_empty() {
            return Err(say("Usage: wall <message>"));
        }
        let account = cx.account()?;
        let name = text::escape(cx.world[account].name()).into_owned();
        let told = format!("{name} shouts \"{}|n\"", cx.raw);
        cx.msg("Announcing to all connected sessions ...");
        cx.world.msg_all(told);
        Ok(())
    }
}

/// `emit[/SWITCH] [OBJECT[, OBJECT] =] MESSAGE`
pub(super) struct CmdEmit;

impl Command for CmdEmit {
    const META: Meta = Meta {
        key: "emit",
        aliases: &["pemit", "remit"],
        locks: "cmd:perm(emit) or perm(Builder)",
        help: "show a text to objects or places\n\nUsage:\n  emit[/switches] [<object>[, <object>] =] <message>\n  remit \
               <place>[, <place>] = <message>\n  pemit <character>[, <character>] = <message>\n\nThe text is shown as it \
               is, markup and all, without a name. Without an object: to all who are where you are. |w/room|n \
               leaves out what is no place, |w/accounts|n what nobody plays; |w/contents|n shows it to all that is in \
               the object, too. |wremit|n is |w/room/contents|n, |wpemit|n is |w/accounts|n.",
        help_category: "Admin",
        switches: &["room", "accounts", "contents"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let (message, names) = match &args.rhs {
            Some(rhs) => (rhs.as_str(), args.lhs_list.as_slice()),
            None => (args.lhs.as_str(), [].as_slice()),
        };
        if message.is_empty() || (args.rhs.is_some() && names.is_empty()) {
            return Err(say("Usage: emit[/switches] [<object>[, <object>] =] <message>"));
        }
        let called = cx.cmdstring.to_lowercase();
        let only = Only {
            rooms: called == "remit" || cx.switch("room"),
            played: called == "pemit" || cx.switch("accounts"),
        };
        let contents = called == "remit" || cx.switch("contents");
        if names.is_empty() {
            let room = cx.location()?;
            cx.world.msg_contents(room, message, &[]);
            return Ok(());
        }
        let caller = cx.caller()?;
        for name in names {
            let id = cx.world.search(caller, name, Scope::Anywhere)?;
            if let Err(why) = only.check(cx, id) {
                cx.msg(format!("{} {why} Ignored.", cx.world.display_name(id, caller)));
                continue;
            }
            if !cx.world.access(id, caller, "tell", true) {
                cx.msg(format!("You are not allowed to emit to {}.", cx.world.display_name(id, caller)));
                continue;
            }
            let shown = cx.world.display_name(id, caller);
            cx.world.msg(id, message);
            if contents {
                cx.world.msg_contents(id, message, &[]);
            }
            let contents = if contents { " and contents" } else { "" };
            cx.msg(format!("Emitted to {shown}{contents}:\n{message}"));
        }
        Ok(())
    }
}

/// What is left out.
struct Only {
    rooms: bool,
    played: bool,
}

impl Only {
    fn check(&self, cx: &Cx<'_>, id: ObjectId) -> std::result::Result<(), &'static str> {
        if self.rooms && cx.world[id].location().is_some() {
            return Err("is not a room.");
        }
        if self.played && cx.world[id].sessions().is_empty() {
            return Err("has no active account.");
        }
        Ok(())
    }
}

/// `force OBJECT = COMMAND`
pub(super) struct CmdForce;

impl Command for CmdForce {
    const META: Meta = Meta {
        key: "force",
        locks: "cmd:perm(spawn) or perm(Builder)",
        help: "make an object do something\n\nUsage:\n  force <object> = <command>\n\nExample: force bob = get stick\n\n\
               Whoever may do more than you can't be forced, and characters only by Admins, unless a lock \
               (|wedit|n) says otherwise.",
        help_category: "Building",
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let Some(line) = args.rhs.as_deref().filter(|line| !line.is_empty() && !args.lhs.is_empty()) else {
            return Err(say("Usage: force <object> = <command>"));
        };
        let caller = cx.caller()?;
        let target = cx.world.search(caller, &args.lhs, Scope::Anywhere)?;
        let name = cx.world.display_name(target, caller);
        if !may_force(cx, caller, target) {
            return Err(say(format!("You don't have permission to force {name}.")));
        }
        match cx.world.execute_cmd(target, line) {
            Ok(()) => {
                cx.msg(format!("You have forced {name} to: {}", text::escape(line)));
                Ok(())
            }
            Err(Stop::Say(why)) => Err(say(format!("{name} could not do that: {why}"))),
            Err(bug) => Err(bug),
        }
    }
}

/// A forced character acts with the rights of its account, and whoever drives a body, be it theirs or not, lends it
/// theirs: so nobody forces one of which any may do more.
fn may_force(cx: &Cx<'_>, caller: ObjectId, target: ObjectId) -> bool {
    let me = Accessor { account: cx.account, object: cx.puppet };
    let account = cx.world[target].account;
    let default = account.is_none() || cx.world.passes("force:perm(Admin)", me, "force", None, false);
    if !cx.world.access(target, caller, "edit", default) {
        return false;
    }
    let is_superuser = |account: Option<crate::AccountId>| {
        account.and_then(|account| cx.world.account(account)).is_some_and(|account| account.is_superuser)
    };
    [account, cx.world.accessor(target).account].into_iter().all(|account| {
        if is_superuser(account) && !is_superuser(cx.account) {
            return false;
        }
        let them = Accessor { account, object: Some(target) };
        PERMISSION_HIERARCHY.iter().all(|permission| {
            let lock = format!("rank:perm({permission})");
            !cx.world.passes(&lock, them, "rank", None, false)
                || cx.world.passes(&lock, me, "rank", None, false)
        })
    })
}
