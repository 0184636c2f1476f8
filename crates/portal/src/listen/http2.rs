//! HTTP/2 (RFC 9113), which browsers choose inside TLS: a page of many files comes in one go, over one connection. The
//! web listener hands over connections that have agreed on it (ALPN); the router cannot tell what is asked in this way
//! from what is asked in HTTP/1.1.
//!
//! One connection may ask for much at once, so it is held to limits of its own: those that the `h2` crate knows, which
//! are named here, those of [`Activity`], and those of the [`Tasks`] of requests.

mod activity;
mod pieces;
mod stalls;

use std::{convert::Infallible, net::IpAddr, pin::pin, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use hyper::{
    Request,
    body::Incoming,
    server::conn::http2,
    service::{Service, service_fn},
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    select,
    time::{Instant, sleep_until},
};
use tracing::debug;

use super::patience::Patient;
use activity::{Activity, Verdict};
use pieces::Pieces;
use stalls::Tasks;

/// What a client offers and we choose in a TLS handshake (RFC 9113, section 3.1).
pub(crate) const ALPN: &[u8] = b"h2";

/// Requests at one time. The browser client's page is some 90 files; RFC 9113 advises against fewer than 100.
const STREAMS: u32 = 100;
/// Longest head of a request, in bytes, as RFC 9113 counts them (section 6.5.2): unpacked, and 32 for each field.
const HEAD_SIZE: u32 = 16 * 1024;
/// What a client may send before it is read, in bytes: of one body, and of all.
const BODY_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 256 * 1024;
/// What waits of one answer until the socket takes it, in bytes.
const SEND_BUFFER: usize = 64 * 1024;
/// Requests that may be broken off before they were looked at (CVE-2023-44487); one more ends the connection.
const UNSEEN_RESETS: usize = 20;
/// Requests with errors in them, of which one more ends the connection (RUSTSEC-2024-0003).
const ERROR_RESETS: usize = 100;

/// Who asks on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    Visitor,
    /// A proxy that is believed: what one visitor does must not be held against all who come by it.
    Proxy,
}

/// Serves one connection until it ends.
pub(super) async fn serve<S, R>(stream: Patient<S>, address: IpAddr, asker: Asker, service: R)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    R: Service<Request<Incoming>, Response = Response, Error = Infallible> + Send + 'static,
    R::Future: Send + 'static,
{
    let activity = Arc::new(Activity::new(asker, Instant::now()));
    let watched = Arc::clone(&activity);
    let service = service_fn(move |request| {
        let asked = watched.begin();
        let answer = as_if_by_http1(request).map(|request| service.call(request));
        async move {
            let response = match answer {
                Ok(answer) => answer.await?,
                Err(bad) => (StatusCode::BAD_REQUEST, bad).into_response(),
            };
            Ok::<_, Infallible>(response.map(|body: Body| Pieces::new(body, asked)))
        }
    });
    // Extended CONNECT (RFC 8441) is not enabled: websockets come by HTTP/1.1, over connections of their own.
    let connection = http2::Builder::new(Tasks)
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_SIZE)
        .initial_stream_window_size(BODY_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_pending_accept_reset_streams(UNSEEN_RESETS)
        .max_local_error_reset_streams(ERROR_RESETS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut is_leaving = false;
    loop {
        let look_again = match activity.verdict(Instant::now()) {
            Verdict::Fine(until) => until,
            Verdict::Idle(until) => {
                if !is_leaving {
                    // Tells the client to come again over another connection, and finishes what is under way.
                    connection.as_mut().graceful_shutdown();
                    is_leaving = true;
                }
                until
            }
            Verdict::Bad(reason) => return debug!(reason, %address, "an HTTP/2 connection is closed"),
        };
        select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    debug!(%error, %address, "an HTTP/2 connection ended early");
                }
                return;
            }
            () = sleep_until(look_again) => {}
            () = activity.alarm() => {}
        }
    }
}

/// A request as it would look in HTTP/1.1: everything that asks for which host it is meant, or from where it comes,
/// looks at one header, and at one only. The error is what the client is told.
fn as_if_by_http1(mut request: Request<Incoming>) -> Result<Request<Incoming>, &'static str> {
    let host = host(request.uri(), request.headers().get(header::HOST))?;
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host);
    }
    if let Some(path) = request.uri().path_and_query().cloned() {
        *request.uri_mut() = Uri::from(path);
    }
    Ok(request)
}

