//! The server API in HTTP: cookies, requests of foreign pages, statuses, and questions that outlive a Server.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{handshake, receive, send};
use crate::common::{Game, Running, eventually};
use meadow_link::amp::Operation;

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }

    /// `meadow=...`, as a browser sends it back.
    fn cookie(&self) -> String {
        self.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    }
}

pub(super) async fn request(portal: &Running, head: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut text = format!("{head} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", portal.web);
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    let mut stream = TcpStream::connect(portal.web).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let reading = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("an answer").unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: serde_json::from_str(body).unwrap_or_default() }
}

/// What `whoami` answers to a browser with this cookie.
async fn whoami(portal: &Running, cookie: &str) -> (u16, Value) {
    let answer = request(portal, "GET /api/whoami", &[("Cookie", cookie)], "").await;
    (answer.status, answer.body)
}

const JSON: (&str, &str) = ("Content-Type", "application/json");

pub(super) async fn post(portal: &Running, name: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
    let headers: Vec<_> = [JSON].iter().chain(headers).copied().collect();
    request(portal, &format!("POST /api/{name}"), &headers, &body.to_string()).await
}

async fn sign_in(portal: &Running, headers: &[(&str, &str)]) -> Answer {
    post(portal, "signin", headers, &json!({ "name": "anna", "password": "rose garden" })).await
}

