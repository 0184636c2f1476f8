//! Who is connected: `sessions`, `session_message`, `session_boot`. The world knows who they are, and the Portal what their
//! connections are like: it adds that to the answer, and finds the order where that is what they are sorted by.

use std::{cmp::Reverse, net::IpAddr};

use meadow_link::SessionId;
use serde_json::{Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{PAGE, account_ref, object_ref, page, page_of, skipped},
};
use crate::{ServerSession, World, WorldBuilder, staff::Farewell, text};

/// Longest message to a session, in characters.
const MESSAGE_LIMIT: usize = 4_000;
/// By what sessions are sorted; the last three the Portal knows.
const ORDERS: &[&str] =
    &["number", "name", "address", "newest", "idle", "commands", "latency", "queue", "traffic"];

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };
const SESSION: ApiParam = ApiParam::integer("session", "Its number.").required();

const SESSIONS: ApiMeta = ApiMeta {
    name: "sessions",
    doc: "Who is connected: `{page, pages, total, sessions: [{id, account: {id, name}, puppet: {id, key}, address, protocol, \
          connected, idle, commands, ..}]}`, spans in seconds. The Portal adds what it knows: service, client, terminal, \
          encoding, width, height, flags, negotiated, bytes_in, bytes_out, input_waiting (lines), output_waiting (bytes), \
          `silent`, since when nothing came at all, and `strain`, a list of what its player has to wait for: `latency`, \
          `input`, `output`; and `arriving`, how many connections the world has not been told of yet.",
    params: &[
        ApiParam::text(
            "search",
            "Only with this in the name of the account or character, the address or the protocol.",
        ),
        ApiParam::choice(
            "order",
            ORDERS,
            "By number, if nothing is said. Those with most of what they are sorted by come first.",
        ),
        ApiParam::text("ids", "These and no others: up to 50 numbers with commas between, in that order."),
        ApiParam::integer("page", "From 1."),
    ],
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

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(SESSIONS, sessions).api(MESSAGE, message).api(BOOT, boot);
}

fn sessions(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let mut told = listed(world, request)?;
    told["connected"] = world.sessions.len().into();
    Ok(told)
}

fn listed(world: &World, request: &ApiRequest) -> Result<Value, ApiError> {
    if let Some(ids) = request.value("ids").and_then(Value::as_str) {
        let numbers = ids.split(',').map(|number| number.trim().parse().map(SessionId));
        let numbers: Vec<SessionId> = numbers
            .collect::<Result<_, _>>()
            .map_err(|_| ApiError::bad("\"ids\" are numbers with commas between."))?;
        if numbers.len() > PAGE {
            return Err(ApiError::bad(format!("\"ids\" are {PAGE} numbers at most.")));
        }
        let known: Vec<_> = numbers.into_iter().filter_map(|id| world.session(id)).collect();
        return Ok(page_of(request, "sessions", known.into_iter(), |session| line(world, session)));
    }
    let search = request.text("search").trim().to_lowercase();
    let mut found: Vec<&ServerSession> =
        world.sessions.iter().filter(|session| is_meant(world, session, &search)).collect();
    // Those that are alike stay in the order in which they came.
    found.sort_unstable_by_key(|session| session.id());
    match request.text("order") {
        "name" => found.sort_by_cached_key(|session| match name(world, session) {
            "" => (true, String::new()),
            name => (false, name.to_lowercase()),
        }),
        "address" => found.sort_by_cached_key(|session| address_key(session.address())),
        "newest" => found.sort_by_key(|session| Reverse(session.connected_at())),
        "idle" => found.sort_by_key(|session| session.active_at().max(session.connected_at())),
        "commands" => found.sort_by_key(|session| Reverse(session.command_count())),
        order @ ("latency" | "queue" | "traffic") => {
            let ids: Vec<SessionId> = found.iter().map(|session| session.id()).collect();
            let (page, at) = (page(request), skipped(page(request)));
            return Ok(json!({ "order": order, "page": page, "skip": at, "show": PAGE, "ids": ids }));
        }
        _ => {}
    }
    Ok(page_of(request, "sessions", found.into_iter(), |session| line(world, session)))
}

fn is_meant(world: &World, session: &ServerSession, search: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(search);
    let puppet = session.puppet().and_then(|id| world.object(id));
    search.is_empty()
        || has(name(world, session))
        || puppet.is_some_and(|puppet| has(puppet.key()))
        || has(session.address())
        || has(session.protocol_key())
}

/// Of the account; empty for who has not logged in.
fn name<'w>(world: &'w World, session: &ServerSession) -> &'w str {
    let account = session.account().and_then(|id| world.account(id));
    account.map(crate::Account::name).unwrap_or_default()
}

/// By numbers, not by digits; what is no address comes last.
fn address_key(address: &str) -> (bool, Option<IpAddr>, String) {
    let number = address.parse().ok();
    (number.is_none(), number, address.to_owned())
}

fn line(world: &World, session: &ServerSession) -> Value {
    let now = world.now;
    json!({
        "id": session.id(),
        "account": account_ref(world, session.account()),
        "puppet": object_ref(world, session.puppet()),
        "address": session.address(),
        "protocol": session.protocol_key(),
        "connected": now.since(session.connected_at()).as_secs(),
        "idle": now.since(session.active_at().max(session.connected_at())).as_secs(),
        "commands": session.command_count(),
    })
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
