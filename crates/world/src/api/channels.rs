//! Channels: `channels`, `channel`, `channel_listeners`, and what the command `@channel` does with them, by the same
//! rules: `channel_create`, `channel_set`, `channel_send`, `channel_join`, `channel_leave`, `channel_boot`,
//! `channel_ban`, `channel_unban`, `channel_destroy`.

use serde_json::{Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{account_ref, object_ref, page_of, unix},
    undo::{Field, Thing, change},
};
use crate::{
    AccountId, Channel, ChannelId, Stop, Subscriber, World, WorldBuilder,
    channels::{Out, reason_shown},
    locks::Accessor,
    logged, text,
};

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };
const ID: ApiParam = ApiParam::integer("id", "Number of the channel.").required();
const PAGE: ApiParam = ApiParam::integer("page", "From 1.");
const ONE: &[ApiParam] = &[ID];
const ACCOUNT: ApiParam = ApiParam::text("account", "Name of the account.").required();
const OUT: &[ApiParam] = &[
    ID,
    ACCOUNT,
    ApiParam::text("reason", "Told to whoever it is, and on the channel."),
    ApiParam::flag("quiet", "Nothing is told on the channel, and no reason at all."),
];

const CHANNELS: ApiMeta = ApiMeta {
    name: "channels",
    doc: "Channels: `{page, pages, total, channels: [{id, key, aliases, desc, locks, typeclass, creator, created, \
          subscribers, said}]}`, with when something was said there last.",
    params: &[ApiParam::text("search", "Only with this in the name or in an alias."), PAGE],
    ..ASKS
};

const CHANNEL: ApiMeta = ApiMeta {
    name: "channel",
    doc: "All of a channel: as in `channels`, with `listening` and `muted`, whether whoever asks hears it, `bans: [{account \
          or object}]`, and `history: [{at, text}]`, which is all that is kept, oldest first.",
    params: ONE,
    ..ASKS
};

const LISTENERS: ApiMeta = ApiMeta {
    name: "channel_listeners",
    doc: "Who hears a channel: `{page, pages, total, listeners: [{account or object, muted, online, aliases}]}`.",
    params: &[ID, ApiParam::text("search", "Only with this in the name."), PAGE],
    ..ASKS
};

const CREATE: ApiMeta = ApiMeta {
    name: "channel_create",
    doc: "Makes a channel that whoever asks controls and hears: the answer is that of `channel`.",
    params: &[
        ApiParam::text("name", "What it is called.").required(),
        ApiParam::text("aliases", "Other names, with `;` between them."),
        ApiParam::text("desc", "What it is for, with markup."),
    ],
    ..CHANGES
};

const SET: ApiMeta = ApiMeta {
    name: "channel_set",
    doc: "Changes the description or all locks of a channel; the answer is that of `channel`. `undo` takes it back.",
    params: &[
        ID,
        ApiParam::choice("field", &["desc", "locks"], "What is changed.").required(),
        ApiParam::text("value", "What it becomes.").required(),
    ],
    ..CHANGES
};

const SEND: ApiMeta = ApiMeta {
    name: "channel_send",
    doc: "Says something on a channel that whoever asks hears, in their name: as it is, without markup.",
    params: &[ID, ApiParam::text("message", "What. After a colon, it is what they do.").required()],
    ..CHANGES
};

const JOIN: ApiMeta =
    ApiMeta { name: "channel_join", doc: "Lets whoever asks hear a channel.", params: ONE, ..CHANGES };

const LEAVE: ApiMeta =
    ApiMeta { name: "channel_leave", doc: "Takes a channel from whoever asks.", params: ONE, ..CHANGES };

const BOOT: ApiMeta = ApiMeta {
    name: "channel_boot",
    doc: "Throws an account out of a channel; it may come back.",
    params: OUT,
    ..CHANGES
};

const BAN: ApiMeta = ApiMeta {
    name: "channel_ban",
    doc: "Throws an account out of a channel, if it is in it, and keeps it out.",
    params: OUT,
    ..CHANGES
};

const UNBAN: ApiMeta =
    ApiMeta { name: "channel_unban", doc: "Lets an account in again.", params: &[ID, ACCOUNT], ..CHANGES };

const DESTROY: ApiMeta = ApiMeta {
    name: "channel_destroy",
    doc: "Ends a channel with its history, for good; those who hear it are told.",
    params: &[ID, ApiParam::text("reason", "They are told.")],
    ..CHANGES
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .api(CHANNELS, channels)
        .api(CHANNEL, channel)
        .api(LISTENERS, listeners)
        .api(CREATE, create)
        .api(SET, set)
        .api(SEND, send)
        .api(JOIN, join)
        .api(LEAVE, leave)
        .api(BOOT, boot)
        .api(BAN, ban)
        .api(UNBAN, unban)
        .api(DESTROY, destroy);
}

fn channels(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let search = request.text("search").trim().to_lowercase();
    let has = |name: &str| name.to_lowercase().contains(&search);
    let meant = |(_, channel): &(ChannelId, &Channel)| {
        has(channel.key()) || channel.aliases().iter().any(|name| has(name))
    };
    let all: Vec<_> = world.channels().filter(meant).collect();
    Ok(page_of(request, "channels", all.into_iter(), |(id, channel)| line(world, id, channel)))
}

fn line(world: &World, id: ChannelId, channel: &Channel) -> Value {
    json!({
        "id": id,
        "key": channel.key(),
        "aliases": channel.aliases(),
        "desc": channel.desc,
        "locks": channel.locks,
        "typeclass": channel.typeclass_path(),
        "creator": account_ref(world, channel.creator),
        "created": unix(channel.created),
        "subscribers": channel.subscriptions.len(),
        "said": world.channel_history(id).next_back().map(|line| unix(line.at)),
    })
}

