//! Logging in by name and password, by whatever way they came: the throttle of failed logins, and the checking of
//! hashes off the world's thread.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use meadow_link::{SessionId, oob::CharLoginResult};

use crate::{
    AccountId, ApiError, ApiLater, Event, Job, JobId, JobResult, Result, Secret, ServerSession, World, say,
    text, throttle::origin,
};

/// Logins of one address that may wait without a session. Sessions are counted by the Portal.
const CLIENTS_WAITING: usize = 256;

/// Logins that are being checked or wait for it, by address.
///
/// An address may have no more checks under way than it may still fail: many at once can't slip through the
/// throttle, and many players behind one address only wait for each other.
#[derive(Default)]
pub(crate) struct Logins(HashMap<Box<str>, Pending>);

#[derive(Default)]
struct Pending {
    running: usize,
    waiting: VecDeque<Attempt>,
}

struct Attempt {
    asker: Asker,
    name: String,
    password: Secret,
}

/// Who wants to know whether a password fits.
#[derive(Debug)]
enum Asker {
    /// A session, which waits for the end of this job.
    Session(SessionId, JobId),
    /// The Portal, of somebody who has no session yet, under this number.
    Portal(u64),
    /// A page.
    Web(Box<WebSignIn>),
}

/// A browser that wants to be signed in.
#[derive(Debug)]
pub(crate) struct WebSignIn {
    /// Who waits for the answer.
    pub(crate) later: ApiLater,
    /// SHA-256 of the token that it will have, in hex.
    pub(crate) key: Box<str>,
    pub(crate) address: Box<str>,
    pub(crate) browser: Box<str>,
}

/// Why somebody is not let in, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// Name and password do not fit.
    Wrong,
    /// The address has failed too often.
    TooOften,
    /// It can't be found out now.
    Busy,
}

impl Refused {
    /// As HTTP has it.
    fn status(self) -> u16 {
        match self {
            Refused::Wrong => 401,
            Refused::TooOften => 429,
            Refused::Busy => 503,
        }
    }
}

impl Asker {
    fn session(&self) -> Option<SessionId> {
        match self {
            Asker::Session(session, _) => Some(*session),
            Asker::Portal(_) | Asker::Web(_) => None,
        }
    }
}

/// Passwords.
impl World {
    /// Holds a name and password against the accounts, and logs the session in if they fit. The session's next
    /// input waits for the end of it.
    ///
    /// # Errors
    /// The address has failed too often.
    pub fn authenticate(&mut self, session: SessionId, name: &str, password: &str) -> Result {
        let address = self.session(session).map(|session| origin(&session.address)).unwrap_or_default();
        if let Some(wait) = self.failed_logins.wait(&address, self.now) {
            tracing::warn!(session = session.0, %address, "too many failed logins");
            return Err(say(too_many(wait)));
        }
        let job = self.next_job_id();
        if let Some(session) = self.session_mut(session) {
            session.busy = Some(job);
        }
        let asker = Asker::Session(session, job);
        let attempt = Attempt { asker, name: name.to_owned(), password: Secret(password.to_owned()) };
        self.logins.0.entry(address.clone()).or_default().waiting.push_back(attempt);
        self.start_logins(&address);
        Ok(())
    }

    /// As [`World::authenticate`], for somebody who has no session yet; the Portal is told what came of it.
    pub(crate) fn check_client(&mut self, id: u64, address: &str, name: &str, password: Secret) {
        self.check_asker(Asker::Portal(id), address, name, password);
    }

    /// As [`World::authenticate`], for a browser, which is signed in if they fit.
    pub(crate) fn check_web(&mut self, sign_in: WebSignIn, name: &str, password: Secret) {
        let address = sign_in.address.clone();
        self.check_asker(Asker::Web(Box::new(sign_in)), &address, name, password);
    }

    fn check_asker(&mut self, asker: Asker, address: &str, name: &str, password: Secret) {
        let address = origin(address);
        let waiting = &mut self.logins.0.entry(address.clone()).or_default().waiting;
        if waiting.len() >= CLIENTS_WAITING {
            tracing::warn!(%address, "too many logins wait");
            return self.login_failed(asker, Refused::Busy, "Too many log in. Please try again in a moment.");
        }
        waiting.push_back(Attempt { asker, name: name.to_owned(), password });
        self.start_logins(&address);
    }

    /// Whether somebody who is logged in may try a password; counts it as failed until it is found to be right.
    ///
    /// # Errors
    /// The address has failed too often.
    pub(crate) fn may_try_password(&mut self, address: &str) -> Result {
        if let Some(wait) = self.failed_logins.wait(address, self.now) {
            return Err(say(too_many(wait)));
        }
        self.failed_logins.count(address, self.now);
        Ok(())
    }

    /// Whether an address has failed too often to be let in.
    pub(crate) fn is_throttled(&mut self, address: &str) -> bool {
        self.failed_logins.wait(&origin(address), self.now).is_some()
    }

