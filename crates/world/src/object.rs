//! Objects: everything that stands in the world. The [`World`](crate::World) owns them all.

use std::sync::Arc;

use meadow_link::{SessionId, Time};
use serde::{Deserialize, Serialize};

use crate::{AccountId, Attributes, ObjectId, command::Commands, typeclass::Typeclass, unread::Unread};

/// A label that objects can be found by; the same key may stand in several categories. Both are kept in lower
/// case, as in Evennia, so that `Night` and `night` are one label.
///
/// ```
/// use meadow_world::Tag;
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// # let rose = world.create(NewObject { key: "rose", ..NewObject::default() })?;
///
/// world.add_tag(rose, "Red", "colour");
/// assert_eq!(world[rose].tags(), [Tag::new("red", "colour")]);
/// assert_eq!(world.objects_tagged("red", "colour"), [rose]);
/// assert!(world.objects_tagged("red", "").is_empty());
/// # Ok::<(), meadow_world::Stop>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tag {
    /// The label.
    pub key: Box<str>,
    /// What kind of label it is; empty for none.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub category: Box<str>,
}

impl Tag {
    /// A label; an empty category for none.
    pub fn new(key: &str, category: &str) -> Tag {
        Tag { key: key.trim().to_lowercase().into(), category: category.trim().to_lowercase().into() }
    }
}

/// One thing in the world: state only. What it does is its typeclass's.
///
/// Fields that the world keeps an index of (key, aliases, location, tags ...) are read by methods here and
/// changed by methods of [`World`](crate::World); the public ones may be changed as they are, and any
/// mutable access marks the object to be stored.
///
/// ```
/// # use meadow_world::{NewObject, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let chest = world.create(NewObject { key: "chest", aliases: &["box"], ..NewObject::default() })?;
/// let coin = world.create(NewObject { key: "coin", location: Some(chest), ..NewObject::default() })?;
///
/// world[chest].db.set("locked", true)?;
/// world[chest].locks = "get:false()".into();
/// assert!(world[chest].answers_to("box"));
/// assert_eq!(world[chest].contents(), [coin]);
/// assert_eq!(world[coin].location(), Some(chest));
/// # Ok::<(), meadow_world::Stop>(())
/// ```
pub struct Object {
    pub(crate) id: ObjectId,
    pub(crate) key: Box<str>,
    pub(crate) typeclass: &'static dyn Typeclass,
    /// The name of a typeclass that this program does not know, kept so that nothing is lost.
    pub(crate) unknown_typeclass: Option<Box<str>>,
    pub(crate) location: Option<ObjectId>,
    /// Where it goes when its location is destroyed.
    pub home: Option<ObjectId>,
    pub(crate) destination: Option<ObjectId>,
    pub(crate) aliases: Vec<Box<str>>,
    /// Its lock string: `get:false();puppet:id(3)`.
    pub locks: Box<str>,
    pub(crate) tags: Vec<Tag>,
    /// Its permissions, for `perm()` locks.
    pub permissions: Vec<Box<str>>,
    /// The account that it belongs to as a character.
    pub account: Option<AccountId>,
    /// When it was made.
    pub created: Time,
    /// What the game keeps on it.
    pub db: Attributes,

    // Not stored.
    pub(crate) contents: Vec<ObjectId>,
    /// The exits that lead here.
    pub(crate) entrances: Vec<ObjectId>,
    pub(crate) sessions: Vec<SessionId>,
    /// The commands that it brings along.
    pub(crate) commands: Option<Arc<Commands>>,
    /// What is in it and brings commands along.
    pub(crate) providers: Vec<ObjectId>,
    /// The commands made of its exits, until one changes.
    pub(crate) exits: Option<Arc<Commands>>,
    /// What of its row could not be read; stored as it was.
    pub(crate) unread: Option<Box<Unread>>,
    pub(crate) dirty: bool,
}

impl Object {
    /// Its number.
    pub fn id(&self) -> ObjectId {
        self.id
    }

    /// Its name.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Other names that it answers to.
    pub fn aliases(&self) -> &[Box<str>] {
        &self.aliases
    }

    /// How it behaves.
    pub fn typeclass(&self) -> &'static dyn Typeclass {
        self.typeclass
    }

    /// What it is in.
    pub fn location(&self) -> Option<ObjectId> {
        self.location
    }

    /// Where it leads, if it is an exit.
    pub fn destination(&self) -> Option<ObjectId> {
        self.destination
    }

    /// What is in it, in the order in which it came; what was there before the Server started is first, by
    /// number.
    pub fn contents(&self) -> &[ObjectId] {
        &self.contents
    }

    /// Its labels.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Whether it carries a label (of no category), whatever the case.
    pub fn has_tag(&self, key: &str) -> bool {
        self.tags.contains(&Tag::new(key, ""))
    }

    /// The sessions that puppet it now.
    pub fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }

    /// What one sees of it, as markup.
    pub fn desc(&self) -> Option<&str> {
        self.db.str("desc")
    }

    /// Whether it leads somewhere.
    pub fn is_exit(&self) -> bool {
        self.destination.is_some()
    }

    /// Name of its typeclass as it is stored.
    pub fn typeclass_path(&self) -> &str {
        self.unknown_typeclass.as_deref().unwrap_or_else(|| self.typeclass.path())
    }

    /// Whether a name is its key or one of its aliases, whatever the case.
    pub fn answers_to(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.key.to_lowercase() == name || self.aliases.iter().any(|alias| alias.to_lowercase() == name)
    }
}
