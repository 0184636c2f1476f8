//! Services of a game's own in the Server: whatever is no client and is to go on beside the world, a timer or a
//! connection to another program. `run` starts them with the world, brings their visits to it, and stops them.
//!
//! They run on a thread of their own, so that neither waits for the other. One that breaks costs only itself.

use std::{
    any::Any,
    future::{Future, pending},
    pin::Pin,
    sync::Arc,
    thread,
    time::Duration,
};

use meadow_link::{ServiceEnd, ServiceState, ServiceStatus, ServiceWish, SessionId, ToServer};
use meadow_world::World;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::{JoinError, JoinSet},
};
use tracing::{error, info, warn};

/// Visits of all services that may wait for the world. Whoever has another one waits until there is room.
pub const WAITING_VISITS: usize = 256;
/// How long a service that is to end may take.
pub(crate) const SERVICES_PATIENCE: Duration = Duration::from_secs(2);

type Running = Pin<Box<dyn Future<Output = ServiceEnd> + Send>>;
type Start = Arc<dyn Fn(WorldHandle) -> Running + Send + Sync>;
type Action = Box<dyn FnOnce(&mut World) + Send>;

/// What a game adds to its Server.
///
/// ```
/// use meadow_server::{ServerServices, ServiceEnd, WorldHandle};
///
/// async fn chimes(world: WorldHandle) -> ServiceEnd {
///     loop {
///         tokio::select! {
///             () = world.stopping() => return Ok(()),
///             () = tokio::time::sleep(std::time::Duration::from_secs(3600)) => {}
///         }
///         world.run(|world| world.msg_all("A bell tolls.")).await?;
///     }
/// }
///
/// let services = ServerServices::new().service("chimes", chimes);
/// assert_eq!(services.names().collect::<Vec<_>>(), ["chimes"]);
/// ```
#[derive(Default)]
pub struct ServerServices {
    services: Vec<Service>,
}

struct Service {
    name: String,
    /// `None` for one that a setting keeps off.
    start: Option<Start>,
}

impl ServerServices {
    /// Nothing.
    pub fn new() -> ServerServices {
        ServerServices::default()
    }

    /// A service of this unique name. `start` is called when the world is loaded, and whenever somebody starts it again
    /// (`@service`); what it gives back is polled until
    /// it ends, and is to end by itself when [`WorldHandle::stopping`] says so. It must not block its thread.
    pub fn service<F>(
        mut self,
        name: impl Into<String>,
        start: impl Fn(WorldHandle) -> F + Send + Sync + 'static,
    ) -> ServerServices
    where
        F: Future<Output = ServiceEnd> + Send + 'static,
    {
        let start: Start = Arc::new(move |world| Box::pin(start(world)));
        self.services.push(Service { name: name.into(), start: Some(start) });
        self
    }

    /// The names of all, in the order in which they were added.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.services.iter().map(|service| service.name.as_str())
    }

    /// Keeps a service off: it is listed and not started.
    pub fn switch_off(&mut self, name: &str) {
        self.services
            .iter_mut()
            .filter(|service| service.name == name)
            .for_each(|service| service.start = None);
    }
}

/// What a service has of the game: the way to the world.
#[derive(Clone)]
pub struct WorldHandle {
    service: Arc<str>,
    visits: mpsc::Sender<Visit>,
    stop: watch::Receiver<bool>,
}

/// A visit did not come to its end: it panicked, which the log tells, or the Server has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the world did not do what the service wanted of it: that panicked, or the Server has ended")]
pub struct Lost;

impl WorldHandle {
    /// The name of the service.
    pub fn name(&self) -> &str {
        &self.service
    }

    /// Calls this on the world's thread, between two inputs, and gives back what it returns. It is one step: what it
    /// changes is stored, and what it says is told, as with a command; and like a command it must be quick, for
    /// everybody waits meanwhile.
    ///
    /// # Errors
    /// It panicked, or the Server has ended.
    pub async fn run<R: Send + 'static>(
        &self,
        visit: impl FnOnce(&mut World) -> R + Send + 'static,
    ) -> Result<R, Lost> {
        let (answer, answered) = oneshot::channel();
        // Whoever waited for the answer may have given up.
        let action: Action = Box::new(|world| drop(answer.send(visit(world))));
        let visit = Visit { service: Arc::clone(&self.service), action };
        self.visits.send(visit).await.map_err(|_| Lost)?;
        answered.await.map_err(|_| Lost)
    }

    /// Waits until the Server wants its services to end. They have a moment for it.
    pub async fn stopping(&self) {
        // If nobody can say so any more, the Server is gone.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }
}

