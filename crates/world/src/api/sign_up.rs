//! Making an account on a page: `signup`, by the rules of the command `create`. Whoever makes one is signed in.

use serde_json::Value;

use super::{ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest};
use crate::{Job, JobResult, Secret, Stop, World, WorldBuilder, logins::WebSignIn, text};

const SIGNUP: ApiMeta = ApiMeta {
    name: "signup",
    doc: "Makes an account and signs this browser in as it; the answer sets a cookie, and is that of `whoami`.",
    effect: ApiEffect::Changes,
    params: &[
        ApiParam::text("name", "Name of the new account.").required(),
        ApiParam::text("password", "Its password.").required().secret(),
    ],
    ..ApiMeta::DEFAULT
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(SIGNUP, signup);
}

/// Here `login` is that of the token that the browser is given if the account is made.
fn signup(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let Some(key) = request.login.clone() else {
        return Err(ApiError::bad("Signing up is for browsers, by way of the Portal."));
    };
    let name = request.text("name").split_whitespace().collect::<Vec<_>>().join(" ");
    let password = request.text("password").to_owned();
    if let Some(told) = world.address_ban(&request.address) {
        return Err(ApiError::new(403, text::plain(&told)));
    }
    let status = if world.game().rules().registration { 429 } else { 403 };
    let refused = |stop| match stop {
        Stop::Say(told) => ApiError::new(status, text::plain(&told)),
        stop => ApiError::from(stop),
    };
    // First of all, so that names cannot be tried by it.
    world.may_want_account(&request.address).map_err(refused)?;
    world.check_wanted_name(&request.address, &name)?;
    world.check_password(&name, &password)?;
    world.may_create_account(&request.address).map_err(refused)?;
    let (address, browser) = (request.address.clone(), request.browser.clone());
    let sign_in = WebSignIn { later: request.later(), key, address, browser };
    world.job(Job::HashPassword { password: Secret(password) }, move |world, result| {
        let JobResult::Hashed(hash) = result else {
            tracing::error!("a password could not be hashed: {result:?}");
            let busy = ApiError::new(503, "The account can't be made now. Please try again in a moment.");
            return sign_in.later.answer(world, Err(busy));
        };
        match world.create_account(&name, &hash) {
            Ok(account) => {
                tracing::info!(
                    address = &*sign_in.address,
                    account = name,
                    "account {} made on the web",
                    account.0
                );
                world.signed_in(sign_in, account);
            }
            // Somebody else was faster.
            Err(stop) => sign_in.later.answer(world, Err(stop.into())),
        }
    });
    Ok(Value::Null)
}
