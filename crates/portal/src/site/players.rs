//! Who is playing, for the pages. Everybody may ask for a page as often as they like, so it is found out anew only now
//! and then: there may be thousands of sessions.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde::Serialize;

use crate::{ShownPlayers, sessionhandler::PortalSessionHandler};

/// How old what is shown may be.
const FRESH: Duration = Duration::from_secs(2);
/// Most names on a page.
const MOST: usize = 200;

/// Those who are playing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Players {
    /// How many accounts.
    pub(crate) count: usize,
    /// Their names, by the alphabet; none where they are not to be shown.
    pub(crate) names: Vec<String>,
    /// How many are not named although names are shown: a page has an end.
    pub(crate) more: usize,
}

/// Looks who is playing.
pub(crate) struct Lookout {
    handler: Arc<PortalSessionHandler>,
    shown: ShownPlayers,
    seen: Mutex<Option<(Instant, Players)>>,
}

impl Lookout {
    pub(crate) fn new(handler: Arc<PortalSessionHandler>, shown: ShownPlayers) -> Lookout {
        Lookout { handler, shown, seen: Mutex::default() }
    }

    pub(crate) fn players(&self) -> Players {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((when, players)) = &*seen
            && when.elapsed() < FRESH
        {
            return players.clone();
        }
        let connections = self.handler.connections();
        let names = connections.iter().filter_map(|one| one.lock().session.player().map(str::to_owned));
        let players = listed(names, self.shown);
        *seen = Some((Instant::now(), players.clone()));
        players
    }
}

/// An account that plays twice is one.
fn listed(names: impl Iterator<Item = String>, shown: ShownPlayers) -> Players {
    let names: BTreeMap<String, String> = names.map(|name| (name.to_lowercase(), name)).collect();
    let count = names.len();
    match shown {
        ShownPlayers::Count => Players { count, ..Players::default() },
        ShownPlayers::Names => {
            let more = count.saturating_sub(MOST);
            Players { count, names: names.into_values().take(MOST).collect(), more }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: usize) -> impl Iterator<Item = String> {
        (0..count).map(|number| format!("player{number}"))
    }

    #[test]
    fn they_are_named_once_and_by_the_alphabet() {
        let names = ["bert", "Anna", "cleo", "anna"].into_iter().map(str::to_owned);
        let players = listed(names, ShownPlayers::Names);
        assert_eq!((players.count, players.more), (3, 0));
        assert_eq!(
            players.names.iter().map(|name| name.to_lowercase()).collect::<Vec<_>>(),
            ["anna", "bert", "cleo"]
        );
    }

    #[test]
    fn a_page_has_an_end() {
        let at = listed(names(MOST), ShownPlayers::Names);
        assert_eq!((at.count, at.names.len(), at.more), (MOST, MOST, 0));
        let past = listed(names(MOST + 1), ShownPlayers::Names);
        assert_eq!((past.count, past.names.len(), past.more), (MOST + 1, MOST, 1));
    }

    #[test]
    fn names_can_stay_private() {
        let players = listed(names(3), ShownPlayers::Count);
        assert_eq!(players, Players { count: 3, names: Vec::new(), more: 0 });
    }
}
