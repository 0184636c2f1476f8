//! The websocket formats of mudstandards.org: text is what a terminal shows, in binary messages; they differ in
//! what they have beside it. The Portal's web server hands messages to [`WebsocketAnsi`].

use std::sync::Arc;

use meadow_link::{CommandTuple, Flag, Flags, Kwargs, Time, text};
use serde_json::Value;

use super::{
    Subprotocol, gmcp, json,
    message::{Malformed, TextTooLong, WebsocketSettings, clean_text, input_lines, is_named},
    terminal,
};
use crate::{
    Depth, MessageKind, Outbox, Protocol, Render, Rendering,
    oob::{
        OobSettings, TextCommands,
        gmcp::{Gmcp, Incoming},
        msdp,
    },
    telnet::terminal_rendering,
};

/// What a format has beside text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnsiFormat {
    /// Envelopes of JSON.
    Json,
    /// GMCP.
    Gmcp,
    /// Nothing.
    Terminal,
}

/// One websocket client that speaks a format of mudstandards.org.
///
/// `json.mudstandards.org` exists in two editions that have text and data in opposite kinds of message. What
/// is sent is of the edition that Evennia follows. A client that sends data in a binary message shows that
/// it follows the other, and is believed to mean typed text by its text messages, unless they are data too.
#[derive(Debug)]
pub struct WebsocketAnsi {
    format: AnsiFormat,
    settings: WebsocketSettings,
    oob: Arc<OobSettings>,
    flags: Flags,
    /// Nothing in a format that has no data.
    gmcp: Option<Box<Gmcp>>,
    malformed: u64,
    swapped: bool,
    /// The client has been told not to show what is typed.
    hides: bool,
}

/// What a message of a client is.
#[derive(Debug, Clone, PartialEq)]
pub enum AnsiMessage {
    /// Typed text, any number of lines of it.
    Lines(String),
    /// A GMCP message.
    Gmcp(String),
    /// A message that names its inputfunc.
    Tuple(CommandTuple),
    /// The client goes.
    Close,
}

impl AnsiFormat {
    /// The name by which clients ask for it.
    pub fn subprotocol(self) -> Subprotocol {
        match self {
            AnsiFormat::Json => Subprotocol::Json,
            AnsiFormat::Gmcp => Subprotocol::Gmcp,
            AnsiFormat::Terminal => Subprotocol::Terminal,
        }
    }

    /// What a message of a client is, which may have `limit` bytes. Nothing is cleaned yet.
    ///
    /// # Errors
    ///
    /// If it is longer, or not of the format.
    pub fn decode(self, kind: MessageKind, message: &[u8], limit: usize) -> Result<AnsiMessage, Malformed> {
        match self {
            AnsiFormat::Json => json::decode(kind, message, limit),
            AnsiFormat::Gmcp => gmcp::decode(kind, message, limit),
            AnsiFormat::Terminal => terminal::decode(message, limit),
        }
    }
}

impl WebsocketAnsi {
    /// A client that has not connected yet.
    pub fn new(
        format: AnsiFormat,
        settings: WebsocketSettings,
        oob: impl Into<Arc<OobSettings>>,
    ) -> WebsocketAnsi {
        let mut flags = Flags::default();
        for flag in [Flag::Xterm256, Flag::Truecolor] {
            flags.set(flag, true);
        }
        let gmcp = (format != AnsiFormat::Terminal).then(Box::default);
        flags.set(Flag::Oob, gmcp.is_some());
        WebsocketAnsi {
            format,
            settings,
            oob: oob.into(),
            flags,
            gmcp,
            malformed: 0,
            swapped: false,
            hides: false,
        }
    }

    /// How many messages of this client were ignored because they were not of the format.
    pub fn malformed(&self) -> u64 {
        self.malformed + self.gmcp.as_ref().map_or(0, |gmcp| gmcp.malformed().into())
    }

