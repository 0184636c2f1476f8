//! Sessions from their first word to their last: restarts of the Server at a bad moment, hooks that break, and what
//! clients send that is no text.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use meadow_link::{CommandTuple, RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer, text, tuple};
use meadow_world::{
    AccountRow, Batch, Conversation, Cx, Job, JobId, JobResult, NewObject, Next, ObjectId, ObjectRow,
    RecordRow, Result, Rules, Secret, Snapshot, Typeclass, World, WorldBuilder, bug,
    default::DefaultCharacter,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

const NOW: Time = Time::from_micros(1_000_000);

/// A character whose hooks break when its attribute `cursed` names them.
struct Cursed;

impl Typeclass for Cursed {
    fn path(&self) -> &'static str {
        "test.Cursed"
    }

    fn base(&self) -> &'static dyn Typeclass {
        &DefaultCharacter
    }

    fn at_pre_puppet(&self, world: &mut World, me: ObjectId) -> Result {
        match world[me].db.str("cursed") {
            Some("puppet") => Err(bug("the table of curses is empty")),
            Some("puppet panic") => panic!("a curse"),
            _ => self.base().at_pre_puppet(world, me),
        }
    }

    fn at_pre_unpuppet(&self, world: &mut World, me: ObjectId) {
        assert_ne!(world[me].db.str("cursed"), Some("unpuppet"), "a curse");
    }
}

/// Keeps what it is told. The line after `secret` is one.
#[derive(Default, Serialize, Deserialize)]
struct Notes(Vec<String>);

impl Conversation for Notes {
    const NAME: &'static str = "notes";

    fn start(&mut self, _cx: &mut Cx<'_>) -> Result<Next> {
        Ok(Next::Stay)
    }

    fn line(&mut self, cx: &mut Cx<'_>, _typed: &str) -> Result<Next> {
        match cx.args.as_str() {
            "pass" => return Ok(Next::Pass),
            "end" => return Ok(Next::End),
            "job" => {
                let work = Job::VerifyPassword { hash: "".into(), password: Secret(String::new()) };
                cx.world.job_of(cx.session()?, work, |_, _| {});
            }
            "more" => cx.begin(Notes::default())?,
            _ => {}
        }
        self.0.push(cx.args.clone());
        Ok(Next::Stay)
    }

    fn resume(&mut self, cx: &mut Cx<'_>) -> Result<Next> {
        cx.msg(format!("noted: {}", self.0.join(" ")));
        Ok(Next::Stay)
    }

    fn is_secret(&self) -> bool {
        self.0.last().is_some_and(|last| last == "secret")
    }
}

/// A world with a store behind it, and what it has said since it was last asked.
struct Story {
    world: World,
    kept: Kept,
    out: Vec<ToPortal>,
    jobs: Vec<(JobId, Job)>,
    batch: Batch,
}

#[derive(Default)]
struct Kept {
    objects: BTreeMap<u64, ObjectRow>,
    accounts: BTreeMap<u64, AccountRow>,
    config: BTreeMap<String, String>,
    records: BTreeMap<(String, u64), RecordRow>,
}

impl Story {
    fn new() -> Story {
        let world = load(Snapshot::default());
        let mut story = Story {
            world,
            kept: Kept::default(),
            out: Vec::new(),
            jobs: Vec::new(),
            batch: Batch::default(),
        };
        story.settle();
        story
    }

    fn handle(&mut self, message: ToServer) {
        self.world.handle(NOW, message);
    }

    /// Stores what has changed, and takes what is said.
    fn settle(&mut self) {
        let step = self.world.take_step();
        self.kept.objects.extend(step.batch.objects.iter().map(|row| (row.id, row.clone())));
        self.kept.accounts.extend(step.batch.accounts.iter().map(|row| (row.id, row.clone())));
        self.kept.config.extend(step.batch.config.iter().cloned());
        let records = step.batch.records.iter().map(|row| ((row.kind.clone(), row.id), row.clone()));
        self.kept.records.extend(records);
        for deleted in &step.batch.deleted_records {
            self.kept.records.remove(deleted);
        }
        self.batch = step.batch;
        self.out = step.out;
        self.jobs = step.jobs;
    }

