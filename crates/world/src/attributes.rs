//! What a game keeps on an object or account: named JSON values, typed when they are read.

use std::{collections::BTreeMap, ops::Index};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::SerializeMap};
use serde_json::Value;

/// Stands before the name of a category in what is stored, and before a name that begins with one.
const CATEGORY: char = '/';

/// Named values that are stored with their owner: Evennia's `db`.
///
/// The same name may stand in several **categories**, each of which is a set of attributes by itself:
///
/// ```
/// # fn main() -> Result<(), serde_json::Error> {
/// let mut db = meadow_world::Attributes::default();
/// db.set("strength", 10)?;
/// db.in_category("mods").set("strength", 2)?;
/// assert_eq!(db.get::<i64>("strength"), Some(10));
/// assert_eq!(db.category("mods").get::<i64>("strength"), Some(2));
/// # Ok(())
/// # }
/// ```
///
/// They are stored as one JSON object, in which a category is an object under its name with a `/` before it:
/// `{"strength": 10, "/mods": {"strength": 2}}`.
#[derive(Debug, Clone, Default)]
pub struct Attributes {
    values: BTreeMap<Box<str>, Value>,
    categories: BTreeMap<Box<str>, Attributes>,
}

static NULL: Value = Value::Null;
static NONE: Attributes = Attributes { values: BTreeMap::new(), categories: BTreeMap::new() };

impl Attributes {
    /// The value of this name as a `T`; `None` when there is none, or when it is something else.
    ///
    /// ```
    /// let mut db = meadow_world::Attributes::default();
    /// db.set("hp", 10)?;
    /// assert_eq!(db.get("hp"), Some(10u8));
    /// assert_eq!(db.get::<String>("hp"), None, "it is no text");
    /// assert_eq!(db.get("mp").unwrap_or(3), 3);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.values.get(name)?).ok()
    }

    /// The value of this name as text, without copying it.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.as_str()
    }

    /// Sets a value. What JSON cannot say (a map with keys that are no strings) is an error.
    pub fn set(&mut self, name: &str, value: impl Serialize) -> Result<(), serde_json::Error> {
        self.values.insert(name.into(), serde_json::to_value(value)?);
        Ok(())
    }

    /// As [`Attributes::set`], for what is JSON already.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        self.values.insert(name.into(), value);
    }

    /// Takes a value away and gives it back.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.values.remove(name)
    }

    /// Whether there is a value of this name.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// All that are in no category, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(name, value)| (&**name, value))
    }

    /// The attributes of a category, whatever the case of its name; those of none, for an empty name.
    pub fn category(&self, category: &str) -> &Attributes {
        match category_name(category).as_str() {
            "" => self,
            category => self.categories.get(category).unwrap_or(&NONE),
        }
    }

    /// As [`Attributes::category`], to change them.
    pub fn in_category(&mut self, category: &str) -> &mut Attributes {
        match category_name(category) {
            category if category.is_empty() => self,
            category => self.categories.entry(category.into()).or_default(),
        }
    }

    /// All categories in which there is something, by name.
    pub fn categories(&self) -> impl Iterator<Item = (&str, &Attributes)> {
        let filled = self.categories.iter().filter(|(_, attributes)| !attributes.is_empty());
        filled.map(|(name, attributes)| (&**name, attributes))
    }

    /// Whether there is nothing at all, in no category and in any.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.categories.values().all(Attributes::is_empty)
    }

    fn sort_out(mut values: BTreeMap<Box<str>, Value>) -> Result<Attributes, serde_json::Error> {
        let mut categories = BTreeMap::new();
        let marked: Vec<Box<str>> =
            values.keys().filter(|name| name.starts_with(CATEGORY)).cloned().collect();
        for name in marked {
            let Some(value) = values.remove(&name) else { continue };
            match (name.strip_prefix("//"), value) {
                (Some(_), value) => drop(values.insert(name[1..].into(), value)),
                (None, value @ Value::Object(_)) => {
                    categories.insert(name[1..].into(), Attributes::deserialize(value)?);
                }
                (None, value) => drop(values.insert(name, value)),
            }
        }
        Ok(Attributes { values, categories })
    }
}

fn category_name(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A category in which there is nothing is as good as none.
impl PartialEq for Attributes {
    fn eq(&self, other: &Attributes) -> bool {
        self.values == other.values && self.categories().eq(other.categories())
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.values {
            if name.starts_with(CATEGORY) {
                map.serialize_entry(&format!("{CATEGORY}{name}"), value)?;
            } else {
                map.serialize_entry(name, value)?;
            }
        }
        for (name, attributes) in self.categories() {
            map.serialize_entry(&format!("{CATEGORY}{name}"), attributes)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Attributes, D::Error> {
        let values = BTreeMap::deserialize(deserializer)?;
        Attributes::sort_out(values).map_err(serde::de::Error::custom)
    }
}

/// `db["thorns"] != 0`: the value, or null when there is none.
impl Index<&str> for Attributes {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.values.get(name).unwrap_or(&NULL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed_when_read() {
        let mut db = Attributes::default();
        db.set("thorns", 3).expect("a number is JSON");
        assert_eq!(db.get::<u8>("thorns"), Some(3));
        assert_eq!(db.get::<String>("thorns"), None);
        assert!(db["thorns"] != 0);
        assert!(db["petals"].is_null());
        assert_eq!(db.remove("thorns"), Some(Value::from(3)));
        assert!(!db.has("thorns"));
    }

    #[test]
    fn categories_are_readable_where_they_are_stored_and_read_again() {
        let mut db = Attributes::default();
        db.set("desc", "a rose").expect("JSON");
        db.set("/odd", 1).expect("JSON");
        db.in_category("Mods ").set("thorns", 2).expect("JSON");
        db.in_category("looked at, and empty");
        let stored = serde_json::to_string(&db).expect("JSON");
        assert_eq!(stored, r#"{"//odd":1,"desc":"a rose","/mods":{"thorns":2}}"#);
        let read: Attributes = serde_json::from_str(&stored).expect("it was written");
        assert_eq!(read, db);
        assert_eq!(read.category("MODS")["thorns"], 2);
        assert_eq!(read.category("")["desc"], "a rose");
        assert!(read.category("no such").is_empty());
        assert_eq!(read.categories().count(), 1);
    }

    #[test]
    fn what_was_stored_before_there_were_categories_is_read() {
        let read: Attributes = serde_json::from_str(r#"{"a": {"/b": 1}, "/c": 2}"#).expect("JSON");
        assert_eq!((&read["a"]["/b"], &read["/c"]), (&Value::from(1), &Value::from(2)));
    }
}
