//! What the Portal knows of a session, told to whoever asks: `@session` asks, and the answer comes some time later.

use std::{fmt::Write as _, time::Duration};

use meadow_link::{Kwargs, SessionId, ToPortal};
use serde_json::Value;

use crate::{
    World,
    text::{escape, span},
};

/// What the Portal tells in seconds.
const SPANS: [&str; 2] = ["connected", "idle"];
/// The longest that is told, in seconds: a thousand years.
const LONGEST: f64 = 3.2e10;

impl World {
    /// Asks the Portal about sessions. `asker` is told what it knows, as soon as it has answered; of sessions
    /// that are gone by then, nothing.
    pub fn inspect(&mut self, asker: SessionId, sessions: Vec<SessionId>) {
        self.out.push(ToPortal::Inspect { asker, sessions });
    }

    /// The Portal has answered.
    pub(crate) fn inspected(&mut self, asker: SessionId, sessions: &[Kwargs]) {
        let shown: Vec<String> = sessions.iter().map(listing).collect();
        let told =
            if shown.is_empty() { "There is no such session any more.".to_owned() } else { shown.join("\n") };
        self.msg(asker, told);
    }
}

/// One thing a line. Values come from clients, so they are no markup.
fn listing(session: &Kwargs) -> String {
    let mut text = String::new();
    for (name, value) in session {
        match value {
            Value::Object(inner) => text.push_str(&listing(inner)),
            value => {
                let value = match (SPANS.contains(&name.as_str()), value.as_f64()) {
                    (true, Some(seconds)) => span(Duration::from_secs_f64(seconds.clamp(0.0, LONGEST))),
                    _ => plain(value),
                };
                let name = name.replace('_', " ");
                let _ = writeln!(text, "  |w{}|n: {}", escape(&name), escape(&value));
            }
        }
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) if text.is_empty() => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_is_shown_and_nothing_of_it_is_markup() {
        let session = json!({
            "id": 3, "account": null, "client": "|rMUD", "flags": ["ANSI", "SSL"],
            "negotiated": {"options": "NAWS"}, "bytes_in": 12, "connected": 63.2, "idle": 2.9,
        });
        assert_eq!(
            listing(session.as_object().expect("a map")),
            "  |wid|n: 3\n  |waccount|n: -\n  |wclient|n: ||rMUD\n  |wflags|n: ANSI, SSL\n  |woptions|n: NAWS\n  \
             |wbytes in|n: 12\n  |wconnected|n: 1m\n  |widle|n: 2s\n"
        );
    }
}
