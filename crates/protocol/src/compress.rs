//! zlib streams (RFC 1950) in both directions, at a price that a game with thousands of clients can pay.
//! The MCCP options of telnet use them; nothing here knows of telnet.
//!
//! An ordinary encoder keeps some 300 KB for each stream. A [`Deflater`] keeps 2 KB: what it sent last. The
//! encoder belongs to the thread and is given these bytes as its dictionary before each flush, which is
//! legal because the client's decoder holds them in its window anyway.

use std::cell::RefCell;

use bytes::{BufMut, BytesMut};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use thiserror::Error;

/// How many of the bytes sent last a compressed stream is told apart by; all of what it costs but for a few
/// bytes.
pub const HISTORY: usize = 2048;

/// What a stream of a client may become, in bytes, however small it is.
pub const INFLATED_FREE: u64 = 64 * 1024;

/// What one byte of a client's stream may become on average beyond [`INFLATED_FREE`], in bytes. Deflate itself
/// reaches 1032; what people type and paste stays under 30.
pub const INFLATED_RATIO: u64 = 64;

/// How hard the encoder tries, from 1 to 9.
const LEVEL: u32 = 6;

/// Begin of a zlib stream: deflate with a window of 32 KB, without a preset dictionary.
const HEADER: [u8; 2] = [0x78, 0x9c];

/// The block that ends a stream: the last one, of the fixed code, empty (RFC 1951, 3.2.3).
const LAST_BLOCK: [u8; 2] = [0x03, 0x00];

/// Bytes of memory that the encoder of a thread keeps for its output.
const KEPT: usize = 64 * 1024;

thread_local! {
    static ENCODER: RefCell<Option<Encoder>> = const { RefCell::new(None) };
}

/// A stream that is sent: what its decoder remembers.
#[derive(Debug)]
pub struct Deflater {
    /// The end of what was sent, at most [`HISTORY`] bytes.
    history: Vec<u8>,
    /// Of everything that was sent.
    checksum: Adler32,
}

impl Deflater {
    /// Begins a stream; its header goes to `wire`.
    pub fn begin(wire: &mut BytesMut) -> Deflater {
        wire.put_slice(&HEADER);
        Deflater { history: Vec::with_capacity(HISTORY), checksum: Adler32::default() }
    }

    /// Adds `plain` to the stream, in a form that its reader can read at once and whole.
    pub fn write(&mut self, plain: &[u8], wire: &mut BytesMut) {
        if plain.is_empty() {
            return;
        }
        ENCODER.with_borrow_mut(|encoder| {
            let encoder = encoder.get_or_insert_with(Encoder::new);
            wire.put_slice(encoder.deflate(&self.history, plain));
            encoder.wire.clear();
            encoder.wire.shrink_to(KEPT);
        });
        self.checksum.update(plain);
        self.remember(plain);
    }

    /// Ends the stream; what follows it is clear.
    pub fn end(self, wire: &mut BytesMut) {
        wire.put_slice(&LAST_BLOCK);
        wire.put_u32(self.checksum.value());
    }

    fn remember(&mut self, plain: &[u8]) {
        let tail = &plain[plain.len().saturating_sub(HISTORY)..];
        let excess = (self.history.len() + tail.len()).saturating_sub(HISTORY);
        self.history.drain(..excess);
        self.history.extend_from_slice(tail);
    }
}

/// Raw deflate of a text that stands alone, flushed: it ends with an empty block.
pub(crate) fn deflate_alone(plain: &[u8]) -> Vec<u8> {
    ENCODER.with_borrow_mut(|encoder| {
        let encoder = encoder.get_or_insert_with(Encoder::new);
        let packed = encoder.deflate(&[], plain).to_vec();
        encoder.wire.clear();
        encoder.wire.shrink_to(KEPT);
        packed
    })
}

/// The encoder of a thread.
struct Encoder {
    compress: Compress,
    wire: Vec<u8>,
}

impl Encoder {
    /// Writes raw deflate: header and checksum are each stream's own.
    fn new() -> Encoder {
        Encoder { compress: Compress::new(Compression::new(LEVEL), false), wire: Vec::new() }
    }

    /// Whole blocks for `plain`, ended at a byte, for a decoder that has just read `history`.
    fn deflate(&mut self, history: &[u8], plain: &[u8]) -> &[u8] {
        self.compress.reset();
        if !history.is_empty() {
            self.compress.set_dictionary(history).expect("an encoder that was just reset takes a dictionary");
        }
        let mut rest = plain;
        loop {
            // Text shrinks; what does not grows by a few bytes a block.
            self.wire.reserve(rest.len() + rest.len() / 64 + 64);
            let before = self.compress.total_in();
            self.compress
                .compress_vec(rest, &mut self.wire, FlushCompress::Sync)
                .expect("an encoder that was not finished takes more");
            // No more than the length of `rest`.
            rest = &rest[(self.compress.total_in() - before) as usize..];
            if rest.is_empty() && self.wire.len() < self.wire.capacity() {
                return &self.wire;
            }
        }
    }
}