    fn connect(&mut self, session: u64) {
        self.handle(ToServer::Connect(SessionSync::new(SessionId(session), "telnet", "192.0.2.1", NOW)));
        self.settle();
    }

    /// Makes an account, if there is none of this name, and logs a session in to it.
    fn log_in(&mut self, session: u64, name: &str) -> ObjectId {
        let account = match self.world.account_named(name) {
            Some(account) => account,
            None => self.world.create_account_unchecked(name, "hash").unwrap(),
        };
        self.connect(session);
        self.world.login(SessionId(session), account);
        self.settle();
        self.world.account(account).unwrap().characters[0]
    }

    fn types(&mut self, session: u64, seq: u64, line: &str) {
        self.gives(session, seq, text(line));
    }

    fn gives(&mut self, session: u64, seq: u64, tuple: CommandTuple) {
        self.handle(ToServer::Input { session: SessionId(session), seq, tuple });
    }

    fn hangs_up(&mut self, session: u64) {
        self.handle(ToServer::Disconnect(SessionId(session)));
    }

    /// What one session has been shown.
    fn shown(&self, session: u64) -> Vec<String> {
        let shown = self.out.iter().filter_map(|message| match message {
            ToPortal::Output { sessions, tuple } if sessions.contains(&SessionId(session)) => {
                Some(tuple.shown().into_owned())
            }
            _ => None,
        });
        shown.collect()
    }

    /// What the Portal was last told to keep of a session.
    fn synced(&self, session: u64) -> Option<SessionSync> {
        let syncs = self.out.iter().filter_map(|message| match message {
            ToPortal::SessionSync { sessions, .. } => Some(sessions),
            _ => None,
        });
        syncs.flatten().rfind(|sync| sync.id == SessionId(session)).cloned()
    }

    /// What is stored of sessions, by their numbers.
    fn states(&self) -> Vec<(u64, &str)> {
        let states = self.kept.records.values().filter(|row| row.kind == "session");
        states.map(|row| (row.id, row.data.as_str())).collect()
    }

    /// The Server dies, and another takes over these sessions.
    fn crash(&mut self, sessions: Vec<SessionSync>) {
        self.world = load(Snapshot {
            objects: self.kept.objects.values().cloned().collect(),
            accounts: self.kept.accounts.values().cloned().collect(),
            config: self.kept.config.clone().into_iter().collect(),
            records: self.kept.records.values().cloned().collect(),
            ..Snapshot::default()
        });
        self.handle(ToServer::Sync { mode: RestartMode::Crash, portal_start: NOW, sessions });
        self.settle();
    }
}

fn load(snapshot: Snapshot) -> World {
    let mut builder = WorldBuilder::new("t");
    builder.typeclass(&Cursed).character_typeclass(&Cursed).conversation::<Notes>();
    builder.rules(Rules { logins_per_address: 1, linkdead: Duration::ZERO, ..Rules::default() });
    builder.at_initial_setup(|world| {
        let room =
            world.create(NewObject { key: "Room", typeclass: "default.Room", ..NewObject::default() })?;
        world.set_start_location(room);
        Ok(())
    });
    builder.load(snapshot, NOW).unwrap()
}

fn curse(story: &mut Story, body: ObjectId, what: &str) {
    story.world[body].db.set("cursed", what).unwrap();
}

#[test]
fn a_body_is_free_again_though_its_hook_breaks_when_its_player_hangs_up() {
    let mut story = Story::new();
    let body = story.log_in(1, "anna");
    curse(&mut story, body, "unpuppet");
    story.hangs_up(1);
    assert!(story.world[body].sessions().is_empty());
    story.log_in(2, "anna");
    assert_eq!(story.world.session(SessionId(2)).unwrap().puppet(), Some(body));
}

