//! The launcher's requests: how things are, restart, stop, and questions that only the Server can
//! answer. Also the Desk, at which everything about the Portal as a process is known.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use meadow_link::{
    Kwargs, RestartMode, ServiceStatus, ServiceWish, SessionId, ToServer,
    amp::{Incoming, LauncherMessage, LauncherReply, LauncherRequest, Operation, Status},
};
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};
use tracing::{debug, warn};

use crate::{
    PortalConfig, ServerOutput,
    link::Peer,
    server_end::Gate,
    service::{Process, ServiceRegistry},
    sessionhandler::PortalSessionHandler,
    supervisor::{Event, Parting, Request, ServerStatus},
    switchboard::Switchboard,
};

/// How long the Server may take to answer a question of the launcher.
const CONTROL_TIME: Duration = Duration::from_secs(30);

/// The one question of the launcher that the Portal answers itself: what it knows of every session.
const SESSIONS: &str = "sessions";

/// The argument of [`Operation::Shutdown`] by which sessions are held for a Portal that follows at once.
pub const KEEP_SESSIONS: &str = "keep_sessions";

/// What the parts of a Portal ask about it as a process, and where they tell what has happened to it.
pub(crate) struct Desk {
    game_name: String,
    version: String,
    /// It runs at a terminal, or whatever else has started it and watches it.
    in_foreground: bool,
    handler: Arc<PortalSessionHandler>,
    services: Arc<ServiceRegistry>,
    switchboard: Arc<Switchboard>,
    server: Mutex<ServerStatus>,
    events: mpsc::UnboundedSender<Event>,
    controls: Mutex<HashMap<u64, oneshot::Sender<Kwargs>>>,
    control_ids: AtomicU64,
}

impl Desk {
    pub(crate) fn new(
        config: &PortalConfig,
        handler: Arc<PortalSessionHandler>,
        services: Arc<ServiceRegistry>,
        switchboard: Arc<Switchboard>,
        events: mpsc::UnboundedSender<Event>,
    ) -> Desk {
        Desk {
            game_name: config.game_name.clone(),
            version: config.version.clone(),
            in_foreground: config.server.output == ServerOutput::Inherit,
            handler,
            services,
            switchboard,
            server: Mutex::default(),
            events,
            controls: Mutex::default(),
            control_ids: AtomicU64::new(1),
        }
    }

    /// One of a Portal that does not run.
    #[cfg(test)]
    pub(crate) fn for_tests(handler: Arc<PortalSessionHandler>) -> Desk {
        let services = Arc::new(ServiceRegistry::default());
        let switchboard = Arc::new(Switchboard::new(Arc::clone(&services)));
        let config = PortalConfig::for_tests();
        Desk::new(&config, handler, services, switchboard, mpsc::unbounded_channel().0)
    }

    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Tells the supervisor.
    pub(crate) fn tell(&self, event: Event) {
        // It is gone only when the Portal ends.
        let _ = self.events.send(event);
    }

