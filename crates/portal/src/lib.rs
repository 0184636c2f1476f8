//! Meadow's Portal: holds the players' connections and keeps a Server running behind them.
//!
//! From the client inwards: `listen` accepts and reads; a `PortalSession` (`session`) has the
//! protocol and the queues of one connection; the `PortalSessionHandler` (`sessionhandler`) knows all of
//! them; the `link` carries commandtuples to the Server and back. Beside that the `supervisor`
//! starts and exchanges the Server, and the `launcher`'s requests are answered.

mod config;
pub use config::{Certificate, IfTaken, Limits, PortalConfig, ServerCommand, ServerOutput, TlsListen};

mod error;
pub use error::PortalError;

mod portal;
pub use portal::{Portal, PortalServices};

mod service;
pub use service::ServiceStatus;

pub mod address;

mod tls;
pub use tls::TlsError;

// One connection, without and with its socket.
mod connection;
mod input;
mod out;
mod session;
mod timer;

// All connections.
mod admission;
mod ids;
mod bound;
mod listen;
mod sessionhandler;

// The Server and the launcher.
mod launcher;
mod link;
mod process;
pub use process::FAREWELL;
mod server_end;
mod supervisor;

mod clock;
