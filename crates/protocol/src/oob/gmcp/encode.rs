//! Tuples to messages. The outputfuncs hand it what is neither text nor prompt.

use std::borrow::Cow;

use meadow_link::{CommandTuple, Kwargs};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{
    NameError, Names, package,
    published::{self, Body},
};
use crate::{json, oob::OUTPUT_LIMIT};

/// Why a tuple is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// Its name can be no package's.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The message is longer than [`OUTPUT_LIMIT`].
    #[error("the message is {0} bytes long")]
    TooLong(usize),
}

/// The message of a tuple: the payload of a telnet subnegotiation, or a whole websocket message.
///
/// # Errors
///
/// If the name can be no package's, or the message is longer than [`OUTPUT_LIMIT`].
pub fn encode(tuple: &CommandTuple, names: &Names) -> Result<String, EncodeError> {
    message(package(&tuple.name, names)?, tuple)
}

/// The message of a tuple that is this package.
pub(super) fn message(package: Cow<'_, str>, tuple: &CommandTuple) -> Result<String, EncodeError> {
    let mut message = package.into_owned();
    if let Some(body) = body(tuple, &message) {
        message.push(' ');
        message.push_str(&body);
    }
    if message.len() > OUTPUT_LIMIT {
        return Err(EncodeError::TooLong(message.len()));
    }
    Ok(message)
}

/// The JSON that a tuple is in this package, all ASCII; nothing if it has neither arguments nor keywords.
///
/// One argument is itself, several are an array, keywords are an object, and both are an array of the two
/// (Evennia). Packages that are lists by definition have an array even of one.
pub fn body(tuple: &CommandTuple, package: &str) -> Option<String> {
    let keywords = Payload(&tuple.kwargs);
    Some(match (&*tuple.args, keywords.is_empty()) {
        ([], true) => return None,
        ([], false) => json::dumps(&keywords),
        ([one], true) if one.is_array() || published::body(package) == Body::Any => json::dumps(one),
        (args, true) => json::dumps(&args),
        ([one], false) => json::dumps(&(one, keywords)),
        (args, false) => json::dumps(&(args, keywords)),
    })
}

/// Keywords without `options`, which says how a message is sent.
struct Payload<'a>(&'a Kwargs);

impl Payload<'_> {
    fn is_empty(&self) -> bool {
        self.0.keys().all(|key| key == "options")
    }
}

impl Serialize for Payload<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.0.iter().filter(|(key, _)| *key != "options") {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use meadow_link::tuple;
    use serde_json::json;

    use super::*;

    fn sent(tuple: CommandTuple) -> String {
        encode(&tuple, &Names::default()).unwrap()
    }

    #[test]
    fn lists_are_arrays_whatever_their_length() {
        assert_eq!(sent(tuple("room_players").arg(json!([]))), "Room.Players []");
        assert_eq!(
            sent(tuple("room_players").arg(json!([{"name": "Bob"}]))),
            r#"Room.Players [{"name": "Bob"}]"#
        );
        assert_eq!(sent(tuple("char_items").arg("sword")), r#"Char.Items ["sword"]"#);
        assert_eq!(sent(tuple("char_items").arg("sword").arg("bow")), r#"Char.Items ["sword", "bow"]"#);
    }

    #[test]
    fn how_it_is_sent_is_not_said() {
        assert_eq!(sent(tuple("ping").with_option("raw", true)), "Core.Ping");
        assert_eq!(
            sent(tuple("char_vitals").kw("hp", 1).with_option("raw", true)),
            r#"Char.Vitals {"hp": 1}"#
        );
        assert_eq!(sent(tuple("ping").arg(1).with_option("raw", true)), "Core.Ping 1");
    }

    #[test]
    fn a_message_at_the_limit_and_one_past_it() {
        let around = r#"Core.Ping """#.len();
        let of = |length: usize| encode(&tuple("ping").arg("x".repeat(length - around)), &Names::default());
        assert_eq!(of(OUTPUT_LIMIT).map(|message| message.len()), Ok(OUTPUT_LIMIT));
        assert_eq!(of(OUTPUT_LIMIT + 1), Err(EncodeError::TooLong(OUTPUT_LIMIT + 1)));
    }
}
