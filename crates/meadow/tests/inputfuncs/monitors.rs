//! `monitor`, `unmonitor`, `monitored`, and `get_value`, which knows the same values.

use meadow::{CommandTuple, TestGame, tuple};
use serde_json::{Value, json};

use super::{asks, change, hears, object, playing, reads, set_health};

fn wish(name: &str) -> CommandTuple {
    tuple("monitor").kw("name", name)
}

fn changed(name: &str, value: impl Into<Value>) -> CommandTuple {
    tuple("monitor").kw("name", name).kw("value", value)
}

#[test]
fn monitors_tell_changes_and_nothing_else() {
    let mut game = playing(&["Anna", "Bob"]);
    assert_eq!(asks(&mut game, "Anna", wish("Health")), []);
    game.line("Anna", "look");
    assert_eq!(hears(&mut game, "Anna"), [], "what is the same is not told");
    set_health(&mut game, "Anna", 7);
    assert_eq!(hears(&mut game, "Anna"), [changed("Health", 7)], "in the client's spelling");
    set_health(&mut game, "Anna", 7);
    set_health(&mut game, "Bob", 3);
    assert_eq!(hears(&mut game, "Anna"), []);
    assert_eq!(hears(&mut game, "Bob"), []);
}

#[test]
fn the_values_that_every_game_has() {
    let mut game = playing(&["Anna"]);
    for name in ["name", "location", "desc"] {
        asks(&mut game, "Anna", wish(name));
    }
    game.line("Anna", "out");
    assert_eq!(hears(&mut game, "Anna"), [changed("location", "Garden")]);
    game.line("Anna", "setdesc Tall.");
    assert_eq!(hears(&mut game, "Anna"), [changed("desc", "Tall.")]);
    let (garden, anna) = (object(&mut game, "Garden"), object(&mut game, "Anna"));
    change(&mut game, |world| world.rename(garden, "Park"));
    assert_eq!(hears(&mut game, "Anna"), [changed("location", "Park")], "the place itself has changed");
    change(&mut game, |world| world.rename(anna, "Annabel"));
    assert_eq!(hears(&mut game, "Anna"), [changed("name", "Annabel")]);
}

#[test]
fn monitors_have_categories_and_names_for_their_tuples() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", wish("health").kw("category", "a").kw("outputfunc_name", "hp_bar"));
    asks(&mut game, "Anna", wish("health").kw("category", "b"));
    set_health(&mut game, "Anna", 4);
    let bar = tuple("hp_bar").kw("name", "health").kw("value", 4).kw("category", "a");
    assert_eq!(hears(&mut game, "Anna"), [bar, changed("health", 4).kw("category", "b")]);
    assert_eq!(
        asks(&mut game, "Anna", tuple("monitored")),
        [tuple("monitored")
            .arg(json!({"name": "health", "outputfunc_name": "hp_bar", "category": "a"}))
            .arg(json!({"name": "health", "outputfunc_name": "monitor", "category": "b"}))]
    );
    asks(&mut game, "Anna", tuple("unmonitor").kw("name", "HEALTH").kw("category", "b"));
    asks(&mut game, "Anna", wish("health").kw("category", "a"));
    set_health(&mut game, "Anna", 5);
    assert_eq!(hears(&mut game, "Anna"), [changed("health", 5).kw("category", "a")], "in place of the first");
    asks(&mut game, "Anna", wish("health").kw("stop", true));
    set_health(&mut game, "Anna", 6);
    assert_eq!(hears(&mut game, "Anna"), []);
    assert_eq!(asks(&mut game, "Anna", tuple("monitored")), [tuple("monitored")]);
}

#[test]
fn they_survive_a_reload_and_a_crash_and_end_with_the_session() {
    let mut game = playing(&["Anna", "Bob"]);
    set_health(&mut game, "Anna", 9);
    asks(&mut game, "Anna", wish("health"));
    asks(&mut game, "Anna", tuple("msdp_report").arg("health"));
    for restart in [TestGame::reload, TestGame::crash] {
        restart(&mut game);
        let told = hears(&mut game, "Anna");
        assert_eq!(told, [changed("health", 9), tuple("MSDP").kw("health", 9)], "told anew");
        set_health(&mut game, "Anna", 8);
        assert_eq!(hears(&mut game, "Anna"), [changed("health", 8), tuple("MSDP").kw("health", 8)]);
        set_health(&mut game, "Anna", 9);
        assert_eq!(hears(&mut game, "Anna").len(), 2);
    }
    assert_eq!(hears(&mut game, "Bob"), []);
    game.login("Anna");
    hears(&mut game, "Anna");
    set_health(&mut game, "Anna", 1);
    assert_eq!(hears(&mut game, "Anna"), []);
}

#[test]
fn they_follow_the_session_out_of_character_and_back() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", wish("name"));
    game.line("Anna", "ooc");
    assert_eq!(hears(&mut game, "Anna"), [changed("name", Value::Null)]);
    assert_eq!(asks(&mut game, "Anna", wish("location")), []);
    game.line("Anna", "ic");
    assert_eq!(hears(&mut game, "Anna"), [changed("name", "Anna")], "without a body, none was begun");
}

#[test]
fn what_can_not_be_monitored_is_refused() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", tuple("client_options").kw("inputdebug", true));
    let refused = reads(&mut game, "Anna", wish("password"));
    assert!(refused.contains("name, location, desc, health, broken"), "{refused}");
    for label in ["text", "prompt", "a b", "", &"x".repeat(65)] {
        let refused = reads(&mut game, "Anna", wish("health").kw("outputfunc_name", label));
        assert!(refused.contains("outputfunc_name"), "{label:?}: {refused}");
    }
    assert_eq!(reads(&mut game, "Anna", wish("health").kw("outputfunc_name", "x".repeat(64))), "");
    assert!(reads(&mut game, "Anna", wish("health").kw("category", "x".repeat(65))).contains("category"));
    for at in 0..255 {
        assert_eq!(reads(&mut game, "Anna", wish("health").kw("category", at.to_string())), "", "{at}");
    }
    assert!(reads(&mut game, "Anna", wish("desc")).contains("256 values are the most"));
    assert_eq!(reads(&mut game, "Anna", wish("health").kw("category", "0")), "", "what is replaced has room");
}

#[test]
fn a_value_that_breaks_is_dropped_and_the_others_go_on() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", wish("broken"));
    asks(&mut game, "Anna", wish("health"));
    let anna = object(&mut game, "Anna");
    change(&mut game, |world| world.add_tag(anna, "broken", ""));
    set_health(&mut game, "Anna", 2);
    assert_eq!(hears(&mut game, "Anna"), [changed("health", 2)]);
    assert_eq!(asks(&mut game, "Anna", tuple("monitored"))[0].args.len(), 1);
}

#[test]
fn get_value_knows_what_can_be_monitored() {
    fn value(game: &mut TestGame, name: &str) -> Value {
        asks(game, "Anna", tuple("get_value").kw("name", name))[0].kwargs["value"].clone()
    }
    let mut game = playing(&["Anna"]);
    set_health(&mut game, "Anna", 5);
    let known = ["name", "key", "location", "servername", "Health"].map(|name| value(&mut game, name));
    assert_eq!(known, [json!("Anna"), json!("Anna"), json!("Hall"), json!("Test Game"), json!(5)]);
    game.line("Anna", "ooc");
    assert_eq!(value(&mut game, "key"), "Anna", "the account's");
    assert_eq!(value(&mut game, "location"), Value::Null);
}
