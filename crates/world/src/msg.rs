//! `msg()`: the one way out. Everything that the game says leaves here as a commandtuple.

use meadow_link::{CommandTuple, SessionId, ToPortal};

use crate::{AccountId, ObjectId, World};

/// Who can be told something.
///
/// ```
/// # use meadow_world::{AccountId, ObjectId, World};
/// # use meadow_link::{SessionId, prompt, text, tuple};
/// fn tell(world: &mut World, session: SessionId, account: AccountId, body: ObjectId) {
///     world.msg(session, prompt("Your name? "));
///     world.msg(account, "|rThe game is about to close.|n");
///     world.msg(body, text("You feel better.").kw("type", "health"));
///     world.msg(body, tuple("char_vitals").kw("hp", 11));
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// One session.
    Session(SessionId),
    /// Every session of an account.
    Account(AccountId),
    /// Every session that puppets an object.
    Object(ObjectId),
}

impl From<SessionId> for Receiver {
    fn from(id: SessionId) -> Receiver {
        Receiver::Session(id)
    }
}

impl From<AccountId> for Receiver {
    fn from(id: AccountId) -> Receiver {
        Receiver::Account(id)
    }
}

impl From<ObjectId> for Receiver {
    fn from(id: ObjectId) -> Receiver {
        Receiver::Object(id)
    }
}

/// The one way out.
impl World {
    /// Tells somebody something. Text is markup; what a player typed has to be escaped in it.
    ///
    /// Whoever is not there any more, or drives nothing, hears nothing; that is no error.
    pub fn msg(&mut self, to: impl Into<Receiver>, said: impl Into<CommandTuple>) {
        let (to, tuple) = (to.into(), said.into());
        let sessions = match to {
            Receiver::Session(id) => vec![id],
            Receiver::Account(id) => {
                let sessions = self.account(id).map(|account| account.sessions.clone()).unwrap_or_default();
                if sessions.is_empty() {
                    self.keep_for_account(id, &tuple);
                }
                sessions
            }
            Receiver::Object(id) => self.hearers(id, &tuple),
        };
        self.tell(sessions, tuple);
    }

    /// Tells everybody who is in a place the same, in one message; `except` hears nothing.
    ///
    /// ```
    /// # use meadow_world::{ObjectId, World};
    /// fn storm(world: &mut World, room: ObjectId, asleep: &[ObjectId]) {
    ///     world.msg_contents(room, "Thunder rolls over the hills.", asleep);
    /// }
    /// ```
    pub fn msg_contents(&mut self, place: ObjectId, said: impl Into<CommandTuple>, except: &[ObjectId]) {
        let tuple = said.into();
        if !self.exists(place) {
            return;
        }
        let mut sessions = Vec::new();
        // By index, because a hook of one hearer may change the place.
        let mut at = 0;
        while let Some(id) = self.object(place).and_then(|place| place.contents.get(at).copied()) {
            at += 1;
            if !except.contains(&id) && !self[id].is_exit() {
                sessions.append(&mut self.hearers(id, &tuple));
            }
        }
        self.tell(sessions, tuple);
    }

    /// Tells everybody who is connected, logged in or not.
    pub fn msg_all(&mut self, said: impl Into<CommandTuple>) {
        let sessions = self.sessions.ids();
        self.tell(sessions, said.into());
    }

    /// The sessions that hear what an object is told.
    pub(crate) fn hearers(&mut self, id: ObjectId, tuple: &CommandTuple) -> Vec<SessionId> {
        let Some(object) = self.object(id) else { return Vec::new() };
        let kind = object.typeclass;
        if kind.listens() && !kind.at_msg_receive(self, id, tuple) {
            return Vec::new();
        }
        self.keep_for_linkdead(id, tuple);
        self.object(id).map(|object| object.sessions.clone()).unwrap_or_default()
    }

    /// Tells these sessions the same, in one message.
    pub(crate) fn tell(&mut self, sessions: Vec<SessionId>, tuple: CommandTuple) {
        if tuple.name == "prompt" && !self.veils.is_empty() {
            sessions.iter().for_each(|session| self.settle_secret(*session));
        }
        if !sessions.is_empty() {
            self.out.push(ToPortal::Output { sessions, tuple });
        }
    }
}
