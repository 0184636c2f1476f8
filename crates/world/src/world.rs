//! The world: all objects, accounts and sessions, owned by one thread and lent to commands and hooks.
//!
//! The Server hands it link messages, job results and the time, and after each step takes what came of
//! it: messages for the Portal, changes for the store, jobs. The world itself does no input or output.

use std::{
    collections::{BTreeMap, HashMap},
    ops::{Index, IndexMut},
    sync::Arc,
};

use meadow_link::{SessionId, Time, ToPortal, ToServer};

use crate::{
    Account, AccountId, Batch, Job, JobId, JobResult, Object, ObjectId, Result, Stop,
    api::Switches,
    bugs::log_bug,
    census::Census,
    changes::Changes,
    channels::ChannelIndex,
    cmdhandler::{BROKEN, Merged},
    guests::Guests,
    inputfuncs::{monitor::Observers, repeat::RepeatTimes},
    linkdead::Linkdead,
    logins::Logins,
    monitors::Monitors,
    oob::Surroundings,
    pages::PageIndex,
    prototypes::PrototypeKeys,
    records::Records,
    schedule::Schedule,
    sessionhandler::ServerSessionHandler,
    setup::Registry,
    signals::Events,
    throttle::Throttle,
    timing::Timing,
    web_logins::WebLogins,
};

type Continuation = Box<dyn FnOnce(&mut World, JobResult)>;

/// All of the game's state.
///
/// What may be gone is asked for by [`World::object`]; what must be there is `world[id]`. Changes are stored by
/// themselves. Methods that name, move, show or destroy an object panic where it is gone, as `world[id]` does: that ends
/// the command as a bug, and the game goes on.
///
/// ```
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let rose = world.create(NewObject { key: "rose", ..NewObject::default() })?;
/// world[rose].db.set("thorns", 7)?;
/// let thorns: u32 = world[rose].db.get("thorns").unwrap_or(0);
/// assert_eq!(thorns, 7);
///
/// world.destroy(rose)?;
/// assert!(world.object(rose).is_none());
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub struct World {
    pub(crate) game: Arc<Registry>,
    pub(crate) now: Time,
    pub(crate) started: Time,

    pub(crate) objects: Vec<Option<Box<Object>>>,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) keys: HashMap<Box<str>, Vec<ObjectId>>,
    pub(crate) tagged: HashMap<crate::Tag, Vec<ObjectId>>,
    pub(crate) account_names: HashMap<Box<str>, AccountId>,
    pub(crate) records: Records,
    pub(crate) channels: ChannelIndex,
    pub(crate) pages: PageIndex,
    pub(crate) prototype_keys: PrototypeKeys,
    pub(crate) config: BTreeMap<String, String>,
    /// The body by which the game itself runs a batch: it passes every lock.
    pub(crate) superuser_body: Option<ObjectId>,

    pub(crate) sessions: ServerSessionHandler,
    /// Sessions of which it may have changed whether what is typed is to be seen.
    pub(crate) veils: Vec<SessionId>,
    pub(crate) merged: Merged,
    pub(crate) schedule: Schedule,
    pub(crate) timing: Timing,
    pub(crate) failed_logins: Throttle,
    pub(crate) creations: Throttle,
    /// How often strangers were told that the name is taken which they want for a new account.
    pub(crate) taken_names: Throttle,
    /// How often those were refused who called functions of the API that are not for them.
    pub(crate) refusals: Throttle,
    pub(crate) logins: Logins,
    pub(crate) web_logins: WebLogins,
    pub(crate) switches: Switches,
    pub(crate) observers: Observers,
    pub(crate) monitors: Monitors,
    pub(crate) events: Events,
    pub(crate) surroundings: Surroundings,
    pub(crate) repeats: RepeatTimes,

    pub(crate) waiting: HashMap<JobId, (Option<SessionId>, Continuation)>,
    pub(crate) next_job: u64,
    pub(crate) jobs: Vec<(JobId, Job)>,
    pub(crate) out: Vec<ToPortal>,
    pub(crate) done: Vec<(SessionId, u64)>,
    pub(crate) changes: Changes,
    pub(crate) census: Census,
    /// The line that was run last, for whoever watches how long things take.
    pub(crate) last_command: String,
    /// How many commands of `execute_cmd` are being done, one within the other.
    pub(crate) nesting: usize,
    /// What the store said of inputs that are part of it; told to the Portal at the sync.
    pub(crate) applied: Vec<(SessionId, u64)>,
    /// Bodies whose players have lost their links.
    pub(crate) linkdead: Linkdead,
    pub(crate) guests: Guests,
    /// Who passes by which exit, while they do.
    pub(crate) passing: Option<(ObjectId, ObjectId)>,
}

/// What came of a step.
#[derive(Debug, Default)]
pub struct Step {
    /// Messages for the Portal, in order. They may leave when `batch` is stored.
    pub out: Vec<ToPortal>,
    /// What has changed; empty if nothing has.
    pub batch: Batch,
    /// Work to be done elsewhere.
    pub jobs: Vec<(JobId, Job)>,
}

