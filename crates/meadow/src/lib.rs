//! What a game depends on: the launcher, the configuration, and the parts that a game is made of.
//!
//! A game is a function that registers commands, typeclasses and a world, and a `main` of one line,
//! `meadow::launch(Game::new("Bells").world(setup))`. This is one, with its test:
//!
//! ```
//! use meadow::{prelude::*, transcript};
//!
//! struct CmdRing;
//!
//! impl Command for CmdRing {
//!     const META: Meta = Meta { key: "ring", help: "ring the bell\n\nUsage:\n  ring", ..Meta::DEFAULT };
//!     type Args = ();
//!
//!     fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
//!         let caller = cx.caller()?;
//!         cx.world.act(caller, "$You() $conj(ring) the bell.").to_room();
//!         Ok(())
//!     }
//! }
//!
//! struct Bell;
//!
//! impl Typeclass for Bell {
//!     fn path(&self) -> &'static str {
//!         "typeclasses.Bell"
//!     }
//!
//!     fn at_pre_get(&self, _: &mut World, _: ObjectId, _: ObjectId) -> Result {
//!         Err(say("It is heavier than you are."))
//!     }
//! }
//!
//! fn setup(world: &mut WorldBuilder) {
//!     world.typeclass(&Bell).object_commands(&Bell, CmdSet::new("Bell").add(CmdRing));
//!     world.at_initial_setup(|world| {
//!         let green = NewObject { key: "The Green", typeclass: "default.Room", ..NewObject::default() };
//!         let green = world.create(green)?;
//!         let (typeclass, location) = (Bell.path(), Some(green));
//!         world.create(NewObject { key: "bell", typeclass, location, ..NewObject::default() })?;
//!         world.set_start_location(green);
//!         Ok(())
//!     });
//! }
//!
//! transcript(setup, "
//! > get bell
//! It is heavier than you are.
//! @Bob
//! > ring
//! You ring the bell.
//! @Anna
//! Bob has entered the game.
//! Bob rings the bell.
//! ");
//! ```
//!
//! | for | see |
//! |---|---|
//! | what players do | [`Command`], [`Meta`], [`Args`], [`Cx`] |
//! | what things are and do | [`Typeclass`], [`Object`], [`Attributes`], [`locks`] |
//! | all that is there | [`World`]; what is registered at the start: [`WorldBuilder`] |
//! | what is said | [`World::msg`], [`World::act`], [`text`](mod@text), [`oob`] |
//! | what takes several lines | [`Cx::ask`], [`Menu`], [`Editor`], [`Conversation`], [`Cx::page`] |
//! | time | [`World::delay`], [`NewTicker`], [`NewScript`], [`GameTime`] |
//! | who plays | [`Account`], [`AccountTypeclass`], [`ServerSession`] |
//! | what is kept besides | [`Record`], [`Channel`], [`HelpTopic`], [`Prototype`] |
//! | tests | [`transcript()`], [`TestGame`] |
//! | client languages and services of a game's own | [`Protocol`], [`PortalServices`], [`ServerServices`] |

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

/// What most files of a game begin with. The rest is named where it is used.
///
/// ```
/// use meadow::{HelpTopic, prelude::*};
///
/// fn setup(world: &mut WorldBuilder) {
///     world.help_entry(HelpTopic { key: "rules", text: "Be kind.", ..HelpTopic::default() });
/// }
/// ```
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

/// And so are those of the page on the browser client.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/webclient.md")]
struct Webclient;
