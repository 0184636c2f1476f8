//! The TCP connection under an SSH client. russh reads and writes it; the session's task stops the reading when it
//! takes nothing, and ends the connection whatever russh is doing.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use rustix::net::{Shutdown, shutdown};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::inbox::Inbox;

/// What russh reads and writes.
pub(super) struct Socket {
    stream: Arc<TcpStream>,
    inbox: Arc<Inbox>,
}

/// Ends the connection when it is dropped.
pub(super) struct HangUp {
    stream: Arc<TcpStream>,
    inbox: Arc<Inbox>,
}

impl Socket {
    pub(super) fn new(stream: Arc<TcpStream>, inbox: Arc<Inbox>) -> Socket {
        Socket { stream, inbox }
    }
}

impl HangUp {
    pub(super) fn new(stream: Arc<TcpStream>, inbox: Arc<Inbox>) -> HangUp {
        HangUp { stream, inbox }
    }
}

impl Drop for HangUp {
    fn drop(&mut self) {
        self.inbox.deafen();
        // Fails where the client was faster.
        let _ = shutdown(&self.stream, Shutdown::Both);
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.inbox.has_room(cx) {
            return Poll::Pending;
        }
        loop {
            ready!(self.stream.poll_read_ready(cx))?;
            match self.stream.try_read(buffer.initialize_unfilled()) {
                Ok(length) => {
                    buffer.advance(length);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.stream.poll_write_ready(cx))?;
            match self.stream.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                wrote => return Poll::Ready(wrote),
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(shutdown(&self.stream, Shutdown::Write).map_err(io::Error::from))
    }
}
