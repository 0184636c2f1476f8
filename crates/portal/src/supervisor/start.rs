//! A Server comes: from its start until it has the sessions and is ready. The supervisor calls this for
//! the first Server, and for every one that takes the place of another.

use std::{sync::Arc, time::Duration};

use meadow_link::RestartMode;
use tokio::time::Instant;
use tracing::{info, warn};

use super::{Active, Event, Happened, LAST_READ_TIME, ServerState, Supervisor, next};
use crate::{link::ServerPeer, process::ServerProcess};

/// How long a Server may take from its start until it asks for the sessions: it loads the world.
const STAND_BY_TIME: Duration = Duration::from_secs(120);
/// How long it may take from there until it is ready: it may have to load the world again.
const READY_TIME: Duration = Duration::from_secs(120);

const INTERRUPTED: &str = "the Server is to stop";

impl Supervisor {
    /// Starts a Server where there is none, until it is ready.
    pub(super) async fn start(&mut self, mode: RestartMode) -> Result<(), String> {
        self.set_state(ServerState::Starting, None);
        let started = match self.stand_by().await {
            Ok((process, peer)) => self.take_over(process, peer, mode).await,
            Err(why) => Err(why),
        };
        if started.is_err() {
            self.set_state(ServerState::Stopped, None);
        }
        started
    }

    /// Starts a process and waits until it asks for the sessions.
    pub(super) async fn stand_by(&mut self) -> Result<(ServerProcess, Box<ServerPeer>), String> {
        let mut process = ServerProcess::spawn(&self.command)?;
        let until = Instant::now() + STAND_BY_TIME;
        loop {
            match next(&mut self.events, Some(&mut process), Some(until)).await {
                Happened::Event(Event::Arrived(peer)) if peer.pid == process.pid() => {
                    return Ok((process, peer));
                }
                // Another one, started by hand perhaps, must not be taken for the one that is watched here.
                Happened::Event(Event::Arrived(peer)) => {
                    warn!(pid = peer.pid, "a Server that nobody waits for is turned away");
                }
                Happened::Event(event) => self.while_busy(event),
                Happened::Ended => return Err(process.obituary().await),
                Happened::Late => return Err(give_up(&mut process, "introduced itself", STAND_BY_TIME).await),
            }
            if self.stop.is_some() {
                process.kill().await;
                return Err(INTERRUPTED.to_owned());
            }
        }
    }

    /// Gives the sessions to a Server that stands by, and waits until it is ready.
    pub(super) async fn take_over(
        &mut self,
        mut process: ServerProcess,
        peer: Box<ServerPeer>,
        mode: RestartMode,
    ) -> Result<(), String> {
        let (pid, info) = (process.pid(), peer.info.clone());
        let handler = Arc::clone(&self.handler);
        let generation = peer.activate(&self.handler, &self.desk, |writer| handler.activate(mode, writer));
        let until = Instant::now() + READY_TIME;
        let why = loop {
            match next(&mut self.events, Some(&mut process), Some(until)).await {
                Happened::Event(Event::Ready { generation: ready, applied }) if ready == generation => {
                    self.handler.server_ready(&applied, mode);
                    info!(pid, ?mode, "the Server is ready");
                    self.active = Some(Active { process, generation, since: Instant::now(), lost: false });
                    self.set_state(ServerState::Ready, Some((pid, info)));
                    return Ok(());
                }
                Happened::Event(Event::Lost { generation: lost, .. }) if lost == generation => {
                    // Most often because it ends; a moment later it can say why.
                    let _ = tokio::time::timeout(LAST_READ_TIME, process.ended()).await;
                    process.kill().await;
                    break process.obituary().await;
                }
                Happened::Event(event) => self.while_busy(event),
                Happened::Ended => break process.obituary().await,
                Happened::Late => break give_up(&mut process, "got ready", READY_TIME).await,
            }
            if self.stop.is_some() {
                process.kill().await;
                break INTERRUPTED.to_owned();
            }
        };
        self.handler.server_stopped(None);
        Err(why)
    }
}

/// Ends a process that has not done `what` in time, and says so.
async fn give_up(process: &mut ServerProcess, what: &str, limit: Duration) -> String {
    process.kill().await;
    let seconds = limit.as_secs();
    let obituary = process.obituary().await;
    format!("it had not {what} after {seconds} seconds ({obituary})")
}
