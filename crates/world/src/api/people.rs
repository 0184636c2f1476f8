//! Who is connected and who has an account: `sessions`, `session_message`, `session_boot`, `ban`, `unban`, `bans`,
//! `accounts`, `account`. What the Portal knows of sessions it adds to the answer.

use meadow_link::SessionId;
use serde_json::{Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{account_ref, object_ref, page_of, unix},
};
use crate::{
    Account, AccountId, Ban, BanId, Banned, ServerSession, World, WorldBuilder,
    staff::{Farewell, read_span},
    text,
};

/// Longest message to a session, in characters.
const MESSAGE_LIMIT: usize = 4_000;

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };
const SESSION: ApiParam = ApiParam::integer("session", "Its number.").required();

const SESSIONS: ApiMeta = ApiMeta {
    name: "sessions",
    doc: "Who is connected: `{sessions: [{id, account: {id, name}, puppet: {id, key}, address, protocol, connected, idle, \
          commands, ..}]}`, spans in seconds. The Portal adds what it knows: service, client, terminal, encoding, \
          width, height, flags, negotiated, bytes_in, bytes_out, input_waiting, output_waiting, and silent, since when \
          nothing came at all.",
    ..ASKS
};

const MESSAGE: ApiMeta = ApiMeta {
    name: "session_message",
    doc: "Tells a session something, in the name of who asks.",
    params: &[SESSION, ApiParam::text("message", "What; as it is, without markup.").required()],
    ..CHANGES
};

const BOOT: ApiMeta = ApiMeta {
    name: "session_boot",
    doc: "Disconnects a session, as the command `boot` does.",
    params: &[
        SESSION,
        ApiParam::text("reason", "Told to whoever it is."),
        ApiParam::flag("quiet", "Nothing is told."),
    ],
    ..CHANGES
};

const BAN: ApiMeta = ApiMeta {
    name: "ban",
    doc: "Keeps an account or an address out, as the command `ban` does: `{id}`.",
    params: &[
        ApiParam::text(
            "who",
            "A name (`*` for any letters), an address, a network or a pattern of addresses.",
        )
        .required(),
        ApiParam::choice("kind", &["account", "address"], "What `who` is, where it does not look like it."),
        ApiParam::text("reason", "Told to whoever it is."),
        ApiParam::text("duration", "`3d`, `1h 30m`; for ever without one."),
    ],
    ..CHANGES
};

const UNBAN: ApiMeta = ApiMeta {
    name: "unban",
    doc: "Lets an account or an address in again.",
    params: &[ApiParam::integer("ban", "Number of the ban.").required()],
    ..CHANGES
};

const BANS: ApiMeta = ApiMeta {
    name: "bans",
    doc: "Who is banned: `{page, pages, total, bans: [{id, who, kind, reason, by, since, until}]}`.",
    params: &[ApiParam::integer("page", "From 1.")],
    ..ASKS
};

const ACCOUNTS: ApiMeta = ApiMeta {
    name: "accounts",
    doc: "Accounts, newest first: `{page, pages, total, accounts: [{id, name, superuser, permissions, characters, \
          created, last_login, sessions, guest}]}`.",
    params: &[
        ApiParam::text("search", "A part of the name, or `#number`."),
        ApiParam::flag("online", "Only those that are connected."),
        ApiParam::integer("page", "From 1."),
    ],
    ..ASKS
};

const ACCOUNT: ApiMeta = ApiMeta {
    name: "account",
    doc: "All of an account but its password: as in `accounts`, with its characters, sessions, attributes, and the \
          browsers that are signed in: `web_logins: [{made, used, expires, address, browser}]`.",
    params: &[ApiParam::integer("id", "Its number.").required()],
    ..ASKS
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .api(SESSIONS, sessions)
        .api(MESSAGE, message)
        .api(BOOT, boot)
        .api(BAN, ban)
        .api(UNBAN, unban)
        .api(BANS, bans)
        .api(ACCOUNTS, accounts)
        .api(ACCOUNT, account);
}

fn sessions(world: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    let now = world.now;
    let shown = |id: SessionId| {
        let session = world.session(id)?;
        Some(json!({
            "id": id,
            "account": account_ref(world, session.account()),
            "puppet": object_ref(world, session.puppet()),
            "address": session.address(),
            "protocol": session.protocol_key(),
            "connected": now.since(session.connected_at()).as_secs(),
            "idle": now.since(session.active_at().max(session.connected_at())).as_secs(),
            "commands": session.command_count(),
        }))
    };
    Ok(json!({ "sessions": world.sessions.ids().into_iter().filter_map(shown).collect::<Vec<_>>() }))
}

