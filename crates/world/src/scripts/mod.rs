//! Scripts: things of the game that have no place in it, with a timer, a typeclass and attributes (Evennia's
//! DefaultScript). Weather, a quest that somebody is on, a poison in a body. A script belongs to an object, to an
//! account, or to nobody: then it is a global one.
//!
//! It is kept over reloads, crashes and stops with its attributes, what is left of its repetitions, and when it is
//! due. Each repetition is stored together with all that it changed in the world, so none is done twice. Those that
//! became due while no Server ran are made up for by one.
//!
//! # Adding one
//!
//! A unit struct with `impl ScriptTypeclass` in a file of its own, and one `world.script(&Weather)` line in the game's
//! setup; `world.global_script(..)`, if there is always to be one.

mod typeclass;
pub use typeclass::{DefaultScript, ScriptTypeclass};

mod examine;
mod lifecycle;
mod timer;

use std::time::Duration;

use meadow_link::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{AccountId, Attributes, ObjectId, Record, World, text, timing::micros};

/// A script, by its number.
///
/// ```
/// # use meadow_world::{NewScript, ScriptOwner, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let quest = world.create_script(NewScript { key: "quest", ..NewScript::default() })?;
/// if let Some(script) = world.script_mut(quest) {
///     script.db.set("stage", 2)?;
/// }
/// assert_eq!(world.script_named(ScriptOwner::Global, "quest"), Some(quest));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScriptId(pub u64);

impl From<u64> for ScriptId {
    fn from(id: u64) -> ScriptId {
        ScriptId(id)
    }
}

impl From<ScriptId> for u64 {
    fn from(id: ScriptId) -> u64 {
        id.0
    }
}

impl std::fmt::Display for ScriptId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Whose script it is. It goes when its owner is destroyed.
///
/// ```
/// # use meadow_world::{NewObject, NewScript, ScriptOwner, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// # let frog = world.create(NewObject { key: "frog", ..NewObject::default() })?;
/// world.start_script(NewScript { key: "croak", owner: frog.into(), ..NewScript::default() })?;
/// assert_eq!(world.scripts_of(frog).len(), 1);
/// assert!(world.scripts_of(ScriptOwner::Global).is_empty());
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScriptOwner {
    /// Nobody's: a global script.
    #[default]
    Global,
    /// An object's.
    Object(ObjectId),
    /// An account's.
    Account(AccountId),
}

impl From<ObjectId> for ScriptOwner {
    fn from(id: ObjectId) -> ScriptOwner {
        ScriptOwner::Object(id)
    }
}

impl From<AccountId> for ScriptOwner {
    fn from(id: AccountId) -> ScriptOwner {
        ScriptOwner::Account(id)
    }
}

/// Whether a script's timer runs.
///
/// ```
/// # use std::time::Duration;
/// # use meadow_world::{NewScript, ScriptState, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let interval = Some(Duration::from_secs(60));
/// let id = world.start_script(NewScript { key: "rain", interval, ..NewScript::default() })?;
/// world.pause_script(id);
/// assert_eq!(world.script(id).map(|script| script.state()), Some(ScriptState::Paused));
/// world.unpause_script(id);
/// assert_eq!(world.script(id).map(|script| script.state()), Some(ScriptState::Running));
/// world.stop_script(id);
/// assert_eq!(world.script(id).map(|script| script.state()), Some(ScriptState::Stopped));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScriptState {
    /// It runs; or it has no interval, and is just there.
    Running,
    /// It stands still, and keeps what was left until the next repetition.
    Paused,
    /// It was never started, was stopped, or its repetitions are done.
    Stopped,
}

/// One script: state only. What it does is its typeclass's.
///
/// ```
/// # use std::time::Duration;
/// # use meadow_world::{NewScript, ScriptState, WorldBuilder};
/// # let now = meadow_link::Time::from_micros(1);
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), now).expect("it loads");
/// let minute = Duration::from_secs(60);
/// let new = NewScript { interval: Some(minute), start_delay: Some(true), repeats: Some(3), ..NewScript::default() };
/// let id = world.start_script(new)?;
/// let script = world.script(id).expect("it has just been made");
/// assert_eq!(script.state(), ScriptState::Running);
/// assert_eq!(script.remaining_repeats(), Some(3));
/// assert_eq!(script.time_until_next_repeat(now), Some(minute));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Script {
    pub(crate) key: Box<str>,
    pub(crate) typeclass: Box<str>,
    pub(crate) owner: ScriptOwner,
    /// What it is for; builders read it.
    pub desc: Box<str>,
    /// How long from one repetition to the next; zero for a script without a timer, and at least
    /// [`SHORTEST_INTERVAL`](crate::SHORTEST_INTERVAL) otherwise. A change counts from the next repetition on.
    #[serde(with = "micros")]
    pub interval: Duration,
    /// Whether the first repetition comes after one interval; otherwise it comes at once.
    pub start_delay: bool,
    /// After how many repetitions it stops; 0 for never.
    pub repeats: u32,
    /// Whether it outlives a stop of the game. (A reload it outlives in any case.)
    pub persistent: bool,
    /// When it was made.
    pub created: Time,
    /// What the game keeps on it.
    pub db: Attributes,
    pub(crate) state: ScriptState,
    /// Repetitions since it was started.
    pub(crate) done: u32,
    /// When the next one is due, while it runs and has an interval.
    pub(crate) due: Option<Time>,
    /// What was left until the next one, while it is paused; in microseconds.
    pub(crate) left: Option<u64>,
}

