//! Sessions that outlive their websocket: whatever breaks whenever, both sides get everything once and in order.

use std::{collections::VecDeque, time::Duration};

use bytes::BytesMut;
use meadow_link::amp::{
    CodecError,
    native::{Decoder, Encoder},
};
use meadow_protocol::{
    MessageKind,
    web::{Outgoing, Receipt, ResumeForm, Resumption, SessionToken, Ticket, Tickets, Wish},
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// What happens next.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The game says something.
    Say,
    /// The player types something.
    Type,
    /// The Portal writes a message.
    Write,
    /// A message arrives at the client.
    Arrive,
    /// A message arrives at the Portal.
    Read,
    /// The client says what it has.
    Tell,
    /// The connection breaks: what is on its way in either direction is lost.
    Break,
    /// The client comes back.
    Resume,
    /// The client comes back while the Portal takes the old connection for alive.
    Replace,
    /// The Portal is exchanged.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    prop_oneof![
        4 => Just(Say), 4 => Just(Type), 6 => Just(Write), 6 => Just(Arrive), 6 => Just(Read),
        2 => Just(Tell), 1 => Just(Break), 2 => Just(Resume), 1 => Just(Replace),
        1 => Just(Restart)
    ]
}

/// A client, a Portal, and what is on the way between them.
struct Story {
    portal: Resumption<u64>,
    tickets: Tickets,
    fresh: u8,
    /// What the game has said, and what the player has typed, are numbers from 1 on.
    said: u64,
    typed: u64,
    /// What the session was given.
    taken: Vec<u64>,
    /// What the player has seen.
    seen: Vec<u64>,
    connected: bool,
    down: VecDeque<String>,
    up: VecDeque<String>,
    /// The client's: its ticket, its counts, what it keeps, and whether it has been told where it stands.
    ticket: Ticket,
    heard: u64,
    kept: VecDeque<u64>,
    introduced: bool,
}

impl Story {
    fn new(form: ResumeForm) -> Story {
        let ticket = Ticket { session: 1, secret: SessionToken::from_random([0; 32]) };
        let mut portal = Resumption::new(form, Duration::from_secs(120));
        portal.begin(&ticket);
        Story {
            portal,
            tickets: Tickets::new(ticket.secret),
            fresh: 0,
            said: 0,
            typed: 0,
            taken: Vec::new(),
            seen: Vec::new(),
            connected: true,
            down: VecDeque::new(),
            up: VecDeque::new(),
            ticket,
            heard: 0,
            kept: VecDeque::new(),
            introduced: false,
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Say => {
                self.said += 1;
                self.portal.put(self.said, 1);
            }
            Step::Type => {
                self.typed += 1;
                self.kept.push_back(self.typed);
                if self.connected && self.introduced {
                    self.up.push_back(message(self.typed));
                }
            }
            Step::Write if self.connected => match self.portal.send_next() {
                Some(Outgoing::Control(text)) => self.down.push_back(text),
                Some(Outgoing::Message(number)) => self.down.push_back(message(*number)),
                None => {}
            },
            Step::Arrive => self.arrive(),
            Step::Read => self.read(),
            Step::Tell if self.connected && self.introduced => {
                self.up.push_back(json!(["heard", [self.heard], {}]).to_string());
            }
            Step::Break => self.cut(),
            Step::Resume if !self.connected => self.resume(),
            Step::Replace => {
                self.cut();
                self.resume();
            }
            Step::Restart => self.restart(),
            Step::Write | Step::Tell | Step::Resume => {}
        }
    }

    /// Another Portal goes on with what this one has written down.
    fn restart(&mut self) {
        self.cut();
        let stored = self.stored();
        let mut from = Decoder::new(&stored);
        (self.portal, self.tickets) = restored(&mut from).expect("it was written so");
        assert_eq!(from.remaining(), 0);
    }

