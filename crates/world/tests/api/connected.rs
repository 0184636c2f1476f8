//! Who is connected, page by page: found, sorted, and one of them alone.

use meadow_link::SessionId;
use serde_json::{Value, json};

use crate::game::{Game, error};

/// With Root signed in as `root`, and 120 sessions of addresses that end with their number.
fn game() -> Game {
    let mut game = Game::new();
    game.sign_in("root", "Root", "oak alley");
    for id in 1..=120_u8 {
        game.address = Box::leak(format!("198.51.100.{id}").into_boxed_str());
        game.connect(id.into(), if id % 2 == 0 { "websocket" } else { "telnet" });
        game.pass(1);
    }
    game.line(7, 1, "connect Anna rose garden");
    game.line(9, 1, "connect Root oak alley");
    game
}

fn ids(game: &mut Game, args: Value) -> Vec<u64> {
    let (status, told) = game.ask("root", "sessions", args);
    assert_eq!(status, 200, "{told}");
    told["sessions"].as_array().unwrap().iter().filter_map(|session| session["id"].as_u64()).collect()
}

#[test]
fn many_are_told_page_by_page() {
    let mut game = game();
    let (_, told) = game.ask("root", "sessions", json!({ "page": 3 }));
    assert_eq!((&told["total"], &told["pages"], &told["connected"]), (&json!(120), &json!(3), &json!(120)));
    assert_eq!(ids(&mut game, json!({})), (1..=50).collect::<Vec<_>>());
    assert_eq!(ids(&mut game, json!({ "page": 3 })), (101..=120).collect::<Vec<_>>());
    assert_eq!(ids(&mut game, json!({ "page": 4 })), [0; 0]);
    let (_, told) = game.ask("root", "sessions", json!({ "search": "100.11" }));
    assert_eq!((&told["total"], &told["pages"], &told["connected"]), (&json!(11), &json!(1), &json!(120)));
    assert_eq!(ids(&mut game, json!({ "search": "ANN" })), [7]);
    assert_eq!(ids(&mut game, json!({ "search": "telnet", "page": 2 })).len(), 10);
    assert_eq!(ids(&mut game, json!({ "ids": "7, 3,999" })), [7, 3]);
    assert_eq!(error(&game.ask("root", "sessions", json!({ "ids": "7,x" }))).0, 400);
    assert_eq!(game.ask("root", "sessions", json!({ "ids": "1,".repeat(50) + "1" })).0, 400);
}

#[test]
fn they_are_sorted_before_they_are_cut() {
    let mut game = game();
    let first = |game: &mut Game, order: &str| ids(game, json!({ "order": order }))[..3].to_vec();
    assert_eq!(first(&mut game, "number"), [1, 2, 3]);
    assert_eq!(first(&mut game, "name"), [7, 9, 1], "those without a name come last");
    assert_eq!(first(&mut game, "newest"), [120, 119, 118]);
    assert_eq!(first(&mut game, "idle"), [1, 2, 3]);
    assert_eq!(first(&mut game, "commands"), [7, 9, 1]);
    assert_eq!(first(&mut game, "address"), [1, 2, 3], "by numbers, not by digits");
    assert_eq!(game.ask("root", "sessions", json!({ "order": "shoe size" })).0, 400);
    // What only the Portal knows it sorts by itself.
    let (_, told) =
        game.ask("root", "sessions", json!({ "order": "latency", "search": "100.12", "page": 2 }));
    assert_eq!(
        told,
        json!({ "order": "latency", "page": 2, "skip": 50, "show": 50, "ids": [12, 120], "connected": 120 })
    );
    assert!(game.world.session(SessionId(12)).is_some());
}
