//! Pings (RFC 6455, section 5.5.2), which keep the connection alive for whoever stands between, and tell how long a
//! message takes. The driver of a websocket has one.

use std::time::Duration;

use meadow_link::Time;

/// When a client is pinged, and what it has not answered yet.
#[derive(Debug)]
pub(super) struct Pulse {
    /// Zero: never.
    every: Duration,
    next: Option<Time>,
    /// That time has come.
    due: bool,
    number: u32,
    /// When the last one was sent.
    asked: Option<Time>,
}

impl Pulse {
    pub(super) fn new(every: Duration, now: Time) -> Pulse {
        let mut pulse = Pulse::stopped(every);
        pulse.start(now);
        pulse
    }

    /// For a client that is not there.
    pub(super) fn stopped(every: Duration) -> Pulse {
        Pulse { every, next: None, due: false, number: 0, asked: None }
    }

    /// There is another connection.
    pub(super) fn start(&mut self, now: Time) {
        self.stop();
        self.next = (!self.every.is_zero()).then(|| now + self.every);
    }

    /// There is no connection.
    pub(super) fn stop(&mut self) {
        (self.asked, self.next, self.due) = (None, None, false);
    }

    /// When a ping is due.
    pub(super) fn deadline(&self) -> Option<Time> {
        self.next
    }

    /// Time has passed.
    pub(super) fn timeout(&mut self, now: Time) {
        if self.next.is_some_and(|next| next <= now) {
            (self.next, self.due) = (None, true);
        }
    }

    pub(super) fn is_due(&self) -> bool {
        self.due
    }

    /// The ping that is sent now.
    pub(super) fn ping(&mut self, now: Time) -> [u8; 4] {
        (self.next, self.due) = (Some(now + self.every), false);
        self.number = self.number.wrapping_add(1);
        self.asked = Some(now);
        self.number.to_be_bytes()
    }

    /// A pong came: how long it took, if it answers the last ping. Clients may send others (section 5.5.3).
    pub(super) fn pong(&mut self, now: Time, payload: &[u8]) -> Option<Duration> {
        if payload != self.number.to_be_bytes() {
            return None;
        }
        Some(now.since(self.asked.take()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_micros(1_000_000);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_answer_to_the_last_ping_is_measured_once() {
        let mut pulse = Pulse::new(30 * SECOND, NOW);
        pulse.timeout(NOW + 29 * SECOND);
        assert!(!pulse.is_due());
        pulse.timeout(NOW + 30 * SECOND);
        assert!(pulse.is_due() && pulse.deadline().is_none(), "it is due until it is sent");
        assert_eq!(pulse.pong(NOW, &[0; 4]), None, "nobody has asked");
        let first = pulse.ping(NOW);
        assert!(!pulse.is_due() && pulse.deadline() == Some(NOW + 30 * SECOND));
        let second = pulse.ping(NOW + 30 * SECOND);
        let later = NOW + 31 * SECOND;
        assert_eq!(pulse.pong(later, &first), None);
        assert_eq!(pulse.pong(later, b"other"), None);
        assert_eq!(pulse.pong(later, &second), Some(SECOND));
        assert_eq!(pulse.pong(later, &second), None);
    }

    #[test]
    fn without_connection_or_wish_there_is_none() {
        let mut pulse = Pulse::new(Duration::ZERO, NOW);
        assert_eq!(pulse.deadline(), None);
        pulse.start(NOW);
        pulse.timeout(NOW + 1000 * SECOND);
        assert!(!pulse.is_due());
        let mut pulse = Pulse::new(SECOND, NOW);
        let ping = pulse.ping(NOW);
        pulse.stop();
        assert_eq!((pulse.deadline(), pulse.pong(NOW, &ping)), (None, None));
    }
}
