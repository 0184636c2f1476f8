//! What a protocol asks of the Portal besides carrying bytes: TLS, a mark in the output, another address.

use meadow_link::{Flag, Time};
use meadow_protocol::Outbox;
use tracing::debug;

use super::PortalSession;
use crate::out::Out;

/// What one session has asked for and has not got yet.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// TLS, which begins with these bytes.
    pub(super) start_tls: Option<Vec<u8>>,
    /// To be told when the game has done the input of this number, and all before it.
    mark: Option<u64>,
    /// It may say for whom it speaks: its address is that of a trusted proxy.
    is_proxy: bool,
}

impl PortalSession {
    /// The connection is encrypted. Called after [`PortalSession::connect`], which may have begun the
    /// protocol anew.
    pub(crate) fn secured(&mut self, now: Time) {
        if let Out::Stream(..) = self.out {
            // Evennia's name for telnet over TLS.
            self.sync.protocol_key = format!("{}/ssl", self.protocol.key()).into();
        }
        let mut flags = self.protocol.flags().clone();
        flags.set(Flag::Ssl, true);
        self.sync.flags = flags.clone();
        self.dirty = true;
        self.call(now, |protocol, _| protocol.set_flags(flags));
    }

    /// The connection is that of a trusted proxy, which may have told for whom it speaks, but has not.
    pub(crate) fn believe(&mut self) {
        self.wishes.is_proxy = true;
    }

    /// Takes the protocol's wish for TLS: the bytes of it that have come.
    pub(crate) fn take_start_tls(&mut self) -> Option<Vec<u8>> {
        self.wishes.start_tls.take()
    }

    pub(super) fn take_wishes(&mut self, now: Time, outbox: &mut Outbox) {
        if let Some(first) = outbox.take_start_tls() {
            self.wishes.start_tls.get_or_insert_default().extend(first);
        }
        if let Some(address) = outbox.take_speaks_for() {
            if self.wishes.is_proxy {
                debug!(session = %self.sync.id, proxy = %self.sync.address, %address, "a proxy tells whom it speaks for");
                self.sync.address = address.to_canonical().to_string().into();
                self.dirty = true;
            } else {
                debug!(session = %self.sync.id, %address, "nobody trusted says whom it speaks for");
            }
        }
        if outbox.take_mark() {
            self.wishes.mark = Some(self.inputs.last());
            self.reach_marks(now);
        }
    }

    /// Tells the protocol if the game has done what was to be done before its mark.
    pub(super) fn reach_marks(&mut self, now: Time) {
        if self.wishes.mark.is_some_and(|mark| self.inputs.is_done(mark)) {
            self.wishes.mark = None;
            self.call(now, |protocol, out| protocol.at_mark(out));
        }
    }

    /// Something came from the client.
    pub(super) fn hear(&mut self, now: Time, bytes: usize) {
        self.heard = now;
        self.traffic.received += bytes as u64;
    }
}
