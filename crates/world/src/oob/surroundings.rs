//! Who is where a character is (`room_players`), and what it carries (`char_items_list`), for clients that show these
//! beside the text. `place` and `rename` report here what has changed.
//!
//! What goes is told at once, while it still has a name; what comes is told at the end of the step, when it is whole.
//! Clients that take no such data cost a look at what is in a place, and nothing is made for them.

use std::collections::HashMap;

use meadow_link::{
    CommandTuple, SessionId,
    oob::{
        CharItemsAdd, CharItemsList, CharItemsRemove, CharItemsUpdate, Item, Player, room_add_player,
        room_players, room_remove_player,
    },
};

use crate::{ObjectId, World, text::plain};

/// How many are named in one list; who comes after them is not told of.
const LISTED: usize = 500;

/// The `location` of what is carried.
const CARRIED: &str = "inv";

/// What clients are to be told at the end of a step.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    /// What has come to where it is now.
    come: Vec<ObjectId>,
    /// Bodies that are elsewhere now, or driven by another client: these hear who is there.
    arrived: Vec<ObjectId>,
    /// Bodies that were taken: these hear what they carry.
    taken: Vec<ObjectId>,
    /// Places whose exits have changed: who is there hears where one can go.
    rebuilt: Vec<ObjectId>,
}

/// Somebody who sees what happens in a place, and a session that is told of it.
type Watcher = (ObjectId, SessionId);

impl World {
    /// Tells the clients of who carries it that a thing has changed: `char_items_update`, with what its
    /// [`item`](crate::Typeclass::item) says now. A new name is told by itself.
    pub fn tell_item(&mut self, thing: ObjectId) {
        let Some(holder) = self.object(thing).and_then(|thing| thing.location()) else { return };
        if let Some(item) = self.item_for(holder, thing) {
            self.msg_oob(holder, CharItemsUpdate { location: CARRIED.to_owned(), item });
        }
    }

    /// Tells the clients of a character what it carries: `char_items_list`.
    pub fn tell_inventory(&mut self, body: ObjectId) {
        if self.oob_sessions(body).is_empty() {
            return;
        }
        let inside = self[body].contents().iter().filter_map(|thing| self.item_for(body, *thing));
        let items = inside.take(LISTED).collect();
        self.msg_oob(body, CharItemsList { location: CARRIED.to_owned(), items });
    }

    /// Tells everybody in a place, at the end of the step, who is there: `room_players`. Only needed where what decides
    /// who is seen has changed: somebody struck a light.
    pub fn tell_room_players(&mut self, place: ObjectId) {
        for (watcher, _) in self.watchers(place) {
            self.note_arrived(watcher);
        }
    }

    fn tell_players(&mut self, body: ObjectId) {
        let Some(place) = self.object(body).and_then(|body| body.location()) else { return };
        if self.oob_sessions(body).is_empty() {
            return;
        }
        let others = self[place].contents().iter().filter(|id| self.shows_player(place, **id, body));
        let players: Vec<Player> =
            others.take(LISTED).map(|id| player(&self.display_name(*id, body))).collect();
        self.msg_oob(body, room_players(&players));
    }

    /// Something is about to leave the place where it is.
    pub(crate) fn note_going(&mut self, id: ObjectId) {
        let Some(place) = self[id].location.filter(|place| self.exists(*place)) else { return };
        if self.sessions.is_empty() {
            return;
        }
        if let Some(item) = self.item_for(place, id) {
            self.msg_oob(place, CharItemsRemove { location: CARRIED.to_owned(), item });
        }
        if self.is_character(id) {
            let watchers = self.watchers(place);
            self.tell_watchers(id, place, &watchers, |player| room_remove_player(&player.name));
        }
    }

    /// Something has come to where it is now, or has another name.
    pub(crate) fn note_come(&mut self, id: ObjectId) {
        if !self.sessions.is_empty() && self[id].location.is_some() {
            self.surroundings.come.push(id);
        }
    }

    /// A body is to hear who is where it is.
    pub(super) fn note_arrived(&mut self, body: ObjectId) {
        self.surroundings.arrived.push(body);
    }

    /// A session has taken a body.
    pub(crate) fn note_taken(&mut self, body: ObjectId) {
        self.surroundings.taken.push(body);
    }

