//! What whoever is signed in does with their own account on a page: `browsers` and `forget_browser`, by which they see
//! and end where they are signed in, and `password`, which is the command of that name.

use serde_json::{Value, json};

use super::{ApiAccess, ApiEffect, ApiError, ApiLater, ApiMeta, ApiParam, ApiRequest, list::unix};
use crate::{
    AccountId, Job, JobResult, Secret, Stop, WebLogin, WebLoginId, World, WorldBuilder, text,
    throttle::origin, web_logins::WebLoginEnd,
};

const BROWSERS: ApiMeta = ApiMeta {
    name: "browsers",
    doc: "Where the account is signed in, the last first: `{browsers: [{id, browser, address, made, used, here}]}`, with \
          times in seconds since 1970 (`used` to the hour); `here` is the one that asks.",
    access: ApiAccess::Account,
    ..ApiMeta::DEFAULT
};

const FORGET_BROWSER: ApiMeta = ApiMeta {
    name: "forget_browser",
    doc: "Signs another browser of the account out, and ends its connections.",
    access: ApiAccess::Account,
    effect: ApiEffect::Changes,
    params: &[ApiParam::integer("id", "Which, by its number in `browsers`.").required()],
};

const PASSWORD: ApiMeta = ApiMeta {
    name: "password",
    doc: "Changes the password of the account, and signs all its other browsers out.",
    access: ApiAccess::Account,
    effect: ApiEffect::Changes,
    params: &[
        ApiParam::text("old", "The password until now.").required().secret(),
        ApiParam::text("new", "The password from now on.").required().secret(),
    ],
};

const LATER: &str = "The password can't be changed now. Please try again in a moment.";

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(BROWSERS, browsers).api(FORGET_BROWSER, forget_browser).api(PASSWORD, password);
}

fn browsers(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let account = request.player()?;
    let mut browsers: Vec<_> = world
        .numbered_web_logins_of(account)
        .map(|(id, login)| {
            let browser = json!({
                "id": id.0,
                "browser": login.browser,
                "address": login.address,
                "made": unix(login.made),
                "used": unix(login.used),
                "here": request.login.as_ref() == Some(&login.digest),
            });
            (login.used, id, browser)
        })
        .collect();
    browsers.sort_by_key(|(used, id, _)| std::cmp::Reverse((*used, *id)));
    Ok(json!({ "browsers": browsers.into_iter().map(|(.., browser)| browser).collect::<Vec<_>>() }))
}

fn forget_browser(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let account = request.player()?;
    let id = WebLoginId(request.integer("id").unwrap_or_default());
    // Of others it is not even told that they are there.
    let own = world.record::<WebLogin>(id).filter(|login| login.account == account);
    let digest = own.map(|login| login.digest.clone());
    let digest = digest.ok_or_else(|| ApiError::not_found("That browser is not signed in any more."))?;
    world.revoke_web_login(&digest, WebLoginEnd::Ended);
    Ok(json!({}))
}

fn password(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let account = request.player()?;
    let (old, new) = (Secret(request.text("old").to_owned()), Secret(request.text("new").to_owned()));
    let name = world[account].name().to_owned();
    world.check_password(&name, &new.0)?;
    let address = origin(&request.address);
    world.may_try_password(&address).map_err(|stop| match stop {
        Stop::Say(told) => ApiError::new(429, text::plain(&told)),
        stop => stop.into(),
    })?;
    let (later, key) = (request.later(), request.login.clone().unwrap_or_default());
    let hash = world[account].password.clone();
    world.job(Job::VerifyPassword { hash, password: old }, move |world, result| match result {
        JobResult::Verified(true) => {
            world.failed_logins.forgive(&address);
            set_password(world, later, account, key, new);
        }
        JobResult::Verified(false) => {
            tracing::info!(address = &*address, account = account.0, "a wrong old password");
            later.answer(world, Err(ApiError::new(403, "The old password isn't right.")));
        }
        _ => {
            world.failed_logins.forgive(&address);
            later.answer(world, Err(ApiError::new(503, LATER)));
        }
    });
    Ok(Value::Null)
}

/// Whoever knew the old one is to be out; whoever has changed it is not.
fn set_password(world: &mut World, later: ApiLater, account: AccountId, key: Box<str>, new: Secret) {
    world.job(Job::HashPassword { password: new }, move |world, result| {
        let (JobResult::Hashed(hash), Some(changed)) = (result, world.account_mut(account)) else {
            return later.answer(world, Err(ApiError::new(503, LATER)));
        };
        changed.password = hash.into();
        world.revoke_web_logins(account, Some(&key), WebLoginEnd::Password);
        tracing::info!(account = account.0, "password changed on the web");
        later.answer(world, Ok(json!({})));
    });
}
