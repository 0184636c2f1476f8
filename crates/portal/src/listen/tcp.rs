//! TCP: accepts connections for a stream protocol and drives them. Telnet comes this way, and every
//! stream protocol that a game registers.
//!
//! One task a connection, without a buffer of its own: it reads into memory that its thread shares, and
//! what cannot be written at once waits in the session.

use std::{
    cell::RefCell,
    future::poll_fn,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use meadow_protocol::{Protocol, Transport};
use tokio::{
    io::{AsyncRead, ReadBuf},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf},
};
use tracing::warn;

use super::{ACCEPT_PAUSE, Entered, Gatekeeper};
use crate::{
    connection::{State, Wire, tell},
    timer::Timer,
};

/// Most bytes that one read takes from a client.
const READ_SIZE: usize = 4096;
/// How long a closed connection is still read, so that the client gets our last words before a reset.
const LINGER: Duration = Duration::from_millis(500);

thread_local! {
    static SCRATCH: RefCell<[u8; READ_SIZE]> = const { RefCell::new([0; READ_SIZE]) };
}

/// Makes the protocol of each new connection.
pub(crate) type MakeProtocol = Arc<dyn Fn() -> Box<dyn Protocol> + Send + Sync>;

/// Accepts connections for ever.
pub(crate) async fn serve(listener: TcpListener, gatekeeper: Gatekeeper, make: MakeProtocol) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => match gatekeeper.admit(peer.ip().to_canonical()) {
                Ok(admitted) => {
                    if let Err(error) = stream.set_nodelay(true) {
                        warn!(%error, "a connection cannot be set up");
                        continue;
                    }
                    let (read, write) = stream.into_split();
                    let entered = admitted.enter(Wire::Tcp(write), make(), Transport::Stream);
                    tokio::spawn(drive(entered, read));
                }
                Err(refusal) => turn_away(stream, &refusal.to_string()),
            },
            Err(error) => {
                warn!(%error, service = gatekeeper.service(), "a connection cannot be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Tells a client why it cannot come in, if that can be done without waiting.
fn turn_away(stream: TcpStream, line: &str) {
    use io::Write as _;
    if let Ok(mut stream) = stream.into_std() {
        // Best effort: whoever cannot be told sees the connection close.
        let _ = stream.write_all(format!("{line}\r\n").as_bytes());
    }
}

/// Drives one connection until it ends.
async fn drive(entered: Entered, mut read: OwnedReadHalf) {
    let mut timer = Timer::new(entered.handler().clock());
    poll_fn(|cx| poll_connection(&entered, &mut read, &mut timer, cx)).await;
    drop(timer);
    // The Server hears of the end now, not after the lingering.
    drop(entered);
    // Boxed, so that its timer takes no room in the task of a connection that lives.
    Box::pin(linger(read)).await;
}

/// Does what can be done without waiting. Ready when the connection has ended.
fn poll_connection(
    entered: &Entered,
    read: &mut OwnedReadHalf,
    timer: &mut Timer,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let handler = entered.handler();
    let state = &mut *entered.lock();
    state.set_waker(cx.waker());
    loop {
        let now = handler.clock().now();
        tell(state, handler.server(), now, handler.limits());
        poll_write(entered, state, cx);
        state.session.cut_if_slow(now, handler.limits());
        if state.session.closing().is_some() && state.session.out().is_empty() {
            tell(state, handler.server(), now, handler.limits());
            return Poll::Ready(());
        }
        if poll_read(entered, state, read, cx).is_ready() {
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

/// Writes what waits, and asks to be woken for the rest.
fn poll_write(entered: &Entered, state: &mut State, cx: &mut Context<'_>) {
    loop {
        entered.try_write(state, entered.handler().clock().now());
        let Some(half) = entered.tcp() else { return };
        if state.session.out().is_empty() || half.as_ref().poll_write_ready(cx).is_pending() {
            return;
        }
    }
}

/// Reads once, if there is room for what may come. Ready when something has happened.
fn poll_read(
    entered: &Entered,
    state: &mut State,
    read: &mut OwnedReadHalf,
    cx: &mut Context<'_>,
) -> Poll<()> {
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
        match Pin::new(read).poll_read(cx, &mut buffer) {
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

/// Reads and forgets until the client has closed too. Closing a socket with unread bytes in it would
/// reset the connection, and the client might never see what was written last.
async fn linger(mut read: OwnedReadHalf) {
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
