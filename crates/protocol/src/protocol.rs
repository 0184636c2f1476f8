//! What a client language is to the Portal. `PortalSession` owns one and hands it bytes.

use std::net::IpAddr;

use bytes::BytesMut;
use meadow_link::{CommandTuple, Flags, Kwargs, Time};

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
///
/// # Example
///
/// ```
/// use meadow_link::{CommandTuple, Flags, Time, text};
/// use meadow_protocol::{Depth, Outbox, Protocol, Render, Rendering, markup::clean_input};
///
/// /// Each message is a line, either way.
/// #[derive(Default)]
/// struct Lines {
///     flags: Flags,
///     line: Vec<u8>,
/// }
///
/// impl Protocol for Lines {
///     fn key(&self) -> &'static str {
///         "lines"
///     }
///
///     fn flags(&self) -> &Flags {
///         &self.flags
///     }
///
///     fn set_flags(&mut self, flags: Flags) {
///         self.flags = flags;
///     }
///
///     fn connect(&mut self, _now: Time, out: &mut Outbox) {
///         out.ready();
///     }
///
///     fn receive(&mut self, _now: Time, bytes: &[u8], out: &mut Outbox) {
///         for byte in bytes {
///             match byte {
///                 b'\n' => {
///                     let line = std::mem::take(&mut self.line);
///                     out.input(text(clean_input(&String::from_utf8_lossy(&line))));
///                 }
///                 // Whatever grows with what strangers send has a limit.
///                 _ if self.line.len() < 4096 => self.line.push(*byte),
///                 _ => {}
///             }
///         }
///     }
///
///     fn send_text(&mut self, _tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
///         let plain = render.text(Rendering::Ansi { depth: Depth::None, screenreader: false });
///         out.transmit(format!("{plain}\n").as_bytes());
///     }
///
///     fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
///         self.send_text(tuple, render, out);
///     }
///
///     // This language has no out-of-band data.
///     fn send_default(&mut self, _tuple: &CommandTuple, _out: &mut Outbox) {}
///
///     fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
///         self.send_text(&text(reason), &mut Render::new(reason), out);
///     }
/// }
///
/// let (mut client, mut out) = (Lines::default(), Outbox::new());
/// client.receive(Time::default(), b"loo", &mut out);
/// client.receive(Time::default(), b"k\nnor", &mut out);
/// assert_eq!(out.take_inputs(), [text("look")]);
///
/// client.send(&text("|gA meadow|n"), &mut Render::new("|gA meadow|n"), &mut out);
/// assert_eq!(out.bytes(), b"A meadow\n");
/// ```
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

    /// A whole message came over a message transport. To be overridden where its kind means something.
    fn receive_message(&mut self, now: Time, _kind: MessageKind, message: &[u8], out: &mut Outbox) {
        self.receive(now, message, out);
    }

    /// The client's window has got another size, of which its transport tells. 0 is for what it does not tell.
    fn resize(&mut self, _columns: u32, _lines: u32, _out: &mut Outbox) {}

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

    /// The game is done with every input that was left before the last [`Outbox::mark`], and has said what it
    /// had to say to them.
    fn at_mark(&mut self, _out: &mut Outbox) {}

    /// The game ends the connection; `reason` is told to the player (it is markup of the game's own).
    fn disconnect(&mut self, reason: &str, out: &mut Outbox);

    /// What was negotiated with the client, as a person reads it: names and values, in the order in which they
    /// are shown. Flags need not be among them.
    fn describe(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// What it has to know to go on with its client in another process, besides the flags. Only clients that can come
    /// back over another connection are taken along there: those of websockets.
    fn keep(&self) -> Kwargs {
        Kwargs::new()
    }

    /// Goes on with a client to which another process has spoken, as the flags and what [`Protocol::keep`] gave have
    /// it; in the place of `connect`.
    fn go_on(&mut self, flags: Flags, _kept: Kwargs) {
        self.set_flags(flags);
    }

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

/// What a message of a message transport says that it holds (RFC 6455, section 5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// Text in UTF-8.
    Text,
    /// Any bytes.
    Binary,
}

/// Why a protocol wants its connection closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Close {
    /// For the log.
    pub reason: String,
}

/// What a protocol leaves for the Portal: bytes for the client, inputs for the game, wishes.
///
/// ```
/// use meadow_link::text;
/// use meadow_protocol::Outbox;
///
/// let mut out = Outbox::new();
/// out.transmit(b"Welcome!\r\n");
/// out.ready();
/// out.input(text("look"));
/// assert_eq!(out.bytes(), b"Welcome!\r\n");
/// assert_eq!(out.take_inputs(), [text("look")]);
/// ```
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    ahead: usize,
    frames: Vec<(usize, bool)>,
    inputs: Vec<CommandTuple>,
    flags_changed: bool,
    ready: bool,
    mark: bool,
    speaks_for: Option<IpAddr>,
    tls_bytes: Option<Vec<u8>>,
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

    /// Makes one binary message of what has been transmitted since the last message, if anything has:
    /// for a stream protocol that is carried in messages.
    pub fn wrap_bytes(&mut self) {
        let start = self.frames.last().map_or(0, |(end, _)| *end);
        if self.bytes.len() > start {
            self.frames.push((self.bytes.len(), true));
        }
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

    /// Call [`Protocol::at_mark`] when the game is done with all inputs so far.
    pub fn mark(&mut self) {
        self.mark = true;
    }

    /// The client says that it is a proxy, and who its own client is. The Portal believes that of the addresses
    /// that it trusts, and of nobody else.
    pub fn speaks_for(&mut self, address: IpAddr) {
        self.speaks_for = Some(address);
    }

    /// The connection goes on in TLS, with the client's handshake: what has been transmitted is still sent in
    /// the clear, what comes is for TLS. When the handshake is done, the Portal calls
    /// [`Protocol::connect`] once more; it closes the connection if that fails, or takes too long.
    pub fn start_tls(&mut self) {
        self.tls_bytes.get_or_insert_default();
    }

    /// Bytes that came after the wish for TLS and belong to it. Nothing else reads them: what somebody on the
    /// way has put there must not count as said in the encrypted stream.
    pub fn tls_bytes(&mut self, bytes: &[u8]) {
        self.tls_bytes.get_or_insert_default().extend_from_slice(bytes);
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

    /// Takes the wish to be told when the game is done.
    pub fn take_mark(&mut self) -> bool {
        std::mem::take(&mut self.mark)
    }

    /// Takes the address that the client says it speaks for.
    pub fn take_speaks_for(&mut self) -> Option<IpAddr> {
        self.speaks_for.take()
    }

    /// Takes the wish for TLS: the bytes that have come of it.
    pub fn take_start_tls(&mut self) -> Option<Vec<u8>> {
        self.tls_bytes.take()
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

    #[test]
    fn bytes_become_one_message() {
        let mut out = Outbox::new();
        out.wrap_bytes();
        out.text_message("one");
        out.transmit(b"t");
        out.transmit(b"wo");
        out.wrap_bytes();
        out.wrap_bytes();
        assert_eq!(out.messages().collect::<Vec<_>>(), [(&b"one"[..], false), (&b"two"[..], true)]);
    }
}
