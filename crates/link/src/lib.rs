//! The words that Portal and Server share.
//!
//! Everything that crosses the AMP link is named here, so that the Portal never has to know the
//! world and the world never has to know telnet. No input or output happens in this crate.

mod tuple;
pub use tuple::{Args, CommandTuple, Kwargs, prompt, text, tuple};

mod session;
pub use session::{Flag, Flags, SessionId, SessionSync};

mod time;
pub use time::Time;

mod service;
pub use service::{ServiceEnd, ServiceState, ServiceStatus, ServiceWish};

mod credentials;
pub use credentials::{Credentials, Secret};

mod api;
pub use api::{ApiMethod, ApiQuestion};

mod message;
pub use message::{RestartMode, ToPortal, ToServer};

mod clean;
pub use clean::{CleanError, clean_senddata};

pub mod amp;
pub mod markup;
pub mod oob;