/// A stream that is received.
#[derive(Debug)]
pub struct Inflater {
    stage: Stage,
    /// The last call filled its space, so there may be more.
    more: bool,
}

#[derive(Debug)]
enum Stage {
    /// Nothing but maybe the first byte has come.
    Header(Option<u8>),
    Body(Box<Decompress>),
    /// What came before the damage has been read.
    Damaged,
}

/// What [`Inflater::read`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inflated {
    /// How many bytes it wrote.
    pub length: usize,
    /// The stream has ended; what follows it is clear.
    pub ended: bool,
}

/// Why a client's stream cannot be read any further.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InflateError {
    /// It is none: it begins with these bytes.
    #[error("what was to be compressed is not")]
    Clear(Vec<u8>),
    /// It is damaged.
    #[error("the compressed stream is damaged")]
    Damaged,
    /// It becomes too much.
    #[error("the compressed stream becomes more than {INFLATED_RATIO} times its size")]
    Bomb,
}

impl Default for Inflater {
    fn default() -> Inflater {
        Inflater { stage: Stage::Header(None), more: false }
    }
}

impl Inflater {
    /// A stream of which nothing has come yet.
    pub fn new() -> Inflater {
        Inflater::default()
    }

    /// Reads on: takes bytes of `wire` away and writes to `plain`, until either is used up or the stream has
    /// ended.
    pub fn read(&mut self, wire: &mut &[u8], plain: &mut [u8]) -> Result<Inflated, InflateError> {
        let decompress = match &mut self.stage {
            Stage::Body(decompress) => decompress,
            Stage::Header(first) => {
                let Some(decompress) = header(first, wire)? else {
                    return Ok(Inflated { length: 0, ended: false });
                };
                self.stage = Stage::Body(decompress);
                return self.read(wire, plain);
            }
            Stage::Damaged => return Err(InflateError::Damaged),
        };
        let (read, written) = (decompress.total_in(), decompress.total_out());
        let status = decompress.decompress(wire, plain, FlushDecompress::Sync);
        // No more than the lengths of the two.
        *wire = &wire[(decompress.total_in() - read) as usize..];
        let length = (decompress.total_out() - written) as usize;
        if is_bomb(decompress.total_in(), decompress.total_out()) {
            return Err(InflateError::Bomb);
        }
        let ended = matches!(status, Ok(Status::StreamEnd));
        self.more = !ended && length == plain.len();
        if status.is_err() {
            self.stage = Stage::Damaged;
            self.more = true;
        }
        Ok(Inflated { length, ended })
    }

    /// Whether there may be more to write without more to read.
    pub fn has_more(&self) -> bool {
        self.more
    }
}

/// A decoder, once both bytes of a header have come (RFC 1950, 2.2).
fn header(first: &mut Option<u8>, wire: &mut &[u8]) -> Result<Option<Box<Decompress>>, InflateError> {
    const DEFLATE: u8 = 8;
    const LARGEST_WINDOW: u8 = 7;
    const PRESET_DICTIONARY: u8 = 0x20;
    while let Some((&byte, rest)) = wire.split_first() {
        *wire = rest;
        match *first {
            None if byte & 0x0f == DEFLATE && byte >> 4 <= LARGEST_WINDOW => *first = Some(byte),
            None => return Err(InflateError::Clear(vec![byte])),
            Some(method) => {
                let sum = u16::from_be_bytes([method, byte]);
                if !sum.is_multiple_of(31) || byte & PRESET_DICTIONARY != 0 {
                    return Err(InflateError::Clear(vec![method, byte]));
                }
                let mut decompress = Box::new(Decompress::new(true));
                decompress
                    .decompress(&[method, byte], &mut [], FlushDecompress::Sync)
                    .map_err(|_| InflateError::Damaged)?;
                return Ok(Some(decompress));
            }
        }
    }
    Ok(None)
}

/// Whether so many bytes that came became more than they may.
fn is_bomb(read: u64, written: u64) -> bool {
    written > INFLATED_FREE + INFLATED_RATIO * read
}

/// The checksum of a zlib stream (RFC 1950, 8.2).
#[derive(Debug, Clone, Copy)]
struct Adler32 {
    a: u32,
    b: u32,
}

