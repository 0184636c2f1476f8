//! Secret questions: while one stands, the client is told not to show what is typed. The conversations note whose may
//! have changed; clients are told before the next prompt, or else at the end of the step, so that one question after
//! another is one telling.

use meadow_link::{Kwargs, SessionId, tuple};
use serde_json::Value;

use crate::World;

/// Under which name it stands in `server_data` that a client hides what is typed.
const STORED_AS: &str = "_hides";

/// Whether the client hides what is typed, as the Portal has kept it.
pub(crate) fn from_server_data(data: &mut Kwargs) -> bool {
    data.remove(STORED_AS).is_some_and(|hides| hides == true)
}

/// Has the Portal keep it.
pub(crate) fn to_server_data(hides: bool, data: &mut Kwargs) {
    if hides {
        data.insert(STORED_AS.to_owned(), true.into());
    }
}

impl World {
    /// Tells the clients whose conversations have changed whether to show what is typed now.
    pub(crate) fn settle_secrets(&mut self) {
        for session in std::mem::take(&mut self.veils) {
            self.settle_secret(session);
        }
    }

    /// The same for one, which is about to be asked something.
    pub(crate) fn settle_secret(&mut self, id: SessionId) {
        let Some(session) = self.session_mut(id) else { return };
        let is_secret = session.conversations.top().is_some_and(|top| top.secret);
        if session.hides == is_secret {
            return;
        }
        session.hides = is_secret;
        // Evennia's option: true is for "the client shows what is typed".
        self.msg(id, tuple("text").arg(Value::Null).with_option("echo", !is_secret));
        self.sync_session(id);
    }
}
