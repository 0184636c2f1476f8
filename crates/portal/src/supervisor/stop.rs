//! A Server goes: in a restart, by a crash, or because it is told to. The supervisor calls this; what
//! comes in the place of the Server is in `start.rs`.

use std::{sync::PoisonError, time::Duration};

use meadow_link::{RestartMode, ToServer};
use serde_json::json;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::{Asker, Event, Happened, LAST_READ_TIME, Parting, ServerState, Supervisor, answer, done, next};
use crate::launcher::as_map;

/// How long a Server may take to hand over in a reload.
const HAND_OVER_TIME: Duration = Duration::from_secs(30);
/// How long a Server may take to end when the game is stopped.
const STOP_TIME: Duration = Duration::from_secs(10);
/// How long clients may take to read the farewell.
const FAREWELL_TIME: Duration = Duration::from_secs(1);
/// A Server that has lived this long was healthy: the next one is started without a pause.
const HEALTHY_TIME: Duration = Duration::from_secs(60);
/// Pauses before the first, second ... start after a crash; the last for all that follow.
const PAUSES_MS: [u64; 7] = [0, 500, 1_000, 2_000, 4_000, 8_000, 10_000];
const STOPPED: &str = "The game has been stopped. What you type is kept for when it is started again.";
const FAREWELL: &str = "The game is shutting down.";
const SEE_YOU: &str = "The game is being restarted. Please come back in a moment.";

impl Supervisor {
    /// Puts a new Server in the place of the one that runs.
    pub(super) async fn restart(&mut self, mode: RestartMode, asker: Option<Asker>) {
        info!(?mode, "the Server is being restarted");
        self.set_state_only(ServerState::Reloading);
        let (process, peer) = match self.stand_by().await {
            Ok(standby) => standby,
            Err(why) => {
                warn!(why, "the new Server did not start; the old one goes on");
                self.set_state_only(ServerState::Ready);
                self.refuse_restart(asker, &why);
                if self.active.as_ref().is_some_and(|active| active.lost) {
                    self.recover().await;
                }
                return;
            }
        };
        let began = Instant::now();
        let mode = if self.end_active(mode, HAND_OVER_TIME).await {
            self.handler.server_stopped(None);
            mode
        } else {
            self.handler.server_died();
            RestartMode::Crash
        };
        match self.take_over(process, peer, mode).await {
            Ok(()) => {
                let waited = began.elapsed();
                info!(?waited, "the Server has been restarted");
                let waited_ms = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
                answer(asker, Ok(as_map(json!({ "ok": true, "waited_ms": waited_ms }))));
            }
            Err(why) => {
                error!(why, "the new Server failed when the old one had gone");
                answer(asker, Err(format!("the new Server failed when the old one had gone: {why}")));
                if self.stop.is_none() {
                    self.handler.server_died();
                    self.try_again().await;
                }
            }
        }
    }

    /// Tells whoever asked that the old Server goes on: the launcher, or somebody in the game, by way of
    /// the old Server itself.
    fn refuse_restart(&self, asker: Option<Asker>, why: &str) {
        if asker.is_some() {
            let told = format!("the new Server did not start, so the old one goes on: {why}");
            return answer(asker, Err(told));
        }
        let request = as_map(json!({ "op": "reload_failed", "error": why }));
        let mut server = self.handler.server().lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = server.send(&ToServer::Control { id: 0, request }) {
            warn!(%error, "the Server cannot be told that the reload failed");
        }
    }

    /// The Server has died: everybody is told, and it is started again.
    pub(super) async fn recover(&mut self) {
        let Some(mut active) = self.active.take() else { return };
        self.set_state(ServerState::Starting, None);
        // What it had still written counts: an input that is acknowledged there must not be done twice.
        let until = Instant::now() + LAST_READ_TIME;
        while !active.lost {
            match next(&mut self.events, None, Some(until)).await {
                Happened::Event(Event::Lost { generation, .. }) if generation == active.generation => {
                    active.lost = true;
                }
                Happened::Event(event) => self.while_busy(event),
                Happened::Ended | Happened::Late => break,
            }
        }
        // A process whose link has ended is about to end by itself, and can then say why.
        let _ = tokio::time::timeout(LAST_READ_TIME, active.process.ended()).await;
        active.process.kill().await;
        let why = active.process.obituary().await;
        error!(why, "the Server has died");
        self.desk.forget_controls();
        self.handler.server_died();
        if active.since.elapsed() >= HEALTHY_TIME {
            self.failures = 0;
        }
        self.try_again().await;
    }

