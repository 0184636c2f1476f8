//! What has come over an SSH channel and waits for the session. russh's task fills it, the session's task empties
//! it; while it is full, the connection is not read.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Waker},
};

use tokio::io::ReadBuf;

/// Bytes that may wait. What one read brings, at most the window, may come on top.
pub(super) const INBOX_LIMIT: usize = 16 * 1024;

/// The inbox of one connection.
#[derive(Default)]
pub(super) struct Inbox(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    bytes: VecDeque<u8>,
    /// The window's newest size, in columns and lines.
    resized: Option<(u32, u32)>,
    /// Nothing comes any more; `Gone` is stronger.
    end: Option<End>,
    /// Nobody takes anything any more.
    is_deaf: bool,
    /// The session's task.
    taker: Option<Waker>,
    /// russh's task, when it waits for room.
    giver: Option<Waker>,
}

/// How a client ends what it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// It sends nothing more, and reads on.
    Silent,
    /// It is gone.
    Gone,
}

/// What there was to take.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Some bytes.
    Bytes,
    /// Nothing, yet.
    Nothing,
    /// Nothing, and nothing will come.
    End(End),
}

impl Inbox {
    /// Bytes have come.
    pub(super) fn put(&self, bytes: &[u8]) {
        self.change(|waiting| {
            if !waiting.is_deaf {
                waiting.bytes.extend(bytes);
            }
        });
    }

    /// The window has another size.
    pub(super) fn resize(&self, columns: u32, lines: u32) {
        self.change(|waiting| waiting.resized = Some((columns, lines)));
    }

    /// The client ends what it sends.
    pub(super) fn end(&self, end: End) {
        self.change(|waiting| waiting.end = waiting.end.max(Some(end)));
    }

    /// Takes bytes, up to what there is room for; whoever finds nothing is woken when something comes.
    pub(super) fn take(&self, buffer: &mut ReadBuf<'_>, cx: &mut Context<'_>) -> Taken {
        let mut waiting = self.waiting();
        if waiting.bytes.is_empty() {
            waiting.taker = Some(cx.waker().clone());
            return waiting.end.map_or(Taken::Nothing, Taken::End);
        }
        while buffer.remaining() > 0 && !waiting.bytes.is_empty() {
            let (front, _) = waiting.bytes.as_slices();
            let length = front.len().min(buffer.remaining());
            buffer.put_slice(&front[..length]);
            waiting.bytes.drain(..length);
        }
        if waiting.bytes.is_empty() {
            // An idle connection holds no buffer.
            waiting.bytes = VecDeque::new();
        }
        wake(&mut waiting.giver);
        Taken::Bytes
    }

    /// The window's size, if it has another than it had.
    pub(super) fn take_resized(&self) -> Option<(u32, u32)> {
        self.waiting().resized.take()
    }

    /// Whether the client is gone; if not, whoever asks is woken when it goes.
    pub(super) fn is_gone(&self, cx: &mut Context<'_>) -> bool {
        let mut waiting = self.waiting();
        waiting.taker = Some(cx.waker().clone());
        waiting.end == Some(End::Gone)
    }

    /// Whether there is room for more; if not, whoever asks is woken when there is.
    pub(super) fn has_room(&self, cx: &mut Context<'_>) -> bool {
        let mut waiting = self.waiting();
        let has_room = waiting.is_deaf || waiting.bytes.len() < INBOX_LIMIT;
        if !has_room {
            waiting.giver = Some(cx.waker().clone());
        }
        has_room
    }

    /// Nobody takes anything any more: whatever comes is forgotten.
    pub(super) fn deafen(&self) {
        let mut waiting = self.waiting();
        waiting.is_deaf = true;
        waiting.bytes = VecDeque::new();
        wake(&mut waiting.giver);
    }

    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        let mut waiting = self.waiting();
        change(&mut waiting);
        wake(&mut waiting.taker);
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wake(waker: &mut Option<Waker>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_taken_in_order_and_makes_room() {
        let inbox = Inbox::default();
        let cx = &mut Context::from_waker(Waker::noop());
        inbox.put(&vec![b'x'; INBOX_LIMIT - 1]);
        assert!(inbox.has_room(cx), "one short of the limit");
        inbox.put(b"y");
        assert!(!inbox.has_room(cx), "at the limit");
        let mut memory = [0; INBOX_LIMIT];
        let mut buffer = ReadBuf::new(&mut memory);
        assert_eq!(inbox.take(&mut buffer, cx), Taken::Bytes);
        assert_eq!((buffer.filled().len(), buffer.filled().last()), (INBOX_LIMIT, Some(&b'y')));
        assert!(inbox.has_room(cx));
        assert_eq!(inbox.take(&mut buffer, cx), Taken::Nothing);
    }

    #[test]
    fn an_end_is_told_after_what_came_before_it() {
        let inbox = Inbox::default();
        let cx = &mut Context::from_waker(Waker::noop());
        inbox.put(b"look\n");
        inbox.end(End::Gone);
        inbox.end(End::Silent);
        let mut memory = [0; 3];
        for expected in [&b"loo"[..], b"k\n"] {
            let mut buffer = ReadBuf::new(&mut memory);
            assert_eq!(inbox.take(&mut buffer, cx), Taken::Bytes);
            assert_eq!(buffer.filled(), expected);
        }
        assert_eq!(inbox.take(&mut ReadBuf::new(&mut memory), cx), Taken::End(End::Gone));
        assert!(inbox.is_gone(cx));
    }

    #[test]
    fn nothing_waits_for_who_is_deaf() {
        let inbox = Inbox::default();
        let cx = &mut Context::from_waker(Waker::noop());
        inbox.put(&[b'x'; INBOX_LIMIT]);
        inbox.deafen();
        inbox.put(b"x");
        assert!(inbox.has_room(cx));
        assert_eq!(inbox.take(&mut ReadBuf::new(&mut [0; 9]), cx), Taken::Nothing);
    }
}
