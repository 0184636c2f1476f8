//! A world that is asked things, and is stored and read again.

use std::time::Duration;

use meadow_link::{
    ApiMethod, ApiQuestion, RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer, text,
};
use meadow_world::{AccountId, Batch, Job, JobResult, RecordRow, Snapshot, World, WorldBuilder};
use serde_json::Value;

pub(crate) const HERE: &str = "192.0.2.1";

/// A world with the accounts Anna, whose password is `rose garden`, and Root, a superuser with `oak alley`.
pub(crate) struct Game {
    pub(crate) world: World,
    pub(crate) now: Time,
    pub(crate) said: Vec<ToPortal>,
    pub(crate) address: &'static str,
    /// What the next Server is made with.
    pub(crate) setup: fn(&mut WorldBuilder),
    rows: Rows,
    asked: u64,
}

impl Game {
    pub(crate) fn new() -> Game {
        Game::with(|_| {})
    }

    pub(crate) fn with(setup: fn(&mut WorldBuilder)) -> Game {
        let now = Time::from_unix_seconds(1_800_000_000.0);
        let mut builder = WorldBuilder::new("Test");
        setup(&mut builder);
        let mut world = builder.load(Snapshot::default(), now).unwrap();
        world.create_account("Anna", "hash of rose garden").unwrap();
        world.make_superuser("Root", "hash of oak alley").unwrap();
        let (rows, said) = (Rows::default(), Vec::new());
        let mut game = Game { world, now, said, address: HERE, setup, rows, asked: 0 };
        game.settle();
        game
    }

    pub(crate) fn account(&self, name: &str) -> AccountId {
        self.world.account_named(name).unwrap()
    }

    /// Another Server takes over, with what is stored and nothing else.
    pub(crate) fn restart(&mut self) {
        self.take_over(RestartMode::Shutdown, Vec::new());
    }

    /// Another Server takes over, with what is stored and what the Portal has of these sessions.
    pub(crate) fn take_over(&mut self, mode: RestartMode, sessions: Vec<SessionSync>) {
        self.settle();
        let mut builder = WorldBuilder::new("Test");
        (self.setup)(&mut builder);
        self.world = builder.load(self.rows.0.clone(), self.now).unwrap();
        self.handle(ToServer::Sync { mode, portal_start: self.now, sessions });
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
        self.world.advance(self.now);
        self.settle();
    }

    pub(crate) fn handle(&mut self, message: ToServer) {
        self.world.handle(self.now, message);
        self.settle();
    }

    /// Does the jobs, stores what has changed, and takes what is said.
    fn settle(&mut self) {
        loop {
            let step = self.world.take_step();
            self.rows.apply(step.batch);
            self.said.extend(step.out);
            if step.jobs.is_empty() {
                return;
            }
            for (id, job) in step.jobs {
                let result = match job {
                    Job::VerifyPassword { hash, password } => {
                        JobResult::Verified(*hash == *format!("hash of {}", password.0))
                    }
                    Job::HashPassword { password } => JobResult::Hashed(format!("hash of {}", password.0)),
                    job => panic!("{job:?}"),
                };
                self.world.job_done(self.now, id, result);
            }
        }
    }

    pub(crate) fn ask_as(
        &mut self,
        login: Option<&str>,
        method: ApiMethod,
        name: &str,
        args: Value,
    ) -> (u16, Value) {
        self.said.clear();
        self.asked += 1;
        let Value::Object(args) = args else { panic!("{args}") };
        self.handle(ToServer::Api(ApiQuestion {
            id: self.asked,
            name: name.into(),
            method,
            address: self.address.into(),
            login: login.map(Into::into),
            browser: "Firefox".into(),
            args,
        }));
        let mut answers = self.said.iter().filter_map(|message| match message {
            ToPortal::ApiAnswer { id, status, body } if *id == self.asked => Some((*status, body.clone())),
            _ => None,
        });
        let answer = answers.next().unwrap_or_else(|| panic!("no answer: {:?}", self.said));
        assert_eq!(answers.next(), None, "one answer to one question");
        answer
    }

    pub(crate) fn ask(&mut self, login: &str, name: &str, args: Value) -> (u16, Value) {
        self.ask_as(Some(login), ApiMethod::Post, name, args)
    }

    /// Signs in; the token's digest is `key`.
    pub(crate) fn sign_in(&mut self, key: &str, name: &str, password: &str) -> (u16, Value) {
        self.ask(key, "signin", serde_json::json!({ "name": name, "password": password }))
    }

    /// Whether somebody is signed in with a token whose digest is `key`.
    pub(crate) fn is_signed_in(&mut self, key: &str) -> bool {
        let (status, who) = self.ask(key, "whoami", serde_json::json!({}));
        assert_eq!(status, 200, "{who}");
        !who["account"].is_null()
    }

    /// How many records of a kind are stored.
    pub(crate) fn stored(&self, kind: &str) -> usize {
        self.rows.count(kind)
    }

    pub(crate) fn connect(&mut self, id: u64, protocol: &str) {
        self.said.clear();
        let sync = SessionSync::new(SessionId(id), protocol, self.address, self.now);
        self.handle(ToServer::Connect(sync));
    }

    pub(crate) fn input(&mut self, id: u64, seq: u64, tuple: meadow_link::CommandTuple) -> String {
        self.said.clear();
        self.handle(ToServer::Input { session: SessionId(id), seq, tuple });
        self.heard()
    }

    pub(crate) fn line(&mut self, id: u64, seq: u64, line: &str) -> String {
        self.input(id, seq, text(line))
    }

    pub(crate) fn heard(&self) -> String {
        let texts = self.said.iter().filter_map(|message| match message {
            ToPortal::Output { tuple, .. } if tuple.name == "text" => tuple.first_str(),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// What a database would hold.
#[derive(Default)]
struct Rows(Snapshot);

impl Rows {
    fn apply(&mut self, batch: Batch) {
        let Snapshot { objects, accounts, records, config, .. } = &mut self.0;
        let changed = |id: u64| batch.objects.iter().any(|row| row.id == id);
        objects.retain(|row| !changed(row.id) && !batch.deleted_objects.contains(&row.id));
        let changed = |id: u64| batch.accounts.iter().any(|row| row.id == id);
        accounts.retain(|row| !changed(row.id) && !batch.deleted_accounts.contains(&row.id));
        let changed =
            |old: &RecordRow| batch.records.iter().any(|row| (&row.kind, row.id) == (&old.kind, old.id));
        records.retain(|row| !changed(row) && !batch.deleted_records.contains(&(row.kind.clone(), row.id)));
        config.retain(|(name, _)| !batch.config.iter().any(|(changed, _)| changed == name));
        objects.extend(batch.objects);
        accounts.extend(batch.accounts);
        records.extend(batch.records);
        config.extend(batch.config);
    }

    /// How many records of a kind there are.
    fn count(&self, kind: &str) -> usize {
        self.0.records.iter().filter(|row| row.kind == kind).count()
    }
}

pub(crate) fn error(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"].as_str().unwrap_or_default())
}
