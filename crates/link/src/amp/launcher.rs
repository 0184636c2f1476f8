//! What the launcher and the Portal say to each other: Evennia's `MsgLauncher2Portal` and `MsgStatus`.
//! The Portal's link gets [`LauncherRequest`]s from its reader; the launcher drives a [`LauncherClient`].

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Kwargs;

use super::{
    AmpBox, Answer, Ask, AskCounter, BoxReader, Codec, CodecError, Hello, LinkError, RemoteError, Settled,
    check,
    packed::{join, split},
    pickle::{self, PyValue},
};

const OPERATION: &str = "MsgLauncher2Portal";
const STATUS: &str = "MsgStatus";

/// What the Portal is to do. The numbers are Evennia's operation codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// \[SRELOAD\] Start the Server anew, players stay.
    Reload = 14,
    /// \[SSTART\] Start the Server.
    Start = 15,
    /// \[PSHUTD\] Stop everything.
    Shutdown = 16,
    /// \[SSHUTD\] Stop the Server, the Portal stays.
    ShutdownServer = 17,
    /// \[SRESET\] Start the Server anew, and cold; players stay.
    Reset = 19,
    /// Meadow's own: a question whose answer is a map, `{"op": ..., ...}`.
    Control = 64,
}

impl Operation {
    const ALL: [Operation; 6] = [
        Operation::Reload,
        Operation::Start,
        Operation::Shutdown,
        Operation::ShutdownServer,
        Operation::Reset,
        Operation::Control,
    ];

    /// The code on the wire.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The operation of this code.
    pub fn from_code(code: u8) -> Option<Operation> {
        Operation::ALL.into_iter().find(|operation| operation.code() == code)
    }
}

/// What the launcher says.
#[derive(Debug, Clone, PartialEq)]
pub enum LauncherMessage {
    /// How are you?
    Status,
    /// Do this.
    Operation {
        /// What.
        operation: Operation,
        /// With what. Evennia's `SSTART` carries a list of words, which is found under `argv`.
        arguments: Kwargs,
    },
}

impl LauncherMessage {
    /// The box that asks this.
    ///
    /// # Errors
    /// Arguments that the pickle codec cannot write.
    pub fn to_box(&self, ask: &Ask, codec: Codec) -> Result<AmpBox, CodecError> {
        let request = AmpBox::new().with("_ask", ask.bytes());
        let LauncherMessage::Operation { operation, arguments } = self else {
            return Ok(request.with("_command", STATUS).with("status", ""));
        };
        let mut request = request.with("_command", OPERATION).with("operation", vec![operation.code()]);
        // Evennia's arguments are the list itself.
        let value = match arguments.get("argv") {
            Some(argv) if codec == Codec::Pickle => argv.clone(),
            _ => Value::Object(arguments.clone()),
        };
        split(write_value(&value, codec)?, "arguments", &mut request);
        Ok(request)
    }

    /// Reads a request; `None` if the box is none of the launcher's.
    ///
    /// # Errors
    /// The operation or its arguments make no sense.
    pub fn from_box(amp_box: &AmpBox) -> Result<Option<LauncherMessage>, CodecError> {
        match amp_box.text("_command") {
            Some(STATUS) => Ok(Some(LauncherMessage::Status)),
            Some(OPERATION) => {
                let code = amp_box.value("operation").map(|code| &code[..]);
                let &[code] = code.unwrap_or_default() else {
                    return Err(CodecError::Form("an operation is one byte"));
                };
                let operation =
                    Operation::from_code(code).ok_or(CodecError::UnknownOperation(code.into()))?;
                let arguments = match read_value(&join(amp_box, "arguments")?)? {
                    Value::Object(arguments) => arguments,
                    Value::Null => Kwargs::new(),
                    argv => Kwargs::from_iter([("argv".to_owned(), argv)]),
                };
                Ok(Some(LauncherMessage::Operation { operation, arguments }))
            }
            _ => Ok(None),
        }
    }
}

/// A request of the launcher, as the Portal gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct LauncherRequest {
    /// The tag, if an answer is wanted.
    pub ask: Option<Ask>,
    /// What is asked.
    pub message: LauncherMessage,
    /// How the launcher reads the answer: one that began with a `Hello` reads JSON, Evennia's a pickle.
    pub codec: Codec,
}

