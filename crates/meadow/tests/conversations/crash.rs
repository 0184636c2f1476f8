//! The Server dies when a step is stored, and before anybody has heard of it: the step was taken, and is not taken
//! again.

use meadow::{
    Command, Conversation, Cx, For, Goto, Menu, Meta, NewObject, Next, Nodes, Result, TestGame, WorldBuilder,
    bug, transcript,
};
use serde::{Deserialize, Serialize};

fn setup(world: &mut WorldBuilder) {
    world
        .menu::<Baker>()
        .conversation::<Oath>()
        .command(For::Character, CmdBuy)
        .command(For::Character, CmdSwear)
        .command(For::Character, CmdBurn)
        .command(For::Character, CmdWho)
        .at_initial_setup(|world| crate::hall(world).map(drop));
}

/// Gives a bun for a coin, and there are enough coins for more.
#[derive(Default, Serialize, Deserialize)]
struct Baker {
    sold: u32,
}

impl Menu for Baker {
    const NAME: &'static str = "baker";

    fn nodes(menu: &mut Nodes<Baker>) {
        menu.node_with("start", |_, baker| format!("\"You have bought {}.\"", baker.sold))
            .choice_by("A bun.", |cx, baker| {
                baker.sold += 1;
                bake(cx)?;
                Ok(Goto::Again)
            })
            .choice("The last one.", Goto::End)
            .run(|cx, _| bake(cx));
    }
}

fn bake(cx: &mut Cx<'_>) -> Result {
    let location = Some(cx.puppet.ok_or_else(|| bug("nobody buys"))?);
    cx.world.create(NewObject { key: "bun", location, ..NewObject::default() })?;
    cx.msg("A bun!");
    Ok(())
}

/// Is told a password, and then how often it is to be said.
#[derive(Default, Serialize, Deserialize)]
struct Oath(String);

impl Conversation for Oath {
    const NAME: &'static str = "oath";

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        cx.msg("The word?");
        Ok(Next::Stay)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        if self.0.is_empty() {
            self.0.clone_from(&cx.args);
            bake(cx)?;
            cx.msg("How often?");
            return Ok(Next::Stay);
        }
        cx.msg(format!("{} times {}.", cx.args, self.0));
        Ok(Next::End)
    }

    fn is_secret(&self) -> bool {
        self.0.is_empty()
    }
}

struct CmdBuy;
impl Command for CmdBuy {
    const META: Meta = Meta { key: "buy", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.menu(Baker::default())
    }
}

struct CmdSwear;
impl Command for CmdSwear {
    const META: Meta = Meta { key: "swear", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.begin(Oath::default())
    }
}

struct CmdBurn;
impl Command for CmdBurn {
    const META: Meta = Meta { key: "burn", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.ask_yes_no("All of it?", |cx, yes| if yes { bake(cx) } else { Ok(()) })
    }
}

/// Who is logged in by how many connections, as the game knows them.
struct CmdWho;
impl Command for CmdWho {
    const META: Meta = Meta { key: "tally", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let mut names: Vec<&str> = cx
            .world
            .sessions()
            .iter()
            .filter_map(|session| Some(cx.world[session.account()?].name()))
            .collect();
        names.sort_unstable();
        let names = names.join(", ");
        cx.msg(names);
        Ok(())
    }
}

#[test]
fn a_step_of_a_menu_happens_once() {
    transcript(
        setup,
        "
> buy
\"You have bought 0.\"
1: A bun.
2: The last one.
!> 1
\"You have bought 1.\"
1: A bun.
2: The last one.
> i
\\That can't be chosen here. Type what stands before a colon; quit leaves.
1: A bun.
2: The last one.
> 1
A bun!
\"You have bought 2.\"
1: A bun.
2: The last one.
! crash
\"You have bought 2.\"
1: A bun.
2: The last one.
!> 2
> i
You are carrying:
  three buns
",
    );
}

