//! What a game keeps on an object or account: named JSON values, typed when they are read.

use std::{collections::BTreeMap, ops::Index};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Named values that are stored with their owner: Evennia's `db`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<Box<str>, Value>);

static NULL: Value = Value::Null;

impl Attributes {
    /// The value of this name as a `T`; `None` when there is none, or when it is something else.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.0.get(name)?).ok()
    }

    /// The value of this name as text, without copying it.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Sets a value. What JSON cannot say (a map with keys that are no strings) is an error.
    pub fn set(&mut self, name: &str, value: impl Serialize) -> Result<(), serde_json::Error> {
        self.0.insert(name.into(), serde_json::to_value(value)?);
        Ok(())
    }

    /// As [`Attributes::set`], for what is JSON already.
    pub(crate) fn insert(&mut self, name: &str, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// Takes a value away and gives it back.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    /// Whether there is a value of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }
}

/// `db["thorns"] != 0`: the value, or null when there is none.
impl Index<&str> for Attributes {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or(&NULL)
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
}
