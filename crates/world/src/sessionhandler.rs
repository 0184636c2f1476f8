//! `ServerSessionHandler`: every session in the Server. Link messages about sessions end here; inputs go on to
//! the inputfuncs.

use std::collections::{HashMap, HashSet};

use meadow_link::{CommandTuple, RestartMode, SessionId, SessionSync, ToPortal, text, tuple};

use crate::{AccountId, Event, JobId, ObjectId, Result, World, inputfuncs, say, session::ServerSession};

/// All sessions, by number.
#[derive(Default)]
pub struct ServerSessionHandler {
    sessions: HashMap<SessionId, ServerSession>,
}

impl ServerSessionHandler {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sessions.is_empty()
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &ServerSession> {
        self.sessions.values()
    }

    /// Their numbers, oldest first.
    pub(crate) fn ids(&self) -> Vec<SessionId> {
        let mut ids: Vec<SessionId> = self.sessions.keys().copied().collect();
        ids.sort_unstable();
        ids
    }
}

impl World {
    /// All sessions.
    pub fn sessions(&self) -> &ServerSessionHandler {
        &self.sessions
    }

    /// A session, if it is still there.
    pub fn session(&self, id: SessionId) -> Option<&ServerSession> {
        self.sessions.sessions.get(&id)
    }

    /// As [`World::session`], to change it.
    pub fn session_mut(&mut self, id: SessionId) -> Option<&mut ServerSession> {
        self.sessions.sessions.get_mut(&id)
    }

    /// Takes over every session that the Portal has, and says that input may come.
    pub(crate) fn sync(&mut self, mode: RestartMode, sessions: Vec<SessionSync>) {
        let here: HashSet<SessionId> = sessions.iter().map(|sync| sync.id).collect();
        let (known, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.applied).into_iter().partition(|(id, _)| here.contains(id));
        self.changes.applied.extend(known.iter().map(|(id, _)| *id));
        self.changes.forgotten.extend(gone.into_iter().map(|(id, _)| id));
        for sync in sessions {
            let (id, uid, puid) = (sync.id, sync.uid.map(AccountId), sync.puid.map(ObjectId));
            self.sessions.sessions.insert(id, ServerSession::new(sync));
            self.resume_monitors(id);
            self.resume_repeats(id);
            match uid.filter(|uid| self.account(*uid).is_some()) {
                Some(account) => self.take_back(id, account, puid),
                None if mode == RestartMode::Shutdown => self.greet(id),
                None => {}
            }
        }
        self.end_lost_tickers();
        self.stow_abandoned();
        self.return_stowed();
        self.tell_census();
        self.out.push(ToPortal::Ready { applied: known });
        if mode == RestartMode::Reload {
            for id in self.sessions.ids() {
                self.msg(id, "|wThe game has been reloaded.|n");
            }
        }
    }

    /// Puts a session back where it was before the Server was restarted, without any ado.
    fn take_back(&mut self, id: SessionId, account: AccountId, puppet: Option<ObjectId>) {
        if let Some(account) = self.accounts.get_mut(&account) {
            account.sessions.push(id);
        }
        let puppet = puppet.filter(|puppet| self.exists(*puppet));
        if let Some(object) = puppet.and_then(|puppet| self.object_unstored(puppet)) {
            object.sessions.push(id);
        }
        if let Some(session) = self.session_mut(id) {
            session.account = Some(account);
            session.puppet = puppet;
        }
    }

    /// Bodies whose players hung up while no Server ran are left now.
    fn stow_abandoned(&mut self) {
        let bodies: Vec<ObjectId> =
            self.accounts.values().flat_map(|account| account.characters.clone()).collect();
        for body in bodies {
            let left = |object: &crate::Object| object.location.is_some() && object.sessions.is_empty();
            if self.object(body).is_some_and(left) {
                let kind = self[body].typeclass;
                self.guarded("leaving a body", |world| kind.at_post_unpuppet(world, body));
            }
        }
    }

    /// The Server before this one may have died after it stored that a body was left, and before the Portal heard
    /// of it: whoever still has a body that is nowhere enters it again.
    fn return_stowed(&mut self) {
        for id in self.sessions.ids() {
            let body = self.session(id).and_then(ServerSession::puppet);
            if let Some(body) =
                body.filter(|body| self.is_character(*body) && self[*body].location().is_none())
            {
                self.take_body(id);
                let back = self.guarded("coming back to a body", |world| world.puppet(id, body));
                self.tell_end(id, back);
            }
        }
    }

