//! [`CmdSet`]: a set of commands as a game declares it; handed to [`merge`](super::merge()) by the command handler.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{CmdKey, Named};

/// Key of the set that stands for "no set at all" (Evennia's name for it).
pub const EMPTY_CMDSET: &str = "_EMPTY_CMDSET";

/// What a set does to the set of lower priority it is merged onto.
///
/// ```
/// # use meadow_world::{Command, Cx, Meta, Result};
/// # struct CmdSay;
/// # impl Command for CmdSay {
/// #     const META: Meta = Meta { key: "say", ..Meta::DEFAULT };
/// #     type Args = ();
/// #     fn func(&self, _: &mut Cx<'_>, _: ()) -> Result { Ok(()) }
/// # }
/// use std::sync::Arc;
/// use meadow_world::cmdset::{CmdKey, MergeType, merge};
/// use meadow_world::{Commands, default::commands};
///
/// let gag = Commands::new("Gag").priority(10).mergetype(MergeType::Remove).add(CmdSay);
/// let merged = merge(&[Arc::new(commands::character()), Arc::new(gag)]);
/// assert!(merged.commands().all(|command| command.key() != "say"));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum MergeType {
    /// Both sets' commands; of two with the same key, the higher set's.
    #[default]
    Union,
    /// Only the higher set's commands that share a name with a command of the lower set.
    Intersect,
    /// Only the higher set's commands.
    Replace,
    /// Only the lower set's commands that share no name with a command of the higher set.
    Remove,
}

/// A named set of commands, and how it merges with others.
///
/// Commands are handles (`C`), so a set is cheap to copy. Two commands that share any name are the same command to a
/// set, as in Evennia: the one added last stays.
///
/// ```
/// use meadow_world::cmdset::MergeType;
/// use meadow_world::{Cmd, Command, Commands, Cx, Meta, Result};
/// # struct CmdRow;
/// # impl Command for CmdRow {
/// #     const META: Meta = Meta { key: "row", aliases: &["paddle"], ..Meta::DEFAULT };
/// #     type Args = ();
/// #     fn func(&self, _: &mut Cx<'_>, _: ()) -> Result { Ok(()) }
/// # }
/// # use meadow_world::cmdset::CmdKey;
///
/// // Who sits in the boat can do nothing but row: the set takes the place of those of lower priority.
/// let boat: Commands = Commands::new("Boat").priority(10).mergetype(MergeType::Replace).no_exits(true).add(CmdRow);
/// assert_eq!(boat.commands().map(Cmd::key).collect::<Vec<_>>(), ["row"]);
/// ```
#[derive(Debug, Clone)]
pub struct CmdSet<C> {
    /// Name of the set, by which other sets refer to it in `key_mergetypes`.
    pub key: Cow<'static, str>,
    /// The set of higher priority decides; between equals, the one merged later.
    pub priority: i32,
    /// How this set merges onto lower ones.
    pub mergetype: MergeType,
    /// How this set merges onto the sets with these keys, in place of `mergetype`.
    pub key_mergetypes: HashMap<Cow<'static, str>, MergeType>,
    /// `Some(true)`: merged onto a set of the same priority, same-named commands of both are kept, so that the parser
    /// can ask which is meant. Evennia assumes it for the sets of objects nearby. It does not survive a merge.
    pub duplicates: Option<bool>,
    /// Exits are not matched. `None` lets the lower set decide.
    pub no_exits: Option<bool>,
    /// Commands of objects nearby are not gathered. `None` lets the lower set decide.
    pub no_objs: Option<bool>,
    /// Channels are not matched. `None` lets the lower set decide.
    pub no_channels: Option<bool>,
    pub(super) commands: Vec<Named<C>>,
    pub(super) system_commands: Vec<Named<C>>,
    /// Every name added so far: a name not in here needs no search for commands to replace.
    seen: HashSet<Arc<str>>,
}

