//! What is written down of calls that were refused: who tried to change what, and why nothing came of it.

use meadow_link::ApiMethod;
use serde_json::{Value, json};

use crate::game::Game;

/// The entries of the audit log, newest first.
fn entries(game: &mut Game) -> Vec<Value> {
    game.address = "192.0.2.1";
    game.sign_in("reader", "Root", "oak alley");
    let (_, told) = game.ask_as(Some("reader"), ApiMethod::Get, "audit", json!({}));
    told["entries"].as_array().unwrap().clone()
}

#[test]
fn who_calls_what_is_not_for_them_is_written_down() {
    let mut game = Game::new();
    game.sign_in("anna", "Anna", "rose garden");
    game.address = "198.51.100.7";
    assert_eq!(game.ask("anna", "ban", json!({ "who": "Root", "reason": "x".repeat(500) })).0, 403);
    assert_eq!(game.ask("anna", "accounts", json!({})).0, 403, "this would change nothing");
    assert_eq!(game.ask("nobody", "ban", json!({ "who": "Root" })).0, 401, "and this is nobody");
    let entries = entries(&mut game);
    assert_eq!(entries.len(), 1, "{entries:?}");
    let entry = &entries[0];
    assert_eq!(
        (&entry["name"], &entry["address"], &entry["function"], &entry["status"], &entry["error"]),
        (&json!("Anna"), &json!("198.51.100.7"), &json!("ban"), &json!(403), &json!("That is not for you."))
    );
    assert_eq!(entry["args"]["who"], "Root");
    assert!(entry["args"]["reason"].as_str().unwrap().len() < 300, "it is cut");
}

#[test]
fn what_staff_did_wrong_is_written_down_and_stays_short() {
    let mut game = Game::new();
    game.sign_in("root", "Root", "oak alley");
    let long = "n".repeat(10_000);
    assert_eq!(game.ask("root", "ban", json!({ "who": 7, "reason": [1, 2] })).0, 400);
    assert_eq!(game.ask("root", "ban", json!({ "who": "troll", long.as_str(): long })).0, 400);
    assert_eq!(game.ask("root", "unban", json!({})).0, 400);
    let entries = entries(&mut game);
    let told: Vec<_> = entries.iter().map(|entry| (&entry["function"], &entry["status"])).collect();
    let (ban, unban, bad) = (json!("ban"), json!("unban"), json!(400));
    assert_eq!(told, [(&unban, &bad), (&ban, &bad), (&ban, &bad)]);
    assert_eq!(entries[2]["args"], json!({ "who": 7, "reason": [1, 2] }));
    assert_eq!(entries[1]["args"], json!({ "who": "troll" }), "what is not declared is not kept");
    assert!(entries[1].to_string().len() < 1000, "nor is all of the error");
}

#[test]
fn nobody_pushes_out_what_others_have_done_by_being_refused() {
    let mut game = Game::new();
    game.sign_in("anna", "Anna", "rose garden");
    for _ in 0..20 {
        game.ask("anna", "unban", json!({ "ban": 1 }));
    }
    assert_eq!(game.stored("api_audit"), 20, "at the limit");
    game.ask("anna", "unban", json!({ "ban": 1 }));
    assert_eq!(game.stored("api_audit"), 20, "past it");
    game.sign_in("root", "Root", "oak alley");
    for _ in 0..21 {
        game.ask("root", "unban", json!({ "ban": "x" }));
    }
    assert_eq!(game.stored("api_audit"), 41, "those whom it is for are always written down");
    game.pass(60 * 60);
    game.ask("anna", "unban", json!({ "ban": 1 }));
    assert_eq!(game.stored("api_audit"), 42);
}