    fn stored(&self) -> BytesMut {
        let mut stored = BytesMut::new();
        let mut to = Encoder::new(&mut stored);
        let number = |number: &u64, to: &mut Encoder<'_>| {
            to.number(*number);
            Ok(())
        };
        self.portal.store(&mut to, number).expect("numbers can be written");
        self.tickets.store(&mut to);
        stored
    }

    fn cut(&mut self) {
        self.connected = false;
        self.down.clear();
        self.up.clear();
    }

    fn resume(&mut self) {
        let query = format!("resume={}&heard={}", self.ticket, self.heard);
        let Wish::Resume(ticket, heard) = Wish::parse(&query) else { panic!("{query}") };
        self.fresh = self.fresh.wrapping_add(1);
        let fresh = Ticket { session: 1, secret: SessionToken::from_random([self.fresh; 32]) };
        assert!(
            self.tickets.exchange(ticket.secret, fresh.secret),
            "a ticket of the client's is always good"
        );
        self.portal.resume(&fresh, heard);
        self.connected = true;
        self.introduced = false;
    }

    /// A message arrives at the client.
    fn arrive(&mut self) {
        let Some(text) = self.down.pop_front() else { return };
        let message: Value = serde_json::from_str(&text).expect("JSON");
        match message[0].as_str() {
            Some("ticket") => {
                self.ticket = message[1][0].as_str().expect("a ticket").parse().expect("a ticket");
                assert_eq!(message[2]["missed"], false);
                assert_eq!(message[2]["after"], self.heard);
                self.forget(&message[2]["heard"]);
                self.introduced = true;
                self.up.extend(self.kept.iter().map(|number| self::message(*number)));
            }
            Some("heard") => self.forget(&message[1][0]),
            _ => {
                self.heard += 1;
                self.seen.push(message[1].as_u64().expect("a number"));
            }
        }
    }

    /// The client forgets what the Portal has taken.
    fn forget(&mut self, taken: &Value) {
        let taken = taken.as_u64().expect("a number");
        self.kept.retain(|number| *number > taken);
    }

    /// A message arrives at the Portal.
    fn read(&mut self) {
        if !self.portal.is_introduced() {
            return;
        }
        let Some(text) = self.up.pop_front() else { return };
        self.tickets.acknowledge();
        if self.portal.receive(MessageKind::Text, text.as_bytes()) == Receipt::Message {
            let message: Value = serde_json::from_str(&text).expect("JSON");
            self.taken.push(message[1].as_u64().expect("a number"));
        }
    }

    /// Lets everything arrive.
    fn settle(&mut self) {
        if !self.connected {
            self.resume();
        }
        while self.portal.has_unsent() || !self.down.is_empty() || !self.up.is_empty() {
            for step in [Step::Write, Step::Arrive, Step::Read] {
                self.step(step);
            }
        }
    }
}

fn restored(from: &mut Decoder<'_>) -> Result<(Resumption<u64>, Tickets), CodecError> {
    let hold = Duration::from_secs(120);
    let portal = Resumption::restore(ResumeForm::V1, hold, from, |from| Ok((from.number()?, 1)))?;
    Ok((portal, Tickets::restore(from)?))
}

fn message(number: u64) -> String {
    json!(["n", number]).to_string()
}

proptest! {
    #[test]
    fn everything_arrives_once_and_in_order_whatever_breaks(steps in prop::collection::vec(step(), 0..400)) {
        let mut story = Story::new(ResumeForm::V1);
        steps.into_iter().for_each(|step| story.step(step));
        story.settle();
        prop_assert_eq!(&story.seen, &(1..=story.said).collect::<Vec<_>>());
        prop_assert_eq!(&story.taken, &(1..=story.typed).collect::<Vec<_>>());
    }

    #[test]
    fn what_was_written_down_and_cut_off_or_changed_is_refused_or_harmless(
        steps in prop::collection::vec(step(), 0..60), at in any::<prop::sample::Index>(), byte in any::<u8>()
    ) {
        let mut story = Story::new(ResumeForm::V1);
        steps.into_iter().for_each(|step| story.step(step));
        let stored = story.stored();
        for length in 0..stored.len() {
            prop_assert!(restored(&mut Decoder::new(&stored[..length])).is_err(), "{} of {}", length, stored.len());
        }
        let mut changed = stored.to_vec();
        changed[at.index(stored.len())] = byte;
        if let Ok((mut portal, _)) = restored(&mut Decoder::new(&changed)) {
            portal.resume(&story.ticket, 3);
            while portal.send_next().is_some() {}
            portal.put(1, 1);
        }
    }

    #[test]
    fn noise_does_no_harm(noise in prop::collection::vec(any::<u8>(), 0..200), query in ".{0,100}") {
        Wish::parse(&query);
        for form in [ResumeForm::V1, ResumeForm::Json] {
            let mut portal = Resumption::<u64>::new(form, Duration::ZERO);
            portal.receive(MessageKind::Text, &noise);
        }
    }
}
