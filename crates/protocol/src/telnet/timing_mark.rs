//! TIMING-MARK (6, RFC 860): a client asks for a mark in the output behind everything that it has typed so
//! far. GNU telnet does so after an interrupt, and shows nothing until the mark comes.
//!
//! We ask for marks, too, instead of sending a NOP, to measure how long an answer takes: every client has to say
//! yes or no to it.

use std::time::Duration;

use meadow_link::Time;

use super::{Telnet, negotiate::Verb, parse::IAC};
use crate::Outbox;

/// Its code. It is no row of the table of options, for it is never on: each request has one answer.
pub(super) const TIMING_MARK: u8 = 6;

/// Most marks of one client that wait; one more is refused at once.
pub const TIMING_MARK_LIMIT: u8 = 16;

/// How long a mark waits for the game. A refusal is an answer too, and the client goes on.
pub const TIMING_MARK_WAIT: Duration = Duration::from_secs(1);

/// The marks of a client that wait; none, as a rule.
#[derive(Debug, Default)]
pub(super) struct State(Option<Box<Waiting>>);

#[derive(Debug)]
struct Waiting {
    count: u8,
    /// When they are refused.
    until: Time,
}

impl State {
    /// When the marks that wait are refused.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.0.as_ref().map(|waiting| waiting.until)
    }

    /// Answers all that wait.
    fn answer(&mut self, verb: Verb, out: &mut Outbox) {
        for _ in 0..self.0.take().map_or(0, |waiting| waiting.count) {
            mark(verb, out);
        }
    }
}

/// Asks the client for a mark.
pub(super) fn ask(telnet: &mut Telnet, now: Time, out: &mut Outbox) {
    telnet.latency.ask(now);
    mark(Verb::Do, out);
}

/// The client says something about timing marks. A WILL that nobody has asked for has to be refused.
pub(super) fn negotiate(telnet: &mut Telnet, now: Time, verb: Verb, out: &mut Outbox) {
    let waiting = &mut telnet.states.timing_mark.0;
    match verb {
        Verb::Do if !telnet.typed && waiting.is_none() => mark(Verb::Will, out),
        Verb::Do => {
            let waiting =
                waiting.get_or_insert(Box::new(Waiting { count: 0, until: now + TIMING_MARK_WAIT }));
            if waiting.count >= TIMING_MARK_LIMIT {
                return mark(Verb::Wont, out);
            }
            waiting.count += 1;
            telnet.typed = false;
            out.mark();
        }
        Verb::Will if !telnet.latency.marked(now) => mark(Verb::Dont, out),
        Verb::Wont => {
            telnet.latency.marked(now);
        }
        Verb::Will | Verb::Dont => {}
    }
}

/// The game is done with all that was typed before the last mark.
pub(super) fn reached(telnet: &mut Telnet, out: &mut Outbox) {
    telnet.states.timing_mark.answer(Verb::Will, out);
}

/// Time has passed.
pub(super) fn timeout(telnet: &mut Telnet, now: Time, out: &mut Outbox) {
    let state = &mut telnet.states.timing_mark;
    if state.deadline().is_some_and(|until| now >= until) {
        state.answer(Verb::Wont, out);
    }
}

fn mark(verb: Verb, out: &mut Outbox) {
    out.transmit(&[IAC, verb.byte(), TIMING_MARK]);
}
