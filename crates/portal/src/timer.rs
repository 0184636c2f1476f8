//! The one timer of a connection's task. It is set back only to wake earlier, because deadlines mostly
//! move on: waking once too often is cheaper than setting a timer for each line.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use meadow_link::Time;
use tokio::time::Sleep;

use crate::clock::Clock;

/// Wakes its task at a deadline that may change.
pub(crate) struct Timer {
    clock: Clock,
    sleep: Option<Pin<Box<Sleep>>>,
    armed: Option<Time>,
}

impl Timer {
    pub(crate) fn new(clock: Clock) -> Timer {
        Timer { clock, sleep: None, armed: None }
    }

    /// When the task will be woken, at the latest.
    pub(crate) fn armed(&self) -> Option<Time> {
        self.armed
    }

    /// Whether the deadline has come. If not, the task is woken no later than then.
    pub(crate) fn is_due(&mut self, deadline: Option<Time>, cx: &mut Context<'_>) -> bool {
        let Some(deadline) = deadline else { return false };
        loop {
            if deadline <= self.clock.now() {
                self.armed = None;
                return true;
            }
            if self.armed.is_none_or(|armed| deadline < armed) {
                let instant = self.clock.instant(deadline);
                match &mut self.sleep {
                    Some(sleep) => sleep.as_mut().reset(instant),
                    None => self.sleep = Some(Box::pin(tokio::time::sleep_until(instant))),
                }
                self.armed = Some(deadline);
            }
            match self.sleep.as_mut().map(|sleep| sleep.as_mut().poll(cx)) {
                Some(Poll::Ready(())) => self.armed = None,
                _ => return false,
            }
        }
    }
}
