//! One channel on a page: who hears it, what was said, and what `@channel` does by its own rules.

use meadow_world::{ChannelId, ChannelTypeclass, NewChannel, NewObject, Result, Subscriber, World, bug, say};
use serde_json::{Value, json};

use crate::game::{Game, error};

/// With Root signed in as `root`, and Anna in session 1.
fn game() -> Game {
    let mut game = Game::new();
    game.sign_in("root", "Root", "oak alley");
    game.connect(1, "websocket");
    game.line(1, 1, "connect Anna rose garden");
    game
}

fn ask(game: &mut Game, name: &str, args: Value) -> Value {
    let (status, body) = game.ask("root", name, args);
    assert_eq!(status, 200, "{name}: {body}");
    body
}

fn public(game: &Game) -> u64 {
    game.world.channel_named("public").unwrap().0
}

#[test]
fn one_hears_and_speaks_as_by_the_command() {
    let mut game = game();
    let id = public(&game);
    ask(&mut game, "channel_send", json!({ "id": id, "message": "Bread is\n|rready|n." }));
    assert_eq!(game.heard(), "[Public] Root: Bread is ||rready||n.");
    let told = ask(&mut game, "channel", json!({ "id": id }));
    assert_eq!(
        (&told["key"], &told["listening"], &told["subscribers"]),
        (&json!("Public"), &json!(true), &json!(2))
    );
    assert_eq!(told["history"][0]["text"], "[Public] Root: Bread is |rready|n.");
    assert_eq!(told["history"][0]["at"], told["said"]);
    for (message, status) in [("  ", 400), (&*"x".repeat(4001), 400)] {
        assert_eq!(game.ask("root", "channel_send", json!({ "id": id, "message": message })).0, status);
    }

    ask(&mut game, "channel_leave", json!({ "id": id }));
    assert_eq!(ask(&mut game, "channel", json!({ "id": id }))["listening"], false);
    let refused = game.ask("root", "channel_send", json!({ "id": id, "message": "Hello?" }));
    assert_eq!(error(&refused), (400, "You are not subscribed to channel Public."));
    assert_eq!(game.ask("root", "channel_leave", json!({ "id": id })).0, 400);
    ask(&mut game, "channel_join", json!({ "id": id }));
    assert_eq!(game.ask("root", "channel_join", json!({ "id": id })).0, 400);

    let root = game.account("Root");
    game.line(1, 2, "@channel/mute public");
    let told = ask(&mut game, "channel_listeners", json!({ "id": id }));
    let anna = game.account("Anna");
    let expected = json!([
        { "account": { "id": anna.0, "name": "Anna" }, "muted": true, "online": true, "aliases": [] },
        { "account": { "id": root.0, "name": "Root" }, "muted": false, "online": false, "aliases": [] },
    ]);
    assert_eq!((&told["listeners"], &told["total"]), (&expected, &json!(2)));
    assert_eq!(ask(&mut game, "channel_listeners", json!({ "id": id, "search": "NN" }))["total"], 1);
    for number in 0..60 {
        let key = format!("parrot {number}");
        let parrot = game.world.create(NewObject { key: &key, ..NewObject::default() }).unwrap();
        game.world.subscribe(meadow_world::ChannelId(id), parrot).unwrap();
    }
    let told = ask(&mut game, "channel_listeners", json!({ "id": id, "search": "parrot", "page": 2 }));
    assert_eq!((told["listeners"].as_array().unwrap().len(), &told["pages"]), (10, &json!(2)));
    assert_eq!(game.ask("root", "channel", json!({ "id": 99 })).0, 404);
}

#[test]
fn somebody_is_thrown_out_kept_out_and_let_in_again() {
    let mut game = game();
    let id = public(&game);
    ask(&mut game, "channel_boot", json!({ "id": id, "account": "anna", "reason": "sp|am" }));
    assert_eq!(game.heard(), "You were booted from channel Public. (reason: sp||am)");
    assert_eq!(
        ask(&mut game, "channel", json!({ "id": id }))["history"][0]["text"],
        "[Public] Anna was booted from the channel. (reason: sp|am)"
    );
    let again = game.ask("root", "channel_boot", json!({ "id": id, "account": "Anna" }));
    assert_eq!(error(&again), (400, "Cannot boot Anna from channel Public: they are not subscribed."));
    game.line(1, 2, "@channel/sub public");
    ask(&mut game, "channel_ban", json!({ "id": id, "account": "Anna", "reason": "still", "quiet": true }));
    assert_eq!(game.heard(), "You were banned from channel Public.");
    let told = ask(&mut game, "channel", json!({ "id": id }));
    assert_eq!(
        (&told["bans"][0]["account"]["name"], told["history"].as_array().unwrap().len()),
        (&json!("Anna"), 1)
    );
    assert_eq!(game.ask("root", "channel_ban", json!({ "id": id, "account": "Anna" })).0, 400);
    assert!(game.line(1, 3, "@channel/sub public").contains("You are banned"));
    ask(&mut game, "channel_unban", json!({ "id": id, "account": "Anna" }));
    let again = game.ask("root", "channel_unban", json!({ "id": id, "account": "Anna" }));
    assert_eq!(error(&again), (400, "Anna is not banned from channel Public."));
    assert!(game.line(1, 4, "@channel/sub public").contains("You are now subscribed"));
    assert_eq!(game.ask("root", "channel_ban", json!({ "id": id, "account": "Nobody" })).0, 404);
}

