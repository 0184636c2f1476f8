//! A browser whose connection breaks plays on, whatever happens meanwhile.

use serde_json::json;

use crate::harness::{Game, TicketHolder};

#[test]
fn a_browser_whose_connection_breaks_misses_nothing_and_says_nothing_twice() {
    let game = Game::started();
    let web = game.address("web");
    let mut anna = game.player("anna");
    let (mut bert, terms) = TicketHolder::open(&game, web, "resume=");
    assert_eq!((&terms["resumed"], &terms["hold"]), (&json!(false), &json!(120)));
    bert.until("hangs up.");
    bert.register_and_log_in("bert");
    anna.expect("bert has entered the game.\n");
    let ticket = bert.ticket().to_owned();

    // What bert says is taken; he does not hear that it was.
    bert.types("say before the break");
    anna.expect("bert says, \"before the break\"\n");
    let back = bert.cut();
    for number in 1..=3 {
        anna.send(&format!("say number {number}"));
        anna.expect(&format!("You say, \"number {number}\"\n"));
    }
    let reloaded = game.meadow(&["reload"]);
    assert_eq!(reloaded.code, 0, "{reloaded:?}");
    anna.send("say after the reload");
    anna.expect("You say, \"after the reload\"\n");

    let (mut bert, terms) = back(&game, web);
    assert_eq!((&terms["resumed"], &terms["missed"]), (&json!(true), &json!(false)));
    assert_eq!(terms["heard"], 4, "all that was typed has been taken");
    assert_ne!(bert.ticket(), ticket);
    let texts = bert.until("after the reload").concat();
    let places: Vec<usize> = ["before the break", "number 1", "number 2", "number 3", "after the reload"]
        .map(|text| {
            assert_eq!(texts.matches(text).count(), 1, "{text}: {texts}");
            texts.find(text).expect("it was found")
        })
        .into();
    assert!(places.is_sorted(), "{texts}");
    bert.types("say I am back");
    anna.expect("bert says, \"I am back\"\n");
    assert!(!anna.rest().contains("bert has left"), "nobody has noticed");
    bert.until("I am back");
    bert.types("quit");
    anna.expect("bert has left the game.\n");
    for (path, content) in game.files() {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains(&ticket), "{} holds a ticket", path.display());
    }
}

#[test]
fn whoever_does_not_come_back_has_left() {
    let game = Game::started_with(&["web.resume_seconds=1", "accounts.linkdead_seconds=0"]);
    let web = game.address("web");
    let mut anna = game.player("anna");
    let (mut bert, _) = TicketHolder::open(&game, web, "resume=");
    bert.until("hangs up.");
    bert.register_and_log_in("bert");
    anna.expect("bert has entered the game.\n");
    let back = bert.cut();
    anna.expect("bert has left the game.\n");
    let (_, terms) = back(&game, web);
    assert_eq!(terms["resumed"], false);
}
