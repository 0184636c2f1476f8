//! Which commands are in force, and why.

use super::{BUILDER, CATEGORY, find, shown};
use crate::{Command, Cx, Meta, Mux, Result, cmdhandler, text::escape};

/// `@cmdsets [THING]`
pub(in super::super) struct CmdCmdsets;

impl Command for CmdCmdsets {
    const META: Meta = Meta {
        key: "@cmdsets",
        locks: BUILDER,
        help: "see which cmdsets are in force\n\nUsage:\n  @cmdsets [<object>]\n\nFor a character these are all that it \
               has where it is, in the order in which they are merged; for a thing, those that it brings along.",
        help_category: CATEGORY,
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let id = if args.lhs.is_empty() { cx.caller()? } else { find(cx, &args.lhs)? };
        let name = shown(cx.world, id);
        let mut stack = if cx.world.is_character(id) {
            cmdhandler::cmdset_stack(cx.world, true, Some(id))
        } else {
            cx.world[id].commands.iter().cloned().collect()
        };
        if stack.is_empty() {
            cx.msg(format!("{name} brings no commands along."));
            return Ok(());
        }
        stack.sort_by_key(|set| set.priority);
        let mut told = format!("|wCmdsets of {name}, lowest first:|n");
        for set in stack {
            let count = set.commands().len();
            let commands = if count == 1 { "command" } else { "commands" };
            told.push_str(&format!(
                "\n  {} ({:?}, priority {}): {count} {commands}",
                escape(&set.key),
                set.mergetype,
                set.priority
            ));
        }
        cx.msg(told);
        Ok(())
    }
}
