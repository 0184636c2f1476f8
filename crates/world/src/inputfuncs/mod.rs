//! Inputfuncs: what an incoming commandtuple runs, by its name. `text` goes on to the command handler.
//!
//! | file | inputfuncs |
//! |---|---|
//! | `options` | what the client can do: `client_options`, `get_client_options`, `hello`, `supports_set` |
//! | `values` | `get_value`; which values clients may ask for, by name |
//! | `monitor` | `monitor`, `unmonitor`, `monitored`: to be told when a value changes |
//! | `msdp` | the five commands of MSDP |
//! | `repeat` | `repeat`, `unrepeat`: to have something done again and again |
//! | `typing` | who in the room is typing |
//! | `complete` | how a line may go on |
//! | `webclient` | what the player has set in a browser client |
//!
//! # Adding one
//!
//! A function `fn(&mut World, SessionId, T) -> Result` where `T` is read from the tuple, and one
//! `world.inputfunc("ping", ping)` line in the game's setup.

mod complete;
pub(crate) mod monitor;
mod msdp;
pub(crate) mod options;
pub(crate) mod repeat;
mod typing;
pub(crate) mod values;
mod webclient;

use meadow_link::{CommandTuple, Flag, Kwargs, SessionId, oob::CharLoginResult, tuple};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    Result, Stop, World, bugs::log_bug, cmdhandler, cmdhandler::BROKEN, say, setup::WorldBuilder, text,
};

type Func = Box<dyn Fn(&mut World, SessionId, CommandTuple) -> Result + Send + Sync>;

/// One registered inputfunc.
pub(crate) struct Inputfunc {
    doc: &'static str,
    func: Func,
}

impl Inputfunc {
    pub(crate) fn new(
        doc: &'static str,
        func: impl Fn(&mut World, SessionId, CommandTuple) -> Result + Send + Sync + 'static,
    ) -> Inputfunc {
        Inputfunc { doc, func: Box::new(func) }
    }
}

impl WorldBuilder {
    /// Registers an inputfunc whose last parameter is read from the tuple: from its keywords, or where it has
    /// none, from its arguments (a single one as it is, several as a list).
    ///
    /// ```
    /// # use meadow_world::{Result, World, WorldBuilder};
    /// # use meadow_link::{SessionId, tuple};
    /// #[derive(serde::Deserialize)]
    /// struct Ping {
    ///     token: u64,
    /// }
    ///
    /// fn ping(world: &mut World, session: SessionId, Ping { token }: Ping) -> Result {
    ///     world.msg(session, tuple("pong").kw("token", token));
    ///     Ok(())
    /// }
    ///
    /// # let mut world = WorldBuilder::new("A Game");
    /// world.inputfunc("ping", ping);
    /// ```
    pub fn inputfunc<T: DeserializeOwned + 'static>(
        &mut self,
        name: &'static str,
        func: fn(&mut World, SessionId, T) -> Result,
    ) -> &mut Self {
        let func = move |world: &mut World, session: SessionId, tuple: CommandTuple| {
            func(world, session, read(tuple)?)
        };
        self.game.inputfuncs.insert(name, Inputfunc::new("", func));
        self
    }

    /// Registers an inputfunc that takes the tuple as it is; `doc` is what `get_inputfuncs` tells of it.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game");
    /// world.raw_inputfunc("parrot", "Comes back as it is.", |world, session, tuple| {
    ///     world.msg(session, tuple);
    ///     Ok(())
    /// });
    /// ```
    pub fn raw_inputfunc(
        &mut self,
        name: &'static str,
        doc: &'static str,
        func: fn(&mut World, SessionId, CommandTuple) -> Result,
    ) -> &mut Self {
        self.game.inputfuncs.insert(name, Inputfunc::new(doc, func));
        self
    }
}

/// The inputfuncs that every game has.
pub(crate) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("text", "A line that the player typed.", text_input)
        .raw_inputfunc("echo", "Sends back what it was given, for tests.", echo)
        .raw_inputfunc("default", "Called for names that nothing else has.", default)
        .raw_inputfunc("get_inputfuncs", "Asks for the names of all inputfuncs.", get_inputfuncs)
        .raw_inputfunc("login", "Logs in: {name, password}.", login)
        .raw_inputfunc("web_login", "From the Portal only: logs a browser in that is signed in.", web_login)
        .raw_inputfunc("bot_data_in", "A line for a bot's account; for bots only.", bot_data_in)
        .raw_inputfunc("external_discord_hello", "Mudlet's greeting; has no effect.", swallowed)
        .raw_inputfunc(
            "external_discord_get",
            "Asks for a game's place in Discord; has no effect.",
            swallowed,
        )
        .raw_inputfunc("client_gui", "Mudlet's greeting; has no effect.", swallowed);
    options::register(builder);
    values::register(builder);
    monitor::register(builder);
    msdp::register(builder);
    repeat::register(builder);
    typing::register(builder);
    webclient::register(builder);
    complete::register(builder);
}

/// Runs the inputfunc of a tuple's name; names are matched in lower case and without space around them, as in
/// Evennia.
pub(crate) fn dispatch(world: &mut World, session: SessionId, mut tuple: CommandTuple) {
    let name = tuple.name.trim().to_lowercase();
    let now = world.now();
    if let Some(session) = world.session_mut(session) {
        session.cmd_last = now;
    }
    // How a message is sent is for messages of the game, not of the client.
    tuple.kwargs.remove("options");
    let game = world.game.clone();
    let known = game.inputfuncs.get(name.as_str());
    let Some(inputfunc) = known.or_else(|| game.inputfuncs.get("default")) else { return };
    let what = format!("inputfunc {name}");
    let ended = world.guarded(&what, |world| (inputfunc.func)(world, session, tuple));
    conclude(world, session, &what, ended);
}

