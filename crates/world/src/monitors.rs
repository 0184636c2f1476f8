//! Monitors of the game: a function that is called when a value of an object has changed (Evennia's MonitorHandler).
//! They are looked at with those of the clients (`inputfuncs::monitor`), at the end of each step that may have changed
//! something, before it is stored: what changed, and what the function did about it, are never stored apart.
//!
//! # Adding one
//!
//! A function, one `world.monitor("bleed", bleed)` line in the game's setup, and [`World::monitor`] where it is to begin.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ObjectId, Record, Result, World, bug, setup::WorldBuilder, timing::FAILURES_LIMIT};

/// How often functions may change in one step what others, or they themselves, wait for.
const ROUNDS: usize = 10;

/// A monitor, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MonitorId(pub u64);

impl From<u64> for MonitorId {
    fn from(id: u64) -> MonitorId {
        MonitorId(id)
    }
}

impl From<MonitorId> for u64 {
    fn from(id: MonitorId) -> u64 {
        id.0
    }
}

/// One monitor: which value of which object, and the function that is called. It is kept over reloads, crashes and
/// stops, and ends with the object.
///
/// ```
/// use meadow_world::{Changed, NewObject, Result, World, WorldBuilder};
///
/// fn faint(world: &mut World, changed: &Changed<'_>) -> Result {
///     if changed.now.as_i64() <= Some(0) {
///         world[changed.object].db.set("fainted", true)?;
///     }
///     Ok(())
/// }
///
/// # let mut builder = WorldBuilder::new("Test");
/// builder.monitor("faint", faint);
/// # let mut world = builder.load(Default::default(), Default::default()).expect("it loads");
/// let frog = world.create(NewObject { key: "frog", ..Default::default() })?;
/// world[frog].db.set("hp", 3)?;
/// world.monitor(frog, "db.hp", "faint")?;
/// world[frog].db.set("hp", 0)?;
/// # world.take_step();
/// // At the end of the step:
/// assert_eq!(world[frog].db.get("fainted"), Some(true));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    object: ObjectId,
    field: Box<str>,
    function: Box<str>,
}

impl Record for Monitor {
    type Id = MonitorId;
    const KIND: &'static str = "monitor";

    fn key(&self) -> &str {
        &self.function
    }
}

impl Monitor {
    /// Whose value it is.
    pub fn object(&self) -> ObjectId {
        self.object
    }

    /// Which value: `db.hp`, or the name of a value that clients may ask for.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Name of the function that is called.
    pub fn function(&self) -> &str {
        &self.function
    }
}

/// What a monitor's function is told.
///
/// ```
/// # use meadow_world::{Changed, Result, World};
/// /// Registered by `world.monitor("hp", tell_hp)`.
/// fn tell_hp(world: &mut World, changed: &Changed<'_>) -> Result {
///     world.msg(changed.object, format!("{}: {} -> {}", changed.field, changed.before, changed.now));
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Changed<'c> {
    /// Whose value it is.
    pub object: ObjectId,
    /// Which value, as [`World::monitor`] was told.
    pub field: &'c str,
    /// What it was when the function was called last, or when the monitor or the Server began; null for nothing.
    pub before: &'c Value,
    /// What it is now; null for nothing.
    pub now: &'c Value,
}

