//! The stack itself: questions that are closures, and conversations that are kept.

use meadow::{
    Belongs, CONVERSATIONS_LIMIT, Command, Conversation, Cx, Ended, For, Meta, Next, Result, TestGame,
    WorldBuilder, bug, say, transcript,
};
use serde::{Deserialize, Serialize};

fn setup(world: &mut WorldBuilder) {
    world
        .conversation::<Words>()
        .conversation::<Tune>()
        .command(For::Character, CmdWords)
        .command(For::Character, CmdTune)
        .command(For::Character, CmdAsk)
        .at_initial_setup(|world| crate::hall(world).map(drop));
}

/// Collects words until there are three.
#[derive(Default, Serialize, Deserialize)]
struct Words(Vec<String>);

impl Conversation for Words {
    const NAME: &'static str = "words";

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        cx.msg("Three words, please.");
        Ok(Next::Stay)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        match cx.args.as_str() {
            "" => return Err(say("That is no word.")),
            "more" => return cx.begin(Words::default()).map(|()| Next::Stay),
            "ask" => {
                return cx
                    .ask("Which? ", |cx| {
                        cx.msg(format!("{} it is.", cx.args));
                        Ok(())
                    })
                    .map(|()| Next::Stay);
            }
            "stop" => return Ok(Next::End),
            "look" => return Ok(Next::Pass),
            "north" => return Ok(Next::Leave),
            "bug" => return Err(bug("it broke")),
            "panic" => panic!("it broke"),
            word => self.0.push(word.to_owned()),
        }
        if self.0.len() < 3 {
            return Ok(Next::Stay);
        }
        cx.msg(format!("You said: {}.", self.0.join(" ")));
        Ok(Next::End)
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        cx.msg(format!("You were at word {}.", self.0.len() + 1));
        Ok(Next::Stay)
    }

    /// The second word is a secret.
    fn is_secret(&self) -> bool {
        self.0.len() == 1
    }

    fn end(self, cx: &mut Cx<'_>, why: Ended) -> Result {
        cx.msg(format!("The words end: {why:?}."));
        Ok(())
    }
}

/// One that has nothing to do with the body.
#[derive(Serialize, Deserialize)]
struct Tune;

impl Conversation for Tune {
    const NAME: &'static str = "tune";
    const BELONGS: Belongs = Belongs::Session;

    fn start(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        cx.msg("Hum.");
        Ok(Next::Stay)
    }

    fn line(&mut self, cx: &mut Cx<'_>, typed: &str) -> Result<Next> {
        cx.msg(format!("{typed:?} in {}", cx.puppet.is_some()));
        Ok(if cx.args == "ooc" { Next::Pass } else { Next::Stay })
    }
}

struct CmdWords;
impl Command for CmdWords {
    const META: Meta = Meta { key: "words", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.begin(Words::default())
    }
}

struct CmdTune;
impl Command for CmdTune {
    const META: Meta = Meta { key: "tune", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.begin(Tune)
    }
}

struct CmdAsk;
impl Command for CmdAsk {
    const META: Meta = Meta { key: "ask", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.ask_yes_no("Really?", |cx, yes| {
            cx.msg(format!("You said {yes}."));
            Ok(())
        })
    }
}

#[test]
fn a_kept_one_goes_on_over_a_reload_and_a_crash() {
    transcript(
        setup,
        "
> words
Three words, please.
> one
! reload
The game has been reloaded.
You were at word 2.
> look
...
> two
! crash
You were at word 3.
> three
You said: one two three.
The words end: Itself.
> look
Hall
You see nothing special.
Exits: out
",
    );
}

