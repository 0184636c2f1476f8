//! Signing in and out and making accounts by the forms of the site.

use std::{fs, time::Duration};

use meadow_portal::Registration;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{api::post as post_json, fetch};
use crate::common::{Game, Running};

/// Posts a form as a browser does from a page of `origin`; gives back head and body.
async fn post(portal: &Running, path: &str, headers: &str, form: &str) -> (String, String) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n{headers}\
         Content-Length: {}\r\nConnection: close\r\n\r\n{form}",
        portal.web,
        form.len()
    );
    let mut stream = TcpStream::connect(portal.web).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let reading = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("an answer").unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn ours(portal: &Running) -> String {
    format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", portal.web)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
}

/// Signs Anna in; gives back the header that her browser sends from then on.
async fn sign_in(portal: &Running, next: &str) -> (String, String) {
    let form = format!("name=anna&password=rose+garden&next={next}");
    let (head, _) = post(portal, "/signin", &ours(portal), &form).await;
    assert!(head.starts_with("HTTP/1.1 303"), "{head}");
    let cookie = header(&head, "set-cookie").unwrap().split(';').next().unwrap();
    (format!("Cookie: {cookie}"), header(&head, "location").unwrap().to_owned())
}

#[tokio::test]
async fn a_form_signs_in_and_a_button_out() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let page = fetch(portal.web, "GET /signin?next=/lore HTTP/1.1\nHost: HOST").await;
    for said in [
        "cache-control: no-store",
        "<label for=\"name\">Name</label>",
        "<label for=\"password\">Password</label>",
        "autocomplete=\"username\"",
        "type=\"password\" autocomplete=\"current-password\"",
        "name=\"next\" value=\"/lore\"",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    assert!(!page.contains("id=\"error\""));
    let (cookie, next) = sign_in(&portal, "/lore").await;
    assert_eq!(next, "/lore");
    let front = fetch(portal.web, &format!("GET / HTTP/1.1\nHost: HOST\n{cookie}")).await;
    assert!(
        front.contains("Signed in as <a href=\"/account\"><b>Anna</b></a>") && front.contains("Play as Anna"),
        "{front}"
    );
    assert!(front.contains("action=\"/signout\"") && !front.contains("href=\"/register\""), "{front}");
    assert!(!front.contains("/admin/"), "she is no superuser");

    std::fs::write(game.dir.path().join("characters"), "\u{c4}nne \"B\"\nCleo").unwrap();
    let front = fetch(portal.web, &format!("GET / HTTP/1.1\nHost: HOST\n{cookie}")).await;
    for said in [
        "href=\"/webclient/?as=%C3%84nne%20%22B%22\">Play as \u{c4}nne &quot;B&quot;</a>",
        "href=\"/webclient/?as=Cleo\">Play as Cleo</a>",
    ] {
        assert!(front.contains(said), "{said} is not in {front}");
    }

    // A link does not sign out, and no page of others does.
    let linked = fetch(portal.web, &format!("GET /signout HTTP/1.1\nHost: HOST\n{cookie}")).await;
    assert!(linked.starts_with("HTTP/1.1 405"), "{linked}");
    let evil = format!("{cookie}\r\nOrigin: http://evil.example\r\n");
    assert!(post(&portal, "/signout", &evil, "").await.0.starts_with("HTTP/1.1 403"));
    let (head, _) = post(&portal, "/signout", &format!("{}{cookie}\r\n", ours(&portal)), "").await;
    assert_eq!((&head[..12], header(&head, "location")), ("HTTP/1.1 303", Some("/")));
    assert!(header(&head, "set-cookie").unwrap().starts_with("meadow=; Path=/; Max-Age=0"), "{head}");
    let front = fetch(portal.web, &format!("GET / HTTP/1.1\nHost: HOST\n{cookie}")).await;
    assert!(!front.contains("Anna"), "the cookie is good no more: {front}");
    portal.stop().await;
}

