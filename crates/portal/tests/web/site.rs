//! The site, through a real Portal: what its pages say, what a game puts in their place, and that nothing which strangers
//! have written becomes markup.

use std::{fs, net::SocketAddr};

use meadow_portal::{Registration, ShownPlayers};
use serde_json::Value;

use super::fetch;
use crate::common::{Game, eventually};

/// Asks for a page as a browser does.
async fn page(web: SocketAddr, path: &str) -> String {
    fetch(web, &format!("GET {path} HTTP/1.1\nHost: HOST\nAccept: text/html")).await
}

impl Game {
    /// Puts a file into the game's folder `web`.
    fn web_file(&self, name: &str, text: &str) {
        let path = self.dir.path().join("web").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[tokio::test]
async fn the_front_page_says_what_there_is() {
    let mut game = Game::new();
    game.config.site.description = "Flowers & bees.".to_owned();
    game.config.site.facts = vec![
        ("GENRE".to_owned(), vec!["Horror".to_owned(), "Fantasy".to_owned()]),
        ("DISCORD".to_owned(), vec!["javascript:alert(1)".to_owned()]),
    ];
    let portal = game.start().await.unwrap();
    let front = page(portal.web, "/").await;
    assert!(front.starts_with("HTTP/1.1 200"), "{front}");
    let telnet = portal.telnet.port();
    for said in [
        "<h1>Test &amp; Meadow</h1>",
        "Flowers &amp; bees.",
        "href=\"/webclient/\"",
        &format!("telnet 127.0.0.1 {telnet}"),
        &format!("href=\"telnet://127.0.0.1:{telnet}\""),
        "Nobody is playing",
        "<dd>Fantasy, Horror</dd>",
        "href=\"/signin\"",
        "href=\"/register\"",
        "form-action 'self'",
        "cache-control: no-cache, private",
    ] {
        assert!(front.contains(said), "{said} is not in {front}");
    }
    for unsaid in ["SSH", "TLS", "https:", "javascript:", "style="] {
        let body = front.split_once("<body>").unwrap().1;
        assert!(!body.contains(unsaid), "{unsaid} is in {body}");
    }
    let scripts: Vec<&str> = front.split("<script").skip(1).collect();
    assert!(scripts.len() == 1 && scripts[0].starts_with(" type=\"application/ld+json\">"), "{scripts:?}");
    let (data, _) = scripts[0].split_once('>').unwrap().1.split_once("</script>").unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!((&data["@type"], &data["name"]), (&"VideoGame".into(), &"Test & Meadow".into()));
    assert_eq!(data["url"], format!("http://{}/", portal.web));
    portal.stop().await;
}

#[tokio::test]
async fn who_plays_is_named_counted_or_neither_markup() {
    let mut game = Game::new();
    game.config.game_name = "</title></script><b>Oak".to_owned();
    game.config.site.description = "\" onload=\"alert(1)".to_owned();
    let portal = game.start().await.unwrap();
    let mut anna = portal.client().await;
    let mut evil = portal.client().await;
    anna.send("login Anna\r\n").await;
    evil.send("login <script>alert(1)</script>\r\n").await;
    anna.until("done").await;
    evil.until("done").await;
    let front = page(portal.web, "/").await;
    assert!(front.contains("2 players are here.") && front.contains("<li>Anna</li>"), "{front}");
    assert!(front.contains("<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>"), "{front}");
    assert!(front.contains("<h1>&lt;/title&gt;&lt;/script&gt;&lt;b&gt;Oak</h1>"), "{front}");
    assert!(front.contains("content=\"&quot; onload=&quot;alert(1)\""), "{front}");
    assert!(!front.contains("<b>Oak") && front.matches("</script>").count() == 1, "{front}");
    portal.stop().await;

    game.config.site.players = ShownPlayers::Count;
    game.config.site.registration = Registration::Closed;
    let portal = game.start().await.unwrap();
    let mut anna = portal.client().await;
    anna.send("login Anna\r\n").await;
    anna.until("done").await;
    let front = page(portal.web, "/").await;
    assert!(front.contains("One player is here.") && !front.contains("Anna"), "{front}");
    assert!(!front.contains("/register"), "{front}");
    portal.stop().await;
}

#[tokio::test]
async fn a_host_that_is_none_is_not_shown() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    for host in ["\"><script>alert(1)</script>", "evil.example\" onload=\"x", "a b", ""] {
        let front = fetch(portal.web, &format!("GET / HTTP/1.1\nHost: {host}")).await;
        assert!(front.starts_with("HTTP/1.1 200"), "{front}");
        assert!(
            !front.contains("alert(1)") && !front.contains("onload") && !front.contains("a b"),
            "{front}"
        );
        assert!(!front.contains("MUD client"), "nobody knows where: {front}");
    }
    let elsewhere = fetch(portal.web, "GET / HTTP/1.1\nHost: play.example.org").await;
    assert!(!elsewhere.contains("MUD client"), "it listens for this machine only: {elsewhere}");
    portal.stop().await;
}

#[tokio::test]
async fn behind_a_proxy_that_speaks_tls_the_site_names_itself_by_https() {
    let mut game = Game::new();
    let asked = "GET / HTTP/1.1\nHost: HOST\nX-Forwarded-Proto: https";
    let portal = game.start().await.unwrap();
    let front = fetch(portal.web, asked).await;
    assert!(
        front.contains(&format!("og:url\" content=\"http://{}/\"", portal.web)),
        "anybody could say so: {front}"
    );
    portal.stop().await;
    game.config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    let portal = game.start().await.unwrap();
    let front = fetch(portal.web, asked).await;
    assert!(front.contains(&format!("og:url\" content=\"https://{}/\"", portal.web)), "{front}");
    portal.stop().await;
}

#[cfg(feature = "ssh")]
#[tokio::test]
async fn ssh_is_shown_with_its_keys_for_as_long_as_it_runs() {
    use meadow_portal::{Guests, IfTaken, SshListen};
    let mut game = Game::new();
    game.config.ssh = Some(SshListen {
        addresses: vec!["127.0.0.1:0".parse().unwrap()],
        if_taken: IfTaken::Fail,
        guests: Guests::Welcome,
        terminal: Default::default(),
    });
    let portal = game.start().await.unwrap();
    let front = page(portal.web, "/").await;
    let port = portal.address("ssh").port();
    assert!(front.contains(&format!("ssh -p {port} NAME@127.0.0.1")), "{front}");
    let keys = portal.status().await["ssh_host_keys"].clone();
    let keys: Vec<String> = serde_json::from_value(keys).unwrap();
    assert!(
        keys.len() == 2 && keys.iter().all(|key| front.contains(&format!("<code>{key}</code>"))),
        "{front}"
    );
    assert!(front.contains("<code>guest</code>"));
    let mut staff = portal.client().await;
    staff.send("switch stop ssh\r\n").await;
    staff.until("switched ssh: done").await;
    let front = page(portal.web, "/").await;
    assert!(!front.contains("SHA256:") && !front.contains("SSH"), "{front}");
    portal.stop().await;
}

#[tokio::test]
async fn a_game_replaces_templates_and_adds_pages_and_files() {
    let game = Game::new();
    game.web_file(
        "website/pages/lore.html",
        "{% extends \"base.html\" %}{% block main %}<p>Elves of {{ game.name }}</p>{% endblock %}",
    );
    game.web_file("website/pages/lore/oaks.html", "Old {{ players.count }}");
    game.web_file("website/oak.svg", "<svg/>");
    game.web_file("secret.html", "secret");
    let portal = game.start().await.unwrap();
    let lore = page(portal.web, "/lore").await;
    assert!(lore.starts_with("HTTP/1.1 200") && lore.contains("<p>Elves of Test &amp; Meadow</p>"), "{lore}");
    assert!(lore.contains("/website/theme.css"), "in our frame: {lore}");
    assert!(page(portal.web, "/lore/oaks").await.ends_with("Old 0"));
    assert!(page(portal.web, "/website/oak.svg").await.contains("content-type: image/svg+xml"));
    game.web_file(
        "website/index.html",
        "{% extends 'meadow/index.html' %}{% block intro %}<h1>Mine</h1>{% endblock %}",
    );
    let front = page(portal.web, "/").await;
    assert!(front.contains("<h1>Mine</h1>") && front.contains("Ways to connect"), "{front}");
    game.web_file("website/index.html", "{% block oops %}");
    let front = page(portal.web, "/").await;
    assert!(front.contains("<h1>Test &amp; Meadow</h1>"), "ours instead: {front}");
    game.web_file("website/pages/lore.html", "{{ game.nmae }}");
    assert!(page(portal.web, "/lore").await.starts_with("HTTP/1.1 500"));
    for path in [
        "/website/pages/lore.html",
        "/website/index.html",
        "/secret",
        "/website/../secret.html",
        "/pages/lore",
        "/..%2fsecret",
        "/lore.html",
        "/lore/",
        "//lore",
        "/base",
    ] {
        let answer = page(portal.web, path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    portal.stop().await;
}

#[tokio::test]
async fn lists_of_games_and_crawlers_are_answered() {
    let mut game = Game::new();
    game.config.mssp = Some(vec![("FAMILY".to_owned(), vec!["Evennia".to_owned()])]);
    let portal = game.start().await.unwrap();
    let answer = page(portal.web, "/mssp.json").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(
        head.contains("content-type: application/json") && head.contains("access-control-allow-origin: *")
    );
    let table: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&table["NAME"], &table["FAMILY"]), (&"Test & Meadow".into(), &"Evennia".into()));
    assert_eq!((&table["PORT"], &table["PLAYERS"]), (&portal.telnet.port().to_string().into(), &"0".into()));
    let mut anna = portal.client().await;
    anna.send("login Anna\r\n").await;
    anna.until("done").await;
    let mut players = String::new();
    for _ in 0..100 {
        players = page(portal.web, "/mssp.json").await;
        if players.contains("\"PLAYERS\":\"1\"") {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(players.contains("\"PLAYERS\":\"1\""), "{players}");
    assert!(page(portal.web, "/robots.txt").await.contains("Disallow: /admin/"));
    assert!(page(portal.web, "/website/favicon.svg").await.starts_with("HTTP/1.1 200"));
    let missing = page(portal.web, "/nothing").await;
    assert!(
        missing.starts_with("HTTP/1.1 404") && missing.contains("<h1>There is no such page.</h1>"),
        "{missing}"
    );
    let plain = fetch(portal.web, "GET /nothing HTTP/1.1\nHost: HOST").await;
    assert!(plain.ends_with("\r\n\r\nThere is no such page.\n"), "{plain}");
    eventually("here", || game.events().len() > 1).await;
    portal.stop().await;

    game.config.mssp = None;
    let portal = game.start().await.unwrap();
    assert!(page(portal.web, "/mssp.json").await.starts_with("HTTP/1.1 404"));
    portal.stop().await;
}

#[tokio::test]
async fn pictures_and_sounds_of_the_game_are_served_and_nothing_beside_them() {
    let game = Game::new();
    game.web_file("media/dot.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    game.web_file("media/birds/lark.ogg", "tirili");
    game.web_file("secret.ogg", "hush");
    let portal = game.start().await.unwrap();
    let dot = fetch(portal.web, "GET /media/dot.svg HTTP/1.1\nHost: HOST").await;
    assert!(dot.starts_with("HTTP/1.1 200") && dot.contains("content-type: image/svg+xml"), "{dot}");
    assert!(dot.contains("content-security-policy: "), "scripts run in it if it is shown by itself: {dot}");
    let lark = fetch(portal.web, "GET /media/birds/lark.ogg HTTP/1.1\nHost: HOST").await;
    assert!(lark.contains("content-type: audio/ogg") && lark.ends_with("\r\n\r\ntirili"), "{lark}");
    // Safari plays nothing else.
    let part = fetch(portal.web, "GET /media/birds/lark.ogg HTTP/1.1\nHost: HOST\nRange: bytes=2-3").await;
    assert!(part.starts_with("HTTP/1.1 206") && part.contains("content-range: bytes 2-3/6"), "{part}");
    assert!(part.ends_with("\r\n\r\nri"), "{part}");
    let head = fetch(portal.web, "HEAD /media/birds/lark.ogg HTTP/1.1\nHost: HOST\nRange: bytes=2-3").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("content-length: 6"), "{head}");
    let beyond = fetch(portal.web, "GET /media/birds/lark.ogg HTTP/1.1\nHost: HOST\nRange: bytes=6-").await;
    assert!(beyond.starts_with("HTTP/1.1 416") && beyond.contains("content-range: bytes */6"), "{beyond}");
    for path in ["/media/", "/media/nothing.ogg", "/media/../secret.ogg", "/media/%2e%2e/secret.ogg"] {
        let answer = fetch(portal.web, &format!("GET {path} HTTP/1.1\nHost: HOST")).await;
        assert!(answer.starts_with("HTTP/1.1 404") && !answer.contains("hush"), "{path}: {answer}");
    }
    portal.stop().await;
}
