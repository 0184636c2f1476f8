//! How many permissions somebody may have, and that quelling takes them away.

use meadow::{Rules, TestGame, WorldBuilder};

use super::with_rules;

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules::default());
}

#[test]
fn permissions_at_their_limit_and_one_past() {
    let mut game = TestGame::new(setup);
    game.permit("Cleo", "Developer");
    game.login("Cleo");
    for number in 1..=50 {
        assert!(
            game.line("Cleo", &format!("perm me = skill {number}")).contains("given to Cleo."),
            "{number}"
        );
    }
    assert_eq!(game.line("Cleo", "perm me = skill 51"), "Cleo has 50 permissions, and more are not kept.");
    assert!(
        game.line("Cleo", &format!("perm me = {}", "x".repeat(61))).starts_with("A permission has up to 60")
    );
}

#[test]
fn who_quells_may_do_no_more_than_their_character() {
    let mut game = TestGame::new(setup);
    game.permit("Cleo", "Developer");
    game.login("Cleo");
    assert_eq!(game.line("Cleo", "bans"), "Nobody is banned.");
    game.line("Cleo", "quell");
    assert!(game.line("Cleo", "bans").contains("is not available"));
    game.line("Cleo", "unquell");
    assert_eq!(game.line("Cleo", "bans"), "Nobody is banned.");
}
