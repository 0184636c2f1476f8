//! Python's plain data, as pickles carry it, and its conversion from and to JSON values.

use serde_json::{Map, Number, Value};

/// A value of Python's builtin types.
#[derive(Debug, Clone, PartialEq)]
pub enum PyValue {
    /// `None`
    None,
    /// `bool`
    Bool(bool),
    /// `int`, where it fits
    Int(i64),
    /// `int` of more than 64 bits: two's complement, lowest byte first.
    BigInt(Box<[u8]>),
    /// `float`
    Float(f64),
    /// `str`. Lone surrogates, which UTF-8 cannot say, have become U+FFFD.
    Str(String),
    /// `bytes` or `bytearray`
    Bytes(Vec<u8>),
    /// `list`
    List(Vec<PyValue>),
    /// `tuple`
    Tuple(Vec<PyValue>),
    /// `dict`, in the order in which it was filled. Of two values for one key the later holds.
    Dict(Vec<(PyValue, PyValue)>),
    /// `set` or `frozenset`
    Set(Vec<PyValue>),
    /// Something that is not plain data: its text, or what class it was of.
    Opaque(String),
}

impl PyValue {
    /// A `str`.
    pub fn text(text: impl Into<String>) -> PyValue {
        PyValue::Str(text.into())
    }

    /// A `dict` with keys of type `str`.
    pub fn dict<K: Into<String>>(pairs: impl IntoIterator<Item = (K, PyValue)>) -> PyValue {
        PyValue::Dict(pairs.into_iter().map(|(key, value)| (PyValue::text(key), value)).collect())
    }

