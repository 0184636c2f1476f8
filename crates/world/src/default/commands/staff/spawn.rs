//! `@spawn`: objects of prototypes, and the prototypes themselves.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{asker, cut, named, olc};
use crate::{
    Command, Cx, Meta, ObjectId, Prototype, Result, World,
    default::commands::{building, listing::columns},
    locks::Accessor,
    say,
    text::escape,
};

/// `@spawn[/SWITCH] KEY or {PROTOTYPE}`
pub(in crate::default::commands) struct CmdSpawn;

impl Command for CmdSpawn {
    const META: Meta = Meta {
        key: "@spawn",
        aliases: &["@olc"],
        locks: "cmd:perm(Builder) or perm(spawn)",
        help: "make objects of prototypes\n\nUsage:\n  @spawn[/noloc] <prototype key>\n  @spawn[/noloc] {<prototype>}\n  \
               @spawn/search [<part of a key>][;<tag>[,<tag>]]\n  @spawn/list [<tag>[,<tag>]]\n  @spawn/show \
               <key>\n  @spawn/raw <key>\n  @spawn/save [<key>[;<desc>[;<tag>,<tag>[;<locks>]]]] = {<prototype>}\n  \
               @spawn/edit <key> = {<changes>}\n  @spawn/delete <key>\n  @spawn/update <key>\n  @olc [<key>], @spawn/menu [<key>]\n\nSwitches:\n  noloc - \
               make the object nowhere, unless the prototype has a location\n  search, list - the prototypes that \
               there are\n  show, examine - one of them, with all that it has from its parents\n  raw - as it is \
               written, to be copied\n  save - keep a prototype\n  edit - change some of what a kept prototype says; \
               null takes a name out of it\n  delete - forget a kept prototype\n  update - apply a prototype to all \
               objects that were made of it\n  menu, olc - see and change a prototype, or write a new one, in a menu\n\nA prototype is a map: |w{\"prototype_parent\": \"monster\", \"key\": \
               \"a goblin\", \"hp\": 5}|n. Its names are prototype_key, prototype_parent, prototype_desc, \
               prototype_tags, prototype_locks (spawn, edit), key, typeclass, aliases, tags, locks, permissions, \
               location, home, destination and attrs; all others are attributes. Of several parents the last one \
               decides; attributes and tags of all are put together.",
        help_category: "Building",
        switches: &[
            "noloc", "search", "list", "show", "examine", "raw", "save", "edit", "delete", "update", "menu",
            "olc",
        ],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let raw = cx.raw.clone();
        match cx.switches.first().copied() {
            Some("search") => {
                let (key, tags) = raw.split_once(';').unwrap_or((&raw, ""));
                list(cx, key, tags)
            }
            Some("list") => list(cx, "", &raw),
            Some("show" | "examine") => show(cx, &raw),
            Some("raw") => write(cx, &raw),
            Some("save") => save(cx, &raw),
            Some("edit") => edit(cx, &raw),
            Some("delete") => delete(cx, &raw),
            Some("update") => update(cx, &raw),
            Some("menu" | "olc") => olc::open(cx, &raw),
            None if cx.cmdstring.ends_with("olc") => olc::open(cx, &raw),
            _ if raw.is_empty() => Err(say("Usage: @spawn[/switches] <prototype key> or {<prototype>}")),
            _ => spawn(cx, &raw),
        }
    }
}

/// Makes an object one of a prototype, if whoever types is sure: `@typeclass/prototype`.
pub(super) fn apply(cx: &mut Cx<'_>, id: ObjectId, key: &str) -> Result {
    if key.is_empty() {
        return Err(say("Usage: @typeclass/prototype <object> = <prototype>"));
    }
    let prototype = named_prototype(cx.world, key)?;
    may(cx, prototype, "spawn")?;
    may_give(cx, &cx.world.flat_prototype(prototype)?)?;
    let key = prototype.prototype_key().to_owned();
    let question = format!("Apply the prototype '{}' to {}?", escape(&key), named(cx.world, id));
    cx.ask_yes_no(question, move |cx, yes| {
        if !yes || !cx.world.exists(id) {
            return Err(say("Nothing was changed."));
        }
        // Since it was asked, the prototype and the rights may have become others.
        super::may_edit(cx, id)?;
        let prototype = named_prototype(cx.world, &key)?.clone();
        may(cx, &prototype, "spawn")?;
        may_give(cx, &cx.world.flat_prototype(&prototype)?)?;
        let changed = cx.world.apply_prototype(id, &prototype)?;
        let how = if changed { "is now as" } else { "was already as" };
        let told = format!("{} {how} the prototype '{}' says.", named(cx.world, id), escape(&key));
        cx.msg(told);
        Ok(())
    })
}

