//! The page of one's own account: a new password, and where one is signed in. Whoever is not signed in is led to the form
//! for that. The API does what is asked for.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::{
    Router,
    extract::{Extension, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use meadow_link::{ApiMethod, Kwargs};
use meadow_protocol::web::form;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    api::body_of,
    signin::{FOREIGN, told},
    site::{page, visit},
    web::{Client, Web},
};
use crate::api::{Caller, Reply};

const PATH: &str = "/account";

/// The pages, for the web listener's router.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route(PATH, get(show))
        .route("/account/password", post(password))
        .route("/account/forget", post(forget))
}

/// What the page shows besides who it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
struct Shown {
    error: String,
    done: String,
    browsers: Vec<Browser>,
}

/// A browser that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Browser {
    id: u64,
    browser: String,
    address: String,
    made: String,
    used: String,
    here: bool,
}

async fn show(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    // It is known here what has been done, and nobody is told anything else by a link.
    let done = match request.uri().query() {
        Some("done=password") => "The password is changed.",
        Some("done=forget") => "That browser is signed out.",
        _ => "",
    };
    let shown = Shown { done: done.to_owned(), ..Shown::default() };
    answer(&web, client, &headers, StatusCode::OK, shown).await
}

async fn password(web: State<Web>, client: Extension<Client>, request: Request) -> Response {
    change(web, client, request, "password", |field| {
        if field("new") != field("again") {
            return Err("The two passwords are not the same.");
        }
        Ok(["old", "new"].map(|name| (name.to_owned(), Value::from(field(name)))).into_iter().collect())
    })
    .await
}

async fn forget(web: State<Web>, client: Extension<Client>, request: Request) -> Response {
    change(web, client, request, "forget", |field| {
        let id: u64 = field("id").parse().map_err(|_| "There is no such browser.")?;
        Ok(Kwargs::from_iter([("id".to_owned(), id.into())]))
    })
    .await
}

/// Has something changed of which a form has the particulars, and shows the page again.
async fn change(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    request: Request,
    what: &str,
    read: impl FnOnce(&dyn Fn(&str) -> String) -> Result<Kwargs, &'static str>,
) -> Response {
    let (head, body) = request.into_parts();
    let headers = &head.headers;
    if !web.settings.may_post(client, headers) {
        return (StatusCode::FORBIDDEN, format!("{FOREIGN}\n")).into_response();
    }
    let body = match body_of(&web, client, body).await {
        Ok(body) => body,
        Err(reply) => return reply.into_response(),
    };
    let field = |name: &str| form::field(&body, name).unwrap_or_default().into_owned();
    let reply = match read(&field) {
        Ok(args) => {
            let function = if what == "forget" { "forget_browser" } else { what };
            web.settings.api.ask(&Caller::of(client, headers), function, ApiMethod::Post, args).await
        }
        Err(wrong) => Reply::error(400, wrong),
    };
    if reply.is_ok() {
        return uncached(Redirect::to(&format!("{PATH}?done={what}")).into_response());
    }
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer(&web, client, headers, status, Shown { error: told(&reply), ..Shown::default() }).await
}

async fn answer(
    web: &Web,
    client: Client,
    headers: &HeaderMap,
    status: StatusCode,
    shown: Shown,
) -> Response {
    let caller = Caller::of(client, headers);
    let reply = web.settings.api.ask(&caller, "browsers", ApiMethod::Get, Kwargs::new()).await;
    if reply.status == 401 {
        return uncached(Redirect::to(&format!("/signin?next={PATH}")).into_response());
    }
    let visit = visit(web, client, PATH, headers).await;
    if !reply.is_ok() || visit.visitor.is_none() {
        let values = json!({ "message": told(&reply) });
        return page(web, StatusCode::SERVICE_UNAVAILABLE, "error.html", visit, values).await;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs());
    let shown = Shown { browsers: browsers(&reply.body, now), ..shown };
    uncached(page(web, status, "account.html", visit, shown).await)
}

fn uncached(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn browsers(answer: &Value, now: u64) -> Vec<Browser> {
    let all = answer["browsers"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let when = |value: &Value| ago(now.saturating_sub(value.as_u64().unwrap_or_default()));
    let browser = |one: &Value| Browser {
        id: one["id"].as_u64().unwrap_or_default(),
        browser: named(&text(&one["browser"])),
        address: text(&one["address"]),
        made: when(&one["made"]),
        used: when(&one["used"]),
        here: one["here"] == true,
    };
    all.map(browser).collect()
}

/// What people call a browser, by what it calls itself: they all claim to be others, so the order counts.
fn named(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => agent.to_owned(),
    }
}

/// So many seconds ago, as exactly as it is known.
fn ago(seconds: u64) -> String {
    let (count, unit) = match seconds / 3600 {
        0 => return "within the last hour".to_owned(),
        hours @ 1..48 => (hours, "hour"),
        hours => (hours / 24, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_as_people_call_them() {
        for (agent, told) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36",
                "Chrome, Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0",
                "Edge, Windows",
            ),
            ("curl/8.5.0", "curl/8.5.0"),
            ("", ""),
        ] {
            assert_eq!(named(agent), told);
        }
    }

    #[test]
    fn how_long_ago_it_was() {
        for (seconds, told) in [
            (0, "within the last hour"),
            (3599, "within the last hour"),
            (3600, "1 hour ago"),
            (48 * 3600 - 1, "47 hours ago"),
            (48 * 3600, "2 days ago"),
            (30 * 24 * 3600, "30 days ago"),
        ] {
            assert_eq!(ago(seconds), told);
        }
    }
}
