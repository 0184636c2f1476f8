//! Who is typing: browser clients tell it while their player writes something that others will hear, and show it of
//! others. Only sessions whose flag ISTYPING is on take part.

use std::time::Duration;

use meadow_link::{CommandTuple, Flag, SessionId, tuple};
use serde_json::{Value, json};

use super::{truth, unreadable};
use crate::{ObjectId, Result, World, cmdhandler, cmdset::CmdKey, setup::WorldBuilder};

/// After how long without a key a client takes its player to have stopped (Evennia's WEBCLIENT_TYPING_TIMEOUT).
pub(super) const TIMEOUT: Duration = Duration::from_secs(5);

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("is_typing_setup", "Asks which commands others are to see being typed.", setup)
        .raw_inputfunc("is_typing_state", "The player began or stopped typing: {state}.", state)
        .typing_timeout(TIMEOUT);
}

impl WorldBuilder {
    /// After how long without a key somebody is taken to have stopped typing; zero, if nobody is to see who types.
    pub fn typing_timeout(&mut self, timeout: Duration) -> &mut Self {
        self.game.typing_timeout = timeout;
        self
    }
}

fn setup(world: &mut World, session: SessionId, _given: CommandTuple) -> Result {
    let Some(puppet) = typist(world, session) else { return Ok(()) };
    let account = world.session(session).and_then(|session| session.account());
    let mut keywords: Vec<String> = cmdhandler::available(world, account, Some(puppet))
        .iter()
        .filter(|command| command.meta().live_report_typing)
        .flat_map(|command| std::iter::once(command.key()).chain(command.aliases()).map(str::to_owned))
        .collect();
    keywords.sort_unstable();
    let timeout = u64::try_from(world.game.typing_timeout.as_millis()).unwrap_or(u64::MAX);
    let payload = json!({ "live_report_keywords": keywords, "typing_timeout": timeout });
    world.msg(session, tuple("is_typing").kw("type", "setup").kw("payload", payload));
    Ok(())
}

fn state(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let Some(puppet) = typist(world, session) else { return Ok(()) };
    let given = given.kwargs.get("state").or(given.args.first()).unwrap_or(&Value::Null);
    let state = truth(given).ok_or_else(|| unreadable("is_typing_state wants {\"state\": true or false}"))?;
    let Some(room) = world[puppet].location() else { return Ok(()) };
    let others: Vec<SessionId> = world[room]
        .contents()
        .iter()
        .filter(|id| **id != puppet)
        .flat_map(|id| world[*id].sessions().iter().copied())
        .filter(|id| wants_to_know(world, *id))
        .collect();
    let payload = json!({ "name": world[puppet].key(), "state": state });
    world.tell(others, tuple("is_typing").kw("type", "typing").kw("payload", payload));
    Ok(())
}

/// The body of a session that takes part.
fn typist(world: &World, session: SessionId) -> Option<ObjectId> {
    let on = !world.game.typing_timeout.is_zero() && wants_to_know(world, session);
    world.session(session).filter(|_| on).and_then(|session| session.puppet())
}

fn wants_to_know(world: &World, session: SessionId) -> bool {
    world.session(session).is_some_and(|session| session.flags.has(Flag::Istyping))
}
