//! Signing in on a page: the cookie opens the game, whatever becomes of the processes.

use std::net::TcpListener;

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

#[test]
fn services_are_switched_and_sessions_sorted_by_what_the_portal_knows() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let _bert = game.player("bert");
    let made = game.meadow_with(&["superuser", "root", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert_eq!(made.code, 0, "{made:?}");
    let cookie = sign_in(&game, "root");
    let web = game.address("web");
    let origin = format!("http://{web}");
    let own = [("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    let ask = |name: &str, args: &Value| -> (u16, Value) {
        let answer = post(web, &format!("/api/{name}"), &own, args);
        (answer.status, serde_json::from_str(&answer.body).expect("JSON"))
    };

    for _ in 0..5 {
        anna.send("look");
        anna.expect("Exits:");
    }
    for order in ["traffic", "latency", "queue"] {
        let (_, told) = ask("sessions", &json!({ "order": order }));
        assert_eq!(
            (&told["page"], &told["pages"], &told["total"]),
            (&json!(1), &json!(1), &json!(2)),
            "{told}"
        );
        assert_eq!((&told["connected"], &told["arriving"]), (&json!(2), &json!(0)), "{told}");
        assert_eq!(
            (&told["sessions"][0]["strain"], &told["sessions"][1]["service"]),
            (&json!([]), &json!("telnet"))
        );
    }
    let first = |args: Value| ask("sessions", &args).1["sessions"][0]["account"]["name"].clone();
    assert_eq!(first(json!({ "order": "traffic" })), "anna");
    assert_eq!(first(json!({ "order": "traffic", "search": "bert" })), "bert");
    let (status, none) = ask("sessions", &json!({ "order": "traffic", "page": 9 }));
    assert_eq!((status, &none["sessions"], &none["total"]), (200, &json!([]), &json!(2)));
    let (_, told) = ask("status", &json!({}));
    assert_eq!(told["strained"], json!({ "count": 0, "sessions": [] }));
    assert!(told["disk"]["free"].as_u64() > Some(0), "{told}");
    let process = &told["processes"][1];
    assert_eq!((&process["process"], &process["pid"]), (&json!("server"), &json!(game.pid("server"))));

    let telnet = game.address("telnet");
    let switch = |name: &str, service: &str| ask(name, &json!({ "name": service }));
    assert_eq!(switch("service_stop", "telnet"), (200, json!({})));
    let error =
        |(status, told): (u16, Value)| (status, told["error"].as_str().unwrap_or_default().to_owned());
    assert_eq!(error(switch("service_stop", "telnet")), (409, "telnet is not running.".to_owned()));
    anna.send("say I am still here");
    anna.expect("I am still here");
    let other = TcpListener::bind(telnet).expect("nobody listens");
    let (status, told) = error(switch("service_start", "telnet"));
    assert!(status == 409 && told.starts_with(&format!("telnet cannot listen at {telnet}: ")), "{told}");
    drop(other);
    assert_eq!(switch("service_start", "telnet"), (200, json!({})));
    drop(game.stranger());
    assert_eq!(error(switch("service_stop", "link")).0, 409);
    assert_eq!(error(switch("service_stop", "nothing")).0, 409);
    let entries = ask("audit", &json!({ "function": "service_start" })).1["entries"].clone();
    assert_eq!((&entries[0]["status"], &entries[1]["error"]), (&json!(200), &json!(told)));
}
