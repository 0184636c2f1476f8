//! Tickers (Evennia's TickerHandler): a function of the game that is called again and again for an object, a session
//! or nobody. All tickers of one interval share one timer and are called one after the other; a thousand of them cost
//! what their functions cost, and nothing is stored when they tick.
//!
//! # Adding one
//!
//! A function, one `world.ticker("grow", grow)` line in the game's setup, and [`World::ticker_add`] where it is to
//! begin. For an object it is often simpler to override `Typeclass::at_tick`, and to add a ticker without a function.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use meadow_link::{SessionId, Time};
use serde::{Deserialize, Serialize};

use crate::{
    ObjectId, Record, Result, World, bug, logged,
    setup::WorldBuilder,
    timing::{FAILURES_LIMIT, SHORTEST_INTERVAL, Timer, micros, next_time},
};

/// The function that calls the hook `at_tick` of the object that has the ticker.
pub const AT_TICK: &str = "at_tick";

/// What a ticker calls.
pub(crate) type TickFunction = fn(&mut World, &Ticker) -> Result;

/// A ticker, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TickerId(pub u64);

impl From<u64> for TickerId {
    fn from(id: u64) -> TickerId {
        TickerId(id)
    }
}

impl From<TickerId> for u64 {
    fn from(id: TickerId) -> u64 {
        id.0
    }
}

/// Whom a ticker is for. It ends with its subscriber.
///
/// ```
/// # use std::time::Duration;
/// # use meadow_world::{NewObject, NewTicker, TickerSubscriber, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// # let bush = world.create(NewObject { key: "bush", ..NewObject::default() })?;
/// let interval = Duration::from_secs(60);
/// let id = world.ticker_add(NewTicker { interval, subscriber: bush.into(), ..NewTicker::default() })?;
/// assert_eq!(world.tickers_of(TickerSubscriber::Object(bush)), [id]);
///
/// world.destroy(bush)?;
/// assert_eq!(world.tickers().count(), 0);
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TickerSubscriber {
    /// Nobody in particular.
    #[default]
    Nobody,
    /// An object.
    Object(ObjectId),
    /// A session, until its player hangs up.
    Session(SessionId),
}

impl From<ObjectId> for TickerSubscriber {
    fn from(id: ObjectId) -> TickerSubscriber {
        TickerSubscriber::Object(id)
    }
}

impl From<SessionId> for TickerSubscriber {
    fn from(id: SessionId) -> TickerSubscriber {
        TickerSubscriber::Session(id)
    }
}

/// One ticker. No two are the same in interval, function, subscriber and idstring.
///
/// ```
/// # use meadow_world::{Result, Ticker, World};
/// /// Registered by `world.ticker("regrow", regrow)`.
/// fn regrow(world: &mut World, ticker: &Ticker) -> Result {
///     let bush = ticker.object()?;
///     let berry = ticker.idstring();
///     world[bush].db.set(berry, 5)?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticker {
    #[serde(with = "micros")]
    pub(crate) interval: Duration,
    pub(crate) function: Box<str>,
    pub(crate) subscriber: TickerSubscriber,
    pub(crate) idstring: Box<str>,
    pub(crate) persistent: bool,
    /// It is there, and is not called.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    paused: bool,
    /// When the timer of its interval was begun; all its times are counted from there.
    since: Time,
}

impl Record for Ticker {
    type Id = TickerId;
    const KIND: &'static str = "ticker";

    fn key(&self) -> &str {
        &self.function
    }
}

impl Ticker {
    /// How long from one call to the next.
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Name of the function that is called.
    pub fn function(&self) -> &str {
        &self.function
    }

    /// Whom it is for.
    pub fn subscriber(&self) -> TickerSubscriber {
        self.subscriber
    }

    /// What tells it from others of its subscriber.
    pub fn idstring(&self) -> &str {
        &self.idstring
    }

    /// Whether it outlives a stop of the game.
    pub fn is_persistent(&self) -> bool {
        self.persistent
    }

    /// Whether staff lets it rest ([`World::ticker_pause`]).
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// The object that it is for.
    ///
    /// # Errors
    /// It is for no object: a bug of whoever added it.
    pub fn object(&self) -> Result<ObjectId> {
        match self.subscriber {
            TickerSubscriber::Object(id) => Ok(id),
            _ => Err(bug(format!("the ticker {} is for no object", self.function))),
        }
    }
}

