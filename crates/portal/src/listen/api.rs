//! `/api/NAME` in HTTP: reads requests, refuses those of foreign pages, and answers in JSON. The web listener's router
//! hands over; [`Api`](crate::api::Api) does the rest.

use axum::{
    Router,
    body::Body,
    extract::{Extension, Path, Request as HttpRequest, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use meadow_link::{ApiMethod, Kwargs};
use meadow_protocol::web::form;
use serde_json::Value;
use tracing::debug;

use super::{
    bodies::{self, Gathered},
    web::{Client, Web, WebSettings},
};
use crate::api::{Caller, LoginToken, Reply};

/// Longest body of a request, in bytes.
pub(crate) const BODY_SIZE: usize = 64 * 1024;
/// What browsers say of the page that a request comes from (W3C, Fetch Metadata Request Headers).
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// Longest name of a browser that is passed on, in characters.
const BROWSER_LIMIT: usize = 200;

/// The requests, for the web listener's router.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/openapi.json", get(openapi))
        .route("/api/{name}", get(ask_by_get).post(ask_by_post))
}

/// What the API is, for programs.
async fn openapi(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Response {
    let caller = Caller::of(client, &headers);
    web.settings.api.ask(&caller, "openapi", ApiMethod::Get, Kwargs::new()).await.into_response()
}

async fn ask_by_get(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    Path(name): Path<String>,
    request: HttpRequest,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let field = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
        (name.into_owned(), Value::from(value.into_owned()))
    };
    let args = form::fields(query.as_bytes()).map(field).collect();
    let caller = Caller::of(client, request.headers());
    web.settings.api.ask(&caller, &name, ApiMethod::Get, args).await.into_response()
}

async fn ask_by_post(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    Path(name): Path<String>,
    request: HttpRequest,
) -> Response {
    if !web.settings.may_post(client, request.headers()) {
        debug!(address = %client.address, "a request of a foreign page is refused");
        return foreign().into_response();
    }
    let (head, body) = request.into_parts();
    // The place is held for as long as the arguments are.
    let (args, _place) = match arguments(&web, client, &head.headers, body).await {
        Ok((args, body)) => (args, body.into_place()),
        Err(reply) => return reply.into_response(),
    };
    let caller = Caller::of(client, &head.headers);
    web.settings.api.ask(&caller, &name, ApiMethod::Post, args).await.into_response()
}

/// What is told to pages of others.
pub(super) fn foreign() -> Reply {
    Reply::error(
        403,
        "This may be the request of a foreign page: it has to come with an Origin that is that of the game.",
    )
}

async fn arguments(
    web: &Web,
    client: Client,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Kwargs, Gathered), Reply> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Reply::error(415, "The request has to be of the type application/json."));
    }
    let body = body_of(web, client, body).await?;
    match serde_json::from_slice(&body) {
        Ok(Value::Object(args)) => Ok((args, body)),
        Ok(_) => Err(Reply::error(400, "The request has to be a JSON object.")),
        Err(error) => Err(Reply::error(400, format!("The request can't be read: {error}."))),
    }
}

/// The whole body of a request, if it is not too long and there are not too many; it is held until the answer.
pub(super) async fn body_of(web: &Web, client: Client, body: Body) -> Result<Gathered, Reply> {
    let gathered = bodies::gather(web, client, body, BODY_SIZE).await;
    gathered.map_err(|refused| Reply::error(refused.status().as_u16(), refused.told()))
}

impl WebSettings {
    /// Whether a request that may change something comes from a page of ours, or from no page at all. A page of another
    /// site that has the browser send one must not do anything in its visitor's name (CSRF); browsers name the origin
    /// of what is posted. What names none is no browser, unless it has a cookie or says that it is one.
    pub(super) fn may_post(&self, client: Client, headers: &HeaderMap) -> bool {
        if headers.contains_key(header::ORIGIN) {
            return self.allows(client, headers);
        }
        LoginToken::of(headers, client.is_secure).is_none() && !headers.contains_key(FETCH_SITE)
    }
}

impl Caller {
    /// Whoever has sent a request with these headers.
    pub(super) fn of(client: Client, headers: &HeaderMap) -> Caller {
        let browser = headers.get(header::USER_AGENT).map(|name| String::from_utf8_lossy(name.as_bytes()));
        Caller {
            address: client.address,
            login: LoginToken::of(headers, client.is_secure),
            browser: browser.unwrap_or_default().chars().take(BROWSER_LIMIT).collect(),
            is_secure: client.is_secure,
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
        let mut response = (status, headers, self.body.to_string()).into_response();
        if let Some(cookie) = self.cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}
