//! A Server as its Portal sees it: what is said to it over the link, and what it answers.

#![allow(clippy::unwrap_used, reason = "all of this file is tests")]

use std::{
    cell::Cell,
    io::{Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    thread::{self, JoinHandle},
    time::Duration,
};

use meadow_link::{
    RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer,
    amp::{Codec, Hello, Incoming, LinkReader, LinkWriter, Role, check},
    text,
};
use meadow_server::{ServerConfig, ServerError, ServerServices, run};
use meadow_world::{Rules, World, WorldBuilder};
use tempfile::TempDir;

const NOW: Time = Time::from_micros(1_000_000);

/// The Portal's end of the link, and the Server at the other.
struct Portal {
    stream: UnixStream,
    reader: LinkReader<ToPortal>,
    writer: LinkWriter<ToServer>,
    server: JoinHandle<Result<(), ServerError>>,
    _folder: TempDir,
}

impl Portal {
    /// Starts a Server, until it asks for the sessions.
    fn start(setup: fn(&mut WorldBuilder)) -> Portal {
        Portal::start_with(setup, ServerServices::new())
    }

    /// As [`Portal::start`], with services beside the world.
    fn start_with(setup: fn(&mut WorldBuilder), services: ServerServices) -> Portal {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let listener = UnixListener::bind(&config.link_socket).unwrap();
        let server = thread::spawn(move || run(&config, setup, services));
        let (stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let (reader, writer) = (LinkReader::new(), LinkWriter::new(Codec::Native));
        let mut portal = Portal { stream, reader, writer, server, _folder: folder };
        let ours = Hello::new(Role::Portal, None, "test");
        let Incoming::Hello(theirs) = portal.next() else { panic!("no Hello") };
        portal.reader.settle(check(&theirs, &ours).unwrap().codec);
        portal.writer.write_box(&ours.to_box()).unwrap();
        portal.send();
        portal.hear(|message| matches!(message, ToPortal::Sync { .. }));
        portal
    }

    /// Puts messages on the link in one write.
    fn say(&mut self, messages: impl IntoIterator<Item = ToServer>) {
        messages.into_iter().for_each(|message| self.writer.write(&message).unwrap());
        self.send();
    }

    fn send(&mut self) {
        while let Some(bytes) = self.writer.take() {
            self.stream.write_all(&bytes).unwrap();
        }
    }

    fn next(&mut self) -> Incoming<ToPortal> {
        let mut buffer = [0; 65536];
        loop {
            if let Some(incoming) = self.reader.next().unwrap() {
                return incoming;
            }
            let read = self.stream.read(&mut buffer).expect("the Server says something");
            assert_ne!(read, 0, "the Server hung up");
            self.reader.feed(&buffer[..read]);
        }
    }

    /// Passes over what the Server says until it says this.
    fn hear(&mut self, wanted: impl Fn(&ToPortal) -> bool) {
        loop {
            if let Incoming::Message(message) = self.next()
                && wanted(&message)
            {
                return;
            }
        }
    }

    fn stop(mut self) {
        self.say([ToServer::Stop(RestartMode::Shutdown)]);
        self.server.join().unwrap().unwrap();
    }
}

fn config(folder: &Path) -> ServerConfig {
    ServerConfig {
        link_socket: folder.join("link.sock"),
        token: None,
        database: folder.join("game.db"),
        batches: folder.join("batch"),
        game_name: "Test".into(),
        rules: Rules::default(),
        version: "0".into(),
    }
}

fn sync() -> ToServer {
    ToServer::Sync { mode: RestartMode::Reload, portal_start: NOW, sessions: Vec::new() }
}

fn connect(session: u64) -> ToServer {
    ToServer::Connect(SessionSync::new(SessionId(session), "telnet", "192.0.2.1", NOW))
}

fn is_said_to(session: u64) -> impl Fn(&ToPortal) -> bool {
    move |message| matches!(message, ToPortal::Output { sessions, .. } if *sessions == [SessionId(session)])
}

#[test]
fn what_comes_right_behind_the_sync_is_dealt_with_at_once() {
    let mut portal = Portal::start(|_| ());
    portal.say([sync(), connect(1)]);
    portal.hear(|message| matches!(message, ToPortal::Ready { .. }));
    portal.hear(is_said_to(1));
    portal.stop();
}

#[test]
fn a_game_that_always_has_something_to_do_still_hears_its_players() {
    fn again(world: &mut World) {
        world.after(Duration::ZERO, again);
    }
    let mut portal = Portal::start(|world| {
        world.at_initial_setup(|world| {
            again(world);
            Ok(())
        });
    });
    portal.say([sync()]);
    portal.hear(|message| matches!(message, ToPortal::Ready { .. }));
    portal.say([connect(1)]);
    portal.hear(is_said_to(1));
    portal.say([ToServer::Input { session: SessionId(1), seq: 1, tuple: text("help") }]);
    portal.hear(|message| matches!(message, ToPortal::Acks(acks) if *acks == [(SessionId(1), 1)]));
    portal.stop();
}

#[test]
fn services_are_told_of_before_the_server_is_ready_visit_the_world_and_are_stopped_with_it() {
    let services = ServerServices::new()
        .service("greeter", |world| async move {
            loop {
                let told = world.run(|world| {
                    let sessions: Vec<SessionId> =
                        world.sessions().iter().map(|session| session.id()).collect();
                    sessions.iter().for_each(|session| world.msg(*session, "Good morning."));
                    !sessions.is_empty()
                });
                if told.await? {
                    break;
                }
            }
            world.stopping().await;
            world.run(|world| world.msg_all("Good night.")).await?;
            Ok(())
        })
        .service("broken", |_| async { panic!("asked to") });
    let mut portal = Portal::start_with(|_| (), services);
    portal.say([sync(), connect(1)]);
    let states = |message: &ToPortal| match message {
        ToPortal::Services(services) => services.iter().map(|service| service.state.name()).collect(),
        ToPortal::Ready { .. } => vec!["ready"],
        _ => Vec::new(),
    };
    portal.hear(|message| {
        let states = states(message);
        assert_ne!(states, ["ready"], "the services come first");
        states == ["on", "on"]
    });
    let says = |line: &'static str| move |message: &ToPortal| matches!(message, ToPortal::Output { tuple, .. } if *tuple == text(line));
    // In either order.
    let (failed, greeted) = (Cell::new(false), Cell::new(false));
    portal.hear(|message| {
        failed.set(failed.get() || states(message) == ["on", "failed"]);
        greeted.set(greeted.get() || says("Good morning.")(message));
        failed.get() && greeted.get()
    });
    portal.say([ToServer::Stop(RestartMode::Shutdown)]);
    portal.hear(says("Good night."));
    portal.server.join().unwrap().unwrap();
}