/// What a service wants of the world.
pub(crate) struct Visit {
    pub(crate) service: Arc<str>,
    pub(crate) action: Action,
}

/// What comes from the services.
pub(crate) enum Happened {
    /// One visits the world.
    Visit(Visit),
    /// One has ended; the list is not what it was. Whoever stopped it is told so.
    Ended(Option<Box<ToServer>>),
}

/// The services of a Server that runs.
pub(crate) struct RunningServices {
    services: Vec<Own>,
    visits: mpsc::Receiver<Visit>,
    visitors: mpsc::Sender<Visit>,
    ended: mpsc::UnboundedReceiver<(usize, ServiceState)>,
    ends: mpsc::UnboundedSender<(usize, ServiceState)>,
    /// Where they run; none if there are none.
    thread: Option<Thread>,
}

/// One of them. Its number is its place in the list, so it stays there when it is deleted.
struct Own {
    name: Arc<str>,
    start: Option<Start>,
    state: ServiceState,
    deleted: bool,
    stop: watch::Sender<bool>,
    /// Who has told it to stop, and whether for good.
    asker: Option<(SessionId, ServiceWish)>,
}

/// A thread of their own, which ends when this is dropped.
struct Thread {
    runtime: tokio::runtime::Handle,
    _lives: oneshot::Sender<()>,
}

impl Thread {
    fn start() -> std::io::Result<Thread> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (lives, ends) = oneshot::channel();
        thread::Builder::new().name("services".to_owned()).spawn(move || {
            // That nobody holds the other end any more is how it is told.
            let _ = runtime.block_on(ends);
        })?;
        Ok(Thread { runtime: handle, _lives: lives })
    }
}

impl RunningServices {
    /// Starts those that are on.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(crate) fn start(services: ServerServices) -> std::io::Result<RunningServices> {
        let (visitors, visits) = mpsc::channel(WAITING_VISITS);
        let (ends, ended) = mpsc::unbounded_channel();
        let thread = services.services.iter().any(|service| service.start.is_some()).then(Thread::start);
        let own = |Service { name, start }: Service| Own {
            name: name.into(),
            start,
            state: ServiceState::Off,
            deleted: false,
            stop: watch::Sender::default(),
            asker: None,
        };
        let services: Vec<Own> = services.services.into_iter().map(own).collect();
        let mut running =
            RunningServices { services, visits, visitors, ended, ends, thread: thread.transpose()? };
        (0..running.services.len()).for_each(|number| running.begin(number));
        Ok(running)
    }

    /// Starts one, if it can be.
    fn begin(&mut self, number: usize) {
        let own = &mut self.services[number];
        let (Some(start), Some(thread)) = (&own.start, &self.thread) else { return };
        let stop = own.stop.subscribe();
        own.stop.send_replace(false);
        own.state = ServiceState::On;
        let world = WorldHandle { service: Arc::clone(&own.name), visits: self.visitors.clone(), stop };
        thread.runtime.spawn(attend(number, Arc::clone(start), world, self.ends.clone()));
    }

    /// How they are.
    pub(crate) fn statuses(&self) -> Vec<ServiceStatus> {
        let status = |own: &Own| ServiceStatus {
            name: own.name.as_ref().to_owned(),
            kind: "server".to_owned(),
            address: String::new(),
            state: own.state,
        };
        self.services.iter().filter(|own| !own.deleted).map(status).collect()
    }

    /// Does what is wanted of one of them. Gives back the answer, if it can be given already: whoever stops one is
    /// told when it has ended.
    pub(crate) fn switch(&mut self, asker: SessionId, name: String, wish: ServiceWish) -> Option<ToServer> {
        let answer = |refused| Some(ToServer::Switched { asker, name: name.clone(), wish, refused });
        let Some(number) = self.services.iter().position(|own| *own.name == *name && !own.deleted) else {
            return answer(Some(format!("There is no service {name}.")));
        };
        let own = &mut self.services[number];
        match (wish, own.state) {
            _ if own.start.is_none() => answer(Some(format!("A setting keeps {name} off."))),
            _ if own.asker.is_some() => answer(Some(format!("{name} is about to end."))),
            (ServiceWish::Start, ServiceState::On) => answer(Some(format!("{name} is already running."))),
            (ServiceWish::Start, _) => {
                self.begin(number);
                answer(None)
            }
            (ServiceWish::Stop | ServiceWish::Delete, ServiceState::On) => {
                own.asker = Some((asker, wish));
                own.stop.send_replace(true);
                None
            }
            (ServiceWish::Stop, _) => answer(Some(format!("{name} is not running."))),
            (ServiceWish::Delete, _) => {
                own.deleted = true;
                answer(None)
            }
        }
    }

    /// Waits for the next thing that comes from one of them. May be dropped before.
    pub(crate) async fn next(&mut self) -> Happened {
        tokio::select! {
            biased;
            Some(visit) = self.visits.recv() => Happened::Visit(visit),
            Some((number, state)) = self.ended.recv() => Happened::Ended(self.has_ended(number, state)),
            else => pending().await,
        }
    }

    fn has_ended(&mut self, number: usize, state: ServiceState) -> Option<Box<ToServer>> {
        let own = &mut self.services[number];
        own.state = state;
        let (asker, wish) = own.asker.take()?;
        own.deleted = wish == ServiceWish::Delete;
        let name = own.name.as_ref().to_owned();
        Some(Box::new(ToServer::Switched { asker, name, wish, refused: None }))
    }

    /// Tells all of them to end.
    pub(crate) fn tell_to_stop(&self) {
        for own in &self.services {
            own.stop.send_replace(true);
        }
    }

    /// Whether any of them is still running.
    pub(crate) fn any_runs(&self) -> bool {
        self.services.iter().any(|own| own.state == ServiceState::On)
    }
}

