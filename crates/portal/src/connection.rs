//! A PortalSession that is joined to a socket. The task of its transport drives it; the link's task
//! gives it output and writes that directly, so that the hot path wakes nobody.

use std::{
    io,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use bytes::{Buf, BytesMut};
use meadow_link::{SessionId, Time};
use tokio::net::tcp::OwnedWriteHalf;

use crate::{Limits, server_end::ServerEnd, session::PortalSession};

/// One connection, shared by its own task and the link's.
pub(crate) struct Connection {
    pub(crate) id: SessionId,
    pub(crate) address: IpAddr,
    /// Name of the service that it came by.
    pub(crate) service: Arc<str>,
    wire: Wire,
    state: Mutex<State>,
}

/// Who can write to the client.
pub(crate) enum Wire {
    /// Anybody: a TCP stream takes bytes without waiting.
    Tcp(OwnedWriteHalf),
    /// Only the connection's own task.
    Task,
}

/// What the tasks share.
pub(crate) struct State {
    pub(crate) session: PortalSession,
    /// The connection's own task, when it sleeps.
    waker: Option<Waker>,
    /// When that task will wake by itself.
    pub(crate) armed: Option<Time>,
    /// That task has stopped reading because there was no room.
    pub(crate) stalled: bool,
    /// The connection has become encrypted; only its own task can write to it.
    upgraded: bool,
    /// It is in the link task's list of connections to look after at the end of a batch.
    touched: bool,
}

impl Connection {
    pub(crate) fn new(
        id: SessionId,
        address: IpAddr,
        service: Arc<str>,
        wire: Wire,
        session: PortalSession,
    ) -> Connection {
        let state =
            State { session, waker: None, armed: None, stalled: false, upgraded: false, touched: false };
        Connection { id, address, service, wire, state: Mutex::new(state) }
    }

    /// The session, for as long as the guard lives. Whoever changes it calls [`Connection::settle`] at
    /// the end, unless it is the connection's own task.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The socket, if its write half is here.
    pub(crate) fn tcp(&self) -> Option<&OwnedWriteHalf> {
        match &self.wire {
            Wire::Tcp(half) => Some(half),
            Wire::Task => None,
        }
    }

    /// Writes what the socket takes now; an error ends the session.
    pub(crate) fn try_write(&self, state: &mut State, now: Time) {
        let Wire::Tcp(half) = &self.wire else { return };
        if state.upgraded {
            return;
        }
        let Some(bytes) = state.session.packed(now) else { return };
        while !bytes.is_empty() {
            match half.try_write(bytes) {
                Ok(written) => bytes.advance(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) => {
                    state.session.cut(now, format!("the connection broke: {error}"));
                    return;
                }
            }
        }
        // An idle connection holds no buffer.
        *bytes = BytesMut::new();
    }

    /// Brings Server, client and the connection's own task up to date after somebody else than that
    /// task has changed the session.
    pub(crate) fn settle(&self, state: &mut State, server: &Mutex<ServerEnd>, now: Time, limits: &Limits) {
        tell(state, server, now, limits);
        self.try_write(state, now);
        state.session.cut_if_slow(now, limits);
        let session = &mut state.session;
        let earlier = match (session.deadline(), state.armed) {
            (Some(deadline), Some(armed)) => deadline < armed,
            (deadline, None) => deadline.is_some(),
            (None, Some(_)) => false,
        };
        let unstalled = state.stalled && session.room(limits) > 0;
        if earlier || unstalled || session.closing().is_some() || !session.out().is_empty() {
            state.wake();
        }
    }
}

impl State {
    /// Whom to wake when the connection's own task has something to do.
    pub(crate) fn set_waker(&mut self, waker: &Waker) {
        if !self.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
            self.waker = Some(waker.clone());
        }
    }

    /// Whether the protocol wants TLS, with the bytes of it that have come. From then on nothing is
    /// written in the clear.
    pub(crate) fn start_tls(&mut self) -> Option<Vec<u8>> {
        let first = self.session.take_start_tls()?;
        self.upgraded = true;
        Some(first)
    }

    fn wake(&self) {
        if let Some(waker) = &self.waker {
            waker.wake_by_ref();
        }
    }

    /// Marks the connection as touched by this batch; says whether it is the first time.
    pub(crate) fn touch(&mut self) -> bool {
        !std::mem::replace(&mut self.touched, true)
    }

    /// The batch is over.
    pub(crate) fn untouch(&mut self) {
        self.touched = false;
    }
}

/// Tells the Server what it does not know of this session yet.
pub(crate) fn tell(state: &mut State, server: &Mutex<ServerEnd>, now: Time, limits: &Limits) {
    if state.session.has_news() {
        let mut server = server.lock().unwrap_or_else(PoisonError::into_inner);
        state.session.tell(&mut server, now, limits);
    }
}
