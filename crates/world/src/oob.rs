//! What clients are told besides text of where a character is and who it is: `room_info` and `char_name`. The
//! default typeclasses call it when a body is taken, and when it has moved. Who else is there, and what it carries,
//! is in `surroundings`.

mod surroundings;
pub(crate) use surroundings::{Surroundings, item};

use std::collections::BTreeMap;

use meadow_link::{
    CommandTuple, Flag, SessionId,
    oob::{CharName, RoomInfo},
};

use crate::{ObjectId, World, msg::Receiver};

/// What only programs read.
impl World {
    /// Tells somebody what only a program can read: as [`World::msg`], but only those sessions hear it whose
    /// clients take such data (flag OOB), and for the others it costs nothing.
    ///
    /// ```
    /// # use meadow_world::{ObjectId, World};
    /// use meadow_link::tuple;
    /// fn hurt(world: &mut World, body: ObjectId, hp: u32) {
    ///     world.msg(body, "Ouch!");
    ///     world.msg_oob(body, tuple("char_vitals").kw("hp", hp));
    /// }
    /// ```
    pub fn msg_oob(&mut self, to: impl Into<Receiver>, said: impl Into<CommandTuple>) {
        let sessions = self.oob_sessions(to);
        if !sessions.is_empty() {
            self.tell(sessions, said.into());
        }
    }

    /// Tells the clients of a character where it is: `room_info`, which mappers draw, and at the end of the step
    /// `room_players`.
    pub fn tell_room_info(&mut self, body: ObjectId) {
        self.send_room_info(body);
        self.note_arrived(body);
    }

    fn send_room_info(&mut self, body: ObjectId) {
        let Some(room) = self.object(body).and_then(|body| body.location()) else { return };
        if !self.oob_sessions(body).is_empty() {
            let info = self[room].typeclass.room_info(self, room, body);
            self.msg_oob(body, info);
        }
    }

    /// Tells the clients of a character which one it is: `char_name`.
    pub fn tell_char_name(&mut self, body: ObjectId) {
        if !self.oob_sessions(body).is_empty() {
            let name = self[body].key().to_owned();
            self.msg_oob(body, CharName { fullname: name.clone(), name });
        }
    }

    /// Those of its sessions whose clients take such data.
    fn oob_sessions(&self, to: impl Into<Receiver>) -> Vec<SessionId> {
        let mut sessions = match to.into() {
            Receiver::Session(id) => vec![id],
            Receiver::Account(id) => {
                self.account(id).map(|account| account.sessions.clone()).unwrap_or_default()
            }
            Receiver::Object(id) => self.object(id).map(|object| object.sessions.clone()).unwrap_or_default(),
        };
        sessions.retain(|id| self.takes_oob(*id));
        sessions
    }

    /// Whether a session's client takes such data.
    fn takes_oob(&self, id: SessionId) -> bool {
        self.session(id).is_some_and(|session| session.flags.has(Flag::Oob))
    }
}

/// What a mapper is told of a place, unless its typeclass says otherwise: number, name, the attributes `area`,
/// `environment` and `coords`, and the ways out that the looker may see.
pub(crate) fn room_info(world: &World, me: ObjectId, looker: ObjectId) -> RoomInfo {
    let mut exits = BTreeMap::new();
    for exit in world[me].contents().iter().map(|id| &world[*id]) {
        if let Some(destination) = exit.destination()
            && world.access(exit.id(), looker, "view", true)
        {
            exits.insert(exit.key().to_owned(), destination.0.into());
        }
    }
    RoomInfo {
        num: me.0.into(),
        name: world[me].key().to_owned(),
        area: world[me].db.str("area").map(str::to_owned),
        environment: world[me].db.str("environment").map(str::to_owned),
        coords: world[me].db["coords"].clone(),
        exits,
        ..RoomInfo::default()
    }
}
