//! Prototypes as maps, the form in which Evennia's games and builders write them.

use serde_json::{Map, Value};

use super::{Prototype, literal};
use crate::{Tag, locks};

impl Prototype {
    /// Reads one from a text: a map in JSON or in Python's form. Names that mean nothing here are attributes, as in
    /// Evennia: `{"prototype_key": "goblin", "key": "a goblin", "hp": 5}`.
    ///
    /// # Errors
    /// What is wrong with it, as a clause.
    pub fn read(text: &str) -> Result<Prototype, String> {
        Prototype::from_map(Prototype::read_map(text)?)
    }

    /// The map alone, whatever stands in it.
    pub(crate) fn read_map(text: &str) -> Result<Map<String, Value>, String> {
        match literal::read(text)? {
            Value::Object(map) => Ok(map),
            _ => Err("a prototype is a map: {\"key\": \"a goblin\", \"hp\": 5}".to_owned()),
        }
    }

    /// As [`Prototype::read`], from the map.
    ///
    /// # Errors
    /// What is wrong with it, as a clause.
    pub fn from_map(map: Map<String, Value>) -> Result<Prototype, String> {
        let mut made = Prototype::default();
        for (name, value) in map {
            match name.as_str() {
                "prototype_key" => made.prototype_key = text(&name, value)?.trim().to_lowercase(),
                "prototype_desc" => made.prototype_desc = text(&name, value)?,
                "prototype_parent" => made.prototype_parent = lower(texts(&name, value)?),
                "prototype_tags" => made.prototype_tags = lower(texts(&name, value)?),
                "prototype_locks" => made.prototype_locks = lock_string(&name, value)?,
                "key" => made.key = Some(text(&name, value)?),
                "typeclass" => made.typeclass = Some(text(&name, value)?),
                "aliases" => made.aliases = Some(texts(&name, value)?),
                "locks" => made.locks = Some(lock_string(&name, value)?),
                "permissions" => made.permissions = Some(texts(&name, value)?),
                "location" => made.location = place(&name, value)?,
                "home" => made.home = place(&name, value)?,
                "destination" => made.destination = place(&name, value)?,
                "tags" => made.tags = tags(value)?,
                "attrs" => attrs(value, &mut made)?,
                "exec" => return Err("'exec' runs code, which no prototype does here".to_owned()),
                "" => return Err("an attribute needs a name".to_owned()),
                _ => drop(made.attrs.insert(name, value)),
            }
        }
        Ok(made)
    }

    /// As a map: what [`Prototype::read`] reads.
    pub fn to_map(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(mut map)) => {
                let tag = |tag: &Tag| Value::from(vec![tag.key.to_string(), tag.category.to_string()]);
                if !self.tags.is_empty() {
                    map.insert("tags".to_owned(), self.tags.iter().map(tag).collect());
                }
                map
            }
            _ => Map::new(),
        }
    }
}

fn text(name: &str, value: Value) -> Result<String, String> {
    match value {
        Value::String(text) if text.contains('\n') => Err(format!("'{name}' is one line")),
        Value::String(text) => Ok(text),
        _ => Err(format!("'{name}' is a text")),
    }
}

/// One text, or a list of them.
fn texts(name: &str, value: Value) -> Result<Vec<String>, String> {
    let wrong = || format!("'{name}' is a text or a list of texts");
    match value {
        Value::String(one) => Ok(vec![one]),
        Value::Array(list) => list.into_iter().map(|item| text(name, item).map_err(|_| wrong())).collect(),
        Value::Null => Ok(Vec::new()),
        _ => Err(wrong()),
    }
}

fn lower(texts: Vec<String>) -> Vec<String> {
    texts.iter().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()).collect()
}

fn lock_string(name: &str, value: Value) -> Result<String, String> {
    let text = text(name, value)?;
    if !text.is_empty() {
        locks::check(&text).map_err(|error| format!("'{name}' can't be used: {error}"))?;
    }
    Ok(text)
}

/// `#12`, 12 or a name.
fn place(name: &str, value: Value) -> Result<Option<String>, String> {
    match value {
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(format!("#{number}"))),
        Value::Null => Ok(None),
        _ => Err(format!("'{name}' is the number or the name of an object")),
    }
}

/// `["wild", ["goblin", "race"]]`.
fn tags(value: Value) -> Result<Vec<Tag>, String> {
    let wrong = || "'tags' is a list of texts, or of [tag, category]".to_owned();
    let Value::Array(list) = value else {
        return text("tags", value).map(|key| vec![Tag::new(&key, "")]).map_err(|_| wrong());
    };
    let read = |item: Value| match item {
        Value::String(key) => Ok(Tag::new(&key, "")),
        // Evennia's third is the tag's data, which tags have none of here.
        Value::Array(parts) => {
            let part = |at: usize| parts.get(at).and_then(Value::as_str);
            part(0).map(|key| Tag::new(key, part(1).unwrap_or_default())).ok_or_else(wrong)
        }
        _ => Err(wrong()),
    };
    let tags: Vec<Tag> = list.into_iter().map(read).collect::<Result<_, _>>()?;
    if tags.iter().any(|tag| tag.key.is_empty()) { Err(wrong()) } else { Ok(tags) }
}

/// `{"hp": 5}`, or `[["hp", 5]]` as Evennia stores it.
fn attrs(value: Value, made: &mut Prototype) -> Result<(), String> {
    let wrong = || "'attrs' is a map, or a list of [name, value]".to_owned();
    match value {
        Value::Object(map) => made.attrs.extend(map),
        Value::Array(list) => {
            for item in list {
                match item.as_array().map(Vec::as_slice) {
                    Some([Value::String(name), value, ..]) if !name.is_empty() => {
                        made.attrs.insert(name.clone(), value.clone());
                    }
                    _ => return Err(wrong()),
                }
            }
        }
        _ => return Err(wrong()),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_of_evennia_are_read_and_written() {
        let read = Prototype::read(
            "{'prototype_key': 'Goblin', 'prototype_parent': 'NPC', 'key': 'a goblin', 'hp': 5, 'home': 2, \
             'aliases': 'gob', 'tags': ['wild', ('goblin', 'race', None)], 'attrs': [('mood', 'sour', None, '')], \
             'locks': 'get:false()'}",
        );
        let made =
            Prototype::new("goblin").parent("npc").key("a goblin").attr("hp", 5).alias("gob").tag("wild", "");
        let made = made.tag("goblin", "race").attr("mood", "sour").locks("get:false()");
        let made = Prototype { home: Some("#2".into()), ..made };
        assert_eq!(read.as_ref(), Ok(&made));
        assert_eq!(Prototype::from_map(made.to_map()), Ok(made));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, error) in [
            ("[1]", "a prototype is a map: {\"key\": \"a goblin\", \"hp\": 5}"),
            ("{'key': 5}", "'key' is a text"),
            (r"{'key': 'a\nb'}", "'key' is one line"),
            ("{'aliases': [5]}", "'aliases' is a text or a list of texts"),
            ("{'locks': 'get'}", "'locks' can't be used: \"get\" has no access type: write it as get:all()"),
            ("{'tags': [5]}", "'tags' is a list of texts, or of [tag, category]"),
            ("{'tags': ['']}", "'tags' is a list of texts, or of [tag, category]"),
            ("{'attrs': [['hp']]}", "'attrs' is a map, or a list of [name, value]"),
            ("{'exec': 'x'}", "'exec' runs code, which no prototype does here"),
        ] {
            assert_eq!(Prototype::read(text), Err(error.to_owned()), "{text}");
        }
    }
}
