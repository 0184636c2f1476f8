//! Sessions that outlive their websocket, through a real Portal: sockets are cut, and their clients come back.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::{receive, send, upgrade};
use crate::common::{Game, Running, eventually};

const TEXT: u8 = 1;
pub(super) const CLOSE: u8 = 8;

/// A client that counts, as `docs/websocket.md` says.
pub(super) struct Browser {
    pub(super) stream: TcpStream,
    ticket: String,
    heard: u64,
    sent: Vec<String>,
    /// What the server said of the beginning of this connection.
    pub(super) terms: Value,
}

/// The address of a websocket, and its stream behind the head of the answer.
pub(super) async fn open(portal: &Running, query: &str, headers: &str) -> (String, TcpStream) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = TcpStream::connect(portal.web).await.unwrap();
    let request = upgrade(headers).replace("GET /ws ", &format!("GET /ws{query} "));
    stream.write_all(request.replace("HOST", &portal.web.to_string()).as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    (String::from_utf8(head).unwrap(), stream)
}

impl Browser {
    pub(super) async fn connect(portal: &Running) -> Browser {
        let (head, stream) = open(portal, "?resume=", "").await;
        assert!(head.starts_with("HTTP/1.1 101"), "{head}");
        let mut browser =
            Browser { stream, ticket: String::new(), heard: 0, sent: Vec::new(), terms: Value::Null };
        browser.begin().await;
        assert_eq!(browser.terms["resumed"], false);
        browser.until("Welcome").await;
        browser
    }

    /// Reads the ticket, and sends again what has not been taken.
    async fn begin(&mut self) {
        let (_, first) = receive(&mut self.stream).await;
        let first: Value = serde_json::from_str(&first).unwrap();
        assert_eq!(first[0], "ticket", "{first}");
        self.ticket = first[1][0].as_str().unwrap().to_owned();
        self.terms = first[2].clone();
        self.heard = self.terms["after"].as_u64().unwrap();
        let taken = usize::try_from(self.terms["heard"].as_u64().unwrap()).unwrap();
        if self.terms["resumed"] == true {
            let again = self.sent.split_off(taken);
            for line in again {
                self.types(&line).await;
            }
        }
    }

    async fn write(&mut self, line: &str) {
        send(&mut self.stream, TEXT, json!(["text", [line], {}]).to_string().as_bytes()).await;
    }

    pub(super) async fn types(&mut self, line: &str) {
        self.sent.push(line.to_owned());
        self.write(line).await;
    }

    /// Reads up to the text that holds this; gives back the texts that came.
    pub(super) async fn until(&mut self, wanted: &str) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            let (opcode, message) = receive(&mut self.stream).await;
            assert_ne!(opcode, CLOSE, "closed before {wanted:?}, after {seen:?}");
            let message: Value = serde_json::from_str(&message).unwrap();
            if message[0] == "heard" {
                continue;
            }
            self.heard += 1;
            seen.push(message[1][0].as_str().unwrap().to_owned());
            if seen.last().unwrap().contains(wanted) {
                return seen;
            }
        }
    }

    /// What the address is to say for its session to come back.
    pub(super) fn query(&self) -> String {
        format!("resume={}&heard={}", self.ticket, self.heard)
    }

    /// The connection breaks without a word.
    pub(super) fn cut(self) -> Gone {
        Gone { ticket: self.ticket, heard: self.heard, sent: self.sent }
    }
}

/// A client without a connection.
#[derive(Clone)]
pub(super) struct Gone {
    ticket: String,
    heard: u64,
    pub(super) sent: Vec<String>,
}

impl Gone {
    pub(super) async fn resume(self, portal: &Running) -> Browser {
        let (_, stream) = open(portal, &format!("?resume={}&heard={}", self.ticket, self.heard), "").await;
        let Gone { ticket, heard, sent } = self;
        let mut browser = Browser { stream, ticket, heard, sent, terms: Value::Null };
        browser.begin().await;
        browser
    }
}

