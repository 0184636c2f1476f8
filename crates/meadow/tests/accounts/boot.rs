//! What those see who are thrown out, and that they are out.

use meadow::{Rules, TestGame, WorldBuilder};

use super::{log_in, with_rules};

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules::default());
}

/// Cleo, a developer, and Bob, who has read all.
fn begun() -> TestGame {
    let mut game = TestGame::new(setup);
    game.permit("Cleo", "Developer");
    game.login("Cleo");
    game.login("Bob");
    game.read("Bob");
    game
}

#[test]
fn who_is_booted_is_told_by_whom_and_why() {
    let mut game = begun();
    game.line("Cleo", "boot bob : go |rhome");
    assert_eq!(game.read("Bob"), "You have been disconnected by Cleo. Reason: go |rhome");
    assert!(!game.is_connected("Bob"));
    game.login("Bob");
    game.line("Cleo", "boot/quiet bob");
    assert_eq!(game.read("Bob"), "");
    assert!(!game.is_connected("Bob"));
}

#[test]
fn a_connection_is_booted_by_its_number() {
    let mut game = begun();
    let bob = game.world().account_named("Bob").unwrap();
    let session = game.world()[bob].sessions()[0];
    game.connect("stranger");
    assert!(game.line("Cleo", &format!("boot/sid {session}")).contains("You booted"));
    assert!(!game.is_connected("Bob") && game.is_connected("stranger"));
}

#[test]
fn who_is_banned_is_told_why_and_kept_out() {
    let mut game = begun();
    game.line("Cleo", "ban B* = 1h : noise");
    game.line("Cleo", "yes");
    let told = "You have been banned and cannot continue from here. Reason: noise\nIt ends in 1h 0m.";
    assert_eq!(game.read("Bob"), told);
    assert!(log_in(&mut game, "Bob", "Bob").ends_with(told));
    assert!(!game.is_connected("Bob"));
    game.line("Cleo", "unban B*");
    game.line("Cleo", "yes");
    game.login("Bob");
}
