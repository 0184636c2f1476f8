//! The channel of a shell, as the driver of streams knows connections: bytes in and out, and the size of the window.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BytesMut};
use meadow_link::Time;
use russh::{ChannelWriteHalf, server::Msg};
use tokio::io::{AsyncWrite, ReadBuf};

use super::{
    super::{Entered, stream::Io},
    inbox::{End, Inbox, Taken},
};
use crate::{connection::State, session::PortalSession};

/// The channel of one shell.
pub(super) struct ShellChannel {
    inbox: Arc<Inbox>,
    /// Takes no more than the client's window allows.
    writer: Pin<Box<dyn AsyncWrite + Send>>,
}

impl ShellChannel {
    pub(super) fn new(channel: &ChannelWriteHalf<Msg>, inbox: Arc<Inbox>) -> ShellChannel {
        ShellChannel { inbox, writer: Box::pin(channel.make_writer()) }
    }
}

impl Io for ShellChannel {
    fn poll_read(&mut self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.inbox.take(buffer, cx) {
            Taken::Bytes | Taken::End(End::Silent) => Poll::Ready(Ok(())),
            Taken::End(End::Gone) => Poll::Ready(Err(io::Error::other("the client hung up"))),
            Taken::Nothing => Poll::Pending,
        }
    }

    fn poll_write(&mut self, entered: &Entered, state: &mut State, cx: &mut Context<'_>) -> Poll<()> {
        let now = entered.handler().clock().now();
        if self.inbox.is_gone(cx) && state.session.room(entered.handler().limits()) == 0 {
            // Nobody reads what would tell of it.
            state.session.cut(now, "the client hung up");
            return Poll::Ready(());
        }
        let Err(error) = ready!(self.write_out(state, now, cx)) else { return Poll::Ready(()) };
        state.session.cut(now, format!("the connection broke: {error}"));
        Poll::Ready(())
    }

    fn tell(&mut self, session: &mut PortalSession, now: Time) -> bool {
        let resized = self.inbox.take_resized();
        if let Some((columns, lines)) = resized {
            session.resize(now, columns, lines);
        }
        resized.is_some()
    }
}

impl ShellChannel {
    fn write_out(&mut self, state: &mut State, now: Time, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(bytes) = state.session.packed(now) else { return Poll::Ready(Ok(())) };
        while !bytes.is_empty() {
            match ready!(self.writer.as_mut().poll_write(cx, bytes)) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Ok(written) => bytes.advance(written.min(bytes.len())),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        // An idle connection holds no buffer.
        *bytes = BytesMut::new();
        Poll::Ready(Ok(()))
    }
}
