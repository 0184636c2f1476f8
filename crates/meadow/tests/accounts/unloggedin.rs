//! What can be done before logging in, besides logging in.

use meadow::{Rules, TestGame, WorldBuilder};

use super::with_rules;

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules::default());
}

#[test]
fn clients_are_set_up_before_the_login() {
    let mut game = TestGame::new(setup);
    game.connect("one");
    assert_eq!(game.line("one", "encoding"), "Your character set is utf-8.");
    assert_eq!(
        game.line("one", "encode latin-1"),
        "Option ENCODING was changed from 'utf-8' to 'iso-8859-1'."
    );
    assert_eq!(game.line("one", "encoding"), "Your character set is iso-8859-1.");
    assert!(game.line("one", "encoding klingon").starts_with("Option ENCODING is one of: "));
    assert_eq!(
        game.line("one", "encoding/clear"),
        "Option ENCODING was changed from 'iso-8859-1' to 'utf-8'."
    );
    assert_eq!(game.line("one", "screenreader"), "Screen reader mode is on.");
    assert_eq!(game.line("one", "screenreader"), "Screen reader mode is off.");
}

#[test]
fn programs_ask_what_game_it_is() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.connect("one");
    let expected = format!(
        "## BEGIN INFO 1.1\nName: Test Game\nUptime: 0s\nConnected: 1\nVersion: Meadow {}\n## END INFO",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(game.line("one", "info"), expected);
}

#[test]
fn a_common_password_makes_no_account() {
    let mut game = TestGame::new(setup);
    game.connect("one");
    let told = "That password is one of the first that others try. Please choose another.";
    assert_eq!(game.line("one", "create Anna Password123"), told);
}
