//! The Portal as a whole, with a real Server process behind it and real clients in front: what goes to
//! and fro, reloads, crashes, ends and limits.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod addresses;
mod common;
mod services;
#[cfg(feature = "ssh")]
mod ssh;
mod tls;
mod web;

use std::{fs, time::Duration};

use common::{Client, Game, eventually};
use meadow_link::amp::Operation;
use meadow_portal::PortalError;
use serde_json::json;

/// Not a test of anything: what the Portal starts as its Server.
#[test]
fn server_process() {
    common::server_process();
}

#[tokio::test]
async fn a_line_goes_to_the_game_and_the_answer_comes_back() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    client.send("look\r\n").await;
    client.until("done look\r\n").await;
    client.send("quit\r\n").await;
    let rest = client.until_closed().await;
    assert!(rest.contains("Goodbye."), "{rest}");
    eventually("told once", || game.events().contains(&"-1".to_owned())).await;
    assert_eq!(game.events(), ["sync Shutdown ", "+1 telnet", "-1"]);
    portal.stop().await;
    assert!(!game.config.link_socket.exists() && !game.dir.path().join("run/portal.pid").exists());
}

#[tokio::test]
async fn status_names_what_runs_and_questions_reach_the_server() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let _client = portal.client().await;
    let status = portal.status().await;
    assert_eq!(status["portal"]["pid"], std::process::id());
    assert_eq!(status["server"]["state"], "ready");
    assert!(status["server"]["pid"].as_u64().unwrap() > 1);
    assert_eq!(status["sessions"], 1);
    let services = status["services"].as_array().unwrap();
    let names: Vec<_> = services.iter().map(|service| service["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["telnet", "web", "link", "clock"], "the Server's own come last");
    assert_eq!(services[0]["address"], portal.telnet.to_string());
    assert!(services.iter().all(|service| service["state"] == "on"));
    let request = json!({"op": "ping"}).as_object().unwrap().clone();
    let reply = portal.ask(Operation::Control, request.clone()).await;
    assert_eq!(reply["asked"], json!(request));
    portal.stop().await;
}

#[tokio::test]
async fn a_reload_loses_nothing_that_is_typed_and_does_nothing_twice() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    client.send("login Anna\r\n").await;
    client.until("done login").await;
    let before = portal.status().await["server"]["pid"].clone();
    // The Server is busy, so most of this is typed while it is being exchanged.
    client.send("sleep 100\r\n").await;
    for number in 0..200 {
        client.send(&format!("say {number}\r\n")).await;
    }
    let reloaded = portal.operate(Operation::Reload).await;
    assert_eq!(reloaded["ok"], true, "{reloaded:?}");
    assert!(reloaded["waited_ms"].as_u64().unwrap() < 5000);
    let seen = client.until("done say 199\r\n").await;
    assert!(!seen.contains("The game"), "a reload is silent: {seen}");
    assert_ne!(portal.status().await["server"]["pid"], before);
    let expected: Vec<String> = ["login Anna".to_owned(), "sleep 100".to_owned()]
        .into_iter()
        .chain((0..200).map(|number| format!("say {number}")))
        .enumerate()
        .map(|(at, line)| format!("1 {} {line}", at + 1))
        .collect();
    assert_eq!(game.journal(), expected);
    assert_eq!(game.events().last().unwrap(), "sync Reload 1:Anna", "comes back logged in");
    portal.stop().await;
}

#[tokio::test]
async fn a_server_that_does_not_start_leaves_the_old_one_in_place() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    game.break_server(true);
    let refused = portal.operate(Operation::Reload).await;
    let why = refused["error"].as_str().unwrap();
    assert!(why.contains("exit status: 3") && why.ends_with("no such room"), "{why}");
    client.send("look\r\n").await;
    client.until("done look").await;
    // Asked from within the game, it is the old Server that hears of it.
    client.send("reload\r\n").await;
    eventually("the failure is told", || game.events().contains(&"control \"reload_failed\"".to_owned()))
        .await;
    game.break_server(false);
    client.send("reload\r\n").await;
    eventually("a second sync", || {
        game.events().iter().filter(|event| event.starts_with("sync")).count() == 2
    })
    .await;
    client.send("look again\r\n").await;
    client.until("done look again").await;
    portal.stop().await;
}

#[tokio::test]
async fn after_a_crash_the_sessions_come_back_and_go_on() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    client.send("login Anna\r\nlook\r\n").await;
    client.until("done look").await;
    client.send("die-after\r\nsay 1\r\nsay 2\r\n").await;
    client
        .until("The game has stopped unexpectedly and is being started again. What you type is kept.\r\n")
        .await;
    client.until("The game is back.\r\n").await;
    client.until("done say 2\r\n").await;
    assert_eq!(game.journal(), ["1 1 login Anna", "1 2 look", "1 3 die-after", "1 4 say 1", "1 5 say 2"]);
    assert_eq!(game.events(), ["sync Shutdown ", "+1 telnet", "sync Crash 1:Anna"]);
    assert_eq!(portal.status().await["server"]["restarts"], 1);
    portal.stop().await;
}

#[tokio::test]
async fn an_input_that_kills_two_servers_is_not_tried_a_third_time() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut bystander = portal.client().await;
    let mut client = portal.client().await;
    client.send("die\r\nsay 1\r\nsay 2\r\n").await;
    client.until("is not tried again.").await;
    client.until("done say 2\r\n").await;
    assert_eq!(game.journal(), ["2 1 say 1", "2 2 say 2"]);
    bystander.send("look\r\n").await;
    bystander.until("done look\r\n").await;
    assert_eq!(portal.status().await["server"]["restarts"], 2);
    portal.stop().await;
}

