//! `@server` and `@time`: how the game does, and since when.

use super::date;
use crate::{Command, Cx, Meta, Result, default::commands::listing::pairs, text::span};

/// `@server[/mem|/flushmem]`
pub(in crate::default::commands) struct CmdServer;

impl Command for CmdServer {
    const META: Meta = Meta {
        key: "@server",
        aliases: &["@serverload"],
        locks: "cmd:perm(list) or perm(Developer)",
        help: "see how much the Server holds, and since when\n\nUsage:\n  @server[/mem or /flushmem]\n\nShows how many \
               objects, accounts, sessions and records there are, and what waits. Memory is not measured from inside \
               the game, and there is no cache that could be flushed: the switches say so.",
        help_category: "System",
        switches: &["mem", "flushmem"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        if cx.switch("flushmem") {
            cx.msg("There is nothing to flush: all objects are in memory as long as the Server runs.");
            return Ok(());
        }
        let world = &*cx.world;
        let objects = world.objects().count();
        if cx.switch("mem") {
            let told = format!(
                "All {objects} objects are in memory. The game does not measure how much that is: the tools of its \
                 system do."
            );
            cx.msg(told);
            return Ok(());
        }
        let logged_in = world.sessions().iter().filter(|session| session.account().is_some()).count();
        let started = date(world.started());
        let lines = [
            ("running since", format!("{started} UTC ({})", span(world.now().since(world.started())))),
            ("objects", objects.to_string()),
            ("accounts", world.accounts().count().to_string()),
            ("sessions", format!("{} ({logged_in} logged in)", world.sessions().len())),
            ("waiting for their time", world.schedule.len().to_string()),
            ("jobs at work", world.waiting.len().to_string()),
            ("typeclasses", world.game().typeclasses.len().to_string()),
        ];
        let lines = lines.into_iter().map(|(label, value)| (label.to_owned(), value));
        let records = world
            .record_kinds()
            .map(|kind| (format!("{kind} records"), world.record_names(kind).len().to_string()));
        let told = pairs(lines.chain(records), cx.screen());
        let name = crate::text::escape(world.game().name()).into_owned();
        cx.page(format!("|wThe Server of {name}|n\n{told}"));
        Ok(())
    }
}

/// `@time`
pub(in crate::default::commands) struct CmdTime;

impl Command for CmdTime {
    const META: Meta = Meta {
        key: "@time",
        aliases: &["@uptime"],
        locks: "cmd:perm(time) or perm(Player)",
        help: "see what time it is, in the game and outside",
        help_category: "System",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let world = &*cx.world;
        let now = world.now();
        let times =
            [("now", now), ("running since", world.started()), ("the world was made", world.created())];
        let lines = times.map(|(label, time)| match time < now {
            true => (label, format!("{} ({} ago)", date(time), span(now.since(time)))),
            false => (label, date(time)),
        });
        let factor = world.game().game_time.factor();
        let server = pairs(lines, cx.screen());
        let game = pairs([("now", date(world.game_time()))], cx.screen());
        cx.msg(format!("|wServer time|n (UTC)\n{server}\n|wTime in the game|n (x{factor})\n{game}"));
        Ok(())
    }
}
