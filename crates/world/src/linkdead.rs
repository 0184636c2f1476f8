//! Bodies whose players have lost their links: they stay for a while, what is told to them is kept, and whoever comes
//! back in time goes on where they were. `sessionhandler` says who is lost, `bodies` who comes back.
//!
//! Until when a body waits is an attribute of it, so that it waits on over a reload and a crash. What was told to it is
//! in memory, and becomes another when the Server ends in good order: a crash forgets it.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use meadow_link::{CommandTuple, RestartMode, SessionId, Time, text};
use serde::{Deserialize, Serialize};

use crate::{AccountId, Object, ObjectId, World, logged};

/// Texts that are kept for a body, at most.
const KEPT_TEXTS: usize = 200;
/// Bytes of all texts that are kept for a body, at most.
const KEPT_BYTES: usize = 32 * 1024;

/// Attribute of a body: until when it waits, in microseconds since the Unix epoch.
const UNTIL: &str = "_linkdead_until";
/// Attribute of a body: what was told to it, over a reload.
const MISSED: &str = "_linkdead_missed";

/// The bodies that wait.
#[derive(Debug, Default)]
pub(crate) struct Linkdead(HashMap<ObjectId, Waiting>);

#[derive(Debug)]
struct Waiting {
    until: Time,
    missed: Missed,
}

/// What was told to a body meanwhile, oldest first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Missed {
    texts: VecDeque<String>,
    /// How many were given up because there were too many.
    lost: usize,
}

impl Linkdead {
    pub(crate) fn forget(&mut self, body: ObjectId) {
        self.0.remove(&body);
    }
}

impl Missed {
    fn keep(&mut self, text: &str) {
        self.texts.push_back(text.to_owned());
        let mut bytes: usize = self.texts.iter().map(String::len).sum();
        while self.texts.len() > KEPT_TEXTS || bytes > KEPT_BYTES {
            let Some(oldest) = self.texts.pop_front() else { return };
            bytes -= oldest.len();
            self.lost += 1;
        }
    }
}

/// Bodies whose players have lost their links.
impl World {
    /// Whether a body waits for its player, who has lost the link.
    ///
    /// ```
    /// # use meadow_world::{ObjectId, World, text::escape};
    /// fn display_name(world: &World, me: ObjectId) -> String {
    ///     let name = escape(world[me].key());
    ///     if world.is_linkdead(me) { format!("{name} (lost in thought)") } else { name.into_owned() }
    /// }
    /// ```
    pub fn is_linkdead(&self, body: ObjectId) -> bool {
        self.linkdead.0.contains_key(&body)
    }

    /// A session's connection is gone: if it was the last of its body, the body waits.
    pub(crate) fn lose_link(&mut self, id: SessionId) {
        let span = self.game.rules.linkdead;
        let Some(session) = self.session(id) else { return };
        let (Some(account), Some(body)) = (session.account(), session.puppet()) else { return };
        if span == Duration::ZERO || self[body].sessions != [id] || !self.waits_for(account, body) {
            return;
        }
        self.take_body(id);
        self.begin_linkdead(body, self.now + span);
        let kind = self[body].typeclass;
        kind.at_link_lost(self, body);
    }

    /// Whether a body is one that waits for a player of an account.
    fn waits_for(&self, account: AccountId, body: ObjectId) -> bool {
        !self.is_guest(account)
            && self.account(account).is_some_and(|account| account.characters.contains(&body))
            && self.object(body).is_some_and(|body| body.location.is_some())
    }

    fn begin_linkdead(&mut self, body: ObjectId, until: Time) {
        logged("noting until when a body waits", self[body].db.set(UNTIL, until));
        let missed = self[body].db.remove(MISSED).and_then(|missed| serde_json::from_value(missed).ok());
        let missed = missed.unwrap_or_default();
        self.linkdead.0.insert(body, Waiting { until, missed });
        self.after(until.since(self.now), move |world| world.stop_waiting_for(body, until));
    }

    /// A body has waited long enough.
    fn stop_waiting_for(&mut self, body: ObjectId, until: Time) {
        if self.linkdead.0.get(&body).is_none_or(|waiting| waiting.until != until) {
            return;
        }
        self.give_up(body);
    }

    /// Nobody has come back: the body is left.
    fn give_up(&mut self, body: ObjectId) {
        self.end_linkdead(body);
        let kind = self[body].typeclass;
        kind.at_pre_unpuppet(self, body);
        self.leave(body);
    }

