//! What a game adds to its Portal: stream protocols with a listener of their own, and services that listen
//! nowhere. The launcher hands them to `Portal::start`, which runs them.

use std::{
    any::Any,
    future::Future,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use meadow_link::{CommandTuple, Flags, ServiceEnd, ServiceState, SessionId, Time};
use meadow_protocol::{Outbox, Protocol, Render, Transport};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::watch,
    task::{JoinError, JoinHandle, JoinSet},
};
use tracing::{error, info, warn};

use crate::{
    PortalError, Refusal,
    address::Networks,
    bound::GameStream,
    connection::Wire,
    listen::{Gatekeeper, stream::MakeProtocol, whole},
    service::ServiceRegistry,
    sessionhandler::PortalSessionHandler,
    switchboard::Switchboard,
};

/// How long a service that is to end may take.
const SERVICES_PATIENCE: Duration = Duration::from_secs(2);

type Running = Pin<Box<dyn Future<Output = ServiceEnd> + Send>>;
type Start = Arc<dyn Fn(PortalContext) -> Running + Send + Sync>;

/// What a game adds to its Portal.
///
/// ```
/// use std::time::Duration;
/// use meadow_link::ServiceEnd;
/// use meadow_portal::{PortalContext, PortalServices};
///
/// /// Says in the log that all is well.
/// async fn watchman(portal: PortalContext) -> ServiceEnd {
///     loop {
///         tokio::select! {
///             () = portal.stopping() => return Ok(()),
///             () = tokio::time::sleep(Duration::from_secs(3600)) => tracing::info!("all is well"),
///         }
///     }
/// }
///
/// let services = PortalServices::new().service("watchman", watchman);
/// assert_eq!(services.list()[0].name, "watchman");
/// ```
#[derive(Default)]
pub struct PortalServices {
    pub(crate) streams: Vec<GameStream>,
    services: Vec<Service>,
}

struct Service {
    name: String,
    /// `None` for one that a setting keeps off.
    start: Option<Start>,
}

/// A service of a game's own, as its settings need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnService {
    /// Its unique name.
    pub name: String,
    /// Where it listens unless a setting says otherwise; `None` for one that does not.
    pub listen: Option<SocketAddr>,
}

impl PortalServices {
    /// Nothing.
    pub fn new() -> PortalServices {
        PortalServices::default()
    }

    /// A stream protocol, under this unique name, at this port of the loopback address (0: any free one) unless
    /// a setting says otherwise. `make` is called for each connection.
    ///
    /// Admission, limits and TLS are those of telnet. If `make` or the protocol panics, that costs the connection.
    pub fn protocol<P: Protocol + 'static>(
        mut self,
        name: impl Into<String>,
        port: u16,
        make: impl Fn() -> P + Send + Sync + 'static,
    ) -> PortalServices {
        let (name, listen) = (name.into(), vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))]);
        let make = contained(name.clone(), make);
        self.streams.push(GameStream { name, listen, make, enabled: true });
        self
    }

    /// A service that listens nowhere, under this unique name: a timer, a connection to somewhere else. `start`
    /// is called when players can connect, and whenever somebody starts it again (`@service`); what it gives back is polled on the Portal's own thread, so it must
    /// not block, until it ends, and is to end by itself when [`PortalContext::stopping`] says so.
    ///
    /// If it panics or fails, the log says so, `status` shows it as failed, and everything else goes on.
    pub fn service<F>(
        mut self,
        name: impl Into<String>,
        start: impl Fn(PortalContext) -> F + Send + Sync + 'static,
    ) -> PortalServices
    where
        F: Future<Output = ServiceEnd> + Send + 'static,
    {
        let start: Start = Arc::new(move |portal| Box::pin(start(portal)));
        self.services.push(Service { name: name.into(), start: Some(start) });
        self
    }

    /// All of them.
    pub fn list(&self) -> Vec<OwnService> {
        let streams = self.streams.iter().map(|stream| (&stream.name, stream.listen.first().copied()));
        let others = self.services.iter().map(|service| (&service.name, None));
        streams.chain(others).map(|(name, listen)| OwnService { name: name.clone(), listen }).collect()
    }

    /// Keeps one off: it is listed and not started.
    pub fn switch_off(&mut self, name: &str) {
        self.streams
            .iter_mut()
            .filter(|stream| stream.name == name)
            .for_each(|stream| stream.enabled = false);
        self.services
            .iter_mut()
            .filter(|service| service.name == name)
            .for_each(|service| service.start = None);
    }

    /// Has a protocol listen there, instead of at its own port.
    pub fn listen(&mut self, name: &str, addresses: &[SocketAddr]) {
        let named = self.streams.iter_mut().filter(|stream| stream.name == name);
        named.for_each(|stream| stream.listen = addresses.to_vec());
    }

    /// Splits what listens from what does not.
    pub(crate) fn split(self) -> (Vec<GameStream>, IdleServices) {
        (self.streams, IdleServices(self.services))
    }
}

/// What a service has of the Portal.
///
/// ```
/// use meadow_link::ServiceEnd;
/// use meadow_portal::PortalContext;
///
/// /// Has nothing to do but to be there.
/// async fn idle(portal: PortalContext) -> ServiceEnd {
///     tracing::info!(service = portal.name(), "it is there");
///     portal.stopping().await;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct PortalContext {
    name: Arc<str>,
    gatekeeper: Gatekeeper,
    stop: watch::Receiver<bool>,
}

/// A session that a service has opened. It goes on when this is dropped.
#[derive(Debug)]
pub struct OpenSession {
    id: SessionId,
    task: JoinHandle<()>,
}

