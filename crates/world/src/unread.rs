//! What of a stored row this program cannot read: kept beside the object or account, and stored again as it was, so
//! that nothing is lost before somebody has looked. `changes.rs` fills it; [`World::broken`] is for staff.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Account, AccountId, Attributes, Object, ObjectId, World};

/// The attribute that holds texts which could not be read and whose column has been set anew since: a map of column
/// and text. Who has seen to it takes the attribute away.
pub(crate) const UNREAD: &str = "_unread";

/// What is left of a row beside what could be read.
#[derive(Debug, Default)]
pub(crate) struct Unread {
    /// Columns that are no JSON, or not the JSON that is expected there, as they are stored.
    columns: Vec<(&'static str, Box<str>)>,
    /// Where it was, if that is no place any more.
    pub(crate) location: Option<ObjectId>,
}

/// What is wrong with something that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Whose row it is.
    pub row: BrokenRow,
    /// What is wrong with it, a sentence each, without markup.
    pub why: Vec<String>,
}

/// Which row it is; see [`World::broken`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrokenRow {
    /// An object.
    Object(ObjectId),
    /// An account.
    Account(AccountId),
    /// A record, by its kind and number.
    Record(String, u64),
}

impl Unread {
    /// Reads a column. One that can't be read is nothing, and is kept.
    pub(crate) fn read<T: DeserializeOwned + Default>(
        &mut self,
        what: &str,
        column: &'static str,
        text: &str,
    ) -> T {
        serde_json::from_str(text).unwrap_or_else(|error| {
            tracing::error!("the {column} of {what} can't be read and are kept as they are: {error}");
            self.columns.push((column, text.into()));
            T::default()
        })
    }

    /// This, if there is anything in it.
    pub(crate) fn boxed(self) -> Option<Box<Unread>> {
        (!self.columns.is_empty() || self.location.is_some()).then(|| Box::new(self))
    }

    /// Makes room for columns that have been set anew: what could not be read there becomes an attribute.
    fn give_way(&mut self, is_set: impl Fn(&str, &Attributes) -> bool, db: &mut Attributes) {
        // The attributes are set by this very thing, so they come last.
        self.columns.sort_by_key(|(column, _)| *column == "attributes");
        let columns = std::mem::take(&mut self.columns);
        for (column, text) in columns {
            if is_set(column, db) {
                let mut kept = match db.remove(UNREAD) {
                    Some(Value::Object(kept)) => kept,
                    _ => Map::new(),
                };
                kept.insert(column.to_owned(), String::from(text).into());
                db.insert(UNREAD, kept.into());
            } else {
                self.columns.push((column, text));
            }
        }
    }

    fn why(&self) -> impl Iterator<Item = String> {
        let columns = self.columns.iter().map(|(column, _)| {
            format!("its {column} can't be read; they stand as empty, and the database keeps the text")
        });
        let location = self.location.map(|place| format!("it was in {place}, which is no more"));
        columns.chain(location)
    }
}

/// A column's text: what could not be read, or what is there now.
pub(crate) fn column(unread: Option<&Unread>, column: &str, now: &impl serde::Serialize) -> String {
    let mut kept = unread.into_iter().flat_map(|unread| &unread.columns);
    match kept.find(|(name, _)| *name == column) {
        Some((_, text)) => text.to_string(),
        None => serde_json::to_string(now).expect("strings, numbers and JSON values are JSON"),
    }
}

/// Why a row of an object or account is not what it should be, without a look at other rows.
fn why(unread: Option<&Unread>, db: &Attributes) -> Vec<String> {
    let mut why: Vec<String> = unread.into_iter().flat_map(Unread::why).collect();
    if let Value::Object(kept) = &db[UNREAD] {
        let names: Vec<&str> = kept.keys().map(String::as_str).collect();
        let names = names.join(", ");
        why.push(format!("its attribute {UNREAD} keeps what could not be read of its {names}"));
    }
    why
}