/// What the Portal shows of the session of this number, once it waits for its client.
pub(super) async fn away(portal: &Running, id: u64) {
    for _ in 0..2000 {
        let sessions = portal.sessions().await;
        if sessions.iter().any(|session| session["id"] == id && session["negotiated"]["away"].is_string()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it does not wait");
}

#[tokio::test]
async fn a_session_goes_on_where_the_connection_broke() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    let mut other = portal.client().await;
    browser.types("one").await;
    browser.until("done one").await;
    // Typed and taken, but the answer is not read any more.
    browser.types("two").await;
    eventually("taken", || game.journal().contains(&"1 2 two".to_owned())).await;
    let mut gone = browser.cut();
    away(&portal, 1).await;
    other.send("shout meanwhile\r\n").await;
    other.until("done shout").await;
    other.send("reload\r\n").await;
    eventually("another Server", || game.events().iter().any(|event| event.starts_with("sync Reload"))).await;
    other.send("shout after the reload\r\n").await;
    other.until("done shout after").await;
    gone.sent.push("three".to_owned());
    let mut browser = gone.resume(&portal).await;
    assert_eq!(
        (&browser.terms["resumed"], &browser.terms["missed"], &browser.terms["heard"]),
        (&json!(true), &json!(false), &json!(2))
    );
    assert_eq!(
        browser.until("done three").await,
        ["done two", "meanwhile", "after the reload", "done three"]
    );
    let mine =
        |journal: Vec<String>| journal.into_iter().filter(|line| line.starts_with("1 ")).collect::<Vec<_>>();
    assert_eq!(mine(game.journal()), ["1 1 one", "1 2 two", "1 3 three"], "each once");
    assert!(!game.events().contains(&"-1".to_owned()), "the Server was not told anything");
    portal.stop().await;
}

#[tokio::test]
async fn a_resume_that_breaks_in_the_middle_is_tried_again() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("one").await;
    browser.until("done one").await;
    let first = browser.cut();
    // The new ticket is never read.
    for _ in 0..3 {
        let query = format!("?resume={}&heard={}", first.ticket, first.heard);
        drop(open(&portal, &query, "").await);
    }
    let again = first.clone().resume(&portal).await;
    assert_ne!(again.ticket, first.ticket, "each is for one use");
    let mut again = again.cut().resume(&portal).await;
    again.types("two").await;
    again.until("done two").await;
    // Something was said, so the ticket before is worth nothing: whoever shows it is a stranger.
    let mut stranger = first.resume(&portal).await;
    assert_eq!((&stranger.terms["resumed"], &stranger.terms["heard"]), (&json!(false), &json!(0)));
    stranger.until("Welcome").await;
    portal.stop().await;
}

#[tokio::test]
async fn whoever_comes_back_takes_the_place_of_a_connection_that_seems_alive() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("one").await;
    browser.until("done one").await;
    let ghost = Gone { ticket: browser.ticket.clone(), heard: browser.heard, sent: browser.sent.clone() };
    let mut back = ghost.resume(&portal).await;
    let (opcode, code) = receive(&mut browser.stream).await;
    assert_eq!(
        (opcode, code.as_bytes()),
        (CLOSE, String::from_utf8_lossy(&4001u16.to_be_bytes()).as_bytes())
    );
    back.types("two").await;
    assert_eq!(back.until("done two").await, ["done two"]);
    assert_eq!(portal.sessions().await.len(), 1);
    portal.stop().await;
}

