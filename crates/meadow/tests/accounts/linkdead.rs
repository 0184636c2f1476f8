//! Lost links: the body stays for a while, and its player comes back to it.

use std::time::Duration;

use meadow::{Rules, TestGame, prelude::*};

use super::{log_in, with_rules};

const SECOND: Duration = Duration::from_secs(1);

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules::default());
}

/// Anna and Bob are in the hall; Bob has lost his link.
fn begun() -> TestGame {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.login("Bob");
    game.read("Anna");
    game.hang_up("Bob");
    game
}

#[test]
fn the_body_waits_and_hears_what_is_said() {
    let mut game = begun();
    assert_eq!(game.read("Anna"), "Bob has lost their link.");
    assert_eq!(game.line("Anna", "look"), "Hall\nA bare hall.\nCharacters: Bob (link lost)");
    game.line("Anna", "say are you |rthere?");
    game.advance(59 * SECOND);
    assert_eq!(game.read("Anna"), "");
    let seen = log_in(&mut game, "Bob", "Bob");
    let told =
        "\n\nWhile you were away:\nAnna says, \"are you |rthere?\"\nHall\nA bare hall.\nCharacters: Anna";
    assert!(seen.replace("\n\n", "\n").ends_with(&told.replace("\n\n", "\n")), "{seen}");
    assert_eq!(game.read("Anna"), "Bob is back.");
    game.advance(3600 * SECOND);
    assert_eq!(game.read("Anna"), "", "nobody waits for him any more");
}

#[test]
fn who_does_not_come_back_leaves() {
    let mut game = begun();
    game.advance(60 * SECOND);
    assert_eq!(game.read("Anna"), "Bob has lost their link.\nBob has left the game.");
    let seen = log_in(&mut game, "Bob", "Bob");
    assert!(seen.contains("You become Bob.") && !seen.contains("While you were away"), "{seen}");
    assert_eq!(game.read("Anna"), "Bob has entered the game.");
}

#[test]
fn who_quits_leaves_at_once() {
    let mut game = begun();
    log_in(&mut game, "Bob", "Bob");
    game.read("Anna");
    game.line("Bob", "quit");
    game.hang_up("Bob");
    assert_eq!(game.read("Anna"), "Bob has left the game.");
}

#[test]
fn time_goes_on_over_a_reload_and_what_was_heard_is_kept() {
    let mut game = begun();
    game.line("Anna", "say one");
    game.advance(40 * SECOND);
    game.reload();
    game.read("Anna");
    game.line("Anna", "say two");
    assert!(game.line("Anna", "look").ends_with("Characters: Bob (link lost)"));
    game.reload();
    game.advance(19 * SECOND);
    game.read("Anna");
    let seen = log_in(&mut game, "Bob", "Bob");
    assert!(seen.contains("While you were away:\nAnna says, \"one\"\nAnna says, \"two\"\n"), "{seen}");
    game.hang_up("Bob");
    game.read("Anna");
    game.advance(40 * SECOND);
    game.reload();
    game.read("Anna");
    game.advance(20 * SECOND);
    assert_eq!(game.read("Anna"), "Bob has left the game.");
}

#[test]
fn after_a_crash_the_body_waits_but_what_it_heard_is_forgotten() {
    let mut game = begun();
    game.line("Anna", "say one");
    game.crash();
    game.read("Anna");
    game.line("Anna", "say two");
    let seen = log_in(&mut game, "Bob", "Bob");
    assert!(seen.contains("While you were away:\nAnna says, \"two\"\n"), "{seen}");
    assert_eq!(game.read("Anna"), "You say, \"two\"\nBob is back.".replace("You say, \"two\"\n", ""));
}

#[test]
fn nothing_waits_where_the_rules_say_so() {
    let mut game = TestGame::new(|world| {
        with_rules(world, Rules { linkdead: Duration::ZERO, ..Rules::default() });
    });
    game.login("Anna");
    game.login("Bob");
    game.read("Anna");
    game.hang_up("Bob");
    assert_eq!(game.read("Anna"), "Bob has left the game.");
}

#[test]
fn a_body_that_is_destroyed_waits_for_nobody() {
    let mut game = begun();
    let bob = game.world().objects_named("Bob")[0];
    game.world().destroy(bob).unwrap();
    game.advance(120 * SECOND);
    assert_eq!(game.read("Anna"), "Bob has lost their link.");
    let seen = log_in(&mut game, "Bob", "Bob");
    assert!(seen.contains("none yet"), "{seen}");
}

#[test]
fn staff_see_whose_link_is_lost() {
    let mut game = begun();
    game.permit("Anna", "Admin");
    game.read("Anna");
    let who = game.line("Anna", "who");
    let row = "Bob - - Bob Hall - - (link lost)";
    assert!(who.lines().any(|line| line.split_whitespace().eq(row.split_whitespace())), "{who}");
    assert!(who.ends_with("One unique account logged in."));
}

/// A character that breaks when its player is lost.
struct Fragile;

impl Typeclass for Fragile {
    fn path(&self) -> &'static str {
        "test.Fragile"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultCharacter
    }

    fn at_link_lost(&self, _world: &mut World, _me: ObjectId) {
        panic!("a curse");
    }

    fn at_link_restored(&self, world: &mut World, me: ObjectId) {
        world.msg(me, "You shiver.");
    }
}

#[test]
fn a_hook_that_breaks_costs_nobody_their_place() {
    let mut game = TestGame::new(|world| {
        with_rules(world, Rules::default());
        world.typeclass(&Fragile).character_typeclass(&Fragile);
    });
    game.login("Anna");
    game.login("Bob");
    game.read("Anna");
    game.hang_up("Bob");
    assert!(game.line("Anna", "look").ends_with("Characters: Bob (link lost)"));
    let seen = log_in(&mut game, "Bob", "Bob");
    assert!(seen.ends_with("Characters: Anna\nYou shiver."), "{seen}");
}

#[test]
fn staff_may_take_a_body_that_waits_and_its_player_has_to_wait_then() {
    let mut game = begun();
    game.permit("Cleo", "Developer");
    game.login("Cleo");
    assert!(game.line("Cleo", "ic Bob").starts_with("You become Bob."));
    let seen = log_in(&mut game, "Bob", "Bob");
    assert!(seen.ends_with("Somebody else drives that body now."), "{seen}");
    game.advance(120 * SECOND);
    assert_eq!(game.line("Cleo", "look me"), "Bob\nThis is a character.", "nobody has taken it from them");
}
