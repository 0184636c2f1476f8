//! Prototypes: what objects are to be made of, as data. `@spawn brimstone` makes one; the
//! [weather](crate::scripts::Weather) does so when the sun is out.

use meadow::{Prototype, prelude::*};

use crate::typeclasses::Scenery;

/// The prototypes that butterflies are made of.
pub const BUTTERFLIES: [&str; 2] = ["brimstone", "peacock"];

/// Called by [`setup`](crate::setup). A child has what its parent has, and says what differs.
pub fn register(world: &mut WorldBuilder) {
    world
        .prototype(
            Prototype::new("butterfly")
                .typeclass(Scenery.path())
                .alias("butterfly")
                .attr("get_err_msg", "You reach for it, and it is off, and settles again a step away.")
                .attr("smell", "Of nothing, as far as you can tell, and it does not wait."),
        )
        .prototype(
            Prototype::new("brimstone").parent("butterfly").key("brimstone butterfly").attr(
                "desc",
                "As yellow as the first leaf of autumn. It opens and shuts, as if it breathed.",
            ),
        )
        .prototype(
            Prototype::new("peacock")
                .parent("butterfly")
                .key("peacock butterfly")
                .attr("desc", "Four eyes look at you from its wings, and none of them can see."),
        );
}
