//! Commands: what a line of text runs. The command handler finds one in the merged cmdsets and runs it.
//!
//! # Adding one
//!
//! A unit struct in a file of its own, `impl Command` for it, and one `.add(CmdSmell)` in a cmdset.

use std::{borrow::Cow, sync::Arc};

use meadow_link::{CommandTuple, SessionId};

use crate::{
    AccountId, Args, ObjectId, Result, World,
    cmdparser::{ArgRegex, DEFAULT_ARG_REGEX},
    cmdset::{CmdKey, CmdSet},
    msg::Receiver,
    say,
};

/// A cmdset of the world's commands.
///
/// ```
/// # use meadow_world::{Command, Cx, Meta, NewObject, Result, Typeclass, WorldBuilder};
/// # struct CmdPush;
/// # impl Command for CmdPush {
/// #     const META: Meta = Meta { key: "push", ..Meta::DEFAULT };
/// #     type Args = ();
/// #     fn func(&self, cx: &mut Cx<'_>, _: ()) -> Result {
/// #         cx.world.set_config("pushed", "1");
/// #         Ok(())
/// #     }
/// # }
/// # struct Button;
/// # impl Typeclass for Button { fn path(&self) -> &'static str { "typeclasses.Button" } }
/// use meadow_world::Commands;
///
/// // A button brings `push` along, for all who are where it is.
/// # let mut world = WorldBuilder::new("A Game");
/// world.typeclass(&Button).object_commands(&Button, Commands::new("Button").add(CmdPush));
/// # let mut world = world.load(Default::default(), Default::default()).expect("it loads");
/// # let room = world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
/// # let typeclass = "default.Character";
/// # let new = NewObject { key: "Anna", typeclass, location: Some(room), ..NewObject::default() };
/// # let anna = world.create(new)?;
/// # assert!(world.execute_cmd(anna, "push").is_err());
/// # let typeclass = "typeclasses.Button";
/// # let new = NewObject { key: "button", typeclass, location: Some(room), ..NewObject::default() };
/// # world.create(new)?;
/// # world.execute_cmd(anna, "push")?;
/// # assert_eq!(world.config("pushed"), Some("1"));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub type Commands = CmdSet<Cmd>;

/// What there is to know of a command before it runs.
///
/// ```
/// use meadow_world::Meta;
///
/// const META: Meta = Meta {
///     key: "ring",
///     aliases: &["chime"],
///     locks: "cmd:holds(bell)",
///     switches: &["loud", "twice"],
///     help: "Ring the bell.\n\nUsage:\n  ring[/loud][/twice]",
///     help_category: "Bells",
///     ..Meta::DEFAULT
/// };
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Meta {
    /// The name it is called by.
    pub key: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// Who may call it: a lock string with the access type `cmd`.
    pub locks: &'static str,
    /// What `help` says of it: the first line is its summary.
    pub help: &'static str,
    /// Under which heading `help` lists it.
    pub help_category: &'static str,
    /// What may follow the name; see [`ArgRegex`]. By default a space, a `/` or the end, so that `say` does
    /// not take `sayonara`; empty for anything, as `'hello` wants.
    pub arg_regex: &'static str,
    /// What may stand right behind the name, each with a `/` before it, as in `get/all`: unique beginnings will do,
    /// and what the player gave is in [`Cx::switches`]. A command without any takes a `/` for a part of what follows.
    pub switches: &'static [&'static str],
    /// Whether `help` lists it at all.
    pub auto_help: bool,
    /// Whether others in the room are to see that somebody is typing it: what they will hear.
    pub live_report_typing: bool,
    /// Whether what follows the name is a secret, and never goes into a log.
    pub secret: bool,
}

impl Meta {
    /// Everything but the key.
    pub const DEFAULT: Meta = Meta {
        key: "",
        aliases: &[],
        locks: "cmd:all()",
        help: "",
        help_category: "General",
        arg_regex: DEFAULT_ARG_REGEX,
        switches: &[],
        auto_help: true,
        live_report_typing: false,
        secret: false,
    };
}

/// One command of the game: data, a type for its arguments, and what it does.
///
/// A unit struct in a file of its own, and a line in the game's setup:
///
/// ```
/// use meadow_world::{Command, Cx, For, Here, Meta, Result, WorldBuilder, say};
/// # use meadow_world::NewObject;
///
/// struct CmdSmell;
///
/// impl Command for CmdSmell {
///     const META: Meta = Meta {
///         key: "smell",
///         aliases: &["sniff"],
///         help: "Smell at something.\n\nUsage:\n  smell <something>",
///         ..Meta::DEFAULT
///     };
///     type Args = Here;
///
///     fn func(&self, cx: &mut Cx<'_>, Here(thing): Here) -> Result {
///         let Some(smell) = cx.world[thing].db.str("smell") else {
///             return Err(say("It smells of nothing."));
///         };
///         let told = format!("It smells of {smell}.");
///         cx.msg(told);
///         Ok(())
///     }
/// }
///
/// # let mut world = WorldBuilder::new("A Game");
/// world.command(For::Character, CmdSmell);
/// # let mut world = world.load(Default::default(), Default::default()).expect("it loads");
/// # let room = world.create(NewObject { key: "Garden", typeclass: "default.Room", ..NewObject::default() })?;
/// # let typeclass = "default.Character";
/// # let new = NewObject { key: "Anna", typeclass, location: Some(room), ..NewObject::default() };
/// # let anna = world.create(new)?;
/// # let rose = world.create(NewObject { key: "rose", location: Some(room), ..NewObject::default() })?;
/// # assert_eq!(world.execute_cmd(anna, "smell rose").unwrap_err().to_string(), "It smells of nothing.");
/// # world[rose].db.set("smell", "roses")?;
/// # world.execute_cmd(anna, "sniff rose")?;
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub trait Command: Send + Sync + 'static {
    /// Name, help, locks ...
    const META: Meta;

    /// What follows the name, read and searched before [`Command::func`] runs.
    type Args: Args;

    /// What it does.
    ///
    /// # Errors
    /// What [`say`] makes is told to the player; any other error is a bug and logged.
    fn func(&self, cx: &mut Cx<'_>, args: Self::Args) -> Result;
}

