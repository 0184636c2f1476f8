//! `/admin/`: the page for superusers. It holds nothing secret, and does nothing but by the API, which checks who asks; so
//! that it is shown to superusers only is for the sake of everybody else, who is told what to do.

use std::time::Duration;

use axum::{
    Router,
    extract::{Extension, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Redirect, Response},
    routing::get,
};
use meadow_link::{ApiMethod, Kwargs};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    site::{page, visit},
    web::{Client, Web},
};
use crate::api::Caller;

/// How long a browser waits before it asks again, while there is no Server to say who it is, in seconds.
const AGAIN: &str = "3";
/// How long the page waits for the game to say who reads it.
const ASKER_TIME: Duration = Duration::from_secs(2);

/// The page, for the web listener's router.
pub(super) fn routes() -> Router<Web> {
    // The folder of the page is where its links begin.
    Router::new().route("/admin", get(async || Redirect::permanent("/admin/"))).route("/admin/", get(admin))
}

async fn admin(State(web): State<Web>, Extension(client): Extension<Client>, headers: HeaderMap) -> Response {
    let status = status(&web, client, &headers).await;
    let visit = visit(&web, client, "/admin/", &headers).await;
    let mut response = page(&web, status, "admin.html", visit, json!({ "status": status.as_u16() })).await;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(AGAIN));
        // What browsers understand (HTML standard, section 7.5.3).
        response.headers_mut().insert("refresh", HeaderValue::from_static(AGAIN));
    }
    response
}

/// 200 for superusers; 401 for who is not signed in, 403 for others, 503 while there is no Server to say which.
async fn status(web: &Web, client: Client, headers: &HeaderMap) -> StatusCode {
    let caller = Caller::of(client, headers);
    if caller.login.is_none() {
        return StatusCode::UNAUTHORIZED;
    }
    let asked = web.settings.api.ask(&caller, "whoami", ApiMethod::Get, Kwargs::new());
    match timeout(ASKER_TIME, asked).await {
        Ok(reply) if reply.is_ok() => match reply.body.get("superuser").and_then(Value::as_bool) {
            Some(true) => StatusCode::OK,
            Some(false) => StatusCode::FORBIDDEN,
            // Nobody is signed in with this cookie any more.
            None => StatusCode::UNAUTHORIZED,
        },
        Ok(reply) if reply.status == 403 => StatusCode::FORBIDDEN,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}
