//! From the keywords of a `msg()` call to commandtuples: Evennia's `SessionHandler.clean_senddata`.
//! Both ends of the message path use it, for what the game says and for what JSON clients send.

use serde_json::Value;

use crate::{Args, CommandTuple, Kwargs};

/// Why keywords make no commandtuples.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CleanError {
    /// Send options that are not a map.
    #[error("`options` must be a map of send options")]
    Options,
}

/// Makes a commandtuple of each keyword, in order, but `prompt` last.
///
/// A value becomes the arguments thus:
///
/// | given | positional | keyword |
/// |---|---|---|
/// | null, an empty list, an empty map | | |
/// | a single value | that | |
/// | a list whose last item is no map | its items | |
/// | a map | | the map |
/// | `[single, map]` | the single one | the map |
/// | `[list, map]` | the items of the list | the map |
/// | a longer (or shorter) list that ends in a map | all before it | the map |
///
/// A `text` that says nothing (null, empty, false, 0) is dropped. Any other name keeps such a value,
/// where Evennia would lose it: `hp=0` is told as 0.
///
/// The keyword `options` is no message: it is put into every tuple, where [`CommandTuple::option`] finds it.
/// Without it no tuple has options. A key `options` within the data is therefore not carried, as in
/// Evennia: what comes from a client must not choose how it is sent.
///
/// # Errors
/// `options` is something other than a map or nothing.
pub fn clean_senddata(mut kwargs: Kwargs) -> Result<Vec<CommandTuple>, CleanError> {
    let options = match kwargs.shift_remove("options") {
        None => Kwargs::new(),
        Some(Value::Object(options)) => options,
        Some(other) if is_nothing(&other) => Kwargs::new(),
        Some(_) => return Err(CleanError::Options),
    };
    let mut tuples = Vec::with_capacity(kwargs.len());
    let mut prompt = None;
    for (name, data) in kwargs {
        if name == "text" && is_nothing(&data) {
            continue;
        }
        let (args, mut kwargs) = arguments(data);
        kwargs.shift_remove("options");
        if !options.is_empty() {
            kwargs.insert("options".to_owned(), Value::Object(options.clone()));
        }
        let tuple = CommandTuple { name, args, kwargs };
        if tuple.name == "prompt" {
            prompt = Some(tuple);
        } else {
            tuples.push(tuple);
        }
    }
    tuples.extend(prompt);
    Ok(tuples)
}

/// What Python takes for false.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
    }
}

fn arguments(data: Value) -> (Args, Kwargs) {
    match data {
        Value::Null => (Args::new(), Kwargs::new()),
        Value::Object(map) => (Args::new(), map),
        Value::Array(mut items) => match items.pop() {
            Some(Value::Object(map)) => match (items.len(), items.pop()) {
                (1, Some(Value::Array(inner))) => (inner, map),
                (_, last) => {
                    items.extend(last);
                    (items, map)
                }
            },
            last => {
                items.extend(last);
                (items, Kwargs::new())
            }
        },
        single => (vec![single], Kwargs::new()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clean(given: Value) -> Result<Vec<CommandTuple>, CleanError> {
        match given {
            Value::Object(map) => clean_senddata(map),
            _ => unreachable!("tests give maps"),
        }
    }

    #[test]
    fn options_go_to_every_tuple_and_prompt_comes_last() {
        let given = json!({"prompt": "> ", "text": ["hi", {"type": "say"}], "options": {"raw": true}});
        let made = clean(given).unwrap();
        assert_eq!(made.iter().map(|tuple| tuple.name.as_str()).collect::<Vec<_>>(), ["text", "prompt"]);
        assert!(made.iter().all(|tuple| tuple.has_option("raw")));
        assert_eq!(made[0].kwargs["type"], json!("say"));
    }

    #[test]
    fn without_options_there_is_no_empty_map() {
        let made = clean(json!({"text": "hi", "oob": {"options": {"raw": true}}})).unwrap();
        assert!(made.iter().all(|tuple| tuple.kwargs.is_empty()));
        assert_eq!(clean(json!({"options": [1]})), Err(CleanError::Options));
    }
}
