//! What a game adds to its Portal: protocols of its own, good and broken ones, and services that listen nowhere.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Mutex,
    time::Duration,
};

use meadow_link::{CommandTuple, Flags, Kwargs, Time, amp::Operation, text};
use meadow_portal::{PortalError, PortalServices, Refusal};
use meadow_protocol::{Outbox, Protocol, Render};
use tokio::{
    io::duplex,
    net::{TcpListener, TcpStream},
};

use crate::common::{Client, Game, eventually};

const LOCALHOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// Upper case out, lower case in. It breaks when it is asked to.
#[derive(Default)]
struct Shouting {
    flags: Flags,
    breaks: Breaks,
}

/// Where a protocol panics.
#[derive(Default, Clone, Copy, PartialEq)]
enum Breaks {
    #[default]
    Nowhere,
    Made,
    Key,
    Flags,
    Dropped,
}

impl Shouting {
    fn new(breaks: Breaks) -> Shouting {
        assert!(breaks != Breaks::Made, "asked to");
        Shouting { flags: Flags::default(), breaks }
    }
}

impl Drop for Shouting {
    fn drop(&mut self) {
        assert!(self.breaks != Breaks::Dropped, "asked to");
    }
}

impl Protocol for Shouting {
    fn key(&self) -> &'static str {
        assert!(self.breaks != Breaks::Key, "asked to");
        "shouting"
    }

    fn flags(&self) -> &Flags {
        assert!(self.breaks != Breaks::Flags, "asked to");
        &self.flags
    }

    fn set_flags(&mut self, flags: Flags) {
        self.flags = flags;
    }

    fn connect(&mut self, _now: Time, out: &mut Outbox) {
        out.ready();
    }

    fn receive(&mut self, _now: Time, bytes: &[u8], out: &mut Outbox) {
        match bytes {
            b"BREAK\n" => panic!("asked to"),
            b"BREAK FLAGS\n" => {
                self.breaks = Breaks::Flags;
                out.flags_changed();
            }
            _ => out.input(text(String::from_utf8_lossy(bytes).trim_end().to_lowercase())),
        }
    }

    fn send_text(&mut self, tuple: &CommandTuple, _render: &mut Render<'_>, out: &mut Outbox) {
        out.transmit(tuple.first_str().unwrap_or_default().to_uppercase().as_bytes());
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.send_text(tuple, render, out);
    }

    fn send_default(&mut self, _tuple: &CommandTuple, _out: &mut Outbox) {}

    fn disconnect(&mut self, _reason: &str, _out: &mut Outbox) {}
}

