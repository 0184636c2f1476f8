//! Values of settings: what a [`Kind`] takes, from the text of the environment and the command line or
//! from TOML, and how a value is written back as TOML.

use std::borrow::Cow;

use meadow_portal::address::Network;
use meadow_protocol::{
    oob::gmcp::{Names, package},
    telnet::is_charset,
};
use serde_json::{Map, Value};
use toml::{Spanned, de::DeValue};
use tracing_subscriber::EnvFilter;

use super::{Listen, Texts};

/// Most character sets that a client is asked to choose from.
const MAX_CHARSETS: usize = 16;

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number {
        /// The smallest.
        least: u64,
        /// The largest.
        most: u64,
    },
    /// Any text that is not empty.
    Text,
    /// A line of text, or nothing.
    Line,
    /// None, one or several texts, see [`Texts`].
    Texts,
    /// A list of character sets, best first.
    Charsets,
    /// Names of tuples, and the GMCP packages that they are.
    Aliases,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Addresses to listen on, see [`Listen`].
    Listen,
    /// A file, or nothing.
    File,
    /// A list of networks, `10.0.0.0/8`.
    Networks,
    /// A list of web origins, `https://play.example.org`.
    Origins,
    /// What the log lets through, in the syntax of tracing's `EnvFilter`.
    Filter,
}

impl Kind {
    /// What a value must be, as the end of the sentence "it must be".
    pub(super) fn wanted(&self) -> String {
        match self {
            Kind::Flag => "true or false".to_owned(),
            Kind::Number { least, most } => format!("a whole number from {least} to {most}"),
            Kind::Text => "a text in quotes that is not empty".to_owned(),
            Kind::Line => "one line of text in quotes, or \"\" for none".to_owned(),
            Kind::Texts => "a text in quotes, a number, or a list of them; \"\" for none".to_owned(),
            Kind::Charsets => {
                format!("a list of 1 to {MAX_CHARSETS} character sets such as [\"UTF-8\", \"ISO-8859-1\"]")
            }
            Kind::Aliases => "a table such as { weather = \"MyMUD.Weather\" }".to_owned(),
            Kind::Choice(words) => format!("one of {}", quoted(words)),
            Kind::Listen => {
                "an address and port such as \"127.0.0.1:4000\" or \"localhost:4000\", or a list of them".to_owned()
            }
            Kind::File => "a path in quotes, or \"\" for none".to_owned(),
            Kind::Networks => "a list of addresses and networks such as [\"127.0.0.1\", \"10.0.0.0/8\"]".to_owned(),
            Kind::Origins => "a list of origins such as [\"https://play.example.org\"]".to_owned(),
            Kind::Filter => {
                "error, warn, info, debug, trace or off, or a list with targets such as \"info,meadow_portal=debug\""
                    .to_owned()
            }
        }
    }
}

/// Reads a value as `--set` and the environment give it. Lists are separated by commas or written as in
/// TOML. An error is a remark on what is wrong, or empty where [`Kind::wanted`] says all.
pub(super) fn parse(kind: &Kind, text: &str) -> Result<Value, String> {
    let text = text.trim();
    let value = match kind {
        Kind::Flag => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Value::Bool(true),
            "false" | "no" | "off" | "0" => Value::Bool(false),
            _ => return Err(String::new()),
        },
        Kind::Number { .. } => Value::from(text.replace('_', "").parse::<u64>().map_err(|_| String::new())?),
        Kind::Text | Kind::Line | Kind::File | Kind::Choice(_) | Kind::Filter => {
            Value::String(unquoted(text))
        }
        // A text may have commas in it.
        Kind::Texts if !text.starts_with('[') => Value::String(unquoted(text)),
        Kind::Aliases => pairs(text).ok_or_else(String::new)?,
        Kind::Listen => match list(text) {
            items if items.len() == 1 => Value::from(items.concat()),
            items => Value::from(items),
        },
        Kind::Networks | Kind::Origins | Kind::Charsets | Kind::Texts => Value::from(list(text)),
    };
    check(kind, value)
}

