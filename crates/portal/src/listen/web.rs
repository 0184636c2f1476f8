//! HTTP: serves the page, its files and the websocket, on an accept loop of our own because hyper's
//! time-outs need a timer and a limit to the connections that have not become sessions.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Extension, Path, State, ws::WebSocketUpgrade},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use hyper::{
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use meadow_protocol::{
    Transport,
    web::{WebsocketSettings, WebsocketV1},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tracing::{debug, warn};

use super::{ACCEPT_PAUSE, Gatekeeper, files::Files, websocket};
use crate::connection::Wire;

/// How long a client may take to send the head of a request, and to send another one.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long an HTTP connection that does not become a websocket may last, so that clients that do not read what
/// they ask for can't take all places. A browser opens another one.
const CONNECTION_TIME: Duration = Duration::from_secs(60);
/// HTTP connections at one time, not counting websockets, which are sessions.
const HTTP_CONNECTIONS: usize = 1024;
/// Longest message from a websocket client, in bytes.
pub(crate) const MESSAGE_SIZE: usize = 64 * 1024;
/// A websocket's read buffer, in bytes. The default costs each idle client 128 KiB.
const READ_BUFFER: usize = 2048;

/// What every answer says to browsers: nothing but our own files, and no frame around them.
const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// What all web listeners share.
pub(crate) struct WebSettings {
    files: Files,
    allowed_origins: Vec<String>,
}

impl WebSettings {
    pub(crate) fn new(game_name: &str, allowed_origins: &[String]) -> WebSettings {
        let allowed_origins = allowed_origins.iter().map(|origin| origin.trim_end_matches('/').to_owned());
        WebSettings { files: Files::new(game_name), allowed_origins: allowed_origins.collect() }
    }

    /// Whether a page of this origin may open the websocket. Browsers always name the origin and let
    /// any page connect anywhere, so this check is all that keeps a foreign page from playing with a
    /// visitor's session (RFC 6455, section 10.2). What names none is not a browser.
    fn allows(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        let own = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let authority = origin.split_once("://").map(|(_, authority)| authority);
        let same = authority.zip(own).is_some_and(|(authority, own)| authority.eq_ignore_ascii_case(own));
        same || self.allowed_origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }
}

#[derive(Clone)]
struct Web {
    settings: Arc<WebSettings>,
    gatekeeper: Gatekeeper,
}

/// Accepts connections for ever.
pub(crate) async fn serve(listener: TcpListener, gatekeeper: Gatekeeper, settings: Arc<WebSettings>) {
    let service = gatekeeper.service().to_owned();
    let router = router(Web { settings, gatekeeper });
    let places = Arc::new(Semaphore::new(HTTP_CONNECTIONS));
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => match Arc::clone(&places).try_acquire_owned() {
                Ok(place) => {
                    tokio::spawn(serve_connection(
                        stream,
                        peer.ip().to_canonical(),
                        router.clone(),
                        place,
                        CONNECTION_TIME,
                    ));
                }
                Err(_full) => debug!(service, "too many HTTP connections; one is closed"),
            },
            Err(error) => {
                warn!(%error, service, "a connection cannot be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve_connection(
    stream: TcpStream,
    address: IpAddr,
    router: Router,
    place: OwnedSemaphorePermit,
    limit: Duration,
) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "a connection cannot be set up");
        return;
    }
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Client(address));
        router.call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    match tokio::time::timeout(limit, connection).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, %address, "an HTTP connection ended early"),
        Err(_late) => debug!(%address, "an HTTP connection lasted too long"),
    }
    // A websocket has left this task by now, and is counted among the sessions.
    drop(place);
}

/// Address of whoever sent a request.
#[derive(Clone, Copy)]
struct Client(IpAddr);

fn router(web: Web) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/webclient/{file}", get(file))
        .route("/ws", get(open_websocket))
        .fallback(not_found)
        .layer(middleware::map_response(add_security_headers))
        .with_state(web)
}

async fn page(State(web): State<Web>, headers: HeaderMap) -> Response {
    web.settings.files.page().answer(&headers)
}

async fn file(State(web): State<Web>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match web.settings.files.file(&name) {
        Some(file) => file.answer(&headers),
        None => not_found().await,
    }
}

async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is no such page.\n").into_response()
}

