//! Messages to tuples. Telnet and the web formats hand it what clients send.

use std::borrow::Cow;

use meadow_link::CommandTuple;
use serde_json::Value;

use super::{Names, names};
use crate::oob::{MESSAGE_LIMIT, NAME_LIMIT};

/// How deep arrays and objects of a message may lie in one another.
pub const DEPTH_LIMIT: usize = 64;

/// Why a message was ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It is longer than [`MESSAGE_LIMIT`].
    #[error("the message is {0} bytes long")]
    TooLong(usize),
    /// Its name is longer than [`NAME_LIMIT`].
    #[error("the name of the package is {0} bytes long")]
    NameTooLong(usize),
    /// Its body is neither JSON nor of a package that may have bare text.
    #[error("the body is not JSON")]
    NotJson,
    /// Its arrays and objects lie more than [`DEPTH_LIMIT`] deep in one another.
    #[error("the body is nested too deep")]
    TooDeep,
}

/// The tuple of one message; nothing if it is empty.
///
/// Case does not matter in names, and white space around them is no part of them. An array is arguments, an
/// object keywords (without the empty one), anything else one argument; `[[..], {..}]` is both, as Evennia
/// promises. Bytes that are no UTF-8, and halves of surrogate pairs, become U+FFFD. The name is whatever
/// the client chose: it is for looking up, and for nothing else.
///
/// # Errors
///
/// If the message is longer or deeper than the limits, or its body is not JSON. The packages that may have
/// bare text ([`Names::plain`]) have it as one argument then.
pub fn decode(message: &[u8], names: &Names) -> Result<Option<CommandTuple>, Malformed> {
    if message.len() > MESSAGE_LIMIT {
        return Err(Malformed::TooLong(message.len()));
    }
    let message = String::from_utf8_lossy(message);
    let message = message.trim_start_matches(names::is_space);
    let (package, body) = message.split_once(names::is_space).unwrap_or((message, ""));
    if package.is_empty() {
        return Ok(None);
    }
    if package.len() > NAME_LIMIT {
        return Err(Malformed::NameTooLong(package.len()));
    }
    let mut tuple = meadow_link::tuple(names::tuple(package, names));
    let body = body.trim_start_matches(names::is_space);
    if body.is_empty() {
        return Ok(Some(tuple));
    }
    match parse(body)? {
        Some(value) => fill(&mut tuple, value),
        None if names.may_be_plain(&tuple.name) => tuple.args.push(body.into()),
        None => return Err(Malformed::NotJson),
    }
    Ok(Some(tuple))
}

fn fill(tuple: &mut CommandTuple, value: Value) {
    match value {
        Value::Object(map) => tuple.kwargs = map,
        Value::Array(mut items) => match &mut items[..] {
            [Value::Array(args), Value::Object(kwargs)] => {
                (tuple.args, tuple.kwargs) = (std::mem::take(args), std::mem::take(kwargs));
            }
            _ => tuple.args = items,
        },
        single => tuple.args.push(single),
    }
    tuple.kwargs.shift_remove("");
}

/// The JSON of a body, if it is any.
fn parse(body: &str) -> Result<Option<Value>, Malformed> {
    if depth(body) > DEPTH_LIMIT {
        return Err(Malformed::TooDeep);
    }
    Ok(serde_json::from_str(&mend(body)).ok())
}

/// How deep the brackets of a body lie in one another, those of its texts aside. The JSON reader is
/// recursive, so this is known before it starts.
fn depth(body: &str) -> usize {
    let (mut depth, mut deepest, mut within, mut escaped) = (0usize, 0, false, false);
    for byte in body.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b'[' | b'{' if !within => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !within => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// The body with the escape of U+FFFD in place of every escaped half of a surrogate pair whose other half
/// is missing; Rust's text cannot hold those.
fn mend(body: &str) -> Cow<'_, str> {
    if !body.contains("\\ud") && !body.contains("\\uD") {
        return Cow::Borrowed(body);
    }
    let mut made = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        made.push_str(before);
        let length = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                made.push_str("\\ufffd");
                rest = &escape[6..];
                continue;
            }
            (Some(_), _) => 6,
            (None, _) => 1 + escape[1..].chars().next().map_or(0, char::len_utf8),
        };
        made.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    made.push_str(rest);
    Cow::Owned(made)
}

