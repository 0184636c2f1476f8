//! Services that are switched from inside the game.

use std::net::TcpStream;

use crate::harness::{Game, PASSWORD, Telnet};

#[test]
fn telnet_is_stopped_and_started_from_inside() {
    let game = Game::started();
    let telnet = game.address("telnet");
    let mut anna = game.player("anna");
    let done = game.meadow_with(&["superuser", "boss", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert_eq!(done.code, 0, "{done:?}");
    let mut boss = game.browser();
    boss.send(&format!("connect boss {PASSWORD}"));
    boss.expect("Exits:");

    anna.send("@service/stop telnet");
    anna.expect("is not available");
    boss.send("@service/stop telnet");
    boss.expect("has been stopped");
    assert!(TcpStream::connect(telnet).is_err(), "nobody listens");
    let status = game.status();
    let state = |name: &str| {
        let services = status["services"].as_array().expect("a list");
        services.iter().find(|service| service["name"] == name).expect("it is listed")["state"].clone()
    };
    assert_eq!((state("telnet"), state("web")), ("stopped".into(), "on".into()));
    boss.send("@service");
    boss.expect("stopped");
    anna.send("say I am still here");
    boss.expect("I am still here");

    boss.send("@service/stop link");
    boss.expect("link cannot be switched while the game runs");
    boss.send("@service/dance telnet");
    boss.expect("There is no switch /dance");
    boss.send("@service/stop");
    boss.expect("Usage: @service");
    boss.send("@service/start telnet");
    boss.expect("is running now");
    let mut other = Telnet::connect(telnet, game.scene());
    other.expect("hangs up.");
}
