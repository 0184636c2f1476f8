//! Things that are to happen later, in the order of their times. They do not survive a reload.

use std::{cmp::Reverse, collections::BinaryHeap, time::Duration};

use meadow_link::Time;

use crate::World;

type Action = Box<dyn FnOnce(&mut World)>;

/// Names something that [`World::after`] is to do, until it is done.
///
/// ```
/// # use std::time::Duration;
/// # use meadow_world::{AfterId, ObjectId, World};
/// /// Lights a fuse, which can be put out again.
/// fn light(world: &mut World, bomb: ObjectId) -> AfterId {
///     world.after(Duration::from_secs(10), move |world| {
///         if let Some(place) = world.object(bomb).and_then(|bomb| bomb.location()) {
///             world.msg_contents(place, "Boom!", &[]);
///         }
///     })
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AfterId(u64);

/// What waits for its time.
#[derive(Default)]
pub(crate) struct Schedule {
    heap: BinaryHeap<Reverse<Entry>>,
    next: u64,
}

struct Entry {
    at: Time,
    order: u64,
    action: Action,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Entry) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

impl Schedule {
    fn add(&mut self, at: Time, action: Action) -> AfterId {
        self.next += 1;
        self.heap.push(Reverse(Entry { at, order: self.next, action }));
        AfterId(self.next)
    }

    /// Takes one out that has not been done. False if there is none.
    fn remove(&mut self, id: AfterId) -> bool {
        let before = self.heap.len();
        self.heap.retain(|Reverse(entry)| entry.order != id.0);
        self.heap.len() < before
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.heap.len()
    }

    /// When the first is due.
    pub(crate) fn next_at(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse(entry)| entry.at)
    }

    /// The next that is due, if it was added before `newest`.
    fn take_due(&mut self, now: Time, newest: u64) -> Option<Action> {
        let Reverse(first) = self.heap.peek()?;
        if first.at > now || first.order > newest {
            return None;
        }
        self.heap.pop().map(|Reverse(entry)| entry.action)
    }
}

/// What is to happen soon, and is forgotten at a reload.
impl World {
    /// Does something after a pause. Everything it needs is looked up again when the time has come: what it
    /// speaks of may be gone by then. A reload makes it forgotten: what must not be is for [`World::delay`]. What has
    /// not been done yet can be [cancelled](World::cancel_after).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use meadow_world::{NewObject, WorldBuilder};
    /// # let now = meadow_link::Time::from_micros(1);
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), now).expect("it loads");
    /// # let bell = world.create(NewObject { key: "bell", ..NewObject::default() })?;
    /// world.after(Duration::from_secs(2), move |world| {
    ///     // It may be gone by then.
    ///     if world.exists(bell) {
    ///         world.rename(bell, "silent bell");
    ///     }
    /// });
    /// # world.advance(now + Duration::from_secs(2));
    /// # assert_eq!(world[bell].key(), "silent bell");
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    pub fn after(&mut self, pause: Duration, action: impl FnOnce(&mut World) + 'static) -> AfterId {
        let at = self.now() + pause;
        self.schedule.add(at, Box::new(action))
    }

    /// Something is not to happen after all. False if it has happened, or been cancelled.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use meadow_world::WorldBuilder;
    /// # let now = meadow_link::Time::from_micros(1);
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), now).expect("it loads");
    /// let spell = world.after(Duration::from_secs(2), |world| world.set_config("cast", "yes"));
    /// assert!(world.cancel_after(spell), "the wizard was interrupted");
    /// assert!(!world.cancel_after(spell));
    /// # world.advance(now + Duration::from_secs(2));
    /// # assert_eq!(world.config("cast"), None);
    /// ```
    pub fn cancel_after(&mut self, id: AfterId) -> bool {
        self.schedule.remove(id)
    }

    /// Runs what has become due. What that adds waits for the next call, even without a pause: an action that
    /// always adds another must not keep everybody waiting for ever.
    pub(crate) fn run_due(&mut self) {
        let newest = self.schedule.next;
        while let Some(action) = self.schedule.take_due(self.now(), newest) {
            self.guarded("a delayed action", action);
        }
    }
}