/// What a ticker is made of.
///
/// ```
/// use std::time::Duration;
/// use meadow_world::{NewObject, NewTicker, Result, Ticker, World, WorldBuilder};
///
/// fn grow(world: &mut World, ticker: &Ticker) -> Result {
///     let flower = ticker.object()?;
///     let height: u32 = world[flower].db.get("height").unwrap_or(0);
///     world[flower].db.set("height", height + 1)?;
///     Ok(())
/// }
///
/// # let mut builder = WorldBuilder::new("Test");
/// builder.ticker("grow", grow);
/// # let now = meadow_link::Time::from_micros(1);
/// # let mut world = builder.load(Default::default(), now).expect("it loads");
/// let flower = world.create(NewObject { key: "flower", ..Default::default() })?;
/// let interval = Duration::from_secs(60);
/// world.ticker_add(NewTicker { interval, function: "grow", subscriber: flower.into(), ..Default::default() })?;
/// # for minute in 1..=3 { world.advance(now + interval * minute); }
/// # assert_eq!(world[flower].db["height"], 3);
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct NewTicker<'a> {
    /// How long from one call to the next; at least [`SHORTEST_INTERVAL`]. The first call comes when the timer that
    /// all tickers of this interval share is due.
    pub interval: Duration,
    /// Name of a registered function, or [`AT_TICK`], which is the default.
    pub function: &'a str,
    /// Whom it is for.
    pub subscriber: TickerSubscriber,
    /// Tells it from others of the same subscriber, interval and function.
    pub idstring: &'a str,
    /// Whether it outlives a stop of the game. (A reload it outlives in any case.)
    pub persistent: bool,
}

impl Default for NewTicker<'_> {
    fn default() -> Self {
        NewTicker {
            interval: Duration::from_secs(60),
            function: AT_TICK,
            subscriber: TickerSubscriber::Nobody,
            idstring: "",
            persistent: true,
        }
    }
}

/// The timers, each with its tickers, and the tickers of each subscriber.
#[derive(Default)]
pub(crate) struct Pools {
    by_interval: HashMap<Duration, Pool>,
    by_subscriber: HashMap<TickerSubscriber, Vec<TickerId>>,
    failures: HashMap<TickerId, u32>,
}

/// The timer of one interval.
struct Pool {
    since: Time,
    next: Time,
    tickers: BTreeSet<TickerId>,
}

pub(crate) fn register(builder: &mut WorldBuilder) {
    builder.records::<Ticker>().ticker(AT_TICK, at_tick);
}

fn at_tick(world: &mut World, ticker: &Ticker) -> Result {
    let object = ticker.object()?;
    let kind = world[object].typeclass();
    kind.at_tick(world, object, &ticker.idstring);
    Ok(())
}

impl WorldBuilder {
    /// Registers a function that tickers can call. An error of it is logged; ten in a row end the ticker.
    pub fn ticker(&mut self, name: &'static str, function: fn(&mut World, &Ticker) -> Result) -> &mut Self {
        self.game.timing.tickers.insert(name, function);
        self
    }
}

/// Tickers: again and again, for ever.
impl World {
    /// Adds a ticker. If there is the same already, that one stays, and only its `persistent` is set.
    ///
    /// # Errors
    /// There is no function of that name, or no subscriber of that number.
    pub fn ticker_add(&mut self, new: NewTicker<'_>) -> Result<TickerId> {
        if !self.game.timing.tickers.contains_key(new.function) {
            return Err(bug(format!("there is no function {} for tickers", new.function)));
        }
        if !self.subscriber_exists(new.subscriber) {
            return Err(bug(format!("there is no {:?} for the ticker {}", new.subscriber, new.function)));
        }
        let new = NewTicker { interval: new.interval.max(SHORTEST_INTERVAL), ..new };
        if let Some(id) = self.ticker_find(new) {
            if self.record::<Ticker>(id).is_some_and(|ticker| ticker.persistent != new.persistent)
                && let Some(ticker) = self.record_mut::<Ticker>(id)
            {
                ticker.persistent = new.persistent;
            }
            return Ok(id);
        }
        let pool = self.timing.pools.by_interval.get(&new.interval);
        let ticker = Ticker {
            interval: new.interval,
            function: new.function.into(),
            subscriber: new.subscriber,
            idstring: new.idstring.into(),
            persistent: new.persistent,
            paused: false,
            since: pool.map_or(self.now, |pool| pool.since),
        };
        let id = self.add_record(ticker.clone());
        self.ticker_subscribe(id, &ticker, self.now);
        Ok(id)
    }

