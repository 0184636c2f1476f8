//! A whole game in one process, for tests: telnet codec, link codec, world and store are the real ones; sockets,
//! threads and clocks are left out. Hashing is cheap, and time moves only when told to.

mod diff;
mod transcript;
pub use transcript::transcript;

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use meadow_link::{
    CommandTuple, Flag, RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer,
    amp::{Codec, Incoming, LinkMessage, LinkReader, LinkWriter},
};
use meadow_protocol::{
    Outbox, Protocol, Render,
    telnet::{Telnet, TelnetSettings},
};
use meadow_server::{
    jobs::{self, HashCost},
    store::MemoryStore,
};
use meadow_world::{AccountId, Job, JobResult, Store, World, WorldBuilder};

use crate::Setup;

/// What every player of a [`TestGame`] has as a password.
pub const PASSWORD: &str = "correct horse";

/// A game with its players, all in this process.
///
/// ```
/// let mut game = meadow::TestGame::new(|world| {
///     world.at_initial_setup(|world| {
///         let new = meadow::NewObject { key: "Nowhere", typeclass: "default.Room", ..Default::default() };
///         let room = world.create(new)?;
///         world.set_start_location(room);
///         Ok(())
///     });
/// });
/// game.login("Anna");
/// assert_eq!(game.line("Anna", "say hello"), "You say, \"hello\"");
/// ```
pub struct TestGame {
    setup: Setup,
    world: World,
    store: MemoryStore,
    now: Time,
    players: BTreeMap<String, Player>,
    next_session: u64,
    lines: Link,
    asked: Vec<ToPortal>,
    /// What the Server said of inputs that are part of what is stored.
    applied: Vec<(SessionId, u64)>,
    /// Whether nobody hears what the Server says: it is about to die.
    unheard: bool,
    batch_files: BTreeMap<String, String>,
}

/// One connection.
struct Player {
    session: SessionId,
    sync: SessionSync,
    telnet: Telnet,
    out: Outbox,
    seq: u64,
    /// Inputs that the Server has not said to be done.
    pending: VecDeque<(u64, CommandTuple)>,
    open: bool,
    unread: Vec<u8>,
    told: Vec<CommandTuple>,
}

/// Both directions of the link, through the codec that the processes use.
struct Link {
    to_server: (LinkWriter<ToServer>, LinkReader<ToServer>),
    to_portal: (LinkWriter<ToPortal>, LinkReader<ToPortal>),
}

impl TestGame {
    /// A new game.
    ///
    /// # Panics
    /// The game's world can't be built.
    pub fn new(setup: Setup) -> TestGame {
        let now = Time::from_unix_seconds(1_800_000_000.0);
        let store = MemoryStore::new();
        let world = load(setup, &store, now);
        let mut game = TestGame {
            setup,
            world,
            store,
            now,
            players: BTreeMap::new(),
            next_session: 1,
            lines: Link::new(),
            asked: Vec::new(),
            applied: Vec::new(),
            unheard: false,
            batch_files: BTreeMap::new(),
        };
        game.tell_server(&ToServer::Sync {
            mode: RestartMode::Shutdown,
            portal_start: now,
            sessions: Vec::new(),
        });
        game
    }

    /// Somebody connects and has seen the first screen. A name that is connected already is hung up first.
    pub fn connect(&mut self, name: &str) {
        self.hang_up(name);
        let session = SessionId(self.next_session);
        self.next_session += 1;
        let mut settings = TelnetSettings::default();
        settings.flags.set(Flag::Ansi, false);
        let mut player = Player {
            session,
            sync: SessionSync::new(session, "telnet", "192.0.2.1", self.now),
            telnet: Telnet::new(settings),
            out: Outbox::new(),
            seq: 0,
            pending: VecDeque::new(),
            open: true,
            unread: Vec::new(),
            told: Vec::new(),
        };
        player.telnet.connect(self.now, &mut player.out);
        player.sync.flags = player.telnet.flags().clone();
        let sync = player.sync.clone();
        self.players.insert(name.to_owned(), player);
        self.tell_server(&ToServer::Connect(sync));
        self.read(name);
    }

