//! Sessions that outlive their websocket: a browser whose connection breaks opens another one, shows a ticket, and
//! goes on where it was. Nothing that the game said is missing or comes twice, and nothing that was typed is lost or
//! done twice. The Portal's web listener keeps a [`Resumption`] for each client that asked for it.
//!
//! The idea is that of XMPP's stream management (XEP-0198): both sides count the messages that they send and those
//! that they take, and keep what they sent until the other side says that it has it.
//!
//! # What a client does
//!
//! It asks by the address of the websocket; a client that does not ask sees nothing of all this.
//!
//! | address | what it wants |
//! |---|---|
//! | `/ws?resume=` | a new session, with a ticket |
//! | `/ws?resume=TICKET&heard=N` | its session back; it has had `N` messages of the server |
//!
//! The first message of the server is `ticket`, here in the form of `v1.evennia.com`:
//!
//! ```text
//! ["ticket", ["TICKET"], {"heard": M, "resumed": true, "missed": false, "after": N, "hold": 120}]
//! ```
//!
//! - `resumed`: it is the old session. If not, it is a new one, and the login screen follows.
//! - `heard`: so many messages of the client have been taken. The client forgets those, and sends the later ones
//!   again, in order. It sends nothing on this websocket before it has read this message.
//! - `after`: the number of the message before the one that follows, from which the client counts on.
//! - `missed`: it is not the number that the client named. Messages between them are gone, since there were more than
//!   are kept ([`RESUME_MESSAGES`], [`RESUME_BYTES`]).
//! - `hold`: for how many seconds a session waits whose connection is broken.
//!
//! Every message counts, from 1, in both directions, except `ticket` and `heard`. Now and then either side says
//! `["heard", [N], {}]`: it has had so many, and the other side may forget them. The server answers each with its own,
//! so that a client can also find out in this way whether the connection is alive; and it says so by itself after
//! every [`TELL_EVERY`] messages.
//!
//! In `json.mudstandards.org` the same are envelopes: `{"proto": "resume", "id": "ticket", "data": "{\"ticket\": ..}"}`
//! and `{"proto": "resume", "id": "heard", "data": "N"}`. The other formats have no place for it.
//!
//! A ticket is good for one session, and for one use: each resume brings a new one. The old one stays good until
//! the client has said something on the new connection, so that a resume that breaks in the middle can be tried again.
//! Since the address of a request may end up in the log of a proxy, that is also why a ticket that was seen there is
//! of no use any more.

mod replay;
mod ticket;
pub use replay::Replay;
pub use ticket::{Ticket, Tickets, Wish};

use std::time::Duration;

use meadow_link::amp::{
    CodecError,
    native::{Decoder, Encoder},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::Subprotocol;
use crate::{MessageKind, json::dumps};

/// Messages that are kept for one client that has not said that it has them. Older ones are forgotten.
pub const RESUME_MESSAGES: usize = 2048;
/// The same, in bytes.
pub const RESUME_BYTES: usize = 256 * 1024;
/// After so many messages of a client it is told that they were taken.
pub const TELL_EVERY: u64 = 16;

/// How the messages of one format say what belongs to resuming.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResumeForm {
    /// `["heard", [N], {}]`
    V1,
    /// `{"proto": "resume", "id": "heard", "data": "N"}`
    Json,
}

/// What became of a message of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It is for the session, and has been counted.
    Message,
    /// It was about resuming, and is done with.
    Control,
}

/// What is to be sent next.
#[derive(Debug, PartialEq, Eq)]
pub enum Outgoing<'a, M> {
    /// A text message about resuming, which is not counted.
    Control(String),
    /// A message of the session.
    Message(&'a M),
}

