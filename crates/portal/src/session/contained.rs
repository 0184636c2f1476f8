//! The protocol of a session, so that whatever it breaks is its own: the calls into it are caught where they are
//! made, and its end is caught here.

use std::{
    ops::{Deref, DerefMut},
    panic::{AssertUnwindSafe, catch_unwind},
};

use meadow_link::{Flags, Time};
use meadow_protocol::Protocol;

use super::PortalSession;

/// A protocol whose `Drop` may panic: that happens on whichever task lets the session go last.
pub(super) struct Contained(Option<Box<dyn Protocol>>);

impl Contained {
    pub(super) fn new(protocol: Box<dyn Protocol>) -> Contained {
        Contained(Some(protocol))
    }
}

impl Deref for Contained {
    type Target = dyn Protocol;

    fn deref(&self) -> &(dyn Protocol + 'static) {
        self.0.as_deref().expect("only drop takes it")
    }
}

impl DerefMut for Contained {
    fn deref_mut(&mut self) -> &mut (dyn Protocol + 'static) {
        self.0.as_deref_mut().expect("only drop takes it")
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        let protocol = self.0.take();
        // The panic hook has told of it; there is no session left that it could end.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(protocol)));
    }
}

impl PortalSession {
    /// The flags as the protocol has them; as they were, if it panics over that, which ends the session.
    pub(super) fn protocol_flags(&mut self, now: Time) -> Flags {
        match catch_unwind(AssertUnwindSafe(|| self.protocol.flags().clone())) {
            Ok(flags) => flags,
            Err(_) => {
                self.protocol_panicked(now);
                self.sync.flags.clone()
            }
        }
    }
}
