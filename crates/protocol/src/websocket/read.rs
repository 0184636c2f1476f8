//! Bytes of a client to messages. The Portal hands over what came, and takes messages while there are any.

use bytes::{Buf as _, BytesMut};

use super::{
    CONTROL_LIMIT, FIN, OPCODE, RSV, RSV1, WebsocketError,
    deflate::{Deflate, inflate},
    opcode::{BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT},
};

/// The second byte of a frame: it is masked.
const MASKED: u8 = 0x80;
/// Lengths that stand for "the next two, or eight, bytes say".
const LENGTH_16: u8 = 126;
const LENGTH_64: u8 = 127;

/// What a client has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// A text.
    Text(String),
    /// A message of bytes.
    Binary(Vec<u8>),
    /// It wants a pong with this payload.
    Ping(Vec<u8>),
    /// It answers a ping.
    Pong(Vec<u8>),
    /// It goes, with this code if it says one.
    Close(Option<u16>),
}

/// Reads one client.
#[derive(Debug)]
pub struct FrameReader {
    /// Longest message, in bytes, as it was before it was compressed.
    limit: usize,
    deflate: Option<Deflate>,
    /// A message whose last frame has not come.
    begun: Option<Box<Message>>,
}

#[derive(Debug)]
struct Message {
    is_text: bool,
    is_compressed: bool,
    payload: Vec<u8>,
}

/// What the begin of a frame says.
struct Header {
    first: u8,
    mask: [u8; 4],
    /// Of the header.
    length: usize,
    payload: usize,
}

impl FrameReader {
    /// A client that has sent nothing yet, whose messages may have `limit` bytes.
    pub fn new(limit: usize, deflate: Option<Deflate>) -> FrameReader {
        FrameReader { limit, deflate, begun: None }
    }

    /// Takes the next message out of what came; none until the rest of it is there.
    ///
    /// # Errors
    /// The client does not speak as it should, and can't be read any further.
    pub fn next(&mut self, wire: &mut BytesMut) -> Result<Option<Received>, WebsocketError> {
        while let Some(header) = self.header(wire)? {
            if wire.len() < header.length + header.payload {
                return Ok(None);
            }
            wire.advance(header.length);
            let mut payload = wire.split_to(header.payload).to_vec();
            if wire.is_empty() {
                *wire = BytesMut::new();
            }
            for (byte, mask) in payload.iter_mut().zip(header.mask.iter().cycle()) {
                *byte ^= mask;
            }
            match header.first & OPCODE {
                PING => return Ok(Some(Received::Ping(payload))),
                PONG => return Ok(Some(Received::Pong(payload))),
                CLOSE => return closed(&payload).map(Some),
                opcode => {
                    if let Some(received) = self.data(header.first, opcode, payload)? {
                        return Ok(Some(received));
                    }
                }
            }
        }
        Ok(None)
    }

    /// The header of the next frame, once it is there. What can't be is an error before its payload has come.
    fn header(&self, wire: &[u8]) -> Result<Option<Header>, WebsocketError> {
        let Some(&[first, second]) = wire.first_chunk() else { return Ok(None) };
        self.check(first, second)?;
        let (length, payload) = match second & !MASKED {
            LENGTH_16 => match wire.get(2..).and_then(<[u8]>::first_chunk) {
                Some(bytes) => (4, u64::from(u16::from_be_bytes(*bytes))),
                None => return Ok(None),
            },
            LENGTH_64 => match wire.get(2..).and_then(<[u8]>::first_chunk) {
                Some(bytes) => (10, u64::from_be_bytes(*bytes)),
                None => return Ok(None),
            },
            short => (2, u64::from(short)),
        };
        // By its value: there are clients that write short lengths in the long form.
        let had = self.begun.as_ref().map_or(0, |begun| begun.payload.len());
        let (limit, error) = match first & OPCODE {
            CLOSE | PING | PONG => (CONTROL_LIMIT, WebsocketError::Protocol("a control frame is too long")),
            _ => (self.limit.saturating_sub(had), WebsocketError::TooLong),
        };
        let payload = usize::try_from(payload).ok().filter(|payload| *payload <= limit).ok_or(error)?;
        let Some(mask) = wire.get(length..).and_then(<[u8]>::first_chunk) else { return Ok(None) };
        Ok(Some(Header { first, mask: *mask, length: length + mask.len(), payload }))
    }

    /// The rules of RFC 6455, sections 5.1 to 5.5, and RFC 7692, section 6.
    fn check(&self, first: u8, second: u8) -> Result<(), WebsocketError> {
        let opcode = first & OPCODE;
        let broken = match opcode {
            _ if second & MASKED == 0 => Some("it is not masked"),
            _ if first & RSV != 0 => Some("a reserved bit is set"),
            CLOSE | PING | PONG if first & FIN == 0 => Some("a control frame comes in parts"),
            CLOSE | PING | PONG | CONTINUATION if first & RSV1 != 0 => Some("it can't be compressed"),
            CLOSE | PING | PONG => None,
            TEXT | BINARY if self.begun.is_some() => Some("the message before it has not ended"),
            TEXT | BINARY if first & RSV1 != 0 && self.deflate.is_none() => {
                Some("compression was not agreed on")
            }
            TEXT | BINARY => None,
            CONTINUATION if self.begun.is_none() => Some("it goes on with nothing"),
            CONTINUATION => None,
            _ => Some("there is no such opcode"),
        };
        broken.map_or(Ok(()), |why| Err(WebsocketError::Protocol(why)))
    }

    /// A frame of a message; the message, if it is the last.
    fn data(&mut self, first: u8, opcode: u8, payload: Vec<u8>) -> Result<Option<Received>, WebsocketError> {
        let mut message = match self.begun.take() {
            Some(mut message) => {
                message.payload.extend_from_slice(&payload);
                message
            }
            None => Box::new(Message { is_text: opcode == TEXT, is_compressed: first & RSV1 != 0, payload }),
        };
        if first & FIN == 0 {
            self.begun = Some(message);
            return Ok(None);
        }
        if message.is_compressed {
            message.payload = inflate(&message.payload, self.limit)?;
        }
        Ok(Some(match message.is_text {
            true => Received::Text(String::from_utf8(message.payload).map_err(|_| WebsocketError::NotUtf8)?),
            false => Received::Binary(message.payload),
        }))
    }
}

/// A close has no payload, or a code and a reason (RFC 6455, sections 5.5.1 and 7.4).
fn closed(payload: &[u8]) -> Result<Received, WebsocketError> {
    let Some((code, reason)) = payload.split_first_chunk() else {
        return match payload {
            [] => Ok(Received::Close(None)),
            _ => Err(WebsocketError::Protocol("half of a close code")),
        };
    };
    let code = u16::from_be_bytes(*code);
    if !matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999) {
        return Err(WebsocketError::Protocol("there is no such close code"));
    }
    std::str::from_utf8(reason).map_err(|_| WebsocketError::NotUtf8)?;
    Ok(Received::Close(Some(code)))
}
