//! Guests.

use meadow::{Rules, TestGame, prelude::*};

use super::with_rules;

struct Visitor;

impl AccountTypeclass for Visitor {
    fn base(&self) -> &'static dyn AccountTypeclass {
        &meadow::default::DefaultGuest
    }

    fn at_account_creation(&self, world: &mut World, me: AccountId) {
        let body = world[me].characters[0];
        logged("a visitor", world[body].db.set("desc", "A visitor."));
    }
}

fn setup(world: &mut WorldBuilder) {
    with_rules(world, Rules { guests: 2, ..Rules::default() });
    world.guest_typeclass(&Visitor).guest_names(&["Ada"]);
}

fn enter(game: &mut TestGame, connection: &str) -> String {
    game.connect(connection);
    game.line(connection, "connect Guest")
}

#[test]
fn guests_come_by_names_of_a_list_and_are_gone_without_a_trace() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let objects = game.world().objects().count();
    game.connect("one");
    assert!(game.line("one", "look").ends_with("connect guest lets you look\n around without an account."));
    let seen = enter(&mut game, "one");
    assert!(seen.contains("You are now logged in as Ada.") && seen.contains("You become Ada."), "{seen}");
    assert_eq!(game.line("one", "look me"), "Ada\nA visitor.");
    assert!(enter(&mut game, "two").contains("You become Guest1."));
    let full = enter(&mut game, "three");
    assert!(full.ends_with("All guest accounts are in use. Please try again later."), "{full}");
    for refused in ["password a = b", "charcreate Agnes", "ooc"] {
        assert!(game.line("two", refused).contains("is not available"), "{refused}");
    }
    game.read("Anna");
    game.line("one", "quit");
    game.hang_up("two");
    assert_eq!(
        game.read("Anna"),
        "Ada has left the game.\nGuest1 has left the game.",
        "nothing waits for guests"
    );
    assert_eq!((game.world().accounts().count(), game.world().objects().count()), (1, objects));
    game.crash();
    assert_eq!(game.world().accounts().count(), 1, "nor in the store");
    assert!(enter(&mut game, "one").contains("You become Ada."), "the name is free again");
}

#[test]
fn guests_stay_over_a_reload_unless_they_were_lost_meanwhile() {
    let mut game = TestGame::new(setup);
    enter(&mut game, "one");
    enter(&mut game, "two");
    game.reload();
    assert!(game.read("one").ends_with("The game has been reloaded."));
    assert_eq!(game.line("one", "say hello"), "You say, \"hello\"");
    game.line("two", "quit");
    assert_eq!(game.world().accounts().count(), 1);
}

#[test]
fn nobody_gets_in_by_the_name_of_a_guest_and_none_come_where_the_rules_have_none() {
    let mut game = TestGame::new(setup);
    enter(&mut game, "one");
    game.connect("two");
    assert_eq!(game.line("two", "connect Ada \"\""), "Password:");
    assert_eq!(game.line("two", "\"\""), "You are not logged in.");
    assert!(game.line("two", "connect Ada x").contains("incorrect"));
    let mut closed = TestGame::new(|world| with_rules(world, Rules::default()));
    let seen = enter(&mut closed, "one");
    assert!(seen.ends_with("Guests are not let in here."), "{seen}");
}
