//! AMP boxes: pairs of keys and values with their lengths before them, ended by two zero bytes
//! (Twisted's `protocols/amp.py`). The link's reader and writer, and the launcher, are built on these.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Longest key of a box, in bytes (AMP: the upper byte of a key's length is always zero).
pub const MAX_KEY: usize = 255;
/// Longest value of a box, in bytes (AMP: a length is two bytes).
pub const MAX_VALUE: usize = 65_535;
/// Most pairs that a box from the peer may have.
pub const MAX_PAIRS: usize = 2048;
/// Longest box that is read or written, in bytes, lengths and end included.
pub const MAX_BOX: usize = 64 * 1024 * 1024;

/// What is wrong with a box, or with a stream of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A fresh connection did not begin with a zero byte, as every box does.
    #[error("the peer does not speak AMP (its first byte is {0:#04x})")]
    NotAmp(u8),
    /// A key or value does not fit its length field.
    #[error("the {what} of an AMP pair has {length} bytes, which is too long")]
    TooLong {
        /// `key` or `value`.
        what: &'static str,
        /// Its length in bytes.
        length: usize,
    },
    /// A key of no bytes would read as the end of the box.
    #[error("an AMP pair without a key")]
    EmptyKey,
    /// More pairs than [`MAX_PAIRS`].
    #[error("an AMP box of more than {MAX_PAIRS} pairs")]
    TooManyPairs,
    /// More bytes than [`MAX_BOX`].
    #[error("an AMP box of more than {MAX_BOX} bytes")]
    BoxTooLong,
}

/// One AMP box: pairs of keys and values. Of two values for one key the later holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AmpBox {
    pairs: Vec<(Bytes, Bytes)>,
}

impl AmpBox {
    /// A box without pairs.
    pub fn new() -> AmpBox {
        AmpBox::default()
    }

    /// Adds a pair.
    pub fn with(mut self, key: &str, value: impl Into<Bytes>) -> AmpBox {
        self.insert(key, value);
        self
    }

    /// Adds a pair, in place of an earlier one of that key.
    pub fn insert(&mut self, key: &str, value: impl Into<Bytes>) {
        self.pairs.retain(|(known, _)| known != key);
        self.pairs.push((Bytes::copy_from_slice(key.as_bytes()), value.into()));
    }

    /// The value of a key.
    pub fn value(&self, key: &str) -> Option<&Bytes> {
        self.pairs.iter().rev().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// The value of a key as text, if it is there and is UTF-8.
    pub fn text(&self, key: &str) -> Option<&str> {
        std::str::from_utf8(self.value(key)?).ok()
    }

    /// All pairs, in the order in which they came.
    pub fn pairs(&self) -> &[(Bytes, Bytes)] {
        &self.pairs
    }

    /// Appends the box to `out`, pairs in ascending order of their keys as Twisted writes them.
    ///
    /// # Errors
    /// A key or value of a wrong length, too many pairs; then nothing is written.
    pub fn write(&self, out: &mut BytesMut) -> Result<(), FrameError> {
        let mut pairs: Vec<_> = self.pairs.iter().collect();
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        if pairs.len() > MAX_PAIRS {
            return Err(FrameError::TooManyPairs);
        }
        let mut length = 2;
        for (key, value) in &pairs {
            check_length("key", key.len(), MAX_KEY)?;
            check_length("value", value.len(), MAX_VALUE)?;
            length += 4 + key.len() + value.len();
        }
        if length > MAX_BOX {
            return Err(FrameError::BoxTooLong);
        }
        out.reserve(length);
        for (key, value) in pairs {
            write_pair(key, value, out);
        }
        out.put_u16(0);
        Ok(())
    }
}

fn check_length(what: &'static str, length: usize, limit: usize) -> Result<(), FrameError> {
    match length {
        0 if what == "key" => Err(FrameError::EmptyKey),
        length if length > limit => Err(FrameError::TooLong { what, length }),
        _ => Ok(()),
    }
}

/// Appends one pair whose lengths are known to be in range.
pub(super) fn write_pair(key: &[u8], value: &[u8], out: &mut BytesMut) {
    out.put_u16(key.len() as u16);
    out.put_slice(key);
    out.put_u16(value.len() as u16);
    out.put_slice(value);
}

/// Cuts a stream of bytes into boxes, however the stream is cut into segments.
///
/// Evennia guesses from the borders of TCP segments whether a peer speaks AMP, and loses boxes that are
/// cut at an unlucky place; this reader goes by the lengths alone. After an error the stream has no
/// known border any more: the connection is to be closed.
#[derive(Debug, Default)]
pub struct BoxReader {
    buffer: BytesMut,
    /// Where in `buffer` the next pair of the unfinished box begins. What is before it is not looked at again.
    scanned: usize,
    pairs: usize,
    begun: bool,
}

impl BoxReader {
    /// A reader of a fresh connection.
    pub fn new() -> BoxReader {
        BoxReader::default()
    }

