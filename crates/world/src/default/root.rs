//! What a hook does when no typeclass overrides it: one function for each hook of `Typeclass`.

use meadow_link::CommandTuple;

use crate::{Event, ObjectId, Result, World, say, text};

pub(crate) fn at_object_creation(_world: &mut World, _me: ObjectId) {}

pub(crate) fn at_object_delete(_world: &mut World, _me: ObjectId) -> Result {
    Ok(())
}

pub(crate) fn at_server_start(_world: &mut World, _me: ObjectId) {}

pub(crate) fn at_tick(_world: &mut World, _me: ObjectId, _idstring: &str) {}

pub(crate) fn at_server_reload(_world: &mut World, _me: ObjectId) {}

pub(crate) fn at_server_shutdown(_world: &mut World, _me: ObjectId) {}

pub(crate) fn display_name(world: &World, me: ObjectId, _looker: ObjectId) -> String {
    text::escape(world[me].key()).into_owned()
}

pub(crate) fn display_desc(world: &World, me: ObjectId, _looker: ObjectId) -> String {
    world[me].desc().unwrap_or("You see nothing special.").to_owned()
}

pub(crate) fn display_characters(world: &World, me: ObjectId, looker: ObjectId) -> String {
    let names: Vec<String> = seen(world, me, looker)
        .filter(|id| world.is_character(*id))
        .map(|id| {
            let name = world.display_name(id, looker);
            if world.is_linkdead(id) { format!("{name} (link lost)") } else { name }
        })
        .collect();
    line("|wCharacters:|n ", &names)
}

/// Things of the same name are told as a number: "a flower", "two flowers".
pub(crate) fn display_things(world: &World, me: ObjectId, looker: ObjectId) -> String {
    let mut counted: Vec<(String, usize)> = Vec::new();
    for id in seen(world, me, looker).filter(|id| !world.is_character(*id) && !world[*id].is_exit()) {
        let name = world.display_name(id, looker);
        match counted.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counted.push((name, 1)),
        }
    }
    let names: Vec<String> = counted.iter().map(|(name, count)| text::numbered(name, *count)).collect();
    let head = match world.is_character(me) {
        true if me == looker => "|wYou are carrying:|n ".to_owned(),
        true => format!("|w{} is carrying:|n ", world.display_name(me, looker)),
        false => "|wYou see:|n ".to_owned(),
    };
    line(&head, &names)
}

pub(crate) fn display_exits(world: &World, me: ObjectId, looker: ObjectId) -> String {
    let names: Vec<String> = seen(world, me, looker)
        .filter(|id| world[*id].is_exit())
        .map(|id| text::command_link(world[id].key(), &world.display_name(id, looker)))
        .collect();
    line("|wExits:|n ", &names)
}

pub(crate) fn return_appearance(world: &World, me: ObjectId, looker: ObjectId) -> String {
    let kind = world[me].typeclass;
    let mut view = format!("|c{}|n", kind.display_name(world, me, looker));
    for part in [
        kind.display_desc(world, me, looker),
        kind.display_characters(world, me, looker),
        kind.display_things(world, me, looker),
        kind.display_exits(world, me, looker),
    ] {
        if !part.is_empty() {
            view.push('\n');
            view.push_str(&part);
        }
    }
    view
}

pub(crate) use crate::oob::{item, room_info};

pub(crate) fn shows(world: &World, _me: ObjectId, inside: ObjectId, looker: ObjectId) -> bool {
    world.access(inside, looker, "view", true)
}

pub(crate) fn at_desc(_world: &mut World, _me: ObjectId, _looker: ObjectId) {}

pub(crate) fn at_pre_move(_world: &mut World, _me: ObjectId, _destination: ObjectId) -> Result {
    Ok(())
}

pub(crate) fn announce_move_from(world: &mut World, me: ObjectId, destination: ObjectId) {
    let Some(room) = world[me].location() else { return };
    let name = world[me].typeclass.display_name(world, me, me);
    let by = world.passing(me).filter(|exit| world[*exit].destination() == Some(destination));
    let told = match by {
        Some(exit) => format!("{name} leaves {}.", way_out(world, exit, me)),
        None => format!("{name} leaves."),
    };
    world.msg_contents(room, told, &[me]);
}

pub(crate) fn at_object_leave(
    _world: &mut World,
    _me: ObjectId,
    _moved: ObjectId,
    _destination: ObjectId,
) -> Result {
    Ok(())
}

pub(crate) fn at_object_receive(
    _world: &mut World,
    _me: ObjectId,
    _moved: ObjectId,
    _source: Option<ObjectId>,
) {
}

pub(crate) fn announce_move_to(world: &mut World, me: ObjectId, source: Option<ObjectId>) {
    let Some(room) = world[me].location() else { return };
    let name = world[me].typeclass.display_name(world, me, me);
    let told = match source.filter(|source| world.exists(*source)) {
        Some(source) => match world.passing(me).and_then(|_| world.exit_between(room, source)) {
            Some(exit) => format!("{name} arrives {}.", way_in(world, exit, me)),
            None => format!("{name} arrives from {}.", world.display_name(source, me)),
        },
        None => format!("{name} arrives."),
    };
    world.msg_contents(room, told, &[me]);
}

/// Whoever drives it sees where it is now.
pub(crate) fn at_post_move(world: &mut World, me: ObjectId, _source: Option<ObjectId>) {
    if let Some(room) = world[me].location()
        && !world[me].sessions().is_empty()
    {
        let view = world.appearance(room, me);
        world.msg(me, meadow_link::text(view).kw("type", "look"));
        let kind = world[room].typeclass;
        kind.at_desc(world, room, me);
        world.tell_room_info(me);
    }
}

