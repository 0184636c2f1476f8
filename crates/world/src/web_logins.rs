//! Web logins: that a browser is signed in as an account. Its cookie holds a token; what is kept of that here is its
//! SHA-256, so that nobody who reads the database can sign in with it. The API's `signin` makes them, the inputfunc
//! `web_login` logs sessions in by them. A session that was logged in by one ends with it, also one that waits for a
//! client whose connection broke.

use std::{collections::HashMap, time::Duration};

use meadow_link::{Kwargs, SessionId, Time};
use serde::{Deserialize, Serialize};

use crate::{AccountId, Record, ServerSession, World};

/// How long a browser stays signed in.
pub const WEB_LOGIN_TIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Web logins that one account may have; the oldest goes.
pub const WEB_LOGINS: usize = 20;
/// How exactly it is known when one was last used: not every request is worth a write.
const USED_EXACTNESS: Duration = Duration::from_secs(60 * 60);
/// Under which name it stands in `server_data` by what a session was logged in.
const STORED_AS: &str = "_web_login";
/// Longest name of a browser that is kept, in characters.
const BROWSER_LIMIT: usize = 200;

/// Number of a web login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebLoginId(pub u64);

impl From<u64> for WebLoginId {
    fn from(id: u64) -> WebLoginId {
        WebLoginId(id)
    }
}

impl From<WebLoginId> for u64 {
    fn from(id: WebLoginId) -> u64 {
        id.0
    }
}

/// Why a web login ends, and with it the sessions that were logged in by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WebLoginEnd {
    /// Its player has signed out there, or everywhere.
    SignedOut,
    /// It was ended from elsewhere, or there were too many.
    Ended,
    /// The password is another one now.
    Password,
    /// Its time is over.
    Expired,
}

impl WebLoginEnd {
    /// What the sessions are told.
    pub(crate) fn told(self) -> &'static str {
        match self {
            WebLoginEnd::SignedOut => "You have signed out. Disconnecting.",
            WebLoginEnd::Ended => "This browser has been signed out. Disconnecting.",
            WebLoginEnd::Password => "Your password has been changed. Please sign in again. Disconnecting.",
            WebLoginEnd::Expired => {
                "You were signed in for a long time. Please sign in again. Disconnecting."
            }
        }
    }
}

/// One browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebLogin {
    /// SHA-256 of the token, in hex.
    pub(crate) digest: Box<str>,
    /// As whom.
    pub account: AccountId,
    /// Since when.
    pub made: Time,
    /// When it was last used, to the hour.
    pub used: Time,
    /// Until when.
    pub expires: Time,
    /// From where it was made.
    pub address: Box<str>,
    /// What the browser calls itself.
    pub browser: Box<str>,
}

impl Record for WebLogin {
    type Id = WebLoginId;
    const KIND: &'static str = "web_login";
    const PRIVATE: bool = true;

    fn key(&self) -> &str {
        &self.browser
    }
}

/// Web logins by token and by account, oldest first.
#[derive(Default)]
pub(crate) struct WebLogins {
    by_key: HashMap<Box<str>, WebLoginId>,
    by_account: HashMap<AccountId, Vec<WebLoginId>>,
    /// The next one that is over will be noticed.
    watched: bool,
}

/// By which web login a session was logged in, as the Portal has kept it.
pub(crate) fn from_server_data(data: &mut Kwargs) -> Option<Box<str>> {
    Some(data.remove(STORED_AS)?.as_str()?.into())
}

/// Has the Portal keep it.
pub(crate) fn to_server_data(login: Option<&str>, data: &mut Kwargs) {
    if let Some(login) = login {
        data.insert(STORED_AS.to_owned(), login.into());
    }
}

impl World {
    /// Signs a browser in. The oldest web login goes of an account that has [`WEB_LOGINS`].
    pub(crate) fn add_web_login(&mut self, key: &str, account: AccountId, address: &str, browser: &str) {
        self.sweep_web_logins();
        self.revoke_web_login(key, WebLoginEnd::Ended);
        let now = self.now;
        let login = WebLogin {
            digest: key.into(),
            account,
            made: now,
            used: now,
            expires: now + WEB_LOGIN_TIME,
            address: address.into(),
            browser: browser.chars().take(BROWSER_LIMIT).collect::<String>().into(),
        };
        let id = self.add_record(login);
        self.web_logins.by_key.insert(key.into(), id);
        let own = self.web_logins.by_account.entry(account).or_default();
        own.push(id);
        if own.len() > WEB_LOGINS {
            let oldest = own[0];
            self.drop_web_login(oldest, WebLoginEnd::Ended);
        }
        self.watch_web_logins();
    }

    /// Who is signed in by this token, whose SHA-256 in hex is given; notes that it was used.
    pub(crate) fn web_login(&mut self, key: &str) -> Option<AccountId> {
        let id = *self.web_logins.by_key.get(key)?;
        let now = self.now;
        let login = self.record::<WebLogin>(id)?;
        let account = login.account;
        if login.expires <= now || self.account(account).is_none() {
            self.drop_web_login(id, WebLoginEnd::Expired);
            return None;
        }
        if now.since(login.used) >= USED_EXACTNESS
            && let Some(login) = self.record_mut::<WebLogin>(id)
        {
            login.used = now;
        }
        Some(account)
    }

