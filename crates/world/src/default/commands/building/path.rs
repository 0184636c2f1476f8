//! Where in an attribute a value stands, `list[0]["key"]`, and what builders type for a value.

use serde_json::{Map, Value};

use crate::staff::{DEPTH_LIMIT, depth};

/// Most members of a list that `[+]` makes.
const LIST_LIMIT: usize = 10_000;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// `["key"]` or `[key]`: a member of a map.
    Key(String),
    /// `[0]`: a member of a list, or of a map that has such a key; negative from its end.
    Index(i64),
    /// `[+]`: behind the last member of a list; `[+0]`: before the member that is there.
    New(Option<i64>),
}

/// An attribute, or a value in it: `[:category]` has been taken off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) name: String,
    pub(super) category: String,
    pub(super) steps: Vec<Step>,
}

impl Path {
    /// Reads `name[step]..:category`. What is no step is a part of the name.
    pub(super) fn parse(text: &str) -> Path {
        let (text, category) = match text.rsplit_once(':') {
            Some((before, category)) if !category.contains([']', '"', '\'']) => (before, category),
            _ => (text, ""),
        };
        let text = text.trim();
        let (name, steps) = match text.split_once('[') {
            Some((name, rest)) => match steps(rest) {
                Some(steps) if !name.trim().is_empty() => (name.trim(), steps),
                _ => (text, Vec::new()),
            },
            None => (text, Vec::new()),
        };
        Path { name: name.to_owned(), category: category.trim().to_lowercase(), steps }
    }

    /// As a builder would type it.
    pub(super) fn shown(&self) -> String {
        let mut shown = self.name.clone();
        for step in &self.steps {
            shown.push_str(&match step {
                Step::Key(key) => format!("[{}]", Value::from(key.as_str())),
                Step::Index(at) => format!("[{at}]"),
                Step::New(None) => "[+]".to_owned(),
                Step::New(Some(at)) => format!("[+{at}]"),
            });
        }
        if !self.category.is_empty() {
            shown.push_str(&format!(":{}", self.category));
        }
        shown
    }
}

/// The steps behind the first `[`.
fn steps(mut rest: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    loop {
        let quote = rest.trim_start().chars().next().filter(|first| ['"', '\''].contains(first));
        let (step, after) = match quote {
            Some(quote) => {
                let (key, after) = rest.trim_start()[1..].split_once(quote)?;
                (Step::Key(key.to_owned()), after.trim_start().strip_prefix(']')?)
            }
            None => {
                let (inside, after) = rest.split_once(']')?;
                (bare_step(inside.trim())?, after)
            }
        };
        steps.push(step);
        match after.trim() {
            "" => return Some(steps),
            more => rest = more.strip_prefix('[')?,
        }
    }
}

fn bare_step(inside: &str) -> Option<Step> {
    if inside.is_empty() {
        return None;
    }
    if let Some(at) = inside.strip_prefix('+') {
        return if at.is_empty() { Some(Step::New(None)) } else { Some(Step::New(Some(at.parse().ok()?))) };
    }
    Some(inside.parse().map_or_else(|_| Step::Key(inside.to_owned()), Step::Index))
}

/// What a builder means by a value: JSON; `True`, `False` and `None` as Evennia's builders write them; else text.
pub(in super::super) fn read_value(text: &str) -> Value {
    match text {
        "True" => return Value::Bool(true),
        "False" => return Value::Bool(false),
        "None" => return Value::Null,
        _ => {}
    }
    if let Ok(value) = serde_json::from_str(text) {
        return value;
    }
    let bare = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    Value::from(bare.unwrap_or(text))
}

/// What stands at the end of some steps.
pub(super) fn at<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(value) };
    let inner = match (value, step) {
        (Value::Object(map), Step::Key(key)) => map.get(key)?,
        (Value::Object(map), Step::Index(at)) => map.get(&at.to_string())?,
        (Value::Array(list), Step::Index(at)) => list.get(place(*at, list.len())?)?,
        _ => return None,
    };
    self::at(inner, rest)
}

/// Puts something at the end of some steps.
///
/// # Errors
/// Why it can't be put there, for the builder.
pub(super) fn set(value: &mut Value, steps: &[Step], new: Value) -> Result<(), String> {
    let before = value.clone();
    set_inner(value, steps, new)?;
    if depth(value) > DEPTH_LIMIT {
        *value = before;
        return Err(format!("Values can be nested {DEPTH_LIMIT} deep, and no deeper."));
    }
    Ok(())
}

fn set_inner(value: &mut Value, steps: &[Step], new: Value) -> Result<(), String> {
    let Some((step, rest)) = steps.split_first() else {
        *value = new;
        return Ok(());
    };
    let inner = match (value, step) {
        (Value::Object(map), Step::Key(key)) => entry(map, key, rest)?,
        (Value::Object(map), Step::Index(at)) => entry(map, &at.to_string(), rest)?,
        (Value::Array(list), Step::Index(at)) => {
            let at =
                place(*at, list.len()).ok_or_else(|| format!("There is no member {at} in that list."))?;
            &mut list[at]
        }
        (Value::Array(list), Step::New(at)) => {
            if list.len() >= LIST_LIMIT {
                return Err(format!("A list that is made this way has at most {LIST_LIMIT} members."));
            }
            let at = match at {
                None => list.len(),
                Some(at) => place(*at, list.len() + 1).unwrap_or(list.len()),
            };
            list.insert(at, Value::Null);
            &mut list[at]
        }
        (Value::Array(_), Step::Key(key)) => {
            return Err(format!("That is a list, and has no member '{key}'."));
        }
        (Value::Object(_), Step::New(_)) => return Err("That is a map: [+] is for lists.".to_owned()),
        _ => return Err("That is neither a list nor a map, and has no members.".to_owned()),
    };
    set_inner(inner, rest, new)
}

