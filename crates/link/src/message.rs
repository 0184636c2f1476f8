//! Everything that one process tells the other, as types. The codecs turn these into AMP boxes.
//!
//! The names in brackets are Evennia's operation codes.

use serde_json::Value;

use crate::{
    ApiQuestion, CommandTuple, Credentials, Kwargs, ServiceStatus, ServiceWish, SessionId, SessionSync, Time,
};

/// How the Server that is starting came to be started: Evennia's `server_restart_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RestartMode {
    /// The game was stopped; this is a cold start.
    #[default]
    Shutdown,
    /// Players are connected and go on where they were.
    Reload,
    /// Players are connected; the game starts cold.
    Reset,
    /// The Server before this one died.
    Crash,
}

/// What the Portal tells the Server.
#[derive(Debug, Clone, PartialEq)]
pub enum ToServer {
    /// \[PSYNC\] Take over: here are the sessions. Nothing else comes before this. A Server opens its
    /// database only now, so that a new one can stand by while the old one still runs.
    Sync {
        /// Why the Server was started.
        mode: RestartMode,
        /// When the Portal started.
        portal_start: Time,
        /// Every session that a Server has greeted and that is still connected. The others follow as
        /// [`ToServer::Connect`].
        sessions: Vec<SessionSync>,
    },
    /// \[PCONN\] Somebody connected.
    Connect(SessionSync),
    /// \[PCONNSYNC\] What a client can do has changed (or is known at last). Only `protocol_key`, `address`,
    /// `csessid`, `conn_time` and `flags` tell anything; the Server keeps the rest of what it knows.
    Update(SessionSync),
    /// \[PDISCONN\] A connection is gone. Telling it twice is harmless.
    Disconnect(SessionId),
    /// \[PDISCONNALL\] The Portal is stopping, all connections are gone.
    DisconnectAll,
    /// (MsgPortal2Server) Something came from a client.
    Input {
        /// From whom.
        session: SessionId,
        /// Number of this input within its session, from 1, without gaps. The Server answers with
        /// [`ToPortal::Acks`]; until then the Portal keeps it and would send it again.
        seq: u64,
        /// What it is.
        tuple: CommandTuple,
    },
    /// \[SRELOAD, SRESET, SSHUTD\] Finish what was begun, hand over the sessions, stop.
    Stop(RestartMode),
    /// The launcher asks something that only the Server can answer.
    Control {
        /// Comes back with the answer.
        id: u64,
        /// What is asked: `{"op": ..., ...}`.
        request: Kwargs,
    },
    /// Somebody who has no session yet wants to be let in as an account, or back into their session. [`ToPortal::Authenticated`] answers; the
    /// session that comes of it is told to be logged in by [`ToServer::Connect`].
    Authenticate {
        /// Comes back with the answer.
        id: u64,
        /// Address of the client, as text.
        address: Box<str>,
        /// Name of the account; empty where a session says it.
        name: Box<str>,
        /// What is shown for it.
        credentials: Credentials,
    },
    /// A page or a program asks something of the game. [`ToPortal::ApiAnswer`] answers.
    Api(ApiQuestion),
    /// The answer to [`ToPortal::Inspect`].
    Inspected {
        /// Whoever wanted to know it.
        asker: SessionId,
        /// What the Portal knows of each session that was asked about and is still there.
        sessions: Vec<Kwargs>,
    },
    /// The answer to [`ToPortal::ListServices`].
    Services {
        /// Whoever wanted to know it.
        asker: SessionId,
        /// Every service of both processes.
        services: Vec<ServiceStatus>,
    },
    /// One of the Server's own services is to be started or stopped.
    SwitchService {
        /// Whoever wants it, who is to be told.
        asker: SessionId,
        /// Name of the service.
        name: String,
        /// What is wanted.
        wish: ServiceWish,
    },
    /// The answer to [`ToPortal::SwitchService`].
    Switched {
        /// Whoever wanted it.
        asker: SessionId,
        /// Name of the service.
        name: String,
        /// What was wanted.
        wish: ServiceWish,
        /// Why it was not done, as a sentence for whoever wanted it; `None` if it was.
        refused: Option<String>,
    },
}

