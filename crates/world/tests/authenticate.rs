//! Logging in before there is a session: passwords and keys, the throttle, and that nothing tells which accounts there
//! are.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::time::Duration;

use meadow_link::{Credentials, Secret, SessionId, SessionSync, Time, ToPortal, ToServer, text};
use meadow_world::{Job, JobResult, Snapshot, World, WorldBuilder};

const HERE: &str = "192.0.2.1";
const ALGORITHM: &str = "ssh-ed25519";
const KEY: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIKskK+jMa7Tz44Aq87A0QRq0BxCVbmlMNtvlKd1o4m/a";

/// A world with the account Anna, whose password is `rose garden`.
struct Story {
    world: World,
    now: Time,
    said: Vec<ToPortal>,
}

impl Story {
    fn new() -> Story {
        let mut world = WorldBuilder::new("t").load(Snapshot::default(), Time::from_micros(1)).unwrap();
        world.create_account("Anna", "hash of rose garden").unwrap();
        let mut story = Story { world, now: Time::from_micros(1), said: Vec::new() };
        story.settle();
        story
    }

    fn handle(&mut self, message: ToServer) {
        self.world.handle(self.now, message);
        self.settle();
    }

    /// Does the jobs, and takes what is said.
    fn settle(&mut self) {
        loop {
            let step = self.world.take_step();
            self.said.extend(step.out);
            if step.jobs.is_empty() {
                return;
            }
            for (id, job) in step.jobs {
                let Job::VerifyPassword { hash, password } = job else { panic!("{job:?}") };
                let fits = *hash == *format!("hash of {}", password.0);
                self.world.job_done(self.now, id, JobResult::Verified(fits));
            }
        }
    }

    fn ask(&mut self, address: &str, name: &str, credentials: Credentials) -> Option<(u64, Box<str>)> {
        self.said.clear();
        let (address, name) = (address.into(), name.into());
        self.handle(ToServer::Authenticate { id: 7, address, name, credentials });
        let answers = self.said.iter().filter_map(|message| match message {
            ToPortal::Authenticated { id: 7, account } => Some(account.clone()),
            _ => None,
        });
        let answers: Vec<_> = answers.collect();
        assert_eq!(answers.len(), 1, "{:?}", self.said);
        answers.into_iter().next().unwrap()
    }

    fn password(&mut self, name: &str, password: &str) -> Option<(u64, Box<str>)> {
        self.ask(HERE, name, Credentials::Password(Secret(password.to_owned())))
    }

    fn key(&mut self, name: &str) -> Option<(u64, Box<str>)> {
        self.ask(HERE, name, Credentials::PublicKey { algorithm: ALGORITHM.into(), key: KEY.into() })
    }

    fn connect(&mut self, id: u64, account: Option<(u64, Box<str>)>) {
        let mut sync = SessionSync::new(SessionId(id), "ssh", HERE, self.now);
        sync.logged_in = account.is_some();
        (sync.uid, sync.uname) = account.unzip();
        self.said.clear();
        self.handle(ToServer::Connect(sync));
    }

    fn type_line(&mut self, id: u64, seq: u64, line: &str) -> String {
        self.said.clear();
        self.handle(ToServer::Input { session: SessionId(id), seq, tuple: text(line) });
        self.heard()
    }

