//! Plays the transcripts beside this file: what a player types, and what they are to see of it. Their form is
//! described at [`meadow::transcript`].

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use meadow::{Object, ObjectId, TestGame, World, tuple};
use serde_json::json;

/// One test for each file.
macro_rules! transcripts {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                let script = include_str!(concat!("transcripts/", stringify!($name), ".txt"));
                meadow::transcript(a_meadow::setup, script);
            }
        )*
    };
}

transcripts! {
    badger
    brambles
    character
    dark_room
    draw
    drink
    eat
    flower
    gardener
    gate
    gloves
    go
    help
    honeycomb
    keepsake
    lantern
    light
    look
    map
    newcomers
    pour
    read
    rose
    rose_bush
    scenery
    score
    sit
    smell
    talk
    two_players
    unlock
    walkthrough
    wear
    weather
    write
}

/// Every file is played.
#[test]
fn no_transcript_is_forgotten() {
    let here = include_str!("transcripts.rs");
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts")).unwrap() {
        let name = entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert!(here.lines().any(|line| line.trim() == name), "{name}.txt is not in the list");
    }
}

#[test]
fn strangers_are_welcomed() {
    let mut game = TestGame::new(a_meadow::setup);
    game.connect("stranger");
    let screen = game.line("stranger", "look");
    assert!(screen.contains("Welcome to Test Game!"), "{screen}");
    assert!(screen.contains("connect <name> <password>"), "{screen}");
}

#[test]
fn a_ping_is_answered() {
    let mut game = TestGame::new(a_meadow::setup);
    game.login("Anna");
    game.take_tuples("Anna");
    game.input("Anna", tuple("ping").kw("token", 7));
    assert_eq!(game.take_tuples("Anna"), [tuple("pong").kw("token", 7)]);
    game.input("Anna", tuple("ping").kw("token", "not a number"));
    assert_eq!(game.take_tuples("Anna"), []);
}

#[test]
fn clients_are_told_of_stings_and_of_healing() {
    let mut game = TestGame::new(a_meadow::setup);
    game.login("Anna");
    for way in ["north", "west"] {
        game.line("Anna", way);
    }
    game.take_tuples("Anna");
    assert_eq!(
        game.line("Anna", "get honeycomb"),
        "The bees sting. Without gloves, this is no way to get honey."
    );
    assert_eq!(game.take_tuples("Anna")[0].kwargs, *json!({"hp": 18, "maxhp": 20}).as_object().unwrap());
    for _ in 0..20 {
        game.line("Anna", "get honeycomb");
    }
    assert_eq!(
        game.take_tuples("Anna").iter().rfind(|told| told.name == "char_vitals").unwrap().kwargs["hp"],
        1
    );
    for way in ["east", "south", "east", "drink"] {
        game.line("Anna", way);
    }
    assert_eq!(
        game.take_tuples("Anna").iter().rfind(|told| told.name == "char_vitals").unwrap().kwargs["hp"],
        20
    );
}

#[test]
fn a_client_that_comes_back_is_told_of_health_again() {
    let mut game = TestGame::new(a_meadow::setup);
    game.login("Anna");
    for way in ["north", "west", "get honeycomb"] {
        game.line("Anna", way);
    }
    game.hang_up("Anna");
    // Into the body that waits: no hook of puppeting is called.
    game.login("Anna");
    let told = game.take_tuples("Anna");
    let vitals = told.iter().rfind(|told| told.name == "char_vitals").expect("they are told");
    assert_eq!(vitals.kwargs["hp"], 18);
}

#[test]
fn clients_that_speak_msdp_have_a_bar_for_health() {
    let mut game = TestGame::new(a_meadow::setup);
    game.login("Anna");
    game.take_tuples("Anna");
    game.input("Anna", tuple("msdp_report").arg("HEALTH").arg("HEALTH_MAX"));
    assert_eq!(game.take_tuples("Anna"), [tuple("MSDP").kw("HEALTH", 20).kw("HEALTH_MAX", 20)]);
    for way in ["north", "west", "get honeycomb"] {
        game.line("Anna", way);
    }
    let told = game.take_tuples("Anna");
    assert_eq!(told.last(), Some(&tuple("MSDP").kw("HEALTH", 18)));
}