#[test]
fn a_hook_that_breaks_at_a_login_is_no_secret_of_the_game_and_keeps_nobody_waiting() {
    let mut story = Story::new();
    for (name, what) in [("anna", "puppet"), ("bert", "puppet panic")] {
        let account = story.world.create_account_unchecked(name, "hash").unwrap();
        let body = story.world.account(account).unwrap().characters[0];
        curse(&mut story, body, what);
    }
    for session in 1..=3 {
        story.connect(session);
    }
    for (session, name) in [(1, "anna"), (2, "bert"), (3, "carl")] {
        story.types(session, 1, &format!("connect {name} secret"));
    }
    story.settle();
    for session in 1..=2 {
        // One address may fail once, so one is checked at a time, and the others wait for it.
        let [(job, _)] = story.jobs[..] else { panic!("nobody is checked in turn {session}") };
        story.world.job_done(NOW, job, JobResult::Verified(true));
        story.settle();
        let shown = story.shown(session).concat();
        assert!(shown.contains("Something broke.") && !shown.contains("curse"), "{shown}");
    }
    assert_eq!(story.jobs.len(), 1, "the third has their turn");
}

#[test]
fn who_hangs_up_while_waiting_for_a_login_waits_no_more() {
    let mut story = Story::new();
    (1..=3).for_each(|session| story.connect(session));
    (1..=3).for_each(|session| story.types(session, 1, "connect anna secret"));
    story.hangs_up(2);
    story.settle();
    for session in [1, 3] {
        let [(job, _)] = story.jobs[..] else { panic!("one is checked at a time") };
        story.world.job_done(NOW, job, JobResult::Failed("a test".into()));
        story.settle();
        assert!(
            story.shown(session).concat().contains("can't be checked now"),
            "it is the turn of {session}"
        );
    }
    assert!(story.jobs.is_empty());
}

#[test]
fn who_is_in_a_body_that_was_left_when_the_server_died_enters_it_again() {
    let mut story = Story::new();
    let body = story.log_in(1, "anna");
    let sync = story.synced(1).unwrap();
    assert_eq!(sync.puid, Some(body.0));
    let room = story.world[body].location();
    story.types(1, 1, "ooc");
    story.settle();
    assert_eq!(story.world[body].location(), None);
    // It is stored, but the Portal did not hear of it; and nothing else is known, as in a database of before.
    story.kept.records.clear();
    story.crash(vec![sync]);
    assert_eq!(story.world[body].location(), room);
    assert_eq!(story.world.session(SessionId(1)).unwrap().puppet(), Some(body));
    assert_eq!(story.world[body].sessions(), [SessionId(1)]);
}

#[test]
fn what_is_stored_of_a_session_counts_if_it_is_newer() {
    let mut story = Story::new();
    let body = story.log_in(1, "anna");
    story.world.begin(SessionId(1), Notes::default()).unwrap();
    story.settle();
    let early = story.synced(1).unwrap();
    for (seq, line) in [(1, "one"), (2, "two")] {
        story.types(1, seq, line);
        story.settle();
    }
    let late = story.synced(1).unwrap();
    story.crash(vec![early]);
    assert_eq!(story.shown(1), ["noted: one two"], "whoever has not heard of it is told");
    let told = story.synced(1).unwrap();
    assert_eq!(told.server_data["_conversations"], late.server_data["_conversations"]);
    assert_eq!(told.puid, Some(body.0));
    story.crash(vec![late]);
    // The Portal knew all of it; the player is shown what waits.
    assert_eq!(story.shown(1), ["noted: one two"]);

    // A step that says nothing of itself, and one that ends it.
    let before = story.synced(1);
    story.types(1, 3, "pass");
    story.settle();
    assert!(before.is_none() && story.synced(1).is_none() && story.batch.is_empty(), "nothing has changed");
    story.types(1, 4, "end");
    story.settle();
    assert_eq!(story.batch.applied, [(SessionId(1), 4)], "what changes only that is not done twice either");
    story.crash(vec![told]);
    assert!(!story.world.is_conversing(SessionId(1)));
}

#[test]
fn what_another_portal_calls_by_the_same_number_is_another_session() {
    let mut story = Story::new();
    story.log_in(1, "anna");
    assert_eq!(story.states().len(), 1);
    let mut stranger = SessionSync::new(SessionId(1), "telnet", "192.0.2.1", NOW);
    stranger.conn_time = NOW + Duration::from_micros(1);
    story.crash(vec![stranger]);
    assert_eq!(story.world.session(SessionId(1)).unwrap().account(), None);
    assert!(story.states().is_empty());
}

