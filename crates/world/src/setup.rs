//! How a game says what it is made of: typeclasses, commands, inputfuncs, rules. Read-only once it runs.

use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use meadow_link::{CommandTuple, SessionId, Time};
use serde::de::DeserializeOwned;

use crate::{
    Account, AccountTypeclass, Ban, Cmd, Commands, DefaultScript, Delay, GameTime, ObjectId, PanicReports,
    Prototype, Record, Result, Rules, Script, Snapshot, Typeclass, World, batch,
    changes::Changes,
    channels::{self, Channel, ChannelLine, ChannelTypeclass, DefaultChannel, NewChannel},
    cmdset::CmdSet,
    conversation,
    default::{
        self, DefaultAccount, DefaultCharacter, DefaultExit, DefaultGuest, DefaultObject, DefaultRoom,
    },
    editor,
    help::{HelpEntry, HelpTopic},
    inputfuncs::{self, Inputfunc, repeat::Repeatable, values::Values},
    monitors::{Monitor, MonitorFunction},
    pager,
    pages::Page,
    records::{NewTable, Records, new_table},
    sessionhandler::ServerSessionHandler,
    signals::Receivers,
    throttle::Throttle,
    tickers,
    timing::Registered,
};

/// Everything that is registered. A [`WorldBuilder`] makes it.
pub struct Registry {
    pub(crate) name: String,
    pub(crate) rules: Rules,
    pub(crate) panic_reports: PanicReports,
    pub(crate) connection_screen: String,
    pub(crate) typeclasses: HashMap<&'static str, &'static dyn Typeclass>,
    pub(crate) object_commands: HashMap<&'static str, Commands>,
    pub(crate) inputfuncs: HashMap<&'static str, Inputfunc>,
    pub(crate) values: Values,
    pub(crate) repeatable: HashMap<&'static str, Repeatable>,
    pub(crate) conversations: HashMap<&'static str, conversation::Kind>,
    pub(crate) menus: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    pub(crate) typing_timeout: Duration,
    pub(crate) unloggedin: Arc<Commands>,
    pub(crate) session: Arc<Commands>,
    pub(crate) account: Arc<Commands>,
    pub(crate) character: Arc<Commands>,
    /// For who goes through a batch.
    pub(crate) batch: Arc<Commands>,
    pub(crate) batches: BTreeMap<&'static str, &'static str>,
    pub(crate) character_typeclass: &'static str,
    pub(crate) channel_typeclasses: HashMap<&'static str, &'static dyn ChannelTypeclass>,
    pub(crate) default_channels: Vec<NewChannel<'static>>,
    pub(crate) help: Vec<HelpTopic>,
    pub(crate) prototypes: BTreeMap<String, Prototype>,
    pub(crate) game_time: GameTime,
    pub(crate) receivers: Receivers,
    pub(crate) timing: Registered,
    pub(crate) monitors: HashMap<&'static str, MonitorFunction>,
    pub(crate) account_typeclass: &'static dyn AccountTypeclass,
    pub(crate) guest_typeclass: &'static dyn AccountTypeclass,
    pub(crate) guest_names: Vec<String>,
    pub(crate) records: Vec<NewTable>,
    initial: Option<fn(&mut World) -> Result>,
}

impl Registry {
    /// The game's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rules in force.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The commands that an object of this kind brings along, if its kind or one that it builds on has any.
    pub(crate) fn commands_of(&self, kind: &'static dyn Typeclass, id: ObjectId) -> Option<Arc<Commands>> {
        let mut kind: &dyn Typeclass = kind;
        let commands = loop {
            match self.object_commands.get(kind.path()) {
                Some(commands) => break commands,
                None if kind.is_root() => return None,
                None => kind = kind.base(),
            }
        };
        let mut bound = CmdSet::new(commands.key.clone()).priority(commands.priority).duplicates(true);
        for command in commands.commands() {
            bound.insert(command.of(id));
        }
        Some(Arc::new(bound))
    }