    /// Takes over bytes of the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes wait for the rest of their box.
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// The next whole box, or `None` when more bytes are needed.
    ///
    /// # Errors
    /// The stream is not AMP, or a limit is passed. The same error is given again on every later call.
    #[allow(clippy::should_implement_trait, reason = "fallible, and None is not the end")]
    pub fn next(&mut self) -> Result<Option<AmpBox>, FrameError> {
        match self.buffer.first() {
            Some(&first) if !self.begun && first != 0 => return Err(FrameError::NotAmp(first)),
            Some(_) => self.begun = true,
            None => return Ok(None),
        }
        while let Some(key) = self.length_at(self.scanned) {
            if key == 0 {
                return Ok(Some(self.take_box()));
            }
            check_length("key", key, MAX_KEY)?;
            if self.pairs == MAX_PAIRS {
                return Err(FrameError::TooManyPairs);
            }
            let Some(value) = self.length_at(self.scanned + 2 + key) else { break };
            let end = self.scanned + 4 + key + value;
            if end + 2 > MAX_BOX {
                return Err(FrameError::BoxTooLong);
            }
            if self.buffer.len() < end {
                break;
            }
            self.scanned = end;
            self.pairs += 1;
        }
        Ok(None)
    }

    fn length_at(&self, at: usize) -> Option<usize> {
        let bytes = self.buffer.get(at..at + 2)?;
        Some(usize::from(u16::from_be_bytes([bytes[0], bytes[1]])))
    }