/// Runs one service and tells how it ended.
async fn attend(
    number: usize,
    start: Start,
    world: WorldHandle,
    ends: mpsc::UnboundedSender<(usize, ServiceState)>,
) {
    let (name, stop) = (Arc::clone(&world.service), world.stop.clone());
    // A task of its own, so that a panic ends there; also one of `start`. When this goes, so does that.
    let mut task = JoinSet::new();
    task.spawn(async move { start(world).await });
    let ended = tokio::select! {
        ended = task.join_next() => ended,
        () = overdue(stop.clone()) => {
            warn!(service = %name, "a service did not end when it was told to; it is cut off");
            None
        }
    };
    let was_stopped = *stop.borrow();
    let state = match ended {
        Some(Ok(Ok(()))) | None => {
            info!(service = %name, "a service has ended");
            if was_stopped { ServiceState::Stopped } else { ServiceState::Ended }
        }
        Some(Ok(Err(reason))) => {
            error!(service = %name, %reason, "a service has failed");
            ServiceState::Failed
        }
        Some(Err(broken)) => {
            error!(service = %name, reason = panic_text(broken), "a service has panicked");
            ServiceState::Failed
        }
    };
    // The Server may have ended.
    let _ = ends.send((number, state));
}

/// Waits until a service was told to end and has had its moment for it.
async fn overdue(mut stop: watch::Receiver<bool>) {
    // If nobody can say so any more, the Server is gone.
    let _ = stop.wait_for(|stop| *stop).await;
    tokio::time::sleep(SERVICES_PATIENCE).await;
}

/// What a panic said.
fn panic_text(broken: JoinError) -> String {
    let said = broken.try_into_panic().unwrap_or_else(|_| Box::new("it was aborted"));
    let said: &(dyn Any + Send) = &*said;
    let text = said.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| said.downcast_ref::<String>().cloned()).unwrap_or_else(|| "(it said nothing)".to_owned())
}

#[cfg(test)]
mod tests {
    use meadow_link::Time;
    use meadow_world::{Snapshot, WorldBuilder};

    use super::*;

    const NOW: Time = Time::from_micros(1_000_000);

    /// A world that services visit, until nothing more comes of them.
    async fn visit_all(
        services: ServerServices,
        mut until: impl FnMut(&RunningServices) -> bool,
    ) -> Vec<ServiceState> {
        let mut world = WorldBuilder::new("Test").load(Snapshot::default(), NOW).unwrap();
        let mut running = RunningServices::start(services).unwrap();
        while !until(&running) {
            let next = tokio::time::timeout(Duration::from_secs(20), running.next());
            if let Happened::Visit(visit) = next.await.expect("something happens") {
                world.visited(NOW, &visit.service, visit.action);
            }
        }
        running.statuses().iter().map(|service| service.state).collect()
    }

    #[tokio::test]
    async fn a_visit_answers_and_a_broken_one_costs_only_itself() {
        let services = ServerServices::new().service("visitor", |world| async move {
            let name = world.run(|world| world.game().name().to_owned()).await?;
            assert_eq!(name, "Test");
            assert_eq!(world.run(|_| -> u8 { panic!("asked to") }).await, Err(Lost));
            world.run(|world| world.set_config("visited", "yes")).await?;
            assert_eq!(
                world.run(|world| world.config("visited").map(str::to_owned)).await?.as_deref(),
                Some("yes")
            );
            Ok(())
        });
        assert_eq!(visit_all(services, |running| !running.any_runs()).await, [ServiceState::Ended]);
    }

