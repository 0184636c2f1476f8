//! `@channel`, as far as it is for those who make and control channels.

use super::comms::{accessor, find, named, subscriber, unusable};
use crate::{
    AccountId, ChannelId, Cx, Mux, Result, Stop,
    channels::{Out, reason_shown},
    locks, say, text,
};

/// Who may change the locks of a channel that they control (Evennia's lock `changelocks` on the command).
const CHANGELOCKS: &str = "changelocks:perm(Admin)";

/// Runs one of the switches.
pub(super) fn run(cx: &mut Cx<'_>, switch: &str, args: &Mux) -> Result {
    match switch {
        "create" => create(cx, args),
        "destroy" => destroy(cx, args),
        "desc" => desc(cx, args),
        "lock" => lock(cx, args),
        "unlock" => unlock(cx, args),
        "boot" => throw_out(cx, args, Out::Boot),
        "ban" => throw_out(cx, args, Out::Ban),
        "unban" => unban(cx, args),
        other => Err(crate::bug(format!("@channel has no switch {other}"))),
    }
}

/// What the others of the channel are told of it.
enum Told {
    Nothing,
    /// That it happened, and why (escaped; empty for no reason).
    Why(String),
}

fn create(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let account = cx.account()?;
    let mut names = args.lhs.split(';').map(str::trim).filter(|name| !name.is_empty());
    let Some(key) = names.next() else {
        return Err(say("Usage: @channel/create <name>[;<alias>[;<alias>]] [= <description>]"));
    };
    let aliases: Vec<&str> = names.collect();
    let accessing = accessor(cx);
    cx.world.found_channel(account, accessing, (key, &aliases), args.rhs.as_deref().unwrap_or_default())?;
    cx.msg(format!("Created (and joined) new channel '{key}'."));
    Ok(())
}

fn destroy(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let id = controlled(cx, &args.lhs)?;
    let reason = args.rhs.as_deref().map(|reason| text::escape(reason).into_owned()).unwrap_or_default();
    let key = key(cx, id);
    cx.ask_yes_no(format!("This will delete the channel '{key}'. Are you sure?"), move |cx, yes| {
        if !yes {
            return Err(say("Aborted."));
        }
        // Others may have acted meanwhile.
        let id = controlled(cx, &key)?;
        cx.world.end_channel(id, &reason_shown(&reason))?;
        cx.msg(format!("Destroyed channel '{key}'."));
        Ok(())
    })
}

fn desc(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let id = controlled(cx, &args.lhs)?;
    let Some(desc) = args.rhs.as_deref() else {
        return Err(say("Usage: @channel/desc <channel> = <description>"));
    };
    let desc = cx.world.channel_desc(accessor(cx), desc)?;
    if let Some(channel) = cx.world.channel_mut(id) {
        channel.desc = desc;
    }
    cx.msg("Updated channel description.");
    Ok(())
}

fn lock(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let id = lockable(cx, &args.lhs)?;
    let Some(given) = args.rhs.as_deref().filter(|given| !given.is_empty()) else {
        return Err(say("Usage: @channel/lock <channel> = <locks>"));
    };
    locks::check(given).map_err(unusable)?;
    for part in given.split(';') {
        change_lock(cx, id, part.split(':').next().unwrap_or_default().trim(), Some(part.trim()));
    }
    cx.msg("Added/updated lock on channel.");
    Ok(())
}

fn unlock(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let id = lockable(cx, &args.lhs)?;
    let Some(kind) = args.rhs.as_deref().map(|given| given.split(':').next().unwrap_or_default().trim())
    else {
        return Err(say("Usage: @channel/unlock <channel> = <lock>"));
    };
    let has = cx.world.channel(id).is_some_and(|channel| {
        channel.locks.split(';').any(|part| part.split(':').next().unwrap_or_default().trim() == kind)
    });
    if kind.is_empty() || !has {
        return Err(say(format!("Could not remove lock '{}': there is none.", text::escape(kind))));
    }
    change_lock(cx, id, kind, None);
    cx.msg("Removed lock from channel.");
    Ok(())
}

/// Takes the lock of a kind away and sets another in its place.
fn change_lock(cx: &mut Cx<'_>, id: ChannelId, kind: &str, with: Option<&str>) {
    let Some(channel) = cx.world.channel_mut(id) else { return };
    let mut parts: Vec<&str> = channel
        .locks
        .split(';')
        .filter(|part| !part.is_empty() && part.split(':').next().unwrap_or_default().trim() != kind)
        .collect();
    parts.extend(with);
    channel.locks = parts.join(";");
}

