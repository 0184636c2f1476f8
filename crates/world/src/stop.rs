//! How a command or hook ends early. The two kinds never mix: what is said to the player, and bugs.

use std::{error::Error, fmt};

use crate::{Bug, bugs::log_bug};

/// What commands and hooks return.
///
/// ```
/// use meadow_world::{Cx, Result, say};
///
/// fn func(cx: &mut Cx<'_>, _: ()) -> Result {
///     let room = cx.location()?;
///     if cx.world[room].has_tag("dark") {
///         return Err(say("It is too dark."));
///     }
///     // Any other error is a bug: the log has it, and the player hears that something broke.
///     cx.world[room].db.set("seen", true)?;
///     Ok(())
/// }
/// ```
pub type Result<T = ()> = std::result::Result<T, Stop>;

/// Why a command or hook went no further.
///
/// ```
/// # use meadow_world::{ObjectId, Result, Stop, World};
/// fn throw(world: &mut World, ball: ObjectId, garden: ObjectId) -> Result {
///     match world.move_to(ball, garden) {
///         // What somebody has against it is no reason to stop.
///         Err(Stop::Say(_)) => Ok(()),
///         other => other,
///     }
/// }
/// ```
#[derive(Debug)]
pub enum Stop {
    /// The player is told this (markup); nothing is wrong.
    Say(String),
    /// Something broke: logged in full, and the player hears only that it did.
    Bug(Bug),
}

/// Ends a command or hook by telling the player something (markup: what a player typed has to be escaped in it).
///
/// ```
/// # use meadow_world::{ObjectId, Result, World, say};
/// fn at_pre_get(world: &World, me: ObjectId) -> Result {
///     if world[me].db["hot"] == true { Err(say("It is |rtoo hot|n.")) } else { Ok(()) }
/// }
/// ```
pub fn say(text: impl Into<String>) -> Stop {
    Stop::Say(text.into())
}

/// Ends a command as a bug of the game.
///
/// ```
/// # use meadow_world::{ObjectId, Result, World, bug};
/// fn twin(world: &World, me: ObjectId) -> Result<ObjectId> {
///     world[me].db.get("twin").ok_or_else(|| bug(format!("{me} has lost its twin")))
/// }
/// ```
pub fn bug(what: impl Into<String>) -> Stop {
    Stop::Bug(Bug::here(what.into().into()))
}

/// For hooks and delayed actions, which return nothing: what goes wrong in them is logged, and they go on.
/// `what` says what was tried: "a flower grows".
///
/// ```
/// # use meadow_world::{ObjectId, Result, World, logged};
/// # fn grow(world: &mut World, me: ObjectId) -> Result { world[me].db.set("height", 3)?; Ok(()) }
/// fn at_server_start(world: &mut World, me: ObjectId) {
///     logged("a flower grows", grow(world, me));
/// }
/// ```
pub fn logged<T, E: Into<Stop>>(what: &str, ended: std::result::Result<T, E>) -> Option<T> {
    match ended.map_err(Into::into) {
        Ok(done) => Some(done),
        Err(Stop::Say(said)) => {
            tracing::error!("{what}: {said}");
            None
        }
        Err(Stop::Bug(bug)) => {
            log_bug(what, (None, None), &bug);
            None
        }
    }
}

/// Any error that `?` meets is a bug: what a player may hear is said on purpose. (`Stop` itself is no
/// `Error`, which is what makes this conversion possible.)
impl<E: Error + Send + Sync + 'static> From<E> for Stop {
    fn from(error: E) -> Stop {
        Stop::Bug(Bug::here(Box::new(error)))
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Say(text) => f.write_str(text),
            Stop::Bug(bug) => write!(f, "{bug}"),
        }
    }
}