#[tokio::test]
async fn who_says_goodbye_is_not_waited_for() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    // A session that is resumed has its number; those of strangers go on from there.
    for (id, opcode, farewell) in [
        (1, CLOSE, &1000u16.to_be_bytes()[..]),
        (2, CLOSE, &[][..]),
        (3, TEXT, &br#"["websocket_close",[],{}]"#[..]),
    ] {
        let mut browser = Browser::connect(&portal).await;
        send(&mut browser.stream, opcode, farewell).await;
        eventually("the Server is told", || game.events().contains(&format!("-{id}"))).await;
    }
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_that_goes_away_may_come_back() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    // A page that is put to sleep, say (RFC 6455, section 7.4.1).
    send(&mut browser.stream, CLOSE, &1001u16.to_be_bytes()).await;
    away(&portal, 1).await;
    assert_eq!(browser.cut().resume(&portal).await.terms["resumed"], true);
    portal.stop().await;
}

#[tokio::test]
async fn a_session_waits_no_longer_than_it_may() {
    let game = Game::new().limits(|limits| limits.resume_time = Duration::from_millis(300));
    let portal = game.start().await.unwrap();
    let browser = Browser::connect(&portal).await;
    assert_eq!(browser.terms["hold"], 0, "whole seconds");
    let gone = browser.cut();
    away(&portal, 1).await;
    eventually("the Server is told", || game.events().contains(&"-1".to_owned())).await;
    assert_eq!(gone.resume(&portal).await.terms["resumed"], false);
    portal.stop().await;
}

#[tokio::test]
async fn so_many_wait_and_no_more() {
    let game = Game::new().limits(|limits| limits.detached_per_address = 1);
    let portal = game.start().await.unwrap();
    let first = Browser::connect(&portal).await.cut();
    away(&portal, 1).await;
    drop(Browser::connect(&portal).await);
    eventually("the second ends at once", || game.events().contains(&"-2".to_owned())).await;
    let first = first.resume(&portal).await;
    assert_eq!(first.terms["resumed"], true);
    let third = Browser::connect(&portal).await;
    drop(third);
    away(&portal, 3).await;
    portal.stop().await;
}

#[tokio::test]
async fn who_missed_more_than_is_kept_is_told_so() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("sleep 200").await;
    // 600,000 bytes are said while the client is away, of which 256 KiB are kept.
    browser.types("flood 10").await;
    let gone = browser.cut();
    away(&portal, 1).await;
    eventually("said", || game.journal().len() == 2).await;
    let heard = gone.heard;
    // What was said must have reached the session.
    let mut other = portal.client().await;
    other.send("look\r\n").await;
    other.until("done look").await;
    let mut browser = gone.resume(&portal).await;
    assert_eq!((&browser.terms["resumed"], &browser.terms["missed"]), (&json!(true), &json!(true)));
    assert!(browser.terms["after"].as_u64().unwrap() > heard);
    let seen = browser.until("done flood").await;
    assert_eq!(seen.len(), 5, "the newest: four of 60,000 bytes and the last");
    portal.stop().await;
}

#[tokio::test]
async fn nobody_gets_a_ticket_who_does_not_ask_or_where_it_is_off() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    for (query, headers) in
        [("", ""), ("?heard=3", ""), ("?resume=", "Sec-WebSocket-Protocol: terminal.mudstandards.org\r\n")]
    {
        let (_, mut stream) = open(&portal, query, headers).await;
        let (_, first) = receive(&mut stream).await;
        assert!(first.contains("Welcome"), "{query}: {first}");
    }
    portal.stop().await;
    let game = Game::new().limits(|limits| limits.resume_time = Duration::ZERO);
    let portal = game.start().await.unwrap();
    let (_, mut stream) = open(&portal, "?resume=", "").await;
    assert!(receive(&mut stream).await.1.contains("Welcome"));
    drop(stream);
    eventually("told at once", || game.events().contains(&"-1".to_owned())).await;
    portal.stop().await;
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_resumes_nothing() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let gone = Browser::connect(&portal).await.cut();
    let query = format!("?resume={}&heard={}", gone.ticket, gone.heard);
    let (head, _) = open(&portal, &query, "Origin: http://evil.example\r\n").await;
    assert!(head.starts_with("HTTP/1.1 403"), "{head}");
    assert_eq!(gone.resume(&portal).await.terms["resumed"], true);
    portal.stop().await;
}

