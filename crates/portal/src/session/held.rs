//! A session that is written down for another Portal, and one that is made of what another Portal has written. Whoever
//! drives sessions whose clients may come back asks for it.

use meadow_link::{
    SessionId, Time, ToServer,
    amp::{
        CodecError, LinkMessage,
        native::{Decoder, Encoder},
    },
};
use meadow_protocol::{Protocol, Transport};

use super::{PortalSession, inspect::Traffic};
use crate::{Limits, input::InputQueue};

impl PortalSession {
    /// Writes down all but what waits for the client, which its driver has taken.
    ///
    /// # Errors
    /// Values nested too deep, or a protocol that panics.
    pub(crate) fn store(&mut self, now: Time, to: &mut Encoder<'_>) -> Result<(), CodecError> {
        // As the link says it to a Server that knows nothing of the session.
        ToServer::Connect(self.sync.clone()).encode(to)?;
        to.flag(self.met);
        to.flag(self.ready);
        to.flag(self.hides);
        to.time(self.login_until);
        to.number(self.traffic.received);
        to.number(self.traffic.sent);
        let mut kept = None;
        self.call(now, |protocol, _| kept = Some(protocol.keep()));
        to.map(&kept.ok_or(CodecError::OutOfRange("what the protocol keeps"))?)?;
        self.inputs.store(to)
    }

    /// Goes on with a session that [`PortalSession::store`] has written. Its client is not there.
    ///
    /// # Errors
    /// Bytes that are something else.
    pub(crate) fn restore(
        from: &mut Decoder<'_>,
        protocol: Box<dyn Protocol>,
        now: Time,
        limits: &Limits,
    ) -> Result<PortalSession, CodecError> {
        let ToServer::Connect(sync) = ToServer::decode(from)? else {
            return Err(CodecError::OutOfRange("what is known of a session"));
        };
        let mut session =
            PortalSession::new(sync.id, protocol, Transport::Messages, &sync.address, now, limits);
        session.met = from.flag()?;
        session.ready = from.flag()?;
        session.hides = from.flag()?;
        session.login_until = from.time()?.min(now + limits.login_time);
        session.traffic = Traffic { received: from.number()?, sent: from.number()? };
        let kept = from.map()?;
        session.inputs = InputQueue::restore(from)?;
        let flags = sync.flags.clone();
        session.sync = sync;
        session.call(now, |protocol, _| protocol.go_on(flags, kept));
        session.detach(now);
        Ok(session)
    }

    /// From where its client came last.
    pub(crate) fn address(&self) -> &str {
        &self.sync.address
    }

    /// Its number.
    pub(crate) fn id(&self) -> SessionId {
        self.sync.id
    }
}