    /// Somebody connects, makes an account of their name with [`PASSWORD`] if there is none, and logs in. What they
    /// saw of it is read already.
    ///
    /// # Panics
    /// They could not log in.
    pub fn login(&mut self, name: &str) {
        self.account(name);
        self.connect(name);
        let seen = self.line(name, &format!("connect \"{name}\" \"{PASSWORD}\""));
        let logged_in = self.players[name].sync.logged_in;
        assert!(logged_in, "{name} could not log in:\n{seen}");
    }

    /// Gives somebody's account a permission; `superuser` passes every lock. The account is made if need be.
    ///
    /// ```
    /// # let mut game = meadow::TestGame::new(|_| ());
    /// game.permit("Cleo", "Builder");
    /// game.permit("Dan", "superuser");
    /// game.login("Cleo");
    /// assert!(game.line("Cleo", "help @dig").starts_with("Help for @dig"));
    /// ```
    pub fn permit(&mut self, name: &str, permission: &str) {
        let account = self.account(name);
        match permission {
            "superuser" => self.world[account].is_superuser = true,
            _ => self.world[account].permissions.push(permission.into()),
        }
        self.settle();
    }

    /// Somebody types a line; gives back what they see of it, without colours, and with anything that they had not
    /// read yet before it.
    pub fn line(&mut self, name: &str, line: &str) -> String {
        self.bytes(name, format!("{line}\r\n").as_bytes());
        self.read(name)
    }

    /// Bytes come from somebody's client.
    ///
    /// ```
    /// # let mut game = meadow::TestGame::new(|_| ());
    /// game.connect("Anna");
    /// // A line, and IAC DO ECHO.
    /// game.bytes("Anna", b"quit\r\n");
    /// assert!(!game.is_connected("Anna"));
    /// ```
    pub fn bytes(&mut self, name: &str, bytes: &[u8]) {
        let now = self.now;
        let player = self.player(name);
        player.telnet.receive(now, bytes, &mut player.out);
        let inputs = player.out.take_inputs();
        player.collect();
        for tuple in inputs {
            self.input(name, tuple);
        }
    }

    /// Out-of-band data comes from somebody's client.
    ///
    /// ```
    /// use meadow::{TestGame, tuple};
    ///
    /// let mut game = TestGame::new(|world| {
    ///     world.raw_inputfunc("ping", "Is answered.", |world, session, _| {
    ///         world.msg(session, tuple("pong"));
    ///         Ok(())
    ///     });
    /// });
    /// game.connect("Anna");
    /// game.take_tuples("Anna");
    /// game.input("Anna", tuple("ping"));
    /// assert_eq!(game.take_tuples("Anna"), [tuple("pong")]);
    /// ```
    pub fn input(&mut self, name: &str, tuple: CommandTuple) {
        let player = self.player(name);
        player.seq += 1;
        player.pending.push_back((player.seq, tuple.clone()));
        let message = ToServer::Input { session: player.session, seq: player.seq, tuple };
        self.tell_server(&message);
    }

    /// What somebody has been shown since they last read, as text without colours or trailing space.
    pub fn read(&mut self, name: &str) -> String {
        let player = self.player(name);
        plain(&std::mem::take(&mut player.unread))
    }

    /// Every commandtuple that somebody has been sent since this was last asked, before any protocol made bytes of it.
    pub fn take_tuples(&mut self, name: &str) -> Vec<CommandTuple> {
        std::mem::take(&mut self.player(name).told)
    }

    /// Whether the game still has somebody's connection open.
    pub fn is_connected(&self, name: &str) -> bool {
        self.players.get(name).is_some_and(|player| player.open)
    }

    /// Somebody's connection breaks.
    pub fn hang_up(&mut self, name: &str) {
        if let Some(player) = self.players.remove(name) {
            self.tell_server(&ToServer::Disconnect(player.session));
        }
    }