#[tokio::test]
async fn signing_in_gives_a_cookie_that_is_for_no_script_and_known_to_nobody_else() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let wrong = post(&portal, "signin", &[], &json!({ "name": "anna", "password": "tulip" })).await;
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    let answer = sign_in(&portal, &[("User-Agent", "Firefox")]).await;
    assert_eq!(answer.status, 200, "{}", answer.head);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let cookie = answer.cookie();
    let token = cookie.strip_prefix("meadow=").unwrap();
    assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "{cookie}");
    let attributes = answer.header("set-cookie").unwrap().split_once("; ").unwrap().1;
    assert_eq!(attributes, "Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    assert!(!answer.body.to_string().contains(token));
    let events = game.events();
    assert!(!events.iter().any(|event| event.contains(token)), "the game never hears it");
    assert!(events.iter().any(|event| event.contains("signin 127.0.0.1 Firefox")), "{events:?}");

    let nobody = (200, json!({ "account": null }));
    assert_eq!(whoami(&portal, &cookie).await.1["name"], "Anna");
    assert_eq!(whoami(&portal, "").await, nobody);

    let origin = format!("http://{}", portal.web);
    let own = [("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    // Another time: the token before is good no more.
    let again = sign_in(&portal, &own).await;
    assert_eq!((again.status, again.cookie() != cookie), (200, true));
    assert_eq!(whoami(&portal, &cookie).await, nobody);
    let cookie = again.cookie();
    let own = [("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    let out = post(&portal, "signout", &own, &json!({})).await;
    assert_eq!(out.header("set-cookie"), Some("meadow=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    assert_eq!(whoami(&portal, &cookie).await, nobody);
    portal.stop().await;
}

#[tokio::test]
async fn behind_a_proxy_that_speaks_tls_the_cookie_is_for_tls() {
    let mut game = Game::new();
    let portal = game.start().await.unwrap();
    let https = [("X-Forwarded-Proto", "https")];
    assert!(!sign_in(&portal, &https).await.head.contains("Secure"), "anybody can say so");
    portal.stop().await;
    game.config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let portal = game.start().await.unwrap();
    let answer = sign_in(&portal, &https).await;
    assert!(answer.header("set-cookie").unwrap().ends_with("; Secure"), "{}", answer.head);
    let cookie = answer.cookie();
    let token = cookie.strip_prefix("__Host-meadow=").expect("a name that no other host can give");
    let whoami = async |cookie: &str| {
        let headers = [https[0], ("Cookie", cookie)];
        request(&portal, "GET /api/whoami", &headers, "").await.body["name"].clone()
    };
    assert_eq!(whoami(&cookie).await, "Anna");
    assert_eq!(whoami(&format!("meadow={token}")).await, Value::Null, "one that came in the clear");
    let origin = format!("https://{}", portal.web);
    let headers = [https[0], ("Cookie", cookie.as_str()), ("Origin", origin.as_str())];
    let out = post(&portal, "signout", &headers, &json!({})).await;
    let gone = "__Host-meadow=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure";
    assert_eq!(out.header("set-cookie"), Some(gone));
    portal.stop().await;
}

#[tokio::test]
async fn a_foreign_page_can_do_nothing_in_its_visitors_name() {
    let mut game = Game::new();
    game.config.allowed_origins = vec!["https://play.example.org".to_owned()];
    let portal = game.start().await.unwrap();
    let cookie = sign_in(&portal, &[]).await.cookie();
    let own = format!("http://{}", portal.web);
    let with = |more: Option<(&'static str, &'static str)>, own: Option<&str>| {
        let mut headers = vec![("Cookie".to_owned(), cookie.clone())];
        headers.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
        headers.extend(own.map(|own| ("Origin".to_owned(), own.to_owned())));
        headers
    };
    for (headers, expected) in [
        (with(None, Some(&own)), 200),
        (with(Some(("Origin", "https://play.example.org")), None), 200),
        (with(Some(("Origin", "https://evil.example")), None), 403),
        (with(Some(("Origin", "null")), None), 403),
        (with(None, None), 403),
        (vec![("Sec-Fetch-Site".to_owned(), "cross-site".to_owned())], 403),
        (vec![], 200),
    ] {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = post(&portal, "echo", &headers, &json!({})).await;
        assert_eq!(answer.status, expected, "{headers:?}");
    }
    // A form of a foreign page can post without asking first; not this type, though.
    let form = [("Content-Type", "text/plain"), ("Origin", own.as_str())];
    assert_eq!(request(&portal, "POST /api/echo", &form, "{}").await.status, 415);
    portal.stop().await;
}

#[tokio::test]
async fn requests_are_read_and_refused_by_what_is_wrong_with_them() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let answer = post(&portal, "echo", &[], &json!({ "a": [1, "x"] })).await;
    assert_eq!(answer.body["args"], json!({ "a": [1, "x"] }));
    let answer = request(&portal, "GET /api/echo?name=Old+Oak&page=2&name=x", &[], "").await;
    assert_eq!((answer.status, &answer.body["args"]), (200, &json!({ "name": "x", "page": "2" })));
    let charset = [("Content-Type", "application/json; charset=utf-8")];
    assert_eq!(request(&portal, "POST /api/echo", &charset, "{}").await.status, 200);

    let most = 64 * 1024;
    let body = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    assert_eq!(request(&portal, "POST /api/echo", &[JSON], &body(most)).await.status, 200);
    for (head, headers, body, status) in [
        ("POST /api/echo", &[JSON][..], &*body(most + 1), 413),
        ("POST /api/echo", &[], "{}", 415),
        ("POST /api/echo", &[JSON], "[]", 400),
        ("POST /api/echo", &[JSON], "{", 400),
        ("POST /api/echo", &[JSON], &format!("{{\"a\":{}1{}}}", "[".repeat(100), "]".repeat(100)), 400),
        ("POST /api/nothing", &[JSON], "{}", 404),
        (&format!("POST /api/{}", "x".repeat(65)), &[JSON], "{}", 404),
        ("DELETE /api/echo", &[JSON], "{}", 405),
        ("GET /api/a/b", &[], "", 404),
    ] {
        let answer = request(&portal, head, headers, body).await;
        assert_eq!(answer.status, status, "{head} {}", answer.body);
        assert!(answer.head.contains("nosniff"));
    }
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_that_is_signed_in_says_so_first_and_no_client_can() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let cookie = sign_in(&portal, &[]).await.cookie();
    let origin = format!("Origin: http://{}\r\nCookie: {cookie}\r\n", portal.web);
    let (_, mut socket) = handshake(portal.web, &origin).await;
    receive(&mut socket).await;
    let (_, heard) = receive(&mut socket).await;
    assert!(heard.contains("web_login Anna as nobody"), "{heard}");
    for name in ["web_login", "WEB_LOGIN", " web_login "] {
        send(&mut socket, 1, format!("[\"{name}\",[\"x\"],{{}}]").as_bytes()).await;
    }
    send(&mut socket, 1, br#"["text",["look"],{}]"#).await;
    let (_, heard) = receive(&mut socket).await;
    assert!(heard.contains("done look"), "{heard}");
    assert_eq!(game.journal().len(), 2, "{:?}", game.journal());

    let form = format!("Content-Type: application/x-www-form-urlencoded\r\nCookie: {cookie}");
    let head = format!("POST /webclientdata?as=Old%20Oak HTTP/1.1\nHost: HOST\n{form}\nContent-Length: 9");
    let address = portal.web;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = head.replace("\r\n", "\n").replace('\n', "\r\n").replace("HOST", &address.to_string());
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\nmode=init").as_bytes()).await.unwrap();
    eventually("an old browser, too", || {
        game.journal().iter().any(|line| line.ends_with("web_login Anna as Old Oak"))
    })
    .await;
    portal.stop().await;
}

#[tokio::test]
async fn what_was_not_sent_waits_for_the_next_server() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    game.slow_server();
    let (reloaded, asked) = tokio::join!(portal.operate(Operation::Reload), async {
        eventually("it stops", || game.events().iter().any(|event| event == "stop")).await;
        post(&portal, "echo", &[], &json!({ "a": 1 })).await
    });
    assert_eq!((reloaded["ok"].clone(), asked.status), (json!(true), 200), "{}", asked.body);
    portal.stop().await;
}

#[tokio::test]
async fn what_a_server_died_with_is_not_done_again_unless_it_only_asked() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let died = post(&portal, "die", &[], &json!({})).await;
    assert_eq!(died.status, 503);
    assert!(died.body["error"].as_str().unwrap().contains("look whether it was done"), "{}", died.body);
    let count = |game: &Game| game.events().iter().filter(|event| event.starts_with("die")).count();
    assert_eq!(count(&game), 1);
    let asked = request(&portal, "GET /api/die_once", &[], "").await;
    assert_eq!((asked.status, count(&game)), (200, 3), "{}", asked.body);
    portal.stop().await;
}

#[tokio::test]
async fn many_may_ask_at_once_and_one_more_is_told_to_wait() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut waiting = Vec::new();
    for _ in 0..64 {
        let mut stream = TcpStream::connect(portal.web).await.unwrap();
        let head = format!("GET /api/never HTTP/1.1\r\nHost: {}\r\n\r\n", portal.web);
        stream.write_all(head.as_bytes()).await.unwrap();
        waiting.push(stream);
    }
    let asked = |game: &Game| game.events().iter().filter(|event| event.starts_with("never")).count();
    eventually("all have asked", || asked(&game) == 64).await;
    assert_eq!(request(&portal, "GET /api/echo", &[], "").await.status, 503);
    drop(waiting);
    for _ in 0..200 {
        if request(&portal, "GET /api/echo", &[], "").await.status == 200 {
            return portal.stop().await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("those who have gone keep their places");
}
