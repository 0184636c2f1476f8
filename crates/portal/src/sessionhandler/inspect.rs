//! What is known of sessions, for staff: on pages, in the game, and at a terminal.

use meadow_link::{Kwargs, SessionId};

use super::PortalSessionHandler;
use crate::session::Load;

impl PortalSessionHandler {
    /// What is known of these sessions, or of all, in the order in which they came.
    pub(crate) fn inspect(&self, wanted: Option<&[SessionId]>) -> Vec<Kwargs> {
        let now = self.clock.now();
        let all = self.connections().into_iter();
        all.filter(|connection| wanted.is_none_or(|ids| ids.contains(&connection.id)))
            .map(|connection| connection.lock().session.inspect(now, &connection.service))
            .collect()
    }

    /// What the connections of these sessions have to carry, or of all.
    pub(crate) fn loads(&self, wanted: Option<&[SessionId]>) -> Vec<Load> {
        let now = self.clock.now();
        let all = self.connections().into_iter();
        all.filter(|connection| wanted.is_none_or(|ids| ids.contains(&connection.id)))
            .map(|connection| connection.lock().session.load(now))
            .collect()
    }

    /// How many there are of what is limited, and whence most come.
    pub(crate) fn admitted(&self) -> Kwargs {
        self.sessions().admission.shown(&self.limits)
    }
}
