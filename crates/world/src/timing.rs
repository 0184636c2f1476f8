//! What becomes due in the game: scripts, tickers and delays, in the order of their times. [`World::advance`] hands
//! over the time; each kind says in its own file what is done then.
//!
//! What waits costs nothing. What becomes due at one time is done in portions, with a pause after each in which
//! players are heard: ten thousand scripts that a long pause of the Server has made due do not stop the game.

use std::{
    collections::{BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use meadow_link::{RestartMode, Time};

use crate::{
    ScriptId, ScriptOwner, ScriptTypeclass, World,
    delays::{DelayId, Delayed},
    scripts::NewScript,
    tickers::{Pools, TickFunction, TickerId},
};

/// Shortest interval of a script or a ticker; a shorter one is made this long.
pub const SHORTEST_INTERVAL: Duration = Duration::from_millis(50);
/// How many scripts, tickers and delays are done at a stretch.
const PORTION: usize = 100;
/// How long others have their turn after a portion, if more is due.
const PAUSE: Duration = Duration::from_millis(2);
/// Value of the world's own: when it ended for a reload; empty otherwise.
const RELOADED_AT: &str = "reloaded_at";
/// What breaks this often in a row is stopped.
pub(crate) const FAILURES_LIMIT: u32 = 10;

/// One thing that waits for its time. What is due at one time is done in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    Script(ScriptId),
    /// All tickers of this interval.
    Tickers(Duration),
    Delay(DelayId),
}

/// One thing whose time has come, with when it was due.
#[derive(Debug, Clone, Copy)]
enum Ready {
    Script(ScriptId, Time),
    Ticker(TickerId),
    Delay(DelayId, Time),
}

/// What waits, and what is kept of it besides the records.
#[derive(Default)]
pub(crate) struct Timing {
    due: BTreeSet<(Time, Timer)>,
    /// What has become due and has not had its turn.
    ready: VecDeque<Ready>,
    /// Until when others have their turn.
    paused_until: Option<Time>,
    /// When the Server before this one ended, if it was for a reload.
    pub(crate) reloaded_at: Option<Time>,
    pub(crate) scripts_of: HashMap<ScriptOwner, Vec<ScriptId>>,
    pub(crate) script_failures: HashMap<ScriptId, u32>,
    pub(crate) pools: Pools,
}

/// What a game's setup has registered of all this.
#[derive(Default)]
pub(crate) struct Registered {
    pub(crate) scripts: HashMap<&'static str, &'static dyn ScriptTypeclass>,
    pub(crate) global_scripts: Vec<NewScript<'static>>,
    pub(crate) tickers: HashMap<&'static str, TickFunction>,
    pub(crate) delays: HashMap<&'static str, Delayed>,
}

/// A span of time as it was set: "90s", "0.5s".
pub(crate) fn seconds(span: Duration) -> String {
    format!("{}s", span.as_millis() as f64 / 1000.0)
}

impl Timing {
    pub(crate) fn add(&mut self, at: Time, timer: Timer) {
        self.due.insert((at, timer));
    }

    pub(crate) fn remove(&mut self, at: Time, timer: Timer) {
        self.due.remove(&(at, timer));
    }

    pub(crate) fn next_at(&self) -> Option<Time> {
        let first = if self.ready.is_empty() { self.due.first()?.0 } else { Time::default() };
        Some(self.paused_until.map_or(first, |until| first.max(until)))
    }

    fn pop_due(&mut self, now: Time) -> Option<(Time, Timer)> {
        self.due.first().filter(|(at, _)| *at <= now)?;
        self.due.pop_first()
    }
}

impl World {
    /// Does a portion of what has become due. What becomes due by that waits for the next call, so that something
    /// which is always due does not keep everybody waiting for ever.
    pub(crate) fn run_timing(&mut self) {
        if self.timing.paused_until.is_some_and(|until| until > self.now) {
            return;
        }
        self.timing.paused_until = None;
        if self.timing.ready.is_empty() {
            self.collect_due();
        }
        for _ in 0..PORTION {
            match self.timing.ready.pop_front() {
                Some(Ready::Script(script, at)) => self.script_due(script, at),
                Some(Ready::Ticker(ticker)) => self.tick(ticker),
                Some(Ready::Delay(delay, at)) => self.delay_due(delay, at),
                None => break,
            }
        }
        if self.timing.next_at().is_some_and(|at| at <= self.now) {
            self.timing.paused_until = Some(self.now + PAUSE);
        }
    }

    fn collect_due(&mut self) {
        while let Some((at, timer)) = self.timing.pop_due(self.now) {
            match timer {
                Timer::Script(script) => self.timing.ready.push_back(Ready::Script(script, at)),
                Timer::Delay(delay) => self.timing.ready.push_back(Ready::Delay(delay, at)),
                Timer::Tickers(interval) => {
                    let tickers = self.tickers_due(interval, at);
                    self.timing.ready.extend(tickers.into_iter().map(Ready::Ticker));
                }
            }
        }
    }

    /// The world was loaded: winds up what is in it.
    pub(crate) fn load_timing(&mut self) {
        let reloaded = self.config(RELOADED_AT).and_then(|at| at.parse().ok()).map(Time::from_micros);
        if reloaded.is_some() {
            self.set_config(RELOADED_AT, "");
        }
        self.timing.reloaded_at = reloaded;
        self.load_scripts();
        self.load_tickers();
        self.load_delays();
    }

    /// The Server ends. After a reload, the next one is to know that this was none of the cold starts which end
    /// what is not persistent.
    pub(crate) fn stop_timing(&mut self, mode: RestartMode) {
        self.scripts_at_server_stop(mode);
        let matters = self.tickers().next().is_some() || self.scripts().any(|(_, script)| !script.persistent);
        if mode == RestartMode::Reload && matters {
            self.set_config(RELOADED_AT, self.now.micros().to_string());
        }
    }
}

/// The first time after `now` of something that was due at `due` and is every `interval`: what was missed is not
/// made up for, and being late once does not make it late for ever.
pub(crate) fn next_time(due: Time, interval: Duration, now: Time) -> Time {
    let micros = |span: Duration| u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
    let interval = micros(interval.max(SHORTEST_INTERVAL));
    let passed = micros(now.since(due)) / interval;
    due + Duration::from_micros(interval.saturating_mul(passed.saturating_add(1)))
}

/// Spans of time as whole microseconds, the form in which they are stored.
pub(crate) mod micros {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(span: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(u64::try_from(span.as_micros()).unwrap_or(u64::MAX))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_micros)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stay_on_their_grid() {
        let at = |seconds: f64| Time::from_unix_seconds(seconds);
        let ten = Duration::from_secs(10);
        let next = |now| next_time(at(10.0), ten, at(now)).unix_seconds();
        assert_eq!([next(10.0), next(13.5), next(20.0), next(29.9)], [20.0, 20.0, 30.0, 30.0]);
        assert_eq!(next(3.0), 20.0, "forced before its time");
        assert_eq!(next_time(at(1.0), Duration::ZERO, at(1.0)), at(1.0) + SHORTEST_INTERVAL);
        assert!(next_time(at(1.0), Duration::MAX, at(2.0)) > at(1e9));
    }
}
