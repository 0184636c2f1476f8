//! What a session is in the middle of, as it is stored with the world: who is logged in, which body is driven, and what
//! takes its lines. It is in the batch of what the same input changed, so that a crash leaves both or neither.
//!
//! The Portal is told the same when that batch is on the disk (`SessionSync`), with the same version number. A Server
//! that starts goes by whichever is newer, and tells the player what had not reached them.

use std::collections::HashSet;

use meadow_link::{Kwargs, SessionId, SessionSync, Time, ToPortal, text};
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, ObjectId, Record, ServerSession, World,
    conversation::{Conversations, StoredConversation},
    text::escape,
};

/// Under which name the version stands in `server_data`.
const VERSION: &str = "_version";

/// What is stored of a session that has logged in, or has been in a conversation. It is kept until the Portal says
/// that the session is gone, like the notes of its inputs.
#[derive(Serialize, Deserialize)]
pub(crate) struct SessionState {
    /// The name of its account, for whoever reads the database.
    name: Box<str>,
    /// When it connected. A database can be carried to another Portal, which counts its sessions from 1 again.
    connected: Time,
    version: u64,
    account: Option<AccountId>,
    puppet: Option<ObjectId>,
    /// The digest of the web login that it was logged in by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    web_login: Option<Box<str>>,
    conversations: Vec<StoredConversation>,
    /// The game has ended it, and the Portal may not have heard of that: what its player was to be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
}

/// The number of a session, as that of a record.
#[derive(Clone, Copy)]
pub(crate) struct StateId(u64);

impl From<u64> for StateId {
    fn from(id: u64) -> StateId {
        StateId(id)
    }
}

impl From<StateId> for u64 {
    fn from(id: StateId) -> u64 {
        id.0
    }
}

impl From<SessionId> for StateId {
    fn from(id: SessionId) -> StateId {
        StateId(id.0)
    }
}

impl Record for SessionState {
    type Id = StateId;
    const KIND: &'static str = "session";
    const PRIVATE: bool = true;

    fn key(&self) -> &str {
        &self.name
    }
}

/// Who is logged in, and in which body.
pub(crate) type Who = (Option<AccountId>, Option<ObjectId>);

/// A session whose stored state was newer than what the Portal knew.
pub(crate) struct Recalled {
    id: SessionId,
    /// Who it was, as far as the Portal knew.
    was: Who,
    /// The game has ended it, and this is why.
    ended: Option<String>,
}

impl World {
    /// Has the Portal keep what a session is, for a Server that comes after this one.
    pub(crate) fn sync_session(&mut self, id: SessionId) {
        let Some(session) = self.session_mut(id) else { return };
        if !std::mem::replace(&mut session.untold, true) {
            self.changes.sessions.push(id);
        }
    }

    /// As [`World::sync_session`], and what is stored of it is another now, too.
    pub(crate) fn session_changed(&mut self, id: SessionId) {
        if let Some(session) = self.session_mut(id) {
            session.version += 1;
            self.sync_session(id);
        }
    }

    /// Stores what sessions have become, and has the Portal told. One that waits for a job is in the middle of an
    /// input: its time comes when that is done.
    pub(crate) fn keep_sessions(&mut self) {
        for id in std::mem::take(&mut self.changes.sessions) {
            let Some(session) = self.session_mut(id) else { continue };
            if session.busy.is_some() {
                self.changes.sessions.push(id);
                continue;
            }
            session.untold = false;
            self.tell_portal(id);
            let Some(session) = self.session(id) else { continue };
            let stored = self.record::<SessionState>(id.into()).map_or(0, |state| state.version);
            if session.version != stored {
                let name =
                    session.account.and_then(|account| self.account(account)).map(crate::Account::name);
                let state = SessionState {
                    name: name.unwrap_or_default().into(),
                    connected: session.conn_time,
                    version: session.version,
                    account: session.account,
                    puppet: session.puppet,
                    web_login: session.web_login.clone(),
                    conversations: session.conversations.for_the_store(),
                    ended: None,
                };
                self.put_record(id.into(), state);
            }
        }
    }

