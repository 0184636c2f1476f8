//! Players who say nothing for long.

use std::time::Duration;

use meadow::{Rules, TestGame, WorldBuilder};

use super::with_rules;

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules { idle: Duration::from_secs(600), ..Rules::default() });
}

#[test]
fn who_is_idle_is_told_and_then_disconnected() {
    let mut game = TestGame::new(setup);
    game.permit("Cleo", "Builder");
    game.login("Anna");
    game.login("Bob");
    game.login("Cleo");
    game.connect("stranger");
    ["Anna", "Bob", "Cleo", "stranger"].iter().for_each(|name| drop(game.read(name)));
    game.advance(Duration::from_secs(540));
    let told = "You have been idle for long, and will be disconnected in 1m.";
    assert_eq!(game.read("Anna"), told);
    assert_eq!(game.read("Bob"), told);
    assert_eq!(game.read("Cleo"), "", "builders may be idle");
    assert_eq!(game.line("Bob", "idle"), "", "which is enough");
    game.advance(Duration::from_secs(50));
    assert_eq!(game.read("Anna"), "", "told once");
    game.advance(Duration::from_secs(10));
    assert!(game.read("Anna").ends_with("You have been idle for too long. Disconnecting."));
    let open = ["Anna", "Bob", "Cleo", "stranger"].map(|name| game.is_connected(name));
    assert_eq!(open, [false, true, true, false]);
    game.advance(Duration::from_secs(480));
    assert!(game.read("Bob").ends_with(told), "told again");
    game.reload();
    game.advance(Duration::from_secs(60));
    assert!(!game.is_connected("Bob"), "time goes on over a reload");
}
