//! One websocket: an upgraded connection, read and written as messages. [`Line`](super::Line) has it; what frames look
//! like is `meadow_protocol::websocket`'s. While nothing is under way it holds no buffer.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf as _, BytesMut};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use meadow_protocol::{
    MessageKind,
    websocket::{self, Deflate, FrameReader, Received, WebsocketError},
};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// So much is read at a time, in bytes.
const READ_SIZE: usize = 4096;
/// Messages are gathered up to this for one write, in bytes.
const BATCH: usize = 4096;

/// Why a websocket can be used no further.
#[derive(Debug, Error)]
pub(crate) enum SocketError {
    /// The connection is broken.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The client does not speak as it should.
    #[error(transparent)]
    Websocket(#[from] WebsocketError),
}

/// One open websocket; what it runs over is another thing in tests only.
pub(crate) struct Socket<S = TokioIo<Upgraded>> {
    io: S,
    reader: FrameReader,
    deflate: Option<Deflate>,
    /// What came and is no whole frame yet.
    inbox: BytesMut,
    outbox: BytesMut,
    /// What the client's last ping wants to have back.
    pong: Option<Vec<u8>>,
    /// A close has been written, after which nothing is.
    is_closing: bool,
}

impl Socket {
    /// A connection that was upgraded just now, with what was agreed on. Messages of the client may have `limit` bytes.
    pub(crate) fn new(upgraded: Upgraded, limit: usize, deflate: Option<Deflate>) -> Socket {
        Socket::over(TokioIo::new(upgraded), limit, deflate)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    fn over(io: S, limit: usize, deflate: Option<Deflate>) -> Socket<S> {
        Socket {
            io,
            reader: FrameReader::new(limit, deflate),
            deflate,
            inbox: BytesMut::new(),
            outbox: BytesMut::new(),
            pong: None,
            is_closing: false,
        }
    }

    /// What the client sends next; none when it has hung up. A ping is answered by the next write.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Received, SocketError>>> {
        loop {
            match self.reader.next(&mut self.inbox) {
                Ok(Some(Received::Ping(payload))) => {
                    self.pong = Some(payload.clone());
                    return Poll::Ready(Some(Ok(Received::Ping(payload))));
                }
                Ok(Some(Received::Close(code))) => {
                    self.close(code.unwrap_or(websocket::close_code::NORMAL));
                    return Poll::Ready(Some(Ok(Received::Close(code))));
                }
                Ok(Some(received)) => return Poll::Ready(Some(Ok(received))),
                Ok(None) => {}
                Err(error) => {
                    // Whoever holds it may drop it now, so this is the time to say why.
                    self.close(error.close_code());
                    let _ = self.poll_flush(cx);
                    return Poll::Ready(Some(Err(error.into())));
                }
            }
            let mut bytes = [0; READ_SIZE];
            let mut buffer = ReadBuf::new(&mut bytes);
            if let Err(error) = ready!(Pin::new(&mut self.io).poll_read(cx, &mut buffer)) {
                return Poll::Ready(Some(Err(error.into())));
            }
            if buffer.filled().is_empty() {
                return Poll::Ready(None);
            }
            self.inbox.extend_from_slice(buffer.filled());
        }
    }

    /// Ready when another message may be written.
    pub(crate) fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        if self.outbox.len() < BATCH { Poll::Ready(Ok(())) } else { self.poll_flush(cx) }
    }

    /// Ready when all is written.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        loop {
            while !self.outbox.is_empty() {
                let written = ready!(Pin::new(&mut self.io).poll_write(cx, &self.outbox))?;
                if written == 0 {
                    return Poll::Ready(Err(io::Error::from(io::ErrorKind::WriteZero).into()));
                }
                self.outbox.advance(written);
            }
            // Not before there is room: who pings and does not read would fill the memory. The last ping is the one
            // that has to be answered (RFC 6455, section 5.5.3).
            match self.pong.take() {
                Some(payload) if !self.is_closing => websocket::pong(&payload, &mut self.outbox),
                _ => break,
            }
        }
        self.outbox = BytesMut::new();
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        Poll::Ready(Ok(()))
    }

    /// Has a message written.
    pub(crate) fn send(&mut self, kind: MessageKind, message: &[u8]) {
        if !self.is_closing {
            websocket::message(kind, message, self.deflate, &mut self.outbox);
        }
    }

    /// Has a ping written.
    pub(crate) fn ping(&mut self, payload: &[u8]) {
        if !self.is_closing {
            websocket::ping(payload, &mut self.outbox);
        }
    }

    /// Writes what waits, says that the connection ends, and ends it.
    pub(crate) async fn finish(mut self, code: u16) -> Result<(), SocketError> {
        self.close(code);
        poll_fn(|cx| self.poll_flush(cx)).await?;
        poll_fn(|cx| Pin::new(&mut self.io).poll_shutdown(cx)).await?;
        Ok(())
    }

    fn close(&mut self, code: u16) {
        if !std::mem::replace(&mut self.is_closing, true) {
            websocket::close(code, &mut self.outbox);
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    /// A ping with this payload, masked with zeros.
    fn ping(number: u16) -> Vec<u8> {
        [&[0x89, 0x82, 0, 0, 0, 0][..], &number.to_be_bytes()].concat()
    }

    #[tokio::test]
    async fn who_pings_and_does_not_read_fills_no_memory() {
        const PINGS: u16 = 1000;
        let (near, mut far) = duplex(64);
        let mut socket = Socket::over(near, 1024, None);
        let mut most = 0;
        for number in 0..PINGS {
            far.write_all(&ping(number)).await.expect("it is read");
            let read = poll_fn(|cx| socket.poll_next(cx)).await.expect("a message").expect("a good one");
            assert_eq!(read, Received::Ping(number.to_be_bytes().into()));
            poll_fn(|cx| Poll::Ready(socket.poll_flush(cx).is_ready())).await;
            most = most.max(socket.outbox.len());
        }
        assert!(most <= BATCH / 64, "{most} bytes wait");
        let reading = async {
            let mut answered = vec![0; 4];
            loop {
                far.read_exact(&mut answered).await.expect("a pong");
                if answered[2..] == (PINGS - 1).to_be_bytes() {
                    return;
                }
            }
        };
        let flushing = poll_fn(|cx| socket.poll_flush(cx));
        let (flushed, ()) = tokio::join!(flushing, reading);
        flushed.expect("all is written");
    }
}
