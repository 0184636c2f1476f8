//! HTTP/2 inside TLS: the same answers as by HTTP/1.1, and clients that want too much.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use axum::http::{Request, Response, StatusCode};
use bytes::Bytes;
use futures_util::future::select_all;
use h2::{RecvStream, client::SendRequest};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::{client::TlsStream, rustls::version::TLS13};

use super::{encrypted_game, self_signed, shake_as};
use crate::common::{Game, Running};

/// What a client says first, and an empty SETTINGS frame (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

fn game() -> Game {
    let mut game = encrypted_game();
    game.config.tls = None;
    game
}

/// A connection on which HTTP/2 was agreed on.
async fn agree(game: &Game, address: SocketAddr) -> TlsStream<TcpStream> {
    let stream = TcpStream::connect(address).await.unwrap();
    let protocols = &[b"h2".as_slice(), b"http/1.1"];
    let stream = shake_as(stream, &self_signed(game), "localhost", &[&TLS13], protocols).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    stream
}

/// A client, whose connection is driven until it ends.
struct Http2 {
    send: SendRequest<Bytes>,
    host: String,
}

impl Http2 {
    async fn connect(game: &Game, portal: &Running) -> Http2 {
        let address = portal.address("web-tls");
        let (send, connection) = h2::client::handshake(agree(game, address).await).await.unwrap();
        tokio::spawn(async move {
            let _ = connection.await;
        });
        Http2 { send, host: format!("localhost:{}", address.port()) }
    }

    fn request(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Request<()> {
        let mut request = Request::builder().method(method).uri(format!("https://{}{path}", self.host));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).unwrap()
    }

    async fn begin(&mut self, request: Request<()>, body: &str) -> Response<RecvStream> {
        let ready = self.send.clone().ready().await;
        self.send = ready.unwrap();
        let (answer, mut stream) = self.send.send_request(request, body.is_empty()).unwrap();
        if !body.is_empty() {
            stream.send_data(Bytes::copy_from_slice(body.as_bytes()), true).unwrap();
        }
        within(answer).await.unwrap()
    }

    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (Response<()>, String) {
        let request = self.request(method, path, headers);
        let (head, mut stream) = self.begin(request, body).await.into_parts();
        let mut text = Vec::new();
        while let Some(data) = within(stream.data()).await {
            let data = data.unwrap();
            stream.flow_control().release_capacity(data.len()).unwrap();
            text.extend_from_slice(&data);
        }
        (Response::from_parts(head, ()), String::from_utf8(text).unwrap())
    }

    async fn get(&mut self, path: &str) -> (Response<()>, String) {
        self.ask("GET", path, &[], "").await
    }
}

async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("in time")
}

fn header<'a, T>(response: &'a Response<T>, name: &str) -> &'a str {
    response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
}

