//! What makes and changes the world: the commands of builders, and what they have in common.
//!
//! Whoever made an object controls it. What the game itself made has no such lock: it is its developers' (and as far
//! as it is only changed, its admins'), as in Evennia.

mod attributes;
mod cmdsets;
mod create;
mod destroy;
mod edit;
mod links;
mod names;
mod owner;
mod path;
mod rooms;
mod teleport;

pub(super) use attributes::{CmdCpattr, CmdMvattr, CmdSet, CmdWipe};
pub(super) use cmdsets::CmdCmdsets;
pub(super) use create::{CmdCopy, CmdCreate};
pub(super) use destroy::CmdDestroy;
pub(crate) use edit::ValueEditor;
pub(super) use links::{CmdHome, CmdLink, CmdSethome, CmdUnlink};
pub(super) use names::{CmdAlias, CmdDesc, CmdName};
pub(super) use path::read_value;
pub(super) use rooms::{CmdDig, CmdOpen, CmdTunnel};
pub(super) use teleport::CmdTeleport;

use super::comms;
pub(crate) use crate::staff::{NAME_LIMIT, checked_name};
use crate::{Cx, NewObject, ObjectId, Result, Scope, World, say, text::escape};

/// Most aliases of one object.
const ALIAS_LIMIT: usize = 32;
/// Heading under which `help` lists these commands.
const CATEGORY: &str = "Building";
/// Who may use them.
const BUILDER: &str = "cmd:perm(Builder)";

/// What is to be made: `name;alias;alias:typeclass`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Named {
    key: String,
    aliases: Vec<String>,
    typeclass: Option<String>,
}

impl Named {
    /// Reads it.
    ///
    /// # Errors
    /// Says what is wrong with the name.
    fn parse(given: &str) -> Result<Named> {
        let (names, typeclass) = match given.rsplit_once(':') {
            Some((names, typeclass)) => (names, Some(typeclass.trim().to_owned())),
            None => (given, None),
        };
        let mut names = names.split(';');
        let key = checked_name(names.next().unwrap_or_default())?;
        let mut aliases = Vec::new();
        for alias in names.filter(|alias| !alias.trim().is_empty()) {
            add_alias(&mut aliases, &checked_name(alias)?)?;
        }
        Ok(Named { key, aliases, typeclass: typeclass.filter(|path| !path.is_empty()) })
    }

    /// ` (aliases: a, b)`, escaped; nothing where there are none.
    fn shown_aliases(&self) -> String {
        if self.aliases.is_empty() {
            return String::new();
        }
        format!(" (aliases: {})", escape(&self.aliases.join(", ")))
    }

    /// Makes it, in the name of whoever gave the command: they control it.
    fn make(&self, cx: &mut Cx<'_>, default_typeclass: &str, places: Places) -> Result<ObjectId> {
        let caller = cx.caller()?;
        let typeclass = match &self.typeclass {
            Some(path) => typeclass(cx.world, path)?,
            None => default_typeclass,
        };
        let aliases: Vec<&str> = self.aliases.iter().map(String::as_str).collect();
        let id = cx.world.create(NewObject {
            key: &self.key,
            typeclass,
            aliases: &aliases,
            location: places.location,
            home: places.home,
            destination: places.destination,
            ..NewObject::default()
        })?;
        give_to_creator(cx.world, id, caller);
        Ok(id)
    }
}

/// Where something new is, belongs and leads.
#[derive(Default)]
struct Places {
    location: Option<ObjectId>,
    home: Option<ObjectId>,
    destination: Option<ObjectId>,
}

/// Adds an alias, whatever the case, once.
fn add_alias(aliases: &mut Vec<String>, alias: &str) -> Result {
    if aliases.iter().any(|known| known.to_lowercase() == alias.to_lowercase()) {
        return Ok(());
    }
    if aliases.len() == ALIAS_LIMIT {
        return Err(say(format!("An object has at most {ALIAS_LIMIT} aliases.")));
    }
    aliases.push(alias.to_owned());
    Ok(())
}

/// The typeclass that a builder means: its whole name, or the last part of it.
pub(super) fn typeclass(world: &World, given: &str) -> Result<&'static str> {
    let game = world.game();
    if let Some(kind) = game.typeclass(given) {
        return Ok(kind.path());
    }
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_lowercase();
    let mut named: Vec<&'static str> =
        game.typeclasses.keys().copied().filter(|path| last(path) == given.to_lowercase()).collect();
    named.sort_unstable();
    // A game's own Room goes before the one that it builds on.
    let own: Vec<&'static str> = named.iter().copied().filter(|path| !path.starts_with("default.")).collect();
    match (own.as_slice(), named.as_slice()) {
        ([one], _) | ([], [one]) => Ok(one),
        ([], []) => Err(say(format!("There is no typeclass '{}'.", escape(given)))),
        (several, _) => Err(say(format!("Which typeclass do you mean: {}?", several.join(", ")))),
    }
}

