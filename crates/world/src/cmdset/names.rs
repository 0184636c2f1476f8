//! The names a command answers to, prepared once when it is added to a set; read by merging and the parser.

use std::sync::Arc;

use crate::cmdparser::{ArgRegex, strip};

/// Characters that may be left out, or typed too many, in front of a command's name (Evennia's
/// `CMD_IGNORE_PREFIXES`): `@desc` answers to `desc`, and `look` to `@look`.
///
/// ```
/// use meadow_world::cmdset::CMD_IGNORE_PREFIXES;
/// assert_eq!("@desc".trim_start_matches(CMD_IGNORE_PREFIXES), "desc");
/// ```
pub const CMD_IGNORE_PREFIXES: &[char] = &['@', '&', '/', '+'];

/// A handle to a command, as cmdsets and the parser see it: cheap to clone.
pub trait CmdKey {
    /// The name it is called by, in any letter case.
    fn key(&self) -> &str;
    /// Other names, in any letter case.
    fn aliases(&self) -> impl Iterator<Item = &str>;
    /// What may follow a name. `None`: anything, even without a space, as for `'hello`. Most commands have
    /// [`DEFAULT_ARG_REGEX`](crate::cmdparser::DEFAULT_ARG_REGEX).
    fn arg_regex(&self) -> Option<&ArgRegex>;
}

/// A command in a set, with its names prepared.
#[derive(Debug, Clone)]
pub(crate) struct Named<C> {
    pub(crate) command: C,
    pub(crate) names: Arc<CmdNames>,
}

impl<C: CmdKey> Named<C> {
    pub(crate) fn new(command: C) -> Self {
        let names = Arc::new(CmdNames::new(command.key(), command.aliases()));
        Self { command, names }
    }
}

/// Key and aliases of a command, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CmdNames {
    key: Arc<str>,
    full: Box<[Arc<str>]>,
    bare: Box<[BareName]>,
}

/// A name without its ignorable prefix, and the name it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BareName {
    pub(crate) text: Arc<str>,
    pub(crate) full: Arc<str>,
}

impl CmdNames {
    /// Prepares `key` and `aliases`: lower case, aliases trimmed, empty and repeated ones left out.
    pub(crate) fn new<'a>(key: &str, aliases: impl IntoIterator<Item = &'a str>) -> Self {
        let key: Arc<str> = key.to_lowercase().into();
        let mut full = vec![key.clone()];
        for alias in aliases {
            let alias = strip(alias).to_lowercase();
            if !alias.is_empty() && full.iter().all(|name| **name != *alias) {
                full.push(alias.into());
            }
        }
        // Longest first, so that `look at` is tried before `look`; the sort is stable and keeps the key in front.
        full.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
        let bare = bare_names(&full);
        Self { key, full: full.into(), bare }
    }

    /// The key.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// Key and aliases, longest first: the order in which they are tried.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.full.iter().map(|name| &**name)
    }

    /// Whether the two share a name. Evennia calls such commands equal, whatever they do.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.full.iter().any(|name| other.full.contains(name))
    }

    /// Whether this is a system command (`__nomatch_command` and its like), which no merge removes.
    pub(crate) fn is_system(&self) -> bool {
        self.key.starts_with("__")
    }

    pub(crate) fn full(&self) -> &[Arc<str>] {
        &self.full
    }

    pub(crate) fn bare(&self) -> &[BareName] {
        &self.bare
    }
}

/// Where `@desc` and `desc` are both names of one command, the place of the longer and the spelling of the shorter
/// win, as in the dict that Evennia builds here.
fn bare_names(full: &[Arc<str>]) -> Box<[BareName]> {
    let mut bare: Vec<BareName> = Vec::with_capacity(full.len());
    for name in full {
        let text = name.trim_start_matches(CMD_IGNORE_PREFIXES);
        if let Some(known) = bare.iter_mut().find(|known| &*known.text == text) {
            known.full = name.clone();
        } else {
            let text = if text.len() == name.len() { name.clone() } else { text.into() };
            bare.push(BareName { text, full: name.clone() });
        }
    }
    bare.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_unique_and_longest_first() {
        let names = CmdNames::new("Look", ["l", "LOOK", " ls ", "", "look at", "l"]);
        assert_eq!(names.key(), "look");
        assert_eq!(names.iter().collect::<Vec<_>>(), ["look at", "look", "ls", "l"]);
    }

    #[test]
    fn bare_names_lose_every_leading_prefix_and_do_not_repeat() {
        let names = CmdNames::new("@desc", ["desc", "+/x", "a@b"]);
        let bare: Vec<_> = names.bare().iter().map(|bare| (&*bare.text, &*bare.full)).collect();
        assert_eq!(bare, [("desc", "desc"), ("x", "+/x"), ("a@b", "a@b")]);
    }

    #[test]
    fn overlap_is_any_shared_name() {
        let look = CmdNames::new("look", ["l"]);
        assert!(look.overlaps(&CmdNames::new("list", ["l"])));
        assert!(!look.overlaps(&CmdNames::new("loo", ["lo"])));
    }
}
