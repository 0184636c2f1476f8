//! Changing objects by the API: what is checked, what is taken back, and what is written down.

use meadow_link::{ApiMethod, Time};
use meadow_world::{AUDIT_LIMIT, ApiAudit, NewObject, ObjectId};
use serde_json::{Value, json};

use crate::game::{Game, error};

/// With a rose, and Root signed in as `root`, Flora as `flora`.
fn game() -> (Game, ObjectId) {
    let mut game = Game::new();
    game.world.make_superuser("Flora", "hash of oak alley").unwrap();
    game.sign_in("root", "Root", "oak alley");
    game.sign_in("flora", "Flora", "oak alley");
    let rose = game.world.create(NewObject { key: "rose", desc: "Red.", ..NewObject::default() }).unwrap();
    (game, rose)
}

fn set(game: &mut Game, id: ObjectId, field: &str, value: Value) -> (u16, Value) {
    game.ask("root", "object_set", json!({ "id": id.0, "field": field, "value": value }))
}

fn set_attribute(game: &mut Game, id: ObjectId, name: &str, value: Value) -> (u16, Value) {
    game.ask(
        "root",
        "object_set",
        json!({ "id": id.0, "field": "attribute", "attribute": name, "value": value }),
    )
}

#[test]
fn names_descriptions_and_locks_are_checked_as_commands_check_them() {
    let (mut game, rose) = game();
    let (status, told) = set(&mut game, rose, "key", json!("  white   rose "));
    assert_eq!((status, &told["key"]), (200, &json!("white rose")));
    assert_eq!(game.world.objects_named("white rose"), [rose]);
    assert_eq!(error(&set(&mut game, rose, "key", json!(" "))), (400, "A name is missing."));
    assert_eq!(error(&set(&mut game, rose, "key", json!(5))), (400, "\"value\" has to be a text."));
    let anna = game.world[game.account("Anna")].characters[0];
    assert_eq!(
        error(&set(&mut game, anna, "key", json!("root"))).1,
        "The name root is taken. Please choose another."
    );

    assert_eq!(set(&mut game, rose, "desc", json!("|wWhite.|n")).1["attributes"]["desc"], "|wWhite.|n");
    assert_eq!(set(&mut game, rose, "desc", json!(5)).0, 400);

    assert_eq!(set(&mut game, rose, "locks", json!("get:perm(Builder)")).1["locks"], "get:perm(Builder)");
    let wrong = set(&mut game, rose, "locks", json!("get:perm(Builder"));
    assert!(wrong.0 == 400 && error(&wrong).1.starts_with("That lock can't be used:"), "{wrong:?}");
    assert_eq!(set(&mut game, rose, "locks", json!("x".repeat(5000))).0, 400);
    assert_eq!(&*game.world[rose].locks, "get:perm(Builder)", "nothing was changed");
    assert_eq!(set(&mut game, rose, "locks", json!("")).1["locks"], "");
    assert_eq!(set(&mut game, ObjectId(999), "key", json!("x")).0, 404);
    assert_eq!(set(&mut game, rose, "typeclass", json!("x")).0, 400);
}

