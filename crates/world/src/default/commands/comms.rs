//! `@channel`: what players do with channels, and saying something there by a channel's own name. What those do who
//! control a channel is in `comms_admin`.

use std::fmt::Write as _;

use super::{comms_admin, style};
use crate::{
    Channel, ChannelId, Command, Cx, Meta, Mux, Result, Stop, Subscriber, World,
    channels::{CHANNEL_ALIASES, CHANNEL_NAME},
    cmdhandler, cmdparser,
    locks::{Accessor, LockError},
    say,
    text::{self, Border, Column, Table},
};

/// Lines of history that are shown at a time.
const HISTORY_SHOWN: usize = 20;

/// `@channel[/SWITCH] [NAME[, NAME]] [= VALUE]`
pub(super) struct CmdChannel;

impl Command for CmdChannel {
    const META: Meta = Meta {
        key: "@channel",
        aliases: &["@chan", "@channels"],
        locks: "cmd:not pperm(channel_banned)",
        help: "use and manage channels\n\nUsage:\n  <channel> <message>\n  @channel <channel> = <message>\n  @channel   \
               (those that you hear)\n  @channel/list\n  @channel/all\n  @channel/history <channel> [= <number>]\n  \
               @channel/who <channel>\n  @channel/sub <channel> [= <alias>[;<alias>]]\n  @channel/unsub <channel>[, \
               <channel>]\n  @channel/mute <channel>[, <channel>]\n  @channel/unmute <channel>[, <channel>]\n  \
               @channel/alias <channel> = <alias>[;<alias>]\n  @channel/unalias <alias>\n\nFor who controls a channel:\n  \
               @channel/create <name>[;<alias>[;<alias>]] [= <description>]\n  @channel/destroy <channel> [= <reason>]\n  \
               @channel/desc <channel> = <description>\n  @channel/lock <channel> = <locks>\n  @channel/unlock <channel> \
               = <lock>\n  @channel/boot[/quiet] <channel>[, <channel>] = <name>[: <reason>]\n  @channel/ban[/quiet] \
               <channel>[, <channel>] [= <name>[: <reason>]]\n  @channel/unban <channel>[, <channel>] = <name>\n\nA \
               channel that you hear is spoken to by its name or by one of its aliases: |wpub hello|n. What begins with \
               a colon is a pose: |wpub :smiles.|n A number with |w/history|n goes so many lines back. Commands come \
               before channels, so an alias can't be the name of a command.",
        help_category: "Comms",
        switches: &[
            "list", "all", "history", "sub", "unsub", "mute", "unmute", "alias", "unalias", "create",
            "destroy", "desc", "lock", "unlock", "boot", "ban", "unban", "who", "quiet",
        ],
        ..Meta::DEFAULT
    };
    type Args = Mux;

    fn func(&self, cx: &mut Cx<'_>, args: Mux) -> Result {
        let mut switches = cx.switches.iter().filter(|switch| **switch != "quiet");
        let (switch, more) = (switches.next().copied(), switches.next());
        if more.is_some() {
            return Err(say(
                "Only one switch at a time, please (|w/quiet|n goes with |w/boot|n and |w/ban|n).",
            ));
        }
        match switch {
            None if cx.raw.is_empty() => list(cx, Which::Mine),
            None => speak_or_show(cx, &args),
            Some("list") => list(cx, Which::Mine),
            Some("all") => list(cx, Which::All),
            Some("history") => history(cx, &args),
            Some("who") => who(cx, &args),
            Some("sub") => sub(cx, &args),
            Some("unsub") => unsub(cx, &args),
            Some("mute") => mute(cx, &args, Hearing::Muted),
            Some("unmute") => mute(cx, &args, Hearing::Loud),
            Some("alias") => alias(cx, &args),
            Some("unalias") => unalias(cx, &args),
            Some(other) => comms_admin::run(cx, other, &args),
        }
    }
}

/// Which channels are listed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Mine,
    All,
}

