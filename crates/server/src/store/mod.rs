//! Where the world is kept. The Server opens one store, loads the world from it, and hands it to a
//! [`StoreThread`], which is given every batch of changes.
//!
//! To add a database: one file here with a type that implements [`meadow_world::Store`], and one line in
//! the shared tests (`tests/store.rs`), which say what every store must do.

mod memory;
pub use memory::MemoryStore;

mod sqlite;
pub use sqlite::{Existing, SqliteStore, Standby};
pub(crate) use sqlite::{Part, free_name, refuse_existing, stamp};

mod thread;
pub use thread::{GROUP_ROWS, StoreReport, StoreStopped, StoreThread, WAITING_BATCHES};

mod checkpoint;
mod explain;
mod lock;
mod merge;
pub(crate) use merge::merge;
mod migrations;
