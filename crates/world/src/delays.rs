//! Delays: a function of the game that is called once, later, and that a reload or a crash does not make forget
//! (the persistent `delay` of Evennia's TaskHandler). [`World::after`] is for what need not last.
//!
//! # Adding one
//!
//! A function, one `world.delayed("bloom", bloom)` line in the game's setup, and [`World::delay`] where it is to begin.

use std::{sync::Arc, time::Duration};

use meadow_link::Time;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Record, Result, World, bug, logged, setup::WorldBuilder, timing::Timer};

/// A delay, by its number: Evennia's task id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DelayId(pub u64);

impl From<u64> for DelayId {
    fn from(id: u64) -> DelayId {
        DelayId(id)
    }
}

impl From<DelayId> for u64 {
    fn from(id: DelayId) -> u64 {
        id.0
    }
}

/// What a delay calls.
pub(crate) type Delayed = Arc<dyn Fn(&mut World, &Value) -> Result + Send + Sync>;

/// Something that is to be done once, later.
///
/// ```
/// # use std::time::Duration;
/// # use meadow_world::{DelayState, Result, World, WorldBuilder};
/// fn ring(world: &mut World, times: u32) -> Result {
///     world.msg_all(format!("The bell rings {times} times."));
///     Ok(())
/// }
///
/// # let now = meadow_link::Time::from_micros(1);
/// # let mut world = WorldBuilder::new("A Game");
/// world.delayed("ring", ring);
/// # let mut world = world.load(Default::default(), now).expect("it loads");
/// let id = world.delay(Duration::from_secs(60), "ring", 12)?;
/// let (_, delay) = world.delays().next().expect("there is one");
/// assert_eq!((delay.function(), delay.data().as_u64()), ("ring", Some(12)));
/// assert_eq!(delay.left(now), Some(Duration::from_secs(60)));
///
/// assert!(world.delay_pause(id));
/// assert!(world.delay_unpause(id));
/// world.delay_do(id)?;
/// assert_eq!(world.delays().count(), 0);
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delay {
    function: Box<str>,
    data: Value,
    /// When it is due; while it is paused, when it would have been.
    due: Time,
    state: DelayState,
    /// What was left when it was paused, in microseconds.
    left: u64,
}

/// Whether a delay goes off by itself.
///
/// ```
/// # use meadow_world::{DelayState, World};
/// fn paused(world: &World) -> usize {
///     world.delays().filter(|(_, delay)| delay.state() == DelayState::Paused).count()
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DelayState {
    /// When its time has come.
    Waiting,
    /// Not before it is unpaused, and what was left has passed.
    Paused,
    /// No more, only when somebody has it done.
    Cancelled,
}

impl Record for Delay {
    type Id = DelayId;
    const KIND: &'static str = "delay";
    const PRIVATE: bool = true;

    fn key(&self) -> &str {
        &self.function
    }
}

impl Delay {
    /// Name of the function that is called.
    pub fn function(&self) -> &str {
        &self.function
    }

    /// What the function is given.
    pub fn data(&self) -> &Value {
        &self.data
    }

    /// Whether it goes off by itself.
    pub fn state(&self) -> DelayState {
        self.state
    }

    /// How long until it goes off; while it is paused, how long from when it goes on. `None` if it was cancelled.
    pub fn left(&self, now: Time) -> Option<Duration> {
        match self.state {
            DelayState::Waiting => Some(self.due.since(now)),
            DelayState::Paused => Some(Duration::from_micros(self.left)),
            DelayState::Cancelled => None,
        }
    }
}

impl WorldBuilder {
    /// Registers a function that [`World::delay`] can call, with what it was given there as a `T`.
    pub fn delayed<T: DeserializeOwned + 'static>(
        &mut self,
        name: &'static str,
        function: fn(&mut World, T) -> Result,
    ) -> &mut Self {
        let function: Delayed = Arc::new(move |world, data| function(world, T::deserialize(data)?));
        self.game.timing.delays.insert(name, function);
        self
    }
}

/// Delays: once, later, whatever happens until then.
impl World {
    /// Has a registered function called after a pause, with some data: an object's number, or anything that serde
    /// can write. It survives reloads, crashes and stops; what became due meanwhile is done at the next start. What it
    /// does is stored together with its being done, so it is never done twice.
    ///
    /// ```
    /// use std::time::Duration;
    /// use meadow_world::{NewObject, ObjectId, Result, World, WorldBuilder};
    ///
    /// fn bloom(world: &mut World, (flower, colour): (ObjectId, String)) -> Result {
    ///     if world.exists(flower) {
    ///         world.rename(flower, &format!("{colour} flower"));
    ///     }
    ///     Ok(())
    /// }
    ///
    /// # let mut builder = WorldBuilder::new("Test");
    /// builder.delayed("bloom", bloom);
    /// # let now = meadow_link::Time::from_micros(1);
    /// # let mut world = builder.load(Default::default(), now).expect("it loads");
    /// let bud = world.create(NewObject { key: "bud", ..Default::default() })?;
    /// world.delay(Duration::from_secs(3600), "bloom", (bud, "red"))?;
    /// # world.advance(now + Duration::from_secs(3600));
    /// # assert_eq!(world[bud].key(), "red flower");
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// There is no function of that name, or the data can't be written as JSON.
    pub fn delay(&mut self, pause: Duration, function: &str, data: impl Serialize) -> Result<DelayId> {
        if !self.game.timing.delays.contains_key(function) {
            return Err(bug(format!("there is no function {function} for delays")));
        }
        let due = self.now + pause;
        let data = serde_json::to_value(data)?;
        let state = DelayState::Waiting;
        let id = self.add_record(Delay { function: function.into(), data, due, state, left: 0 });
        self.timing.add(due, Timer::Delay(id));
        Ok(id)
    }

