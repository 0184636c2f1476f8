//! Inputfuncs: what a client may send besides text. Meadow calls them by the name of the commandtuple,
//! whether it came by GMCP, MSDP or websocket.
//!
//! # Adding one
//!
//! A function, the type that its last parameter is read into, and a line in [`register`]. What does not fit
//! the type never reaches the function.

use meadow::prelude::*;
use serde::Deserialize;

/// Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world.inputfunc("ping", ping);
}

/// What `ping` carries.
#[derive(Debug, Deserialize)]
pub struct Ping {
    /// Comes back as it is, so that the client knows which ping is answered.
    token: u64,
}

/// Answers with a `pong` at once: a client measures how far away the game is.
fn ping(world: &mut World, session: SessionId, Ping { token }: Ping) -> Result {
    world.msg(session, tuple("pong").kw("token", token));
    Ok(())
}
