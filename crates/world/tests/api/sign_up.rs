//! Making an account on a page, by the rules of the login screen.

use meadow_link::ApiMethod;
use meadow_world::{Ban, Banned, Rules};
use serde_json::{Value, json};

use crate::game::{Game, error};

impl Game {
    fn sign_up(&mut self, key: &str, name: &str, password: &str) -> (u16, Value) {
        self.ask(key, "signup", json!({ "name": name, "password": password }))
    }
}

#[test]
fn an_account_is_made_and_its_browser_signed_in() {
    let mut game = Game::new();
    let (status, who) = game.sign_up("k1", " Cleo   Lee ", "green glass");
    assert_eq!((status, &who["name"], &who["superuser"]), (200, &json!("Cleo Lee"), &json!(false)), "{who}");
    assert_eq!(who["characters"][0]["name"], "Cleo Lee");
    assert_eq!(game.ask("k1", "whoami", json!({})), (200, who));
    assert_eq!(game.sign_in("k2", "cleo lee", "green glass").0, 200);
    assert_eq!(game.stored("web_login"), 2);
    game.restart();
    assert!(game.is_signed_in("k1"));
}

#[test]
fn it_is_told_like_at_the_login_screen_what_is_wrong() {
    let mut game = Game::new();
    for (name, password, told) in [
        ("anna", "green glass", "The name anna is taken. Please choose another."),
        ("Cleo", "short", "That password is too short: it needs at least 8 characters."),
        ("Cleo", "12345678901", "A password can't be made of digits only."),
    ] {
        assert_eq!(error(&game.sign_up("k1", name, password)), (400, told));
    }
    assert_eq!(game.sign_up("k1", "<b>", "green glass").0, 400);
    assert_eq!(game.stored("web_login"), 0);
    assert_eq!(
        game.ask_as(None, ApiMethod::Post, "signup", json!({ "name": "Cleo", "password": "green glass" })).0,
        400
    );
    assert_eq!(game.ask_as(Some("k1"), ApiMethod::Get, "signup", json!({})).0, 405);
    let (who, by, reason) = (Banned::new("192.0.2.0/24"), "Root".to_owned(), "spam".to_owned());
    game.world.ban(Ban { who, reason, by, since: game.now, until: None }).unwrap();
    assert_eq!(game.sign_up("k1", "Cleo", "green glass").0, 403);
}

#[test]
fn an_address_makes_no_more_accounts_than_at_the_login_screen() {
    let mut game = Game::with(|world| {
        world.rules(Rules { creations_per_address: 2, ..Rules::default() });
    });
    assert_eq!(game.sign_up("k1", "Cleo", "green glass").0, 200);
    assert_eq!(game.sign_up("k2", "Dora", "green glass").0, 200);
    let (status, told) = game.sign_up("k3", "Emil", "green glass");
    assert_eq!(status, 429, "{told}");
    game.address = "198.51.100.1";
    assert_eq!(game.sign_up("k3", "Emil", "green glass").0, 200);
}

#[test]
fn names_cannot_be_tried_by_it() {
    let mut game = Game::with(|world| {
        world.rules(Rules { creations_per_address: 1, ..Rules::default() });
    });
    assert_eq!(game.sign_up("k1", "Cleo", "green glass").0, 200);
    for name in ["Anna", "Dora"] {
        let (status, told) = game.sign_up("k2", name, "green glass");
        assert_eq!(status, 429, "whoever may make no account is not told which names are taken: {told}");
    }
    game.address = "198.51.100.1";
    for _ in 0..20 {
        assert_eq!(game.sign_up("k2", "Anna", "green glass").0, 400, "at the limit");
    }
    for name in ["Anna", "Dora"] {
        let told = "You have asked for too many names that are taken. Please try again in 10m.";
        assert_eq!(error(&game.sign_up("k2", name, "green glass")), (429, told));
    }
    game.connect(1, "telnet");
    assert!(
        game.line(1, 1, "create Anna greenglass1").contains("too many names that are taken"),
        "{}",
        game.heard()
    );
    game.pass(10 * 60);
    assert_eq!(game.sign_up("k2", "Dora", "green glass").0, 200);
}

#[test]
fn where_only_staff_makes_accounts_nobody_is_told_which_names_are_taken() {
    let mut game = Game::with(|world| {
        world.rules(Rules { registration: false, ..Rules::default() });
    });
    for name in ["Anna", "Cleo"] {
        let told = "New accounts can't be made here: ask the staff of this game.";
        assert_eq!(error(&game.sign_up("k1", name, "green glass")), (403, told));
    }
}