#[test]
fn what_is_stored_of_a_session_goes_when_the_portal_says_that_it_is_gone() {
    let mut story = Story::new();
    for session in 1..=3 {
        story.log_in(session, "anna");
    }
    story.types(1, 1, "quit");
    story.settle();
    assert!(
        story.states().iter().any(|(id, data)| *id == 1 && data.contains("ended")),
        "{:?}",
        story.states()
    );
    story.hangs_up(1);
    story.settle();
    story.world.set_config("season", "spring");
    story.settle();
    let kept = |story: &Story| story.states().iter().map(|(id, _)| *id).collect::<Vec<_>>();
    assert_eq!(kept(&story), [2, 3]);
    let sync = SessionSync::new(SessionId(3), "telnet", "192.0.2.1", NOW);
    story.crash(vec![sync]);
    assert_eq!(kept(&story), [3], "the second was gone when the Server came back");
    story.world.disconnect(SessionId(3), "Out!");
    story.settle();
    assert_eq!(kept(&story), [3]);
    story.crash(vec![SessionSync::new(SessionId(3), "telnet", "192.0.2.1", NOW)]);
    let again = |said: &ToPortal| matches!(said, ToPortal::Disconnect { reason, .. } if reason == "Out!");
    assert!(story.out.iter().any(again), "{:?}", story.out);
}

#[test]
fn no_secret_is_stored() {
    let mut story = Story::new();
    story.log_in(1, "anna");
    story.world.begin(SessionId(1), Notes::default()).unwrap();
    story.settle();
    for (seq, line) in ["open", "secret", "xyzzy", "more", "after"].into_iter().enumerate() {
        story.types(1, seq as u64 + 1, line);
        story.settle();
        let (stored, told) = (story.states()[0].1.to_owned(), json!(story.synced(1).unwrap().server_data));
        assert_eq!(stored.contains("open"), seq < 2, "{stored}");
        assert!(!stored.contains("xyzzy"), "{stored}");
        assert_eq!(told.to_string().contains("xyzzy"), seq >= 2, "{told}");
    }
    assert!(story.states()[0].1.contains("after"), "what it begins later has not heard it");
}

#[test]
fn a_session_that_waits_for_a_job_is_in_the_middle_of_its_input() {
    let mut story = Story::new();
    story.log_in(1, "anna");
    story.world.begin(SessionId(1), Notes::default()).unwrap();
    story.settle();
    let sync = story.synced(1).unwrap();
    story.types(1, 1, "job");
    story.settle();
    assert!(story.synced(1).is_none() && !story.states()[0].1.contains("job"), "{:?}", story.states());
    let (job, _) = story.jobs[0];
    story.world.job_done(NOW, job, JobResult::Verified(true));
    story.settle();
    assert_eq!(story.batch.applied, [(SessionId(1), 1)]);
    assert!(story.states()[0].1.contains("job"));
    story.crash(vec![sync]);
    assert_eq!(story.shown(1), ["noted: job"]);
}

#[test]
fn what_a_session_does_outside_of_conversations_is_no_matter_of_its_state() {
    let mut story = Story::new();
    story.log_in(1, "anna");
    for (seq, line) in ["look", "say hello", "who", "hfuwh", "help look"].into_iter().enumerate() {
        story.types(1, seq as u64 + 1, line);
        story.settle();
        assert!(story.batch.is_empty() && story.synced(1).is_none(), "{line}: {:?}", story.batch);
    }
}

#[test]
fn what_a_session_did_is_on_record_until_the_portal_says_that_it_is_gone() {
    let mut story = Story::new();
    story.log_in(1, "anna");
    story.types(1, 1, "setdesc A woman with a straw hat.");
    story.types(1, 2, "quit");
    story.settle();
    assert_eq!(story.batch.applied, [(SessionId(1), 2)]);
    assert!(story.batch.forgotten.is_empty(), "the Portal may still send it again");
    story.hangs_up(1);
    story.world.set_config("season", "spring");
    story.settle();
    assert_eq!(story.batch.forgotten, [SessionId(1)]);
}

#[test]
fn a_session_that_changes_something_and_hangs_up_leaves_no_record() {
    let mut story = Story::new();
    story.log_in(1, "anna");
    story.types(1, 1, "setdesc A woman with a straw hat.");
    story.hangs_up(1);
    story.settle();
    assert_eq!(
        (&story.batch.applied[..], &story.batch.forgotten[..]),
        (&[(SessionId(1), 1)][..], &[SessionId(1)][..])
    );
}