    /// The ticker of this interval, function, subscriber and idstring.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use meadow_world::{NewObject, NewTicker, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let bush = world.create(NewObject { key: "bush", ..NewObject::default() })?;
    /// let new = || NewTicker { interval: Duration::from_secs(60), subscriber: bush.into(), ..NewTicker::default() };
    /// let id = world.ticker_add(new())?;
    /// assert_eq!(world.ticker_find(new()), Some(id));
    /// assert!(world.ticker_remove(id));
    /// assert_eq!(world.ticker_find(new()), None);
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn ticker_find(&self, like: NewTicker<'_>) -> Option<TickerId> {
        let interval = like.interval.max(SHORTEST_INTERVAL);
        self.tickers_of(like.subscriber).iter().copied().find(|id| {
            self.record::<Ticker>(*id).is_some_and(|ticker| {
                ticker.interval == interval
                    && &*ticker.function == like.function
                    && &*ticker.idstring == like.idstring
            })
        })
    }

    /// Ends a ticker, and says whether there was one.
    pub fn ticker_remove(&mut self, id: TickerId) -> bool {
        let Some(ticker) = self.remove_record::<Ticker>(id) else { return false };
        let pools = &mut self.timing.pools;
        pools.failures.remove(&id);
        if let Some(ids) = pools.by_subscriber.get_mut(&ticker.subscriber) {
            ids.retain(|known| *known != id);
            if ids.is_empty() {
                pools.by_subscriber.remove(&ticker.subscriber);
            }
        }
        if let Some(pool) = pools.by_interval.get_mut(&ticker.interval) {
            pool.tickers.remove(&id);
            if pool.tickers.is_empty() {
                let next = pool.next;
                pools.by_interval.remove(&ticker.interval);
                self.timing.remove(next, Timer::Tickers(ticker.interval));
            }
        }
        true
    }

    /// Lets a ticker rest: it stays, over reloads too, and is not called. Says whether there is one that did not rest.
    ///
    /// ```
    /// # use meadow_world::{NewObject, NewTicker, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// # let bush = world.create(NewObject { key: "bush", ..NewObject::default() })?;
    /// let id = world.ticker_add(NewTicker { subscriber: bush.into(), ..NewTicker::default() })?;
    /// assert!(world.ticker_pause(id) && !world.ticker_pause(id));
    /// assert!(world.ticker_resume(id) && !world.ticker_resume(id));
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn ticker_pause(&mut self, id: TickerId) -> bool {
        self.ticker_rests(id, true)
    }

    /// Has a ticker called again that rested, and says whether there is such a one.
    pub fn ticker_resume(&mut self, id: TickerId) -> bool {
        self.ticker_rests(id, false)
    }

    fn ticker_rests(&mut self, id: TickerId, rests: bool) -> bool {
        if self.record::<Ticker>(id).is_none_or(|ticker| ticker.paused == rests) {
            return false;
        }
        if let Some(ticker) = self.record_mut::<Ticker>(id) {
            ticker.paused = rests;
        }
        true
    }

    /// Ends all tickers of an object, a session, or nobody in particular.
    pub fn ticker_clear(&mut self, subscriber: impl Into<TickerSubscriber>) {
        for id in self.tickers_of(subscriber).to_vec() {
            self.ticker_remove(id);
        }
    }

    /// The tickers of an object, a session, or nobody in particular, oldest first.
    pub fn tickers_of(&self, subscriber: impl Into<TickerSubscriber>) -> &[TickerId] {
        self.timing.pools.by_subscriber.get(&subscriber.into()).map_or(&[], Vec::as_slice)
    }

    /// All tickers, by number.
    pub fn tickers(&self) -> impl Iterator<Item = (TickerId, &Ticker)> {
        self.records()
    }