/// The member of a map; made if it is the last step.
fn entry<'m>(map: &'m mut Map<String, Value>, key: &str, rest: &[Step]) -> Result<&'m mut Value, String> {
    if !rest.is_empty() && !map.contains_key(key) {
        return Err(format!("There is no member '{key}' in that map."));
    }
    Ok(map.entry(key).or_insert(Value::Null))
}

/// Takes away what stands at the end of some steps (at least one); `None` if nothing does.
pub(super) fn remove(value: &mut Value, steps: &[Step]) -> Option<Value> {
    let (step, rest) = steps.split_first()?;
    if rest.is_empty() {
        return match (value, step) {
            (Value::Object(map), Step::Key(key)) => map.remove(key),
            (Value::Object(map), Step::Index(at)) => map.remove(&at.to_string()),
            (Value::Array(list), Step::Index(at)) => place(*at, list.len()).map(|at| list.remove(at)),
            _ => None,
        };
    }
    let inner = match (value, step) {
        (Value::Object(map), Step::Key(key)) => map.get_mut(key)?,
        (Value::Object(map), Step::Index(at)) => map.get_mut(&at.to_string())?,
        (Value::Array(list), Step::Index(at)) => {
            let at = place(*at, list.len())?;
            list.get_mut(at)?
        }
        _ => return None,
    };
    remove(inner, rest)
}

/// The place that a number means in something of this length, counted from the end if it is negative.
fn place(at: i64, len: usize) -> Option<usize> {
    let at = if at < 0 { i64::try_from(len).ok()?.checked_add(at)? } else { at };
    usize::try_from(at).ok().filter(|at| *at < len)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn paths_are_read_and_shown() {
        for (text, shown, count) in [
            ("strength", "strength", 0),
            ("strength : Mods", "strength:mods", 0),
            ("list[0]", "list[0]", 1),
            ("map['a b'][\"c]\"][-1]:x", "map[\"a b\"][\"c]\"][-1]:x", 3),
            ("map[key][+][+1]", "map[\"key\"][+][+1]", 3),
            ("map['a:b']", "map[\"a:b\"]", 1),
            ("odd[", "odd[", 0),
            ("odd[0]x", "odd[0]x", 0),
            ("odd[]", "odd[]", 0),
        ] {
            let path = Path::parse(text);
            assert_eq!((path.shown().as_str(), path.steps.len()), (shown, count), "{text}");
        }
    }

    #[test]
    fn values_are_json_or_text() {
        for (text, value) in [
            ("5", json!(5)),
            ("[1, \"a\"]", json!([1, "a"])),
            ("\"5\"", json!("5")),
            ("'5'", json!("5")),
            ("a rose", json!("a rose")),
            ("True", json!(true)),
            ("None", json!(null)),
            ("[1, a]", json!("[1, a]")),
        ] {
            assert_eq!(read_value(text), value, "{text}");
        }
    }

    #[test]
    fn members_are_set_and_removed() {
        let steps = |text: &str| Path::parse(&format!("x{text}")).steps;
        let mut value = json!({"list": [1, 2], "5": 0});
        set(&mut value, &steps("[list][-1]"), json!(3)).expect("it is there");
        set(&mut value, &steps("[list][+]"), json!({})).expect("it is a list");
        set(&mut value, &steps("[list][+0]"), json!(0)).expect("it is a list");
        set(&mut value, &steps("[list][3][new]"), json!(4)).expect("it is a map");
        set(&mut value, &steps("[5]"), json!(5)).expect("it is a map");
        assert_eq!(value, json!({"list": [0, 1, 3, {"new": 4}], "5": 5}));
        assert_eq!(at(&value, &steps("[list][3][new]")), Some(&json!(4)));
        for wrong in ["[list][9]", "[list][x]", "[+]", "[no][x]", "[5][0]"] {
            assert!(set(&mut value, &steps(wrong), json!(0)).is_err(), "{wrong}");
        }
        assert_eq!(remove(&mut value, &steps("[list][0]")), Some(json!(0)));
        assert_eq!(remove(&mut value, &steps("[list][2][new]")), Some(json!(4)));
        assert_eq!(remove(&mut value, &steps("[no]")), None);
        assert_eq!(value, json!({"list": [1, 3, {}], "5": 5}));
    }

    #[test]
    fn nesting_at_its_limit_and_one_past() {
        let nested = |depth: usize| (0..depth).fold(json!(0), |inner, _| json!([inner]));
        let mut value = json!([0]);
        assert!(set(&mut value, &[Step::Index(0)], nested(DEPTH_LIMIT - 1)).is_ok());
        let before = value.clone();
        assert!(set(&mut value, &[Step::Index(0)], nested(DEPTH_LIMIT)).is_err());
        assert_eq!(value, before);
        assert!(set(&mut value, &[], nested(DEPTH_LIMIT + 1)).is_err());
    }

    #[test]
    fn a_list_at_its_limit_and_one_past() {
        let mut value = json!(vec![0; LIST_LIMIT - 1]);
        assert!(set(&mut value, &[Step::New(None)], json!(1)).is_ok());
        assert!(set(&mut value, &[Step::New(None)], json!(1)).is_err());
    }
}
