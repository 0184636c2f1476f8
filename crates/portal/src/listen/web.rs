//! HTTP: serves the site, the browser client and the websocket, on an accept loop of our own because hyper's
//! time-outs need a timer and a limit to the connections that have not become sessions.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Extension, Path, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use hyper::{
    server::conn::http1,
    service::{Service as _, service_fn},
    upgrade::OnUpgrade,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use meadow_link::{CommandTuple, SessionId};
use meadow_protocol::{
    Transport,
    web::{Choice, ResumeForm, Subprotocol, Wish, form},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::spawn_blocking,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tracing::debug;

use super::{
    Gatekeeper,
    accept::accept,
    account,
    ajax::{self, Browsers},
    api, bodies,
    files::{Files, WebFile},
    gatekeeper::Admitted,
    guard,
    http2::{self, Asker},
    languages::Languages,
    patience::Patient,
    places::{Place, Places},
    signin, site,
    tls::HANDSHAKE_TIME,
    websocket::{self, Handshake, Line, Newcomer, Seats},
};
use crate::{
    PortalConfig,
    address::{Networks, forwarded},
    admission::Refusal,
    api::{Api, Caller},
    connection::Wire,
    service::ServiceRegistry,
    sessionhandler::{PortalSessionHandler, Security},
    site::Site,
};

/// Longest head of a request, in bytes; one more read of so much may come with it. It is in memory while it comes.
const HEAD_SIZE: usize = 64 * 1024;
/// How long a client may take to send the head of a request, and to send another one.
pub(super) const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a client may take nothing of an answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// Longest message from a websocket client, in bytes.
pub(crate) const MESSAGE_SIZE: usize = 64 * 1024;

/// Where HTTP proxies write for whom they ask.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// ... and how they were asked.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What all web listeners share.
pub(crate) struct WebSettings {
    pub(super) game_name: String,
    files: Arc<Files>,
    pub(super) site: Site,
    allowed_origins: Vec<String>,
    languages: Languages,
    pub(super) api: Arc<Api>,
    /// Whether browsers without websockets may play.
    ajax: bool,
    pub(super) browsers: Arc<Browsers>,
    keepalive: Duration,
    /// Whether messages may be compressed.
    compression: bool,
    /// What browsers are told inside TLS: to come in no other way.
    pub(super) strict_transport: Option<HeaderValue>,
    /// For HTTP connections; websockets are sessions, and have their place among those.
    places: Arc<Places>,
    /// For requests with a body.
    pub(super) bodies: Arc<Places>,
}

impl WebSettings {
    pub(crate) fn new(
        config: &PortalConfig,
        registry: &Arc<ServiceRegistry>,
        handler: &Arc<PortalSessionHandler>,
        api: Arc<Api>,
    ) -> WebSettings {
        let origins = config.allowed_origins.iter();
        let files = Arc::new(Files::new(&config.game_name, &config.web_dir));
        WebSettings {
            game_name: config.game_name.clone(),
            site: Site::new(config, Arc::clone(&files), Arc::clone(registry), Arc::clone(handler)),
            files,
            allowed_origins: origins.map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
            languages: Languages::new(config),
            api,
            ajax: config.ajax,
            browsers: Arc::default(),
            keepalive: config.websocket_keepalive,
            compression: config.websocket_compression,
            strict_transport: guard::strict_transport(config.strict_transport),
            // One address alone must not keep everybody else out.
            places: Places::new(config.limits.http_connections, config.limits.http_connections.div_ceil(2)),
            bodies: bodies::places(),
        }
    }

    /// A file of ours, whatever the game has.
    pub(super) fn our_file(&self, path: &str) -> Option<&WebFile> {
        self.files.our_file(path)
    }

    /// Whether a page of this origin may play. Browsers always name the origin and let
    /// any page connect anywhere, so this check is all that keeps a foreign page from playing with a
    /// visitor's session (RFC 6455, section 10.2). What names none is not a browser. Inside TLS, a page that came in the
    /// clear is foreign, too: anybody on the way may have written it.
    pub(super) fn allows(&self, client: Client, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        let Ok(origin) = origin.to_str() else { return false };
        let own = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let same = origin.split_once("://").zip(own).is_some_and(|((scheme, authority), own)| {
            authority.eq_ignore_ascii_case(own) && (!client.is_secure || scheme.eq_ignore_ascii_case("https"))
        });
        same || self.allowed_origins.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }
}

/// One web listener.
#[derive(Clone)]
pub(super) struct Web {
    pub(super) settings: Arc<WebSettings>,
    gatekeeper: Gatekeeper,
}

impl Web {
    /// Asks for a place for whoever sent a request.
    pub(super) fn admit(&self, client: Client) -> Result<Admitted, Refusal> {
        let admitted = self.gatekeeper.admit(client.address)?;
        Ok(match client.security {
            Security::Tls => admitted.secured(),
            Security::Clear => admitted,
        })
    }

    /// Whether this is a proxy that is believed.
    pub(super) fn trusts(&self, address: IpAddr) -> bool {
        self.gatekeeper.trusted().contain(address)
    }

    /// What a client that opens a websocket wants of resuming, and in which form; nothing where that is off.
    fn wish(&self, language: Subprotocol, uri: &Uri) -> (Option<ResumeForm>, Wish) {
        let is_on = !self.gatekeeper.handler().limits().resume_time.is_zero();
        match ResumeForm::of(language).filter(|_| is_on) {
            Some(form) => (Some(form), Wish::parse(uri.query().unwrap_or_default())),
            None => (None, Wish::Plain),
        }
    }
}

/// What is answered to whoever gets no place.
pub(super) fn refused(refusal: Refusal) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{refusal}\n")).into_response()
}