fn channel(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, id) = (request.player()?, channel_of(world, request)?);
    Ok(sheet(world, by, id))
}

/// All that there is to know of a channel, for whoever asks.
pub(super) fn sheet(world: &World, by: AccountId, id: ChannelId) -> Value {
    let Some(channel) = world.channel(id) else { return Value::Null };
    let history = world.channel_history(id);
    let history = history.map(|line| json!({ "at": unix(line.at), "text": text::plain(&line.shown) }));
    let mut told = line(world, id, channel);
    told["listening"] = channel.has(by).into();
    told["muted"] = channel.is_muted(by).into();
    told["bans"] = channel.bans.iter().map(|who| subscriber_ref(world, *who)).collect();
    told["history"] = history.collect();
    told
}

/// A channel by number and name; null for none.
pub(super) fn channel_ref(world: &World, id: ChannelId) -> Value {
    world.channel(id).map_or(Value::Null, |channel| json!({ "id": id, "key": channel.key() }))
}

fn subscriber_ref(world: &World, who: Subscriber) -> Value {
    match who {
        Subscriber::Account(id) => json!({ "account": account_ref(world, Some(id)) }),
        Subscriber::Object(id) => json!({ "object": object_ref(world, Some(id)) }),
    }
}

fn listeners(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let id = channel_of(world, request)?;
    let search = request.text("search").trim().to_lowercase();
    let subscriptions = world.channel(id).map(|channel| channel.subscriptions.as_slice()).unwrap_or_default();
    let named =
        subscriptions.iter().map(|subscription| (world.subscriber_name(subscription.who), subscription));
    let mut named: Vec<_> = named
        .map(|(name, of)| (name.to_lowercase(), of))
        .filter(|(name, _)| name.contains(&search))
        .collect();
    named.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(page_of(request, "listeners", named.into_iter(), |(_, subscription)| {
        let online = match subscription.who {
            Subscriber::Account(id) => {
                world.account(id).is_some_and(|account| !account.sessions().is_empty())
            }
            Subscriber::Object(id) => world.object(id).is_some_and(|object| !object.sessions().is_empty()),
        };
        let mut told = subscriber_ref(world, subscription.who);
        told["muted"] = subscription.muted.into();
        told["online"] = online.into();
        told["aliases"] = json!(subscription.aliases);
        told
    }))
}

fn create(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let by = request.player()?;
    let names = request.text("aliases").split(';').map(str::trim).filter(|name| !name.is_empty());
    let aliases: Vec<&str> = names.collect();
    let id = world.found_channel(
        by,
        accessor(by),
        (request.text("name").trim(), &aliases),
        request.text("desc"),
    )?;
    Ok(sheet(world, by, id))
}

fn set(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, id) = (request.player()?, channel_of(world, request)?);
    let field = if request.text("field") == "desc" { Field::Desc } else { Field::Locks };
    change(world, by, Thing::Channel(id), field, request.value("value").cloned())?;
    Ok(sheet(world, by, id))
}

fn send(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, id) = (request.player()?, channel_of(world, request)?);
    let said = request.text("message").split_whitespace().collect::<Vec<_>>().join(" ");
    if said.is_empty() {
        return Err(ApiError::bad("\"message\" is empty."));
    }
    world.speak_on_channel(id, by.into(), accessor(by), &said)?;
    Ok(json!({}))
}

fn join(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, id) = (request.player()?, channel_of(world, request)?);
    world.join_channel(id, by.into(), accessor(by))?;
    Ok(json!({}))
}

fn leave(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, id) = (request.player()?, channel_of(world, request)?);
    world.leave_channel(id, by.into())?;
    Ok(json!({}))
}

fn boot(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    throw_out(world, request, Out::Boot)
}

fn ban(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    throw_out(world, request, Out::Ban)
}

fn throw_out(world: &mut World, request: &ApiRequest, out: Out) -> Result<Value, ApiError> {
    let (id, target) = (channel_of(world, request)?, account_of(world, request)?);
    let is_quiet = request.flag("quiet");
    let reason = if is_quiet { "" } else { request.text("reason").trim() };
    let why = reason_shown(&text::escape(reason));
    let was_in = world.throw_out_of_channel(id, target, out, &why)?;
    if was_in && !is_quiet {
        // It is done, whatever the channel has against its being told.
        if let Err(broken @ Stop::Bug(_)) = world.tell_thrown_out(id, target, out, &why) {
            logged("telling who was thrown out of a channel", Err::<(), Stop>(broken));
        }
    }
    Ok(json!({}))
}

fn unban(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (id, target) = (channel_of(world, request)?, account_of(world, request)?);
    world.unban_from_channel(id, target)?;
    Ok(json!({}))
}

fn destroy(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let id = channel_of(world, request)?;
    let why = reason_shown(&text::escape(request.text("reason").trim()));
    world.end_channel(id, &why)?;
    Ok(json!({}))
}

/// The channel that is meant.
fn channel_of(world: &World, request: &ApiRequest) -> Result<ChannelId, ApiError> {
    let id = request.integer("id").map(ChannelId).filter(|id| world.channel(*id).is_some());
    id.ok_or_else(|| ApiError::not_found("There is no such channel."))
}

fn account_of(world: &World, request: &ApiRequest) -> Result<AccountId, ApiError> {
    let name = request.text("account").trim();
    world.account_named(name).ok_or_else(|| ApiError::not_found(format!("There is no account {name:?}.")))
}

fn accessor(account: AccountId) -> Accessor {
    Accessor { account: Some(account), object: None }
}