/// A [`Command`] without its types, as cmdsets hold it.
pub(crate) trait AnyCommand: Send + Sync + 'static {
    fn run(&self, cx: &mut Cx<'_>) -> Result;
}

impl<C: Command> AnyCommand for C {
    fn run(&self, cx: &mut Cx<'_>) -> Result {
        cx.take_switches(C::META.switches)?;
        let args = C::Args::parse(cx)?;
        self.func(cx, args)
    }
}

/// A command in a cmdset. Cheap to clone.
///
/// ```
/// # use meadow_world::{Cmd, Command, Cx, Meta, Result};
/// # struct CmdRow;
/// # impl Command for CmdRow {
/// #     const META: Meta = Meta { key: "row", aliases: &["paddle"], ..Meta::DEFAULT };
/// #     type Args = ();
/// #     fn func(&self, _: &mut Cx<'_>, _: ()) -> Result { Ok(()) }
/// # }
/// use meadow_world::cmdset::CmdKey;
///
/// let row = Cmd::from(CmdRow);
/// assert_eq!(row.key(), "row");
/// assert_eq!(row.meta().locks, "cmd:all()");
/// assert_eq!(row.obj(), None);
/// ```
#[derive(Clone)]
pub struct Cmd(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    key: Cow<'static, str>,
    aliases: Vec<Cow<'static, str>>,
    meta: &'static Meta,
    arg_regex: Option<ArgRegex>,
    obj: Option<ObjectId>,
    run: Arc<dyn AnyCommand>,
}

impl<C: Command> From<C> for Cmd {
    fn from(command: C) -> Cmd {
        let meta = const { &C::META };
        let aliases = meta.aliases.iter().copied().map(Cow::Borrowed).collect();
        Cmd::build(Cow::Borrowed(meta.key), aliases, meta, None, Arc::new(command))
    }
}

impl Cmd {
    /// A command under names that are known at run time only, brought along by an object: each exit is one.
    pub fn named<C: Command>(command: C, key: &str, aliases: &[Box<str>], obj: ObjectId) -> Cmd {
        let aliases = aliases.iter().map(|alias| Cow::Owned(alias.to_string())).collect();
        Cmd::build(Cow::Owned(key.to_owned()), aliases, const { &C::META }, Some(obj), Arc::new(command))
    }

    fn build(
        key: Cow<'static, str>,
        aliases: Vec<Cow<'static, str>>,
        meta: &'static Meta,
        obj: Option<ObjectId>,
        run: Arc<dyn AnyCommand>,
    ) -> Cmd {
        let arg_regex = (!meta.arg_regex.is_empty()).then(|| {
            ArgRegex::new(meta.arg_regex)
                .unwrap_or_else(|error| panic!("the command {key} can't be used: {error}"))
        });
        Cmd(Arc::new(Inner { key, aliases, meta, arg_regex, obj, run }))
    }

    /// The same command, brought along by an object.
    pub(crate) fn of(&self, obj: ObjectId) -> Cmd {
        Cmd(Arc::new(Inner { obj: Some(obj), ..Inner::clone(&self.0) }))
    }

    /// What there is to know of it.
    pub fn meta(&self) -> &'static Meta {
        self.0.meta
    }

    /// The object that brings it along: an exit.
    pub fn obj(&self) -> Option<ObjectId> {
        self.0.obj
    }

    pub(crate) fn run(&self, cx: &mut Cx<'_>) -> Result {
        self.0.run.run(cx)
    }
}

impl CmdKey for Cmd {
    fn key(&self) -> &str {
        &self.0.key
    }

    fn aliases(&self) -> impl Iterator<Item = &str> {
        self.0.aliases.iter().map(|alias| &**alias)
    }

    fn arg_regex(&self) -> Option<&ArgRegex> {
        self.0.arg_regex.as_ref()
    }
}