#[test]
fn who_comes_for_the_first_time_is_told_where_to_begin() {
    let mut game = TestGame::new(a_meadow::setup);
    game.connect("Dora");
    for line in ["create Dora \"correct horse\"", "yes"] {
        game.line("Dora", line);
    }
    let seen = game.line("Dora", "connect Dora \"correct horse\"");
    assert!(seen.contains("A Meadow\n") && seen.contains("You have never been here before."), "{seen}");
    assert!(seen.contains("help newcomer"), "{seen}");
    game.connect("Dora");
    let seen = game.line("Dora", "connect Dora \"correct horse\"");
    assert!(seen.contains("A Meadow\n") && !seen.contains("never been here"), "{seen}");
}

#[test]
fn one_can_get_everywhere_and_back() {
    let mut game = TestGame::new(a_meadow::setup);
    let world = game.world();
    let from = |start: ObjectId| {
        let mut found = vec![start];
        let mut at = 0;
        while let Some(place) = found.get(at) {
            let exits = world[*place].contents().iter().filter_map(|exit| world[*exit].destination());
            let new: Vec<ObjectId> = exits.filter(|to| !found.contains(to)).collect();
            found.extend(new);
            at += 1;
        }
        found.sort();
        found.dedup();
        found
    };
    let rooms = rooms(world);
    assert_eq!(rooms.len(), 20);
    for room in &rooms {
        assert_eq!(from(*room), rooms, "from {}", world[*room].key());
    }
}

/// Words that can be looked at in one place can be looked at wherever a description speaks of them.
#[test]
fn what_descriptions_speak_of_can_be_looked_at() {
    let mut game = TestGame::new(a_meadow::setup);
    game.permit("Anna", "superuser");
    game.login("Anna");
    let world = game.world();
    let mut nouns: BTreeSet<String> = BTreeSet::new();
    for object in world.objects().filter(|object| !object.is_exit()) {
        nouns.extend(object.aliases().iter().map(|alias| alias.to_lowercase()));
        let details: BTreeMap<String, String> = object.db.get("details").unwrap_or_default();
        nouns.extend(details.keys().flat_map(|names| names.split(';')).map(str::to_owned));
    }
    let places = rooms(world).into_iter();
    let places: Vec<(ObjectId, String)> =
        places.map(|room| (room, world[room].desc().unwrap_or_default().to_lowercase())).collect();
    for line in ["east", "east", "get lantern", "light lantern"] {
        game.line("Anna", line);
    }
    let mut missing = Vec::new();
    for (room, desc) in places {
        game.line("Anna", &format!("@teleport {room}"));
        for word in desc.split(|letter: char| !letter.is_alphabetic()).filter(|word| nouns.contains(*word)) {
            let seen = game.line("Anna", &format!("look {word}"));
            if seen.starts_with("Could not find") || seen.contains("You see nothing special.") {
                missing.push(format!("{room}: {word}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// All places, by number.
fn rooms(world: &World) -> Vec<ObjectId> {
    world.objects().map(Object::id).filter(|id| world.is_a(*id, "default.Room")).collect()
}

/// Three play the walkthrough side by side, and none of them takes anything from the others.
#[test]
fn everybody_can_make_the_rose_bloom() {
    let mut game = TestGame::new(a_meadow::setup);
    let players = ["Anna", "Bob", "Cleo"];
    for name in players {
        game.login(name);
    }
    let before = lying_about(&mut game);
    let walkthrough = include_str!("transcripts/walkthrough.txt");
    let steps: Vec<&str> = walkthrough.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    let watered = steps.iter().position(|step| *step == "pour water").expect("it waters the rose");
    let (way, end) = steps.split_at(watered);
    for step in way {
        for name in players {
            game.line(name, step);
        }
    }
    for name in players {
        let seen = end.iter().map(|step| game.line(name, step)).collect::<String>();
        for told in ["You have made the rose bloom.", "The rose has come home."] {
            assert!(seen.contains(told), "{name} did not get there:\n{seen}");
        }
    }
    // The rose that is on the bush when the last has come withers.
    game.advance(Duration::from_secs(10 * 60));
    assert_eq!(lying_about(&mut game), before);
}

/// What lies in all rooms, by name.
fn lying_about(game: &mut TestGame) -> Vec<String> {
    let world = game.world();
    let lies = |object: &&Object| object.location().is_some_and(|place| world.is_a(place, "default.Room"));
    let lying = world.objects().filter(lies).filter(|object| !world.is_character(object.id()));
    let mut names: Vec<String> = lying.map(|object| object.key().to_owned()).collect();
    names.sort();
    names
}
