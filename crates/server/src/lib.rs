//! The Server: runs the world on a thread of its own, keeps it in a database, and does its slow work.

mod run;
pub use run::{ServerConfig, run};

mod services;
pub use services::{Lost, ServerServices, WAITING_VISITS, WorldHandle};

pub use meadow_link::ServiceEnd;

mod error;
pub use error::ServerError;

pub mod export;
pub mod jobs;
pub mod offline;
pub mod panics;
pub mod store;
pub mod upkeep;

mod batches;
mod clock;
mod link;
