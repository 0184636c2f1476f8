//! Streams: lets connections of a stream protocol in and drives them. Telnet comes this way, and every
//! stream protocol that a game registers; [`super::tls`] encrypts them.
//!
//! One task a connection, without a buffer of its own: it reads into memory that its thread shares, and
//! what cannot be written at once waits in the session.

use std::{
    cell::RefCell,
    future::poll_fn,
    io,
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use meadow_link::Time;
use meadow_protocol::{Protocol, Transport};
use tokio::{
    io::{AsyncRead, ReadBuf},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
};
use tokio_rustls::TlsAcceptor;

use super::{Entered, Gatekeeper, accept::accept, tls};
use crate::{
    connection::{State, Wire, tell},
    session::PortalSession,
    timer::Timer,
};

/// Most bytes that one read takes from a client.
const READ_SIZE: usize = 4096;
/// How long a closed connection is still read, so that the client gets our last words before a reset.
pub(super) const LINGER: Duration = Duration::from_millis(500);

thread_local! {
    static SCRATCH: RefCell<[u8; READ_SIZE]> = const { RefCell::new([0; READ_SIZE]) };
}

/// Makes the protocol of each new connection.
pub(crate) type MakeProtocol = Arc<dyn Fn() -> Box<dyn Protocol> + Send + Sync>;

/// Whether the connections of a service are encrypted.
#[derive(Clone)]
pub(crate) enum Encryption {
    /// Never.
    None,
    /// Those whose protocol asks for it.
    OnDemand(TlsAcceptor),
    /// All, from their first byte on.
    Always(TlsAcceptor),
}

/// One service whose clients speak a stream protocol.
#[derive(Clone)]
pub(crate) struct StreamService {
    pub(crate) gatekeeper: Gatekeeper,
    pub(crate) make: MakeProtocol,
    pub(crate) encryption: Encryption,
}

/// What carries the bytes of one connection. Everything else about it is in [`Entered`].
pub(super) trait Io {
    /// Reads; nothing means that the client sends nothing more.
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>>;

    /// Writes what waits in the session. Pending while anything is on its way.
    fn poll_write(&mut self, entered: &Entered, state: &mut State, cx: &mut Context<'_>) -> Poll<()>;

    /// Tells the session what has come besides bytes; says whether anything has.
    fn tell(&mut self, _session: &mut PortalSession, _now: Time) -> bool {
        false
    }
}

/// How a connection ended in the form that it had.
pub(super) enum End {
    /// There is nothing more to be said or heard.
    Closed,
    /// It goes on inside TLS, which begins with these bytes that have been read already.
    StartTls(Vec<u8>),
}

/// Accepts connections for ever.
pub(crate) async fn serve(listener: TcpListener, service: StreamService) {
    let gatekeeper = service.gatekeeper.clone();
    accept(listener, &gatekeeper, move |stream, address| service.let_in(stream, address)).await;
}

impl StreamService {
    fn let_in(&self, stream: TcpStream, address: IpAddr) {
        let admitted = match self.gatekeeper.admit(address) {
            Ok(admitted) => admitted,
            Err(refusal) => {
                // Before a handshake there is nothing that could be said.
                if !matches!(self.encryption, Encryption::Always(_)) {
                    turn_away(stream, &refusal.to_string());
                }
                return;
            }
        };
        let tls = match &self.encryption {
            Encryption::Always(tls) => {
                let make = Arc::clone(&self.make);
                tokio::spawn(tls::shake_hands(admitted, stream, tls.clone(), make));
                return;
            }
            Encryption::OnDemand(tls) => Some(tls.clone()),
            Encryption::None => None,
        };
        let (read, write) = stream.into_split();
        let entered = admitted.enter(Wire::Tcp(write), (self.make)(), Transport::Stream);
        tokio::spawn(drive(entered, read, tls));
    }
}

/// Tells a client why it cannot come in, if that can be done without waiting.
pub(super) fn turn_away(stream: TcpStream, line: &str) {
    use io::Write as _;
    if let Ok(mut stream) = stream.into_std() {
        // Best effort: whoever cannot be told sees the connection close.
        let _ = stream.write_all(format!("{line}\r\n").as_bytes());
    }
}

/// Drives one connection until it ends.
async fn drive(entered: Entered, mut read: OwnedReadHalf, tls: Option<TlsAcceptor>) {
    if let End::StartTls(first) = run(&entered, &mut read).await {
        // Boxed, because few connections get here.
        return Box::pin(tls::upgrade(entered, read, first, tls)).await;
    }
    // The Server hears of the end now, not after the lingering.
    drop(entered);
    // Boxed, so that its timer takes no room in the task of a connection that lives.
    Box::pin(linger(read)).await;
}

/// Reads, writes and keeps time until the session has ended.
pub(super) async fn run(entered: &Entered, io: &mut impl Io) -> End {
    let mut timer = Timer::new(entered.handler().clock());
    poll_fn(|cx| poll_connection(entered, io, &mut timer, cx)).await
}

/// Does what can be done without waiting. Ready when the connection has ended in this form.
fn poll_connection(
    entered: &Entered,
    io: &mut impl Io,
    timer: &mut Timer,
    cx: &mut Context<'_>,
) -> Poll<End> {
    let handler = entered.handler();
    let state = &mut *entered.lock();
    state.set_waker(cx.waker());
    loop {
        let now = handler.clock().now();
        tell(state, handler.server(), now, handler.limits());
        let written = io.poll_write(entered, state, cx).is_ready();
        state.session.cut_if_slow(now, handler.limits());
        let late = state.session.closing().is_some_and(|closing| closing.until <= now);
        if state.session.closing().is_some() && state.session.out().is_empty() && (written || late) {
            tell(state, handler.server(), now, handler.limits());
            return Poll::Ready(End::Closed);
        }
        if written && let Some(first) = state.start_tls() {
            return Poll::Ready(End::StartTls(first));
        }
        if poll_read(entered, state, io, cx).is_ready() || io.tell(&mut state.session, now) {
            continue;
        }
        if timer.is_due(state.session.deadline(), cx) {
            state.session.timeout(handler.clock().now());
            continue;
        }
        state.armed = timer.armed();
        return Poll::Pending;
    }
}

/// Reads once, if there is room for what may come. Ready when something has happened.
fn poll_read(entered: &Entered, state: &mut State, io: &mut impl Io, cx: &mut Context<'_>) -> Poll<()> {
    let handler = entered.handler();
    let room = state.session.room(handler.limits()).min(READ_SIZE);
    state.stalled = room == 0;
    if room == 0 {
        return Poll::Pending;
    }
    if state.session.read_on(handler.clock().now(), room) {
        return Poll::Ready(());
    }
    SCRATCH.with_borrow_mut(|scratch| {
        let mut buffer = ReadBuf::new(&mut scratch[..room]);
        match io.poll_read(cx, &mut buffer) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => {
                state.session.end_of_input(handler.clock().now());
            }
            Poll::Ready(Ok(())) => state.session.receive(handler.clock().now(), buffer.filled()),
            Poll::Ready(Err(error)) => {
                state.session.cut(handler.clock().now(), format!("the connection broke: {error}"));
            }
        }
        Poll::Ready(())
    })
}

impl Io for OwnedReadHalf {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        AsyncRead::poll_read(Pin::new(self), cx, buffer)
    }

    /// The other half is where the link's task finds it.
    fn poll_write(&mut self, entered: &Entered, state: &mut State, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            entered.try_write(state, entered.handler().clock().now());
            let Some(half) = entered.tcp() else { return Poll::Ready(()) };
            if state.session.out().is_empty() {
                return Poll::Ready(());
            }
            if half.as_ref().poll_write_ready(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

/// Reads and forgets until the client has closed too. Closing a socket with unread bytes in it would
/// reset the connection, and the client might never see what was written last.
pub(super) async fn linger(mut read: impl AsyncRead + Unpin) {
    let drained = poll_fn(|cx| {
        SCRATCH.with_borrow_mut(|scratch| {
            loop {
                let mut buffer = ReadBuf::new(&mut scratch[..]);
                match Pin::new(&mut read).poll_read(cx, &mut buffer) {
                    Poll::Ready(Ok(())) if !buffer.filled().is_empty() => {}
                    Poll::Ready(_) => return Poll::Ready(()),
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
    });
    let _ = tokio::time::timeout(LINGER, drained).await;
}