impl PortalContext {
    /// The name of the service.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Waits until the Portal wants its services to end. They have a moment for it.
    pub async fn stopping(&self) {
        // If nobody can say so any more, the Portal is gone.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }

    /// Makes a session of a stream: a connection that the service has opened, or one end of a
    /// [`tokio::io::duplex`]. From then on the Portal drives it like the connection of a client, with the same
    /// limits, the one for those that do not log in included. `address` is whose it is, for limits and bans.
    ///
    /// ```
    /// use meadow_link::ServiceEnd;
    /// use meadow_portal::PortalContext;
    /// use meadow_protocol::Protocol;
    /// use tokio::net::TcpStream;
    ///
    /// /// Calls a program elsewhere, which then is a client like any other.
    /// async fn call<P: Protocol + Default + 'static>(portal: PortalContext) -> ServiceEnd {
    ///     let stream = TcpStream::connect("192.0.2.7:4010").await?;
    ///     let address = stream.peer_addr()?.ip();
    ///     let session = portal.open(stream, address, P::default())?;
    ///     session.ended().await;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// There is no room for another session.
    pub fn open(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        address: IpAddr,
        protocol: impl Protocol + 'static,
    ) -> Result<OpenSession, Refusal> {
        let admitted = self.gatekeeper.admit(address)?;
        let entered = admitted.enter(Wire::Task, Box::new(protocol), Transport::Stream);
        Ok(OpenSession { id: entered.connection().id, task: tokio::spawn(whole::drive(entered, stream)) })
    }
}

impl OpenSession {
    /// Its number, the same in the game.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// Waits until it has ended, from either side.
    pub async fn ended(self) {
        // A panic in it is in the log already.
        let _ = self.task.await;
    }
}

/// Services that are listed and not started.
pub(crate) struct IdleServices(Vec<Service>);

impl IdleServices {
    /// Has them listed.
    pub(crate) fn enlist(&self, registry: &ServiceRegistry) -> Result<(), PortalError> {
        for service in &self.0 {
            match service.start {
                Some(_) => registry.add(&service.name, "portal", String::new())?,
                None => registry.add_absent(&service.name, "portal", String::new())?,
            }
        }
        Ok(())
    }

    /// Starts those that are on.
    pub(crate) async fn start(
        self,
        handler: &Arc<PortalSessionHandler>,
        registry: &Arc<ServiceRegistry>,
        switchboard: &Switchboard,
    ) {
        for Service { name, start } in self.0 {
            let Some(start) = start else { continue };
            let gatekeeper = Gatekeeper::new(Arc::clone(handler), &name, Networks::new(&[]));
            let (registry, shared) = (Arc::clone(registry), Arc::<str>::from(name.as_str()));
            let run = move |stop| {
                let portal =
                    PortalContext { name: Arc::clone(&shared), gatekeeper: gatekeeper.clone(), stop };
                tokio::spawn(attend(Arc::clone(&start), portal, Arc::clone(&registry)))
            };
            switchboard.add_service(name, Box::new(run)).await;
        }
    }
}

/// Runs one service, and has the registry show how it ended.
async fn attend(start: Start, portal: PortalContext, registry: Arc<ServiceRegistry>) {
    let (name, stop) = (Arc::clone(&portal.name), portal.stop.clone());
    // A task of its own, so that a panic ends there; also one of `start`. When this is aborted, so is that.
    let mut task = JoinSet::new();
    task.spawn(async move { start(portal).await });
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
            error!(service = %name, reason = said(broken), "a service has panicked");
            ServiceState::Failed
        }
    };
    registry.set_state(&name, state);
}

/// Waits until a service was told to end and has had its moment for it.
async fn overdue(mut stop: watch::Receiver<bool>) {
    // If nobody can say so any more, the Portal is gone.
    let _ = stop.wait_for(|stop| *stop).await;
    tokio::time::sleep(SERVICES_PATIENCE).await;
}

/// What a task said when it panicked.
fn said(broken: JoinError) -> String {
    broken
        .try_into_panic()
        .map_or_else(|_| "it was aborted".to_owned(), |panic| panic_text(&*panic).to_owned())
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(it said nothing)")
}

/// Makes a game's protocols where clients are accepted: whatever breaks in that must not reach the listener.
fn contained<P: Protocol + 'static>(
    service: String,
    make: impl Fn() -> P + Send + Sync + 'static,
) -> MakeProtocol {
    Arc::new(move || {
        let made = catch_unwind(AssertUnwindSafe(|| {
            let protocol = make();
            // They are asked for before anything else is, where nobody catches.
            let _ = (protocol.key(), protocol.flags());
            protocol
        }));
        match made {
            Ok(protocol) => Box::new(protocol),
            Err(panic) => {
                error!(service, reason = panic_text(&*panic), "a protocol could not be made");
                Box::new(Stillborn(Flags::default()))
            }
        }
    })
}

/// What stands in for a protocol that could not be made: it ends the connection.
struct Stillborn(Flags);

impl Protocol for Stillborn {
    fn key(&self) -> &'static str {
        "none"
    }

    fn flags(&self) -> &Flags {
        &self.0
    }

    fn set_flags(&mut self, flags: Flags) {
        self.0 = flags;
    }

    fn connect(&mut self, _now: Time, out: &mut Outbox) {
        out.close("its protocol could not be made");
    }

    fn receive(&mut self, _now: Time, _bytes: &[u8], _out: &mut Outbox) {}

    fn send_text(&mut self, _tuple: &CommandTuple, _render: &mut Render<'_>, _out: &mut Outbox) {}

    fn send_prompt(&mut self, _tuple: &CommandTuple, _render: &mut Render<'_>, _out: &mut Outbox) {}

    fn send_default(&mut self, _tuple: &CommandTuple, _out: &mut Outbox) {}

    fn disconnect(&mut self, _reason: &str, _out: &mut Outbox) {}
}
