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
pub(crate) struct ServiceRegistry(Mutex<Vec<ServiceStatus>>);

impl ServiceRegistry {
    /// Adds one that is not on yet.
    pub(crate) fn add(&self, name: &str, kind: &str, address: String) -> Result<(), PortalError> {
        let mut all = self.lock();
        if all.iter().any(|service| service.name == name) {
            return Err(PortalError::ServiceName(name.to_owned()));
        }
        all.push(ServiceStatus {
            name: name.to_owned(),
            kind: kind.to_owned(),
            address,
            state: "off".to_owned(),
        });
        Ok(())
    }

    /// Marks all of them.
    pub(crate) fn switch_all(&self, on: bool) {
        for service in &mut *self.lock() {
            service.state = if on { "on" } else { "off" }.to_owned();
        }
    }

    /// How they are, in the order in which they were added.
    pub(crate) fn statuses(&self) -> Vec<ServiceStatus> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ServiceStatus>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
