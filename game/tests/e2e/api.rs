//! Signing in on a page: the cookie opens the game, whatever becomes of the processes.

use serde_json::{Value, json};

use crate::harness::{Game, PASSWORD, Websocket, get, post};

/// `meadow=...`, as a browser sends it back.
fn sign_in(game: &Game, name: &str) -> String {
    let body = json!({ "name": name, "password": PASSWORD });
    let answer = post(game.address("web"), "/api/signin", &[("User-Agent", "Firefox")], &body);
    assert_eq!(answer.status, 200, "{answer:?}{}", game.scene().tails());
    answer.header("set-cookie").split(';').next().expect("a pair").to_owned()
}

fn whoami(game: &Game, cookie: &str) -> (u16, Value) {
    let answer = get(game.address("web"), "/api/whoami", &[("Cookie", cookie)]);
    (answer.status, serde_json::from_str(&answer.body).expect("JSON"))
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
    assert_eq!(whoami(&game, "").0, 401);
    let cookie = sign_in(&game, "anna");
    let (status, who) = whoami(&game, &cookie);
    assert_eq!((status, &who["name"], &who["characters"][0]["name"]), (200, &json!("anna"), &json!("anna")));
    play(&game, &cookie);

    let done = game.meadow(&["reload"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(whoami(&game, &cookie).0, 200);
    play(&game, &cookie);

    game.meadow(&["stop"]);
    game.start();
    assert_eq!(whoami(&game, &cookie).0, 200);
    play(&game, &cookie);

    let token = cookie.strip_prefix("meadow=").expect("its name");
    for (path, content) in game.files() {
        let has_it = content.windows(token.len()).any(|window| window == token.as_bytes());
        assert!(!has_it, "{} has the token", path.display());
    }
    let origin = format!("http://{}", game.address("web"));
    let own = [("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    assert_eq!(post(game.address("web"), "/api/signout", &own, &json!({})).status, 200);
    assert_eq!(whoami(&game, &cookie).0, 401);
}
