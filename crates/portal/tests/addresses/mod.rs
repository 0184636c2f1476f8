//! Whence clients come: PROXY headers, X-Forwarded-For, IPv6; and what the Portal tells of a session.

use std::time::Duration;

use crate::{
    common::{Client, Game, Running, eventually},
    tls::{BOTH, self_signed, shake},
};
use meadow_portal::{IfTaken, TlsListen};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A game that believes these.
fn game(trusted: &[&str]) -> Game {
    let mut game = Game::new();
    game.config.trusted_proxies = trusted.iter().map(|network| network.parse().unwrap()).collect();
    game
}

/// The addresses of all sessions, as the Portal has them.
async fn addresses(portal: &Running) -> Vec<String> {
    portal.sessions().await.iter().map(|one| one["address"].as_str().unwrap().to_owned()).collect()
}

fn v2(address: [u8; 4]) -> Vec<u8> {
    let mut header = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0f".to_vec();
    header.extend(address);
    header.extend([127, 0, 0, 1, 0, 1, 0, 2]);
    // An extension that means nothing (PP2_TYPE_NOOP).
    header.extend([4, 0, 0]);
    header
}

#[tokio::test]
async fn a_trusted_proxy_says_for_whom_it_connects() {
    let game = game(&["127.0.0.0/8"]);
    let portal = game.start().await.unwrap();
    let mut first = Client::connect(portal.telnet).await;
    first.send("PROXY TCP4 203.0.113.9 127.0.0.1 4711 4000\r\nlook\r\n").await;
    first.until("done look\r\n").await;
    let mut second = Client::connect(portal.telnet).await;
    // A header may come in pieces, though no proxy sends it so.
    for piece in v2([203, 0, 113, 10]).chunks(7) {
        second.stream.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    second.send("look\r\n").await;
    second.until("done look\r\n").await;
    let mut third = Client::connect(portal.telnet).await;
    third.send("PROXY TCP6 2001:db8::7 ::1 4711 4000\r\nlook\r\n").await;
    third.until("done look\r\n").await;
    assert_eq!(addresses(&portal).await, ["203.0.113.9", "203.0.113.10", "2001:db8::7"]);
    assert_eq!(game.journal(), ["1 1 look", "2 1 look", "3 1 look"], "nothing of a header is typed");
    portal.stop().await;
}

#[tokio::test]
async fn a_trusted_address_without_a_header_is_a_client_of_its_own() {
    let game = game(&["127.0.0.1"]);
    let portal = game.start().await.unwrap();
    // It waits for the greeting, as telnet does.
    let _waits = portal.client().await;
    let mut speaks = Client::connect(portal.telnet).await;
    speaks.send("look\r\n").await;
    speaks.until("done look\r\n").await;
    let mut local = Client::connect(portal.telnet).await;
    local.stream.write_all(b"\r\n\r\n\0\r\nQUIT\n\x20\0\0\0look\r\n").await.unwrap();
    local.until("done look\r\n").await;
    assert_eq!(addresses(&portal).await, ["127.0.0.1"; 3]);
    portal.stop().await;
}

#[tokio::test]
async fn what_nobody_trusted_says_is_typed() {
    let game = game(&["10.0.0.0/8", "::1"]);
    let portal = game.start().await.unwrap();
    let mut client = Client::connect(portal.telnet).await;
    client.send("PROXY TCP4 203.0.113.9 127.0.0.1 4711 4000\r\n").await;
    client.until("done PROXY TCP4 203.0.113.9 127.0.0.1 4711 4000\r\n").await;
    assert_eq!(addresses(&portal).await, ["127.0.0.1"]);
    portal.stop().await;
}

#[tokio::test]
async fn a_bad_header_of_a_trusted_proxy_ends_its_connection() {
    let game = game(&["127.0.0.1"]);
    let portal = game.start().await.unwrap();
    for bad in [
        &b"PROXY TCP4 203.0.113.9\r\nlook\r\n"[..],
        &[&b"PROXY UNKNOWN "[..], &[b'x'; 200]].concat(),
        b"\r\n\r\n\0\r\nQUIT\n\x11\x11\0\x0c",
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff",
    ] {
        let mut client = Client::connect(portal.telnet).await;
        client.stream.write_all(bad).await.unwrap();
        assert_eq!(client.until_closed().await, "", "{bad:?}");
    }
    assert_eq!(game.events(), ["sync Shutdown "]);
    portal.client().await;
    portal.stop().await;
}

#[tokio::test]
async fn limits_see_the_clients_and_not_the_proxy() {
    let game = game(&["127.0.0.1"]).limits(|limits| limits.connections_per_address = 1);
    let portal = game.start().await.unwrap();
    let proxied = async |address: &str| {
        let mut client = Client::connect(portal.telnet).await;
        client.send(&format!("PROXY TCP4 {address} 127.0.0.1 1 2\r\n")).await;
        client
    };
    let (mut first, mut second) = (proxied("203.0.113.1").await, proxied("203.0.113.2").await);
    first.until("Welcome").await;
    second.until("Welcome").await;
    let third = proxied("203.0.113.2").await;
    assert_eq!(third.until_closed().await, "There are too many connections from your address.\r\n");
    portal.stop().await;
}

#[tokio::test]
async fn a_proxy_in_front_of_tls_says_it_before_the_handshake() {
    let mut game = game(&["127.0.0.1"]);
    let listen = vec!["127.0.0.1:0".parse().unwrap()];
    game.config.tls = Some(TlsListen { addresses: listen, if_taken: IfTaken::Fail });
    let portal = game.start().await.unwrap();
    let mut stream = TcpStream::connect(portal.address("tls")).await.unwrap();
    // In one piece with the beginning of a handshake: nothing behind the header is lost. The rest is a
    // ClientHello without content, which is answered with an alert.
    stream.write_all(b"PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\n\x16\x03").await.unwrap();
    stream.write_all(&[1, 0, 4, 1, 0, 0, 0]).await.unwrap();
    let mut alert = [0; 2];
    stream.read_exact(&mut alert).await.unwrap();
    assert_eq!(alert, [21, 3]);
    let mut stream = TcpStream::connect(portal.address("tls")).await.unwrap();
    stream.write_all(b"PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\n").await.unwrap();
    let shaken = shake(stream, &self_signed(&game), "localhost", &BOTH).await.unwrap();
    let mut client = Client::over(shaken);
    client.until("Welcome").await;
    assert_eq!(addresses(&portal).await, ["203.0.113.9"]);
    portal.stop().await;
}

/// The websocket's session has this address.
async fn websocket_address(portal: &Running, first: &str, headers: &str) -> String {
    let mut client = Client::connect(portal.web).await;
    client
        .send(&format!(
            "{first}GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{headers}\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ))
        .await;
    client.until("Welcome").await;
    addresses(portal).await.pop().unwrap()
}

#[tokio::test]
async fn http_proxies_say_for_whom_they_ask() {
    let trusting = game(&["127.0.0.1", "10.0.0.0/8"]);
    let portal = trusting.start().await.unwrap();
    let one = "X-Forwarded-For: 203.0.113.9\r\n";
    assert_eq!(websocket_address(&portal, "", one).await, "203.0.113.9");
    let forged = "X-Forwarded-For: 1.1.1.1, 203.0.113.8\r\nX-Forwarded-For: 10.1.1.1\r\n";
    assert_eq!(websocket_address(&portal, "", forged).await, "203.0.113.8");
    // A balancer in front of the proxy; and one that is itself not trusted further.
    let balancer = "PROXY TCP4 10.0.0.7 127.0.0.1 1 2\r\n";
    assert_eq!(websocket_address(&portal, balancer, one).await, "203.0.113.9");
    let stranger = "PROXY TCP4 198.51.100.7 127.0.0.1 1 2\r\n";
    assert_eq!(websocket_address(&portal, stranger, one).await, "198.51.100.7");
    portal.stop().await;
    let wary = game(&[]);
    let portal = wary.start().await.unwrap();
    assert_eq!(websocket_address(&portal, "", one).await, "127.0.0.1");
    portal.stop().await;
}

#[tokio::test]
async fn everything_listens_on_ipv6_too() {
    let mut game = game(&["::1"]);
    let loopback = || vec!["[::1]:0".parse().unwrap()];
    let inside_tls = || Some(TlsListen { addresses: loopback(), if_taken: IfTaken::Fail });
    (game.config.telnet, game.config.web) = (Some(loopback()), Some(loopback()));
    (game.config.tls, game.config.web_tls) = (inside_tls(), inside_tls());
    let portal = game.start().await.unwrap();
    assert!(["telnet", "web", "tls", "web-tls"].iter().all(|service| portal.address(service).is_ipv6()));
    let mut client = portal.client().await;
    client.send("look\r\n").await;
    client.until("done look\r\n").await;
    assert_eq!(addresses(&portal).await, ["::1"]);
    let one = "X-Forwarded-For: [2001:db8::9]:4711\r\n";
    assert_eq!(websocket_address(&portal, "", one).await, "2001:db8::9");
    portal.stop().await;
}

#[tokio::test]
async fn the_wildcard_of_ipv6_takes_both_and_leaves_ipv4_to_its_own_listener() {
    let mut game = Game::new();
    game.config.telnet = Some(vec!["[::]:0".parse().unwrap()]);
    let portal = game.start().await.unwrap();
    let port = portal.telnet.port();
    for (address, seen) in [("127.0.0.1", "127.0.0.1"), ("::1", "::1")] {
        let mut client = Client::connect((address.parse::<std::net::IpAddr>().unwrap(), port).into()).await;
        client.until("Welcome").await;
        assert_eq!(addresses(&portal).await, [seen], "an IPv4 client has an IPv4 address");
        drop(client);
        while !addresses(&portal).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    portal.stop().await;
    // The same port twice, once for each kind.
    let both = [format!("[::]:{port}"), format!("0.0.0.0:{port}")];
    game.config.telnet = Some(both.iter().map(|address| address.parse().unwrap()).collect());
    let portal = game.start().await.unwrap();
    Client::connect(format!("127.0.0.1:{port}").parse().unwrap()).await.until("Welcome").await;
    Client::connect(format!("[::1]:{port}").parse().unwrap()).await.until("Welcome").await;
    portal.stop().await;
}

#[tokio::test]
async fn the_portal_tells_what_it_knows_of_sessions() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = Client::connect(portal.telnet).await;
    // NAWS of 100 by 40, and DO EOR.
    client
        .stream
        .write_all(&[255, 251, 31, 255, 250, 31, 0, 100, 0, 40, 255, 240, 255, 253, 25])
        .await
        .unwrap();
    client.until("Welcome").await;
    client.send("login Anna\r\n").await;
    client.until("done login Anna\r\n").await;
    let mut other = portal.client().await;
    let sessions = portal.sessions().await;
    assert_eq!(sessions.len(), 2);
    let first = &sessions[0];
    for (name, want) in [
        ("id", serde_json::json!(1)),
        ("account", "Anna".into()),
        ("protocol", "telnet".into()),
        ("service", "telnet".into()),
        ("address", "127.0.0.1".into()),
        ("width", 100.into()),
        ("height", 40.into()),
        ("encoding", "utf-8".into()),
        ("bytes_in", 27.into()),
        ("input_waiting", 0.into()),
        ("output_waiting", 0.into()),
    ] {
        assert_eq!(first[name], want, "{name}");
    }
    assert_eq!(first["negotiated"]["options"], "NAWS, EOR");
    assert!(first["negotiated"]["latency"].as_str().unwrap().ends_with(" ms"));
    assert!(first["bytes_out"].as_u64().unwrap() > 30 && first["idle"].as_f64().unwrap() < 10.0, "{first:?}");
    assert_eq!(sessions[1]["account"], serde_json::Value::Null);
    // From within the game; of those who are gone nothing is told.
    other.send("inspect 1 99\r\n").await;
    let told = other.until("done inspect 1 99\r\n").await + &other.until("]\r\n").await;
    assert!(told.contains("inspected [{\"id\":1,\"account\":\"Anna\""), "{told}");
    assert!(!told.contains("\"id\":2"), "{told}");
    eventually("nobody is lost over it", || game.events().len() >= 3).await;
    portal.stop().await;
}