/// Everything that a command is given while it runs.
///
/// ```
/// # use meadow_world::{Cx, Result};
/// fn func(cx: &mut Cx<'_>, _args: ()) -> Result {
///     let (me, room) = (cx.caller()?, cx.location()?);
///     let rung: u32 = cx.world[room].db.get("rung").unwrap_or(0);
///     cx.world[room].db.set("rung", rung + 1)?;
///     if cx.world.has_permission(me, "Builder") {
///         cx.msg(format!("You ring the bell, the {}. time.", rung + 1));
///     } else {
///         cx.msg("You ring the bell.");
///     }
///     let loudly = if cx.switch("loud") { "loudly " } else { "" };
///     let name = cx.caller_name()?;
///     cx.msg_others(format!("{name} {loudly}rings the bell."));
///     Ok(())
/// }
/// ```
pub struct Cx<'a> {
    /// The whole world.
    pub world: &'a mut World,
    /// The session that the line came from; none when an object was made to do something.
    pub session: Option<SessionId>,
    /// The account that is logged in there.
    pub account: Option<AccountId>,
    /// The body that it drives.
    pub puppet: Option<ObjectId>,
    /// The object that brought the command along.
    pub obj: Option<ObjectId>,
    /// The name by which it was called, as typed.
    pub cmdstring: String,
    /// The switches that were given, as [`Meta::switches`] has them.
    pub switches: Vec<&'static str>,
    /// What followed the name and its switches, trimmed. Any markup that the player typed in it is escaped, so it can go into
    /// [`Cx::msg`] as it is.
    pub args: String,
    /// The same, as the player typed it: for passwords, and for those who may use markup.
    pub raw: String,
}

impl Cx<'_> {
    /// The body that acts.
    ///
    /// # Errors
    /// Says so to a player who is out of character.
    pub fn caller(&self) -> Result<ObjectId> {
        self.puppet.ok_or_else(|| say("You have no body here. Use |wic|n to become a character first."))
    }

    /// The account that acts.
    ///
    /// # Errors
    /// Says so to somebody who is not logged in.
    pub fn account(&self) -> Result<AccountId> {
        self.account.ok_or_else(|| say("You have to be logged in for that."))
    }

    /// The session that acts.
    ///
    /// # Errors
    /// Nobody typed this.
    pub fn session(&self) -> Result<SessionId> {
        self.session.ok_or_else(|| say("That can only be done by a player."))
    }

    /// Whether a switch was given.
    pub fn switch(&self, name: &str) -> bool {
        self.switches.contains(&name)
    }

    /// Takes the switches off what follows the name.
    fn take_switches(&mut self, known: &'static [&'static str]) -> Result {
        if known.is_empty() {
            return Ok(());
        }
        let Some(rest) = self.raw.strip_prefix('/') else { return Ok(()) };
        let (given, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        for given in given.split('/').filter(|given| !given.is_empty()) {
            let lower = given.to_lowercase();
            let exact = known.iter().find(|switch| **switch == lower);
            let mut begun = known.iter().filter(|switch| switch.starts_with(&lower));
            let switch = exact.or_else(|| begun.next().filter(|_| begun.next().is_none()));
            let Some(switch) = switch else { return Err(say(unknown_switch(given, known))) };
            if !self.switches.contains(switch) {
                self.switches.push(switch);
            }
        }
        self.set_args(rest.trim().to_owned());
        Ok(())
    }

    /// Where the caller is.
    ///
    /// # Errors
    /// Says so to a player who is nowhere.
    pub fn location(&self) -> Result<ObjectId> {
        let caller = self.caller()?;
        self.world[caller].location().ok_or_else(|| say("You are nowhere."))
    }

    /// Sets what follows the command's name: for [`Args`](crate::Args) that take a part of it off and leave
    /// the rest to another.
    pub fn set_args(&mut self, raw: impl Into<String>) {
        self.raw = raw.into();
        self.args = crate::text::escape(&self.raw).into_owned();
    }

    /// Tells whoever typed the command something: their session, or else their body.
    pub fn msg(&mut self, said: impl Into<CommandTuple>) {
        let to = match (self.session, self.puppet) {
            (Some(session), _) => Receiver::Session(session),
            (None, Some(puppet)) => Receiver::Object(puppet),
            (None, None) => return,
        };
        self.world.msg(to, said);
    }

    /// Tells everybody else who is where the caller is; nobody, if the caller is nowhere.
    pub fn msg_others(&mut self, said: impl Into<CommandTuple>) {
        if let Some(puppet) = self.puppet
            && let Some(room) = self.world[puppet].location()
        {
            self.world.msg_contents(room, said, &[puppet]);
        }
    }

    /// What others call the caller, for [`Cx::msg_others`]: escaped already.
    ///
    /// # Errors
    /// Says so to a player who is out of character.
    pub fn caller_name(&self) -> Result<String> {
        let caller = self.caller()?;
        Ok(self.world.display_name(caller, caller))
    }
}

fn unknown_switch(given: &str, known: &[&str]) -> String {
    let known: Vec<String> = known.iter().map(|switch| format!("/{switch}")).collect();
    let (last, others) = known.split_last().expect("a command without switches has none that is unknown");
    let known = if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) };
    let verb = if others.is_empty() { "is" } else { "are" };
    format!("There is no switch /{}: there {verb} {known}.", crate::text::escape(given))
}