pub(crate) fn at_traverse(
    world: &mut World,
    me: ObjectId,
    traveller: ObjectId,
    destination: ObjectId,
) -> Result {
    world.move_through(traveller, me, destination)?;
    world.emit(Event::ExitTraverse { exit: me, traveller });
    Ok(())
}

pub(crate) fn at_failed_traverse(world: &mut World, me: ObjectId, _traveller: ObjectId) -> Result {
    Err(say(world[me].db.str("err_traverse").unwrap_or("You cannot go there.")))
}

pub(crate) fn at_pre_get(world: &mut World, me: ObjectId, getter: ObjectId) -> Result {
    if world.access(me, getter, "get", true) {
        return Ok(());
    }
    Err(say(world[me].db.str("get_err_msg").unwrap_or("You can't get that.")))
}

pub(crate) fn at_get(_world: &mut World, _me: ObjectId, _getter: ObjectId) {}

pub(crate) fn at_pre_drop(world: &mut World, me: ObjectId, dropper: ObjectId) -> Result {
    if world.access(me, dropper, "drop", true) { Ok(()) } else { Err(say("You can't drop that.")) }
}

pub(crate) fn at_drop(_world: &mut World, _me: ObjectId, _dropper: ObjectId) {}

pub(crate) fn at_pre_give(world: &mut World, me: ObjectId, giver: ObjectId, _getter: ObjectId) -> Result {
    if world.access(me, giver, "give", true) { Ok(()) } else { Err(say("You can't give that away.")) }
}

pub(crate) fn at_give(_world: &mut World, _me: ObjectId, _giver: ObjectId, _getter: ObjectId) {}

pub(crate) fn at_pre_give_to(world: &mut World, me: ObjectId, _item: ObjectId, _giver: ObjectId) -> Result {
    if world.is_character(me) { Ok(()) } else { Err(say("Only somebody can be given something.")) }
}

pub(crate) fn at_give_to(_world: &mut World, _me: ObjectId, _item: ObjectId, _giver: ObjectId) {}

pub(crate) fn at_pre_say(_world: &mut World, _me: ObjectId, speech: String) -> Result<String> {
    Ok(speech)
}

pub(crate) fn at_say(world: &mut World, me: ObjectId, speech: &str) {
    world.msg(me, meadow_link::text(format!("You say, \"{speech}|n\"")).kw("type", "say"));
    if let Some(room) = world[me].location() {
        let name = world[me].typeclass.display_name(world, me, me);
        let told = meadow_link::text(format!("{name} says, \"{speech}|n\"")).kw("type", "say");
        world.msg_contents(room, told, &[me]);
    }
}

pub(crate) fn at_msg_receive(_world: &mut World, _me: ObjectId, _tuple: &CommandTuple) -> bool {
    true
}

pub(crate) fn listens() -> bool {
    false
}

pub(crate) fn at_pre_puppet(_world: &mut World, _me: ObjectId) -> Result {
    Ok(())
}

pub(crate) fn at_post_puppet(world: &mut World, me: ObjectId) {
    let name = text::escape(world[me].key()).into_owned();
    world.msg(me, format!("You become |c{name}|n."));
}

pub(crate) fn at_pre_unpuppet(_world: &mut World, _me: ObjectId) {}

pub(crate) fn at_post_unpuppet(_world: &mut World, _me: ObjectId) {}

pub(crate) fn at_link_lost(world: &mut World, me: ObjectId) {
    tell_others(world, me, "has lost their link.");
}

pub(crate) fn at_link_restored(world: &mut World, me: ObjectId) {
    tell_others(world, me, "is back.");
}

pub(crate) fn tell_client(_world: &mut World, _me: ObjectId) {}

fn tell_others(world: &mut World, me: ObjectId, what: &str) {
    if let Some(room) = world[me].location() {
        let name = world[me].typeclass.display_name(world, me, me);
        world.msg_contents(room, format!("{name} {what}"), &[me]);
    }
}

const COMPASS: [&str; 8] =
    ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"];

/// How one leaves by an exit: "north", "upwards", "through the gate".
fn way_out(world: &World, exit: ObjectId, me: ObjectId) -> String {
    match world[exit].key() {
        "up" => "upwards".to_owned(),
        "down" => "downwards".to_owned(),
        key if COMPASS.contains(&key) => key.to_owned(),
        _ => through(world, exit, me),
    }
}

/// How one comes in by an exit that leads back: "from the north", "from above", "through the gate".
fn way_in(world: &World, exit: ObjectId, me: ObjectId) -> String {
    match world[exit].key() {
        "up" => "from above".to_owned(),
        "down" => "from below".to_owned(),
        key if COMPASS.contains(&key) => format!("from the {key}"),
        _ => through(world, exit, me),
    }
}

/// A name that has an article or a capital keeps what it has: "through the gate", "through Traitors' Gate".
fn through(world: &World, exit: ObjectId, me: ObjectId) -> String {
    let name = world.display_name(exit, me);
    let common = name.starts_with(char::is_lowercase) && text::without_article(&name).len() == name.len();
    format!("through {}{name}", if common { "the " } else { "" })
}

/// What a looker can see in something, apart from itself.
fn seen(world: &World, me: ObjectId, looker: ObjectId) -> impl Iterator<Item = ObjectId> + '_ {
    world[me]
        .contents()
        .iter()
        .copied()
        .filter(move |id| *id != looker && world[me].typeclass.shows(world, me, *id, looker))
}

fn line(head: &str, names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!("{head}{}", names.join(", ")) }
}