fn spawn(cx: &mut Cx<'_>, raw: &str) -> Result {
    let prototype = if raw.starts_with('{') {
        let read = meant(cx.world, read(raw)?)?;
        // A key that is known already would mark the object as one of that prototype's.
        if cx.world.prototype(read.prototype_key()).is_some() {
            return Err(say(format!(
                "There is a prototype '{}' already: spawn it, or leave the key out.",
                escape(read.prototype_key())
            )));
        }
        read
    } else {
        named_prototype(cx.world, raw)?.clone()
    };
    make(cx, prototype)
}

/// Makes an object, if the caller may; where they are, unless the prototype says otherwise.
pub(super) fn make(cx: &mut Cx<'_>, mut prototype: Prototype) -> Result {
    may_spawn(cx)?;
    may(cx, &prototype, "spawn")?;
    let flat = cx.world.flat_prototype(&prototype)?;
    may_give(cx, &flat)?;
    if flat.location.is_none() && !cx.switch("noloc") {
        let place = cx.puppet.and_then(|caller| cx.world[caller].location());
        prototype.location = place.map(|place| place.to_string());
    }
    let id = cx.world.spawn_prototype(&prototype)?;
    let told = format!("Spawned {}.", named(cx.world, id));
    cx.msg(told);
    Ok(())
}

fn read(text: &str) -> Result<Prototype> {
    Prototype::read(text).map_err(|error| say(format!("That can't be read: {}.", escape(&error))))
}

/// With the typeclass that a builder means: the last part of its name will do, as for `@create`.
fn meant(world: &World, mut prototype: Prototype) -> Result<Prototype> {
    if let Some(given) = &prototype.typeclass {
        prototype.typeclass = Some(building::typeclass(world, given)?.to_owned());
    }
    Ok(prototype)
}

fn named_prototype<'w>(world: &'w World, key: &str) -> Result<&'w Prototype> {
    let found = world.prototype(key);
    found.ok_or_else(|| say(format!("There is no prototype '{}'. |w@spawn/list|n shows all.", escape(key))))
}

/// May the one who types do something with a prototype?
pub(super) fn may(cx: &Cx<'_>, prototype: &Prototype, kind: &str) -> Result {
    let accessing = Accessor { account: cx.account, object: cx.puppet };
    if cx.world.passes(&prototype.prototype_locks, accessing, kind, None, true) {
        return Ok(());
    }
    let key = escape(prototype.prototype_key());
    Err(say(format!("You are not allowed to {kind} the prototype '{key}'.")))
}

/// Whether the caller still has the command: the menu goes on after it.
fn may_spawn(cx: &Cx<'_>) -> Result {
    let accessing = Accessor { account: cx.account, object: cx.puppet };
    if cx.world.passes(CmdSpawn::META.locks, accessing, "cmd", None, false) {
        return Ok(());
    }
    Err(say("You are not allowed to work on prototypes any more."))
}

/// Nobody gets by an object what they may not do themselves.
fn may_give(cx: &Cx<'_>, prototype: &Prototype) -> Result {
    let caller = cx.caller()?;
    let held = |permission: &&String| !cx.world.has_permission(caller, permission);
    match prototype.permissions.iter().flatten().find(held) {
        Some(permission) => Err(say(format!(
            "You can't give the permission '{}', which you do not have.",
            escape(permission)
        ))),
        None => Ok(()),
    }
}

