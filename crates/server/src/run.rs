//! The Server's loop: link messages, job results, commits and timers go into the world, one after the other, and
//! what comes of them goes out, to the link when it is stored.

use std::{collections::VecDeque, path::PathBuf};

use meadow_link::{Kwargs, RestartMode, Time, ToPortal, ToServer};
use meadow_world::{JobId, JobResult, Rules, StandbyWorld, Store, World, WorldBuilder};
use serde_json::json;
use tokio::sync::mpsc;

use crate::{
    ServerError,
    clock::Clock,
    jobs::JobPool,
    link::Link,
    panics,
    services::{Happened, RunningServices, ServerServices},
    store::{SqliteStore, Standby, StoreReport, StoreThread},
};

/// How long a Server that stops waits for the jobs that are still out.
const JOBS_PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
/// How long a Server that stops waits for its services to end: somewhat longer than each of them has.
const SERVICES_PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
/// How long a new Server waits for the old one to let go of the database.
const DATABASE_PATIENCE: std::time::Duration = std::time::Duration::from_secs(2);

/// What a Server has to know.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where the Portal listens.
    pub link_socket: PathBuf,
    /// The shared secret of the link, where it has one.
    pub token: Option<String>,
    /// The database's file.
    pub database: PathBuf,
    /// The folder of batches: files that developers build from.
    pub batches: PathBuf,
    /// What the game is called.
    pub game_name: String,
    /// What the operator has set of the world's rules.
    pub rules: Rules,
    /// Version of the program, as the Portal shows it.
    pub version: String,
}

/// Runs a Server until the Portal stops it or is gone.
///
/// # Errors
/// The Portal can't be reached or speaks another version, the database can't be used, or a commit failed:
/// then nothing that players have been told is lost, because they are told only what is stored.
pub fn run(
    config: &ServerConfig,
    setup: fn(&mut WorldBuilder),
    services: ServerServices,
) -> Result<(), ServerError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    panics::watched(|| runtime.block_on(serve(config, setup, services)))
}

async fn serve(
    config: &ServerConfig,
    setup: fn(&mut WorldBuilder),
    services: ServerServices,
) -> Result<(), ServerError> {
    let clock = Clock::start();
    // Another Server may be running the game meanwhile, so this may take its time.
    let standby = stand_by(config, setup, &clock)?;
    let mut link = Link::connect(&config.link_socket, config.token.clone(), &config.version).await?;
    link.write(&ToPortal::Sync { pid: std::process::id(), info: info(config) });
    link.flush_all().await?;

    // From here on this Server stands by: another may still be running. The database is opened only when the
    // Portal hands over the sessions.
    let Some(sync) = first_message(&mut link).await? else { return Ok(()) };
    let mut store = SqliteStore::open_within(&config.database, DATABASE_PATIENCE)?;
    let ready = match standby {
        Some(standby) => catch_up(&mut store, standby)?,
        None => None,
    };
    let ready = match ready {
        Some(ready) => ready,
        None => builder(config, setup).prepare(store.load()?, clock.now()),
    };
    let mut world = ready.start(clock.now()).map_err(ServerError::World)?;
    world.handle(clock.now(), sync);

    let (reports, reported) = mpsc::unbounded_channel();
    let (results, done) = mpsc::unbounded_channel();
    let store = StoreThread::spawn(Box::new(store), move |report| drop(reports.send(report)))?;
    let jobs = JobPool::new(config.batches.clone(), move |id, result| drop(results.send((id, result))))?;
    let services = RunningServices::start(services)?;
    // Before it is ready, so that they are in the list that is shown at the start.
    link.write(&ToPortal::Services(services.statuses()));
    let mut server = Server {
        clock,
        world,
        link,
        store,
        jobs,
        services,
        epoch: 0,
        committed: 0,
        held: VecDeque::new(),
        reported,
        done,
    };
    server.settle()?;
    server.run().await
}

/// Reads the world while another Server may still change it, with what is needed to learn of those changes.
fn stand_by(
    config: &ServerConfig,
    setup: fn(&mut WorldBuilder),
    clock: &Clock,
) -> Result<Option<(StandbyWorld, Standby)>, ServerError> {
    let Some((snapshot, standby)) = SqliteStore::stand_by(&config.database)? else { return Ok(None) };
    Ok(Some((builder(config, setup).prepare(snapshot, clock.now()), standby)))
}

