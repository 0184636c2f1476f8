//! Passwords that are asked for, and when clients show what is typed.

use meadow::{Command, Cx, For, Meta, PASSWORD, Result, Rules, TestGame, WorldBuilder, tuple};

use super::{log_in, with_rules};

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules::default());
    world.command(For::Character, CmdKnock);
}

struct CmdKnock;
impl Command for CmdKnock {
    const META: Meta = Meta { key: "knock", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.ask_secret("The word? ", |cx| {
            cx.msg(format!("It is {}.", cx.args.len()));
            Ok(())
        })
    }
}

/// What somebody's client has been told since this was last asked: to show what is typed, or not to.
fn echo(game: &mut TestGame, name: &str) -> Vec<bool> {
    let told = game.take_tuples(name);
    told.iter().filter_map(|tuple| tuple.option("echo")?.as_bool()).collect()
}

#[test]
fn strangers_are_told_that_the_password_may_be_left_out() {
    let mut game = TestGame::new(|world| with_rules(world, Rules { guests: 3, ..Rules::default() }));
    game.connect("one");
    let screen = game.line("one", "look");
    assert!(screen.contains("Leave out the password"), "{screen}");
    let widest = screen.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(40), "a phone has room for 40 columns:\n{screen}");
    let help = game.line("one", "help");
    assert!(
        help.starts_with("connect <name> logs you in") && help.contains("ask for the password"),
        "{help}"
    );
    game.login("Anna");
    assert!(!game.line("Anna", "help").contains("connect <name>"));
}

#[test]
fn connect_asks_for_the_password_whoever_it_is_for() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.connect("one");
    for name in ["Anna", "Nobody", "\"Anna Lee\""] {
        assert_eq!(game.line("one", &format!("connect {name}")), "Password:");
        assert_eq!(echo(&mut game, "one"), [false]);
        assert_eq!(game.line("one", "not the password"), "Username and/or password is incorrect.");
        assert_eq!(echo(&mut game, "one"), [true]);
    }
    assert_eq!(game.line("one", "co anna"), "Password:");
    assert_eq!(game.line("one", ""), "You are not logged in.");
    assert_eq!(echo(&mut game, "one"), [false, true]);
    game.line("one", "connect anna");
    let seen = game.line("one", PASSWORD);
    assert!(seen.starts_with("You are now logged in as Anna."), "{seen}");
    assert_eq!(echo(&mut game, "one"), [false, true]);
}

#[test]
fn who_has_failed_too_often_is_told_after_the_question() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.connect("one");
    for _ in 0..5 {
        game.line("one", "connect Anna");
        game.line("one", "not the password");
    }
    assert_eq!(game.line("one", "connect Anna"), "Password:");
    let told = game.line("one", PASSWORD);
    assert!(told.starts_with("Too many login failures from your address."), "{told}");
    game.take_tuples("one");
    game.line("one", "look");
    assert_eq!(echo(&mut game, "one"), [false; 0]);
}

#[test]
fn create_asks_for_a_password_twice() {
    let mut game = TestGame::new(setup);
    game.connect("one");
    assert_eq!(game.line("one", "create Anna"), "A password for the new account 'Anna':");
    assert_eq!(
        game.line("one", "Password1"),
        "That password is one of the first that others try. Please choose another.\nA password for the new account 'Anna':"
    );
    assert_eq!(game.line("one", "battery staple"), "The same again:");
    assert_eq!(
        game.line("one", "battery maple"),
        "That is not the same.\nA password for the new account 'Anna':"
    );
    assert_eq!(game.line("one", "battery staple"), "The same again:");
    let told = game.line("one", "battery staple");
    assert!(told.starts_with("A new account 'Anna' was created."), "{told}");
    let told = echo(&mut game, "one");
    assert_eq!((told.first(), told.last()), (Some(&false), Some(&true)));
    assert!(!told[..told.len() - 1].contains(&true), "one question after another: {told:?}");

    game.line("one", "create Bert");
    assert_eq!(game.line("one", ""), "No account was made.");
    assert_eq!(game.line("one", "create Anna"), "The name Anna is taken. Please choose another.");
    assert_eq!(echo(&mut game, "one"), [false, true]);
}

#[test]
fn the_question_and_the_hiding_outlive_a_server() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.connect("one");
    for crash in [false, true] {
        game.line("one", "connect Anna");
        if crash {
            game.crash()
        } else {
            game.reload()
        }
        assert_eq!(echo(&mut game, "one"), [false], "nothing is told anew");
        game.read("one");
        assert_eq!(game.line("one", "not the password"), "Username and/or password is incorrect.");
        assert_eq!(echo(&mut game, "one"), [true]);
    }
    // What can't be kept hides the next line, too, for that may be a password.
    game.line("one", "create Bert");
    game.line("one", "battery staple");
    game.crash();
    let told = echo(&mut game, "one");
    assert!(!told.is_empty() && !told.contains(&true), "{told:?}");
    assert!(game.line("one", "battery staple").starts_with("What you were in the middle of was lost"));
    assert_eq!(echo(&mut game, "one"), [true]);
}

#[test]
fn a_client_that_logs_in_by_itself_is_asked_no_more() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.connect("one");
    game.line("one", "connect Nobody");
    game.input("one", tuple("login").kw("name", "Anna").kw("password", PASSWORD));
    game.read("one");
    let seen = game.line("one", "look");
    assert!(seen.contains("A bare hall."), "it is a command: {seen}");
    assert_eq!(echo(&mut game, "one"), [false, true]);
}

#[test]
fn games_ask_for_secrets() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.take_tuples("Anna");
    assert_eq!(game.line("Anna", "knock"), "The word?");
    assert_eq!(game.line("Anna", "sesame"), "It is 6.");
    assert_eq!(echo(&mut game, "Anna"), [false, true]);

    // Who takes the body over takes the question over.
    game.line("Anna", "knock");
    log_in(&mut game, "two", "Anna");
    game.take_tuples("two");
    let told = game.read("two");
    assert_eq!(game.line("two", "sesame"), "It is 6.", "{told}");
    assert_eq!(echo(&mut game, "two"), [true]);
}
