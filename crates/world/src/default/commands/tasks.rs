//! `@tasks`: delays that wait for their time, and what to do about them.

use super::listing::{columns, seconds};
use crate::{Command, Cx, Delay, DelayId, DelayState, Meta, Result, Stop, World, say, text};

/// `@tasks[/SWITCH] [NUMBER or FUNCTION]`
pub(super) struct CmdTasks;

impl Command for CmdTasks {
    const META: Meta = Meta {
        key: "@tasks",
        aliases: &["@delays", "@task"],
        locks: "cmd:perm(Developer)",
        help: "see and manage delays\n\nUsage:\n  @tasks\n  @tasks[/<switch>] <number> or <function>\n\nA delay calls a \
               function of the game once, when its time has come. Without a switch, those are shown that are \
               meant.\n\n|w/pause|n lets its time stand still, |w/unpause|n lets it go on; |w/do_task|n does it \
               now, |w/call|n does it now and again when its time has come; |w/cancel|n keeps it from being \
               done, except by |w/do_task|n or |w/call|n; |w/remove|n forgets it.\n\nExamples:\n  @tasks\n  \
               @tasks/do_task 3\n  @tasks/cancel bloom",
        help_category: "System",
        switches: &["pause", "unpause", "do_task", "call", "remove", "cancel"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let name = cx.raw.clone();
        let switch = match cx.switches.as_slice() {
            [] => return show(cx, &name),
            [one] => *one,
            _ => return Err(say("Only one switch at a time.")),
        };
        if name.is_empty() {
            return Err(say(format!("Which? @tasks/{switch} <number> or <function>")));
        }
        let found = named(cx.world, &name);
        let question = match found.as_slice() {
            [] => return Err(say(none(&name))),
            [one] => {
                let function = cx.world.record::<Delay>(*one).map(|delay| delay.function().to_owned());
                let function = function.unwrap_or_default();
                format!("{} task {} ({})?", asked(switch), one.0, text::escape(&function))
            }
            several => format!("{} {} tasks?", asked(switch), several.len()),
        };
        cx.ask_yes_no(question, move |cx, yes| {
            if !yes {
                return Err(say("Nothing was done."));
            }
            for id in found {
                let told = apply(cx.world, id, switch)?;
                cx.msg(told);
            }
            Ok(())
        })
    }
}

/// A switch as a question begins.
fn asked(switch: &str) -> &'static str {
    match switch {
        "pause" => "Pause",
        "unpause" => "Go on with",
        "remove" => "Remove",
        "cancel" => "Cancel",
        _ => "Do",
    }
}

fn show(cx: &mut Cx<'_>, name: &str) -> Result {
    let world = &*cx.world;
    let found = named(world, name);
    let mut told = Vec::new();
    if !found.is_empty() {
        let heads = ["Task", "Function", "Due in", "Data"];
        let delays = found.iter().filter_map(|id| Some((*id, world.record::<Delay>(*id)?)));
        told.push(columns(heads, delays.map(|(id, delay)| row(world, id, delay)), cx.screen()));
    } else if name.is_empty() {
        told.push("There are no tasks.".to_owned());
    } else {
        return Err(say(none(name)));
    }
    let unnamed = world.schedule.len();
    if name.is_empty() && unnamed > 0 {
        let wait = if unnamed == 1 {
            "1 waits that has no name and ends"
        } else {
            &format!("{unnamed} wait that have no name and end")
        };
        told.push(format!("Besides, {wait} with this Server."));
    }
    cx.page(told.join("\n"));
    Ok(())
}

fn row(world: &World, id: DelayId, delay: &Delay) -> [String; 4] {
    let due = match (delay.state(), delay.left(world.now())) {
        (DelayState::Cancelled, _) | (_, None) => "cancelled".to_owned(),
        (DelayState::Paused, Some(left)) => format!("paused, {}", seconds(left)),
        (DelayState::Waiting, Some(left)) => seconds(left),
    };
    [id.0.to_string(), delay.function().to_owned(), due, delay.data().to_string()]
}

/// All, those of a number, or those that call a function.
fn named(world: &World, name: &str) -> Vec<DelayId> {
    let number = name.strip_prefix('#').unwrap_or(name).parse().ok();
    let meant =
        |id: DelayId, delay: &Delay| name.is_empty() || number == Some(id.0) || delay.function() == name;
    world.delays().filter(|(id, delay)| meant(*id, delay)).map(|(id, _)| id).collect()
}

fn none(name: &str) -> String {
    format!("There is no task '{}'.", text::escape(name))
}

/// Does what a switch says, and tells what came of it. A bug of the task's function ends it all, and is logged.
fn apply(world: &mut World, id: DelayId, switch: &str) -> Result<String> {
    let number = id.0;
    if world.record::<Delay>(id).is_none() {
        return Ok(format!("Task {number} is no more."));
    }
    let (done, told) = match switch {
        "pause" => (world.delay_pause(id), "was paused"),
        "unpause" => (world.delay_unpause(id), "goes on"),
        "cancel" => (world.delay_cancel(id), "was cancelled"),
        "remove" => (world.delay_remove(id), "was removed"),
        "do_task" | "call" => {
            let ended = if switch == "call" { world.delay_call(id) } else { world.delay_do(id) };
            match ended {
                Ok(()) => (true, "was done"),
                Err(Stop::Say(told)) => return Ok(format!("Task {number} said: {told}")),
                Err(bug) => return Err(bug),
            }
        }
        _ => (false, ""),
    };
    Ok(if done { format!("Task {number} {told}.") } else { format!("Task {number} is not in that state.") })
}
