//! Services, which run outside of the world: `services`, `service_start`, `service_stop`. They go the way of `@service`:
//! the Portal knows them all, and says what has become of a wish.

use std::collections::HashMap;

use meadow_link::{ServiceWish, SessionId, ToPortal};
use serde_json::{Value, json};

use super::{ApiAccess, ApiEffect, ApiError, ApiLater, ApiMeta, ApiParam, ApiRequest};
use crate::{World, WorldBuilder};

const ASKS: ApiMeta = ApiMeta { access: ApiAccess::Superuser, ..ApiMeta::DEFAULT };
const CHANGES: ApiMeta = ApiMeta { effect: ApiEffect::Changes, ..ASKS };
const NAME: &[ApiParam] = &[ApiParam::text("name", "Its name, as `services` has it.").required()];

const SERVICES: ApiMeta = ApiMeta {
    name: "services",
    doc: "The services of both processes: `{services: [{name, kind, address, state}]}`.",
    ..ASKS
};

const START: ApiMeta = ApiMeta {
    name: "service_start",
    doc: "Starts a service of either process again, as `@service/start` does. 409 with the reason if it can't be: it \
          runs, its address is another program's.",
    params: NAME,
    ..CHANGES
};

const STOP: ApiMeta = ApiMeta {
    name: "service_stop",
    doc: "Stops a service of either process, as `@service/stop` does: a listener takes no more connections, and whoever \
          came by it plays on. 409 with the reason if it can't be: it does not run, the game can't do without it. Mind \
          that you may lock yourself out.",
    params: NAME,
    ..CHANGES
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(SERVICES, services).api(START, start).api(STOP, stop);
}

/// Who waits to hear what has become of a service, by the number under which the Portal was asked.
#[derive(Debug, Default)]
pub(crate) struct Switches {
    waiting: HashMap<SessionId, Waiting>,
    asked: u64,
}

/// One who waits, and for what: the Server before this one counted, too, and the Portal may still answer that one.
#[derive(Debug)]
struct Waiting {
    later: ApiLater,
    name: String,
    wish: ServiceWish,
}

impl Switches {
    /// A number that no session has: those count from below.
    fn wait(&mut self, later: ApiLater, name: &str, wish: ServiceWish) -> SessionId {
        let asker = SessionId(u64::MAX - self.asked % u64::from(u32::MAX));
        self.asked += 1;
        self.waiting.insert(asker, Waiting { later, name: name.to_owned(), wish });
        asker
    }

    /// Who waits for this, if it is no session that has asked.
    pub(crate) fn asked_by(&mut self, asker: SessionId, name: &str, wish: ServiceWish) -> Option<ApiLater> {
        let waiting = self.waiting.get(&asker)?;
        let is_meant = waiting.name == name && waiting.wish == wish;
        if is_meant { self.waiting.remove(&asker).map(|waiting| waiting.later) } else { None }
    }
}

/// The Portal does all of it.
fn services(_: &mut World, _: &mut ApiRequest) -> Result<Value, ApiError> {
    Ok(json!({}))
}

fn start(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    switch(world, request, ServiceWish::Start)
}

fn stop(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    switch(world, request, ServiceWish::Stop)
}

fn switch(world: &mut World, request: &mut ApiRequest, wish: ServiceWish) -> Result<Value, ApiError> {
    let name = request.text("name").trim().to_owned();
    if name.is_empty() {
        return Err(ApiError::bad("\"name\" is missing."));
    }
    let asker = world.switches.wait(request.later(), &name, wish);
    world.out.push(ToPortal::SwitchService { asker, name, wish });
    Ok(Value::Null)
}

/// What whoever waits is told.
pub(crate) fn switched(refused: Option<&str>) -> Result<Value, ApiError> {
    match refused {
        Some(why) => Err(ApiError::conflict(why)),
        None => Ok(json!({})),
    }
}