    /// When the tickers of an interval are called next, if there are any.
    pub fn next_tick(&self, interval: Duration) -> Option<Time> {
        self.timing.pools.by_interval.get(&interval).map(|pool| pool.next)
    }

    /// A timer is due: gives back whom it calls.
    pub(crate) fn tickers_due(&mut self, interval: Duration, at: Time) -> Vec<TickerId> {
        let now = self.now;
        let Some(pool) = self.timing.pools.by_interval.get_mut(&interval) else { return Vec::new() };
        pool.next = next_time(at, interval, now);
        let (next, tickers) = (pool.next, pool.tickers.iter().copied().collect());
        self.timing.add(next, Timer::Tickers(interval));
        tickers
    }

    /// Calls one ticker, whose time has come.
    pub(crate) fn tick(&mut self, id: TickerId) {
        if self.record::<Ticker>(id).is_some_and(|ticker| !ticker.paused) {
            self.tick_now(id);
        }
    }

    /// Calls one ticker, whether or not it rests.
    pub(crate) fn tick_now(&mut self, id: TickerId) -> bool {
        let Some(ticker) = self.record::<Ticker>(id).cloned() else { return false };
        let Some(function) = self.game.timing.tickers.get(&*ticker.function).copied() else { return false };
        let what = format!("the ticker {} of {:?}", ticker.function, ticker.subscriber);
        let ended = self.guarded(&what, |world| function(world, &ticker));
        let worked = ended.is_some_and(|ended| logged(&what, ended).is_some());
        if worked {
            self.timing.pools.failures.remove(&id);
        } else if self.record::<Ticker>(id).is_some() {
            let failures = self.timing.pools.failures.entry(id).or_default();
            *failures += 1;
            if *failures >= FAILURES_LIMIT {
                tracing::error!("{what} has failed {FAILURES_LIMIT} times in a row: it is ended");
                self.ticker_remove(id);
            }
        }
        self.last_command = what;
        true
    }

    /// The world was loaded: winds up the timers again. After a reload, what became due meanwhile is made up for by
    /// one call.
    pub(crate) fn load_tickers(&mut self) {
        let reloaded = self.timing.reloaded_at;
        let all: Vec<(TickerId, Ticker)> = self.tickers().map(|(id, ticker)| (id, ticker.clone())).collect();
        for (id, ticker) in all {
            // Sessions are not there yet.
            let lost = matches!(ticker.subscriber, TickerSubscriber::Object(object) if !self.exists(object));
            if lost || (reloaded.is_none() && !ticker.persistent) {
                self.remove_record::<Ticker>(id);
                continue;
            }
            if !self.game.timing.tickers.contains_key(&*ticker.function) {
                tracing::warn!(
                    "a ticker is to call {}, which this game does not have: it is kept, and does nothing",
                    ticker.function
                );
            }
            self.ticker_subscribe(id, &ticker, reloaded.unwrap_or(self.now));
        }
    }

    /// The sessions are here: tickers of those that are not end.
    pub(crate) fn end_lost_tickers(&mut self) {
        let lost = self.tickers().filter(|(_, ticker)| !self.subscriber_exists(ticker.subscriber));
        let lost: Vec<TickerId> = lost.map(|(id, _)| id).collect();
        for id in lost {
            self.ticker_remove(id);
        }
    }

    fn ticker_subscribe(&mut self, id: TickerId, ticker: &Ticker, after: Time) {
        let interval = ticker.interval.max(SHORTEST_INTERVAL);
        let pools = &mut self.timing.pools;
        pools.by_subscriber.entry(ticker.subscriber).or_default().push(id);
        if let Some(pool) = pools.by_interval.get_mut(&interval) {
            pool.tickers.insert(id);
            return;
        }
        let next = next_time(ticker.since, interval, after);
        let pool = Pool { since: ticker.since, next, tickers: BTreeSet::from([id]) };
        pools.by_interval.insert(interval, pool);
        self.timing.add(next, Timer::Tickers(interval));
    }

    fn subscriber_exists(&self, subscriber: TickerSubscriber) -> bool {
        match subscriber {
            TickerSubscriber::Nobody => true,
            TickerSubscriber::Object(id) => self.exists(id),
            TickerSubscriber::Session(id) => self.session(id).is_some(),
        }
    }
}
