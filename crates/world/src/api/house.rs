//! How the game does: `status`, `channels`, `scripts`, `tickers`, `throttles`; and what the Portal does when the world
//! has said that it may: `log`, `settings`, `services`, `reload`, `backup`.

use serde_json::{Map, Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{account_ref, object_ref, page_of, unix},
};
use crate::{
    Channel, ScriptId, ScriptOwner, ScriptState, Stop, TickerSubscriber, World, WorldBuilder,
    staff::ScriptAction, text, throttle::Throttle,
};

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };
const PAGE: &[ApiParam] = &[ApiParam::integer("page", "From 1.")];
/// Most lines of a log that are told.
const LINES: u64 = 1_000;

const STATUS: ApiMeta = ApiMeta {
    name: "status",
    doc: "How the game does: `{game, version, started, now, objects, accounts, sessions, players, records: {kind: count}}`; \
          the Portal adds `portal`: its process, the Server's process and state, and how long it has run; and `backup`: \
          `{file, made, bytes}` of the newest, or null.",
    ..ASKS
};

const CHANNELS: ApiMeta = ApiMeta {
    name: "channels",
    doc: "Channels: `{page, pages, total, channels: [{id, key, aliases, desc, locks, typeclass, creator, created, \
          subscribers}]}`.",
    params: PAGE,
    ..ASKS
};

const SCRIPTS: ApiMeta = ApiMeta {
    name: "scripts",
    doc: "Scripts: `{page, pages, total, scripts: [{id, key, typeclass, owner, state, interval, next, remaining, desc}]}`, \
          spans in seconds.",
    params: PAGE,
    ..ASKS
};

const SCRIPT_DO: ApiMeta = ApiMeta {
    name: "script_do",
    doc: "Does something to a script, as `@scripts` does: `{told}`. 409 if it is not in that state, or refuses.",
    params: &[
        ApiParam::integer("id", "Its number.").required(),
        ApiParam::choice("action", ScriptAction::NAMES, "What.").required(),
    ],
    ..CHANGES
};

const TICKERS: ApiMeta = ApiMeta {
    name: "tickers",
    doc: "Tickers: `{page, pages, total, tickers: [{id, function, interval, next, subscriber, idstring, persistent}]}`, \
          spans in seconds.",
    params: PAGE,
    ..ASKS
};

const THROTTLES: ApiMeta = ApiMeta {
    name: "throttles",
    doc: "Who is held back: `{logins, creations}`, each `{limit, seconds, addresses: [{address, count, wait}]}` with how \
          long they have to wait; the Portal adds `connections`: its limits, how many there are, and of which \
          addresses most.",
    ..ASKS
};

const LOG: ApiMeta = ApiMeta {
    name: "log",
    doc: "The last lines of a log: `{file, lines: [text]}`. A game in the foreground has no files of its log.",
    params: &[
        ApiParam::choice("process", &["server", "portal"], "Whose; the Server's, if nothing is said."),
        ApiParam::integer("lines", "How many: 100 if nothing is said, 1000 at most."),
        ApiParam::choice(
            "level",
            &["error", "warn", "info", "debug", "trace"],
            "Only entries that are at least as serious.",
        ),
    ],
    ..ASKS
};

const SETTINGS: ApiMeta = ApiMeta {
    name: "settings",
    doc: "The settings in force: `{settings: [{name, value, origin}]}`. Secrets are masked.",
    ..ASKS
};

const SERVICES: ApiMeta = ApiMeta {
    name: "services",
    doc: "The services of both processes: `{services: [{name, kind, address, state}]}`.",
    ..ASKS
};

const RELOAD: ApiMeta = ApiMeta {
    name: "reload",
    doc: "Starts the Server anew, as `@reload` does; nobody is disconnected. The answer comes when that is done. 409 if \
          the new one did not start; the game goes on with the one that there is.",
    ..CHANGES
};

const BACKUP: ApiMeta = ApiMeta {
    name: "backup",
    doc: "Copies the database into the folder for backups, as `meadow backup` does: `{file}`.",
    ..CHANGES
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .api(STATUS, status)
        .api(CHANNELS, channels)
        .api(SCRIPTS, scripts)
        .api(SCRIPT_DO, script_do)
        .api(TICKERS, tickers)
        .api(THROTTLES, throttles)
        .api(LOG, log)
        .api(SETTINGS, nothing)
        .api(SERVICES, nothing)
        .api(RELOAD, reload)
        .api(BACKUP, nothing);
}

