//! The five commands of MSDP.

use meadow::{CommandTuple, TestGame, tuple};
use serde_json::{Value, json};

use super::{asks, change, hears, object, playing, set_health};

fn msdp(variables: Value) -> CommandTuple {
    tuple("MSDP").kwargs(&variables)
}

fn list(game: &mut TestGame, name: &str) -> Vec<CommandTuple> {
    asks(game, "Anna", tuple("msdp_list").arg(name))
}

#[test]
fn lists() {
    let mut game = playing(&["Anna"]);
    let variables = json!(["SERVER_ID", "ACCOUNT_NAME", "CHARACTER_NAME", "ROOM", "HEALTH", "AFFECTS"]);
    let commands = json!(["LIST", "REPORT", "RESET", "SEND", "UNREPORT"]);
    assert_eq!(list(&mut game, "COMMANDS"), [msdp(json!({ "COMMANDS": commands }))]);
    assert_eq!(list(&mut game, "lists")[0].kwargs["lists"].as_array().map(Vec::len), Some(6));
    assert_eq!(list(&mut game, "Reportable_Variables"), [msdp(json!({ "Reportable_Variables": variables }))]);
    assert_eq!(list(&mut game, "SENDABLE_VARIABLES"), [msdp(json!({ "SENDABLE_VARIABLES": variables }))]);
    assert_eq!(list(&mut game, "REPORTED_VARIABLES"), [msdp(json!({ "REPORTED_VARIABLES": [] }))]);
    assert!(list(&mut game, "CONFIGURABLE_VARIABLES")[0].kwargs["CONFIGURABLE_VARIABLES"].is_array());
    asks(&mut game, "Anna", tuple("msdp_report").arg("health").arg("ROOM"));
    let reported = json!({ "REPORTED_VARIABLES": ["health", "ROOM"] });
    assert_eq!(list(&mut game, "REPORTED_VARIABLES"), [msdp(reported)]);
    let several = tuple("msdp_list").arg("LISTS").arg("NONE").arg(3).arg("COMMANDS");
    assert_eq!(asks(&mut game, "Anna", several).len(), 2, "one answer for each list that there is");
}

#[test]
fn variables_are_those_of_the_character() {
    let mut game = playing(&["Anna"]);
    let (hall, garden) = (object(&mut game, "Hall"), object(&mut game, "Garden"));
    let asked = ["SERVER_ID", "account_name", "Character_Name", "ROOM", "AFFECTS", "NO_SUCH"]
        .into_iter()
        .fold(tuple("msdp_send"), CommandTuple::arg);
    assert_eq!(
        asks(&mut game, "Anna", asked),
        [msdp(json!({
            "SERVER_ID": "Test Game",
            "account_name": "Anna",
            "Character_Name": "Anna",
            "ROOM": {"VNUM": hall.0, "NAME": "Hall", "EXITS": {"out": garden.0}},
            "AFFECTS": {"blind": 3, "quick": true},
        }))]
    );
    assert_eq!(asks(&mut game, "Anna", tuple("msdp_send").arg("NO_SUCH")), []);
}

#[test]
fn what_is_reported_is_told_at_once_and_when_it_changes() {
    let mut game = playing(&["Anna"]);
    let (hall, garden) = (object(&mut game, "Hall"), object(&mut game, "Garden"));
    let asked = tuple("msdp_report").arg("health").arg("CHARACTER_NAME").arg("ROOM");
    assert_eq!(asks(&mut game, "Anna", asked)[0].kwargs["health"], 10);
    set_health(&mut game, "Anna", 9);
    assert_eq!(hears(&mut game, "Anna"), [msdp(json!({ "health": 9 }))]);
    game.line("Anna", "out");
    let there = json!({"VNUM": garden.0, "NAME": "Garden", "AREA": "Outside", "EXITS": {"in": hall.0}});
    assert_eq!(hears(&mut game, "Anna"), [msdp(json!({ "ROOM": there }))]);
    let way = object(&mut game, "in");
    change(&mut game, |world| world.destroy(way).unwrap());
    assert_eq!(hears(&mut game, "Anna")[0].kwargs["ROOM"]["EXITS"], json!({}), "a way out is gone");
    game.line("Anna", "ooc");
    let nobody = json!({"health": null, "CHARACTER_NAME": null, "ROOM": null});
    assert_eq!(hears(&mut game, "Anna"), [msdp(nobody)]);
}

#[test]
fn reports_are_ended_one_by_one_or_all_at_once() {
    let mut game = playing(&["Anna"]);
    let report = |game: &mut TestGame| {
        asks(game, "Anna", tuple("msdp_report").arg("health").arg("CHARACTER_NAME").arg("ROOM"));
    };
    let reported =
        |game: &mut TestGame| list(game, "REPORTED_VARIABLES")[0].kwargs["REPORTED_VARIABLES"].clone();
    report(&mut game);
    asks(&mut game, "Anna", tuple("monitor").kw("name", "health"));
    asks(&mut game, "Anna", tuple("msdp_unreport").arg("HEALTH"));
    set_health(&mut game, "Anna", 3);
    assert_eq!(hears(&mut game, "Anna")[0].name, "monitor", "that one is another matter");
    asks(&mut game, "Anna", tuple("msdp_reset").arg("room"));
    assert_eq!(reported(&mut game), json!(["CHARACTER_NAME"]));
    for list in ["reportable_variables", "REPORTED_VARIABLES"] {
        report(&mut game);
        asks(&mut game, "Anna", tuple("msdp_reset").arg(list));
        assert_eq!(reported(&mut game), json!([]));
    }
    assert_eq!(asks(&mut game, "Anna", tuple("monitored"))[0].args.len(), 1);
}

#[test]
fn who_is_not_logged_in_is_served_too() {
    let mut game = playing(&[]);
    game.connect("Anna");
    let asked = tuple("msdp_report").arg("SERVER_ID").arg("ACCOUNT_NAME").arg("CHARACTER_NAME");
    let nobody = json!({"SERVER_ID": "Test Game", "ACCOUNT_NAME": null, "CHARACTER_NAME": null});
    assert_eq!(asks(&mut game, "Anna", asked), [msdp(nobody)]);
    for line in ["create Anna \"correct horse\"", "yes", "connect Anna \"correct horse\""] {
        game.line("Anna", line);
    }
    let mut told = hears(&mut game, "Anna");
    told.retain(|told| told.name == "MSDP");
    assert_eq!(told, [msdp(json!({"ACCOUNT_NAME": "Anna", "CHARACTER_NAME": "Anna"}))]);
}