#[test]
fn attributes_keep_their_types_unless_that_is_said() {
    let (mut game, rose) = game();
    assert_eq!(set_attribute(&mut game, rose, "thorns", json!(3)).1["attributes"]["thorns"], 3);
    assert_eq!(set_attribute(&mut game, rose, "thorns", json!(-4.5)).1["attributes"]["thorns"], -4.5);
    let wrong = set_attribute(&mut game, rose, "thorns", json!("many"));
    let told = "\"thorns\" is a number, and would become a string: if that is meant, say `retype`.";
    assert_eq!(error(&wrong), (400, told));
    let retyped = json!({
        "id": rose.0, "field": "attribute", "attribute": "thorns", "value": "many", "retype": true,
    });
    assert_eq!(game.ask("root", "object_set", retyped).1["attributes"]["thorns"], "many");
    assert_eq!(set_attribute(&mut game, rose, "empty", Value::Null).1["attributes"]["empty"], Value::Null);
    assert!(game.world[rose].db.has("empty"));

    let wrong = set_attribute(&mut game, rose, "prelogout_location", json!("here"));
    let told = "The game reads \"prelogout_location\": it has to be the number of an object.";
    assert_eq!(error(&wrong), (400, told));
    assert_eq!(set_attribute(&mut game, rose, "prelogout_location", json!(1)).0, 200);
    for name in ["", "_linkdead_until", &"x".repeat(256)] {
        assert_eq!(set_attribute(&mut game, rose, name, json!(1)).0, 400, "{name}");
    }
    let nested = |depth: usize| (0..depth).fold(json!(0), |inner, _| json!([inner]));
    assert_eq!(set_attribute(&mut game, rose, "deep", nested(32)).0, 200);
    assert_eq!(set_attribute(&mut game, rose, "deep", nested(33)).0, 400);

    let in_category = json!({
        "id": rose.0, "field": "attribute", "attribute": "strength", "category": "Smell", "value": 2,
    });
    assert_eq!(game.ask("root", "object_set", in_category).1["categories"]["smell"]["strength"], 2);
    let removed = json!({ "id": rose.0, "field": "attribute", "attribute": "thorns" });
    assert_eq!(game.ask("root", "object_set", removed).1["attributes"].get("thorns"), None);
}

#[test]
fn the_last_edit_is_taken_back_once_if_nobody_has_changed_the_same_since() {
    let (mut game, rose) = game();
    let undo = |game: &mut Game, who: &str| game.ask(who, "undo", json!({}));
    assert_eq!(error(&undo(&mut game, "root")), (404, "There is nothing to undo."));
    set(&mut game, rose, "key", json!("tulip"));
    set_attribute(&mut game, rose, "thorns", json!(3));
    game.restart();
    let (status, told) = undo(&mut game, "root");
    assert_eq!((status, told["attributes"].get("thorns"), &told["key"]), (200, None, &json!("tulip")));
    assert_eq!(undo(&mut game, "root").0, 404, "once");

    set(&mut game, rose, "desc", json!("White."));
    assert_eq!(undo(&mut game, "flora").0, 404, "it is not hers");
    game.ask("flora", "object_set", json!({ "id": rose.0, "field": "desc", "value": "Yellow." }));
    assert_eq!(error(&undo(&mut game, "root")), (409, "It has been changed since, and stays as it is."));
    assert_eq!(undo(&mut game, "flora").1["attributes"]["desc"], "White.");
    assert_eq!(undo(&mut game, "root").1["attributes"]["desc"], "Red.");

    set(&mut game, rose, "locks", json!("get:false()"));
    assert_eq!(undo(&mut game, "root").1["locks"], "");
    set(&mut game, rose, "key", json!("daisy"));
    game.world.destroy(rose).unwrap();
    assert_eq!(error(&undo(&mut game, "root")), (404, "What you changed is no more."));
}

#[test]
fn tags_are_set_all_at_once_and_what_would_be_undone_is_told() {
    let (mut game, rose) = game();
    let last = |game: &mut Game, who: &str| game.ask(who, "last_edit", json!({})).1["edit"].clone();
    game.world.add_tag(rose, "wild", "");
    assert_eq!(last(&mut game, "root"), Value::Null);
    let (status, told) = set(&mut game, rose, "tags", json!(["Thorny", "rosa:Family", "thorny"]));
    let tags = json!([{ "key": "thorny", "category": "" }, { "key": "rosa", "category": "family" }]);
    assert_eq!((status, &told["tags"]), (200, &tags));
    assert_eq!(game.world.objects_tagged("rosa", "family"), [rose]);
    assert!(game.world.objects_tagged("wild", "").is_empty());
    let expected = json!({
        "object": { "id": rose.0, "key": "rose" }, "channel": null, "field": "tags", "attribute": "", "category": "",
        "before": ["wild"], "after": ["thorny", "rosa:family"], "at": 1_800_000_000,
    });
    assert_eq!(last(&mut game, "root"), expected);
    assert_eq!(last(&mut game, "flora"), Value::Null, "it is not hers");
    for wrong in [json!("thorny"), json!([1]), json!([""]), json!(["x".repeat(300)]), json!(vec!["x"; 101])] {
        assert_eq!(set(&mut game, rose, "tags", wrong.clone()).0, 400, "{wrong}");
    }
    assert_eq!(game.ask("root", "undo", json!({})).1["tags"], json!([{ "key": "wild", "category": "" }]));
    assert_eq!(game.world.objects_tagged("wild", ""), [rose]);
    assert_eq!(last(&mut game, "root"), Value::Null);
}