#[tokio::test]
async fn what_is_wrong_stands_on_the_page() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let typed = "name=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E&password=secret+tulip&next=//evil.example";
    let (head, body) = post(&portal, "/signin", &ours(&portal), typed).await;
    assert!(head.starts_with("HTTP/1.1 401") && header(&head, "set-cookie").is_none(), "{head}");
    assert!(body.contains("id=\"error\" class=\"error\">Username and/or password is incorrect."), "{body}");
    // The focus is where one mends it, and the error is what a screen reader says there.
    assert!(body.contains("aria-describedby=\"error\" autofocus>"), "{body}");
    assert!(body.contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""), "{body}");
    assert!(!body.contains("<script>") && !body.contains("tulip") && !body.contains("evil"), "{body}");

    for headers in ["Origin: http://evil.example\r\n", "Sec-Fetch-Site: cross-site\r\n", "Origin: null\r\n"] {
        let (head, body) = post(&portal, "/signin", headers, "name=anna&password=rose+garden").await;
        assert!(head.starts_with("HTTP/1.1 403") && header(&head, "set-cookie").is_none(), "{head}");
        assert!(body.contains("That came from a page of another site."), "{body}");
    }
    let (_, next) = sign_in(&portal, "https://evil.example/").await;
    assert_eq!(next, "/webclient/");
    let long = format!("name={}", "x".repeat(65 * 1024));
    assert!(post(&portal, "/signin", &ours(&portal), &long).await.0.starts_with("HTTP/1.1 413"));
    portal.stop().await;
}

#[tokio::test]
async fn an_account_is_made_where_that_is_allowed() {
    let mut game = Game::new();
    let portal = game.start().await.unwrap();
    let page = fetch(portal.web, "GET /register HTTP/1.1\nHost: HOST").await;
    assert!(page.matches("autocomplete=\"new-password\"").count() == 2, "{page}");
    let differs = "name=Anna&password=rose+garden&again=rose+gardem";
    let (head, body) = post(&portal, "/register", &ours(&portal), differs).await;
    assert!(
        head.starts_with("HTTP/1.1 400") && body.contains("The two passwords are not the same."),
        "{body}"
    );
    let taken = "name=Bert&password=rose+garden&again=rose+garden";
    let (head, body) = post(&portal, "/register", &ours(&portal), taken).await;
    assert!(head.starts_with("HTTP/1.1 400") && body.contains("The name &lt;b&gt; is taken."), "{body}");
    assert!(body.contains("value=\"Bert\""), "{body}");
    let good = "name=Anna&password=rose+garden&again=rose+garden";
    let evil = post(&portal, "/register", "Origin: http://evil.example\r\n", good).await.0;
    assert!(evil.starts_with("HTTP/1.1 403"), "{evil}");
    let (head, _) = post(&portal, "/register", &ours(&portal), good).await;
    assert_eq!((&head[..12], header(&head, "location")), ("HTTP/1.1 303", Some("/webclient/")));
    assert!(header(&head, "set-cookie").unwrap().contains("HttpOnly; SameSite=Lax"), "{head}");
    portal.stop().await;

    game.config.site.registration = Registration::Closed;
    let portal = game.start().await.unwrap();
    assert!(fetch(portal.web, "GET /register HTTP/1.1\nHost: HOST").await.starts_with("HTTP/1.1 404"));
    portal.stop().await;
}

