//! SSH: players who come with the client that every system has. Accepts, has russh speak the protocol, and drives the
//! session once a shell begins.
//!
//! | file | what it is |
//! |---|---|
//! | `visitor` | what a client asks for before its shell begins: logging in, a terminal, a command |
//! | `channel` | the shell's channel, as the session's driver knows connections |
//! | `inbox` | what has come for the session |
//! | `socket` | the connection, which is not read while the session takes nothing |
//!
//! russh runs a task of its own for each connection. A panic of it ends that connection and nothing else; and since
//! that task may be anywhere when a session ends, the socket is shut down under it.

mod channel;
mod inbox;
mod socket;
mod visitor;

use std::{borrow::Cow, net::IpAddr, sync::Arc, time::Duration};

use meadow_protocol::{
    Transport,
    ssh::{Terminal, TerminalSettings},
};
use russh::{
    Disconnect, MethodKind, MethodSet, Preferred, SshId, kex,
    keys::{Algorithm, PrivateKey},
    server::{Config, RunningSession, run_stream},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};
use tracing::{debug, error};

use self::{
    channel::ShellChannel,
    inbox::Inbox,
    socket::{HangUp, Socket},
    visitor::{Start, Visitor},
};
use super::{
    Gatekeeper,
    accept::accept,
    gatekeeper::Admitted,
    stream::{LINGER, run, turn_away},
};
use crate::{Guests, connection::Wire};

/// How long a client may take until its shell begins (OpenSSH's LoginGraceTime), if the limit for logins is not shorter.
const GRACE_TIME: Duration = Duration::from_secs(120);
/// Passwords and keys that a client may try on one connection. Clients try all the keys that they have.
const ATTEMPTS: usize = 10;
/// How long a refusal takes. The Server takes care that its answers tell nothing; this only slows guessing down.
const REFUSAL_TIME: Duration = Duration::from_millis(300);
/// A client that sends nothing is asked this often whether it is there, and is cut when it was asked so many times in
/// vain: a laptop that was closed for a moment comes back.
const KEEPALIVE: (Duration, usize) = (Duration::from_secs(60), 5);
/// Bytes that a client may send ahead.
const WINDOW: u32 = 64 * 1024;
/// Most bytes in one packet of a channel.
const PACKET: u32 = 8 * 1024;

/// Those with elliptic curves. The others cost a hundred times as much, before anybody has logged in.
const KEY_EXCHANGES: &[kex::Name] = &[
    kex::MLKEM768X25519_SHA256,
    kex::CURVE25519,
    kex::CURVE25519_PRE_RFC_8731,
    kex::EXTENSION_SUPPORT_AS_SERVER,
    kex::EXTENSION_OPENSSH_STRICT_KEX_AS_SERVER,
];

/// What all SSH listeners share.
#[derive(Clone)]
pub(crate) struct SshShared {
    config: Arc<Config>,
    terminal: Arc<TerminalSettings>,
    guests: Guests,
}

/// One SSH listener.
#[derive(Clone)]
pub(crate) struct SshService {
    gatekeeper: Gatekeeper,
    shared: SshShared,
}

impl SshShared {
    pub(crate) fn new(keys: Vec<PrivateKey>, terminal: TerminalSettings, guests: Guests) -> SshShared {
        SshShared { config: Arc::new(config(keys)), terminal: Arc::new(terminal), guests }
    }
}

impl SshService {
    pub(crate) fn new(gatekeeper: Gatekeeper, shared: &SshShared) -> SshService {
        SshService { gatekeeper, shared: shared.clone() }
    }

    fn let_in(&self, stream: TcpStream, address: IpAddr) {
        match self.gatekeeper.admit(address) {
            Ok(admitted) => {
                tokio::spawn(welcome(admitted, stream, self.clone()));
            }
            // Before its identification a server may send lines, which clients show (RFC 4253, section 4.2).
            Err(refusal) => turn_away(stream, &refusal.to_string()),
        }
    }
}

/// Accepts connections for ever.
pub(crate) async fn serve(listener: TcpListener, service: SshService) {
    let gatekeeper = service.gatekeeper.clone();
    accept(listener, &gatekeeper, move |stream, address| service.let_in(stream, address)).await;
}

