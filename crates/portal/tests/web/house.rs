//! What the Portal adds to the world's answers, and does when the world has said that it may.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use meadow_portal::{Backup, ShownSetting};
use serde_json::{Value, json};

use super::api::{post, request};
use crate::common::{Game, Running};

/// What is answered, which must be 200.
async fn ask(portal: &Running, name: &str, args: Value) -> Value {
    let answer = post(portal, name, &[], &args).await;
    assert_eq!(answer.status, 200, "{name}: {}", answer.body);
    answer.body
}

#[tokio::test]
async fn what_the_portal_knows_is_added_to_what_the_world_says() {
    let mut game = Game::new().limits(|limits| limits.connections = 100);
    let setting = |name: &str, value: &str| ShownSetting {
        name: name.to_owned(),
        value: value.to_owned(),
        origin: "default".to_owned(),
    };
    game.config.settings = vec![setting("game.name", "\"Test\""), setting("x.password", "***")];
    let portal = game.start().await.unwrap();
    let (_one, _two) = (portal.client().await, portal.client().await);

    let told = ask(&portal, "sessions", json!({})).await;
    let [one] = told["sessions"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(
        (&one["idle"], &one["account"]["name"], &one["service"]),
        (&json!(7), &json!("Anna"), &json!("telnet"))
    );
    assert!(one["silent"].is_number() && one["bytes_out"].as_u64().unwrap() > 0, "{one}");
    assert_eq!(one["input_waiting"], 0);
    assert!(one["negotiated"].is_object() && one["flags"].is_array(), "{one}");
    assert_eq!(told["arriving"], 1, "the world does not know the other one yet");

    let told = ask(&portal, "status", json!({})).await;
    assert_eq!((&told["known"], &told["portal"]["server"]["state"]), (&json!(1), &json!("ready")));
    let told = ask(&portal, "services", json!({})).await;
    let names: Vec<_> = told["services"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["telnet", "web", "link", "clock"]);
    let told = ask(&portal, "throttles", json!({})).await;
    let connections = &told["connections"];
    assert_eq!((&connections["connections"], &connections["most"]), (&json!(2), &json!(100)), "{told}");
    assert_eq!(connections["addresses"], json!([{ "address": "127.0.0.1", "count": 2 }]));
    let told = ask(&portal, "settings", json!({})).await;
    let expected = json!([
        { "name": "game.name", "value": "\"Test\"", "origin": "default" },
        { "name": "x.password", "value": "***", "origin": "default" },
    ]);
    assert_eq!(told["settings"], expected);
    portal.stop().await;
}

#[tokio::test]
async fn nothing_is_added_or_done_for_whoever_may_not() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let answer = post(&portal, "forbidden", &[], &json!({})).await;
    assert_eq!((answer.status, answer.body), (403, json!({ "error": "That is not for you." })));
    portal.stop().await;
}

#[tokio::test]
async fn the_end_of_a_log_is_read() {
    let mut game = Game::new();
    let logs = game.dir.path().join("logs");
    game.config.logs = Some(logs.clone());
    let portal = game.start().await.unwrap();
    fs::create_dir(&logs).unwrap();
    let entry = |level: &str, told: &str| format!("server 2027-01-15T08:00:00.000000Z {level} a: {told}\n");
    let log = [entry("INFO", "one"), entry("WARN", "two"), entry("DEBUG", "no"), entry("INFO", "three")];
    fs::write(logs.join("server.log"), log.concat()).unwrap();
    let told = ask(&portal, "log", json!({ "process": "server" })).await;
    assert_eq!(told["file"], json!(logs.join("server.log")));
    let lines = [log[1].trim(), log[3].trim()];
    assert_eq!(told["lines"], json!(lines));
    assert_eq!(post(&portal, "log", &[], &json!({ "process": "portal" })).await.status, 404);
    portal.stop().await;
    game.config.logs = None;
    let portal = game.start().await.unwrap();
    let answer = post(&portal, "log", &[], &json!({ "process": "server" })).await;
    assert_eq!(answer.status, 409, "{}", answer.body);
    portal.stop().await;
}

#[tokio::test]
async fn a_backup_is_made_by_whoever_knows_how() {
    let mut game = Game::new();
    let portal = game.start().await.unwrap();
    assert_eq!(post(&portal, "backup", &[], &json!({})).await.status, 409, "nobody does");
    portal.stop().await;
    let count = Arc::new(AtomicUsize::new(0));
    let made = Arc::clone(&count);
    game.config.backup = Some(Backup::new(move || match made.fetch_add(1, Ordering::SeqCst) {
        0 => Ok(PathBuf::from("/backups/game.db")),
        _ => Err("the disk is full".to_owned()),
    }));
    let portal = game.start().await.unwrap();
    assert_eq!(ask(&portal, "backup", json!({})).await, json!({ "file": "/backups/game.db" }));
    let answer = post(&portal, "backup", &[], &json!({})).await;
    assert_eq!((answer.status, &answer.body["error"]), (500, &json!("The backup failed: the disk is full.")));
    assert_eq!(count.load(Ordering::SeqCst), 2);
    assert_eq!(ask(&portal, "status", json!({})).await["backup"], Value::Null, "nobody knows where they are");
    portal.stop().await;

    let kept = game.dir.path().join("kept");
    fs::create_dir(&kept).unwrap();
    for (name, made) in [("new.db", 1_800_000_000), ("old.db", 1_700_000_000), ("newer.txt", 1_900_000_000)] {
        fs::write(kept.join(name), "copy").unwrap();
        let made = UNIX_EPOCH + Duration::from_secs(made);
        fs::File::options().write(true).open(kept.join(name)).unwrap().set_modified(made).unwrap();
    }
    game.config.backup = game.config.backup.map(|backup| backup.kept_in(kept.clone()));
    let portal = game.start().await.unwrap();
    let expected = json!({ "file": kept.join("new.db"), "made": 1_800_000_000, "bytes": 4 });
    assert_eq!(ask(&portal, "status", json!({})).await["backup"], expected);
    portal.stop().await;
}

#[tokio::test]
async fn a_reload_is_answered_when_it_is_done_or_has_failed() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let before = portal.status().await["server"]["pid"].clone();
    ask(&portal, "reload", json!({})).await;
    let after = portal.status().await["server"]["pid"].clone();
    assert_ne!(before, after);
    game.break_server(true);
    let answer = post(&portal, "reload", &[], &json!({})).await;
    assert_eq!(answer.status, 409);
    assert!(answer.body["error"].as_str().unwrap().contains("the world does not load"), "{}", answer.body);
    assert_eq!(portal.status().await["server"]["pid"], after, "the game goes on");
    game.break_server(false);
    portal.stop().await;
}

#[tokio::test]
async fn the_description_has_an_address_of_its_own() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    for path in ["/api/openapi.json", "/api/openapi"] {
        let answer = request(&portal, &format!("GET {path}"), &[], "").await;
        assert_eq!((answer.status, &answer.body["openapi"]), (200, &json!("3.1.0")), "{path}");
    }
    portal.stop().await;
}