/// Accepts connections for ever; they are encrypted if there is an acceptor.
pub(crate) async fn serve(
    listener: TcpListener,
    gatekeeper: Gatekeeper,
    settings: Arc<WebSettings>,
    tls: Option<TlsAcceptor>,
) {
    let places = Arc::clone(&settings.places);
    let router = router(Web { settings, gatekeeper: gatekeeper.clone() });
    let (service, trusted) = (gatekeeper.service().to_owned(), gatekeeper.trusted().clone());
    accept(listener, &gatekeeper, move |stream, address| {
        // A proxy that does not say for whom until the request comes is not one visitor.
        let Some(place) = Places::take(&places, Some(address).filter(|address| !trusted.contain(*address)))
        else {
            debug!(service, %address, "too many HTTP connections; one is closed");
            return;
        };
        let peer = Peer { address, trusted: trusted.clone(), _place: place };
        let (router, tls) = (router.clone(), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => serve_connection(Patient::new(stream, PATIENCE), peer, Spoken::Clear, router).await,
                Some(tls) => match timeout(HANDSHAKE_TIME, tls.accept(stream)).await {
                    Ok(Ok(stream)) => {
                        let is_2 = stream.get_ref().1.alpn_protocol() == Some(http2::ALPN);
                        let spoken = if is_2 { Spoken::Tls2 } else { Spoken::Tls };
                        serve_connection(Patient::new(stream, PATIENCE), peer, spoken, router).await;
                    }
                    Ok(Err(error)) => debug!(%error, %address, "a TLS handshake failed"),
                    Err(_) => debug!(%address, "a TLS handshake took too long"),
                },
            }
        });
    })
    .await;
}

/// Who opened a connection.
struct Peer {
    address: IpAddr,
    trusted: Networks,
    /// A websocket leaves its connection's task, and is counted among the sessions.
    _place: Place,
}

/// What is spoken on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoken {
    /// HTTP/1.1 in the clear.
    Clear,
    /// The same inside TLS.
    Tls,
    /// HTTP/2 inside TLS.
    Tls2,
}

async fn serve_connection<S>(stream: Patient<S>, peer: Peer, spoken: Spoken, router: Router)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = TowerToHyperService::new(router);
    let Peer { address, trusted, _place } = peer;
    let asker = if trusted.contain(address) { Asker::Proxy } else { Asker::Visitor };
    let security = if spoken == Spoken::Clear { Security::Clear } else { Security::Tls };
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        let values =
            request.headers().get_all(FORWARDED_FOR).into_iter().map(|value| value.to_str().unwrap_or("?"));
        let client = forwarded::client(address, values, &trusted);
        let proxy_is_secure = asker == Asker::Proxy
            && request.headers().get(FORWARDED_PROTO).is_some_and(|proto| proto == "https");
        let is_secure = security == Security::Tls || proxy_is_secure;
        request.extensions_mut().insert(Client { address: client, security, is_secure });
        router.call(request.map(Body::new))
    });
    if spoken == Spoken::Tls2 {
        return http2::serve(stream, address, asker, service).await;
    }
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_SIZE)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Err(error) = connection.await {
        debug!(%error, %address, "an HTTP connection ended early");
    }
}