    fn heard(&self) -> String {
        let texts = self.said.iter().filter_map(|message| match message {
            ToPortal::Output { tuple, .. } if tuple.name == "text" => tuple.first_str(),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn a_password_lets_in_and_its_session_needs_no_other() {
    let mut story = Story::new();
    let account = story.password("ANNA", "rose garden");
    assert_eq!(account, Some((1, "Anna".into())));
    story.connect(1, account);
    assert!(story.said.iter().any(|said| matches!(said, ToPortal::Login { uid: 1, .. })), "{:?}", story.said);
    assert!(story.heard().contains("You are now logged in as |cAnna|n."));
    assert!(!story.heard().contains("connect <name>"));
}

#[test]
fn an_account_that_is_gone_lets_nobody_in() {
    let mut story = Story::new();
    story.connect(1, Some((99, "Nobody".into())));
    assert!(story.heard().contains("connect <name>"));
    let told = story.said.iter().any(
        |said| matches!(said, ToPortal::SessionSync { sessions, .. } if !sessions[0].logged_in && sessions[0].uid.is_none()),
    );
    assert!(told, "{:?}", story.said);
}

#[test]
fn keys_are_added_listed_used_and_removed() {
    let mut story = Story::new();
    assert_eq!(story.key("Anna"), None);
    story.connect(1, Some((1, "Anna".into())));
    assert!(
        story.type_line(1, 1, &format!("sshkey add {ALGORITHM} {KEY} anna@laptop")).contains("can log in")
    );
    assert!(story.type_line(1, 2, &format!("sshkey add {ALGORITHM} {KEY} again")).contains("already"));
    assert!(story.type_line(1, 3, "sshkey").contains("1 ssh-ed25519 ...NtvlKd1o4m/a (anna@laptop)"));
    assert_eq!(story.key("anna"), Some((1, "Anna".into())));
    assert_eq!(story.key("Bert"), None);
    for wrong in
        ["sshkey remove 0", "sshkey remove 2", "sshkey remove", "sshkey add ssh-ed25519 AAAA", "sshkey x"]
    {
        let told = story.type_line(1, 4, wrong);
        assert!(!told.contains("any more") && !told.contains("can log in"), "{wrong}: {told}");
    }
    assert!(story.type_line(1, 5, "sshkey remove 1").contains("any more"));
    assert_eq!(story.key("anna"), None);
}

#[test]
fn an_account_has_only_so_many_keys() {
    let mut story = Story::new();
    story.connect(1, Some((1, "Anna".into())));
    let add = |story: &mut Story, number: usize| {
        let letter = char::from(b'A' + u8::try_from(number).unwrap());
        let key = KEY.replacen("IKskK", &format!("IKsk{letter}"), 1);
        story.type_line(1, number as u64 + 1, &format!("sshkey add {ALGORITHM} {key}"))
    };
    for number in 0..20 {
        assert!(add(&mut story, number).contains("can log in"), "{number}");
    }
    assert!(add(&mut story, 20).contains("20 keys"));
}

#[test]
fn wrong_passwords_are_throttled_and_so_are_those_who_type_them_elsewhere() {
    let mut story = Story::new();
    for _ in 0..4 {
        assert_eq!(story.password("Anna", "tulip"), None);
    }
    // The fifth at the login screen.
    story.connect(1, None);
    assert!(story.type_line(1, 1, "connect Anna tulip").contains("incorrect"));
    assert!(story.type_line(1, 2, "connect Anna rose garden").contains("Too many"));
    assert_eq!(story.password("Anna", "rose garden"), None, "even with the right one");
    let other = Credentials::Password(Secret("rose garden".to_owned()));
    assert!(story.ask("192.0.2.2", "Anna", other).is_some(), "another address");
    story.now = story.now + Duration::from_secs(301);
    assert!(story.password("Anna", "rose garden").is_some());
}

#[test]
fn wrong_keys_are_not_counted_but_a_throttled_address_gets_in_with_none() {
    let mut story = Story::new();
    for _ in 0..20 {
        assert_eq!(story.key("Anna"), None);
    }
    let account = story.password("Anna", "rose garden");
    story.connect(1, account);
    story.type_line(1, 1, &format!("sshkey add {ALGORITHM} {KEY}"));
    assert!(story.key("Anna").is_some());
    for _ in 0..5 {
        story.password("Anna", "tulip");
    }
    assert_eq!(story.key("Anna"), None);
}

#[test]
fn an_unknown_name_takes_the_same_way_as_a_wrong_password() {
    let mut story = Story::new();
    for (name, hash) in [("Anna", "hash of rose garden"), ("Nobody", "")] {
        let credentials = Credentials::Password(Secret("tulip".to_owned()));
        let (address, name) = (HERE.into(), name.into());
        story.world.handle(story.now, ToServer::Authenticate { id: 1, address, name, credentials });
        let step = story.world.take_step();
        assert!(step.out.is_empty(), "nothing is told before a hash was checked");
        let [(id, Job::VerifyPassword { hash: checked, .. })] = step.jobs.as_slice() else { panic!() };
        assert_eq!(**checked, *hash);
        story.world.job_done(story.now, *id, JobResult::Verified(false));
        assert_eq!(story.world.take_step().out, [ToPortal::Authenticated { id: 1, account: None }]);
    }
}

#[test]
fn secrets_do_not_show_in_logs() {
    let credentials = Credentials::Password(Secret("rose garden".to_owned()));
    let message = ToServer::Authenticate { id: 1, address: HERE.into(), name: "Anna".into(), credentials };
    assert!(!format!("{message:?}").contains("rose"));
}

#[test]
fn a_password_that_is_changed_while_it_is_checked_lets_nobody_in() {
    let mut story = Story::new();
    let credentials = Credentials::Password(Secret("rose garden".to_owned()));
    let (address, name) = (HERE.into(), "Anna".into());
    story.world.handle(story.now, ToServer::Authenticate { id: 1, address, name, credentials });
    let step = story.world.take_step();
    let [(id, Job::VerifyPassword { .. })] = step.jobs.as_slice() else { panic!() };
    let anna = story.world.account_named("Anna").unwrap();
    story.world.account_mut(anna).unwrap().password = "hash of green glass".into();
    story.world.job_done(story.now, *id, JobResult::Verified(true));
    assert_eq!(story.world.take_step().out, [ToPortal::Authenticated { id: 1, account: None }]);
    assert_eq!(story.password("Anna", "green glass"), Some((1, "Anna".into())));
}

#[test]
fn a_session_is_come_back_to_from_where_nobody_is_banned() {
    let mut story = Story::new();
    let session = SessionId(4);
    let sync = SessionSync::new(session, "websocket", HERE, story.now);
    story.handle(ToServer::Connect(sync));
    let returns =
        |story: &mut Story, from: &str, id: u64| story.ask(from, "", Credentials::Session(SessionId(id)));
    assert_eq!(returns(&mut story, "198.51.100.7", 4), Some((0, "".into())), "nobody has logged in");
    assert_eq!(returns(&mut story, "198.51.100.7", 5), None, "there is none");
    story.handle(ToServer::Input { session, seq: 1, tuple: text("connect Anna rose garden") });
    let (_, name) = returns(&mut story, "198.51.100.7", 4).unwrap();
    assert_eq!(&*name, "Anna");
    let ban = meadow_world::Ban {
        who: meadow_world::Banned::new("198.51.100.0/24"),
        reason: String::new(),
        by: "Root".into(),
        since: story.now,
        until: None,
    };
    story.world.ban(ban).unwrap();
    assert_eq!(returns(&mut story, "198.51.100.7", 4), None);
    assert!(returns(&mut story, "203.0.113.7", 4).is_some());
}