/// Whether a channel is heard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hearing {
    Muted,
    Loud,
}

/// The line began with the name of a channel, and nothing that is a command fitted it.
pub(crate) fn by_name(cx: &mut Cx<'_>, who: Subscriber, id: ChannelId, said: &str) -> Result {
    match said {
        "" => show(cx, id),
        said => speak(cx, who, id, said),
    }
}

/// The channel that a line begins with, for whoever typed it: the account's, or else the body's.
pub(crate) fn channel_of_line<'l>(
    world: &World,
    accessor: Accessor,
    line: &'l str,
) -> Option<(Subscriber, ChannelId, &'l str)> {
    let subscribers = [accessor.account.map(Subscriber::from), accessor.object.map(Subscriber::from)];
    let (who, id, said) = subscribers
        .into_iter()
        .flatten()
        .find_map(|who| world.channel_of_line(who, line).map(|(id, said)| (who, id, said)))?;
    world.passes(CmdChannel::META.locks, accessor, "cmd", None, true).then_some((who, id, said))
}

fn speak(cx: &mut Cx<'_>, who: Subscriber, id: ChannelId, said: &str) -> Result {
    let accessing = accessor(cx);
    let key = |channel: &Channel| channel.key().to_owned();
    match cx.world.channel(id) {
        Some(channel) if !channel.has(who) => Err(not_subscribed(&key(channel))),
        Some(channel) if channel.is_muted(who) && cx.world.channel_access(id, accessing, "send") => {
            Err(say(format!("You have channel {} muted (use /unmute to hear it again).", key(channel))))
        }
        _ => cx.world.speak_on_channel(id, who, accessing, said),
    }
}

/// `@channel name = message`, `@channel name message`, `@channel name`.
fn speak_or_show(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let me = subscriber(cx)?;
    if let Some(said) = &args.rhs {
        let id = find(cx, &args.lhs)?;
        return if said.is_empty() { show(cx, id) } else { speak(cx, me, id, said) };
    }
    if let Ok(id) = find(cx, &args.lhs) {
        return show(cx, id);
    }
    if let Some((id, said)) = cx.world.channel_of_line(me, &args.lhs) {
        return speak(cx, me, id, said);
    }
    let (name, said) = args.lhs.split_once(char::is_whitespace).unwrap_or((&args.lhs, ""));
    let id = find(cx, name)?;
    if said.is_empty() { show(cx, id) } else { speak(cx, me, id, said.trim()) }
}

fn list(cx: &mut Cx<'_>, which: Which) -> Result {
    let me = subscriber(cx)?;
    let accessing = accessor(cx);
    let mut rows: Vec<[String; 4]> = Vec::new();
    for (id, channel) in cx.world.channels() {
        let heard = channel.has(me);
        if !heard && (which == Which::Mine || !cx.world.channel_access(id, accessing, "listen")) {
            continue;
        }
        let own = channel.subscription(me).map(|own| own.aliases.join(", ")).unwrap_or_default();
        let mark = match (heard, channel.is_muted(me)) {
            (true, true) => "muted",
            (true, false) => "yes",
            (false, _) => "no",
        };
        let names = std::iter::once(channel.key()).chain(channel.aliases().iter().map(|alias| &**alias));
        rows.push([names.collect::<Vec<_>>().join(", "), mark.to_owned(), own, text::plain(&channel.desc)]);
    }
    if rows.is_empty() {
        return Err(say(match which {
            Which::Mine => "You hear no channels. |w@channel/all|n lists those that there are.",
            Which::All => "There are no channels for you.",
        }));
    }
    rows.sort();
    let title = match which {
        Which::Mine => "Channel subscriptions",
        Which::All => "Available channels",
    };
    let title_color = style::value(cx.world, cx.account, "column_names_color");
    let mut columns = ["Channel", "Sub", "Your aliases", "Description"]
        .map(|title| Column::new(format!("|{title_color}{title}|n")));
    columns[3] = columns[3].clone().crop();
    let mut table = Table::new(columns).border(Border::None).indent(2);
    for row in rows {
        table.add_row(row.map(|cell| text::escape(&cell).into_owned()));
    }
    let shown = table.draw(cx.screen());
    let color = style::value(cx.world, cx.account, "header_text_color");
    let told = format!("|{color}{title}|n (use |w/all|n to see all, |w/sub|n to hear one):\n{shown}");
    cx.page(told);
    Ok(())
}

