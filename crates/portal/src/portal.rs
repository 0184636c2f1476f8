//! The Portal as a whole: takes the folder's lock, binds everything, starts the Server, and cleans up.
//! The launcher starts one.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use meadow_link::{RestartMode, ServiceStatus};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use tracing::{info, warn};

use crate::{
    Limits, PortalConfig, PortalError, PortalServices,
    api::{Api, House},
    bound::Bound,
    clock::Clock,
    held::Keeper,
    ids::SessionIds,
    launcher::Desk,
    link,
    listen::websocket::Restorer,
    mssp::MsspTable,
    service::ServiceRegistry,
    sessionhandler::PortalSessionHandler,
    supervisor::{Event, Parting, Request, Supervisor},
    switchboard::Switchboard,
};

/// Name of the lock in the run folder; whoever holds it is the Portal of the game.
const LOCK_FILE: &str = "portal.lock";
/// Name of the file in the run folder that holds the Portal's process id.
const PID_FILE: &str = "portal.pid";
/// Files that the process needs besides one for each connection, of clients and of HTTP.
const SPARE_FILES: usize = 64;

/// A running Portal.
pub struct Portal {
    registry: Arc<ServiceRegistry>,
    switchboard: Arc<Switchboard>,
    events: mpsc::UnboundedSender<Event>,
    supervisor: JoinHandle<()>,
    signals: Signals,
    tasks: Vec<JoinHandle<()>>,
    files: RunFiles,
}

impl Portal {
    /// Starts everything. Returns when players can connect: every listener is bound and the Server is
    /// ready. Must be called within a tokio runtime with I/O and time; one thread is enough.
    ///
    /// # Errors
    /// The reason, in one sentence. Nothing is left running.
    pub async fn start(mut config: PortalConfig, services: PortalServices) -> Result<Portal, PortalError> {
        let mut signals = Signals::listen().map_err(PortalError::Signals)?;
        let files = RunFiles::take(&config)?;
        let ids = SessionIds::open(&config.data_dir)?;
        config.limits = within_open_files(config.limits);
        let handler = Arc::new(PortalSessionHandler::new(config.limits.clone(), Clock::start(), ids));

        let listed = MsspTable::install(&mut config, handler.clock().started(), handler.figures());
        let registry = Arc::new(ServiceRegistry::default());
        let (streams, services) = services.split();
        let bound = Bound::bind(&config, streams, &registry)?;
        if let Some(table) = listed {
            table.listens(bound.ports());
        }
        let link_error = |reason| PortalError::Link { path: config.link_socket.clone(), reason };
        let link_listener = link::bind(&config.link_socket).map_err(link_error)?;
        services.enlist(&registry)?;
        registry.add("link", "link", config.link_socket.display().to_string())?;

        let (events, inbox) = mpsc::unbounded_channel();
        let switchboard = Arc::new(Switchboard::new(Arc::clone(&registry)));
        let desk = Arc::new(Desk::new(
            &config,
            Arc::clone(&handler),
            Arc::clone(&registry),
            Arc::clone(&switchboard),
            events.clone(),
        ));
        let mut tasks = vec![tokio::spawn(link::serve(link_listener, Arc::clone(&desk)))];
        let house = House::new(&config, Arc::clone(&handler), Arc::clone(&desk));
        let keeper = Keeper::new(&config.data_dir, &handler);
        let mode = bring_in(&keeper, &config, &handler);
        let supervisor = Supervisor::new(config.server.clone(), Arc::clone(&handler), desk, keeper, inbox);
        let (started, outcome) = oneshot::channel();
        let supervisor = tokio::spawn(supervisor.run(mode, started));
        let outcome = tokio::select! {
            outcome = outcome => match outcome {
                Ok(Ok(())) => Ok(()),
                Ok(Err(why)) => Err(PortalError::ServerStart(why)),
                Err(_) => Err(PortalError::ServerStart("its supervisor broke".to_owned())),
            },
            () = signals.received() => Err(PortalError::Interrupted),
        };
        if let Err(error) = outcome {
            let _ = events.send(Event::Request(Request::StopAll(Parting::Goodbye)));
            let _ = supervisor.await;
            // Held sessions are in their file still, for the next attempt.
            handler.disconnect_all("");
            tasks.iter().for_each(JoinHandle::abort);
            return Err(error);
        }
        let api = Arc::new(Api::new(Arc::clone(&handler), house));
        // Before anybody comes back, so that no session is ever in two places.
        Keeper::new(&config.data_dir, &handler).forget();
        tasks.extend(bound.serve(&config, &handler, &registry, &switchboard, api).await);
        registry.switch_all_on();
        services.start(&handler, &registry, &switchboard).await;
        Ok(Portal { registry, switchboard, events, supervisor, signals, tasks, files })
    }

    /// What it runs, with the real addresses.
    pub fn services(&self) -> Vec<ServiceStatus> {
        self.registry.statuses()
    }

