//! MSDP's commands: LIST, REPORT, UNREPORT, RESET and SEND, on variables of the character that a client puppets.
//! Names are matched whatever their case, and answered in the client's own.
//!
//! The variables stand in `values`; what is reported is a monitor.

use meadow_link::{
    CommandTuple, Kwargs, SessionId,
    oob::{MSDP_COMMANDS, MSDP_CONFIGURABLE, msdp},
};
use serde_json::{Value, json};

use super::{
    monitor::{MONITORS_LIMIT, Monitor, Told},
    unreadable, values,
};
use crate::{Result, World, setup::WorldBuilder};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("msdp_list", "Asks for a list: COMMANDS, LISTS, REPORTABLE_VARIABLES ...", list)
        .raw_inputfunc("msdp_report", "Asks for variables, now and whenever they change.", report)
        .raw_inputfunc("msdp_unreport", "Asks to be told no more of variables.", unreport)
        .raw_inputfunc("msdp_reset", "Asks to be told no more of anything in a list.", reset)
        .raw_inputfunc("msdp_send", "Asks for variables, once.", send);
}

/// The lists that there are.
const LISTS: [&str; 6] = [
    "COMMANDS",
    "LISTS",
    "CONFIGURABLE_VARIABLES",
    "REPORTABLE_VARIABLES",
    "REPORTED_VARIABLES",
    "SENDABLE_VARIABLES",
];

fn list(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let mut unknown = Vec::new();
    for name in names(&given) {
        let found = match name.to_ascii_uppercase().as_str() {
            "COMMANDS" => json!(MSDP_COMMANDS),
            "LISTS" => json!(LISTS),
            "CONFIGURABLE_VARIABLES" => json!(MSDP_CONFIGURABLE),
            "REPORTABLE_VARIABLES" | "SENDABLE_VARIABLES" => json!(world.game.values.msdp.names()),
            "REPORTED_VARIABLES" => reported(world, session),
            _ => {
                unknown.push(name);
                continue;
            }
        };
        world.msg(session, msdp(Kwargs::from_iter([(name.to_owned(), found)])));
    }
    refuse("list", &unknown)
}

fn reported(world: &World, session: SessionId) -> Value {
    let monitors = world.session(session).into_iter().flat_map(|session| session.monitors.iter());
    monitors.filter(|monitor| monitor.told == Told::Msdp).map(|monitor| json!(monitor.name)).collect()
}

fn report(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let (variables, unknown) = look_up(world, session, &given);
    let new = variables.iter().map(|(name, value)| Monitor::new(name, Told::Msdp, Some(value.clone())));
    let added = world.add_monitors(session, new.collect());
    answer(world, session, variables);
    added.and_then(|()| refuse("variable", &unknown))
}

fn unreport(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let keys: Vec<Box<str>> = names(&given).map(values::key).collect();
    world.remove_monitors(session, |monitor| {
        monitor.told == Told::Msdp && keys.iter().any(|key| **key == *monitor.key())
    });
    Ok(())
}

/// A variable's initial state is not to be reported. Those that a client sets about itself are the Portal's, and
/// stay: what they were before is what was negotiated.
fn reset(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let lists = ["REPORTABLE_VARIABLES", "REPORTED_VARIABLES"];
    if names(&given).any(|name| lists.iter().any(|list| list.eq_ignore_ascii_case(name))) {
        world.remove_monitors(session, |monitor| monitor.told == Told::Msdp);
        return Ok(());
    }
    unreport(world, session, given)
}

fn send(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let (variables, unknown) = look_up(world, session, &given);
    answer(world, session, variables);
    refuse("variable", &unknown)
}

fn answer(world: &mut World, session: SessionId, variables: Kwargs) {
    if !variables.is_empty() {
        world.msg(session, msdp(variables));
    }
}

/// The values of the variables that are named, and the names that mean none.
fn look_up<'g>(world: &World, session: SessionId, given: &'g CommandTuple) -> (Kwargs, Vec<&'g str>) {
    let (mut variables, mut unknown) = (Kwargs::new(), Vec::new());
    let asker = world.asker(session);
    for name in names(given) {
        match world.game.values.msdp.find(&values::key(name)) {
            Some(source) => drop(variables.insert(name.to_owned(), source.value(world, asker))),
            None => unknown.push(name),
        }
    }
    (variables, unknown)
}

/// What a client named; no more than it could have reported at a time.
fn names(given: &CommandTuple) -> impl Iterator<Item = &str> {
    given.args.iter().filter_map(Value::as_str).map(str::trim).take(MONITORS_LIMIT)
}

fn refuse(what: &str, unknown: &[&str]) -> Result {
    match unknown {
        [] => Ok(()),
        names => Err(unreadable(format!("there is no {what} {}", names.join(", ")))),
    }
}
