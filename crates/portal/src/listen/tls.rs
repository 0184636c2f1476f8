//! Streams inside TLS: the handshake, and bytes in and out. [`super::stream`] admits the clients and does
//! everything that is the same without TLS.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use meadow_protocol::Transport;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpStream, tcp::OwnedReadHalf},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tracing::debug;

use super::{
    Entered,
    gatekeeper::Admitted,
    stream::{Io, LINGER, MakeProtocol, linger, run},
    whole,
};
use crate::connection::{Connection, State, Wire};

/// How long a client may take for the handshake.
pub(super) const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// Makes the connection a session once the client has shaken hands. Until then it has its place among
/// those that have not logged in, but nothing of the game is told to it, nor of it to the game.
pub(super) async fn shake_hands(admitted: Admitted, stream: TcpStream, tls: TlsAcceptor, make: MakeProtocol) {
    // Boxed, and in a task of its own: the state of a handshake is larger than that of a session.
    let handshake = Box::pin(tokio::time::timeout(HANDSHAKE_TIME, tls.accept(stream)));
    match handshake.await {
        Ok(Ok(stream)) => {
            let entered = admitted.secured().enter(Wire::Task, make(), Transport::Stream);
            tokio::spawn(drive(entered, Box::new(stream)));
        }
        Ok(Err(error)) => debug!(%error, address = %admitted.address(), "a TLS handshake failed"),
        Err(_) => debug!(address = %admitted.address(), "a TLS handshake took too long"),
    }
}

/// Drives one connection until it ends.
async fn drive(entered: Entered, mut stream: Box<TlsStream<TcpStream>>) {
    run(&entered, &mut *stream).await;
    // The Server hears of the end now, not after the farewell.
    drop(entered);
    Box::pin(async move {
        // Without this alert (RFC 8446, section 6.1) the client could not tell the end from an attack.
        let farewell = poll_fn(|cx| Pin::new(&mut *stream).poll_shutdown(cx));
        if tokio::time::timeout(LINGER, farewell).await.is_ok() {
            linger(stream.into_inner().0).await;
        }
    })
    .await;
}

/// Goes on inside TLS with a connection that began in the clear. `first` is what has come of it already.
pub(super) async fn upgrade(entered: Entered, read: OwnedReadHalf, first: Vec<u8>, tls: Option<TlsAcceptor>) {
    let cut = |reason: &str| {
        let now = entered.handler().clock().now();
        entered.lock().session.cut(now, reason);
    };
    let Some(tls) = tls else { return cut("it asked for TLS, which its service does not have") };
    let halves = Halves { first: first.into(), read, connection: entered.connection() };
    let mut stream = match tokio::time::timeout(HANDSHAKE_TIME, tls.accept(halves)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return cut(&format!("the TLS handshake failed: {error}")),
        Err(_) => return cut("the TLS handshake took too long"),
    };
    {
        let now = entered.handler().clock().now();
        let session = &mut entered.lock().session;
        session.connect(now);
        session.secured(now);
    }
    run(&entered, &mut stream).await;
    drop(entered);
    let farewell = poll_fn(|cx| Pin::new(&mut stream).poll_shutdown(cx));
    let _ = tokio::time::timeout(LINGER, farewell).await;
}

/// A stream whose write half is where the link's task used to find it.
struct Halves {
    first: Bytes,
    read: OwnedReadHalf,
    connection: Arc<Connection>,
}

impl AsyncRead for Halves {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.read).poll_read(cx, buffer);
        }
        let length = self.first.len().min(buffer.remaining());
        buffer.put_slice(&self.first.split_to(length));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Halves {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Some(half) = self.connection.tcp() else {
            return Poll::Ready(Err(io::ErrorKind::NotConnected.into()));
        };
        loop {
            match half.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    ready!(half.as_ref().poll_write_ready(cx))?;
                }
                wrote => return Poll::Ready(wrote),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    /// The socket closes when the connection is dropped.
    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Io for TlsStream<S> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match ready!(AsyncRead::poll_read(Pin::new(self), cx, buffer)) {
            // Closed without an alert: many clients do. Nothing here depends on how a stream ends.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            read => Poll::Ready(read),
        }
    }

    fn poll_write(&mut self, entered: &Entered, state: &mut State, cx: &mut Context<'_>) -> Poll<()> {
        whole::poll_write(self, entered, state, cx)
    }
}
