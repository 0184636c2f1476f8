//! How a game says what it is made of: typeclasses, commands, inputfuncs, rules. Read-only once it runs.

use std::{collections::HashMap, sync::Arc, time::Duration};

use meadow_link::{CommandTuple, SessionId, Time};
use serde::de::DeserializeOwned;

use crate::{
    Cmd, Commands, ObjectId, Record, Result, Snapshot, Typeclass, World,
    changes::Changes,
    cmdset::CmdSet,
    default::{self, DefaultCharacter, DefaultExit, DefaultObject, DefaultRoom},
    inputfuncs::{self, Inputfunc, repeat::Repeatable, values::Values},
    records::{NewTable, Records, new_table},
    sessionhandler::ServerSessionHandler,
    throttle::Throttle,
};

/// What an operator can set of the world's rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// Whether strangers may make accounts.
    pub registration: bool,
    /// Failed logins that an address may have within [`Rules::login_span`]; 0 for no limit.
    pub logins_per_address: usize,
    /// See [`Rules::logins_per_address`].
    pub login_span: Duration,
    /// Accounts that an address may make within [`Rules::creation_span`]; 0 for no limit.
    pub creations_per_address: usize,
    /// See [`Rules::creations_per_address`].
    pub creation_span: Duration,
    /// Characters of the shortest password.
    pub min_password_length: usize,
    /// What takes longer than this at a stretch is logged, for everybody waits meanwhile.
    pub command_budget: Duration,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            registration: true,
            logins_per_address: 5,
            login_span: Duration::from_secs(300),
            creations_per_address: 20,
            creation_span: Duration::from_secs(600),
            min_password_length: 8,
            command_budget: Duration::from_millis(50),
        }
    }
}

/// Everything that is registered. A [`WorldBuilder`] makes it.
pub struct Registry {
    pub(crate) name: String,
    pub(crate) rules: Rules,
    pub(crate) connection_screen: String,
    pub(crate) typeclasses: HashMap<&'static str, &'static dyn Typeclass>,
    pub(crate) object_commands: HashMap<&'static str, Commands>,
    pub(crate) inputfuncs: HashMap<&'static str, Inputfunc>,
    pub(crate) values: Values,
    pub(crate) repeatable: HashMap<&'static str, Repeatable>,
    pub(crate) typing_timeout: Duration,
    pub(crate) unloggedin: Arc<Commands>,
    pub(crate) session: Arc<Commands>,
    pub(crate) account: Arc<Commands>,
    pub(crate) character: Arc<Commands>,
    pub(crate) character_typeclass: &'static str,
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
                connection_screen: default::connection_screen(name),
                typeclasses: HashMap::new(),
                object_commands: HashMap::new(),
                inputfuncs: HashMap::new(),
                values: Values::default(),
                repeatable: HashMap::new(),
                typing_timeout: Duration::ZERO,
                unloggedin: Arc::new(default::commands::unloggedin()),
                session: Arc::new(default::commands::session()),
                account: Arc::new(default::commands::account()),
                character: Arc::new(default::commands::character()),
                character_typeclass: "default.Character",
                records: Vec::new(),
                initial: None,
            },
        };
        builder.typeclass(&DefaultObject);
        builder.typeclass(&DefaultCharacter);
        builder.typeclass(&DefaultRoom);
        builder.typeclass(&DefaultExit);
        inputfuncs::register(&mut builder);
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

    /// Sets the rules, as the operator's settings have them.
    pub fn rules(&mut self, rules: Rules) -> &mut Self {
        self.game.rules = rules;
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
        let rules = &self.game.rules;
        let failed_logins = Throttle::new(rules.logins_per_address, rules.login_span);
        let creations = Throttle::new(rules.creations_per_address, rules.creation_span);
        let records = Records::new(&self.game.records);
        let mut world = World {
            game: Arc::new(self.game),
            now,
            started: now,
            objects: Vec::new(),
            accounts: Default::default(),
            keys: HashMap::new(),
            tagged: HashMap::new(),
            account_names: HashMap::new(),
            records,
            config: Default::default(),
            sessions: ServerSessionHandler::default(),
            merged: Default::default(),
            schedule: Default::default(),
            failed_logins,
            creations,
            logins: Default::default(),
            observers: Default::default(),
            repeats: Default::default(),
            waiting: HashMap::new(),
            next_job: 0,
            jobs: Vec::new(),
            out: Vec::new(),
            done: Vec::new(),
            changes: Changes::default(),
            census: Default::default(),
            last_command: String::new(),
            applied: Vec::new(),
        };
        world.restore(snapshot);
        if world.config("created").is_none() {
            world.set_config("created", now.to_string());
            if let Some(build) = world.game.initial {
                build(&mut world).map_err(|stop| format!("the world could not be built: {stop}"))?;
            }
        }
        let ids: Vec<_> = world.objects().map(|object| (object.id(), object.typeclass)).collect();
        for (id, kind) in ids {
            world.guarded("at_server_start", |world| kind.at_server_start(world, id));
        }
        Ok(world)
    }
}
