//! What waits for a browser that fetches its messages instead of having them sent: by long polls or as a
//! stream of events. The Portal's web listener fills one for each such session and answers requests from it.
//!
//! One reader at a time: a newer one takes the place of the one before it, which gets nothing more.

use std::collections::VecDeque;

/// How many bytes of messages that were sent as events are kept for a stream that breaks and is resumed.
pub const REPLAY_LIMIT: usize = 64 * 1024;

/// Messages in order, numbered from 1.
#[derive(Debug, Default)]
pub struct Mailbox {
    /// Those that were sent come first.
    posts: VecDeque<Post>,
    sent: usize,
    sent_bytes: usize,
    waiting_bytes: usize,
    last_id: u64,
    readers: u64,
}

/// One message and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its number.
    pub id: u64,
    /// The message.
    pub message: String,
}

/// Whoever fetches messages now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    number: u64,
    keeps: bool,
}

/// How many messages one answer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batch {
    /// One, as Evennia's clients expect.
    One,
    /// All that wait.
    All,
}

/// What a reader gets.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// Nothing, ever: a newer reader has come.
    Superseded,
    /// Nothing waits.
    Nothing,
    /// These.
    Posts(Vec<Post>),
}

impl Mailbox {
    /// Adds a message.
    pub fn put(&mut self, message: String) {
        self.last_id += 1;
        self.waiting_bytes += message.len();
        self.posts.push_back(Post { id: self.last_id, message });
    }

    /// Bytes of the messages that wait.
    pub fn waiting_bytes(&self) -> usize {
        self.waiting_bytes
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.sent == self.posts.len()
    }

    /// Forgets all messages.
    pub fn clear(&mut self) {
        *self = Mailbox { last_id: self.last_id, readers: self.readers, ..Mailbox::default() };
    }

    /// A long poll begins. What it takes is gone.
    pub fn poll(&mut self) -> Reader {
        self.readers += 1;
        Reader { number: self.readers, keeps: false }
    }

    /// A stream of events begins, or goes on after the event of the number `last`, which the browser names
    /// (`Last-Event-ID`): later ones that were sent wait again, as far as they are kept.
    pub fn stream(&mut self, last: Option<u64>) -> Reader {
        if let Some(last) = last {
            while self.sent > 0 && self.posts.get(self.sent - 1).is_some_and(|post| post.id > last) {
                self.sent -= 1;
                let length = self.posts[self.sent].message.len();
                self.sent_bytes -= length;
                self.waiting_bytes += length;
            }
        }
        self.readers += 1;
        Reader { number: self.readers, keeps: true }
    }

    /// What a reader is to be sent now.
    pub fn take(&mut self, reader: Reader, batch: Batch) -> Taken {
        if reader.number != self.readers {
            return Taken::Superseded;
        }
        let waiting = self.posts.len() - self.sent;
        let count = match batch {
            Batch::One => waiting.min(1),
            Batch::All => waiting,
        };
        if count == 0 {
            return Taken::Nothing;
        }
        let taken: Vec<Post> = self.posts.range(self.sent..self.sent + count).cloned().collect();
        let bytes: usize = taken.iter().map(|post| post.message.len()).sum();
        self.waiting_bytes -= bytes;
        self.sent_bytes += bytes;
        self.sent += count;
        self.forget_sent(if reader.keeps { REPLAY_LIMIT } else { 0 });
        Taken::Posts(taken)
    }