/// Reads a value as `meadow.toml` gives it; errors as with [`parse`].
pub(super) fn from_toml(kind: &Kind, value: &DeValue<'_>) -> Result<Value, String> {
    check(kind, plain(value).ok_or_else(String::new)?)
}

/// Writes a value as TOML. JSON's texts, numbers and lists of texts are TOML as well.
pub(super) fn toml(value: &Value) -> String {
    match value {
        Value::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Object(entries) => {
            let entry =
                |(name, value): (&String, &Value)| format!("{} = {value}", Value::from(name.as_str()));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(Value::to_string).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn check(kind: &Kind, value: Value) -> Result<Value, String> {
    let good = match (kind, &value) {
        (Kind::Flag, Value::Bool(_)) => true,
        (Kind::Number { least, most }, Value::Number(number)) => {
            number.as_u64().is_some_and(|number| (*least..=*most).contains(&number))
        }
        (Kind::Text, Value::String(text)) => !text.trim().is_empty(),
        (Kind::File, Value::String(path)) => path.trim() == path,
        (Kind::Choice(words), Value::String(text)) => words.contains(&text.as_str()),
        (Kind::Filter, Value::String(text)) => is_filter(text),
        (Kind::Listen, _) => {
            Listen::try_from(value.clone())?;
            true
        }
        (Kind::Networks, Value::Array(items)) => {
            for item in items {
                let text = item.as_str().ok_or_else(String::new)?;
                text.parse::<Network>().map_err(|error| error.to_string())?;
            }
            true
        }
        (Kind::Line, Value::String(_)) | (Kind::Texts, _) => {
            Texts::try_from(value.clone())?;
            true
        }
        (Kind::Charsets, Value::Array(items)) => {
            for item in items {
                let name = item.as_str().ok_or_else(String::new)?;
                if !is_charset(name) {
                    return Err(format!("there is no character set {name:?}"));
                }
            }
            (1..=MAX_CHARSETS).contains(&items.len())
        }
        (Kind::Aliases, Value::Object(aliases)) => {
            aliases.iter().try_for_each(|(tuple, package)| check_alias(tuple, package))?;
            true
        }
        (Kind::Origins, Value::Array(items)) => items.iter().all(|item| item.as_str().is_some_and(is_origin)),
        _ => false,
    };
    if good { Ok(value) } else { Err(String::new()) }
}

fn plain(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Integer(number) => match u64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(i64::from_str_radix(number.as_str(), number.radix()).ok()?),
        },
        DeValue::Array(items) => {
            Value::Array(items.iter().map(|item| plain(item.get_ref())).collect::<Option<Vec<_>>>()?)
        }
        DeValue::Table(entries) => {
            let entry = |(name, value): (&Spanned<Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                Some((name.get_ref().to_string(), plain(value.get_ref())?))
            };
            Value::Object(entries.iter().map(entry).collect::<Option<Map<_, _>>>()?)
        }
        DeValue::Float(_) | DeValue::Datetime(_) => return None,
    })
}

/// A list of texts: `a, b` or `["a", "b"]`.
fn list(text: &str) -> Vec<String> {
    let inner = match text.strip_prefix('[') {
        // An address may start with a bracket too: [::1]:4000.
        Some(rest) if text.ends_with(']') && (rest.contains('"') || rest.trim() == "]") => {
            &rest[..rest.len() - 1]
        }
        _ => text,
    };
    inner.split(',').map(str::trim).filter(|item| !item.is_empty()).map(unquoted).collect()
}

/// Names and texts: `a = b, c = d` or `{ a = "b", c = "d" }`.
fn pairs(text: &str) -> Option<Value> {
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let pair = |pair: String| {
        let (name, value) = pair.split_once('=')?;
        Some((unquoted(name.trim()), Value::String(unquoted(value.trim()))))
    };
    Some(Value::Object(list(inner).into_iter().map(pair).collect::<Option<Map<_, _>>>()?))
}