impl LauncherRequest {
    /// Reads a request; `None` if the box is none of the launcher's.
    ///
    /// # Errors
    /// The operation or its arguments make no sense.
    pub fn from_box(amp_box: &AmpBox, codec: Codec) -> Result<Option<LauncherRequest>, CodecError> {
        let message = LauncherMessage::from_box(amp_box)?;
        Ok(message.map(|message| LauncherRequest { ask: Ask::of(amp_box), message, codec }))
    }

    /// The box that answers this request; `None` if no answer is wanted.
    ///
    /// # Errors
    /// The answer cannot be written in the launcher's codec.
    pub fn reply(&self, reply: &LauncherReply) -> Result<Option<AmpBox>, CodecError> {
        let Some(ask) = &self.ask else { return Ok(None) };
        let mut answer = ask.answer();
        match reply {
            LauncherReply::Done => {}
            LauncherReply::Status(status) => split(status.write(self.codec)?, "status", &mut answer),
            LauncherReply::Control(map) => {
                split(write_value(&Value::Object(map.clone()), self.codec)?, "reply", &mut answer);
            }
            LauncherReply::Refused(error) => answer = ask.error(error.code, &error.description),
        }
        Ok(Some(answer))
    }
}

/// What the Portal answers.
#[derive(Debug, Clone, PartialEq)]
pub enum LauncherReply {
    /// It is done, or will be.
    Done,
    /// How things are.
    Status(Status),
    /// The answer to [`Operation::Control`].
    Control(Kwargs),
    /// No, and why.
    Refused(RemoteError),
}

/// How Portal and Server are: Evennia's status tuple.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Status {
    /// Whether a Server is linked.
    pub server_connected: bool,
    /// The Portal's process.
    pub portal_pid: u32,
    /// The Server's process, if one was started.
    pub server_pid: Option<u32>,
    /// What the launcher shows of the Portal: `servername`, `version`, `telnet` ...
    pub portal_info: Kwargs,
    /// What the launcher shows of the Server.
    pub server_info: Kwargs,
}

impl Status {
    /// The box by which the Portal tells a launcher, unasked, that the status has changed.
    ///
    /// # Errors
    /// The status cannot be written in this codec.
    pub fn push(&self, ask: &Ask, codec: Codec) -> Result<AmpBox, CodecError> {
        let mut pushed = AmpBox::new().with("_ask", ask.bytes()).with("_command", STATUS);
        split(self.write(codec)?, "status", &mut pushed);
        Ok(pushed)
    }

    /// The status in a pushed box or in an answer.
    ///
    /// # Errors
    /// There is none, or it makes no sense.
    pub fn from_box(amp_box: &AmpBox) -> Result<Status, CodecError> {
        const WRONG: CodecError = CodecError::Form("a status is (True, bool, pid, pid, dict, dict)");
        let mut value = read_value(&join(amp_box, "status")?)?;
        if let Some([_, server_connected, portal_pid, server_pid, portal_info, server_info]) =
            value.as_array_mut().and_then(|items| items.get_disjoint_mut([0, 1, 2, 3, 4, 5]).ok())
        {
            let mut map = Kwargs::new();
            map.insert("server_connected".to_owned(), server_connected.take());
            map.insert("portal_pid".to_owned(), portal_pid.take());
            map.insert("server_pid".to_owned(), server_pid.take());
            map.insert("portal_info".to_owned(), portal_info.take());
            map.insert("server_info".to_owned(), server_info.take());
            value = Value::Object(map);
        }
        serde_json::from_value(value).map_err(|_| WRONG)
    }

    fn write(&self, codec: Codec) -> Result<Vec<u8>, CodecError> {
        match codec {
            Codec::Native => write_value(&serde_json::to_value(self).unwrap_or_default(), codec),
            Codec::Pickle => pickle::encode(&pickle::status(self)).map_err(Into::into),
        }
    }
}

