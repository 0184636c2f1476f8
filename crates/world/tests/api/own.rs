//! One's own account on a page: where it is signed in, and its password.

use meadow_link::ApiMethod;
use serde_json::{Value, json};

use crate::game::{Game, error};

impl Game {
    /// The browsers of whoever is signed in by `key`: number and whether it is the one that asks.
    fn browsers(&mut self, key: &str) -> Vec<(u64, bool)> {
        let (status, answer) = self.ask_as(Some(key), ApiMethod::Get, "browsers", json!({}));
        assert_eq!(status, 200, "{answer}");
        let browsers = answer["browsers"].as_array().unwrap();
        browsers.iter().map(|one| (one["id"].as_u64().unwrap(), one["here"] == true)).collect()
    }

    fn password(&mut self, key: &str, old: &str, new: &str) -> (u16, Value) {
        self.ask(key, "password", json!({ "old": old, "new": new }))
    }
}

#[test]
fn one_sees_where_one_is_signed_in_and_ends_it() {
    let mut game = Game::new();
    for function in ["browsers", "forget_browser", "password"] {
        assert_eq!(game.ask("k1", function, json!({})).0, 401, "{function}");
    }
    game.sign_in("k1", "Anna", "rose garden");
    game.pass(3600);
    game.sign_in("k2", "Anna", "rose garden");
    game.sign_in("k9", "Root", "oak alley");
    let [(other, false), (own, true)] = game.browsers("k1")[..] else { panic!("{:?}", game.browsers("k1")) };
    let (_, answer) = game.ask("k1", "browsers", json!({}));
    assert_eq!(
        (&answer["browsers"][0]["browser"], &answer["browsers"][0]["address"]),
        (&json!("Firefox"), &json!("192.0.2.1"))
    );
    assert!(!answer.to_string().contains("k2"), "what signs in is not told: {answer}");

    let roots = game.browsers("k9")[0].0;
    let gone = "That browser is not signed in any more.";
    assert_eq!(error(&game.ask("k1", "forget_browser", json!({ "id": roots }))), (404, gone));
    assert!(game.is_signed_in("k9"));
    assert_eq!(game.ask("k1", "forget_browser", json!({ "id": other })).0, 200);
    assert_eq!(error(&game.ask("k1", "forget_browser", json!({ "id": other }))), (404, gone));
    assert_eq!((game.is_signed_in("k2"), game.browsers("k1")), (false, vec![(own, true)]));
}

#[test]
fn a_new_password_ends_all_other_browsers() {
    let mut game = Game::new();
    game.sign_in("k1", "Anna", "rose garden");
    game.sign_in("k2", "Anna", "rose garden");
    game.sign_in("k9", "Root", "oak alley");
    assert_eq!(error(&game.password("k1", "tulip", "green glass")), (403, "The old password isn't right."));
    let short = "That password is too short: it needs at least 8 characters.";
    assert_eq!(error(&game.password("k1", "rose garden", "short")), (400, short));
    assert!(game.is_signed_in("k2"), "nothing has changed");
    assert_eq!(game.password("k1", "rose garden", "green glass"), (200, json!({})));
    let left = ["k1", "k2", "k9"].map(|key| game.is_signed_in(key));
    assert_eq!(left, [true, false, true]);
    assert_eq!(game.sign_in("k3", "Anna", "rose garden").0, 401);
    assert_eq!(game.sign_in("k3", "Anna", "green glass").0, 200);
}

#[test]
fn who_tries_passwords_is_held_up_as_at_the_login_screen() {
    let mut game = Game::new();
    game.sign_in("k1", "Anna", "rose garden");
    for _ in 0..5 {
        assert_eq!(game.password("k1", "tulip", "green glass").0, 403);
    }
    assert_eq!(game.password("k1", "rose garden", "green glass").0, 429);
    assert_eq!(game.sign_in("k2", "Anna", "rose garden").0, 429, "the throttle is the same");
}
