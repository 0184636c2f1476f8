//! PortalSessionHandler: every connection of this Portal. Listeners bring it connections, the link's
//! task what the Server says; it routes, throttles by each session's queue, and syncs.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use meadow_link::{
    CommandTuple, Kwargs, RestartMode, ServiceStatus, ServiceWish, SessionId, SessionSync, Time, ToPortal,
    ToServer, amp::LinkWriter,
};
use meadow_protocol::{Protocol, Render, Transport};
use tracing::{info, warn};

use crate::{
    Limits,
    admission::{Admission, Refusal},
    authentication::Account,
    clock::Clock,
    connection::{Connection, Wire, tell},
    ids::SessionIds,
    listen::websocket::Seats,
    mssp::Figures,
    questions::AllQuestions,
    server_end::{Gate, ServerEnd, Taken},
    session::PortalSession,
};

mod inspect;
mod restart;

const LOST: &str = "The game has lost track of you. Please connect again.";
const CRASHED: &str = "The game has stopped unexpectedly and is being started again. What you type is kept.";
const BACK: &str = "The game is back.";

/// Every connection, and the way to the Server.
pub(crate) struct PortalSessionHandler {
    limits: Limits,
    clock: Clock,
    ids: Mutex<SessionIds>,
    sessions: Mutex<Sessions>,
    server: Mutex<ServerEnd>,
    questions: AllQuestions,
    /// Sessions whose clients have tickets.
    seats: Arc<Seats>,
    /// For lists of games.
    figures: Arc<Figures>,
}

// Locks are taken in this order, and never two of one kind: sessions, then one Connection, then server.

struct Sessions {
    by_id: HashMap<SessionId, Arc<Connection>>,
    admission: Admission,
}

/// What the Server says that concerns the process, not a session.
#[derive(Debug)]
pub(crate) enum FromServer {
    /// It is ready, and has said what its database holds.
    Ready(Vec<(SessionId, u64)>),
    /// Somebody in the game asks for a restart of the Server.
    Restart(RestartMode),
    /// ... for its stop.
    StopServer,
    /// ... for the stop of everything.
    StopAll,
    /// The answer to a question of the launcher.
    ControlReply(u64, Kwargs),
    /// Its own services are these.
    Services(Vec<ServiceStatus>),
    /// This session wants to know of all services.
    ListServices(SessionId),
    /// This session wants something of the service of this name.
    SwitchService(SessionId, String, ServiceWish),
}

/// Connections that one read from the link has touched.
pub(crate) type Touched = Vec<Arc<Connection>>;

/// A new connection's place among the sessions.
pub(crate) struct Arrival {
    pub(crate) address: IpAddr,
    pub(crate) service: Arc<str>,
    pub(crate) security: Security,
    /// The address is that of a proxy that is believed when it says for whom it speaks.
    pub(crate) is_proxy: bool,
    pub(crate) protocol: Box<dyn Protocol>,
    pub(crate) transport: Transport,
    /// Who has logged in already, as far as the Portal has asked.
    pub(crate) account: Option<Account>,
}

/// Whether others on the way can read a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// They can.
    Clear,
    /// It is inside TLS.
    Tls,
}

