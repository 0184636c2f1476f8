//! What the other end of the link says, from the bytes of its socket to messages. The Portal's and the
//! Server's end of the link each own one.

use std::collections::{HashMap, VecDeque};

use bytes::{Buf, Bytes};

use crate::SessionId;

use super::{
    AmpBox, Answer, Ask, BoxReader, Codec, CodecError, Command, ErrorCode, FrameError, HandshakeError, Hello,
    LauncherRequest, LinkMessage,
    native::Decoder,
    packed::{PACKED_DATA, inflate, join},
    pickle,
};

/// What came over a link.
#[derive(Debug, Clone, PartialEq)]
pub enum Incoming<M> {
    /// The peer introduces itself. Compare with [`check`](super::check), then [`LinkReader::settle`]; until
    /// then its messages are refused.
    Hello(Hello),
    /// The peer is a process of Evennia: it began without a `Hello`. Its messages follow, in the pickle codec,
    /// which is settled now. (Whoever does not want such a peer closes the connection.)
    Evennia,
    /// A message.
    Message(M),
    /// The messages since the last of these came in one box whose sender waits for
    /// [`LinkWriter::answer`](super::LinkWriter::answer). Only Evennia's processes do.
    Asked(Ask),
    /// The launcher wants something.
    Launcher(LauncherRequest),
    /// The peer's answer to something that this end asked.
    Answer(Answer),
    /// A box that is not acted on. The connection goes on.
    Refused(Refused),
}

/// A box that is not acted on.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// What to tell the peer, if it waits for an answer.
    pub answer: Option<AmpBox>,
    /// Why, for the log.
    pub reason: RefusedReason,
}

/// Why a box is not acted on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedReason {
    /// A command that Meadow does not have. Evennia's `FunctionCall` is among them: it would let a peer run
    /// any code.
    #[error("Unhandled Command: '{0}'")]
    UnknownCommand(String),
    /// The payload makes no sense.
    #[error(transparent)]
    Payload(#[from] CodecError),
}

