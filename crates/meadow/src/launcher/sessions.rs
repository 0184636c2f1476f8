//! `status --sessions`: who is connected, how, and what was negotiated.

use std::fmt::Write as _;

use meadow_link::{Kwargs, amp::Operation};
use serde_json::Value;

use super::{
    client::{Client, SERVER_WAIT},
    status::span,
};

impl Client {
    /// What the Portal knows of every session, oldest first.
    pub(super) fn sessions(&mut self) -> anyhow::Result<Vec<Value>> {
        let request = Kwargs::from_iter([("op".to_owned(), "sessions".into())]);
        let mut reply = self.operate(Operation::Control, request, SERVER_WAIT)?;
        match reply.remove("sessions") {
            Some(Value::Array(sessions)) => Ok(sessions),
            _ => anyhow::bail!("the Portal did not tell of its sessions; it may be of another version"),
        }
    }
}

/// For a person: a headline for each session, and a line for each thing about it.
pub(super) fn listing(sessions: &[Value], bold: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    for session in sessions {
        let who = session["account"].as_str().unwrap_or("nobody");
        let (protocol, address) = (word(&session["protocol"]), word(&session["address"]));
        let _ = writeln!(
            text,
            "  {} {protocol} from {address}, connected for {}, idle for {}",
            bold(&format!("#{} {who}", session["id"])),
            span(seconds(&session["connected"])),
            span(seconds(&session["idle"])),
        );
        let sizes = format!("{}x{}", session["width"], session["height"]);
        let client =
            [word(&session["client"]), word(&session["terminal"]), word(&session["encoding"]), &sizes];
        say(
            &mut text,
            "client",
            &client.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
        );
        for (name, value) in session["negotiated"].as_object().into_iter().flatten() {
            say(&mut text, name, word(value));
        }
        let flags = session["flags"].as_array().into_iter().flatten().map(word);
        say(&mut text, "flags", &flags.collect::<Vec<_>>().join(", "));
        let traffic = format!(
            "{} bytes in, {} bytes out; {} inputs and {} bytes wait",
            session["bytes_in"], session["bytes_out"], session["input_waiting"], session["output_waiting"]
        );
        say(&mut text, "traffic", &traffic);
    }
    text
}

fn say(text: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(text, "      {name:<10}{value}");
    }
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn seconds(value: &Value) -> u64 {
    value.as_f64().unwrap_or(0.0) as u64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_session_is_shown_as_a_person_reads_it() {
        let anna = json!({
            "id": 3, "account": "Anna", "protocol": "telnet/ssl", "service": "tls", "address": "203.0.113.9",
            "connected": 63.2, "idle": 2.9, "client": "MUDLET 4.17", "terminal": "XTERM", "encoding": "utf-8",
            "width": 100, "height": 40, "flags": ["ANSI", "SSL"], "bytes_in": 27, "bytes_out": 3000,
            "negotiated": {"options": "NAWS, GMCP", "gmcp": "Char", "latency": "43 ms"},
            "input_waiting": 0, "output_waiting": 0,
        });
        let mut stranger = anna.clone();
        (stranger["id"], stranger["account"]) = (4.into(), Value::Null);
        (stranger["client"], stranger["terminal"]) = ("".into(), "".into());
        (stranger["negotiated"], stranger["flags"]) = (json!({}), json!([]));
        let want = "  #3 Anna telnet/ssl from 203.0.113.9, connected for 1 min 3 s, idle for 2 s
      client    MUDLET 4.17, XTERM, utf-8, 100x40
      options   NAWS, GMCP
      gmcp      Char
      latency   43 ms
      flags     ANSI, SSL
      traffic   27 bytes in, 3000 bytes out; 0 inputs and 0 bytes wait
  #4 nobody telnet/ssl from 203.0.113.9, connected for 1 min 3 s, idle for 2 s
      client    utf-8, 100x40
      traffic   27 bytes in, 3000 bytes out; 0 inputs and 0 bytes wait
";
        assert_eq!(listing(&[anna, stranger], str::to_owned), want);
    }
}