fn list(cx: &mut Cx<'_>, part: &str, tags: &str) -> Result {
    let part = part.trim().to_lowercase();
    let tags: Vec<String> =
        tags.split(',').map(|tag| tag.trim().to_lowercase()).filter(|tag| !tag.is_empty()).collect();
    let is = |prototype: &&Prototype| {
        let tagged = tags.is_empty() || tags.iter().any(|tag| prototype.prototype_tags.contains(tag));
        tagged && prototype.prototype_key().contains(&part) && may(cx, prototype, "spawn").is_ok()
    };
    let all = cx.world.prototypes();
    let found: Vec<&Prototype> = all.into_iter().filter(is).collect();
    if found.is_empty() {
        return Err(say("No prototypes found."));
    }
    let rows = found.into_iter().map(|prototype| {
        let key = prototype.prototype_key();
        let from = if cx.world.is_of_code(key) { "code" } else { "game" };
        let tags = prototype.prototype_tags.join(", ");
        [key.to_owned(), from.to_owned(), tags, cut(&prototype.prototype_desc, 60)]
    });
    let told = columns(["Prototype", "From", "Tags", "Description"], rows, cx.screen());
    cx.page(told);
    Ok(())
}

/// All that a prototype comes to, a line for each.
fn show(cx: &mut Cx<'_>, key: &str) -> Result {
    let prototype = named_prototype(cx.world, key)?;
    may(cx, prototype, "spawn")?;
    let flat = cx.world.flat_prototype(prototype)?;
    let from = if cx.world.is_of_code(key) { "the game's code" } else { "made in the game" };
    let mut told = format!("|wprototype_key:|n {} ({from})", escape(prototype.prototype_key()));
    if !prototype.prototype_parent.is_empty() {
        let _ = write!(told, "\n|wprototype_parent:|n {}", escape(&prototype.prototype_parent.join(", ")));
    }
    for (name, value) in flat.to_map() {
        match value {
            Value::Object(attrs) if name == "attrs" => {
                told.push_str("\n|wattrs:|n");
                for (name, value) in attrs {
                    let _ = write!(told, "\n  {} = {}", escape(&name), escape(&cut(&value.to_string(), 200)));
                }
            }
            Value::String(text) if name != "prototype_key" => {
                let _ = write!(told, "\n|w{name}:|n {}", escape(&text));
            }
            value if name != "prototype_key" => {
                let _ = write!(told, "\n|w{name}:|n {}", escape(&value.to_string()));
            }
            _ => {}
        }
    }
    let count = cx.world.objects_of_prototype(prototype.prototype_key()).len();
    let _ = write!(told, "\n|wobjects of it:|n {count}");
    cx.msg(told);
    Ok(())
}

/// A prototype as it is written, without what comes from its parents.
fn write(cx: &mut Cx<'_>, key: &str) -> Result {
    let prototype = named_prototype(cx.world, key)?;
    may(cx, prototype, "spawn")?;
    let told = escape(&Value::Object(prototype.to_map()).to_string()).into_owned();
    cx.msg(told);
    Ok(())
}

fn save(cx: &mut Cx<'_>, raw: &str) -> Result {
    let (about, text) = match raw.split_once('=') {
        _ if raw.starts_with('{') => ("", raw),
        Some((about, text)) => (about.trim(), text.trim()),
        None => return Err(say("Usage: @spawn/save <key>[;<desc>[;<tags>[;<locks>]]] = {<prototype>}")),
    };
    let mut map = Prototype::read(text).map(|read| read.to_map());
    if let Ok(map) = &mut map {
        let names = ["prototype_key", "prototype_desc", "prototype_tags", "prototype_locks"];
        for (name, given) in names.into_iter().zip(about.splitn(4, ';').map(str::trim)) {
            match (name, given) {
                (_, "") => {}
                ("prototype_tags", tags) => drop(map.insert(name.into(), tags.split(',').collect())),
                (_, given) => drop(map.insert(name.into(), given.into())),
            }
        }
    }
    let made = map.and_then(Prototype::from_map);
    keep(cx, made.map_err(|error| say(format!("That can't be read: {}.", escape(&error))))?)
}

