//! The stack of a session's conversations, and how it is kept: with the world, and by the Portal in `server_data`.

use meadow_link::Kwargs;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Cx, ObjectId, Result};

use super::{CONVERSATION_BYTES, CONVERSATIONS_LIMIT};

/// Under which name the conversations stand in `server_data`.
const STORED_AS: &str = "_conversations";

/// What takes one line, and can't be kept.
pub(crate) type Question = Box<dyn FnOnce(&mut Cx<'_>) -> Result>;

/// What a question is answered with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Anything.
    Line,
    /// What nobody else is to see, such as a password.
    Secret,
    /// Yes or no.
    Choice,
}

/// The conversations of one session, oldest first.
#[derive(Default)]
pub(crate) struct Conversations {
    entries: Vec<Entry>,
    last_serial: u64,
}

/// One conversation.
pub(super) struct Entry {
    /// Tells it from others of the session, while this Server runs.
    pub(super) serial: u64,
    /// The body that it belongs to.
    pub(super) body: Option<ObjectId>,
    /// Whether the next line is a secret.
    pub(super) secret: bool,
    /// Whether it has heard a secret, which must not be stored.
    pub(super) heard: bool,
    pub(super) what: What,
}

pub(super) enum What {
    /// A closure that waits for an answer.
    Question { asked: Box<str>, answer: Question, kind: Answer },
    /// One of a registered kind: its name and state.
    Kept { kind: Box<str>, state: Box<str> },
    /// One that could not be kept over a reload; whether it was to be answered by yes or no.
    Lost { choice: bool },
}

/// The form in which one is kept; one without a kind is lost.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct StoredConversation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    kind: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "str::is_empty")]
    state: Box<str>,
    body: Option<u64>,
    secret: bool,
    /// Of a question that is lost: whether it was to be answered by yes or no.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    choice: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    heard: bool,
}

impl Conversations {
    /// Takes them out of what the Portal has kept.
    pub(crate) fn from_server_data(data: &mut Kwargs) -> Conversations {
        let stored = data.remove(STORED_AS).unwrap_or_default();
        Conversations::from_stored(serde_json::from_value(stored).unwrap_or_default())
    }

    /// Makes them of what was kept.
    pub(crate) fn from_stored(stored: Vec<StoredConversation>) -> Conversations {
        let mut conversations = Conversations::default();
        for StoredConversation { kind, state, body, secret, choice, heard } in stored {
            let what = kind.map_or(What::Lost { choice }, |kind| What::Kept { kind, state });
            if let Some(entry) = conversations
                .push(body.map(ObjectId), secret, what)
                .and_then(|serial| conversations.entry_mut(serial))
            {
                entry.heard = heard;
            }
        }
        conversations
    }

    /// Has the Portal keep them.
    pub(crate) fn to_server_data(&self, data: &mut Kwargs) {
        if self.entries.is_empty() {
            return;
        }
        let stored: Vec<StoredConversation> = self.entries.iter().map(Entry::stored).collect();
        data.insert(STORED_AS.into(), json!(stored));
    }

    /// As they are stored with the world: those that have heard a secret as lost.
    pub(crate) fn for_the_store(&self) -> Vec<StoredConversation> {
        let stored = |entry: &Entry| match entry.heard {
            true => entry.lost(),
            false => entry.stored(),
        };
        self.entries.iter().map(stored).collect()
    }

    /// A secret was heard by this one and those that have begun since.
    pub(super) fn secret_heard(&mut self, serial: u64) {
        self.entries.iter_mut().filter(|entry| entry.serial >= serial).for_each(|entry| entry.heard = true);
    }

    /// Adds one on top and says its serial number; none if there are too many.
    pub(super) fn push(&mut self, body: Option<ObjectId>, secret: bool, what: What) -> Option<u64> {
        if self.entries.len() >= CONVERSATIONS_LIMIT {
            return None;
        }
        self.last_serial += 1;
        self.entries.push(Entry { serial: self.last_serial, body, secret, heard: false, what });
        Some(self.last_serial)
    }

    /// Their serial numbers, the newest first.
    pub(super) fn serials(&self) -> Vec<u64> {
        self.entries.iter().rev().map(|entry| entry.serial).collect()
    }

    pub(super) fn top(&self) -> Option<&Entry> {
        self.entries.last()
    }

    pub(super) fn entry(&self, serial: u64) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.serial == serial)
    }

    pub(super) fn entry_mut(&mut self, serial: u64) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.serial == serial)
    }

    /// Takes one out, if it belongs to this body.
    pub(super) fn remove_of(&mut self, serial: u64, body: ObjectId) -> Option<Entry> {
        self.entry(serial).filter(|entry| entry.body == Some(body))?;
        self.remove(serial)
    }

    pub(super) fn remove(&mut self, serial: u64) -> Option<Entry> {
        let at = self.entries.iter().position(|entry| entry.serial == serial)?;
        Some(self.entries.remove(at))
    }
}

impl Entry {
    fn stored(&self) -> StoredConversation {
        match &self.what {
            What::Kept { kind, state } if state.len() <= CONVERSATION_BYTES => {
                StoredConversation { kind: Some(kind.clone()), state: state.clone(), ..self.lost() }
            }
            _ => self.lost(),
        }
    }

    fn lost(&self) -> StoredConversation {
        let (body, secret, heard) = (self.body.map(|body| body.0), self.secret, self.heard);
        let choice = match &self.what {
            What::Question { kind, .. } => *kind == Answer::Choice,
            What::Lost { choice } => *choice,
            What::Kept { .. } => false,
        };
        StoredConversation { kind: None, state: Box::default(), body, secret, choice, heard }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(state: &str) -> What {
        What::Kept { kind: "test".into(), state: state.into() }
    }

    fn over_a_reload(conversations: &Conversations) -> Conversations {
        let mut data = Kwargs::new();
        conversations.to_server_data(&mut data);
        Conversations::from_server_data(&mut data)
    }

    #[test]
    fn as_many_as_the_limit_and_not_one_more() {
        let mut conversations = Conversations::default();
        for _ in 0..CONVERSATIONS_LIMIT {
            assert!(conversations.push(None, false, kept("1")).is_some());
        }
        assert_eq!(conversations.push(None, false, kept("1")), None);
        assert_eq!(over_a_reload(&conversations).entries.len(), CONVERSATIONS_LIMIT);
    }

    #[test]
    fn a_state_at_the_limit_is_kept_and_one_past_it_is_said_to_be_lost() {
        let mut conversations = Conversations::default();
        conversations.push(Some(ObjectId(7)), true, kept(&"x".repeat(CONVERSATION_BYTES)));
        conversations.push(None, false, kept(&"x".repeat(CONVERSATION_BYTES + 1)));
        conversations.push(
            None,
            true,
            What::Question { asked: "?".into(), answer: Box::new(|_| Ok(())), kind: Answer::Secret },
        );
        let after = over_a_reload(&conversations);
        let [first, second, third] = after.entries.as_slice() else { panic!("three are kept") };
        assert!(matches!(&first.what, What::Kept { state, .. } if state.len() == CONVERSATION_BYTES));
        assert_eq!((first.body, first.secret), (Some(ObjectId(7)), true));
        assert!(matches!(second.what, What::Lost { .. }) && matches!(third.what, What::Lost { .. }));
    }
}