fn show(cx: &mut Cx<'_>, id: ChannelId) -> Result {
    let me = subscriber(cx)?;
    let may_control = cx.world.channel_access(id, accessor(cx), "control");
    let Some(channel) = cx.world.channel(id) else { return Ok(()) };
    let mut shown = format!("|wChannel {}|n", channel.key());
    if !channel.aliases().is_empty() {
        let _ = write!(shown, " ({})", channel.aliases().join(", "));
    }
    let own = channel.subscription(me);
    shown.push_str(match own {
        Some(own) if own.muted => ", muted",
        Some(_) => ", subscribed",
        None => ", not subscribed",
    });
    if !channel.desc.is_empty() {
        let _ = write!(shown, "\n{}|n", channel.desc);
    }
    if let Some(own) = own.filter(|own| !own.aliases.is_empty()) {
        let _ = write!(shown, "\nYour aliases: {}", own.aliases.join(", "));
    }
    if may_control {
        let _ = write!(shown, "\nLocks: {}", text::escape(&channel.locks));
    }
    cx.msg(shown);
    Ok(())
}

fn history(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let id = heard(cx, &args.lhs)?;
    let back: usize = match args.rhs.as_deref() {
        None | Some("") => 0,
        Some(back) => {
            back.parse().map_err(|_| say("Usage: @channel/history <channel> [= <lines to go back>]"))?
        }
    };
    let key = cx.world.channel(id).map(|channel| channel.key().to_owned()).unwrap_or_default();
    let lines: Vec<String> = cx
        .world
        .channel_history(id)
        .rev()
        .skip(back)
        .take(HISTORY_SHOWN)
        .map(|line| format!("\n{} {}|n", text::timestamp(line.at), line.shown))
        .collect();
    if lines.is_empty() {
        let ago = if back == 0 { "yet" } else { "that far back" };
        return Err(say(format!("Channel {key} has no history {ago}.")));
    }
    let lines: String = lines.into_iter().rev().collect();
    cx.msg(format!("|wHistory of channel {key}:|n{lines}"));
    Ok(())
}

fn who(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let id = heard(cx, &args.lhs)?;
    let Some(channel) = cx.world.channel(id) else { return Ok(()) };
    let mut names: Vec<String> = channel
        .subscriptions
        .iter()
        .map(|subscription| {
            let name = text::escape(&cx.world.subscriber_name(subscription.who)).into_owned();
            if subscription.muted { format!("{name} (muted)") } else { name }
        })
        .collect();
    names.sort();
    let shown = if names.is_empty() { "nobody".to_owned() } else { names.join(", ") };
    cx.msg(format!("|wSubscribed to {}:|n {shown}", channel.key()));
    Ok(())
}

fn sub(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let me = subscriber(cx)?;
    let id = find(cx, &args.lhs)?;
    let key = cx.world.channel(id).map(|channel| channel.key().to_owned()).unwrap_or_default();
    let accessing = accessor(cx);
    cx.world.join_channel(id, me, accessing)?;
    cx.msg(format!(
        "You are now subscribed to the channel {key}. Use |w@channel/alias|n to call it by another name."
    ));
    match args.rhs.as_deref() {
        None | Some("") => Ok(()),
        Some(names) => add_aliases(cx, id, names),
    }
}

fn unsub(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let me = subscriber(cx)?;
    for name in named(args)? {
        let id = find(cx, name)?;
        let Some(channel) = cx.world.channel(id) else { continue };
        let key = channel.key().to_owned();
        cx.world.leave_channel(id, me)?;
        cx.msg(format!("You un-subscribed from channel {key}. All aliases were cleared."));
    }
    Ok(())
}

