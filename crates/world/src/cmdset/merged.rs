//! [`MergedSet`]: what a stack of cmdsets has become, with a look-up by name; read by the parser.

use std::sync::Arc;

use super::{CmdSet, Named};

/// A merged set, ready to be matched against lines.
///
/// A line is looked up one character of its beginning at a time in a sorted table of names, so that its cost does not
/// grow with the number of commands.
#[derive(Debug)]
pub struct MergedSet<C> {
    set: CmdSet<C>,
    full: NameTable,
    bare: NameTable,
}

impl<C> MergedSet<C> {
    /// Indexes the names of a set.
    pub fn new(set: CmdSet<C>) -> Self {
        let names = || set.commands.iter().map(|named| &named.names).enumerate();
        let full = names().flat_map(|(command, names)| {
            names.full().iter().enumerate().map(move |(rank, name)| Entry {
                name: name.clone(),
                command,
                rank,
            })
        });
        let bare = names().flat_map(|(command, names)| {
            names.bare().iter().enumerate().map(move |(rank, bare)| Entry {
                name: bare.text.clone(),
                command,
                rank,
            })
        });
        let (full, bare) = (NameTable::new(full), NameTable::new(bare));
        Self { set, full, bare }
    }

    /// The set itself: commands in order, flags.
    pub fn set(&self) -> &CmdSet<C> {
        &self.set
    }

    /// The first command whose key or alias is `name` (in lower case), whatever its lock says. This is how the
    /// command handler finds [`CMD_NOMATCH`](super::CMD_NOMATCH) and the other system commands.
    pub fn find(&self, name: &str) -> Option<&C> {
        self.full.exactly(name).map(|entry| &self.set.commands[entry.command].command)
    }

    /// Every name in the set, for suggestions; a name that several commands have comes several times.
    pub fn names(&self) -> impl Iterator<Item = (&str, &C)> {
        self.set.commands.iter().flat_map(|named| named.names.iter().map(|name| (name, &named.command)))
    }

    /// The names in the set with which `text` (in lower case) begins, by command, and for each command in the order
    /// in which it wants its names tried.
    pub(crate) fn beginnings(&self, text: &str, form: Form) -> Vec<Beginning<'_, C>> {
        let table = match form {
            Form::Full => &self.full,
            Form::Bare => &self.bare,
        };
        let mut entries = table.beginnings(text);
        entries.sort_unstable_by_key(|entry| (entry.command, entry.rank));
        let beginning = |entry: &Entry| {
            let Named { command, names } = &self.set.commands[entry.command];
            match form {
                Form::Full => {
                    let name = &names.full()[entry.rank];
                    Beginning { index: entry.command, command, cmdname: name, raw_cmdname: name }
                }
                Form::Bare => {
                    let bare = &names.bare()[entry.rank];
                    Beginning { index: entry.command, command, cmdname: &bare.text, raw_cmdname: &bare.full }
                }
            }
        };
        entries.into_iter().map(beginning).collect()
    }
}

/// Which spelling of the names is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As the command spells them.
    Full,
    /// Without ignorable prefixes.
    Bare,
}

/// A name with which a text begins.
pub(crate) struct Beginning<'s, C> {
    /// Position of the command in its set.
    pub(crate) index: usize,
    pub(crate) command: &'s C,
    pub(crate) cmdname: &'s str,
    pub(crate) raw_cmdname: &'s str,
}

#[derive(Debug)]
struct NameTable(Box<[Entry]>);

#[derive(Debug)]
struct Entry {
    name: Arc<str>,
    /// Position of the command in its set.
    command: usize,
    /// Position of the name among the command's names.
    rank: usize,
}

impl NameTable {
    fn new(entries: impl Iterator<Item = Entry>) -> Self {
        let mut entries: Box<[Entry]> = entries.collect();
        entries.sort_unstable_by(|a, b| (&a.name, a.command, a.rank).cmp(&(&b.name, b.command, b.rank)));
        Self(entries)
    }

    fn exactly(&self, name: &str) -> Option<&Entry> {
        let start = self.0.partition_point(|entry| *entry.name < *name);
        self.0.get(start).filter(|entry| *entry.name == *name)
    }

    fn beginnings(&self, text: &str) -> Vec<&Entry> {
        // Names with a common beginning lie side by side, the beginning itself first: the range only ever shrinks.
        let mut range = &self.0[..];
        let mut found = Vec::new();
        let ends = std::iter::once(0).chain(text.char_indices().map(|(start, c)| start + c.len_utf8()));
        for end in ends {
            let beginning = &text[..end];
            range = &range[range.partition_point(|entry| *entry.name < *beginning)..];
            range = &range[..range.partition_point(|entry| entry.name.starts_with(beginning))];
            if range.is_empty() {
                break;
            }
            found.extend(range.iter().take_while(|entry| entry.name.len() == end));
        }
        found
    }
}