impl Record for Script {
    type Id = ScriptId;
    const KIND: &'static str = "script";

    fn key(&self) -> &str {
        &self.key
    }

    fn examine(&self, world: &World) -> Vec<(String, String)> {
        let name = ("Name".to_owned(), text::escape(&self.key).into_owned());
        std::iter::once(name).chain(world.script_sheet(self)).collect()
    }
}

impl Script {
    /// Its name.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Name of its typeclass.
    pub fn typeclass_path(&self) -> &str {
        &self.typeclass
    }

    /// Whose it is.
    pub fn owner(&self) -> ScriptOwner {
        self.owner
    }

    /// Whether its timer runs.
    pub fn state(&self) -> ScriptState {
        self.state
    }

    /// How often it has repeated since it was started.
    pub fn repeated(&self) -> u32 {
        self.done
    }

    /// How many repetitions are left; `None` if there is no end to them (Evennia's `remaining_repeats`).
    pub fn remaining_repeats(&self) -> Option<u32> {
        (self.repeats > 0).then(|| self.repeats.saturating_sub(self.done))
    }

    /// How long until the next repetition; `None` if none is to come. A paused script keeps it.
    pub fn time_until_next_repeat(&self, now: Time) -> Option<Duration> {
        match self.state {
            ScriptState::Running => self.due.map(|due| due.since(now)),
            ScriptState::Paused => self.left.map(Duration::from_micros),
            ScriptState::Stopped => None,
        }
    }
}

/// What a script is made of; see [`World::start_script`](crate::World::start_script). What is left open is what the
/// typeclass's `at_script_creation` says.
///
/// ```
/// use std::time::Duration;
/// use meadow_world::{NewObject, NewScript, Result, ScriptId, ScriptOwner, ScriptTypeclass, World, WorldBuilder};
///
/// /// Hurts whoever has it, three times.
/// struct Poison;
///
/// impl ScriptTypeclass for Poison {
///     fn path(&self) -> &'static str {
///         "scripts.Poison"
///     }
///
///     fn at_script_creation(&self, world: &mut World, me: ScriptId) {
///         if let Some(script) = world.script_mut(me) {
///             script.interval = Duration::from_secs(5);
///             script.start_delay = true;
///             script.repeats = 3;
///         }
///     }
///
///     fn at_repeat(&self, world: &mut World, me: ScriptId) -> Result {
///         if let Some(ScriptOwner::Object(body)) = world.script(me).map(|script| script.owner()) {
///             world.msg(body, "The poison burns.");
///         }
///         Ok(())
///     }
///
///     fn at_stop(&self, world: &mut World, me: ScriptId) {
///         world.delete_script(me);
///     }
/// }
///
/// # let mut builder = WorldBuilder::new("Test");
/// builder.script(&Poison);
/// # let now = meadow_link::Time::from_micros(1);
/// # let mut world = builder.load(Default::default(), now).expect("it loads");
/// let frog = world.create(NewObject { key: "frog", ..Default::default() })?;
/// world.start_script(NewScript { typeclass: "scripts.Poison", owner: frog.into(), ..Default::default() })?;
/// assert_eq!(world.scripts_of(frog).len(), 1);
/// # for second in 1..=15 { world.advance(now + Duration::from_secs(second)); }
/// # assert_eq!(world.scripts_of(frog).len(), 0);
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct NewScript<'a> {
    /// Name of its typeclass; empty for one that does nothing.
    pub typeclass: &'a str,
    /// Its name; empty for what the typeclass calls it, or else the last part of the typeclass's name.
    pub key: &'a str,
    /// Whose it is.
    pub owner: ScriptOwner,
    /// What it is for; empty for what the typeclass says.
    pub desc: &'a str,
    /// See [`Script::interval`].
    pub interval: Option<Duration>,
    /// See [`Script::start_delay`].
    pub start_delay: Option<bool>,
    /// See [`Script::repeats`].
    pub repeats: Option<u32>,
    /// See [`Script::persistent`].
    pub persistent: Option<bool>,
    /// Attributes that it begins with.
    pub attributes: &'a [(&'a str, Value)],
}