/// A name that a tuple can have, and that of a package which clients can read.
fn check_alias(tuple: &str, named: &Value) -> Result<(), String> {
    let named = named.as_str().ok_or_else(String::new)?;
    if tuple.is_empty() || tuple.contains(|ch: char| ch.is_whitespace() || ch.is_control()) {
        return Err(format!("a tuple cannot be called {tuple:?}"));
    }
    // Without one it would be the name of another tuple.
    if !named.contains('.') {
        return Err(format!("{named:?} has no dot between parts"));
    }
    package(named, &Names::default()).map(drop).map_err(|error| error.to_string())
}

/// `"text"` and `text` mean the same on a command line.
fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or(text).to_owned()
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', ' ', '?', '#']))
}

/// `EnvFilter` takes a word that is no level for the name of a target, and then logs nothing else: a
/// misspelt level would silence the log. So a directive without `=` must be a level here.
fn is_filter(text: &str) -> bool {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let words_are_levels = text.contains('[')
        || text.split(',').map(str::trim).all(|part| {
            let level = part.rsplit('=').next().unwrap_or(part);
            LEVELS.contains(&level.to_ascii_lowercase().as_str())
        });
    words_are_levels && EnvFilter::try_new(text).is_ok()
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_at_their_limits_and_one_past() {
        let kind = Kind::Number { least: 5, most: 1000 };
        assert_eq!(parse(&kind, "5"), Ok(json!(5)));
        assert_eq!(parse(&kind, " 1_000 "), Ok(json!(1000)));
        for bad in ["4", "1001", "-5", "5.0", "five", ""] {
            assert!(parse(&kind, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn lists_in_both_forms() {
        assert_eq!(parse(&Kind::Listen, "[::1]:1, 127.0.0.1:2"), Ok(json!(["[::1]:1", "127.0.0.1:2"])));
        assert_eq!(
            parse(&Kind::Listen, r#"["[::1]:1","127.0.0.1:2"]"#),
            Ok(json!(["[::1]:1", "127.0.0.1:2"]))
        );
        assert_eq!(parse(&Kind::Listen, "[::1]:1"), Ok(json!("[::1]:1")));
        assert_eq!(parse(&Kind::Origins, ""), Ok(json!([])));
        assert_eq!(parse(&Kind::Origins, "[]"), Ok(json!([])));
        assert_eq!(parse(&Kind::Origins, "https://a.example"), Ok(json!(["https://a.example"])));
        for bad in ["a.example", "https://", "https://a.example/", "ftp://a.example"] {
            assert!(parse(&Kind::Origins, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn networks_are_read_and_what_is_wrong_with_one_is_told() {
        assert_eq!(parse(&Kind::Networks, ""), Ok(json!([])));
        assert_eq!(parse(&Kind::Networks, "10.0.0.0/8, ::1"), Ok(json!(["10.0.0.0/8", "::1"])));
        assert!(parse(&Kind::Networks, "10.1.0.0/8").unwrap_err().contains("called 10.0.0.0/8"));
        assert!(parse(&Kind::Networks, "localhost").is_err());
    }

    #[test]
    fn a_misspelt_level_is_no_filter() {
        for good in ["info", "INFO", "off", "warn,meadow_portal=debug", "info,[span{id=1}]=trace"] {
            assert!(parse(&Kind::Filter, good).is_ok(), "{good}");
        }
        for bad in ["infoo", "", "meadow_portal", "info,meadow_portal=loud"] {
            assert!(parse(&Kind::Filter, bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn toml_comes_back_as_it_was_written() {
        for (value, want) in [
            (json!("a \"b\" \\ \n"), r#""a \"b\" \\ \n""#),
            (json!(["x", "y"]), r#"["x", "y"]"#),
            (json!(true), "true"),
            (json!(78), "78"),
        ] {
            assert_eq!(toml(&value), want);
            let parsed = DeValue::parse(want).unwrap();
            assert_eq!(plain(parsed.get_ref()), Some(value));
        }
    }
}