    fn decode(&mut self, kind: MessageKind, message: &[u8]) -> Result<AnsiMessage, Malformed> {
        let limit = self.settings.message_limit;
        let decoded = self.format.decode(kind, message, limit);
        match (&decoded, kind) {
            (Ok(AnsiMessage::Lines(_)), _) => {}
            (Ok(_), MessageKind::Binary) => self.swapped = true,
            (Err(_), MessageKind::Text) if self.swapped => return terminal::decode(message, limit),
            _ => {}
        }
        decoded
    }

    /// Whether the client is to show what is typed, by the option `echo`. Only envelopes have a word for it.
    fn take_echo(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        let shows = tuple.option("echo").and_then(Value::as_bool);
        if let Some(shows) = shows.filter(|shows| *shows == self.hides && self.format == AnsiFormat::Json) {
            self.hides = !shows;
            out.text_message(&json::input_mode(self.hides));
        }
    }

    /// Bytes for a terminal: line ends are CR LF, whatever they were.
    fn terminal_text(&self, tuple: &CommandTuple, render: &mut Render<'_>) -> String {
        let rendering = match terminal_rendering(&self.flags, tuple) {
            // A screen reader is sent no colour, so there is none to end.
            Rendering::Ansi { screenreader: true, .. } => {
                Rendering::Ansi { depth: Depth::None, screenreader: true }
            }
            other => other,
        };
        let said = render.text(rendering);
        if said.contains('\r') {
            said.replace("\r\n", "\n").replace('\n', "\r\n")
        } else {
            said.replace('\n', "\r\n")
        }
    }

    fn message(&mut self, message: AnsiMessage, out: &mut Outbox) -> Result<(), TextTooLong> {
        match message {
            AnsiMessage::Lines(typed) => input_lines(&typed, self.settings.char_limit, out),
            AnsiMessage::Tuple(tuple) => self.input(tuple, out),
            AnsiMessage::Gmcp(message) => self.gmcp_message(&message, out),
            AnsiMessage::Close => {
                out.close("the client says that it goes");
                Ok(())
            }
        }
    }

    fn gmcp_message(&mut self, message: &str, out: &mut Outbox) -> Result<(), TextTooLong> {
        let Some(gmcp) = &mut self.gmcp else { return Ok(()) };
        match gmcp.receive(message.as_bytes(), &self.oob) {
            Incoming::Input(tuple) => return self.data_input(tuple, out),
            Incoming::Answer(messages) => messages.iter().for_each(|message| self.send_gmcp(message, out)),
            Incoming::ClientName(name) => {
                self.flags.clientname = name.into();
                out.flags_changed();
            }
            Incoming::Msdp(variables) => return self.msdp_variables(variables, out),
            Incoming::Nothing => {}
        }
        Ok(())
    }

    fn msdp_variables(&mut self, variables: Kwargs, out: &mut Outbox) -> Result<(), TextTooLong> {
        for tuple in msdp::from_json(variables) {
            if msdp::configure(&mut self.flags, &tuple) {
                out.flags_changed();
            } else {
                self.data_input(tuple, out)?;
            }
        }
        Ok(())
    }

    fn data_input(&mut self, tuple: CommandTuple, out: &mut Outbox) -> Result<(), TextTooLong> {
        if is_named(&tuple, "text") && self.oob.text_commands == TextCommands::Ignored {
            return Ok(());
        }
        self.input(tuple, out)
    }

    fn input(&mut self, mut tuple: CommandTuple, out: &mut Outbox) -> Result<(), TextTooLong> {
        if is_named(&tuple, "text") {
            clean_text(&mut tuple, self.settings.char_limit)?;
        }
        out.input(tuple);
        Ok(())
    }

    fn send_gmcp(&self, message: &str, out: &mut Outbox) {
        match self.format {
            AnsiFormat::Json => out.text_message(&json::gmcp(message)),
            AnsiFormat::Gmcp => out.text_message(message),
            AnsiFormat::Terminal => {}
        }
    }
}