#[tokio::test]
async fn envelopes_say_it_too() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let language = "Sec-WebSocket-Protocol: json.mudstandards.org\r\n";
    let ticket = async |query: &str| {
        let (_, mut stream) = open(&portal, query, language).await;
        let first: Value = serde_json::from_str(&receive(&mut stream).await.1).unwrap();
        assert_eq!((&first["proto"], &first["id"]), (&json!("resume"), &json!("ticket")));
        let data: Value = serde_json::from_str(first["data"].as_str().unwrap()).unwrap();
        (stream, data)
    };
    let (mut stream, data) = ticket("?resume=").await;
    assert!(receive(&mut stream).await.1.contains("Welcome"));
    send(&mut stream, TEXT, br#"{"proto":"resume","id":"heard","data":"1"}"#).await;
    assert_eq!(receive(&mut stream).await.1, r#"{"proto": "resume", "id": "heard", "data": "0"}"#);
    send(&mut stream, 2, b"look").await;
    assert!(receive(&mut stream).await.1.contains("done look"));
    drop(stream);
    let query = format!("?resume={}&heard=1", data["ticket"].as_str().unwrap());
    let (mut stream, data) = ticket(&query).await;
    assert_eq!((&data["resumed"], &data["heard"], &data["after"]), (&json!(true), &json!(1), &json!(1)));
    assert!(receive(&mut stream).await.1.contains("done look"));
    let (_, mut v1) =
        open(&portal, &format!("?resume={}&heard=1", data["ticket"].as_str().unwrap()), "").await;
    assert!(receive(&mut v1).await.1.contains("\"resumed\": false"), "another language is another session");
    portal.stop().await;
}

#[tokio::test]
async fn an_end_does_not_wait_for_who_is_away() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("sleep 300").await;
    browser.types("quit").await;
    let gone = browser.cut();
    away(&portal, 1).await;
    eventually("the game has sent it away", || game.events().contains(&"-1".to_owned())).await;
    assert_eq!(gone.resume(&portal).await.terms["resumed"], false);
    away(&portal, 2).await;
    let start = std::time::Instant::now();
    portal.stop().await;
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
}

/// A ticket is no way around a ban: the Server is asked before anything is told to an address that is new.
#[tokio::test]
async fn whoever_is_banned_where_they_come_from_does_not_come_back() {
    let mut game = Game::new();
    game.config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("one").await;
    browser.until("done one").await;
    let gone = browser.cut();
    away(&portal, 1).await;
    let mut other = portal.client().await;
    other.send("shout a secret\r\n").await;
    other.until("done shout").await;
    let query = format!("?resume={}&heard={}", gone.ticket, gone.heard);
    let (head, mut stream) = open(&portal, &query, "X-Forwarded-For: 203.0.113.66\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101"), "{head}");
    let (_, first) = receive(&mut stream).await;
    let first: Value = serde_json::from_str(&first).unwrap();
    assert_eq!((&first[0], &first[2]["resumed"]), (&json!("ticket"), &json!(false)));
    let (_, welcome) = receive(&mut stream).await;
    assert!(welcome.contains("Welcome"), "a session like any other, which the game ends: {welcome}");
    drop(stream);
    // Who is not banned goes on, from another address and from the one before.
    let (_, mut stream) = open(&portal, &query, "X-Forwarded-For: 203.0.113.7\r\n").await;
    let (_, first) = receive(&mut stream).await;
    assert!(first.contains("\"resumed\": true"), "{first}");
    let (_, missed) = receive(&mut stream).await;
    assert!(missed.contains("a secret"), "{missed}");
    let asked = |event: &&String| event.contains("comes back to 1");
    let events = game.events();
    assert_eq!(
        events.iter().filter(asked).collect::<Vec<_>>(),
        ["203.0.113.66 comes back to 1", "203.0.113.7 comes back to 1"]
    );
    portal.stop().await;
}