/// Why a connection must be closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The stream is not a stream of boxes.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The peer's `Hello` is unusable, or it has turned this process away.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// A message of Meadow's own that cannot be read; what follows it cannot either.
    #[error("a broken message: {0}")]
    Codec(#[from] CodecError),
    /// Messages before the handshake was settled, or a second `Hello`.
    #[error("{0} at this point of the handshake")]
    Order(&'static str),
}

/// Reads messages, and what else comes between them.
///
/// Call [`LinkReader::next`] until it gives `None` after each [`LinkReader::feed`].
#[derive(Debug)]
pub struct LinkReader<M> {
    frames: BoxReader,
    codec: Option<Codec>,
    greeted: bool,
    /// Native: what has not been read of the last box, and that box's command.
    payload: Bytes,
    command: Command,
    ready: VecDeque<Incoming<M>>,
    /// Pickle: how many inputs each session has sent, because Evennia's Portal does not number them.
    inputs: HashMap<SessionId, u64>,
}

impl<M: LinkMessage> Default for LinkReader<M> {
    fn default() -> LinkReader<M> {
        LinkReader::new()
    }
}

impl<M: LinkMessage> LinkReader<M> {
    /// A reader of a fresh connection whose peer is not known yet.
    pub fn new() -> LinkReader<M> {
        LinkReader {
            frames: BoxReader::new(),
            codec: None,
            greeted: false,
            payload: Bytes::new(),
            command: M::ADMIN,
            ready: VecDeque::new(),
            inputs: HashMap::new(),
        }
    }

    /// The handshake is done; messages follow in this codec. A Server that is configured to stand behind
    /// Evennia's Portal calls this at once, with [`Codec::Pickle`], and sends no `Hello`.
    pub fn settle(&mut self, codec: Codec) {
        self.codec = Some(codec);
    }

    /// The codec, once it is settled.
    pub fn codec(&self) -> Option<Codec> {
        self.codec
    }

    /// Takes over bytes of the stream.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.frames.feed(bytes);
    }

    /// How many bytes wait for the rest of their box.
    pub fn buffered(&self) -> usize {
        self.frames.buffered()
    }

    /// The next thing that came, or `None` when more bytes are needed.
    ///
    /// # Errors
    /// The connection is of no use any more and is to be closed.
    #[allow(clippy::should_implement_trait, reason = "fallible, and None is not the end")]
    pub fn next(&mut self) -> Result<Option<Incoming<M>>, LinkError> {
        loop {
            if let Some(incoming) = self.ready.pop_front() {
                return Ok(Some(incoming));
            }
            if !self.payload.is_empty() {
                return self.next_native().map(Some);
            }
            let Some(amp_box) = self.frames.next()? else { return Ok(None) };
            self.open(amp_box)?;
        }
    }

    /// The next message of the native box that is being read.
    fn next_native(&mut self) -> Result<Incoming<M>, LinkError> {
        let mut from = Decoder::new(&self.payload);
        let message = M::decode(&mut from)?;
        let read = self.payload.len() - from.remaining();
        if message.command() != self.command {
            return Err(CodecError::WrongBox(self.command.name()).into());
        }
        self.payload.advance(read);
        Ok(Incoming::Message(message))
    }

    /// Looks at a box and makes ready what is in it.
    fn open(&mut self, amp_box: AmpBox) -> Result<(), LinkError> {
        if Hello::is(&amp_box) {
            if std::mem::replace(&mut self.greeted, true) {
                return Err(LinkError::Order("a second Hello"));
            }
            self.ready.push_back(Incoming::Hello(Hello::from_box(&amp_box)?));
            return Ok(());
        }
        if let Some(command) = M::command_of(&amp_box) {
            return self.open_messages(command, &amp_box);
        }
        let codec = if self.greeted { Codec::Native } else { Codec::Pickle };
        match LauncherRequest::from_box(&amp_box, codec) {
            Ok(Some(request)) => self.ready.push_back(Incoming::Launcher(request)),
            Ok(None) => self.open_other(amp_box),
            Err(error) => self.refuse(&amp_box, error.into()),
        }
        Ok(())
    }

    fn open_messages(&mut self, command: Command, amp_box: &AmpBox) -> Result<(), LinkError> {
        let codec = match self.codec {
            Some(codec) => codec,
            None if self.greeted || command != M::ADMIN => return Err(LinkError::Order("messages")),
            None => {
                self.codec = Some(Codec::Pickle);
                self.ready.push_back(Incoming::Evennia);
                Codec::Pickle
            }
        };
        if codec == Codec::Native {
            self.payload = join(amp_box, PACKED_DATA)?;
            self.command = command;
            return Ok(());
        }
        match unpickle::<M>(command, amp_box) {
            Ok(messages) => {
                for mut message in messages {
                    message.number_input(&mut self.inputs);
                    self.ready.push_back(Incoming::Message(message));
                }
                self.ready.extend(Ask::of(amp_box).map(Incoming::Asked));
            }
            Err(error) => self.refuse(amp_box, error.into()),
        }
        Ok(())
    }

    /// An answer, or nothing that is known.
    fn open_other(&mut self, amp_box: AmpBox) {
        match Answer::from_box(amp_box) {
            Ok(answer) => self.ready.push_back(Incoming::Answer(answer)),
            Err(amp_box) => {
                let name = amp_box.value("_command").map_or(&b""[..], |name| &name[..]);
                let name = name.escape_ascii().to_string();
                self.refuse(&amp_box, RefusedReason::UnknownCommand(name));
            }
        }
    }

    fn refuse(&mut self, amp_box: &AmpBox, reason: RefusedReason) {
        let code = match reason {
            RefusedReason::UnknownCommand(_) => ErrorCode::Unhandled,
            RefusedReason::Payload(_) => ErrorCode::Exception,
        };
        let answer = Ask::of(amp_box).map(|ask| ask.error(code, &reason.to_string()));
        self.ready.push_back(Incoming::Refused(Refused { answer, reason }));
    }
}

fn unpickle<M: LinkMessage>(command: Command, amp_box: &AmpBox) -> Result<Vec<M>, CodecError> {
    M::from_pickle(command, pickle::decode(&inflate(amp_box)?)?)
}