#[test]
fn an_answer_to_a_lost_question_is_no_command() {
    transcript(
        setup,
        "
> ask
Really? [Y]/N?
> perhaps
Please answer yes or no.
Really? [Y]/N?
> n
You said false.
> ask
Really? [Y]/N?
! reload
The game has been reloaded.
What you were asked was lost when the game was restarted, and nothing was done.
Press Enter to go on, and give the command again.
>
> ask
Really? [Y]/N?
! reload
The game has been reloaded.
What you were asked was lost when the game was restarted, and nothing was done.
Press Enter to go on, and give the command again.
> look
Hall
...
> ask
Really? [Y]/N?
! crash
What you were asked was lost when the game was restarted, and nothing was done.
Press Enter to go on, and give the command again.
> y
What you were asked was lost when the game was restarted, and nothing was done. Please give the command again.
> jump
\\Command 'jump' is not available. Type \"help\" for help.
",
    );
}

#[test]
fn one_within_the_other() {
    transcript(
        setup,
        "
> words
Three words, please.
> a
> more
Three words, please.
> ask
Which?
> this
this it is.
You were at word 1.
! crash
You were at word 1.
> stop
The words end: Itself.
You were at word 2.
> bug
Something broke. The staff of this game can read about it in the log.
The words end: Broke.
> words
Three words, please.
>
That is no word.
> north
The words end: Itself.
There is no way north from here.
Exits: out
> words
Three words, please.
> more
Three words, please.
> panic
Something broke. The staff of this game can read about it in the log.
The words end: Broke.
You were at word 1.
",
    );
}

#[test]
fn what_belongs_to_the_body_ends_with_it() {
    transcript(
        setup,
        "
> tune
Hum.
> ooc
\"ooc\" in true
You go out of character. ic takes you back.
>  ic
\" ic\" in false
",
    );
}

#[test]
fn the_body_s_end_with_it_and_go_with_it_to_another_connection() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    assert_eq!(game.line("Anna", "words"), "Three words, please.");
    game.line("Anna", "one");
    let session = game.world().sessions().iter().next().unwrap().id();
    let body = game.world().session(session).unwrap().puppet().unwrap();
    game.world().unpuppet(session);
    game.advance(std::time::Duration::ZERO);
    assert_eq!(game.read("Anna"), "The words end: Body.");
    assert!(!game.world().is_conversing(session));

    game.world().puppet(session, body).unwrap();
    game.line("Anna", "words");
    game.line("Anna", "one");
    // The same account from another client.
    game.connect("anna");
    let seen = game.line("anna", &format!("connect Anna \"{}\"", meadow::PASSWORD));
    assert!(seen.ends_with("You were at word 2."), "{seen}");
    game.crash();
    game.line("anna", "two");
    assert!(game.line("anna", "three").starts_with("You said: one two three."));
}

#[test]
fn a_secret_is_not_what_the_log_would_name() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "words");
    assert_eq!(game.world().last_command(), "the command words (\"\")", "whoever began it is named");
    game.line("Anna", "first");
    assert_eq!(game.world().last_command(), "the conversation words (\"first\")");
    game.crash();
    game.line("Anna", "second");
    assert_eq!(game.world().last_command(), "the conversation words (\"***\")");
    game.line("Anna", "ask");
    game.line("Anna", "answer");
    assert_eq!(game.world().last_command(), "the answer to a question (\"***\")");
}

#[test]
fn as_many_as_the_limit_and_not_one_more() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "words");
    for _ in 1..CONVERSATIONS_LIMIT {
        assert_eq!(game.line("Anna", "more"), "Three words, please.");
    }
    let told = "You are in the middle of too many things. Finish one of them first.";
    assert_eq!(game.line("Anna", "more"), told);
    assert_eq!(game.line("Anna", "ask"), told);
}

#[test]
fn what_nobody_has_registered_does_not_begin() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let session = game.world().sessions().iter().next().unwrap().id();
    assert!(game.world().begin(session, Unregistered).is_err());
    assert!(!game.world().is_conversing(session));
}

/// Nobody has said that there is such a kind.
#[derive(Serialize, Deserialize)]
struct Unregistered;

impl Conversation for Unregistered {
    const NAME: &'static str = "unregistered";

    fn start(&mut self, _cx: &mut Cx<'_>) -> Result<Next> {
        Ok(Next::Stay)
    }

    fn line(&mut self, _cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        Ok(Next::Stay)
    }
}
