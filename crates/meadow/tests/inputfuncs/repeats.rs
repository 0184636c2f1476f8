//! `repeat` and `unrepeat`.

use std::time::Duration;

use meadow::{CommandTuple, TestGame, tuple};
use serde_json::{Value, json};

use super::{asks, hears, playing, reads};

fn wish(callback: &str, interval: impl Into<Value>) -> CommandTuple {
    tuple("repeat").kw("callback", callback).kw("interval", interval)
}

/// How often something was repeated while time passed.
fn ticks(game: &mut TestGame, seconds: u64) -> usize {
    game.advance(Duration::from_secs(seconds));
    hears(game, "Anna").iter().filter(|told| told.name == "repeat").count()
}

#[test]
fn things_are_repeated_until_they_are_ended() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", wish("test1", 1));
    assert_eq!([4, 1, 10].map(|span| ticks(&mut game, span)), [0, 1, 2], "5 seconds at least");
    asks(&mut game, "Anna", wish("test1", "20"));
    assert_eq!([19, 1].map(|span| ticks(&mut game, span)), [0, 1], "one, with the new interval");
    asks(&mut game, "Anna", tuple("unrepeat").kw("callback", "test1"));
    assert_eq!(ticks(&mut game, 100), 0);
    asks(&mut game, "Anna", tuple("repeat").kw("callback", "test2"));
    assert_eq!([59, 1].map(|span| ticks(&mut game, span)), [0, 1], "a minute, if nothing is said");
    game.login("Anna");
    hears(&mut game, "Anna");
    assert_eq!(ticks(&mut game, 1000), 0, "it ended with its session");
}

#[test]
fn a_reload_does_not_shift_them() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", wish("test1", 20));
    assert_eq!(ticks(&mut game, 27), 1);
    game.reload();
    assert_eq!([12, 1].map(|span| ticks(&mut game, span)), [0, 1]);
    game.crash();
    assert_eq!([19, 1, 40].map(|span| ticks(&mut game, span)), [0, 1, 2]);
}

#[test]
fn what_is_repeated_is_registered() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", wish("test1", 5));
    game.advance(Duration::from_secs(5));
    assert_eq!(hears(&mut game, "Anna"), [tuple("repeat").arg("Repeat called: 1800000005")], "as in Evennia");
    assert_eq!(
        reads(&mut game, "Anna", wish("shutdown", 5)),
        "Allowed repeating functions are: breaks, test1, test2"
    );
}

#[test]
fn what_breaks_is_not_repeated() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", wish("breaks", 5));
    game.read("Anna");
    game.advance(Duration::from_secs(60));
    assert_eq!(game.read("Anna").matches("Something broke.").count(), 1);
}

#[test]
fn an_interval_is_a_number() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", tuple("client_options").kw("inputdebug", true));
    for interval in [json!("soon"), json!([5]), json!({})] {
        let refused = reads(&mut game, "Anna", wish("test1", interval));
        assert!(refused.contains("in seconds"), "{refused}");
    }
    for interval in [json!(-1), json!(1e300), json!("inf"), json!("nan"), json!(5.5)] {
        assert_eq!(reads(&mut game, "Anna", wish("test1", interval.clone())), "", "{interval}");
    }
    asks(&mut game, "Anna", wish("test1", 1e300));
    assert_eq!([86_399, 1].map(|span| ticks(&mut game, span)), [0, 1], "a day at most");
}
