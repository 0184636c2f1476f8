//! Tuples to messages. Telnet's outputfuncs hand it what is neither text nor prompt.

use meadow_link::{CommandTuple, oob::MSDP};
use serde_json::Value;

use super::{ARRAY_CLOSE, ARRAY_OPEN, TABLE_CLOSE, TABLE_OPEN, VAL, VAR};
use crate::{json, oob::OUTPUT_LIMIT};

/// A message that is longer than [`OUTPUT_LIMIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message is {0} bytes long")]
pub struct TooLong(pub usize);

/// The message of a tuple: the payload of a telnet subnegotiation.
///
/// The tuple is one variable of its name. No argument is an empty value, one is itself, several are an array,
/// keywords are a table, which is the last item of that array where there are arguments too. The tuple
/// `MSDP` is its keywords instead, a variable each. Yes is 1, no is 0, null is empty; bytes that the grammar
/// uses, and NUL, are left out of texts, so that none can pretend to be a variable.
///
/// # Errors
///
/// If the message is longer than [`OUTPUT_LIMIT`].
pub fn encode(tuple: &CommandTuple) -> Result<Vec<u8>, TooLong> {
    let mut message = Vec::new();
    if tuple.name == MSDP {
        for (name, value) in tuple.payload() {
            variable(name, &mut message);
            write(value, &mut message);
        }
    } else {
        variable(&tuple.name, &mut message);
        arguments(tuple, &mut message);
    }
    if message.len() > OUTPUT_LIMIT { Err(TooLong(message.len())) } else { Ok(message) }
}

fn arguments(tuple: &CommandTuple, message: &mut Vec<u8>) {
    let keywords = tuple.payload().next().is_some();
    match (&*tuple.args, keywords) {
        ([], false) => {}
        ([], true) => table(tuple.payload(), message),
        ([one], false) => write(one, message),
        (args, _) => {
            message.push(ARRAY_OPEN);
            for value in args {
                message.push(VAL);
                write(value, message);
            }
            if keywords {
                message.push(VAL);
                table(tuple.payload(), message);
            }
            message.push(ARRAY_CLOSE);
        }
    }
}

/// The name of a variable, and the mark of its value.
fn variable(name: &str, message: &mut Vec<u8>) {
    message.push(VAR);
    text(name, message);
    message.push(VAL);
}

/// A value, without the mark before it.
fn write(value: &Value, message: &mut Vec<u8>) {
    match value {
        Value::Null => {}
        Value::Bool(on) => message.push(if *on { b'1' } else { b'0' }),
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(fraction) => text(&json::float(fraction), message),
            None => text(&number.to_string(), message),
        },
        Value::String(said) => text(said, message),
        Value::Array(items) => {
            message.push(ARRAY_OPEN);
            for item in items {
                message.push(VAL);
                write(item, message);
            }
            message.push(ARRAY_CLOSE);
        }
        Value::Object(map) => table(map.iter(), message),
    }
}

fn table<'a>(fields: impl Iterator<Item = (&'a String, &'a Value)>, message: &mut Vec<u8>) {
    message.push(TABLE_OPEN);
    for (name, value) in fields {
        variable(name, message);
        write(value, message);
    }
    message.push(TABLE_CLOSE);
}

fn text(said: &str, message: &mut Vec<u8>) {
    message.extend(said.bytes().filter(|byte| !(0..=ARRAY_CLOSE).contains(byte)));
}

#[cfg(test)]
mod tests {
    use meadow_link::{oob::msdp, tuple};
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_of_a_report_are_one_message() {
        let told = msdp(json!({"HEALTH": 100, "ROOM": {"VNUM": 1}}).as_object().unwrap().clone());
        let message = b"\x01HEALTH\x02100\x01ROOM\x02\x03\x01VNUM\x021\x04";
        assert_eq!(encode(&told).unwrap(), message);
        assert_eq!(encode(&told.with_option("raw", true)).unwrap(), message);
    }

    #[test]
    fn arguments_and_keywords_are_one_variable() {
        let both = tuple("HP").arg(1).kw("max", 2);
        assert_eq!(encode(&both).unwrap(), b"\x01HP\x02\x05\x021\x02\x03\x01max\x022\x04\x06");
    }

    #[test]
    fn a_message_at_the_limit_and_one_past_it() {
        let of = |length: usize| encode(&tuple("A").arg("x".repeat(length - 3)));
        assert_eq!(of(OUTPUT_LIMIT).map(|message| message.len()), Ok(OUTPUT_LIMIT));
        assert_eq!(of(OUTPUT_LIMIT + 1), Err(TooLong(OUTPUT_LIMIT + 1)));
    }
}
