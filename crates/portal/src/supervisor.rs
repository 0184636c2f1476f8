//! Starts, restarts and stops the Server process. The link, the launcher and signals tell it what has
//! happened; there is never more than one Server that has been given the sessions.

mod start;
mod stop;

use std::{sync::Arc, time::Duration};

use meadow_link::{Kwargs, RestartMode, SessionId};
use serde_json::json;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};
use tracing::warn;

use crate::{
    ServerCommand,
    held::Keeper,
    launcher::{Desk, as_map},
    link::ServerPeer,
    process::ServerProcess,
    sessionhandler::PortalSessionHandler,
};

/// How long what a dead Server had still written is waited for.
const LAST_READ_TIME: Duration = Duration::from_secs(1);

const BUSY: &str = "the Server is being restarted already";

/// What the supervisor is told.
pub(crate) enum Event {
    /// A Server has introduced itself.
    Arrived(Box<ServerPeer>),
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
    StopAll(Parting),
}

/// How the Portal parts from its players.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parting {
    /// For good.
    Goodbye,
    /// Another Portal is to follow at once: sessions whose clients can come back are held for it.
    Return,
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
    keeper: Keeper,
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
    All(Parting),
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
        keeper: Keeper,
        events: mpsc::UnboundedReceiver<Event>,
    ) -> Supervisor {
        Supervisor { command, handler, desk, keeper, events, active: None, stop: None, failures: 0 }
    }

    /// Starts the first Server, tells `started` how that went, and goes on until everything is to stop. `mode` says what
    /// became of the Server of the Portal before this one, if sessions of that go on here.
    pub(crate) async fn run(mut self, mode: RestartMode, started: oneshot::Sender<Result<(), String>>) {
        let first = self.start(mode).await;
        let failed = first.is_err();
        // Whoever waited may have been interrupted, and then asks for a stop.
        let _ = started.send(first);
        if failed {
            return;
        }
        loop {
            match self.stop.take() {
                Some(Stop::Server(asker)) => self.stop_server(asker).await,
                Some(Stop::All(parting)) => return self.end(parting).await,
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
            Request::StopAll(parting) => self.stop = Some(Stop::All(parting)),
        }
    }

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
            Event::Request(Request::StopAll(parting)) => {
                if let Some(Stop::Server(asker)) = self.stop.replace(Stop::All(parting)) {
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

fn done() -> Kwargs {
    as_map(json!({ "ok": true }))
}

fn answer(asker: Option<Asker>, outcome: Result<Kwargs, String>) {
    if let Some(asker) = asker {
        // Whoever asked may have hung up.
        let _ = asker.send(outcome);
    }
}
