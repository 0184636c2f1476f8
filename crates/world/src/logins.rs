//! Logging in by name and password, by whatever way they came: the throttle of failed logins, and the checking of
//! hashes off the world's thread.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use meadow_link::{SessionId, oob::CharLoginResult};

use crate::{
    AccountId, Job, JobId, JobResult, Result, Secret, ServerSession, World, say, text, throttle::origin,
};

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
    session: SessionId,
    job: JobId,
    name: String,
    password: Secret,
}

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
        let attempt = Attempt { session, job, name: name.to_owned(), password: Secret(password.to_owned()) };
        self.logins.0.entry(address.clone()).or_default().waiting.push_back(attempt);
        self.start_logins(&address);
        Ok(())
    }

    /// A session is gone that may have waited for its check: whoever comes and goes must not fill the queue.
    pub(crate) fn abandon_login(&mut self, session: &ServerSession) {
        if session.busy.is_some()
            && let Some(pending) = self.logins.0.get_mut(&origin(session.address()))
        {
            pending.waiting.retain(|attempt| attempt.session != session.id());
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
                    self.login_failed(attempt.session, &too_many(wait));
                    self.resume(attempt.session, attempt.job);
                }
                None => {
                    pending.running += 1;
                    self.check(address.into(), attempt);
                }
            }
        }
    }

    fn check(&mut self, address: Box<str>, attempt: Attempt) {
        let Attempt { session, job, name, password } = attempt;
        let account = self.account_named(&name);
        // An unknown name takes as long as a known one: what is checked against nothing never fits.
        let hash = account.map(|account| self[account].password.clone()).unwrap_or_default();
        let work = Job::VerifyPassword { hash, password };
        let then = move |world: &mut World, result| world.checked(session, &address, account, result);
        self.start_job(job, Some(session), work, Box::new(then));
    }

    fn checked(&mut self, session: SessionId, address: &str, account: Option<AccountId>, result: JobResult) {
        if let Some(pending) = self.logins.0.get_mut(address) {
            pending.running -= 1;
        }
        match (result, account.filter(|account| self.account(*account).is_some())) {
            (JobResult::Verified(true), Some(account)) => {
                if self.session(session).is_some_and(|session| session.account.is_none()) {
                    // Others of this address may wait for the end of this one, whatever the game's hooks do.
                    let ended = self.guarded("a login", |world| world.login(session, account));
                    self.tell_end(session, ended.map(Ok));
                }
            }
            (JobResult::Failed(why), _) => {
                tracing::error!("a password could not be checked: {why}");
                self.login_failed(session, "Your password can't be checked now. Please try again in a moment.");
            }
            _ => {
                self.failed_logins.count(address, self.now);
                // Not the name that was typed: people type their password there by mistake.
                let account = account.map(|account| account.0);
                tracing::info!(session = session.0, address, account, "failed login");
                self.login_failed(session, "Username and/or password is incorrect.");
            }
        }
        self.start_logins(address);
    }

    /// Tells a player, and a client that has a login window of its own.
    fn login_failed(&mut self, session: SessionId, why: &str) {
        self.msg(session, why);
        self.msg_oob(session, CharLoginResult { success: false, message: Some(why.to_owned()) });
    }
}

fn too_many(wait: Duration) -> String {
    let wait = text::span(wait.max(Duration::from_secs(1)));
    format!("Too many login failures from your address. Please try again in {wait}.")
}
