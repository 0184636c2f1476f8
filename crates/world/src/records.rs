//! Records: what the world keeps besides objects and accounts, such as channels, scripts and help. Each kind is a
//! type that serde can write; the world loads them all, hands them out by number, and stores what has changed.
//!
//! # Adding one
//!
//! A type that implements [`Record`], and one `world.records::<Bulletin>()` line in the game's setup.

use std::{
    any::{Any, TypeId},
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{Attributes, Event, RecordRow, World, text};

/// A kind of thing that the world keeps. It is stored as one JSON document.
///
/// ```
/// use meadow_world::{Record, WorldBuilder};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Bulletin {
///     title: String,
///     text: String,
/// }
///
/// #[derive(Debug, Clone, Copy, PartialEq)]
/// struct BulletinId(u64);
///
/// impl From<u64> for BulletinId {
///     fn from(id: u64) -> BulletinId {
///         BulletinId(id)
///     }
/// }
///
/// impl From<BulletinId> for u64 {
///     fn from(id: BulletinId) -> u64 {
///         id.0
///     }
/// }
///
/// impl Record for Bulletin {
///     type Id = BulletinId;
///     const KIND: &'static str = "bulletin";
///
///     fn key(&self) -> &str {
///         &self.title
///     }
/// }
///
/// let mut builder = WorldBuilder::new("A Game");
/// builder.records::<Bulletin>();
/// # let mut world = builder.load(Default::default(), Default::default()).expect("it loads");
///
/// let id = world.add_record(Bulletin { title: "Rain".into(), text: "On Monday.".into() });
/// assert_eq!(world.record::<Bulletin>(id).map(|bulletin| bulletin.text.as_str()), Some("On Monday."));
/// assert_eq!(world.records::<Bulletin>().count(), 1);
/// ```
pub trait Record: Serialize + DeserializeOwned + 'static {
    /// What it is called by: a number in a type of its own, which is never used twice.
    type Id: Copy + From<u64> + Into<u64>;

    /// The name of the kind in the database. It is for ever.
    const KIND: &'static str;

    /// Whether it is for the eyes of Developers only, as what players have told each other: `@examine` shows it to nobody
    /// else.
    const PRIVATE: bool = false;

    /// Its name, for whoever reads the database.
    fn key(&self) -> &str;

    /// What `@examine` shows of it: labels, and values as markup. By default everything that is stored of it.
    fn examine(&self, _world: &World) -> Vec<(String, String)> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => {
                fields.into_iter().map(|(name, value)| (name, shown(&value))).collect()
            }
            Ok(value) => vec![("value".to_owned(), shown(&value))],
            Err(error) => vec![("not to be read".to_owned(), error.to_string())],
        }
    }
}

/// Attributes as [`Record::examine`] shows them: `db.name`, and `db.name:category` where they stand in one.
pub(crate) fn attributes_shown(db: &Attributes, longest: usize) -> Vec<(String, String)> {
    let sets = std::iter::once(("", db)).chain(db.categories());
    let lines = sets.flat_map(|(category, set)| {
        let colon = if category.is_empty() { "" } else { ":" };
        set.iter().map(move |(name, value)| {
            (format!("db.{name}{colon}{category}"), cut(value.to_string(), longest))
        })
    });
    lines.collect()
}

/// A text as it is, everything else as JSON; escaped, and cut where it gets long.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 400;
    let told = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    cut(told, LONGEST)
}

fn cut(mut told: String, longest: usize) -> String {
    if let Some((at, _)) = told.char_indices().nth(longest) {
        told.truncate(at);
        told.push_str("[...]");
    }
    text::escape(&told).into_owned()
}

/// All records, of all kinds.
#[derive(Default)]
pub(crate) struct Records {
    tables: HashMap<TypeId, Box<dyn AnyTable>>,
    /// Rows that cannot be read, or whose kind this game does not know: they stay in the database as they are, and
    /// nothing else gets their numbers.
    unread: Vec<RecordRow>,
}

/// How a game's setup says which kinds there are.
pub(crate) type NewTable = fn() -> (TypeId, Box<dyn AnyTable>);

/// An empty table of a kind.
pub(crate) fn new_table<R: Record>() -> (TypeId, Box<dyn AnyTable>) {
    (TypeId::of::<R>(), Box::new(Table::<R>::default()))
}

