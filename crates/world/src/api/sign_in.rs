//! Signing in on a page: `signin`, `signout`, `whoami`. The Portal makes the token, sets the cookie and keeps the token
//! to itself; what comes here as `login` is the token's SHA-256.

use serde_json::{Value, json};

use super::{ApiEffect, ApiError, ApiMeta, ApiParam, ApiRequest};
use crate::{AccountId, Secret, World, WorldBuilder, logins::WebSignIn, web_logins::WebLoginEnd};

const SIGNIN: ApiMeta = ApiMeta {
    name: "signin",
    doc: "Signs this browser in as an account; the answer sets a cookie, and is that of `whoami`.",
    effect: ApiEffect::Changes,
    params: &[
        ApiParam::text("name", "Name of the account.").required(),
        ApiParam::text("password", "Its password.").required().secret(),
    ],
    ..ApiMeta::DEFAULT
};

pub(super) const SIGNOUT: ApiMeta = ApiMeta {
    name: "signout",
    doc: "Signs this browser out, and ends the connections that it was logged in by.",
    effect: ApiEffect::Changes,
    params: &[ApiParam::flag(
        "everywhere",
        "Signs all browsers of the account out, and ends all its connections by browser.",
    )],
    ..ApiMeta::DEFAULT
};

const WHOAMI: ApiMeta = ApiMeta {
    name: "whoami",
    doc: "Who is signed in: `{account, name, superuser, permissions, characters: [{id, name}], guest}`; \
          `{account: null}` if nobody is.",
    ..ApiMeta::DEFAULT
};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.api(SIGNIN, signin).api(SIGNOUT, signout).api(WHOAMI, whoami);
}

/// Here `login` is that of the token that the browser is given if it may come in.
fn signin(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    let Some(key) = request.login.clone() else {
        return Err(ApiError::bad("Signing in is for browsers, by way of the Portal."));
    };
    if let Some(told) = world.address_ban(&request.address) {
        tracing::info!(address = &*request.address, "banned");
        return Err(ApiError::new(403, crate::text::plain(&told)));
    }
    let (name, password) = (request.text("name").trim().to_owned(), request.text("password").to_owned());
    let (address, browser) = (request.address.clone(), request.browser.clone());
    let sign_in = WebSignIn { later: request.later(), key, address, browser };
    world.check_web(sign_in, &name, Secret(password));
    Ok(Value::Null)
}

fn signout(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    if let Some(key) = &request.login {
        world.revoke_web_login(key, WebLoginEnd::SignedOut);
    }
    if let (Some(account), true) = (request.account(), request.flag("everywhere")) {
        world.revoke_web_logins(account, None, WebLoginEnd::SignedOut);
        world.end_web_sessions(account);
    }
    Ok(json!({}))
}

/// That nobody has signed in is no error: browsers would write one into the console of every visitor.
fn whoami(world: &mut World, request: &mut ApiRequest) -> Result<Value, ApiError> {
    Ok(request.account().map_or_else(|| json!({ "account": null }), |account| who(world, account)))
}

/// Who somebody is that has signed in.
fn who(world: &World, id: AccountId) -> Value {
    let account = &world[id];
    let characters = account.characters.iter().filter_map(|id| world.object(*id));
    json!({
        "account": id.0,
        "name": account.name(),
        "superuser": account.is_superuser,
        "permissions": account.permissions,
        "characters": characters.map(|body| json!({ "id": body.id().0, "name": body.key() })).collect::<Vec<_>>(),
        "guest": world.is_guest(id),
    })
}

impl World {
    /// The password was right.
    pub(crate) fn signed_in(&mut self, sign_in: WebSignIn, account: AccountId) {
        let WebSignIn { later, key, address, browser } = sign_in;
        let name = self[account].name().to_owned();
        let banned = if self[account].is_superuser { None } else { self.name_ban(&name) };
        if let Some(told) = banned {
            tracing::info!(account = account.0, "banned");
            return later.answer(self, Err(ApiError::new(403, crate::text::plain(&told))));
        }
        self.add_web_login(&key, account, &address, &browser);
        tracing::info!(address = &*address, account = name, "signed in on the web");
        let who = who(self, account);
        later.answer(self, Ok(who));
    }
}