/// What a monitor calls.
pub(crate) type MonitorFunction = fn(&mut World, &Changed<'_>) -> Result;

/// The monitors of each object, with what is known of the values.
#[derive(Default)]
pub(crate) struct Monitors(HashMap<ObjectId, Vec<Known>>);

struct Known {
    id: MonitorId,
    value: Value,
    /// How often its function has failed in a row.
    failures: u32,
}

impl Monitors {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl WorldBuilder {
    /// Registers a function that monitors can call. An error of it is logged; ten in a row end the monitor.
    pub fn monitor(
        &mut self,
        name: &'static str,
        function: fn(&mut World, &Changed<'_>) -> Result,
    ) -> &mut Self {
        self.game.monitors.insert(name, function);
        self
    }
}

/// Monitors: functions that are called when a value of an object has changed.
impl World {
    /// Has a registered function called at the end of each step in which a value of an object has changed. The value is
    /// an attribute, `db.hp` or `db.hp:category`, or one that was registered by
    /// [`WorldBuilder::monitorable`](crate::WorldBuilder::monitorable), by its name. The same monitor is not added twice.
    ///
    /// # Errors
    /// There is no such object, value or function: a bug of whoever adds it.
    pub fn monitor(&mut self, object: ObjectId, field: &str, function: &str) -> Result<MonitorId> {
        if !self.game.monitors.contains_key(function) {
            return Err(bug(format!("there is no function {function} for monitors")));
        }
        if !self.exists(object) {
            return Err(bug(format!("there is no object {object} to be monitored")));
        }
        let monitor = Monitor { object, field: field.into(), function: function.into() };
        let same = |id: &MonitorId| self.record::<Monitor>(*id) == Some(&monitor);
        if let Some(known) = self.monitors_of(object).find(same) {
            return Ok(known);
        }
        let value = self.field_value(object, field);
        let value = value.ok_or_else(|| bug(format!("there is no value {field} that could be monitored")))?;
        let id = self.add_record(monitor);
        self.monitors.0.entry(object).or_default().push(Known { id, value, failures: 0 });
        Ok(id)
    }

    /// Ends a monitor, and says whether there was one.
    pub fn unmonitor(&mut self, id: MonitorId) -> bool {
        let Some(monitor) = self.remove_record::<Monitor>(id) else { return false };
        if let Some(known) = self.monitors.0.get_mut(&monitor.object) {
            known.retain(|known| known.id != id);
            if known.is_empty() {
                self.monitors.0.remove(&monitor.object);
            }
        }
        true
    }

    /// The monitors of an object, oldest first.
    pub fn monitors_of(&self, object: ObjectId) -> impl Iterator<Item = MonitorId> {
        self.monitors.0.get(&object).into_iter().flatten().map(|known| known.id)
    }

    /// An object is no more.
    pub(crate) fn forget_monitors(&mut self, object: ObjectId) {
        for known in self.monitors.0.remove(&object).unwrap_or_default() {
            self.remove_record::<Monitor>(known.id);
        }
    }

    /// The world was loaded: what the values are now is what is known of them.
    pub(crate) fn load_monitors(&mut self) {
        let all: Vec<(MonitorId, Monitor)> =
            self.records::<Monitor>().map(|(id, monitor)| (id, monitor.clone())).collect();
        for (id, monitor) in all {
            if !self.exists(monitor.object) {
                self.remove_record::<Monitor>(id);
                continue;
            }
            if !self.game.monitors.contains_key(monitor.function()) {
                tracing::warn!(
                    "a monitor is to call {}, which this game does not have: it is kept, and does nothing",
                    monitor.function
                );
            }
            let value = self.field_value(monitor.object, &monitor.field).unwrap_or_default();
            self.monitors.0.entry(monitor.object).or_default().push(Known { id, value, failures: 0 });
        }
    }

    /// Calls the functions of what this step has changed, and of what they change themselves.
    pub(crate) fn run_monitors(&mut self) {
        for _ in 0..ROUNDS {
            if self.monitors.is_empty() {
                return;
            }
            let changed: Vec<_> =
                self.to_look_at().into_iter().flat_map(|object| self.changes_of(object)).collect();
            if changed.is_empty() {
                return;
            }
            for (id, before, now) in changed {
                self.call_monitor(id, &before, &now);
            }
        }
        tracing::error!(
            "monitors have changed each other's values {ROUNDS} times in one step: they go on at the next"
        );
    }

    /// The objects with monitors that may have changed: those that were, where they are, and what is in them.
    fn to_look_at(&self) -> BTreeSet<ObjectId> {
        let mut found = BTreeSet::new();
        for id in self.changed_objects() {
            let Some(object) = self.object(id) else { continue };
            let near = object.location().into_iter().chain(object.contents().iter().copied());
            found.extend(near.chain([id]).filter(|id| self.monitors.0.contains_key(id)));
        }
        found
    }

    /// Which values of an object are others now; they are known from here on.
    fn changes_of(&mut self, object: ObjectId) -> Vec<(MonitorId, Value, Value)> {
        let Some(mut all) = self.monitors.0.remove(&object) else { return Vec::new() };
        let mut changed = Vec::new();
        for known in &mut all {
            let Some(monitor) = self.record::<Monitor>(known.id) else { continue };
            let field = monitor.field.clone();
            let now = self.field_value(object, &field).unwrap_or_default();
            if now != known.value {
                let before = std::mem::replace(&mut known.value, now.clone());
                changed.push((known.id, before, now));
            }
        }
        self.monitors.0.insert(object, all);
        changed
    }

    fn call_monitor(&mut self, id: MonitorId, before: &Value, now: &Value) {
        // One that was called before it may have ended it.
        let Some(monitor) = self.record::<Monitor>(id).cloned() else { return };
        let Some(function) = self.game.monitors.get(monitor.function()).copied() else { return };
        let what = format!("the monitor {} of {} of {}", monitor.function, monitor.field, monitor.object);
        let changed = Changed { object: monitor.object, field: &monitor.field, before, now };
        let ended = self.guarded(&what, |world| function(world, &changed));
        if let Some(Err(error)) = &ended {
            tracing::error!("{what}: {error}");
        }
        let Some(known) = self.monitors.0.get_mut(&monitor.object) else { return };
        let Some(known) = known.iter_mut().find(|known| known.id == id) else { return };
        known.failures = if matches!(ended, Some(Ok(()))) { 0 } else { known.failures + 1 };
        if known.failures >= FAILURES_LIMIT {
            tracing::error!("{what} has failed {FAILURES_LIMIT} times in a row: it is ended");
            self.unmonitor(id);
        }
    }

    /// What a monitored value is now; `None` if there is nothing of that name, or if it broke.
    fn field_value(&mut self, object: ObjectId, field: &str) -> Option<Value> {
        let Some(name) = field.strip_prefix("db.") else { return self.value_of(object, field) };
        let db = &self.object(object)?.db;
        // A colon may be a part of the name.
        let (name, set) = match name.rsplit_once(':').filter(|_| !db.has(name)) {
            Some((name, category)) => (name, db.category(category)),
            None => (name, db),
        };
        Some(set[name].clone())
    }
}