impl<C> CmdSet<C> {
    /// An empty set: priority 0, Union, no opinion on anything else.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key: key.into(),
            priority: 0,
            mergetype: MergeType::Union,
            key_mergetypes: HashMap::new(),
            duplicates: None,
            no_exits: None,
            no_objs: None,
            no_channels: None,
            commands: Vec::new(),
            system_commands: Vec::new(),
            seen: HashSet::new(),
        }
    }

    /// Sets the priority.
    #[must_use]
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Sets how the set merges onto lower ones.
    #[must_use]
    pub fn mergetype(mut self, mergetype: MergeType) -> Self {
        self.mergetype = mergetype;
        self
    }

    /// Sets how the set merges onto the set called `key`.
    #[must_use]
    pub fn key_mergetype(mut self, key: impl Into<Cow<'static, str>>, mergetype: MergeType) -> Self {
        self.key_mergetypes.insert(key.into(), mergetype);
        self
    }

    /// Sets whether same-named commands of sets of the same priority are all kept.
    #[must_use]
    pub fn duplicates(mut self, duplicates: bool) -> Self {
        self.duplicates = Some(duplicates);
        self
    }

    /// Sets whether exits are left out.
    #[must_use]
    pub fn no_exits(mut self, no_exits: bool) -> Self {
        self.no_exits = Some(no_exits);
        self
    }

    /// Sets whether commands of objects nearby are left out.
    #[must_use]
    pub fn no_objs(mut self, no_objs: bool) -> Self {
        self.no_objs = Some(no_objs);
        self
    }

    /// Sets whether channels are left out.
    #[must_use]
    pub fn no_channels(mut self, no_channels: bool) -> Self {
        self.no_channels = Some(no_channels);
        self
    }

    /// The commands, in the order in which the parser considers them; system commands are among them.
    pub fn commands(&self) -> impl ExactSizeIterator<Item = &C> {
        self.commands.iter().map(|named| &named.command)
    }

    /// The system commands (keys that begin with `__`).
    pub fn system_commands(&self) -> impl ExactSizeIterator<Item = &C> {
        self.system_commands.iter().map(|named| &named.command)
    }

    /// How this set merges onto the set called `key`.
    pub fn mergetype_onto(&self, key: &str) -> MergeType {
        self.key_mergetypes.get(key).copied().unwrap_or(self.mergetype)
    }

    /// An empty set that merges as this one does; what merging changes is still this set's.
    pub(crate) fn without_commands(&self) -> Self {
        Self {
            priority: self.priority,
            mergetype: self.mergetype,
            key_mergetypes: self.key_mergetypes.clone(),
            duplicates: self.duplicates,
            no_exits: self.no_exits,
            no_objs: self.no_objs,
            no_channels: self.no_channels,
            ..Self::new(self.key.clone())
        }
    }

    /// Fills an empty set with what a merge has settled: same-named commands are kept.
    pub(super) fn fill(&mut self, commands: Vec<Named<C>>, system_commands: Vec<Named<C>>) {
        self.seen = commands.iter().flat_map(|named| named.names.full().iter().cloned()).collect();
        self.commands = commands;
        self.system_commands = system_commands;
    }
}

impl<C: CmdKey + Clone> CmdSet<C> {
    /// Adds a command, in place of all that share a name with it.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "`CmdSet.add` is Evennia's word, and no sum is meant")]
    pub fn add(mut self, command: impl Into<C>) -> Self {
        self.insert(command);
        self
    }

    /// Adds the commands of another set one by one. This is not a merge: priorities and flags do not matter.
    #[must_use]
    pub fn add_set(mut self, other: &Self) -> Self {
        other.commands().cloned().for_each(|command| self.insert(command));
        self
    }

    /// As [`CmdSet::add`], in place.
    pub fn insert(&mut self, command: impl Into<C>) {
        let new = Named::new(command.into());
        let mut known = false;
        for name in new.names.full() {
            known |= !self.seen.insert(name.clone());
        }
        if known {
            self.commands.retain(|old| !old.names.overlaps(&new.names));
        }
        if new.names.is_system() {
            self.system_commands.retain(|old| !old.names.overlaps(&new.names));
            self.system_commands.push(new.clone());
        }
        self.commands.push(new);
    }

    /// Adds a command beside those that share a name with it: ways that are called the same are told apart by a number.
    pub(crate) fn insert_beside(&mut self, command: impl Into<C>) {
        let new = Named::new(command.into());
        self.seen.extend(new.names.full().iter().cloned());
        self.commands.push(new);
    }

    /// Takes out every command that answers to `name` (in lower case).
    pub fn remove(&mut self, name: &str) {
        let others = |old: &Named<C>| old.names.iter().all(|other| other != name);
        self.commands.retain(others);
        self.system_commands.retain(others);
    }
}
