//! Starts, restarts and stops the Server process. The link, the launcher and signals tell it what has
//! happened; there is never more than one Server that has been given the sessions.

use std::{sync::Arc, time::Duration};

use meadow_link::{Kwargs, RestartMode, SessionId, ToServer};
use serde_json::json;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tracing::{error, info, warn};

use crate::{
    ServerCommand,
    handler::PortalSessionHandler,
    launcher::{Desk, as_map},
    link::ServerPeer,
    process::ServerProcess,
};

/// How long a Server may take from its start until it asks for the sessions.
const STAND_BY_TIME: Duration = Duration::from_secs(30);
/// How long it may take from there until it is ready: it loads the world.
const READY_TIME: Duration = Duration::from_secs(120);
/// How long a Server may take to hand over in a reload.
const HAND_OVER_TIME: Duration = Duration::from_secs(30);
/// How long a Server may take to end when the game is stopped.
const STOP_TIME: Duration = Duration::from_secs(10);
/// How long what a dead Server had still written is waited for.
const LAST_READ_TIME: Duration = Duration::from_secs(1);
/// How long clients may take to read the farewell.
const FAREWELL_TIME: Duration = Duration::from_secs(1);
/// A Server that has lived this long was healthy: the next one is started without a pause.
const HEALTHY_TIME: Duration = Duration::from_secs(60);
/// Pauses before the first, second ... start after a crash; the last for all that follow.
const PAUSES_MS: [u64; 7] = [0, 500, 1_000, 2_000, 4_000, 8_000, 10_000];

const STOPPED: &str = "The game has been stopped. What you type is kept for when it is started again.";
const FAREWELL: &str = "The game is shutting down.";
const BUSY: &str = "the Server is being restarted already";
const INTERRUPTED: &str = "the Server is to stop";

/// What the supervisor is told.
pub(crate) enum Event {
    /// A Server has introduced itself.
    Arrived(ServerPeer),
    /// The active Server of this generation has taken over the sessions; its database holds these inputs.
    Ready { generation: u64, applied: Vec<(SessionId, u64)> },
    /// The link of this generation has ended, and everything in it has been read.
    Lost { generation: u64, reason: String },
    /// Somebody wants something.
    Request(Request),
}

/// Where an outcome is told: a map for the launcher, or why not.
pub(crate) type Asker = oneshot::Sender<Result<Kwargs, String>>;

/// What somebody wants of the supervisor.
pub(crate) enum Request {
    /// A new Server in place of this one. Asked from the game, it has no asker.
    Restart(RestartMode, Option<Asker>),
    /// A Server, where there is none.
    Start(Asker),
    /// No Server; the Portal stays.
    StopServer(Option<Asker>),
    /// The end of everything.
    StopAll,
}

/// What is known of the Server.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServerStatus {
    pub(crate) pid: Option<u32>,
    pub(crate) state: ServerState,
    /// How often it was started again after a crash.
    pub(crate) restarts: u32,
    /// What it says of itself.
    pub(crate) info: Kwargs,
}

/// How the Server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ServerState {
    #[default]
    Stopped,
    Starting,
    Ready,
    Reloading,
}

/// Owns the Server process.
pub(crate) struct Supervisor {
    command: ServerCommand,
    handler: Arc<PortalSessionHandler>,
    desk: Arc<Desk>,
    events: mpsc::UnboundedReceiver<Event>,
    active: Option<Active>,
    stop: Option<Stop>,
    /// Starts since the last Server that was healthy.
    failures: usize,
}

/// The Server that has the sessions.
struct Active {
    process: ServerProcess,
    generation: u64,
    since: Instant,
    /// Its link has ended.
    lost: bool,
}

/// A stop that was asked for while something else was under way.
enum Stop {
    Server(Option<Asker>),
    All,
}

enum Happened {
    Event(Event),
    Ended,
    Late,
}