#[test]
fn the_audit_log_is_searched() {
    let (mut game, rose) = game();
    set(&mut game, rose, "desc", json!("White."));
    set(&mut game, rose, "locks", json!("nonsense"));
    game.ask("flora", "ban", json!({ "who": "Anna" }));
    let mut found = |wanted: Value| -> Vec<u64> {
        let told = game.ask("root", "audit", wanted).1;
        let entries = told["entries"].as_array().unwrap();
        assert_eq!(told["total"], entries.len());
        entries.iter().map(|entry| entry["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(found(json!({})), [3, 2, 1]);
    assert_eq!(found(json!({ "by": "FLO" })), [3]);
    assert_eq!(found(json!({ "function": "object_set" })), [2, 1]);
    assert_eq!(found(json!({ "search": "white" })), [1]);
    assert_eq!(found(json!({ "search": "lock can't" })), [2]);
    assert_eq!(found(json!({ "search": "white", "by": "flora" })), [0; 0]);
}

#[test]
fn what_changes_something_is_written_down_and_what_does_not_is_not() {
    let (mut game, rose) = game();
    set(&mut game, rose, "desc", json!("x".repeat(500)));
    set(&mut game, rose, "locks", json!("nonsense"));
    game.ask("root", "object", json!({ "id": rose.0 }));
    game.ask("root", "signout", json!({}));
    game.sign_in("root", "Root", "oak alley");
    game.restart();
    let (status, told) = game.ask_as(Some("root"), ApiMethod::Get, "audit", json!({}));
    assert_eq!((status, &told["total"]), (200, &json!(2)));
    let [newest, before] = told["entries"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!((&newest["status"], &newest["args"]["value"]), (&json!(400), &json!("nonsense")));
    assert!(newest["error"].as_str().unwrap().starts_with("That lock can't be used"), "{newest}");
    let expected = json!({
        "id": 1, "at": 1_800_000_000, "account": game.account("Root").0, "name": "Root",
        "address": "192.0.2.1", "function": "object_set",
        "args": { "id": rose.0, "field": "desc", "value": format!("{}[...]", "x".repeat(200)) },
        "status": 200, "error": null,
    });
    assert_eq!(*before, expected);
}

#[test]
fn the_audit_log_has_its_limit_and_the_oldest_go() {
    let (mut game, _) = game();
    for _ in 0..AUDIT_LIMIT {
        let root = game.account("Root");
        game.world.add_record(ApiAudit {
            at: Time::default(),
            account: root,
            name: "Root".into(),
            address: "".into(),
            function: "x".into(),
            args: Default::default(),
            status: 200,
            error: None,
        });
    }
    let total = |game: &mut Game| game.ask("root", "audit", json!({})).1["total"].clone();
    assert_eq!(total(&mut game), AUDIT_LIMIT);
    game.ask("root", "undo", json!({}));
    assert_eq!(total(&mut game), AUDIT_LIMIT);
    let (_, told) = game.ask("root", "audit", json!({ "page": 1 }));
    assert_eq!(told["entries"][0]["function"], "undo");
}
