//! MCCP3 (87): what the client sends is a zlib stream, from its subnegotiation on until it ends the stream.
//!
//! A few bytes can become many, so no more is unpacked at a time than the Portal has room for; the rest stays
//! packed ([`Protocol::has_backlog`](crate::Protocol::has_backlog)). A stream that becomes too much for its
//! size is a bomb.

use bytes::{Buf, BytesMut};
use meadow_link::Time;

use super::{
    Stage, Telnet,
    mccp2::{MCCP_STARTS, Mccp},
    negotiate::{Side, Wish},
    option::TelnetOption,
};
use crate::{
    Outbox,
    compress::{InflateError, Inflater},
};

/// Its code.
const MCCP3: u8 = 87;

/// Most bytes that wait packed. The Portal reads less than that at a time, and no more while any wait.
pub const BACKLOG_LIMIT: usize = 64 * 1024;

/// How much is unpacked at a time, in bytes.
const PIECE: usize = 512;

/// What a player is told whose client sends what cannot be read. There is no place in a damaged stream from
/// which it could be read again, so the connection ends.
const UNREADABLE: &str = "What your client sends cannot be read. Please switch its compression (MCCP3) off.";

/// What is remembered of a client: nothing, until it has begun to compress.
#[derive(Debug, Default)]
pub(super) struct State(Option<Box<Unpacking>>);

#[derive(Debug, Default)]
struct Unpacking {
    /// The stream that is under way.
    stream: Option<Inflater>,
    /// What has come and was not read.
    backlog: BytesMut,
    starts: u8,
}

impl State {
    /// Whether what comes is compressed.
    pub(super) fn is_on(&self) -> bool {
        self.0.as_ref().is_some_and(|unpacking| unpacking.stream.is_some())
    }

    /// Whether there is something that has come and was not read.
    pub(super) fn has_backlog(&self) -> bool {
        self.0.as_ref().is_some_and(|unpacking| {
            !unpacking.backlog.is_empty() || unpacking.stream.as_ref().is_some_and(Inflater::has_more)
        })
    }
}

/// The option.
pub(super) struct Mccp3;

impl TelnetOption for Mccp3 {
    fn code(&self) -> u8 {
        MCCP3
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    fn is_available(&self, telnet: &Telnet) -> bool {
        Mccp::is_offered(&telnet.settings)
    }

    /// The client compresses from here on.
    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, _payload: &[u8], out: &mut Outbox) {
        let unpacking = telnet.states.mccp3.0.get_or_insert_default();
        if unpacking.stream.is_some() {
            return;
        }
        if unpacking.starts == MCCP_STARTS {
            telnet.give_up("the client began to compress too often", out);
        } else {
            unpacking.starts += 1;
            unpacking.stream = Some(Inflater::new());
        }
    }
}

impl Telnet {
    /// Reads bytes of the client, compressed or not, that follow what has not been read yet; at most `room` of
    /// them as they are unpacked.
    pub(super) fn unpack(&mut self, now: Time, bytes: &[u8], mut room: usize, out: &mut Outbox) {
        let mut held = match &mut self.states.mccp3.0 {
            Some(unpacking) => std::mem::take(&mut unpacking.backlog),
            None => BytesMut::new(),
        };
        let waited = !held.is_empty();
        if waited {
            held.extend_from_slice(bytes);
        }
        let all = if waited { &held[..] } else { bytes };
        let mut wire = all;
        while room > 0 && self.stage != Stage::Closed {
            let read = if self.states.mccp3.is_on() {
                self.unpack_piece(now, &mut wire, room, out)
            } else {
                let (clear, _) = wire.split_at(room.min(wire.len()));
                let mut rest = clear;
                self.parse(now, &mut rest, out);
                let read = clear.len() - rest.len();
                wire = &wire[read..];
                (read > 0).then_some(read)
            };
            let Some(read) = read else { break };
            room = room.saturating_sub(read);
        }
        if wire.is_empty() || self.stage == Stage::Closed {
            return;
        }
        if wire.len() > BACKLOG_LIMIT {
            return self.give_up("too much that it compressed was not read", out);
        }
        if let Some(unpacking) = &mut self.states.mccp3.0 {
            unpacking.backlog = if waited {
                let read = held.len() - wire.len();
                held.advance(read);
                held
            } else {
                BytesMut::from(wire)
            };
        }
    }

    /// Unpacks and reads a little; says how much that was, unpacked. Nothing when there is nothing to read.
    fn unpack_piece(&mut self, now: Time, wire: &mut &[u8], room: usize, out: &mut Outbox) -> Option<usize> {
        let unpacking = self.states.mccp3.0.as_mut()?;
        let stream = unpacking.stream.as_mut()?;
        if wire.is_empty() && !stream.has_more() {
            return None;
        }
        let mut piece = [0; PIECE];
        let piece = &mut piece[..room.min(PIECE)];
        let (plain, ended) = match stream.read(wire, piece) {
            Ok(inflated) => (&piece[..inflated.length], inflated.ended),
            Err(InflateError::Clear(first)) => {
                // The client said that it would compress and does not.
                unpacking.stream = None;
                self.request(MCCP3, Side::Us, Wish::Off, out);
                self.parse(now, &mut &first[..], out);
                return Some(first.len());
            }
            Err(error @ (InflateError::Damaged | InflateError::Bomb)) => {
                self.give_up(&error.to_string(), out);
                return None;
            }
        };
        // Whatever is in these bytes, the stream is still under way for it.
        self.parse(now, &mut &plain[..], out);
        if ended && let Some(unpacking) = &mut self.states.mccp3.0 {
            unpacking.stream = None;
        }
        Some(plain.len())
    }

    fn give_up(&mut self, why: &str, out: &mut Outbox) {
        self.request(MCCP3, Side::Us, Wish::Off, out);
        self.say_plainly(UNREADABLE, out);
        self.states.mccp3 = State::default();
        self.stage = Stage::Closed;
        out.close(why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Protocol, telnet::TelnetSettings};

    #[test]
    fn a_backlog_at_the_limit_and_one_past_it() {
        let now = Time::from_micros(1_000_000);
        for (last, closes) in [(&b""[..], false), (&b"x"[..], true)] {
            let (mut telnet, mut out) = (Telnet::new(TelnetSettings::default()), Outbox::new());
            telnet.connect(now, &mut out);
            telnet.receive(now, b"\xff\xfd\x57\xff\xfa\x57\xff\xf0", &mut out);
            telnet.unpack(now, &[b'x'; BACKLOG_LIMIT - 1], 0, &mut out);
            telnet.unpack(now, b"x", 0, &mut out);
            telnet.unpack(now, last, 0, &mut out);
            assert_eq!(out.take_close().is_some(), closes);
            assert_eq!(telnet.has_backlog(), !closes);
        }
    }
}