/// Both counts of one session, and what its client may still have to be sent again. `M` is a message as the
/// transport has it.
///
/// ```
/// use std::time::Duration;
/// use meadow_protocol::web::{Outgoing, ResumeForm, Resumption, SessionToken, Ticket};
///
/// let ticket = |byte| Ticket { session: 7, secret: SessionToken::from_random([byte; 32]) };
/// let mut resumption = Resumption::new(ResumeForm::V1, Duration::from_secs(120));
/// resumption.begin(&ticket(1));
/// assert!(matches!(resumption.send_next(), Some(Outgoing::Control(first)) if first.starts_with(r#"["ticket", "#)));
/// resumption.put("hello", 5);
/// assert_eq!(resumption.send_next(), Some(Outgoing::Message(&"hello")));
///
/// // The connection breaks, and the client comes back without having had it.
/// resumption.resume(&ticket(2), 0);
/// assert!(matches!(resumption.send_next(), Some(Outgoing::Control(_))));
/// assert_eq!(resumption.send_next(), Some(Outgoing::Message(&"hello")));
/// assert_eq!(resumption.send_next(), None);
/// ```
#[derive(Debug)]
pub struct Resumption<M> {
    form: ResumeForm,
    hold: Duration,
    replay: Replay<M>,
    /// Messages of the client that were taken.
    taken: u64,
    /// As many as it was told of.
    told: u64,
    /// It is to be told.
    tell: bool,
    /// What the first message on a connection is to say.
    news: Option<News>,
}

/// What a client is told at the beginning of a connection.
#[derive(Debug)]
struct News {
    ticket: String,
    resumed: bool,
    missed: bool,
    after: u64,
}

/// What the keyword arguments of `ticket` are.
#[derive(Serialize)]
struct Terms {
    heard: u64,
    resumed: bool,
    missed: bool,
    after: u64,
    hold: u64,
}

impl<M> Resumption<M> {
    /// A session that nothing was said in yet. `hold` is how long it waits for a client whose connection broke.
    pub fn new(form: ResumeForm, hold: Duration) -> Resumption<M> {
        Resumption { form, hold, replay: Replay::default(), taken: 0, told: 0, tell: false, news: None }
    }

    /// The session begins: the client is given its first ticket before anything else.
    pub fn begin(&mut self, ticket: &Ticket) {
        self.news = Some(News { ticket: ticket.to_string(), resumed: false, missed: false, after: 0 });
    }

    /// The client is back on another connection, and has had so many messages. It is given another ticket, and then
    /// whatever it has not had.
    pub fn resume(&mut self, ticket: &Ticket, heard: u64) {
        let after = self.replay.rewind(heard);
        let missed = after > heard;
        self.news = Some(News { ticket: ticket.to_string(), resumed: true, missed, after });
        self.tell = false;
    }

    /// Whether the client can come back: it has been sent a ticket.
    pub fn has_begun(&self) -> bool {
        self.news.as_ref().is_none_or(|news| news.resumed)
    }

    /// Writes down what it takes to go on in another process, to which the client comes back; `write` does so with a
    /// message.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn store(
        &self,
        to: &mut Encoder<'_>,
        write: impl FnMut(&M, &mut Encoder<'_>) -> Result<(), CodecError>,
    ) -> Result<(), CodecError> {
        to.number(self.taken);
        self.replay.store(to, write)
    }

