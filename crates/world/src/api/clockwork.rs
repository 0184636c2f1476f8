//! What goes on by itself: `scripts` and `script_do`, `tickers` and `ticker_do`.

use serde_json::{Value, json};

use super::{
    ApiAccess, ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest,
    list::{account_ref, object_ref, page_of},
};
use crate::{
    Script, ScriptId, ScriptOwner, ScriptState, Stop, Ticker, TickerId, TickerSubscriber, World,
    WorldBuilder, staff::ScriptAction, text,
};

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };
const PAGE: ApiParam = ApiParam::integer("page", "From 1.");

const SCRIPTS: ApiMeta = ApiMeta {
    name: "scripts",
    doc: "Scripts: `{page, pages, total, scripts: [{id, key, typeclass, owner, state, interval, next, remaining, desc}]}`, \
          spans in seconds.",
    params: &[ApiParam::text("search", "Only with this in the key or the typeclass."), PAGE],
    ..ASKS
};

const SCRIPT_DO: ApiMeta = ApiMeta {
    name: "script_do",
    doc: "Does something to a script, as `@scripts` does: `{told}`; `repeat` is one repetition now. 409 if it is not in that \
          state, or refuses.",
    params: &[
        ApiParam::integer("id", "Its number.").required(),
        ApiParam::choice("action", ScriptAction::NAMES, "What.").required(),
    ],
    ..CHANGES
};

const TICKERS: ApiMeta = ApiMeta {
    name: "tickers",
    doc: "Tickers: `{page, pages, total, tickers: [{id, function, interval, next, subscriber, idstring, persistent, \
          paused}]}`, spans in seconds.",
    params: &[
        ApiParam::text("search", "Only with this in the name of the function or in the idstring."),
        PAGE,
    ],
    ..ASKS
};

const TICKER_DO: ApiMeta = ApiMeta {
    name: "ticker_do",
    doc: "Has a ticker called once, now (`run`), lets it rest and go on (`pause`, `resume`), or ends it (`delete`): \
          `{told}`. 409 if it is not in that state.",
    params: &[
        ApiParam::integer("id", "Its number.").required(),
        ApiParam::choice("action", &["run", "pause", "resume", "delete"], "What.").required(),
    ],
    ..CHANGES
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(SCRIPTS, scripts).api(SCRIPT_DO, script_do).api(TICKERS, tickers).api(TICKER_DO, ticker_do);
}

fn scripts(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let search = request.text("search").trim().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&search);
    let meant = |(_, script): &(ScriptId, &Script)| has(script.key()) || has(script.typeclass_path());
    let all: Vec<_> = world.scripts().filter(meant).collect();
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
    let search = request.text("search").trim().to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&search);
    let meant = |(_, ticker): &(TickerId, &Ticker)| has(ticker.function()) || has(ticker.idstring());
    let all: Vec<_> = world.tickers().filter(meant).collect();
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
            "paused": ticker.is_paused(),
        })
    }))
}

fn ticker_do(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let id = request.integer("id").map(TickerId).filter(|id| world.record::<Ticker>(*id).is_some());
    let id = id.ok_or_else(|| ApiError::not_found("There is no such ticker."))?;
    let name = world.record::<Ticker>(id).map(|ticker| format!("{}(#{})", ticker.function(), id.0));
    let name = name.unwrap_or_default();
    let action = request.text("action").to_owned();
    let (is_done, done, why_not) = match action.as_str() {
        "run" => (world.tick_now(id), "was called", ""),
        "pause" => (world.ticker_pause(id), "rests", "rests already"),
        "resume" => (world.ticker_resume(id), "goes on", "does not rest"),
        _ => (world.ticker_remove(id), "has ended", "has ended already"),
    };
    if is_done {
        return Ok(json!({ "told": format!("The ticker {name} {done}.") }));
    }
    let function = world.record::<Ticker>(id).map(|ticker| ticker.function().to_owned());
    Err(ApiError::conflict(match (action.as_str(), function) {
        ("run", Some(function)) => format!("There is no function {function} in this game any more."),
        _ => format!("The ticker {name} {why_not}."),
    }))
}