    /// Time passes, and what becomes due happens when it is due.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # let mut game = meadow::TestGame::new(|_| ());
    /// game.connect("Anna");
    /// game.world().after(Duration::from_secs(60), |world| world.msg_all("A minute has passed."));
    /// game.advance(Duration::from_secs(59));
    /// assert_eq!(game.read("Anna"), "");
    /// game.advance(Duration::from_secs(1));
    /// assert_eq!(game.read("Anna"), "A minute has passed.");
    /// ```
    pub fn advance(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(at) = self.world.next_at().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.world.advance(self.now);
            self.settle();
        }
        self.now = end;
        self.world.advance(end);
        self.settle();
    }

    /// The Server stops and another starts: the world is what was stored, the connections stay.
    pub fn reload(&mut self) {
        self.tell_server(&ToServer::Stop(RestartMode::Reload));
        self.restart(RestartMode::Reload);
    }

    /// The Server dies without a word, and another starts with what was stored.
    ///
    /// ```
    /// # let mut game = meadow::TestGame::new(|_| ());
    /// game.world().set_config("season", "autumn");
    /// game.crash();
    /// assert_eq!(game.world().config("season"), None, "the step had not ended");
    /// ```
    pub fn crash(&mut self) {
        self.restart(RestartMode::Crash);
    }

    /// Somebody types a line, and the Server dies when what it changes is stored, before the Portal or anybody has heard
    /// of it; another starts. Gives back what they see then.
    pub fn crash_after(&mut self, name: &str, line: &str) -> String {
        self.unheard = true;
        self.bytes(name, format!("{line}\r\n").as_bytes());
        self.unheard = false;
        self.crash();
        self.read(name)
    }

    /// From now on there is a file `NAME.ev` in the folder `batch`.
    ///
    /// ```
    /// # let mut game = meadow::TestGame::new(|_| ());
    /// game.batch_file("attic", "@dig/teleport Attic");
    /// game.permit("Cleo", "superuser");
    /// game.login("Cleo");
    /// assert!(game.line("Cleo", "@batchcommands attic").starts_with("Running the batch attic"));
    /// ```
    pub fn batch_file(&mut self, name: &str, text: &str) {
        self.batch_files.insert(name.to_owned(), text.to_owned());
    }

    /// What the game has asked of the Portal since this was last asked: to reload, to shut down.
    pub fn take_requests(&mut self) -> Vec<ToPortal> {
        std::mem::take(&mut self.asked)
    }

    /// The world itself.
    pub fn world(&mut self) -> &mut World {
        &mut self.world
    }

    fn restart(&mut self, mode: RestartMode) {
        self.world = load(self.setup, &self.store, self.now);
        let sessions = self.players.values().filter(|player| player.open).map(|player| player.sync.clone());
        let sessions = sessions.collect();
        self.tell_server(&ToServer::Sync { mode, portal_start: self.now, sessions });
        // As the Portal does: what is not part of what is stored is said once more.
        let applied: BTreeMap<SessionId, u64> = std::mem::take(&mut self.applied).into_iter().collect();
        let mut again = Vec::new();
        for player in self.players.values_mut().filter(|player| player.open) {
            let (session, last) = (player.session, applied.get(&player.session).copied().unwrap_or(0));
            player.pending.retain(|(seq, _)| *seq > last);
            let pending = player.pending.iter().cloned();
            again.extend(pending.map(|(seq, tuple)| ToServer::Input { session, seq, tuple }));
        }
        again.iter().for_each(|message| self.tell_server(message));
    }

    fn player(&mut self, name: &str) -> &mut Player {
        self.players.get_mut(name).unwrap_or_else(|| panic!("{name} is not connected"))
    }

    fn tell_server(&mut self, message: &ToServer) {
        for message in carry(&mut self.lines.to_server, std::slice::from_ref(message)) {
            self.world.handle(self.now, message);
        }
        self.settle();
    }

    /// The account of this name, made if need be.
    fn account(&mut self, name: &str) -> AccountId {
        if let Some(account) = self.world.account_named(name) {
            return account;
        }
        let hash = jobs::cheap_hash(PASSWORD).expect("cheap hashes can be made");
        let account = self.world.create_account_unchecked(name, &hash).expect("the account can be made");
        self.settle();
        account
    }

    /// Stores what has changed, then lets out what was said, as the Server does; until nothing more comes.
    fn settle(&mut self) {
        loop {
            let step = self.world.take_step();
            if !step.batch.is_empty() {
                self.store.apply(&step.batch).expect("a store in memory takes everything");
            }
            let out = if self.unheard { Vec::new() } else { step.out };
            for message in carry(&mut self.lines.to_portal, &out) {
                self.hear(message);
            }
            if step.jobs.is_empty() {
                return;
            }
            for (id, job) in step.jobs {
                let file = match &job {
                    Job::ReadBatch { name } => self.batch_files.get(name).cloned(),
                    _ => None,
                };
                let result = file.map_or_else(|| jobs::run(job, HashCost::Cheap), JobResult::Batch);
                self.world.job_done(self.now, id, result);
            }
        }
    }

    fn hear(&mut self, message: ToPortal) {
        match message {
            ToPortal::Output { sessions, tuple } => {
                let shown = tuple.shown();
                let mut render = Render::new(&shown);
                for player in self.players.values_mut().filter(|player| sessions.contains(&player.session)) {
                    player.told.push(tuple.clone());
                    player.telnet.send(&tuple, &mut render, &mut player.out);
                    player.collect();
                }
            }
            ToPortal::Login { session, uid, uname } => {
                if let Some(player) = self.by_session(session) {
                    player.sync.logged_in = true;
                    player.sync.uid = Some(uid);
                    player.sync.uname = Some(uname);
                }
            }
            ToPortal::SessionSync { sessions, .. } => {
                for sync in sessions {
                    if let Some(player) = self.by_session(sync.id) {
                        player.sync = sync;
                    }
                }
            }
            ToPortal::Flags { session, changed } => {
                if let Some(player) = self.by_session(session) {
                    player.sync.flags.apply(&changed);
                    player.telnet.set_flags(player.sync.flags.clone());
                }
            }
            ToPortal::Disconnect { session, reason } => {
                if let Some(player) = self.by_session(session) {
                    player.telnet.disconnect(&reason, &mut player.out);
                    player.collect();
                    player.open = false;
                }
            }
            ToPortal::Acks(acks) => {
                for (session, seq) in acks {
                    if let Some(player) = self.by_session(session) {
                        player.pending.retain(|(pending, _)| *pending > seq);
                    }
                }
            }
            ToPortal::Ready { applied } => self.applied = applied,
            ToPortal::Sync { .. } | ToPortal::Census(_) => {}
            other => self.asked.push(other),
        }
    }

    fn by_session(&mut self, session: SessionId) -> Option<&mut Player> {
        self.players.values_mut().find(|player| player.session == session)
    }
}