    /// Takes the box that ends at `scanned` out of the buffer; keys and values share its memory.
    fn take_box(&mut self) -> AmpBox {
        let mut bytes = self.buffer.split_to(self.scanned + 2).freeze();
        let mut pairs = Vec::with_capacity(self.pairs);
        for _ in 0..self.pairs {
            let key = usize::from(bytes.get_u16());
            let key = bytes.split_to(key);
            let value = usize::from(bytes.get_u16());
            let value = bytes.split_to(value);
            pairs.push((key, value));
        }
        self.scanned = 0;
        self.pairs = 0;
        AmpBox { pairs }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(amp_box: &AmpBox) -> BytesMut {
        let mut out = BytesMut::new();
        amp_box.write(&mut out).unwrap();
        out
    }

    #[test]
    fn pairs_are_written_in_ascending_order() {
        let status = AmpBox::new().with("status", "").with("_command", "MsgStatus").with("_ask", "1");
        let expected = b"\0\x04_ask\0\x011\0\x08_command\0\x09MsgStatus\0\x06status\0\0\0\0";
        assert_eq!(&written(&status)[..], expected);
    }

    #[test]
    fn lengths_at_the_limit_and_one_past_it() {
        let key = "k".repeat(MAX_KEY);
        let fits = AmpBox::new().with(&key, vec![7; MAX_VALUE]);
        let mut reader = BoxReader::new();
        reader.feed(&written(&fits));
        assert_eq!(reader.next(), Ok(Some(fits)));
        let mut out = BytesMut::new();
        let long_key = AmpBox::new().with(&"k".repeat(MAX_KEY + 1), "");
        assert_eq!(long_key.write(&mut out), Err(FrameError::TooLong { what: "key", length: MAX_KEY + 1 }));
        let long_value = AmpBox::new().with("a", "").with("k", vec![0; MAX_VALUE + 1]);
        assert_eq!(
            long_value.write(&mut out),
            Err(FrameError::TooLong { what: "value", length: MAX_VALUE + 1 })
        );
        assert_eq!(AmpBox::new().with("", "x").write(&mut out), Err(FrameError::EmptyKey));
        assert!(out.is_empty());
        let mut reader = BoxReader::new();
        reader.feed(b"\0\x01a\0\0\x01\0");
        assert_eq!(reader.next(), Err(FrameError::TooLong { what: "key", length: 256 }));
    }

    #[test]
    fn pairs_at_the_limit_and_one_past_it() {
        let mut reader = BoxReader::new();
        reader.feed(&b"\0\x01a\0\0".repeat(MAX_PAIRS));
        assert_eq!(reader.next(), Ok(None));
        reader.feed(b"\0\0");
        assert_eq!(reader.next().unwrap().unwrap().pairs().len(), MAX_PAIRS);
        reader.feed(&b"\0\x01a\0\0".repeat(MAX_PAIRS + 1));
        assert_eq!(reader.next(), Err(FrameError::TooManyPairs));
    }

    #[test]
    fn box_bytes_at_the_limit_and_one_past_it() {
        let pair = 4 + 1 + MAX_VALUE;
        let whole = (MAX_BOX - 2) / pair;
        let rest = (MAX_BOX - 2) % pair;
        let mut stream = [&b"\0\x01k\xff\xff"[..], &vec![1; MAX_VALUE]].concat().repeat(whole);
        let mut reader = BoxReader::new();
        reader.feed(&stream);
        let last = u16::try_from(rest - 5).unwrap();
        let at_limit = [&b"\0\x01k"[..], &last.to_be_bytes(), &vec![1; usize::from(last)], b"\0\0"].concat();
        reader.feed(&at_limit);
        assert!(reader.next().unwrap().is_some());
        stream.extend([&b"\0\x01k"[..], &(last + 1).to_be_bytes()].concat());
        reader.feed(&stream);
        assert_eq!(reader.next(), Err(FrameError::BoxTooLong));
    }

    #[test]
    fn a_stranger_is_known_by_its_first_byte_only_at_first() {
        let mut reader = BoxReader::new();
        reader.feed(b"G");
        assert_eq!(reader.next(), Err(FrameError::NotAmp(b'G')));
        let mut reader = BoxReader::new();
        reader.feed(b"\0\0G\0");
        assert_eq!(reader.next(), Ok(Some(AmpBox::new())));
        assert!(matches!(reader.next(), Err(FrameError::TooLong { what: "key", .. })));
    }

    #[test]
    fn the_later_of_two_values_holds() {
        let mut reader = BoxReader::new();
        reader.feed(b"\0\x01k\0\x01a\0\x01k\0\x01b\0\0");
        assert_eq!(reader.next().unwrap().unwrap().text("k"), Some("b"));
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_boxes(
            boxes in prop::collection::vec(prop::collection::vec((".{1,20}", prop::collection::vec(any::<u8>(), 0..80)), 0..5), 1..4),
        ) {
            let boxes: Vec<AmpBox> = boxes
                .into_iter()
                .map(|pairs| pairs.into_iter().fold(AmpBox::new(), |amp_box, (key, value)| amp_box.with(&key, value)))
                .collect();
            let stream: Vec<u8> = boxes.iter().flat_map(|amp_box| written(amp_box).to_vec()).collect();
            for cut in 0..=stream.len() {
                let mut reader = BoxReader::new();
                let mut seen = Vec::new();
                for part in [&stream[..cut], &stream[cut..]] {
                    reader.feed(part);
                    while let Some(amp_box) = reader.next().unwrap() {
                        seen.push(written(&amp_box));
                    }
                }
                prop_assert_eq!(seen, boxes.iter().map(written).collect::<Vec<_>>());
                prop_assert_eq!(reader.buffered(), 0);
            }
        }
    }
}
