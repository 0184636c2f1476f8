//! A client's message to tuples. Telnet hands it the payloads of subnegotiations.

use meadow_link::{CommandTuple, Kwargs};
use serde_json::Value;

use super::{ARRAY_CLOSE, ARRAY_OPEN, TABLE_CLOSE, TABLE_OPEN, VAL, VAR, variables};
use crate::oob::{MESSAGE_LIMIT, NAME_LIMIT};

/// How deep tables and arrays may lie in one another.
pub const DEPTH_LIMIT: usize = 16;

/// How many variables of different names one message may set or ask for: each is an input of its own.
pub const VARIABLES_LIMIT: usize = 64;

/// Why a message was ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It is longer than [`MESSAGE_LIMIT`].
    #[error("the message is {0} bytes long")]
    TooLong(usize),
    /// The name of a variable is longer than [`NAME_LIMIT`].
    #[error("the name of a variable is {0} bytes long")]
    NameTooLong(usize),
    /// Its tables and arrays lie more than [`DEPTH_LIMIT`] deep in one another.
    #[error("the message is nested too deep")]
    TooDeep,
    /// It has more than [`VARIABLES_LIMIT`] variables.
    #[error("the message has too many variables")]
    TooMany,
}

/// The tuples of one message, in the order of their variables; a variable that comes again is added to.
///
/// Several values of a variable are several arguments, so are the items of an array; a table is keywords.
/// `LIST`, `REPORT`, `RESET`, `SEND` and `UNREPORT`, whatever their case, are called `msdp_list` and so on;
/// other names are as the client wrote them. Variables without a name are left out, as is what stands
/// where the grammar has no place for it. Bytes that are no UTF-8 become U+FFFD.
///
/// # Errors
///
/// If the message is longer, deeper or wider than the limits.
pub fn decode(message: &[u8]) -> Result<Vec<CommandTuple>, Malformed> {
    if message.len() > MESSAGE_LIMIT {
        return Err(Malformed::TooLong(message.len()));
    }
    let mut reader = Reader { rest: message };
    let mut tuples = Vec::new();
    while let Some(name) = reader.variable()? {
        let values = reader.values(DEPTH_LIMIT)?;
        if is_empty(&name) {
            continue;
        }
        let tuple = variables::named(&mut tuples, variables::tuple_name(name));
        for value in values {
            variables::add(tuple, value);
        }
        if tuples.len() > VARIABLES_LIMIT {
            return Err(Malformed::TooMany);
        }
    }
    Ok(tuples)
}

