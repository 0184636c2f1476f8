//! Disconnecting players who have said nothing for too long (Evennia's IDLE_TIMEOUT). The schedule hands it work.

use std::time::Duration;

use meadow_link::SessionId;

use crate::{ServerSession, World, locks::Accessor, text};

/// How often it is looked who has been idle.
const PERIOD: Duration = Duration::from_secs(10);
/// How long before the end players are told of it, where the time-out is long enough.
const NOTICE: Duration = Duration::from_secs(60);

impl World {
    /// Begins to look who is idle, if the rules want that.
    pub(crate) fn watch_idlers(&mut self) {
        if self.game.rules.idle > Duration::ZERO {
            self.after(PERIOD, |world| {
                world.end_idlers();
                world.watch_idlers();
            });
        }
    }

    fn end_idlers(&mut self) {
        let limit = self.game.rules.idle;
        let notice = limit - NOTICE.min(limit / 2);
        for id in self.sessions.ids() {
            let Some(session) = self.session(id) else { continue };
            let idle = self.now.since(session.cmd_last);
            if idle < notice || self.may_idle(session) {
                if let Some(session) = self.session_mut(id) {
                    session.warned_idle = false;
                }
            } else if idle >= limit {
                tracing::info!(session = id.0, "idle for too long");
                self.disconnect(id, "You have been idle for too long. Disconnecting.");
            } else {
                self.warn_idler(id, limit - idle);
            }
        }
    }

    fn warn_idler(&mut self, id: SessionId, left: Duration) {
        let Some(session) = self.session_mut(id).filter(|session| !session.warned_idle) else { return };
        session.warned_idle = true;
        let left = text::span(left);
        self.msg(id, format!("|rYou have been idle for long, and will be disconnected in {left}.|n"));
    }

    /// Whether a session may be idle for as long as it likes: by the lock that Evennia's accounts have.
    fn may_idle(&self, session: &ServerSession) -> bool {
        const LOCK: &str = "noidletimeout:pperm(Builder) or pperm(noidletimeout)";
        let accessing = Accessor { account: session.account(), object: None };
        session.account().is_some() && self.passes(LOCK, accessing, "noidletimeout", None, false)
    }
}
