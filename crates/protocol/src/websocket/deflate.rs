//! permessage-deflate (RFC 7692): what is agreed of it, and one message at a time. The web listener negotiates; reader
//! and writer do the rest.
//!
//! Both ends take nothing over from message to message, so that nothing has to be kept of a connection; a window of the
//! client's is kept to by leaving messages that are longer as they are.

use std::cell::RefCell;

use flate2::{Decompress, FlushDecompress, Status};

use super::WebsocketError;
use crate::compress::deflate_alone;

/// Messages that are shorter, in bytes, are left as they are: they would hardly shrink.
pub const COMPRESSED_FROM: usize = 128;

/// The end of a flushed block, which is left out of a message (RFC 7692, section 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];
/// How much of a message is inflated at a time, in bytes.
const STEP: usize = 4096;
/// Last blocks that a message may have. After each the decoder begins anew, which costs far more than the two bytes
/// that such a block may have.
const LAST_BLOCKS: usize = 64;

thread_local! {
    static DECODER: RefCell<Option<Decompress>> = const { RefCell::new(None) };
}

/// That messages may be compressed, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deflate {
    /// The client reads back no further than two to this power, in bytes; it has said so if it is not 15.
    window_bits: u8,
}

impl Deflate {
    /// Agrees to the first of a client's offers that can be agreed to, given its `Sec-WebSocket-Extensions`; with what
    /// the header of the answer says. Names that are none of these are other extensions.
    ///
    /// ```
    /// use meadow_protocol::websocket::Deflate;
    ///
    /// let (_, answer) = Deflate::negotiate("permessage-deflate; client_max_window_bits").expect("as browsers offer it");
    /// assert_eq!(answer, "permessage-deflate; server_no_context_takeover; client_no_context_takeover");
    /// assert_eq!(Deflate::negotiate("x-webkit-deflate-frame"), None);
    /// ```
    pub fn negotiate(offers: &str) -> Option<(Deflate, String)> {
        offers.split(',').find_map(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let is_ours = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("permessage-deflate"));
            let deflate = is_ours.then(|| Deflate::agree(parts)).flatten()?;
            let mut answer =
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover".to_owned();
            if deflate.window_bits != 15 {
                answer.push_str(&format!("; server_max_window_bits={}", deflate.window_bits));
            }
            Some((deflate, answer))
        })
    }

    /// An offer with a parameter that is unknown, twice there, or of a wrong value is declined (section 7).
    fn agree<'a>(parameters: impl Iterator<Item = &'a str>) -> Option<Deflate> {
        let mut deflate = Deflate { window_bits: 15 };
        let mut seen: Vec<&str> = Vec::new();
        for parameter in parameters {
            let (name, value) = match parameter.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
                None => (parameter, None),
            };
            if seen.contains(&name) {
                return None;
            }
            seen.push(name);
            let bits =
                value.and_then(|value| value.parse::<u8>().ok()).filter(|bits| (8..=15).contains(bits));
            match (name, value, bits) {
                ("server_no_context_takeover" | "client_no_context_takeover", None, _) => {}
                ("client_max_window_bits", None, _) | ("client_max_window_bits", _, Some(_)) => {}
                ("server_max_window_bits", _, Some(bits)) => deflate.window_bits = bits,
                _ => return None,
            }
        }
        Some(deflate)
    }

    /// A message compressed, if that makes it shorter.
    pub(super) fn deflate(self, plain: &[u8]) -> Option<Vec<u8>> {
        // What is no longer than the window can't refer to what is outside of it.
        if plain.len() < COMPRESSED_FROM || self.window_bits < 15 && plain.len() > 1 << self.window_bits {
            return None;
        }
        let mut packed = deflate_alone(plain);
        if packed.ends_with(&TAIL) {
            packed.truncate(packed.len() - TAIL.len());
        }
        (packed.len() < plain.len()).then_some(packed)
    }
}

/// What a compressed message was, which may not be longer than `limit` bytes.
pub(super) fn inflate(packed: &[u8], limit: usize) -> Result<Vec<u8>, WebsocketError> {
    DECODER.with_borrow_mut(|decoder| {
        let decoder = decoder.get_or_insert_with(|| Decompress::new(false));
        decoder.reset(false);
        let mut plain = Vec::new();
        let mut last_blocks = 0;
        for mut rest in [packed, &TAIL[..]] {
            loop {
                if plain.len() > limit {
                    return Err(WebsocketError::TooLong);
                }
                plain.reserve(STEP.min(limit + 1 - plain.len()));
                let (read, written) = (decoder.total_in(), plain.len());
                let status = decoder.decompress_vec(rest, &mut plain, FlushDecompress::Sync);
                // No more than the length of `rest`.
                let read = (decoder.total_in() - read) as usize;
                rest = &rest[read..];
                match status {
                    Err(_) => return Err(WebsocketError::Damaged),
                    // A last block need not be the last (section 7.2.3.4).
                    Ok(Status::StreamEnd) if last_blocks < LAST_BLOCKS => {
                        last_blocks += 1;
                        decoder.reset(false);
                    }
                    Ok(Status::StreamEnd) => return Err(WebsocketError::Damaged),
                    Ok(_) if read == 0 && plain.len() == written => break,
                    Ok(_) => {}
                }
                if rest.is_empty() && plain.len() < plain.capacity() {
                    break;
                }
            }
            if !rest.is_empty() {
                return Err(WebsocketError::Damaged);
            }
        }
        if plain.len() > limit { Err(WebsocketError::TooLong) } else { Ok(plain) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A last block with nothing in it, by the fixed codes (RFC 1951, section 3.2.6).
    const LAST_BLOCK: [u8; 2] = [0x03, 0x00];

    #[test]
    fn a_message_has_only_so_many_last_blocks() {
        assert_eq!(inflate(&LAST_BLOCK.repeat(LAST_BLOCKS), 1024), Ok(Vec::new()));
        assert_eq!(inflate(&LAST_BLOCK.repeat(32 * 1024), 64 * 1024), Err(WebsocketError::Damaged));
    }
}
