//! What a game depends on: the launcher, the configuration, and the parts that a game is made of.

/// Many small values come and go with every command; this allocator is the faster one at that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

pub mod config;

mod game;
pub use game::{Game, PortalSetup, ServerSetup, Setup};

mod launcher;
pub use launcher::launch;

pub mod logging;

mod testgame;
pub use testgame::{PASSWORD, TestGame, transcript};

pub use meadow_link::{CommandTuple, Flag, Flags, Kwargs, SessionId, Time, oob, prompt, text, tuple};
pub use meadow_portal::{OpenSession, PortalContext, PortalServices, Refusal};
pub use meadow_protocol::markup::clean_input;
pub use meadow_protocol::{Depth, Outbox, Protocol, Render, Rendering};
pub use meadow_server::{Lost, ServerServices, ServiceEnd, WorldHandle};
pub use meadow_world::*;

// What a game's own protocols and services are written with: the versions that Meadow itself runs on.
pub use serde_json;
pub use tokio;

/// What most files of a game begin with: `use meadow::prelude::*;`.
pub mod prelude {
    pub use meadow_link::{CommandTuple, Kwargs, SessionId, prompt, text, tuple};
    pub use meadow_world::{
        AccountId, AccountTypeclass, Args, Command, Cx, Equals, For, Held, Here, Meta, Mux, NewObject,
        NewScript, NewTicker, ObjectId, Receiver, Result, Scope, Screen, ScriptId, ScriptOwner,
        ScriptTypeclass, Stop, Target, Ticker, Typeclass, Words, World, WorldBuilder, bug,
        cmdset::CmdSet,
        default::{DefaultAccount, DefaultCharacter, DefaultExit, DefaultObject, DefaultRoom},
        logged, say,
        text::{self, Align, Border, Column, Table, escape},
    };
}

/// The examples of the README are compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