/// What is left of a message.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    /// The name of the next variable, wherever it is.
    fn variable(&mut self) -> Result<Option<String>, Malformed> {
        let Some(at) = self.rest.iter().position(|byte| *byte == VAR) else { return Ok(None) };
        self.rest = &self.rest[at + 1..];
        self.name().map(Some)
    }

    fn name(&mut self) -> Result<String, Malformed> {
        let name = self.text();
        if name.len() > NAME_LIMIT { Err(Malformed::NameTooLong(name.len())) } else { Ok(lossy(name)) }
    }

    /// Values up to the next variable of the message.
    fn values(&mut self, depth: usize) -> Result<Vec<Value>, Malformed> {
        let mut values = Vec::new();
        while let Some((&byte, rest)) = self.rest.split_first() {
            match byte {
                VAR => break,
                VAL => {
                    self.rest = rest;
                    values.push(self.value(depth)?);
                }
                _ => self.rest = rest,
            }
        }
        Ok(values)
    }

    fn value(&mut self, depth: usize) -> Result<Value, Malformed> {
        let container = match self.rest.split_first() {
            Some((&(TABLE_OPEN | ARRAY_OPEN), _)) if depth == 0 => return Err(Malformed::TooDeep),
            Some((&TABLE_OPEN, rest)) => (Reader::table as fn(&mut Self, usize) -> _, rest),
            Some((&ARRAY_OPEN, rest)) => (Reader::array as fn(&mut Self, usize) -> _, rest),
            _ => return Ok(lossy(self.text()).into()),
        };
        let (read, rest) = container;
        self.rest = rest;
        read(self, depth - 1)
    }

    /// Items up to the end of the array, or of the message.
    fn array(&mut self, depth: usize) -> Result<Value, Malformed> {
        let mut items = Vec::new();
        while let Some((&byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            match byte {
                ARRAY_CLOSE => break,
                VAL => items.push(self.value(depth)?),
                _ => {}
            }
        }
        Ok(items.into())
    }

    /// Variables up to the end of the table, or of the message. One of several values is an array; one of
    /// none is empty.
    fn table(&mut self, depth: usize) -> Result<Value, Malformed> {
        let mut table = Kwargs::new();
        while let Some((&byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            match byte {
                TABLE_CLOSE => break,
                VAR => {
                    let name = self.name()?;
                    let value = self.field(depth)?;
                    if !is_empty(&name) {
                        table.insert(name, value);
                    }
                }
                _ => {}
            }
        }
        Ok(table.into())
    }

    /// The value of a variable of a table.
    fn field(&mut self, depth: usize) -> Result<Value, Malformed> {
        let mut values = Vec::new();
        while let Some((&byte, rest)) = self.rest.split_first() {
            match byte {
                VAR | TABLE_CLOSE => break,
                VAL => {
                    self.rest = rest;
                    values.push(self.value(depth)?);
                }
                _ => self.rest = rest,
            }
        }
        Ok(match values.len() {
            0 => "".into(),
            1 => values.swap_remove(0),
            _ => values.into(),
        })
    }

    /// Text up to the next byte of the grammar.
    fn text(&mut self) -> &[u8] {
        let end = self.rest.iter().position(|byte| (VAR..=ARRAY_CLOSE).contains(byte));
        let (text, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        text
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// Whether nothing is left of a name when it is sent: then it is none.
fn is_empty(name: &str) -> bool {
    name.bytes().all(|byte| byte == 0)
}

#[cfg(test)]
mod tests {
    use meadow_link::tuple;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::oob::msdp::encode;

    #[test]
    fn nul_is_no_name() {
        assert_eq!(decode(b"\x01\0\x02x\x01a\x02\x03\x01\0\0\x02c\x04"), Ok(vec![tuple("a")]));
    }

    #[test]
    fn what_is_left_open_ends_with_the_message() {
        let read = decode(b"\x01A\x02\x03\x01k\x02\x05\x02x").unwrap();
        assert_eq!(read, [tuple("A").kw("k", json!(["x"]))]);
    }

    #[test]
    fn depth_at_the_limit_and_one_past_it() {
        let deep = |depth: usize| [b"\x01A".to_vec(), b"\x02\x05".repeat(depth)].concat();
        let mut value = json!([]);
        for _ in 2..DEPTH_LIMIT {
            value = json!([value]);
        }
        assert_eq!(decode(&deep(DEPTH_LIMIT)), Ok(vec![tuple("A").arg(value)]));
        assert_eq!(decode(&deep(DEPTH_LIMIT + 1)), Err(Malformed::TooDeep));
        assert_eq!(decode(&b"\x01A\x02\x03".repeat(DEPTH_LIMIT + 1)), Err(Malformed::TooDeep));
    }

    #[test]
    fn lengths_and_counts_at_the_limit_and_one_past_it() {
        let long = |length: usize| [b"\x01A\x02".to_vec(), vec![b'x'; length - 3]].concat();
        assert!(decode(&long(MESSAGE_LIMIT)).is_ok());
        assert_eq!(decode(&long(MESSAGE_LIMIT + 1)), Err(Malformed::TooLong(MESSAGE_LIMIT + 1)));

        let name = |length: usize| [vec![VAR], vec![b'A'; length]].concat();
        assert!(decode(&name(NAME_LIMIT)).is_ok());
        assert_eq!(decode(&name(NAME_LIMIT + 1)), Err(Malformed::NameTooLong(NAME_LIMIT + 1)));

        let many =
            |count: usize| (0..count).flat_map(|at| format!("\x01{at}\x02").into_bytes()).collect::<Vec<_>>();
        assert_eq!(decode(&many(VARIABLES_LIMIT)).unwrap().len(), VARIABLES_LIMIT);
        assert_eq!(decode(&many(VARIABLES_LIMIT + 1)), Err(Malformed::TooMany));
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = "[^\0-\u{6}]{0,6}".prop_map(Value::from);
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::hash_map("[^\0-\u{6}]{1,6}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(
            message in prop::collection::vec(prop_oneof![0u8..8, any::<u8>()], 0..300),
        ) {
            let _ = decode(&message);
        }

        #[test]
        fn what_is_written_is_read(fields in prop::collection::vec(("[^\0-\u{6}]{1,6}", value()), 1..4)) {
            let sent = CommandTuple { kwargs: fields.into_iter().collect(), ..tuple("ROOM") };
            prop_assert_eq!(decode(&encode(&sent).expect("short")), Ok(vec![sent]));
        }
    }
}
