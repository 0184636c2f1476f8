//! Sessions that outlive their Portal: one ends, another one starts in the same folder, and browsers come back.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use serde_json::json;
use tokio::net::TcpSocket;

use super::{
    fetch, receive,
    resume::{Browser, CLOSE, Gone, away, open},
    upgrade,
};
use crate::common::{Client, Game, Running, eventually};

/// Where a Portal leaves its sessions.
fn file(game: &Game) -> PathBuf {
    game.config.data_dir.join("held-sessions")
}

/// A game whose browser is away, and whose Portal has left it for another.
async fn left(game: &Game) -> Gone {
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("login Anna").await;
    browser.until("done login").await;
    portal.leave().await;
    browser.cut()
}

/// Whether the client gets its session back.
async fn resumes(gone: Gone, portal: &Running) -> bool {
    gone.resume(portal).await.terms["resumed"] == true
}

#[tokio::test]
async fn a_browser_hears_each_line_once_and_what_it_typed_is_done_once() {
    const LINES: usize = 60;
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("login Anna").await;
    browser.until("done login").await;
    let mut other = portal.client().await;
    other.send("shout before\r\n").await;
    other.until("done shout before").await;
    // Most of these wait in the Portal when it is told to end, and the last have not even been read.
    browser.types("sleep 300").await;
    for number in 0..LINES {
        browser.types(&format!("say {number}")).await;
    }
    eventually("it is at work", || game.journal().iter().any(|line| line.ends_with("sleep 300"))).await;
    portal.leave().await;
    assert_eq!(fs::metadata(file(&game)).unwrap().permissions().mode() & 0o777, 0o600);
    let told = other.until_closed().await;
    assert!(told.contains("The game is being restarted. Please come back in a moment."), "{told}");

    let portal = game.start().await.unwrap();
    assert!(!file(&game).exists(), "it is in one place");
    away(&portal, 1).await;
    let mut gone = browser.cut();
    gone.sent.push("say after".to_owned());
    let mut browser = gone.resume(&portal).await;
    assert_eq!((&browser.terms["resumed"], &browser.terms["missed"]), (&json!(true), &json!(false)));
    let mut expected = vec!["before".to_owned(), "done sleep 300".to_owned()];
    expected.extend((0..LINES).map(|number| format!("done say {number}")));
    expected.push("done say after".to_owned());
    assert_eq!(browser.until("done say after").await, expected);
    let mine: Vec<String> = game.journal().into_iter().filter(|line| line.starts_with("1 ")).collect();
    let mut expected = vec!["1 1 login Anna".to_owned(), "1 2 sleep 300".to_owned()];
    expected.extend((0..LINES).map(|number| format!("1 {} say {number}", number + 3)));
    expected.push(format!("1 {} say after", LINES + 3));
    assert_eq!(mine, expected);
    let syncs: Vec<String> = game.events().into_iter().filter(|event| event.starts_with("sync")).collect();
    assert_eq!(syncs, ["sync Shutdown ", "sync Reload 1:Anna"], "comes back logged in");
    assert!(!game.events().contains(&"-1".to_owned()), "no Server was told that it has gone");
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_is_told_to_come_back_and_one_that_comes_too_early_does_not_lose_its_session() {
    let game = Game::new().limits(|limits| limits.output_queue_bytes = 64 * 1024 * 1024);
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    // Somebody who does not read, for whom the Portal waits a moment.
    let slow = TcpSocket::new_v4().unwrap();
    slow.set_recv_buffer_size(4096).unwrap();
    let mut slow = Client::over(slow.connect(portal.telnet).await.unwrap());
    slow.until("Welcome").await;
    slow.send("flood 60\r\n").await;
    eventually("said", || !game.journal().is_empty()).await;
    let web = portal.web;
    let leaving = tokio::spawn(portal.leave());
    let (opcode, code) = receive(&mut browser.stream).await;
    assert_eq!(
        (opcode, code.as_bytes()),
        (CLOSE, String::from_utf8_lossy(&1012u16.to_be_bytes()).as_bytes())
    );
    let query = format!("GET /ws?{} ", browser.query());
    let early = fetch(web, upgrade("").replace("GET /ws ", &query).replace("\r\n", "\n").trim_end()).await;
    assert!(early.starts_with("HTTP/1.1 503"), "{early}");
    assert!(early.contains("The game is being restarted."), "{early}");
    leaving.await.unwrap();
    let portal = game.start().await.unwrap();
    assert!(resumes(browser.cut(), &portal).await);
    portal.stop().await;
}

#[tokio::test]
async fn a_restart_goes_on_through_the_next_and_any_language_comes_back() {
    let game = Game::new();
    let mut portal = game.start().await.unwrap();
    let language = "Sec-WebSocket-Protocol: json.mudstandards.org\r\n";
    let ticket = async |portal: &Running, query: &str| {
        let (_, mut stream) = open(portal, query, language).await;
        let first: serde_json::Value = serde_json::from_str(&receive(&mut stream).await.1).unwrap();
        let data: serde_json::Value = serde_json::from_str(first["data"].as_str().unwrap()).unwrap();
        (stream, data)
    };
    let (mut stream, mut data) = ticket(&portal, "?resume=").await;
    assert!(receive(&mut stream).await.1.contains("Welcome"));
    for round in 1..=3_u64 {
        super::send(&mut stream, 2, format!("look {round}").as_bytes()).await;
        eventually("done", || game.journal().len() as u64 == round).await;
        portal.leave().await;
        portal = game.start().await.unwrap();
        // What was said in the round before was never acknowledged, but it was heard.
        let query = format!("?resume={}&heard={round}", data["ticket"].as_str().unwrap());
        (stream, data) = ticket(&portal, &query).await;
        assert_eq!((&data["resumed"], &data["heard"]), (&json!(true), &json!(round)), "{data}");
        assert!(receive(&mut stream).await.1.contains(&format!("done look {round}")));
    }
    portal.stop().await;
}

#[tokio::test]
async fn a_browser_without_a_ticket_is_told_and_comes_back_as_a_stranger() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let (_, mut stream) = open(&portal, "", "").await;
    assert!(receive(&mut stream).await.1.contains("Welcome"));
    portal.leave().await;
    assert!(
        receive(&mut stream).await.1.contains("The game is being restarted. Please come back in a moment.")
    );
    assert_eq!(
        receive(&mut stream).await,
        (CLOSE, String::from_utf8_lossy(&1012u16.to_be_bytes()).into_owned())
    );
    let portal = game.start().await.unwrap();
    assert_eq!(portal.sessions().await.len(), 0);
    portal.stop().await;
}

