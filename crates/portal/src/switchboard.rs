//! Starts and stops what a Portal runs, while it runs: listeners, and services of the game's own. The Portal puts
//! everything here when it starts; the desk switches for whoever asks in the game.
//!
//! A listener that is stopped gives its address back; the sessions that came by it go on.

use std::{net::SocketAddr, sync::Arc};

use meadow_link::{ServiceState, ServiceWish};
use tokio::{
    net::TcpListener,
    sync::{Mutex, watch},
    task::JoinHandle,
};
use tracing::info;

use crate::{
    listen::{self, Wildcard},
    service::ServiceRegistry,
};

/// Accepts connections from then on, until it is aborted.
pub(crate) type Serve = Box<dyn Fn(TcpListener) -> JoinHandle<()> + Send>;
/// Starts a service that is to end soon after the channel says so.
pub(crate) type Run = Box<dyn Fn(watch::Receiver<bool>) -> JoinHandle<()> + Send>;

/// Everything of a Portal that can be switched.
pub(crate) struct Switchboard {
    registry: Arc<ServiceRegistry>,
    switches: Mutex<Vec<Switch>>,
}

struct Switch {
    name: String,
    owner: Owner,
    runs: Runs,
}

/// Whose a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// One of those that every game has. It cannot be deleted.
    Meadow,
    /// The game's own.
    Game,
}

enum Runs {
    Listener { address: SocketAddr, wildcard: Wildcard, serve: Serve, task: Option<JoinHandle<()>> },
    Service { run: Run, task: Option<(watch::Sender<bool>, JoinHandle<()>)> },
}

impl Switchboard {
    /// Nothing yet.
    pub(crate) fn new(registry: Arc<ServiceRegistry>) -> Switchboard {
        Switchboard { registry, switches: Mutex::default() }
    }

    /// Adds a listener, and lets clients in if it has its socket.
    pub(crate) async fn add_listener(
        &self,
        name: String,
        owner: Owner,
        (address, wildcard): (SocketAddr, Wildcard),
        socket: Option<TcpListener>,
        serve: Serve,
    ) {
        let task = socket.map(&serve);
        let runs = Runs::Listener { address, wildcard, serve, task };
        self.switches.lock().await.push(Switch { name, owner, runs });
    }

    /// Adds a service of the game's own, and starts it.
    pub(crate) async fn add_service(&self, name: String, run: Run) {
        let task = Some(begin(&run));
        let runs = Runs::Service { run, task };
        self.switches.lock().await.push(Switch { name, owner: Owner::Game, runs });
    }

    /// Does what is wanted of a service.
    ///
    /// # Errors
    /// A sentence for whoever wanted it.
    pub(crate) async fn switch(&self, name: &str, wish: ServiceWish) -> Result<(), String> {
        let mut switches = self.switches.lock().await;
        let Some(at) = switches.iter().position(|switch| switch.name == name) else {
            return Err(format!("{name} cannot be switched while the game runs."));
        };
        let switch = &mut switches[at];
        match wish {
            ServiceWish::Start => {
                // Before it starts, for it may end at once.
                let before = self.registry.state(name);
                self.registry.set_state(name, ServiceState::On);
                let started = switch.start();
                if started.is_err()
                    && let Some(before) = before
                {
                    self.registry.set_state(name, before);
                }
                started?;
            }
            ServiceWish::Stop => {
                switch.stop().await?;
                self.registry.set_state(name, ServiceState::Stopped);
            }
            ServiceWish::Delete if switch.owner == Owner::Meadow => {
                return Err(format!(
                    "{name} is not the game's own. It can be stopped; a setting keeps it off."
                ));
            }
            ServiceWish::Delete => {
                // One that does not run is deleted all the same.
                let _ = switch.stop().await;
                switches.remove(at);
                self.registry.remove(name);
            }
        }
        info!(service = name, ?wish, "a service was switched");
        Ok(())
    }

    /// Ends everything: first the services, which have a moment for it.
    pub(crate) async fn end(&self) {
        let mut switches = self.switches.lock().await;
        for switch in switches.iter() {
            if let Runs::Service { task: Some((stop, _)), .. } = &switch.runs {
                stop.send_replace(true);
            }
        }
        for switch in switches.iter_mut() {
            // What does not run is at its end already.
            let _ = switch.stop().await;
        }
    }
}

impl Switch {
    fn start(&mut self) -> Result<(), String> {
        if self.is_running() {
            return Err(format!("{} is already running.", self.name));
        }
        match &mut self.runs {
            Runs::Listener { address, wildcard, serve, task } => {
                let socket = listen::bind(*address, *wildcard)
                    .map_err(|error| format!("{} cannot listen at {address}: {error}.", self.name))?;
                *task = Some(serve(socket));
            }
            Runs::Service { run, task } => *task = Some(begin(run)),
        }
        Ok(())
    }

    /// Waits for the end: the address is free, and the service has said its last words.
    async fn stop(&mut self) -> Result<(), String> {
        if !self.is_running() {
            return Err(format!("{} is not running.", self.name));
        }
        match &mut self.runs {
            Runs::Listener { task, .. } => {
                if let Some(task) = task.take() {
                    task.abort();
                    // It was cancelled, as it should be.
                    let _ = task.await;
                }
            }
            Runs::Service { task, .. } => {
                if let Some((stop, task)) = task.take() {
                    stop.send_replace(true);
                    // It is cut off if it does not listen, and catches what breaks.
                    let _ = task.await;
                }
            }
        }
        Ok(())
    }

    fn is_running(&self) -> bool {
        match &self.runs {
            Runs::Listener { task, .. } => task.as_ref().is_some_and(|task| !task.is_finished()),
            Runs::Service { task, .. } => task.as_ref().is_some_and(|(_, task)| !task.is_finished()),
        }
    }
}

fn begin(run: &Run) -> (watch::Sender<bool>, JoinHandle<()>) {
    let (stop, stopped) = watch::channel(false);
    (stop, run(stopped))
}