/// Whoever sent a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    /// Its address, as far as the proxies on the way are believed.
    pub(super) address: IpAddr,
    pub(super) security: Security,
    /// It speaks TLS, with us or with a proxy that is believed.
    pub(super) is_secure: bool,
}

fn router(web: Web) -> Router {
    Router::new()
        .merge(site::routes())
        .merge(signin::routes())
        .merge(account::routes())
        .route("/webclient", get(async || Redirect::permanent("/webclient/")))
        .route("/webclient/", get(page))
        .route("/webclient/{*path}", get(file))
        .route("/media/{*path}", get(media))
        .route("/ws", get(open_websocket))
        .merge(api::routes())
        .merge(super::admin::routes())
        .merge(if web.settings.ajax { ajax::routes() } else { Router::new() })
        .fallback(site::other)
        .layer(middleware::from_fn_with_state(web.clone(), guard::guard))
        .with_state(web)
}

async fn page(State(web): State<Web>, headers: HeaderMap) -> Response {
    answer(web, "webclient/index.html".to_owned(), headers).await
}

async fn file(State(web): State<Web>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer(web, format!("webclient/{path}"), headers).await
}

/// Pictures and sounds of the game's own, which it has the browser client show and play.
async fn media(State(web): State<Web>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    answer(web, format!("media/{path}"), headers).await
}

/// A game's own file is read from a disk, which nobody else is to wait for.
pub(super) async fn answer(web: Web, path: String, headers: HeaderMap) -> Response {
    let answer = move || web.settings.files.file(&path).map_or_else(not_found, |file| file.answer(&headers));
    spawn_blocking(answer).await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

pub(super) fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "There is no such page.\n").into_response()
}

async fn open_websocket(
    State(web): State<Web>,
    Extension(client): Extension<Client>,
    uri: Uri,
    mut request: Request,
) -> Response {
    if request.method() != Method::GET {
        return no_get();
    }
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let headers = request.headers();
    if !web.settings.allows(client, headers) {
        debug!(address = %client.address, origin = ?headers.get(header::ORIGIN), "a page of a foreign origin is refused");
        return (StatusCode::FORBIDDEN, "This page may not connect to the game.\n").into_response();
    }
    let handshake = match Handshake::read(headers, upgrade, MESSAGE_SIZE) {
        Ok(handshake) if web.settings.compression => handshake.compressed(headers),
        Ok(handshake) => handshake,
        Err(bad) => return bad.into_response(),
    };
    let (language, handshake) = match web.settings.languages.choose(headers) {
        Choice::Named(language) => (language, handshake.protocol(language.name())),
        Choice::Unnamed(language) => (language, handshake),
        Choice::Refused => {
            return (StatusCode::BAD_REQUEST, "None of these websocket protocols is spoken here.\n")
                .into_response();
        }
    };
    let (form, wish) = web.wish(language, &uri);
    if let Wish::Resume(ticket, heard) = wish
        && let Some(seat) = web.gatekeeper.handler().seats().find(&ticket, language, client.security)
    {
        match web.gatekeeper.handler().may_return(SessionId(ticket.session), client.address).await {
            // It has its place among the connections already.
            Ok(true) => {
                return handshake.answer(async move |socket| {
                    seat.hand_over(Newcomer {
                        socket,
                        secret: ticket.secret,
                        heard,
                        address: client.address,
                    });
                });
            }
            // A new session will be told why.
            Ok(false) => {}
            Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
        }
    }
    let admitted = match web.admit(client) {
        Ok(admitted) => admitted,
        Err(refusal) => return refused(refusal),
    };
    let login = web_login(client, &uri, headers);
    handshake.answer(move |socket| {
        let Web { settings, gatekeeper } = web;
        let entered = admitted.enter(Wire::Task, settings.languages.protocol(language), Transport::Messages);
        if let Some(login) = login {
            entered.lock().session.say_first(login);
        }
        let handler = gatekeeper.handler();
        let mut line = Line::new(socket, settings.keepalive, handler.clock().now());
        if let (Some(form), true) = (form, wish != Wish::Plain) {
            let (place, ticket) = Seats::add(handler.seats(), entered.id, language, client.security);
            line = line.resumable(form, handler.limits().resume_time, place, &ticket);
        }
        websocket::drive(entered, line)
    })
}

