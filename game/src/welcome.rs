//! A receiver of a signal: who logs in for the first time is told where to begin. Whoever makes something happen (here
//! the login) knows nothing of those who want to be told.

use meadow::{Event, Signal, prelude::*};

/// Called by [`setup`](crate::setup).
pub fn register(world: &mut WorldBuilder) {
    world.on(Signal::AccountFirstLogin, |world, event| {
        if let Event::AccountFirstLogin { session, .. } = event {
            world.msg(*session, WELCOME);
        }
    });
}

const WELCOME: &str = "\
|gYou have never been here before.|n If you have never been in such a place at all, type |whelp newcomer|n. Over the \
trees in the northeast stands a thread of smoke: somebody is at home there.";
