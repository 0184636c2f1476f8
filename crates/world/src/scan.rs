//! Looking at every object there is, a part in each step, so that nobody waits meanwhile: what staff ask now and then,
//! and what no index answers. What a game asks all the time is an index.

use std::{ops::RangeInclusive, time::Duration};

use crate::{Object, ObjectId, World};

/// How many numbers are looked at in one step: a few milliseconds.
pub const SCAN_STEP: u64 = 20_000;
/// How many objects are changed in one step, when many are: each may call hooks, and is stored.
const CHANGE_STEP: usize = 500;

/// Looking at all objects without keeping anybody waiting.
impl World {
    /// Looks at all objects whose numbers are in a range, lowest first, and then says so. A world of more than
    /// [`SCAN_STEP`] takes several steps, between which others go on: `then` may come later, and things may have
    /// changed since they were looked at. It does not survive a reload.
    ///
    /// ```
    /// use meadow_link::Time;
    /// use meadow_world::{NewObject, Snapshot, WorldBuilder};
    ///
    /// let mut world = WorldBuilder::new("A Game").load(Snapshot::default(), Time::default()).unwrap();
    /// world.create(NewObject { key: "rose", ..NewObject::default() }).unwrap();
    /// world.scan(
    ///     0..=u64::MAX,
    ///     0,
    ///     |_, object, roses| *roses += u32::from(object.key() == "rose"),
    ///     |world, roses| world.set_config("roses", roses.to_string()),
    /// );
    /// assert_eq!(world.config("roses"), Some("1"));
    /// ```
    pub fn scan<S: 'static>(
        &mut self,
        numbers: RangeInclusive<u64>,
        found: S,
        look: impl FnMut(&World, &Object, &mut S) + 'static,
        then: impl FnOnce(&mut World, S) + 'static,
    ) {
        let last = (*numbers.end()).min((self.objects.len() as u64).saturating_sub(1));
        self.scan_step(*numbers.start(), last, found, look, then);
    }

    fn scan_step<S: 'static>(
        &mut self,
        first: u64,
        last: u64,
        mut found: S,
        mut look: impl FnMut(&World, &Object, &mut S) + 'static,
        then: impl FnOnce(&mut World, S) + 'static,
    ) {
        let next = first.saturating_add(SCAN_STEP);
        for number in first..next.min(last.saturating_add(1)) {
            if let Some(object) = self.object(ObjectId(number)) {
                look(self, object, &mut found);
            }
        }
        if next > last {
            return then(self, found);
        }
        self.after(Duration::ZERO, move |world| world.scan_step(next, last, found, look, then));
    }

    /// Does something to each of these objects that is still there when its turn comes, a few hundred a step, and then
    /// says so.
    pub(crate) fn for_each_object<S: 'static>(
        &mut self,
        mut ids: Vec<ObjectId>,
        mut done: S,
        mut change: impl FnMut(&mut World, ObjectId, &mut S) + 'static,
        then: impl FnOnce(&mut World, S) + 'static,
    ) {
        let later = ids.split_off(ids.len().min(CHANGE_STEP));
        for id in ids {
            if self.exists(id) {
                change(self, id, &mut done);
            }
        }
        if later.is_empty() {
            return then(self, done);
        }
        self.after(Duration::ZERO, move |world| world.for_each_object(later, done, change, then));
    }
}
