//! What a client hears of the place where its character is, and of who is typing there.

use std::time::Duration;

use meadow::{TestGame, tuple};
use serde_json::{Value, json};

use super::{asks, change, hears, object, playing, setup};

#[test]
fn others_in_the_room_see_who_is_typing() {
    let mut game = playing(&["Anna", "Bob", "Cleo"]);
    for name in ["Anna", "Bob"] {
        asks(&mut game, name, tuple("client_options").kw("istyping", true));
    }
    let typing = |state: bool| {
        tuple("is_typing").kw("type", "typing").kw("payload", json!({"name": "Anna", "state": state}))
    };
    assert_eq!(asks(&mut game, "Anna", tuple("is_typing_state").kw("state", true)), []);
    assert_eq!(hears(&mut game, "Bob"), [typing(true)]);
    assert_eq!(hears(&mut game, "Cleo"), [], "she does not want to know");
    asks(&mut game, "Anna", tuple("is_typing_state").kw("state", json!({"x": "|r"})));
    assert_eq!(hears(&mut game, "Bob"), [], "that is no state");
    game.line("Bob", "out");
    asks(&mut game, "Anna", tuple("is_typing_state").kw("state", false));
    assert_eq!(hears(&mut game, "Bob"), [], "he is elsewhere");
    asks(&mut game, "Cleo", tuple("is_typing_state").kw("state", true));
    assert_eq!(hears(&mut game, "Anna"), [], "she takes no part");
}

#[test]
fn clients_ask_what_to_look_for() {
    let mut game = playing(&["Anna"]);
    assert_eq!(asks(&mut game, "Anna", tuple("is_typing_setup")), [], "the flag is off");
    asks(&mut game, "Anna", tuple("client_options").kw("istyping", true));
    let told = asks(&mut game, "Anna", tuple("is_typing_setup")).remove(0).kwargs;
    assert_eq!((&told["type"], &told["payload"]["typing_timeout"]), (&json!("setup"), &json!(5000)));
    let keywords: Vec<&str> = told["payload"]["live_report_keywords"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for spoken in ["say", "'", "\"", "pose", ":", "whisper"] {
        assert!(keywords.contains(&spoken), "{spoken} is not in {keywords:?}");
    }
    assert!(!keywords.contains(&"look"));
    game.line("Anna", "ooc");
    assert_eq!(asks(&mut game, "Anna", tuple("is_typing_setup")), [], "nobody would hear it");
}

#[test]
fn a_game_can_do_without() {
    let mut game = TestGame::new(|world| {
        setup(world);
        world.typing_timeout(Duration::ZERO);
    });
    game.login("Anna");
    asks(&mut game, "Anna", tuple("client_options").kw("istyping", true));
    assert_eq!(asks(&mut game, "Anna", tuple("is_typing_setup")), []);
}

#[test]
fn programs_are_told_where_a_character_is() {
    let mut game = playing(&["Anna"]);
    let (hall, garden) = (object(&mut game, "Hall"), object(&mut game, "Garden"));
    change(&mut game, |world| {
        world[garden].db.set("environment", "Lawn").unwrap();
        world[garden].db.set("coords", [1, 0, 0]).unwrap();
    });
    game.line("Anna", "out");
    game.line("Anna", "in");
    assert_eq!(hears(&mut game, "Anna"), [], "its client takes no such data");
    game.line("Anna", "option/save oob = on");
    game.line("Anna", "out");
    let there = json!({
        "num": garden.0, "name": "Garden", "area": "Outside", "environment": "Lawn", "coords": [1, 0, 0],
        "exits": {"in": hall.0},
    });
    let alone = tuple("room_players").arg(json!([]));
    assert_eq!(hears(&mut game, "Anna"), [tuple("room_info").kwargs(&there), alone.clone()]);
    game.line("Anna", "ooc");
    game.line("Anna", "ic");
    let name = tuple("char_name").kw("name", "Anna").kw("fullname", "Anna");
    let carried = tuple("char_items_list").kw("location", "inv").kw("items", json!([]));
    let all = [name, tuple("room_info").kwargs(&there), alone, carried];
    assert_eq!(hears(&mut game, "Anna"), all);
    game.login("Anna");
    let told = hears(&mut game, "Anna");
    assert_eq!(told[told.len() - 4..], all);
}
