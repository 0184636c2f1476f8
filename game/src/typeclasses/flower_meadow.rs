//! The meadow: a place that does something by itself, again and again.

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

    /// Called at each start and after each reload: the place to begin what goes on for ever.
    fn at_server_start(&self, world: &mut World, me: ObjectId) {
        grow_later(world, me);
    }
}

fn grow_later(world: &mut World, meadow: ObjectId) {
    world.after(GROWS_EVERY, move |world| {
        if !world.exists(meadow) {
            return;
        }
        grow_later(world, meadow);
        let flowers = world[meadow].contents().iter().filter(|id| world.is_a(**id, Flower.path())).count();
        if flowers == 0 {
            logged("a flower grows", Flower::plant(world, meadow));
        }
    });
}