async fn open_websocket(
    State(web): State<Web>,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !web.settings.allows(&headers) {
        debug!(%address, origin = ?headers.get(header::ORIGIN), "a page of a foreign origin is refused");
        return (StatusCode::FORBIDDEN, "This page may not connect to the game.\n").into_response();
    }
    if !offers_our_protocol(&headers) {
        return (StatusCode::BAD_REQUEST, "None of these websocket protocols is spoken here.\n")
            .into_response();
    }
    let admitted = match web.gatekeeper.admit(address) {
        Ok(admitted) => admitted,
        Err(refusal) => return (StatusCode::SERVICE_UNAVAILABLE, format!("{refusal}\n")).into_response(),
    };
    upgrade
        .protocols([WebsocketV1::SUBPROTOCOL])
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_message_size(MESSAGE_SIZE)
        .max_frame_size(MESSAGE_SIZE)
        .on_failed_upgrade(|error| debug!(%error, "a websocket was not opened"))
        .on_upgrade(|socket| {
            let protocol = Box::new(WebsocketV1::new(WebsocketSettings::default()));
            websocket::drive(admitted.enter(Wire::Task, protocol, Transport::Messages), socket)
        })
}

/// Whether our websocket protocol is among those that the client offers, or it offers none (RFC 6455,
/// section 4.1: a client that offers some must close a connection that selects none of them).
fn offers_our_protocol(headers: &HeaderMap) -> bool {
    let mut offers = headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .into_iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .peekable();
    offers.peek().is_none() || offers.any(|offer| offer == WebsocketV1::SUBPROTOCOL)
}

async fn add_security_headers(mut response: Response) -> Response {
    for (name, value) in SECURITY_HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, clock::Clock, ids::SessionIds, sessionhandler::PortalSessionHandler};

    fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn only_our_own_page_and_those_that_are_allowed_may_connect() {
        let settings = WebSettings::new("A Meadow", &["https://play.example.org/".to_owned()]);
        let allows = |origin: &str| {
            settings.allows(&headers(&[(header::HOST, "game.example.org:4001"), (header::ORIGIN, origin)]))
        };
        assert!(allows("http://game.example.org:4001"));
        assert!(allows("https://GAME.example.org:4001"));
        assert!(allows("https://play.example.org"));
        for foreign in [
            "http://game.example.org",
            "https://evil.example",
            "null",
            "",
            "https://play.example.org.evil.example",
        ] {
            assert!(!allows(foreign), "{foreign}");
        }
        assert!(settings.allows(&headers(&[(header::HOST, "game.example.org")])), "not a browser");
        assert!(!settings.allows(&headers(&[(header::ORIGIN, "http://game.example.org")])), "no host");
    }

    #[tokio::test]
    async fn a_client_that_asks_and_does_not_read_loses_its_place() {
        use tokio::io::AsyncWriteExt as _;
        let dir = tempfile::tempdir().expect("a folder");
        let ids = SessionIds::open(dir.path()).expect("ids");
        let handler = Arc::new(PortalSessionHandler::new(Limits::default(), Clock::start(), ids));
        let gatekeeper = Gatekeeper::new(handler, "web");
        let router = router(Web { settings: Arc::new(WebSettings::new("A Meadow", &[])), gatekeeper });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut client = TcpStream::connect(address).await.expect("connected");
        let (stream, peer) = listener.accept().await.expect("a client");
        let places = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&places).try_acquire_owned().expect("a place");
        let limit = Duration::from_millis(200);
        tokio::spawn(serve_connection(stream, peer.ip(), router, place, limit));
        let asking = async {
            // An error means that the connection has ended.
            while client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.is_ok() {}
        };
        let ended = tokio::time::timeout(Duration::from_secs(10), async {
            tokio::join!(asking, async { drop(places.acquire().await) })
        });
        assert!(ended.await.is_ok(), "it keeps its place for ever");
    }

    #[test]
    fn a_client_that_offers_protocols_must_offer_ours() {
        let offers = |value: &str| offers_our_protocol(&headers(&[(header::SEC_WEBSOCKET_PROTOCOL, value)]));
        assert!(offers_our_protocol(&HeaderMap::new()));
        assert!(offers("v1.evennia.com"));
        assert!(offers("json.mudstandards.org, v1.evennia.com"));
        assert!(!offers("json.mudstandards.org"));
        assert!(!offers("V1.evennia.com"), "names of protocols are exact");
    }
}