    /// Reads what [`Resumption::store`] has written; `read` does so with a message, and tells its bytes. The client is
    /// not there: what follows is [`Resumption::resume`].
    ///
    /// # Errors
    /// Those of `read`, and bytes that are something else.
    pub fn restore(
        form: ResumeForm,
        hold: Duration,
        from: &mut Decoder<'_>,
        read: impl FnMut(&mut Decoder<'_>) -> Result<(M, usize), CodecError>,
    ) -> Result<Resumption<M>, CodecError> {
        let taken = from.number()?;
        let replay = Replay::restore(from, read)?;
        // The ticket that the client will be given tells what was taken.
        Ok(Resumption { form, hold, replay, taken, told: taken, tell: false, news: None })
    }

    /// Whether the client has been told where it stands. Until then nothing is read from it.
    pub fn is_introduced(&self) -> bool {
        self.news.is_none()
    }

    /// Adds a message for the client, of so many bytes.
    pub fn put(&mut self, message: M, bytes: usize) {
        self.replay.put(message, bytes);
    }

    /// Whether something is to be sent.
    pub fn has_unsent(&self) -> bool {
        self.news.is_some() || self.tell || self.replay.has_unsent()
    }

    /// Whether something of the game's is to be sent: what is lost if the session ends now.
    pub fn has_unsent_messages(&self) -> bool {
        self.replay.has_unsent()
    }

    /// What is to be sent next; it counts as sent.
    pub fn send_next(&mut self) -> Option<Outgoing<'_, M>> {
        if let Some(news) = self.news.take() {
            self.told = self.taken;
            return Some(Outgoing::Control(self.form.ticket(&news, self.taken, self.hold)));
        }
        if std::mem::take(&mut self.tell) {
            self.told = self.taken;
            return Some(Outgoing::Control(self.form.heard(self.taken)));
        }
        self.replay.send_next().map(Outgoing::Message)
    }

    /// A message came from the client. [`Receipt::Message`] is to be given to the session at once.
    pub fn receive(&mut self, kind: MessageKind, message: &[u8]) -> Receipt {
        if let Some(heard) = self.form.parse(kind, message) {
            self.replay.heard(heard);
            self.tell = true;
            return Receipt::Control;
        }
        self.taken += 1;
        self.tell |= self.taken - self.told >= TELL_EVERY;
        Receipt::Message
    }
}

impl ResumeForm {
    /// The form in a format; none if the format has no place for it.
    pub fn of(format: Subprotocol) -> Option<ResumeForm> {
        match format {
            Subprotocol::V1 => Some(ResumeForm::V1),
            Subprotocol::Json => Some(ResumeForm::Json),
            Subprotocol::Gmcp | Subprotocol::Terminal | Subprotocol::Telnet => None,
        }
    }

    fn ticket(self, news: &News, taken: u64, hold: Duration) -> String {
        let News { ticket, resumed, missed, after } = news;
        let terms =
            Terms { heard: taken, resumed: *resumed, missed: *missed, after: *after, hold: hold.as_secs() };
        match self {
            ResumeForm::V1 => dumps(&("ticket", [ticket], terms)),
            ResumeForm::Json => {
                #[derive(Serialize)]
                struct Data<'a> {
                    ticket: &'a str,
                    #[serde(flatten)]
                    terms: Terms,
                }
                envelope("ticket", &dumps(&Data { ticket, terms }))
            }
        }
    }

    fn heard(self, taken: u64) -> String {
        match self {
            ResumeForm::V1 => dumps(&json!(["heard", [taken], {}])),
            ResumeForm::Json => envelope("heard", &taken.to_string()),
        }
    }

    /// The number, if a message of the client is a `heard`.
    fn parse(self, kind: MessageKind, message: &[u8]) -> Option<u64> {
        /// No such message is longer: most of the others need not be looked at.
        const LONGEST: usize = 128;
        if kind != MessageKind::Text || message.len() > LONGEST {
            return None;
        }
        let message: Value = serde_json::from_slice(message).ok()?;
        match self {
            ResumeForm::V1 => {
                let is_it =
                    message.get(0)?.as_str()? == "heard" && message.get(2).is_none_or(Value::is_object);
                is_it.then(|| message.get(1)?.get(0)?.as_u64()).flatten()
            }
            ResumeForm::Json => {
                let is_it =
                    message.get("proto")?.as_str()? == "resume" && message.get("id")?.as_str()? == "heard";
                is_it.then(|| message.get("data")?.as_str()?.trim().parse().ok()).flatten()
            }
        }
    }
}