fn mute(cx: &mut Cx<'_>, args: &Mux, hearing: Hearing) -> Result {
    let me = subscriber(cx)?;
    for name in named(args)? {
        let id = find(cx, name)?;
        let key = cx.world.channel(id).map(|channel| channel.key().to_owned()).unwrap_or_default();
        let Some(own) = cx.world.channel_mut(id).and_then(|channel| channel.subscription_mut(me)) else {
            return Err(say(format!("You are not subscribed to channel {key}.")));
        };
        let muted = hearing == Hearing::Muted;
        let changed = own.muted != muted;
        own.muted = muted;
        cx.msg(match (hearing, changed) {
            (Hearing::Muted, true) => format!("Muted channel {key}."),
            (Hearing::Loud, true) => format!("Un-muted channel {key}."),
            (Hearing::Muted, false) => format!("Channel {key} is muted already."),
            (Hearing::Loud, false) => format!("Channel {key} is not muted."),
        });
    }
    Ok(())
}

fn alias(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let Some(names) = args.rhs.as_deref().filter(|names| !names.is_empty()) else {
        return Err(say("Usage: @channel/alias <channel> = <alias>[;<alias>]"));
    };
    let id = heard(cx, &args.lhs)?;
    add_aliases(cx, id, names)
}

fn add_aliases(cx: &mut Cx<'_>, id: ChannelId, names: &str) -> Result {
    let me = subscriber(cx)?;
    let key = cx.world.channel(id).map(|channel| channel.key().to_owned()).unwrap_or_default();
    for name in names.split(';').map(str::trim).filter(|name| !name.is_empty()) {
        let name = name.to_lowercase();
        if name.chars().count() > CHANNEL_NAME || name.contains(['|', '=', ',', '/']) {
            return Err(say(format!(
                "An alias has up to {CHANNEL_NAME} characters, and none of | = , / in it."
            )));
        }
        if is_command(cx, &name) {
            return Err(say(format!("'{name}' is a command already. Please choose another alias.")));
        }
        // A name means one channel: the last that it was given to.
        for other in cx.world.channels_of(me).to_vec() {
            let has = |channel: &crate::Channel| {
                channel.subscription(me).is_some_and(|own| own.aliases.iter().any(|known| **known == name))
            };
            if other != id
                && cx.world.channel(other).is_some_and(has)
                && let Some(own) =
                    cx.world.channel_mut(other).and_then(|channel| channel.subscription_mut(me))
            {
                own.aliases.retain(|known| **known != name);
            }
        }
        let Some(own) = cx.world.channel_mut(id).and_then(|channel| channel.subscription_mut(me)) else {
            return Err(say(format!("You are not subscribed to channel {key}.")));
        };
        if !own.aliases.iter().any(|known| **known == name) {
            if own.aliases.len() >= CHANNEL_ALIASES {
                return Err(say(format!(
                    "You have {CHANNEL_ALIASES} aliases for channel {key}; that is the most."
                )));
            }
            own.aliases.push(name.as_str().into());
        }
        cx.msg(format!("Added/updated your alias '{name}' for channel {key}."));
    }
    Ok(())
}

/// What is told of a lock string that can't be used.
pub(super) fn unusable(error: LockError) -> Stop {
    say(format!("That lock can't be used: {}.", text::escape(&error.to_string())))
}

/// Whether a word is a command that the caller may use now: it would come before a channel.
fn is_command(cx: &mut Cx<'_>, name: &str) -> bool {
    let (account, puppet) = (cx.account, cx.puppet);
    let merged = cmdhandler::merged_set(cx.world, account.is_some(), puppet);
    !cmdparser::parse(&merged, name, |cmd| cx.world.may_use(cmd, account, puppet)).is_empty()
}