    /// Tells the Portal what a session is.
    pub(crate) fn tell_portal(&mut self, id: SessionId) {
        let Some(session) = self.session(id) else { return };
        let account = session.account.and_then(|account| self.account(account));
        let sync = session.to_sync(account.map(crate::Account::name));
        self.out.push(ToPortal::SessionSync { sessions: vec![sync], clean: false });
    }

    /// The game has ended a session: if the Portal does not hear of it, it is ended again.
    pub(crate) fn note_end(&mut self, id: SessionId, reason: &str) {
        if let Some(state) = self.record_mut::<SessionState>(id.into()) {
            state.version += 1;
            state.conversations = Vec::new();
            state.ended = Some(reason.to_owned());
        }
    }

    /// Whether something of a session is stored.
    pub(crate) fn has_state(&self, id: SessionId) -> bool {
        self.record::<SessionState>(id.into()).is_some()
    }

    /// A session will never be spoken of again.
    pub(crate) fn forget_state(&mut self, id: SessionId) {
        self.remove_record::<SessionState>(id.into());
    }

    /// Drops the states of all sessions but these.
    pub(crate) fn forget_other_states(&mut self, here: &[SessionSync]) {
        let here: HashSet<(u64, Time)> = here.iter().map(|sync| (sync.id.0, sync.conn_time)).collect();
        let gone =
            self.records::<SessionState>().filter(|(id, state)| !here.contains(&(id.0, state.connected)));
        for id in gone.map(|(id, _)| id).collect::<Vec<_>>() {
            self.remove_record::<SessionState>(id);
        }
    }

    /// Gives a session that the Portal has handed over what is stored of it, if that is newer.
    pub(crate) fn recall(&self, session: &mut ServerSession, who: &mut Who) -> Option<Recalled> {
        let state = self.record::<SessionState>(session.id.into())?;
        if state.version <= session.version {
            return None;
        }
        session.version = state.version;
        session.web_login.clone_from(&state.web_login);
        session.conversations = Conversations::from_stored(state.conversations.clone());
        let now = if state.ended.is_some() { (None, None) } else { (state.account, state.puppet) };
        let was = std::mem::replace(who, now);
        Some(Recalled { id: session.id, was, ended: state.ended.clone() })
    }

    /// Neither the Portal nor the player had heard what came of the last input: both are told where that has led.
    pub(crate) fn tell_recalled(&mut self, Recalled { id, was, ended }: Recalled) {
        if let Some(reason) = ended {
            return self.disconnect(id, &reason);
        }
        self.sync_session(id);
        let Some(session) = self.session(id) else { return };
        let (account, puppet) = (session.account, session.puppet);
        if let Some(account) = account.filter(|_| account != was.0) {
            let name: Box<str> = self[account].name().into();
            self.msg_login(id, account, &name);
        }
        match (account, puppet) {
            _ if (account, puppet) == was => {}
            (_, Some(body)) => {
                let name = escape(self[body].key()).into_owned();
                self.msg(id, format!("You become |c{name}|n."));
                self.show_body(id, body);
            }
            (Some(account), None) => {
                let view = self.account_class(account).at_look(self, account, id);
                self.msg(id, text(view).kw("type", "look"));
            }
            (None, None) => {}
        }
        self.show_conversation(id);
    }
}

/// Takes the version of a session out of what the Portal has kept.
pub(crate) fn version_from(server_data: &mut Kwargs) -> u64 {
    server_data.remove(VERSION).and_then(|version| version.as_u64()).unwrap_or_default()
}

/// Has the Portal keep the version of a session. One of which nothing is stored has none.
pub(crate) fn version_to(server_data: &mut Kwargs, version: u64) {
    if version > 0 {
        server_data.insert(VERSION.into(), version.into());
    }
}
