//! What a client hears of who is where its character is, and of what it carries.

use meadow::{CommandTuple, NewObject, ObjectId, TestGame, prelude::*, tuple};
use meadow_link::oob::Item;
use serde_json::{Value, json};

use super::{change, hears, object, playing, setup};

/// These play, and the client of the first takes data.
fn watching(names: &[&str]) -> TestGame {
    let mut game = playing(names);
    game.line(names[0], "option/save oob = on");
    hears(&mut game, names[0]);
    game
}

fn come(name: &str) -> CommandTuple {
    tuple("room_addplayer").kw("name", name).kw("fullname", name)
}

fn gone(name: &str) -> CommandTuple {
    tuple("room_removeplayer").arg(name)
}

fn there(names: &[&str]) -> CommandTuple {
    let players: Vec<Value> = names.iter().map(|name| json!({"name": name, "fullname": name})).collect();
    tuple("room_players").arg(json!(players))
}

/// `list` says everything, `add` and `remove` one.
fn item(what: &str, id: ObjectId, name: &str) -> CommandTuple {
    tuple(format!("char_items_{what}")).kw("location", "inv").kw("item", json!({"id": id.0, "name": name}))
}

fn make(game: &mut TestGame, key: &str, location: ObjectId) -> ObjectId {
    let mut made = None;
    change(game, |world| {
        let new = NewObject { key, location: Some(location), ..NewObject::default() };
        made = world.create(new).ok();
    });
    made.expect("things can be made")
}

#[test]
fn who_comes_and_goes_is_told_once() {
    let mut game = watching(&["Anna", "Bob", "Cleo"]);
    game.line("Bob", "out");
    assert_eq!(hears(&mut game, "Anna"), [gone("Bob")]);
    game.line("Bob", "in");
    assert_eq!(hears(&mut game, "Anna"), [come("Bob")]);
    assert_eq!(hears(&mut game, "Bob"), [], "his client takes no such data");
    game.line("Cleo", "quit");
    assert_eq!(hears(&mut game, "Anna"), [gone("Cleo")], "she is stowed away");
    game.login("Dora");
    assert_eq!(hears(&mut game, "Anna"), [come("Dora")]);
    game.line("Anna", "say Hello.");
    assert_eq!(hears(&mut game, "Anna"), [], "nothing has changed");
}

#[test]
fn who_arrives_hears_of_all_who_are_there() {
    let mut game = watching(&["Anna", "Bob", "Cleo"]);
    for name in ["Bob", "Cleo", "Anna"] {
        game.line(name, "out");
    }
    let told = hears(&mut game, "Anna");
    assert_eq!(told[..2], [gone("Bob"), gone("Cleo")]);
    assert_eq!((told[2].name.as_str(), &told[3]), ("room_info", &there(&["Bob", "Cleo"])));
    assert_eq!(told.len(), 4);
}

#[test]
fn who_comes_in_the_same_step_is_told_of_once() {
    let mut game = watching(&["Anna", "Bob"]);
    let [anna, bob, garden] = ["Anna", "Bob", "Garden"].map(|name| object(&mut game, name));
    change(&mut game, |world| {
        world.move_to(bob, garden).unwrap();
        world.move_to(anna, garden).unwrap();
    });
    let told = hears(&mut game, "Anna");
    assert_eq!(told.iter().filter(|tuple| tuple.name == "room_addplayer").count(), 0, "{told:?}");
    assert_eq!(told.last(), Some(&there(&["Bob"])));
}

#[test]
fn who_is_not_to_be_seen_is_not_told_of() {
    let mut game = watching(&["Anna", "Bob"]);
    let bob = object(&mut game, "Bob");
    change(&mut game, |world| world[bob].locks = "view:false()".into());
    game.line("Bob", "out");
    game.line("Bob", "in");
    assert_eq!(hears(&mut game, "Anna"), []);
    game.line("Anna", "out");
    game.line("Anna", "in");
    assert_eq!(hears(&mut game, "Anna").last(), Some(&there(&[])));
}

/// A place in which nobody sees anybody.
struct Fog;

impl Typeclass for Fog {
    fn path(&self) -> &'static str {
        "typeclasses.Fog"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultRoom
    }

    fn shows(&self, world: &World, me: ObjectId, inside: ObjectId, looker: ObjectId) -> bool {
        let lifted = world[me].has_tag("lifted");
        (lifted || world[inside].is_exit()) && self.base().shows(world, me, inside, looker)
    }
}

#[test]
fn a_place_decides_who_is_seen_in_it() {
    let mut game = TestGame::new(|world| {
        setup(world);
        world.typeclass(&Fog);
    });
    ["Anna", "Bob"].into_iter().for_each(|name| game.login(name));
    game.line("Anna", "option/save oob = on");
    let hall = object(&mut game, "Hall");
    let mut fog = hall;
    change(&mut game, |world| {
        fog = world
            .create(NewObject { key: "Fog", typeclass: "typeclasses.Fog", ..NewObject::default() })
            .unwrap();
        for (key, from, to) in [("fog", hall, fog), ("back", fog, hall)] {
            let (location, destination) = (Some(from), Some(to));
            let exit =
                NewObject { key, typeclass: "default.Exit", location, destination, ..NewObject::default() };
            world.create(exit).unwrap();
        }
    });
    game.line("Anna", "fog");
    hears(&mut game, "Anna");
    let seen = game.line("Bob", "fog");
    assert!(seen.contains("back") && !seen.contains("Characters"), "look goes by it, too: {seen}");
    assert_eq!(hears(&mut game, "Anna"), []);
    change(&mut game, |world| {
        world.add_tag(fog, "lifted", "");
        world.tell_room_players(fog);
    });
    assert_eq!(hears(&mut game, "Anna"), [there(&["Bob"])]);
}