/// What the launcher hears.
#[derive(Debug, Clone, PartialEq)]
pub enum LauncherEvent {
    /// The Portal has said its `Hello`, and fits.
    Hello(Settled),
    /// The answer to a request.
    Reply(Ask, LauncherReply),
    /// The Portal tells, unasked, that the status has changed.
    Pushed(Status),
}

/// The launcher's end of the link, for a blocking socket: it makes the bytes to write, and is fed those
/// that were read.
#[derive(Debug)]
pub struct LauncherClient {
    ours: Hello,
    frames: BoxReader,
    asks: AskCounter,
}

impl LauncherClient {
    /// A client that says this `Hello`; write [`LauncherClient::hello`] first of all.
    pub fn new(ours: Hello) -> LauncherClient {
        LauncherClient { ours, frames: BoxReader::new(), asks: AskCounter::default() }
    }

    /// The bytes of the `Hello`.
    ///
    /// # Errors
    /// A name or secret too long for a box.
    pub fn hello(&self) -> Result<Bytes, CodecError> {
        bytes_of(&self.ours.to_box())
    }

    /// The bytes of a request, and the tag that its reply will have.
    ///
    /// # Errors
    /// Arguments too long for a box.
    pub fn request(&mut self, message: &LauncherMessage) -> Result<(Ask, Bytes), CodecError> {
        let ask = self.asks.ask();
        let bytes = bytes_of(&message.to_box(&ask, Codec::Native)?)?;
        Ok((ask, bytes))
    }

    /// Takes over bytes that were read.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.frames.feed(bytes);
    }

    /// The next thing that the Portal said, or `None` when more bytes are needed.
    ///
    /// # Errors
    /// The peer is no Portal of this version, or turns the launcher away.
    #[allow(clippy::should_implement_trait, reason = "fallible, and None is not the end")]
    pub fn next(&mut self) -> Result<Option<LauncherEvent>, LinkError> {
        while let Some(amp_box) = self.frames.next()? {
            if Hello::is(&amp_box) {
                let settled = check(&Hello::from_box(&amp_box)?, &self.ours)?;
                return Ok(Some(LauncherEvent::Hello(settled)));
            }
            match Answer::from_box(amp_box) {
                Ok(answer) => return Ok(Some(LauncherEvent::Reply(answer.ask.clone(), read_reply(answer)?))),
                Err(other) if other.text("_command") == Some(STATUS) => {
                    return Ok(Some(LauncherEvent::Pushed(Status::from_box(&other)?)));
                }
                // What a Portal tells a launcher grows; what is not known is not for this one.
                Err(_) => {}
            }
        }
        Ok(None)
    }
}

fn read_reply(answer: Answer) -> Result<LauncherReply, CodecError> {
    let results = match answer.result {
        Ok(results) => results,
        Err(error) => return Ok(LauncherReply::Refused(error)),
    };
    if results.value("status").is_some() {
        return Status::from_box(&results).map(LauncherReply::Status);
    }
    if results.value("reply").is_none() {
        return Ok(LauncherReply::Done);
    }
    match read_value(&join(&results, "reply")?)? {
        Value::Object(reply) => Ok(LauncherReply::Control(reply)),
        _ => Err(CodecError::Form("a reply is a map")),
    }
}

fn bytes_of(amp_box: &AmpBox) -> Result<Bytes, CodecError> {
    let mut out = BytesMut::new();
    amp_box.write(&mut out)?;
    Ok(out.freeze())
}

fn write_value(value: &Value, codec: Codec) -> Result<Vec<u8>, CodecError> {
    match codec {
        Codec::Native => serde_json::to_vec(value).map_err(|_| CodecError::Form("not JSON")),
        Codec::Pickle => Ok(pickle::encode(&PyValue::from(value))?),
    }
}

/// Reads JSON, or a pickle, which begins with a byte that no JSON begins with.
fn read_value(bytes: &[u8]) -> Result<Value, CodecError> {
    match bytes.first() {
        None => Ok(Value::Null),
        Some(0x80) => Ok(pickle::decode(bytes)?.into_json()),
        Some(_) => serde_json::from_slice(bytes).map_err(|_| CodecError::Form("neither JSON nor a pickle")),
    }
}