fn envelope(id: &str, data: &str) -> String {
    #[derive(Serialize)]
    struct Envelope<'a> {
        proto: &'a str,
        id: &'a str,
        data: &'a str,
    }
    dumps(&Envelope { proto: "resume", id, data })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::SessionToken;

    fn ticket() -> Ticket {
        Ticket { session: 7, secret: SessionToken::from_random([0xab; 32]) }
    }

    fn control(resumption: &mut Resumption<&'static str>) -> String {
        match resumption.send_next() {
            Some(Outgoing::Control(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_ticket_comes_first_in_each_form() {
        let mut v1 = Resumption::new(ResumeForm::V1, Duration::from_secs(120));
        v1.begin(&ticket());
        v1.put("hello", 5);
        assert!(!v1.is_introduced() && !v1.has_begun());
        let terms = r#"{"heard": 0, "resumed": false, "missed": false, "after": 0, "hold": 120}"#;
        assert_eq!(control(&mut v1), format!(r#"["ticket", ["7.{}"], {terms}]"#, "ab".repeat(32)));
        assert!(v1.is_introduced() && v1.has_begun());
        assert_eq!(v1.send_next(), Some(Outgoing::Message(&"hello")));
        assert!(!v1.has_unsent());

        let mut json = Resumption::<&str>::new(ResumeForm::Json, Duration::from_secs(5));
        json.begin(&ticket());
        let envelope: Value = serde_json::from_str(&control(&mut json)).expect("JSON");
        assert_eq!((&envelope["proto"], &envelope["id"]), (&json!("resume"), &json!("ticket")));
        let data: Value = serde_json::from_str(envelope["data"].as_str().expect("text")).expect("JSON");
        assert_eq!((&data["hold"], &data["ticket"]), (&json!(5), &json!(ticket().to_string())));
    }

    #[test]
    fn heard_is_for_the_portal_and_everything_else_for_the_session() {
        let v1 = |message: &str| ResumeForm::V1.parse(MessageKind::Text, message.as_bytes());
        assert_eq!(v1(r#"["heard",[12],{}]"#), Some(12));
        assert_eq!(v1(r#"[ "heard" , [0] ]"#), Some(0));
        for other in [
            "",
            "[]",
            r#"["text",["heard"],{}]"#,
            r#"["heard",[],{}]"#,
            r#"["heard",[-1],{}]"#,
            r#"["heard",["1"],{}]"#,
        ] {
            assert_eq!(v1(other), None, "{other}");
        }
        let json = |kind, message: &str| ResumeForm::Json.parse(kind, message.as_bytes());
        let heard = r#"{"proto":"resume","id":"heard","data":"3"}"#;
        assert_eq!(json(MessageKind::Text, heard), Some(3));
        assert_eq!(json(MessageKind::Binary, heard), None);
        assert_eq!(json(MessageKind::Text, r#"{"proto":"gmcp","id":"heard","data":"3"}"#), None);
    }

    #[test]
    fn a_client_is_told_after_so_many_messages_and_whenever_it_tells() {
        let mut resumption = Resumption::<&str>::new(ResumeForm::V1, Duration::from_secs(1));
        for number in 1..=TELL_EVERY {
            assert!(!resumption.has_unsent(), "{number}");
            assert_eq!(resumption.receive(MessageKind::Text, b"x"), Receipt::Message);
        }
        assert_eq!(control(&mut resumption), r#"["heard", [16], {}]"#);
        assert_eq!(resumption.receive(MessageKind::Text, br#"["heard",[0],{}]"#), Receipt::Control);
        assert_eq!(control(&mut resumption), r#"["heard", [16], {}]"#, "it is not counted itself");
        assert_eq!(resumption.send_next(), None);
    }

    #[test]
    fn who_missed_something_is_told_so() {
        let mut resumption = Resumption::new(ResumeForm::V1, Duration::from_secs(1));
        (0..=RESUME_MESSAGES).for_each(|_| resumption.put("x", 1));
        resumption.resume(&ticket(), 0);
        assert!(control(&mut resumption).contains(r#""resumed": true, "missed": true, "after": 1,"#));
        resumption.resume(&ticket(), 1);
        assert!(control(&mut resumption).contains(r#""missed": false, "after": 1,"#));
    }
}
