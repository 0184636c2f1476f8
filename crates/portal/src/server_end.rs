//! What waits to be written to the Server, and whether it takes anything now. Sessions append to it;
//! the link's writer task empties it, so that what comes at one time leaves in one write.

use std::task::Waker;

use bytes::Bytes;
use meadow_link::{
    ToServer,
    amp::{Codec, CodecError, LinkWriter},
};

/// What the Server at the other end takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gate {
    /// There is none, or it is finishing: nothing.
    Closed,
    /// It knows the sessions and is getting ready: everything but input.
    Synced,
    /// It is ready: everything.
    Open,
}

/// The Portal's end of the link to the one active Server.
pub(crate) struct ServerEnd {
    gate: Gate,
    /// Counts the Servers that were active, from 1; a session remembers which of them knows it.
    generation: u64,
    writer: LinkWriter<ToServer>,
    limit: usize,
    stalled: bool,
    waker: Option<Waker>,
}

/// Bytes for the Server.
pub(crate) struct Taken {
    pub(crate) bytes: Bytes,
    /// Somebody had something to say and found no room: ask all sessions again.
    pub(crate) stalled: bool,
}

impl ServerEnd {
    /// No Server yet. `limit` is the number of waiting bytes past which [`ServerEnd::has_room`] says no.
    pub(crate) fn new(limit: usize) -> ServerEnd {
        ServerEnd {
            gate: Gate::Closed,
            generation: 0,
            writer: LinkWriter::new(Codec::Native),
            limit,
            stalled: false,
            waker: None,
        }
    }

    pub(crate) fn gate(&self) -> Gate {
        self.gate
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Takes a new Server's writer; what waited for the one before is forgotten.
    pub(crate) fn install(&mut self, generation: u64, writer: LinkWriter<ToServer>) {
        self.generation = generation;
        self.writer = writer;
        self.stalled = false;
        self.wake();
    }

    pub(crate) fn set_gate(&mut self, gate: Gate) {
        self.gate = gate;
    }

    /// Whether more input may be appended. If not, [`Taken::stalled`] will tell that it was missed.
    pub(crate) fn has_room(&mut self) -> bool {
        let room = self.writer.len() < self.limit;
        self.stalled |= !room;
        room
    }

    /// Appends a message.
    ///
    /// # Errors
    /// The codec cannot say it; nothing has been appended.
    pub(crate) fn send(&mut self, message: &ToServer) -> Result<(), CodecError> {
        let wrote = self.writer.write(message);
        self.wake();
        wrote
    }

    /// Takes what waits, if anything does.
    pub(crate) fn take(&mut self) -> Option<Taken> {
        let bytes = self.writer.take()?;
        let stalled = self.writer.is_empty() && std::mem::take(&mut self.stalled);
        Some(Taken { bytes, stalled })
    }

    /// Whom to wake when there is something to write.
    pub(crate) fn set_waker(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use meadow_link::SessionId;

    use super::*;

    #[test]
    fn there_is_room_up_to_the_limit_and_whoever_missed_it_is_told() {
        let message = ToServer::Disconnect(SessionId(1));
        let mut probe = ServerEnd::new(usize::MAX);
        probe.send(&message).expect("written");
        let length = probe.writer.len();

        let mut one_short = ServerEnd::new(length + 1);
        one_short.send(&message).expect("written");
        assert!(one_short.has_room());
        assert!(!one_short.take().expect("bytes").stalled);

        let mut at_limit = ServerEnd::new(length);
        at_limit.send(&message).expect("written");
        assert!(!at_limit.has_room());
        assert!(at_limit.take().expect("bytes").stalled);
        assert!(at_limit.has_room(), "what was taken makes room");
        assert!(at_limit.take().is_none());
    }
}
