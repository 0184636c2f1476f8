//! Who may connect: how many in all, from one address, and without having logged in.
//! `PortalSessionHandler` asks for each connection.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use meadow_link::Kwargs;
use serde_json::json;

use crate::{Limits, launcher::as_map};

/// How many addresses are shown to staff.
const SHOWN: usize = 50;

/// Counts of what is connected.
#[derive(Debug, Default)]
pub(crate) struct Admission {
    connections: usize,
    not_logged_in: usize,
    by_address: HashMap<IpAddr, usize>,
    players: Players,
    closed: bool,
}

/// How many have logged in, for whoever must not wait for the lock on all sessions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Players(Arc<AtomicUsize>);

impl Players {
    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Why a connection is turned away. Displays as what the client is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There are too many connections in all.
    #[error("The game is full. Please try again later.")]
    Full,
    /// There are too many from one address.
    #[error("There are too many connections from your address.")]
    Address,
    /// There are too many that have not logged in.
    #[error("Too many people are logging in. Please try again in a moment.")]
    LoggingIn,
    /// The Portal is about to end, and another one will be there in a moment.
    #[error("The game is being restarted. Please come back in a moment.")]
    Restarting,
    /// No number can be given to it: the disk is full, say.
    #[error("The game cannot take connections just now. Please try again later.")]
    NoId,
}

/// What counts as one address: in IPv6 the first 64 bits, because whoever has one such address has all of them
/// (RFC 4291, section 2.5.4).
pub(crate) fn origin(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

impl Admission {
    /// Counts one more, that has not logged in.
    pub(crate) fn admit(&mut self, address: IpAddr, limits: &Limits) -> Result<(), Refusal> {
        let address = origin(address);
        if self.closed {
            return Err(Refusal::Restarting);
        }
        if self.connections >= limits.connections {
            return Err(Refusal::Full);
        }
        if self.not_logged_in >= limits.not_logged_in {
            return Err(Refusal::LoggingIn);
        }
        let from_there = self.by_address.get(&address).copied().unwrap_or(0);
        if from_there >= limits.connections_per_address {
            return Err(Refusal::Address);
        }
        self.take_over(address);
        Ok(())
    }

    /// Counts one that was admitted before, by another Portal, and has not logged in.
    pub(crate) fn take_over(&mut self, address: IpAddr) {
        *self.by_address.entry(origin(address)).or_default() += 1;
        self.connections += 1;
        self.not_logged_in += 1;
    }

    /// From now on everybody is turned away.
    pub(crate) fn close(&mut self) {
        self.closed = true;
    }

    /// Whether everybody is turned away.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// How many there are, how many there may be, and from which addresses most come.
    pub(crate) fn shown(&self, limits: &Limits) -> Kwargs {
        let mut addresses: Vec<(&IpAddr, &usize)> = self.by_address.iter().collect();
        addresses.sort_unstable_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        addresses.truncate(SHOWN);
        let addresses = addresses
            .into_iter()
            .map(|(address, count)| json!({ "address": address.to_string(), "count": count }));
        as_map(json!({
            "connections": self.connections,
            "most": limits.connections,
            "not_logged_in": self.not_logged_in,
            "most_not_logged_in": limits.not_logged_in,
            "most_of_one_address": limits.connections_per_address,
            "total": self.by_address.len(),
            "addresses": addresses.collect::<Vec<_>>(),
        }))
    }

    /// One of them has logged in.
    pub(crate) fn logged_in(&mut self) {
        self.not_logged_in = self.not_logged_in.saturating_sub(1);
        self.count_players();
    }

    /// One of them has logged out and stays.
    pub(crate) fn logged_out(&mut self) {
        self.not_logged_in += 1;
        self.count_players();
    }

    /// The number of those who have logged in, as it will be at any time.
    pub(crate) fn players(&self) -> Players {
        self.players.clone()
    }

    /// One of them is gone.
    pub(crate) fn leave(&mut self, address: IpAddr, logged_in: bool) {
        self.connections = self.connections.saturating_sub(1);
        if !logged_in {
            self.not_logged_in = self.not_logged_in.saturating_sub(1);
        }
        let address = origin(address);
        if let Some(count) = self.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                self.by_address.remove(&address);
            }
        }
        self.count_players();
    }

    fn count_players(&self) {
        self.players.0.store(self.connections.saturating_sub(self.not_logged_in), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { connections: 4, connections_per_address: 2, not_logged_in: 3, ..Limits::default() }
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn an_address_is_counted_up_to_its_limit_and_down_again() {
        let mut admission = Admission::default();
        admission.admit(address(1), &limits()).expect("the first");
        admission.admit(address(1), &limits()).expect("at the limit");
        assert_eq!(admission.admit(address(1), &limits()), Err(Refusal::Address));
        admission.admit(address(2), &limits()).expect("another address");
        admission.leave(address(1), false);
        admission.admit(address(1), &limits()).expect("room again");
        for last in [1, 1, 2] {
            admission.leave(address(last), false);
        }
        assert!(admission.by_address.is_empty(), "addresses that are gone cost nothing");
    }

    #[test]
    fn whoever_was_admitted_before_counts_and_nobody_comes_in_when_it_is_closed() {
        let mut admission = Admission::default();
        (0..3).for_each(|_| admission.take_over(address(1)));
        assert_eq!(admission.admit(address(1), &limits()), Err(Refusal::LoggingIn));
        (0..3).for_each(|_| admission.leave(address(1), false));
        admission.admit(address(1), &limits()).expect("room again");
        admission.close();
        assert_eq!(admission.admit(address(2), &limits()), Err(Refusal::Restarting));
    }

    #[test]
    fn players_are_those_who_have_logged_in() {
        let mut admission = Admission::default();
        let players = admission.players();
        admission.admit(address(1), &limits()).expect("the first");
        admission.admit(address(2), &limits()).expect("the second");
        assert_eq!(players.count(), 0);
        admission.logged_in();
        admission.logged_in();
        admission.logged_out();
        assert_eq!(players.count(), 1);
        admission.leave(address(1), false);
        assert_eq!(players.count(), 1);
        admission.leave(address(2), true);
        assert_eq!(players.count(), 0);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let mut admission = Admission::default();
        let host = |last: u16| IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]);
        admission.admit(host(1), &limits()).expect("the first");
        admission.admit(host(2), &limits()).expect("at the limit");
        assert_eq!(admission.admit(host(3), &limits()), Err(Refusal::Address));
        admission.admit(IpAddr::from([0x2001, 0xdb8, 0, 2, 0, 0, 0, 1]), &limits()).expect("another network");
        admission.leave(host(1), false);
        admission.admit(host(3), &limits()).expect("room again");
    }

    #[test]
    fn those_who_have_not_logged_in_have_a_limit_of_their_own() {
        let mut admission = Admission::default();
        for last in 1..=3 {
            admission.admit(address(last), &limits()).expect("up to the limit");
        }
        assert_eq!(admission.admit(address(4), &limits()), Err(Refusal::LoggingIn));
        admission.logged_in();
        admission.admit(address(4), &limits()).expect("one has logged in");
        assert_eq!(admission.admit(address(5), &limits()), Err(Refusal::Full));
        admission.leave(address(1), true);
        assert_eq!(admission.admit(address(5), &limits()), Err(Refusal::LoggingIn), "3 are still logging in");
    }
}
