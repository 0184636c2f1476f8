//! What can be done before logging in, besides logging in.

use meadow::{PASSWORD, Rules, TestGame, WorldBuilder};

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
    let told = game.line("one", "help screenreader");
    assert!(told.contains("option/save screenreader=on"), "{told}");
    assert!(!game.line("one", "help").contains("Exits"), "who is nowhere has no exits to go by");
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

#[test]
fn names_and_passwords_have_rules() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.connect("one");
    for (given, told) in [
        ("create Al x", "A name has 3 to 30 characters."),
        ("create Abcdefghijabcdefghijabcdefghijk x", "A name has 3 to 30 characters."),
        ("create 4nna x", "A name begins with a letter,"),
        ("create Änna x", "A name begins with a letter,"),
        ("create Admin x", "The name Admin is reserved."),
        ("create anna x", "The name anna is taken."),
        ("create Robert 1234567", "That password is too short: it needs at least 8 characters."),
        ("create Robert 90573162", "A password can't be made of digits only."),
        ("create Robertus robertus", "The password can't be the name itself."),
    ] {
        let seen = game.line("one", given);
        assert!(seen.starts_with(told), "{given}: {seen}");
        assert!(!seen.contains("Is this what you intended?"), "{given}: {seen}");
    }
    assert!(game.line("one", "create Abcdefghijabcdefghijabcdefghij battery-staple").contains("intended"));
}

#[test]
fn nobody_makes_an_account_where_the_rules_say_so() {
    let mut game =
        TestGame::new(|world| with_rules(world, Rules { registration: false, ..Rules::default() }));
    game.connect("one");
    let told = "New accounts can't be made here: ask the staff of this game.";
    assert_eq!(game.line("one", "create Robert battery-staple"), told);
}

#[test]
fn what_is_typed_before_the_login_has_short_names() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    for name in ["one", "two", "three", "four", "five"] {
        game.connect(name);
    }
    assert!(game.line("one", "conn Anna wrong-password").contains("incorrect"));
    assert!(game.line("one", "con").starts_with("Usage: connect"));
    assert!(game.line("one", &format!("co Anna {PASSWORD}")).starts_with("You are now logged in as Anna."));
    assert!(game.line("two", "cre Robert battery-staple").contains("an account 'Robert'"));
    assert_eq!(game.line("two", "no"), "No account was made.");
    assert!(game.line("two", "cr Robert battery-staple").contains("an account 'Robert'"));
    assert!(game.line("two", "yes").contains("A new account 'Robert' was created."));
    assert_eq!(game.line("three", "l"), game.line("three", "look"));
    assert_eq!(game.line("three", "qu"), "Good bye! Disconnecting.");
    assert_eq!(game.line("four", "q"), "Good bye! Disconnecting.");
    assert!(!game.is_connected("three") && !game.is_connected("four"));
    assert_eq!(game.line("five", "?"), game.line("five", "help"));
}
