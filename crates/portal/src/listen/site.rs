//! Requests for pages of the site. The web listener hands them over; what the pages say is the business of `site`.

use std::time::Duration;

use axum::{
    Router,
    extract::{Extension, Path, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use meadow_link::{ApiMethod, Kwargs};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::{task::spawn_blocking, time::timeout};

use super::web::{Client, Web, answer, not_found};
use crate::{
    api::{Caller, Reply},
    site::{Host, Rendered, Visit, Visitor},
};

/// How long a page waits for the game to say who reads it. The game may be starting again.
const VISITOR_TIME: Duration = Duration::from_secs(2);

/// A page that one signs in to is different for everybody.
const OWN_TO_EACH: [(header::HeaderName, &str); 2] =
    [(header::CACHE_CONTROL, "no-cache, private"), (header::VARY, "cookie")];

/// The pages, for the web listener's router.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(front))
        .route("/mssp.json", get(mssp))
        .route("/robots.txt", get(async |web, headers| file(web, "robots.txt", headers).await))
        .route("/favicon.ico", get(async |web, headers| file(web, "favicon.ico", headers).await))
        .route("/website/{*path}", get(files))
}

/// What no other route takes: a page of the game's own, perhaps.
pub(super) async fn other(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path();
    let is_name = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_read = method == Method::GET || method == Method::HEAD;
    if !is_read || !path.split('/').skip(1).all(is_name) {
        return nothing(web, client, path, &headers).await;
    }
    let visit = visit(&web, client, path, &headers).await;
    let template = format!("pages{path}.html");
    match rendered(&web, template, visit, json!({})).await {
        Rendered::Missing => nothing(web, client, path, &headers).await,
        shown => page_answer(StatusCode::OK, shown),
    }
}

async fn front(State(web): State<Web>, Extension(client): Extension<Client>, headers: HeaderMap) -> Response {
    let visit = visit(&web, client, "/", &headers).await;
    page(&web, StatusCode::OK, "index.html", visit, json!({})).await
}

async fn mssp(State(web): State<Web>) -> Response {
    let Some(table) = web.settings.site.mssp() else { return not_found() };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "no-cache"),
        // It is for every list of games, whoever shows it.
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    (headers, table.to_string()).into_response()
}

async fn files(web: State<Web>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    // Templates are not for reading.
    if path.ends_with(".html") {
        return not_found();
    }
    match path.strip_prefix("meadow/") {
        // Ours, for a game that builds on it.
        Some(ours) => match web.settings.our_file(&format!("website/{ours}")) {
            Some(file) => file.answer(&headers),
            None => not_found(),
        },
        None => file(web, &path, headers).await,
    }
}

async fn file(State(web): State<Web>, path: &str, headers: HeaderMap) -> Response {
    answer(web, format!("website/{path}"), headers).await
}

/// Who reads which page.
pub(super) async fn visit(web: &Web, client: Client, path: &str, headers: &HeaderMap) -> Visit {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).and_then(Host::parse);
    let visitor = visitor(web, client, headers).await;
    Visit { host, encrypted: client.is_secure, path: path.to_owned(), visitor }
}

/// Who has signed in with this browser.
async fn visitor(web: &Web, client: Client, headers: &HeaderMap) -> Option<Visitor> {
    let caller = Caller::of(client, headers);
    caller.login.as_ref()?;
    let asked = web.settings.api.ask(&caller, "whoami", ApiMethod::Get, Kwargs::new());
    // Of a page that says who is there, the rest can be read without.
    let who = timeout(VISITOR_TIME, asked).await.ok().filter(Reply::is_ok)?.body;
    let superuser = who.get("superuser").and_then(Value::as_bool).unwrap_or_default();
    let characters = who.get("characters").and_then(Value::as_array).into_iter().flatten();
    let characters = characters.filter_map(|one| Some(one.get("name")?.as_str()?.to_owned())).collect();
    Some(Visitor { name: who.get("name")?.as_str()?.to_owned(), superuser, characters })
}

/// Answers with a page.
pub(super) async fn page(
    web: &Web,
    status: StatusCode,
    template: &'static str,
    visit: Visit,
    values: impl Serialize + Send + 'static,
) -> Response {
    page_answer(status, rendered(web, template.to_owned(), visit, values).await)
}

/// A game's own templates are read from a disk, which nobody else is to wait for.
async fn rendered(
    web: &Web,
    template: String,
    visit: Visit,
    values: impl Serialize + Send + 'static,
) -> Rendered {
    let web = web.clone();
    let render = move || web.settings.site.page(&template, &visit, values);
    spawn_blocking(render).await.unwrap_or(Rendered::Broken)
}

fn page_answer(status: StatusCode, rendered: Rendered) -> Response {
    let kind = (header::CONTENT_TYPE, "text/html; charset=utf-8");
    match rendered {
        Rendered::Page(text) => (status, [kind], OWN_TO_EACH, text).into_response(),
        Rendered::Missing => not_found(),
        Rendered::Broken => {
            (StatusCode::INTERNAL_SERVER_ERROR, "This page is broken. The game's log says where.\n")
                .into_response()
        }
    }
}

/// There is no such page: as a page for people, in a line for programs.
async fn nothing(web: Web, client: Client, path: &str, headers: &HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/html") {
        return not_found();
    }
    let visit = visit(&web, client, path, headers).await;
    page(&web, StatusCode::NOT_FOUND, "error.html", visit, json!({ "message": "There is no such page." }))
        .await
}
