//! Drives one websocket: whole messages in, whole messages out. The web listener hands it over once it
//! is open.

use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::extract::ws::{CloseFrame, Message as Frame, WebSocket, close_code};
use futures_util::{Sink, Stream};
use meadow_protocol::MessageKind;

use super::Entered;
use crate::{
    connection::{State, tell},
    out::Message,
    timer::Timer,
};

/// How long a client may take to agree to the end of its websocket.
const CLOSE_TIME: Duration = Duration::from_secs(1);

/// Drives one connection until it ends.
pub(crate) async fn drive(entered: Entered, mut socket: WebSocket) {
    let mut timer = Timer::new(entered.handler().clock());
    poll_fn(|cx| poll_connection(&entered, &mut socket, &mut timer, cx)).await;
    drop(timer);
    // The Server hears of the end now.
    drop(entered);
    let farewell = Frame::Close(Some(CloseFrame { code: close_code::NORMAL, reason: "".into() }));
    let _ = tokio::time::timeout(CLOSE_TIME, socket.send(farewell)).await;
}

/// Does what can be done without waiting. Ready when the connection has ended.
fn poll_connection(
    entered: &Entered,
    socket: &mut WebSocket,
    timer: &mut Timer,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let handler = entered.handler();
    let state = &mut *entered.lock();
    state.set_waker(cx.waker());
    loop {
        let now = handler.clock().now();
        tell(state, handler.server(), now, handler.limits());
        let flushed = match poll_write(state, socket, cx) {
            Poll::Ready(Ok(())) => true,
            Poll::Pending => false,
            Poll::Ready(Err(error)) => {
                state.session.cut(now, format!("the connection broke: {error}"));
                true
            }
        };
        state.session.cut_if_slow(now, handler.limits());
        let late = state.session.closing().is_some_and(|closing| closing.until <= now);
        if state.session.closing().is_some() && state.session.out().is_empty() && (flushed || late) {
            tell(state, handler.server(), now, handler.limits());
            return Poll::Ready(());
        }
        if poll_read(entered, state, socket, cx).is_ready() {
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

/// Writes what waits. Pending until all of it is out.
fn poll_write(
    state: &mut State,
    socket: &mut WebSocket,
    cx: &mut Context<'_>,
) -> Poll<Result<(), axum::Error>> {
    let mut socket = Pin::new(socket);
    while !state.session.out().is_empty() {
        match socket.as_mut().poll_ready(cx) {
            Poll::Ready(Ok(())) => {}
            other => return other,
        }
        let frame = match state.session.out().next_message() {
            Some(Message::Text(text)) => Frame::Text(text.into()),
            Some(Message::Binary(bytes)) => Frame::Binary(bytes.into()),
            None => break,
        };
        if let Err(error) = socket.as_mut().start_send(frame) {
            return Poll::Ready(Err(error));
        }
    }
    socket.poll_flush(cx)
}

/// Reads one message, if there is room for what it may hold. Ready when something has happened.
fn poll_read(entered: &Entered, state: &mut State, socket: &mut WebSocket, cx: &mut Context<'_>) -> Poll<()> {
    let handler = entered.handler();
    state.stalled = state.session.room(handler.limits()) == 0;
    if state.stalled {
        return Poll::Pending;
    }
    let Poll::Ready(read) = Pin::new(socket).poll_next(cx) else { return Poll::Pending };
    let now = handler.clock().now();
    match read {
        Some(Ok(Frame::Text(text))) => state.session.receive_message(now, MessageKind::Text, text.as_bytes()),
        Some(Ok(Frame::Binary(bytes))) => state.session.receive_message(now, MessageKind::Binary, &bytes),
        // Answered by the library.
        Some(Ok(Frame::Ping(_) | Frame::Pong(_))) => {}
        Some(Ok(Frame::Close(_))) | None => state.session.cut(now, "closed by the client"),
        Some(Err(error)) => state.session.cut(now, format!("the connection broke: {error}")),
    }
    Poll::Ready(())
}
