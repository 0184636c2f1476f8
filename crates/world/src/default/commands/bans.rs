//! Keeping people out: `ban`, `unban`, and `boot` for those who are in.

use std::time::Duration;

use meadow_link::SessionId;

use super::listing::table;
use crate::{
    Ban, BanId, Banned, Command, Cx, Meta, Result, say,
    staff::{Farewell, check_ban_length, read_span},
    text::{Column, escape, span},
};

/// `ban[/ip] [WHO [= DURATION] [: REASON]]`
pub(super) struct CmdBan;

impl Command for CmdBan {
    const META: Meta = Meta {
        key: "ban",
        aliases: &["bans"],
        locks: "cmd:perm(ban) or perm(Developer)",
        help: "keep an account or an address out\n\nUsage:\n  ban\n  ban[/ip] <name or address> [= <duration>] [: \
               <reason>]\n\nWithout a name: lists the bans. In a name, |w*|n stands for any letters. An address may \
               be a network (|w192.0.2.0/24|n) or have a |w*|n (|w192.0.2.*|n); |w/ip|n says that it is one. A \
               duration is made of |ww d h m s|n: |w1d 12h|n. Who is meant and connected is disconnected.\n\n\
               Examples:\n  ban thomas\n  ban thomas = 3d : spamming\n  ban/ip 192.0.2.*\n\nSee also: unban, boot",
        switches: &["ip"],
        help_category: "Admin",
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        if cx.raw.is_empty() {
            return list(cx);
        }
        let Wanted { mask, span: duration, reason } = wanted(&cx.raw)?;
        let who = if cx.switch("ip") { Banned::Address(mask.clone()) } else { Banned::new(&mask) };
        let me = cx.account()?;
        cx.world.may_ban(me, &who)?;
        let shown = escape(&mask).into_owned();
        let kind = who.kind();
        cx.ask_yes_no(format!("Are you sure you want to {kind}-ban '|w{shown}|n'?"), move |cx, yes| {
            if !yes {
                return Err(say("Nobody was banned."));
            }
            cx.world.staff_ban(me, who, duration, &reason)?;
            cx.msg(format!("{kind}-ban '|w{shown}|n' was added. Use |wunban|n to reinstate."));
            Ok(())
        })
    }
}

/// What somebody wants to ban.
#[derive(Debug, PartialEq)]
struct Wanted {
    mask: String,
    span: Option<Duration>,
    reason: String,
}

/// `thomas = 3d : spamming`. A colon in an address of IPv6 is no beginning of a reason.
fn wanted(raw: &str) -> Result<Wanted> {
    let (who, reason) = split_reason(raw);
    let (mask, span) = match who.split_once('=') {
        Some((mask, span)) => (mask.trim(), Some(read_span(span)?)),
        None => (who.trim(), None),
    };
    if mask.is_empty() {
        return Err(say("Usage: ban[/ip] <name or address> [= <duration>] [: <reason>]"));
    }
    check_ban_length(mask, reason)?;
    Ok(Wanted { mask: mask.to_owned(), span, reason: reason.to_owned() })
}

fn split_reason(raw: &str) -> (&str, &str) {
    let first = raw.split(['=', ' ']).next().unwrap_or_default();
    let address = matches!(Banned::new(first.trim_end_matches(':')), Banned::Address(_));
    let colon = if address { raw.find(": ").or_else(|| raw.find(" :")) } else { raw.find(':') };
    match colon {
        Some(at) => (raw[..at].trim_end(), raw[at..].trim_start_matches([' ', ':']).trim()),
        None => (raw, ""),
    }
}

fn list(cx: &mut Cx<'_>) -> Result {
    cx.world.drop_ended_bans();
    let now = cx.world.now();
    if cx.world.records::<Ban>().next().is_none() {
        return Err(say("Nobody is banned."));
    }
    let rows = cx.world.records::<Ban>().map(|(id, ban)| {
        let left = ban.until.map_or("-".to_owned(), |until| span(until.since(now)));
        let [mask, by, reason] = [ban.who.mask(), &ban.by, &ban.reason].map(|part| escape(part).into_owned());
        [id.0.to_string(), mask, ban.who.kind().to_owned(), span(now.since(ban.since)), left, by, reason]
    });
    let columns = [
        Column::right("Id"),
        Column::new("Banned"),
        Column::new("Type"),
        Column::right("Since"),
        Column::right("Left"),
        Column::new("By"),
        Column::new("Reason"),
    ];
    let told = table(columns, rows, cx.screen());
    cx.page(told);
    Ok(())
}

/// `unban NUMBER`
pub(super) struct CmdUnban;

impl Command for CmdUnban {
    const META: Meta = Meta {
        key: "unban",
        locks: "cmd:perm(unban) or perm(Developer)",
        help: "let an account or an address in again\n\nUsage:\n  unban <number, name or address>\n\n|wbans|n lists \
               them.\n\nSee also: ban",
        help_category: "Admin",
        ..Meta::DEFAULT
    };
    type Args = String;

