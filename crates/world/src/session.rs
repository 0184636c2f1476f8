//! One session as the game sees it: who is logged in, which body it drives, what its client can do.

use std::collections::VecDeque;

use meadow_link::{CommandTuple, Flags, Kwargs, SessionId, SessionSync, Time};

use crate::{
    AccountId, JobId, ObjectId,
    batch::BatchRun,
    conversation::{Conversations, secret},
    inputfuncs::{monitor::Monitors, repeat::Repeats},
    session_state::{version_from, version_to},
    web_logins,
};

/// One session in the Server. Made and ended by the `ServerSessionHandler`.
///
/// ```
/// # use meadow_world::World;
/// /// Who plays, and for how long nobody has seen them do anything.
/// fn idlers(world: &World) -> Vec<(String, std::time::Duration)> {
///     let logged_in = world.sessions().iter().filter_map(|session| Some((session, session.account()?)));
///     logged_in
///         .map(|(session, account)| (world[account].name().to_owned(), world.now().since(session.active_at())))
///         .collect()
/// }
/// ```
pub struct ServerSession {
    pub(crate) id: SessionId,
    pub(crate) protocol_key: Box<str>,
    pub(crate) address: Box<str>,
    pub(crate) csessid: Option<Box<str>>,
    pub(crate) account: Option<AccountId>,
    /// By which web login it was logged in, by its digest, and with which it ends; kept over a reload.
    pub(crate) web_login: Option<Box<str>>,
    pub(crate) puppet: Option<ObjectId>,
    /// The body that another session of the account gave up for this one, until it is taken.
    pub(crate) inherits: Option<ObjectId>,
    /// The body that its player has chosen before logging in, until that is done.
    pub(crate) wants: Option<ObjectId>,
    /// What its client can do and wants.
    pub flags: Flags,
    pub(crate) conn_time: Time,
    pub(crate) cmd_last: Time,
    pub(crate) cmd_last_visible: Time,
    pub(crate) cmd_total: u64,
    /// What is kept for the session over a reload.
    pub server_data: Kwargs,
    /// What it is told of when it changes; kept over a reload.
    pub(crate) monitors: Monitors,
    /// What is done for it again and again; kept over a reload.
    pub(crate) repeats: Repeats,
    /// A job whose end the next input has to wait for.
    pub(crate) busy: Option<JobId>,
    /// The input that started that job; it is done when the job is.
    pub(crate) running: Option<u64>,
    /// Inputs that came while the session was busy.
    pub(crate) waiting: VecDeque<(u64, CommandTuple)>,
    /// What takes its lines instead of the command handler; kept over a reload.
    pub(crate) conversations: Conversations,
    /// Counts the changes of what is stored of it; kept over a reload.
    pub(crate) version: u64,
    /// Whether the Portal is to be told what it is now.
    pub(crate) untold: bool,
    /// Whether its client has been told not to show what is typed; kept over a reload.
    pub(crate) hides: bool,
    /// The batch that it goes through; it does not survive a reload.
    pub(crate) batch: Option<BatchRun>,
    /// Whether its player has been told that they have been idle for long.
    pub(crate) warned_idle: bool,
}

impl ServerSession {
    pub(crate) fn new(mut sync: SessionSync) -> ServerSession {
        let version = version_from(&mut sync.server_data);
        let monitors = Monitors::from_server_data(&mut sync.server_data);
        let repeats = Repeats::from_server_data(&mut sync.server_data);
        let conversations = Conversations::from_server_data(&mut sync.server_data);
        let hides = secret::from_server_data(&mut sync.server_data);
        let web_login = web_logins::from_server_data(&mut sync.server_data);
        ServerSession {
            id: sync.id,
            protocol_key: sync.protocol_key,
            address: sync.address,
            csessid: sync.csessid,
            account: None,
            web_login,
            puppet: None,
            inherits: None,
            wants: None,
            flags: sync.flags,
            conn_time: sync.conn_time,
            cmd_last: sync.cmd_last,
            cmd_last_visible: sync.cmd_last_visible,
            cmd_total: sync.cmd_total,
            server_data: sync.server_data,
            monitors,
            repeats,
            busy: None,
            running: None,
            waiting: VecDeque::new(),
            conversations,
            version,
            untold: false,
            hides,
            batch: None,
            warned_idle: false,
        }
    }

    /// Its number.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// By what it came: `telnet`, `websocket` ...
    pub fn protocol_key(&self) -> &str {
        &self.protocol_key
    }

    /// From where it came.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The account that is logged in.
    pub fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// The object that it drives.
    pub fn puppet(&self) -> Option<ObjectId> {
        self.puppet
    }

    /// Whether it came by a browser.
    pub(crate) fn is_web(&self) -> bool {
        self.protocol_key.contains("websocket") || &*self.protocol_key == "ajax"
    }

    /// When it connected.
    pub fn connected_at(&self) -> Time {
        self.conn_time
    }

    /// When its player last did something that others may see.
    pub fn active_at(&self) -> Time {
        self.cmd_last_visible
    }

    /// How many commands its player has given.
    pub fn command_count(&self) -> u64 {
        self.cmd_total
    }

    /// What the Portal keeps of it.
    pub(crate) fn to_sync(&self, uname: Option<&str>) -> SessionSync {
        let mut server_data = self.server_data.clone();
        self.monitors.to_server_data(&mut server_data);
        self.repeats.to_server_data(&mut server_data);
        self.conversations.to_server_data(&mut server_data);
        version_to(&mut server_data, self.version);
        secret::to_server_data(self.hides, &mut server_data);
        web_logins::to_server_data(self.web_login.as_deref(), &mut server_data);
        SessionSync {
            id: self.id,
            protocol_key: self.protocol_key.clone(),
            address: self.address.clone(),
            uid: self.account.map(|account| account.0),
            uname: uname.map(Into::into),
            logged_in: self.account.is_some(),
            puid: self.puppet.map(|puppet| puppet.0),
            csessid: self.csessid.clone(),
            conn_time: self.conn_time,
            cmd_last: self.cmd_last,
            cmd_last_visible: self.cmd_last_visible,
            cmd_total: self.cmd_total,
            flags: self.flags.clone(),
            server_data,
        }
    }
}
