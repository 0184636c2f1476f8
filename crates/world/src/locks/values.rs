//! What attributes count as in locks: true or false, text, numbers. The lock functions ask here.

use std::borrow::Cow;

use serde_json::Value;

/// How `attr(name, value, compare=..)` compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

impl Compare {
    /// By the name that stands in a lock string.
    pub(super) fn named(name: &str) -> Option<Compare> {
        Some(match name {
            "eq" => Compare::Eq,
            "ne" => Compare::Ne,
            "gt" => Compare::Gt,
            "ge" => Compare::Ge,
            "lt" => Compare::Lt,
            "le" => Compare::Le,
            _ => return None,
        })
    }

    /// Compares a value with what a lock string says. Equal is what reads the same or is the same number;
    /// everything else, `ne` too, compares numbers and is false when one of the two is none, as in Evennia.
    pub(super) fn holds(self, value: &Value, wanted: &str) -> bool {
        if self == Compare::Eq && text(value) == wanted {
            return true;
        }
        let (Some(value), Ok(wanted)) = (number(value), wanted.trim().parse::<f64>()) else { return false };
        match self {
            Compare::Eq => value == wanted,
            Compare::Ne => value != wanted,
            Compare::Gt => value > wanted,
            Compare::Ge => value >= wanted,
            Compare::Lt => value < wanted,
            Compare::Le => value <= wanted,
        }
    }
}

/// Whether a value is neither false nor nothing nor empty.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(on) => *on,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A value as Evennia's lock strings write it: `True`, `None`, `5`, `red`.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(on) => Some(f64::from(u8::from(*on))),
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_is_the_same_text_or_the_same_number() {
        for (value, wanted, equal) in [
            (json!("red"), "red", true),
            (json!("Red"), "red", false),
            (json!(5), "5", true),
            (json!(5), "5.0", true),
            (json!("5"), "05", true),
            (json!(true), "True", true),
            (json!(true), "true", false),
            (json!(true), "1", true),
            (json!(null), "None", true),
            (json!([]), "[]", true),
            (json!({}), "0", false),
        ] {
            assert_eq!(Compare::Eq.holds(&value, wanted), equal, "{value} {wanted}");
        }
    }

    #[test]
    fn all_other_comparisons_are_of_numbers() {
        for (name, value, wanted, holds) in [
            ("ne", json!(4), "5", true),
            ("ne", json!(5), "5", false),
            ("ne", json!("blue"), "red", false),
            ("gt", json!("10"), "9", true),
            ("gt", json!(9), "9", false),
            ("ge", json!(9), "9", true),
            ("lt", json!(8.5), "9", true),
            ("le", json!(null), "9", false),
            ("le", json!("a"), "b", false),
        ] {
            let compare = Compare::named(name).expect("one of the six");
            assert_eq!(compare.holds(&value, wanted), holds, "{value} {name} {wanted}");
        }
        assert_eq!(Compare::named("EQ"), None);
    }
}
