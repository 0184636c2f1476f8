//! Attributes: setting, copying, moving and wiping them.

use serde_json::Value;

use super::{
    BUILDER, CATEGORY, edit, find, may_change, may_examine,
    owner::{Owner, owner_of},
    path,
    path::Path,
    shown, usage,
};
use crate::{Attributes, Command, Cx, Meta, Mux, Result, World, say, text::escape};

/// `@set[/edit][/account|/script|/channel|/room|/exit|/char] OWNER/ATTRIBUTE[:CATEGORY] [= [VALUE]]`
pub(in super::super) struct CmdSet;

impl Command for CmdSet {
    const META: Meta = Meta {
        key: "@set",
        locks: BUILDER,
        help: "see, set and delete attributes\n\nUsage:\n  @set[/switch] <object>/<attribute>[:category] = <value>\n  \
               @set <object>/<attribute>[:category] =\n  @set <object>[/<attribute>[:category]]\n  @set \
               *<account>/<attribute> = <value>\n\nWith nothing behind the = the attribute is deleted; without a = \
               you see it, or all of them. A value is JSON (5, true, [1, 2], {\"a\": 1}); anything else is text. Members of lists \
               and maps are named in brackets: list[0], list[-1], map[\"key\"]; list[+] adds one at the end, list[+0] \
               one at the beginning.\n\nSwitches:\n  edit: write a text in the line \
               editor\n  account: an account is meant\n  script, channel: one of these is meant, by its name or \
               #number\n  room, exit, char: the object is one of these, wherever it is\n\nExamples:\n  @set box/weight = 12\n  @set me/skills = {\"climb\": \
               3}\n  @set me/skills[\"climb\"] = 4",
        help_category: CATEGORY,
        switches: &["edit", "account", "script", "channel", "room", "exit", "char", "character"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let Some((owner, names)) = args.lhs.split_once('/') else {
            if args.rhs.is_none() && !args.lhs.is_empty() {
                return show_all(cx, &args.lhs);
            }
            return Err(usage("@set <object>/<attribute>[:category] [= <value>]"));
        };
        let owner = owner_of(cx, owner.trim())?;
        let edit = cx.switch("edit");
        // What stands on objects may be seen by whoever builds, unless a lock says otherwise.
        match (owner, &args.rhs) {
            (Owner::Object(id), None) if !edit => may_examine(cx, id)?,
            (Owner::Script(_) | Owner::Channel(_), None) if !edit => {}
            _ => owner.may_change(cx)?,
        }
        if edit {
            let path = literal(cx.world, owner, names);
            owner.check_name(&path)?;
            return edit::open(cx, owner, &path);
        }
        for name in split_names(names) {
            let path = literal(cx.world, owner, &name);
            owner.check_name(&path)?;
            match args.rhs.as_deref() {
                None => show(cx, owner, &path),
                Some("") => delete(cx, owner, &path)?,
                Some(value) => set(cx, owner, &path, path::read_value(value))?,
            }
        }
        Ok(())
    }
}

/// Several attributes, at the `/` that stand in no brackets.
fn split_names(names: &str) -> Vec<String> {
    let mut split = vec![String::new()];
    let mut inside = false;
    for letter in names.chars() {
        match letter {
            '[' => inside = true,
            ']' => inside = false,
            '/' if !inside => {
                split.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = split.last_mut() {
            last.push(letter);
        }
    }
    split.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// An attribute whose name is all that was typed goes before a member of another.
fn literal(world: &World, owner: Owner, text: &str) -> Path {
    let path = Path::parse(text);
    let whole = Path { name: text.trim().to_owned(), category: String::new(), steps: Vec::new() };
    let is_whole = owner.db(world).is_some_and(|db| db.has(&whole.name));
    if is_whole { whole } else { path }
}

/// All that an object or an account has, without what is the game's own of accounts.
fn show_all(cx: &mut Cx<'_>, name: &str) -> Result {
    let owner = owner_of(cx, name)?;
    match owner {
        Owner::Object(id) => may_examine(cx, id)?,
        Owner::Account(_) => owner.may_change(cx)?,
        Owner::Script(_) | Owner::Channel(_) => {}
    }
    let Some(db) = owner.db(cx.world) else { return Err(say("That is no more.")) };
    let plain = db.iter().map(|(name, _)| (name, ""));
    let sorted = db.categories().flat_map(|(category, of)| of.iter().map(move |(name, _)| (name, category)));
    let paths: Vec<Path> = plain
        .chain(sorted)
        .map(|(name, category)| Path {
            name: name.to_owned(),
            category: category.to_owned(),
            steps: Vec::new(),
        })
        .filter(|path| owner.check_name(path).is_ok())
        .collect();
    if paths.is_empty() {
        return Err(say(format!("{} has no attributes.", owner.shown(cx.world))));
    }
    paths.iter().for_each(|path| show(cx, owner, path));
    Ok(())
}

fn show(cx: &mut Cx<'_>, owner: Owner, path: &Path) {
    let whole = owner.value(cx.world, path);
    let (name, of) = (escape(&path.shown()).into_owned(), owner.shown(cx.world));
    cx.msg(match whole.as_ref().and_then(|whole| path::at(whole, &path.steps)) {
        Some(value) => format!("Attribute {of}/{name} = {}", escape(&value.to_string())),
        None => format!("{of} has no attribute '{name}'."),
    });
}

fn set(cx: &mut Cx<'_>, owner: Owner, path: &Path, value: Value) -> Result {
    let (name, of) = (escape(&path.shown()).into_owned(), owner.shown(cx.world));
    let before = owner.value(cx.world, path);
    let verb = if before.is_some() { "Modified" } else { "Created" };
    if before.is_none() && !path.steps.is_empty() {
        return Err(say(format!("{of} has no attribute '{}'.", escape(&path.name))));
    }
    let shown = escape(&value.to_string()).into_owned();
    let mut whole = before.unwrap_or_default();
    path::set(&mut whole, &path.steps, value).map_err(|why| say(escape(&why)))?;
    owner.db_mut(cx.world)?.in_category(&path.category).set(&path.name, whole)?;
    cx.msg(format!("{verb} attribute {of}/{name} = {shown}"));
    Ok(())
}

fn delete(cx: &mut Cx<'_>, owner: Owner, path: &Path) -> Result {
    let (name, of) = (escape(&path.shown()).into_owned(), owner.shown(cx.world));
    let removed = match (owner.value(cx.world, path), path.steps.is_empty()) {
        (None, _) => None,
        (Some(_), true) => owner.db_mut(cx.world)?.in_category(&path.category).remove(&path.name),
        (Some(mut whole), false) => {
            let removed = path::remove(&mut whole, &path.steps);
            if removed.is_some() {
                owner.db_mut(cx.world)?.in_category(&path.category).set(&path.name, whole)?;
            }
            removed
        }
    };
    if removed.is_none() {
        return Err(say(format!("{of} has no attribute '{name}' to delete.")));
    }
    cx.msg(format!("Deleted attribute {of}/{name}."));
    Ok(())
}

/// `@cpattr[/move] [THING/]ATTRIBUTE = THING[/ATTRIBUTE], ..`
pub(in super::super) struct CmdCpattr;

impl Command for CmdCpattr {
    const META: Meta = Meta {
        key: "@cpattr",
        locks: BUILDER,
        help: "copy attributes to other objects\n\nUsage:\n  @cpattr[/move] <object>/<attribute> = \
               <object>/<attribute>, <object>/<attribute>...\n  @cpattr[/move] <object>/<attribute> = <object>, \
               <object>...\n  @cpattr[/move] <attribute> = <object>/<attribute>...\n\nWithout an object on the left \
               it is yours; without an attribute on the right it has the same name. Several attributes are written \
               one behind the other: box/weight/size = chest. |w/move|n deletes what was copied.",
        help_category: CATEGORY,
        switches: &["move"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let after = if cx.switch("move") { Original::Goes } else { Original::Stays };
        transfer(cx, &args, after)
    }
}

/// `@mvattr[/copy] [THING/]ATTRIBUTE = THING[/ATTRIBUTE], ..`
pub(in super::super) struct CmdMvattr;

impl Command for CmdMvattr {
    const META: Meta = Meta {
        key: "@mvattr",
        locks: BUILDER,
        help: "move attributes to other objects\n\nUsage:\n  @mvattr[/copy] <object>/<attribute> = \
               <object>/<attribute>, <object>/<attribute>...\n  @mvattr[/copy] <attribute> = <object>...\n\nAs \
               |w@cpattr/move|n; |w/copy|n leaves the first as it is.",
        help_category: CATEGORY,
        switches: &["copy"],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let after = if cx.switch("copy") { Original::Stays } else { Original::Goes };
        transfer(cx, &args, after)
    }
}

/// What becomes of what was copied.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Original {
    Stays,
    Goes,
}

fn transfer(cx: &mut Cx<'_>, args: &Mux, after: Original) -> Result {
    if args.lhs.is_empty() || args.rhs_list.is_empty() {
        return Err(usage("@cpattr[/move] <object>/<attribute> = <object>/<attribute>, ..."));
    }
    let (from, names) = match args.lhs.split_once('/') {
        Some((from, names)) => (find(cx, from)?, names),
        None => (cx.caller()?, args.lhs.as_str()),
    };
    may_examine(cx, from)?;
    let from = Owner::Object(from);
    if after == Original::Goes {
        from.may_change(cx)?;
    }
    let of = from.shown(cx.world);
    let mut values = Vec::new();
    for name in split_names(names) {
        let path = Path { steps: Vec::new(), ..Path::parse(&name) };
        match from.value(cx.world, &path) {
            Some(value) => values.push((path, value)),
            None => return Err(say(format!("{of} has no attribute '{}'.", escape(&path.shown())))),
        }
    }
    let mut kept = Vec::new();
    for target in &args.rhs_list {
        let (name, new_names) = target.split_once('/').unwrap_or((target, ""));
        let to = Owner::Object(find(cx, name)?);
        to.may_change(cx)?;
        let mut new_names = split_names(new_names).into_iter();
        for (path, value) in &values {
            let new = match new_names.next() {
                Some(name) => Path { steps: Vec::new(), ..Path::parse(&name) },
                None => path.clone(),
            };
            to.check_name(&new)?;
            to.db_mut(cx.world)?.in_category(&new.category).set(&new.name, value)?;
            let verb = if after == Original::Goes { "Moved" } else { "Copied" };
            let (old_name, new_name) = (path.shown(), new.shown());
            let (old_name, new_name) = (escape(&old_name), escape(&new_name));
            cx.msg(format!("{verb} {of}/{old_name} to {}/{new_name}.", to.shown(cx.world)));
            kept.push((to, new));
        }
    }
    if after == Original::Goes {
        for (path, _) in values.iter().filter(|(path, _)| !kept.contains(&(from, path.clone()))) {
            from.db_mut(cx.world)?.in_category(&path.category).remove(&path.name);
        }
    }
    Ok(())
}

/// `@wipe THING[/ATTRIBUTE/ATTRIBUTE..]`
pub(in super::super) struct CmdWipe;

impl Command for CmdWipe {
    const META: Meta = Meta {
        key: "@wipe",
        locks: BUILDER,
        help: "delete attributes of an object\n\nUsage:\n  @wipe <object>[/<attribute>[/<attribute>...]]\n\nWithout an \
               attribute all of them go, the description among them.",
        help_category: CATEGORY,
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        if args.lhs.is_empty() {
            return Err(usage("@wipe <object>[/<attribute>[/<attribute>...]]"));
        }
        let (name, names) = args.lhs.split_once('/').unwrap_or((&args.lhs, ""));
        let id = find(cx, name)?;
        may_change(cx, id)?;
        let (owner, of) = (Owner::Object(id), shown(cx.world, id));
        let names = split_names(names);
        if names.is_empty() {
            *owner.db_mut(cx.world)? = Attributes::default();
            cx.msg(format!("Deleted all attributes of {of}."));
            return Ok(());
        }
        for name in names {
            let path = Path { steps: Vec::new(), ..literal(cx.world, owner, &name) };
            delete(cx, owner, &path)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_outside_of_brackets() {
        assert_eq!(split_names("a/ b /c[\"d/e\"]/"), ["a", "b", "c[\"d/e\"]"]);
    }
}
