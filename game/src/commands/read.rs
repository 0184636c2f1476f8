//! `read`: what does not fit on the screen is shown by pages.

use meadow::prelude::*;

use crate::typeclasses::GuestBook;

/// `read THING`
pub struct CmdRead;

impl Command for CmdRead {
    const META: Meta = Meta {
        key: "read",
        help: "read what is written on something\n\nUsage:\n  read <thing>",
        help_category: "A Meadow",
        ..Meta::DEFAULT
    };
    type Args = Target;

    fn func(&self, cx: &mut Cx<'_>, Target(thing): Target) -> Result {
        let written = match cx.world[thing].db.str("written") {
            _ if cx.world.is_a(thing, GuestBook.path()) => GuestBook::text(cx.world, thing),
            Some(written) => written.to_owned(),
            None => return Err(say("There is nothing to read on that.")),
        };
        cx.page(written);
        Ok(())
    }
}
