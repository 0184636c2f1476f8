//! The time of the world that is played: it runs by a factor of real time, from when the world was made, and goes on
//! while the game is stopped (Evennia's `gametime`).

use std::time::Duration;

use meadow_link::Time;

use crate::{World, WorldBuilder};

/// How the world's time runs.
///
/// ```
/// use std::time::Duration;
/// use meadow_link::Time;
/// use meadow_world::{GameTime, Snapshot, WorldBuilder};
///
/// let mut builder = WorldBuilder::new("A Game");
/// let dawn = Time::from_unix_seconds(1_000.0);
/// builder.game_time(GameTime { factor: 4.0, epoch: Some(dawn) });
/// let mut world = builder.load(Snapshot::default(), Time::from_unix_seconds(5.0)).unwrap();
///
/// world.advance(Time::from_unix_seconds(65.0));
/// assert_eq!(world.game_time(), dawn + Duration::from_secs(240));
/// assert_eq!(world.real_span(Duration::from_secs(240)), Duration::from_secs(60));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GameTime {
    /// How many seconds pass in the game while one passes outside. What is not above zero is 1.
    pub factor: f64,
    /// What time it was in the game when the world was made; the real time of then, where there is none.
    pub epoch: Option<Time>,
}

impl Default for GameTime {
    /// As fast as real time, from when the world was made.
    fn default() -> GameTime {
        GameTime { factor: 1.0, epoch: None }
    }
}

impl GameTime {
    /// The factor, if time can run by it.
    pub(crate) fn factor(self) -> f64 {
        if self.factor.is_finite() && self.factor > 0.0 { self.factor } else { 1.0 }
    }
}

impl WorldBuilder {
    /// Says how the world's time runs.
    pub fn game_time(&mut self, time: GameTime) -> &mut Self {
        self.game.game_time = time;
        self
    }
}

/// The time of the game's world.
impl World {
    /// When the world was made.
    pub fn created(&self) -> Time {
        let created = self.config("created").and_then(|created| created.parse().ok());
        created.map_or(self.started, Time::from_unix_seconds)
    }

    /// What time it is in the game.
    pub fn game_time(&self) -> Time {
        let created = self.created();
        let passed = self.now.since(created).mul_f64(self.game.game_time.factor());
        self.game.game_time.epoch.unwrap_or(created) + passed
    }

    /// How long a span of the game's time takes outside: for [`World::after`].
    pub fn real_span(&self, span: Duration) -> Duration {
        Duration::try_from_secs_f64(span.as_secs_f64() / self.game.game_time.factor())
            .unwrap_or(Duration::MAX)
    }
}