    /// Somebody takes the body, or it is left: gives back what it was told.
    pub(crate) fn end_linkdead(&mut self, body: ObjectId) -> Missed {
        let Some(waiting) = self.linkdead.0.remove(&body) else { return Missed::default() };
        if let Some(object) = self.object_mut(body) {
            object.db.remove(UNTIL);
            object.db.remove(MISSED);
        }
        waiting.missed
    }

    /// Tells a player what happened while they were away.
    pub(crate) fn tell_missed(&mut self, id: SessionId, missed: Missed) {
        if missed.texts.is_empty() {
            return;
        }
        let mut told = String::from("|wWhile you were away:|n");
        if missed.lost > 0 {
            told.push_str(&format!("\n(what was told first is forgotten: {} lines)", missed.lost));
        }
        for text in &missed.texts {
            // A colour that one left open does not colour the next.
            told.push_str(&format!("\n{text}|n"));
        }
        self.msg(id, text(told).kw("type", "missed"));
    }

    /// Something is told to an object; if it waits for its player, it is kept.
    pub(crate) fn keep_for_linkdead(&mut self, body: ObjectId, tuple: &CommandTuple) {
        if self.linkdead.0.is_empty() || tuple.name != "text" {
            return;
        }
        if let Some(waiting) = self.linkdead.0.get_mut(&body)
            && let Some(text) = tuple.first_str()
        {
            waiting.missed.keep(text);
        }
    }

    /// Something is told to an account that has no session.
    pub(crate) fn keep_for_account(&mut self, account: AccountId, tuple: &CommandTuple) {
        if self.linkdead.0.is_empty() {
            return;
        }
        let characters = self.account(account).map(|account| account.characters.as_slice());
        let body = characters.unwrap_or_default().iter().copied().find(|body| self.is_linkdead(*body));
        if let Some(body) = body {
            self.keep_for_linkdead(body, tuple);
        }
    }

    /// The Server ends: what is kept in memory goes into the store.
    pub(crate) fn store_linkdead(&mut self) {
        for (body, waiting) in std::mem::take(&mut self.linkdead.0) {
            if let Some(object) = self.object_mut(body) {
                logged("keeping what a body was told", object.db.set(MISSED, &waiting.missed));
            }
        }
    }

    /// A Server has started and knows who is connected: bodies in the world that nobody drives wait on, begin to wait
    /// if their players were lost while no Server ran, or are left.
    pub(crate) fn sort_out_abandoned(&mut self, mode: RestartMode) {
        let bodies: Vec<ObjectId> =
            self.accounts.values().flat_map(|account| account.characters.clone()).collect();
        let span = self.game.rules.linkdead;
        for body in bodies {
            let left = |object: &Object| object.location.is_some() && object.sessions.is_empty();
            if !self.object(body).is_some_and(left) {
                continue;
            }
            // After a stop nobody is connected, and nobody is about to come back.
            let until = match self[body].db.get::<Time>(UNTIL) {
                _ if mode == RestartMode::Shutdown => None,
                None if span > Duration::ZERO => Some(self.now + span),
                until => until,
            };
            match until.filter(|until| *until > self.now) {
                Some(until) => self.begin_linkdead(body, until),
                None => {
                    self[body].db.remove(UNTIL);
                    self[body].db.remove(MISSED);
                    let kind = self[body].typeclass;
                    self.guarded("leaving a body", |world| kind.at_post_unpuppet(world, body));
                }
            }
        }
    }

    /// Bodies that wait, by number, for `who`.
    pub(crate) fn linkdead_bodies(&self) -> Vec<ObjectId> {
        let mut bodies: Vec<ObjectId> = self.linkdead.0.keys().copied().collect();
        bodies.sort_unstable();
        bodies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_bytes_at_their_limits_and_one_past() {
        let mut missed = Missed::default();
        (0..KEPT_TEXTS).for_each(|n| missed.keep(&n.to_string()));
        assert_eq!((missed.texts.len(), missed.lost), (KEPT_TEXTS, 0));
        missed.keep("one more");
        assert_eq!((missed.texts.len(), missed.lost, missed.texts[0].as_str()), (KEPT_TEXTS, 1, "1"));

        let mut missed = Missed::default();
        let half = "x".repeat(KEPT_BYTES / 2);
        missed.keep(&half);
        missed.keep(&half);
        assert_eq!(missed.lost, 0);
        missed.keep("y");
        assert_eq!((missed.texts.len(), missed.lost), (2, 1));
    }
}