#[test]
fn strangers_who_come_and_go_leave_nothing_to_be_forgotten() {
    let mut story = Story::new();
    for session in 1..=100 {
        story.connect(session);
        story.hangs_up(session);
    }
    story.world.set_config("season", "spring");
    story.settle();
    assert!(story.batch.forgotten.is_empty(), "nothing of them was stored");
}

#[test]
fn what_is_said_in_several_lines_is_heard_as_one() {
    let mut story = Story::new();
    story.log_in(1, "anna");
    story.log_in(2, "bert");
    for (seq, line) in ["say a\nbert says, \"b", ":a\nb", "whisper bert = a\nb"].iter().enumerate() {
        story.types(1, seq as u64 + 1, line);
        story.settle();
        let heard = story.shown(2);
        assert!(matches!(&heard[..], [one] if one.contains('a') && !one.contains('\n')), "{heard:?}");
    }
}

#[test]
fn the_name_of_a_client_is_at_its_limit_or_cut() {
    let mut story = Story::new();
    story.connect(1);
    let mut name_of = |seq, name: &str, version: &str| {
        story.gives(1, seq, tuple("client_options").kw("client", name).kw("version", version));
        story.settle();
        story.world.session(SessionId(1)).unwrap().flags.clientname.to_string()
    };
    let longest = "x".repeat(60);
    assert_eq!(name_of(1, &longest, "1.2"), format!("{longest} 1.2"), "at the limit");
    assert_eq!(name_of(2, &longest, "1.23"), format!("{longest} 1.2"), "one past it");
    assert_eq!(name_of(3, "\u{1b}[2Jx", "\n1"), "[2Jx 1");
}

#[test]
fn who_a_job_was_done_for_hears_that_its_end_broke() {
    let mut story = Story::new();
    story.connect(1);
    let hash = Job::VerifyPassword { hash: "".into(), password: meadow_world::Secret(String::new()) };
    let job = story.world.job_of(SessionId(1), hash, |_, _| panic!("a bug of the game"));
    story.world.job_done(NOW, job, JobResult::Verified(false));
    story.settle();
    assert!(story.shown(1).concat().starts_with("Something broke."), "{:?}", story.shown(1));
}

#[test]
fn an_action_that_goes_on_without_a_pause_lets_others_have_their_turn() {
    fn again(world: &mut World) {
        let count: u32 = world.config("count").unwrap_or("0").parse().unwrap();
        assert!(count < 10, "it goes on and on");
        world.set_config("count", (count + 1).to_string());
        world.after(Duration::ZERO, again);
    }
    let mut story = Story::new();
    story.world.after(Duration::ZERO, again);
    for count in ["1", "2"] {
        story.world.advance(NOW);
        assert_eq!(story.world.config("count"), Some(count));
    }
}

/// Keeps what is logged at the levels that are on by default.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        *metadata.level() <= tracing::Level::INFO
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Fields<'a>(&'a mut String);
        impl tracing::field::Visit for Fields<'_> {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0.push_str(&format!("{field}={value:?} "));
            }
        }
        event.record(&mut Fields(&mut self.0.lock().unwrap()));
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

#[test]
fn what_a_client_sends_that_cannot_be_read_stands_in_no_log() {
    let log = Log::default();
    tracing::subscriber::with_default(log.clone(), || {
        let mut story = Story::new();
        story.connect(1);
        for (seq, given) in [
            tuple("text").arg(json!(["connect anna hunter22"])),
            tuple("login").arg("hunter22"),
            tuple("get_value").arg(json!({"name": "hunter22"})),
            tuple("get_value").arg("hunter22"),
            tuple("hunter22"),
            text("connect \"anna hunter22"),
            text("conect anna hunter22"),
            text("create anna hunter22"),
            text("hunter22"),
        ]
        .into_iter()
        .enumerate()
        {
            story.gives(1, seq as u64 + 1, given);
        }
    });
    let logged = log.0.lock().unwrap();
    assert!(!logged.contains("hunter22"), "{logged}");
}
