//! What a client typed and the Server has not done yet. `PortalSession` owns one.
//!
//! An input stays here until the Server acknowledges it, so a Server may die or be exchanged and
//! nothing typed is lost. Order never changes.

use std::{collections::VecDeque, time::Duration};

use meadow_link::{CommandTuple, Time};

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

/// What an input weighs in the queue: the bytes of its texts, and a little for every other value.
fn size_of_tuple(tuple: &CommandTuple) -> usize {
    fn weigh(value: &serde_json::Value) -> usize {
        match value {
            serde_json::Value::String(text) => text.len(),
            serde_json::Value::Array(items) => items.iter().map(weigh).sum(),
            serde_json::Value::Object(map) => map.iter().map(|(key, value)| key.len() + weigh(value)).sum(),
            _ => 8,
        }
    }
    tuple.args.iter().chain(tuple.kwargs.values()).map(weigh).sum()
}
