//! How a line may go on, for the Tab key of clients.

use meadow::{CommandTuple, NewChannel, NewObject, TestGame, tuple};
use serde_json::{Value, json};

use super::{asks, change, object, playing, reads};

/// Where what is to be completed begins, and what it may become.
fn completes(game: &mut TestGame, text: &str) -> (u64, Vec<String>) {
    let caret = text.encode_utf16().count();
    let asked = tuple("complete").kw("text", text).kw("caret", caret).kw("id", 7);
    let told: CommandTuple = asks(game, "Anna", asked).remove(0);
    assert_eq!((told.name.as_str(), &told.kwargs["id"]), ("complete", &json!(7)));
    assert_eq!(told.kwargs["to"], json!(caret));
    let options = told.kwargs["options"].as_array().expect("a list").iter().filter_map(Value::as_str);
    (told.kwargs["from"].as_u64().expect("a number"), options.map(str::to_owned).collect())
}

fn options(game: &mut TestGame, text: &str) -> Vec<String> {
    completes(game, text).1
}

/// Anna and Bob stand in the hall, with a red rose, and a ring that can't be seen.
fn in_the_hall() -> TestGame {
    let mut game = playing(&["Anna", "Bob"]);
    let (hall, anna) = (object(&mut game, "Hall"), object(&mut game, "Anna"));
    change(&mut game, |world| {
        let rose = NewObject { key: "the red rose", location: Some(hall), ..NewObject::default() };
        world.create(NewObject { aliases: &["bloom"], ..rose }).expect("it can be made");
        let ring = NewObject { key: "ring", location: Some(hall), ..NewObject::default() };
        let ring = world.create(ring).expect("it can be made");
        world[ring].locks = "view:false()".into();
        world
            .create(NewObject { key: "purse", location: Some(anna), ..NewObject::default() })
            .expect("it can be made");
    });
    game
}

#[test]
fn a_first_word_becomes_a_command_that_may_be_used_or_an_exit() {
    let mut game = in_the_hall();
    assert_eq!(completes(&mut game, "whi"), (0, vec!["whisper".to_owned()]));
    assert_eq!(completes(&mut game, "  INV"), (2, vec!["inventory".to_owned()]));
    assert_eq!(options(&mut game, "ou"), ["out"], "an exit");
    assert_eq!(options(&mut game, "@dest"), [""; 0], "she builds nothing");
    assert_eq!(options(&mut game, "__"), [""; 0], "these are not typed");
    game.permit("Anna", "Builder");
    assert_eq!(options(&mut game, "dest"), ["@destroy"]);
}

#[test]
fn later_words_become_what_is_seen_or_carried() {
    let mut game = in_the_hall();
    assert_eq!(completes(&mut game, "get red ro"), (4, vec!["red rose".to_owned()]));
    assert_eq!(completes(&mut game, "get ro"), (4, vec!["red rose".to_owned()]));
    assert_eq!(completes(&mut game, "get blo"), (4, vec!["bloom".to_owned()]));
    assert_eq!(completes(&mut game, "give red rose to bo"), (17, vec!["Bob".to_owned()]));
    assert_eq!(completes(&mut game, "drop p"), (5, vec!["purse".to_owned()]));
    assert_eq!(options(&mut game, "get rin"), [""; 0], "she can't see it");
    assert_eq!(options(&mut game, "look a"), [""; 0], "she does not see herself");
    assert_eq!(options(&mut game, "look "), ["Bob", "out", "purse", "the red rose"]);
}

#[test]
fn some_commands_take_other_names() {
    let mut game = in_the_hall();
    game.line("Bob", "out");
    assert_eq!(options(&mut game, "page bo"), ["Bob"], "wherever he is");
    assert_eq!(completes(&mut game, "tell anna,bo"), (10, vec!["Bob".to_owned()]));
    assert_eq!(options(&mut game, "look bo"), [""; 0]);
    assert_eq!(options(&mut game, "help inv"), ["inventory"]);
    change(&mut game, |world| {
        let anna = world.account_named("Anna").expect("she is there");
        let channel = NewChannel { key: "Gossip", aliases: &["gos"], ..NewChannel::default() };
        let channel = world.create_channel(channel).expect("it is new");
        world.subscribe(channel, anna).expect("she may hear it");
    });
    assert_eq!(options(&mut game, "goss"), ["Gossip"], "a channel is talked on by its name");
    assert_eq!(options(&mut game, "channel/who gos"), ["Gossip"]);
}

#[test]
fn strangers_are_told_what_they_may_type() {
    let mut game = TestGame::new(super::setup);
    game.connect("Anna");
    assert_eq!(options(&mut game, "conn"), ["connect"]);
    assert_eq!(options(&mut game, "look b"), [""; 0]);
}

#[test]
fn there_is_an_end_to_it() {
    let mut game = in_the_hall();
    let hall = object(&mut game, "Hall");
    change(&mut game, |world| {
        for number in 0..60 {
            let key = format!("pebble {number}");
            world
                .create(NewObject { key: &key, location: Some(hall), ..NewObject::default() })
                .expect("it can be made");
        }
    });
    assert_eq!(options(&mut game, "get peb").len(), 50);
    assert_eq!(options(&mut game, &format!("say {}", "x".repeat(1000))), [""; 0]);
}

#[test]
fn what_is_no_question_has_no_answer() {
    let mut game = in_the_hall();
    game.line("Anna", "option inputdebug = on");
    for bad in [
        tuple("complete").arg(json!({"text": 7})),
        tuple("complete").kw("text", "l").kw("id", json!(["x"])),
        tuple("complete").kw("text", "l").kw("id", "x".repeat(65)),
    ] {
        let told = reads(&mut game, "Anna", bad.clone());
        assert!(told.contains("complete"), "{bad:?}: {told}");
        assert_eq!(asks(&mut game, "Anna", bad), []);
    }
}
