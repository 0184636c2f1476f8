//! Bans where they hold: at the first screen, at logins of every kind, at new accounts, over SSH; and the throttle of
//! new accounts, by whichever transport they are made.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::time::Duration;

use meadow_link::{Credentials, Secret, SessionId, SessionSync, Time, ToPortal, ToServer, text};
use meadow_world::{Ban, Banned, Job, JobResult, Rules, Snapshot, World, WorldBuilder};

const NOW: Time = Time::from_micros(1_000_000);

struct Story {
    world: World,
    now: Time,
    said: Vec<ToPortal>,
}

impl Story {
    /// Every password fits.
    fn new(rules: Rules) -> Story {
        let mut builder = WorldBuilder::new("t");
        builder.rules(rules);
        let mut world = builder.load(Snapshot::default(), NOW).unwrap();
        world.create_account("Anna", "hash").unwrap();
        let mut story = Story { world, now: NOW, said: Vec::new() };
        story.settle();
        story
    }

    fn handle(&mut self, message: ToServer) {
        self.said.clear();
        self.world.handle(self.now, message);
        self.settle();
    }

    fn settle(&mut self) {
        loop {
            let step = self.world.take_step();
            self.said.extend(step.out);
            if step.jobs.is_empty() {
                return;
            }
            for (id, job) in step.jobs {
                let result = match job {
                    Job::VerifyPassword { hash, .. } => JobResult::Verified(!hash.is_empty()),
                    _ => JobResult::Hashed("hash".into()),
                };
                self.world.job_done(self.now, id, result);
            }
        }
    }

    fn ban(&mut self, mask: &str, until: Option<Time>) {
        let (who, since) = (Banned::new(mask), self.now);
        self.said.clear();
        self.world.ban(Ban { who, reason: "|rspam".into(), by: "Cleo".into(), since, until }).unwrap();
        self.settle();
    }

    fn connect(&mut self, id: u64, protocol: &str, address: &str) {
        self.handle(ToServer::Connect(SessionSync::new(SessionId(id), protocol, address, self.now)));
    }

    fn types(&mut self, id: u64, seq: u64, line: &str) {
        self.handle(ToServer::Input { session: SessionId(id), seq, tuple: text(line) });
    }

    /// Why a session was disconnected by what was done last.
    fn reason(&self, id: u64) -> Option<&str> {
        self.said.iter().find_map(|said| match said {
            ToPortal::Disconnect { session, reason } if session.0 == id => Some(reason.as_str()),
            _ => None,
        })
    }

    fn heard(&self) -> String {
        let texts = self.said.iter().filter_map(|said| match said {
            ToPortal::Output { tuple, .. } => Some(tuple.shown().into_owned()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    fn asks(&mut self, address: &str, name: &str) -> bool {
        let credentials = Credentials::Password(Secret("right".to_owned()));
        self.handle(ToServer::Authenticate {
            id: 7,
            address: address.into(),
            name: name.into(),
            credentials,
        });
        let let_in = |said: &ToPortal| matches!(said, ToPortal::Authenticated { account: Some(_), .. });
        self.said.iter().any(let_in)
    }
}

const TOLD: &str = "|rYou have been banned and cannot continue from here.|n Reason: ||rspam";

#[test]
fn a_banned_address_sees_nothing_of_the_game() {
    let mut story = Story::new(Rules::default());
    story.connect(1, "telnet", "192.0.2.1");
    story.ban("192.0.2.0/24", None);
    assert_eq!(story.reason(1), Some(TOLD), "who is there already goes");
    for (id, protocol) in [(2, "telnet"), (3, "websocket"), (4, "ajax"), (5, "ssh")] {
        story.connect(id, protocol, "192.0.2.9");
        assert_eq!((story.reason(id), story.heard().as_str()), (Some(TOLD), ""), "{protocol}");
        assert!(story.world.session(SessionId(id)).is_none());
    }
    assert!(!story.asks("192.0.2.9", "Anna"), "nor do they get as far over SSH");
    assert!(story.asks("198.51.100.1", "Anna"));
    story.connect(6, "telnet", "198.51.100.1");
    assert!(story.reason(6).is_none() && story.heard().contains("connect <name>"));
}

#[test]
fn a_banned_name_gets_in_by_no_way_until_the_ban_ends() {
    let mut story = Story::new(Rules::default());
    story.ban("an*", Some(NOW + Duration::from_secs(7200)));
    let told = format!("{TOLD}\nIt ends in 2h 0m.");
    story.connect(1, "telnet", "192.0.2.1");
    story.types(1, 1, "connect Anna right");
    assert_eq!(story.reason(1), Some(told.as_str()));
    assert!(!story.said.iter().any(|said| matches!(said, ToPortal::Login { .. })));
    // By SSH, which asks first.
    assert!(story.asks("192.0.2.1", "Anna"), "that the account is banned is told to who has its password");
    let mut sync = SessionSync::new(SessionId(2), "ssh", "192.0.2.1", NOW);
    (sync.logged_in, sync.uid, sync.uname) = (true, Some(1), Some("Anna".into()));
    story.handle(ToServer::Connect(sync));
    assert_eq!(story.reason(2), Some(told.as_str()));
    // Nor by another account of that kind.
    story.connect(3, "telnet", "192.0.2.1");
    story.types(3, 1, "create Andy rose garden");
    assert!(story.heard().contains("You have been banned"), "{}", story.heard());
    story.now = NOW + Duration::from_secs(7200);
    story.types(3, 2, "connect Anna right");
    assert!(story.said.iter().any(|said| matches!(said, ToPortal::Login { .. })), "{:?}", story.said);
}

#[test]
fn superusers_are_not_banned_by_name() {
    let mut story = Story::new(Rules::default());
    story.world.make_superuser("Anna", "hash").unwrap();
    story.ban("*", None);
    story.connect(1, "telnet", "192.0.2.1");
    story.types(1, 1, "connect Anna right");
    assert!(story.reason(1).is_none());
}

#[test]
fn new_accounts_of_an_address_are_counted_whichever_way_it_comes() {
    let mut story = Story::new(Rules { creations_per_address: 3, guests: 5, ..Rules::default() });
    let mut made = Vec::new();
    for (id, protocol) in [(1, "telnet"), (2, "websocket"), (3, "ajax"), (4, "ssh")] {
        story.connect(id, protocol, "192.0.2.1");
        story.types(id, 1, &format!("create Player{id} rose garden"));
        story.types(id, 2, "yes");
        made.push(story.heard().contains("was created"));
    }
    assert_eq!(made, [true, true, true, false]);
    story.types(4, 3, "connect guest");
    assert!(
        story.heard().contains("Too many accounts were made"),
        "guests are counted, too: {}",
        story.heard()
    );
    story.connect(5, "telnet", "192.0.2.2");
    story.types(5, 1, "connect guest");
    assert!(story.heard().contains("You become"));
}

#[test]
fn there_are_only_so_many_bans() {
    let mut story = Story::new(Rules::default());
    let hour = NOW + Duration::from_secs(3600);
    for number in 0..1000 {
        story.ban(&format!("name{number}"), Some(hour));
    }
    let one_more = Ban {
        who: Banned::new("name1000"),
        reason: String::new(),
        by: "Cleo".into(),
        since: NOW,
        until: None,
    };
    assert!(story.world.ban(one_more.clone()).unwrap_err().to_string().contains("1000 bans"));
    story.now = hour;
    story.handle(ToServer::Disconnect(SessionId(99)));
    assert!(story.world.ban(one_more).is_ok(), "those that have ended make room");
}
