//! `client_options` and what belongs to it: what the client can do, as it says itself or asks. The command `option`
//! sets the same flags.

use meadow_link::{CommandTuple, Flag, Flags, Kwargs, SessionId, ToPortal, tuple};
use serde_json::{Value, json};

use super::truth;
use crate::{Result, World, say, setup::WorldBuilder, text};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("client_options", "Sets or asks for what the client can do.", client_options)
        .raw_inputfunc("get_client_options", "Asks for what the client can do.", get_client_options)
        .raw_inputfunc("hello", "The client says what it is: {client, version}.", greeting)
        .raw_inputfunc("supports_set", "The client says what it supports.", greeting);
}

/// Longest name of a client, in characters, as with telnet's TTYPE: both processes keep it for each session.
const CLIENTNAME_LENGTH: usize = 64;

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

impl World {
    /// Sets flags of a session, by their names as in [`Flags::to_map`]; the Portal hears of it. Says whether
    /// that changed anything.
    ///
    /// ```
    /// # use meadow_world::World;
    /// # use meadow_link::{SessionId, tuple};
    /// fn no_colour(world: &mut World, session: SessionId) {
    ///     let changed = world.set_flags(session, tuple("options").kw("NOCOLOR", true).kwargs);
    ///     if changed {
    ///         world.msg(session, "It is grey now.");
    ///     }
    /// }
    /// ```
    pub fn set_flags(&mut self, session: SessionId, wanted: Kwargs) -> bool {
        let changed = self.session_mut(session).is_some_and(|session| session.flags.apply(&wanted));
        if changed {
            self.out.push(ToPortal::Flags { session, changed: wanted });
        }
        changed
    }
}

fn client_options(world: &mut World, session: SessionId, mut given: CommandTuple) -> Result {
    let asks = given.kwargs.remove("get").is_some_and(|get| truth(&get) == Some(true));
    if given.kwargs.is_empty() || asks {
        return get_client_options(world, session, given);
    }
    let unknown = set(world, session, &given.kwargs);
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

/// What GMCP clients send of themselves without being asked. The Portal takes in what they mean by it; what still
/// comes here is obeyed as far as it can be, and never answered: whoever greets expects no list of options.
fn greeting(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    set(world, session, &given.kwargs);
    Ok(())
}

/// Sets what a client said about itself; gives back the names that mean nothing.
fn set<'k>(world: &mut World, session: SessionId, given: &'k Kwargs) -> Vec<&'k str> {
    let (mut wanted, mut unknown) = (Kwargs::new(), Vec::new());
    let mut version = None;
    for (key, value) in given {
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
    world.set_flags(session, wanted);
    unknown
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