/// The number of a `\uXXXX` at the beginning of a text.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    if digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        u16::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use meadow_link::tuple;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::oob::gmcp::encode;

    fn read(message: &str) -> Result<Option<CommandTuple>, Malformed> {
        decode(message.as_bytes(), &Names::default())
    }

    #[test]
    fn halves_of_pairs() {
        let texts = |message: &str| read(message).unwrap().unwrap().args;
        assert_eq!(texts(r#"X "\ud83d\ude00""#), [json!("😀")]);
        assert_eq!(texts(r#"X "\ud83d\ud83d\ude00""#), [json!("\u{fffd}😀")]);
        assert_eq!(texts(r#"X "\ude00\ud83dx""#), [json!("\u{fffd}\u{fffd}x")]);
        assert_eq!(texts(r#"X "\\ud83d\n\uD83D""#), [json!("\\ud83d\n\u{fffd}")]);
    }

    #[test]
    fn text_that_is_no_json() {
        assert_eq!(read("text look"), Ok(Some(tuple("text").arg("look"))));
        assert_eq!(read("Core.Text say \"hi"), Ok(Some(tuple("text").arg("say \"hi"))));
        assert_eq!(read("Char.Vitals look"), Err(Malformed::NotJson));
        assert_eq!(
            decode(b"My.Note hi", &Names::default().plain("My_Note")),
            Ok(Some(tuple("my_note").arg("hi")))
        );
        assert_eq!(read("Char.Vitals NaN"), Err(Malformed::NotJson));
    }

    #[test]
    fn limits_at_and_one_past() {
        let deep = |depth: usize| format!("X {}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(matches!(read(&deep(DEPTH_LIMIT)), Ok(Some(_))));
        assert_eq!(read(&deep(DEPTH_LIMIT + 1)), Err(Malformed::TooDeep));
        assert_eq!(read(&deep(MESSAGE_LIMIT / 2 - 1)), Err(Malformed::TooDeep));
        assert!(read(&format!("X \"{}\"", "[".repeat(DEPTH_LIMIT + 1))).is_ok(), "text is not deep");

        let name = |length: usize| "x".repeat(length);
        assert!(matches!(read(&name(NAME_LIMIT)), Ok(Some(_))));
        assert_eq!(read(&name(NAME_LIMIT + 1)), Err(Malformed::NameTooLong(NAME_LIMIT + 1)));

        let long = |length: usize| format!("X \"{}\"", "x".repeat(length - 4));
        assert!(matches!(read(&long(MESSAGE_LIMIT)), Ok(Some(_))));
        assert_eq!(read(&long(MESSAGE_LIMIT + 1)), Err(Malformed::TooLong(MESSAGE_LIMIT + 1)));
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused(message in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&message, &Names::default());
        }

        #[test]
        fn almost_json_is_read_or_refused(body in r#"[\[\]{}",:\\ud8Fc0-3tnfé ]{0,40}"#) {
            let _ = decode(format!("A.B {body}").as_bytes(), &Names::default());
        }

        #[test]
        fn what_is_sent_can_be_read(
            name in "[a-bd-z][a-z]{0,8}(_[a-z]{1,8}){1,3}",
            args in proptest::collection::vec(".*", 2..4),
            value in ".*",
        ) {
            let sent = args.iter().fold(tuple(name), |tuple, arg| tuple.arg(arg.as_str())).kw("key", value);
            let message = encode(&sent, &Names::default()).expect("a sound name");
            prop_assert_eq!(decode(message.as_bytes(), &Names::default()), Ok(Some(sent)));
        }
    }
}