/// The session that is meant.
fn session_of(world: &World, request: &ApiRequest) -> Result<SessionId, ApiError> {
    let id = request.integer("session").map(SessionId).filter(|id| world.session(*id).is_some());
    id.ok_or_else(|| ApiError::not_found("There is no such session any more."))
}

fn message(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let id = session_of(world, request)?;
    let told = request.text("message").trim();
    if told.is_empty() || told.chars().count() > MESSAGE_LIMIT {
        return Err(ApiError::bad(format!("A message has 1 to {MESSAGE_LIMIT} characters.")));
    }
    let name = text::escape(world[request.player()?].name()).into_owned();
    let told = format!("|w{name} tells you:|n {}", text::escape(told));
    world.msg(id, told);
    Ok(json!({}))
}

fn boot(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let (by, sessions) = (request.player()?, [session_of(world, request)?]);
    world.may_boot(by, &sessions)?;
    let reason = text::escape(request.text("reason").trim()).into_owned();
    world.boot(by, &sessions, if request.flag("quiet") { Farewell::Silent } else { Farewell::Told(&reason) });
    Ok(json!({}))
}

fn ban(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let who = request.text("who").trim();
    if who.is_empty() {
        return Err(ApiError::bad("\"who\" is missing."));
    }
    let who = match request.text("kind") {
        "account" => Banned::Account(who.to_owned()),
        "address" => Banned::Address(who.to_owned()),
        _ => Banned::new(who),
    };
    let duration = match request.text("duration").trim() {
        "" => None,
        span => Some(read_span(span)?),
    };
    let id = world.staff_ban(request.player()?, who, duration, request.text("reason").trim())?;
    Ok(json!({ "id": id }))
}

fn unban(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    world.drop_ended_bans();
    let id = request.integer("ban").map(BanId);
    let ended = id.and_then(|id| world.staff_unban(request.account(), id));
    ended.map(|_| json!({})).ok_or_else(|| ApiError::not_found("There is no such ban."))
}

fn bans(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    world.drop_ended_bans();
    let all: Vec<_> = world.records::<Ban>().collect();
    Ok(page_of(request, "bans", all.into_iter(), |(id, ban)| {
        let kind = match ban.who {
            Banned::Account(_) => "account",
            Banned::Address(_) => "address",
        };
        json!({
            "id": id,
            "who": ban.who.mask(),
            "kind": kind,
            "reason": ban.reason,
            "by": ban.by,
            "since": unix(ban.since),
            "until": ban.until.map(unix),
        })
    }))
}

fn accounts(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let search = request.text("search").trim().to_lowercase();
    let number = search.strip_prefix('#').and_then(|number| number.parse().ok()).map(AccountId);
    let meant = |account: &&Account| {
        (number == Some(account.id()) || account.name().to_lowercase().contains(&search))
            && !(request.flag("online") && account.sessions().is_empty())
    };
    let found: Vec<&Account> = world.accounts().filter(meant).collect();
    Ok(page_of(request, "accounts", found.into_iter().rev(), |account| line(world, account)))
}

fn line(world: &World, account: &Account) -> Value {
    json!({
        "id": account.id().0,
        "name": account.name(),
        "superuser": account.is_superuser,
        "permissions": account.permissions,
        "characters": account.characters.iter().map(|id| object_ref(world, Some(*id))).collect::<Vec<_>>(),
        "created": unix(account.created),
        "last_login": account.last_login.map(unix),
        "sessions": account.sessions(),
        "guest": world.is_guest(account.id()),
    })
}

fn account(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let account = request.integer("id").map(AccountId).and_then(|id| world.account(id));
    let account = account.ok_or_else(|| ApiError::not_found("There is no such account."))?;
    let mut told = line(world, account);
    let web_logins = world.web_logins_of(account.id()).map(|login| {
        json!({
            "made": unix(login.made),
            "used": unix(login.used),
            "expires": unix(login.expires),
            "address": login.address,
            "browser": login.browser,
        })
    });
    told["last_puppet"] = object_ref(world, account.last_puppet);
    told["web_logins"] = web_logins.collect();
    told["banned"] = world.name_ban(account.name()).is_some().into();
    told["attributes"] = super::things::attributes(&account.db);
    let addresses = account.sessions().iter().filter_map(|id| world.session(*id)).map(ServerSession::address);
    told["addresses"] = addresses.collect();
    Ok(told)
}
