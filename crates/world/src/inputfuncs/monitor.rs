//! Monitors: what a session is told of when it changes. The inputfuncs `monitor`, `unmonitor` and `monitored` are
//! here; MSDP's REPORT and `webclient_options` use the same monitors.
//!
//! They belong to the session, look at whatever it puppets, survive a reload (in `server_data`), and end with it.
//! After each step the values that may have changed are looked at again: not every value of everybody, but those
//! of the sessions that a changed object, account or place concerns.

use std::collections::BTreeSet;

use meadow_link::{CommandTuple, Kwargs, SessionId, oob::msdp, tuple};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{read, truth, unreadable, values, webclient};
use crate::{ObjectId, Result, World, setup::WorldBuilder};

/// How many monitors a session may have.
pub(super) const MONITORS_LIMIT: usize = 256;
/// Longest `outputfunc_name` and `category`, in bytes.
const LABEL_LIMIT: usize = 64;
/// Under which name the monitors stand in `server_data`.
const STORED_AS: &str = "_monitors";

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("monitor", "Asks to be told when a value changes: {name, stop}.", monitor)
        .raw_inputfunc("unmonitor", "Asks to be told no more of a value: {name}.", unmonitor)
        .raw_inputfunc("monitored", "Asks which values are monitored.", monitored);
}

/// The monitors of one session.
#[derive(Debug, Default)]
pub(crate) struct Monitors(Vec<Monitor>);

/// One value that a session is told of when it changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Monitor {
    /// What it is called, as the client spells it.
    pub(super) name: Box<str>,
    /// How the session is told.
    pub(super) told: Told,
    /// The name as values are looked up by it.
    #[serde(skip)]
    key: Box<str>,
    /// What the session knows; nothing at first, and after a restart: then it is told, whatever the value is.
    #[serde(skip)]
    known: Option<Value>,
}

/// How a session is told of a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Told {
    /// By a tuple of its own.
    Monitor {
        /// Name of that tuple.
        outputfunc_name: Box<str>,
        /// Comes back with each value, if the client gave one.
        category: Option<Box<str>>,
    },
    /// As a variable of MSDP.
    Msdp,
    /// As the player's `webclient_options`.
    Webclient,
}

impl Monitor {
    pub(super) fn new(name: &str, told: Told, known: Option<Value>) -> Monitor {
        Monitor { key: values::key(name), name: name.into(), told, known }
    }

    /// The name as names are compared.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// Whether another one says the same, only in another way.
    fn is_instead_of(&self, other: &Monitor) -> bool {
        let same_way = match (&self.told, &other.told) {
            (Told::Monitor { category, .. }, Told::Monitor { category: theirs, .. }) => category == theirs,
            (told, theirs) => told == theirs,
        };
        same_way && self.key == other.key
    }
}

impl Monitors {
    /// Takes them out of what the Portal has kept. They may be of a Server that knew other values: what has no
    /// source any more goes at the first look.
    pub(crate) fn from_server_data(data: &mut Kwargs) -> Monitors {
        let stored = data.remove(STORED_AS).unwrap_or_default();
        let mut monitors: Vec<Monitor> = serde_json::from_value(stored).unwrap_or_default();
        monitors.truncate(MONITORS_LIMIT);
        for monitor in &mut monitors {
            monitor.key = values::key(&monitor.name);
        }
        Monitors(monitors)
    }

