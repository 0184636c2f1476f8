//! Running the game from inside.

use meadow_link::ToPortal;

use crate::{Command, Cx, Meta, Result, say, text};

/// `@reload`
pub(super) struct CmdReload;

impl Command for CmdReload {
    const META: Meta = Meta {
        key: "@reload",
        aliases: &["@restart"],
        locks: "cmd:perm(Developer)",
        help: "start the Server anew; nobody is disconnected",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.world.msg_all("The game is being reloaded ...");
        cx.world.out.push(ToPortal::Reload);
        Ok(())
    }
}

/// `@reset`
pub(super) struct CmdReset;

impl Command for CmdReset {
    const META: Meta = Meta {
        key: "@reset",
        locks: "cmd:perm(Developer)",
        help: "start the Server anew as if the game had been stopped; nobody is disconnected\n\nUsage:\n  \
               @reset\n\nUnlike |w@reload|n, it ends what is not to last, such as scripts that are not persistent.",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.world.msg_all("The game is being reset ...");
        cx.world.out.push(ToPortal::Reset);
        Ok(())
    }
}

/// `@shutdown`
pub(super) struct CmdShutdown;

impl Command for CmdShutdown {
    const META: Meta = Meta {
        key: "@shutdown",
        locks: "cmd:perm(Developer)",
        help: "stop the whole game\n\nUsage:\n  @shutdown [<announcement>]",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, announcement: Option<String>) -> Result {
        // A switch that there is not must not end a game that people play.
        if cx.raw.starts_with('/') {
            return Err(say("|w@shutdown|n has no switches. The game goes on."));
        }
        // Without an announcement the Portal's farewell says all there is to say.
        if let Some(told) = announcement {
            cx.world.msg_all(format!("|wThe game is shutting down.|n {told}"));
        }
        tracing::info!(by = cx.account.map(|account| account.0), "the game is shut down by a command");
        cx.world.out.push(ToPortal::Shutdown);
        Ok(())
    }
}

/// `@about`
pub(super) struct CmdAbout;

impl Command for CmdAbout {
    const META: Meta = Meta {
        key: "@about",
        aliases: &["@version"],
        help: "see what this game runs on",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let up = text::span(cx.world.now().since(cx.world.started()));
        let told = format!(
            "|w{}|n runs on Meadow {}.\nUp for {up}; {}, {}, {}.",
            text::escape(cx.world.game().name()),
            env!("CARGO_PKG_VERSION"),
            counted(cx.world.objects().count(), "object"),
            counted(cx.world.accounts().count(), "account"),
            counted(cx.world.sessions().len(), "session"),
        );
        cx.msg(told);
        Ok(())
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
