//! The site: what a visitor reads of a game that runs, and what a game makes of it.

use std::fs;

use serde_json::Value;

use crate::harness::{Chromium, Game, PASSWORD, get, wait_until};

/// The chapter that a game developer follows.
const CHAPTER: &str = include_str!("../../../docs/site.md");

#[test]
fn the_front_page_says_where_the_game_is_and_who_plays() {
    let game = Game::started_with(&[
        "game.name=Oak & Ash",
        "game.description=A hill with an oak.",
        "mssp.genre=Fantasy",
    ]);
    let web = game.address("web");
    let _anna = game.player("anna");
    let telnet = game.address("telnet").port();
    let front = || get(web, "/", &[]).body;
    wait_until("anna is named", || front().contains("<li>anna</li>"));
    let front = front();
    for said in [
        "<h1>Oak &amp; Ash</h1>",
        "A hill with an oak.",
        "One player is here.",
        &format!("telnet 127.0.0.1 {telnet}"),
        &format!("telnets://127.0.0.1:{}", game.address("tls").port()),
        &format!("https://127.0.0.1:{}/webclient/", game.address("web-tls").port()),
        "<dd>Fantasy</dd>",
    ] {
        assert!(front.contains(said), "{said} is not in {front}");
    }
    assert!(!front.contains("SSH"), "it does not run: {front}");
    let table: Value = serde_json::from_str(&get(web, "/mssp.json", &[]).body).expect("JSON");
    assert_eq!((table["NAME"].as_str(), table["PLAYERS"].as_str()), (Some("Oak & Ash"), Some("1")));
    assert_eq!(table["PORT"].as_str(), Some(telnet.to_string().as_str()));

    let quiet = Game::started_with(&["web.show_players=false", "mssp.enabled=false"]);
    let web = quiet.address("web");
    let _bert = quiet.player("bert");
    wait_until("bert is counted", || get(web, "/", &[]).body.contains("One player is here."));
    assert!(!get(web, "/", &[]).body.contains("bert"));
    assert_eq!(get(web, "/mssp.json", &[]).status, 404);
}

/// What a browser sends along with a form, and what it keeps, no other client can tell.
#[test]
fn a_browser_signs_in_by_the_form_and_plays() {
    let game = Game::started();
    drop(game.player("anna"));
    let page = format!("http://{}/signin", game.address("web"));
    let Some(mut browser) = Chromium::open(&page, game.scene()) else { return };
    browser.expect("No account yet?");
    let type_in = |browser: &mut Chromium, password: &str| {
        browser.evaluate("document.querySelector('#name').value = 'anna'");
        browser.evaluate("document.querySelector('#password').focus()");
        browser.send(password);
    };
    type_in(&mut browser, "not that");
    browser.expect("Username and/or password is incorrect.");
    wait_until("one may try again", || browser.evaluate("document.activeElement.id") == "password");
    type_in(&mut browser, PASSWORD);
    browser.expect("This is a beautiful meadow.");
    assert_eq!(browser.evaluate("location.pathname"), "/webclient/");
    assert_eq!(browser.evaluate("document.cookie"), "", "it is for no script");
}

#[test]
fn what_the_chapter_makes_is_there() {
    let game = Game::started();
    let web = game.address("web");
    assert_eq!(get(web, "/lore", &[]).status, 404);
    let mut made = Vec::new();
    for block in CHAPTER.split("\n```").skip(1).step_by(2) {
        let (info, text) = block.split_once('\n').expect("a block has lines");
        let Some((_, file)) = info.split_once(",file=") else { continue };
        let path = game.folder().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
        made.push(file);
    }
    assert_eq!(made.len(), 5, "{made:?}");

    let lore = get(web, "/lore", &[]);
    assert_eq!(lore.status, 200);
    for said in [
        "<title>Lore – A Meadow</title>",
        "It was there before A Meadow had a name.",
        "<a href=\"/lore\" aria-current=\"page\">Lore</a>",
        "<a href=\"/webclient/\">Play</a>",
        "href=\"/website/theme.css\"",
    ] {
        assert!(lore.body.contains(said), "{said} is not in {}", lore.body);
    }
    assert_eq!(get(web, "/website/oak.svg", &[]).header("content-type"), "image/svg+xml");
    let front = get(web, "/", &[]).body;
    assert!(front.contains("The bees are back.") && front.contains("Ways to connect"), "{front}");
    let theme = get(web, "/website/theme.css", &[]).body;
    assert!(theme.contains("@import \"/website/meadow/theme.css\""), "{theme}");
    assert!(get(web, "/website/meadow/theme.css", &[]).body.contains("--accent-ink"));
    assert!(!game.scene().tails().contains("a template of the site is broken"), "{}", game.scene().tails());
}

#[test]
fn a_broken_template_is_told_in_the_log_and_costs_no_page() {
    let game = Game::started();
    let web = game.address("web");
    let folder = game.folder().join("web/website");
    fs::create_dir_all(&folder).expect("made");
    fs::write(folder.join("index.html"), "<p>\n{{ game.nmae }}\n").expect("written");
    for _ in 0..3 {
        let front = get(web, "/", &[]);
        assert!(front.status == 200 && front.body.contains("Ways to connect"), "{front:?}");
    }
    let log = fs::read_to_string(game.folder().join("logs/portal.log")).expect("a log");
    let told: Vec<&str> =
        log.lines().filter(|line| line.contains("a template of the site is broken")).collect();
    assert_eq!(told.len(), 1, "once: {log}");
    assert!(told[0].contains("web/website/index.html") && told[0].contains("line=2"), "{}", told[0]);
}
