//! Where the client of a session is: connected, or away for a moment; and how far. The driver of a websocket tells.

use std::{net::IpAddr, time::Duration};

use meadow_link::Time;

use super::PortalSession;

/// What the transport knows of the client.
#[derive(Debug, Default)]
pub(super) struct Presence {
    /// How long the transport's own probe took to be answered.
    pub(super) latency: Option<Duration>,
    /// Since when there is no connection.
    pub(super) away: Option<Time>,
}

impl PortalSession {
    /// The connection broke; the session waits for its client to come back, and goes on meanwhile.
    pub(crate) fn detach(&mut self, now: Time) {
        self.presence = Presence { latency: None, away: Some(now) };
    }

    /// The client is back, from wherever it is now.
    pub(crate) fn attach(&mut self, now: Time, address: IpAddr) {
        self.presence = Presence::default();
        self.heard = now;
        let address = address.to_canonical().to_string();
        if *self.sync.address != *address {
            self.sync.address = address.into();
            self.dirty = true;
        }
    }

    /// The client has answered a probe of the transport.
    pub(crate) fn measured(&mut self, latency: Duration) {
        self.presence.latency = Some(latency);
    }
}
