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
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};

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

/// One open websocket.
pub(crate) struct Socket {
    io: TokioIo<Upgraded>,
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
        Socket {
            io: TokioIo::new(upgraded),
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
        if let Some(payload) = self.pong.take()
            && !self.is_closing
        {
            websocket::pong(&payload, &mut self.outbox);
        }
        while !self.outbox.is_empty() {
            let written = ready!(Pin::new(&mut self.io).poll_write(cx, &self.outbox))?;
            if written == 0 {
                return Poll::Ready(Err(io::Error::from(io::ErrorKind::WriteZero).into()));
            }
            self.outbox.advance(written);
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
