//! Menus: a smith who talks, in code and as a template, and a machine that can't be left.

use meadow::{
    Command, Cx, Ended, For, Goto, Menu, Meta, NewObject, Next, Nodes, ObjectId, Result, Target, TestGame,
    WorldBuilder, bug, say, transcript,
};
use serde::{Deserialize, Serialize};

fn setup(world: &mut WorldBuilder) {
    world
        .menu::<Smith>()
        .menu::<Guard>()
        .menu::<Machine>()
        .command(For::Character, CmdTalk)
        .command(For::Character, CmdGuard)
        .command(For::Character, CmdMachine)
        .command(For::Character, CmdShatter)
        .at_initial_setup(|world| {
            let hall = crate::hall(world)?;
            let new = |key| NewObject { key, location: Some(hall), ..NewObject::default() };
            world.create(new("smith"))?;
            world.create(new("coin"))?;
            Ok(())
        });
}

/// Sells a sword.
#[derive(Default, Serialize, Deserialize)]
struct Smith {
    price: u32,
    name: String,
}

impl Menu for Smith {
    const NAME: &'static str = "smith";

    fn nodes(menu: &mut Nodes<Smith>) {
        menu.node("start", "\"Well?\"")
            .choice("A sword.", "sword")
            .choice("Here is a coin.", Goto::Again)
            .when(|cx, _| {
                let is_coin = |id: &ObjectId| cx.world[*id].key() == "coin";
                cx.puppet.is_some_and(|me| cx.world[me].contents().iter().any(is_coin))
            })
            .run(|cx, _| {
                let coin = cx.world.objects_named("coin")[0];
                let smith = cx.obj.ok_or_else(|| bug("the menu is about nobody"))?;
                cx.world.move_quietly(coin, smith)?;
                cx.msg("He takes it.");
                Ok(())
            })
            .choice("Goodbye.", "bye")
            .key("Bye")
            .key("b");
        menu.node_with("sword", |cx, smith| {
            let name = cx.obj.map(|smith| cx.world[smith].key()).unwrap_or_default();
            format!("{name} says, \"{} coins.\"", smith.price)
        })
        .help("Haggle!")
        .choice_by("Too much!", |_, smith| {
            smith.price -= 5;
            Ok(if smith.price < 10 { "bye".into() } else { Goto::Again })
        })
        .choice("", "name")
        .desc(|_, smith| format!("Pay {} coins.", smith.price));
        menu.node("name", "\"What shall be written on it?\"").input(|cx, smith| {
            if cx.args.is_empty() {
                return Err(say("\"Speak up!\""));
            }
            smith.name.clone_from(&cx.args);
            Ok("done".into())
        });
        menu.node_with("done", |_, smith| format!("\"{}. A good name.\"", smith.name));
        menu.node("bye", "He turns away.");
    }

    fn ended(self, cx: &mut Cx<'_>, why: Ended) -> Result {
        if why == Ended::Itself && cx.obj.is_some() {
            cx.msg("The hammer goes on.");
        }
        Ok(())
    }
}

/// Stands beside whatever else the player does.
#[derive(Serialize, Deserialize)]
struct Guard;

impl Menu for Guard {
    const NAME: &'static str = "guard";
    const OTHER: Next = Next::Pass;

    fn nodes(menu: &mut Nodes<Guard>) {
        menu.template(
            "
## node start
\"Halt!\"

Nobody passes.

## options
# The letter is not for everybody.
I have a letter. -> letter
pay;p: Here is a coin. -> pay()
> where *: where

## NODE letter
\"Read it to me.\"
## OPTIONS
>: end

## node where
\"Ask somebody else.\"
",
            &[("pay", |cx, _| {
                cx.msg("He looks the other way.");
                Ok(Goto::End)
            })],
        );
    }
}

/// Can't be left, except by its button.
#[derive(Serialize, Deserialize)]
struct Machine;

impl Menu for Machine {
    const NAME: &'static str = "machine";
    const QUIT: &'static [&'static str] = &[];

    fn nodes(menu: &mut Nodes<Machine>) {
        menu.node("start", "It hums.")
            .choice_by("Press.", |_, _| Ok("nowhere".into()))
            .choice("Wait.", Goto::Again);
    }
}

struct CmdTalk;
impl Command for CmdTalk {
    const META: Meta = Meta { key: "talk", ..Meta::DEFAULT };
    type Args = Target;
    fn func(&self, cx: &mut Cx<'_>, Target(smith): Target) -> Result {
        cx.menu_about(smith, Smith { price: 20, ..Smith::default() })
    }
}

struct CmdGuard;
impl Command for CmdGuard {
    const META: Meta = Meta { key: "guard", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.menu(Guard)
    }
}

struct CmdMachine;
impl Command for CmdMachine {
    const META: Meta = Meta { key: "machine", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.menu(Machine)
    }
}

struct CmdShatter;
impl Command for CmdShatter {
    const META: Meta = Meta { key: "shatter", ..Meta::DEFAULT };
    type Args = Target;
    fn func(&self, cx: &mut Cx<'_>, Target(thing): Target) -> Result {
        cx.world.destroy(thing).map(drop)
    }
}