impl World {
    /// The time of this step. It stands still while a command runs.
    pub fn now(&self) -> Time {
        self.now
    }

    /// When this Server started.
    pub fn started(&self) -> Time {
        self.started
    }

    /// The command that was run last, with its line; secrets are masked. The Server watches how long a step takes,
    /// and names this when it was too long.
    pub fn last_command(&self) -> &str {
        &self.last_command
    }

    /// The rules and registrations of the game.
    pub fn game(&self) -> &Registry {
        &self.game
    }
}

/// What a Server does with a world, step by step. Games never do; their tests have `TestGame`, which does it for them.
impl World {
    /// Takes in a message of the Portal.
    pub fn handle(&mut self, now: Time, message: ToServer) {
        self.set_now(now);
        match message {
            ToServer::Sync { mode, sessions, .. } => self.sync(mode, sessions),
            ToServer::Connect(sync) => self.connect(sync),
            ToServer::Update(sync) => self.update(sync),
            ToServer::Disconnect(id) => {
                self.link_lost(id);
                self.forget_session(id);
            }
            ToServer::DisconnectAll => {
                for id in self.sessions.ids() {
                    self.disconnected(id, "");
                    self.forget_session(id);
                }
            }
            ToServer::Input { session, seq, tuple } => self.input(session, seq, tuple),
            ToServer::Stop(mode) => {
                self.stop_timing(mode);
                self.stop(mode);
            }
            ToServer::Control { id, request } => self.control(id, request),
            ToServer::Authenticate { id, address, name, credentials } => {
                self.authenticate_client(id, &address, &name, credentials);
            }
            ToServer::Api(question) => self.answer_question(question),
            ToServer::Inspected { asker, sessions } => self.inspected(asker, &sessions),
            ToServer::Services { asker, services } => self.services_listed(asker, &services),
            // Those are the Server's, which does not bring it here.
            ToServer::SwitchService { .. } => {}
            ToServer::Switched { asker, name, wish, refused } => {
                self.service_switched(asker, &name, wish, refused.as_deref());
            }
        }
        self.run_events();
    }

    /// A job is done.
    pub fn job_done(&mut self, now: Time, id: JobId, result: JobResult) {
        self.set_now(now);
        let Some((session, continuation)) = self.waiting.remove(&id) else { return };
        let ended = self.guarded("the end of a job", |world| continuation(world, result));
        if let Some(session) = session {
            self.tell_end(session, ended.map(Ok));
            // What has happened by now comes before what the player typed meanwhile.
            self.run_events();
            self.resume(session, id);
        }
        self.run_events();
    }

    /// Does what has become due.
    pub fn advance(&mut self, now: Time) {
        self.set_now(now);
        self.run_due();
        self.run_repeats();
        self.run_timing();
        self.run_events();
    }

    /// When [`World::advance`] wants to be called next.
    pub fn next_at(&self) -> Option<Time> {
        let repeat = self.repeats.first().map(|(at, ..)| *at);
        self.schedule
            .next_at()
            .into_iter()
            .chain(repeat)
            .chain(self.timing.next_at())
            .chain(self.census.next_at())
            .min()
    }

    /// Whether jobs are out whose ends are waited for.
    pub fn has_jobs(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Takes what came of all since the last call.
    pub fn take_step(&mut self) -> Step {
        // A panic may have kept it from its end.
        self.passing = None;
        // Of a visit of a service, or of the world's first day.
        self.run_events();
        self.run_monitors();
        self.run_events();
        self.tell_surroundings();
        self.tell_monitors();
        self.run_census();
        self.settle_secrets();
        self.keep_sessions();
        let mut out = std::mem::take(&mut self.out);
        let done = std::mem::take(&mut self.done);
        let batch = self.take_batch(&done);
        if !batch.is_empty() {
            self.census.changed();
        }
        if !done.is_empty() {
            out.push(ToPortal::Acks(done));
        }
        Step { out, batch, jobs: std::mem::take(&mut self.jobs) }
    }
}

/// Slow work, and what there is by number or name.
impl World {
    /// Has something done off the world's thread; `then` is called with what came of it, unless the job is
    /// [cancelled](World::cancel_job) by its id.
    pub fn job(&mut self, job: Job, then: impl FnOnce(&mut World, JobResult) + 'static) -> JobId {
        let id = self.next_job_id();
        self.start_job(id, None, job, Box::new(then));
        id
    }

    /// As [`World::job`], and the session's next input waits for the end of it.
    pub fn job_of(
        &mut self,
        session: SessionId,
        job: Job,
        then: impl FnOnce(&mut World, JobResult) + 'static,
    ) -> JobId {
        let id = self.next_job_id();
        self.start_job(id, Some(session), job, Box::new(then));
        if let Some(session) = self.session_mut(session) {
            session.busy = Some(id);
        }
        id
    }