impl Player {
    fn collect(&mut self) {
        self.unread.extend_from_slice(self.out.bytes());
        self.out.clear_bytes();
    }
}

impl Link {
    fn new() -> Link {
        fn ends<M: LinkMessage>() -> (LinkWriter<M>, LinkReader<M>) {
            let mut reader = LinkReader::new();
            reader.settle(Codec::Native);
            (LinkWriter::new(Codec::Native), reader)
        }
        Link { to_server: ends(), to_portal: ends() }
    }
}

/// Sends messages through the codec, as the two processes would.
fn carry<M: LinkMessage>((writer, reader): &mut (LinkWriter<M>, LinkReader<M>), messages: &[M]) -> Vec<M> {
    for message in messages {
        writer.write(message).expect("every message can be written");
    }
    while let Some(bytes) = writer.take() {
        reader.feed(&bytes);
    }
    let mut carried = Vec::new();
    while let Some(incoming) = reader.next().expect("what was written can be read") {
        if let Incoming::Message(message) = incoming {
            carried.push(message);
        }
    }
    carried
}

fn load(setup: Setup, store: &MemoryStore, now: Time) -> World {
    let mut builder = WorldBuilder::new("Test Game");
    setup(&mut builder);
    let snapshot = store.clone().load().expect("a store in memory can be read");
    builder.load(snapshot, now).unwrap_or_else(|error| panic!("{error}"))
}

/// Text without telnet commands and carriage returns, and without space at its end.
fn plain(bytes: &[u8]) -> String {
    const IAC: u8 = 255;
    let mut text = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter().copied();
    while let Some(byte) = rest.next() {
        match byte {
            IAC => match rest.next() {
                Some(IAC) => text.push(IAC),
                Some(251..=254) => drop(rest.next()),
                _ => {}
            },
            b'\r' => {}
            byte => text.push(byte),
        }
    }
    String::from_utf8_lossy(&text).trim_end().to_owned()
}
