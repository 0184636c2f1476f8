//! Questions to the Server about somebody who has no session yet. A listener whose clients log in before anything
//! else asks them (SSH); what is known of accounts, passwords and throttles stays in the Server.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use meadow_link::{Credentials, ToServer};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep, timeout},
};
use tracing::warn;

use crate::{server_end::Gate, sessionhandler::PortalSessionHandler};

/// How long somebody waits for a Server that is being exchanged, or for its answer. A check of a password takes a small
/// part of a second, but many may want one.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often a Server is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// An account that somebody has logged in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u64,
    pub(crate) uname: Box<str>,
}

/// Questions that have not been answered.
#[derive(Debug, Default)]
pub(crate) struct Authentications(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    asked: u64,
    askers: HashMap<u64, oneshot::Sender<Option<Account>>>,
}

impl Authentications {
    /// The Server has answered.
    pub(crate) fn answer(&self, id: u64, account: Option<(u64, Box<str>)>) {
        if let Some(asker) = self.waiting().askers.remove(&id) {
            // Whoever asked may have gone.
            let _ = asker.send(account.map(|(uid, uname)| Account { uid, uname }));
        }
    }

    /// Another Server is there, which knows nothing of the questions.
    pub(crate) fn forget(&self) {
        self.waiting().askers.clear();
    }

    fn ask(&self) -> (u64, oneshot::Receiver<Option<Account>>) {
        let (asker, answer) = oneshot::channel();
        let mut waiting = self.waiting();
        waiting.asked += 1;
        let id = waiting.asked;
        waiting.askers.insert(id, asker);
        (id, answer)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PortalSessionHandler {
    /// The account of this name, if these are its credentials and the Server lets whoever it is in.
    pub(crate) async fn authenticate(
        &self,
        address: IpAddr,
        name: &str,
        credentials: &Credentials,
    ) -> Option<Account> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            let Some((id, answer)) = self.send_question(address, name, credentials) else {
                sleep(LOOK_AGAIN).await;
                continue;
            };
            match timeout(end - Instant::now(), answer).await {
                Ok(Ok(account)) => return account,
                // The Server was exchanged: ask the next one.
                Ok(Err(_)) => {}
                Err(_) => self.authentications().answer(id, None),
            }
        }
        warn!(%address, "the Server does not say who somebody is");
        None
    }

    /// Asks, if there is a Server that takes questions.
    fn send_question(
        &self,
        address: IpAddr,
        name: &str,
        credentials: &Credentials,
    ) -> Option<(u64, oneshot::Receiver<Option<Account>>)> {
        let mut server = self.server().lock().unwrap_or_else(PoisonError::into_inner);
        if server.gate() != Gate::Open {
            return None;
        }
        let (id, answer) = self.authentications().ask();
        let (address, name) = (address.to_string().into(), name.into());
        let question = ToServer::Authenticate { id, address, name, credentials: credentials.clone() };
        if let Err(error) = server.send(&question) {
            warn!(%error, "the Server cannot be asked who somebody is");
            self.authentications().answer(id, None);
        }
        Some((id, answer))
    }
}