/// For which host a request is: `:authority`, which browsers send instead of `Host`. Two that differ are an error
/// (RFC 9113, section 8.3.1), and so is a name with a password.
fn host(uri: &Uri, header: Option<&HeaderValue>) -> Result<Option<HeaderValue>, &'static str> {
    let Some(authority) = uri.authority().map(|authority| authority.as_str()) else { return Ok(None) };
    if header.is_some_and(|host| !host.as_bytes().eq_ignore_ascii_case(authority.as_bytes())) {
        return Err("The request names two hosts.\n");
    }
    match HeaderValue::from_str(authority) {
        Ok(host) if !authority.contains('@') => Ok(Some(host)),
        _ => Err("The request names no host.\n"),
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, time::Duration};

    use axum::{Router, body::Bytes, extract::Request as Asked, routing::get};
    use hyper_util::service::TowerToHyperService;
    use tokio::{io::duplex, time::sleep};

    use super::*;
    use crate::listen::web::{HEAD_TIME, PATIENCE};

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_not_taken_ends_and_others_on_the_connection_do_not() {
        let router = Router::new()
            .route("/long", get(async || vec![b'x'; 1_000_000]))
            .route(
                "/short",
                get(async |request: Asked| request.headers()[header::HOST].clone().as_bytes().to_vec()),
            )
            .route("/never", get(async || pending::<()>().await));
        let (near, far) = duplex(64 * 1024);
        let router = TowerToHyperService::new(router);
        let service = service_fn(move |request: Request<Incoming>| router.call(request.map(Body::new)));
        let serving =
            tokio::spawn(serve(Patient::new(near, PATIENCE), [192, 0, 2, 1].into(), Asker::Visitor, service));
        // There is room on the connection, but not for the long answer.
        let mut client = h2::client::Builder::new();
        client.initial_connection_window_size(1_000_000);
        let (mut client, connection) = client.handshake::<_, Bytes>(far).await.expect("a connection");
        let client_task = tokio::spawn(connection);
        let mut ask = |path: &str| {
            let request = Request::get(format!("https://localhost{path}")).body(()).expect("a request");
            client.send_request(request, true).expect("sent").0
        };
        let never = tokio::spawn(ask("/never"));
        let mut long = ask("/long").await.expect("an answer").into_body();
        sleep(PATIENCE - Duration::from_secs(1)).await;
        // The window of a stream is 64 KiB, and nothing of it is given back.
        let mut came = 0;
        let error = loop {
            match long.data().await.expect("no end") {
                Ok(data) => came += data.len(),
                Err(error) => break error,
            }
        };
        assert_eq!((came, error.reason()), (65_535, Some(h2::Reason::CANCEL)));
        let mut short = ask("/short").await.expect("an answer").into_body();
        assert_eq!(short.data().await.expect("data").expect("data"), Bytes::from_static(b"localhost"));
        assert!(!never.is_finished() && !serving.is_finished());
        // Once nobody waits for anything, the connection ends.
        never.abort();
        sleep(HEAD_TIME + Duration::from_secs(1)).await;
        assert!(serving.is_finished() && client_task.is_finished());
    }

    #[test]
    fn a_request_is_for_one_host() {
        let host = |uri: &str, header: Option<&str>| {
            let header = header.map(|host| host.parse().expect("a value"));
            host(&uri.parse().expect("an address"), header.as_ref())
        };
        let named = |name: &str| Ok(Some(HeaderValue::from_str(name).expect("a value")));
        assert_eq!(host("https://game.example.org:4002/x", None), named("game.example.org:4002"));
        assert_eq!(host("https://game.example.org/", Some("GAME.example.org")), named("game.example.org"));
        assert_eq!(host("/x", Some("game.example.org")), Ok(None), "it stays as it is");
        assert!(host("https://game.example.org/", Some("evil.example")).is_err());
        assert!(host("https://game.example.org@evil.example/", None).is_err());
    }
}