    /// The exits of a place have changed.
    pub(crate) fn note_rebuilt(&mut self, place: ObjectId) {
        if !self.sessions.is_empty() {
            self.surroundings.rebuilt.push(place);
        }
    }

    /// An exit leads elsewhere, or has another name.
    pub(crate) fn note_rebuilt_by(&mut self, exit: ObjectId) {
        if let Some(place) = self[exit].location.filter(|_| self[exit].is_exit()) {
            self.note_rebuilt(place);
        }
    }

    /// The end of a step.
    pub(crate) fn tell_surroundings(&mut self) {
        let Surroundings { come, arrived, taken, rebuilt } = std::mem::take(&mut self.surroundings);
        let [come, arrived, taken, rebuilt] = [come, arrived, taken, rebuilt].map(once);
        for place in rebuilt {
            for (watcher, _) in self.watchers(place) {
                // Who has just come has heard of it.
                if arrived.binary_search(&watcher).is_err() {
                    self.send_room_info(watcher);
                }
            }
        }
        let mut watchers: HashMap<ObjectId, Vec<Watcher>> = HashMap::new();
        for id in come {
            let Some(place) = self.object(id).and_then(|object| object.location()) else { continue };
            if taken.binary_search(&place).is_err()
                && let Some(item) = self.item_for(place, id)
            {
                self.msg_oob(place, CharItemsAdd { location: CARRIED.to_owned(), item });
            }
            if self.is_character(id) {
                let there = watchers.entry(place).or_insert_with(|| {
                    let mut there = self.watchers(place);
                    there.retain(|(watcher, _)| arrived.binary_search(watcher).is_err());
                    there
                });
                let there = std::mem::take(there);
                self.tell_watchers(id, place, &there, |player| room_add_player(&player));
                watchers.insert(place, there);
            }
        }
        arrived.into_iter().for_each(|body| self.tell_players(body));
        taken.into_iter().for_each(|body| self.tell_inventory(body));
    }

    /// Tells those who see somebody in a place; those who see the same are told in one message.
    fn tell_watchers(
        &mut self,
        id: ObjectId,
        place: ObjectId,
        watchers: &[Watcher],
        told: impl Fn(Player) -> CommandTuple,
    ) {
        let kind = self[place].typeclass;
        // Mostly all see the same name.
        let mut hearing: Vec<(String, Vec<SessionId>)> = Vec::new();
        for (watcher, session) in watchers {
            if *watcher == id || !kind.shows(self, place, id, *watcher) {
                continue;
            }
            let name = self.display_name(id, *watcher);
            match hearing.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sessions)) => sessions.push(*session),
                None => hearing.push((name, vec![*session])),
            }
        }
        for (name, sessions) in hearing {
            self.tell(sessions, told(player(&name)));
        }
    }

    /// Those in a place whose clients take such data.
    fn watchers(&self, place: ObjectId) -> Vec<Watcher> {
        let Some(place) = self.object(place) else { return Vec::new() };
        let driven =
            place.contents().iter().map(|id| &self[*id]).filter(|object| !object.sessions.is_empty());
        let sessions = driven.flat_map(|object| object.sessions.iter().map(|session| (object.id, *session)));
        sessions.filter(|(_, session)| self.takes_oob(*session)).collect()
    }

    fn shows_player(&self, place: ObjectId, id: ObjectId, looker: ObjectId) -> bool {
        id != looker && self.is_character(id) && self[place].typeclass.shows(self, place, id, looker)
    }

    /// What the clients of a holder are told of a thing; nothing if there are none, or if it is not to be seen.
    fn item_for(&self, holder: ObjectId, thing: ObjectId) -> Option<Item> {
        let takes = !self[holder].sessions.is_empty() && !self.oob_sessions(holder).is_empty();
        let shown = takes && !self[thing].is_exit() && self.access(thing, holder, "view", true);
        shown.then(|| self[thing].typeclass.item(self, thing, holder))
    }
}

/// Somebody by the name that a looker has for them (markup).
fn player(name: &str) -> Player {
    let name = plain(name);
    Player { fullname: name.clone(), name }
}

fn once(mut ids: Vec<ObjectId>) -> Vec<ObjectId> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What clients are told of a thing that somebody carries, unless its typeclass says more: number and name.
pub(crate) fn item(world: &World, me: ObjectId, looker: ObjectId) -> Item {
    Item { id: me.0, name: plain(&world.display_name(me, looker)), ..Item::default() }
}
