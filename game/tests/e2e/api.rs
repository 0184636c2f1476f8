//! Signing in on a page: the cookie opens the game, whatever becomes of the processes.

use serde_json::{Value, json};

use crate::harness::{Game, PASSWORD, Websocket, get, post, signal};

/// `meadow=...`, as a browser sends it back.
fn sign_in(game: &Game, name: &str) -> String {
    let body = json!({ "name": name, "password": PASSWORD });
    let answer = post(game.address("web"), "/api/signin", &[("User-Agent", "Firefox")], &body);
    assert_eq!(answer.status, 200, "{answer:?}{}", game.scene().tails());
    answer.header("set-cookie").split(';').next().expect("a pair").to_owned()
}

fn whoami(game: &Game, cookie: &str) -> Value {
    let answer = get(game.address("web"), "/api/whoami", &[("Cookie", cookie)]);
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str(&answer.body).expect("JSON")
}

/// Opens the game with a cookie, and looks around without having typed a name or a password.
fn play(game: &Game, cookie: &str) {
    let mut browser = Websocket::with_cookie(game.address("web"), game.scene(), "/ws?as=anna", cookie);
    browser.expect("You are now logged in as");
    browser.send("look");
    browser.expect("Exits:");
    browser.send("quit");
}

#[test]
fn a_cookie_opens_the_game_over_reloads_and_restarts_until_it_is_signed_out() {
    let game = Game::started();
    drop(game.player("anna"));
    assert_eq!(whoami(&game, ""), json!({ "account": null }));
    let cookie = sign_in(&game, "anna");
    // What was told is stored: it outlives the Server's death in the next moment, and whoever asks waits for the next one.
    signal("KILL", game.pid("server"));
    let who = whoami(&game, &cookie);
    assert_eq!((&who["name"], &who["characters"][0]["name"]), (&json!("anna"), &json!("anna")));
    play(&game, &cookie);

    let done = game.meadow(&["reload"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(whoami(&game, &cookie)["name"], "anna");
    play(&game, &cookie);

    game.meadow(&["stop"]);
    game.start();
    assert_eq!(whoami(&game, &cookie)["name"], "anna");
    play(&game, &cookie);

    let token = cookie.strip_prefix("meadow=").expect("its name");
    for (path, content) in game.files() {
        let has_it = content.windows(token.len()).any(|window| window == token.as_bytes());
        assert!(!has_it, "{} has the token", path.display());
    }
    let origin = format!("http://{}", game.address("web"));
    let own = [("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    assert_eq!(post(game.address("web"), "/api/signout", &own, &json!({})).status, 200);
    assert_eq!(whoami(&game, &cookie), json!({ "account": null }));
}

#[test]
fn a_superuser_sees_and_manages_the_game_on_a_page() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let made = game.meadow_with(&["superuser", "root", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert_eq!(made.code, 0, "{made:?}");
    let cookie = sign_in(&game, "root");
    let web = game.address("web");
    let origin = format!("http://{web}");
    let own = [("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    let ask = |name: &str, args: &Value| -> Value {
        let answer = post(web, &format!("/api/{name}"), &own, args);
        assert_eq!(answer.status, 200, "{name}: {answer:?}{}", game.scene().tails());
        serde_json::from_str(&answer.body).expect("JSON")
    };

    let session = ask("sessions", &json!({}))["sessions"][0].clone();
    assert_eq!((&session["account"]["name"], &session["service"]), (&json!("anna"), &json!("telnet")));
    assert!(session["negotiated"].is_object() && session["bytes_in"].as_u64() > Some(0), "{session}");
    ask("session_message", &json!({ "session": session["id"], "message": "Mind the step." }));
    anna.expect("root tells you: Mind the step.");

    let found = ask("objects", &json!({ "search": "flower", "kind": "thing" }));
    let flower = found["objects"][0]["id"].clone();
    ask("object_set", &json!({ "id": flower, "field": "desc", "value": "It is blue." }));
    anna.send("look flower");
    anna.expect("It is blue.");

    let server = game.pid("server");
    ask("reload", &json!({}));
    assert_ne!(game.pid("server"), server);
    let undone = ask("undo", &json!({}));
    assert_ne!(undone["attributes"]["desc"], "It is blue.");

    let backup = ask("backup", &json!({}))["file"].as_str().expect("a path").to_owned();
    assert!(backup.contains("/backups/") && std::path::Path::new(&backup).exists(), "{backup}");
    let settings = ask("settings", &json!({}))["settings"].clone();
    let named = |name: &str| settings.as_array().into_iter().flatten().any(|setting| setting["name"] == name);
    assert!(named("web.listen") && named("accounts.guests"), "{settings}");
    let log = ask("log", &json!({ "process": "server", "lines": 50, "level": "info" }));
    let lines = log["lines"].to_string();
    assert!(lines.contains("the API function reload was called with {}"), "{lines}");
    assert!(!lines.contains(PASSWORD), "{lines}");
    let names: Vec<Value> = ask("audit", &json!({}))["entries"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| entry["function"].clone())
        .collect();
    assert_eq!(names, ["backup", "undo", "reload", "object_set", "session_message"]);
}
