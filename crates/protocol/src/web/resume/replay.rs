//! What was said to a client and may have to be said again. [`Resumption`](super::Resumption) fills it.

use std::collections::VecDeque;

use meadow_link::amp::{
    CodecError,
    native::{Decoder, Encoder},
};

use super::{RESUME_BYTES, RESUME_MESSAGES};

/// Messages in order, numbered from 1, until the client has said that it has them.
#[derive(Debug)]
pub struct Replay<M> {
    /// Each with its bytes. The number of the last is `last`.
    kept: VecDeque<(M, usize)>,
    bytes: usize,
    last: u64,
    /// Number of the last that was sent on the connection that there is now.
    sent: u64,
}

impl<M> Default for Replay<M> {
    fn default() -> Replay<M> {
        Replay { kept: VecDeque::new(), bytes: 0, last: 0, sent: 0 }
    }
}

impl<M> Replay<M> {
    /// Adds a message of so many bytes. Past the limits the oldest are forgotten, sent or not; the newest is kept,
    /// however long it is.
    pub fn put(&mut self, message: M, bytes: usize) {
        self.last += 1;
        self.bytes += bytes;
        self.kept.push_back((message, bytes));
        while self.kept.len() > RESUME_MESSAGES || (self.bytes > RESUME_BYTES && self.kept.len() > 1) {
            self.forget_oldest();
        }
        self.sent = self.sent.max(self.forgotten());
    }

    /// Whether something has not been sent yet.
    pub fn has_unsent(&self) -> bool {
        self.sent < self.last
    }

    /// The next message to be sent, which counts as sent from now on.
    pub fn send_next(&mut self) -> Option<&M> {
        let at = usize::try_from(self.sent - self.forgotten()).ok()?;
        let (message, _) = self.kept.get(at)?;
        self.sent += 1;
        Some(message)
    }

    /// The client has those up to and including this number. What it was not sent it cannot have.
    pub fn heard(&mut self, number: u64) {
        while self.forgotten() < number.min(self.sent) {
            self.forget_oldest();
        }
        if self.kept.is_empty() {
            // An idle session holds no buffer.
            self.kept = VecDeque::new();
        }
    }

    /// A new connection, on which the client has those up to and including this number: the later ones are to be
    /// sent again. Gives back the number before the first of them, which is higher if some are gone.
    pub fn rewind(&mut self, heard: u64) -> u64 {
        self.heard(heard);
        self.sent = self.forgotten();
        self.sent
    }

    /// Writes it down for another process; `write` does so with a message.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn store(
        &self,
        to: &mut Encoder<'_>,
        mut write: impl FnMut(&M, &mut Encoder<'_>) -> Result<(), CodecError>,
    ) -> Result<(), CodecError> {
        to.number(self.last);
        to.number(self.sent);
        to.count(self.kept.len());
        self.kept.iter().try_for_each(|(message, _)| write(message, to))
    }

    /// Reads what [`Replay::store`] has written; `read` does so with a message, and tells its bytes.
    ///
    /// # Errors
    /// Those of `read`, and numbers that cannot be.
    pub fn restore(
        from: &mut Decoder<'_>,
        read: impl FnMut(&mut Decoder<'_>) -> Result<(M, usize), CodecError>,
    ) -> Result<Replay<M>, CodecError> {
        let (last, sent) = (from.number()?, from.number()?);
        let kept: VecDeque<(M, usize)> = from.several(read)?.into();
        let bytes = kept.iter().map(|(_, bytes)| bytes).sum();
        let forgotten = last.checked_sub(kept.len() as u64);
        if kept.len() > RESUME_MESSAGES || sent > last || forgotten.is_none_or(|forgotten| forgotten > sent) {
            return Err(CodecError::OutOfRange("a count of messages"));
        }
        Ok(Replay { kept, bytes, last, sent })
    }

    /// Number of the last that is not kept any more.
    fn forgotten(&self) -> u64 {
        self.last - self.kept.len() as u64
    }

    fn forget_oldest(&mut self) {
        if let Some((_, bytes)) = self.kept.pop_front() {
            self.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(messages: impl IntoIterator<Item = u64>) -> Replay<u64> {
        let mut replay = Replay::default();
        messages.into_iter().for_each(|message| replay.put(message, 1));
        replay
    }

    fn sent(replay: &mut Replay<u64>) -> Vec<u64> {
        std::iter::from_fn(|| replay.send_next().copied()).collect()
    }

    #[test]
    fn what_was_not_heard_is_sent_again() {
        let mut replay = filled(1..=5);
        assert_eq!(sent(&mut replay), [1, 2, 3, 4, 5]);
        replay.heard(2);
        assert_eq!(replay.rewind(3), 3);
        assert_eq!(sent(&mut replay), [4, 5]);
        replay.put(6, 1);
        assert!(replay.has_unsent());
        assert_eq!(sent(&mut replay), [6]);
        assert_eq!(replay.rewind(1), 3, "what it once said to have is gone");
        assert_eq!(sent(&mut replay), [4, 5, 6]);
    }

    #[test]
    fn nobody_has_what_was_never_sent() {
        let mut replay = filled(1..=3);
        assert_eq!(replay.send_next(), Some(&1));
        replay.heard(99);
        assert_eq!(sent(&mut replay), [2, 3]);
        assert_eq!(replay.rewind(99), 3);
        assert_eq!(sent(&mut replay), [0; 0]);
        assert_eq!((replay.bytes, replay.kept.capacity()), (0, 0), "an idle session holds no buffer");
        replay.put(4, 1);
        assert_eq!(sent(&mut replay), [4]);
    }

    #[test]
    fn as_many_are_kept_as_the_limit_says() {
        let limit = RESUME_MESSAGES as u64;
        for (count, after) in [(limit, 0), (limit + 1, 1)] {
            let mut replay = filled(1..=count);
            assert_eq!(replay.rewind(0), after);
            assert_eq!(sent(&mut replay).first(), Some(&(after + 1)));
        }
    }

    #[test]
    fn as_much_is_kept_as_the_limit_says() {
        for (last, after) in [(0, 0), (1, 1)] {
            let mut replay = Replay::default();
            for (number, bytes) in [(1, RESUME_BYTES / 2), (2, RESUME_BYTES / 2), (3, last)] {
                replay.put(number, bytes);
            }
            assert_eq!(replay.rewind(0), after);
        }
        let mut replay = Replay::default();
        replay.put(1, 1);
        replay.put(2, RESUME_BYTES + 1);
        assert_eq!(sent(&mut replay), [2], "one that is longer than all is sent all the same");
        replay.put(3, 1);
        assert_eq!(replay.rewind(0), 2);
    }

    #[test]
    fn what_is_forgotten_before_it_was_sent_is_skipped() {
        let mut replay = filled([1]);
        assert_eq!(sent(&mut replay), [1]);
        (0..RESUME_MESSAGES as u64 + 5).for_each(|number| replay.put(number + 2, 1));
        assert_eq!(sent(&mut replay).first(), Some(&7));
    }
}
