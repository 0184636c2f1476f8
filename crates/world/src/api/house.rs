//! How the game does: `status`, `throttles`, `throttle_lift`; and what the Portal does when the world has said that it
//! may: `log`, `settings`, `reload`, `backup`.

use serde_json::{Map, Value, json};

use super::{ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest, list::unix};
use crate::{World, WorldBuilder, throttle::Throttle};

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };
/// Most lines of a log that are told.
const LINES: u64 = 1_000;

const STATUS: ApiMeta = ApiMeta {
    name: "status",
    doc: "How the game does: `{game, version, started, now, objects, accounts, sessions, players, records: {kind: count}}`; \
          the Portal adds `portal`: its process, the Server's process and state, and how long it has run; `backup`: \
          `{file, made, bytes}` of the newest, or null; `processes: [{process, pid, memory, cpu}]`, in bytes and in \
          seconds of processor time since they began, where the system tells; `disk`: `{free, total}` in bytes, of the \
          folder of the database, or null; and `strained: {count, sessions: [{id, account, address, strain}]}`: those \
          whose players have to wait, the worst first, each with what for: a list of `latency`, `input`, `output`.",
    ..ASKS
};

const THROTTLES: ApiMeta = ApiMeta {
    name: "throttles",
    doc: "Who is held back: `{logins, creations, names}` (failed logins, new accounts, names that were asked for and taken), each `{limit, seconds, total, addresses: [{address, count, wait}]}` \
          with how long they have to wait, those that did most first, 100 of `total`; the Portal adds `connections`: its limits, how many there are, and of which \
          addresses most, 50 of `total`.",
    ..ASKS
};

const LIFT: ApiMeta = ApiMeta {
    name: "throttle_lift",
    doc: "Forgets what an address has done too often, so that it need not wait.",
    params: &[
        ApiParam::choice("throttle", &["logins", "creations", "names"], "Which.").required(),
        ApiParam::text("address", "As `throttles` has it.").required(),
    ],
    ..CHANGES
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
        ApiParam::text("search", "Only entries that have this in them, in whatever case."),
    ],
    ..ASKS
};

const SETTINGS: ApiMeta = ApiMeta {
    name: "settings",
    doc: "The settings in force: `{settings: [{name, value, origin}]}`. Secrets are masked.",
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
        .api(THROTTLES, throttles)
        .api(LIFT, lift)
        .api(LOG, log)
        .api(SETTINGS, nothing)
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

fn throttles(world: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    let now = world.now;
    let told = |throttle: &mut Throttle| {
        let (total, addresses) = throttle.addresses(now);
        let addresses = addresses.into_iter().map(|(address, count, wait)| {
            json!({ "address": address, "count": count, "wait": wait.map(|wait| wait.as_secs()) })
        });
        let addresses: Vec<Value> = addresses.collect();
        let (limit, seconds) = (throttle.limit(), throttle.span().as_secs());
        json!({ "limit": limit, "seconds": seconds, "total": total, "addresses": addresses })
    };
    Ok(json!({
        "logins": told(&mut world.failed_logins),
        "creations": told(&mut world.creations),
        "names": told(&mut world.taken_names),
    }))
}

fn lift(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let throttle = match request.text("throttle") {
        "logins" => &mut world.failed_logins,
        "names" => &mut world.taken_names,
        _ => &mut world.creations,
    };
    match throttle.lift(request.text("address").trim()) {
        true => Ok(json!({})),
        false => Err(ApiError::not_found("That address is not held back.")),
    }
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
    Ok(json!({
        "process": or("process", "server"),
        "lines": lines,
        "level": or("level", "trace"),
        "search": request.text("search"),
    }))
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
