//! A world that has been read but has not begun, for a Server that gets ready while another still runs the game: it is
//! told which rows have changed since, and begins. The Server's `run` does so.
//!
//! Whatever does not fit is no reason to guess: the Server reads everything again.

use std::collections::{BTreeSet, HashSet};

use meadow_link::Time;

use crate::{AccountId, Batch, ObjectId, ObjectRow, Snapshot, Tag, World, WorldBuilder};

/// A world that has not begun; [`WorldBuilder::prepare`] makes one, and [`WorldBuilder::load`] is this in one step.
pub struct StandbyWorld {
    world: World,
    /// Whether everything was where it belongs, so that parts of it can be exchanged.
    is_whole: bool,
    /// Places that exits lead to and that are no more.
    missing: HashSet<ObjectId>,
}

impl WorldBuilder {
    /// Reads what is stored, and lets nothing happen yet.
    pub fn prepare(self, snapshot: Snapshot, now: Time) -> StandbyWorld {
        let mut world = self.empty(now);
        world.restore(snapshot);
        let lost = world
            .objects()
            .any(|object| object.unread.as_ref().is_some_and(|unread| unread.location.is_some()));
        let is_whole = !lost && world.account_names.len() == world.accounts.len();
        let leads = world.objects().filter_map(|object| object.destination);
        let missing = leads.filter(|destination| !world.exists(*destination)).collect();
        StandbyWorld { world, is_whole, missing }
    }
}

impl StandbyWorld {
    /// Takes in the rows that have changed since the snapshot: objects, accounts and records as they are now or as
    /// deleted; the world's own values and the notes of inputs are all of them, changed or not. None, if that does not
    /// fit: then everything has to be read again.
    pub fn catch_up(mut self, since: Batch) -> Option<StandbyWorld> {
        if !self.is_whole {
            return None;
        }
        let world = &mut self.world;
        world.applied = since.applied;
        world.config = since.config.into_iter().collect();
        world.records.catch_up(since.records, &since.deleted_records);
        for id in since.accounts.iter().map(|row| row.id).chain(since.deleted_accounts) {
            world.drop_account(AccountId(id));
        }
        since.accounts.into_iter().for_each(|row| world.restore_account(row));
        if world.account_names.len() != world.accounts.len()
            || since.objects.iter().any(|row| self.missing.contains(&ObjectId(row.id)))
        {
            return None;
        }
        world.exchange(since.objects, &since.deleted_objects)?;
        Some(self)
    }

    /// Begins: sets up what a new world needs, and tells everything that the Server has started.
    ///
    /// # Errors
    /// The game's `at_initial_setup` failed; a sentence that says how.
    pub fn start(self, now: Time) -> Result<World, String> {
        let mut world = self.world;
        (world.now, world.started) = (now, now);
        world.set_going()?;
        Ok(world)
    }
}

/// Lists of the indexes that are not in the order of numbers any more.
#[derive(Default)]
struct Touched {
    places: BTreeSet<ObjectId>,
    keys: BTreeSet<Box<str>>,
    tags: BTreeSet<Tag>,
}

impl World {
    fn drop_account(&mut self, id: AccountId) {
        let Some(account) = self.accounts.remove(&id) else { return };
        let name = account.name.to_lowercase();
        if self.account_names.get(name.as_str()) == Some(&id) {
            self.account_names.remove(name.as_str());
        }
        self.guests.remove(&id);
    }

    /// Puts objects in the place of what they were before; everything else stays in its place.
    fn exchange(&mut self, rows: Vec<ObjectRow>, deleted: &[u64]) -> Option<()> {
        let mut touched = Touched::default();
        let changed: Vec<ObjectId> = rows.iter().map(|row| ObjectId(row.id)).collect();
        let gone: Vec<ObjectId> = deleted.iter().map(|id| ObjectId(*id)).collect();
        for id in changed.iter().chain(&gone) {
            self.take_out(*id);
        }
        for id in gone {
            let Some(slot) = usize::try_from(id.0).ok().and_then(|at| self.objects.get_mut(at)) else {
                continue;
            };
            // What is still in it has not heard of its end.
            if slot.take().is_some_and(|object| !object.contents.is_empty()) {
                return None;
            }
        }
        for row in rows {
            let mut object = self.object_of(row);
            if let Some(before) = self.object_unstored(object.id) {
                object.contents = std::mem::take(&mut before.contents);
                object.providers = std::mem::take(&mut before.providers);
                object.entrances = std::mem::take(&mut before.entrances);
            }
            self.insert(object);
        }
        for id in &changed {
            self.put_in(*id, &mut touched)?;
        }
        self.sort_indexes(touched);
        changed.iter().all(|id| self.leads_outwards(*id)).then_some(())
    }

    /// Takes an object out of all indexes, and leaves it where it is.
    fn take_out(&mut self, id: ObjectId) {
        let Some(object) = self.object_unstored(id) else { return };
        let (location, destination) = (object.location, object.destination);
        let tags = std::mem::take(&mut object.tags);
        self.forget_name(id);
        tags.iter().for_each(|tag| self.untag(id, tag));
        if let Some(place) = location.and_then(|place| self.object_unstored(place)) {
            place.contents.retain(|inside| *inside != id);
            place.providers.retain(|inside| *inside != id);
        }
        if let Some(place) = destination.and_then(|place| self.object_unstored(place)) {
            place.entrances.retain(|exit| *exit != id);
        }
    }

    /// Puts an object into all indexes. None, if it is in a place that is no more.
    fn put_in(&mut self, id: ObjectId, touched: &mut Touched) -> Option<()> {
        let object = &self[id];
        let (location, destination, provides) =
            (object.location, object.destination, object.commands.is_some());
        let (key, tags): (Box<str>, Vec<Tag>) = (object.key.to_lowercase().into(), object.tags.clone());
        self.keys.entry(key.clone()).or_default().push(id);
        touched.keys.insert(key);
        for tag in tags {
            self.tagged.entry(tag.clone()).or_default().push(id);
            touched.tags.insert(tag);
        }
        if let Some(place) = destination.and_then(|place| self.object_unstored(place)) {
            place.entrances.push(id);
            touched.places.insert(place.id);
        }
        let Some(location) = location else { return Some(()) };
        let place = self.object_unstored(location)?;
        place.contents.push(id);
        if provides {
            place.providers.push(id);
        }
        touched.places.insert(location);
        Some(())
    }

    /// As in a world that was read at once: by number.
    fn sort_indexes(&mut self, touched: Touched) {
        for place in touched.places {
            if let Some(place) = self.object_unstored(place) {
                place.contents.sort_unstable();
                place.providers.sort_unstable();
                place.entrances.sort_unstable();
            }
        }
        for key in touched.keys {
            if let Some(ids) = self.keys.get_mut(&key) {
                ids.sort_unstable();
            }
        }
        for tag in touched.tags {
            if let Some(ids) = self.tagged.get_mut(&tag) {
                ids.sort_unstable();
            }
        }
    }

    /// Whether the way outwards from an object ends.
    fn leads_outwards(&self, id: ObjectId) -> bool {
        let (mut at, mut seen) = (Some(id), HashSet::new());
        while let Some(here) = at {
            if !seen.insert(here) {
                return false;
            }
            at = self.object(here).and_then(|object| object.location);
        }
        true
    }
}
