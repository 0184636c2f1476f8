//! Values that clients may ask for by name: where they come from, and `get_value`. The monitors and MSDP look here.

use std::collections::HashMap;

use meadow_link::{CommandTuple, SessionId, tuple};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{read, unreadable};
use crate::{AccountId, ObjectId, Result, World, setup::WorldBuilder};

pub(super) fn register(builder: &mut WorldBuilder) {
    builder
        .raw_inputfunc("get_value", "Asks for a value: {name}.", get_value)
        .monitorable("name", |world, me| world[me].key().to_owned())
        .monitorable("location", |world, me| {
            world[me].location().map(|location| world[location].key().to_owned())
        })
        .monitorable("desc", |world, me| world[me].desc().map(str::to_owned));
    let variables = &mut builder.game.values.msdp;
    variables.add("SERVER_ID", Source::new(|world, _| world.game().name().to_owned()));
    variables.add(
        "ACCOUNT_NAME",
        Source::new(|world, asker| {
            asker.account.and_then(|account| world.account(account)).map(|account| account.name().to_owned())
        }),
    );
    builder
        .msdp_variable("CHARACTER_NAME", |world, me| world[me].key().to_owned())
        .msdp_variable("ROOM", room);
}

/// Every value that clients may ask for.
#[derive(Default)]
pub(crate) struct Values {
    /// For `get_value` and `monitor`.
    pub(super) monitorable: Sources,
    /// For MSDP.
    pub(super) msdp: Sources,
}

/// Values by their names, whatever the case.
#[derive(Default)]
pub(super) struct Sources {
    by_key: HashMap<Box<str>, Source>,
    /// The names as they were registered, in that order.
    names: Vec<&'static str>,
}

/// Where a value comes from.
pub(super) struct Source(Func);

type Func = Box<dyn Fn(&World, Asker) -> Value + Send + Sync>;

/// Whose value it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker {
    pub(super) account: Option<AccountId>,
    pub(super) puppet: Option<ObjectId>,
}

impl WorldBuilder {
    /// Lets clients ask for a value of the character that they puppet (`get_value`), and ask to be told when it
    /// changes (`monitor`).
    ///
    /// It may depend on the character, on what it carries, on the place where it is, and on who and what comes
    /// there and leaves. If it depends on anything else, [`World::notice`] is to be called when that changes.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game");
    /// // `get_value {"name": "hp"}` and `monitor {"name": "hp"}`.
    /// world.monitorable("hp", |world, me| world[me].db.get::<u32>("hp"));
    /// ```
    pub fn monitorable<V: Serialize + 'static>(
        &mut self,
        name: &'static str,
        value: fn(&World, ObjectId) -> V,
    ) -> &mut Self {
        self.game.values.monitorable.add(name, Source::of_puppet(value));
        self
    }

    /// Gives MSDP a variable of the character that a client puppets: `HEALTH`, `EXPERIENCE` ... What clients that
    /// have it reported are told, and when, is as with [`WorldBuilder::monitorable`].
    ///
    /// A struct or map is a table, a list is an array; without a character, it is empty.
    ///
    /// ```
    /// # use meadow_world::WorldBuilder;
    /// # let mut world = WorldBuilder::new("A Game");
    /// world.msdp_variable("HEALTH", |world, me| world[me].db.get::<u32>("hp").unwrap_or(20));
    /// ```
    pub fn msdp_variable<V: Serialize + 'static>(
        &mut self,
        name: &'static str,
        value: fn(&World, ObjectId) -> V,
    ) -> &mut Self {
        self.game.values.msdp.add(name, Source::of_puppet(value));
        self
    }
}

impl Source {
    fn new<V: Serialize + 'static>(value: fn(&World, Asker) -> V) -> Source {
        // What JSON cannot say is nothing.
        Source(Box::new(move |world, asker| serde_json::to_value(value(world, asker)).unwrap_or_default()))
    }

    fn of_puppet<V: Serialize + 'static>(value: fn(&World, ObjectId) -> V) -> Source {
        Source(Box::new(move |world, asker| {
            let puppet = asker.puppet.filter(|puppet| world.exists(*puppet));
            puppet.and_then(|puppet| serde_json::to_value(value(world, puppet)).ok()).unwrap_or_default()
        }))
    }

    pub(super) fn value(&self, world: &World, asker: Asker) -> Value {
        (self.0)(world, asker)
    }
}

impl Sources {
    /// Adds one, in place of one of the same name.
    fn add(&mut self, name: &'static str, source: Source) {
        if self.by_key.insert(key(name), source).is_none() {
            self.names.push(name);
        }
    }

    /// The one whose name has this [`key`].
    pub(super) fn find(&self, key: &str) -> Option<&Source> {
        self.by_key.get(key)
    }

    pub(super) fn names(&self) -> &[&'static str] {
        &self.names
    }
}

/// How names are compared.
pub(super) fn key(name: &str) -> Box<str> {
    name.trim().to_lowercase().into()
}

impl World {
    /// The value of this name that clients may ask for, of an object; `None` if there is none, or if it broke.
    pub(crate) fn value_of(&mut self, object: ObjectId, name: &str) -> Option<Value> {
        let game = self.game.clone();
        let source = game.values.monitorable.find(&key(name))?;
        let asker = Asker { account: None, puppet: Some(object) };
        self.guarded(&format!("the value {name}"), |world| source.value(world, asker))
    }

    /// Whose values a session asks for.
    pub(super) fn asker(&self, session: SessionId) -> Asker {
        let session = self.session(session);
        Asker {
            account: session.and_then(|session| session.account()),
            puppet: session.and_then(|session| session.puppet()),
        }
    }
}

/// `ROOM`, with the keys that MSDP suggests.
fn room(world: &World, me: ObjectId) -> Option<Value> {
    let room = world[me].location()?;
    let info = world[room].typeclass().room_info(world, room, me);
    let mut table = json!({ "VNUM": info.num, "NAME": info.name, "EXITS": info.exits });
    for (key, more) in [("AREA", info.area), ("TERRAIN", info.environment)] {
        if let Some(more) = more {
            table[key] = more.into();
        }
    }
    if !info.coords.is_null() {
        table["COORDS"] = info.coords;
    }
    Some(table)
}

#[derive(Deserialize)]
struct ValueName {
    name: String,
}

fn get_value(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let ValueName { name } = read(given)?;
    let asker = world.asker(session);
    let key = key(&name);
    let value = match &*key {
        "servername" => json!(world.game.name()),
        "name" | "key" if asker.puppet.is_none() => {
            json!(asker.account.map(|account| world[account].name().to_owned()))
        }
        key => {
            let game = world.game.clone();
            let source = game.values.monitorable.find(if key == "key" { "name" } else { key });
            source.ok_or_else(|| unknown(world, &name))?.value(world, asker)
        }
    };
    world.msg(session, tuple("get_value").kw("name", name).kw("value", value));
    Ok(())
}

fn unknown(world: &World, name: &str) -> crate::Stop {
    let known = world.game.values.monitorable.names().join(", ");
    unreadable(format!("get_value knows key, servername, {known}, not {name:?}"))
}
