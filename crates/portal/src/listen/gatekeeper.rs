//! What every listener does with a connection before and after it lives: admission, the greeting, the
//! farewell, and a log that a flood cannot fill.

use std::{
    net::IpAddr,
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use meadow_link::{SessionId, Time};
use meadow_protocol::{Protocol, Transport};
use tracing::warn;

use crate::{
    address::Networks,
    admission::Refusal,
    authentication::Account,
    connection::{Connection, Wire},
    sessionhandler::{Arrival, PortalSessionHandler, Security},
};

/// One refusal is logged in this time; the others are counted.
const REFUSAL_LOG_INTERVAL: Duration = Duration::from_secs(1);

/// Lets connections of one listener in.
#[derive(Clone)]
pub(crate) struct Gatekeeper {
    handler: Arc<PortalSessionHandler>,
    service: Arc<str>,
    /// Proxies that are believed when they say for whom they connect.
    trusted: Networks,
    refusals: Arc<Mutex<Refusals>>,
}

#[derive(Default)]
struct Refusals {
    logged: Option<Time>,
    unlogged: u64,
}

/// A connection that may come in. Dropped without [`Admitted::enter`], it gives its place back.
pub(crate) struct Admitted {
    gatekeeper: Gatekeeper,
    address: IpAddr,
    security: Security,
    /// `None` once it has entered.
    id: Option<SessionId>,
}

/// A connection that lives. When its task drops this, for whatever reason, the session ends.
pub(crate) struct Entered {
    handler: Arc<PortalSessionHandler>,
    connection: Arc<Connection>,
}

impl Gatekeeper {
    pub(crate) fn new(handler: Arc<PortalSessionHandler>, service: &str, trusted: Networks) -> Gatekeeper {
        Gatekeeper { handler, service: service.into(), trusted, refusals: Arc::default() }
    }

    /// Asks for a place.
    pub(crate) fn admit(&self, address: IpAddr) -> Result<Admitted, Refusal> {
        match self.handler.admit(address) {
            Ok(id) => {
                Ok(Admitted { gatekeeper: self.clone(), address, security: Security::Clear, id: Some(id) })
            }
            Err(refusal) => {
                self.log(address, refusal);
                Err(refusal)
            }
        }
    }

    pub(crate) fn handler(&self) -> &PortalSessionHandler {
        &self.handler
    }

    pub(crate) fn trusted(&self) -> &Networks {
        &self.trusted
    }

    pub(crate) fn service(&self) -> &str {
        &self.service
    }

    fn log(&self, address: IpAddr, refusal: Refusal) {
        let now = self.handler.clock().now();
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.logged.is_some_and(|logged| now.since(logged) < REFUSAL_LOG_INTERVAL) {
            refusals.unlogged += 1;
            return;
        }
        refusals.logged = Some(now);
        let others = std::mem::take(&mut refusals.unlogged);
        warn!(%address, service = %self.service, ?refusal, others, "refused a connection");
    }
}

impl Admitted {
    #[cfg(feature = "ssh")]
    pub(crate) fn handler(&self) -> Arc<PortalSessionHandler> {
        Arc::clone(&self.gatekeeper.handler)
    }

    /// Whose connection it is.
    pub(crate) fn address(&self) -> IpAddr {
        self.address
    }

    /// The connection is encrypted.
    pub(crate) fn secured(mut self) -> Admitted {
        self.security = Security::Tls;
        self
    }

    /// Makes a session of the connection.
    pub(crate) fn enter(self, wire: Wire, protocol: Box<dyn Protocol>, transport: Transport) -> Entered {
        self.enter_as(None, wire, protocol, transport)
    }

    /// Makes a session of the connection, which has logged in already.
    pub(crate) fn enter_as(
        mut self,
        account: Option<Account>,
        wire: Wire,
        protocol: Box<dyn Protocol>,
        transport: Transport,
    ) -> Entered {
        let id = self.id.take().expect("only enter takes it");
        let Gatekeeper { handler, service, trusted, .. } = &self.gatekeeper;
        let arrival = Arrival {
            address: self.address,
            service: Arc::clone(service),
            security: self.security,
            is_proxy: trusted.contain(self.address),
            protocol,
            transport,
            account,
        };
        Entered { connection: handler.enter(id, wire, arrival), handler: Arc::clone(handler) }
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        if self.id.is_some() {
            self.gatekeeper.handler.withdraw(self.address);
        }
    }
}

impl Entered {
    /// A connection that lives again: another Portal had it before.
    pub(crate) fn again(handler: &Arc<PortalSessionHandler>, connection: Arc<Connection>) -> Entered {
        Entered { handler: Arc::clone(handler), connection }
    }

    /// The connection itself, for whoever needs its socket longer than the session lives.
    pub(crate) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }

    pub(crate) fn handler(&self) -> &PortalSessionHandler {
        &self.handler
    }
}

impl Deref for Entered {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.handler.leave(&self.connection);
    }
}