/// What Evennia's builders get of what they make.
fn give_to_creator(world: &mut World, id: ObjectId, creator: ObjectId) {
    let creator = creator.0;
    if let Some(object) = world.object_mut(id) {
        let before: Vec<&str> = object.locks.split(';').filter(|lock| !lock.trim().is_empty()).collect();
        let kept = before.into_iter().filter(|lock| {
            let kind = lock.split_once(':').map_or("", |(kind, _)| kind.trim());
            !["control", "delete"].contains(&kind)
        });
        let mut locks: Vec<String> = kept.map(str::to_owned).collect();
        for kind in ["control", "delete"] {
            locks.push(format!("{kind}:id({creator}) or perm(Admin)"));
        }
        object.locks = locks.join(";").into();
    }
}

impl World {
    /// Whether somebody may do to an object what its lock of this kind allows: `control`, `edit`, `delete`. Where it
    /// has none, its own player may edit it, admins may edit and delete it, and developers control it.
    pub(crate) fn may(&self, accessing: ObjectId, kind: &str, id: ObjectId) -> bool {
        let account = self.accessor(accessing).account;
        let own =
            id == accessing || self.object(id).is_some_and(|o| o.account.is_some() && o.account == account);
        let default = match kind {
            "edit" => own || self.has_permission(accessing, "Admin"),
            "delete" => self.has_permission(accessing, "Admin"),
            _ => self.has_permission(accessing, "Developer"),
        };
        self.access(id, accessing, kind, default)
    }
}

/// Sees to it that the caller may change something.
///
/// # Errors
/// Says that they may not.
fn may_change(cx: &Cx<'_>, id: ObjectId) -> Result {
    let caller = cx.caller()?;
    if cx.world.may(caller, "control", id) || cx.world.may(caller, "edit", id) {
        return Ok(());
    }
    Err(say(format!("You don't have permission to change {}.", shown(cx.world, id))))
}

/// Sees to it that the caller may look into something.
///
/// # Errors
/// Says that they may not.
fn may_examine(cx: &Cx<'_>, id: ObjectId) -> Result {
    if cx.world.access(id, cx.caller()?, "examine", true) {
        return Ok(());
    }
    Err(say(format!("You don't have permission to look into {}.", shown(cx.world, id))))
}

/// Sees to it that the caller still builds: for what goes on after the command.
///
/// # Errors
/// Says that they do not.
fn may_build(cx: &Cx<'_>) -> Result {
    if cx.world.passes(BUILDER, comms::accessor(cx), "cmd", None, false) {
        return Ok(());
    }
    Err(say("You are not a builder any more."))
}

/// What the caller means by a name, wherever it is.
fn find(cx: &Cx<'_>, name: &str) -> Result<ObjectId> {
    cx.world.search(cx.caller()?, name, Scope::Anywhere)
}

/// As builders are shown what they work on: `box(#4)`.
fn shown(world: &World, id: ObjectId) -> String {
    match world.object(id) {
        Some(object) => format!("{}({id})", escape(object.key())),
        None => format!("nothing({id})"),
    }
}

/// The same, or `nowhere`.
fn shown_place(world: &World, id: Option<ObjectId>) -> String {
    id.map_or_else(|| "nowhere".to_owned(), |id| shown(world, id))
}

/// How a command is used, as the first lines of its help say.
fn usage(text: &str) -> crate::Stop {
    say(format!("Usage: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_aliases_and_a_typeclass() {
        let named = Named::parse(" big  box;crate ; Crate;b:Box ").expect("it is well formed");
        assert_eq!((named.key.as_str(), named.typeclass.as_deref()), ("big box", Some("Box")));
        assert_eq!(named.aliases, ["crate", "b"]);
        for wrong in ["", ";a", ":Box", "a\u{1b}b"] {
            assert!(Named::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn names_and_aliases_at_their_limits_and_one_past() {
        assert!(checked_name(&"x".repeat(NAME_LIMIT)).is_ok());
        assert!(checked_name(&"x".repeat(NAME_LIMIT + 1)).is_err());
        let many = |count: usize| (0..count).map(|n| format!(";a{n}")).collect::<String>();
        assert!(Named::parse(&format!("x{}", many(ALIAS_LIMIT))).is_ok());
        assert!(Named::parse(&format!("x{}", many(ALIAS_LIMIT + 1))).is_err());
    }
}
