//! `read`: as small as `smell`, and it refuses what can't be read.

use meadow::prelude::*;

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
        let written =
            cx.world[thing].db.str("written").ok_or_else(|| say("There is nothing to read on that."))?;
        let written = written.to_owned();
        cx.msg(written);
        Ok(())
    }
}
