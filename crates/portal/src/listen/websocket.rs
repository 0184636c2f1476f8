//! Drives one session of a websocket client: whole messages in, whole messages out. The web listener hands the socket
//! over once it is open. A client with a ticket may come with another socket later; the session's task is the same.

mod handshake;
mod held;
mod line;
mod pulse;
mod seats;
mod socket;
pub(crate) use handshake::Handshake;
pub(crate) use held::Restorer;
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

/// How the driving of a session ends.
enum End {
    /// With the session.
    Over,
    /// Another Portal is to go on with it.
    CalledIn,
}

/// Drives one session until it ends.
pub(crate) async fn drive(entered: Entered, mut line: Line) {
    let mut timer = Timer::new(entered.handler().clock());
    let code = match poll_fn(|cx| poll_session(&entered, &mut line, &mut timer, cx)).await {
        // A page without a ticket is to come back, too, and to begin anew.
        End::Over if entered.handler().doors_are_closed() => close_code::RESTART,
        End::Over => close_code::NORMAL,
        End::CalledIn => {
            let now = entered.handler().clock().now();
            line.hand_in(&entered, &mut entered.lock(), now);
            close_code::RESTART
        }
    };
    drop(timer);
    let socket = line.end();
    // The Server, if there is one, hears of the end now.
    drop(entered);
    if let Some(socket) = socket {
        line::farewell(socket, code).await;
    }
}

/// Does what can be done without waiting. Ready at the end.
fn poll_session(entered: &Entered, line: &mut Line, timer: &mut Timer, cx: &mut Context<'_>) -> Poll<End> {
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
                return Poll::Ready(End::Over);
            }
        } else if line.is_called_in() {
            return Poll::Ready(End::CalledIn);
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
