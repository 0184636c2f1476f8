//! The command that every exit is: called by the exit's name, it goes there.

use crate::{Command, Cx, Meta, Result, bug};

/// Goes through the exit that brought it along.
pub(crate) struct ExitCommand;

impl Command for ExitCommand {
    const META: Meta =
        Meta { key: "exit", help: "go this way", help_category: "Exits", auto_help: false, ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        let exit = cx.obj.ok_or_else(|| bug("an exit command without its exit"))?;
        let kind = cx.world[exit].typeclass();
        match cx.world[exit].destination() {
            Some(destination) if cx.world.access(exit, caller, "traverse", true) => {
                kind.at_traverse(cx.world, exit, caller, destination)
            }
            _ => kind.at_failed_traverse(cx.world, exit, caller),
        }
    }
}
