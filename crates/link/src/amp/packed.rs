//! A payload that is longer than one value of a box is cut in pieces: `packed_data`, `packed_data.2`,
//! `packed_data.3` ... The native codec stores the pieces as they are; the pickle codec compresses each
//! alone (Evennia's `Compressed` argument).

use std::io::{Read as _, Write as _};

use bytes::{Bytes, BytesMut};
use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

use super::{AmpBox, CodecError, MAX_VALUE};

/// Length of a piece before compression, in bytes. Evennia cuts at 65,535, and then loses pieces that
/// grow when compressed; 60,000 always fit.
pub const PIECE: usize = 60_000;
/// Most bytes that the pieces of one box may inflate to.
pub const MAX_INFLATED: usize = 64 * 1024 * 1024;

/// The key of the payload of messages.
pub(super) const PACKED_DATA: &str = "packed_data";

/// The key of a piece, counted from 1.
pub(super) fn piece_key(key: &str, number: usize) -> String {
    if number == 1 { key.to_owned() } else { format!("{key}.{number}") }
}

/// The values of the pieces, up to the first number that is missing.
fn pieces<'a>(amp_box: &'a AmpBox, key: &str) -> impl Iterator<Item = &'a Bytes> {
    (1..).map_while(move |number| amp_box.value(&piece_key(key, number)))
}

/// Puts a payload into a box, uncompressed.
pub(super) fn split(payload: Vec<u8>, key: &str, amp_box: &mut AmpBox) {
    if payload.len() <= PIECE {
        return amp_box.insert(key, payload);
    }
    let mut rest = Bytes::from(payload);
    for number in 1.. {
        amp_box.insert(&piece_key(key, number), rest.split_to(rest.len().min(PIECE)));
        if rest.is_empty() {
            break;
        }
    }
}

/// The payload of a box whose pieces are not compressed. A single piece is not copied.
pub(super) fn join(amp_box: &AmpBox, key: &str) -> Result<Bytes, CodecError> {
    let mut found = pieces(amp_box, key);
    let first = found.next().ok_or(CodecError::NoPayload)?.clone();
    let mut rest = found.peekable();
    if rest.peek().is_none() {
        return Ok(first);
    }
    let mut whole = BytesMut::from(&first[..]);
    rest.for_each(|piece| whole.extend_from_slice(piece));
    Ok(whole.freeze())
}

/// The payload of a box whose pieces are compressed one by one.
pub(super) fn inflate(amp_box: &AmpBox) -> Result<Vec<u8>, CodecError> {
    let mut whole = Vec::new();
    let mut found = false;
    for piece in pieces(amp_box, PACKED_DATA) {
        found = true;
        let room = MAX_INFLATED - whole.len();
        let read = ZlibDecoder::new(&piece[..]).take(room as u64 + 1).read_to_end(&mut whole);
        if read.map_err(|_| CodecError::Inflate)? > room {
            return Err(CodecError::TooLong);
        }
    }
    if found { Ok(whole) } else { Err(CodecError::NoPayload) }
}

/// Puts a payload into a box, compressed in pieces of `size` bytes.
pub(super) fn deflate(payload: &[u8], size: usize, amp_box: &mut AmpBox) -> Result<(), CodecError> {
    if payload.len() > MAX_INFLATED {
        return Err(CodecError::TooLong);
    }
    for (index, piece) in payload.chunks(size).enumerate() {
        let mut packed = compress(piece, Compression::fast())?;
        // The fast level spends nine bits on each byte of text far from Latin that does not repeat.
        if packed.len() > MAX_VALUE {
            packed = compress(piece, Compression::none())?;
        }
        amp_box.insert(&piece_key(PACKED_DATA, index + 1), packed);
    }
    Ok(())
}

fn compress(piece: &[u8], level: Compression) -> Result<Vec<u8>, CodecError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), level);
    encoder.write_all(piece).and_then(|()| encoder.finish()).map_err(|_| CodecError::Inflate)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Bytes that do not compress.
    pub(in crate::amp) fn noise(length: usize) -> Vec<u8> {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut step = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8
        };
        (0..length).map(|_| step()).collect()
    }

    #[test]
    fn noise_of_several_pieces_fits_and_comes_back() {
        let any = noise(3 * PIECE + 17);
        let high: Vec<u8> = any.iter().map(|byte| 144 + byte % 112).collect();
        for payload in [any, high] {
            let mut amp_box = AmpBox::new();
            deflate(&payload, PIECE, &mut amp_box).unwrap();
            assert_eq!(amp_box.pairs().len(), 4);
            assert!(amp_box.pairs().iter().all(|(_, value)| value.len() <= MAX_VALUE));
            assert_eq!(inflate(&amp_box).unwrap(), payload);
        }
    }

    #[test]
    fn the_pieces_of_evennia_are_longer() {
        let payload = vec![b'x'; 200_000];
        let mut amp_box = AmpBox::new();
        deflate(&payload, 65_535, &mut amp_box).unwrap();
        assert_eq!(inflate(&amp_box).unwrap(), payload);
    }

    #[test]
    fn inflated_bytes_at_the_limit_and_one_past_it() {
        let mut amp_box = AmpBox::new();
        deflate(&vec![0; MAX_INFLATED], 1 << 24, &mut amp_box).unwrap();
        assert_eq!(inflate(&amp_box).unwrap().len(), MAX_INFLATED);
        let mut bomb = AmpBox::new();
        deflate(&[1], PIECE, &mut bomb).unwrap();
        amp_box.insert("packed_data.5", bomb.value("packed_data").unwrap().clone());
        assert_eq!(inflate(&amp_box), Err(CodecError::TooLong));
        assert_eq!(deflate(&vec![0; MAX_INFLATED + 1], PIECE, &mut bomb), Err(CodecError::TooLong));
    }

    #[test]
    fn what_is_missing_or_broken_is_an_error() {
        assert_eq!(inflate(&AmpBox::new().with("packed_data.2", "")), Err(CodecError::NoPayload));
        assert_eq!(inflate(&AmpBox::new().with("packed_data", "")), Err(CodecError::Inflate));
        assert_eq!(inflate(&AmpBox::new().with("packed_data", "nonsense")), Err(CodecError::Inflate));
        let whole =
            AmpBox::new().with("packed_data.3", "c").with("packed_data", "a").with("packed_data.2", "b");
        assert_eq!(join(&whole, PACKED_DATA).unwrap(), "abc");
    }

    #[test]
    fn what_is_split_is_joined() {
        for length in [0, 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 1] {
            let payload = noise(length);
            let mut amp_box = AmpBox::new();
            split(payload.clone(), "reply", &mut amp_box);
            assert_eq!(amp_box.pairs().len(), length.div_ceil(PIECE).max(1));
            assert_eq!(join(&amp_box, "reply").unwrap(), payload);
        }
    }
}