/// What is answered to `HEAD` where a request does more than to show something: the router takes it for a `GET`.
pub(super) fn no_get() -> Response {
    (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")]).into_response()
}

/// What is said to the game for a browser that is signed in. The page may name the character that its visitor wants to
/// play, as `?as=NAME`.
pub(super) fn web_login(client: Client, uri: &Uri, headers: &HeaderMap) -> Option<CommandTuple> {
    let character = form::field(uri.query().unwrap_or_default().as_bytes(), "as");
    Caller::of(client, headers).web_login(character.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, clock::Clock, ids::SessionIds};

    fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
        list.iter().map(|(name, value)| (name.clone(), value.parse().expect("a value"))).collect()
    }

    fn handler() -> Arc<PortalSessionHandler> {
        let dir = tempfile::tempdir().expect("a folder");
        let ids = SessionIds::open(dir.path()).expect("ids");
        Arc::new(PortalSessionHandler::new(Limits::default(), Clock::start(), ids))
    }

    fn settings(config: &PortalConfig, handler: &Arc<PortalSessionHandler>) -> WebSettings {
        WebSettings::new(config, &Arc::default(), handler, Arc::new(Api::for_tests()))
    }

    #[test]
    fn only_our_own_page_and_those_that_are_allowed_may_connect() {
        let mut config = PortalConfig::for_tests();
        config.allowed_origins = vec!["https://play.example.org/".to_owned()];
        let settings = settings(&config, &handler());
        let client = |security: Security| Client {
            address: [192, 0, 2, 1].into(),
            security,
            is_secure: security == Security::Tls,
        };
        let allows_in = |security: Security, origin: &str| {
            let headers = headers(&[(header::HOST, "game.example.org:4001"), (header::ORIGIN, origin)]);
            settings.allows(client(security), &headers)
        };
        let allows = |origin: &str| allows_in(Security::Clear, origin);
        assert!(allows_in(Security::Tls, "https://game.example.org:4001"));
        assert!(
            !allows_in(Security::Tls, "http://game.example.org:4001"),
            "it may have been changed on the way"
        );
        let client = client(Security::Clear);
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
        assert!(settings.allows(client, &headers(&[(header::HOST, "game.example.org")])), "not a browser");
        assert!(
            !settings.allows(client, &headers(&[(header::ORIGIN, "http://game.example.org")])),
            "no host"
        );
    }

    #[tokio::test]
    async fn a_client_that_asks_and_does_not_read_loses_its_place() {
        use tokio::{io::AsyncWriteExt as _, net::TcpStream};
        let handler = handler();
        let settings = Arc::new(settings(&PortalConfig::for_tests(), &handler));
        let gatekeeper = Gatekeeper::new(handler, "web", Networks::default());
        let router = router(Web { settings, gatekeeper });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let mut client = TcpStream::connect(address).await.expect("connected");
        let (stream, peer) = listener.accept().await.expect("a client");
        let places = Places::new(1, 1);
        let place = Places::take(&places, Some(peer.ip())).expect("a place");
        let peer = Peer { address: peer.ip(), trusted: Networks::default(), _place: place };
        let stream = Patient::new(stream, Duration::from_millis(200));
        tokio::spawn(serve_connection(stream, peer, Spoken::Clear, router));
        let asking = async {
            // An error means that the connection has ended.
            while client.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.is_ok() {}
        };
        let leaving = async {
            while Places::take(&places, None).is_none() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let ended = tokio::time::timeout(Duration::from_secs(60), async { tokio::join!(asking, leaving) });
        assert!(ended.await.is_ok(), "it keeps its place for ever");
    }
}