    /// The typeclass of this name.
    pub fn typeclass(&self, path: &str) -> Option<&'static dyn Typeclass> {
        self.typeclasses.get(path).copied()
    }

    /// The channel typeclass of this name.
    pub fn channel_typeclass(&self, path: &str) -> Option<&'static dyn ChannelTypeclass> {
        self.channel_typeclasses.get(path).copied()
    }
}

/// Which cmdset a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Who is not logged in.
    Unloggedin,
    /// Every session that is logged in.
    Session,
    /// Every account, in character and out.
    Account,
    /// Every character.
    Character,
}

/// Takes a game's registrations; what a game's setup function is given.
pub struct WorldBuilder {
    pub(crate) game: Registry,
}

impl WorldBuilder {
    /// A game of this name with everything that is there by default.
    pub fn new(name: &str) -> WorldBuilder {
        let mut builder = WorldBuilder {
            game: Registry {
                name: name.to_owned(),
                rules: Rules::default(),
                panic_reports: || None,
                connection_screen: default::connection_screen(name),
                typeclasses: HashMap::new(),
                object_commands: HashMap::new(),
                inputfuncs: HashMap::new(),
                values: Values::default(),
                repeatable: HashMap::new(),
                conversations: HashMap::new(),
                menus: HashMap::new(),
                typing_timeout: Duration::ZERO,
                unloggedin: Arc::new(default::commands::unloggedin()),
                session: Arc::new(default::commands::session()),
                account: Arc::new(default::commands::account()),
                character: Arc::new(default::commands::character()),
                batch: Arc::new(default::commands::batch()),
                batches: BTreeMap::new(),
                character_typeclass: "default.Character",
                channel_typeclasses: HashMap::new(),
                default_channels: vec![channels::PUBLIC],
                help: Vec::new(),
                prototypes: BTreeMap::new(),
                game_time: GameTime::default(),
                receivers: Receivers::new(),
                timing: Registered::default(),
                monitors: HashMap::new(),
                account_typeclass: &DefaultAccount,
                guest_typeclass: &DefaultGuest,
                guest_names: Vec::new(),
                records: Vec::new(),
                initial: None,
            },
        };
        builder.typeclass(&DefaultObject);
        builder.typeclass(&DefaultCharacter);
        builder.typeclass(&DefaultRoom);
        builder.typeclass(&DefaultExit);
        builder.channel_typeclass(&DefaultChannel);
        builder.records::<Channel>().records::<ChannelLine>().records::<Page>().records::<HelpEntry>();
        builder.records::<Prototype>();
        builder.records::<Script>().script(&DefaultScript).records::<Delay>();
        tickers::register(&mut builder);
        builder.records::<Ban>().records::<Monitor>();
        inputfuncs::register(&mut builder);
        pager::register(&mut builder);
        editor::register(&mut builder);
        default::commands::register(&mut builder);
        builder
    }

    /// The game's name, as the operator's settings have it.
    pub fn name(&self) -> &str {
        &self.game.name
    }

    /// Registers a typeclass.
    ///
    /// # Panics
    /// Another one has its path: a mistake that shows at the first start.
    pub fn typeclass(&mut self, kind: &'static dyn Typeclass) -> &mut Self {
        let before = self.game.typeclasses.insert(kind.path(), kind);
        assert!(before.is_none(), "two typeclasses are called {}", kind.path());
        self
    }

    /// Objects of this typeclass bring these commands to whoever carries them or is where they are.
    pub fn object_commands(&mut self, kind: &'static dyn Typeclass, commands: Commands) -> &mut Self {
        self.game.object_commands.insert(kind.path(), commands);
        self
    }

    /// Adds a command to one of the default cmdsets, in place of one of the same name.
    pub fn command(&mut self, set: For, command: impl Into<Cmd>) -> &mut Self {
        let set = match set {
            For::Unloggedin => &mut self.game.unloggedin,
            For::Session => &mut self.game.session,
            For::Account => &mut self.game.account,
            For::Character => &mut self.game.character,
        };
        Arc::make_mut(set).insert(command.into());
        self
    }