    /// The web logins of an account, oldest first.
    pub fn web_logins_of(&self, account: AccountId) -> impl Iterator<Item = &WebLogin> {
        self.numbered_web_logins_of(account).map(|(_, login)| login)
    }

    /// The same, each with its number.
    pub(crate) fn numbered_web_logins_of(
        &self,
        account: AccountId,
    ) -> impl Iterator<Item = (WebLoginId, &WebLogin)> {
        let ids = self.web_logins.by_account.get(&account).into_iter().flatten();
        ids.filter_map(|id| Some((*id, self.record::<WebLogin>(*id)?)))
    }

    /// Ends a web login: nobody is signed in by that token any more, and no session goes on that was logged in by it.
    pub(crate) fn revoke_web_login(&mut self, key: &str, why: WebLoginEnd) {
        if let Some(id) = self.web_logins.by_key.get(key) {
            self.drop_web_login(*id, why);
        }
    }

    /// Ends all web logins of an account, as when its password changes, but for the one with this key.
    pub(crate) fn revoke_web_logins(&mut self, account: AccountId, but: Option<&str>, why: WebLoginEnd) {
        let others = self.numbered_web_logins_of(account).filter(|(_, login)| Some(&*login.digest) != but);
        for id in others.map(|(id, _)| id).collect::<Vec<_>>() {
            self.drop_web_login(id, why);
        }
    }

    /// By what web login a session was logged in.
    pub(crate) fn web_login_of(&self, session: SessionId) -> Option<Box<str>> {
        self.session(session)?.web_login.clone()
    }

    /// Whether a session was logged in by a web login that is no more. One may have ended with a Server that could not
    /// tell the Portal.
    pub(crate) fn has_lost_web_login(&self, session: &ServerSession) -> bool {
        session.web_login.as_ref().is_some_and(|key| !self.web_logins.by_key.contains_key(key))
    }

    /// Ends the sessions of an account that came by a browser, because its player signs out everywhere.
    pub(crate) fn end_web_sessions(&mut self, account: AccountId) {
        for id in self.account(account).map(|account| account.sessions.clone()).unwrap_or_default() {
            if self.session(id).is_some_and(ServerSession::is_web) {
                self.disconnect(id, WebLoginEnd::SignedOut.told());
            }
        }
    }

    /// Logs a session in as whoever is signed in by a token, and into the body of this name, if that is one of theirs.
    pub(crate) fn login_by_web(&mut self, id: SessionId, key: &str, character: Option<&str>) {
        if self.session(id).is_none_or(|session| session.account().is_some()) {
            return;
        }
        let Some(account) = self.web_login(key) else { return };
        let character = character.and_then(|name| {
            let own = self[account].characters.iter().copied();
            own.filter_map(|id| self.object(id))
                .find(|body| body.key().to_lowercase() == name.to_lowercase())
                .map(crate::Object::id)
        });
        if let Some(session) = self.session_mut(id) {
            session.wants = character;
        }
        self.login(id, account);
        let Some(session) = self.session_mut(id) else { return };
        if session.account == Some(account) {
            session.web_login = Some(key.into());
            self.session_changed(id);
        }
        let Some(session) = self.session_mut(id) else { return };
        if let Some(body) = session.wants.take().filter(|body| session.puppet != Some(*body)) {
            let ended = if session.account.is_some() { self.puppet(id, body) } else { Ok(()) };
            self.tell_end(id, Some(ended));
        }
    }

    /// Finds all web logins again when a Server starts.
    pub(crate) fn index_web_logins(&mut self) {
        self.web_logins = WebLogins::default();
        let all: Vec<(WebLoginId, Box<str>, AccountId)> =
            self.records::<WebLogin>().map(|(id, login)| (id, login.digest.clone(), login.account)).collect();
        for (id, key, account) in all {
            self.web_logins.by_key.insert(key, id);
            self.web_logins.by_account.entry(account).or_default().push(id);
        }
        self.sweep_web_logins();
        self.watch_web_logins();
    }

    /// Has the next one noticed whose time is over.
    fn watch_web_logins(&mut self) {
        let Some(next) = self.records::<WebLogin>().next().map(|(_, login)| login.expires) else { return };
        if !std::mem::replace(&mut self.web_logins.watched, true) {
            self.after(next.since(self.now), |world| {
                world.web_logins.watched = false;
                world.sweep_web_logins();
                world.watch_web_logins();
            });
        }
    }

    /// Forgets those whose time is over. They are in the order of their ends.
    fn sweep_web_logins(&mut self) {
        let now = self.now;
        let over = self.records::<WebLogin>().take_while(|(_, login)| login.expires <= now);
        for id in over.map(|(id, _)| id).collect::<Vec<_>>() {
            self.drop_web_login(id, WebLoginEnd::Expired);
        }
    }

    fn drop_web_login(&mut self, id: WebLoginId, why: WebLoginEnd) {
        let Some(login) = self.remove_record::<WebLogin>(id) else { return };
        self.web_logins.by_key.remove(&login.digest);
        if let Some(own) = self.web_logins.by_account.get_mut(&login.account) {
            own.retain(|known| *known != id);
            if own.is_empty() {
                self.web_logins.by_account.remove(&login.account);
            }
        }
        for id in self.account(login.account).map(|account| account.sessions.clone()).unwrap_or_default() {
            if self.session(id).is_some_and(|session| session.web_login.as_ref() == Some(&login.digest)) {
                self.disconnect(id, why.told());
            }
        }
    }
}
