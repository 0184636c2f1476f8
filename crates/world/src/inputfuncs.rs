//! Inputfuncs: what an incoming commandtuple runs, by its name. `text` goes on to the command handler.
//!
//! # Adding one
//!
//! A function `fn(&mut World, SessionId, T) -> Result` where `T` is read from the tuple, and one
//! `world.inputfunc("ping", ping)` line in the game's setup.

use meadow_link::{CommandTuple, Flag, Flags, Kwargs, SessionId, ToPortal, tuple};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{Result, Stop, World, cmdhandler, cmdhandler::BROKEN, say, setup::WorldBuilder, text};

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

/// The inputfuncs that every game has.
pub(crate) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("text", "A line that the player typed.", text_input)
        .raw_inputfunc("echo", "Sends back what it was given, for tests.", echo)
        .raw_inputfunc("default", "Called for names that nothing else has.", default)
        .raw_inputfunc("client_options", "Sets or asks for what the client can do.", client_options)
        .raw_inputfunc("get_client_options", "Asks for what the client can do.", get_client_options)
        .raw_inputfunc("get_inputfuncs", "Asks for the names of all inputfuncs.", get_inputfuncs)
        .raw_inputfunc("login", "Logs in: {name, password}.", login)
        .raw_inputfunc("get_value", "Asks for a value: {name}.", get_value);
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
    match ended {
        Some(Ok(())) => {}
        Some(Err(Stop::Say(told))) => world.msg(session, told),
        Some(Err(Stop::Bug(error))) => {
            // What a client sends must neither fill the log nor stand in it: it may be a secret.
            match error.downcast_ref::<Unreadable>() {
                Some(_) => tracing::debug!(session = session.0, "{what} was given what it can't read"),
                None => tracing::error!(session = session.0, "{what}: {error}"),
            }
            if world.session(session).is_some_and(|session| session.flags.has(Flag::Inputdebug)) {
                world.msg(session, text::escape(&format!("{what}: {error}")).into_owned());
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

/// The flags that a client may set by itself, by the names it sets them with.
const CLIENT_OPTIONS: [(&str, &str); 16] = [
    ("ansi", "ANSI"),
    ("xterm256", "XTERM256"),
    ("truecolor", "TRUECOLOR"),
    ("mxp", "MXP"),
    ("utf-8", "UTF-8"),
    ("screenreader", "SCREENREADER"),
    ("mccp", "MCCP"),
    ("autoresize", "AUTORESIZE"),
    ("inputdebug", "INPUTDEBUG"),
    ("nocolor", "NOCOLOR"),
    ("raw", "RAW"),
    ("nogoahead", "NOGOAHEAD"),
    ("localecho", "LOCALECHO"),
    ("istyping", "ISTYPING"),
    ("screenwidth", "SCREENWIDTH"),
    ("screenheight", "SCREENHEIGHT"),
];

/// Longest name of a client, in characters, as with telnet's TTYPE: both processes keep it for each session.
const CLIENTNAME_LENGTH: usize = 64;

fn client_options(world: &mut World, session: SessionId, mut given: CommandTuple) -> Result {
    let asks = given.kwargs.remove("get").is_some_and(|get| truth(&get) == Some(true));
    if given.kwargs.is_empty() || asks {
        return get_client_options(world, session, given);
    }
    let Some(flags) = world.session(session).map(|session| session.flags.clone()) else { return Ok(()) };
    let (mut wanted, mut unknown) = (Kwargs::new(), Vec::new());
    let mut version = None;
    for (key, value) in &given.kwargs {
        match key.to_lowercase().as_str() {
            "client" => drop(wanted.insert("CLIENTNAME".into(), value.clone())),
            "version" => version = value.as_str(),
            lower => match CLIENT_OPTIONS.iter().find(|(name, _)| *name == lower) {
                Some((_, flag)) if Flag::from_name(flag).is_some() => {
                    drop(wanted.insert((*flag).into(), json!(truth(value))));
                }
                Some((_, size)) => drop(wanted.insert((*size).into(), value.clone())),
                None => unknown.push(key.as_str()),
            },
        }
    }
    if let Some(Value::String(client)) = wanted.get_mut("CLIENTNAME") {
        let version = version.map(|version| format!(" {version}")).unwrap_or_default();
        let named = client.chars().chain(version.chars()).filter(|char| !char.is_control());
        *client = named.take(CLIENTNAME_LENGTH).collect();
    }
    let mut changed = flags;
    if changed.apply(&wanted) {
        if let Some(session) = world.session_mut(session) {
            session.flags = changed;
        }
        world.out.push(ToPortal::Flags { session, changed: wanted });
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let known: Vec<&str> = CLIENT_OPTIONS.iter().map(|(name, _)| *name).collect();
    Err(say(format!(
        "client_options: {} is no option. Options are: client, version, {}.",
        text::escape(&unknown.join(", ")),
        known.join(", ")
    )))
}

fn get_client_options(world: &mut World, session: SessionId, _given: CommandTuple) -> Result {
    let Some(flags) = world.session(session).map(|session| session.flags.clone()) else { return Ok(()) };
    world.msg(session, tuple("client_options").kwargs(&options_of(&flags)));
    Ok(())
}

fn options_of(flags: &Flags) -> Kwargs {
    let map = flags.to_map();
    let mut options = Kwargs::new();
    options.insert("client".into(), json!(flags.clientname));
    for (name, flag) in CLIENT_OPTIONS {
        options.insert(name.into(), map.get(flag).cloned().unwrap_or_default());
    }
    options.insert("screenwidth".into(), json!(flags.screenwidth));
    options.insert("screenheight".into(), json!(flags.screenheight));
    options
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
    world.authenticate(session, &name, &password)
}

#[derive(Deserialize)]
struct ValueName {
    name: String,
}

fn get_value(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let ValueName { name } = read(given)?;
    let Some(from) = world.session(session) else { return Ok(()) };
    let (puppet, account) = (from.puppet(), from.account());
    let own_name = puppet
        .map(|puppet| world[puppet].key().to_owned())
        .or_else(|| account.map(|account| world[account].name().to_owned()));
    let value = match name.to_lowercase().as_str() {
        "name" | "key" => own_name,
        "location" => puppet
            .and_then(|puppet| world[puppet].location())
            .map(|location| world[location].key().to_owned()),
        "servername" => Some(world.game.name().to_owned()),
        _ => {
            return Err(unreadable(format!(
                "get_value knows name, key, location and servername, not {name:?}"
            )));
        }
    };
    world.msg(session, tuple("get_value").kw("name", name).kw("value", json!(value)));
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