#[tokio::test]
async fn the_server_can_be_stopped_and_started_alone() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    assert_eq!(portal.operate(Operation::ShutdownServer).await["ok"], true);
    client.until("The game has been stopped.").await;
    assert_eq!(portal.status().await["server"]["state"], "stopped");
    let mut newcomer = Client::connect(portal.telnet).await;
    // Until its negotiation has settled.
    tokio::time::sleep(Duration::from_millis(200)).await;
    client.send("look\r\n").await;
    assert_eq!(portal.operate(Operation::Start).await["ok"], true);
    client.until("done look").await;
    newcomer.until("Welcome").await;
    newcomer.send("hello\r\n").await;
    newcomer.until("done hello").await;
    assert_eq!(portal.operate(Operation::Start).await["ok"], false, "it runs");
    portal.stop().await;
}

#[tokio::test]
async fn a_stranger_is_not_taken_for_the_server_that_was_started() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    game.slow_server();
    let socket = portal.socket.clone();
    let stranger = tokio::task::spawn_blocking(move || {
        std::thread::sleep(Duration::from_millis(100));
        common::introduce_stranger(&socket)
    });
    assert_eq!(portal.operate(Operation::Reload).await["ok"], true);
    stranger.await.unwrap();
    client.send("look\r\n").await;
    client.until("done look").await;
    assert_eq!(portal.status().await["server"]["restarts"], 0, "nothing had to be mended");
    portal.stop().await;
}

#[tokio::test]
async fn the_end_is_told_to_the_players() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    let other = portal.client().await;
    client.send("shutdown\r\n").await;
    assert!(client.until_closed().await.contains("The game is shutting down."));
    assert!(other.until_closed().await.contains("The game is shutting down."));
    tokio::time::timeout(Duration::from_secs(5), portal.task).await.unwrap().unwrap().unwrap();
    // The folder is free again, and ids are not given out twice.
    let again = game.start().await.unwrap();
    let _client = again.client().await;
    assert_eq!(game.events().last().unwrap(), "+1001 telnet");
    again.stop().await;
}

#[tokio::test]
async fn a_cold_start_that_fails_says_why() {
    let game = Game::new();
    game.break_server(true);
    let Err(error) = game.start().await else { panic!("it started") };
    assert_eq!(
        error.to_string(),
        "the Server did not start: it ended with exit status: 3: the world does not load: no such room"
    );
    game.break_server(false);
    game.start().await.expect("nothing is left in the way").stop().await;
}

#[tokio::test]
async fn a_second_portal_and_a_taken_port_are_named() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let Err(error) = game.start().await else { panic!("it started") };
    assert!(
        matches!(error, PortalError::AlreadyRunning { pid: Some(pid) } if pid == std::process::id()),
        "{error}"
    );
    let mut other = Game::new();
    other.config.telnet = Some(vec![portal.telnet]);
    let Err(error) = other.start().await else { panic!("it started") };
    let told = error.to_string();
    assert!(told.contains("telnet.listen") && told.contains(&portal.telnet.to_string()), "{told}");
    // A socket that a killed Portal left behind is no obstacle, nor is somebody who only looks whether one runs.
    portal.stop().await;
    let lock = fs::File::open(game.dir.path().join("run/portal.lock")).unwrap();
    lock.lock_shared().unwrap();
    let looks = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        drop(lock);
    });
    fs::write(&game.config.link_socket, "").unwrap();
    game.start().await.unwrap().stop().await;
    looks.join().unwrap();
}

#[tokio::test]
async fn a_client_that_hangs_up_after_typing_is_still_heard() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    for number in 0..50 {
        client.send(&format!("say {number}\r\n")).await;
    }
    use tokio::io::AsyncWriteExt;
    client.stream.shutdown().await.unwrap();
    let rest = client.until_closed().await;
    assert!(rest.contains("done say 49"), "{rest}");
    eventually("told", || game.events().contains(&"-1".to_owned())).await;
    portal.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_and_costs_nobody_else() {
    let game = Game::new().limits(|limits| limits.output_queue_bytes = 256 * 1024);
    let portal = game.start().await.unwrap();
    let mut slow = portal.client().await;
    let mut other = portal.client().await;
    slow.send("flood 400\r\n").await;
    other.send("look\r\n").await;
    other.until("done look").await;
    eventually("cut", || game.events().contains(&"-1".to_owned())).await;
    portal.stop().await;
}

#[tokio::test]
async fn connections_past_a_limit_are_told_so() {
    let game = Game::new().limits(|limits| limits.connections_per_address = 2);
    let portal = game.start().await.unwrap();
    let first = portal.client().await;
    let _second = portal.client().await;
    let third = Client::connect(portal.telnet).await;
    assert_eq!(third.until_closed().await, "There are too many connections from your address.\r\n");
    drop(first);
    eventually("gone", || game.events().contains(&"-1".to_owned())).await;
    portal.client().await;
    portal.stop().await;
}

#[tokio::test]
async fn a_shout_reaches_everybody_and_nobody_twice() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut clients = Vec::new();
    for number in 0..20 {
        let mut client = portal.client().await;
        client.send(&format!("say {number}\r\n")).await;
        client.until(&format!("done say {number}\r\n")).await;
        clients.push(client);
    }
    clients[0].send("shout Hey!\r\nlook\r\n").await;
    clients[0].until("Hey!\r\ndone shout Hey!\r\ndone look\r\n").await;
    for client in &mut clients[1..] {
        client.send("look\r\n").await;
        assert_eq!(client.until("done look\r\n").await, "Hey!\r\ndone look\r\n");
    }
    portal.stop().await;
}