/// A channel that nobody but players is told anything on: by its rules, or because it is broken.
struct Mum(&'static str);

impl ChannelTypeclass for Mum {
    fn path(&self) -> &'static str {
        self.0
    }

    fn at_pre_msg(&self, _: &mut World, _: ChannelId, _: Option<Subscriber>, _: String) -> Result<String> {
        Err(if self.0 == "test.Mum" { say("Nothing is said here.") } else { bug("the channel is mute") })
    }
}

#[test]
fn what_a_channel_has_against_telling_of_it_changes_nothing() {
    let mut game = Game::with(|world| {
        world.channel_typeclass(&Mum("test.Mum")).channel_typeclass(&Mum("test.Broken"));
    });
    game.sign_in("root", "Root", "oak alley");
    let anna = game.account("Anna");
    for typeclass in ["test.Mum", "test.Broken"] {
        let key = &typeclass[5..];
        let id = game.world.create_channel(NewChannel { key, typeclass, ..NewChannel::default() }).unwrap();
        for function in ["channel_boot", "channel_ban"] {
            game.world.subscribe(id, anna).unwrap();
            ask(&mut game, function, json!({ "id": id, "account": "Anna" }));
            assert!(!game.world.channel(id).unwrap().has(anna), "{typeclass} {function}");
        }
    }
}

#[test]
fn channels_are_made_and_ended() {
    let mut game = game();
    let args = json!({ "name": "Trade", "aliases": "t; market", "desc": "Who |gsells|n." });
    let made = ask(&mut game, "channel_create", args.clone());
    let root = game.account("Root");
    assert_eq!((&made["key"], &made["aliases"]), (&json!("Trade"), &json!(["t", "market"])));
    assert_eq!((&made["desc"], &made["creator"]["name"]), (&json!("Who |gsells|n."), &json!("Root")));
    assert_eq!(made["locks"], format!("control:pid({}) or perm(Admin);listen:all();send:all()", root.0));
    assert_eq!(error(&game.ask("root", "channel_create", args)), (400, "Channel 'Trade' already exists."));
    for wrong in ["", "a|b", &"x".repeat(31)] {
        assert_eq!(game.ask("root", "channel_create", json!({ "name": wrong })).0, 400, "{wrong}");
    }
    assert_eq!(ask(&mut game, "channels", json!({ "search": "MARK" }))["total"], 1);
    let lines = game.stored("channel_line");
    game.line(1, 2, "@channel/sub trade");
    ask(&mut game, "channel_send", json!({ "id": made["id"], "message": "Roses!" }));
    assert_eq!(game.stored("channel_line"), lines + 1);
    ask(&mut game, "channel_destroy", json!({ "id": made["id"], "reason": "No trade" }));
    assert_eq!(game.heard(), "[Trade] |rChannel Trade is being destroyed.|n (reason: No trade)");
    assert_eq!(game.ask("root", "channel", json!({ "id": made["id"] })).0, 404);
    assert_eq!(game.stored("channel_line"), lines, "its history is gone");
}

#[test]
fn what_is_changed_is_taken_back_once() {
    let mut game = game();
    let id = public(&game);
    let set = |game: &mut Game, field: &str, value: &str| {
        game.ask("root", "channel_set", json!({ "id": id, "field": field, "value": value }))
    };
    let (before, locks) = ("Public discussion", "listen:all();send:perm(Player);control:perm(Admin)");
    assert_eq!(set(&mut game, "desc", "All |gtalk|n.").1["desc"], "All |gtalk|n.");
    let edit = ask(&mut game, "last_edit", json!({}))["edit"].clone();
    assert_eq!((&edit["channel"]["key"], &edit["object"]), (&json!("Public"), &Value::Null));
    assert_eq!((&edit["field"], &edit["before"]), (&json!("desc"), &json!(before)));
    game.restart();
    assert_eq!(ask(&mut game, "undo", json!({}))["desc"], before);
    assert_eq!(error(&game.ask("root", "undo", json!({}))), (404, "There is nothing to undo."));

    assert_eq!(set(&mut game, "locks", locks).1["locks"], locks);
    for (field, wrong) in [("locks", "send:perm(Player"), ("desc", &*"x".repeat(501))] {
        assert_eq!(set(&mut game, field, wrong).0, 400, "{wrong}");
    }
    game.world.channel_mut(meadow_world::ChannelId(id)).unwrap().locks = "send:all()".into();
    assert_eq!(game.ask("root", "undo", json!({})).0, 409);
    set(&mut game, "desc", "Gone soon.");
    ask(&mut game, "channel_destroy", json!({ "id": id }));
    assert_eq!(ask(&mut game, "last_edit", json!({})), json!({ "edit": null }));
    assert_eq!(error(&game.ask("root", "undo", json!({}))), (404, "What you changed is no more."));
}