    /// Forgets what was sent until no more than this is kept.
    fn forget_sent(&mut self, limit: usize) {
        while self.sent > 0 && (self.sent_bytes > limit || limit == 0) {
            self.sent -= 1;
            self.sent_bytes -= self.posts.pop_front().map_or(0, |post| post.message.len());
        }
        if self.posts.is_empty() {
            // An idle session holds no buffer.
            self.posts = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(messages: &[&str]) -> Mailbox {
        let mut mailbox = Mailbox::default();
        messages.iter().for_each(|message| mailbox.put((*message).to_owned()));
        mailbox
    }

    #[track_caller]
    fn check(mailbox: &mut Mailbox, reader: Reader, batch: Batch, expected: &[(u64, &str)]) {
        let Taken::Posts(posts) = mailbox.take(reader, batch) else { panic!("nothing") };
        let seen: Vec<_> = posts.iter().map(|post| (post.id, post.message.as_str())).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_poll_gets_one_or_all() {
        let mut mailbox = filled(&["a", "bc", "d"]);
        let reader = mailbox.poll();
        check(&mut mailbox, reader, Batch::One, &[(1, "a")]);
        assert_eq!(mailbox.waiting_bytes(), 3);
        check(&mut mailbox, reader, Batch::All, &[(2, "bc"), (3, "d")]);
        assert_eq!((mailbox.waiting_bytes(), mailbox.is_empty()), (0, true));
        assert_eq!(mailbox.take(reader, Batch::All), Taken::Nothing);
        assert_eq!(mailbox.posts.capacity(), 0, "no buffer is left");
    }

    #[test]
    fn the_newest_reader_gets_everything() {
        let mut mailbox = filled(&[]);
        let older = mailbox.poll();
        let newer = mailbox.poll();
        mailbox.put("a".to_owned());
        assert_eq!(mailbox.take(older, Batch::One), Taken::Superseded);
        check(&mut mailbox, newer, Batch::One, &[(1, "a")]);
        let stream = mailbox.stream(None);
        assert_eq!(mailbox.take(newer, Batch::One), Taken::Superseded);
        assert_eq!(mailbox.take(stream, Batch::One), Taken::Nothing);
    }

    #[test]
    fn a_stream_goes_on_where_it_broke() {
        let mut mailbox = filled(&["a", "b", "c", "d"]);
        let broken = mailbox.stream(None);
        check(&mut mailbox, broken, Batch::One, &[(1, "a")]);
        check(&mut mailbox, broken, Batch::One, &[(2, "b")]);
        check(&mut mailbox, broken, Batch::One, &[(3, "c")]);
        let resumed = mailbox.stream(Some(1));
        assert_eq!(mailbox.waiting_bytes(), 3);
        check(&mut mailbox, resumed, Batch::All, &[(2, "b"), (3, "c"), (4, "d")]);
        let fresh = mailbox.stream(None);
        assert_eq!(mailbox.take(fresh, Batch::All), Taken::Nothing, "without a number nothing comes again");
        let odd = mailbox.stream(Some(99));
        assert_eq!(mailbox.take(odd, Batch::All), Taken::Nothing);
        let all = mailbox.stream(Some(0));
        check(&mut mailbox, all, Batch::One, &[(1, "a")]);
    }

    #[test]
    fn what_was_polled_is_not_kept() {
        let mut mailbox = filled(&["a", "b"]);
        let poll = mailbox.poll();
        check(&mut mailbox, poll, Batch::One, &[(1, "a")]);
        let stream = mailbox.stream(Some(0));
        check(&mut mailbox, stream, Batch::All, &[(2, "b")]);
    }

    #[test]
    fn what_is_kept_has_a_limit() {
        let half = "x".repeat(REPLAY_LIMIT / 2);
        for (last, first_kept) in [("", 1), ("x", 2)] {
            let mut mailbox = filled(&[&half, &half, last]);
            let stream = mailbox.stream(None);
            let Taken::Posts(_) = mailbox.take(stream, Batch::All) else { panic!("nothing") };
            let resumed = mailbox.stream(Some(0));
            let Taken::Posts(posts) = mailbox.take(resumed, Batch::One) else { panic!("nothing") };
            assert_eq!(posts[0].id, first_kept);
        }
    }

    #[test]
    fn a_cleared_mailbox_goes_on_counting() {
        let mut mailbox = filled(&["a", "b"]);
        let reader = mailbox.poll();
        mailbox.clear();
        assert_eq!((mailbox.take(reader, Batch::All), mailbox.waiting_bytes()), (Taken::Nothing, 0));
        mailbox.put("c".to_owned());
        check(&mut mailbox, reader, Batch::One, &[(3, "c")]);
    }
}