/// Tells a session how something ended that the client asked for, and the log, where that is a bug.
fn conclude(world: &mut World, session: SessionId, what: &str, ended: Option<Result>) {
    match ended {
        Some(Ok(())) => {}
        Some(Err(Stop::Say(told))) => world.msg(session, told),
        Some(Err(Stop::Bug(bug))) => {
            // What a client sends must neither fill the log nor stand in it: it may be a secret.
            match bug.error().downcast_ref::<Unreadable>() {
                Some(_) => tracing::debug!(session = session.0, "{what} was given what it can't read"),
                None => log_bug(what, world.doer(session), &bug),
            }
            if world.session(session).is_some_and(|session| session.flags.has(Flag::Inputdebug)) {
                world.msg(session, text::escape(&format!("{what}: {bug}")).into_owned());
            }
        }
        None => world.msg(session, BROKEN),
    }
}

/// Reads a tuple as a type: from its keywords, or where it has none, from its arguments.
pub(crate) fn read<T: DeserializeOwned>(tuple: CommandTuple) -> Result<T> {
    let CommandTuple { name, mut args, kwargs } = tuple;
    let value = match (args.len(), kwargs.is_empty()) {
        (_, false) => Value::Object(kwargs),
        (0, true) => Value::Object(Kwargs::new()),
        (1, true) => args.remove(0),
        _ => Value::Array(args),
    };
    serde_json::from_value(value).map_err(|error| unreadable(format!("{name} can't be read: {error}")))
}

/// A client sent what an inputfunc can't use: its own fault, told to it if it wants to know (INPUTDEBUG).
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unreadable(String);

fn unreadable(why: impl Into<String>) -> Stop {
    Unreadable(why.into()).into()
}

fn text_input(world: &mut World, session: SessionId, tuple: CommandTuple) -> Result {
    // Evennia takes `None` for no input at all, and "" for an empty line.
    let Some(line) = tuple.args.first().filter(|line| !line.is_null()) else { return Ok(()) };
    let Some(line) = line.as_str() else {
        return Err(unreadable(format!("text has to be a text, and was {line}")));
    };
    cmdhandler::execute(world, session, line)
}

fn echo(world: &mut World, session: SessionId, tuple: CommandTuple) -> Result {
    let told = format!("Echo returns: {}, {}", json!(tuple.args), json!(tuple.kwargs));
    world.msg(session, text::escape(&told).into_owned());
    Ok(())
}

fn default(world: &mut World, session: SessionId, tuple: CommandTuple) -> Result {
    // What is in it is the client's business and may be a secret; its name is enough for the log.
    let name: String = tuple.name.chars().take(60).collect();
    tracing::debug!(session = session.0, "no inputfunc is called {name:?}");
    if world.session(session).is_some_and(|session| session.flags.has(Flag::Inputdebug)) {
        world.msg(session, text::escape(&format!("No inputfunc is called {name}.")).into_owned());
    }
    Ok(())
}

fn get_inputfuncs(world: &mut World, session: SessionId, _given: CommandTuple) -> Result {
    let game = world.game.clone();
    let mut names: Vec<(&str, &str)> = game.inputfuncs.iter().map(|(name, func)| (*name, func.doc)).collect();
    names.sort_unstable();
    let answer = names.into_iter().fold(tuple("get_inputfuncs"), |tuple, (name, doc)| tuple.kw(name, doc));
    world.msg(session, answer);
    Ok(())
}

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
}

fn login(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    if world.session(session).is_none_or(|session| session.account().is_some()) {
        return Ok(());
    }
    let Ok(Login { name, password }) = read(given) else {
        return Err(unreadable("login wants {\"name\": text, \"password\": text}"));
    };
    world.authenticate(session, &name, &password).inspect_err(|stop| {
        // What is wrong with it is told as text anyway; a client with a login window of its own waits for this.
        let message = matches!(stop, Stop::Say(_)).then(|| stop.to_string());
        world.msg_oob(session, CharLoginResult { success: false, message });
    })
}

/// The Portal says by what token a browser that has just connected is signed in, and as which character it wants to
/// play. Where that token is not known any more, the login screen is there.
fn web_login(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let character = given.kwargs.get("character").and_then(Value::as_str);
    if let Some(key) = given.first_str() {
        world.login_by_web(session, key, character);
    }
    Ok(())
}

/// Evennia's bots send what others say in their own network by this. Here, accounts are people.
fn bot_data_in(_world: &mut World, _session: SessionId, _given: CommandTuple) -> Result {
    Err(say("bot_data_in is for the accounts of bots, and this is none."))
}

/// What clients say of themselves, and what has no meaning here.
fn swallowed(_world: &mut World, _session: SessionId, _given: CommandTuple) -> Result {
    Ok(())
}

/// What clients mean by yes and no: Evennia takes "true", "on" and "1" for yes.
fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(on) => Some(*on),
        Value::Number(number) => number.as_f64().map(|number| number != 0.0),
        Value::String(word) => Some(matches!(word.to_lowercase().as_str(), "true" | "on" | "1" | "yes")),
        _ => None,
    }
}
