//! Plays the transcripts beside this file: what a player types, and what they are to see of it. Their form is
//! described at [`meadow::transcript`].

use meadow::{TestGame, tuple};
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
    character
    dark_room
    draw
    drink
    flower
    gate
    gloves
    help
    honeycomb
    keepsake
    lantern
    light
    look
    pour
    read
    rose
    rose_bush
    scenery
    smell
    two_players
    unlock
    walkthrough
    wear
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
    let (way, end) = steps.split_at(steps.len() - 2);
    assert_eq!(end, ["pour water", "get rose"]);
    for step in way {
        for name in players {
            game.line(name, step);
        }
    }
    for name in players {
        let seen = end.iter().map(|step| game.line(name, step)).collect::<String>();
        assert!(seen.contains("You have made the rose bloom."), "{name} did not get there:\n{seen}");
    }
    assert_eq!(lying_about(&mut game), before);
}

/// What lies in all rooms, by name.
fn lying_about(game: &mut TestGame) -> Vec<String> {
    let world = game.world();
    let lies =
        |object: &&meadow::Object| object.location().is_some_and(|place| world.is_a(place, "default.Room"));
    let lying = world.objects().filter(lies).filter(|object| !world.is_character(object.id()));
    let mut names: Vec<String> = lying.map(|object| object.key().to_owned()).collect();
    names.sort();
    names
}