#[test]
fn a_smith_talks_over_a_reload_and_a_crash() {
    transcript(
        setup,
        "
> talk smith
\"Well?\"
1: A sword.
Bye: Goodbye.
> 2
That can't be chosen here. Type what stands before a colon; quit leaves.
1: A sword.
Bye: Goodbye.
> look
\"Well?\"
1: A sword.
Bye: Goodbye.
> help
Type what stands before the colon to choose it. look shows it again, quit leaves.
> 1
smith says, \"20 coins.\"
1: Too much!
2: Pay 20 coins.
> h
Haggle!
> 1
smith says, \"15 coins.\"
1: Too much!
2: Pay 15 coins.
! reload
The game has been reloaded.
smith says, \"15 coins.\"
1: Too much!
2: Pay 15 coins.
> 1
smith says, \"10 coins.\"
1: Too much!
2: Pay 10 coins.
! crash
smith says, \"10 coins.\"
1: Too much!
2: Pay 10 coins.
> 2
\"What shall be written on it?\"
>
\"Speak up!\"
> |rBiter
\"|rBiter. A good name.\"
The hammer goes on.
> look
Hall
...
",
    );
}

#[test]
fn it_can_be_left_and_its_last_node_ends_it() {
    transcript(
        setup,
        "
> talk smith
...
> Q
You leave it at that.
The hammer goes on.
> talk smith
...
> B
He turns away.
The hammer goes on.
> abort
\\Command 'abort' is not available. Maybe you meant \"@about\"?
",
    );
}

#[test]
fn what_is_there_only_sometimes() {
    transcript(
        setup,
        "
> get coin
You pick up a coin.
> talk smith
\"Well?\"
1: A sword.
2: Here is a coin.
Bye: Goodbye.
> 2
He takes it.
\"Well?\"
1: A sword.
Bye: Goodbye.
> 2
That can't be chosen here. Type what stands before a colon; quit leaves.
1: A sword.
Bye: Goodbye.
> 1
...
> 1
...
> 1
...
> 1
He turns away.
The hammer goes on.
",
    );
}

#[test]
fn what_was_shown_and_is_there_no_more_is_not_taken_for_another() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "get coin");
    game.line("Anna", "talk smith");
    let coin = game.world().objects_named("coin")[0];
    game.world().destroy(coin).unwrap();
    let seen = game.line("Anna", "2");
    assert_eq!(seen, "That can't be chosen any more.\n\"Well?\"\n\n1: A sword.\nBye: Goodbye.");
}

#[test]
fn whoever_is_gone_talks_no_more() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.login("Bob");
    let find = |game: &mut TestGame, name: &str| -> ObjectId { game.world().objects_named(name)[0] };
    // The player is somewhere else, and gives a command.
    game.line("Anna", "talk smith");
    game.read("Anna");
    let (anna, yard) = (find(&mut game, "Anna"), find(&mut game, "Yard"));
    let hall = find(&mut game, "Hall");
    game.world().move_quietly(anna, yard).unwrap();
    let seen = game.line("Anna", "look");
    assert!(seen.starts_with("smith is not here any more.\nThe hammer goes on.\nYard\n"), "{seen}");
    game.world().move_quietly(anna, hall).unwrap();
    // The smith is destroyed, and what was meant for him is no command.
    game.line("Anna", "talk smith");
    assert_eq!(game.line("Bob", "shatter smith"), "");
    assert_eq!(game.line("Anna", "1"), "smith is not here any more.");
    assert!(game.line("Anna", "look").starts_with("Hall\n"));
}

#[test]
fn a_template_says_the_same_and_commands_are_let_through() {
    transcript(
        setup,
        "
> guard
\"Halt!\"
Nobody passes.
1: I have a letter.
pay: Here is a coin.
> inventory
You are not carrying anything.
> mumble
That can't be chosen here. Type what stands before a colon; quit leaves.
1: I have a letter.
pay: Here is a coin.
> Where am I?
\"Ask somebody else.\"
> guard
...
> P
He looks the other way.
> guard
...
> 1
\"Read it to me.\"
> say this
> say this
You say, \"this\"
",
    );
}

#[test]
fn a_menu_without_a_way_out_ends_when_it_breaks() {
    transcript(
        setup,
        "
> machine
It hums.
1: Press.
2: Wait.
> quit
That can't be chosen here. Type what stands before a colon.
1: Press.
2: Wait.
> help
Type what stands before the colon to choose it. look shows it again.
> 2
It hums.
1: Press.
2: Wait.
> 1
Something broke. The staff of this game can read about it in the log.
> 1
...
\\Command '1' is not available. Type \"help\" for help.
",
    );
}

#[test]
fn menus_are_text_of_their_own_type() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.take_tuples("Anna");
    game.line("Anna", "machine");
    let told = game.take_tuples("Anna");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].kwargs["type"], "menu");
    assert!(told[0].shown().contains("|lc1|lt1|le"), "clients that know links can click");
}

/// Leads to a node that it has not.
#[derive(Serialize, Deserialize)]
struct Lost;

impl Menu for Lost {
    const NAME: &'static str = "lost";

    fn nodes(menu: &mut Nodes<Lost>) {
        menu.node("start", "").choice("Go.", "nowhere");
    }
}

#[test]
#[should_panic(expected = "the node start of the menu lost leads to nowhere, which it has not")]
fn a_way_to_nowhere_shows_at_the_first_start() {
    WorldBuilder::new("A test").menu::<Lost>();
}

/// Calls what is not there.
#[derive(Serialize, Deserialize)]
struct Wrong;

impl Menu for Wrong {
    const NAME: &'static str = "wrong";

    fn nodes(menu: &mut Nodes<Wrong>) {
        menu.template("## node start\n\"Halt!\"\n## options\nPay. -> pay()\n", &[]);
    }
}

#[test]
#[should_panic(expected = "line 4 of a menu, \"Pay. -> pay()\": there is no such function")]
fn a_template_s_mistake_shows_at_the_first_start() {
    WorldBuilder::new("A test").menu::<Wrong>();
}
