//! Several cmdsets into one, in time linear in the number of names; called by [`MergeCache`](super::MergeCache).
//!
//! Evennia merges pairwise and compares every command with every other. Here the lower set lies in a [`Pile`] with
//! its names indexed, and the higher one is applied to it name by name.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{CmdKey, CmdSet, EMPTY_CMDSET, MergeType, Named};

/// Merges a stack of sets: first those of the same priority, in order, then by rising priority. An empty stack gives
/// an empty set.
///
/// The result has the key, priority and mergetypes of the last set merged, `None` for `duplicates` if anything was
/// merged, and for each `no_...` flag the opinion of the highest set that has one. System commands survive every
/// mergetype; of two with a common name the higher set's.
pub fn merge<C: CmdKey + Clone>(stack: &[Arc<CmdSet<C>>]) -> CmdSet<C> {
    let mut by_priority: BTreeMap<i32, Layer<'_, C>> = BTreeMap::new();
    for set in stack {
        let layer = Layer::of(set);
        let layer = match by_priority.remove(&set.priority) {
            Some(lower) => layer.onto(lower),
            None => layer,
        };
        by_priority.insert(set.priority, layer);
    }
    by_priority
        .into_values()
        .reduce(|lower, higher| higher.onto(lower))
        .map_or_else(|| CmdSet::new(EMPTY_CMDSET), Layer::into_set)
}

/// A set on its way through a merge.
struct Layer<'s, C> {
    /// The set whose key, priority and mergetypes count: the last one merged.
    head: &'s CmdSet<C>,
    duplicates: Option<bool>,
    no_exits: Option<bool>,
    no_objs: Option<bool>,
    no_channels: Option<bool>,
    pile: Pile<'s, C>,
    system: Vec<&'s Named<C>>,
}

impl<'s, C: Clone> Layer<'s, C> {
    fn of(set: &'s CmdSet<C>) -> Self {
        Self {
            head: set,
            duplicates: set.duplicates,
            no_exits: set.no_exits,
            no_objs: set.no_objs,
            no_channels: set.no_channels,
            pile: Pile::of(&set.commands),
            system: set.system_commands.iter().collect(),
        }
    }

    /// Merges this layer onto one of lower or the same priority.
    fn onto(self, lower: Self) -> Self {
        let mergetype = self.head.mergetype_onto(&lower.head.key);
        let keep_both = self.duplicates == Some(true) && self.head.priority == lower.head.priority;
        let mut pile = match mergetype {
            MergeType::Union => self.pile.union(lower.pile, keep_both),
            MergeType::Intersect if keep_both => self.pile.intersect_both(&lower.pile),
            MergeType::Intersect => self.pile.intersect(&lower.pile),
            MergeType::Replace => self.pile,
            MergeType::Remove => lower.pile.without(&self.pile),
        };
        let mut system = self.system;
        let own = system.len();
        for command in lower.system {
            if !system[..own].iter().any(|higher| higher.names.overlaps(&command.names)) {
                system.push(command);
            }
        }
        for command in &system {
            pile.add(command);
        }
        Self {
            head: self.head,
            duplicates: None,
            no_exits: self.no_exits.or(lower.no_exits),
            no_objs: self.no_objs.or(lower.no_objs),
            no_channels: self.no_channels.or(lower.no_channels),
            pile,
            system,
        }
    }

    fn into_set(self) -> CmdSet<C> {
        let mut set = self.head.without_commands();
        set.duplicates = self.duplicates;
        set.no_exits = self.no_exits;
        set.no_objs = self.no_objs;
        set.no_channels = self.no_channels;
        set.fill(self.pile.iter().cloned().collect(), self.system.into_iter().cloned().collect());
        set
    }
}

/// Commands in order, with an index of their names. A higher set's commands go in front, without moving the others.
struct Pile<'s, C> {
    /// `None`: taken out. The indexes may still point here.
    slots: Vec<Option<&'s Named<C>>>,
    /// Slots of each set put in front, the frontmost last.
    fronts: Vec<Vec<usize>>,
    /// Slots of what was added behind everything else.
    tail: Vec<usize>,
    by_key: HashMap<&'s str, Vec<usize>>,
    by_name: HashMap<&'s str, Vec<usize>>,
}

impl<'s, C> Pile<'s, C> {
    fn empty() -> Self {
        Self {
            slots: Vec::new(),
            fronts: Vec::new(),
            tail: Vec::new(),
            by_key: HashMap::new(),
            by_name: HashMap::new(),
        }
    }

    fn of(commands: impl IntoIterator<Item = &'s Named<C>>) -> Self {
        let mut pile = Self::empty();
        pile.put_in_front(commands);
        pile
    }

    /// Only keys are compared here: a lower command whose key is merely an alias of a higher one stays.
    fn union(self, mut lower: Self, keep_both: bool) -> Self {
        if !keep_both {
            for command in self.iter() {
                for slot in lower.by_key.remove(command.names.key()).unwrap_or_default() {
                    lower.slots[slot] = None;
                }
            }
        }
        lower.put_in_front(self.iter());
        lower
    }

    fn intersect(self, lower: &Self) -> Self {
        Self::of(self.iter().filter(|command| lower.slots_like(command).next().is_some()))
    }

    /// Each common command of both sets is added, the lower set's last. As the two share a name, adding the lower
    /// one takes the higher one out again: in Evennia, too, `duplicates` with Intersect keeps the lower set's.
    fn intersect_both(self, lower: &Self) -> Self {
        let mut place = vec![0; lower.slots.len()];
        for (position, slot) in lower.order().enumerate() {
            place[slot] = position;
        }
        let mut both = Self::empty();
        for command in self.iter() {
            let first = lower.slots_like(command).min_by_key(|slot| place[*slot]);
            if let Some(other) = first.and_then(|slot| lower.slots[slot]) {
                both.add(command);
                both.add(other);
            }
        }
        both
    }

    fn without(mut self, filter: &Self) -> Self {
        filter.iter().for_each(|command| self.take_out_like(command));
        self
    }

    /// Adds a command at the end, in place of all that share a name with it.
    fn add(&mut self, command: &'s Named<C>) {
        self.take_out_like(command);
        let slot = self.index(command);
        self.tail.push(slot);
    }

    fn iter(&self) -> impl Iterator<Item = &'s Named<C>> {
        self.order().filter_map(|slot| self.slots[slot])
    }

    fn order(&self) -> impl Iterator<Item = usize> {
        self.fronts.iter().rev().flatten().chain(&self.tail).copied()
    }

    fn put_in_front(&mut self, commands: impl IntoIterator<Item = &'s Named<C>>) {
        let front = commands.into_iter().map(|command| self.index(command)).collect();
        self.fronts.push(front);
    }

    fn index(&mut self, command: &'s Named<C>) -> usize {
        let slot = self.slots.len();
        self.slots.push(Some(command));
        self.by_key.entry(command.names.key()).or_default().push(slot);
        for name in command.names.iter() {
            self.by_name.entry(name).or_default().push(slot);
        }
        slot
    }

    fn take_out_like(&mut self, command: &Named<C>) {
        for name in command.names.iter() {
            for slot in self.by_name.remove(name).unwrap_or_default() {
                self.slots[slot] = None;
            }
        }
    }

    /// Slots of the commands here that share a name with `command`.
    fn slots_like(&self, command: &Named<C>) -> impl Iterator<Item = usize> {
        command
            .names
            .iter()
            .filter_map(|name| self.by_name.get(name))
            .flatten()
            .copied()
            .filter(|slot| self.slots[*slot].is_some())
    }
}
