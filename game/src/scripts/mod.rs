//! Scripts: what goes on by itself, wherever players are. State stands in the script's attributes, and is kept over
//! reloads and crashes, with the time at which it repeats next.
//!
//! # Adding one
//!
//! Copy `weather.rs`, and name it here and in [`register`]. A script that belongs to an object or an account is started
//! with `world.start_script(..)` when it is needed, and has no line for a global one.

use std::time::Duration;

use meadow::prelude::*;

mod weather;
pub use weather::Weather;

/// How long a sky lasts.
const SKY_LASTS: Duration = Duration::from_secs(20 * 60);

/// Called by [`setup`](crate::setup). There is always one of these.
pub fn register(world: &mut WorldBuilder) {
    world.script(&Weather).global_script(NewScript {
        key: Weather::KEY,
        typeclass: Weather.path(),
        desc: "Sun and rain over all places that are outdoors.",
        interval: Some(SKY_LASTS),
        start_delay: Some(true),
        ..NewScript::default()
    });
}