fn edit(cx: &mut Cx<'_>, raw: &str) -> Result {
    let Some((key, changes)) = raw.split_once('=') else {
        return Err(say("Usage: @spawn/edit <key> = {<changes>}"));
    };
    let mut map = named_prototype(cx.world, key.trim())?.to_map();
    // Attributes may be written beside the other names, and are then found among their own.
    let mut attrs = match map.remove("attrs") {
        Some(Value::Object(attrs)) => attrs,
        _ => Map::new(),
    };
    let wrong = |error: String| say(format!("That can't be read: {}.", escape(&error)));
    for (name, value) in Prototype::read_map(changes.trim()).map_err(wrong)? {
        match value {
            Value::Null => {
                attrs.remove(&name);
                map.remove(&name);
            }
            value => drop(map.insert(name, value)),
        }
    }
    if let Some(Value::Object(given)) = map.remove("attrs") {
        attrs.extend(given);
    }
    map.insert("attrs".into(), Value::Object(attrs));
    let mut made = Prototype::from_map(map).map_err(wrong)?;
    made.rename_as(key);
    keep(cx, made)
}

/// Saves a prototype, if the caller may.
pub(super) fn keep(cx: &mut Cx<'_>, made: Prototype) -> Result {
    may_spawn(cx)?;
    let made = meant(cx.world, made)?;
    if let Some(before) = cx.world.prototype(made.prototype_key()) {
        may(cx, before, "edit")?;
    }
    may_give(cx, &made)?;
    let key = made.prototype_key().to_owned();
    cx.world.save_prototype(made)?;
    let shown = escape(&key);
    let count = cx.world.objects_of_prototype(&key).len();
    let mut told = format!("Saved prototype '{shown}'.");
    if count > 0 {
        let objects = if count == 1 { "object was" } else { "objects were" };
        let _ = write!(
            told,
            "\n{count} {objects} made of it as it was before. |w@spawn/update {shown}|n applies the changes."
        );
    }
    cx.msg(told);
    Ok(())
}

fn delete(cx: &mut Cx<'_>, key: &str) -> Result {
    let prototype = named_prototype(cx.world, key)?;
    may(cx, prototype, "edit")?;
    let key = prototype.prototype_key().to_owned();
    let question = format!("Delete the prototype '{}'?", escape(&key));
    cx.ask_yes_no(question, move |cx, yes| {
        if !yes {
            return Err(say("Nothing was deleted."));
        }
        may(cx, named_prototype(cx.world, &key)?, "edit")?;
        cx.world.delete_prototype(&key)?;
        cx.msg(format!("Deleted prototype '{}'.", escape(&key)));
        Ok(())
    })
}

/// All objects of a prototype get what it says now.
fn update(cx: &mut Cx<'_>, key: &str) -> Result {
    let prototype = named_prototype(cx.world, key)?.clone();
    may(cx, &prototype, "edit")?;
    let flat = cx.world.flat_prototype(&prototype)?;
    may_give(cx, &flat)?;
    let key = prototype.prototype_key().to_owned();
    let ids: Vec<ObjectId> = cx.world.objects_of_prototype(&key).to_vec();
    if ids.is_empty() {
        return Err(say(format!("No object was made of the prototype '{}'.", escape(&key))));
    }
    let (Some(asker), total) = (asker(cx), ids.len()) else { return Ok(()) };
    cx.world.for_each_object(
        ids,
        (0_usize, None),
        move |world, id, (changed, error)| match world.apply_prototype(id, &flat) {
            Ok(true) => *changed += 1,
            Ok(false) => {}
            Err(stop) => *error = Some(stop),
        },
        move |world, (changed, error)| {
            let key = escape(&key);
            let mut told = format!("Updated {changed} of {total} objects of the prototype '{key}'.");
            match error {
                Some(crate::Stop::Say(error)) => drop(write!(told, "\nThe others: {error}")),
                Some(bug) => drop(crate::logged(&format!("updating objects of '{key}'"), Err::<(), _>(bug))),
                None => {}
            }
            world.msg(asker, told);
        },
    );
    Ok(())
}