#[tokio::test]
async fn a_stop_says_goodbye_and_holds_nobody() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    portal.stop().await;
    assert!(receive(&mut browser.stream).await.1.contains("The game is shutting down."));
    assert!(!file(&game).exists());
    let portal = game.start().await.unwrap();
    assert!(!resumes(browser.cut(), &portal).await);
    portal.stop().await;
}

#[tokio::test]
async fn a_file_that_is_of_no_use_costs_its_sessions_and_no_start() {
    let game = Game::new();
    type Damage = fn(&PathBuf);
    let damages: [(&str, Damage); 4] = [
        ("cut off", |path| {
            let content = fs::read(path).unwrap();
            fs::write(path, &content[..content.len() / 2]).unwrap();
        }),
        ("not ours", |path| fs::write(path, "something else\n").unwrap()),
        ("open to all", |path| fs::set_permissions(path, PermissionsExt::from_mode(0o644)).unwrap()),
        ("no file", |path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        }),
    ];
    for (what, damage) in damages {
        let gone = left(&game).await;
        damage(&file(&game));
        let portal = game.start().await.unwrap();
        assert_eq!(game.events().last().unwrap(), "sync Shutdown ", "{what}");
        assert!(!resumes(gone, &portal).await, "{what}");
        portal.stop().await;
        let _ = fs::remove_dir(file(&game));
        assert!(!file(&game).exists(), "{what}: it is removed");
    }
}

#[tokio::test]
async fn a_session_waits_no_longer_than_without_a_restart() {
    let game = Game::new().limits(|limits| limits.resume_time = Duration::from_millis(600));
    let gone = left(&game).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let portal = game.start().await.unwrap();
    assert_eq!(game.events().last().unwrap(), "sync Reload ", "its time is over");
    assert!(!resumes(gone, &portal).await);
    portal.stop().await;
    let gone = left(&game).await;
    let portal = game.start().await.unwrap();
    let id = game.events().last().unwrap().rsplit(' ').next().unwrap().replace(":Anna", "");
    eventually("the Server is told", || game.events().contains(&format!("-{id}"))).await;
    assert!(!resumes(gone, &portal).await);
    portal.stop().await;
}

#[tokio::test]
async fn a_start_that_fails_costs_no_session() {
    let game = Game::new();
    let gone = left(&game).await;
    game.break_server(true);
    assert!(game.start().await.is_err());
    assert!(file(&game).exists(), "for the next attempt");
    game.break_server(false);
    let portal = game.start().await.unwrap();
    assert_eq!(game.events().last().unwrap(), "sync Reload 1:Anna");
    assert!(resumes(gone, &portal).await);
    portal.stop().await;
}

#[tokio::test]
async fn held_sessions_count_as_connections() {
    let game = Game::new().limits(|limits| limits.detached_per_address = 1);
    let portal = game.start().await.unwrap();
    let (first, second) = (Browser::connect(&portal).await, Browser::connect(&portal).await);
    portal.leave().await;
    let mut game = game;
    game.config.limits.connections_per_address = 2;
    let portal = game.start().await.unwrap();
    let status = portal.status().await;
    assert_eq!(status["sessions"], 2, "both are held, though fewer may break");
    let third = Client::connect(portal.telnet).await;
    assert!(third.until_closed().await.contains("too many connections"));
    assert!(resumes(first.cut(), &portal).await && resumes(second.cut(), &portal).await);
    portal.stop().await;
}

#[tokio::test]
async fn a_server_that_dies_over_the_end_costs_nothing() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut browser = Browser::connect(&portal).await;
    browser.types("login Anna").await;
    browser.until("done login").await;
    browser.types("sleep 200").await;
    browser.types("die-after").await;
    browser.types("say after it").await;
    eventually("it is at work", || game.journal().len() == 2).await;
    portal.leave().await;
    let portal = game.start().await.unwrap();
    let mut browser = browser.cut().resume(&portal).await;
    browser.until("The game is back.").await;
    browser.until("done say after it").await;
    assert_eq!(game.journal(), ["1 1 login Anna", "1 2 sleep 200", "1 3 die-after", "1 4 say after it"]);
    portal.stop().await;
}
