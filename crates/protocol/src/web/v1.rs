//! `v1.evennia.com`: every message is a JSON array `[name, [args], {kwargs}]`, and text is HTML.
//! Evennia's own web client speaks it, and so does Meadow's. The Portal's web server hands it messages.

use meadow_link::{Args, CommandTuple, Flag, Flags, Kwargs, Time, text};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::{Value, json};

use super::message::{MAX_NAME, Malformed, TextTooLong, WebsocketSettings, clean_text, is_named, parse};
use crate::{Outbox, Protocol, Render, Rendering, json, markup};

/// One websocket client that speaks `v1.evennia.com`.
#[derive(Debug)]
pub struct WebsocketV1 {
    settings: WebsocketSettings,
    flags: Flags,
    malformed: u64,
    /// The client has been told not to show what is typed.
    hides: bool,
}

impl WebsocketV1 {
    /// The websocket subprotocol (RFC 6455, section 1.9). Clients that name none are spoken to in it, too.
    pub const SUBPROTOCOL: &'static str = "v1.evennia.com";

    /// A client that has not connected yet.
    pub fn new(settings: WebsocketSettings) -> WebsocketV1 {
        let mut flags = Flags::default();
        for flag in [Flag::Xterm256, Flag::Truecolor, Flag::Oob, Flag::Istyping] {
            flags.set(flag, true);
        }
        flags.clientname = "MEADOW-WEBCLIENT".into();
        WebsocketV1 { settings, flags, malformed: 0, hides: false }
    }

    /// How many messages of this client were ignored because they were not of the format.
    pub fn malformed(&self) -> u64 {
        self.malformed
    }

    /// Whether something is wanted: by the tuple's option of this name or, if it has none, by the flag.
    fn wants(&self, tuple: &CommandTuple, option: &str, flag: Flag) -> bool {
        tuple.option(option).and_then(Value::as_bool).unwrap_or_else(|| self.flags.has(flag))
    }

    /// What Evennia's option `echo` is to telnet, `input_mode` is to a page: whether it shows what is typed.
    fn take_echo(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        let shows = tuple.option("echo").and_then(Value::as_bool);
        if let Some(shows) = shows.filter(|shows| *shows == self.hides) {
            self.hides = !shows;
            out.text_message(&json::dumps(&json!(["input_mode", [], { "secret": self.hides }])));
        }
    }

    /// The HTML of a text or prompt, by its options.
    fn html(&self, tuple: &CommandTuple, render: &mut Render<'_>) -> String {
        let raw = self.wants(tuple, "raw", Flag::Raw);
        let screenreader = self.wants(tuple, "screenreader", Flag::Screenreader);
        let nocolor = self.wants(tuple, "nocolor", Flag::Nocolor);
        match (raw, screenreader) {
            (false, false) => render.text(Rendering::Html { nocolor }).to_owned(),
            (false, true) => {
                // Rendered twice, so the plain text must not be taken for markup the second time.
                let mut html = String::new();
                markup::to_html(&markup::escape(plain(render)), true, &mut html);
                html
            }
            (true, _) => {
                let said = if screenreader { plain(render) } else { render.text(Rendering::Raw) };
                if tuple.has_option("client_raw") { said.to_owned() } else { escape_html(said) }
            }
        }
    }

    /// Sends what a `text` or `prompt` says under the name that the client knows it by.
    fn send_html(&mut self, name: &str, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.take_echo(tuple, out);
        if tuple.args.first().is_none_or(Value::is_null) {
            return;
        }
        let html = self.html(tuple, render);
        out.text_message(&json::dumps(&TextFrame { name, html: &html, tuple }));
    }

    /// Cleans and measures a `text` input; what is too long is answered instead of forwarded.
    fn input_text(&mut self, mut tuple: CommandTuple, out: &mut Outbox) {
        match clean_text(&mut tuple, self.settings.char_limit) {
            Ok(()) => out.input(tuple),
            Err(TextTooLong) => {
                let warning = TextTooLong::WARNING;
                self.send_text(&text(warning), &mut Render::new(warning), out);
            }
        }
    }
}

