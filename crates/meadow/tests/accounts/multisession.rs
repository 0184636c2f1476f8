//! Several connections of an account, in the four modes that Evennia has.

use meadow::{MultisessionMode, Rules, TestGame, WorldBuilder};

use super::{log_in, with_rules};

fn mode(world: &mut WorldBuilder, multisession: MultisessionMode) {
    with_rules(world, Rules { multisession, max_characters: 3, ..Rules::default() });
}

/// Anna with a second character, Alice, connected once as `one` and in the body of Anna; Bob looks on.
fn begun(setup: meadow::Setup) -> TestGame {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    assert!(game.line("Anna", "charcreate Alice").starts_with("You made the character Alice."));
    game.line("Anna", "quit");
    game.login("Bob");
    log_in(&mut game, "one", "Anna");
    game.read("Bob");
    game
}

#[test]
fn single_a_new_connection_takes_the_place_of_the_old() {
    let mut game = begun(|world| mode(world, MultisessionMode::Single));
    let seen = log_in(&mut game, "two", "Anna");
    assert!(seen.ends_with("Hall\nA bare hall.\nCharacters: Bob"), "{seen}");
    assert!(game.read("one").ends_with("Logged in from elsewhere. Disconnecting."));
    assert!(!game.is_connected("one"));
    assert_eq!(game.read("Bob"), "", "nobody sees anything of it");
}

#[test]
fn shared_all_connections_hear_the_same_and_change_bodies_together() {
    let mut game = begun(|world| mode(world, MultisessionMode::Shared));
    let seen = log_in(&mut game, "two", "Anna");
    assert!(seen.contains("You share Anna with another of your connections."), "{seen}");
    assert_eq!(game.read("one"), "You share Anna with another of your connections now.");
    assert_eq!(game.read("Bob"), "");
    assert_eq!(game.line("one", "say hello"), "You say, \"hello\"");
    assert_eq!(game.read("two"), "You say, \"hello\"");
    game.read("Bob");
    assert!(game.line("two", "ic Alice").starts_with("You become Alice."));
    assert!(game.read("one").starts_with("Alice has entered the game.\nHall\n"), "it follows");
    assert_eq!(game.line("one", "look me"), "Alice\nThis is a character.");
    assert_eq!(game.read("Bob"), "Alice has entered the game.\nAnna has left the game.");
    // One leaves, the other goes on.
    assert!(game.line("one", "quit").contains("One other connection of yours stays."));
    assert_eq!(game.read("Bob"), "");
    game.line("two", "quit");
    assert_eq!(game.read("Bob"), "Alice has left the game.");
}

#[test]
fn separate_each_connection_has_a_body_of_its_own() {
    let mut game = begun(|world| {
        with_rules(
            world,
            Rules {
                multisession: MultisessionMode::Separate,
                max_characters: 3,
                max_simultaneous_puppets: 2,
                ..Rules::default()
            },
        );
    });
    let seen = log_in(&mut game, "two", "Anna");
    assert!(seen.contains("You take over Anna from another of your connections."), "{seen}");
    assert_eq!(game.read("one"), "Anna is driven from another of your connections now.");
    assert_eq!(game.read("Bob"), "", "Anna stands where she stood");
    assert!(game.line("one", "ic Alice").starts_with("You become Alice."));
    assert_eq!(game.read("two"), "Alice has entered the game.");
    assert_eq!(game.line("two", "look me"), "Anna\nThis is a character.");
    let look = {
        game.line("one", "ooc");
        game.line("one", "look")
    };
    assert!(look.contains("\n *1 by telnet from 192.0.2.1\n  2 by telnet from 192.0.2.1"), "{look}");
    assert!(look.contains("  ic Anna (played by you in connection 2)\n  ic Alice\n"), "{look}");
    game.line("one", "ic Alice");
    game.line("two", "charcreate Agnes");
    log_in(&mut game, "three", "Anna");
    game.read("one");
    // Anna is driven from the second, and the third has taken Alice, who was the last one.
    assert_eq!(game.line("one", "ic Agnes"), "You can't have more bodies at a time (at most 2).");
    assert!(game.line("two", "ic Agnes").starts_with("You become Agnes."), "in place of another");
    let gone = game.line("two", "quit/all");
    assert!(gone.ends_with("Quitting all of your connections. Hope to see you again, soon."), "{gone}");
    assert!(["one", "two", "three"].iter().all(|name| !game.is_connected(name)));
}

#[test]
fn mixed_connections_share_a_body_or_have_others_over_a_reload_too() {
    let mut game = begun(|world| {
        with_rules(
            world,
            Rules {
                multisession: MultisessionMode::Mixed,
                max_characters: 3,
                max_simultaneous_puppets: 0,
                ..Rules::default()
            },
        );
    });
    log_in(&mut game, "two", "Anna");
    game.read("one");
    game.reload();
    game.read("one");
    game.read("two");
    game.line("one", "say hello");
    assert_eq!(game.read("two"), "You say, \"hello\"");
    assert!(game.line("two", "ic Alice").starts_with("You become Alice."));
    game.read("one");
    game.line("two", "say I am Alice");
    assert_eq!(game.read("one"), "Alice says, \"I am Alice\"", "only one of them has changed");
}

#[test]
fn without_auto_puppet_one_chooses_and_without_a_character_one_makes_one() {
    let mut game = TestGame::new(|world| {
        let rules = Rules { auto_puppet: false, auto_create_character: false, ..Rules::default() };
        with_rules(world, rules);
    });
    game.connect("one");
    game.line("one", "create Anna \"rose garden\"");
    game.line("one", "yes");
    let seen = game.line("one", "connect Anna \"rose garden\"");
    assert!(
        seen.contains("You are Anna, out of character.\n\nYour characters (0 of 1):\n  none yet"),
        "{seen}"
    );
    game.line("one", "charcreate Alice");
    assert!(game.line("one", "ic Alice").starts_with("You become Alice."));
    assert!(game.line("one", "ooc").contains("\n  ic Alice\n"));
}
