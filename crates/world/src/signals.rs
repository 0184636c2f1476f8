//! Signals: what happens in the world, told to whatever a game has registered for it (Evennia's signals). Whoever makes
//! it happen says [`World::emit`]; receivers are called at the end of the step, one event after the other.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use meadow_link::SessionId;
use serde_json::Value;

use crate::{AccountId, ObjectId, Record, World, WorldBuilder};

/// How many events one may bring about that bring about others.
pub const EVENT_DEPTH: usize = 10;
/// How many events a step may have that somebody receives.
pub const EVENTS_PER_STEP: usize = 100_000;

/// What can be received.
///
/// ```
/// use meadow_link::Time;
/// use meadow_world::{Event, NewObject, Signal, Snapshot, WorldBuilder};
///
/// let mut builder = WorldBuilder::new("A Game");
/// builder.on(Signal::ObjectCreate, |world, event| {
///     if let Event::ObjectCreate { object } = event {
///         world.add_tag(*object, "new", "");
///     }
/// });
/// let mut world = builder.load(Snapshot::default(), Time::default()).unwrap();
///
/// let rose = world.create(NewObject { key: "rose", ..NewObject::default() }).unwrap();
/// assert!(!world[rose].has_tag("new"), "receivers are called at the end of the step");
/// world.take_step();
/// assert!(world[rose].has_tag("new"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Signal {
    /// An account was made.
    AccountCreate,
    /// An account was given another name.
    AccountRename,
    /// An account was logged in to for the first time; [`Signal::AccountLogin`] follows.
    AccountFirstLogin,
    /// An account was logged in to.
    AccountLogin,
    /// Somebody gave a name and a password that do not fit.
    AccountLoginFail,
    /// A session of an account has ended.
    AccountLogout,
    /// The last session of an account has ended; it follows [`Signal::AccountLogout`].
    AccountLastLogout,
    /// An object was made.
    ObjectCreate,
    /// An object was given another name.
    ObjectRename,
    /// A session has taken an object as its body.
    ObjectPuppet,
    /// A session has left its body.
    ObjectUnpuppet,
    /// Somebody has gone through an exit.
    ExitTraverse,
    /// A record of this kind was made: Evennia's signals of scripts, channels and help entries.
    RecordCreate(&'static str),
    /// A game's own, by name.
    Custom(&'static str),
}

/// What has happened. By the time that it is received, what it speaks of may be gone again.
///
/// ```
/// use meadow_world::{Event, Signal, World, WorldBuilder};
///
/// fn announce(world: &mut World, event: &Event) {
///     if let Event::Custom { data, .. } = event {
///         world.msg_all(format!("The {} has begun.", data.as_str().unwrap_or("feast")));
///     }
/// }
///
/// # let mut builder = WorldBuilder::new("A Game");
/// builder.on(Signal::Custom("feast"), announce);
/// # let mut world = builder.load(Default::default(), Default::default()).expect("it loads");
/// world.emit(Event::Custom { name: "feast", data: "harvest festival".into() });
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields are what their names say, and the signals say the rest")]
#[non_exhaustive]
pub enum Event {
    /// See [`Signal::AccountCreate`].
    AccountCreate { account: AccountId },
    /// See [`Signal::AccountRename`]; `before` is the old name.
    AccountRename { account: AccountId, before: String },
    /// See [`Signal::AccountFirstLogin`].
    AccountFirstLogin { account: AccountId, session: SessionId },
    /// See [`Signal::AccountLogin`].
    AccountLogin { account: AccountId, session: SessionId },
    /// See [`Signal::AccountLoginFail`]. There is no account if the name is nobody's, and no session if the client
    /// logs in before it has one. The name itself is not told: people type their password there by mistake.
    AccountLoginFail { account: Option<AccountId>, session: Option<SessionId>, address: String },
    /// See [`Signal::AccountLogout`].
    AccountLogout { account: AccountId, session: SessionId },
    /// See [`Signal::AccountLastLogout`].
    AccountLastLogout { account: AccountId, session: SessionId },
    /// See [`Signal::ObjectCreate`].
    ObjectCreate { object: ObjectId },
    /// See [`Signal::ObjectRename`]; `before` is the old name.
    ObjectRename { object: ObjectId, before: String },
    /// See [`Signal::ObjectPuppet`].
    ObjectPuppet { object: ObjectId, session: SessionId },
    /// See [`Signal::ObjectUnpuppet`].
    ObjectUnpuppet { object: ObjectId, session: SessionId },
    /// See [`Signal::ExitTraverse`].
    ExitTraverse { exit: ObjectId, traveller: ObjectId },
    /// See [`Signal::RecordCreate`]; `id` is its number among those of its kind.
    RecordCreate { kind: &'static str, id: u64 },
    /// See [`Signal::Custom`]; `data` is whatever the sender has to tell.
    Custom { name: &'static str, data: Value },
}

impl Event {
    /// The signal by which it is received.
    pub fn signal(&self) -> Signal {
        match self {
            Event::AccountCreate { .. } => Signal::AccountCreate,
            Event::AccountRename { .. } => Signal::AccountRename,
            Event::AccountFirstLogin { .. } => Signal::AccountFirstLogin,
            Event::AccountLogin { .. } => Signal::AccountLogin,
            Event::AccountLoginFail { .. } => Signal::AccountLoginFail,
            Event::AccountLogout { .. } => Signal::AccountLogout,
            Event::AccountLastLogout { .. } => Signal::AccountLastLogout,
            Event::ObjectCreate { .. } => Signal::ObjectCreate,
            Event::ObjectRename { .. } => Signal::ObjectRename,
            Event::ObjectPuppet { .. } => Signal::ObjectPuppet,
            Event::ObjectUnpuppet { .. } => Signal::ObjectUnpuppet,
            Event::ExitTraverse { .. } => Signal::ExitTraverse,
            Event::RecordCreate { kind, .. } => Signal::RecordCreate(kind),
            Event::Custom { name, .. } => Signal::Custom(name),
        }
    }
}

type Receive = Arc<dyn Fn(&mut World, &Event) + Send + Sync>;

/// Who is told of what.
pub(crate) type Receivers = HashMap<Signal, Vec<Receive>>;

/// Events that wait for the end of the step.
#[derive(Default)]
pub(crate) struct Events {
    /// With how many events have brought about each.
    queue: VecDeque<(usize, Event)>,
    /// How deep the event is that is being received; 0 outside of that.
    depth: usize,
    /// How many the step has had.
    count: usize,
}

impl WorldBuilder {
    /// Has something called whenever something happens. Several receivers of one signal are called in the order in
    /// which they were registered.
    pub fn on(
        &mut self,
        signal: Signal,
        receive: impl Fn(&mut World, &Event) + Send + Sync + 'static,
    ) -> &mut Self {
        self.game.receivers.entry(signal).or_default().push(Arc::new(receive));
        self
    }

    /// As [`WorldBuilder::on`], for new records of a kind.
    ///
    /// ```
    /// # use meadow_world::{HelpEntry, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game");
    /// world.on_new::<HelpEntry>(|world, id| {
    ///     if let Some(entry) = world.record::<HelpEntry>(id) {
    ///         let told = format!("There is help on {} now.", entry.key);
    ///         world.msg_all(told);
    ///     }
    /// });
    /// ```
    pub fn on_new<R: Record>(
        &mut self,
        receive: impl Fn(&mut World, R::Id) + Send + Sync + 'static,
    ) -> &mut Self {
        self.on(Signal::RecordCreate(R::KIND), move |world, event| {
            if let Event::RecordCreate { id, .. } = event {
                receive(world, R::Id::from(*id));
            }
        })
    }
}

/// Saying that something has happened.
impl World {
    /// Says that something has happened; its receivers are called at the end of the step. One that nobody receives
    /// costs nothing. What goes deeper than [`EVENT_DEPTH`], or beyond [`EVENTS_PER_STEP`], is logged and left out:
    /// receivers that bring about each other must not keep everybody waiting for ever.
    pub fn emit(&mut self, event: Event) {
        if self.game.receivers.is_empty() || !self.game.receivers.contains_key(&event.signal()) {
            return;
        }
        if self.events.depth >= EVENT_DEPTH {
            tracing::error!("{event:?} is left out: {EVENT_DEPTH} events have brought about each other");
            return;
        }
        self.events.count += 1;
        match self.events.count {
            ..=EVENTS_PER_STEP => self.events.queue.push_back((self.events.depth + 1, event)),
            // Said once a step: the log must not grow with what is left out.
            count if count == EVENTS_PER_STEP + 1 => {
                tracing::error!(
                    "{event:?} and all after it are left out: a step has {EVENTS_PER_STEP} events"
                );
            }
            _ => {}
        }
    }

    /// Calls the receivers of all that has happened; what they bring about comes after it.
    pub(crate) fn run_events(&mut self) {
        while let Some((depth, event)) = self.events.queue.pop_front() {
            let game = self.game.clone();
            self.events.depth = depth;
            for receive in game.receivers.get(&event.signal()).into_iter().flatten() {
                self.guarded("a receiver of a signal", |world| receive(world, &event));
            }
        }
        (self.events.depth, self.events.count) = (0, 0);
    }
}
