//! Whose attributes a builder means: an object's, an account's, a script's, a channel's.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{NAME_LIMIT, find, may_change, names::outranks, path::Path, shown};
use crate::{
    AccountId, Attributes, ChannelId, Cx, ObjectId, Result, ScriptId, ScriptOwner, World,
    default::commands::{comms, scripts},
    say,
    text::escape,
};

/// Whose attributes are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Owner {
    Object(ObjectId),
    Account(AccountId),
    Script(ScriptId),
    Channel(ChannelId),
}

impl Owner {
    /// None, if it is no more.
    pub(super) fn db(self, world: &World) -> Option<&Attributes> {
        match self {
            Owner::Object(id) => world.object(id).map(|object| &object.db),
            Owner::Account(id) => world.account(id).map(|account| &account.db),
            Owner::Script(id) => world.script(id).map(|script| &script.db),
            Owner::Channel(id) => world.channel(id).map(|channel| &channel.db),
        }
    }

    /// It will be stored, and whoever watches it is told.
    ///
    /// # Errors
    /// Says that it is no more.
    pub(super) fn db_mut(self, world: &mut World) -> Result<&mut Attributes> {
        let db = match self {
            Owner::Object(id) => {
                world.notice(id);
                world.object_mut(id).map(|object| &mut object.db)
            }
            Owner::Account(id) => world.account_mut(id).map(|account| &mut account.db),
            Owner::Script(id) => world.script_mut(id).map(|script| &mut script.db),
            Owner::Channel(id) => world.channel_mut(id).map(|channel| &mut channel.db),
        };
        db.ok_or_else(|| say("That is no more."))
    }

    /// As builders are shown it: `box(#4)`, `*Anna`, `script weather(#2)`, `channel Public`.
    pub(super) fn shown(self, world: &World) -> String {
        match self {
            Owner::Object(id) => shown(world, id),
            Owner::Account(id) => {
                format!("*{}", escape(world.account(id).map(|account| account.name()).unwrap_or_default()))
            }
            Owner::Script(id) => {
                let key = world.script(id).map(|script| script.key()).unwrap_or_default();
                format!("script {}({id})", escape(key))
            }
            Owner::Channel(id) => {
                format!("channel {}", world.channel(id).map(|channel| channel.key()).unwrap_or_default())
            }
        }
    }

    /// The whole value that a path begins in.
    pub(super) fn value(self, world: &World, path: &Path) -> Option<Value> {
        let db = self.db(world)?.category(&path.category);
        db.has(&path.name).then(|| db[&path.name].clone())
    }

    /// # Errors
    /// Says that the caller may not.
    pub(super) fn may_change(self, cx: &Cx<'_>) -> Result {
        match self {
            Owner::Object(id) => may_change(cx, id),
            Owner::Account(id) if cx.account == Some(id) => Ok(()),
            Owner::Account(id) => {
                if !cx.world.has_permission(cx.caller()?, "Admin") {
                    return Err(say("Only admins may see and change the attributes of accounts."));
                }
                outranks(cx, id)
            }
            // A script is changed by who may change whatever has it; a global one by all who build.
            Owner::Script(id) => match cx.world.script(id).map(|script| script.owner()) {
                Some(ScriptOwner::Object(id)) => may_change(cx, id),
                Some(ScriptOwner::Account(id)) => Owner::Account(id).may_change(cx),
                Some(ScriptOwner::Global) | None => Ok(()),
            },
            Owner::Channel(id) if cx.world.channel_access(id, comms::accessor(cx), "control") => Ok(()),
            Owner::Channel(_) => {
                Err(say(format!("You don't have permission to change the {}.", self.shown(cx.world))))
            }
        }
    }

    /// What logins and the like hang on is not a builder's business.
    ///
    /// # Errors
    /// Says what is wrong with the name.
    pub(super) fn check_name(self, path: &Path) -> Result {
        if path.name.is_empty() || path.name.chars().count() > NAME_LIMIT {
            return Err(say(format!("The name of an attribute has 1 to {NAME_LIMIT} characters.")));
        }
        if matches!(self, Owner::Account(_)) && path.name.starts_with('_') {
            return Err(say("The attributes of accounts that begin with _ are the game's own."));
        }
        Ok(())
    }
}

/// Whose attributes a name means, by the switches that were given.
///
/// # Errors
/// Says that there is nothing of the name, or several.
pub(super) fn owner_of(cx: &Cx<'_>, name: &str) -> Result<Owner> {
    if cx.switch("script") {
        return script(cx.world, name).map(Owner::Script);
    }
    if cx.switch("channel") {
        return comms::find(cx, name).map(Owner::Channel);
    }
    if let Some(account) = name.strip_prefix('*').or_else(|| cx.switch("account").then_some(name)) {
        let found = cx.world.account_named(account.trim());
        return found
            .map(Owner::Account)
            .ok_or_else(|| say(format!("There is no account '{}'.", escape(account))));
    }
    let kind: &dyn Fn(ObjectId) -> bool = if cx.switch("room") {
        &|id| cx.world.is_a(id, "default.Room")
    } else if cx.switch("exit") {
        &|id| cx.world[id].is_exit()
    } else if cx.switch("char") || cx.switch("character") {
        &|id| cx.world.is_character(id)
    } else {
        return find(cx, name).map(Owner::Object);
    };
    let named: Vec<ObjectId> = cx.world.objects_named(name).iter().copied().filter(|id| kind(*id)).collect();
    match named.as_slice() {
        [one] => Ok(Owner::Object(*one)),
        [] => {
            let found = find(cx, name)?;
            if kind(found) {
                return Ok(Owner::Object(found));
            }
            Err(say(format!("{} is nothing of that kind.", shown(cx.world, found))))
        }
        several => {
            let all: Vec<String> = several.iter().map(|id| shown(cx.world, *id)).collect();
            Err(say(format!("Which do you mean: {}?", all.join(", "))))
        }
    }
}

fn script(world: &World, name: &str) -> Result<ScriptId> {
    let found = scripts::named(world, world.scripts().map(|(id, _)| id), name);
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(say(format!("There is no script '{}'.", escape(name)))),
        [first, .., last] => {
            let count = found.len();
            Err(say(format!("{count} scripts are called so, from {first} to {last}: give the #number.")))
        }
    }
}
