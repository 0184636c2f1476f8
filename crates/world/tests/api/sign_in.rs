//! Signing in on a page, and what a session of a browser makes of it.

use meadow_link::{ApiMethod, ToPortal, tuple};
use meadow_world::{Ban, Banned, ObjectId, WEB_LOGINS};
use serde_json::json;

use crate::game::{Game, error};

const DAY: u64 = 24 * 60 * 60;

fn ban(game: &mut Game, who: &str) {
    let (who, by, reason) = (Banned::new(who), "Root".to_owned(), "|rspam|n".to_owned());
    let ban = Ban { who, reason, by, since: game.now, until: None };
    game.world.ban(ban).unwrap();
}

#[test]
fn a_name_and_a_password_sign_a_browser_in_and_out() {
    let mut game = Game::new();
    let nobody = (200, json!({ "account": null }));
    assert_eq!(game.ask("k1", "whoami", json!({})), nobody, "that is no error");
    assert_eq!(game.ask_as(None, ApiMethod::Get, "whoami", json!({})), nobody);
    let (status, who) = game.sign_in("k1", " ANNA ", "rose garden");
    assert_eq!(status, 200);
    let anna = game.account("Anna");
    let body = game.world[anna].characters[0];
    let expected = json!({
        "account": anna.0, "name": "Anna", "superuser": false, "permissions": ["Player"],
        "characters": [{ "id": body.0, "name": "Anna" }], "guest": false,
    });
    assert_eq!(who, expected);
    assert_eq!(game.ask_as(Some("k1"), ApiMethod::Get, "whoami", json!({})), (200, expected));
    assert_eq!(game.ask("k2", "whoami", json!({})), nobody);
    assert_eq!(game.ask("k1", "signout", json!({})), (200, json!({})));
    assert_eq!(game.ask("k1", "whoami", json!({})), nobody);
    assert_eq!(game.stored("web_login"), 0);
}

#[test]
fn it_is_told_like_at_the_login_screen_what_is_wrong() {
    let mut game = Game::new();
    for (name, password) in [("Anna", "tulip"), ("Nobody", "tulip"), ("guest", ""), ("", "")] {
        let answer = game.sign_in("k1", name, password);
        assert_eq!(error(&answer), (401, "Username and/or password is incorrect."), "{name}");
    }
    game.connect(1, "telnet");
    assert!(game.line(1, 1, "connect Anna tulip").contains("incorrect"), "the fifth is another way");
    let answer = game.sign_in("k1", "Anna", "rose garden");
    let told = "Too many login failures from your address. Please try again in 5m.";
    assert_eq!(error(&answer), (429, told));
    game.address = "192.0.2.2";
    assert_eq!(game.sign_in("k1", "Anna", "rose garden").0, 200);
    assert_eq!(game.ask_as(Some("k9"), ApiMethod::Get, "signin", json!({})).0, 405);
    assert_eq!(game.ask("k9", "signin", json!({ "name": "Anna" })).0, 400);
    assert_eq!(game.ask_as(None, ApiMethod::Post, "signin", json!({ "name": "a", "password": "b" })).0, 400);
}

#[test]
fn whoever_is_banned_does_not_come_in_by_a_page_either() {
    let mut game = Game::new();
    game.sign_in("k1", "Anna", "rose garden");
    ban(&mut game, "anna");
    let told = "You have been banned and cannot continue from here. Reason: |rspam|n";
    assert_eq!(error(&game.sign_in("k2", "Anna", "rose garden")), (403, told));
    assert_eq!(error(&game.ask("k1", "whoami", json!({}))), (403, told));
    ban(&mut game, "192.0.2.0/24");
    assert_eq!(error(&game.sign_in("k3", "Root", "oak alley")), (403, told));
    game.address = "198.51.100.1";
    assert_eq!(game.sign_in("k3", "Root", "oak alley").0, 200);
}

#[test]
fn it_holds_over_restarts_for_thirty_days() {
    let mut game = Game::new();
    game.sign_in("k1", "Anna", "rose garden");
    game.restart();
    assert!(game.is_signed_in("k1"));
    game.pass(30 * DAY - 1);
    assert!(game.is_signed_in("k1"));
    assert_eq!(game.world.web_logins_of(game.account("Anna")).next().unwrap().used, game.now);
    game.pass(1);
    assert!(!game.is_signed_in("k1"));
    assert_eq!(game.stored("web_login"), 0);
}

#[test]
fn those_that_nobody_comes_back_with_are_swept() {
    let mut game = Game::new();
    game.sign_in("k1", "Anna", "rose garden");
    game.pass(DAY);
    game.sign_in("k2", "Anna", "rose garden");
    game.pass(29 * DAY);
    game.restart();
    assert_eq!(game.stored("web_login"), 1, "swept at the start");
    game.pass(DAY);
    game.sign_in("k3", "Root", "oak alley");
    assert_eq!(game.stored("web_login"), 1, "swept when somebody signs in");
}

