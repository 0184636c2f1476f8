//! The meadow: a place that does something again and again. A ticker calls its `at_tick`, over reloads and crashes.

use std::time::Duration;

use meadow::prelude::*;

use crate::typeclasses::Flower;

/// How often it is seen to that there is a flower to pick.
const GROWS_EVERY: Duration = Duration::from_secs(10 * 60);

/// Where flowers grow.
pub struct FlowerMeadow;

impl Typeclass for FlowerMeadow {
    fn path(&self) -> &'static str {
        "typeclasses.FlowerMeadow"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultRoom
    }

    /// Called once in its life, so this is where a ticker begins.
    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        self.base().at_object_creation(world, me);
        let ticker = NewTicker { interval: GROWS_EVERY, subscriber: me.into(), ..NewTicker::default() };
        logged("flowers will grow", world.ticker_add(ticker));
    }

    fn at_tick(&self, world: &mut World, me: ObjectId, _idstring: &str) {
        if !world[me].contents().iter().any(|id| world.is_a(*id, Flower.path())) {
            logged("a flower grows", Flower::plant(world, me));
        }
    }
}
