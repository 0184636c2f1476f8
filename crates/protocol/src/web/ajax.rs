//! Browsers without websockets: Evennia's AJAX requests, and streams of events. The messages are those of
//! `v1.evennia.com`; requests of one session are joined by a [`SessionToken`]. The Portal's web server reads
//! requests with [`Request::parse`], hands their messages to [`Ajax`] and keeps its answers in a
//! [`Mailbox`](super::Mailbox).
//!
//! | mode | what it asks for |
//! |---|---|
//! | `init` | a session; the answer has its token as `csessid`, which every other request names |
//! | `receive` | the next message, or with `batch=1` an array of all that wait; held until there is one |
//! | `input` | `data` is a message for the game; a `number` says which one, so that it may be sent again |
//! | `keepalive` | nothing: the answer to `["ajax_keepalive", [], {}]` |
//! | `close` | the end of the session |
//! | any other | nothing, as in Evennia |

use std::{fmt, str::FromStr, time::Duration};

use meadow_link::{CommandTuple, Flags, Time};
use serde_json::json;

use super::{
    Batch, WebsocketV1, form,
    message::{Malformed, WebsocketSettings},
    v1::decode,
};
use crate::{Outbox, Protocol, Render, Rendering, json::dumps};

/// A browser that was silent for so long is asked whether it is still there; one that stays silent for
/// as long again is not (Evennia's `_KEEPALIVE`).
pub const AJAX_KEEPALIVE: Duration = Duration::from_secs(30);

/// What a browser is told that was silent for too long.
const SILENT: &str = "Server disconnected.";

/// One browser that fetches its messages. An empty message to [`Protocol::receive`] is a sign of life: some
/// request came that says nothing.
#[derive(Debug)]
pub struct Ajax {
    client: WebsocketV1,
    silent_since: Time,
    asked: bool,
}

impl Ajax {
    /// A browser that has not connected yet.
    pub fn new(settings: WebsocketSettings) -> Ajax {
        Ajax { client: WebsocketV1::new(settings), silent_since: Time::default(), asked: false }
    }

    fn heard(&mut self, now: Time) {
        self.silent_since = now;
        self.asked = false;
    }
}

impl Protocol for Ajax {
    fn key(&self) -> &'static str {
        "ajax"
    }

    fn flags(&self) -> &Flags {
        self.client.flags()
    }

    fn set_flags(&mut self, flags: Flags) {
        self.client.set_flags(flags);
    }

    fn connect(&mut self, now: Time, out: &mut Outbox) {
        self.heard(now);
        self.client.connect(now, out);
    }

    fn receive(&mut self, now: Time, bytes: &[u8], out: &mut Outbox) {
        self.heard(now);
        if !bytes.is_empty() {
            self.client.receive(now, bytes, out);
        }
    }

    fn send_text(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.client.send_text(tuple, render, out);
    }

    fn send_prompt(&mut self, tuple: &CommandTuple, render: &mut Render<'_>, out: &mut Outbox) {
        self.client.send_prompt(tuple, render, out);
    }

    fn send_default(&mut self, tuple: &CommandTuple, out: &mut Outbox) {
        self.client.send_default(tuple, out);
    }

    /// The browser cannot see a connection end, so a last message says it.
    fn disconnect(&mut self, reason: &str, out: &mut Outbox) {
        let mut render = Render::new(reason);
        let reason = render.text(Rendering::Html { nocolor: false });
        out.text_message(&dumps(&json!(["connection_close", [reason], {}])));
        out.close("the game ended the connection");
    }

    fn deadline(&self) -> Option<Time> {
        Some(self.silent_since + AJAX_KEEPALIVE)
    }

    fn timeout(&mut self, now: Time, out: &mut Outbox) {
        if now < self.silent_since + AJAX_KEEPALIVE {
            return;
        }
        self.silent_since = now;
        if std::mem::replace(&mut self.asked, true) {
            self.disconnect(SILENT, out);
        } else {
            out.text_message(r#"["ajax_keepalive", [], {}]"#);
        }
    }
}

/// What joins the requests of one session: whoever knows it is that browser. Nobody can guess it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionToken([u8; 32]);

impl SessionToken {
    /// A token of bytes from a cryptographic source of randomness.
    pub fn from_random(bytes: [u8; 32]) -> SessionToken {
        SessionToken(bytes)
    }

    /// Whether it is this one, found out in a time that depends on neither.
    pub fn is(&self, other: &SessionToken) -> bool {
        let differences = self.0.iter().zip(&other.0).fold(0, |all, (ours, theirs)| all | (ours ^ theirs));
        // The compiler is not to stop at the first difference.
        std::hint::black_box(differences) == 0
    }
}

/// As 64 hexadecimal digits.
impl fmt::Display for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Never the secret itself, so that no log has it.
impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(..)")
    }
}

impl FromStr for SessionToken {
    type Err = BadRequest;

    fn from_str(text: &str) -> Result<SessionToken, BadRequest> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(BadRequest::Token);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            for &digit in pair {
                let digit = char::from(digit).to_digit(16).ok_or(BadRequest::Token)?;
                *byte = *byte << 4 | u8::try_from(digit).expect("a hexadecimal digit is below 16");
            }
        }
        Ok(SessionToken(bytes))
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A session is wanted.
    Init,
    /// So much of what waits is wanted.
    Receive(SessionToken, Batch),
    /// A message for the game, which is of the format.
    Input {
        /// Whose it is.
        token: SessionToken,
        /// Which of the session's messages it is, from 1, if the browser says so: one whose answer was lost comes
        /// twice.
        number: Option<u64>,
        /// The message.
        message: String,
    },
    /// The browser is still there.
    Keepalive(SessionToken),
    /// The browser goes.
    Close(SessionToken),
    /// Of no mode that is known: answered, and nothing else.
    Other,
}

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum BadRequest {
    /// It names no session, or none that could be.
    #[error("csessid is not the one that init gave")]
    Token,
    /// It has no message.
    #[error("data is missing")]
    NoData,
    /// Its message is not of the format.
    #[error("data is not [name, [args], {{kwargs}}]: {0}")]
    Data(#[from] Malformed),
}

impl Request {
    /// Reads the body of a request and the query of its address, both as forms.
    ///
    /// # Errors
    /// A field is missing or not what it should be (Evennia fails with status 500).
    pub fn parse(body: &[u8], query: &str, settings: &WebsocketSettings) -> Result<Request, BadRequest> {
        let field = |name| form::field(body, name);
        let token = || field("csessid").ok_or(BadRequest::Token)?.parse::<SessionToken>();
        Ok(match field("mode").as_deref() {
            Some("init") => Request::Init,
            Some("receive") => {
                let batch = form::field(query.as_bytes(), "batch").or_else(|| field("batch"));
                let batch = if batch.as_deref() == Some("1") { Batch::All } else { Batch::One };
                Request::Receive(token()?, batch)
            }
            Some("input") => {
                let token = token()?;
                let data = field("data").ok_or(BadRequest::NoData)?;
                decode(data.as_bytes(), settings.message_limit)?;
                let number = field("number").and_then(|number| number.parse().ok());
                Request::Input { token, number, message: data.into_owned() }
            }
            Some("keepalive") => Request::Keepalive(token()?),
            Some("close") => Request::Close(token()?),
            _ => Request::Other,
        })
    }
}
