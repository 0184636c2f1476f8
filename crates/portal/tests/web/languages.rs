//! Each language that a websocket client may ask for, through a real Portal.

use meadow_protocol::web::Negotiation;
use tokio::net::TcpStream;

use super::{handshake, receive, send};
use crate::common::{Game, Running};

const TEXT: u8 = 1;
const BINARY: u8 = 2;

/// Opens a websocket in a language and reads past the welcome.
async fn open(portal: &Running, language: &str) -> TcpStream {
    let (head, mut socket) = handshake(portal.web, &format!("Sec-WebSocket-Protocol: {language}\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(head.to_lowercase().contains(&format!("sec-websocket-protocol: {language}\r\n")), "{head}");
    until(&mut socket, "Welcome").await;
    socket
}

/// Reads until a message holds this; gives back its opcode and text.
async fn until(socket: &mut TcpStream, wanted: &str) -> (u8, String) {
    loop {
        let (opcode, text) = receive(socket).await;
        if text.contains(wanted) {
            return (opcode, text);
        }
    }
}

#[tokio::test]
async fn terminals_type_and_are_shown_text() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    for language in ["json.mudstandards.org", "gmcp.mudstandards.org", "terminal.mudstandards.org"] {
        let mut socket = open(&portal, language).await;
        send(&mut socket, BINARY, b"look\r\n").await;
        let (opcode, text) = until(&mut socket, "done look").await;
        assert_eq!((opcode, text.ends_with("\r\n")), (BINARY, true), "{language}: {text:?}");
    }
    portal.stop().await;
}

#[tokio::test]
async fn data_goes_in_messages_of_the_other_kind() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    for (language, ping, answer) in [
        ("gmcp.mudstandards.org", "Core.Ping", "Core.Ping"),
        (
            "json.mudstandards.org",
            r#"{"proto":"gmcp","id":"Core.Ping","data":""}"#,
            r#"{"proto": "gmcp", "id": "Core.Ping", "data": ""}"#,
        ),
    ] {
        let mut socket = open(&portal, language).await;
        send(&mut socket, TEXT, ping.as_bytes()).await;
        assert_eq!(until(&mut socket, "Core.Ping").await, (TEXT, answer.to_owned()));
    }
    portal.stop().await;
}

#[tokio::test]
async fn telnet_goes_through_a_websocket() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut socket = open(&portal, "telnet.mudstandards.org").await;
    // A message may end anywhere.
    send(&mut socket, BINARY, b"lo").await;
    send(&mut socket, BINARY, b"ok\r\n\xff").await;
    let (opcode, text) = until(&mut socket, "done look").await;
    assert_eq!((opcode, text.ends_with("\r\n")), (BINARY, true));
    send(&mut socket, BINARY, b"\xf6").await;
    until(&mut socket, "[yes]").await;
    assert!(game.events().contains(&"+1 telnet/websocket".to_owned()), "{:?}", game.events());
    portal.stop().await;
}

#[tokio::test]
async fn the_old_way_lets_strangers_in() {
    let mut game = Game::new();
    game.config.websocket_negotiation = Negotiation::Legacy;
    let portal = game.start().await.unwrap();
    let (head, mut socket) = handshake(portal.web, "Sec-WebSocket-Protocol: chat\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    assert!(!head.to_lowercase().contains("sec-websocket-protocol"), "{head}");
    let (_, welcome) = until(&mut socket, "Welcome").await;
    assert!(welcome.starts_with("[\"text\""), "{welcome}");
    portal.stop().await;
}