/// What the Server tells the Portal.
#[derive(Debug, Clone, PartialEq)]
pub enum ToPortal {
    /// \[PSYNC\] A Server is here and asks to be synced.
    Sync {
        /// Its process.
        pid: u32,
        /// What the launcher shows of it: `servername`, `version` ...
        info: Kwargs,
    },
    /// The Server has loaded the world and taken over the sessions of the sync: input may come.
    Ready {
        /// For each session, the last input that is already part of the database; what comes after it
        /// has not happened and is sent again.
        applied: Vec<(SessionId, u64)>,
    },
    /// \[SLOGIN\] A session is logged in.
    Login {
        /// Which.
        session: SessionId,
        /// Its account.
        uid: u64,
        /// Name of that account.
        uname: Box<str>,
    },
    /// \[SDISCONN\] Close a connection.
    Disconnect {
        /// Which.
        session: SessionId,
        /// Told to the player.
        reason: String,
    },
    /// \[SDISCONNALL\] Close every connection.
    DisconnectAll {
        /// Told to the players.
        reason: String,
    },
    /// \[SSYNC\] Keep this of the sessions, for the Server that comes after this one.
    SessionSync {
        /// The sessions, in full.
        sessions: Vec<SessionSync>,
        /// Whether sessions that are not named here are to be closed.
        clean: bool,
    },
    /// \[SSYNC, in part\] The game has changed flags of one session (`client_options`, `option`).
    Flags {
        /// Which.
        session: SessionId,
        /// The changed ones by name, for [`Flags::apply`](crate::Flags::apply).
        changed: Kwargs,
    },
    /// \[SCONN\] Open an outgoing connection (a bot).
    Connect {
        /// Which kind, by the name it is registered with.
        protocol: String,
        /// Its settings.
        config: Kwargs,
    },
    /// (MsgServer2Portal) The game says something, to one or to many.
    Output {
        /// To whom.
        sessions: Vec<SessionId>,
        /// What.
        tuple: CommandTuple,
    },
    /// Inputs are done, up to and including these numbers, and what they changed is in the database.
    Acks(Vec<(SessionId, u64)>),
    /// \[SRELOAD\] Somebody in the game asks for a reload.
    Reload,
    /// \[SRESET\] ... for a reset.
    Reset,
    /// \[SSHUTD\] ... to stop the Server only.
    ShutdownServer,
    /// \[PSHUTD\] ... to stop everything.
    Shutdown,
    /// What does the Portal know of these sessions: what was negotiated, what waits, what came and went?
    Inspect {
        /// Whoever wants to know it. Comes back with the answer, so that nothing has to remember it.
        asker: SessionId,
        /// Which.
        sessions: Vec<SessionId>,
    },
    /// The services of the Server's own, all of them. Told before [`ToPortal::Ready`], and whenever one of
    /// them changes.
    Services(Vec<ServiceStatus>),
    /// Which services are there, in both processes?
    ListServices {
        /// Whoever wants to know it. Comes back with the answer.
        asker: SessionId,
    },
    /// A service of either process is to be started or stopped.
    SwitchService {
        /// Whoever wants it. Comes back with the answer.
        asker: SessionId,
        /// Name of the service.
        name: String,
        /// What is wanted.
        wish: ServiceWish,
    },
    /// How many there are of each kind of thing, for lists of games (MSSP): `{"rooms": 12, ...}`. Told before
    /// [`ToPortal::Ready`], and when it has changed.
    Census(Kwargs),
    /// The answer to [`ToServer::Authenticate`].
    Authenticated {
        /// The id of the question.
        id: u64,
        /// The account, with its name as it is written there (0 and empty: a session's that has not logged in); none if
        /// whoever it is must not come in. Why is
        /// not told: that would tell strangers which accounts there are.
        account: Option<(u64, Box<str>)>,
    },
    /// The answer to [`ToServer::Api`]. What it tells of is stored.
    ApiAnswer {
        /// The id of the question.
        id: u64,
        /// A status of HTTP.
        status: u16,
        /// What was asked for, or `{"error": "a sentence"}`.
        body: Value,
    },
    /// The answer to [`ToServer::Control`].
    ControlReply {
        /// The id of the request.
        id: u64,
        /// `{"ok": true, ...}` or `{"ok": false, "error": ...}`.
        reply: Kwargs,
    },
}
