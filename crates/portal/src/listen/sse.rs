//! Streams of events (HTML standard, section 9.2, server-sent events) for browsers that have them: the messages
//! of a session that [`super::ajax`] has begun, as they come. A browser whose stream breaks opens it again by
//! itself and names the last event that it got, and nothing is lost.

use std::{convert::Infallible, fmt::Write as _, sync::Arc};

use axum::{
    body::Body,
    extract::{Extension, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use meadow_protocol::web::{Batch, Post, SessionToken, form};

use super::{
    ajax::{Fetched, error, gone},
    web::{Client, Web, no_get},
};

/// How soon a browser opens a broken stream again, in milliseconds.
const RETRY: u32 = 1000;

/// The last event that a browser got.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(super) async fn events(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET {
        return no_get();
    }
    if !web.settings.allows(client, &headers) {
        return error(StatusCode::FORBIDDEN, "This page may not connect to the game.");
    }
    let key = form::field(uri.query().unwrap_or_default().as_bytes(), "key");
    let key = key.and_then(|key| key.parse::<SessionToken>().ok());
    let Some(browser) = key.and_then(|key| web.settings.browsers.find_stream(key)) else { return gone() };
    let last = headers.get(LAST_EVENT_ID).and_then(|last| last.to_str().ok()?.trim().parse().ok());
    let reader = browser.begin(|mailbox| mailbox.stream(last));
    let first = Some(format!("retry: {RETRY}\n\n"));
    let events = stream::unfold((browser, first), move |(browser, first)| async move {
        let piece = match first {
            Some(first) => first,
            None => match browser.next(reader, Batch::All).await {
                Fetched::Posts(posts) => write(&posts),
                Fetched::Superseded | Fetched::Ended => return None,
            },
        };
        Some((Ok::<_, Infallible>(piece), (Arc::clone(&browser), None)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would hold events back otherwise.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(events)).into_response()
}

/// The messages as events. They are JSON, which has no line ends in it.
fn write(posts: &[Post]) -> String {
    let mut events = String::new();
    for Post { id, message } in posts {
        // Writing to a string does not fail.
        let _ = write!(events, "id: {id}\ndata: {message}\n\n");
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_its_number_and_its_message() {
        let posts = [(7, r#"["text", ["a\nb"], {}]"#), (8, "[]")]
            .map(|(id, message)| Post { id, message: message.to_owned() });
        assert_eq!(write(&posts), "id: 7\ndata: [\"text\", [\"a\\nb\"], {}]\n\nid: 8\ndata: []\n\n");
    }
}
