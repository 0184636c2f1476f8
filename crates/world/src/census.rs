//! The census: how many there are of each kind of thing. The Portal tells it to lists of games (MSSP); it hears of
//! it when the Server is ready, and when it has changed.

use std::time::Duration;

use meadow_link::{Kwargs, Time, ToPortal};
use serde_json::json;

use crate::{Object, World};

/// How long after a census the next may come: to count is to look at every object, a part in each step.
const PERIOD: Duration = Duration::from_secs(60);

/// What the Portal knows of it.
#[derive(Debug, Default)]
pub(crate) struct Census {
    told: Kwargs,
    /// Something was stored since, so it may be another: when to count again.
    due: Option<Time>,
    last: Time,
    /// Whether one is going on.
    counting: bool,
}

/// What has been counted of the objects.
#[derive(Default)]
struct Counts {
    rooms: usize,
    exits: usize,
    characters: usize,
    objects: usize,
}

impl Census {
    /// When there is to be one.
    pub(crate) fn next_at(&self) -> Option<Time> {
        self.due.filter(|_| !self.counting)
    }

    /// Something has changed that is stored.
    pub(crate) fn changed(&mut self) {
        self.due.get_or_insert(self.last + PERIOD);
    }
}

impl World {
    /// Counts, if it is time to.
    pub(crate) fn run_census(&mut self) {
        if self.census.next_at().is_some_and(|due| due <= self.now) {
            self.tell_census();
        }
    }

    /// Counts, and tells the Portal if it is not what it knows: at once in a world that is counted in one step, later in
    /// a greater one.
    pub(crate) fn tell_census(&mut self) {
        if self.census.counting {
            return;
        }
        (self.census.due, self.census.last, self.census.counting) = (None, self.now, true);
        self.scan(
            0..=u64::MAX,
            Counts::default(),
            |world, object, counts| counts.add(world, object),
            World::counted,
        );
    }

    fn counted(&mut self, counts: Counts) {
        self.census.counting = false;
        let counts = [
            ("accounts", self.accounts.len()),
            ("characters", counts.characters),
            ("exits", counts.exits),
            ("objects", counts.objects),
            ("rooms", counts.rooms),
        ];
        let counts: Kwargs =
            counts.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect();
        if counts != self.census.told {
            self.census.told = counts.clone();
            self.out.push(ToPortal::Census(counts));
        }
    }
}

impl Counts {
    fn add(&mut self, world: &World, object: &Object) {
        *if object.is_exit() {
            &mut self.exits
        } else if world.is_character(object.id()) {
            &mut self.characters
        } else if world.is_a(object.id(), "default.Room") {
            &mut self.rooms
        } else {
            &mut self.objects
        } += 1;
    }
}
