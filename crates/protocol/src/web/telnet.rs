//! `telnet.mudstandards.org`: a whole telnet connection, carried in binary messages. Where one message ends
//! means nothing. The Portal's web server hands it messages; [`Telnet`] does everything else.

use std::sync::Arc;

use meadow_link::{CommandTuple, Flags, Time};

use super::Subprotocol;
use crate::{
    Outbox, Protocol, Render,
    telnet::{Mccp, Telnet, TelnetSettings},
};

/// What all telnet connections within websockets have in common.
#[derive(Debug, Clone)]
pub struct WebsocketTelnetSettings(Arc<TelnetSettings>);

/// The same but for what is the websocket's to do: to compress and to encrypt.
impl From<TelnetSettings> for WebsocketTelnetSettings {
    fn from(settings: TelnetSettings) -> WebsocketTelnetSettings {
        WebsocketTelnetSettings(Arc::new(TelnetSettings { start_tls: false, mccp: Mccp::Never, ..settings }))
    }
}

/// One websocket client that speaks telnet.
#[derive(Debug)]
pub struct WebsocketTelnet(Telnet);

impl WebsocketTelnet {
    /// A client that has not connected yet.
    pub fn new(settings: &WebsocketTelnetSettings) -> WebsocketTelnet {
        WebsocketTelnet(Telnet::new(Arc::clone(&settings.0)))
    }
}

/// Every call is the engine's; its bytes become one message.
impl Protocol for WebsocketTelnet {
    fn key(&self) -> &'static str {
        "telnet/websocket"
    }

    fn flags(&self) -> &Flags {
        self.0.flags()
    }

    fn set_flags(&mut self, flags: Flags) {
        self.0.set_flags(flags);
    }

    fn connect(&mut self, now: Time, out: &mut Outbox) {
        self.0.connect(now, out);
        out.wrap_bytes();
    }

    /// A message of either kind is a piece of the stream.
    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox) {
        self.0.receive(now, bytes, out);
        out.wrap_bytes();
    }

    fn has_backlog(&self) -> bool {
        self.0.has_backlog()
    }

    fn read_on(&mut self, now: Time, room: usize, out: &mut Outbox) {
        self.0.read_on(now, room, out);
        out.wrap_bytes();
    }

    fn send(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.0.send(tuple, render, out);
        out.wrap_bytes();
    }

    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.0.send_text(tuple, render, out);
        out.wrap_bytes();
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.0.send_prompt(tuple, render, out);
        out.wrap_bytes();
    }

    fn send_default(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        self.0.send_default(tuple, out);
        out.wrap_bytes();
    }

    fn at_login(&mut self, out: &mut Outbox) {
        self.0.at_login(out);
        out.wrap_bytes();
    }

    fn at_mark(&mut self, out: &mut Outbox) {
        self.0.at_mark(out);
        out.wrap_bytes();
    }

    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        self.0.disconnect(reason, out);
        out.wrap_bytes();
    }

    fn describe(&self) -> Vec<(String, String)> {
        let mut shown = vec![("format".to_owned(), Subprotocol::Telnet.name().to_owned())];
        shown.extend(self.0.describe());
        shown
    }

    fn deadline(&self) -> Option<Time> {
        self.0.deadline()
    }

    fn timeout(&mut self, now: Time, out: &mut Outbox) {
        self.0.timeout(now, out);
        out.wrap_bytes();
    }
}
