//! Meadow's Portal: holds the players' connections and keeps a Server running behind them.
//!
//! From the client inwards: `listen` accepts and reads; a `PortalSession` (`session`) has the
//! protocol and the queues of one connection; the `PortalSessionHandler` (`sessionhandler`) knows all of
//! them; the `link` carries commandtuples to the Server and back. Beside that the `supervisor`
//! starts and exchanges the Server, and the `launcher`'s requests are answered.

mod config;
pub use config::{
    Backup, Certificate, Guests, IfTaken, Limits, PortalConfig, Registration, ServerCommand, ServerOutput,
    ShownPlayers, ShownSetting, SiteSettings, SshListen, TlsListen,
};

mod error;
pub use error::PortalError;

mod portal;
pub use portal::Portal;

mod service;
mod services;
pub use services::{OpenSession, OwnService, PortalContext, PortalServices};

pub use meadow_link::{ServiceEnd, ServiceState, ServiceStatus};

pub mod address;

mod tls;
pub use tls::TlsError;

#[cfg(feature = "ssh")]
mod host_keys;
#[cfg(feature = "ssh")]
pub use host_keys::HostKeyError;

// One connection, without and with its socket.
mod connection;
mod input;
mod out;
mod session;
mod timer;

// All connections.
mod admission;
#[cfg_attr(
    not(feature = "ssh"),
    expect(dead_code, reason = "only SSH logs people in before they have a session")
)]
mod authentication;
mod questions;
pub use admission::Refusal;
mod api;
mod bound;
mod listen;
mod mssp;
mod sessionhandler;
mod site;

// The Server and the launcher.
mod launcher;
pub use launcher::KEEP_SESSIONS;
mod link;
mod process;
pub use process::FAREWELL;
mod server_end;
mod supervisor;
mod switchboard;

// The folder.
mod clock;
mod durable;
mod held;
mod ids;
