//! Browsers without websockets, through a real Portal: long polls and streams of events.

use std::time::Duration;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use super::fetch;
use crate::common::{Game, Running, eventually};

/// Posts a form; gives back the status and the body.
async fn post(portal: &Running, form: &str) -> (u16, String) {
    post_to(portal, "/webclientdata", form).await
}

async fn post_to(portal: &Running, path: &str, form: &str) -> (u16, String) {
    let kind = "Content-Type: application/x-www-form-urlencoded";
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\n{kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        portal.web,
        form.len()
    );
    let mut stream = TcpStream::connect(portal.web).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let reading = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("an answer").unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: application/json"), "{answer}");
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Begins a session; gives back its token and where its events are.
async fn init(portal: &Running) -> (String, String) {
    let (status, body) = post(portal, "mode=init&csessid=mine&cuid=1&browserstr=x").await;
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    let field = |name: &str| answer[name].as_str().unwrap().to_owned();
    assert_eq!(field("msg"), format!("Test & Meadow ({})", portal.web));
    (field("csessid"), field("events"))
}

async fn receive(portal: &Running, token: &str) -> String {
    let (status, body) = post(portal, &format!("mode=receive&csessid={token}&cuid=1")).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn input(portal: &Running, token: &str, line: &str) {
    let data = format!("[\"text\",[\"{line}\"],{{}}]");
    let answer = post(portal, &format!("mode=input&csessid={token}&cuid=1&data={data}")).await;
    assert_eq!(answer, (200, "\"\"".to_owned()));
}

#[tokio::test]
async fn a_browser_plays_by_long_polls() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (token, _) = init(&portal).await;
    assert!(receive(&portal, &token).await.contains("Welcome"));
    // Held until there is something, and one message an answer.
    let held = receive(&portal, &token);
    let typed = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        input(&portal, &token, "look").await;
    };
    let (first, ()) = tokio::join!(held, typed);
    assert_eq!(first, r#"["text", ["done look"], {}]"#);
    input(&portal, &token, "a").await;
    input(&portal, &token, "b").await;
    eventually("both are done", || game.journal().len() == 3).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (_, batch) =
        post_to(&portal, "/webclientdata?batch=1", &format!("mode=receive&csessid={token}")).await;
    assert_eq!(batch, r#"[["text", ["done a"], {}], ["text", ["done b"], {}]]"#);
    assert!(game.events().contains(&"+1 ajax".to_owned()), "{:?}", game.events());
    // A newer poll ends the older with an empty body.
    let (older, ()) = tokio::join!(receive(&portal, &token), async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let newer = receive(&portal, &token);
        let (said, ()) = tokio::join!(newer, async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            input(&portal, &token, "c").await;
        });
        assert!(said.contains("done c"), "{said}");
    });
    assert_eq!(older, "");
    assert_eq!(post(&portal, &format!("mode=keepalive&csessid={token}")).await, (200, "\"\"".to_owned()));
    assert_eq!(post(&portal, &format!("mode=close&csessid={token}")).await, (200, "\"\"".to_owned()));
    eventually("told", || game.events().contains(&"-1".to_owned())).await;
    assert_eq!(post(&portal, &format!("mode=receive&csessid={token}")).await.0, 404);
    portal.stop().await;
}

#[tokio::test]
async fn a_message_that_is_sent_twice_under_one_number_is_done_once() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (token, _) = init(&portal).await;
    for (number, line) in [(1, "a"), (1, "a"), (2, "b"), (1, "a"), (2, "b"), (5, "c")] {
        let form = format!("mode=input&csessid={token}&number={number}&data=[\"text\",[\"{line}\"],{{}}]");
        assert_eq!(post(&portal, &form).await, (200, "\"\"".to_owned()));
    }
    // Whoever does not count is heard every time, as with Evennia.
    input(&portal, &token, "d").await;
    input(&portal, &token, "d").await;
    eventually("all are done", || game.journal().len() == 5).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (_, batch) = post(&portal, &format!("mode=receive&batch=1&csessid={token}")).await;
    let said: Vec<_> = batch.match_indices("done ").map(|(at, _)| &batch[at + 5..at + 6]).collect();
    assert_eq!(said, ["a", "b", "c", "d", "d"], "{batch}");
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_that_the_game_sends_away_hears_why() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (token, _) = init(&portal).await;
    receive(&portal, &token).await;
    input(&portal, &token, "quit").await;
    assert_eq!(receive(&portal, &token).await, r#"["connection_close", ["Goodbye."], {}]"#);
    eventually("told", || game.events().contains(&"-1".to_owned())).await;
    assert_eq!(post(&portal, &format!("mode=receive&csessid={token}")).await.0, 404);
    portal.stop().await;
}

