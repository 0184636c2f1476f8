//! The commandtuple: the only thing that travels between a client and the game, both ways.
//! Protocols make them from bytes, `msg()` makes them from what the game says.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Positional arguments of a commandtuple.
pub type Args = Vec<Value>;

/// Keyword arguments of a commandtuple; their order is kept.
///
/// ```
/// use meadow_link::{Kwargs, tuple};
/// let sent: Kwargs = tuple("plant").kw("name", "tree").kwargs;
/// assert_eq!(sent.get("name").and_then(|name| name.as_str()), Some("tree"));
/// ```
pub type Kwargs = serde_json::Map<String, Value>;

/// `(name, args, kwargs)`.
///
/// The key `options` of `kwargs` holds how a message is to be sent (`raw`, `nocolor`, `echo` ...),
/// not what is said; see [`CommandTuple::option`].
///
/// ```
/// use meadow_link::{CommandTuple, prompt, text, tuple};
///
/// let said = text("You feel |gbetter|n.").kw("type", "health");
/// assert_eq!((said.name.as_str(), said.first_str()), ("text", Some("You feel |gbetter|n.")));
///
/// // For programs, and no eyes: GMCP, MSDP or JSON is made of it on its way.
/// let vitals = tuple("char_vitals").kw("hp", 11).kw("maxhp", 20);
/// assert_eq!(vitals.kwargs["hp"], 11);
///
/// // What is said in words becomes a `text` by itself.
/// assert_eq!(CommandTuple::from("Hello."), text("Hello."));
/// assert_ne!(CommandTuple::from("Hello."), prompt("Hello."));
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CommandTuple {
    /// Which inputfunc or outputfunc this is for: `text`, `prompt`, `client_options` ...
    pub name: String,
    /// Positional arguments; the text of a `text` is the first.
    #[serde(default)]
    pub args: Args,
    /// Keyword arguments.
    #[serde(default)]
    pub kwargs: Kwargs,
}

/// A commandtuple of this name, to be filled by its builder methods.
///
/// ```
/// use meadow_link::tuple;
/// let map = tuple("map_marker").arg("treasure").kw("x", 3).kw("y", 4);
/// assert_eq!(map.args, ["treasure"]);
/// ```
pub fn tuple(name: impl Into<String>) -> CommandTuple {
    CommandTuple { name: name.into(), ..CommandTuple::default() }
}

/// A `text` commandtuple.
///
/// ```
/// use meadow_link::text;
/// // Clients sort what they show by its type; the map keeps its spaces.
/// let map = text("  #  \n #@# ").kw("type", "map").with_option("raw", true);
/// assert!(map.has_option("raw"));
/// ```
pub fn text(text: impl Into<String>) -> CommandTuple {
    tuple("text").arg(text.into())
}

/// A `prompt` commandtuple.
///
/// ```
/// use meadow_link::prompt;
/// assert_eq!(prompt("hp 11/20 > ").name, "prompt");
/// ```
pub fn prompt(text: impl Into<String>) -> CommandTuple {
    tuple("prompt").arg(text.into())
}

impl From<&str> for CommandTuple {
    fn from(said: &str) -> CommandTuple {
        text(said)
    }
}

impl From<String> for CommandTuple {
    fn from(said: String) -> CommandTuple {
        text(said)
    }
}

impl CommandTuple {
    /// Adds a positional argument.
    pub fn arg(mut self, value: impl Into<Value>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Sets a keyword argument.
    pub fn kw(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.kwargs.insert(key.into(), value.into());
        self
    }

    /// Sets every field of a struct or map as keyword arguments. What is neither becomes one
    /// positional argument; what JSON cannot say is left out.
    ///
    /// ```
    /// use meadow_link::tuple;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Vitals {
    ///     hp: u32,
    ///     mp: u32,
    /// }
    /// let vitals = tuple("char_vitals").kwargs(&Vitals { hp: 11, mp: 3 });
    /// assert_eq!(vitals, tuple("char_vitals").kw("hp", 11).kw("mp", 3));
    /// ```
    pub fn kwargs(mut self, fields: &impl Serialize) -> Self {
        match serde_json::to_value(fields) {
            Ok(Value::Object(map)) => self.kwargs.extend(map),
            Ok(other) => self.args.push(other),
            Err(_) => {}
        }
        self
    }

    /// Sets one send option (`raw`, `nocolor`, `echo`, `screenreader` ...: Evennia's output options).
    pub fn with_option(mut self, key: &str, value: impl Into<Value>) -> Self {
        let slot = self.kwargs.entry("options").or_insert_with(|| Value::Object(Kwargs::new()));
        if !slot.is_object() {
            *slot = Value::Object(Kwargs::new());
        }
        if let Some(options) = slot.as_object_mut() {
            options.insert(key.to_owned(), value.into());
        }
        self
    }

    /// A send option, if it was given.
    pub fn option(&self, key: &str) -> Option<&Value> {
        self.kwargs.get("options")?.get(key)
    }

    /// Whether a send option is set to true.
    pub fn has_option(&self, key: &str) -> bool {
        self.option(key).is_some_and(|value| value.as_bool() == Some(true))
    }

    /// The first positional argument as text: what `text` and `prompt` say.
    pub fn first_str(&self) -> Option<&str> {
        self.args.first().and_then(Value::as_str)
    }

    /// What a `text` or `prompt` shows: its first argument, a number or list as JSON has it, nothing as nothing.
    pub fn shown(&self) -> Cow<'_, str> {
        match self.args.first() {
            None | Some(Value::Null) => Cow::Borrowed(""),
            Some(Value::String(text)) => Cow::Borrowed(text),
            Some(other) => Cow::Owned(other.to_string()),
        }
    }

    /// The keyword arguments that are the message's own, without `options`.
    pub fn payload(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.kwargs.iter().filter(|(key, _)| *key != "options")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn builders_keep_order_and_options_stay_apart() {
        let made = tuple("char_vitals").arg(1).kw("hp", 3).kw("mp", 4).with_option("raw", true);
        assert_eq!(made.args, vec![json!(1)]);
        assert_eq!(made.payload().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["hp", "mp"]);
        assert!(made.has_option("raw"));
        assert!(!made.has_option("nocolor"));
    }

    #[test]
    fn a_struct_becomes_keywords() {
        #[derive(Serialize)]
        struct Vitals {
            hp: i32,
        }
        assert_eq!(tuple("v").kwargs(&Vitals { hp: 11 }).kwargs["hp"], json!(11));
    }
}
