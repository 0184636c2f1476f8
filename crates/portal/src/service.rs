//! What a Portal runs, by unique names: listeners, the link, services of the game's own. The launcher lists them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use meadow_link::{ServiceState, ServiceStatus};

use crate::PortalError;

/// All services of one Portal.
#[derive(Debug, Default)]
pub(crate) struct ServiceRegistry(Mutex<Services>);

#[derive(Debug, Default)]
struct Services {
    ours: Vec<Entry>,
    /// Those that the Server runs, as it tells.
    servers: Vec<ServiceStatus>,
    /// Fingerprints of the keys that clients of SSH are shown.
    host_keys: Vec<String>,
}

/// Who runs a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    /// We do.
    Portal,
    /// The Server does.
    Server,
}

#[derive(Debug)]
struct Entry {
    status: ServiceStatus,
    /// It cannot be switched on: its address is another program's, or a setting keeps it off.
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

    /// The keys that clients of SSH are shown have these fingerprints.
    #[cfg(feature = "ssh")]
    pub(crate) fn set_host_keys(&self, fingerprints: Vec<String>) {
        self.lock().host_keys = fingerprints;
    }

    /// Fingerprints of the keys that clients of SSH are shown; none if there is no SSH.
    pub(crate) fn host_keys(&self) -> Vec<String> {
        self.lock().host_keys.clone()
    }

    /// Marks all of them that can be on.
    pub(crate) fn switch_all_on(&self) {
        for entry in self.lock().ours.iter_mut().filter(|entry| !entry.absent) {
            entry.status.state = ServiceState::On;
        }
    }

    /// Which process runs the service of this name.
    pub(crate) fn runs_in(&self, name: &str) -> Option<Process> {
        let all = self.lock();
        let ours = all.ours.iter().any(|entry| entry.status.name == name);
        let servers = all.servers.iter().any(|service| service.name == name);
        ours.then_some(Process::Portal).or(servers.then_some(Process::Server))
    }

    /// How one of ours is.
    pub(crate) fn state(&self, name: &str) -> Option<ServiceState> {
        let all = self.lock();
        all.ours.iter().find(|entry| entry.status.name == name).map(|entry| entry.status.state)
    }

    /// One of ours is no more.
    pub(crate) fn remove(&self, name: &str) {
        self.lock().ours.retain(|entry| entry.status.name != name);
    }

    /// One of them is not what it was.
    pub(crate) fn set_state(&self, name: &str, state: ServiceState) {
        for entry in self.lock().ours.iter_mut().filter(|entry| entry.status.name == name) {
            entry.status.state = state;
        }
    }

    /// The Server has told of its own.
    pub(crate) fn set_servers(&self, services: Vec<ServiceStatus>) {
        self.lock().servers = services;
    }

    /// There is no Server that could run any.
    pub(crate) fn switch_servers_off(&self) {
        self.lock().servers.iter_mut().for_each(|service| service.state = ServiceState::Off);
    }

    /// How they are, in the order in which they were added, and after them the Server's.
    pub(crate) fn statuses(&self) -> Vec<ServiceStatus> {
        let all = self.lock();
        all.ours.iter().map(|entry| &entry.status).chain(&all.servers).cloned().collect()
    }

    fn insert(&self, name: &str, kind: &str, address: String, absent: bool) -> Result<(), PortalError> {
        let mut all = self.lock();
        if all.ours.iter().any(|entry| entry.status.name == name) {
            return Err(PortalError::ServiceName(name.to_owned()));
        }
        let (name, kind, state) = (name.to_owned(), kind.to_owned(), ServiceState::Off);
        all.ours.push(Entry { status: ServiceStatus { name, kind, address, state }, absent });
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Services> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
