//! Sessions of browsers that are signed in end when that ends, whether or not their clients are there: whoever has
//! copied a ticket can't go on with what its owner has signed out of.

use meadow_link::{RestartMode, SessionId, SessionSync, ToPortal, ToServer, tuple};
use meadow_world::{Ban, Banned, MultisessionMode, Rules};
use serde_json::json;

use crate::game::Game;

const DAY: u64 = 24 * 60 * 60;

/// Anna is signed in as `k1` and `k2`: sessions 1 and 2 came with `k1`, 3 with `k2`; in 4 she typed her password.
fn game() -> Game {
    let mut game = Game::with(|world| {
        world.rules(Rules { multisession: MultisessionMode::Separate, ..Rules::default() });
    });
    for key in ["k1", "k2"] {
        game.sign_in(key, "Anna", "rose garden");
    }
    for (id, key) in [(1, "k1"), (2, "k1"), (3, "k2")] {
        game.connect(id, "websocket");
        game.input(id, 1, tuple("web_login").arg(key));
    }
    game.connect(4, "websocket");
    game.line(4, 1, "connect Anna rose garden");
    assert_eq!(left(&game), [1, 2, 3, 4]);
    game.said.clear();
    game
}

fn left(game: &Game) -> Vec<u64> {
    let mut left: Vec<u64> = game.world[game.account("Anna")].sessions().iter().map(|id| id.0).collect();
    left.sort_unstable();
    left
}

/// Which sessions the Portal was told to end.
fn ended(game: &Game) -> Vec<u64> {
    let ended = game.said.iter().filter_map(|said| match said {
        ToPortal::Disconnect { session, .. } => Some(session.0),
        _ => None,
    });
    ended.collect()
}

/// Which sentences those sessions are told that end.
fn why(game: &Game) -> Vec<&str> {
    let why = game.said.iter().filter_map(|said| match said {
        ToPortal::Disconnect { reason, .. } => Some(reason.as_str()),
        _ => None,
    });
    why.collect()
}

/// What the Portal has been told last of a session, which is what it holds for the next Server.
fn held(game: &Game, id: u64) -> SessionSync {
    let told = game.said.iter().rev().filter_map(|said| match said {
        ToPortal::SessionSync { sessions, .. } => sessions.iter().find(|sync| sync.id.0 == id).cloned(),
        _ => None,
    });
    told.into_iter().next().expect("the Portal knows of it")
}

#[test]
fn signing_out_ends_the_sessions_of_that_browser() {
    let mut game = game();
    game.ask("k1", "signout", json!({}));
    assert_eq!((left(&game), ended(&game)), (vec![3, 4], vec![1, 2]));
    assert_eq!(why(&game), ["You have signed out. Disconnecting."; 2]);
}

#[test]
fn so_does_ending_it_from_another_browser_and_a_new_password() {
    let mut game = game();
    let (_, told) = game.ask("k1", "browsers", json!({}));
    let browsers = told["browsers"].as_array().unwrap();
    let other = browsers.iter().find(|one| one["here"] == false).unwrap()["id"].clone();
    game.ask("k1", "forget_browser", json!({ "id": other }));
    assert_eq!(left(&game), [1, 2, 4]);
    assert_eq!(why(&game), ["This browser has been signed out. Disconnecting."]);
    game.sign_in("k3", "Anna", "rose garden");
    game.connect(5, "websocket");
    game.input(5, 1, tuple("web_login").arg("k3"));
    game.ask("k1", "password", json!({ "old": "rose garden", "new": "green glass" }));
    assert_eq!(left(&game), [1, 2, 4], "but not where it was changed");
    assert_eq!(why(&game), ["Your password has been changed. Please sign in again. Disconnecting."]);
}

#[test]
fn who_changes_the_password_by_command_goes_on_playing() {
    let mut game = game();
    game.line(1, 2, "password rose garden = green glass");
    assert_eq!(left(&game), [1, 2, 4]);
    assert_eq!(["k1", "k2"].map(|key| game.is_signed_in(key)), [true, false]);
}

