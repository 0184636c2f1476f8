//! The census: how many there are of each kind of thing. The Portal tells it to lists of games (MSSP); it hears of
//! it when the Server is ready, and when it has changed.

use std::time::Duration;

use meadow_link::{Kwargs, Time, ToPortal};
use serde_json::json;

use crate::World;

/// How long after a census the next may come: to count is to look at every object.
const PERIOD: Duration = Duration::from_secs(60);

/// What the Portal knows of it.
#[derive(Debug, Default)]
pub(crate) struct Census {
    told: Kwargs,
    /// Something was stored since, so it may be another: when to count again.
    due: Option<Time>,
    last: Time,
}

impl Census {
    /// When there is to be one.
    pub(crate) fn next_at(&self) -> Option<Time> {
        self.due
    }

    /// Something has changed that is stored.
    pub(crate) fn changed(&mut self) {
        self.due.get_or_insert(self.last + PERIOD);
    }
}

impl World {
    /// Counts, if it is time to.
    pub(crate) fn run_census(&mut self) {
        if self.census.due.is_some_and(|due| due <= self.now) {
            self.tell_census();
        }
    }

    /// Counts, and tells the Portal if it is not what it knows.
    pub(crate) fn tell_census(&mut self) {
        let counts = self.count();
        (self.census.due, self.census.last) = (None, self.now);
        if counts != self.census.told {
            self.census.told = counts.clone();
            self.out.push(ToPortal::Census(counts));
        }
    }

    fn count(&self) -> Kwargs {
        let (mut rooms, mut exits, mut characters, mut objects) = (0, 0, 0, 0);
        for object in self.objects() {
            *if object.is_exit() {
                &mut exits
            } else if self.is_character(object.id()) {
                &mut characters
            } else if self.is_a(object.id(), "default.Room") {
                &mut rooms
            } else {
                &mut objects
            } += 1;
        }
        let accounts = self.accounts().count();
        let counts = [
            ("accounts", accounts),
            ("characters", characters),
            ("exits", exits),
            ("objects", objects),
            ("rooms", rooms),
        ];
        counts.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect()
    }
}
