//! `json.mudstandards.org`: terminal text in binary messages, and text messages that are envelopes of JSON,
//! `{"proto", "id", "data"}`, all three of them text. `WebsocketAnsi` hands it messages.
//!
//! Two editions of the format exist, and the other has the kinds of message swapped. What is sent is of this
//! one, but an envelope is understood in either kind. See `WebsocketAnsi` for the text of the other one.

use meadow_link::{CommandTuple, Kwargs, tuple};
use serde::Serialize;
use serde_json::Value;

use super::{
    ansi::AnsiMessage,
    message::{MAX_DEPTH, MAX_NAME, Malformed, is_deeper, parse, parse_text},
};
use crate::{MessageKind, json};

/// What a client sends. A binary message is typed text unless it is an envelope that names its `proto`.
pub(super) fn decode(kind: MessageKind, message: &[u8], limit: usize) -> Result<AnsiMessage, Malformed> {
    if kind == MessageKind::Text {
        return match parse(message, limit)? {
            Value::Object(envelope) => open(envelope),
            _ => Err(Malformed::NotAnEnvelope),
        };
    }
    let typed = parse_text(message, limit)?;
    if typed.trim_start().starts_with('{')
        && let Ok(Value::Object(envelope)) = parse(message, limit)
        && envelope.get("proto").is_some_and(Value::is_string)
    {
        return open(envelope);
    }
    Ok(AnsiMessage::Lines(typed.to_owned()))
}

/// The envelope of a prompt.
pub(super) fn prompt(text: &str) -> String {
    json::dumps(&Envelope { proto: "prompt", id: "", data: text })
}

/// The envelope of a GMCP message.
pub(super) fn gmcp(message: &str) -> String {
    let (id, data) = message.split_once(' ').unwrap_or((message, ""));
    json::dumps(&Envelope { proto: "gmcp", id, data })
}

/// The envelope that says whether the client is to show what is typed.
pub(super) fn input_mode(secret: bool) -> String {
    let data = if secret { r#"{"secret": true}"# } else { r#"{"secret": false}"# };
    json::dumps(&Envelope { proto: "input_mode", id: "", data })
}

#[derive(Serialize)]
struct Envelope<'a> {
    proto: &'a str,
    id: &'a str,
    data: &'a str,
}

/// What is in an envelope. As in Evennia, a number may stand for the `id`, and any JSON for the `data`.
fn open(mut envelope: Kwargs) -> Result<AnsiMessage, Malformed> {
    let proto = match envelope.shift_remove("proto") {
        None => String::new(),
        Some(Value::String(proto)) => proto,
        Some(_) => return Err(Malformed::NotAnEnvelope),
    };
    let id = match envelope.shift_remove("id") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(id)) => id,
        Some(Value::Number(id)) => id.to_string(),
        Some(_) => return Err(Malformed::NotAnEnvelope),
    };
    let data = match envelope.shift_remove("data") {
        None => String::new(),
        Some(Value::String(data)) => data,
        Some(other) => json::dumps(&other),
    };
    match proto.as_str() {
        "gmcp" if id.trim().is_empty() => Err(Malformed::NotAnEnvelope),
        "gmcp" if data.is_empty() => Ok(AnsiMessage::Gmcp(id)),
        "gmcp" => Ok(AnsiMessage::Gmcp(format!("{} {data}", id.trim()))),
        "text" if data.is_empty() => Err(Malformed::NotAnEnvelope),
        "text" => Ok(AnsiMessage::Tuple(tuple("text").arg(data))),
        "websocket_close" => Ok(AnsiMessage::Close),
        _ => other(if id.is_empty() { proto } else { id }, data).map(AnsiMessage::Tuple),
    }
}

/// A message of a protocol that is not ours: an inputfunc of the game may know it.
fn other(name: String, data: String) -> Result<CommandTuple, Malformed> {
    if name.is_empty() || name.len() > MAX_NAME {
        return Err(Malformed::NotAnEnvelope);
    }
    let mut made = tuple(name);
    if data.is_empty() {
        return Ok(made);
    }
    match serde_json::from_str::<Value>(&data) {
        Ok(value) if is_deeper(&value, MAX_DEPTH) => return Err(Malformed::TooDeep),
        Ok(Value::Object(kwargs)) => made.kwargs = kwargs,
        Ok(Value::Array(args)) => made.args = args,
        Ok(value) => made.args.push(value),
        Err(_) => made.args.push(Value::String(data)),
    }
    Ok(made)
}