fn config(keys: Vec<PrivateKey>) -> Config {
    // Signatures with SHA-1 are neither made nor taken (RFC 8332, section 1).
    let algorithms = Preferred::DEFAULT.key.iter().filter(|key| **key != Algorithm::Rsa { hash: None });
    Config {
        // The version is nobody's business before the login.
        server_id: SshId::Standard(Cow::Borrowed("SSH-2.0-Meadow")),
        methods: methods(),
        auth_rejection_time: REFUSAL_TIME,
        // Clients ask first without anything, only to be told what they may try.
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys,
        window_size: WINDOW,
        maximum_packet_size: PACKET,
        preferred: Preferred {
            kex: Cow::Borrowed(KEY_EXCHANGES),
            key: Cow::Owned(algorithms.cloned().collect()),
            ..Preferred::DEFAULT
        },
        max_auth_attempts: ATTEMPTS,
        inactivity_timeout: None,
        keepalive_interval: Some(KEEPALIVE.0),
        keepalive_max: KEEPALIVE.1,
        nodelay: true,
        ..Config::default()
    }
}

/// What a client may try; keyboard-interactive had a hole before the login (CVE-2026-42189), and is no use here.
fn methods() -> MethodSet {
    MethodSet::from(&[MethodKind::PublicKey, MethodKind::Password][..])
}

/// Makes the connection a session once its shell begins. Until then it has its place among those that have not
/// logged in, but nothing of the game is told to it.
async fn welcome(admitted: Admitted, stream: TcpStream, service: SshService) {
    let inbox = Arc::new(Inbox::default());
    let stream = Arc::new(stream);
    let hang_up = HangUp::new(Arc::clone(&stream), Arc::clone(&inbox));
    let address = admitted.address();
    let grace = GRACE_TIME.min(admitted.handler().limits().login_time);
    // Boxed, and in a task of its own: the state of a handshake is larger than that of a session.
    let begun = Box::pin(timeout(grace, begin(&admitted, &service, stream, &inbox))).await;
    match begun {
        Ok(Ok((running, start))) => {
            let shell = Shell { running, start, inbox, hang_up, terminal: service.shared.terminal };
            tokio::spawn(shell.drive(admitted));
        }
        Ok(Err(error)) => debug!(error, %address, "an SSH client did not come as far as its shell"),
        Err(_) => debug!(%address, "an SSH client took too long until its shell"),
    }
}

/// Speaks with the client until its shell begins. The error is for the log.
async fn begin(
    admitted: &Admitted,
    service: &SshService,
    stream: Arc<TcpStream>,
    inbox: &Arc<Inbox>,
) -> Result<(RunningSession<Visitor>, Start), String> {
    let (starts, start) = oneshot::channel();
    let visitor = Visitor::new(admitted, service.shared.guests, Arc::clone(inbox), starts);
    let socket = Socket::new(stream, Arc::clone(inbox));
    let running = run_stream(Arc::clone(&service.shared.config), socket, visitor).await;
    let running = running.map_err(|error| error.to_string())?;
    match start.await {
        Ok(start) => Ok((running, start)),
        Err(_) => {
            log_end(running.await);
            Err("it left".to_owned())
        }
    }
}

/// A client whose shell has begun.
struct Shell {
    running: RunningSession<Visitor>,
    start: Start,
    inbox: Arc<Inbox>,
    hang_up: HangUp,
    terminal: Arc<TerminalSettings>,
}

impl Shell {
    /// Drives the session until it ends.
    async fn drive(self, admitted: Admitted) {
        let Shell { running, start, inbox, hang_up, terminal } = self;
        let Start { account, client, channel } = start;
        let protocol = Box::new(Terminal::new(client, terminal));
        let entered = admitted.enter_as(account, Wire::Task, protocol, Transport::Stream);
        let mut shell = ShellChannel::new(&channel, inbox);
        run(&entered, &mut shell).await;
        // The Server hears of the end now, not after the farewell.
        drop(entered);
        drop(shell);
        let handle = running.handle();
        let mut running = Box::pin(running);
        let farewell = Box::pin(async {
            // A session that ends in order has done what it was for (RFC 4254, section 6.10).
            let told = async {
                channel.exit_status(0).await?;
                channel.eof().await?;
                channel.close().await
            };
            if told.await.is_err() {
                debug!("an SSH client left before it could be told of the end");
            }
            // Clients take a connection that the server ends for one that broke, so they are let go first.
            running.as_mut().await
        });
        match timeout(LINGER, farewell).await {
            Ok(ended) => log_end(ended),
            Err(_) => {
                let goodbye = async {
                    let by_us = handle.disconnect(Disconnect::ByApplication, String::new(), String::new());
                    if by_us.await.is_ok() {
                        log_end(running.await);
                    }
                };
                let _ = timeout(LINGER, Box::pin(goodbye)).await;
            }
        }
        drop(hang_up);
    }
}

/// Says how russh's task has ended, if that was not as it should be.
fn log_end(ended: Result<(), russh::Error>) {
    match ended {
        Ok(()) => {}
        // Nobody stops these tasks.
        Err(russh::Error::Join(error)) => error!(%error, "a task of russh panicked"),
        Err(error) => debug!(%error, "an SSH connection ended early"),
    }
}