#[tokio::test]
async fn one_changes_the_password_and_ends_browsers_on_the_page_of_the_account() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let stranger = fetch(portal.web, "GET /account HTTP/1.1\nHost: HOST").await;
    assert!(
        stranger.starts_with("HTTP/1.1 303") && stranger.contains("location: /signin?next=/account"),
        "{stranger}"
    );
    let (cookie, _) = sign_in(&portal, "/").await;
    let own = fetch(portal.web, &format!("GET /account HTTP/1.1\nHost: HOST\n{cookie}")).await;
    for said in [
        "cache-control: no-store",
        "<h1>Anna</h1>",
        "autocomplete=\"new-password\"",
        "<b>&lt;b&gt;Firefox</b>",
        "192.0.2.7",
        "this browser",
        "name=\"id\" value=\"4\"",
    ] {
        assert!(own.contains(said), "{said} is not in {own}");
    }
    assert!(!own.contains("value=\"3\""), "one does not sign oneself out there: {own}");
    let headers = format!("{}{cookie}\r\n", ours(&portal));
    for (path, form, status, said) in [
        ("password", "old=tulip&new=green+glass&again=green+glass", 403, "The old password isn&#39;t right."),
        (
            "password",
            "old=rose+garden&new=green+glass&again=green",
            400,
            "The two passwords are not the same.",
        ),
        ("forget", "id=9", 404, "That browser is not signed in any more."),
        ("forget", "id=x", 400, "There is no such browser."),
    ] {
        let (head, body) = post(&portal, &format!("/account/{path}"), &headers, form).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")) && body.contains(said), "{head}\n{body}");
        assert!(!body.contains("tulip") && !body.contains("green"), "{body}");
    }
    for (path, form) in
        [("password", "old=rose+garden&new=green+glass&again=green+glass"), ("forget", "id=4")]
    {
        let evil = format!("Origin: http://evil.example\r\n{cookie}\r\n");
        let (head, _) = post(&portal, &format!("/account/{path}"), &evil, form).await;
        assert!(head.starts_with("HTTP/1.1 403"), "{head}");
        let (head, _) = post(&portal, &format!("/account/{path}"), &headers, form).await;
        assert_eq!(&head[..12], "HTTP/1.1 303");
        let next = header(&head, "location").unwrap();
        let done = fetch(portal.web, &format!("GET {next} HTTP/1.1\nHost: HOST\n{cookie}")).await;
        assert!(done.contains("role=\"status\""), "{done}");
    }
    let stranger = post(&portal, "/account/forget", &ours(&portal), "id=4").await.0;
    assert!(stranger.starts_with("HTTP/1.1 303") && stranger.contains("/signin?next=/account"), "{stranger}");
    portal.stop().await;
}

#[tokio::test]
async fn a_page_does_not_wait_for_a_game_that_is_away() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (cookie, _) = sign_in(&portal, "/").await;
    game.break_server(true);
    let mut dora = portal.client().await;
    dora.send("die\r\n").await;
    dora.until("stopped unexpectedly").await;
    let asked = std::time::Instant::now();
    let front = fetch(portal.web, &format!("GET / HTTP/1.1\nHost: HOST\n{cookie}")).await;
    assert!(front.starts_with("HTTP/1.1 200") && front.contains("Sign in"), "{front}");
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    portal.task.abort();
}

#[tokio::test]
async fn the_page_of_superusers_tells_everybody_else_what_to_do() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let admin =
        async |cookie: &str| fetch(portal.web, &format!("GET /admin/ HTTP/1.1\nHost: HOST\n{cookie}")).await;
    let moved = fetch(portal.web, "GET /admin HTTP/1.1\nHost: HOST").await;
    assert!(moved.starts_with("HTTP/1.1 308") && moved.contains("location: /admin/"), "{moved}");
    let page = admin("X-None: 1").await;
    assert!(page.starts_with("HTTP/1.1 401") && page.contains("href=\"/signin?next=/admin/\""), "{page}");
    assert!(!page.contains("<script"), "{page}");
    let page = admin("Cookie: meadow=0").await;
    assert!(page.starts_with("HTTP/1.1 401"), "{page}");

    let (cookie, _) = sign_in(&portal, "/admin/").await;
    let page = admin(&cookie).await;
    assert!(page.starts_with("HTTP/1.1 403") && page.contains("<b>Anna</b> is no superuser"), "{page}");
    assert!(!page.contains("<script"), "{page}");
    fs::write(game.dir.path().join("superuser"), "").unwrap();
    let page = admin(&cookie).await;
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("src=\"/website/admin/main.js\""), "{page}");
    let module = fetch(portal.web, "GET /website/admin/main.js HTTP/1.1\nHost: HOST").await;
    assert!(
        module.starts_with("HTTP/1.1 200") && module.contains("content-type: text/javascript"),
        "{module}"
    );
    let template = fetch(portal.web, "GET /website/admin.html HTTP/1.1\nHost: HOST").await;
    assert!(template.starts_with("HTTP/1.1 404"), "{template}");

    // There is no Server, nor will there be one soon.
    game.break_server(true);
    post_json(&portal, "die", &[], &json!({})).await;
    let page = admin(&cookie).await;
    assert!(page.starts_with("HTTP/1.1 503") && page.contains("refresh: 3"), "{page}");
    assert!(!page.contains("/signin?next"), "whether she is signed in is not known: {page}");
    game.break_server(false);
    portal.stop().await;
}