impl Object {
    /// Whether something of it could not be read when it was loaded, or its typeclass is unknown. [`World::broken`]
    /// says what.
    pub fn is_broken(&self) -> bool {
        self.unread.is_some() || self.unknown_typeclass.is_some() || self.db.has(UNREAD)
    }

    /// To be called before it is stored.
    pub(crate) fn give_way(&mut self) {
        let Some(unread) = &mut self.unread else { return };
        let (aliases, labels, permissions) = (&self.aliases, &self.tags, &self.permissions);
        let is_set = |column: &str, db: &Attributes| match column {
            "aliases" => !aliases.is_empty(),
            "tags" => !labels.is_empty(),
            "permissions" => !permissions.is_empty(),
            _ => !db.is_empty(),
        };
        unread.give_way(is_set, &mut self.db);
        self.unread = self.unread.take().and_then(|unread| unread.boxed());
    }

    /// Somebody has moved it: where it was does not matter any more.
    pub(crate) fn forget_lost_location(&mut self) {
        if let Some(mut unread) = self.unread.take() {
            unread.location = None;
            self.unread = unread.boxed();
        }
    }
}

impl Account {
    /// Whether something of it could not be read when it was loaded. [`World::broken`] says what.
    pub fn is_broken(&self) -> bool {
        self.unread.is_some() || self.db.has(UNREAD)
    }

    /// To be called before it is stored.
    pub(crate) fn give_way(&mut self) {
        let Some(unread) = &mut self.unread else { return };
        let (permissions, characters) = (&self.permissions, &self.characters);
        let is_set = |column: &str, db: &Attributes| match column {
            "permissions" => !permissions.is_empty(),
            "characters" => !characters.is_empty(),
            _ => !db.is_empty(),
        };
        unread.give_way(is_set, &mut self.db);
        self.unread = self.unread.take().and_then(|unread| unread.boxed());
    }
}

/// What could not be read of the database.
impl World {
    /// Everything that is stored and not as it should be: what can't be read, typeclasses and records that this game
    /// does not know, and names of what is no more. It looks at everything, so it is for staff.
    pub fn broken(&self) -> Vec<Broken> {
        let objects = self.objects().map(|object| (BrokenRow::Object(object.id), self.why_broken(object.id)));
        let accounts = self.accounts().map(|account| {
            let mut why = why(account.unread.as_deref(), &account.db);
            let gone = account.characters.iter().chain(&account.last_puppet).filter(|id| !self.exists(**id));
            why.extend(gone.map(|id| format!("it has the character {id}, which is no more")));
            (BrokenRow::Account(account.id), why)
        });
        let records = self.records.unread().map(|row| {
            let why = "it can't be read, or this game knows nothing of its kind".to_owned();
            (BrokenRow::Record(row.kind.clone(), row.id), vec![why])
        });
        let all = objects.chain(accounts).chain(records);
        all.filter(|(_, why)| !why.is_empty()).map(|(row, why)| Broken { row, why }).collect()
    }

    /// What is wrong with an object, a sentence each, without markup; nothing if all is well, or if there is none.
    pub fn why_broken(&self, id: ObjectId) -> Vec<String> {
        let Some(object) = self.object(id) else { return Vec::new() };
        let mut why = why(object.unread.as_deref(), &object.db);
        if let Some(path) = &object.unknown_typeclass {
            why.push(format!("its typeclass {path} is not known to this game; it stands as a plain object"));
        }
        for (name, place) in [("home", object.home), ("destination", object.destination)] {
            if let Some(place) = place.filter(|place| !self.exists(*place)) {
                why.push(format!("its {name} is {place}, which is no more"));
            }
        }
        if let Some(account) = object.account.filter(|account| self.account(*account).is_none()) {
            why.push(format!("it belongs to {account}, which is no more"));
        }
        why
    }
}