    /// A session is gone that may have waited for its check: whoever comes and goes must not fill the queue.
    pub(crate) fn abandon_login(&mut self, session: &ServerSession) {
        if session.busy.is_some()
            && let Some(pending) = self.logins.0.get_mut(&origin(session.address()))
        {
            let id = session.id();
            pending
                .waiting
                .retain(|attempt| !matches!(attempt.asker, Asker::Session(waits, _) if waits == id));
        }
    }

    /// Starts as many of an address's checks as it may have under way.
    fn start_logins(&mut self, address: &str) {
        loop {
            let wait = self.failed_logins.wait(address, self.now);
            let room = self.failed_logins.room(address);
            let Some(pending) = self.logins.0.get_mut(address) else { return };
            if pending.waiting.is_empty() && pending.running == 0 {
                self.logins.0.remove(address);
                return;
            }
            if wait.is_none() && pending.running >= room {
                return;
            }
            let Some(attempt) = pending.waiting.pop_front() else { return };
            match wait {
                Some(wait) => {
                    tracing::warn!(address, "too many failed logins");
                    let waits = match attempt.asker {
                        Asker::Session(session, job) => Some((session, job)),
                        Asker::Portal(_) | Asker::Web(_) => None,
                    };
                    self.login_failed(attempt.asker, Refused::TooOften, &too_many(wait));
                    if let Some((session, job)) = waits {
                        self.resume(session, job);
                    }
                }
                None => {
                    pending.running += 1;
                    self.check(address.into(), attempt);
                }
            }
        }
    }

    fn check(&mut self, address: Box<str>, attempt: Attempt) {
        let Attempt { asker, name, password } = attempt;
        let account = self.account_named(&name);
        // An unknown name takes as long as a known one: what is checked against nothing never fits.
        let hash = account.map(|account| self[account].password.clone()).unwrap_or_default();
        let checked = hash.clone();
        let work = Job::VerifyPassword { hash, password };
        let (job, session) = match asker {
            Asker::Session(session, job) => (job, Some(session)),
            Asker::Portal(_) | Asker::Web(_) => (self.next_job_id(), None),
        };
        let then = move |world: &mut World, result| {
            // Of an account whose password was changed meanwhile, another one was checked.
            let is_it = |known: &crate::Account| known.password == checked;
            let is_up_to_date = account.and_then(|account| world.account(account)).is_none_or(is_it);
            let fits = match result {
                JobResult::Verified(fits) => JobResult::Verified(fits && is_up_to_date),
                failed => failed,
            };
            world.checked(asker, &address, account, fits);
        };
        self.start_job(job, session, work, Box::new(then));
    }

    fn checked(&mut self, asker: Asker, address: &str, account: Option<AccountId>, result: JobResult) {
        if let Some(pending) = self.logins.0.get_mut(address) {
            pending.running -= 1;
        }
        match (result, account.filter(|account| self.account(*account).is_some())) {
            (JobResult::Verified(true), Some(account)) => match asker {
                Asker::Session(session, _) => self.logged_in(session, account),
                Asker::Portal(id) => self.answer_client(id, Some(account)),
                Asker::Web(sign_in) => self.signed_in(*sign_in, account),
            },
            (JobResult::Failed(why), _) => {
                tracing::error!("a password could not be checked: {why}");
                self.login_failed(
                    asker,
                    Refused::Busy,
                    "Your password can't be checked now. Please try again in a moment.",
                );
            }
            _ => {
                self.failed_logins.count(address, self.now);
                self.emit(Event::AccountLoginFail {
                    account,
                    session: asker.session(),
                    address: address.into(),
                });
                // Not the name that was typed: people type their password there by mistake.
                let account = account.map(|account| account.0);
                let session = asker.session();
                tracing::info!(session = session.map(|id| id.0), address, account, "failed login");
                if let Some(account) = account.map(AccountId).filter(|id| self.account(*id).is_some()) {
                    let kind = self.account_class(account);
                    self.guarded("at_failed_login", |world| kind.at_failed_login(world, account, session));
                }
                self.login_failed(asker, Refused::Wrong, "Username and/or password is incorrect.");
            }
        }
        self.start_logins(address);
    }

    fn logged_in(&mut self, session: SessionId, account: AccountId) {
        if self.session(session).is_some_and(|session| session.account.is_none()) {
            // Others of this address may wait for the end of this one, whatever the game's hooks do.
            let ended = self.guarded("a login", |world| world.login(session, account));
            self.tell_end(session, ended.map(Ok));
        }
    }

    /// Tells a player, and a client that has a login window of its own; or a page; or the Portal, without the reason.
    fn login_failed(&mut self, asker: Asker, refused: Refused, why: &str) {
        let session = match asker {
            Asker::Session(session, _) => session,
            Asker::Portal(id) => return self.answer_client(id, None),
            Asker::Web(sign_in) => {
                return sign_in.later.answer(self, Err(ApiError::new(refused.status(), why)));
            }
        };
        self.msg(session, why);
        self.msg_oob(session, CharLoginResult { success: false, message: Some(why.to_owned()) });
    }
}

fn too_many(wait: Duration) -> String {
    let wait = text::span(wait.max(Duration::from_secs(1)));
    format!("Too many login failures from your address. Please try again in {wait}.")
}
