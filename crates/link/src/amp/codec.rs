//! The two ways to write the link's messages, and what a message must know of itself for both.
//! Used by the link's reader and writer.

use std::collections::HashMap;

use crate::{SessionId, ToPortal, ToServer};

use super::{
    AmpBox, FrameError,
    native::{Decoder, Encoder},
    pickle::{PickleError, PyValue},
};

/// How the payload of a box is written. Settled by the handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Codec {
    /// Tags and varints, many messages a box, no answers: between Meadow's own processes.
    #[default]
    Native,
    /// Compressed pickles of builtin types, one message a box, each answered: with Evennia's processes.
    Pickle,
}

impl Codec {
    /// The name in the handshake.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Native => "native",
            Codec::Pickle => "pickle",
        }
    }

    /// The codec of this name.
    pub fn from_name(name: &str) -> Option<Codec> {
        [Codec::Native, Codec::Pickle].into_iter().find(|codec| codec.name() == name)
    }
}

/// The AMP command of a box that carries messages of the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Input from sessions.
    MsgPortal2Server,
    /// Everything else that the Portal tells the Server.
    AdminPortal2Server,
    /// Output to sessions.
    MsgServer2Portal,
    /// Everything else that the Server tells the Portal.
    AdminServer2Portal,
}

impl Command {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Command::MsgPortal2Server => "MsgPortal2Server",
            Command::AdminPortal2Server => "AdminPortal2Server",
            Command::MsgServer2Portal => "MsgServer2Portal",
            Command::AdminServer2Portal => "AdminServer2Portal",
        }
    }
}

/// Why a message cannot be written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The bytes end within a message.
    #[error("the message is cut off")]
    Truncated,
    /// A tag that means nothing here.
    #[error("{tag:#04x} is no known tag of {what}")]
    UnknownTag {
        /// What the tag should have told: a message, a value ...
        what: &'static str,
        /// The tag.
        tag: u8,
    },
    /// A number that does not fit what it counts or names.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
    /// Text that is not UTF-8.
    #[error("text that is not UTF-8")]
    Utf8,
    /// Lists and maps within one another, too many times.
    #[error("values are nested too deep")]
    TooDeep,
    /// A message, or what it inflates to, is larger than a box may hold.
    #[error("a message is too long for a box")]
    TooLong,
    /// A message that does not belong into a box of this command.
    #[error("a message of another kind in a box {0}")]
    WrongBox(&'static str),
    /// A box without `packed_data`.
    #[error("a box without a payload")]
    NoPayload,
    /// Compressed data is broken.
    #[error("the payload does not inflate")]
    Inflate,
    /// The pickle is broken, or not plain data.
    #[error(transparent)]
    Pickle(#[from] PickleError),
    /// Plain data, but not what Evennia's processes send.
    #[error("not a message of Evennia's: {0}")]
    Form(&'static str),
    /// An operation code that is not Evennia's.
    #[error("operation {0} not recognized")]
    UnknownOperation(u32),
    /// Evennia has no such message.
    #[error("{0} cannot be told to a process of Evennia")]
    NoPickleForm(&'static str),
    /// The box cannot be written.
    #[error(transparent)]
    Frame(#[from] FrameError),
}

/// What one end of the link tells the other: [`ToServer`] or [`ToPortal`].
pub trait LinkMessage: Sized + sealed::Sealed {
    /// The command of the boxes that hold input or output.
    const MSG: Command;
    /// The command of the boxes that hold everything else.
    const ADMIN: Command;

    /// The command of the box that this message belongs into.
    fn command(&self) -> Command;

    /// Writes the message in the native form.
    ///
    /// # Errors
    /// Values that are nested too deep.
    fn encode(&self, to: &mut Encoder<'_>) -> Result<(), CodecError>;

    /// Reads one message in the native form.
    ///
    /// # Errors
    /// Bytes that are not such a message.
    fn decode(from: &mut Decoder<'_>) -> Result<Self, CodecError>;

    /// The payloads by which Evennia's processes are told this: none, one, or one for each session.
    ///
    /// # Errors
    /// Evennia has nothing of this kind.
    fn to_pickle(&self) -> Result<Vec<PyValue>, CodecError>;

    /// Reads a payload of a process of Evennia: often one message, several if it holds several commandtuples.
    ///
    /// # Errors
    /// The payload is not what `command` says.
    fn from_pickle(command: Command, payload: PyValue) -> Result<Vec<Self>, CodecError>;

    /// The session and number of an input: what the peer's answer acknowledges.
    fn input(&self) -> Option<(SessionId, u64)> {
        None
    }

    /// Numbers an input, for a peer that does not number them itself. `counts` holds how many each session
    /// has sent.
    fn number_input(&mut self, _counts: &mut HashMap<SessionId, u64>) {}

    /// The command of a box, if messages of this direction are in it.
    fn command_of(amp_box: &AmpBox) -> Option<Command> {
        let name = amp_box.value("_command")?;
        [Self::MSG, Self::ADMIN].into_iter().find(|command| name == command.name())
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::ToServer {}
    impl Sealed for super::ToPortal {}
}
