//! Who has an account, and who is kept out: `ban`, `unban`, `bans`, `accounts`, `account`.

use serde_json::{Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{object_ref, page_of, unix},
};
use crate::{Account, AccountId, Ban, BanId, Banned, ServerSession, World, WorldBuilder, staff::read_span};

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };

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
    params: &[
        ApiParam::text("search", "Only with this in the name, the address or the reason."),
        ApiParam::integer("page", "From 1."),
    ],
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
    builder.api(BAN, ban).api(UNBAN, unban).api(BANS, bans).api(ACCOUNTS, accounts).api(ACCOUNT, account);
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
    let search = request.text("search").trim().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&search);
    let meant = |(_, ban): &(BanId, &Ban)| has(ban.who.mask()) || has(&ban.reason);
    let all: Vec<_> = world.records::<Ban>().filter(meant).collect();
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
