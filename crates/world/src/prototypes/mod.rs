//! Prototypes: what an object is to be made of, as data (Evennia's prototypes). A game registers them in its setup,
//! builders make others in the game; `@spawn` and [`World::spawn`](crate::World::spawn) make objects of both.

mod literal;
mod parents;
mod read;
mod spawn;
mod store;

pub(crate) use store::PrototypeKeys;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Record, Tag};

/// Category of the tag that every object of a prototype carries; the tag is the prototype's key.
pub const PROTOTYPE_TAG_CATEGORY: &str = "from_prototype";

/// A stored prototype's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrototypeId(pub u64);

impl From<u64> for PrototypeId {
    fn from(id: u64) -> PrototypeId {
        PrototypeId(id)
    }
}

impl From<PrototypeId> for u64 {
    fn from(id: PrototypeId) -> u64 {
        id.0
    }
}

/// What an object is to be made of. What it leaves open comes from its parents: of several, the last one's; a child's
/// own is before its parents'. Attributes and tags of all of them are put together.
///
/// ```
/// use meadow_link::Time;
/// use meadow_world::{Prototype, Snapshot, WorldBuilder};
///
/// let mut builder = WorldBuilder::new("A Game");
/// builder.prototype(Prototype::new("monster").attr("hp", 10).tag("wild", ""));
/// builder.prototype_text(
///     r#"{"prototype_key": "goblin", "prototype_parent": "monster", "key": "a goblin", "mood": "sour"}"#,
/// );
/// let mut world = builder.load(Snapshot::default(), Time::default()).unwrap();
///
/// let goblin = world.spawn("goblin").unwrap();
/// assert_eq!(world[goblin].key(), "a goblin");
/// assert_eq!(world[goblin].db.get("hp"), Some(10));
/// assert_eq!(world[goblin].db.str("mood"), Some("sour"));
///
/// let king = world.spawn_with("goblin", Prototype::default().key("the goblin king").attr("hp", 99)).unwrap();
/// assert_eq!(world[king].db.get("hp"), Some(99));
/// assert_eq!(world.objects_of_prototype("goblin"), [goblin, king]);
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Prototype {
    /// The name by which it is known, in lower case; empty for one that is used once.
    pub(crate) prototype_key: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prototype_desc: String,
    /// The prototypes that it builds on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prototype_parent: Vec<String>,
    /// Labels by which `@spawn/list` and `/search` find it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prototype_tags: Vec<String>,
    /// Who may use it: a lock string with the access types `spawn` and `edit`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prototype_locks: String,
    /// Name of the object; the prototype's own where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Its typeclass; a plain object where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub typeclass: Option<String>,
    /// Its aliases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aliases: Option<Vec<String>>,
    /// Locks, which take the place of those of the same types that its typeclass gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locks: Option<String>,
    /// Its permissions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    /// Where it begins: `#12`, or a name that only one object has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Where it goes when its location is destroyed, written as [`Prototype::location`] is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home: Option<String>,
    /// Where it leads, if it is an exit, written as [`Prototype::location`] is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination: Option<String>,
    /// Its tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// Its attributes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attrs: BTreeMap<String, Value>,
}

impl Record for Prototype {
    type Id = PrototypeId;
    const KIND: &'static str = "prototype";

    fn key(&self) -> &str {
        &self.prototype_key
    }
}

impl Prototype {
    /// One that says nothing but its name.
    pub fn new(prototype_key: &str) -> Prototype {
        Prototype { prototype_key: prototype_key.trim().to_lowercase(), ..Prototype::default() }
    }

    /// The name by which it is known, in lower case; empty for one that is used once.
    pub fn prototype_key(&self) -> &str {
        &self.prototype_key
    }

    pub(crate) fn rename_as(&mut self, prototype_key: &str) {
        self.prototype_key = prototype_key.trim().to_lowercase();
    }

    /// Adds a parent.
    pub fn parent(mut self, prototype_key: &str) -> Prototype {
        self.prototype_parent.push(prototype_key.trim().to_lowercase());
        self
    }

    /// Sets the object's name.
    pub fn key(mut self, key: &str) -> Prototype {
        self.key = Some(key.to_owned());
        self
    }

    /// Sets the object's typeclass.
    pub fn typeclass(mut self, path: &str) -> Prototype {
        self.typeclass = Some(path.to_owned());
        self
    }

    /// Adds an alias.
    pub fn alias(mut self, alias: &str) -> Prototype {
        self.aliases.get_or_insert_default().push(alias.to_owned());
        self
    }

    /// Sets the object's locks.
    pub fn locks(mut self, locks: &str) -> Prototype {
        self.locks = Some(locks.to_owned());
        self
    }

    /// Adds a permission.
    pub fn permission(mut self, permission: &str) -> Prototype {
        self.permissions.get_or_insert_default().push(permission.to_owned());
        self
    }

    /// Adds a tag; an empty category for none.
    pub fn tag(mut self, key: &str, category: &str) -> Prototype {
        self.tags.push(Tag::new(key, category));
        self
    }

    /// Sets an attribute.
    pub fn attr(mut self, name: &str, value: impl Into<Value>) -> Prototype {
        self.attrs.insert(name.to_owned(), value.into());
        self
    }

    /// Sets where the object begins: `#12`, or a name that only one object has.
    pub fn location(mut self, place: &str) -> Prototype {
        self.location = Some(place.to_owned());
        self
    }
}