    /// Has the Portal keep them.
    pub(crate) fn to_server_data(&self, data: &mut Kwargs) {
        if !self.0.is_empty() {
            data.insert(STORED_AS.into(), json!(self.0));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Monitor> {
        self.0.iter()
    }
}

/// Who has monitors, and what may have changed since they were last looked at.
#[derive(Debug, Default)]
pub(crate) struct Observers {
    sessions: BTreeSet<SessionId>,
    noticed: Vec<ObjectId>,
    noticed_sessions: Vec<SessionId>,
}

impl World {
    /// Has everything that is monitored looked at again, by clients and by the game, after this step, for whoever puppets an object, carries
    /// it or is in it. Only needed where a monitored value depends on something else than
    /// [`WorldBuilder::monitorable`] names.
    ///
    /// ```
    /// # use meadow_world::{ObjectId, World, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game");
    /// // It depends on the season, which is no object near the character.
    /// world.monitorable("warmth", |world, _| if world.config("season") == Some("summer") { 3 } else { 1 });
    ///
    /// fn summer_comes(world: &mut World) {
    ///     world.set_config("season", "summer");
    ///     let bodies: Vec<ObjectId> = world.sessions().iter().filter_map(|session| session.puppet()).collect();
    ///     bodies.into_iter().for_each(|body| world.notice(body));
    /// }
    /// ```
    pub fn notice(&mut self, id: ObjectId) {
        if !self.observers.sessions.is_empty() || !self.monitors.is_empty() {
            self.observers.noticed.push(id);
        }
    }

    /// As [`World::notice`], for one session: it may have another body now.
    pub(crate) fn notice_session(&mut self, id: SessionId) {
        if self.observers.sessions.contains(&id) {
            self.observers.noticed_sessions.push(id);
        }
    }

    /// A session that was taken over has the monitors that it had.
    pub(crate) fn resume_monitors(&mut self, id: SessionId) {
        if self.session(id).is_some_and(|session| !session.monitors.is_empty()) {
            self.observers.sessions.insert(id);
            self.notice_session(id);
        }
    }

    /// A session is no more.
    pub(crate) fn end_monitors(&mut self, id: SessionId) {
        self.observers.sessions.remove(&id);
    }

    /// Adds monitors to a session, in place of those that say the same; those past the limit are left out, and
    /// said to be.
    pub(super) fn add_monitors(&mut self, id: SessionId, new: Vec<Monitor>) -> Result {
        let Some(session) = self.session_mut(id) else { return Ok(()) };
        let monitors = &mut session.monitors.0;
        let mut full = false;
        for monitor in new {
            monitors.retain(|known| !monitor.is_instead_of(known));
            full |= monitors.len() >= MONITORS_LIMIT;
            if monitors.len() < MONITORS_LIMIT {
                monitors.push(monitor);
            }
        }
        self.observers.sessions.insert(id);
        self.sync_session(id);
        if full {
            return Err(unreadable(format!(
                "{MONITORS_LIMIT} values are the most that a session can monitor"
            )));
        }
        Ok(())
    }

    /// Takes monitors from a session.
    pub(super) fn remove_monitors(&mut self, id: SessionId, which: impl Fn(&Monitor) -> bool) {
        let Some(session) = self.session_mut(id) else { return };
        let before = session.monitors.0.len();
        session.monitors.0.retain(|monitor| !which(monitor));
        let left = session.monitors.0.len();
        if left == 0 {
            self.observers.sessions.remove(&id);
        }
        if left != before {
            self.sync_session(id);
        }
    }

    /// Tells every session of the values that it monitors and that this step has changed.
    pub(crate) fn tell_monitors(&mut self) {
        if self.observers.sessions.is_empty() {
            self.observers.noticed.clear();
            return;
        }
        for id in self.concerned() {
            self.tell_changed(id);
        }
    }

    /// The objects that this step has changed, or that somebody has noticed.
    pub(crate) fn changed_objects(&self) -> impl Iterator<Item = ObjectId> {
        self.observers.noticed.iter().chain(&self.changes.objects).copied()
    }

    /// The sessions with monitors that may have something to be told.
    fn concerned(&mut self) -> BTreeSet<SessionId> {
        let mut concerned = BTreeSet::from_iter(std::mem::take(&mut self.observers.noticed_sessions));
        let noticed = std::mem::take(&mut self.observers.noticed);
        for id in noticed.iter().chain(&self.changes.objects) {
            let Some(object) = self.object(*id) else { continue };
            concerned.extend(&object.sessions);
            let inside = object.contents().iter();
            for near in object.location().iter().chain(inside).filter_map(|near| self.object(*near)) {
                concerned.extend(&near.sessions);
            }
        }
        for account in self.changes.accounts.iter().filter_map(|id| self.account(*id)) {
            concerned.extend(&account.sessions);
        }
        concerned.retain(|id| self.observers.sessions.contains(id));
        concerned
    }

    fn tell_changed(&mut self, id: SessionId) {
        let Some(session) = self.session_mut(id) else { return };
        // They are out of the session while the game's functions run, and none of these can get at them.
        let mut monitors = std::mem::take(&mut session.monitors);
        let before = monitors.0.len();
        let mut variables = Kwargs::new();
        let mut told = Vec::new();
        monitors.0.retain_mut(|monitor| {
            let Some(value) = self.monitored_value(id, monitor) else { return false };
            if monitor.known.as_ref() != Some(&value) {
                monitor.known = Some(value.clone());
                match &monitor.told {
                    Told::Msdp => drop(variables.insert(monitor.name.to_string(), value)),
                    _ => told.extend(message(monitor, value)),
                }
            }
            true
        });
        let dropped = monitors.0.len() < before;
        if let Some(session) = self.session_mut(id) {
            session.monitors = monitors;
        }
        if !variables.is_empty() {
            told.push(msdp(variables));
        }
        told.into_iter().for_each(|tuple| self.msg(id, tuple));
        if dropped {
            self.sync_session(id);
        }
    }

    /// What a monitored value is now; `None` if there is no such value any more, or if it broke.
    fn monitored_value(&mut self, id: SessionId, monitor: &Monitor) -> Option<Value> {
        let asker = self.asker(id);
        if monitor.told == Told::Webclient {
            return asker.account.map(|account| Value::Object(webclient::options_of(self, account)));
        }
        let game = self.game.clone();
        let sources = match monitor.told {
            Told::Msdp => &game.values.msdp,
            _ => &game.values.monitorable,
        };
        let source = sources.find(&monitor.key)?;
        self.guarded(&format!("the value {}", monitor.key), |world| source.value(world, asker))
    }
}

/// What a session is told of a value; MSDP has a form of its own.
fn message(monitor: &Monitor, value: Value) -> Option<CommandTuple> {
    match &monitor.told {
        Told::Monitor { outputfunc_name, category } => {
            let told = tuple(&**outputfunc_name).kw("name", &*monitor.name).kw("value", value);
            Some(match category {
                Some(category) => told.kw("category", &**category),
                None => told,
            })
        }
        Told::Webclient => Some(tuple(webclient::NAME).kwargs(&value)),
        Told::Msdp => None,
    }
}

#[derive(Deserialize)]
struct Wish {
    name: String,
    #[serde(default)]
    stop: Value,
    outputfunc_name: Option<String>,
    category: Option<String>,
}

fn monitor(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let wish: Wish = read(given)?;
    if truth(&wish.stop) == Some(true) {
        stop(world, session, &wish);
        return Ok(());
    }
    let outputfunc_name = wish.outputfunc_name.unwrap_or_else(|| "monitor".to_owned());
    let fits = |label: &str| label.len() <= LABEL_LIMIT;
    if !is_outputfunc_name(&outputfunc_name) || !wish.category.as_deref().is_none_or(fits) {
        return Err(unreadable("monitor was given an outputfunc_name or category that can't be used"));
    }
    let asker = world.asker(session);
    if asker.puppet.is_none() {
        return Err(unreadable("monitor looks at a character, and you have none now"));
    }
    let told = Told::Monitor {
        outputfunc_name: outputfunc_name.into(),
        category: wish.category.map(String::into_boxed_str),
    };
    let mut new = Monitor::new(&wish.name, told, None);
    // It speaks of changes, so it begins with what is there now.
    new.known = world.monitored_value(session, &new);
    if new.known.is_none() {
        let known = world.game.values.monitorable.names().join(", ");
        return Err(unreadable(format!("monitor knows {known}, not {:?}", wish.name)));
    }
    world.add_monitors(session, vec![new])
}

/// Text and prompts are for what the game says.
fn is_outputfunc_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    (1..=LABEL_LIMIT).contains(&name.len()) && name.chars().all(letter) && !["text", "prompt"].contains(&name)
}

fn unmonitor(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    stop(world, session, &read(given)?);
    Ok(())
}

/// Without a category, every monitor of the name.
fn stop(world: &mut World, session: SessionId, wish: &Wish) {
    let key = values::key(&wish.name);
    world.remove_monitors(session, |monitor| match &monitor.told {
        Told::Monitor { category, .. } => {
            monitor.key == key && (wish.category.is_none() || wish.category.as_deref() == category.as_deref())
        }
        _ => false,
    });
}

fn monitored(world: &mut World, session: SessionId, _given: CommandTuple) -> Result {
    let Some(from) = world.session(session) else { return Ok(()) };
    let mut answer = tuple("monitored");
    for monitor in from.monitors.iter() {
        if let Told::Monitor { outputfunc_name, category } = &monitor.told {
            let mut one = json!({ "name": monitor.name, "outputfunc_name": outputfunc_name });
            if let Some(category) = category {
                one["category"] = json!(category);
            }
            answer = answer.arg(one);
        }
    }
    world.msg(session, answer);
    Ok(())
}
