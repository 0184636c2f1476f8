//! What a client typed and the Server has not done yet. `PortalSession` owns one.
//!
//! An input stays here until the Server acknowledges it, so a Server may die or be exchanged and
//! nothing typed is lost. Order never changes.

use std::{collections::VecDeque, time::Duration};

use meadow_link::{
    CommandTuple, Time,
    amp::{
        CodecError,
        native::{Decoder, Encoder},
    },
};
use serde_json::Value;

use crate::Limits;

/// How many Servers may die with one input before it is given up.
pub(crate) const DEATHS_MAX: u8 = 2;

/// The inputs of one session, oldest first; those in flight are at the front.
#[derive(Debug)]
pub(crate) struct InputQueue {
    pending: VecDeque<Pending>,
    /// Number of the oldest input in `pending`, or of the next one to come.
    head: u64,
    in_flight: usize,
    bytes: usize,
    /// Something was said to the client since it last typed.
    answered: bool,
    /// When the typed-ahead inputs let through so far would have been due at the allowed pace
    /// (the "theoretical arrival time" of GCRA, ITU-T I.371).
    paced_until: Time,
}

#[derive(Debug)]
struct Pending {
    tuple: CommandTuple,
    size: usize,
    /// Typed before the last one was answered: such inputs are throttled.
    ahead: bool,
    /// Servers that died while they had it.
    deaths: u8,
}

/// What [`InputQueue::next`] has for the link.
#[derive(Debug, PartialEq)]
pub(crate) enum Next<'a> {
    /// Send this; it counts as in flight now.
    Send(u64, &'a mut CommandTuple),
    /// The throttle holds the next one until then.
    Later(Time),
    /// Nothing waits, or the Server has to answer first.
    Nothing,
}

impl InputQueue {
    pub(crate) fn new() -> InputQueue {
        InputQueue {
            pending: VecDeque::new(),
            head: 1,
            in_flight: 0,
            bytes: 0,
            answered: true,
            paced_until: Time::default(),
        }
    }

    /// Appends what was typed.
    pub(crate) fn push(&mut self, tuple: CommandTuple) {
        let ahead = self.pending.len() > self.in_flight || (self.in_flight > 0 && !self.answered);
        self.answered = false;
        let size = size_of_tuple(&tuple);
        self.bytes += size;
        self.pending.push_back(Pending { tuple, size, ahead, deaths: 0 });
    }

    /// Something was said to the client: what it types next is no longer typed ahead.
    pub(crate) fn answer(&mut self) {
        self.answered = true;
    }

    /// How many wait, those in flight included.
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// Number of the last one that came; 0 before the first.
    pub(crate) fn last(&self) -> u64 {
        self.head + self.pending.len() as u64 - 1
    }

    /// Whether the input of this number is done, and so all before it.
    pub(crate) fn is_done(&self, seq: u64) -> bool {
        self.head > seq
    }

    /// Whether everything typed is done.
    pub(crate) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Whether something waits that the Server has not been sent.
    pub(crate) fn has_unsent(&self) -> bool {
        self.pending.len() > self.in_flight
    }

    /// How many bytes may be read from the client. One byte makes at most one input, so reading no
    /// more than this keeps the queue within its limits.
    pub(crate) fn room(&self, limits: &Limits) -> usize {
        let lines = limits.input_queue_lines.saturating_sub(self.pending.len());
        let bytes = limits.input_queue_bytes.saturating_sub(self.bytes);
        lines.min(bytes)
    }

