//! Commands of those who build and run a game: looking into things, finding them, changing what they are.
//! `commands::account` and `commands::character` put them into their cmdsets.

pub(super) mod examine;
pub(super) mod find;
pub(super) mod lock;
pub(super) mod objects;
pub(super) mod olc;
pub(super) mod server;
pub(super) mod spawn;
pub(super) mod tag;
pub(super) mod typeclass;

mod dates;
pub(super) use dates::date;

use crate::{Cx, ObjectId, Result, Scope, World, locks::Accessor, msg::Receiver, say, text::escape};

/// Most names that one list shows; how many more there are is said.
pub(super) const LISTED: usize = 200;

/// The object that a name means, wherever it is; out of character too, where only numbers, `*account` and whole keys
/// mean one.
pub(super) fn find(cx: &Cx<'_>, name: &str) -> Result<ObjectId> {
    if let Some(caller) = cx.puppet {
        return cx.world.search(caller, name, Scope::Anywhere);
    }
    let not_found = || say(format!("Could not find '{}'.", escape(name)));
    if let Some(account) = name.strip_prefix('*') {
        let account = cx.world.account_named(account).and_then(|account| cx.world.account(account));
        let body = account.and_then(|account| account.last_puppet.or(account.characters.first().copied()));
        return body.filter(|body| cx.world.exists(*body)).ok_or_else(not_found);
    }
    if let Some(id) = number(name).filter(|id| cx.world.exists(*id)) {
        return Ok(id);
    }
    let mut found = cx.world.objects_named(name).to_vec();
    found.truncate(LISTED);
    found.retain(|id| access(cx, *id, "search", true));
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(not_found()),
        several => {
            let several: Vec<String> = several.iter().map(|id| named(cx.world, *id)).collect();
            let name = escape(name);
            Err(say(format!("More than one match for '{name}': {}.", several.join(", "))))
        }
    }
}

/// `#12` as a number.
pub(super) fn number(name: &str) -> Option<ObjectId> {
    name.trim().strip_prefix('#')?.parse().ok().map(ObjectId)
}

/// An object as staff see it: `box(#5)`, escaped.
pub(super) fn named(world: &World, id: ObjectId) -> String {
    match world.object(id) {
        Some(object) => format!("{}({id})", escape(object.key())),
        None => format!("(gone: {id})"),
    }
}

/// As [`named`], for several; no more than [`LISTED`] of them.
pub(super) fn named_list(world: &World, ids: &[ObjectId]) -> String {
    let shown: Vec<String> = ids.iter().take(LISTED).map(|id| named(world, *id)).collect();
    let more = ids.len().saturating_sub(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// Whether the one who types may do something to an object; `default` if its locks do not speak of it.
pub(super) fn access(cx: &Cx<'_>, id: ObjectId, kind: &str, default: bool) -> bool {
    match (cx.puppet, cx.world.object(id)) {
        (Some(caller), _) => cx.world.access(id, caller, kind, default),
        (None, Some(object)) => {
            let accessing = Accessor { account: cx.account, object: None };
            cx.world.passes(&object.locks, accessing, kind, Some(id), default)
        }
        (None, None) => default,
    }
}

/// May the one who types change an object? As with the commands that build: who made it may, and admins. Where its
/// locks say nothing, its own player may, and of those who have the command admins; it is controlled by developers.
pub(super) fn may_edit(cx: &Cx<'_>, id: ObjectId) -> Result {
    let owner = cx.world.object(id).and_then(|object| object.account);
    let own = cx.puppet == Some(id) || (owner.is_some() && owner == cx.account);
    let accessing = Accessor { account: cx.account, object: cx.puppet };
    let developer = cx.world.passes("control:perm(Developer)", accessing, "control", None, false);
    if access(cx, id, "control", developer) || access(cx, id, "edit", own || is_admin(cx)) {
        return Ok(());
    }
    Err(say(format!("You are not allowed to change {}.", named(cx.world, id))))
}

/// Whether the one who types is an admin: who sees what is private of players.
pub(super) fn is_admin(cx: &Cx<'_>) -> bool {
    let accessing = Accessor { account: cx.account, object: cx.puppet };
    cx.world.passes("admin:perm(Admin)", accessing, "admin", None, false)
}

/// Who is told what a command finds out later.
pub(super) fn asker(cx: &Cx<'_>) -> Option<Receiver> {
    cx.session.map(Receiver::Session).or(cx.puppet.map(Receiver::Object))
}

/// A text that is cut where it gets long.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}[...]", &text[..at]),
        None => text.to_owned(),
    }
}