    /// Registers an inputfunc whose last parameter is read from the tuple: from its keywords, or where it has
    /// none, from its arguments (a single one as it is, several as a list).
    pub fn inputfunc<T: DeserializeOwned + 'static>(
        &mut self,
        name: &'static str,
        func: fn(&mut World, SessionId, T) -> Result,
    ) -> &mut Self {
        let func = move |world: &mut World, session: SessionId, tuple: CommandTuple| {
            func(world, session, inputfuncs::read(tuple)?)
        };
        self.game.inputfuncs.insert(name, Inputfunc::new("", func));
        self
    }

    /// Registers an inputfunc that takes the tuple as it is; `doc` is what `get_inputfuncs` tells of it.
    pub fn raw_inputfunc(
        &mut self,
        name: &'static str,
        doc: &'static str,
        func: fn(&mut World, SessionId, CommandTuple) -> Result,
    ) -> &mut Self {
        self.game.inputfuncs.insert(name, Inputfunc::new(doc, func));
        self
    }

    /// Says that the world keeps records of a kind.
    pub fn records<R: Record>(&mut self) -> &mut Self {
        self.game.records.push(new_table::<R>);
        self
    }

    /// Registers a way for channels to behave.
    ///
    /// # Panics
    /// Another one has its path: a mistake that shows at the first start.
    pub fn channel_typeclass(&mut self, kind: &'static dyn ChannelTypeclass) -> &mut Self {
        let before = self.game.channel_typeclasses.insert(kind.path(), kind);
        assert!(before.is_none(), "two channel typeclasses are called {}", kind.path());
        self
    }

    /// A channel that is made when the game starts for the first time with it, and that all accounts hear from the
    /// beginning (Evennia's DEFAULT_CHANNELS). `Public` is there already; one of the same name replaces it.
    pub fn default_channel(&mut self, channel: NewChannel<'static>) -> &mut Self {
        self.game.default_channels.retain(|known| known.key != channel.key);
        self.game.default_channels.push(channel);
        self
    }

    /// Adds a topic to what `help` tells of.
    pub fn help_entry(&mut self, topic: HelpTopic) -> &mut Self {
        self.game.help.push(topic);
        self
    }

    /// Registers a batch: commands that build a part of the world, for `@batchcommands` and
    /// [`World::run_batch`]. It goes before a file of the same name in the folder `batch`.
    ///
    /// ```
    /// # use meadow_world::{Snapshot, WorldBuilder};
    /// # fn main() -> Result<(), String> {
    /// let mut world = WorldBuilder::new("A Game");
    /// // A game would say include_str!("meadow.ev").
    /// world.batch("meadow", "# The first room.\n@dig/teleport Meadow\n#\n@desc Grass, as far\nas one sees.");
    /// world.at_initial_setup(|world| {
    ///     world.run_batch("meadow")?;
    ///     let room = world.objects_named("Meadow")[0];
    ///     world.set_start_location(room);
    ///     Ok(())
    /// });
    /// let world = world.load(Snapshot::default(), Default::default())?;
    /// let room = world.start_location().expect("the batch made it");
    /// assert_eq!(world[room].desc(), Some("Grass, as far\nas one sees."));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The name is not made of letters, digits, `-` and `_`: a mistake that shows at the first start.
    pub fn batch(&mut self, name: &'static str, text: &'static str) -> &mut Self {
        assert!(batch::is_name(name), "{name:?} can't be the name of a batch");
        self.game.batches.insert(name, text);
        self
    }

    /// What somebody sees who connects (markup).
    pub fn connection_screen(&mut self, screen: &str) -> &mut Self {
        self.game.connection_screen = screen.to_owned();
        self
    }

    /// The typeclass of new characters.
    pub fn character_typeclass(&mut self, kind: &'static dyn Typeclass) -> &mut Self {
        self.game.character_typeclass = kind.path();
        self
    }

    /// The typeclass of all accounts.
    pub fn account_typeclass(&mut self, kind: &'static dyn AccountTypeclass) -> &mut Self {
        self.game.account_typeclass = kind;
        self
    }

    /// The typeclass of guests.
    pub fn guest_typeclass(&mut self, kind: &'static dyn AccountTypeclass) -> &mut Self {
        self.game.guest_typeclass = kind;
        self
    }

    /// What guests are called, in the order in which the names are given out; `Guest1` and so on when none is left.
    pub fn guest_names(&mut self, names: &[&str]) -> &mut Self {
        self.game.guest_names = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// Sets the rules, as the operator's settings have them.
    pub fn rules(&mut self, rules: Rules) -> &mut Self {
        self.game.rules = rules;
        self
    }

    /// Where the world learns of the panics that it catches more than what they said. A Server sets this.
    pub fn panic_reports(&mut self, reports: PanicReports) -> &mut Self {
        self.game.panic_reports = reports;
        self
    }

    /// Called once in a world's life, when it is empty: builds it.
    pub fn at_initial_setup(&mut self, build: fn(&mut World) -> Result) -> &mut Self {
        self.game.initial = Some(build);
        self
    }

    /// The world as it was stored, or a new one.
    ///
    /// # Errors
    /// The game's `at_initial_setup` failed; a sentence that says how.
    pub fn load(self, snapshot: Snapshot, now: Time) -> std::result::Result<World, String> {
        self.prepare(snapshot, now).start(now)
    }

    /// A world in which nothing is.
    pub(crate) fn empty(self, now: Time) -> World {
        let rules = &self.game.rules;
        let failed_logins = Throttle::new(rules.logins_per_address, rules.login_span);
        let creations = Throttle::new(rules.creations_per_address, rules.creation_span);
        let records = Records::new(&self.game.records);
        World {
            game: Arc::new(self.game),
            now,
            started: now,
            objects: Vec::new(),
            accounts: Default::default(),
            keys: HashMap::new(),
            tagged: HashMap::new(),
            account_names: HashMap::new(),
            records,
            channels: Default::default(),
            pages: Default::default(),
            prototype_keys: Default::default(),
            config: Default::default(),
            superuser_body: None,
            sessions: ServerSessionHandler::default(),
            merged: Default::default(),
            schedule: Default::default(),
            timing: Default::default(),
            failed_logins,
            creations,
            logins: Default::default(),
            observers: Default::default(),
            monitors: Default::default(),
            events: Default::default(),
            surroundings: Default::default(),
            repeats: Default::default(),
            waiting: HashMap::new(),
            next_job: 0,
            jobs: Vec::new(),
            out: Vec::new(),
            done: Vec::new(),
            changes: Changes::default(),
            census: Default::default(),
            last_command: String::new(),
            nesting: 0,
            applied: Vec::new(),
            linkdead: Default::default(),
            guests: Default::default(),
            passing: None,
        }
    }
}

impl World {
    /// Everything is read: sets up what a new world needs, and tells everything that the Server has started.
    pub(crate) fn set_going(&mut self) -> std::result::Result<(), String> {
        self.set_up_channels();
        self.index_pages();
        self.index_prototypes();
        if self.config("created").is_none() {
            self.set_config("created", self.now.to_string());
            if let Some(build) = self.game.initial {
                build(self).map_err(|stop| format!("the world could not be built: {stop}"))?;
            }
        }
        self.load_timing();
        self.load_monitors();
        self.watch_idlers();
        let ids: Vec<_> = self.objects().map(|object| (object.id(), object.typeclass)).collect();
        for (id, kind) in ids {
            self.guarded("at_server_start", |world| kind.at_server_start(world, id));
        }
        self.scripts_at_server_start();
        let ids: Vec<_> = self.accounts().map(Account::id).collect();
        for id in ids {
            let kind = self.account_class(id);
            self.guarded("at_server_start of an account", |world| kind.at_server_start(world, id));
        }
        Ok(())
    }
}
