//! Hooks of accounts, and those of objects at the end of a Server.

use meadow::{Rules, SessionId, TestGame, prelude::*};

use super::{log_in, with_rules};

/// Notes every hook in an attribute of the account, and keeps out who is called Mallory.
struct Watched;

fn note(world: &mut World, me: AccountId, what: &str) {
    let mut notes: Vec<String> = world[me].db.get("notes").unwrap_or_default();
    notes.push(what.to_owned());
    logged("a note", world[me].db.set("notes", notes));
}

impl AccountTypeclass for Watched {
    fn at_account_creation(&self, world: &mut World, me: AccountId) {
        note(world, me, "creation");
    }

    fn at_first_login(&self, world: &mut World, me: AccountId) {
        note(world, me, "first login");
    }

    fn at_pre_login(&self, world: &mut World, me: AccountId, session: SessionId) -> Result {
        note(world, me, "pre login");
        if world[me].name() == "Mallory" {
            return Err(say("Not you."));
        }
        self.base().at_pre_login(world, me, session)
    }

    fn at_post_login(&self, world: &mut World, me: AccountId, session: SessionId) -> Result {
        note(world, me, "post login");
        self.base().at_post_login(world, me, session)
    }

    fn at_failed_login(&self, world: &mut World, me: AccountId, session: Option<SessionId>) {
        note(world, me, if session.is_some() { "failed login" } else { "failed login elsewhere" });
    }

    fn at_disconnect(&self, world: &mut World, me: AccountId, _session: SessionId, reason: &str) {
        note(world, me, &format!("disconnect {reason}"));
    }

    fn at_post_disconnect(&self, world: &mut World, me: AccountId) {
        let left = world[me].sessions().len();
        note(world, me, &format!("post disconnect {left}"));
    }

    fn at_look(&self, world: &World, me: AccountId, _session: SessionId) -> String {
        format!("{} floats in the void.", escape(world[me].name()))
    }

    fn at_server_start(&self, world: &mut World, me: AccountId) {
        note(world, me, "start");
    }

    fn at_server_reload(&self, world: &mut World, me: AccountId) {
        note(world, me, "reload");
    }
}

/// Rings at the end of a Server.
struct Bell;

impl Typeclass for Bell {
    fn path(&self) -> &'static str {
        "test.Bell"
    }

    fn at_server_reload(&self, world: &mut World, me: ObjectId) {
        let rung: u32 = world[me].db.get("rung").unwrap_or_default();
        logged("a bell", world[me].db.set("rung", rung + 1));
    }
}

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules::default());
    world.account_typeclass(&Watched).typeclass(&Bell);
}

fn notes(game: &mut TestGame, name: &str) -> Vec<String> {
    let account = game.world().account_named(name).expect("the account was made");
    game.world()[account].db.get("notes").unwrap_or_default()
}

#[test]
fn hooks_are_called_in_the_order_of_a_life() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "ooc");
    assert_eq!(game.line("Anna", "look"), "Anna floats in the void.");
    game.line("Anna", "quit");
    game.connect("Anna");
    game.line("Anna", "connect Anna wrong");
    game.login("Anna");
    game.reload();
    assert_eq!(
        notes(&mut game, "Anna"),
        [
            "creation",
            "pre login",
            "first login",
            "post login",
            "disconnect Quitting. Hope to see you again, soon.",
            "post disconnect 0",
            "failed login",
            "pre login",
            "post login",
            "reload",
            "start",
        ]
    );
}

#[test]
fn who_is_kept_out_is_told_why() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let world = game.world();
    world.create_account_unchecked("Mallory", "x").unwrap();
    let hash = world[world.account_named("Anna").unwrap()].password.clone();
    let mallory = world.account_named("Mallory").unwrap();
    world[mallory].password = hash;
    let seen = log_in(&mut game, "one", "Mallory");
    assert!(seen.ends_with("Not you."), "{seen}");
    assert_eq!(notes(&mut game, "Mallory"), ["creation", "pre login"]);
    assert!(game.line("one", "help").contains("connect"), "still at the first screen");
}

#[test]
fn objects_hear_of_a_reload() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let bell = NewObject { key: "bell", typeclass: "test.Bell", ..NewObject::default() };
    let bell = game.world().create(bell).unwrap();
    game.reload();
    assert_eq!(game.world()[bell].db.get::<u32>("rung"), Some(1));
}
