//! What a Portal or a Server runs, as it is listed: at the start, in `status`, by `@service`.

use std::error::Error;

use serde::{Deserialize, Serialize};

/// How a service of a game's own ends that did not panic; an error is for the log.
///
/// ```
/// use meadow_link::ServiceEnd;
///
/// async fn once() -> ServiceEnd {
///     let port: u16 = "4010".parse()?;
///     assert_eq!(port, 4010);
///     Ok(())
/// }
/// ```
pub type ServiceEnd = Result<(), Box<dyn Error + Send + Sync>>;

/// One service, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceStatus {
    /// Its unique name: `telnet`, `web`, `link` ... or a game's own.
    pub name: String,
    /// What it is: `stream`, `web` or `link`; `portal` or `server` for one that listens nowhere, after the
    /// process that runs it.
    pub kind: String,
    /// Where it listens: an address with its real port, or the path of a socket. Empty for one that does not.
    pub address: String,
    /// Whether it runs.
    pub state: ServiceState,
}

/// What is wanted of a service (`@service/start`, `/stop`, `/delete`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceWish {
    /// It is to run.
    Start,
    /// It is not to run; it can be started again.
    Stop,
    /// It is not to run, nor to be listed.
    Delete,
}

impl ServiceWish {
    /// Every wish, in the order of their numbers on the link.
    pub const ALL: [ServiceWish; 3] = [ServiceWish::Start, ServiceWish::Stop, ServiceWish::Delete];
}

/// Whether a service runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceState {
    /// It does not: it has not been started yet, or a setting keeps it off.
    #[default]
    Off,
    /// It does.
    On,
    /// It has come to its end by itself.
    Ended,
    /// It broke; the log says how.
    Failed,
    /// Somebody has stopped it (`@service/stop`).
    Stopped,
}

impl ServiceState {
    /// Every state, in the order of their numbers on the link.
    pub const ALL: [ServiceState; 5] = [
        ServiceState::Off,
        ServiceState::On,
        ServiceState::Ended,
        ServiceState::Failed,
        ServiceState::Stopped,
    ];

    /// As it is shown.
    pub fn name(self) -> &'static str {
        match self {
            ServiceState::Off => "off",
            ServiceState::On => "on",
            ServiceState::Ended => "ended",
            ServiceState::Failed => "failed",
            ServiceState::Stopped => "stopped",
        }
    }
}
