//! [`MergedSet`]: what a stack of cmdsets has become, with a look-up by name; read by the parser.

use std::{collections::VecDeque, ops::Range, sync::Arc};

use super::{CmdSet, Named};

/// A merged set, ready to be matched against lines.
///
/// A line is looked up one byte of its beginning at a time in a tree of names, so that its cost does not grow with the
/// number of commands.
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

/// Names in order, and the tree of their bytes. What lies beside one another in the tree lies beside one another in
/// memory: a line is followed down it as far as its first bytes go, and none of the names is looked at.
#[derive(Debug)]
struct NameTable {
    entries: Box<[Entry]>,
    /// The first one is the root.
    nodes: Box<[Node]>,
}

#[derive(Debug)]
struct Entry {
    name: Arc<str>,
    /// Position of the command in its set.
    command: usize,
    /// Position of the name among the command's names.
    rank: usize,
}

/// The names that begin alike.
#[derive(Debug, Clone, Default)]
struct Node {
    /// The last byte of that beginning.
    byte: u8,
    /// The nodes that are one byte longer, by that byte.
    longer: Range<u32>,
    /// The names that are the beginning itself.
    entries: Range<u32>,
}

impl NameTable {
    fn new(entries: impl Iterator<Item = Entry>) -> Self {
        let mut entries: Box<[Entry]> = entries.collect();
        entries.sort_unstable_by(|a, b| (&a.name, a.command, a.rank).cmp(&(&b.name, b.command, b.rank)));
        // Level by level: for each node, the entries that begin like it, and how long that beginning is.
        let mut nodes = vec![Node::default()];
        let mut begun = VecDeque::from([(0..entries.len(), 0)]);
        let mut at = 0;
        while let Some((alike, depth)) = begun.pop_front() {
            let here = entries[alike.clone()].partition_point(|entry| entry.name.len() == depth);
            let mut rest = alike.start + here..alike.end;
            let first = nodes.len();
            while !rest.is_empty() {
                let byte = entries[rest.start].name.as_bytes()[depth];
                let same =
                    entries[rest.clone()].partition_point(|entry| entry.name.as_bytes()[depth] == byte);
                nodes.push(Node { byte, ..Node::default() });
                begun.push_back((rest.start..rest.start + same, depth + 1));
                rest.start += same;
            }
            nodes[at].entries = small(alike.start..alike.start + here);
            nodes[at].longer = small(first..nodes.len());
            at += 1;
        }
        Self { entries, nodes: nodes.into_boxed_slice() }
    }

    fn exactly(&self, name: &str) -> Option<&Entry> {
        let start = self.entries.partition_point(|entry| *entry.name < *name);
        self.entries.get(start).filter(|entry| *entry.name == *name)
    }

    /// The entries whose names `text` begins with, in no order.
    fn beginnings(&self, text: &str) -> Vec<&Entry> {
        let mut found = Vec::new();
        let mut node = &self.nodes[0];
        let mut bytes = text.bytes();
        loop {
            found.extend(&self.entries[wide(&node.entries)]);
            let Some(byte) = bytes.next() else { return found };
            let longer = &self.nodes[wide(&node.longer)];
            let Ok(next) = longer.binary_search_by_key(&byte, |node| node.byte) else { return found };
            node = &longer[next];
        }
    }
}

/// A set has some hundreds of names of some bytes.
fn small(range: Range<usize>) -> Range<u32> {
    let narrow = |end| u32::try_from(end).expect("names of four gigabytes do not fit into a game");
    narrow(range.start)..narrow(range.end)
}

fn wide(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}