/// Has a world that was read beside another Server take in what that one has changed since. None, if it has to be read
/// again.
fn catch_up(
    store: &mut SqliteStore,
    (world, standby): (StandbyWorld, Standby),
) -> Result<Option<StandbyWorld>, ServerError> {
    let Some(since) = store.since(&standby)? else {
        tracing::info!("it is not known what has changed since the world was read; it is read again");
        return Ok(None);
    };
    let rows = since.rows() - since.config.len();
    let caught_up = world.catch_up(since);
    match &caught_up {
        Some(_) => tracing::debug!(rows, "the world was read beforehand, and these rows again"),
        None => tracing::info!(rows, "what has changed since does not fit; the world is read again"),
    }
    Ok(caught_up)
}

/// A world builder with the game's registrations and the operator's rules.
pub(crate) fn builder(config: &ServerConfig, setup: fn(&mut WorldBuilder)) -> WorldBuilder {
    let mut builder = WorldBuilder::new(&config.game_name);
    setup(&mut builder);
    builder.rules(config.rules.clone()).panic_reports(panics::take);
    builder
}

fn info(config: &ServerConfig) -> Kwargs {
    let mut info = Kwargs::new();
    info.insert("servername".into(), json!(config.game_name));
    info.insert("version".into(), json!(config.version));
    info.insert("database".into(), json!(config.database));
    info
}

async fn first_message(link: &mut Link) -> Result<Option<ToServer>, ServerError> {
    loop {
        if let Some(message) = link.next()? {
            return Ok(Some(message));
        }
        link.wait().await?;
        if !link.read()? {
            return Ok(None);
        }
        link.flush()?;
    }
}

struct Server {
    clock: Clock,
    world: World,
    link: Link,
    store: StoreThread,
    jobs: JobPool,
    services: RunningServices,
    /// The last batch that was handed to the store, and the last that is stored.
    epoch: u64,
    committed: u64,
    /// Messages that wait for a batch to be stored, in order.
    held: VecDeque<(u64, Vec<ToPortal>)>,
    reported: mpsc::UnboundedReceiver<StoreReport>,
    done: mpsc::UnboundedReceiver<(JobId, JobResult)>,
}

/// What woke the loop.
enum Event {
    Link,
    Report(Option<StoreReport>),
    Job(Option<(JobId, JobResult)>),
    Timer,
    Service(Happened),
}

impl Server {
    async fn run(mut self) -> Result<(), ServerError> {
        loop {
            self.link.flush()?;
            match self.next_event().await? {
                Event::Link => {
                    if !self.link.read()? {
                        tracing::info!("the Portal is gone: this Server ends");
                        return self.end().await;
                    }
                    while let Some(message) = self.link.next()? {
                        match message {
                            ToServer::Stop(mode) => return self.stop(mode).await,
                            ToServer::SwitchService { asker, name, wish } => {
                                let answer = self.services.switch(asker, name, wish);
                                self.services_changed(answer);
                            }
                            message => self.watched(|world, now| world.handle(now, message)),
                        }
                    }
                }
                Event::Report(report) => self.stored(report)?,
                Event::Job(Some((id, result))) => self.watched(|world, now| world.job_done(now, id, result)),
                Event::Job(None) => return Err(ServerError::World("the job pool is gone".into())),
                Event::Timer => self.watched(World::advance),
                Event::Service(happened) => self.attend(happened),
            }
            self.settle()?;
        }
    }

