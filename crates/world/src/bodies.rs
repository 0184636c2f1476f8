//! Logging in, and which session drives which body. `logins` and `sessionhandler` hand over who may log in; commands,
//! who becomes whom.

use meadow_link::{SessionId, ToPortal, text, tuple};

use crate::{
    AccountId, AccountTypeclass, Event, MultisessionMode, ObjectId, Result, ServerSession, World,
    locks::Accessor, say, text::escape,
};

/// Logging in, and taking a body.
impl World {
    /// How an account behaves.
    pub fn account_class(&self, account: AccountId) -> &'static dyn AccountTypeclass {
        if self.is_guest(account) { self.game.guest_typeclass } else { self.game.account_typeclass }
    }

    /// Logs a session in. What becomes of other sessions of the account is the rules' ([`MultisessionMode`]), what of
    /// this one its `at_post_login`'s. A hook may keep it out.
    pub fn login(&mut self, id: SessionId, account: AccountId) {
        if let Some(told) = self.login_ban(id, account) {
            tracing::info!(session = id.0, account = account.0, "banned");
            return self.disconnect(id, &told);
        }
        let kind = self.account_class(account);
        if let Err(stop) = kind.at_pre_login(self, account, id) {
            return self.tell_end(id, Some(Err(stop)));
        }
        let mut body = None;
        if self.game.rules.multisession == MultisessionMode::Single {
            for other in self[account].sessions.clone() {
                if self.game.rules.auto_puppet
                    && let Some(taken) = self.take_body(other)
                {
                    self.hand_conversations_over(other, id, taken);
                    body = Some(taken);
                }
                self.disconnect(other, "Logged in from elsewhere. Disconnecting.");
            }
        }
        let now = self.now;
        let Some(account_is) = self.account_mut(account) else { return };
        let first = account_is.last_login.replace(now).is_none();
        let uname = account_is.name.clone();
        let Some(session) = self.session_mut(id) else { return };
        session.account = Some(account);
        session.inherits = body;
        let address = session.address.clone();
        self[account].sessions.push(id);
        self.session_changed(id);
        tracing::info!(session = id.0, address = %address, account = %uname, "logged in");
        if first {
            self.emit(Event::AccountFirstLogin { account, session: id });
        }
        self.emit(Event::AccountLogin { account, session: id });
        self.msg_login(id, account, &uname);
        if first {
            kind.at_first_login(self, account);
        }
        let ended = kind.at_post_login(self, account, id);
        self.tell_end(id, Some(ended));
        if let Some(left) = self.session_mut(id).and_then(|session| session.inherits.take()) {
            self.leave(left);
        }
    }

    fn login_ban(&self, id: SessionId, account: AccountId) -> Option<String> {
        self.ban_of(self.account(account), self.session(id)?.address())
    }

    /// Tells a player, and whoever wants to know, that they are logged in.
    pub(crate) fn msg_login(&mut self, id: SessionId, account: AccountId, uname: &str) {
        self.out.push(ToPortal::Login { session: id, uid: account.0, uname: uname.into() });
        self.msg(id, tuple("logged_in").kw("account", uname));
        self.restore_flags(id, account);
        let name = escape(uname);
        self.msg(id, format!("You are now logged in as |c{name}|n."));
        self.mudinfo(&format!("|G{name} connected|n"));
        self.tell_channels_of_session(id);
    }

    /// The body that a session of an account takes if nothing else is said: what its player has chosen, one that waits for it, the last one, or
    /// the first.
    pub fn usual_body(&self, account: AccountId, session: SessionId) -> Option<ObjectId> {
        let account = self.account(account)?;
        let inherited = self.session(session).and_then(|session| session.wants.or(session.inherits));
        let waits = account.characters.iter().copied().find(|body| self.is_linkdead(*body));
        let body = inherited.or(waits).or(account.last_puppet).or(account.characters.first().copied());
        body.filter(|body| self.exists(*body))
    }

    /// Lets a session take an object as its body.
    ///
    /// ```
    /// # use meadow_world::{Cx, ObjectId, Result};
    /// /// Puts the player into another body.
    /// fn possess(cx: &mut Cx<'_>, body: ObjectId) -> Result {
    ///     let session = cx.session()?;
    ///     cx.world.puppet(session, body)
    /// }
    /// ```
    ///
    /// # Errors
    /// What speaks against it, told to the player.
    pub fn puppet(&mut self, id: SessionId, body: ObjectId) -> Result {
        let Some(session) = self.session(id) else { return Ok(()) };
        let Some(account) = session.account() else { return Err(say("You have to be logged in for that.")) };
        if session.puppet() == Some(body) {
            return Err(say("You are that already."));
        }
        self.may_puppet(id, account, body)?;
        let inherited = session_inherits(self, id) == Some(body);
        let others = self[body].sessions.clone();
        if inherited || !others.is_empty() {
            self.unpuppet(id);
            self.share_or_take(id, body, &others);
            self[account].last_puppet = Some(body);
            self.give_body(id, body);
        } else if self.is_linkdead(body) && self[account].characters.contains(&body) {
            self.unpuppet(id);
            let missed = self.end_linkdead(body);
            self[account].last_puppet = Some(body);
            let name = escape(self[body].key()).into_owned();
            self.msg(id, format!("You become |c{name}|n."));
            self.tell_missed(id, missed);
            self.give_body(id, body);
            let kind = self[body].typeclass;
            kind.at_link_restored(self, body);
        } else {
            let kind = self[body].typeclass;
            kind.at_pre_puppet(self, body)?;
            self.end_linkdead(body);
            self.unpuppet(id);
            self.set_body(id, body);
            self[account].last_puppet = Some(body);
            self.session_changed(id);
            kind.at_post_puppet(self, body);
            kind.tell_client(self, body);
            self.emit(Event::ObjectPuppet { object: body, session: id });
        }
        self.bring_along(id, account, body);
        Ok(())
    }

    fn may_puppet(&self, id: SessionId, account: AccountId, body: ObjectId) -> Result {
        let accessing = Accessor { account: Some(account), object: None };
        let mine = self[account].characters.contains(&body);
        let developer = || self.passes("puppet:pperm(Developer)", accessing, "puppet", None, false);
        if !mine && !self.passes(&self[body].locks, accessing, "puppet", Some(body), developer()) {
            return Err(say("That is not your character."));
        }
        let foreign =
            |other: &SessionId| self.session(*other).and_then(ServerSession::account) != Some(account);
        if self[body].sessions.iter().any(foreign) {
            return Err(say("Somebody else drives that body now."));
        }
        let rules = self.game.rules();
        if matches!(rules.multisession, MultisessionMode::Single | MultisessionMode::Shared)
            || rules.max_simultaneous_puppets == 0
            || developer()
        {
            return Ok(());
        }
        let others = self[account].sessions.iter().filter(|other| **other != id);
        let mut driven: Vec<ObjectId> = others
            .filter_map(|other| self.session(*other)?.puppet())
            .filter(|other| *other != body)
            .collect();
        driven.sort_unstable();
        driven.dedup();
        if driven.len() >= rules.max_simultaneous_puppets {
            let most = rules.max_simultaneous_puppets;
            return Err(say(format!("You can't have more bodies at a time (at most {most}).")));
        }
        Ok(())
    }

    /// The other sessions of the account that drive a body go on with it, or give it up, as the rules have it.
    fn share_or_take(&mut self, id: SessionId, body: ObjectId, others: &[SessionId]) {
        if others.is_empty() {
            return;
        }
        let name = escape(self[body].key()).into_owned();
        if self.game.rules.multisession.shares() {
            self.msg(id, format!("You share |c{name}|n with another of your connections."));
            self.tell(
                others.to_vec(),
                text(format!("You share |c{name}|n with another of your connections now.")),
            );
            return;
        }
        self.msg(id, format!("You take over |c{name}|n from another of your connections."));
        for other in others {
            self.take_body(*other);
            self.session_changed(*other);
            self.msg(*other, format!("|c{name}|n is driven from another of your connections now."));
        }
    }

    /// Where all sessions share one body, those that have another follow.
    fn bring_along(&mut self, id: SessionId, account: AccountId, body: ObjectId) {
        if self.game.rules.multisession != MultisessionMode::Shared || !self.exists(body) {
            return;
        }
        let follow = |other: &SessionId| {
            let puppet = self.session(*other).and_then(ServerSession::puppet);
            *other != id && puppet.is_some_and(|puppet| puppet != body)
        };
        let sessions = self.account(account).map(|account| account.sessions.clone()).unwrap_or_default();
        for other in sessions.into_iter().filter(follow).collect::<Vec<_>>() {
            self.unpuppet(other);
            if self.exists(body) {
                self.give_body(other, body);
            }
        }
    }

    /// Takes a session's body from it.
    pub fn unpuppet(&mut self, id: SessionId) {
        let Some(body) = self.session(id).and_then(ServerSession::puppet) else { return };
        self.leave_conversations_of_body(id);
        let kind = self[body].typeclass;
        kind.at_pre_unpuppet(self, body);
        self.take_body(id);
        self.leave(body);
        self.emit(Event::ObjectUnpuppet { object: body, session: id });
        self.session_changed(id);
    }

    /// A body that nobody drives any more is left.
    pub(crate) fn leave(&mut self, body: ObjectId) {
        if let Some(object) = self.object(body).filter(|body| body.sessions.is_empty()) {
            let kind = object.typeclass;
            kind.at_post_unpuppet(self, body);
        }
    }

    pub(crate) fn set_body(&mut self, id: SessionId, body: ObjectId) {
        if let Some(object) = self.object_unstored(body) {
            object.sessions.push(id);
        }
        if let Some(session) = self.session_mut(id) {
            session.puppet = Some(body);
        }
        self.note_taken(body);
        self.notice_session(id);
    }

    pub(crate) fn take_body(&mut self, id: SessionId) -> Option<ObjectId> {
        let body = self.session_mut(id)?.puppet.take()?;
        self.notice_session(id);
        if let Some(object) = self.object_unstored(body) {
            object.sessions.retain(|known| *known != id);
        }
        Some(body)
    }

    /// Hands a session a body that stands in its place already: nobody sees anything.
    fn give_body(&mut self, id: SessionId, body: ObjectId) {
        self.set_body(id, body);
        self.session_changed(id);
        self.show_body(id, body);
        self.show_conversation(id);
    }

    /// Shows a player, and their client, where their body is.
    pub(crate) fn show_body(&mut self, id: SessionId, body: ObjectId) {
        if let Some(room) = self[body].location() {
            let view = self.appearance(room, body);
            self.msg(id, text(view).kw("type", "look"));
        }
        self.tell_char_name(body);
        self.tell_room_info(body);
        let kind = self[body].typeclass;
        kind.tell_client(self, body);
    }
}

fn session_inherits(world: &mut World, id: SessionId) -> Option<ObjectId> {
    world.session_mut(id)?.inherits.take()
}
