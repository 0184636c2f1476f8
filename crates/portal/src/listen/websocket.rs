//! Drives one session of a websocket client: whole messages in, whole messages out. The web listener hands the socket
//! over once it is open. A client with a ticket may come with another socket later; the session's task is the same.

mod handshake;
mod line;
mod pulse;
mod seats;
mod socket;
pub(crate) use handshake::Handshake;
pub(crate) use line::Line;
pub(crate) use seats::{Newcomer, Seats};
pub(crate) use socket::Socket;

use std::{
    future::poll_fn,
    task::{Context, Poll},
};

use meadow_protocol::websocket::close_code;

use super::Entered;
use crate::{connection::tell, timer::Timer};

/// Drives one session until it ends.
pub(crate) async fn drive(entered: Entered, mut line: Line) {
    let mut timer = Timer::new(entered.handler().clock());
    poll_fn(|cx| poll_session(&entered, &mut line, &mut timer, cx)).await;
    drop(timer);
    let socket = line.end();
    // The Server hears of the end now.
    drop(entered);
    if let Some(socket) = socket {
        line::farewell(socket, close_code::NORMAL).await;
    }
}

/// Does what can be done without waiting. Ready when the session has ended.
fn poll_session(entered: &Entered, line: &mut Line, timer: &mut Timer, cx: &mut Context<'_>) -> Poll<()> {
    let handler = entered.handler();
    let state = &mut *entered.lock();
    state.set_waker(cx.waker());
    loop {
        let now = handler.clock().now();
        if line.take_back(entered, state, now, cx) {
            continue;
        }
        tell(state, handler.server(), now, handler.limits());
        let flushed = match line.poll_write(state, now, cx) {
            Poll::Ready(Ok(())) => true,
            Poll::Pending => false,
            Poll::Ready(Err(error)) => {
                line.lose(entered, state, now, format!("the connection broke: {error}"));
                if !line.is_connected() {
                    continue;
                }
                true
            }
        };
        state.session.cut_if_slow(now, handler.limits());
        if let Some(closing) = state.session.closing() {
            // A client that is away would have to come back in time to hear the last words.
            let nobody_hears = closing.until <= now || !line.is_connected();
            if nobody_hears || (flushed && state.session.out().is_empty() && !line.has_unsent()) {
                tell(state, handler.server(), now, handler.limits());
                return Poll::Ready(());
            }
        }
        if line.poll_read(entered, state, cx).is_ready() {
            continue;
        }
        let deadline = [state.session.deadline(), line.deadline()].into_iter().flatten().min();
        if timer.is_due(deadline, cx) {
            let now = handler.clock().now();
            state.session.timeout(now);
            line.timeout(state, now);
            continue;
        }
        state.armed = timer.armed();
        return Poll::Pending;
    }
}
