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

mod bugs;
pub use bugs::{Bug, PanicReport, PanicReports};

mod typeclass;
pub use typeclass::Typeclass;

mod api;
pub use api::{
    AUDIT_LIMIT, ApiAccess, ApiAudit, ApiAuditId, ApiEffect, ApiError, ApiFunc, ApiKind, ApiLater, ApiMeta,
    ApiParam, ApiRequest,
};

mod account_typeclass;
pub use account_typeclass::AccountTypeclass;

mod command;
pub use command::{Cmd, Command, Commands, Cx, Meta};

mod conversation;
pub use conversation::{Belongs, CONVERSATION_BYTES, CONVERSATIONS_LIMIT, Conversation, Ended, Next};

mod menu;
pub use menu::{Goto, Menu, Node, Nodes};

mod pager;
pub use pager::SCREENREADER_ROWS;

mod editor;
pub use editor::{AttributeEditor, EDITOR_BYTES, EDITOR_LINES, EDITOR_UNDO_BYTES, EDITOR_UNDOS, Editor};

mod args;
pub use args::{Args, Equals, Held, Here, Mux, Target, Words};

mod setup;
pub use setup::{For, Registry, WorldBuilder};

mod rules;
pub use rules::{MultisessionMode, Rules};

mod world;
pub use world::{Step, World};

mod objects;
pub use objects::NewObject;

mod msg;
pub use msg::Receiver;

mod act;
pub use act::{Act, ActValue};

mod screen;
pub use screen::Screen;

mod search;
pub use search::Scope;

mod gametime;
pub use gametime::GameTime;

mod prototypes;
pub use prototypes::{PROTOTYPE_TAG_CATEGORY, Prototype, PrototypeId};

mod scan;
pub use scan::SCAN_STEP;

mod signals;
pub use signals::{EVENT_DEPTH, EVENTS_PER_STEP, Event, Signal};

mod swap;
pub use swap::Swap;

mod sessionhandler;
pub use sessionhandler::ServerSessionHandler;

mod job;
pub use job::{BATCH_FILE_LIMIT, Job, JobId, JobResult, Secret};

mod store;
pub use store::{AccountRow, Batch, ObjectRow, RecordRow, Snapshot, Store, StoreError};

mod records;
pub use records::Record;

mod check;
pub use check::{Checked, Finding, Fix, LARGEST_OBJECT};

mod standby;
pub use standby::StandbyWorld;

mod unread;
pub use unread::{Broken, BrokenRow};
mod help;
pub use help::{HelpEntry, HelpEntryId, HelpTopic};

mod channels;
pub use channels::{
    CHANNEL_HISTORY, Channel, ChannelId, ChannelLine, ChannelTypeclass, DefaultChannel, NewChannel,
    Subscriber,
};
mod scripts;
pub use scripts::{DefaultScript, NewScript, Script, ScriptId, ScriptOwner, ScriptState, ScriptTypeclass};

mod tickers;
pub use tickers::{AT_TICK, NewTicker, Ticker, TickerId, TickerSubscriber};

mod monitors;
pub use monitors::{Changed, Monitor, MonitorId};

mod delays;
pub use delays::{Delay, DelayId, DelayState};
mod bans;
pub use bans::{Ban, BanId, Banned};

mod web_logins;
pub use web_logins::{WEB_LOGIN_TIME, WEB_LOGINS, WebLogin, WebLoginId};

pub mod cmdparser;
pub mod cmdset;
pub mod default;
pub mod locks;
pub mod text;

mod accounts;
mod authenticate;
mod batch;
mod bodies;
mod census;
mod changes;
mod cmdhandler;
mod common_passwords;
mod destroy;
mod guests;
mod idle;
mod inputfuncs;
mod inspect;
mod linkdead;
mod logins;
mod nicks;
mod oob;
mod pages;
mod schedule;
pub use schedule::AfterId;

mod services;
mod session_state;
mod ssh_keys;
mod staff;
mod throttle;
mod timing;
pub use timing::SHORTEST_INTERVAL;
