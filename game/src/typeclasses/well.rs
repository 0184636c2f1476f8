//! The well: scenery that brings a command along.

use meadow::prelude::*;

use crate::typeclasses::Scenery;

/// Where it stands, one can [`draw`](crate::commands::CmdDraw) water.
pub struct Well;

impl Typeclass for Well {
    fn path(&self) -> &'static str {
        "typeclasses.Well"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &Scenery
    }
}
