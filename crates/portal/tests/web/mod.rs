//! The web listener with a real Portal around it, spoken to in plain HTTP and websocket frames.

mod ajax;
mod api;
mod house;
mod languages;
mod restart;
mod resume;
mod signin;
mod site;

use std::{net::SocketAddr, time::Duration};

use crate::common::{Game, eventually};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Sends one request and reads until the other side closes.
async fn fetch(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = request.replace('\n', "\r\n").replace("HOST", &address.to_string());
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

fn upgrade(headers: &str) -> String {
    format!(
        "GET /ws HTTP/1.1\r\nHost: HOST\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
}

/// Sends a websocket handshake; gives back the head of the answer and the stream behind it.
async fn handshake(address: SocketAddr, headers: &str) -> (String, TcpStream) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(upgrade(headers).replace("HOST", &address.to_string()).as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    (String::from_utf8(head).unwrap(), stream)
}

/// A short masked frame (RFC 6455, section 5.2); the mask is zero.
async fn send(stream: &mut TcpStream, opcode: u8, payload: &[u8]) {
    let length = u16::try_from(payload.len()).unwrap();
    let mut frame = vec![0x80 | opcode, 0x80 | 126];
    frame.extend(length.to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(payload);
    stream.write_all(&frame).await.unwrap();
}

/// The next frame's opcode and payload.
async fn receive(stream: &mut TcpStream) -> (u8, String) {
    let reading = async {
        let opcode = stream.read_u8().await.unwrap() & 0x0f;
        let length = match stream.read_u8().await.unwrap() {
            126 => usize::from(stream.read_u16().await.unwrap()),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload).await.unwrap();
        (opcode, String::from_utf8_lossy(&payload).into_owned())
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("a frame")
}

#[tokio::test]
async fn the_page_and_its_files_are_served_with_their_headers() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let page = fetch(portal.web, "GET /webclient/ HTTP/1.1\nHost: HOST").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for header in [
        "content-type: text/html; charset=utf-8",
        "x-content-type-options: nosniff",
        "frame-ancestors 'none'",
        "referrer-policy: same-origin",
        "cache-control: no-cache",
    ] {
        assert!(page.contains(header), "{header}: {page}");
    }
    assert!(!page.contains("{GAME_NAME}"));
    let script = fetch(portal.web, "GET /webclient/main.js HTTP/1.1\nHost: HOST").await;
    assert!(script.contains("content-type: text/javascript; charset=utf-8"), "{script}");
    // What pages are told is not told with each of their files, but with what is one, or runs on its own.
    for (path, is_shown) in [
        ("/webclient/main.js", false),
        ("/webclient/style.css", false),
        ("/webclient/icons/icon-192.png", false),
        ("/webclient/sw.js", true),
        ("/webclient/player/clock-worker.js", true),
        ("/webclient/icons/icon.svg", true),
        ("/webclient/offline.html", true),
        ("/api/whoami", true),
        ("/", true),
        ("/nothing", true),
    ] {
        let mut stream = TcpStream::connect(portal.web).await.unwrap();
        let request = format!("HEAD {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", portal.web);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = String::new();
        stream.read_to_string(&mut head).await.unwrap();
        assert!(head.contains("x-content-type-options: nosniff"), "{head}");
        for header in
            ["content-security-policy", "x-frame-options", "referrer-policy", "cross-origin-opener-policy"]
        {
            assert_eq!(head.contains(&format!("\r\n{header}: ")), is_shown, "{path}, {header}: {head}");
        }
        assert!(is_shown || head.len() < 320, "{}: {head}", head.len());
    }
    let etag = script.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
    let again =
        fetch(portal.web, &format!("GET /webclient/main.js HTTP/1.1\nHost: HOST\nIf-None-Match: {etag}"))
            .await;
    assert!(again.starts_with("HTTP/1.1 304"), "{again}");
    for path in
        ["/nothing", "/webclient/nothing.js", "/webclient/../Cargo.toml", "/webclient/%2e%2e%2fCargo.toml"]
    {
        let answer = fetch(portal.web, &format!("GET {path} HTTP/1.1\nHost: HOST")).await;
        assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("nosniff"), "{path}: {answer}");
    }
    let post = fetch(portal.web, "POST / HTTP/1.1\nHost: HOST\nContent-Length: 0").await;
    assert!(post.starts_with("HTTP/1.1 405"), "{post}");
    portal.stop().await;
}

#[tokio::test]
async fn a_websocket_is_opened_by_get_alone() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let request = upgrade("").replace("HOST", &portal.web.to_string()).replace("GET ", "HEAD ");
    let mut stream = tokio::net::TcpStream::connect(portal.web).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 405") && head.contains("allow: GET\r\n"), "{head}");
    let events = fetch(portal.web, "HEAD /webclientdata/events?key=x HTTP/1.1\nHost: HOST").await;
    assert!(events.starts_with("HTTP/1.1 405"), "it would take the stream away: {events}");
    let page = fetch(portal.web, "HEAD /webclient/ HTTP/1.1\nHost: HOST").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert_eq!(portal.status().await["sessions"], 0);
    portal.stop().await;
}

#[tokio::test]
async fn a_request_is_for_one_host_and_of_one_page_and_has_a_short_head() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let long = |bytes: usize| format!("GET /robots.txt HTTP/1.1\nHost: HOST\nX-A: {}", "a".repeat(bytes));
    let own = format!("Origin: http://{}", portal.web);
    for (request, status) in [
        ("GET /robots.txt HTTP/1.1\nHost: HOST".to_owned(), 200),
        ("GET /robots.txt HTTP/1.1".to_owned(), 400),
        ("GET /robots.txt HTTP/1.1\nHost: HOST\nHost: evil.example".to_owned(), 400),
        (format!("GET /robots.txt HTTP/1.1\nHost: HOST\n{own}\nOrigin: https://evil.example"), 400),
        (long(60_000), 200),
        (long(140_000), 431),
    ] {
        let answer = fetch(portal.web, &request).await;
        let shown = &request[..request.len().min(200)];
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{shown}: {answer}");
    }
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_plays_through_the_websocket() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let origin =
        format!("Origin: http://{}\r\nSec-WebSocket-Protocol: other, v1.evennia.com\r\n", portal.web);
    let (head, mut socket) = handshake(portal.web, &origin).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(head.to_lowercase().contains("sec-websocket-protocol: v1.evennia.com"), "{head}");
    let (opcode, welcome) = receive(&mut socket).await;
    assert!(opcode == 1 && welcome.contains("Welcome"), "{opcode} {welcome}");
    send(&mut socket, 1, br#"["text",["look"],{}]"#).await;
    let (_, answer) = receive(&mut socket).await;
    assert!(answer.contains("done look"), "{answer}");
    assert_eq!(portal.status().await["sessions"], 1);
    assert!(game.events().contains(&"+1 websocket".to_owned()));
    // A ping is answered, and a close ends the session.
    send(&mut socket, 9, b"hm").await;
    assert_eq!(receive(&mut socket).await, (10, "hm".to_owned()));
    send(&mut socket, 8, &[]).await;
    assert_eq!(receive(&mut socket).await.0, 8);
    eventually("told", || game.events().contains(&"-1".to_owned())).await;
    portal.stop().await;
}

#[tokio::test]
async fn a_websocket_that_the_game_ends_hears_why_and_is_closed() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (_, mut socket) = handshake(portal.web, "").await;
    receive(&mut socket).await;
    send(&mut socket, 1, br#"["text",["quit"],{}]"#).await;
    let mut heard = String::new();
    loop {
        match receive(&mut socket).await {
            (8, _) => break,
            (_, text) => heard.push_str(&text),
        }
    }
    assert!(heard.contains("Goodbye."), "{heard}");
    portal.stop().await;
}

#[tokio::test]
async fn foreign_pages_and_foreign_protocols_do_not_get_in() {
    let game = Game::new().limits(|limits| limits.connections_per_address = 1);
    let portal = game.start().await.unwrap();
    let status = |head: String| head.split(' ').nth(1).unwrap().to_owned();
    let (head, _) = handshake(portal.web, "Origin: http://evil.example\r\n").await;
    assert_eq!(status(head), "403");
    let (head, _) = handshake(portal.web, "Sec-WebSocket-Protocol: chat\r\n").await;
    assert_eq!(status(head), "400");
    let (head, _socket) = handshake(portal.web, "").await;
    assert_eq!(status(head), "101", "what was refused took no place");
    let (head, _) = handshake(portal.web, "").await;
    assert_eq!(status(head), "503");
    portal.stop().await;
}

#[tokio::test]
async fn a_message_at_the_limit_passes_and_one_past_it_ends_the_connection() {
    const LIMIT: usize = 64 * 1024;
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (_, mut socket) = handshake(portal.web, "").await;
    receive(&mut socket).await;
    let frame = |length: usize| {
        let mut frame = vec![0x81, 0x80 | 127];
        frame.extend((length as u64).to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(vec![b' '; length]);
        frame
    };
    socket.write_all(&frame(LIMIT)).await.unwrap();
    send(&mut socket, 1, br#"["text",["look"],{}]"#).await;
    assert!(receive(&mut socket).await.1.contains("done look"));
    socket.write_all(&frame(LIMIT + 1)).await.unwrap();
    eventually("cut", || game.events().contains(&"-1".to_owned())).await;
    portal.stop().await;
}

#[tokio::test]
async fn a_websocket_is_pinged_and_its_latency_is_shown() {
    let mut game = Game::new();
    game.config.websocket_keepalive = Duration::from_millis(50);
    let portal = game.start().await.unwrap();
    let (mut pings, start) = (0, std::time::Instant::now());
    let (_, mut socket) = handshake(portal.web, "").await;
    while pings < 3 {
        let (opcode, payload) = receive(&mut socket).await;
        if opcode == 9 {
            pings += 1;
            send(&mut socket, 10, payload.as_bytes()).await;
        }
    }
    assert!(start.elapsed() >= Duration::from_millis(150), "not more often than it is to be");
    for _ in 0..1000 {
        let session = portal.sessions().await.remove(0);
        if session["negotiated"]["latency"].as_str().is_some_and(|latency| latency.ends_with(" ms")) {
            return portal.stop().await;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no latency is shown");
}

#[tokio::test]
async fn one_address_does_not_take_all_places_of_http() {
    let mut game = Game::new();
    game.config.limits.http_connections = 4;
    let portal = game.start().await.unwrap();
    let silent =
        [TcpStream::connect(portal.web).await.unwrap(), TcpStream::connect(portal.web).await.unwrap()];
    let answer = |address: &'static str| async move {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(address.parse().unwrap()).unwrap();
        let mut stream = socket.connect(portal.web).await.unwrap();
        let mut answer = String::new();
        let request = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        // One that gets no place is closed, perhaps before it has said anything.
        let _ = stream.write_all(request).await;
        let _ = stream.read_to_string(&mut answer).await;
        answer
    };
    assert_eq!(answer("127.0.0.1:0").await, "");
    assert!(answer("127.0.0.2:0").await.starts_with("HTTP/1.1 200"));
    drop(silent);
    while !answer("127.0.0.1:0").await.starts_with("HTTP/1.1 200") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    portal.stop().await;
}
