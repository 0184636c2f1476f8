//! `@typeclass`: what kind of thing an object is, and making it another.

use std::fmt::Write as _;

use super::{find, may_edit, named};
use crate::{Command, Cx, Meta, Mux, ObjectId, Result, Swap, Typeclass, World, say, text::escape};

/// `@typeclass[/SWITCH] OBJECT [= TYPECLASS]`
pub(in crate::default::commands) struct CmdTypeclass;

impl Command for CmdTypeclass {
    const META: Meta = Meta {
        key: "@typeclass",
        aliases: &["@type", "@parent", "@swap", "@update", "@typeclasses"],
        locks: "cmd:perm(Builder) or perm(typeclass)",
        help: "see and change what kind of thing an object is\n\nUsage:\n  @typeclass[/switches] <object> [= \
               <typeclass>]\n  @typeclass/list [<part of a name>]\n  @typeclass/show <object or typeclass>\n  @swap - \
               @typeclass with /force and /reset\n  @update <object> - @typeclass/update\n  @typeclasses - \
               @typeclass/list\n\nSwitches:\n  show, examine - the typeclass of an object, and what it builds on\n  \
               update - call at_object_creation again, nothing else\n  reset - take all attributes off first\n  force - \
               also if the object is of that typeclass already\n  list - all typeclasses of the game\n  prototype - what follows the = is a prototype, which is applied\n\nWithout a \
               typeclass, the one that the object has is set again. at_object_creation of the new typeclass is called. \
               The last part of a typeclass's name is enough, if only one has it.",
        help_category: "Building",
        switches: &["show", "examine", "update", "reset", "force", "list", "prototype"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let called = cx.cmdstring.trim_start_matches('@').to_lowercase();
        if cx.switch("list") || called == "typeclasses" {
            return list(cx, &args.lhs);
        }
        if args.lhs.is_empty() {
            return Err(say("Usage: @typeclass[/switches] <object> [= <typeclass>]"));
        }
        if cx.switch("show") || cx.switch("examine") {
            return show(cx, &args.lhs);
        }
        let id = find(cx, &args.lhs)?;
        may_edit(cx, id)?;
        if cx.switch("prototype") {
            return super::spawn::apply(cx, id, args.rhs.as_deref().unwrap_or_default());
        }
        let before = cx.world[id].typeclass_path().to_owned();
        let update = cx.switch("update") || called == "update";
        let reset = cx.switch("reset") || called == "swap";
        // Whoever names no other typeclass means the one that it has.
        let force = cx.switch("force") || reset || update;
        let path = match &args.rhs {
            Some(name) => known(cx.world, name)?,
            None => cx.world[id].typeclass().path(),
        };
        let same = before == path;
        if update && !same {
            return Err(say("/update calls at_object_creation again; it doesn't change the typeclass."));
        }
        if same && !force {
            return Err(say(format!(
                "{} already has the typeclass '{path}'. Use /force to set it again.",
                named(cx.world, id)
            )));
        }
        cx.world.set_typeclass(id, path, if reset { Swap::Reset } else { Swap::Create })?;
        let name = named(cx.world, id);
        let mut told = if same {
            format!("{name} updated its existing typeclass ({path}).")
        } else {
            format!("{name} changed typeclass from {} to {path}.", escape(&before))
        };
        told.push_str("\nat_object_creation was called.");
        told.push_str(if reset {
            " All old attributes were deleted before."
        } else {
            " Attributes that it had were kept."
        });
        cx.msg(told);
        Ok(())
    }
}

/// The typeclass of a name: its whole path, or the end of it if only one ends so.
fn known(world: &World, name: &str) -> Result<&'static str> {
    if let Some(kind) = world.game().typeclass(name) {
        return Ok(kind.path());
    }
    let end = format!(".{}", name.to_lowercase());
    let found: Vec<&'static str> =
        paths(world).into_iter().filter(|path| format!(".{}", path.to_lowercase()).ends_with(&end)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(say(format!("There is no typeclass '{}'. |w@typeclass/list|n shows all.", escape(name)))),
        several => Err(say(format!("'{}' may be any of {}.", escape(name), several.join(", ")))),
    }
}

/// All typeclasses of the game, in the order of their names.
fn paths(world: &World) -> Vec<&'static str> {
    let mut paths: Vec<&'static str> = world.game().typeclasses.keys().copied().collect();
    paths.sort_unstable();
    paths
}

fn list(cx: &mut Cx<'_>, part: &str) -> Result {
    let part = part.to_lowercase();
    let mut told = String::from("|wTypeclasses:|n");
    for path in paths(cx.world).into_iter().filter(|path| path.to_lowercase().contains(&part)) {
        let _ = write!(told, "\n  {path}");
        if let Some(kind) = cx.world.game().typeclass(path) {
            told.push_str(&bases(kind));
        }
    }
    cx.msg(told);
    Ok(())
}

/// Of an object, or of a typeclass by its name.
fn show(cx: &mut Cx<'_>, name: &str) -> Result {
    let (head, path, kind) = match known(cx.world, name) {
        Ok(path) => (String::new(), path.to_owned(), cx.world.game().typeclass(path)),
        Err(_) => {
            let id = find(cx, name)?;
            let object = &cx.world[id];
            let head = format!("{}'s typeclass is ", named(cx.world, id));
            (head, object.typeclass_path().to_owned(), cx.world.game().typeclass(object.typeclass_path()))
        }
    };
    let mut told = format!("{head}|w{}|n", escape(&path));
    match kind {
        Some(kind) => {
            told.push_str(&bases(kind));
            let on_it: Vec<&str> =
                paths(cx.world).into_iter().filter(|other| builds_on(cx.world, other, &path)).collect();
            if !on_it.is_empty() {
                let _ = write!(told, "\nTypeclasses that build on it: {}", on_it.join(", "));
            }
            if cx.world.game().commands_of(kind, ObjectId(0)).is_some() {
                told.push_str("\nObjects of it bring commands along.");
            }
        }
        None => told.push_str("\nThis game does not have it: such objects stand as plain ones."),
    }
    cx.msg(told);
    Ok(())
}

/// ` (on default.Room, default.Object)`.
fn bases(kind: &'static dyn Typeclass) -> String {
    let mut bases = Vec::new();
    let mut kind = kind;
    while !kind.is_root() {
        kind = kind.base();
        bases.push(kind.path());
    }
    if bases.is_empty() { String::new() } else { format!(" (on {})", bases.join(", ")) }
}

fn builds_on(world: &World, path: &str, base: &str) -> bool {
    let Some(mut kind) = world.game().typeclass(path) else { return false };
    while !kind.is_root() {
        kind = kind.base();
        if kind.path() == base {
            return true;
        }
    }
    false
}
