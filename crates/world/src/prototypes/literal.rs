//! Reading values as builders write them: JSON, and what Python's programmers write in its place (`'text'`, `True`,
//! `None`, tuples, a comma before the end).

use serde_json::{Map, Number, Value};

/// How deep values may stand in each other.
const DEPTH: usize = 32;

/// Reads one value.
///
/// # Errors
/// What was expected, and what stands there.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader { rest: text.trim(), depth: 0 };
    let value = reader.value()?;
    match reader.rest.trim_start() {
        "" => Ok(value),
        rest => Err(format!("nothing should follow, but there is {}", shown(rest))),
    }
}

struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Value, String> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next() {
            Some('{') => self.nested(Reader::map),
            Some('[') => self.nested(|reader| reader.list('[', ']')),
            Some('(') => self.nested(|reader| reader.list('(', ')')),
            Some('"' | '\'') => self.text().map(Value::String),
            Some(_) => self.word(),
            None => Err("a value is missing at the end".to_owned()),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("values may stand in each other {DEPTH} deep, and no deeper"));
        }
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn map(&mut self) -> Result<Value, String> {
        let mut map = Map::new();
        self.sign('{');
        while !self.sign('}') {
            self.rest = self.rest.trim_start();
            if !self.rest.starts_with(['"', '\'']) {
                return Err(format!("expected a name in quotes or }}, found {}", shown(self.rest)));
            }
            let name = self.text()?;
            if !self.sign(':') {
                return Err(format!("expected : behind '{name}', found {}", shown(self.rest)));
            }
            let value = self.value()?;
            map.insert(name, value);
            self.comma('}')?;
        }
        Ok(Value::Object(map))
    }

    fn list(&mut self, open: char, close: char) -> Result<Value, String> {
        let mut list = Vec::new();
        self.sign(open);
        while !self.sign(close) {
            list.push(self.value()?);
            self.comma(close)?;
        }
        Ok(Value::Array(list))
    }

    /// A comma, or the end that the next call will find.
    fn comma(&mut self, close: char) -> Result<(), String> {
        if self.sign(',') || self.rest.trim_start().starts_with(close) {
            return Ok(());
        }
        Err(format!("expected a comma or {close}, found {}", shown(self.rest)))
    }

    fn sign(&mut self, sign: char) -> bool {
        match self.rest.trim_start().strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// A text in quotes of either kind.
    fn text(&mut self) -> Result<String, String> {
        let mut letters = self.rest.chars();
        let quote = letters.next();
        let mut text = String::new();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some('n') => text.push('\n'),
                    Some('t') => text.push('\t'),
                    Some('u') => text.push(escaped(&mut letters)?),
                    Some(letter @ ('b' | 'f' | 'r')) => return Err(format!("there is no letter \\{letter}")),
                    Some(other) => text.push(other),
                    None => break,
                },
                letter if Some(letter) == quote => {
                    self.rest = letters.as_str();
                    return Ok(text);
                }
                letter => text.push(letter),
            }
        }
        Err(format!("the quotes of {} do not end", shown(self.rest)))
    }

    fn word(&mut self) -> Result<Value, String> {
        let ends = |c: char| c.is_whitespace() || ",:]})".contains(c);
        let (word, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        let number =
            || word.parse::<i64>().map(Number::from).ok().or_else(|| Number::from_f64(word.parse().ok()?));
        let value = match word {
            "true" | "True" => Value::Bool(true),
            "false" | "False" => Value::Bool(false),
            "null" | "None" => Value::Null,
            _ => Value::Number(
                number()
                    .ok_or_else(|| format!("{} is no value: a text stands in quotes", shown(self.rest)))?,
            ),
        };
        self.rest = rest;
        Ok(value)
    }
}

/// The letter of `\u00e9`, or of a pair as JSON writes what lies beyond. What is typed has been cleaned of control
/// characters, which drive a terminal; none comes in by this door either.
fn escaped(letters: &mut std::str::Chars<'_>) -> Result<char, String> {
    let digits: String = letters.by_ref().take(4).collect();
    let mut number = u32::from_str_radix(&digits, 16).ok();
    if let Some(high @ 0xd800..=0xdbff) = number
        && let Some(rest) = letters.as_str().strip_prefix("\\u")
        && let Some(low @ 0xdc00..=0xdfff) = rest.get(..4).and_then(|low| u32::from_str_radix(low, 16).ok())
    {
        *letters = rest[4..].chars();
        number = Some(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
    }
    let letter = number.and_then(char::from_u32).filter(|letter| !letter.is_control());
    letter.ok_or_else(|| format!("there is no letter \\u{digits}"))
}

fn shown(rest: &str) -> String {
    let start: String = rest.trim_start().chars().take(20).collect();
    if start.is_empty() { "the end".to_owned() } else { format!("'{start}'") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn noise_is_refused_or_read(text in "[\\[\\]{}(),:'\"\\\\ua0-9TrueNé. -]{0,60}") {
            let _ = read(&text);
        }

        #[test]
        fn what_json_writes_is_read(text in "[^\\p{Cc}]{0,40}", number: i64, on: bool) {
            let value = json!({text.clone(): [text, number, on, null]});
            prop_assert_eq!(read(&value.to_string()), Ok(value));
        }
    }

    #[test]
    fn json_and_python_are_read() {
        for (text, value) in [
            (
                r#"{"a": [1, -2.5, true, null], "b": {"c": "d\"e"}}"#,
                json!({"a": [1, -2.5, true, null], "b": {"c": "d\"e"}}),
            ),
            (
                "{'a': ('x', \"it's\",), 'b': None, 'c': True,}",
                json!({"a": ["x", "it's"], "b": null, "c": true}),
            ),
            (r#"'a\nb\u00e9\ud83d\ude00'"#, json!("a\nbé😀")),
            ("()", json!([])),
        ] {
            assert_eq!(read(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn mistakes_are_shown() {
        for (text, error) in [
            ("", "a value is missing at the end"),
            ("{a: 1}", "expected a name in quotes or }, found 'a: 1}'"),
            ("{'a' 1}", "expected : behind 'a', found '1}'"),
            ("{'a': 1 'b': 2}", "expected a comma or }, found ''b': 2}'"),
            ("['a", "the quotes of ''a' do not end"),
            ("[red]", "'red]' is no value: a text stands in quotes"),
            ("[1] 2", "nothing should follow, but there is '2'"),
            (r"'\u001b[31m'", "there is no letter \\u001b"),
            (r"'\r'", "there is no letter \\r"),
            (r"'\ud83d'", "there is no letter \\ud83d"),
            ("[1", "expected a comma or ], found the end"),
            ("nan", "'nan' is no value: a text stands in quotes"),
        ] {
            assert_eq!(read(text), Err(error.to_owned()), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH))).is_ok());
        assert!(read(&format!("{}{}", "[".repeat(DEPTH + 1), "]".repeat(DEPTH + 1))).is_err());
    }
}
