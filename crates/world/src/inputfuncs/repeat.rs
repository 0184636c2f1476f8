//! `repeat` and `unrepeat`: a client has something done again and again. What may be repeated is registered by
//! name; a repetition ends with its session, or when it breaks, and survives a reload (in `server_data`).

use std::{collections::BTreeSet, time::Duration};

use meadow_link::{CommandTuple, Kwargs, SessionId, Time, tuple};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{conclude, read, truth, unreadable};
use crate::{Result, Stop, World, say, setup::WorldBuilder};

/// Shortest interval; a shorter one is made this long (as in Evennia).
const SHORTEST: Duration = Duration::from_secs(5);
/// Longest interval.
const LONGEST: Duration = Duration::from_secs(86_400);
/// Interval where the client gives none, in seconds (as in Evennia).
const USUAL: f64 = 60.0;
/// Under which name the repetitions stand in `server_data`.
const STORED_AS: &str = "_repeats";

/// What may be repeated.
pub(crate) type Repeatable = fn(&mut World, SessionId) -> Result;

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("repeat", "Has something repeated: {callback, interval, stop}.", repeat)
        .raw_inputfunc("unrepeat", "Has something repeated no more: {callback}.", unrepeat)
        .repeatable("test1", repeat_called)
        .repeatable("test2", repeat_called);
}

/// The repetitions of one session.
#[derive(Debug, Default)]
pub(crate) struct Repeats(Vec<Repeat>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Repeat {
    callback: Box<str>,
    /// Seconds.
    interval: f64,
    /// When it was begun; its times are counted from here, so that a reload does not shift them.
    since: Time,
    /// When it is due next.
    #[serde(skip)]
    next: Time,
}

/// All repetitions, by when they are due.
pub(crate) type RepeatTimes = BTreeSet<(Time, SessionId, Box<str>)>;

impl Repeats {
    /// Takes them out of what the Portal has kept.
    pub(crate) fn from_server_data(data: &mut Kwargs) -> Repeats {
        Repeats(serde_json::from_value(data.remove(STORED_AS).unwrap_or_default()).unwrap_or_default())
    }

    /// Has the Portal keep them.
    pub(crate) fn to_server_data(&self, data: &mut Kwargs) {
        if !self.0.is_empty() {
            data.insert(STORED_AS.into(), json!(self.0));
        }
    }
}

impl Repeat {
    fn interval(&self) -> Duration {
        span(self.interval)
    }

    /// The first of its times after `now`: those that were missed are not made up for.
    fn after(&self, now: Time) -> Time {
        let interval = self.interval();
        let passed = now.since(self.since).as_micros() / interval.as_micros();
        let until = interval.as_micros().saturating_mul(passed + 1);
        self.since + Duration::from_micros(u64::try_from(until).unwrap_or(u64::MAX))
    }
}

/// An interval that is neither too short nor too long, of seconds. (Whatever is no number is the shortest.)
fn span(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds.max(SHORTEST.as_secs_f64()).min(LONGEST.as_secs_f64()))
}

impl WorldBuilder {
    /// Lets clients have something repeated, by `repeat {"callback": name, "interval": seconds}`: at most every
    /// 5 seconds, until they end it or leave.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game");
    /// world.repeatable("time", |world, session| {
    ///     let now = world.game_time().unix_seconds();
    ///     world.msg(session, meadow_link::tuple("time").kw("seconds", now));
    ///     Ok(())
    /// });
    /// ```
    pub fn repeatable(&mut self, name: &'static str, func: Repeatable) -> &mut Self {
        self.game.repeatable.insert(name, func);
        self
    }
}

impl World {
    /// Runs the repetitions that have become due.
    pub(crate) fn run_repeats(&mut self) {
        // What is due again is due later, so this ends.
        while self.repeats.first().is_some_and(|(at, ..)| *at <= self.now()) {
            let Some((_, session, callback)) = self.repeats.pop_first() else { return };
            self.repeat_once(session, &callback);
        }
    }

    fn repeat_once(&mut self, session: SessionId, callback: &str) {
        let Some(func) = self.game.repeatable.get(callback).copied() else {
            return self.remove_repeat(session, callback);
        };
        let what = format!("the repeated {callback}");
        let ended = self.guarded(&what, |world| func(world, session));
        let broke = matches!(ended, None | Some(Err(Stop::Bug(_))));
        conclude(self, session, &what, ended);
        if broke {
            return self.remove_repeat(session, callback);
        }
        let now = self.now();
        let Some(from) = self.session_mut(session) else { return };
        if let Some(repeat) = from.repeats.0.iter_mut().find(|repeat| *repeat.callback == *callback) {
            repeat.next = repeat.after(now);
            let next = repeat.next;
            self.repeats.insert((next, session, callback.into()));
        }
    }

    /// A session that was taken over has the repetitions that it had.
    pub(crate) fn resume_repeats(&mut self, id: SessionId) {
        let now = self.now();
        let Some(session) = self.session_mut(id) else { return };
        let mut times = RepeatTimes::new();
        for repeat in &mut session.repeats.0 {
            repeat.next = repeat.after(now);
            times.insert((repeat.next, id, repeat.callback.clone()));
        }
        self.repeats.append(&mut times);
    }

    /// A session is no more.
    pub(crate) fn end_repeats(&mut self, id: SessionId, repeats: &Repeats) {
        for repeat in &repeats.0 {
            self.repeats.remove(&(repeat.next, id, repeat.callback.clone()));
        }
    }

    fn remove_repeat(&mut self, id: SessionId, callback: &str) {
        let Some(session) = self.session_mut(id) else { return };
        let Some(at) = session.repeats.0.iter().position(|repeat| *repeat.callback == *callback) else {
            return;
        };
        let ended = session.repeats.0.remove(at);
        self.end_repeats(id, &Repeats(vec![ended]));
        self.sync_session(id);
    }
}

#[derive(Deserialize)]
struct Wish {
    callback: String,
    #[serde(default)]
    interval: Value,
    #[serde(default)]
    stop: Value,
}

fn repeat(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let wish: Wish = read(given)?;
    if !world.game.repeatable.contains_key(wish.callback.as_str()) {
        let mut known: Vec<&str> = world.game.repeatable.keys().copied().collect();
        known.sort_unstable();
        return Err(say(format!("Allowed repeating functions are: {}", known.join(", "))));
    }
    world.remove_repeat(session, &wish.callback);
    if truth(&wish.stop) == Some(true) {
        return Ok(());
    }
    let interval = match &wish.interval {
        Value::Null => Some(USUAL),
        Value::Number(seconds) => seconds.as_f64(),
        Value::String(seconds) => seconds.trim().parse().ok(),
        _ => None,
    };
    let interval = interval.ok_or_else(|| unreadable("repeat wants its interval in seconds"))?;
    let (since, interval) = (world.now(), span(interval).as_secs_f64());
    let mut repeat = Repeat { callback: wish.callback.into(), interval, since, next: since };
    repeat.next = repeat.after(since);
    let Some(from) = world.session_mut(session) else { return Ok(()) };
    from.repeats.0.push(repeat.clone());
    world.repeats.insert((repeat.next, session, repeat.callback));
    world.sync_session(session);
    Ok(())
}

fn unrepeat(world: &mut World, session: SessionId, mut given: CommandTuple) -> Result {
    given.kwargs.insert("stop".into(), true.into());
    repeat(world, session, given)
}

/// Evennia's example.
fn repeat_called(world: &mut World, session: SessionId) -> Result {
    let told = format!("Repeat called: {}", world.now().unix_seconds());
    world.msg(session, tuple("repeat").arg(told));
    Ok(())
}