    /// Changes what is known of the Server.
    pub(crate) fn server_status(&self, change: impl FnOnce(&mut ServerStatus)) {
        let mut server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut server);
        if !server.state.is_ready() {
            self.services.switch_servers_off();
        }
    }

    /// The Server has answered a question.
    pub(crate) fn control_reply(&self, id: u64, reply: Kwargs) {
        let waiting = self.controls.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        if let Some(waiting) = waiting {
            // Whoever asked may have given up.
            let _ = waiting.send(reply);
        }
    }

    /// Asks the Server.
    async fn control(&self, request: Kwargs) -> Kwargs {
        let id = self.control_ids.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = oneshot::channel();
        self.controls.lock().unwrap_or_else(PoisonError::into_inner).insert(id, sender);
        let sent = self.send_control(id, request);
        let answered = match sent {
            Ok(()) => tokio::time::timeout(CONTROL_TIME, answer)
                .await
                .map_err(|_| "the Server did not answer in time"),
            Err(why) => Err(why),
        };
        self.controls.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        match answered {
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => refusal("the Server has gone"),
            Err(why) => refusal(why),
        }
    }

    fn send_control(&self, id: u64, request: Kwargs) -> Result<(), &'static str> {
        let mut server = self.handler.server().lock().unwrap_or_else(PoisonError::into_inner);
        if server.gate() != Gate::Open {
            return Err("the Server is not running just now");
        }
        server.send(&ToServer::Control { id, request }).map_err(|_| "the question cannot be sent")
    }

    /// The Server has told of its own services.
    pub(crate) fn servers_services(&self, services: Vec<ServiceStatus>) {
        self.services.set_servers(services);
    }

    /// Tells a session of the game which services there are.
    pub(crate) fn tell_services(&self, asker: SessionId) {
        self.tell_server(&ToServer::Services { asker, services: self.services.statuses() });
    }

    /// A session of the game wants something of a service. It is told when that is done.
    pub(crate) fn switch_service(desk: &Arc<Desk>, asker: SessionId, name: String, wish: ServiceWish) {
        match desk.services.runs_in(&name) {
            Some(Process::Server) => desk.tell_server(&ToServer::SwitchService { asker, name, wish }),
            Some(Process::Portal) => {
                let desk = Arc::clone(desk);
                tokio::spawn(async move {
                    let refused = desk.switchboard.switch(&name, wish).await.err();
                    desk.tell_server(&ToServer::Switched { asker, name, wish, refused });
                });
            }
            None => {
                let refused = Some(format!(
                    "There is no service {name}. Names are written as the list of services has them."
                ));
                desk.tell_server(&ToServer::Switched { asker, name, wish, refused });
            }
        }
    }

    fn tell_server(&self, message: &ToServer) {
        let mut server = self.handler.server().lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = server.send(message) {
            warn!(%error, "the Server cannot be told of the services");
        }
    }

    /// Nobody will answer the questions that the Server still has.
    pub(crate) fn forget_controls(&self) {
        self.controls.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// All services, of both processes.
    pub(crate) fn services(&self) -> Vec<ServiceStatus> {
        self.services.statuses()
    }

    /// What the launcher shows of the game.
    pub(crate) fn info(&self) -> Kwargs {
        self.status().portal_info
    }

    fn status(&self) -> Status {
        let clock = self.handler.clock();
        let uptime = clock.now().since(clock.started()).as_secs_f64();
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let portal_pid = std::process::id();
        let info = json!({
            "running": true,
            "game": self.game_name,
            "version": self.version,
            "foreground": self.in_foreground,
            "uptime": uptime,
            "portal": { "pid": portal_pid, "uptime": uptime },
            "server": { "pid": server.pid, "state": server.state.name(), "restarts": server.restarts },
            "services": self.services.statuses(),
            "ssh_host_keys": self.services.host_keys(),
            "sessions": self.handler.count(),
        });
        Status {
            server_connected: server.state.is_ready(),
            portal_pid,
            server_pid: server.pid,
            portal_info: as_map(info),
            server_info: server.info,
        }
    }
}

/// Serves one launcher until it hangs up.
pub(crate) async fn serve(mut peer: Peer, desk: &Arc<Desk>) {
    loop {
        let request = match peer.next().await {
            Ok(Some(Incoming::Launcher(request))) => request,
            Ok(Some(Incoming::Refused(refused))) => {
                debug!(reason = %refused.reason, "a request of the launcher is refused");
                match refused.answer {
                    Some(answer) if peer.write_box(&answer).await.is_err() => return,
                    _ => continue,
                }
            }
            Ok(Some(_)) => continue,
            Ok(None) => return,
            Err(reason) => {
                debug!(reason, "the launcher is gone");
                return;
            }
        };
        let reply = answer(&request, desk).await;
        let wrote = match request.reply(&reply) {
            Ok(Some(answer)) => peer.write_box(&answer).await,
            Ok(None) => Ok(()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(reason) = wrote {
            warn!(reason, "the launcher cannot be answered");
            return;
        }
    }
}

async fn answer(request: &LauncherRequest, desk: &Arc<Desk>) -> LauncherReply {
    let LauncherMessage::Operation { operation, arguments } = &request.message else {
        return LauncherReply::Status(desk.status());
    };
    let (sender, outcome) = oneshot::channel();
    match operation {
        Operation::Reload => desk.tell(Event::Request(Request::Restart(RestartMode::Reload, Some(sender)))),
        Operation::Reset => desk.tell(Event::Request(Request::Restart(RestartMode::Reset, Some(sender)))),
        Operation::Start => desk.tell(Event::Request(Request::Start(sender))),
        Operation::ShutdownServer => desk.tell(Event::Request(Request::StopServer(Some(sender)))),
        Operation::Shutdown => {
            let keeps = arguments.get(KEEP_SESSIONS).and_then(Value::as_bool).unwrap_or_default();
            let parting = if keeps { Parting::Return } else { Parting::Goodbye };
            desk.tell(Event::Request(Request::StopAll(parting)));
            return LauncherReply::Control(as_map(json!({ "ok": true })));
        }
        Operation::Control if arguments.get("op").is_some_and(|op| op == SESSIONS) => {
            return LauncherReply::Control(as_map(
                json!({ "ok": true, "sessions": desk.handler.inspect(None) }),
            ));
        }
        Operation::Control => return LauncherReply::Control(desk.control(arguments.clone()).await),
    }
    LauncherReply::Control(match outcome.await {
        Ok(Ok(done)) => done,
        Ok(Err(why)) => refusal(&why),
        Err(_) => refusal("the Portal is ending"),
    })
}

fn refusal(why: &str) -> Kwargs {
    as_map(json!({ "ok": false, "error": why }))
}

/// The map of a `json!` literal that is one.
pub(crate) fn as_map(value: Value) -> Kwargs {
    match value {
        Value::Object(map) => map,
        other => Kwargs::from_iter([("value".to_owned(), other)]),
    }
}
