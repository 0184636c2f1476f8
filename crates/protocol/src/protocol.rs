//! What a client language is to the Portal. `PortalSession` owns one and hands it bytes.

use bytes::BytesMut;
use meadow_link::{CommandTuple, Flags, Time};

use crate::Render;

/// One client language: telnet, a websocket format, a game's own.
///
/// Order of calls: `connect` once; then `receive`, `send`, `set_flags`, `timeout` in any order, each
/// followed by the Portal emptying the [`Outbox`]; `disconnect` at most once, when the game ends the
/// connection.
///
/// # Adding one
///
/// Implement this for a type of your own and register it as a service of the Portal. `receive` makes
/// [`Outbox::input`]s of bytes; `send_text`, `send_prompt` and `send_default` (the *outputfuncs*) make
/// bytes of tuples. For an outputfunc of its own name, override `send` and match on `tuple.name`.
pub trait Protocol: Send {
    /// What sessions of this protocol are called: `telnet`, `websocket` ... (`protocol_key`).
    fn key(&self) -> &'static str;

    /// What the client can do and wants. The Portal syncs it to the Server when [`Outbox::flags_changed`] is set.
    fn flags(&self) -> &Flags;

    /// The game has set flags (`client_options`, `option`); whatever follows obeys them.
    fn set_flags(&mut self, flags: Flags);

    /// A client is there. `out` takes the greeting; call [`Outbox::ready`] at once if there is nothing to
    /// wait for, or later when negotiation has settled.
    fn connect(&mut self, now: Time, out: &mut Outbox);

    /// Bytes came. For stream transports any piece of the stream; for message transports one message. One
    /// byte of a stream makes at most one input.
    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox);

    /// Whether there is something that came and has not been read yet, because what is unpacked may be more
    /// than there was room for. While there is, the Portal takes no more from the client and calls
    /// `read_on` instead.
    fn has_backlog(&self) -> bool {
        false
    }

    /// There is room for so many inputs more from the backlog.
    fn read_on(&mut self, _now: Time, _room: usize, _out: &mut Outbox) {}

    /// The game says something: calls the outputfunc of the tuple's name.
    fn send(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        match tuple.name.as_str() {
            "text" => self.send_text(tuple, render, out),
            "prompt" => self.send_prompt(tuple, render, out),
            _ => self.send_default(tuple, out),
        }
    }

    /// Outputfunc of `text`.
    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox);

    /// Outputfunc of `prompt`: a line that is not ended, and replaces the last of its kind.
    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox);

    /// Outputfunc of every other name: out-of-band data.
    fn send_default(&mut self, tuple: &CommandTuple, out: &mut Outbox);

    /// Somebody logged in on this session.
    fn at_login(&mut self, _out: &mut Outbox) {}

    /// The game ends the connection; `reason` is told to the player (it is markup of the game's own).
    fn disconnect(&mut self, reason: &str, out: &mut Outbox);

    /// When `timeout` wants to be called next.
    fn deadline(&self) -> Option<Time> {
        None
    }

    /// The deadline has come.
    fn timeout(&mut self, _now: Time, _out: &mut Outbox) {}

    /// Brings a stream's bytes into the form that goes over the wire, where that is another: compresses them,
    /// say. The Portal calls it once a batch, right before it writes. `bytes` waits for the client; what is
    /// before `fresh` has been through here already, what is after is all that was transmitted since. With
    /// [`Flow::Last`], which may come more than once, `fresh` may be the length.
    fn pack(&mut self, _bytes: &mut BytesMut, _fresh: usize, _flow: Flow) {}
}

/// Whether anything follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Something may.
    More,
    /// Nothing does: the connection is about to end.
    Last,
}

/// What carries a protocol's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A stream: TCP, TLS, an SSH channel. Where one write ends means nothing.
    Stream,
    /// Whole messages: a websocket.
    Messages,
}

/// Why a protocol wants its connection closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// For the log.
    pub reason: String,
}

/// What a protocol leaves for the Portal: bytes for the client, inputs for the game, wishes.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    ahead: usize,
    frames: Vec<(usize, bool)>,
    inputs: Vec<CommandTuple>,
    flags_changed: bool,
    ready: bool,
    close: Option<Close>,
}

impl Outbox {
    /// An empty one.
    pub fn new() -> Outbox {
        Outbox::default()
    }

    /// Bytes for the client of a stream transport, sent in one write with what is around them.
    pub fn transmit(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// So many bytes wait that were transmitted since the last [`Protocol::pack`] and are not here any more.
    /// For the Portal to say before each call.
    pub fn goes_after(&mut self, ahead: usize) {
        self.ahead = ahead;
    }

    /// Where what is transmitted next will stand among the fresh bytes that [`Protocol::pack`] gets.
    pub fn position(&self) -> usize {
        self.ahead + self.bytes.len()
    }

    /// A whole text message for the client of a message transport.
    pub fn text_message(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.frames.push((self.bytes.len(), false));
    }

    /// A whole binary message for the client of a message transport.
    pub fn binary_message(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.frames.push((self.bytes.len(), true));
    }

    /// Something for the game.
    pub fn input(&mut self, tuple: CommandTuple) {
        self.inputs.push(tuple);
    }

    /// The flags are not what they were.
    pub fn flags_changed(&mut self) {
        self.flags_changed = true;
    }

    /// Negotiation has settled: the game may be told of this session. Saying so twice is harmless.
    pub fn ready(&mut self) {
        self.ready = true;
    }

    /// Close the connection once everything before this has been sent.
    pub fn close(&mut self, reason: impl Into<String>) {
        self.close.get_or_insert(Close { reason: reason.into() });
    }

    /// Bytes for a stream.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whole messages, each with whether it is binary.
    pub fn messages(&self) -> impl Iterator<Item = (&[u8], bool)> {
        let starts = std::iter::once(0).chain(self.frames.iter().map(|(end, _)| *end));
        starts.zip(&self.frames).map(|(start, (end, binary))| (&self.bytes[start..*end], *binary))
    }

    /// Takes the inputs, in order.
    pub fn take_inputs(&mut self) -> Vec<CommandTuple> {
        std::mem::take(&mut self.inputs)
    }

    /// Takes whether the flags have changed.
    pub fn take_flags_changed(&mut self) -> bool {
        std::mem::take(&mut self.flags_changed)
    }

    /// Takes whether negotiation has settled.
    pub fn take_ready(&mut self) -> bool {
        std::mem::take(&mut self.ready)
    }

    /// Takes the wish to close.
    pub fn take_close(&mut self) -> Option<Close> {
        self.close.take()
    }

    /// Forgets the bytes, which have been sent; keeps their memory for the next call.
    pub fn clear_bytes(&mut self) {
        self.bytes.clear();
        self.frames.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_keep_their_borders() {
        let mut out = Outbox::new();
        out.text_message("one");
        out.binary_message(b"");
        out.text_message("three");
        let seen: Vec<_> = out.messages().collect();
        assert_eq!(seen, [(&b"one"[..], false), (&b""[..], true), (&b"three"[..], false)]);
    }
}
