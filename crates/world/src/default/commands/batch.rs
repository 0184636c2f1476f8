//! Building by batches: `@batchcommands`, and the commands by which one goes through a batch step by step.

use crate::{
    Command, Commands, Cx, Meta, Result,
    batch::{self, BatchRun, Then, is_name},
    cmdset::CmdSet,
    say,
    text::escape,
};

/// `@batchcommands[/interactive] NAME`
pub(super) struct CmdBatchcommands;

impl Command for CmdBatchcommands {
    const META: Meta = Meta {
        key: "@batchcommands",
        aliases: &["@batchcommand", "@batchcmd"],
        locks: "cmd:perm(Developer)",
        help: "build by the commands in a file\n\nUsage:\n  @batchcommands[/interactive] <name>\n\nRuns the commands of \
               a batch that the game has, or of the file batch/<name>.ev in the game's folder, as if you typed them. A \
               line that begins with # is a comment and ends the command before it; #INSERT <name> stands for another \
               batch. A command that fails stops it, and none asks \
               before it does something. |w/interactive|n goes step by step: |whh|n says how.",
        help_category: "Building",
        switches: &["interactive"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        cx.caller()?;
        if cx.raw.is_empty() {
            let names: Vec<&str> = cx.world.game().batches.keys().copied().collect();
            let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(say(format!(
                "Usage: @batchcommands[/interactive] <name>\nBatches of this game: {names}. Others are files in its folder batch."
            )));
        }
        if cx.world.session(session).is_some_and(|session| session.batch.is_some()) {
            return Err(say("You are going through a batch already: |wabort|n ends it."));
        }
        let name = cx.raw.strip_suffix(".ev").unwrap_or(&cx.raw).to_owned();
        if !is_name(&name) {
            return Err(say("The name of a batch is made of letters, digits, - and _."));
        }
        let interactive = cx.switch("interactive");
        batch::load(cx.world, session, name.clone(), move |world, loaded| {
            let commands = match loaded {
                Ok(commands) if commands.is_empty() => {
                    return world.msg(session, format!("There is no command in the batch {name}."));
                }
                Ok(commands) => commands,
                Err(why) => {
                    return world.msg(session, format!("|rThe batch can't be run:|n {}.", escape(&why)));
                }
            };
            let run = BatchRun { name, commands: commands.into(), at: 0, running: None };
            let until = run.commands.len();
            let told = if interactive {
                format!(
                    "Batch |w{}|n, step by step. |whh|n is a help, |wqq|n quits.\n{}",
                    run.name,
                    batch::title(&run)
                )
            } else {
                let commands = if until == 1 { "command" } else { "commands" };
                format!("Running the batch |w{}|n ({until} {commands}). |wabort|n stops it.", run.name)
            };
            let Some(from) = world.session_mut(session) else { return };
            from.batch = Some(run);
            world.msg(session, told);
            if !interactive {
                batch::run_until(world, session, until, Then::Leave);
            }
        });
        Ok(())
    }
}

/// For who goes through a batch.
pub fn commands() -> Commands {
    CmdSet::new("BatchInteractive").priority(104).add(CmdThrough)
}

const HELP: &str = "go through a batch step by step
  ll        look at the command that is next
  pp        run it, and stay there
  ss [n]    run it, and go on (n commands)
  sl [n]    the same, and look at the one that is next then
  nn [n]    go on without running it; nl [n]: and look
  bb [n]    go back; bl [n]: and look
  jj n      go to the command of that number; jl n: and look
  cc        run all the rest
  rr        read the batch again, and stay where you are
  rrr       read it again, and begin at the beginning
  qq        quit; abort ends it even while it runs
  hh        this help";

/// `hh`, and all that it speaks of: one command by many names.
struct CmdThrough;

impl Command for CmdThrough {
    const META: Meta = Meta {
        key: "hh",
        aliases: &[
            "abort", "qq", "ll", "pp", "nn", "nl", "bb", "bl", "jj", "jl", "ss", "sl", "cc", "rr", "rrr",
        ],
        locks: "cmd:perm(Developer)",
        help: HELP,
        help_category: "Batch",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        match cx.cmdstring.to_lowercase().as_str() {
            "abort" | "qq" => leave(cx),
            "ll" => go(cx, Way::Stay, Show::All),
            "pp" => process(cx),
            "nn" => go(cx, Way::On, Show::Title),
            "nl" => go(cx, Way::On, Show::All),
            "bb" => go(cx, Way::Back, Show::Title),
            "bl" => go(cx, Way::Back, Show::All),
            "jj" => go(cx, Way::To, Show::Title),
            "jl" => go(cx, Way::To, Show::All),
            "ss" => run(cx, Then::Wait),
            "sl" => run(cx, Then::Look),
            "cc" => run(cx, Then::Leave),
            "rr" => read_again(cx, From::Here),
            "rrr" => read_again(cx, From::Beginning),
            _ => {
                cx.msg(HELP);
                Ok(())
            }
        }
    }
}

/// Where one goes in a batch.
#[derive(Clone, Copy)]
enum Way {
    Stay,
    On,
    Back,
    To,
}

/// What is shown of the command that is next.
#[derive(Clone, Copy)]
enum Show {
    Title,
    All,
}

/// Where one is in a batch that was read again.
#[derive(Clone, Copy)]
enum From {
    Here,
    Beginning,
}

/// The batch, if it waits for its player.
fn waiting<'w>(cx: &'w mut Cx<'_>) -> Result<&'w mut BatchRun> {
    let session = cx.session()?;
    let run = batch::of_session(cx.world, session)?;
    if run.running.is_some() {
        return Err(say("The batch is running: |wabort|n stops it."));
    }
    Ok(run)
}

fn number(cx: &Cx<'_>, default: Option<usize>) -> Result<usize> {
    match (cx.raw.as_str(), default) {
        ("", Some(default)) => Ok(default),
        (given, _) => given.parse().map_err(|_| say("Which number?")),
    }
}

fn go(cx: &mut Cx<'_>, way: Way, show: Show) -> Result {
    let by = match way {
        Way::Stay => 0,
        Way::On | Way::Back => number(cx, Some(1))?,
        Way::To => number(cx, None)?,
    };
    let run = waiting(cx)?;
    let last = run.commands.len() - 1;
    run.at = match way {
        Way::Stay => run.at,
        Way::On => run.at.saturating_add(by).min(last),
        Way::Back => run.at.saturating_sub(by),
        Way::To if (1..=last + 1).contains(&by) => by - 1,
        Way::To => return Err(say(format!("The commands of the batch have the numbers 1 to {}.", last + 1))),
    };
    let told = match show {
        Show::Title => batch::title(run),
        Show::All => batch::look(run),
    };
    cx.msg(told);
    Ok(())
}

fn process(cx: &mut Cx<'_>) -> Result {
    let at = waiting(cx)?.at;
    let session = cx.session()?;
    let ended = batch::run_one(cx.world, session);
    batch::of_session(cx.world, session)?.at = at;
    ended.map_err(say)
}

fn run(cx: &mut Cx<'_>, then: Then) -> Result {
    let count = if then == Then::Leave { usize::MAX } else { number(cx, Some(1))? };
    let run = waiting(cx)?;
    if run.at == run.commands.len() {
        return Err(say(batch::title(run)));
    }
    let until = run.at.saturating_add(count);
    let session = cx.session()?;
    batch::run_until(cx.world, session, until, then);
    Ok(())
}

fn read_again(cx: &mut Cx<'_>, from: From) -> Result {
    let name = waiting(cx)?.name.clone();
    let session = cx.session()?;
    batch::load(cx.world, session, name, move |world, loaded| {
        let told = match loaded {
            Err(why) => format!("|rThe batch can't be read again:|n {}.", escape(&why)),
            Ok(commands) if commands.is_empty() => "There is no command in it any more.".to_owned(),
            Ok(commands) => {
                let Ok(run) = batch::of_session(world, session) else { return };
                run.commands = commands.into();
                run.at = match from {
                    From::Here => run.at.min(run.commands.len() - 1),
                    From::Beginning => 0,
                };
                format!("The batch was read again.\n{}", batch::title(run))
            }
        };
        world.msg(session, told);
    });
    Ok(())
}

fn leave(cx: &mut Cx<'_>) -> Result {
    let session = cx.session()?;
    let name = batch::of_session(cx.world, session)?.name.clone();
    if let Some(from) = cx.world.session_mut(session) {
        from.batch = None;
    }
    cx.msg(format!("You are through with the batch {name}."));
    Ok(())
}
