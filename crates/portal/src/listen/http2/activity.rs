//! What happens on an HTTP/2 connection, as far as it decides how long it lasts: it may be idle for as long as one of
//! HTTP/1.1, and clients that ask only to break off are thrown out. [`super::serve`] asks for the [`Verdict`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::{sync::Notify, time::Instant};

use super::Asker;
use crate::listen::web::{HEAD_TIME, PATIENCE};

/// Requests that a client may break off within [`HEAD_TIME`]: a browser whose visitor leaves a page does so, with all
/// that are under way. Each has cost something already.
const BROKEN_OFF: u32 = 400;

/// What is known of a connection.
#[derive(Debug)]
pub(super) struct Activity {
    asker: Asker,
    state: Mutex<State>,
    alarm: Notify,
}

#[derive(Debug)]
struct State {
    /// Requests under way, and all that there were.
    active: usize,
    asked: u64,
    /// Since when there are none under way.
    quiet_since: Instant,
    /// Requests that were broken off, and since when they are counted.
    broken_off: u32,
    counted_since: Instant,
}

/// What is to be done with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Nothing, until then.
    Fine(Instant),
    /// It is not used: the client is to leave. Until then it may.
    Idle(Instant),
    /// It is closed, for this reason.
    Bad(&'static str),
}

impl Activity {
    pub(super) fn new(asker: Asker, now: Instant) -> Activity {
        let state = State { active: 0, asked: 0, quiet_since: now, broken_off: 0, counted_since: now };
        Activity { asker, state: Mutex::new(state), alarm: Notify::new() }
    }

    /// A request has come; it lasts until it is dropped.
    pub(super) fn begin(self: &Arc<Activity>) -> Asked {
        let mut state = self.state();
        state.active += 1;
        state.asked += 1;
        Asked { activity: Arc::clone(self), is_done: false }
    }

    pub(super) fn verdict(&self, now: Instant) -> Verdict {
        let state = self.state();
        if state.broken_off > BROKEN_OFF {
            return Verdict::Bad("it asks and breaks off, again and again");
        }
        if state.active > 0 {
            return Verdict::Fine(now + HEAD_TIME);
        }
        let idle = state.quiet_since + HEAD_TIME;
        let end = idle + PATIENCE;
        if now < idle {
            Verdict::Fine(idle)
        } else if state.asked == 0 {
            Verdict::Bad("it asks for nothing")
        } else if now < end {
            // The last answers may be on their way still.
            Verdict::Idle(end)
        } else {
            Verdict::Bad("it does not leave")
        }
    }

    /// Comes back when the verdict has become another before its time.
    pub(super) async fn alarm(&self) {
        self.alarm.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is under way.
#[derive(Debug)]
pub(super) struct Asked {
    activity: Arc<Activity>,
    is_done: bool,
}

impl Asked {
    /// It is answered, and need not be waited for.
    pub(super) fn done(&mut self) {
        self.is_done = true;
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut state = self.activity.state();
        state.active -= 1;
        if state.active == 0 {
            state.quiet_since = now;
        }
        if self.is_done || self.activity.asker == Asker::Proxy {
            return;
        }
        if now.duration_since(state.counted_since) > HEAD_TIME {
            (state.counted_since, state.broken_off) = (now, 0);
        }
        state.broken_off += 1;
        if state.broken_off > BROKEN_OFF {
            drop(state);
            self.activity.alarm.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Duration, advance};

    use super::*;

    fn activity() -> Arc<Activity> {
        Arc::new(Activity::new(Asker::Visitor, Instant::now()))
    }

    fn verdict(activity: &Activity) -> Verdict {
        activity.verdict(Instant::now())
    }

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn who_asks_for_nothing_has_to_go() {
        let activity = activity();
        advance(HEAD_TIME - SECOND).await;
        assert_eq!(verdict(&activity), Verdict::Fine(Instant::now() + SECOND));
        advance(SECOND).await;
        assert_eq!(verdict(&activity), Verdict::Bad("it asks for nothing"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_has_been_answered_is_asked_to_leave_and_who_waits_is_not() {
        let activity = activity();
        let mut asked = activity.begin();
        advance(PATIENCE * 10).await;
        assert!(matches!(verdict(&activity), Verdict::Fine(_)), "we have nothing to tell it");
        asked.done();
        drop(asked);
        advance(HEAD_TIME - SECOND).await;
        assert_eq!(verdict(&activity), Verdict::Fine(Instant::now() + SECOND));
        advance(SECOND).await;
        assert_eq!(verdict(&activity), Verdict::Idle(Instant::now() + PATIENCE));
        advance(PATIENCE).await;
        assert_eq!(verdict(&activity), Verdict::Bad("it does not leave"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_breaks_off_again_and_again_is_thrown_out_at_once() {
        let activity = activity();
        for _ in 0..BROKEN_OFF {
            drop(activity.begin());
        }
        assert!(matches!(verdict(&activity), Verdict::Fine(_)));
        advance(HEAD_TIME + SECOND).await;
        for _ in 0..BROKEN_OFF {
            drop(activity.begin());
        }
        let mut asked = activity.begin();
        asked.done();
        drop(asked);
        assert!(matches!(verdict(&activity), Verdict::Fine(_)), "that was long ago");
        drop(activity.begin());
        activity.alarm().await;
        assert_eq!(verdict(&activity), Verdict::Bad("it asks and breaks off, again and again"));
        // Behind a proxy that may have been another visitor each time.
        let proxy = Arc::new(Activity::new(Asker::Proxy, Instant::now()));
        for _ in 0..=BROKEN_OFF {
            drop(proxy.begin());
        }
        assert!(matches!(verdict(&proxy), Verdict::Fine(_)));
    }
}
