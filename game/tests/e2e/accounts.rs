//! How a stranger gets in, and who does not.

use crate::harness::{Game, PASSWORD, Wire};

#[test]
fn a_stranger_makes_an_account_connects_and_sees_the_meadow_to_the_letter() {
    let game = Game::started();
    let mut anna = game.stranger();
    anna.send(&format!("create anna {PASSWORD}"));
    anna.expect("You want to create an account 'anna' with this password. Is this what you intended?");
    anna.send("y");
    anna.expect("A new account 'anna' was created. Welcome!\n");
    anna.expect("\n");
    let told = anna.ask(&format!("connect anna {PASSWORD}"));
    let meadow = "A Meadow\n\
                  This is a beautiful meadow. It is full of flowers.\n\
                  You see: a flower\n\
                  Exits: north, east\n";
    let told = told.strip_prefix("You are now logged in as anna.\nYou become anna.\n");
    let welcome =
        told.and_then(|told| told.strip_prefix(meadow)).expect("the meadow is the first that one sees");
    assert!(welcome.starts_with("You have never been here before."), "{welcome}");
    assert_eq!(anna.ask("look"), meadow);
}

#[test]
fn who_thinks_better_of_it_makes_no_account() {
    let game = Game::started();
    let mut anna = game.stranger();
    anna.send(&format!("create anna {PASSWORD}"));
    anna.expect("Is this what you intended? [Y]/N? ");
    assert_eq!(anna.ask("n"), "No account was made.\n");
    assert_eq!(anna.ask(&format!("connect anna {PASSWORD}")), "Username and/or password is incorrect.\n");
    anna.register("anna");
    anna.log_in("anna", PASSWORD);
}

#[test]
fn the_sixth_wrong_password_from_one_address_has_to_wait() {
    let game = Game::started();
    let mut anna = game.stranger();
    anna.register("anna");
    let mut thief = game.stranger();
    for _ in 0..5 {
        assert_eq!(thief.ask("connect anna not-the-password"), "Username and/or password is incorrect.\n");
    }
    let refused = "Too many login failures from your address. Please try again in ";
    let told = thief.ask("connect anna not-the-password");
    assert!(told.starts_with(refused) && told.ends_with("m.\n"), "{told}");
    // Nor does the right one help, nor another connection.
    assert!(thief.ask(&format!("connect anna {PASSWORD}")).starts_with(refused));
    assert!(game.stranger().ask(&format!("connect anna {PASSWORD}")).starts_with(refused));
    let mut browser = game.browser();
    browser.send_tuple(&serde_json::json!(["login", [], {"name": "anna", "password": PASSWORD}]));
    browser.expect("Too many login failures from your address.");
}

/// As telnet clients see it; what the others are told is tested with the clients.
#[test]
fn a_password_that_is_asked_for_is_hidden_also_while_the_server_is_exchanged() {
    const ECHO: u8 = 1;
    const WILL: u8 = 251;
    const WONT: u8 = 252;
    let game = Game::started_with(&["log.level=debug"]);
    game.player("anna").hang_up();
    let mut anna = Wire::connect(&game, &[ECHO]);
    anna.expect(b"hangs up.");
    anna.send("connect anna");
    anna.expect(b"Password: ");
    let hidden = anna.take_negotiated(ECHO);
    assert!(matches!(&hidden[..], [(WILL, before)] if !before.contains("Password: ")), "{hidden:?}");
    let reloaded = game.meadow(&["reload"]);
    assert_eq!(reloaded.code, 0, "{reloaded:?}");
    anna.expect(b"The game has been reloaded.");
    anna.send("not-the-password");
    anna.expect(b"Username and/or password is incorrect.");
    anna.send("connect nobody");
    anna.expect(b"Password: ");
    let again = anna.take_negotiated(ECHO);
    assert!(matches!(&again[..], [(WONT, _), (WILL, _)]), "{again:?}");
    anna.send(PASSWORD);
    anna.expect(b"Username and/or password is incorrect.");
    anna.send("connect anna");
    anna.expect(b"Password: ");
    anna.send(PASSWORD);
    anna.expect(b"You are now logged in as");
    anna.expect(b"Exits:");
    anna.send("say xyzzy");
    let told = anna.expect(b"You say, \"xyzzy");
    assert!(!String::from_utf8_lossy(&told).contains("Password"));
    let shown: Vec<u8> = anna.take_negotiated(ECHO).into_iter().map(|(command, _)| command).collect();
    assert_eq!(shown, [WONT, WILL, WONT]);
    for (path, content) in game.files() {
        let holds = content.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes());
        assert!(!holds, "{} holds a password", path.display());
    }
}

#[test]
fn passwords_are_in_no_file_of_the_game() {
    let game = Game::started_with(&["log.level=debug"]);
    let mut anna = game.player("anna");
    anna.send(&format!("password {PASSWORD} = new-{PASSWORD}"));
    anna.expect("Password changed.\n");
    // Typed where it does not belong, too.
    anna.ask(&format!("connect anna {PASSWORD}"));
    let mut bert = game.stranger();
    bert.ask(&format!("conect anna {PASSWORD}"));
    bert.ask(&format!("connect anna {PASSWORD}"));
    bert.ask(&format!("create anna {PASSWORD}"));
    let done = game.meadow_with(&["superuser", "boss", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert_eq!(done.code, 0, "{done:?}");
    assert!(!done.out.contains(PASSWORD) && !done.err.contains(PASSWORD));
    game.meadow(&["reload"]);
    bert.ask("look");
    for (path, content) in game.files() {
        let holds = content.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes());
        assert!(!holds, "{} holds a password", path.display());
    }
}
