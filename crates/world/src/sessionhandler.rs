//! `ServerSessionHandler`: every session in the Server. Link messages about sessions end here; inputs go on to
//! the inputfuncs.

use std::collections::{HashMap, HashSet};

use meadow_link::{CommandTuple, RestartMode, SessionId, SessionSync, ToPortal, text};

use crate::{
    AccountId, Event, JobId, ObjectId, World, inputfuncs, session::ServerSession, web_logins::WebLoginEnd,
};

/// All sessions, by number.
///
/// ```
/// # use meadow_world::World;
/// fn by_telnet(world: &World) -> usize {
///     world.sessions().iter().filter(|session| session.protocol_key() == "telnet").count()
/// }
/// ```
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

/// Sessions.
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
        self.forget_other_states(&sessions);
        let (mut recalled, mut others) = (Vec::new(), Vec::new());
        for sync in sessions {
            let (id, mut who) = (sync.id, (sync.uid.map(AccountId), sync.puid.map(ObjectId)));
            let mut session = ServerSession::new(sync);
            match self.recall(&mut session, &mut who) {
                Some(what) => recalled.push(what),
                None => others.push(id),
            }
            let (uid, puid) = who;
            self.sessions.sessions.insert(id, session);
            self.veils.push(id);
            self.resume_monitors(id);
            self.resume_repeats(id);
            match uid.filter(|uid| self.account(*uid).is_some()) {
                Some(account) => self.take_back(id, account, puid),
                None if mode == RestartMode::Shutdown => self.greet(id),
                None => {}
            }
        }
        self.end_lost_tickers();
        self.sort_out_abandoned(mode);
        self.return_stowed();
        self.remove_lone_guests();
        self.tell_census();
        self.out.push(ToPortal::Ready { applied: known });
        match mode {
            RestartMode::Reload => self.msg_all("|wThe game has been reloaded.|n"),
            RestartMode::Reset => self.msg_all("|wThe game has been reset.|n"),
            RestartMode::Shutdown | RestartMode::Crash => {}
        }
        for recalled in recalled {
            // A hook of the game that breaks must not end a Server that has just begun.
            self.guarded("telling where a session stands", |world| world.tell_recalled(recalled));
        }
        for id in others {
            self.guarded("telling what waits for an answer", |world| world.remind_of_conversation(id));
        }
        self.turn_out();
    }

    /// Ends the sessions of those who must not be here: they came, or came back, while there was no Server to say so.
    fn turn_out(&mut self) {
        let bans = self.has_bans();
        for id in self.sessions.ids() {
            let Some(session) = self.session(id) else { continue };
            let ban_of = |session: &ServerSession| {
                self.ban_of(session.account().and_then(|id| self.account(id)), session.address())
            };
            if let Some(told) = if bans { ban_of(session) } else { None } {
                tracing::info!(session = id.0, "banned");
                self.disconnect(id, &told);
            } else if self.has_lost_web_login(session) {
                self.disconnect(id, WebLoginEnd::Ended.told());
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
        let banned = self.address_ban(&sync.address);
        let authenticated = sync.uid.filter(|_| sync.logged_in).map(AccountId);
        self.sessions.sessions.insert(id, ServerSession::new(sync));
        if let Some(told) = banned {
            tracing::info!(session = id.0, "banned");
            return self.disconnect(id, &told);
        }
        let Some(account) = authenticated else { return self.greet(id) };
        if self.account(account).is_none() {
            // It has gone since; the Portal must not take the session for one that is logged in.
            self.sync_session(id);
            return self.greet(id);
        }
        let ended = self.guarded("a login", |world| world.login(id, account));
        self.tell_end(id, ended.map(Ok));
        if self.session(id).is_some_and(|session| session.account.is_none()) {
            // A hook has kept it out.
            self.sync_session(id);
            self.greet(id);
        }
    }

    /// Shows the connection screen.
    pub(crate) fn greet(&mut self, id: SessionId) {
        let mut screen = self.game.connection_screen.clone();
        if self.game.rules.guests > 0 {
            screen.push_str("\n |wconnect guest|n lets you look\n around without an account.");
        }
        self.msg(id, text(screen).kw("type", "connection_screen"));
    }

    pub(crate) fn update(&mut self, sync: SessionSync) {
        let Some(session) = self.session_mut(sync.id) else { return };
        session.flags = sync.flags;
        session.protocol_key = sync.protocol_key;
        if session.address == sync.address {
            return;
        }
        // The client has come back from somewhere else.
        let banned = self.address_ban(&sync.address);
        if let Some(session) = self.session_mut(sync.id) {
            session.address = sync.address;
        }
        if let Some(told) = banned {
            tracing::info!(session = sync.id.0, "banned");
            self.disconnect(sync.id, &told);
        }
    }

    /// A connection is gone, and nobody here wanted that: the body stays for a while, if the rules say so.
    pub(crate) fn link_lost(&mut self, id: SessionId) {
        self.guarded("the loss of a link", |world| world.lose_link(id));
        self.disconnected(id, "");
    }

    /// A session ends. The reason is for hooks.
    pub(crate) fn disconnected(&mut self, id: SessionId, reason: &str) {
        let Some(session) = self.session(id) else { return };
        let account = session.account;
        if let Some(account) = account.filter(|account| self.account(*account).is_some()) {
            let kind = self.account_class(account);
            self.guarded("at_disconnect", |world| kind.at_disconnect(world, account, id, reason));
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
        if let Some(account) = session.account.filter(|account| self.account(*account).is_some()) {
            let kind = self.account_class(account);
            self.guarded("at_post_disconnect", |world| kind.at_post_disconnect(world, account));
            self.guarded("the end of a guest", |world| world.remove_guest(account));
        }
    }

    /// The Portal has nothing of a session any more, so it will not send its inputs again either.
    pub(crate) fn forget_session(&mut self, id: SessionId) {
        let waits = self.done.iter().any(|(done, _)| *done == id);
        if self.changes.applied.remove(&id) || waits || self.has_state(id) {
            self.changes.forgotten.push(id);
        }
    }

    /// Ends a connection; the reason is told to its player.
    ///
    /// ```
    /// # use meadow_world::World;
    /// fn close_for_the_night(world: &mut World) {
    ///     let all: Vec<_> = world.sessions().iter().map(|session| session.id()).collect();
    ///     for session in all {
    ///         world.disconnect(session, "We open again at dawn.");
    ///     }
    /// }
    /// ```
    pub fn disconnect(&mut self, id: SessionId, reason: &str) {
        if self.session(id).is_none() {
            return;
        }
        self.disconnected(id, reason);
        self.note_end(id, reason);
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

    /// Hands all sessions over: this Server ends, and another may come.
    pub(crate) fn stop(&mut self, mode: RestartMode) {
        self.tell_server_stops(mode);
        self.settle_secrets();
        self.store_linkdead();
        // One by one: what all are in the middle of may be more than fits into a message.
        for id in self.sessions.ids() {
            self.tell_portal(id);
        }
    }

    /// Calls the hooks of everything that there is before a Server ends.
    fn tell_server_stops(&mut self, mode: RestartMode) {
        let reload = mode == RestartMode::Reload;
        let objects: Vec<_> = self.objects().map(|object| (object.id(), object.typeclass)).collect();
        for (id, kind) in objects {
            self.guarded("the hook of an object at the end of a Server", |world| match reload {
                _ if !world.exists(id) => {}
                true => kind.at_server_reload(world, id),
                false => kind.at_server_shutdown(world, id),
            });
        }
        let accounts: Vec<_> = self.accounts().map(crate::Account::id).collect();
        for id in accounts {
            if self.account(id).is_none() {
                continue;
            }
            let kind = self.account_class(id);
            self.guarded("the hook of an account at the end of a Server", |world| match reload {
                true => kind.at_server_reload(world, id),
                false => kind.at_server_shutdown(world, id),
            });
        }
    }
}
