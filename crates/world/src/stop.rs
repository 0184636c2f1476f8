//! How a command or hook ends early. The two kinds never mix: what is said to the player, and bugs.

use std::{error::Error, fmt};

use crate::{Bug, bugs::log_bug};

/// What commands and hooks return.
pub type Result<T = ()> = std::result::Result<T, Stop>;

/// Why a command or hook went no further.
#[derive(Debug)]
pub enum Stop {
    /// The player is told this (markup); nothing is wrong.
    Say(String),
    /// Something broke: logged in full, and the player hears only that it did.
    Bug(Bug),
}

/// Ends a command by telling the player something.
pub fn say(text: impl Into<String>) -> Stop {
    Stop::Say(text.into())
}

/// Ends a command as a bug of the game.
pub fn bug(what: impl Into<String>) -> Stop {
    Stop::Bug(Bug::here(what.into().into()))
}

/// For hooks and delayed actions, which return nothing: what goes wrong in them is logged, and they go on.
/// `what` says what was tried: "a flower grows".
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
