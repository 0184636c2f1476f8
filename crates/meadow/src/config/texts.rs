//! Settings that are one text or several: what lists of games are told, names of pictures.

use serde::Deserialize;
use serde_json::Value;

/// Most texts of one setting.
const MAX_TEXTS: usize = 32;
/// Longest of them, in characters.
const MAX_LENGTH: usize = 256;

/// None, one or several texts. Numbers are texts too, and `true` is `1`, as lists of games have it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "Value")]
pub struct Texts(Vec<String>);

impl Texts {
    /// The texts; none of them is empty.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl TryFrom<Value> for Texts {
    type Error = String;

    fn try_from(value: Value) -> Result<Texts, String> {
        let items = match value {
            Value::String(text) if text.is_empty() => Vec::new(),
            Value::Array(items) => items,
            one => vec![one],
        };
        if items.len() > MAX_TEXTS {
            return Err(format!("more than {MAX_TEXTS} of them"));
        }
        items.into_iter().map(text).collect::<Result<_, _>>().map(Texts)
    }
}

fn text(value: Value) -> Result<String, String> {
    let text = match value {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => u8::from(flag).to_string(),
        _ => return Err(String::new()),
    };
    if text.trim().is_empty() {
        return Err("one of them is empty".to_owned());
    }
    if text.contains(char::is_control) {
        return Err("a line end or another control character is in it".to_owned());
    }
    if text.chars().count() > MAX_LENGTH {
        return Err(format!("longer than {MAX_LENGTH} characters"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: Value) -> Result<Vec<String>, String> {
        Texts::try_from(value).map(|texts| texts.0)
    }

    #[test]
    fn texts_numbers_and_lists() {
        assert_eq!(read(json!("")).unwrap(), [""; 0]);
        assert_eq!(read(json!([])).unwrap(), [""; 0]);
        assert_eq!(read(json!("a, b")).unwrap(), ["a, b"]);
        assert_eq!(read(json!(["a", -1, true])).unwrap(), ["a", "-1", "1"]);
    }

    #[test]
    fn limits_and_one_past_them() {
        assert!(read(json!(vec!["a"; MAX_TEXTS])).is_ok());
        assert!(read(json!(vec!["a"; MAX_TEXTS + 1])).is_err());
        assert!(read(json!("é".repeat(MAX_LENGTH))).is_ok());
        assert!(read(json!("é".repeat(MAX_LENGTH + 1))).is_err());
        for bad in [json!("a\nb"), json!("\u{1}"), json!([""]), json!(" "), json!([["a"]]), json!(null)] {
            assert!(read(bad).is_err());
        }
    }
}
