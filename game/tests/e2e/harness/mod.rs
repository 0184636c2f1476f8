//! Starts games and plays them. A [`Game`] is one game in a folder of its own; [`Telnet`] and
//! [`Websocket`] are players; [`http`] asks for pages. Whatever waits has a time limit, and says at the
//! end of it what it got instead and what the game's logs say.

mod chromium;
mod game;
mod http;
mod new_game;
mod process;
mod program;
mod scene;
mod telnet;
mod ticket;
mod websocket;
mod wire;

pub(crate) use chromium::Chromium;
pub(crate) use game::{Done, Game};
pub(crate) use http::{get, post};
pub(crate) use new_game::NewGame;
pub(crate) use process::{Killer, is_alive, signal};
pub(crate) use program::{Program, installed};
pub(crate) use scene::Scene;
pub(crate) use telnet::Telnet;
pub(crate) use ticket::TicketHolder;
pub(crate) use websocket::Websocket;
pub(crate) use wire::Wire;

use std::time::{Duration, Instant};

/// How long anything may take: generous, because it is only used up when something is broken.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// How long it may take to build the crate of a new game. Most of the first time goes into Meadow's own crates.
pub(crate) const BUILD_LIMIT: Duration = Duration::from_secs(600);

/// How often a condition is looked at that nobody announces.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The password of every player. No file of a game may ever hold it.
pub(crate) const PASSWORD: &str = "blue-otter-sesame";

/// Waits for something that nobody announces; fails with `what` after [`LIMIT`].
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < LIMIT, "this did not come true within {LIMIT:?}: {what}");
        std::thread::sleep(LOOK_AGAIN);
    }
}