impl PortalSessionHandler {
    pub(crate) fn new(limits: Limits, clock: Clock, ids: SessionIds) -> PortalSessionHandler {
        let server = Mutex::new(ServerEnd::new(limits.link_buffer_bytes));
        let sessions = Sessions { by_id: HashMap::new(), admission: Admission::default() };
        let figures = Arc::new(Figures::new(sessions.admission.players()));
        let (ids, sessions) = (Mutex::new(ids), Mutex::new(sessions));
        let (questions, seats) = (AllQuestions::default(), Arc::default());
        PortalSessionHandler { limits, clock, ids, sessions, server, questions, seats, figures }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// How many there are of what lists of games are told.
    pub(crate) fn figures(&self) -> &Arc<Figures> {
        &self.figures
    }

    /// The way to the Server.
    pub(crate) fn server(&self) -> &Mutex<ServerEnd> {
        &self.server
    }

    /// Where clients that come back find their sessions.
    pub(crate) fn seats(&self) -> &Arc<Seats> {
        &self.seats
    }

    /// What the Server is asked.
    pub(crate) fn questions(&self) -> &AllQuestions {
        &self.questions
    }

    /// How many are connected.
    pub(crate) fn count(&self) -> usize {
        self.sessions().by_id.len()
    }

    // --- connections come and go ---------------------------------------------------------------

    /// Whether a connection from this address may come in. Every `Ok` is followed by
    /// [`PortalSessionHandler::enter`] or [`PortalSessionHandler::withdraw`].
    pub(crate) fn admit(&self, address: IpAddr) -> Result<SessionId, Refusal> {
        self.sessions().admission.admit(address, &self.limits)?;
        match lock(&self.ids).next() {
            Ok(id) => Ok(id),
            Err(error) => {
                warn!(%error, "session ids cannot be reserved; connections are refused");
                self.sessions().admission.leave(address, false);
                Err(Refusal::NoId)
            }
        }
    }

    /// An admitted connection did not become a session.
    pub(crate) fn withdraw(&self, address: IpAddr) {
        self.sessions().admission.leave(address, false);
    }

    /// An admitted connection becomes a session; its protocol greets the client.
    pub(crate) fn enter(&self, id: SessionId, wire: Wire, arrival: Arrival) -> Arc<Connection> {
        let Arrival { address, service, security, is_proxy, protocol, transport, account } = arrival;
        let now = self.clock.now();
        let key = protocol.key();
        let mut session =
            PortalSession::new(id, protocol, transport, &address.to_string(), now, &self.limits);
        let is_logged_in = account.is_some();
        if let Some(Account { uid, uname }) = account {
            session.login(now, uid, uname);
        }
        session.connect(now);
        if security == Security::Tls {
            session.secured(now);
        }
        if is_proxy {
            session.believe();
        }
        info!(session = %id, %address, service = %service, protocol = key, "connected");
        let connection = Arc::new(Connection::new(id, address, service, wire, session));
        let mut sessions = self.sessions();
        sessions.by_id.insert(id, Arc::clone(&connection));
        if is_logged_in {
            sessions.admission.logged_in();
        }
        drop(sessions);
        connection
    }

    /// A session's connection has ended, for whatever reason the session has; the Server is told.
    pub(crate) fn leave(&self, connection: &Connection) {
        let now = self.clock.now();
        let mut sessions = self.sessions();
        let mut state = connection.lock();
        if sessions.by_id.remove(&connection.id).is_some() {
            sessions.admission.leave(connection.address, state.session.is_logged_in());
        }
        drop(sessions);
        state.session.close(now, "its task ended");
        tell(&mut state, &self.server, now, &self.limits);
        let reason = state.session.closing().map(|closing| closing.reason.clone()).unwrap_or_default();
        drop(state);
        info!(session = %connection.id, address = %connection.address, service = %connection.service, reason,
              "disconnected");
    }

    /// Ends every connection, once what was said to it before has been sent.
    pub(crate) fn disconnect_all(&self, reason: &str) {
        self.each(|session, now| session.disconnect(now, reason));
    }

    /// Waits until all connections have ended, but no longer than this.
    pub(crate) async fn drain(&self, limit: Duration) {
        let end = tokio::time::Instant::now() + limit;
        while self.count() > 0 && tokio::time::Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    // --- Servers come and go --------------------------------------------------------------------

    /// Makes a Server the active one and tells it of every session. Gives back its generation, which
    /// whoever serves its link must know.
    pub(crate) fn activate(&self, mode: RestartMode, writer: LinkWriter<ToServer>) -> u64 {
        let generation = lock(&self.server).generation() + 1;
        self.questions.forget();
        let connections = self.connections();
        let sessions = connections.iter().filter_map(|one| one.lock().session.snapshot(generation)).collect();
        let mut server = lock(&self.server);
        server.install(generation, writer);
        server.set_gate(Gate::Synced);
        let sync = ToServer::Sync { mode, portal_start: self.clock.started(), sessions };
        if let Err(error) = server.send(&sync) {
            warn!(%error, "the Server cannot be told of the sessions");
        }
        drop(server);
        // Whoever left while the list was made must be told of, though it is in no map any more.
        self.settle(&connections);
        self.each(|_, _| {});
        generation
    }

    /// The active Server is ready: what it has not done yet is sent (again), and input flows.
    pub(crate) fn server_ready(&self, applied: &[(SessionId, u64)], mode: RestartMode) {
        let applied: HashMap<SessionId, u64> = applied.iter().copied().collect();
        for connection in self.connections() {
            let now = self.clock.now();
            let mut state = connection.lock();
            if mode == RestartMode::Crash {
                state.session.notice(now, BACK);
            }
            let applied = applied.get(&connection.id).copied().unwrap_or(0);
            state.session.server_ready(now, applied);
        }
        lock(&self.server).set_gate(Gate::Open);
        self.each(|_, _| {});
    }

    /// Tells the Server to finish and holds everything back from now on.
    pub(crate) fn stop_server(&self, mode: RestartMode) {
        let mut server = lock(&self.server);
        if server.gate() != Gate::Closed
            && let Err(error) = server.send(&ToServer::Stop(mode))
        {
            warn!(%error, "the Server cannot be told to stop");
        }
        server.set_gate(Gate::Closed);
    }

    /// The Server that was told to finish has ended; `notice` is told to the players.
    pub(crate) fn server_stopped(&self, notice: Option<&str>) {
        lock(&self.server).set_gate(Gate::Closed);
        self.each(|session, now| {
            session.server_stopped();
            if let Some(line) = notice {
                session.notice(now, line);
            }
        });
    }

    /// The Server has died.
    pub(crate) fn server_died(&self) {
        lock(&self.server).set_gate(Gate::Closed);
        self.questions.forget();
        self.each(|session, now| {
            session.server_died();
            session.notice(now, CRASHED);
        });
    }

    /// What waits for the Server of this generation; `Err` when another has taken its place.
    pub(crate) fn take_for_server(
        &self,
        generation: u64,
        cx: &mut std::task::Context<'_>,
    ) -> Result<Option<Taken>, SupersededServer> {
        let mut server = lock(&self.server);
        if server.generation() != generation {
            return Err(SupersededServer);
        }
        let taken = server.take();
        if taken.is_none() {
            server.set_waker(cx.waker());
        }
        Ok(taken)
    }

    /// There is room again on the way to the Server.
    pub(crate) fn resume(&self) {
        self.each(|_, _| {});
    }

    // --- what the Server says -------------------------------------------------------------------

    /// Does what the Server says about sessions; gives back what is not about sessions. Sessions that
    /// it concerns are added to `touched`, for [`PortalSessionHandler::end_batch`].
    pub(crate) fn hear(&self, message: ToPortal, touched: &mut Touched, now: Time) -> Option<FromServer> {
        match message {
            ToPortal::Output { sessions, tuple } => self.output(&sessions, &tuple, touched, now),
            ToPortal::Acks(acks) => {
                let all = self.sessions();
                for (id, seq) in acks {
                    all.touch(id, touched, |session| session.ack(now, seq));
                }
            }
            ToPortal::Login { session, uid, uname } => self.login(session, uid, uname, touched, now),
            ToPortal::Flags { session, changed } => {
                self.sessions().touch(session, touched, |session| session.apply_flags(now, &changed));
            }
            ToPortal::Disconnect { session, reason } => {
                self.sessions().touch(session, touched, |session| session.disconnect(now, &reason));
            }
            ToPortal::DisconnectAll { reason } => self.disconnect_all(&reason),
            ToPortal::SessionSync { sessions, clean } => self.session_sync(sessions, clean, touched, now),
            ToPortal::Connect { protocol, .. } => warn!(protocol, "outgoing connections are not supported"),
            ToPortal::Ready { applied } => return Some(FromServer::Ready(applied)),
            ToPortal::Reload => return Some(FromServer::Restart(RestartMode::Reload)),
            ToPortal::Reset => return Some(FromServer::Restart(RestartMode::Reset)),
            ToPortal::ShutdownServer => return Some(FromServer::StopServer),
            ToPortal::Shutdown => return Some(FromServer::StopAll),
            ToPortal::Authenticated { id, account } => self.questions.authentications.answer(id, account),
            ToPortal::ApiAnswer { id, status, body } => self.questions.api.answer(id, (status, body)),
            ToPortal::Inspect { asker, sessions } => self.answer(asker, &sessions),
            ToPortal::Census(counts) => self.figures.counted(counts),
            ToPortal::ControlReply { id, reply } => return Some(FromServer::ControlReply(id, reply)),
            ToPortal::Services(services) => return Some(FromServer::Services(services)),
            ToPortal::ListServices { asker } => return Some(FromServer::ListServices(asker)),
            ToPortal::SwitchService { asker, name, wish } => {
                return Some(FromServer::SwitchService(asker, name, wish));
            }
            ToPortal::Sync { .. } => warn!("the Server introduced itself twice"),
        }
        None
    }

    /// Writes out what a batch of messages has left for the sessions.
    pub(crate) fn end_batch(&self, touched: &mut Touched) {
        for connection in touched.drain(..) {
            let mut state = connection.lock();
            state.untouch();
            connection.settle(&mut state, &self.server, self.clock.now(), &self.limits);
        }
    }

    /// Answers a question about sessions.
    fn answer(&self, asker: SessionId, sessions: &[SessionId]) {
        let answer = ToServer::Inspected { asker, sessions: self.inspect(Some(sessions)) };
        if let Err(error) = lock(&self.server).send(&answer) {
            warn!(%error, "the Server cannot be told of the sessions that it asked about");
        }
    }

    /// One tuple for many sessions is rendered once for each kind of client.
    fn output(&self, ids: &[SessionId], tuple: &CommandTuple, touched: &mut Touched, now: Time) {
        let shown = tuple.shown();
        let mut render = Render::new(&shown);
        let all = self.sessions();
        for id in ids {
            all.touch(*id, touched, |session| session.send(now, tuple, &mut render));
        }
    }

    fn login(&self, id: SessionId, uid: u64, uname: Box<str>, touched: &mut Touched, now: Time) {
        let mut all = self.sessions();
        let was = all.touch(id, touched, |session| {
            let was = session.is_logged_in();
            session.login(now, uid, uname);
            was
        });
        if was == Some(false) {
            all.admission.logged_in();
        }
    }

    fn session_sync(&self, sessions: Vec<SessionSync>, clean: bool, touched: &mut Touched, now: Time) {
        let named: HashSet<SessionId> = sessions.iter().map(|sync| sync.id).collect();
        let generation = lock(&self.server).generation();
        let mut all = self.sessions();
        for sync in sessions {
            let changed = all.touch(sync.id, touched, |session| {
                let was = session.is_logged_in();
                session.take_over(now, sync);
                (was, session.is_logged_in())
            });
            match changed {
                Some((false, true)) => all.admission.logged_in(),
                Some((true, false)) => all.admission.logged_out(),
                _ => {}
            }
        }
        if clean {
            // Only what this Server was told of can be missing from its list.
            let lost: Vec<SessionId> = all.by_id.keys().filter(|id| !named.contains(id)).copied().collect();
            for id in lost {
                all.touch(id, touched, |session| {
                    if session.is_told(generation) {
                        session.disconnect(now, LOST);
                    }
                });
            }
        }
    }

    /// Changes every session and brings everybody up to date.
    fn each(&self, mut change: impl FnMut(&mut PortalSession, Time)) {
        for connection in self.connections() {
            let now = self.clock.now();
            let mut state = connection.lock();
            change(&mut state.session, now);
            connection.settle(&mut state, &self.server, now, &self.limits);
        }
    }

    fn settle(&self, connections: &[Arc<Connection>]) {
        for connection in connections {
            connection.settle(&mut connection.lock(), &self.server, self.clock.now(), &self.limits);
        }
    }

    /// Every connection, in the order in which they came.
    pub(crate) fn connections(&self) -> Vec<Arc<Connection>> {
        let mut all: Vec<_> = self.sessions().by_id.values().cloned().collect();
        all.sort_unstable_by_key(|connection| connection.id);
        all
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        lock(&self.sessions)
    }
}

/// Another Server is the active one.
#[derive(Debug)]
pub(crate) struct SupersededServer;

impl Sessions {
    /// Does something to a session and remembers that it was touched. `None` if it is gone.
    fn touch<R>(
        &self,
        id: SessionId,
        touched: &mut Touched,
        change: impl FnOnce(&mut PortalSession) -> R,
    ) -> Option<R> {
        let connection = self.by_id.get(&id)?;
        let mut state = connection.lock();
        if state.touch() {
            touched.push(Arc::clone(connection));
        }
        Some(change(&mut state.session))
    }
}

/// A lock is never left in a broken state: calls into protocols are caught.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