    /// Somebody has connected: with an account, if the Portal has asked for it ([`World::authenticate_client`]).
    pub(crate) fn connect(&mut self, sync: SessionSync) {
        let id = sync.id;
        if self.session(id).is_some() {
            return;
        }
        let authenticated = sync.uid.filter(|_| sync.logged_in).map(AccountId);
        self.sessions.sessions.insert(id, ServerSession::new(sync));
        let Some(account) = authenticated else { return self.greet(id) };
        if self.account(account).is_none() {
            // It has gone since; the Portal must not take the session for one that is logged in.
            self.sync_session(id);
            return self.greet(id);
        }
        let ended = self.guarded("a login", |world| world.login(id, account));
        self.tell_end(id, ended.map(Ok));
    }

    /// Shows the connection screen.
    pub(crate) fn greet(&mut self, id: SessionId) {
        let screen = self.game.connection_screen.clone();
        self.msg(id, text(screen).kw("type", "connection_screen"));
    }

    pub(crate) fn update(&mut self, sync: SessionSync) {
        if let Some(session) = self.session_mut(sync.id) {
            session.flags = sync.flags;
            session.address = sync.address;
            session.protocol_key = sync.protocol_key;
        }
    }

    /// A connection is gone.
    pub(crate) fn disconnected(&mut self, id: SessionId) {
        if self.session(id).is_none() {
            return;
        }
        self.guarded("leaving a body at the end of a session", |world| world.unpuppet(id));
        self.leave_conversations(id);
        // A hook that broke must not leave the body to a session that is no more.
        self.take_body(id);
        let Some(session) = self.sessions.sessions.remove(&id) else { return };
        self.end_monitors(id);
        self.abandon_login(&session);
        self.end_repeats(id, &session.repeats);
        self.ticker_clear(id);
        if let Some(account) = session.account.and_then(|account| self.accounts.get_mut(&account)) {
            account.sessions.retain(|known| *known != id);
            let (last, account) = (account.sessions.is_empty(), account.id);
            let name = crate::text::escape(self[account].name()).into_owned();
            self.mudinfo(&format!("|R{name} disconnected|n"));
            self.emit(Event::AccountLogout { account, session: id });
            if last {
                self.emit(Event::AccountLastLogout { account, session: id });
            }
        }
    }

    /// The Portal has nothing of a session any more, so it will not send its inputs again either.
    pub(crate) fn forget_session(&mut self, id: SessionId) {
        let waits = self.done.iter().any(|(done, _)| *done == id);
        if self.changes.applied.remove(&id) || waits {
            self.changes.forgotten.push(id);
        }
    }

    /// Ends a connection; the reason is told to its player.
    pub fn disconnect(&mut self, id: SessionId, reason: &str) {
        if self.session(id).is_none() {
            return;
        }
        self.disconnected(id);
        self.out.push(ToPortal::Disconnect { session: id, reason: reason.to_owned() });
    }

    /// Something came from a client.
    pub(crate) fn input(&mut self, id: SessionId, seq: u64, tuple: CommandTuple) {
        match self.session_mut(id) {
            Some(session) if session.busy.is_some() => session.waiting.push_back((seq, tuple)),
            Some(_) => self.run_input(id, seq, tuple),
            None => self.done.push((id, seq)),
        }
    }

    fn run_input(&mut self, id: SessionId, seq: u64, tuple: CommandTuple) {
        inputfuncs::dispatch(self, id, tuple);
        match self.session_mut(id) {
            Some(session) if session.busy.is_some() => session.running = Some(seq),
            _ => self.done.push((id, seq)),
        }
    }

    /// The job that a session waited for is done: what came meanwhile is run, until the next job.
    pub(crate) fn resume(&mut self, id: SessionId, job: JobId) {
        let Some(session) = self.session_mut(id).filter(|session| session.busy == Some(job)) else { return };
        session.busy = None;
        if let Some(seq) = session.running.take() {
            self.done.push((id, seq));
        }
        while let Some(session) = self.session_mut(id).filter(|session| session.busy.is_none()) {
            let Some((seq, tuple)) = session.waiting.pop_front() else { return };
            self.run_input(id, seq, tuple);
        }
    }

