//! What the recorded cases of the out-of-band languages have in common: hexadecimal, and the values of Python
//! that JSON has no words for.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of tests for code of the program")]

use meadow_link::{CommandTuple, Kwargs, tuple};
use serde_json::Value;

/// The cases of a file.
pub(crate) fn cases(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

/// Bytes of hexadecimal text.
pub(crate) fn unhex(hex: &Value) -> Option<Vec<u8>> {
    let hex = hex.as_str()?.as_bytes();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    hex.chunks(2).map(byte).collect()
}

/// The payload of a whole subnegotiation.
pub(crate) fn payload(wire: &Value) -> Option<Vec<u8>> {
    let wire = unhex(wire)?;
    let mut bytes = wire[3..wire.len() - 2].iter().copied().peekable();
    let mut payload = Vec::new();
    while let Some(byte) = bytes.next() {
        payload.push(byte);
        if byte == 255 {
            assert_eq!(bytes.next(), Some(255), "an IAC that is not doubled");
        }
    }
    Some(payload)
}

/// The tuple that an encoder is given; nothing if it has values that no tuple can have.
pub(crate) fn given(case: &Value) -> Option<CommandTuple> {
    let Value::Object(kwargs) = plain(&case["kwargs"])? else { return None };
    let args = case["args"].as_array()?.iter().map(plain).collect::<Option<_>>()?;
    Some(CommandTuple { args, kwargs, ..tuple(case["cmd"].as_str()?) })
}

/// The tuples that a decoder makes, by their names.
pub(crate) fn made(tuples: Vec<CommandTuple>) -> Value {
    let pair =
        |tuple: CommandTuple| (tuple.name, Value::from(vec![tuple.args.into(), Value::Object(tuple.kwargs)]));
    Value::Object(tuples.into_iter().map(pair).collect())
}

/// A value as a tuple has it: a dictionary's keys are texts, what is not finite is null, a half of a
/// surrogate pair is U+FFFD. Bytes and sets are in no tuple.
fn plain(value: &Value) -> Option<Value> {
    let Value::Object(map) = value else {
        return match value {
            Value::Array(items) => items.iter().map(plain).collect::<Option<_>>().map(Value::Array),
            other => Some(other.clone()),
        };
    };
    let Some((key, special)) = map.iter().next() else { return Some(value.clone()) };
    match (key.as_str(), special) {
        ("$float", _) => Some(Value::Null),
        ("$utf16", _) => Some("\u{fffd}".into()),
        ("$bytes" | "$set", _) => None,
        ("$tuple", items) => plain(items),
        ("$dict", Value::Array(pairs)) => {
            let pair = |pair: &Value| Some((key_of(&pair[0]), plain(&pair[1])?));
            pairs.iter().map(pair).collect::<Option<Kwargs>>().map(Value::Object)
        }
        _ => {
            let fields = map.iter().map(|(key, value)| Some((key.clone(), plain(value)?)));
            fields.collect::<Option<Kwargs>>().map(Value::Object)
        }
    }
}

fn key_of(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}
