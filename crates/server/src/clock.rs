//! The Server's one clock; the world is told the time of each step.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use meadow_link::Time;

/// Wall time at the start of the process, carried on by the monotonic clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start: Time,
    since: Instant,
}

impl Clock {
    pub(crate) fn start() -> Clock {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Clock { start: Time::default() + wall, since: Instant::now() }
    }

    pub(crate) fn now(&self) -> Time {
        self.start + self.since.elapsed()
    }

    /// The same moment for a tokio timer.
    pub(crate) fn instant(&self, time: Time) -> tokio::time::Instant {
        (self.since + time.since(self.start)).into()
    }
}