    fn func(&self, cx: &mut Cx<'_>, _which: String) -> Result {
        cx.world.drop_ended_bans();
        let number = cx.raw.trim_start_matches('#').parse().ok().map(BanId);
        let is = |id: BanId, ban: &Ban| Some(id) == number || ban.who.mask().eq_ignore_ascii_case(&cx.raw);
        let found = cx.world.records::<Ban>().find(|(id, ban)| is(*id, ban));
        let Some((id, mask)) = found.map(|(id, ban)| (id, escape(ban.who.mask()).into_owned())) else {
            return Err(say("There is no such ban. |wbans|n lists them."));
        };
        cx.ask_yes_no(format!("Are you sure you want to unban {}: '|w{mask}|n'?", id.0), move |cx, yes| {
            if !yes {
                return Err(say("The ban stays."));
            }
            cx.world.staff_unban(cx.account, id);
            cx.msg(format!("Cleared ban {}: {mask}", id.0));
            Ok(())
        })
    }
}

/// `boot[/SWITCHES] WHO [: REASON]`
pub(super) struct CmdBoot;

impl Command for CmdBoot {
    const META: Meta = Meta {
        key: "boot",
        locks: "cmd:perm(boot) or perm(Admin)",
        help: "disconnect somebody\n\nUsage:\n  boot[/quiet] <account or character> [: <reason>]\n  boot[/quiet]/sid \
               <number of a connection> [: <reason>]\n\n|w/quiet|n tells them nothing.\n\nSee also: ban",
        switches: &["quiet", "sid"],
        help_category: "Admin",
        ..Meta::DEFAULT
    };
    type Args = String;

    fn func(&self, cx: &mut Cx<'_>, _who: String) -> Result {
        let (who, reason) = cx.raw.split_once(':').unwrap_or((&cx.raw, ""));
        let (who, reason) = (who.trim().to_owned(), escape(reason.trim()).into_owned());
        let sessions = if cx.switch("sid") { numbered(cx, &who) } else { of(cx, &who) };
        if sessions.is_empty() {
            let who = escape(&who);
            return Err(say(match cx.switch("sid") {
                true => format!("There is no connection {who}."),
                false => format!("Nobody called {who} is connected."),
            }));
        }
        let me = cx.account()?;
        cx.world.may_boot(me, &sessions)?;
        let which = if cx.switch("sid") { "connection " } else { "" };
        let who = format!("{which}{}", escape(&who));
        // First, in case that it is oneself.
        cx.msg(format!("You booted {who}."));
        let farewell = if cx.switch("quiet") { Farewell::Silent } else { Farewell::Told(&reason) };
        cx.world.boot(me, &sessions, farewell);
        Ok(())
    }
}

fn numbered(cx: &Cx<'_>, number: &str) -> Vec<SessionId> {
    let id = number.trim_start_matches('#').parse().ok().map(SessionId);
    id.filter(|id| cx.world.session(*id).is_some()).into_iter().collect()
}

/// The sessions of the account of this name, or of the body.
fn of(cx: &Cx<'_>, name: &str) -> Vec<SessionId> {
    let name = name.trim_start_matches('*');
    if let Some(account) = cx.world.account_named(name)
        && !cx.world[account].sessions().is_empty()
    {
        return cx.world[account].sessions().to_vec();
    }
    cx.world.objects_named(name).iter().flat_map(|id| cx.world[*id].sessions().iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::staff::MASK_LIMIT;

    #[test]
    fn what_is_wanted_is_read() {
        let read = |raw: &str| {
            let Wanted { mask, span, reason } = wanted(raw).ok()?;
            Some((mask, span.map_or(0, |span| span.as_secs()), reason))
        };
        for (raw, mask, span, reason) in [
            ("thomas", "thomas", 0, ""),
            ("thomas: a: b", "thomas", 0, "a: b"),
            ("thomas:spam", "thomas", 0, "spam"),
            ("two words = 1h 30m : spam", "two words", 5400, "spam"),
            ("192.0.2.* = 1w", "192.0.2.*", 604_800, ""),
            ("2001:db8::1 : spam", "2001:db8::1", 0, "spam"),
            ("2001:db8::1: spam", "2001:db8::1", 0, "spam"),
            ("2001:db8::/32=2d", "2001:db8::/32", 172_800, ""),
        ] {
            assert_eq!(read(raw), Some((mask.to_owned(), span, reason.to_owned())), "{raw}");
        }
        for wrong in [
            "= 3d",
            ": spam",
            "thomas = ",
            "thomas = 3",
            "thomas = 3y",
            "thomas = d",
            "thomas = 0s",
            "t = 999999999w",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert!(read(&"x".repeat(MASK_LIMIT)).is_some() && read(&"x".repeat(MASK_LIMIT + 1)).is_none());
    }
}