fn throw_out(cx: &mut Cx<'_>, args: &Mux, out: Out) -> Result {
    let mut channels: Vec<String> = Vec::new();
    for name in named(args)? {
        let id = controlled(cx, name)?;
        channels.push(key(cx, id));
    }
    let Some(given) = args.rhs.as_deref().filter(|given| !given.is_empty()) else {
        return match out {
            Out::Ban => list_banned(cx, &channels),
            Out::Boot => Err(say("Usage: @channel/boot <channel>[, <channel>] = <name>[: <reason>]")),
        };
    };
    let (name, reason) = given.split_once(':').map_or((given, ""), |(name, reason)| (name, reason.trim()));
    let target = account_named(cx, name.trim())?;
    let why = reason_shown(&text::escape(reason));
    let told = if cx.switch("quiet") { Told::Nothing } else { Told::Why(why) };
    let shown = text::escape(cx.world[target].name()).into_owned();
    let verb = match out {
        Out::Boot => "boot",
        Out::Ban => "ban",
    };
    let note = match &told {
        Told::Why(why) if !why.is_empty() => " (your reason will be told on the channel)",
        _ => "",
    };
    let question = format!(
        "Are you sure you want to {verb} user {shown} from channel(s) {}{note}?",
        channels.join(", ")
    );
    cx.ask_yes_no(question, move |cx, yes| {
        if !yes {
            return Err(say("Aborted."));
        }
        for name in &channels {
            let id = controlled(cx, name)?;
            put_out(cx, id, target, out, &told)?;
        }
        Ok(())
    })
}

fn put_out(cx: &mut Cx<'_>, id: ChannelId, target: AccountId, out: Out, told: &Told) -> Result {
    let key = key(cx, id);
    let why = match told {
        Told::Why(why) => why.as_str(),
        Told::Nothing => "",
    };
    let was_in = match cx.world.throw_out_of_channel(id, target, out, why) {
        Ok(was_in) => was_in,
        // There may be other channels.
        Err(Stop::Say(refused)) => {
            cx.msg(refused);
            return Ok(());
        }
        Err(bug) => return Err(bug),
    };
    let done = match out {
        Out::Boot => "Booted",
        Out::Ban => "Banned",
    };
    let name = text::escape(cx.world[target].name()).into_owned();
    cx.msg(format!("{done} {name} from channel {key}."));
    if was_in && matches!(told, Told::Why(_)) {
        cx.world.tell_thrown_out(id, target, out, why)?;
    }
    Ok(())
}

fn list_banned(cx: &mut Cx<'_>, channels: &[String]) -> Result {
    for name in channels {
        let id = controlled(cx, name)?;
        let Some(channel) = cx.world.channel(id) else { continue };
        let mut names: Vec<String> = channel
            .bans
            .iter()
            .map(|who| text::escape(&cx.world.subscriber_name(*who)).into_owned())
            .collect();
        names.sort();
        let shown = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
        cx.msg(format!("|wBanned from channel {name}:|n {shown}"));
    }
    Ok(())
}

fn unban(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let Some(name) = args.rhs.as_deref().filter(|name| !name.is_empty()) else {
        return Err(say("Usage: @channel/unban <channel>[, <channel>] = <name>"));
    };
    let target = account_named(cx, name)?;
    let shown = text::escape(cx.world[target].name()).into_owned();
    for name in named(args)? {
        let id = controlled(cx, name)?;
        let key = key(cx, id);
        cx.world.unban_from_channel(id, target)?;
        cx.msg(format!("Un-banned {shown} from channel {key}."));
    }
    Ok(())
}

/// The channel of a name, if the caller controls it.
fn controlled(cx: &Cx<'_>, name: &str) -> Result<ChannelId> {
    subscriber(cx)?;
    let id = find(cx, name)?;
    if !cx.world.channel_access(id, accessor(cx), "control") {
        return Err(say(format!("You don't control channel {}.", key(cx, id))));
    }
    Ok(id)
}

/// The same, if the caller may change its locks too.
fn lockable(cx: &Cx<'_>, name: &str) -> Result<ChannelId> {
    if !cx.world.passes(CHANGELOCKS, accessor(cx), "changelocks", None, false) {
        return Err(say("You don't have permission to change locks of channels."));
    }
    controlled(cx, name)
}

fn key(cx: &Cx<'_>, id: ChannelId) -> String {
    cx.world.channel(id).map(|channel| channel.key().to_owned()).unwrap_or_default()
}

fn account_named(cx: &Cx<'_>, name: &str) -> Result<AccountId> {
    let name = name.strip_prefix('*').unwrap_or(name);
    cx.world.account_named(name).ok_or_else(|| say(format!("There is no account '{}'.", text::escape(name))))
}