    /// All delays that are not done, by number.
    pub fn delays(&self) -> impl Iterator<Item = (DelayId, &Delay)> {
        self.records()
    }

    /// Lets a delay wait until it is unpaused; says whether it was waiting for its time.
    pub fn delay_pause(&mut self, id: DelayId) -> bool {
        let now = self.now;
        let left = self.stop_waiting(id, DelayState::Paused).map(|due| due.since(now));
        let left = left.and_then(|left| u64::try_from(left.as_micros()).ok());
        if let Some((delay, left)) = self.record_mut::<Delay>(id).zip(left) {
            delay.left = left;
        }
        left.is_some()
    }

    /// Lets a paused delay go on with what was left; says whether it was paused.
    pub fn delay_unpause(&mut self, id: DelayId) -> bool {
        let now = self.now;
        let paused = self.record::<Delay>(id).is_some_and(|delay| delay.state == DelayState::Paused);
        let Some(delay) = self.record_mut::<Delay>(id).filter(|_| paused) else { return false };
        delay.state = DelayState::Waiting;
        delay.due = now + Duration::from_micros(delay.left);
        let due = delay.due;
        self.timing.add(due, Timer::Delay(id));
        true
    }

    /// Keeps a delay from going off by itself; it is still there, for [`World::delay_do`] (Evennia's `cancel`). Says
    /// whether it would have gone off.
    pub fn delay_cancel(&mut self, id: DelayId) -> bool {
        if self.record::<Delay>(id).is_some_and(|delay| delay.state == DelayState::Paused) {
            return self.record_mut::<Delay>(id).map(|delay| delay.state = DelayState::Cancelled).is_some();
        }
        self.stop_waiting(id, DelayState::Cancelled).is_some()
    }

    /// Takes a delay away undone; says whether there was one.
    pub fn delay_remove(&mut self, id: DelayId) -> bool {
        let Some(delay) = self.remove_record::<Delay>(id) else { return false };
        self.timing.remove(delay.due, Timer::Delay(id));
        true
    }

    /// Does now what a delay is for, and takes it away (Evennia's `do_task`).
    ///
    /// # Errors
    /// What its function returns; or there is no such delay, or no such function any more.
    pub fn delay_do(&mut self, id: DelayId) -> Result {
        let function = self.delayed_function(id)?;
        let Some(delay) = self.remove_record::<Delay>(id) else { return Ok(()) };
        self.timing.remove(delay.due, Timer::Delay(id));
        function(self, &delay.data)
    }

    /// Does now what a delay is for, and leaves it as it is (Evennia's `call`).
    ///
    /// # Errors
    /// What its function returns; or there is no such delay, or no such function any more.
    pub fn delay_call(&mut self, id: DelayId) -> Result {
        let function = self.delayed_function(id)?;
        let Some(data) = self.record::<Delay>(id).map(|delay| delay.data.clone()) else { return Ok(()) };
        function(self, &data)
    }

    /// A delay's time has come.
    pub(crate) fn delay_due(&mut self, id: DelayId, at: Time) {
        let is_due = |delay: &Delay| delay.state == DelayState::Waiting && delay.due == at;
        let Some(delay) = self.record::<Delay>(id).filter(|delay| is_due(delay)) else { return };
        let what = format!("the delayed {}", delay.function);
        // A panic has been logged.
        if let Some(ended) = self.guarded(&what, |world| world.delay_do(id)) {
            logged(&what, ended);
        }
        self.last_command = what;
    }

    /// The world was loaded: waits again for what waits.
    pub(crate) fn load_delays(&mut self) {
        let waiting = self.delays().filter(|(_, delay)| delay.state == DelayState::Waiting);
        let waiting: Vec<_> = waiting.map(|(id, delay)| (id, delay.due, delay.function.clone())).collect();
        for (id, due, function) in waiting {
            if self.game.timing.delays.contains_key(&*function) {
                self.timing.add(due, Timer::Delay(id));
            } else {
                tracing::warn!(
                    "a delay is to call {function}, which this game does not have: it is kept, and does nothing"
                );
            }
        }
    }

    fn delayed_function(&self, id: DelayId) -> Result<Delayed> {
        let Some(delay) = self.record::<Delay>(id) else {
            return Err(bug(format!("there is no delay {}", id.0)));
        };
        let function = self.game.timing.delays.get(&*delay.function).cloned();
        function.ok_or_else(|| bug(format!("there is no function {} for delays", delay.function)))
    }

    /// Gives back when it was due, if it waited.
    fn stop_waiting(&mut self, id: DelayId, state: DelayState) -> Option<Time> {
        self.record::<Delay>(id).filter(|delay| delay.state == DelayState::Waiting)?;
        let delay = self.record_mut::<Delay>(id)?;
        delay.state = state;
        let due = delay.due;
        self.timing.remove(due, Timer::Delay(id));
        Some(due)
    }
}