#[tokio::test]
async fn wrong_requests_are_the_clients_fault() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (token, events) = init(&portal).await;
    for (form, status) in [
        ("", 200),
        ("mode=dance", 200),
        ("mode=receive", 400),
        ("mode=receive&csessid=mine", 400),
        ("mode=input&csessid=TOKEN", 400),
        ("mode=input&csessid=TOKEN&data=[", 400),
        ("mode=input&csessid=TOKEN&data=[\"text\"]", 400),
        (&format!("mode=keepalive&csessid={}", "0".repeat(64)), 404),
        (&format!("mode=receive&csessid={}", events.split_once("key=").unwrap().1), 404),
    ] {
        let (answered, body) = post(&portal, &form.replace("TOKEN", &token)).await;
        assert_eq!(answered, status, "{form}: {body}");
    }
    let get = fetch(portal.web, "GET /webclientdata HTTP/1.1\nHost: HOST").await;
    assert!(get.starts_with("HTTP/1.1 405"), "{get}");
    let key = fetch(portal.web, &format!("GET /webclientdata/events?key={token} HTTP/1.1\nHost: HOST")).await;
    assert!(key.starts_with("HTTP/1.1 404"), "the token to play with is no key: {key}");
    let foreign = "POST /webclientdata HTTP/1.1\nHost: HOST\nOrigin: http://evil.example\nContent-Length: 0";
    assert!(fetch(portal.web, foreign).await.starts_with("HTTP/1.1 403"));
    portal.stop().await;
}

#[tokio::test]
async fn a_request_at_the_limit_and_one_past_it() {
    const LIMIT: usize = 3 * 64 * 1024 + 1024;
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let padded = |length: usize| format!("mode=x&pad={}", "x".repeat(length - 11));
    assert_eq!(post(&portal, &padded(LIMIT)).await.0, 200);
    assert_eq!(post(&portal, &padded(LIMIT + 1)).await.0, 413);
    portal.stop().await;
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let mut game = Game::new();
    game.config.ajax = false;
    let portal = game.start().await.unwrap();
    let answer = fetch(portal.web, "POST /webclientdata HTTP/1.1\nHost: HOST\nContent-Length: 0").await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_that_fetches_nothing_costs_only_itself() {
    let game = Game::new().limits(|limits| limits.output_queue_bytes = 10_000);
    let portal = game.start().await.unwrap();
    let (token, _) = init(&portal).await;
    let (other, _) = init(&portal).await;
    input(&portal, &token, "flood 1").await;
    eventually("cut", || game.events().contains(&"-1".to_owned())).await;
    assert_eq!(post(&portal, &format!("mode=receive&csessid={token}")).await.0, 404);
    assert!(receive(&portal, &other).await.contains("Welcome"));
    portal.stop().await;
}

/// A stream of events.
struct Events(BufReader<TcpStream>);

impl Events {
    async fn open(portal: &Running, path: &str, last: &str) -> Events {
        let mut stream = TcpStream::connect(portal.web).await.unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{last}\r\n", portal.web);
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut events = Events(BufReader::new(stream));
        let head = events.until("\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        events
    }

    async fn until(&mut self, end: &str) -> String {
        let mut seen = Vec::new();
        let reading = async {
            while !String::from_utf8_lossy(&seen).ends_with(end) {
                if self.0.read_until(b'\n', &mut seen).await.unwrap() == 0 {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), reading).await.expect("an event");
        String::from_utf8(seen).unwrap()
    }

    /// Waits for the end of the stream, which comes before any other event.
    async fn end(&mut self) {
        // The last chunk (RFC 9112, section 7.1).
        let rest = self.until("\r\n0\r\n\r\n").await;
        assert_eq!(rest, "\r\n0\r\n\r\n");
    }

    /// The next event that holds this, from its number on.
    async fn next(&mut self, wanted: &str) -> String {
        loop {
            let event = self.until("\n\n").await;
            assert!(!event.is_empty(), "the stream has ended");
            if event.contains(wanted) {
                return event[event.find("id: ").unwrap()..].to_owned();
            }
        }
    }
}

#[tokio::test]
async fn a_stream_of_events_breaks_and_goes_on() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (token, path) = init(&portal).await;
    let mut events = Events::open(&portal, &path, "").await;
    assert!(events.next("Welcome").await.starts_with("id: 1\ndata: [\"text\", "));
    input(&portal, &token, "look").await;
    assert_eq!(events.next("done look").await, "id: 2\ndata: [\"text\", [\"done look\"], {}]\n\n");
    input(&portal, &token, "lost").await;
    eventually("done", || game.journal().len() == 2).await;
    drop(events);
    input(&portal, &token, "meanwhile").await;
    let mut events = Events::open(&portal, &path, "Last-Event-ID: 2\r\n").await;
    assert!(events.next("done lost").await.starts_with("id: 3\n"));
    assert!(events.next("done meanwhile").await.starts_with("id: 4\n"));
    // A newer stream ends the older.
    let mut newer = Events::open(&portal, &path, "Last-Event-ID: 4\r\n").await;
    events.end().await;
    input(&portal, &token, "quit").await;
    newer.next("connection_close").await;
    newer.end().await;
    portal.stop().await;
}