    /// Fingerprints of the keys that clients of SSH are shown, for players to compare: `SHA256:... (ssh-ed25519)`.
    pub fn ssh_host_keys(&self) -> Vec<String> {
        self.registry.host_keys()
    }

    /// Goes on until a signal, the launcher or the game ends it; then stops the Server in order, says
    /// goodbye to the players and removes the socket and the pid file.
    ///
    /// # Errors
    /// None at present; the end of a Portal is never worth a failure.
    pub async fn run(mut self) -> Result<(), PortalError> {
        tokio::select! {
            () = self.signals.received() => {
                info!("a signal asks for the end");
                let _ = self.events.send(Event::Request(Request::StopAll(Parting::Goodbye)));
                let _ = (&mut self.supervisor).await;
            }
            _ = &mut self.supervisor => {}
        }
        self.switchboard.end().await;
        self.tasks.iter().for_each(JoinHandle::abort);
        drop(self.files);
        Ok(())
    }
}

/// Goes on with the sessions that another Portal has left, if there are any; gives back how the first Server is to
/// start.
fn bring_in(keeper: &Keeper, config: &PortalConfig, handler: &Arc<PortalSessionHandler>) -> RestartMode {
    let Some(held) = keeper.find() else { return RestartMode::Shutdown };
    let restorer = Restorer::new(config, handler);
    let (mut sessions, mut late) = (0, 0);
    for record in &held.records {
        match restorer.restore(record) {
            Ok(true) => sessions += 1,
            Ok(false) => late += 1,
            Err(error) => warn!(%error, "a held session cannot be read; it ends"),
        }
    }
    info!(sessions, late, "sessions that were held over the restart go on");
    held.mode
}

/// The files of a running Portal. Dropping this removes them and gives up the lock.
struct RunFiles {
    /// Locked for as long as it is open.
    _lock: File,
    remove: Vec<PathBuf>,
}

impl RunFiles {
    fn take(config: &PortalConfig) -> Result<RunFiles, PortalError> {
        let file_error = |path: &Path| {
            let path = path.to_owned();
            move |reason| PortalError::File { path, reason }
        };
        link::private_folder(&config.run_dir).map_err(file_error(&config.run_dir))?;
        fs::create_dir_all(&config.data_dir).map_err(file_error(&config.data_dir))?;
        let lock_path = config.run_dir.join(LOCK_FILE);
        let pid_path = config.run_dir.join(PID_FILE);
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(file_error(&lock_path))?;
        match lock_soon(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let pid = fs::read_to_string(&pid_path).ok().and_then(|pid| pid.trim().parse().ok());
                return Err(PortalError::AlreadyRunning { pid });
            }
            Err(TryLockError::Error(reason)) => return Err(PortalError::File { path: lock_path, reason }),
        }
        let write_pid = || writeln!(File::create(&pid_path)?, "{}", std::process::id());
        write_pid().map_err(file_error(&pid_path))?;
        Ok(RunFiles { _lock: lock, remove: vec![pid_path, config.link_socket.clone()] })
    }
}

/// Takes the lock; whoever only looks whether it is taken holds it for a moment, so it is tried a few times.
fn lock_soon(file: &File) -> Result<(), TryLockError> {
    const TRIES: u32 = 10;
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(std::time::Duration::from_millis(10)),
            settled => return settled,
        }
    }
    file.try_lock()
}

impl Drop for RunFiles {
    fn drop(&mut self) {
        for path in &self.remove {
            // What is left is removed by the next Portal.
            let _ = fs::remove_file(path);
        }
    }
}

/// The signals that end a Portal.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// The terminal was closed.
    hang_up: Signal,
}

impl Signals {
    fn listen() -> io::Result<Signals> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }
}

/// Raises the open-file limit as far as it goes, and lowers the numbers of connections to what fits.
fn within_open_files(limits: Limits) -> Limits {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let files = if raised.is_ok() { maximum } else { current };
    let files = files.and_then(|files| usize::try_from(files).ok()).unwrap_or(usize::MAX);
    let wanted = limits.connections;
    let limits = within(files, limits);
    if limits.connections < wanted {
        let connections = limits.connections;
        info!(connections, "the open-file limit of this system allows no more connections than this");
    }
    limits
}

/// What fits into so many open files. Requests for the page have files of their own, a quarter of all at most: whoever
/// asks for it a thousand times takes no place from a player.
fn within(files: usize, limits: Limits) -> Limits {
    let http_connections = limits.http_connections.min(files / 4);
    let connections = limits.connections.min(files.saturating_sub(SPARE_FILES + http_connections));
    Limits { connections, http_connections, ..limits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_of_players_and_of_http_have_files_of_their_own() {
        let limits = || Limits { connections: 1000, http_connections: 100, ..Limits::default() };
        for (files, connections, http) in
            [(usize::MAX, 1000, 100), (1164, 1000, 100), (1163, 999, 100), (256, 128, 64), (60, 0, 15)]
        {
            let fits = within(files, limits());
            assert_eq!((fits.connections, fits.http_connections), (connections, http), "{files}");
        }
    }
}
