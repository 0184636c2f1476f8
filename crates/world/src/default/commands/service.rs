//! Looking at what the game's processes run, and switching it.

use meadow_link::ServiceWish;

use crate::{Command, Cx, Meta, Result, say};

/// `@service[/SWITCH] [NAME]`
pub(super) struct CmdService;

impl Command for CmdService {
    const META: Meta = Meta {
        key: "@service",
        aliases: &["@services"],
        locks: "cmd:perm(Developer)",
        help: "list, start and stop services: listeners, and what the game runs beside\n\nUsage:\n  @service[/list]\n  \
               @service/start <name>\n  @service/stop <name>\n  @service/delete <name>\n\n\
               |w/list|n shows what the Portal and the Server run, and whether it runs. A listener that is \
               stopped takes no more connections; whoever came by it plays on. |w/start|n opens it again at the \
               same address. |w/delete|n also takes a service of the game's own off the list, and it cannot be \
               started again. What the Portal runs stays so until the Portal is started the next time, what the \
               Server runs until the next reload; settings decide for longer. Mind that you may lock yourself \
               out.\n\nExample:\n  @service/stop telnet",
        help_category: "System",
        switches: &["list", "start", "stop", "delete"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let asker = cx.session()?;
        let name = cx.raw.clone();
        let wish = match cx.switches.as_slice() {
            [] | ["list"] if name.is_empty() => {
                cx.world.list_services(asker);
                return Ok(());
            }
            ["start"] => ServiceWish::Start,
            ["stop"] => ServiceWish::Stop,
            ["delete"] => ServiceWish::Delete,
            _ => return Err(say(USAGE)),
        };
        if name.is_empty() {
            return Err(say(USAGE));
        }
        cx.world.switch_service(asker, name, wish);
        Ok(())
    }
}

const USAGE: &str = "Usage: @service[/list], or @service/start, /stop or /delete <name>";
