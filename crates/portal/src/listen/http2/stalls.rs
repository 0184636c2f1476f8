//! The task of each request by HTTP/2, which ends when the client takes nothing of the answer: as a connection of
//! HTTP/1.1 does, and without those that share theirs with it. A browser that has enough of a song for now is one.

use std::{
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use hyper::rt::Executor;
use tokio::{
    select, spawn, task_local,
    time::{Instant, sleep_until},
};
use tracing::debug;

use crate::listen::web::PATIENCE;

task_local! {
    /// Of the request whose task this is.
    static STALL: Arc<Stall>;
}

/// Since when a client has not taken what it was given of an answer.
#[derive(Debug, Default)]
pub(super) struct Stall(Mutex<Option<Instant>>);

impl Stall {
    /// That of the request whose task this is.
    pub(super) fn of_this_task() -> Arc<Stall> {
        STALL.try_with(Arc::clone).unwrap_or_default()
    }

    /// The client is given a piece.
    pub(super) fn give(&self) {
        *self.since() = Some(Instant::now());
    }

    /// The client has taken it.
    pub(super) fn take(&self) {
        *self.since() = None;
    }

    /// Comes back when the client has taken nothing for too long.
    async fn too_long(&self) {
        loop {
            let end = self.since().unwrap_or_else(Instant::now) + PATIENCE;
            if end <= Instant::now() {
                return;
            }
            sleep_until(end).await;
        }
    }

    fn since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives each request such a task.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tasks;

impl<F> Executor<F> for Tasks
where
    F: Future + Send + 'static,
{
    fn execute(&self, request: F) {
        spawn(async move {
            let stall = Arc::new(Stall::default());
            select! {
                _ = STALL.scope(Arc::clone(&stall), request) => {}
                // What is dropped is reset.
                () = stall.too_long() => debug!("a client takes nothing of what it asked for by HTTP/2"),
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{Duration, sleep, timeout};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_given_up_and_who_is_slow_is_not() {
        let stall = Stall::default();
        let almost = PATIENCE - Duration::from_secs(1);
        let slow = async {
            sleep(PATIENCE * 10).await;
            for _ in 0..3 {
                stall.give();
                sleep(almost).await;
                stall.take();
            }
        };
        select! {
            () = slow => {}
            () = stall.too_long() => panic!("it took something"),
        }
        stall.give();
        assert!(timeout(almost, stall.too_long()).await.is_err());
        assert!(timeout(Duration::from_secs(2), stall.too_long()).await.is_ok());
    }
}