#[test]
fn an_account_has_only_so_many_and_the_oldest_goes() {
    let mut game = Game::new();
    for number in 0..WEB_LOGINS {
        game.sign_in(&format!("k{number}"), "Anna", "rose garden");
    }
    assert!(game.is_signed_in("k0"));
    game.sign_in("one more", "Anna", "rose garden");
    assert!(!game.is_signed_in("k0"));
    assert!(game.is_signed_in("k1"));
    assert_eq!(game.stored("web_login"), WEB_LOGINS);
    assert_eq!(game.sign_in("r", "Root", "oak alley").0, 200, "others have their own");
}

#[test]
fn a_browser_that_is_signed_in_is_logged_in() {
    let mut game = Game::new();
    game.sign_in("k1", "Anna", "rose garden");
    game.connect(1, "websocket");
    let heard = game.input(1, 1, tuple("web_login").arg("k1"));
    assert!(heard.contains("You are now logged in as |cAnna|n."), "{heard}");
    assert!(game.said.iter().any(|said| matches!(said, ToPortal::Login { uname, .. } if &**uname == "Anna")));
    assert!(game.said.iter().any(|said| matches!(said, ToPortal::Acks(_))), "it is done");
    assert!(!game.input(1, 2, tuple("web_login").arg("k1")).contains("logged in"), "once");
    game.connect(2, "websocket");
    assert!(game.heard().contains("connect <name>"));
    assert_eq!(game.input(2, 1, tuple("web_login").arg("unknown")), "", "the login screen is there");
    assert!(game.line(2, 2, "connect Anna rose garden").contains("logged in"));
}

#[test]
fn it_may_say_as_whom_it_wants_to_play() {
    let mut game = Game::new();
    let anna = game.account("Anna");
    let oak = game.world.create_character(anna, "Old Oak").unwrap();
    let root = game.account("Root");
    let foreign = game.world.create_character(root, "Ash").unwrap();
    game.sign_in("k1", "Anna", "rose garden");
    let puppet = |game: &Game, id| game.world.session(meadow_link::SessionId(id)).unwrap().puppet();
    let first: ObjectId = game.world[anna].characters[0];
    game.connect(1, "websocket");
    game.input(1, 1, tuple("web_login").arg("k1").kw("character", "old oak"));
    assert_eq!(puppet(&game, 1), Some(oak));
    game.handle(meadow_link::ToServer::Disconnect(meadow_link::SessionId(1)));
    for (id, name) in [(2, "Ash"), (3, "Nobody")] {
        game.world[anna].last_puppet = Some(first);
        game.connect(id, "websocket");
        game.input(id, 1, tuple("web_login").arg("k1").kw("character", name));
        assert_ne!(puppet(&game, id), Some(foreign));
        assert!(puppet(&game, id).is_some(), "the usual body");
        game.handle(meadow_link::ToServer::Disconnect(meadow_link::SessionId(id)));
    }
}

#[test]
fn a_game_that_puts_nobody_into_a_body_does_so_for_whoever_has_chosen_one() {
    let mut game = Game::with(|world| {
        world.rules(meadow_world::Rules { auto_puppet: false, ..meadow_world::Rules::default() });
    });
    game.sign_in("k1", "Anna", "rose garden");
    let body = game.world[game.account("Anna")].characters[0];
    for (id, name, expected) in [(1, None, None), (2, Some("Anna"), Some(body))] {
        game.connect(id, "websocket");
        let input = tuple("web_login").arg("k1");
        game.input(id, 1, if let Some(name) = name { input.kw("character", name) } else { input });
        assert_eq!(game.world.session(meadow_link::SessionId(id)).unwrap().puppet(), expected);
    }
}

#[test]
fn signing_out_everywhere_ends_all_browsers_of_the_account_and_nothing_else() {
    let mut game = Game::with(|world| {
        let multisession = meadow_world::MultisessionMode::Separate;
        world.rules(meadow_world::Rules { multisession, ..meadow_world::Rules::default() });
    });
    for key in ["k1", "k2"] {
        game.sign_in(key, "Anna", "rose garden");
    }
    game.sign_in("r", "Root", "oak alley");
    for (id, protocol) in [(1, "websocket"), (2, "telnet"), (3, "ajax"), (4, "telnet/websocket")] {
        game.connect(id, protocol);
        game.line(id, 1, "connect Anna rose garden");
    }
    game.ask("k1", "signout", json!({ "everywhere": true }));
    let left: Vec<u64> = game.world[game.account("Anna")].sessions().iter().map(|id| id.0).collect();
    assert_eq!(left, [2]);
    assert_eq!((game.is_signed_in("k2"), game.is_signed_in("r")), (false, true));
}

#[test]
fn a_new_password_and_the_end_of_an_account_sign_all_its_browsers_out() {
    let mut game = Game::new();
    let anna = game.account("Anna");
    game.sign_in("k1", "Anna", "rose garden");
    game.world.make_superuser("Anna", "hash of rose garden").unwrap();
    assert!(!game.is_signed_in("k1"));
    game.sign_in("k2", "Anna", "rose garden");
    game.world.delete_account(anna).unwrap();
    assert!(!game.is_signed_in("k2"));
    assert_eq!(game.stored("web_login"), 0);
}
