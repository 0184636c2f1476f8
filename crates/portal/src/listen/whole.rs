//! Streams in one piece, which only the connection's own task can write to: what a service of the game's own has
//! opened, and what is inside TLS.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BytesMut};
use meadow_link::Time;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::{
    Entered,
    stream::{Io, LINGER, run},
};
use crate::connection::State;

/// Drives a connection over a stream of whatever kind until it ends.
pub(crate) async fn drive(entered: Entered, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let mut whole = Whole(stream);
    run(&entered, &mut whole).await;
    drop(entered);
    // Whoever is at the other end is to see that this was the end.
    let _ = tokio::time::timeout(LINGER, whole.0.shutdown()).await;
}

struct Whole<S>(S);

impl<S: AsyncRead + AsyncWrite + Unpin> Io for Whole<S> {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }

    fn poll_write(&mut self, entered: &Entered, state: &mut State, cx: &mut Context<'_>) -> Poll<()> {
        poll_write(&mut self.0, entered, state, cx)
    }
}

/// Writes what waits in the session, and flushes it. An error ends the session.
pub(super) fn poll_write(
    stream: &mut (impl AsyncWrite + Unpin),
    entered: &Entered,
    state: &mut State,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let now = entered.handler().clock().now();
    let Err(error) = ready!(write_out(stream, state, now, cx)) else { return Poll::Ready(()) };
    state.session.cut(now, format!("the connection broke: {error}"));
    Poll::Ready(())
}

fn write_out(
    stream: &mut (impl AsyncWrite + Unpin),
    state: &mut State,
    now: Time,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    let mut stream = Pin::new(stream);
    let Some(bytes) = state.session.packed(now) else { return Poll::Ready(Ok(())) };
    while !bytes.is_empty() {
        match ready!(stream.as_mut().poll_write(cx, bytes)) {
            Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Ok(written) => bytes.advance(written),
            Err(error) => return Poll::Ready(Err(error)),
        }
    }
    // An idle connection holds no buffer.
    *bytes = BytesMut::new();
    stream.poll_flush(cx)
}