    /// Nobody wants to know any more what comes of a job: what was to follow it does not, and a session that waited for it
    /// goes on with the next step. Work that has begun is not interrupted. False if the job is done, or was cancelled.
    ///
    /// ```
    /// # use meadow_world::{Job, Secret, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let password = Secret("correct horse".to_owned());
    /// let hashing = world.job(Job::HashPassword { password }, |world, _| world.set_config("hashed", "yes"));
    /// assert!(world.cancel_job(hashing));
    /// assert!(!world.cancel_job(hashing) && !world.has_jobs());
    /// ```
    pub fn cancel_job(&mut self, id: JobId) -> bool {
        let Some((session, _)) = self.waiting.remove(&id) else { return false };
        self.jobs.retain(|(job, _)| *job != id);
        if let Some(session) = session {
            self.after(std::time::Duration::ZERO, move |world| world.resume(session, id));
        }
        true
    }

    pub(crate) fn next_job_id(&mut self) -> JobId {
        self.next_job += 1;
        JobId(self.next_job)
    }

    pub(crate) fn start_job(&mut self, id: JobId, session: Option<SessionId>, job: Job, then: Continuation) {
        self.waiting.insert(id, (session, then));
        self.jobs.push((id, job));
    }

    /// Tells a session how something ended that was done for it: what it was to hear, or only that something broke
    /// (a bug, which is logged here, or a panic, which has been).
    pub(crate) fn tell_end(&mut self, session: SessionId, ended: Option<Result>) {
        match ended {
            Some(Ok(())) => {}
            Some(Err(Stop::Say(told))) => self.msg(session, told),
            Some(Err(Stop::Bug(bug))) => {
                log_bug("what was done for a session", self.doer(session), &bug);
                self.msg(session, BROKEN);
            }
            None => self.msg(session, BROKEN),
        }
    }

    pub(crate) fn set_now(&mut self, now: Time) {
        self.now = self.now.max(now);
    }

    /// An object, if there is one of this number.
    pub fn object(&self, id: ObjectId) -> Option<&Object> {
        self.objects.get(usize::try_from(id.0).ok()?)?.as_deref()
    }

    /// As [`World::object`], and it will be stored.
    pub fn object_mut(&mut self, id: ObjectId) -> Option<&mut Object> {
        let object = self.objects.get_mut(usize::try_from(id.0).ok()?)?.as_deref_mut()?;
        if !object.dirty {
            object.dirty = true;
            self.changes.objects.push(id);
        }
        Some(object)
    }

    /// As [`World::object_mut`], for what is not stored.
    pub(crate) fn object_unstored(&mut self, id: ObjectId) -> Option<&mut Object> {
        self.objects.get_mut(usize::try_from(id.0).ok()?)?.as_deref_mut()
    }

    /// Whether there is an object of this number.
    pub fn exists(&self, id: ObjectId) -> bool {
        self.object(id).is_some()
    }

    /// All objects, by number.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.objects.iter().flatten().map(|object| &**object)
    }

    /// An account, if there is one of this number.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// As [`World::account`], and it will be stored.
    pub fn account_mut(&mut self, id: AccountId) -> Option<&mut Account> {
        let account = self.accounts.get_mut(&id)?;
        if !account.dirty {
            account.dirty = true;
            self.changes.accounts.push(id);
        }
        Some(account)
    }

    /// All accounts.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// The account of this name, whatever the case.
    pub fn account_named(&self, name: &str) -> Option<AccountId> {
        self.account_names.get(name.to_lowercase().as_str()).copied()
    }

    /// A value of the world's own, by name.
    pub fn config(&self, name: &str) -> Option<&str> {
        self.config.get(name).map(String::as_str)
    }

    /// Sets a value of the world's own, which is stored.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// world.set_config("season", "autumn");
    /// assert_eq!(world.config("season"), Some("autumn"));
    /// ```
    pub fn set_config(&mut self, name: &str, value: impl Into<String>) {
        self.config.insert(name.to_owned(), value.into());
        self.changes.config.push(name.to_owned());
    }

    /// Where new characters begin.
    pub fn start_location(&self) -> Option<ObjectId> {
        let id = ObjectId(self.config("start_location")?.parse().ok()?);
        self.exists(id).then_some(id)
    }

    /// Sets where new characters begin.
    pub fn set_start_location(&mut self, room: ObjectId) {
        self.set_config("start_location", room.0.to_string());
    }
}

/// `world[id]`: panics if there is no such object, which ends the command as a bug. What may be gone is
/// asked for by [`World::object`].
impl Index<ObjectId> for World {
    type Output = Object;

    fn index(&self, id: ObjectId) -> &Object {
        self.object(id).unwrap_or_else(|| panic!("there is no object {id}"))
    }
}

/// Marks the object to be stored.
impl IndexMut<ObjectId> for World {
    fn index_mut(&mut self, id: ObjectId) -> &mut Object {
        self.object_mut(id).unwrap_or_else(|| panic!("there is no object {id}"))
    }
}

/// `world[account]`: panics if there is no such account.
impl Index<AccountId> for World {
    type Output = Account;

    fn index(&self, id: AccountId) -> &Account {
        self.account(id).unwrap_or_else(|| panic!("there is no {id}"))
    }
}

/// Marks the account to be stored.
impl IndexMut<AccountId> for World {
    fn index_mut(&mut self, id: AccountId) -> &mut Account {
        self.account_mut(id).unwrap_or_else(|| panic!("there is no {id}"))
    }
}