fn status(world: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    let records = world.record_kinds().map(|kind| (kind.to_owned(), world.record_names(kind).len().into()));
    Ok(json!({
        "game": world.game().name(),
        "version": env!("CARGO_PKG_VERSION"),
        "started": unix(world.started()),
        "now": unix(world.now()),
        "objects": world.objects().count(),
        "accounts": world.accounts().count(),
        "sessions": world.sessions().len(),
        "players": world.sessions().iter().filter(|session| session.account().is_some()).count(),
        "records": Value::Object(records.collect::<Map<_, _>>()),
    }))
}

fn channels(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let all: Vec<_> = world.records::<Channel>().collect();
    Ok(page_of(request, "channels", all.into_iter(), |(id, channel)| {
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
        })
    }))
}

fn scripts(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let all: Vec<_> = world.scripts().collect();
    Ok(page_of(request, "scripts", all.into_iter(), |(id, script)| {
        let owner = match script.owner() {
            ScriptOwner::Global => Value::Null,
            ScriptOwner::Object(id) => json!({ "object": object_ref(world, Some(id)) }),
            ScriptOwner::Account(id) => json!({ "account": account_ref(world, Some(id)) }),
        };
        let state = match script.state() {
            ScriptState::Running => "running",
            ScriptState::Paused => "paused",
            ScriptState::Stopped => "stopped",
        };
        json!({
            "id": id,
            "key": script.key(),
            "typeclass": script.typeclass_path(),
            "owner": owner,
            "state": state,
            "interval": script.interval.as_secs_f64(),
            "next": script.time_until_next_repeat(world.now).map(|left| left.as_secs_f64()),
            "remaining": script.remaining_repeats(),
            "desc": script.desc,
        })
    }))
}

fn script_do(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let script = request.integer("id").map(ScriptId).and_then(|id| Some((id, world.script(id)?)));
    let Some((id, script)) = script else { return Err(ApiError::not_found("There is no such script.")) };
    let name = format!("{}({id})", text::escape(script.key()));
    let action = ScriptAction::named(request.text("action"));
    let action = action.ok_or_else(|| ApiError::bad("There is no such action."))?;
    match world.manage_script(id, action, &name) {
        Ok(told) => Ok(json!({ "told": text::plain(&told) })),
        Err(Stop::Say(why)) => Err(ApiError::conflict(text::plain(&why))),
        Err(bug) => Err(bug.into()),
    }
}

fn tickers(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let all: Vec<_> = world.tickers().collect();
    Ok(page_of(request, "tickers", all.into_iter(), |(id, ticker)| {
        let subscriber = match ticker.subscriber() {
            TickerSubscriber::Nobody => Value::Null,
            TickerSubscriber::Object(id) => json!({ "object": object_ref(world, Some(id)) }),
            TickerSubscriber::Session(id) => json!({ "session": id }),
        };
        let next = world.next_tick(ticker.interval()).map(|at| at.since(world.now).as_secs_f64());
        json!({
            "id": id,
            "function": ticker.function(),
            "interval": ticker.interval().as_secs_f64(),
            "next": next,
            "subscriber": subscriber,
            "idstring": ticker.idstring(),
            "persistent": ticker.is_persistent(),
        })
    }))
}

fn throttles(world: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    let now = world.now;
    let told = |throttle: &mut Throttle| {
        let addresses = throttle.addresses(now).into_iter().map(|(address, count, wait)| {
            json!({ "address": address, "count": count, "wait": wait.map(|wait| wait.as_secs()) })
        });
        let addresses: Vec<Value> = addresses.collect();
        json!({ "limit": throttle.limit(), "seconds": throttle.span().as_secs(), "addresses": addresses })
    };
    Ok(json!({ "logins": told(&mut world.failed_logins), "creations": told(&mut world.creations) }))
}

/// What is wanted, for the Portal, which has the files.
fn log(_: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let lines = request.integer("lines").unwrap_or(100);
    if lines > LINES {
        return Err(ApiError::bad(format!("{LINES} lines are the most.")));
    }
    let or = |name: &str, default: &str| match request.text(name) {
        "" => default.to_owned(),
        given => given.to_owned(),
    };
    Ok(json!({ "process": or("process", "server"), "lines": lines, "level": or("level", "trace") }))
}

/// The Portal does the rest.
fn reload(world: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    world.msg_all("The game is being reloaded ...");
    Ok(json!({}))
}

/// The Portal does all of it.
fn nothing(_: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    Ok(json!({}))
}
