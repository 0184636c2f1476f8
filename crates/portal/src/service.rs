//! What a Portal runs, by unique names: listeners and the link. The launcher lists them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::PortalError;

/// One service, as `status` shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceStatus {
    /// Its unique name: `telnet`, `web`, `link` ... or a game's own.
    pub name: String,
    /// What it is: `stream`, `web` or `link`.
    pub kind: String,
    /// Where it listens: an address with its real port, or the path of a socket.
    pub address: String,
    /// `on` or `off`.
    pub state: String,
}

/// All services of one Portal.
#[derive(Debug, Default)]
pub(crate) struct ServiceRegistry(Mutex<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    status: ServiceStatus,
    /// It cannot be switched on: its address is another program's.
    absent: bool,
}

impl ServiceRegistry {
    /// Adds one that is not on yet.
    pub(crate) fn add(&self, name: &str, kind: &str, address: String) -> Result<(), PortalError> {
        self.insert(name, kind, address, false)
    }

    /// Adds one that the Portal has to do without.
    pub(crate) fn add_absent(&self, name: &str, kind: &str, address: String) -> Result<(), PortalError> {
        self.insert(name, kind, address, true)
    }

    /// Marks all of them that can be on.
    pub(crate) fn switch_all(&self, on: bool) {
        for entry in self.lock().iter_mut().filter(|entry| !entry.absent) {
            entry.status.state = if on { "on" } else { "off" }.to_owned();
        }
    }

    /// How they are, in the order in which they were added.
    pub(crate) fn statuses(&self) -> Vec<ServiceStatus> {
        self.lock().iter().map(|entry| entry.status.clone()).collect()
    }

    fn insert(&self, name: &str, kind: &str, address: String, absent: bool) -> Result<(), PortalError> {
        let mut all = self.lock();
        if all.iter().any(|entry| entry.status.name == name) {
            return Err(PortalError::ServiceName(name.to_owned()));
        }
        let (name, kind, state) = (name.to_owned(), kind.to_owned(), "off".to_owned());
        all.push(Entry { status: ServiceStatus { name, kind, address, state }, absent });
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
