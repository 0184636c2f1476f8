//! The pages for signing in and out and for making an account. They are plain forms, so password managers know them and
//! no script is needed; the API does the rest, by the same rules as at the login screen.

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
use serde_json::Value;
use tracing::debug;

use super::{
    api::body_of,
    site::{page, visit},
    web::{Client, Web, not_found},
};
use crate::api::{Caller, Reply};

/// Where whoever has signed in goes if no page has sent them.
const PLAY: &str = "/webclient/";
/// Longest path that is gone back to, in bytes.
const PATH_LIMIT: usize = 1024;
/// Longest name that a form is shown with again, in bytes.
const NAME_LIMIT: usize = 256;

/// What is told to whoever sends a form that is not ours.
pub(super) const FOREIGN: &str = "That came from a page of another site. Please try again on this one.";

/// The pages, for the web listener's router.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/signin", get(show_sign_in).post(sign_in))
        .route("/register", get(show_register).post(register))
        .route("/signout", post(sign_out))
}

/// What a form shows: what was wrong, and what was typed but for the password.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
struct Form {
    error: String,
    name: String,
    next: String,
}

/// One of the two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    SignIn,
    Register,
}

impl Kind {
    fn path(self) -> &'static str {
        match self {
            Kind::SignIn => "/signin",
            Kind::Register => "/register",
        }
    }

    fn template(self) -> &'static str {
        match self {
            Kind::SignIn => "signin.html",
            Kind::Register => "register.html",
        }
    }

    /// The function of the API.
    fn function(self) -> &'static str {
        match self {
            Kind::SignIn => "signin",
            Kind::Register => "signup",
        }
    }
}

async fn show_sign_in(web: State<Web>, client: Extension<Client>, request: Request) -> Response {
    show(Kind::SignIn, web, client, request).await
}

async fn show_register(web: State<Web>, client: Extension<Client>, request: Request) -> Response {
    if !web.settings.site.registers() {
        return not_found();
    }
    show(Kind::Register, web, client, request).await
}

async fn sign_in(web: State<Web>, client: Extension<Client>, request: Request) -> Response {
    submit(Kind::SignIn, web, client, request).await
}

async fn register(web: State<Web>, client: Extension<Client>, request: Request) -> Response {
    submit(Kind::Register, web, client, request).await
}

async fn show(
    kind: Kind,
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let shown = Form { next: local(form::field(query.as_bytes(), "next").as_deref()), ..Form::default() };
    answer(&web, client, kind, request.headers(), StatusCode::OK, shown).await
}

/// The form again, with what was wrong.
async fn answer(
    web: &Web,
    client: Client,
    kind: Kind,
    headers: &HeaderMap,
    status: StatusCode,
    shown: Form,
) -> Response {
    let visit = visit(web, client, kind.path(), headers).await;
    let mut response = page(web, status, kind.template(), visit, shown).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn submit(
    kind: Kind,
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    let headers = &head.headers;
    let refused = |status: u16, error: String, shown: Form| {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        answer(&web, client, kind, headers, status, Form { error, ..shown })
    };
    if !web.settings.may_post(client, headers) {
        debug!(address = %client.address, "a form of a foreign page is refused");
        return refused(403, FOREIGN.to_owned(), Form::default()).await;
    }
    let body = match body_of(&web, client, body).await {
        Ok(body) => body,
        Err(reply) => return refused(reply.status, told(&reply), Form::default()).await,
    };
    let field = |name: &str| form::field(&body, name).unwrap_or_default().into_owned();
    let name = field("name");
    let shown = Form {
        error: String::new(),
        name: if name.len() <= NAME_LIMIT { name.clone() } else { String::new() },
        next: local(Some(&field("next"))),
    };
    let password = field("password");
    if kind == Kind::Register && field("again") != password {
        return refused(400, "The two passwords are not the same.".to_owned(), shown).await;
    }
    let args = [("name", name), ("password", password)];
    let args = args.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
    let caller = Caller::of(client, headers);
    let reply = web.settings.api.ask(&caller, kind.function(), ApiMethod::Post, args).await;
    if !reply.is_ok() {
        return refused(reply.status, told(&reply), shown).await;
    }
    go_on(&shown.next, reply)
}

/// Signing out is done by a button, never by a link: nothing that only shows a page may do it.
async fn sign_out(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    request: Request,
) -> Response {
    let (head, body) = request.into_parts();
    if !web.settings.may_post(client, &head.headers) {
        debug!(address = %client.address, "a form of a foreign page is refused");
        return (StatusCode::FORBIDDEN, format!("{FOREIGN}\n")).into_response();
    }
    let body = match body_of(&web, client, body).await {
        Ok(body) => body,
        Err(reply) => return reply.into_response(),
    };
    let mut args = Kwargs::new();
    if form::field(&body, "everywhere").is_some() {
        args.insert("everywhere".to_owned(), true.into());
    }
    let caller = Caller::of(client, &head.headers);
    let reply = web.settings.api.ask(&caller, "signout", ApiMethod::Post, args).await;
    if !reply.is_ok() {
        let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let visit = visit(&web, client, "/signout", &head.headers).await;
        return page(&web, status, "error.html", visit, serde_json::json!({ "message": told(&reply) })).await;
    }
    go_on("/", reply)
}

/// To the next page, with the cookie that came along.
fn go_on(path: &str, reply: Reply) -> Response {
    let mut response = Redirect::to(path).into_response();
    if let Some(cookie) = reply.cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Why something was not done.
pub(super) fn told(reply: &Reply) -> String {
    let told = reply.body.get("error").and_then(Value::as_str);
    told.unwrap_or("Something broke. Please try again in a moment.").to_owned()
}

/// A path of this site, and nothing that a browser could take for another: `//host` is one, and so is `/\host` (WHATWG
/// URL standard, section 4.4, special authority slashes).
fn local(path: Option<&str>) -> String {
    let is_local = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= PATH_LIMIT
            && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    path.filter(is_local).unwrap_or(PLAY).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_led_to_this_site_only() {
        for good in ["/", "/admin/", "/webclient/?as=Anna#x"] {
            assert_eq!(local(Some(good)), good);
        }
        let longest = format!("/{}", "a".repeat(PATH_LIMIT - 1));
        assert_eq!(local(Some(&longest)), longest);
        for bad in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x",
            "/\t/evil.example",
            "/caf\u{e9}",
            &format!("{longest}a"),
        ] {
            assert_eq!(local(Some(bad)), PLAY, "{bad:?}");
        }
        assert_eq!(local(None), PLAY);
    }
}