    /// Starts a Server after a crash, again and again with growing pauses.
    async fn try_again(&mut self) {
        while self.stop.is_none() {
            let pause = Duration::from_millis(PAUSES_MS[self.failures.min(PAUSES_MS.len() - 1)]);
            self.failures += 1;
            if !self.pause(pause).await {
                return;
            }
            match self.start(RestartMode::Crash).await {
                Ok(()) => {
                    self.desk.server_status(|status| status.restarts += 1);
                    return;
                }
                Err(why) => error!(why, "the Server cannot be started again"),
            }
        }
    }

    /// Waits; says whether nothing has interrupted that.
    async fn pause(&mut self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        while self.stop.is_none() {
            match next(&mut self.events, None, Some(until)).await {
                Happened::Event(event) => self.while_busy(event),
                Happened::Ended => {}
                Happened::Late => return true,
            }
        }
        false
    }

    pub(super) async fn stop_server(&mut self, asker: Option<Asker>) {
        if self.active.is_some() {
            info!("the Server is being stopped");
            self.end_active(RestartMode::Shutdown, STOP_TIME).await;
            self.handler.server_stopped(Some(STOPPED));
        }
        self.set_state(ServerState::Stopped, None);
        answer(asker, Ok(done()));
    }

    /// Stops everything.
    pub(super) async fn end(mut self, parting: Parting) {
        match parting {
            Parting::Goodbye => {
                info!("the game is being stopped");
                self.end_active(RestartMode::Shutdown, STOP_TIME).await;
                self.handler.disconnect_all(FAREWELL);
            }
            Parting::Return => {
                info!("the game is being stopped, to be started again at once");
                // Whoever comes back too early must not find a Portal that knows nothing of the session any more.
                self.handler.close_doors();
                let mode = self.end_for_another_portal().await;
                self.keeper.keep(mode).await;
                self.handler.disconnect_all(SEE_YOU);
            }
        }
        self.handler.drain(FAREWELL_TIME).await;
    }

    /// Ends the Server as for a reload; gives back how the one that follows is to start.
    async fn end_for_another_portal(&mut self) -> RestartMode {
        let was_there = self.active.is_some();
        if self.end_active(RestartMode::Reload, HAND_OVER_TIME).await {
            self.handler.server_stopped(None);
            return RestartMode::Reload;
        }
        if was_there {
            self.handler.server_died();
        }
        RestartMode::Crash
    }

    /// Ends the active Server, if there is one: in order if it can, by force if it must. Says whether it
    /// has gone in order, with everything handed over.
    async fn end_active(&mut self, mode: RestartMode, limit: Duration) -> bool {
        let Some(mut active) = self.active.take() else { return false };
        if !active.lost {
            self.handler.stop_server(mode);
        }
        let mut until = Instant::now() + limit;
        let mut ended = false;
        while !(ended && active.lost) {
            let process = (!ended).then_some(&mut active.process);
            match next(&mut self.events, process, Some(until)).await {
                Happened::Event(Event::Lost { generation, .. }) if generation == active.generation => {
                    active.lost = true;
                }
                Happened::Event(event) => self.while_busy(event),
                Happened::Ended => {
                    ended = true;
                    until = until.min(Instant::now() + LAST_READ_TIME);
                }
                Happened::Late => break,
            }
        }
        let in_order = ended && active.process.ended().await.is_ok_and(|status| status.success());
        active.process.kill().await;
        self.desk.forget_controls();
        if !in_order {
            let why = active.process.obituary().await;
            warn!(why, ?limit, "the Server did not stop in order");
        }
        in_order
    }
}
