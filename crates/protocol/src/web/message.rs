//! What the message formats have in common: how much of a message is read, why one is ignored, and what
//! happens to text before the game gets it. Each format hands its messages through here.

use std::borrow::Cow;

use meadow_link::{CommandTuple, text};
use serde_json::Value;

use super::clean_lines;
use crate::{
    Outbox,
    limits::{MAX_CHAR_LIMIT, MAX_CHAR_LIMIT_WARNING},
    markup::clean_input,
};

/// Longest message from a client, in bytes.
pub const MAX_MESSAGE: usize = 64 * 1024;

/// How deep arrays and objects of a message may lie in one another; the message itself is the first.
pub const MAX_DEPTH: usize = 64;

/// Longest name of an inputfunc, in bytes.
pub const MAX_NAME: usize = 128;

/// Most lines that one message of typed text may hold. More are refused as text that is too long.
pub const MAX_LINES: usize = 500;

/// What an operator can set about clients that speak in messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WebsocketSettings {
    /// Longest text of one command, in characters.
    pub char_limit: usize,
    /// Longest message, in bytes.
    pub message_limit: usize,
}

impl Default for WebsocketSettings {
    fn default() -> WebsocketSettings {
        WebsocketSettings { char_limit: MAX_CHAR_LIMIT, message_limit: MAX_MESSAGE }
    }
}

/// Why a message was ignored.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    /// It is longer than the limit.
    #[error("the message is {0} bytes long")]
    TooLong(usize),
    /// It is not text in UTF-8.
    #[error("the message is not UTF-8")]
    NotUtf8(#[from] std::str::Utf8Error),
    /// It is not JSON in UTF-8.
    #[error("the message is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// Its arrays and objects lie more than [`MAX_DEPTH`] deep in one another.
    #[error("the message is nested too deep")]
    TooDeep,
    /// It is not `[name, [args], {kwargs}]`, or its name is empty or longer than [`MAX_NAME`].
    #[error("the message is not [name, [args], {{kwargs}}]")]
    NotATuple,
    /// It is not `{"proto", "id", "data"}`, or names nothing, or its name is longer than [`MAX_NAME`].
    #[error("the message is not an envelope of proto, id and data")]
    NotAnEnvelope,
    /// It is not a GMCP message.
    #[error("the message is not GMCP")]
    NotGmcp,
}

/// The JSON of one message, no longer than `limit` bytes and no deeper than [`MAX_DEPTH`].
pub(super) fn parse(message: &[u8], limit: usize) -> Result<Value, Malformed> {
    if message.len() > limit {
        return Err(Malformed::TooLong(message.len()));
    }
    let value = serde_json::from_slice(message)?;
    if is_deeper(&value, MAX_DEPTH) { Err(Malformed::TooDeep) } else { Ok(value) }
}

/// The text of one message, no longer than `limit` bytes.
pub(super) fn parse_text(message: &[u8], limit: usize) -> Result<&str, Malformed> {
    if message.len() > limit {
        return Err(Malformed::TooLong(message.len()));
    }
    Ok(std::str::from_utf8(message)?)
}

/// Whether a value has more than so many containers in one another. The JSON reader has a bound of its
/// own, so this cannot run deep either.
pub(super) fn is_deeper(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(values) => depth == 0 || values.iter().any(|inner| is_deeper(inner, depth - 1)),
        Value::Object(map) => depth == 0 || map.values().any(|inner| is_deeper(inner, depth - 1)),
        _ => false,
    }
}

/// A name that the Server takes for this one: it finds inputfuncs whatever their case, so no other
/// spelling may pass by the limits.
pub(super) fn is_named(tuple: &CommandTuple, name: &str) -> bool {
    tuple.name.trim().to_lowercase() == name
}

/// What a player typed was longer than the limit; the player is to be told, and the game is not.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TextTooLong;

impl TextTooLong {
    /// What the player is told.
    pub(super) const WARNING: &str = MAX_CHAR_LIMIT_WARNING;
}

/// Cleans and measures every text of a `text` input.
pub(super) fn clean_text(tuple: &mut CommandTuple, char_limit: usize) -> Result<(), TextTooLong> {
    for arg in &mut tuple.args {
        let Value::String(typed) = arg else { continue };
        if is_longer(typed, char_limit) {
            return Err(TextTooLong);
        }
        if let Cow::Owned(clean) = clean_lines(typed) {
            *typed = clean;
        }
    }
    Ok(())
}

/// Hands the lines of a typed text to the game, each as an input of its own, as on any other transport. The
/// space around a line is taken off, as Evennia does. An empty text is an empty line: the enter key.
pub(super) fn input_lines(typed: &str, char_limit: usize, out: &mut Outbox) -> Result<(), TextTooLong> {
    let mut typed = typed;
    if let Some(rest) = typed.strip_suffix('\n') {
        typed = rest;
    }
    typed = typed.strip_suffix('\r').unwrap_or(typed);
    let lines = || split_lines(typed);
    if lines().take(MAX_LINES + 1).count() > MAX_LINES || lines().any(|line| is_longer(line, char_limit)) {
        return Err(TextTooLong);
    }
    for line in lines() {
        out.input(text(clean_input(line).trim()));
    }
    Ok(())
}

/// Splits at CR LF, LF and CR.
fn split_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\r', '\n']) else { return rest.take() };
        let after = &text[end..];
        rest = Some(after.strip_prefix("\r\n").unwrap_or(&after[1..]));
        Some(&text[..end])
    })
}

fn is_longer(text: &str, limit: usize) -> bool {
    text.len() > limit && text.chars().count() > limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(typed: &str, char_limit: usize) -> Result<Vec<String>, TextTooLong> {
        let mut out = Outbox::new();
        input_lines(typed, char_limit, &mut out)?;
        let said = |tuple: &CommandTuple| tuple.first_str().expect("text").to_owned();
        Ok(out.take_inputs().iter().map(said).collect())
    }

    #[test]
    fn every_line_is_an_input() {
        for (typed, expected) in [
            ("look", &["look"][..]),
            ("  look \r\n", &["look"]),
            ("", &[""]),
            ("\n", &[""]),
            ("\r", &[""]),
            ("\r\n\r\n", &["", ""]),
            ("a\rb\nc\r\nd", &["a", "b", "c", "d"]),
            ("a\n\nb\n", &["a", "", "b"]),
            ("\u{1b}[2Ja\0", &["a"]),
        ] {
            assert_eq!(lines(typed, 100).expect("short"), expected, "{typed:?}");
        }
    }

    #[test]
    fn lines_have_a_length_and_a_number() {
        assert_eq!(lines("é\n123", 3).expect("at the limit").len(), 2);
        assert_eq!(lines("é\n1234", 3), Err(TextTooLong), "none of it is forwarded");
        assert_eq!(lines(&"\n".repeat(MAX_LINES), 3).expect("at the limit").len(), MAX_LINES);
        assert_eq!(lines(&"\n".repeat(MAX_LINES + 1), 3), Err(TextTooLong));
    }
}