fn unalias(cx: &mut Cx<'_>, args: &Mux) -> Result {
    let me = subscriber(cx)?;
    let name = args.lhs.to_lowercase();
    if name.is_empty() {
        return Err(say("Usage: @channel/unalias <alias>"));
    }
    let mine = cx.world.channels_of(me).to_vec().into_iter().find(|id| {
        let own = cx.world.channel(*id).and_then(|channel| channel.subscription(me));
        own.is_some_and(|own| own.aliases.iter().any(|known| **known == name))
    });
    let shown = text::escape(&name).into_owned();
    let own = mine.and_then(|id| cx.world.channel_mut(id)).and_then(|channel| channel.subscription_mut(me));
    let Some(own) = own else { return Err(say(format!("You have no channel alias '{shown}'."))) };
    own.aliases.retain(|known| **known != name);
    cx.msg(format!("Removed your channel alias '{shown}'."));
    Ok(())
}

/// Who acts with channels: the account.
pub(super) fn subscriber(cx: &Cx<'_>) -> Result<Subscriber> {
    match (cx.account, cx.puppet) {
        (Some(account), _) => Ok(account.into()),
        (None, Some(puppet)) => Ok(puppet.into()),
        (None, None) => cx.account().map(Subscriber::from),
    }
}

pub(super) fn accessor(cx: &Cx<'_>) -> Accessor {
    Accessor { account: cx.account, object: cx.puppet }
}

/// The names on the left side; at least one.
pub(super) fn named(args: &Mux) -> Result<&[String]> {
    if args.lhs_list.is_empty() {
        return Err(say("Which channel? |w@channel|n lists those that you hear, |w@channel/all|n all."));
    }
    Ok(&args.lhs_list)
}

/// The channel of a name, as somebody means it: their own alias, its name or alias, or the beginning of the one
/// that begins so. Channels that one neither hears nor may listen to are not there.
pub(super) fn find(cx: &Cx<'_>, name: &str) -> Result<ChannelId> {
    let me = subscriber(cx)?;
    if name.is_empty() {
        return Err(say("Which channel? |w@channel|n lists those that you hear, |w@channel/all|n all."));
    }
    let lower = name.to_lowercase();
    let own = cx.world.channels_of(me).iter().copied().find(|id| {
        let own = cx.world.channel(*id).and_then(|channel| channel.subscription(me));
        own.is_some_and(|own| own.aliases.iter().any(|alias| **alias == lower))
    });
    let visible = |id: ChannelId| {
        cx.world.channel(id).is_some_and(|channel| channel.has(me))
            || cx.world.channel_access(id, accessor(cx), "listen")
            || cx.world.channel_access(id, accessor(cx), "control")
    };
    if let Some(id) = own.or_else(|| cx.world.channel_named(&lower).filter(|id| visible(*id))) {
        return Ok(id);
    }
    let begins = |channel: &crate::Channel| channel.key().to_lowercase().starts_with(&lower);
    let mut begun =
        cx.world.channels().filter(|(id, channel)| begins(channel) && visible(*id)).map(|(id, _)| id);
    let first = begun.next();
    match (first, begun.next()) {
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => Err(say(format!("Several channels begin with '{}'.", text::escape(name)))),
        _ => Err(say(format!(
            "No channel found matching '{}' (could also be due to missing access).",
            text::escape(name)
        ))),
    }
}

fn not_subscribed(key: &str) -> Stop {
    say(format!("You are not subscribed to channel {key} (use /sub to subscribe)."))
}

/// As [`find`], of those that the caller hears.
fn heard(cx: &Cx<'_>, name: &str) -> Result<ChannelId> {
    let id = find(cx, name)?;
    let me = subscriber(cx)?;
    let key = cx.world.channel(id).map(|channel| channel.key()).unwrap_or_default();
    if cx.world.channel(id).is_none_or(|channel| !channel.has(me)) {
        return Err(not_subscribed(key));
    }
    if !cx.world.may_hear(id, me) {
        return Err(say(format!("You are not allowed to listen to channel {key}.")));
    }
    Ok(id)
}