struct Table<R> {
    rows: BTreeMap<u64, R>,
    changed: BTreeSet<u64>,
}

impl<R> Default for Table<R> {
    fn default() -> Table<R> {
        Table { rows: BTreeMap::new(), changed: BTreeSet::new() }
    }
}

/// A [`Table`] without its type.
pub(crate) trait AnyTable {
    fn kind(&self) -> &'static str;
    fn is_private(&self) -> bool;
    fn read(&mut self, row: &RecordRow) -> serde_json::Result<()>;
    fn any_changed(&self) -> bool;
    fn take_changed(&mut self, rows: &mut Vec<RecordRow>, deleted: &mut Vec<(String, u64)>);
    fn forget(&mut self, id: u64);
    fn names(&self) -> Vec<(u64, String)>;
    fn examine(&self, world: &World, id: u64) -> Option<Vec<(String, String)>>;
    fn as_any(&self) -> &dyn Any;
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

impl<R: Record> AnyTable for Table<R> {
    fn kind(&self) -> &'static str {
        R::KIND
    }

    fn is_private(&self) -> bool {
        R::PRIVATE
    }

    fn read(&mut self, row: &RecordRow) -> serde_json::Result<()> {
        self.rows.insert(row.id, serde_json::from_str(&row.data)?);
        Ok(())
    }

    fn any_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    fn take_changed(&mut self, rows: &mut Vec<RecordRow>, deleted: &mut Vec<(String, u64)>) {
        for id in std::mem::take(&mut self.changed) {
            let Some(record) = self.rows.get(&id) else {
                deleted.push((R::KIND.to_owned(), id));
                continue;
            };
            match serde_json::to_string(record) {
                Ok(data) => {
                    rows.push(RecordRow { kind: R::KIND.to_owned(), id, key: record.key().to_owned(), data });
                }
                Err(error) => tracing::error!("the {} {id} can't be stored: {error}", R::KIND),
            }
        }
    }

    fn forget(&mut self, id: u64) {
        self.rows.remove(&id);
    }

    fn names(&self) -> Vec<(u64, String)> {
        self.rows.iter().map(|(id, record)| (*id, record.key().to_owned())).collect()
    }

