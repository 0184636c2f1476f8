//! The one notion of time that protocols and world are given; they never read a clock.

use std::{fmt, ops, time::Duration};

use serde::{Deserialize, Serialize};

/// A point in time: microseconds since the Unix epoch.
///
/// Whoever owns a clock makes these from a monotonic source, so a `Time` never runs backwards within
/// one process, whatever happens to the wall clock.
///
/// ```
/// use std::time::Duration;
/// use meadow_link::Time;
///
/// let noon = Time::from_unix_seconds(43_200.0);
/// let later = noon + Duration::from_secs(90);
/// assert_eq!(later.since(noon), Duration::from_secs(90));
/// assert_eq!(noon.since(later), Duration::ZERO);
/// assert!(noon < later);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Time(u64);

impl Time {
    /// A time from microseconds since the Unix epoch.
    pub const fn from_micros(micros: u64) -> Time {
        Time(micros)
    }

    /// Microseconds since the Unix epoch.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// A time from Unix seconds, the form that Evennia's session data carries (`conn_time`).
    pub fn from_unix_seconds(seconds: f64) -> Time {
        Time((seconds.max(0.0) * 1e6) as u64)
    }

    /// Unix seconds with a fraction.
    pub fn unix_seconds(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Time) -> Duration {
        Duration::from_micros(self.0.saturating_sub(earlier.0))
    }
}

impl ops::Add<Duration> for Time {
    type Output = Time;

    fn add(self, span: Duration) -> Time {
        Time(self.0.saturating_add(u64::try_from(span.as_micros()).unwrap_or(u64::MAX)))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}