    /// The next input that may go to the Server now.
    pub(crate) fn next(&mut self, now: Time, limits: &Limits) -> Next<'_> {
        // An input that a Server died with goes alone, so that its neighbours are not suspected with it.
        let suspected = |at: usize| self.pending.get(at).is_some_and(|input| input.deaths > 0);
        let alone = suspected(self.in_flight) || suspected(self.in_flight.wrapping_sub(1));
        if self.in_flight >= if alone { 1 } else { limits.in_flight } {
            return Next::Nothing;
        }
        let Some(input) = self.pending.get_mut(self.in_flight) else { return Next::Nothing };
        if input.ahead && limits.commands_per_second > 0 {
            let interval = Duration::from_secs(1) / limits.commands_per_second;
            let burst = interval * (limits.commands_per_second - 1);
            if self.paced_until.since(now) > burst {
                return Next::Later(now + (self.paced_until.since(now) - burst));
            }
            self.paced_until = self.paced_until.max(now) + interval;
            // It has passed; when it is sent again to another Server it passes freely.
            input.ahead = false;
        }
        let seq = self.head + self.in_flight as u64;
        self.in_flight += 1;
        Next::Send(seq, &mut input.tuple)
    }

    /// Forgets the input that [`InputQueue::next`] gave last: it cannot be said to a Server at all.
    pub(crate) fn forget_last_sent(&mut self) {
        let Some(last) = self.in_flight.checked_sub(1) else { return };
        if let Some(input) = self.pending.remove(last) {
            self.in_flight = last;
            self.bytes -= input.size;
        }
    }

    /// The Server has done these, up to and including `seq`.
    pub(crate) fn ack(&mut self, seq: u64) {
        while self.in_flight > 0 && self.head <= seq {
            self.in_flight -= 1;
            self.drop_oldest();
        }
    }

    /// The Server has stopped in order; whatever it has not done goes to the next.
    pub(crate) fn server_stopped(&mut self) {
        self.in_flight = 0;
    }

    /// The Server died; what it had may have killed it.
    pub(crate) fn server_died(&mut self) {
        for input in self.pending.iter_mut().take(self.in_flight) {
            input.deaths = input.deaths.saturating_add(1);
        }
        self.in_flight = 0;
    }

    /// A Server is ready whose database holds these, up to and including `applied`. Gives back what is
    /// not tried again.
    pub(crate) fn server_ready(&mut self, applied: u64) -> Vec<CommandTuple> {
        self.in_flight = 0;
        while self.head <= applied && !self.pending.is_empty() {
            self.drop_oldest();
        }
        // Those behind a dropped one move up by one number, so that the Server sees no gap.
        let mut dropped = Vec::new();
        let mut bytes = self.bytes;
        self.pending.retain_mut(|input| {
            let keep = input.deaths < DEATHS_MAX;
            if !keep {
                bytes -= input.size;
                dropped.push(std::mem::take(&mut input.tuple));
            }
            keep
        });
        self.bytes = bytes;
        dropped
    }

    /// Writes down what is not done, with its numbers, for another Portal.
    ///
    /// # Errors
    /// Values nested too deep.
    pub(crate) fn store(&self, to: &mut Encoder<'_>) -> Result<(), CodecError> {
        to.number(self.head);
        to.count(self.pending.len());
        self.pending.iter().try_for_each(|input| {
            to.flag(input.ahead);
            to.tag(input.deaths);
            to.tuple(&input.tuple)
        })
    }

    /// Reads what [`InputQueue::store`] has written.
    ///
    /// # Errors
    /// Bytes that are something else.
    pub(crate) fn restore(from: &mut Decoder<'_>) -> Result<InputQueue, CodecError> {
        let mut queue = InputQueue { head: from.number()?, ..InputQueue::new() };
        for _ in 0..from.count()? {
            let (ahead, deaths, tuple) = (from.flag()?, from.tag()?, from.tuple()?);
            let size = size_of_tuple(&tuple);
            queue.bytes += size;
            queue.pending.push_back(Pending { tuple, size, ahead, deaths });
        }
        if queue.head == 0 { Err(CodecError::OutOfRange("the number of an input")) } else { Ok(queue) }
    }

    fn drop_oldest(&mut self) {
        if let Some(input) = self.pending.pop_front() {
            self.head += 1;
            self.bytes -= input.size;
        }
        if self.pending.is_empty() {
            self.pending = VecDeque::new();
        }
    }
}