impl Supervisor {
    pub(crate) fn new(
        command: ServerCommand,
        handler: Arc<PortalSessionHandler>,
        desk: Arc<Desk>,
        events: mpsc::UnboundedReceiver<Event>,
    ) -> Supervisor {
        Supervisor { command, handler, desk, events, active: None, stop: None, failures: 0 }
    }

    /// Starts the first Server, tells `started` how that went, and goes on until everything is to stop.
    pub(crate) async fn run(mut self, started: oneshot::Sender<Result<(), String>>) {
        let first = self.start(RestartMode::Shutdown).await;
        let failed = first.is_err();
        // Whoever waited may have been interrupted, and then asks for a stop.
        let _ = started.send(first);
        if failed {
            return;
        }
        loop {
            match self.stop.take() {
                Some(Stop::Server(asker)) => self.stop_server(asker).await,
                Some(Stop::All) => return self.end().await,
                None => self.step().await,
            }
        }
    }

    /// Waits for one thing to happen while nothing is under way, and deals with it.
    async fn step(&mut self) {
        let mut active = self.active.take();
        let happened = next(&mut self.events, active.as_mut().map(|active| &mut active.process), None).await;
        self.active = active;
        match happened {
            Happened::Event(Event::Request(request)) => self.request(request).await,
            Happened::Event(Event::Lost { generation, reason }) if self.is_active(generation) => {
                warn!(reason, "the link to the Server has ended");
                self.mark_lost();
                self.recover().await;
            }
            Happened::Ended if self.active.is_some() => self.recover().await,
            Happened::Event(Event::Arrived(peer)) => {
                warn!(pid = peer.pid, "a Server that nobody waits for is turned away");
            }
            Happened::Event(Event::Ready { .. } | Event::Lost { .. }) | Happened::Ended | Happened::Late => {}
        }
    }

    async fn request(&mut self, request: Request) {
        match request {
            Request::Restart(mode, asker) if self.active.is_some() => self.restart(mode, asker).await,
            Request::Restart(_, asker) => {
                let outcome = self.start(RestartMode::Shutdown).await;
                answer(asker, outcome.map(|()| done()));
            }
            Request::Start(asker) if self.active.is_some() => {
                answer(Some(asker), Err("the Server is running already".to_owned()));
            }
            Request::Start(asker) => {
                let outcome = self.start(RestartMode::Shutdown).await;
                answer(Some(asker), outcome.map(|()| done()));
            }
            Request::StopServer(asker) => self.stop = Some(Stop::Server(asker)),
            Request::StopAll => self.stop = Some(Stop::All),
        }
    }

    // --- a Server comes -------------------------------------------------------------------------

