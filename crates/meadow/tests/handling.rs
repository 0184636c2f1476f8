//! How lines find their commands, where a game or a place brings some along: exits, system commands, several matches;
//! and what becomes of what waits when the game is reloaded.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::time::Duration;

use meadow::prelude::*;
use meadow::{NewObject, TestGame, transcript};

/// Says what it was called by.
struct CmdNothing;

impl Command for CmdNothing {
    const META: Meta = Meta { key: "__noinput_command", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.msg("You say nothing.");
        Ok(())
    }
}

/// Says what nobody knew.
struct CmdUnknown;

impl Command for CmdUnknown {
    const META: Meta = Meta { key: "__nomatch_command", arg_regex: "", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let told = format!("Nobody knows how to '{}'.", cx.args);
        cx.msg(told);
        Ok(())
    }
}

/// Breaks.
struct CmdBreak;

impl Command for CmdBreak {
    const META: Meta = Meta { key: "break", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, _: &mut Cx<'_>, (): ()) -> Result {
        Err(meadow::bug("the door leads to 4711, which is no more"))
    }
}

fn plain(world: &mut WorldBuilder) {
    world.command(For::Character, CmdBreak).at_initial_setup(|world| {
        let new = |key, typeclass| NewObject { key, typeclass, ..NewObject::default() };
        let hall = world.create(new("Hall", "default.Room"))?;
        let cellar = world.create(new("Cellar", "default.Room"))?;
        world.create(NewObject {
            location: Some(hall),
            destination: Some(cellar),
            ..new("inventory", "default.Exit")
        })?;
        world.set_start_location(hall);
        Ok(())
    });
}

fn with_system_commands(world: &mut WorldBuilder) {
    world.command(For::Character, CmdNothing).command(For::Character, CmdUnknown);
    plain(world);
}

#[test]
fn an_exit_goes_before_a_command_of_its_name() {
    transcript(plain, "> inventory\nCellar\n...\n> inventory\nYou are not carrying anything.\n");
}

#[test]
fn a_game_answers_what_is_no_command() {
    transcript(
        with_system_commands,
        "> dance\nNobody knows how to 'dance'.\n> say |rx\nYou say, \"|rx\"\n> |rx\nNobody knows how to '|rx'.\n",
    );
    let mut game = TestGame::new(with_system_commands);
    game.login("Anna");
    game.read("Anna");
    assert_eq!(game.line("Anna", ""), "You say nothing.");
}

#[test]
fn what_breaks_is_no_secret_of_the_game() {
    transcript(
        plain,
        "> break\nSomething broke. The staff of this game can read about it in the log.\n> look\nHall\n...\n",
    );
}

#[test]
fn what_is_not_to_last_does_not() {
    let mut game = TestGame::new(plain);
    game.login("Anna");
    game.read("Anna");
    let shout = |game: &mut TestGame| {
        game.world().after(Duration::from_secs(10), |world| world.msg_all("It is later now."));
    };
    shout(&mut game);
    game.advance(Duration::from_secs(10));
    assert_eq!(game.read("Anna"), "It is later now.");
    shout(&mut game);
    game.reload();
    game.read("Anna");
    game.advance(Duration::from_secs(60));
    assert_eq!(game.read("Anna"), "");
}

/// Some can't be taken, and some are broken.
struct Thing;

impl Typeclass for Thing {
    fn path(&self) -> &'static str {
        "test.Thing"
    }

    fn at_pre_get(&self, world: &mut World, me: ObjectId, _: ObjectId) -> Result {
        match world[me].key() {
            "anvil" => Err(meadow::say("Too heavy.")),
            "trap" => Err(meadow::bug("the trap has no spring")),
            _ => Ok(()),
        }
    }
}

fn put(game: &mut TestGame, keys: &[&str]) {
    let hall = game.world().objects_named("Hall")[0];
    for key in keys {
        let new = NewObject { key, typeclass: "test.Thing", location: Some(hall), ..NewObject::default() };
        game.world().create(new).unwrap();
    }
}

fn with_things() -> TestGame {
    let mut game = TestGame::new(|world| {
        plain(world);
        world.typeclass(&Thing);
    });
    game.login("Anna");
    game
}

#[test]
fn what_breaks_among_several_things_is_told_with_what_is_refused() {
    let mut game = with_things();
    put(&mut game, &["anvil", "trap"]);
    let told = game.line("Anna", "get all");
    assert_eq!(
        told.trim(),
        "anvil: Too heavy.\nSomething broke. The staff of this game can read about it in the log."
    );
}

#[test]
fn more_things_than_one_command_moves_are_spoken_of() {
    let mut game = with_things();
    put(&mut game, &["coin"; 107]);
    let most = "100 at one time are the most.";
    let told = |told: String| told.trim().to_owned();
    assert_eq!(
        told(game.line("Anna", "get all")),
        format!("You pick up 100 coins.\n{most} Do it again for the rest (7).")
    );
    assert_eq!(told(game.line("Anna", "get all")), "You pick up seven coins.");
    assert_eq!(
        told(game.line("Anna", "drop 105 coins")),
        format!("You drop 100 coins.\n{most} Do it again for the rest (5).")
    );
    assert_eq!(told(game.line("Anna", "drop 5 coins")), "You drop five coins.");
}