impl Protocol for WebsocketAnsi {
    fn key(&self) -> &'static str {
        "websocket"
    }

    fn flags(&self) -> &Flags {
        &self.flags
    }

    fn set_flags(&mut self, flags: Flags) {
        self.flags = flags;
    }

    /// The choice of the format was all there is to negotiate.
    fn connect(&mut self, _now: Time, out: &mut Outbox) {
        out.ready();
    }

    /// A message without a kind is taken for typed text, if it is none of the format's own.
    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox) {
        self.receive_message(now, MessageKind::Binary, bytes, out);
    }

    /// What is not of the format is counted and otherwise ignored, as Evennia does.
    fn receive_message(&mut self, _now: Time, kind: MessageKind, message: &[u8], out: &mut Outbox) {
        match self.decode(kind, message) {
            Ok(message) => {
                if let Err(TextTooLong) = self.message(message, out) {
                    let warning = TextTooLong::WARNING;
                    self.send_text(&text(warning), &mut Render::new(warning), out);
                }
            }
            Err(_) => self.malformed = self.malformed.saturating_add(1),
        }
    }

    /// One message a text, ended by CR LF, so that what follows is on a line of its own (Evennia forgets that).
    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        if tuple.has_option("send_prompt") {
            return self.send_prompt(tuple, render, out);
        }
        self.take_echo(tuple, out);
        if tuple.args.first().is_none_or(Value::is_null) {
            return;
        }
        let mut said = self.terminal_text(tuple, render);
        if !said.ends_with('\n') {
            said.push_str("\r\n");
        }
        out.binary_message(said.as_bytes());
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.take_echo(tuple, out);
        if tuple.args.first().is_none_or(Value::is_null) {
            return;
        }
        let said = self.terminal_text(tuple, render);
        match self.format {
            AnsiFormat::Json => out.text_message(&json::prompt(&said)),
            AnsiFormat::Gmcp | AnsiFormat::Terminal => out.binary_message(said.as_bytes()),
        }
    }

    /// The tuple as GMCP, if the client wants it. One named `options` is never sent: Evennia keeps that name
    /// for itself. What GMCP cannot name or hold is not sent either.
    fn send_default(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        let Some(gmcp) = &mut self.gmcp else { return };
        if tuple.name != "options"
            && let Ok(Some(message)) = gmcp.send(tuple, &self.oob)
        {
            self.send_gmcp(&message, out);
        }
    }

    fn at_login(&mut self, out: &mut Outbox) {
        if let Some(message) = self.gmcp.as_mut().and_then(|gmcp| gmcp.at_login()) {
            self.send_gmcp(&message, out);
        }
    }

    fn describe(&self) -> Vec<(String, String)> {
        let mut shown = vec![("format".to_owned(), self.format.subprotocol().name().to_owned())];
        let Some(gmcp) = &self.gmcp else { return shown };
        let packages: Vec<&str> = gmcp.supports().packages().collect();
        if !packages.is_empty() {
            shown.push(("gmcp".to_owned(), packages.join(", ")));
        }
        if let Some(milliseconds) = gmcp.ping() {
            shown.push(("latency".to_owned(), format!("{milliseconds} ms")));
        }
        shown
    }

    fn keep(&self) -> Kwargs {
        let mut kept = Kwargs::new();
        kept.insert("swapped".to_owned(), self.swapped.into());
        kept.insert("hides".to_owned(), self.hides.into());
        if let Some(gmcp) = self.gmcp.as_deref().and_then(|gmcp| serde_json::to_value(gmcp).ok()) {
            kept.insert("gmcp".to_owned(), gmcp);
        }
        kept
    }

    fn go_on(&mut self, flags: Flags, mut kept: Kwargs) {
        self.flags = flags;
        let flag = |name| kept.get(name).and_then(Value::as_bool).unwrap_or_default();
        (self.swapped, self.hides) = (flag("swapped"), flag("hides"));
        let gmcp = kept.remove("gmcp").and_then(|gmcp| serde_json::from_value(gmcp).ok());
        if let (Some(ours), Some(gmcp)) = (&mut self.gmcp, gmcp) {
            *ours = gmcp;
        }
    }

    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        if !reason.is_empty() {
            self.send_text(&text(reason), &mut Render::new(reason), out);
        }
        if self.gmcp.is_some() {
            self.send_gmcp(&Gmcp::goodbye(reason), out);
        }
        out.close("the game ended the connection");
    }
}
