//! Channels: who talks with whom, wherever they are. `Public` is there in every game; this one is the game's own.

use meadow::{NewChannel, prelude::*};

/// What the channel is called: who types it, and something behind it, says that there.
pub const NEWCOMERS: &str = "Newcomers";

/// Called by [`setup`](crate::setup). All accounts hear it from the beginning.
pub fn register(world: &mut WorldBuilder) {
    world.default_channel(NewChannel {
        key: NEWCOMERS,
        aliases: &["new"],
        desc: "Questions of those who are new here, and answers of those who are not.",
        ..NewChannel::default()
    });
}

/// Says something to all who hear it; without a sender, it is the game that speaks.
pub fn announce(world: &mut World, said: &str) {
    // An operator may have destroyed it.
    if let Some(channel) = world.channel_named(NEWCOMERS) {
        logged("an announcement", world.channel_msg(channel, None, said));
    }
}
