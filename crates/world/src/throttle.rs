//! Counts what an address does too often: failed logins, new accounts.

use std::{
    collections::{HashMap, VecDeque},
    net::Ipv6Addr,
    time::Duration,
};

use meadow_link::Time;

/// How many addresses are remembered at most; beyond it, those that did nothing for longest go first.
const ADDRESSES: usize = 10_000;

/// How many addresses are shown to staff.
const SHOWN: usize = 100;

/// What counts as one address: in IPv6 the first 64 bits, because whoever has one such address has all of them
/// (RFC 4291, section 2.5.4).
pub(crate) fn origin(address: &str) -> Box<str> {
    match address.parse::<Ipv6Addr>() {
        Ok(address) if address.to_ipv4_mapped().is_none() => {
            let network = address.to_bits() >> 64 << 64;
            format!("{}/64", Ipv6Addr::from_bits(network)).into()
        }
        _ => address.into(),
    }
}

/// What an address has done: how often, and how long it has to wait, if it has to.
pub(crate) type Counted = (Box<str>, usize, Option<Duration>);

/// At most so many events an address within a span of time.
#[derive(Debug)]
pub(crate) struct Throttle {
    limit: usize,
    span: Duration,
    events: HashMap<Box<str>, VecDeque<Time>>,
}

impl Throttle {
    /// `limit` events within `span`; 0 for no limit.
    pub(crate) fn new(limit: usize, span: Duration) -> Throttle {
        Throttle { limit, span, events: HashMap::new() }
    }

    /// How long the address has to wait; none if it need not.
    pub(crate) fn wait(&mut self, address: &str, now: Time) -> Option<Duration> {
        let events = self.events.get_mut(address)?;
        while events.front().is_some_and(|at| now.since(*at) >= self.span) {
            events.pop_front();
        }
        if self.limit == 0 || events.len() < self.limit {
            return None;
        }
        let first = events.front()?;
        Some((*first + self.span).since(now))
    }

    /// The address has done it.
    pub(crate) fn count(&mut self, address: &str, now: Time) {
        if self.limit == 0 {
            return;
        }
        if self.events.len() >= ADDRESSES && !self.events.contains_key(address) {
            self.forget_some(now);
        }
        let events = self.events.entry(address.into()).or_default();
        if events.len() == self.limit {
            events.pop_front();
        }
        events.push_back(now);
    }

    /// What was counted last was none after all.
    pub(crate) fn forgive(&mut self, address: &str) {
        if let Some(events) = self.events.get_mut(address) {
            events.pop_back();
        }
    }

    /// How many more the address may have before it has to wait.
    pub(crate) fn room(&self, address: &str) -> usize {
        match self.limit {
            0 => usize::MAX,
            limit => limit.saturating_sub(self.events.get(address).map_or(0, VecDeque::len)),
        }
    }

    /// Events that are allowed within the span; 0 for no limit.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// See [`Throttle::limit`].
    pub(crate) fn span(&self) -> Duration {
        self.span
    }

    /// What the address has done is forgotten, if anything was known.
    pub(crate) fn lift(&mut self, address: &str) -> bool {
        self.events.remove(address).is_some()
    }

    /// How many addresses did something within the span, and those that did most: how often, and how long they have to
    /// wait, if they have to. No more than [`SHOWN`] of them.
    pub(crate) fn addresses(&mut self, now: Time) -> (usize, Vec<Counted>) {
        let known: Vec<Box<str>> = self.events.keys().cloned().collect();
        let counted = known.into_iter().filter_map(|address| {
            let wait = self.wait(&address, now);
            let count = self.events.get(&address).map_or(0, VecDeque::len);
            (count > 0).then_some((address, count, wait))
        });
        let mut counted: Vec<_> = counted.collect();
        counted.sort_unstable_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        let total = counted.len();
        counted.truncate(SHOWN);
        (total, counted)
    }

    fn forget_some(&mut self, now: Time) {
        let span = self.span;
        self.events.retain(|_, events| events.back().is_some_and(|at| now.since(*at) < span));
        while self.events.len() >= ADDRESSES {
            let oldest = self.events.iter().min_by_key(|(_, events)| events.back().copied());
            let Some(oldest) = oldest.map(|(address, _)| address.clone()) else { return };
            self.events.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_limit_holds_and_passes() {
        let mut throttle = Throttle::new(2, Duration::from_secs(10));
        throttle.count("a", at(0));
        assert_eq!(throttle.wait("a", at(1)), None);
        throttle.count("a", at(1));
        assert_eq!(throttle.wait("a", at(2)), Some(Duration::from_secs(8)));
        assert_eq!(throttle.wait("b", at(2)), None);
        assert_eq!(throttle.wait("a", at(10)), None);
        throttle.count("a", at(10));
        assert!(throttle.wait("a", at(10)).is_some());
        assert_eq!((throttle.room("a"), throttle.room("b")), (0, 2));
    }

    #[test]
    fn the_addresses_of_one_network_are_one() {
        assert_eq!(origin("2001:db8:1:2:3:4:5:6"), origin("2001:db8:1:2::7"));
        assert_ne!(origin("2001:db8:1:2::7"), origin("2001:db8:1:3::7"));
        assert_eq!(&*origin("192.0.2.7"), "192.0.2.7");
        assert_ne!(origin("::ffff:192.0.2.7"), origin("::ffff:192.0.2.8"));
        assert_eq!(&*origin(""), "");
    }

    #[test]
    fn it_remembers_no_more_than_so_many() {
        let mut throttle = Throttle::new(1, Duration::from_secs(1_000_000));
        for address in 0..=ADDRESSES as u64 {
            throttle.count(&address.to_string(), at(address));
        }
        assert_eq!(throttle.events.len(), ADDRESSES);
        assert_eq!(throttle.wait("0", at(1)), None, "the oldest went");
        assert!(throttle.wait("1", at(1)).is_some());
    }
}
