//! Why a Portal cannot start or go on. Each is one sentence for the person at the terminal.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::tls::TlsError;

/// What ends a Portal.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// Another Portal holds the lock of this folder.
    #[error("this game is already running{}", pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default())]
    AlreadyRunning {
        /// Its process, if it can be told.
        pid: Option<u32>,
    },
    /// An address cannot be listened on.
    #[error("{service} cannot listen on {address}: {reason}; set `{setting}` to another address")]
    Bind {
        /// Name of the service.
        service: String,
        /// Where it was to listen.
        address: SocketAddr,
        /// The setting that names the address.
        setting: String,
        /// What the system says.
        reason: io::Error,
    },
    /// The link's socket cannot be made.
    #[error("the link socket {path} cannot be made: {reason}")]
    Link {
        /// Where.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// A folder or file of the game cannot be used.
    #[error("{path} cannot be written: {reason}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        reason: io::Error,
    },
    /// The file of reserved session ids cannot be understood.
    #[error(
        "{path} is damaged ({found:?} is not a number of sessions); restore it from a backup, or remove it \
         together with the database"
    )]
    SessionIds {
        /// Which file.
        path: PathBuf,
        /// What stands there.
        found: String,
    },
    /// Two services want one name.
    #[error("two services are called `{0}`; each needs a name of its own")]
    ServiceName(String),
    /// The keys that clients of SSH are shown are of no use.
    #[cfg(feature = "ssh")]
    #[error(transparent)]
    HostKey(#[from] crate::HostKeyError),
    /// The certificate is of no use.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The Server did not get ready.
    #[error("the Server did not start: {0}")]
    ServerStart(String),
    /// Somebody ended the start with Ctrl-C.
    #[error("stopped while starting")]
    Interrupted,
    /// Signals cannot be listened for.
    #[error("signals cannot be handled: {0}")]
    Signals(io::Error),
}