#[test]
fn what_begins_has_begun() {
    transcript(
        setup,
        "
!> buy
\"You have bought 0.\"
1: A bun.
2: The last one.
! reload
The game has been reloaded.
\"You have bought 0.\"
1: A bun.
2: The last one.
!> 1
\"You have bought 1.\"
1: A bun.
2: The last one.
> quit
You leave it at that.
",
    );
}

#[test]
fn a_question_is_answered_once() {
    transcript(
        setup,
        "
!> burn
What you were asked was lost when the game was restarted, and nothing was done. Please give the command again.
> burn
All of it? [Y]/N?
!> y
> y
\\Command 'y' is not available. Type \"help\" for help.
> i
You are carrying:
  a bun
",
    );
}

#[test]
fn what_has_heard_a_secret_is_not_stored_and_its_step_is_taken_once() {
    transcript(
        setup,
        "
> swear
The word?
> xyzzy
A bun!
How often?
! crash
> 3
3 times xyzzy.
> swear
The word?
!> xyzzy
What you were in the middle of was lost when the game was restarted: a secret was part of it, and secrets are not stored. Please begin again.
> i
You are carrying:
  two buns
> swear
The word?
> xyzzy
...
! reload
The game has been reloaded.
> 4
4 times xyzzy.
",
    );
}

#[test]
fn who_takes_a_body_or_leaves_it_has_done_so() {
    transcript(
        setup,
        "
@Bob
@Anna
!> ooc
You are Anna, out of character.
...
@Bob
Anna has entered the game.
> tally
Anna, Bob
@Anna
!> ic
You become Anna.
Hall
...
> say here
You say, \"here\"
@Bob
Anna says, \"here\"
@Anna
! crash
> say still here
You say, \"still here\"
",
    );
}

#[test]
fn who_has_logged_in_is_logged_in_and_who_has_quit_is_gone() {
    let mut game = TestGame::new(setup);
    game.login("Bob");
    game.login("Anna");
    game.hang_up("Anna");
    game.connect("Anna");
    let seen = game.crash_after("Anna", &format!("connect Anna {:?}", meadow::PASSWORD));
    assert!(seen.contains("You are now logged in as Anna.\nYou become Anna.\nHall\n"), "{seen}");
    assert_eq!(game.line("Anna", "tally"), "Anna, Bob");
    assert_eq!(game.line("Anna", "buy"), "\"You have bought 0.\"\n\n1: A bun.\n2: The last one.");
    game.crash_after("Anna", "quit");
    assert!(game.is_connected("Anna"), "a menu takes it");
    game.crash_after("Anna", "quit");
    assert!(!game.is_connected("Anna"));
    game.read("Bob");
    assert_eq!(game.line("Bob", "tally"), "Bob");
}

#[test]
fn wherever_the_server_dies_the_end_is_the_same() {
    let lines =
        ["buy", "1", "1", "quit", "buy", "1", "2", "ooc", "ic", "north", "out", "buy", "1", "i", "2", "in"];
    let play = |dies_after: &[usize]| {
        let mut game = TestGame::new(setup);
        game.login("Anna");
        for (at, line) in lines.iter().enumerate() {
            match dies_after.contains(&at) {
                true => drop(game.crash_after("Anna", line)),
                false => drop(game.line("Anna", line)),
            }
        }
        game.line("Anna", "i") + &game.line("Anna", "look")
    };
    let undisturbed = play(&[]);
    assert!(undisturbed.contains("six buns") && undisturbed.contains("Hall"), "{undisturbed}");
    for (at, line) in lines.iter().enumerate() {
        assert_eq!(play(&[at]), undisturbed, "it dies after line {at}, {line}");
        assert_eq!(play(&[at, at + 1]), undisturbed, "and after the next");
    }
    assert_eq!(play(&Vec::from_iter(0..lines.len())), undisturbed, "after every line");
}
