//! Looking at a session as the Portal sees it.

use meadow_link::SessionId;

use crate::{Command, Cx, Meta, Result, say};

/// `@session [NAME]`
pub(super) struct CmdSession;

impl Command for CmdSession {
    const META: Meta = Meta {
        key: "@session",
        locks: "cmd:perm(Developer)",
        help: "see what a client has negotiated, and how its connection does\n\nUsage:\n  @session [<account, \
               character or session number>]\n\nWithout a name: your own.",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, name: Option<String>) -> Result {
        let asker = cx.session()?;
        let sessions = if name.is_some() { named(cx) } else { vec![asker] };
        if sessions.is_empty() {
            return Err(say(format!("Nobody called {} is connected.", cx.args)));
        }
        cx.world.inspect(asker, sessions);
        Ok(())
    }
}

/// The sessions of the account of this name, and of the bodies of this name; or the one of this number.
fn named(cx: &Cx<'_>) -> Vec<SessionId> {
    let number = cx.raw.trim_start_matches('#').parse().ok().map(SessionId);
    let account = cx.world.account_named(&cx.raw).map(|account| cx.world[account].sessions().to_vec());
    let bodies =
        cx.world.objects_named(&cx.raw).iter().flat_map(|id| cx.world[*id].sessions().iter().copied());
    let mut sessions: Vec<SessionId> = account.unwrap_or_default().into_iter().chain(bodies).collect();
    sessions.extend(number.filter(|id| cx.world.session(*id).is_some()));
    sessions.sort_unstable();
    sessions.dedup();
    sessions
}
