//! What waits for one client. `PortalSession` fills it; whoever can write to the socket empties it.

use std::collections::VecDeque;

use bytes::BytesMut;
use meadow_protocol::{Outbox, Transport};

/// What waits for the client.
pub(crate) enum Out {
    /// Bytes of a stream, and how many at their end are fresh: not yet in the form that goes over the wire.
    Stream(BytesMut, usize),
    /// Whole messages, and their bytes together.
    Messages(VecDeque<Message>, usize),
}

/// One message of a message transport.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    Text(String),
    Binary(Vec<u8>),
}

impl Out {
    /// Nothing, in the form that a transport takes.
    pub(crate) fn new(transport: Transport) -> Out {
        match transport {
            Transport::Stream => Out::Stream(BytesMut::new(), 0),
            Transport::Messages => Out::Messages(VecDeque::new(), 0),
        }
    }

    /// Bytes that wait.
    pub(crate) fn len(&self) -> usize {
        match self {
            Out::Stream(bytes, _) => bytes.len(),
            Out::Messages(_, bytes) => *bytes,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Out::Stream(bytes, _) => bytes.is_empty(),
            Out::Messages(messages, _) => messages.is_empty(),
        }
    }

    /// How many bytes of a stream are fresh.
    pub(crate) fn fresh(&self) -> usize {
        match self {
            Out::Stream(_, fresh) => *fresh,
            Out::Messages(..) => 0,
        }
    }

    /// The next whole message.
    pub(crate) fn next_message(&mut self) -> Option<Message> {
        let Out::Messages(messages, bytes) = self else { return None };
        let Some(message) = messages.pop_front() else {
            *messages = VecDeque::new();
            return None;
        };
        *bytes -= message.len();
        Some(message)
    }

    /// Forgets it.
    pub(crate) fn clear(&mut self) {
        match self {
            Out::Stream(bytes, fresh) => (*bytes, *fresh) = (BytesMut::new(), 0),
            Out::Messages(messages, bytes) => (*messages, *bytes) = (VecDeque::new(), 0),
        }
    }

    /// Adds what a protocol has left.
    pub(crate) fn append(&mut self, outbox: &Outbox) {
        match self {
            Out::Stream(bytes, fresh) => {
                bytes.extend_from_slice(outbox.bytes());
                *fresh += outbox.bytes().len();
            }
            Out::Messages(messages, total) => {
                for (bytes, binary) in outbox.messages() {
                    *total += bytes.len();
                    messages.push_back(match std::str::from_utf8(bytes) {
                        Ok(text) if !binary => Message::Text(text.to_owned()),
                        _ => Message::Binary(bytes.to_vec()),
                    });
                }
            }
        }
    }
}

impl Message {
    /// Its bytes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Message::Text(text) => text.len(),
            Message::Binary(bytes) => bytes.len(),
        }
    }
}
