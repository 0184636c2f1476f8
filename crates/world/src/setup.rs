//! How a game says what it is made of: typeclasses, commands, inputfuncs, rules. Read-only once it runs.

use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use meadow_link::Time;

use crate::{
    Account, AccountTypeclass, Ban, Cmd, Commands, DefaultScript, Delay, GameTime, ObjectId, PanicReports,
    Prototype, Record, Result, Rules, Script, Snapshot, Typeclass, WebLogin, World,
    accounts::{TAKEN_NAMES, TAKEN_NAMES_SPAN},
    api::{self, ApiFunction, REFUSALS, REFUSALS_SPAN},
    changes::Changes,
    channels::{self, Channel, ChannelLine, ChannelTypeclass, DefaultChannel, NewChannel},
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
    session_state::SessionState,
    sessionhandler::ServerSessionHandler,
    signals::Receivers,
    throttle::Throttle,
    tickers,
    timing::Registered,
};

/// Everything that is registered. A [`WorldBuilder`] makes it.
///
/// ```
/// # use meadow_world::WorldBuilder;
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// assert_eq!(world.game().name(), "A Game");
/// assert_eq!(world.game().rules().max_characters, 1);
/// assert!(world.game().typeclass("typeclasses.Unicorn").is_none());
/// ```
pub struct Registry {
    pub(crate) name: String,
    pub(crate) rules: Rules,
    pub(crate) panic_reports: PanicReports,
    pub(crate) connection_screen: String,
    pub(crate) typeclasses: HashMap<&'static str, &'static dyn Typeclass>,
    pub(crate) object_commands: HashMap<&'static str, Commands>,
    pub(crate) inputfuncs: HashMap<&'static str, Inputfunc>,
    pub(crate) api: BTreeMap<&'static str, ApiFunction>,
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
        let mut bound = commands.without_commands();
        // Two buttons in one room are told apart by whoever pushes one, unless the game says otherwise.
        bound.duplicates = bound.duplicates.or(Some(true));
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
///
/// ```
/// # use meadow_world::{Command, Cx, Meta, Result};
/// # struct CmdNews;
/// # impl Command for CmdNews {
/// #     const META: Meta = Meta { key: "news", ..Meta::DEFAULT };
/// #     type Args = ();
/// #     fn func(&self, _: &mut Cx<'_>, _: ()) -> Result { Ok(()) }
/// # }
/// use meadow_world::{For, WorldBuilder};
///
/// let mut world = WorldBuilder::new("A Game");
/// // Strangers may read the news, and so may players, with or without a body.
/// world.command(For::Unloggedin, CmdNews).command(For::Account, CmdNews);
/// ```
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
///
/// ```
/// use meadow_world::{NewObject, Rules, Signal, WorldBuilder};
///
/// fn setup(world: &mut WorldBuilder) {
///     world.connection_screen("Welcome to |gthe meadow|n!");
///     world.guest_names(&["Ann Onym", "Mr. Nobody"]);
///     world.on(Signal::AccountLogin, |world, _| world.msg_all("The gate creaks."));
///     world.at_initial_setup(|world| {
///         let new = NewObject { key: "Meadow", typeclass: "default.Room", ..NewObject::default() };
///         let meadow = world.create(new)?;
///         world.set_start_location(meadow);
///         Ok(())
///     });
/// }
///
/// let mut builder = WorldBuilder::new("A Game");
/// setup(&mut builder);
/// // A Server does this; games and their tests leave it to the launcher and to TestGame.
/// let world = builder.load(Default::default(), Default::default()).expect("it can be built");
/// assert_eq!(world.objects_named("meadow").len(), 1);
/// ```
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
                api: BTreeMap::new(),
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
        builder.records::<Ban>().records::<Monitor>().records::<SessionState>().records::<WebLogin>();
        inputfuncs::register(&mut builder);
        api::register(&mut builder);
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
    ///
    /// ```
    /// # use meadow_world::{Command, Commands, Cx, Meta, NewObject, Result, Typeclass, WorldBuilder};
    /// # use meadow_world::cmdset::MergeType;
    /// # struct CmdRow;
    /// # impl Command for CmdRow {
    /// #     const META: Meta = Meta { key: "row", ..Meta::DEFAULT };
    /// #     type Args = ();
    /// #     fn func(&self, _: &mut Cx<'_>, _: ()) -> Result { Ok(()) }
    /// # }
    /// struct Boat;
    ///
    /// impl Typeclass for Boat {
    ///     fn path(&self) -> &'static str {
    ///         "typeclasses.Boat"
    ///     }
    /// }
    ///
    /// # let mut world = WorldBuilder::new("A Game");
    /// // Who is in the boat rows, and does nothing else.
    /// let commands = Commands::new("Boat").priority(10).mergetype(MergeType::Replace).add(CmdRow);
    /// world.typeclass(&Boat).object_commands(&Boat, commands);
    /// # let mut world = world.load(Default::default(), Default::default()).expect("it loads");
    /// # let boat = world.create(NewObject { key: "boat", typeclass: "typeclasses.Boat", ..NewObject::default() })?;
    /// # let typeclass = "default.Character";
    /// # let new = NewObject { key: "Anna", typeclass, location: Some(boat), ..NewObject::default() };
    /// # let anna = world.create(new)?;
    ///
    /// world.execute_cmd(anna, "row")?;
    /// assert!(world.execute_cmd(anna, "inventory").is_err());
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
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

    /// Says that the world keeps records of a kind.
    pub fn records<R: Record>(&mut self) -> &mut Self {
        self.game.records.push(new_table::<R>);
        self
    }

    /// Adds a topic to what `help` tells of.
    pub fn help_entry(&mut self, topic: HelpTopic) -> &mut Self {
        self.game.help.push(topic);
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
            veils: Vec::new(),
            merged: Default::default(),
            schedule: Default::default(),
            timing: Default::default(),
            failed_logins,
            creations,
            taken_names: Throttle::new(TAKEN_NAMES, TAKEN_NAMES_SPAN),
            refusals: Throttle::new(REFUSALS, REFUSALS_SPAN),
            logins: Default::default(),
            web_logins: Default::default(),
            switches: Default::default(),
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
        self.index_web_logins();
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