    /// Starts a Server where there is none, until it is ready.
    async fn start(&mut self, mode: RestartMode) -> Result<(), String> {
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
    async fn stand_by(&mut self) -> Result<(ServerProcess, ServerPeer), String> {
        let mut process = ServerProcess::spawn(&self.command)?;
        let until = Instant::now() + STAND_BY_TIME;
        loop {
            match next(&mut self.events, Some(&mut process), Some(until)).await {
                Happened::Event(Event::Arrived(peer)) => return Ok((process, peer)),
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
    async fn take_over(
        &mut self,
        mut process: ServerProcess,
        peer: ServerPeer,
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

    // --- a Server goes --------------------------------------------------------------------------

    /// Puts a new Server in the place of the one that runs.
    async fn restart(&mut self, mode: RestartMode, asker: Option<Asker>) {
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
            return answer(asker, Err(why.to_owned()));
        }
        let request = as_map(json!({ "op": "reload_failed", "error": why }));
        let mut server = self.handler.server().lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Err(error) = server.send(&ToServer::Control { id: 0, request }) {
            warn!(%error, "the Server cannot be told that the reload failed");
        }
    }

    /// The Server has died: everybody is told, and it is started again.
    async fn recover(&mut self) {
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

    async fn stop_server(&mut self, asker: Option<Asker>) {
        if self.active.is_some() {
            info!("the Server is being stopped");
            self.end_active(RestartMode::Shutdown, STOP_TIME).await;
            self.handler.server_stopped(Some(STOPPED));
        }
        self.set_state(ServerState::Stopped, None);
        answer(asker, Ok(done()));
    }

    /// Stops everything.
    async fn end(mut self) {
        info!("the game is being stopped");
        self.end_active(RestartMode::Shutdown, STOP_TIME).await;
        self.handler.disconnect_all(FAREWELL);
        self.handler.drain(FAREWELL_TIME).await;
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

    // --- small things ---------------------------------------------------------------------------

    /// Something happened that has nothing to do with what is under way.
    fn while_busy(&mut self, event: Event) {
        match event {
            Event::Lost { generation, .. } if self.is_active(generation) => self.mark_lost(),
            Event::Request(Request::Restart(_, asker)) => answer(asker, Err(BUSY.to_owned())),
            Event::Request(Request::Start(asker)) => answer(Some(asker), Err(BUSY.to_owned())),
            Event::Request(Request::StopServer(asker)) => match self.stop {
                None => self.stop = Some(Stop::Server(asker)),
                Some(_) => answer(asker, Ok(done())),
            },
            Event::Request(Request::StopAll) => {
                if let Some(Stop::Server(asker)) = self.stop.replace(Stop::All) {
                    answer(asker, Ok(done()));
                }
            }
            Event::Arrived(_) | Event::Ready { .. } | Event::Lost { .. } => {}
        }
    }

    fn is_active(&self, generation: u64) -> bool {
        self.active.as_ref().is_some_and(|active| active.generation == generation)
    }

    fn mark_lost(&mut self) {
        if let Some(active) = &mut self.active {
            active.lost = true;
        }
    }

    fn set_state(&self, state: ServerState, process: Option<(u32, Kwargs)>) {
        let (pid, info) = process.map_or((None, Kwargs::new()), |(pid, info)| (Some(pid), info));
        self.desk.server_status(|status| (status.state, status.pid, status.info) = (state, pid, info));
    }

    fn set_state_only(&self, state: ServerState) {
        self.desk.server_status(|status| status.state = state);
    }
}

impl ServerState {
    /// As `status` shows it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            ServerState::Stopped => "stopped",
            ServerState::Starting => "starting",
            ServerState::Ready => "ready",
            ServerState::Reloading => "reloading",
        }
    }

    /// Whether a Server is there that takes input.
    pub(crate) fn is_ready(self) -> bool {
        matches!(self, ServerState::Ready | ServerState::Reloading)
    }
}

/// The next thing that happens. What the link has brought goes before the end of the process.
async fn next(
    events: &mut mpsc::UnboundedReceiver<Event>,
    process: Option<&mut ServerProcess>,
    until: Option<Instant>,
) -> Happened {
    let ended = async {
        match process {
            Some(process) => drop(process.ended().await),
            None => std::future::pending().await,
        }
    };
    let late = async {
        match until {
            Some(until) => tokio::time::sleep_until(until).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        Some(event) = events.recv() => Happened::Event(event),
        () = ended => Happened::Ended,
        () = late => Happened::Late,
    }
}

/// Ends a process that has not done `what` in time, and says so.
async fn give_up(process: &mut ServerProcess, what: &str, limit: Duration) -> String {
    process.kill().await;
    let seconds = limit.as_secs();
    let obituary = process.obituary().await;
    format!("it had not {what} after {seconds} seconds ({obituary})")
}

fn done() -> Kwargs {
    as_map(json!({ "ok": true }))
}

fn answer(asker: Option<Asker>, outcome: Result<Kwargs, String>) {
    if let Some(asker) = asker {
        // Whoever asked may have hung up.
        let _ = asker.send(outcome);
    }
}
