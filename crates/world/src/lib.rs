//! The game world: objects, accounts, sessions and commands. It does no input or output, reads no clock and
//! awaits nothing; one thread owns it and lends it around as `&mut World`.
//!
//! A line from a client takes this way: [`World::handle`] → `sessionhandler` → `inputfuncs` → `cmdhandler` →
//! a [`Command`] → [`World::msg`], and the Server takes what came of it with [`World::take_step`].

mod ids;
pub use ids::{AccountId, ObjectId};

mod attributes;
pub use attributes::Attributes;

mod object;
pub use object::{Object, Tag};

mod account;
pub use account::Account;

mod session;
pub use session::ServerSession;

mod stop;
pub use stop::{Result, Stop, bug, logged, say};

mod typeclass;
pub use typeclass::Typeclass;

mod command;
pub use command::{Cmd, Command, Commands, Cx, Meta};

mod args;
pub use args::{Args, Equals, Held, Here, Mux, Target, Words};

mod setup;
pub use setup::{For, Registry, Rules, WorldBuilder};

mod world;
pub use world::{Step, World};

mod objects;
pub use objects::NewObject;

mod msg;
pub use msg::Receiver;

mod search;
pub use search::Scope;

mod sessionhandler;
pub use sessionhandler::ServerSessionHandler;

mod job;
pub use job::{Job, JobId, JobResult, Secret};

mod store;
pub use store::{AccountRow, Batch, ObjectRow, RecordRow, Snapshot, Store, StoreError};

mod records;
pub use records::Record;

mod check;
pub use check::{Checked, Finding, Fix, LARGEST_OBJECT};

mod unread;
pub use unread::{Broken, BrokenRow};

pub mod cmdparser;
pub mod cmdset;
pub mod default;
pub mod locks;
pub mod text;

mod accounts;
mod authenticate;
mod census;
mod changes;
mod cmdhandler;
mod inputfuncs;
mod inspect;
mod logins;
mod oob;
mod schedule;
mod services;
mod ssh_keys;
mod throttle;
