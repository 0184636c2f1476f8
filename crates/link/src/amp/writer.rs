//! What one end of the link has to say, from messages to the bytes for its socket. The Portal's and the
//! Server's end of the link each own one.

use std::{collections::VecDeque, marker::PhantomData};

use bytes::{BufMut, Bytes, BytesMut};

use crate::SessionId;

use super::{
    AmpBox, Answer, Ask, AskCounter, Codec, CodecError, Command, ErrorCode, LinkMessage, MAX_VALUE, PIECE,
    frame::write_pair,
    native::Encoder,
    packed::{PACKED_DATA, deflate, piece_key},
    pickle,
};

/// A box that has reached this many bytes takes no further message.
pub const BATCH: usize = 1024 * 1024;
/// Longest message, in bytes of its native form: with a full batch before it, it still fits a box.
pub const MAX_MESSAGE: usize = 60 * 1024 * 1024;
/// Most inputs whose answers a peer of Evennia's may owe; past that the oldest count as lost.
pub const MAX_UNANSWERED: usize = 16_384;

/// The size of the segments in which Evennia's processes read their sockets.
const SEGMENT: usize = 65_536;

/// Writes messages, and boxes of other kinds between them, in the order in which they are given.
///
/// In the native codec a run of messages with the same command shares a box. Everything stays here until
/// [`LinkWriter::take`], so one call of it after many of [`LinkWriter::write`] makes one write to the socket.
#[derive(Debug)]
pub struct LinkWriter<M> {
    codec: Codec,
    out: BytesMut,
    open: Option<OpenBox>,
    /// Pickle only: where each box ends that has not been taken, counted from the front of `out`.
    ends: VecDeque<usize>,
    asks: AskCounter,
    unanswered: VecDeque<(Ask, SessionId, u64)>,
    messages: PhantomData<fn(M)>,
}

/// A native box that has not been ended.
#[derive(Debug)]
struct OpenBox {
    command: Command,
    /// Where it begins.
    start: usize,
    /// Where the value of its last piece begins, after the length.
    value: usize,
    /// The number of that piece.
    number: usize,
}

impl<M: LinkMessage> LinkWriter<M> {
    /// A writer for a fresh connection.
    pub fn new(codec: Codec) -> LinkWriter<M> {
        LinkWriter {
            codec,
            out: BytesMut::new(),
            open: None,
            ends: VecDeque::new(),
            asks: AskCounter::default(),
            unanswered: VecDeque::new(),
            messages: PhantomData,
        }
    }

    /// How messages are written.
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// How many bytes have been written and not taken.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether there is nothing to take.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// Writes one message. To a process of Evennia it may become no box (what Evennia does not know) or
    /// several (one for each session).
    ///
    /// # Errors
    /// The message cannot be written, and is not; what was written before it stands.
    pub fn write(&mut self, message: &M) -> Result<(), CodecError> {
        match self.codec {
            Codec::Native => self.write_native(message),
            Codec::Pickle => self.write_pickle(message),
        }
    }

    /// Writes a box that is no message: a `Hello`, an answer, a status.
    ///
    /// # Errors
    /// The box does not fit AMP's lengths.
    pub fn write_box(&mut self, amp_box: &AmpBox) -> Result<(), CodecError> {
        self.close();
        amp_box.write(&mut self.out)?;
        self.ends.push_back(self.out.len());
        Ok(())
    }

    /// Answers a request without results.
    ///
    /// # Errors
    /// None, as far as tags go that came from a peer.
    pub fn answer(&mut self, ask: &Ask) -> Result<(), CodecError> {
        self.write_box(&ask.answer())
    }

    /// Answers a request with an error.
    ///
    /// # Errors
    /// None, as far as tags go that came from a peer.
    pub fn refuse(&mut self, ask: &Ask, code: ErrorCode, description: &str) -> Result<(), CodecError> {
        self.write_box(&ask.error(code, description))
    }

    /// The input that an answer acknowledges, if it is one. Only a peer of Evennia's answers inputs; others
    /// send [`ToPortal::Acks`](crate::ToPortal::Acks).
    pub fn answered(&mut self, answer: &Answer) -> Option<(SessionId, u64)> {
        let at = self.unanswered.iter().position(|(ask, ..)| *ask == answer.ask)?;
        self.unanswered.remove(at).map(|(_, session, seq)| (session, seq))
    }

    /// The next bytes for the socket, to be handed over in one write; `None` when there are none.
    ///
    /// In the native codec that is everything. A process of Evennia is given one box at a time, because it
    /// looks for the borders of boxes at the borders of segments.
    pub fn take(&mut self) -> Option<Bytes> {
        self.close();
        if self.out.is_empty() {
            return None;
        }
        if self.codec == Codec::Native {
            self.ends.clear();
            return Some(self.out.split().freeze());
        }
        let end = self.ends.pop_front().unwrap_or(self.out.len());
        self.ends.iter_mut().for_each(|later| *later -= end);
        Some(self.out.split_to(end).freeze())
    }

