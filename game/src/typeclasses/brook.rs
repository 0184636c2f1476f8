//! The brook: scenery that [`drink`](crate::commands::CmdDrink) looks for.

use meadow::prelude::*;

use crate::typeclasses::Scenery;

/// Where it runs, one can [`drink`](crate::commands::CmdDrink).
pub struct Brook;

impl Typeclass for Brook {
    fn path(&self) -> &'static str {
        "typeclasses.Brook"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Scenery
    }
}
