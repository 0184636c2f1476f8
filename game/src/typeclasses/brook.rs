//! The brook: scenery that brings a command along.

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