/// The service of this name in a list: its address and its state.
fn service(status: &Kwargs, name: &str) -> (String, String) {
    let services = status["services"].as_array().unwrap();
    let found = services.iter().find(|service| service["name"] == name);
    let found = found.unwrap_or_else(|| panic!("no {name} in {services:?}"));
    (found["address"].as_str().unwrap().to_owned(), found["state"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_protocol_that_breaks_costs_only_its_own_session() {
    let game = Game::new();
    let taken = PortalServices::new().protocol("telnet", 0, Shouting::default);
    let Err(error) = game.start_with(taken).await else { panic!("it started") };
    assert!(matches!(error, PortalError::ServiceName(name) if name == "telnet"));

    let portal =
        game.start_with(PortalServices::new().protocol("shouting", 0, Shouting::default)).await.unwrap();
    let address = portal.address("shouting");
    let mut telnet = portal.client().await;
    let mut other = Client::connect(address).await;
    other.until("WELCOME").await;
    for line in ["BREAK\n", "BREAK FLAGS\n"] {
        let mut broken = Client::connect(address).await;
        broken.until("WELCOME").await;
        broken.send(line).await;
        broken.until_closed().await;
    }
    other.send("LOOK\n").await;
    other.until("DONE LOOK").await;
    telnet.send("look\r\n").await;
    telnet.until("done look").await;
    eventually("the Server hears of both", || {
        ["-3".to_owned(), "-4".to_owned()].iter().all(|end| game.events().contains(end))
    })
    .await;
    portal.stop().await;
}

#[tokio::test]
async fn a_protocol_that_breaks_while_it_is_made_or_ends_leaves_its_listener_alone() {
    let game = Game::new();
    let services = PortalServices::new()
        .protocol("made", 0, || Shouting::new(Breaks::Made))
        .protocol("key", 0, || Shouting::new(Breaks::Key))
        .protocol("flags", 0, || Shouting::new(Breaks::Flags))
        .protocol("dropped", 0, || Shouting::new(Breaks::Dropped));
    let portal = game.start_with(services).await.unwrap();
    // Twice each: the first one must not have taken the listener with it.
    for name in ["made", "key", "flags", "made", "key", "flags"] {
        assert_eq!(Client::connect(portal.address(name)).await.until_closed().await, "", "{name}");
    }
    for _ in 0..2 {
        let mut client = Client::connect(portal.address("dropped")).await;
        client.until("WELCOME").await;
        client.send("QUIT\n").await;
        client.until_closed().await;
    }
    let mut client = portal.client().await;
    client.send("look\r\n").await;
    client.until("done look").await;
    portal.stop().await;
}

#[tokio::test]
async fn settings_move_a_protocol_and_keep_a_service_off() {
    let game = Game::new();
    let mut services = PortalServices::new()
        .protocol("moved", 1, Shouting::default)
        .protocol("silent", 0, Shouting::default)
        .service("idle", |_| async { panic!("it is not started") });
    let listed = services.list();
    assert_eq!(listed.iter().map(|own| own.name.as_str()).collect::<Vec<_>>(), ["moved", "silent", "idle"]);
    assert_eq!(listed[0].listen, Some(SocketAddr::new(LOCALHOST, 1)));
    assert_eq!(listed[2].listen, None);
    services.listen("moved", &["[::1]:0".parse().unwrap(), "127.0.0.1:0".parse().unwrap()]);
    services.switch_off("silent");
    services.switch_off("idle");
    let portal = game.start_with(services).await.unwrap();
    assert!(portal.address("moved").is_ipv6() && portal.address("moved-2").is_ipv4());
    Client::connect(portal.address("moved-2")).await.until("WELCOME").await;
    let status = portal.status().await;
    assert_eq!(service(&status, "silent"), (String::new(), "off".to_owned()));
    assert_eq!(service(&status, "idle"), (String::new(), "off".to_owned()));
    // A name that somebody has is not free, on or off.
    let mut twice =
        PortalServices::new().service("clock", |_| async { Ok(()) }).protocol("clock", 0, Shouting::default);
    twice.switch_off("clock");
    let Err(PortalError::ServiceName(name)) = Game::new().start_with(twice).await else {
        panic!("it started")
    };
    assert_eq!(name, "clock");
    portal.stop().await;
}

#[tokio::test]
async fn an_address_that_is_taken_is_told_with_the_games_own_setting() {
    let holder = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = holder.local_addr().unwrap();
    let services = PortalServices::new().protocol("shouting", taken.port(), Shouting::default);
    let Err(error) = Game::new().start_with(services).await else { panic!("it started") };
    let told = error.to_string();
    assert!(told.contains("`services.shouting.listen`") && told.contains(&taken.to_string()), "{told}");
}

#[tokio::test]
async fn a_service_opens_sessions_and_is_told_of_the_end() {
    let game = Game::new().limits(|limits| limits.connections_per_address = 2);
    let (near, far) = duplex(4096);
    let (ended, end) = tokio::sync::oneshot::channel();
    let once = Mutex::new(Some((near, ended)));
    let services = PortalServices::new().service("caller", move |portal| {
        let (near, ended) = once.lock().unwrap().take().expect("it is started once");
        async move {
            assert_eq!(portal.name(), "caller");
            let session = portal.open(near, LOCALHOST, Shouting::default())?;
            let other = portal.open(duplex(16).0, LOCALHOST, Shouting::default())?;
            let refused = portal.open(duplex(16).0, LOCALHOST, Shouting::default());
            assert_eq!(refused.err(), Some(Refusal::Address), "limits hold for services too");
            assert_ne!(session.id(), other.id());
            session.ended().await;
            portal.stopping().await;
            ended.send("in order").unwrap();
            Ok(())
        }
    });
    let portal = game.start_with(services).await.unwrap();
    let mut peer = Client::over(far);
    peer.until("WELCOME").await;
    peer.send("LOOK\n").await;
    peer.until("DONE LOOK").await;
    let known = portal.sessions().await;
    assert_eq!((&known[0]["service"], &known[0]["protocol"]), (&"caller".into(), &"shouting".into()));
    peer.send("QUIT\n").await;
    peer.until_closed().await;
    assert_eq!(service(&portal.status().await, "caller"), (String::new(), "on".to_owned()));
    portal.stop().await;
    assert_eq!(end.await, Ok("in order"));
}

#[tokio::test]
async fn services_that_break_are_listed_so_and_everything_else_goes_on() {
    let game = Game::new();
    let services = PortalServices::new()
        .service("panics", |_| async { panic!("asked to") })
        .service("panics-at-once", |_| -> std::future::Pending<_> { panic!("asked to") })
        .service("fails", |_| async { Err("asked to".into()) })
        .service("ends", |_| async { Ok(()) })
        // One that does not listen is cut off when the Portal ends, after a moment.
        .service("deaf", |_| std::future::pending());
    let portal = game.start_with(services).await.unwrap();
    let wanted = [
        ("panics", "failed"),
        ("panics-at-once", "failed"),
        ("fails", "failed"),
        ("ends", "ended"),
        ("deaf", "on"),
        ("telnet", "on"),
        ("clock", "on"),
    ];
    let mut status = portal.status().await;
    let is_so = |status: &Kwargs| wanted.iter().all(|(name, state)| service(status, name).1 == *state);
    for _ in 0..500 {
        if is_so(&status) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
        status = portal.status().await;
    }
    assert!(is_so(&status), "{:?}", status["services"]);
    let mut client = portal.client().await;
    client.send("services\r\n").await;
    let told = client.until(".").await;
    assert!(
        told.contains("telnet on") && told.contains("fails failed") && told.contains("clock on"),
        "{told}"
    );
    assert_eq!(portal.operate(Operation::ShutdownServer).await["ok"], true);
    assert_eq!(service(&portal.status().await, "clock").1, "off", "nobody is there to run it");
    portal.stop().await;
}

/// Somebody in the game switches a service; gives back what they are told.
async fn switch(client: &mut Client, wish: &str, name: &str) -> String {
    client.send(&format!("switch {wish} {name}\r\n")).await;
    client.until("switched ").await;
    client.until(".\r\n").await.trim_end().to_owned()
}

#[tokio::test]
async fn a_listener_is_stopped_and_started_and_its_sessions_play_on() {
    let game = Game::new();
    let portal = game.start().await.unwrap();
    let mut client = portal.client().await;
    assert_eq!(switch(&mut client, "start", "telnet").await, "telnet: telnet is already running..");
    assert_eq!(switch(&mut client, "stop", "telnet").await, "telnet: done.");
    assert_eq!(service(&portal.status().await, "telnet").1, "stopped");
    assert!(TcpStream::connect(portal.telnet).await.is_err(), "nobody listens");
    client.send("look\r\n").await;
    client.until("done look").await;
    assert_eq!(switch(&mut client, "stop", "telnet").await, "telnet: telnet is not running..");
    let other = TcpListener::bind(portal.telnet).await.unwrap();
    let told = switch(&mut client, "start", "telnet").await;
    assert!(told.contains(&format!("cannot listen at {}", portal.telnet)), "{told}");
    assert_eq!(service(&portal.status().await, "telnet").1, "stopped");
    drop(other);
    assert_eq!(switch(&mut client, "start", "telnet").await, "telnet: done.");
    assert_eq!(service(&portal.status().await, "telnet"), (portal.telnet.to_string(), "on".to_owned()));
    portal.client().await;
    for (wish, name, told) in [
        ("stop", "link", "cannot be switched while the game runs"),
        ("stop", "Telnet", "There is no service Telnet"),
        ("delete", "telnet", "not the game's own"),
    ] {
        let answer = switch(&mut client, wish, name).await;
        assert!(answer.contains(told), "{wish} {name}: {answer}");
    }
    portal.client().await;
    portal.stop().await;
}

#[tokio::test]
async fn a_service_of_the_games_own_is_switched_too() {
    let game = Game::new();
    let services = PortalServices::new()
        .protocol("shouting", 0, Shouting::default)
        .service("waits", |portal| async move {
            portal.stopping().await;
            Ok(())
        })
        .service("deaf", |_| std::future::pending());
    let portal = game.start_with(services).await.unwrap();
    let mut client = portal.client().await;
    for name in ["waits", "deaf"] {
        assert_eq!(switch(&mut client, "stop", name).await, format!("{name}: done."));
        assert_eq!(service(&portal.status().await, name).1, "stopped");
        assert_eq!(switch(&mut client, "start", name).await, format!("{name}: done."));
        assert_eq!(service(&portal.status().await, name).1, "on");
    }
    for name in ["waits", "shouting"] {
        assert_eq!(switch(&mut client, "delete", name).await, format!("{name}: done."));
    }
    assert!(TcpStream::connect(portal.address("shouting")).await.is_err(), "nobody listens");
    let status = portal.status().await;
    let names: Vec<_> = status["services"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(!names.iter().any(|name| *name == "waits" || *name == "shouting"), "{names:?}");
    assert!(switch(&mut client, "start", "waits").await.contains("There is no service waits"));
    // The Server is asked to switch its own, and answers.
    assert_eq!(switch(&mut client, "stop", "clock").await, "clock: by the Server.");
    portal.stop().await;
}