    #[tokio::test]
    async fn a_service_that_breaks_is_listed_as_failed_and_the_others_go_on() {
        let mut services = ServerServices::new()
            .service("panics", |_| async { panic!("asked to") })
            .service("panics at once", |_| -> std::future::Pending<ServiceEnd> { panic!("asked to") })
            .service("fails", |_| async { Err("asked to".into()) })
            .service("off", |_| async { panic!("it is not started") })
            .service("waits", |world| async move {
                world.stopping().await;
                Ok(())
            });
        services.switch_off("off");
        let failed = |running: &RunningServices| {
            running.statuses().iter().filter(|service| service.state == ServiceState::Failed).count() == 3
        };
        let mut told = false;
        let states = visit_all(services, |running| {
            if failed(running) && !std::mem::replace(&mut told, true) {
                assert!(running.any_runs(), "it waits to be told");
                running.tell_to_stop();
            }
            !running.any_runs()
        });
        use ServiceState::{Failed, Off, Stopped};
        assert_eq!(states.await, [Failed, Failed, Failed, Off, Stopped]);
    }

    #[tokio::test]
    async fn a_service_is_stopped_started_and_deleted() {
        use ServiceWish::{Delete, Start, Stop};
        let services = ServerServices::new()
            .service("waits", |world| async move {
                world.stopping().await;
                Ok(())
            })
            .service("deaf", |_| pending())
            .service("off", |_| pending());
        let mut services = services;
        services.switch_off("off");
        let mut running = RunningServices::start(services).unwrap();
        let asker = SessionId(7);
        let refused = |running: &mut RunningServices, name: &str, wish| match running.switch(
            asker,
            name.to_owned(),
            wish,
        ) {
            Some(ToServer::Switched { refused, .. }) => refused.unwrap_or_default(),
            None => "later".to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(&mut running, "waits", Start), "waits is already running.");
        assert_eq!(refused(&mut running, "nothing", Stop), "There is no service nothing.");
        assert_eq!(refused(&mut running, "off", Start), "A setting keeps off off.");
        for name in ["waits", "deaf"] {
            assert_eq!(refused(&mut running, name, Stop), "later");
            assert_eq!(refused(&mut running, name, Start), format!("{name} is about to end."));
            let next = tokio::time::timeout(Duration::from_secs(20), running.next());
            let Happened::Ended(Some(answer)) = next.await.unwrap() else { panic!("nobody is told") };
            let ToServer::Switched { asker: told, refused, .. } = *answer else { panic!("{answer:?}") };
            assert_eq!((told, refused), (asker, None));
        }
        let states = |running: &RunningServices| -> Vec<&str> {
            running.statuses().iter().map(|service| service.state.name()).collect()
        };
        assert_eq!(states(&running), ["stopped", "stopped", "off"]);
        assert_eq!(refused(&mut running, "waits", Stop), "waits is not running.");
        assert_eq!(refused(&mut running, "waits", Start), "");
        assert_eq!(refused(&mut running, "deaf", Delete), "");
        assert_eq!(states(&running), ["on", "off"]);
        assert_eq!(refused(&mut running, "waits", Delete), "later");
        running.next().await;
        assert_eq!(states(&running), ["off"]);
    }

    #[tokio::test]
    async fn visits_wait_at_the_limit() {
        let services = ServerServices::new().service("hasty", |world| async move {
            // One past the limit: the last one cannot be handed over until there is room.
            let posts = (0..=WAITING_VISITS).map(|_| world.run(|_| ()));
            let posts: Vec<_> = posts.map(Box::pin).collect();
            for post in posts {
                post.await?;
            }
            Ok(())
        });
        assert_eq!(visit_all(services, |running| !running.any_runs()).await, [ServiceState::Ended]);
        let (visitors, visits) = mpsc::channel(WAITING_VISITS);
        let (_stop, stop) = watch::channel(false);
        let world = WorldHandle { service: "hasty".into(), visits: visitors, stop };
        let soon = Duration::from_millis(1);
        for _ in 0..=WAITING_VISITS {
            assert!(
                tokio::time::timeout(soon, world.run(|_| ())).await.is_err(),
                "nobody is there to answer"
            );
        }
        assert_eq!(visits.len(), WAITING_VISITS);
        drop(visits);
        assert_eq!(world.run(|_| ()).await, Err(Lost));
    }
}
