//! The glass on Tilda's table: what happens to it in an hour happens, whatever comes between. A delay is stored, unlike
//! `world.after(..)`, which has to be arranged again at each start.

use std::time::Duration;

use meadow::prelude::*;

use crate::typeclasses::Scenery;

/// How long a rose lasts in water.
const LASTS: Duration = Duration::from_secs(60 * 60);
/// The name of what is done then.
const WITHER: &str = "a rose withers";

/// A glass of water. Tag: `rose`, as long as there is one in it.
pub struct Glass;

impl Typeclass for Glass {
    fn path(&self) -> &'static str {
        "typeclasses.Glass"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Scenery
    }

    fn display_desc(&self, world: &World, me: ObjectId, _looker: ObjectId) -> String {
        if world[me].has_tag("rose") {
            "A red rose stands in it, and is reflected in the window.".to_owned()
        } else {
            "A glass of water, and nothing in it.".to_owned()
        }
    }
}

impl Glass {
    /// Says what is to be called later; delays know it by its name.
    pub(super) fn register(world: &mut WorldBuilder) {
        world.delayed(WITHER, wither);
    }

    /// Puts a rose into the glass that stands in a place, if none is in it yet.
    pub fn fill_in(world: &mut World, place: ObjectId) {
        let mut inside = world[place].contents().iter().copied();
        let glass = inside.find(|id| world.is_a(*id, Glass.path()) && !world[*id].has_tag("rose"));
        if let Some(glass) = glass {
            world.add_tag(glass, "rose", "");
            logged("a rose will wither", world.delay(LASTS, WITHER, glass));
        }
    }
}

fn wither(world: &mut World, glass: ObjectId) -> Result {
    let Some(place) = world.object(glass).map(|glass| glass.location()) else { return Ok(()) };
    world.remove_tag(glass, "rose", "");
    if let Some(place) = place {
        world.msg_contents(place, "The last petal of the rose in the glass falls. Tilda keeps it.", &[]);
    }
    Ok(())
}