    /// The text, if this is a `str`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            PyValue::Str(text) | PyValue::Opaque(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if this is an `int` that is not negative and fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            PyValue::Int(number) => u64::try_from(*number).ok(),
            PyValue::BigInt(bytes) => {
                let (low, high) = bytes.split_at_checked(8)?;
                let number = u64::from_le_bytes(low.try_into().ok()?);
                high.iter().all(|byte| *byte == 0).then_some(number)
            }
            _ => None,
        }
    }

    /// The number, if this is an `int` or a `float`.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            PyValue::Int(number) => Some(*number as f64),
            PyValue::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth, if this is a `bool`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            PyValue::Bool(on) => Some(*on),
            _ => None,
        }
    }

    /// The pairs, if this is a `dict`.
    pub fn into_pairs(self) -> Option<Vec<(PyValue, PyValue)>> {
        match self {
            PyValue::Dict(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The items, if this is a `list` or `tuple`.
    pub fn into_items(self) -> Option<Vec<PyValue>> {
        match self {
            PyValue::List(items) | PyValue::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The value as JSON. What JSON has no form for becomes the nearest thing: `nan` and infinities null,
    /// bytes text, tuples and sets lists, keys text (as Python's `json` writes them), huge numbers text.
    pub fn into_json(self) -> Value {
        match self {
            PyValue::None => Value::Null,
            PyValue::Bool(on) => Value::Bool(on),
            PyValue::Int(number) => Value::from(number),
            PyValue::BigInt(ref bytes) => match self.as_u64() {
                Some(number) => Value::from(number),
                None => Value::String(decimal(bytes)),
            },
            PyValue::Float(number) => Value::from(number),
            PyValue::Str(text) | PyValue::Opaque(text) => Value::String(text),
            PyValue::Bytes(bytes) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
            PyValue::List(items) | PyValue::Tuple(items) | PyValue::Set(items) => {
                Value::Array(items.into_iter().map(PyValue::into_json).collect())
            }
            PyValue::Dict(pairs) => Value::Object(into_map(pairs)),
        }
    }
}

/// The pairs of a `dict` as a JSON map.
pub(super) fn into_map(pairs: Vec<(PyValue, PyValue)>) -> Map<String, Value> {
    pairs.into_iter().map(|(key, value)| (into_key(key), value.into_json())).collect()
}

fn into_key(key: PyValue) -> String {
    match key {
        PyValue::Str(text) | PyValue::Opaque(text) => text,
        // Python's json writes a float key as its repr, which has a point.
        PyValue::Float(number) => format!("{number:?}"),
        other => match other.into_json() {
            Value::String(text) => text,
            other => other.to_string(),
        },
    }
}

impl From<u64> for PyValue {
    fn from(number: u64) -> PyValue {
        match i64::try_from(number) {
            Ok(number) => PyValue::Int(number),
            Err(_) => PyValue::BigInt([&number.to_le_bytes()[..], &[0]].concat().into()),
        }
    }
}

impl From<&Value> for PyValue {
    fn from(value: &Value) -> PyValue {
        match value {
            Value::Null => PyValue::None,
            Value::Bool(on) => PyValue::Bool(*on),
            Value::Number(number) => from_number(number),
            Value::String(text) => PyValue::text(text),
            Value::Array(items) => PyValue::List(items.iter().map(PyValue::from).collect()),
            Value::Object(map) => PyValue::from(map),
        }
    }
}

impl From<&Map<String, Value>> for PyValue {
    fn from(map: &Map<String, Value>) -> PyValue {
        PyValue::dict(map.iter().map(|(key, value)| (key, PyValue::from(value))))
    }
}

fn from_number(number: &Number) -> PyValue {
    if let Some(number) = number.as_u64() {
        PyValue::from(number)
    } else if let Some(number) = number.as_i64() {
        PyValue::Int(number)
    } else {
        PyValue::Float(number.as_f64().unwrap_or_default())
    }
}

/// The decimal digits of a number in two's complement, lowest byte first.
fn decimal(bytes: &[u8]) -> String {
    let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
    let mut magnitude = bytes.to_vec();
    if negative {
        let mut carry = true;
        for byte in &mut magnitude {
            let (sum, over) = (!*byte).overflowing_add(u8::from(carry));
            (*byte, carry) = (sum, over);
        }
    }
    let mut digits = Vec::new();
    while magnitude.iter().any(|byte| *byte != 0) {
        let mut rest = 0_u32;
        for byte in magnitude.iter_mut().rev() {
            let value = rest << 8 | u32::from(*byte);
            *byte = (value / 10) as u8;
            rest = value % 10;
        }
        digits.push(b'0' + rest as u8);
    }
    if digits.is_empty() {
        digits.push(b'0');
    }
    if negative {
        digits.push(b'-');
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn large_numbers_keep_their_digits() {
        let two_to_the_70 = PyValue::BigInt([&[0; 8][..], &[64]].concat().into());
        assert_eq!(two_to_the_70.into_json(), json!("1180591620717411303424"));
        let minus = PyValue::BigInt([&[0; 8][..], &[0xc0]].concat().into());
        assert_eq!(minus.into_json(), json!("-1180591620717411303424"));
        assert_eq!(PyValue::from(u64::MAX).into_json(), json!(u64::MAX));
        assert_eq!(PyValue::from(&json!(u64::MAX)).as_u64(), Some(u64::MAX));
    }

    #[test]
    fn keys_become_text_as_python_writes_json() {
        let keys = [PyValue::Int(1), PyValue::None, PyValue::Float(2.0), PyValue::Bool(true)];
        let dict = PyValue::Dict(keys.into_iter().map(|key| (key, PyValue::None)).collect());
        assert_eq!(dict.into_json(), json!({"1": null, "null": null, "2.0": null, "true": null}));
    }

    #[test]
    fn what_json_cannot_say_becomes_the_nearest_thing() {
        assert_eq!(PyValue::Float(f64::NAN).into_json(), Value::Null);
        assert_eq!(PyValue::Bytes(b"a\xffb".to_vec()).into_json(), json!("a\u{fffd}b"));
        assert_eq!(PyValue::Set(vec![PyValue::Tuple(vec![])]).into_json(), json!([[]]));
    }
}