    fn write_native(&mut self, message: &M) -> Result<(), CodecError> {
        let command = message.command();
        match &self.open {
            Some(open) if open.command == command && self.out.len() - open.start < BATCH => {}
            _ => self.begin(command),
        }
        let mark = self.out.len();
        let written = message.encode(&mut Encoder::new(&mut self.out));
        let written = match written {
            Ok(()) if self.out.len() - mark > MAX_MESSAGE => Err(CodecError::TooLong),
            other => other,
        };
        if written.is_err() {
            self.out.truncate(mark);
            return written;
        }
        if self.open.as_ref().is_some_and(|open| self.out.len() - open.value > MAX_VALUE) {
            self.spill();
        }
        Ok(())
    }

    /// Begins a native box.
    fn begin(&mut self, command: Command) {
        self.close();
        let start = self.out.len();
        write_pair(b"_command", command.name().as_bytes(), &mut self.out);
        write_pair(PACKED_DATA.as_bytes(), b"", &mut self.out);
        self.open = Some(OpenBox { command, start, value: self.out.len(), number: 1 });
    }

    /// Ends the native box that is open.
    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.set_length(open.value);
            self.out.put_u16(0);
        }
    }

    /// Cuts the piece that has become too long into pieces; the last of them stays open.
    fn spill(&mut self) {
        let Some(OpenBox { command, start, mut value, mut number }) = self.open.take() else { return };
        let rest = self.out.split_off(value + PIECE);
        for piece in rest.chunks(PIECE) {
            self.set_length(value);
            number += 1;
            write_pair(piece_key(PACKED_DATA, number).as_bytes(), b"", &mut self.out);
            value = self.out.len();
            self.out.put_slice(piece);
        }
        self.open = Some(OpenBox { command, start, value, number });
    }

    /// Writes the length of the value that begins at `value` and ends where the buffer does.
    fn set_length(&mut self, value: usize) {
        let length = (self.out.len() - value) as u16;
        self.out[value - 2..value].copy_from_slice(&length.to_be_bytes());
    }

    fn write_pickle(&mut self, message: &M) -> Result<(), CodecError> {
        for payload in message.to_pickle()? {
            let payload = pickle::encode(&payload)?;
            let ask = self.asks.ask();
            let amp_box = AmpBox::new().with("_ask", ask.bytes()).with("_command", message.command().name());
            self.write_compressed(&payload, amp_box)?;
            if let Some((session, seq)) = message.input() {
                if self.unanswered.len() == MAX_UNANSWERED {
                    self.unanswered.pop_front();
                }
                self.unanswered.push_back((ask, session, seq));
            }
        }
        Ok(())
    }

    /// Writes a box with a compressed payload. Evennia takes a segment that ends in two zero bytes for the
    /// end of a box, so a long box that has them there is cut differently.
    fn write_compressed(&mut self, payload: &[u8], amp_box: AmpBox) -> Result<(), CodecError> {
        let start = self.out.len();
        for attempt in 0..8 {
            self.out.truncate(start);
            let mut amp_box = amp_box.clone();
            deflate(payload, PIECE - attempt * 1009, &mut amp_box)?;
            amp_box.write(&mut self.out)?;
            let mut segments = self.out[start..].chunks_exact(SEGMENT);
            if !segments.any(|segment| segment.ends_with(&[0, 0])) {
                break;
            }
        }
        self.ends.push_back(self.out.len());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ToServer, amp::packed::tests::noise};

    fn has_false_end(written: &[u8]) -> bool {
        written.chunks_exact(SEGMENT).any(|segment| segment.ends_with(&[0, 0]))
    }

    #[test]
    fn no_segment_of_a_long_box_looks_like_the_end_of_one() {
        // Noise of high bytes is stored as it is, so zeros in it move over the border of the first segment.
        let noise: Vec<u8> = noise(2 * PIECE).iter().map(|byte| 144 + byte % 112).collect();
        let mut met = 0;
        for at in (65_400..65_500).step_by(2) {
            let mut payload = noise.clone();
            payload[at..at + 4].fill(0);
            let mut naive = AmpBox::new();
            deflate(&payload, PIECE, &mut naive).expect("it fits");
            let mut out = BytesMut::new();
            naive.write(&mut out).expect("it fits");
            if has_false_end(&out) {
                met += 1;
                let mut writer = LinkWriter::<ToServer>::new(Codec::Pickle);
                writer.write_compressed(&payload, AmpBox::new()).expect("it fits");
                assert!(!has_false_end(&writer.take().expect("a box")));
            }
        }
        assert!(met > 0, "the test does not meet what it is about");
    }

    #[test]
    fn a_message_at_the_limit_and_one_past_it() {
        let input = |length: usize| ToServer::Input {
            session: SessionId(1),
            seq: 1,
            tuple: crate::text("x".repeat(length)),
        };
        let mut plain = BytesMut::new();
        input(MAX_MESSAGE).encode(&mut Encoder::new(&mut plain)).expect("it is shallow");
        let longest = MAX_MESSAGE - (plain.len() - MAX_MESSAGE);
        let mut writer = LinkWriter::new(Codec::Native);
        writer.write(&input(BATCH - 100)).expect("it is short");
        assert_eq!(writer.write(&input(longest)), Ok(()));
        let mut reader = crate::amp::LinkReader::<ToServer>::new();
        reader.settle(Codec::Native);
        reader.feed(&writer.take().expect("a box"));
        assert!(matches!(reader.next(), Ok(Some(_))));
        assert!(reader.next() == Ok(Some(crate::amp::Incoming::Message(input(longest)))));
        assert_eq!(writer.write(&input(longest + 1)), Err(CodecError::TooLong));
    }
}