impl Default for Adler32 {
    fn default() -> Adler32 {
        Adler32 { a: 1, b: 0 }
    }
}

impl Adler32 {
    fn update(&mut self, bytes: &[u8]) {
        /// The largest prime below 65536.
        const BASE: u32 = 65521;
        /// So many bytes cannot overflow the sums, whatever they are.
        const SAFE: usize = 5552;
        for piece in bytes.chunks(SAFE) {
            for byte in piece {
                self.a += u32::from(*byte);
                self.b += self.a;
            }
            self.a %= BASE;
            self.b %= BASE;
        }
    }

    fn value(self) -> u32 {
        self.b << 16 | self.a
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as a game says them, with something that does not repeat in each.
    fn lines(count: usize) -> Vec<String> {
        let number = |n: usize| n.wrapping_mul(2_654_435_761) >> 7 & 0xffff;
        (0..count).map(|n| format!("A rose bites you for {} points of damage.\r\n", number(n))).collect()
    }

    /// What zlib itself, as a client has it, makes of a stream, and whether it has ended.
    fn zlib(decompress: &mut Decompress, wire: &[u8]) -> (Vec<u8>, bool) {
        let mut plain = Vec::with_capacity(256 * 1024);
        let status =
            decompress.decompress_vec(wire, &mut plain, FlushDecompress::Sync).expect("a zlib stream");
        (plain, status == Status::StreamEnd)
    }

    #[test]
    fn each_flush_can_be_read_at_once_and_the_end_is_clean() {
        let (mut wire, mut client) = (BytesMut::new(), Decompress::new(true));
        let mut deflater = Deflater::begin(&mut wire);
        let mut written = 0;
        for line in lines(300) {
            deflater.write(line.as_bytes(), &mut wire);
            written += line.len();
            assert_eq!(zlib(&mut client, &wire.split()), (line.into_bytes(), false));
        }
        deflater.end(&mut wire);
        assert_eq!(zlib(&mut client, &wire), (Vec::new(), true), "the checksum is right");
        assert_eq!(client.total_out(), written as u64);
    }

    #[test]
    fn what_was_sent_makes_the_next_flush_smaller() {
        let (mut wire, mut sizes) = (BytesMut::new(), Vec::new());
        let mut deflater = Deflater::begin(&mut wire);
        for line in lines(100) {
            wire.clear();
            deflater.write(line.as_bytes(), &mut wire);
            sizes.push(wire.len());
        }
        let (first, last) = (sizes[0], sizes[99]);
        assert!(last * 2 < first, "{first} bytes at first, {last} bytes at last");
    }

    #[test]
    fn flushes_around_the_sizes_where_things_change() {
        let noise: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for size in [1, 2, HISTORY - 1, HISTORY, HISTORY + 1, 32 * 1024, 32 * 1024 + 1, 65_535, 70_000] {
            let (mut wire, mut client) = (BytesMut::new(), Decompress::new(true));
            let mut deflater = Deflater::begin(&mut wire);
            let mut plain = Vec::new();
            for piece in noise.chunks(size).take(3).chain([&b"x"[..], &[0; 100_000], b""]) {
                deflater.write(piece, &mut wire);
                plain.extend_from_slice(piece);
            }
            deflater.end(&mut wire);
            let mut read = Vec::with_capacity(plain.len() + 1);
            let status = client.decompress_vec(&wire, &mut read, FlushDecompress::Sync).expect("a stream");
            assert!(status == Status::StreamEnd && read == plain, "pieces of {size} bytes");
        }
    }

    #[test]
    fn a_stream_that_says_nothing() {
        let mut wire = BytesMut::new();
        Deflater::begin(&mut wire).end(&mut wire);
        assert_eq!(wire[..], [0x78, 0x9c, 3, 0, 0, 0, 0, 1]);
        assert_eq!(zlib(&mut Decompress::new(true), &wire), (Vec::new(), true));
    }

    #[test]
    fn streams_that_share_an_encoder_do_not_mix() {
        let mut wires = [BytesMut::new(), BytesMut::new()];
        let mut deflaters = wires.each_mut().map(Deflater::begin);
        let mut plains = [String::new(), String::new()];
        for (n, line) in lines(50).into_iter().enumerate() {
            deflaters[n % 2].write(line.as_bytes(), &mut wires[n % 2]);
            plains[n % 2].push_str(&line);
        }
        for (plain, wire) in plains.iter().zip(&wires) {
            assert_eq!(zlib(&mut Decompress::new(true), wire).0, plain.as_bytes());
        }
    }

    #[test]
    fn a_stream_costs_two_kilobytes_and_a_half_at_most() {
        let mut wire = BytesMut::new();
        let mut deflater = Deflater::begin(&mut wire);
        for size in [1, 100, HISTORY - 1, HISTORY, HISTORY + 1, 100_000, 1] {
            deflater.write(&vec![b'x'; size], &mut wire);
            let cost = size_of::<Deflater>() + deflater.history.capacity();
            assert!(cost <= 2560, "{cost} bytes after a flush of {size}");
        }
    }

    /// All that an [`Inflater`] makes of a stream that comes in these pieces, with so much space at a time.
    fn inflate(pieces: &[&[u8]], space: usize) -> (Vec<u8>, Result<bool, InflateError>, Vec<u8>) {
        let (mut inflater, mut plain, mut space) = (Inflater::new(), Vec::new(), vec![0; space]);
        let mut ended = false;
        let mut after = Vec::new();
        for mut piece in pieces.iter().copied() {
            while !ended && (!piece.is_empty() || inflater.has_more()) {
                match inflater.read(&mut piece, &mut space) {
                    Ok(inflated) => {
                        plain.extend_from_slice(&space[..inflated.length]);
                        ended = inflated.ended;
                    }
                    Err(error) => return (plain, Err(error), after),
                }
            }
            after.extend_from_slice(piece);
        }
        (plain, Ok(ended), after)
    }

    fn deflated(plain: &[u8]) -> Vec<u8> {
        let mut wire = BytesMut::new();
        let mut deflater = Deflater::begin(&mut wire);
        deflater.write(plain, &mut wire);
        deflater.end(&mut wire);
        wire.to_vec()
    }

    #[test]
    fn a_client_is_read_wherever_its_stream_is_cut() {
        let plain = lines(20).concat().into_bytes();
        let stream = [&deflated(&plain)[..], b"clear"].concat();
        let expected = (plain, Ok(true), b"clear".to_vec());
        for cut in 0..=stream.len() {
            for space in [1, 7, 4096] {
                assert_eq!(inflate(&[&stream[..cut], &stream[cut..]], space), expected, "{cut} {space}");
            }
        }
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(inflate(&single, 5), expected);
    }

    #[test]
    fn what_is_no_stream_is_told_from_a_damaged_one() {
        for clear in [&b"look\r\n"[..], b"\x78look", b"\x78\xbb", b"\x88\x1c", b"\0"] {
            for pieces in [vec![clear], clear.chunks(1).collect()] {
                let (plain, result, _) = inflate(&pieces, 9);
                let Err(InflateError::Clear(taken)) = result else { panic!("{clear:?}: {result:?}") };
                assert!(plain.is_empty() && clear.starts_with(&taken), "{clear:?}: {taken:?}");
            }
        }
        let mut damaged = deflated(b"look");
        *damaged.last_mut().expect("a checksum") ^= 1;
        assert_eq!(inflate(&[&damaged], 99).1, Err(InflateError::Damaged));
        assert_eq!(inflate(&[b"\x78\x9c\xff\xff"], 99).1, Err(InflateError::Damaged));
    }

    #[test]
    fn a_bomb_is_found_at_the_limit_and_one_past_it() {
        assert!(!is_bomb(0, INFLATED_FREE) && is_bomb(0, INFLATED_FREE + 1));
        let allowed = INFLATED_FREE + INFLATED_RATIO * 100;
        assert!(!is_bomb(100, allowed) && is_bomb(100, allowed + 1));

        let small = deflated(&vec![b' '; INFLATED_FREE as usize]);
        assert_eq!(inflate(&[&small], 512).1, Ok(true), "however small it is");
        let bomb = deflated(&vec![b' '; 1 << 20]);
        let (plain, result, _) = inflate(&[&bomb], 512);
        assert_eq!(result, Err(InflateError::Bomb));
        let most = INFLATED_FREE + INFLATED_RATIO * bomb.len() as u64;
        assert!(plain.len() as u64 <= most, "{} bytes came of {}", plain.len(), bomb.len());
    }

    #[test]
    fn checksums() {
        let sum = |bytes: &[u8]| {
            let mut sum = Adler32::default();
            sum.update(bytes);
            sum.value()
        };
        assert_eq!(sum(b""), 1);
        assert_eq!(sum(b"Wikipedia"), 0x11e6_0398);
        let long = vec![0xff; 100_000];
        let mut pieces = Adler32::default();
        long.chunks(777).for_each(|piece| pieces.update(piece));
        assert_eq!(pieces.value(), sum(&long));
    }
}