    /// Logs a session in: other sessions of the account give way to it (Evennia's MULTISESSION_MODE 0), and it
    /// takes the body that the account had last.
    pub fn login(&mut self, id: SessionId, account: AccountId) {
        let mut body = None;
        for other in self[account].sessions.clone() {
            if let Some(taken) = self.take_body(other) {
                self.hand_conversations_over(other, id, taken);
                body = Some(taken);
            }
            self.disconnect(other, "Logged in from elsewhere. Disconnecting.");
        }
        let Some(session) = self.session_mut(id) else { return };
        session.account = Some(account);
        let now = self.now;
        if self[account].last_login.replace(now).is_none() {
            self.emit(Event::AccountFirstLogin { account, session: id });
        }
        self.emit(Event::AccountLogin { account, session: id });
        self[account].sessions.push(id);
        let uname = self[account].name.clone();
        tracing::info!(session = id.0, account = %uname, "logged in");
        self.out.push(ToPortal::Login { session: id, uid: account.0, uname });
        self.msg(id, tuple("logged_in"));
        self.restore_flags(id, account);
        let name = crate::text::escape(&self[account].name).into_owned();
        self.msg(id, format!("You are now logged in as |c{name}|n."));
        self.mudinfo(&format!("|G{name} connected|n"));
        self.tell_channels_of_session(id);
        let took = body.is_some();
        let body = body.or(self[account].last_puppet).or(self[account].characters.first().copied());
        let Some(body) = body.filter(|body| self.exists(*body)) else {
            self.msg(id, "You have no character yet.");
            return;
        };
        let taken = if took { self.give_body(id, body) } else { self.puppet(id, body) };
        self.tell_end(id, Some(taken));
    }

    /// Lets a session take an object as its body.
    ///
    /// # Errors
    /// What speaks against it, told to the player.
    pub fn puppet(&mut self, id: SessionId, body: ObjectId) -> Result {
        let Some(account) = self.session(id).and_then(ServerSession::account) else {
            return Err(say("You have to be logged in for that."));
        };
        if self.session(id).and_then(ServerSession::puppet) == Some(body) {
            return Err(say("You are that already."));
        }
        if !self[body].sessions.is_empty() {
            return Err(say("Somebody else drives that body now."));
        }
        let mine = self[account].characters.contains(&body) || self[account].is_superuser;
        if !mine {
            return Err(say("That is not your character."));
        }
        let kind = self[body].typeclass;
        kind.at_pre_puppet(self, body)?;
        self.unpuppet(id);
        self.set_body(id, body);
        self[account].last_puppet = Some(body);
        self.sync_session(id);
        kind.at_post_puppet(self, body);
        self.emit(Event::ObjectPuppet { object: body, session: id });
        Ok(())
    }

    /// Takes a session's body from it.
    pub fn unpuppet(&mut self, id: SessionId) {
        self.leave_conversations_of_body(id);
        let Some(body) = self.session(id).and_then(ServerSession::puppet) else { return };
        let kind = self[body].typeclass;
        kind.at_pre_unpuppet(self, body);
        self.take_body(id);
        if self.object(body).is_some_and(|body| body.sessions.is_empty()) {
            kind.at_post_unpuppet(self, body);
        }
        self.emit(Event::ObjectUnpuppet { object: body, session: id });
        self.sync_session(id);
    }

    fn set_body(&mut self, id: SessionId, body: ObjectId) {
        if let Some(object) = self.object_unstored(body) {
            object.sessions.push(id);
        }
        if let Some(session) = self.session_mut(id) {
            session.puppet = Some(body);
        }
        self.notice_session(id);
    }

    fn take_body(&mut self, id: SessionId) -> Option<ObjectId> {
        let body = self.session_mut(id)?.puppet.take()?;
        self.notice_session(id);
        if let Some(object) = self.object_unstored(body) {
            object.sessions.retain(|known| *known != id);
        }
        Some(body)
    }

    /// Hands a session the body that another session of the account has just given up: nobody sees anything.
    fn give_body(&mut self, id: SessionId, body: ObjectId) -> Result {
        self.set_body(id, body);
        self.sync_session(id);
        if let Some(room) = self[body].location() {
            let view = self.appearance(room, body);
            self.msg(id, text(view).kw("type", "look"));
        }
        self.tell_char_name(body);
        self.tell_room_info(body);
        self.show_conversation(id);
        Ok(())
    }

    /// Has the Portal keep what a session is, for a Server that comes after this one.
    pub(crate) fn sync_session(&mut self, id: SessionId) {
        let Some(sync) = self.sync_of(id) else { return };
        self.out.push(ToPortal::SessionSync { sessions: vec![sync], clean: false });
    }

    fn sync_of(&self, id: SessionId) -> Option<SessionSync> {
        let session = self.session(id)?;
        let account = session.account().and_then(|account| self.account(account));
        Some(session.to_sync(account.map(|account| account.name())))
    }

    /// Hands all sessions over: this Server ends, and another may come.
    pub(crate) fn stop(&mut self) {
        let sessions = self.sessions.ids().into_iter().filter_map(|id| self.sync_of(id)).collect();
        self.out.push(ToPortal::SessionSync { sessions, clean: false });
    }
}