/// What an input weighs in the queue: a line of text its bytes; whatever else a client sends, the memory that its
/// values take, which may be many times what they are on the wire (`[]`).
fn size_of_tuple(tuple: &CommandTuple) -> usize {
    const ITEM: usize = size_of::<Value>();
    const ENTRY: usize = size_of::<(u64, String, Value)>();
    fn weigh(value: &Value) -> usize {
        match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(|item| ITEM + weigh(item)).sum(),
            Value::Object(map) => map.iter().map(weigh_entry).sum(),
            _ => 0,
        }
    }
    fn weigh_entry((key, value): (&String, &Value)) -> usize {
        ENTRY + key.len() + weigh(value)
    }
    let further = tuple.args.len().saturating_sub(1) * ITEM;
    further
        + tuple.args.iter().map(weigh).sum::<usize>()
        + tuple.kwargs.iter().map(weigh_entry).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use meadow_link::{text, tuple};
    use serde_json::{Value, json};

    use super::*;

    const NOW: Time = Time::from_micros(1_000_000_000);

    fn queue(lines: impl IntoIterator<Item = usize>) -> InputQueue {
        let mut queue = InputQueue::new();
        lines.into_iter().for_each(|line| queue.push(text(line.to_string())));
        queue
    }

    fn unthrottled() -> Limits {
        Limits { commands_per_second: 0, ..Limits::default() }
    }

    /// Everything that may go now, as `seq:text`.
    fn sent(queue: &mut InputQueue, now: Time, limits: &Limits) -> Vec<String> {
        let mut sent = Vec::new();
        while let Next::Send(seq, tuple) = queue.next(now, limits) {
            sent.push(format!("{seq}:{}", tuple.first_str().expect("text")));
        }
        sent
    }

    #[test]
    fn as_many_go_as_may_be_in_flight_and_an_ack_lets_the_next_go() {
        let limits = Limits { in_flight: 3, ..unthrottled() };
        let mut queue = queue(1..=5);
        assert_eq!(sent(&mut queue, NOW, &limits), ["1:1", "2:2", "3:3"]);
        queue.ack(2);
        queue.ack(2);
        queue.ack(1);
        assert_eq!(
            sent(&mut queue, NOW, &limits),
            ["4:4", "5:5"],
            "acks are cumulative; late ones are harmless"
        );
        queue.ack(99);
        assert!(queue.is_empty());
        assert_eq!(queue.pending.capacity(), 0, "an idle session holds no buffer");
        queue.push(text("next"));
        assert_eq!(sent(&mut queue, NOW, &limits), ["6:next"], "numbers have no gap");
    }

    #[test]
    fn an_ack_of_what_was_never_sent_takes_nothing() {
        let limits = Limits { in_flight: 1, ..unthrottled() };
        let mut queue = queue(1..=3);
        assert_eq!(sent(&mut queue, NOW, &limits), ["1:1"]);
        queue.ack(3);
        assert_eq!(sent(&mut queue, NOW, &limits), ["2:2"]);
    }

    #[test]
    fn room_ends_at_either_limit() {
        let limits = Limits { input_queue_lines: 4, input_queue_bytes: 20, ..unthrottled() };
        let mut queue = queue(1..=3);
        assert_eq!(queue.room(&limits), 1, "one line");
        queue.push(text("4"));
        assert_eq!(queue.room(&limits), 0, "at the limit");
        queue.push(text("5"));
        assert_eq!(queue.room(&limits), 0, "past it");
        assert_eq!(sent(&mut queue, NOW, &limits).len(), 5, "and nothing is lost");
        queue.ack(2);
        assert_eq!(queue.room(&limits), 1);
        queue.ack(5);
        queue.push(text("x".repeat(19)));
        assert_eq!(queue.room(&limits), 1, "one byte");
        queue.push(text("y"));
        assert_eq!(queue.room(&limits), 0, "at the limit");
        queue.push(text("z"));
        assert_eq!(queue.room(&limits), 0, "past it");
    }

    #[test]
    fn values_weigh_what_they_take_in_memory() {
        let limits = unthrottled();
        for nothing in [json!([]), json!({}), json!(""), json!(1)] {
            let mut queue = InputQueue::new();
            let mut inputs = 0;
            while queue.room(&limits) > 0 {
                queue.push(tuple("x").arg(json!(vec![nothing.clone(); 1000])));
                inputs += 1;
            }
            let taken = inputs * 1000 * size_of::<Value>();
            assert!(taken <= 4 * limits.input_queue_bytes, "{taken} bytes of {nothing}");
            queue.push(tuple("x").kw("a", nothing));
            assert!(queue.bytes > queue.pending.iter().rev().skip(1).map(|input| input.size).sum());
        }
    }

    #[test]
    fn what_is_typed_ahead_goes_at_the_pace_and_none_is_dropped() {
        let limits = Limits { commands_per_second: 10, in_flight: 1000, ..Limits::default() };
        let mut queue = queue(0..30);
        // The first was not typed ahead of anything; ten more are the burst.
        assert_eq!(sent(&mut queue, NOW, &limits).len(), 11);
        let tenth = Duration::from_millis(100);
        assert_eq!(queue.next(NOW, &limits), Next::Later(NOW + tenth));
        let early = NOW + (tenth - Duration::from_micros(1));
        assert_eq!(queue.next(early, &limits), Next::Later(NOW + tenth), "a moment too early");
        assert_eq!(sent(&mut queue, NOW + tenth, &limits).len(), 1, "at the moment");
        assert_eq!(sent(&mut queue, NOW + tenth * 9, &limits).len(), 8);
        assert_eq!(
            sent(&mut queue, NOW + tenth * 100, &limits).len(),
            10,
            "a pause earns no more than a burst"
        );
    }

    #[test]
    fn who_waits_for_answers_is_never_slowed() {
        let limits = Limits { commands_per_second: 2, ..Limits::default() };
        let mut queue = InputQueue::new();
        for number in 1..=100 {
            queue.push(text("look"));
            assert_eq!(sent(&mut queue, NOW, &limits), [format!("{number}:look")]);
            // The answer comes before its acknowledgement, and so may the next line.
            queue.answer();
            if number % 3 == 0 {
                queue.ack(number);
            }
        }
    }

    #[test]
    fn a_reload_sends_again_what_was_not_applied() {
        let limits = Limits { in_flight: 3, ..unthrottled() };
        let mut queue = queue(1..=4);
        sent(&mut queue, NOW, &limits);
        queue.ack(1);
        queue.server_stopped();
        queue.push(text("5"));
        assert!(queue.server_ready(2).is_empty());
        assert_eq!(sent(&mut queue, NOW, &limits), ["3:3", "4:4", "5:5"]);
    }

    #[test]
    fn what_passed_the_throttle_passes_it_again() {
        let limits = Limits { commands_per_second: 2, ..Limits::default() };
        let mut queue = queue(1..=3);
        assert_eq!(sent(&mut queue, NOW, &limits).len(), 3);
        queue.server_stopped();
        queue.server_ready(0);
        assert_eq!(sent(&mut queue, NOW, &limits).len(), 3);
    }

    #[test]
    fn an_input_that_two_servers_died_with_is_given_up_and_only_that() {
        let limits = unthrottled();
        let mut queue = queue(1..=3);
        assert_eq!(sent(&mut queue, NOW, &limits), ["1:1", "2:2", "3:3"]);
        queue.server_died();
        assert!(queue.server_ready(0).is_empty());
        assert_eq!(sent(&mut queue, NOW, &limits), ["1:1"], "a suspect goes alone");
        queue.server_died();
        let given_up = queue.server_ready(0);
        assert_eq!(given_up.iter().map(|tuple| tuple.first_str()).collect::<Vec<_>>(), [Some("1")]);
        assert_eq!(sent(&mut queue, NOW, &limits), ["1:2"], "the next has its number");
        queue.ack(1);
        assert_eq!(sent(&mut queue, NOW, &limits), ["2:3"]);
        queue.ack(2);
        assert_eq!(queue.bytes, 0);
    }

    #[test]
    fn an_input_that_was_applied_before_the_crash_is_not_suspected() {
        let limits = unthrottled();
        let mut queue = queue(1..=2);
        for _ in 0..3 {
            sent(&mut queue, NOW, &limits);
            queue.server_died();
            assert!(queue.server_ready(1).len() <= 1);
        }
        assert!(queue.is_empty(), "the first was applied, the second given up");
    }

    #[test]
    fn another_portal_goes_on_with_what_is_not_done() {
        let limits = Limits { in_flight: 3, ..unthrottled() };
        let mut before = queue(1..=5);
        assert_eq!(sent(&mut before, NOW, &limits), ["1:1", "2:2", "3:3"]);
        before.ack(1);
        before.server_died();
        let mut stored = BytesMut::new();
        before.store(&mut Encoder::new(&mut stored)).expect("text can be written");
        let mut after = InputQueue::restore(&mut Decoder::new(&stored)).expect("it was written so");
        assert_eq!((after.len(), after.last(), after.bytes), (before.len(), before.last(), before.bytes));
        assert!(after.server_ready(2).is_empty(), "the second was done before the Server died");
        assert_eq!(sent(&mut after, NOW, &limits), ["3:3"], "a suspect still goes alone");
        after.ack(3);
        assert_eq!(sent(&mut after, NOW, &limits), ["4:4", "5:5"]);
        for length in 0..stored.len() {
            assert!(InputQueue::restore(&mut Decoder::new(&stored[..length])).is_err(), "{length}");
        }
    }

    #[test]
    fn what_cannot_be_said_to_the_server_is_forgotten() {
        let mut queue = queue(1..=3);
        let limits = unthrottled();
        assert!(matches!(queue.next(NOW, &limits), Next::Send(1, _)));
        assert!(matches!(queue.next(NOW, &limits), Next::Send(2, _)));
        queue.forget_last_sent();
        assert_eq!(sent(&mut queue, NOW, &limits), ["2:3"]);
    }
}
