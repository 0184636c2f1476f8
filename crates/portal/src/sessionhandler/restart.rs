//! Sessions go from one Portal to the next. The supervisor of the one that ends closes the doors; what reads sessions
//! from the file of the other brings them in.

use std::{net::IpAddr, sync::Arc};

use meadow_link::SessionId;

use super::PortalSessionHandler;
use crate::{
    connection::{Connection, Wire},
    session::PortalSession,
};

impl PortalSessionHandler {
    /// From where a session came last, if it is there.
    pub(crate) fn address_of(&self, id: SessionId) -> Option<IpAddr> {
        let connection = self.sessions().by_id.get(&id).cloned()?;
        let state = connection.lock();
        state.session.address().parse().ok()
    }

    /// From now on nobody comes in: another Portal is about to take this one's place.
    pub(crate) fn close_doors(&self) {
        self.sessions().admission.close();
    }

    /// Whether another Portal is about to take this one's place.
    pub(crate) fn doors_are_closed(&self) -> bool {
        self.sessions().admission.is_closed()
    }

    /// A session that another Portal had goes on here. `address` is where it came from first. None if there is one of
    /// its number already.
    pub(crate) fn reenter(
        &self,
        session: PortalSession,
        address: IpAddr,
        service: Arc<str>,
        wire: Wire,
    ) -> Option<Arc<Connection>> {
        let (id, is_logged_in) = (session.id(), session.is_logged_in());
        let mut sessions = self.sessions();
        if sessions.by_id.contains_key(&id) {
            return None;
        }
        let connection = Arc::new(Connection::new(id, address, service, wire, session));
        sessions.by_id.insert(id, Arc::clone(&connection));
        sessions.admission.take_over(address);
        if is_logged_in {
            sessions.admission.logged_in();
        }
        Some(connection)
    }
}