    fn examine(&self, world: &World, id: u64) -> Option<Vec<(String, String)>> {
        self.rows.get(&id).map(|record| record.examine(world))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl Records {
    pub(crate) fn new(tables: &[NewTable]) -> Records {
        Records { tables: tables.iter().map(|new| new()).collect(), unread: Vec::new() }
    }

    pub(crate) fn restore(&mut self, rows: Vec<RecordRow>) {
        for row in rows {
            if let Some(why) = self.why_unread(&row) {
                tracing::warn!("the {} {} ({}) is left as it is: {why}", row.kind, row.id, row.key);
                self.unread.push(row);
            }
        }
    }

    /// Takes in rows that have changed while nobody held any of them.
    pub(crate) fn catch_up(&mut self, rows: Vec<RecordRow>, deleted: &[(String, u64)]) {
        let changed = rows.iter().map(|row| (&*row.kind, row.id));
        let all: HashSet<(&str, u64)> =
            changed.chain(deleted.iter().map(|(kind, id)| (kind.as_str(), *id))).collect();
        self.unread.retain(|row| !all.contains(&(row.kind.as_str(), row.id)));
        for (kind, id) in &all {
            if let Some(table) = self.tables.values_mut().find(|table| table.kind() == *kind) {
                table.forget(*id);
            }
        }
        self.restore(rows);
    }

    /// Takes in a row, or says why it can't.
    pub(crate) fn why_unread(&mut self, row: &RecordRow) -> Option<String> {
        match self.tables.values_mut().find(|table| table.kind() == row.kind) {
            Some(table) => table.read(row).err().map(|error| format!("it can't be read: {error}")),
            None => Some(format!("this game knows no {}", row.kind)),
        }
    }

    /// Rows that stay as they are, for they can't be read or are of no known kind.
    pub(crate) fn unread(&self) -> impl Iterator<Item = &RecordRow> {
        self.unread.iter()
    }

    /// Whether something is to be stored.
    pub(crate) fn any_changed(&self) -> bool {
        self.tables.values().any(|table| table.any_changed())
    }

    pub(crate) fn take_changed(&mut self) -> (Vec<RecordRow>, Vec<(String, u64)>) {
        let (mut rows, mut deleted) = (Vec::new(), Vec::new());
        for table in self.tables.values_mut() {
            table.take_changed(&mut rows, &mut deleted);
        }
        (rows, deleted)
    }

    fn named(&self, kind: &str) -> Option<&dyn AnyTable> {
        self.tables.values().find(|table| table.kind() == kind).map(|table| &**table)
    }

    fn table<R: Record>(&self) -> &Table<R> {
        self.tables
            .get(&TypeId::of::<R>())
            .and_then(|table| table.as_any().downcast_ref())
            .unwrap_or_else(|| panic!("the records {} are not registered", R::KIND))
    }

    fn table_mut<R: Record>(&mut self) -> &mut Table<R> {
        self.tables
            .get_mut(&TypeId::of::<R>())
            .and_then(|table| table.as_any_mut().downcast_mut())
            .unwrap_or_else(|| panic!("the records {} are not registered", R::KIND))
    }
}

/// Records by the names of their kinds, for staff who look into them.
impl World {
    /// The kinds that are registered, by name.
    pub(crate) fn record_kinds(&self) -> impl Iterator<Item = &'static str> {
        let mut kinds: Vec<&'static str> = self.records.tables.values().map(|table| table.kind()).collect();
        kinds.sort_unstable();
        kinds.into_iter()
    }

    /// Whether records of a kind are for Developers only.
    pub(crate) fn is_private_record(&self, kind: &str) -> bool {
        self.records.named(kind).is_some_and(AnyTable::is_private)
    }

    /// Number and name of every record of a kind; none, if there is no such kind.
    pub(crate) fn record_names(&self, kind: &str) -> Vec<(u64, String)> {
        self.records.named(kind).map(|table| table.names()).unwrap_or_default()
    }

    /// What there is to know of a record.
    pub(crate) fn examine_record(&self, kind: &str, id: u64) -> Option<Vec<(String, String)>> {
        self.records.named(kind)?.examine(self, id)
    }
}

/// All of these panic if the kind is not registered, which ends the command as a bug: a mistake of the game.
impl World {
    /// A record, if there is one of this number.
    pub fn record<R: Record>(&self, id: R::Id) -> Option<&R> {
        self.records.table().rows.get(&id.into())
    }

    /// As [`World::record`], and it will be stored.
    pub fn record_mut<R: Record>(&mut self, id: R::Id) -> Option<&mut R> {
        let table = self.records.table_mut();
        let record = table.rows.get_mut(&id.into())?;
        table.changed.insert(id.into());
        Some(record)
    }

    /// All records of a kind, by number.
    pub fn records<R: Record>(&self) -> impl Iterator<Item = (R::Id, &R)> {
        self.records.table().rows.iter().map(|(id, record)| (R::Id::from(*id), record))
    }

    /// Keeps a new record.
    pub fn add_record<R: Record>(&mut self, record: R) -> R::Id {
        let counter = format!("next_{}", R::KIND);
        let counted = self.config(&counter).and_then(|next| next.parse().ok()).unwrap_or(1u64);
        let unread = self.records.unread.iter().filter(|row| row.kind == R::KIND).map(|row| row.id).max();
        let table = self.records.table_mut();
        let used = table.rows.last_key_value().map(|(id, _)| *id).max(unread).unwrap_or(0);
        let id = counted.max(used + 1);
        table.rows.insert(id, record);
        table.changed.insert(id);
        self.set_config(&counter, (id + 1).to_string());
        self.emit(Event::RecordCreate { kind: R::KIND, id });
        R::Id::from(id)
    }

    /// Keeps a record under a number that was given out elsewhere, in place of what was there.
    pub(crate) fn put_record<R: Record>(&mut self, id: R::Id, record: R) {
        let table = self.records.table_mut();
        table.rows.insert(id.into(), record);
        table.changed.insert(id.into());
    }

    /// Takes a record out and gives it back.
    pub fn remove_record<R: Record>(&mut self, id: R::Id) -> Option<R> {
        let table = self.records.table_mut();
        let record = table.rows.remove(&id.into())?;
        table.changed.insert(id.into());
        Some(record)
    }
}
