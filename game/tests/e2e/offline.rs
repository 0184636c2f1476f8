//! What is done to a game from outside: superusers, and accounts for load tests.

use crate::harness::{Game, PASSWORD};

#[test]
fn a_superuser_is_made_while_the_game_is_stopped_and_while_it_runs() {
    let game = Game::stopped();
    let make = |name: &str| {
        let done = game.meadow_with(&["superuser", name, "--password-stdin"], &[], &format!("{PASSWORD}\n"));
        assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
        assert!(done.out.contains(name) && !done.out.contains(PASSWORD), "{done:?}");
    };
    make("early");
    game.start();
    make("late");
    for name in ["early", "late"] {
        let mut boss = game.stranger();
        boss.log_in(name, PASSWORD);
        let before = game.pid("server");
        boss.send("@reload");
        boss.expect("The game has been reloaded.\n");
        assert_ne!(game.pid("server"), before, "{name}");
    }
    // An account that is there already becomes one, with the new password.
    let mut anna = game.player("anna");
    assert!(anna.ask("@reload").contains("not available"));
    make("anna");
    anna.send("@reload");
    anna.expect("The game has been reloaded.\n");
}

#[test]
fn a_superuser_without_a_good_password_is_not_made() {
    let game = Game::stopped();
    let make = |password: &str| {
        let done = game.meadow_with(&["superuser", "boss", "--password-stdin"], &[], password);
        assert!(done.code == 1 && done.err.lines().count() == 1, "{done:?}");
        done.err
    };
    assert!(make("").contains("empty"));
    assert!(make("short\n").contains("too short"));
    game.start();
    assert!(make("short\n").contains("too short"));
    let done = game.meadow(&["superuser", "boss"]);
    assert!(done.code == 1 && done.err.contains("--password-stdin"), "{done:?}");
    let mut nobody = game.stranger();
    assert!(nobody.ask("connect boss short").contains("incorrect"));
}

#[test]
fn populated_players_stand_each_in_a_meadow_of_their_own() {
    let game = Game::stopped();
    assert_eq!(game.meadow(&["populate", "3"]).code, 0);
    assert_eq!(game.meadow(&["populate", "3"]).code, 0, "those that are there are left alone");
    game.start();
    for number in 0..3 {
        let mut user = game.stranger();
        let told = user.log_in(&format!("user{number}"), &format!("password{number}x"));
        assert!(told.contains(&format!("You become User{number}.\n")), "{told}");
        user.rest();
        let meadow = "A Meadow\n\
                      This is a beautiful meadow. It is full of flowers.\n\
                      You see: a flower\n\
                      Exits: north, east\n";
        assert_eq!(user.ask("look"), meadow);
        // The next one has a flower of their own.
        assert_eq!(user.ask("get flower"), "You pick up a flower.\n");
    }
}

#[test]
fn a_populated_crowd_stands_in_the_square() {
    let game = Game::stopped();
    assert_eq!(game.meadow(&["populate", "2", "--together"]).code, 0);
    game.start();
    let mut crowd: Vec<_> = (0..2)
        .map(|number| {
            let mut player = game.stranger();
            player.send(&format!("connect crowd{number} password{number}x"));
            player.expect("The Square\n");
            player
        })
        .collect();
    crowd[0].expect("Crowd1 has entered the game.\n");
    let [zero, one] = crowd.as_mut_slice() else { panic!("there are two") };
    assert!(zero.ask("look").contains("\nCharacters: Crowd1\n"));
    assert!(one.ask("look").contains("\nCharacters: Crowd0\n"));
    zero.send("say Hello");
    one.expect("Crowd0 says, \"Hello\"\n");
}
