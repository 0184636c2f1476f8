//! Somebody does something, and everybody reads it as their own language has it: "You pick up a rose.", "Anna picks up a
//! rose." Commands and hooks call [`World::act`].

use std::collections::HashMap;

use meadow_link::{CommandTuple, SessionId};
use serde_json::Value as Json;

use crate::{
    ObjectId, World,
    text::funcs::{Scene, Template, Value},
};

/// Sentences of what somebody does.
impl World {
    /// A sentence of what somebody does, to be told to whoever sees it; for a narrator who is nobody, say `None`. What
    /// may stand in it is listed at [`text::funcs`](crate::text::funcs). Nothing is told before [`Act::to_room`] or one
    /// of its neighbours.
    ///
    /// The sentence is the game's: never put into it what a player typed, or what holds it. That belongs into
    /// [`Act::with`], where no function is looked for.
    ///
    /// ```
    /// # use meadow_world::{ObjectId, World};
    /// fn pick_up(world: &mut World, anna: ObjectId, rose: ObjectId) {
    ///     world.act(anna, "$You() $conj(pick) up $obj(item).").with("item", rose).to_room();
    ///     // Anna reads: You pick up a rose.
    ///     // Others read: Anna picks up a rose.
    /// }
    ///
    /// fn greet(world: &mut World, anna: ObjectId, bob: ObjectId, words: &str) {
    ///     world
    ///         .act(anna, "$You() $conj(greet) $you(bob) with $pron(your) best smile: \"{words}\"")
    ///         .with("bob", bob)
    ///         .with("words", words)
    ///         .kw("type", "say")
    ///         .to_room();
    ///     // Bob reads: Anna greets you with her best smile: "Hello!"
    /// }
    /// ```
    pub fn act<'a>(&'a mut self, actor: impl Into<Option<ObjectId>>, sentence: &'a str) -> Act<'a> {
        Act {
            actor: actor.into(),
            template: Template::parse(sentence),
            values: Vec::new(),
            except: Vec::new(),
            options: Vec::new(),
            world: self,
        }
    }
}

/// Something that somebody does, before it is told; see [`World::act`].
///
/// ```
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// # let new = |key| NewObject { key, typeclass: "default.Character", ..NewObject::default() };
/// # let (anna, bob) = (world.create(new("Anna"))?, world.create(new("Bob"))?);
/// let act = world.act(anna, "$You() $conj(nod) to $you(whom).").with("whom", bob);
/// assert_eq!(act.read_by(anna), "You nod to Bob.");
/// assert_eq!(act.read_by(bob), "Anna nods to you.");
/// act.except(&[bob]).to_room();
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[must_use = "nobody is told of it before `to_room`, `to_contents` or `to`"]
pub struct Act<'a> {
    world: &'a mut World,
    actor: Option<ObjectId>,
    template: Template<'a>,
    values: Vec<(Box<str>, Value)>,
    except: Vec<ObjectId>,
    options: Vec<(&'a str, Json)>,
}

/// What a key of a sentence may stand for: an object, of which each reader has a name, several objects (`{items}` is then
/// "a rose and two coins"), a number, or a text. A text is
/// markup, as in [`World::msg`]: what a player typed is escaped in it (`cx.args` is).
///
/// ```
/// # use meadow_world::{ObjectId, World};
/// fn pay(world: &mut World, anna: ObjectId, bob: ObjectId, coins: u32) {
///     world
///         .act(anna, "$You() $conj(pay) $you(whom) {coins} $pluralize(coin, {coins}).")
///         .with("whom", bob)
///         .with("coins", coins)
///         .to_room();
/// }
/// ```
pub struct ActValue(Value);

impl From<ObjectId> for ActValue {
    fn from(id: ObjectId) -> ActValue {
        ActValue(Value::Object(id))
    }
}

impl From<&[ObjectId]> for ActValue {
    fn from(ids: &[ObjectId]) -> ActValue {
        ActValue(Value::Several(ids.into()))
    }
}

macro_rules! texts {
    ($($kind:ty)*) => {
        $(
            impl From<$kind> for ActValue {
                fn from(value: $kind) -> ActValue {
                    ActValue(Value::Text(value.to_string()))
                }
            }
        )*
    };
}

texts! { &str String &String i32 i64 u32 u64 usize f64 }

impl<'a> Act<'a> {
    /// Says what a key stands for: `$obj(item)`, `$you(target)`, `{words}`.
    pub fn with(mut self, key: &str, value: impl Into<ActValue>) -> Act<'a> {
        self.values.retain(|(known, _)| **known != *key);
        self.values.push((key.into(), value.into().0));
        self
    }

    /// These do not see it.
    pub fn except(mut self, who: &[ObjectId]) -> Act<'a> {
        self.except.extend_from_slice(who);
        self
    }

    /// A keyword of the message, for clients: `.kw("type", "pose")`.
    pub fn kw(mut self, name: &'a str, value: impl Into<Json>) -> Act<'a> {
        self.options.push((name, value.into()));
        self
    }

    /// Tells all who are where the one who acts is, and that one as well. One who is nowhere hears it alone.
    pub fn to_room(self) {
        let place = self.actor.and_then(|actor| self.world.object(actor)).map(|actor| actor.location());
        match (place, self.actor) {
            (Some(Some(place)), _) => self.to_contents(place),
            (Some(None), Some(actor)) => self.to(&[actor]),
            _ => {}
        }
    }

    /// Tells all who are in a place.
    pub fn to_contents(self, place: ObjectId) {
        let inside = self.world.object(place).map(|place| place.contents().to_vec()).unwrap_or_default();
        self.to(&inside);
    }

    /// Tells these. Those who read the same get it in one message.
    pub fn to(self, who: &[ObjectId]) {
        let mut texts: Vec<(CommandTuple, Vec<SessionId>)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for id in who.iter().filter(|id| !self.except.contains(id)) {
            // Most things in a room have no ears: nothing is written for them.
            let hears = |object: &&crate::Object| {
                !object.is_exit() && (!object.sessions().is_empty() || object.typeclass().listens())
            };
            if self.world.object(*id).filter(hears).is_none() {
                continue;
            }
            let text = self.read_by(*id);
            let at = *known.entry(text).or_insert_with_key(|text| {
                texts.push((self.tuple(text), Vec::new()));
                texts.len() - 1
            });
            let (tuple, sessions) = &mut texts[at];
            sessions.append(&mut self.world.hearers(*id, tuple));
        }
        for (tuple, sessions) in texts {
            self.world.tell(sessions, tuple);
        }
    }

    /// The sentence as somebody reads it: markup.
    pub fn read_by(&self, looker: ObjectId) -> String {
        let scene =
            Scene { world: self.world, actor: self.actor, looker: Some(looker), values: &self.values };
        self.template.read_by(&scene)
    }

    fn tuple(&self, text: &str) -> CommandTuple {
        let named = |tuple: CommandTuple, (name, value): &(&str, Json)| tuple.kw(*name, value.clone());
        self.options.iter().fold(meadow_link::text(text), named)
    }
}
