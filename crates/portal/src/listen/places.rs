//! Places of which there are only so many, in all and for one address: HTTP connections, and browsers without
//! websockets. The web listener gives them out.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::admission::origin;

/// How many are taken, and how many there are.
#[derive(Debug)]
pub(crate) struct Places {
    all: usize,
    each: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// One of them, until dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    address: Option<IpAddr>,
}

impl Places {
    /// So many in all, of which one address may have so many.
    pub(crate) fn new(all: usize, each: usize) -> Arc<Places> {
        Arc::new(Places { all, each, taken: Mutex::default() })
    }

    /// Takes one for an address, or for somebody who stands for many: then only their number in all counts.
    pub(crate) fn take(places: &Arc<Places>, address: Option<IpAddr>) -> Option<Place> {
        let address = address.map(origin);
        let mut taken = places.taken();
        if taken.all >= places.all {
            return None;
        }
        if let Some(address) = address {
            let from_there = taken.by_address.entry(address).or_default();
            if *from_there >= places.each {
                return None;
            }
            *from_there += 1;
        }
        taken.all += 1;
        drop(taken);
        Some(Place { places: Arc::clone(places), address })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        let Some(address) = self.address else { return };
        if let Some(count) = taken.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                taken.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_get_all_and_what_was_taken_comes_back() {
        let places = Places::new(3, 2);
        let from = |last: u8| Places::take(&places, Some(IpAddr::from([192, 0, 2, last])));
        let one = from(1).expect("the first");
        let _two = from(1).expect("at the limit");
        assert!(from(1).is_none(), "past it");
        let three = from(2).expect("another address");
        assert!(from(3).is_none() && Places::take(&places, None).is_none(), "past the limit of all");
        drop((one, three));
        let _proxy = Places::take(&places, None).expect("for whoever stands behind it");
        assert!(from(1).is_some() && places.taken().by_address.len() == 1);
    }
}