impl Protocol for WebsocketV1 {
    fn key(&self) -> &'static str {
        "websocket"
    }

    fn flags(&self) -> &Flags {
        &self.flags
    }

    fn set_flags(&mut self, flags: Flags) {
        self.flags = flags;
    }

    fn keep(&self) -> Kwargs {
        Kwargs::from_iter([("hides".to_owned(), self.hides.into())])
    }

    fn go_on(&mut self, flags: Flags, kept: Kwargs) {
        self.flags = flags;
        self.hides = kept.get("hides").and_then(Value::as_bool).unwrap_or_default();
    }

    /// A browser negotiates nothing.
    fn connect(&mut self, _now: Time, out: &mut Outbox) {
        out.ready();
    }

    /// What is not of the format is counted and otherwise ignored, as Evennia does.
    fn receive(&mut self, _now: Time, bytes: &[u8], out: &mut Outbox) {
        let Ok(tuple) = decode(bytes, self.settings.message_limit) else {
            self.malformed = self.malformed.saturating_add(1);
            return;
        };
        if is_named(&tuple, "websocket_close") {
            out.close("the browser closed the page");
        } else if is_named(&tuple, "text") {
            self.input_text(tuple, out);
        } else {
            out.input(tuple);
        }
    }

    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        let name = if tuple.has_option("send_prompt") { "prompt" } else { "text" };
        self.send_html(name, tuple, render, out);
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.send_html("prompt", tuple, render, out);
    }

    /// The tuple as it is. One named `options` is never sent: Evennia keeps that name for itself.
    fn send_default(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        if tuple.name != "options" {
            out.text_message(&json::dumps(&(&tuple.name, &tuple.args, &tuple.kwargs)));
        }
    }

    fn describe(&self) -> Vec<(String, String)> {
        vec![("format".to_owned(), WebsocketV1::SUBPROTOCOL.to_owned())]
    }

    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        if !reason.is_empty() {
            self.send_text(&text(reason), &mut Render::new(reason), out);
        }
        out.close("the game ended the connection");
    }
}

/// The commandtuple of one message, its name trimmed.
///
/// All three parts must be there (Evennia ignores shorter arrays); what follows them is ignored. Nothing
/// is cleaned yet.
///
/// # Errors
///
/// If the message is longer than `limit` bytes or is not of the format.
pub fn decode(message: &[u8], limit: usize) -> Result<CommandTuple, Malformed> {
    let value = parse(message, limit)?;
    let Value::Array(parts) = value else { return Err(Malformed::NotATuple) };
    let mut parts = parts.into_iter();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(Value::String(name)), Some(Value::Array(args)), Some(Value::Object(kwargs))) => {
            let name = name.trim();
            if name.is_empty() || name.len() > MAX_NAME {
                return Err(Malformed::NotATuple);
            }
            Ok(CommandTuple { name: name.to_owned(), args, kwargs })
        }
        _ => Err(Malformed::NotATuple),
    }
}

/// The text as a screen reader is given it.
fn plain<'r>(render: &'r mut Render<'_>) -> &'r str {
    render.text(Rendering::Ansi { depth: crate::Depth::None, screenreader: true })
}

/// Escapes as Python's `html.escape`: also quotes, so that the result may stand in an attribute.
fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            _ => out.push(ch),
        }
    }
    out
}

/// A `text` or `prompt` tuple whose first argument is replaced by HTML and whose options stay behind,
/// written without copying the rest.
struct TextFrame<'a> {
    name: &'a str,
    html: &'a str,
    tuple: &'a CommandTuple,
}

impl Serialize for TextFrame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.name, TextArgs(self.html, &self.tuple.args), Payload(self.tuple)).serialize(serializer)
    }
}

/// The arguments with HTML in the place of the first.
struct TextArgs<'a>(&'a str, &'a Args);

impl Serialize for TextArgs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        seq.serialize_element(self.0)?;
        for value in self.1.iter().skip(1) {
            seq.serialize_element(value)?;
        }
        seq.end()
    }
}

/// The keyword arguments without `options`.
struct Payload<'a>(&'a CommandTuple);

impl Serialize for Payload<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.0.payload() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
