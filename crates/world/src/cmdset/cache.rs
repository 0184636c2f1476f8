//! Merges already made, so that a command costs a look-up and not a merge; owned by the command handler.

use std::{collections::HashMap, sync::Arc};

use super::{CmdKey, CmdSet, MergedSet, merge};

/// Most merges a [`MergeCache`] remembers (Evennia's cache has the same size).
pub const MERGE_CACHE_LIMIT: usize = 1000;

/// Remembers what each stack of sets merges to.
///
/// A stack is known by the identity of its sets, so a set that changes must be a new `Arc`. Merges are kept in two
/// generations: when the newer is full, the older is forgotten, except for what was used meanwhile. An entry holds its
/// sets, which therefore live until it is forgotten.
#[derive(Debug)]
pub struct MergeCache<C> {
    newer: Generation<C>,
    older: Generation<C>,
}

/// Addresses of the sets of a stack, in order.
type Identity = Box<[usize]>;
type Generation<C> = HashMap<Identity, Entry<C>>;

#[derive(Debug)]
struct Entry<C> {
    /// Held so that no address in the identity is given to another set.
    _stack: Box<[Arc<CmdSet<C>>]>,
    merged: Arc<MergedSet<C>>,
}

impl<C> Default for MergeCache<C> {
    fn default() -> Self {
        Self { newer: HashMap::new(), older: HashMap::new() }
    }
}

impl<C> MergeCache<C> {
    /// How many merges are remembered; never more than [`MERGE_CACHE_LIMIT`].
    pub fn len(&self) -> usize {
        self.newer.len() + self.older.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets everything, as after commands were registered anew.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

impl<C: CmdKey + Clone> MergeCache<C> {
    /// What `stack` merges to (see [`merge`](super::merge())), made now if it is not remembered.
    pub fn merged(&mut self, stack: &[Arc<CmdSet<C>>]) -> Arc<MergedSet<C>> {
        let identity: Identity = stack.iter().map(|set| Arc::as_ptr(set).addr()).collect();
        if let Some(entry) = self.newer.get(&identity) {
            return entry.merged.clone();
        }
        let entry = self.older.remove(&identity).unwrap_or_else(|| Entry {
            _stack: stack.into(),
            merged: Arc::new(MergedSet::new(merge(stack))),
        });
        let merged = entry.merged.clone();
        if self.newer.len() >= MERGE_CACHE_LIMIT / 2 {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert(identity, entry);
        merged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdparser::ArgRegex;

    #[derive(Debug, Clone)]
    struct Command(String);

    impl CmdKey for Command {
        fn key(&self) -> &str {
            &self.0
        }

        fn aliases(&self) -> impl Iterator<Item = &str> {
            std::iter::empty()
        }

        fn arg_regex(&self) -> Option<&ArgRegex> {
            None
        }
    }

    fn set(key: &str) -> Arc<CmdSet<Command>> {
        Arc::new(CmdSet::new(key.to_owned()).add(Command(key.to_owned())))
    }

    #[test]
    fn the_same_stack_is_merged_once_and_order_counts() {
        let mut cache = MergeCache::default();
        let (a, b) = (set("a"), set("b"));
        let ab = cache.merged(&[a.clone(), b.clone()]);
        assert!(Arc::ptr_eq(&ab, &cache.merged(&[a.clone(), b.clone()])));
        let ba = cache.merged(&[b, a]);
        assert_eq!((&*ab.set().key, &*ba.set().key), ("b", "a"));
        assert_eq!(cache.len(), 2);
    }

    #[test]
    fn a_set_that_is_gone_does_not_lend_its_address() {
        let mut cache = MergeCache::default();
        for round in 0..200 {
            let key = format!("k{round}");
            assert_eq!(cache.merged(&[set(&key)]).set().key, key);
        }
    }

    #[test]
    fn it_grows_to_its_limit_and_keeps_what_is_used() {
        let mut cache = MergeCache::default();
        let sets: Vec<_> = (0..=MERGE_CACHE_LIMIT).map(|n| set(&format!("k{n}"))).collect();
        let favourite = cache.merged(&sets[..1]);
        for set in &sets[1..MERGE_CACHE_LIMIT] {
            cache.merged(std::slice::from_ref(set));
        }
        assert_eq!(cache.len(), MERGE_CACHE_LIMIT);
        cache.merged(&sets[..1]);
        cache.merged(&sets[MERGE_CACHE_LIMIT..]);
        assert!(cache.len() <= MERGE_CACHE_LIMIT);
        assert!(Arc::ptr_eq(&favourite, &cache.merged(&sets[..1])));
    }
}
