//! Looking at what the game's processes run.

use crate::{Command, Cx, Meta, Result};

/// `@service`
pub(super) struct CmdService;

impl Command for CmdService {
    const META: Meta = Meta {
        key: "@service",
        aliases: &["@services"],
        locks: "cmd:perm(Developer)",
        help: "see what the Portal and the Server run: listeners, and services of the game's own",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let asker = cx.session()?;
        cx.world.list_services(asker);
        Ok(())
    }
}