    async fn next_event(&mut self) -> Result<Event, ServerError> {
        let timer = self.world.next_at().map(|at| self.clock.instant(at));
        let sleep = async {
            match timer {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let (link, services) = (&self.link, &mut self.services);
        // Neither has to wait for the other to fall silent.
        let heard = async {
            tokio::select! {
                ready = link.wait() => ready.map(|()| Event::Link).map_err(ServerError::from),
                happened = services.next() => Ok(Event::Service(happened)),
            }
        };
        tokio::select! {
            biased;
            report = self.reported.recv() => Ok(Event::Report(report)),
            result = self.done.recv() => Ok(Event::Job(result)),
            () = sleep => Ok(Event::Timer),
            heard = heard => heard,
        }
    }

    /// Lets a service visit the world, or tells the Portal of one that has ended.
    fn attend(&mut self, happened: Happened) {
        match happened {
            Happened::Visit(visit) => {
                self.watched(|world, now| world.visited(now, &visit.service, visit.action));
            }
            Happened::Ended(answer) => self.services_changed(answer.map(|answer| *answer)),
        }
    }

    /// Tells the Portal how the services are, and after that whoever has changed it.
    fn services_changed(&mut self, answer: Option<ToServer>) {
        self.link.write(&ToPortal::Services(self.services.statuses()));
        if let Some(answer) = answer {
            self.watched(|world, now| world.handle(now, answer));
        }
    }

    /// Has the world do something, and says so in the log if everybody had to wait for it.
    fn watched(&mut self, step: impl FnOnce(&mut World, Time)) {
        let begun = self.clock.now();
        step(&mut self.world, begun);
        let took = self.clock.now().since(begun);
        if took > self.world.game().rules().command_budget {
            let last = self.world.last_command();
            tracing::warn!("everybody waited {} ms; what was run last is {last}", took.as_millis());
        }
    }

    /// Hands out what came of a step: changes to the store, jobs to the pool, messages to the link.
    fn settle(&mut self) -> Result<(), ServerError> {
        let step = self.world.take_step();
        for (id, job) in step.jobs {
            self.jobs.submit(id, job);
        }
        if !step.batch.is_empty() {
            self.epoch += 1;
            // If it has stopped, its last report says why.
            let _ = self.store.submit(self.epoch, step.batch);
        }
        if self.epoch == self.committed {
            step.out.iter().for_each(|message| self.link.write(message));
        } else if !step.out.is_empty() {
            // It may tell of changes that are not stored yet, its own or those of an earlier step.
            self.held.push_back((self.epoch, step.out));
        }
        Ok(())
    }

    fn stored(&mut self, report: Option<StoreReport>) -> Result<(), ServerError> {
        match report {
            Some(StoreReport::Committed { epoch }) => self.committed = epoch,
            Some(StoreReport::Failed { error }) => return Err(ServerError::Store(error)),
            None => return Err(ServerError::World("the store's thread is gone".into())),
        }
        while self.held.front().is_some_and(|(epoch, _)| *epoch <= self.committed) {
            let Some((_, messages)) = self.held.pop_front() else { break };
            messages.iter().for_each(|message| self.link.write(message));
        }
        Ok(())
    }

    /// Finishes what was begun, hands the sessions over, and ends.
    async fn stop(mut self, mode: RestartMode) -> Result<(), ServerError> {
        self.settle()?;
        self.stop_services().await?;
        // A login that is being checked is a typed line that is not answered yet.
        let deadline = tokio::time::Instant::now() + JOBS_PATIENCE;
        while self.world.has_jobs() {
            match tokio::time::timeout_at(deadline, self.done.recv()).await {
                Ok(Some((id, result))) => self.world.job_done(self.clock.now(), id, result),
                Ok(None) | Err(_) => break,
            }
            self.settle()?;
        }
        self.world.handle(self.clock.now(), ToServer::Stop(mode));
        self.settle()?;
        self.end().await
    }

    /// Waits until the services have ended, and lets them visit the world once more for it.
    async fn stop_services(&mut self) -> Result<(), ServerError> {
        self.services.tell_to_stop();
        let deadline = tokio::time::Instant::now() + SERVICES_PATIENCE;
        while self.services.any_runs() {
            match tokio::time::timeout_at(deadline, self.services.next()).await {
                Ok(happened) => self.attend(happened),
                Err(_) => {
                    tracing::warn!("a service did not end when it was told to; it is left behind");
                    break;
                }
            }
            self.settle()?;
        }
        Ok(())
    }

    /// Waits until everything is stored and told.
    async fn end(mut self) -> Result<(), ServerError> {
        while self.committed < self.epoch {
            let report = self.reported.recv().await;
            self.stored(report)?;
        }
        // The Portal may be gone already; what is stored is stored.
        let _ = self.link.flush_all().await;
        self.store.finish();
        Ok(())
    }
}