#[test]
fn another_name_takes_the_place_of_the_old_one() {
    let mut game = watching(&["Anna", "Bob"]);
    let bob = object(&mut game, "Bob");
    change(&mut game, |world| world.rename(bob, "Robert"));
    assert_eq!(hears(&mut game, "Anna"), [gone("Bob"), come("Robert")]);
}

#[test]
fn exits_that_are_made_are_told_to_who_is_there() {
    let mut game = watching(&["Anna", "Bob"]);
    let (hall, garden) = (object(&mut game, "Hall"), object(&mut game, "Garden"));
    change(&mut game, |world| {
        let exit = NewObject {
            key: "hatch",
            typeclass: "default.Exit",
            location: Some(hall),
            destination: Some(garden),
            ..NewObject::default()
        };
        world.create(exit).unwrap();
    });
    let told = hears(&mut game, "Anna");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].kwargs["exits"]["hatch"], json!(garden.0));
}

#[test]
fn what_is_taken_dropped_and_given_is_told_to_its_holder() {
    let mut game = watching(&["Anna", "Bob"]);
    let hall = object(&mut game, "Hall");
    let rose = make(&mut game, "rose", hall);
    assert_eq!(hears(&mut game, "Anna"), [], "it lies there");
    game.line("Anna", "get rose");
    assert_eq!(hears(&mut game, "Anna"), [item("add", rose, "rose")]);
    change(&mut game, |world| world.rename(rose, "red rose"));
    assert_eq!(hears(&mut game, "Anna"), [item("remove", rose, "rose"), item("add", rose, "red rose")]);
    game.line("Anna", "give rose to bob");
    assert_eq!(hears(&mut game, "Anna"), [item("remove", rose, "red rose")]);
    game.line("Bob", "give rose to anna");
    assert_eq!(hears(&mut game, "Anna"), [item("add", rose, "red rose")]);
    game.line("Anna", "ooc");
    game.line("Anna", "ic");
    let list = tuple("char_items_list")
        .kw("location", "inv")
        .kw("items", json!([{"id": rose.0, "name": "red rose"}]));
    assert_eq!(hears(&mut game, "Anna").last(), Some(&list));
    game.line("Anna", "drop rose");
    assert_eq!(hears(&mut game, "Anna"), [item("remove", rose, "red rose")]);
    let anna = object(&mut game, "Anna");
    let bee = make(&mut game, "bee", anna);
    assert_eq!(hears(&mut game, "Anna"), [item("add", bee, "bee")]);
    change(&mut game, |world| world.destroy(bee).unwrap());
    assert_eq!(hears(&mut game, "Anna"), [item("remove", bee, "bee")]);
}

/// A thing that says what can be done with it.
struct Glove;

impl Typeclass for Glove {
    fn path(&self) -> &'static str {
        "typeclasses.Glove"
    }

    fn item(&self, world: &World, me: ObjectId, looker: ObjectId) -> Item {
        let attrib = if world[me].has_tag("worn") { "w" } else { "W" };
        Item { attrib: Some(attrib.into()), ..self.base().item(world, me, looker) }
    }
}

#[test]
fn a_game_says_what_a_thing_is_like_and_when_that_has_changed() {
    let mut game = TestGame::new(|world| {
        setup(world);
        world.typeclass(&Glove);
    });
    game.login("Anna");
    game.line("Anna", "option/save oob = on");
    let anna = object(&mut game, "Anna");
    let mut glove = anna;
    hears(&mut game, "Anna");
    change(&mut game, |world| {
        let new = NewObject {
            key: "glove",
            typeclass: "typeclasses.Glove",
            location: Some(anna),
            ..NewObject::default()
        };
        glove = world.create(new).unwrap();
        world.add_tag(glove, "worn", "");
    });
    let told = hears(&mut game, "Anna").remove(0);
    assert_eq!(told.kwargs["item"]["attrib"], "w", "as it is at the end of the step");
    change(&mut game, |world| {
        world.remove_tag(glove, "worn", "");
        world.tell_item(glove);
    });
    let told = hears(&mut game, "Anna").remove(0);
    assert_eq!((told.name.as_str(), &told.kwargs["item"]["attrib"]), ("char_items_update", &json!("W")));
}

#[test]
fn lists_have_an_end() {
    let mut game = watching(&["Anna"]);
    let anna = object(&mut game, "Anna");
    change(&mut game, |world| {
        for _ in 0..600 {
            world.create(NewObject { key: "pebble", location: Some(anna), ..NewObject::default() }).unwrap();
        }
    });
    game.line("Anna", "ooc");
    game.line("Anna", "ic");
    let told = hears(&mut game, "Anna");
    assert_eq!(told.last().unwrap().kwargs["items"].as_array().unwrap().len(), 500);
}