#[tokio::test]
async fn browsers_get_the_same_in_one_go() {
    let game = game();
    let portal = game.start().await.unwrap();
    let mut browser = Http2::connect(&game, &portal).await;
    let (page, text) = browser.get("/webclient/").await;
    assert_eq!(page.status(), 200);
    assert!(header(&page, "content-security-policy").contains("frame-ancestors 'none'"));
    assert!(text.contains("modulepreload"));
    // All files of the page at once, none of them waiting for another.
    let paths: Vec<String> = text
        .split("modulepreload\" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert!(paths.len() > 50, "{paths:?}");
    let mut under_way = Vec::new();
    for path in &paths {
        let request = browser.request("GET", &format!("/webclient/{path}"), &[("accept-encoding", "gzip")]);
        browser.send = browser.send.clone().ready().await.unwrap();
        under_way.push(browser.send.send_request(request, true).unwrap().0);
    }
    for answer in under_way {
        let answer = within(answer).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(header(&answer, "content-encoding"), "gzip");
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
        assert!(!answer.headers().contains_key("content-security-policy"));
    }
    let (script, text) = browser.get("/webclient/main.js").await;
    assert!(text.contains("import") && header(&script, "content-length") == text.len().to_string());
    let etag = header(&script, "etag");
    let (again, text) = browser.ask("GET", "/webclient/main.js", &[("if-none-match", etag)], "").await;
    assert_eq!((again.status(), &*text), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(browser.get("/nothing").await.0.status(), 404);
    portal.stop().await;
}

#[tokio::test]
async fn origins_hosts_and_cookies_count_as_in_http1() {
    let game = game();
    let portal = game.start().await.unwrap();
    let mut browser = Http2::connect(&game, &portal).await;
    let own = format!("https://{}", browser.host);
    let json = ("content-type", "application/json");
    let anna = json!({ "name": "anna", "password": "rose garden" }).to_string();
    for origin in ["https://evil.example", "http://localhost:1", &own.replace("https", "http")] {
        let (answer, _) = browser.ask("POST", "/api/signin", &[json, ("origin", origin)], &anna).await;
        assert_eq!(answer.status(), 403, "{origin}");
    }
    let (answer, _) = browser.ask("POST", "/api/signin", &[json, ("origin", &own)], &anna).await;
    assert_eq!(answer.status(), 200);
    let cookie = header(&answer, "set-cookie");
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    // Browsers send each cookie in a field of its own (RFC 9113, section 8.2.3).
    let cookies = [("cookie", "theme=dark"), ("cookie", cookie.split(';').next().unwrap())];
    let (_, who) = browser.ask("GET", "/api/whoami", &cookies, "").await;
    assert!(who.contains("\"Anna\""), "{who}");
    // The page says where it is.
    let (_, front) = browser.get("/").await;
    assert!(front.contains("localhost") || front.contains(&browser.host), "{front}");
    for host in ["evil.example", ""] {
        let (answer, _) = browser.ask("GET", "/webclient/", &[("host", host)], "").await;
        assert_eq!(answer.status(), 400, "{host:?}");
    }
    let host = browser.host.clone();
    assert_eq!(browser.ask("GET", "/webclient/", &[("host", &host)], "").await.0.status(), 200);
    portal.stop().await;
}

#[tokio::test]
async fn a_game_is_played_by_events_and_requests() {
    let game = game();
    let portal = game.start().await.unwrap();
    let mut browser = Http2::connect(&game, &portal).await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    let (_, begun) = browser.ask("POST", "/webclientdata", &[form], "mode=init&suid=0").await;
    let begun: serde_json::Value = serde_json::from_str(&begun).unwrap();
    let (session, events) = (begun["csessid"].as_str().unwrap(), begun["events"].as_str().unwrap());
    let mut stream = browser.begin(browser.request("GET", events, &[]), "").await.into_body();
    let mut heard = String::new();
    let mut hear = async |text: &str| {
        while !heard.contains(text) {
            let data = within(stream.data()).await.expect("more").unwrap();
            stream.flow_control().release_capacity(data.len()).unwrap();
            heard.push_str(std::str::from_utf8(&data).unwrap());
        }
    };
    hear("Welcome").await;
    let line = format!("mode=input&csessid={session}&data=[\"text\", [\"look\"], {{}}]");
    assert_eq!(browser.ask("POST", "/webclientdata", &[form], &line).await.0.status(), 200);
    hear("done look").await;
    // Websockets are not offered by this way: browsers open a connection of their own for them.
    let request = browser.request("GET", "/ws", &[("sec-websocket-version", "13")]);
    assert_eq!(browser.begin(request, "").await.status(), 400);
    assert!(!browser.send.is_extended_connect_protocol_enabled());
    let connect = Request::builder().method("CONNECT").uri("localhost:1").body(()).unwrap();
    assert!(browser.begin(connect, "").await.status().is_client_error());
    portal.stop().await;
}

/// Reads until the connection is closed; gives back all frames, by their types.
async fn frames(stream: &mut TlsStream<TcpStream>) -> Vec<u8> {
    let mut kinds = Vec::new();
    loop {
        let mut head = [0; 9];
        match within(stream.read_exact(&mut head)).await {
            Ok(_) => {}
            // How a connection ends is of no interest here.
            Err(_) => return kinds,
        }
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length as usize];
        if stream.read_exact(&mut payload).await.is_err() {
            return kinds;
        }
        kinds.push(head[3]);
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = (payload.len() as u32).to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// `GET /webclient/main.js` in HPACK (RFC 7541), without any table of its own.
fn get_main() -> Vec<u8> {
    // :method GET, :scheme https, then :path and :authority, each as it is written.
    let mut head = vec![0x82, 0x87, 0x04, 18];
    head.extend(b"/webclient/main.js");
    head.extend([0x01, 9]);
    head.extend(b"localhost");
    head
}

#[tokio::test]
async fn who_asks_and_breaks_off_again_and_again_is_thrown_out() {
    let game = game();
    let portal = game.start().await.unwrap();
    let address = portal.address("web-tls");
    // In one go, before anybody has looked at it; and one after another, while it is being answered.
    for pause in [None, Some(Duration::from_millis(1))] {
        let mut stream = agree(&game, address).await;
        stream.write_all(PREFACE).await.unwrap();
        let mut sent = 0;
        for number in 0..20_000 {
            let id = 2 * number + 1;
            let mut both = frame(HEADERS, END_STREAM | END_HEADERS, id, &never());
            if let Some(pause) = pause {
                if stream.write_all(&both).await.is_err() {
                    break;
                }
                stream.flush().await.unwrap_or_default();
                tokio::time::sleep(pause).await;
                both.clear();
            }
            both.extend(frame(RST_STREAM, 0, id, &8_u32.to_be_bytes()));
            if stream.write_all(&both).await.is_err() {
                break;
            }
            sent = number;
        }
        assert!(sent < 19_999, "it went on for ever");
        frames(&mut stream).await;
    }
    assert_eq!(
        Http2::connect(&game, &portal).await.get("/webclient/").await.0.status(),
        200,
        "others don't mind"
    );
    portal.stop().await;
}

/// `GET /api/never`, which the Server of the tests does not answer.
fn never() -> Vec<u8> {
    let mut head = vec![0x82, 0x87, 0x04, 10];
    head.extend(b"/api/never");
    head.extend([0x01, 9]);
    head.extend(b"localhost");
    head
}

#[tokio::test]
async fn heads_of_requests_and_their_number_have_limits() {
    let game = game();
    let portal = game.start().await.unwrap();
    let mut browser = Http2::connect(&game, &portal).await;
    let long = "x".repeat(20_000);
    let (answer, _) = browser.ask("GET", "/webclient/", &[("x-long", &long)], "").await;
    assert_eq!(answer.status(), 431);
    assert_eq!(browser.get("/webclient/").await.0.status(), 200, "it goes on");

    // A head that does not end (CVE-2024-27316).
    let address = portal.address("web-tls");
    let mut stream = agree(&game, address).await;
    stream.write_all(PREFACE).await.unwrap();
    stream.write_all(&frame(HEADERS, END_STREAM, 1, &get_main())).await.unwrap();
    let mut field = vec![0x00, 1, b'x', 0x7f, 0xa1, 0x1e];
    field.extend(vec![b'y'; 4000]);
    let mut sent = 0;
    while sent < 100_000 && stream.write_all(&frame(CONTINUATION, 0, 1, &field)).await.is_ok() {
        sent += 1;
    }
    assert!(sent < 100_000, "it took 400 MB of one head");

    // More requests at a time than are allowed are refused, and nothing else happens to them. None of the others is done:
    // the client leaves no room for answers (SETTINGS_INITIAL_WINDOW_SIZE).
    let mut stream = agree(&game, address).await;
    stream.write_all(PREFACE).await.unwrap();
    let mut all = frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]);
    for number in 0..150 {
        all.extend(frame(HEADERS, END_STREAM | END_HEADERS, 2 * number + 1, &get_main()));
    }
    stream.write_all(&all).await.unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    let mut refused = 0;
    while refused < 50 {
        assert!(Instant::now() < end, "{refused} were refused");
        let mut head = [0; 9];
        within(stream.read_exact(&mut head)).await.unwrap();
        let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
        stream.read_exact(&mut payload).await.unwrap();
        refused += u32::from(head[3] == RST_STREAM && payload == 7_u32.to_be_bytes());
    }
    portal.stop().await;
}

#[tokio::test]
async fn bodies_of_one_address_have_a_limit_however_few_its_connections_are() {
    let game = game();
    let portal = game.start().await.unwrap();
    let mut browser = Http2::connect(&game, &portal).await;
    let own = format!("https://{}", browser.host);
    let json = [("content-type", "application/json"), ("origin", &*own)];
    let mut under_way = Vec::new();
    for number in 0..65 {
        let path = if number % 2 == 0 { "/api/echo" } else { "/webclientdata" };
        browser.send = browser.send.clone().ready().await.unwrap();
        let request = browser.request("POST", path, &json);
        under_way.push(browser.send.send_request(request, false).unwrap());
    }
    let (answers, bodies): (Vec<_>, Vec<_>) = under_way.into_iter().unzip();
    // All others wait for what is still to come.
    let (answer, _, others) = within(select_all(answers)).await;
    assert_eq!(answer.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(browser.get("/webclient/").await.0.status(), 200, "what has no body is not meant");
    drop((others, bodies));
    let end = Instant::now() + Duration::from_secs(60);
    while browser.ask("POST", "/api/echo", &json, "{}").await.0.status() != StatusCode::OK {
        assert!(Instant::now() < end, "the places did not come back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    portal.stop().await;
}

#[tokio::test]
async fn nonsense_ends_the_connection_and_nothing_else() {
    let game = game();
    let portal = game.start().await.unwrap();
    let address = portal.address("web-tls");
    let mut nonsense: Vec<Vec<u8>> = vec![
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        vec![0; 4096],
        vec![0xff; 4096],
        [PREFACE, &[0xff; 100]].concat(),
        // A head that can't be unpacked, a stream of the server's, a frame of a stream that was never begun, half a frame.
        [PREFACE, &frame(HEADERS, END_STREAM | END_HEADERS, 1, &[0xff; 30])].concat(),
        [PREFACE, &frame(HEADERS, END_STREAM | END_HEADERS, 2, &get_main())].concat(),
        [PREFACE, &frame(0, 0, 7, b"data")].concat(),
        [PREFACE, &frame(HEADERS, END_STREAM, 1, &get_main())[..12]].concat(),
    ];
    // Heads cut at every place, without method or path, and with a name in capitals.
    nonsense.extend(
        (0..get_main().len())
            .map(|cut| [PREFACE, &frame(HEADERS, END_STREAM | END_HEADERS, 1, &get_main()[..cut])].concat()),
    );
    nonsense
        .push([PREFACE, &frame(HEADERS, END_STREAM | END_HEADERS, 1, &[0x82, 0, 1, b'X', 1, b'y'])].concat());
    for bytes in nonsense {
        let mut stream = agree(&game, address).await;
        stream.write_all(&bytes).await.unwrap();
        // Whoever says no more has ended its side.
        let _ = stream.shutdown().await;
        frames(&mut stream).await;
    }
    assert_eq!(Http2::connect(&game, &portal).await.get("/webclient/").await.0.status(), 200);
    portal.stop().await;
}

#[tokio::test]
async fn who_asks_for_nothing_loses_its_place_and_who_is_done_is_asked_to_leave() {
    let game = game();
    let portal = game.start().await.unwrap();
    let address = portal.address("web-tls");
    let begun = Instant::now();
    let mut idle = agree(&game, address).await;
    idle.write_all(PREFACE).await.unwrap();
    let mut silent = agree(&game, address).await;
    let mut done = agree(&game, address).await;
    done.write_all(PREFACE).await.unwrap();
    done.write_all(&frame(SETTINGS, 1, 0, b"")).await.unwrap();
    done.write_all(&frame(HEADERS, END_STREAM | END_HEADERS, 1, &get_main())).await.unwrap();
    let (idle, silent, goodbye) = tokio::join!(frames(&mut idle), frames(&mut silent), async {
        let mut kinds = Vec::new();
        while !kinds.contains(&GOAWAY) {
            let mut head = [0; 9];
            within(done.read_exact(&mut head)).await.unwrap();
            let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
            done.read_exact(&mut payload).await.unwrap();
            kinds.push(head[3]);
        }
        kinds
    });
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(!idle.contains(&HEADERS) && !silent.contains(&HEADERS));
    assert!(goodbye.contains(&HEADERS), "it was answered: {goodbye:?}");
    portal.stop().await;
}
