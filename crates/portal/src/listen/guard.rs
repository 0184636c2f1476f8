//! What goes for every request: which are turned away before anybody looks at them, and what each answer says to browsers.
//! The web listener's router has it around all others.

use std::time::Duration;

use axum::{
    extract::{Extension, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, Version, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    files::NeverShown,
    web::{Client, Web},
};

/// What answers say to browsers that may show them: nothing but our own files, and no frame around them.
const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; connect-src 'self'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: browsers would send our own forms with the origin `null` (Fetch standard, section 3.1).
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Turns away what is not clear, and puts on every answer what it says to browsers.
pub(super) async fn guard(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    mut request: Request,
    next: Next,
) -> Response {
    // Only of a GET is a part given (RFC 9110, section 14.2); the router takes HEAD for one.
    if request.method() != Method::GET {
        request.headers_mut().remove(header::RANGE);
    }
    let mut response = if is_clear(&request) {
        next.run(request).await
    } else {
        (StatusCode::BAD_REQUEST, "It is not clear for which host this is, or of which page.\n")
            .into_response()
    };
    let is_shown = response.extensions().get::<NeverShown>().is_none();
    let headers = response.headers_mut();
    // In the clear it means nothing (RFC 6797, section 8.1).
    if let Some(value) = web.settings.strict_transport.clone().filter(|_| client.is_secure) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // A page has ninety files, and these headers are longer than what else is said of one.
    for (name, value) in SECURITY_HEADERS.into_iter().filter(|_| is_shown) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// For how long browsers are to come by https only (RFC 6797); of subdomains, which may be others', nothing is said.
pub(super) fn strict_transport(time: Duration) -> Option<HeaderValue> {
    let value = HeaderValue::try_from(format!("max-age={}", time.as_secs())).ok();
    value.filter(|_| !time.is_zero())
}

/// Whether a request names one host, as it must (RFC 9112, section 3.2), and no more than one origin. A proxy on the way
/// might believe another one than we do.
fn is_clear(request: &Request) -> bool {
    let count = |name: HeaderName| request.headers().get_all(name).iter().count();
    let hosts = count(header::HOST);
    hosts <= 1 && (hosts == 1 || request.version() < Version::HTTP_11) && count(header::ORIGIN) <= 1
}