#[test]
fn they_end_when_their_time_is_over() {
    let mut game = Game::new();
    game.sign_in("k1", "Anna", "rose garden");
    game.pass(30 * DAY - 10);
    game.connect(1, "websocket");
    game.input(1, 1, tuple("web_login").arg("k1"));
    game.pass(9);
    assert_eq!(left(&game), [1]);
    assert!(game.world.next_at().is_some_and(|at| at <= game.now + std::time::Duration::from_secs(1)));
    game.pass(1);
    assert_eq!(left(&game), [0_u64; 0], "nobody has to come and look");
}

#[test]
fn another_server_knows_whose_they_are() {
    for mode in [RestartMode::Reload, RestartMode::Crash] {
        let mut game = game();
        game.line(1, 2, "look");
        game.handle(ToServer::Stop(RestartMode::Reload));
        let sessions = [1, 4].map(|id| held(&game, id)).to_vec();
        game.take_over(mode, sessions);
        game.said.clear();
        game.ask("k1", "signout", json!({}));
        assert_eq!((left(&game), ended(&game)), (vec![4], vec![1]), "{mode:?}");
    }
}

/// The Server died when it was stored, and before the Portal had heard of it.
#[test]
fn one_that_the_portal_has_not_heard_of_is_ended_again() {
    let mut game = game();
    game.handle(ToServer::Stop(RestartMode::Reload));
    let mut sync = held(&game, 1);
    game.restart();
    game.ask("k1", "signout", json!({}));
    game.said.clear();
    game.take_over(RestartMode::Crash, vec![sync.clone()]);
    assert_eq!((left(&game), ended(&game)), (vec![], vec![1]));
    // What is stored of it knows its web login, too, where the Portal has heard nothing since it connected.
    let mut game = self::game();
    sync.server_data.clear();
    (sync.uid, sync.puid, sync.logged_in) = (None, None, false);
    game.take_over(RestartMode::Crash, vec![sync]);
    game.said.clear();
    assert_eq!(left(&game), [1]);
    game.ask("k1", "signout", json!({}));
    assert_eq!((left(&game), ended(&game)), (vec![], vec![1]));
}

#[test]
fn who_comes_while_there_is_no_server_is_held_against_the_bans() {
    let mut game = game();
    for who in ["198.51.100.0/24", "Troll"] {
        let (who, by, reason) = (Banned::new(who), "Root".to_owned(), String::new());
        game.world.ban(Ban { who, by, reason, since: game.now, until: None }).unwrap();
    }
    game.handle(ToServer::Stop(RestartMode::Reload));
    let mut moved = held(&game, 4);
    moved.address = "198.51.100.9".into();
    let newcomer = SessionSync::new(SessionId(9), "telnet", "198.51.100.9", game.now);
    let stays = held(&game, 3);
    game.said.clear();
    game.take_over(RestartMode::Crash, vec![moved, newcomer, stays]);
    assert_eq!((left(&game), ended(&game)), (vec![3], vec![4, 9]));
}

#[test]
fn whoever_is_banned_can_sign_out() {
    let mut game = game();
    game.address = "198.51.100.9";
    for who in ["198.51.100.0/24", "Anna"] {
        let (who, by, reason) = (Banned::new(who), "Root".to_owned(), String::new());
        game.world.ban(Ban { who, by, reason, since: game.now, until: None }).unwrap();
    }
    assert_eq!(game.ask("k1", "browsers", json!({})).0, 403);
    assert_eq!(game.ask("k1", "signout", json!({})), (200, json!({})));
    assert!(!game.is_signed_in("k1"));
    assert_eq!(game.ask("k2", "signout", json!({ "everywhere": true })), (200, json!({})));
    assert_eq!(game.stored("web_login"), 0);
}
