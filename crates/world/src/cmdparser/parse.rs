//! [`parse`]: from a line to the commands it may mean; called by the command handler.
//!
//! The steps are those of Evennia 6.1's `cmdparser`: names as they are spelled; `name-N` if that did not settle it;
//! names without their ignorable prefix if nothing matched at all; the lock filter; and then, as long as several are
//! left, letter case, the longest name, the greatest part of the line, and the number N.

use std::borrow::Cow;

use crate::cmdset::{Beginning, CMD_IGNORE_PREFIXES, CmdKey, Form, MergedSet};

/// A command that a line may mean.
#[derive(Debug)]
pub struct Match<'s, 'l, C> {
    /// The command.
    pub command: &'s C,
    /// The name that matched, in lower case; without its prefix if only that matched.
    pub cmdname: &'s str,
    /// The name that matched as the command spells it, with its prefix.
    pub raw_cmdname: &'s str,
    /// What follows the name, unchanged, with the white space in between. The `-N` of `name-N` is not in it.
    pub args: Cow<'l, str>,
    /// Characters in `cmdname`.
    name_chars: usize,
    /// Characters in the text that was matched.
    text_chars: usize,
}

/// Finds the commands that `line` means, among those of which `may` says that the caller may use them.
///
/// One match: run it. None: the line is unknown. Several: they match equally well, in the order of the set, and the
/// caller has to be asked; `name-N` chooses the Nth of them. The line should have been [`strip`]ped.
pub fn parse<'s, 'l, C: CmdKey>(
    set: &'s MergedSet<C>,
    line: &'l str,
    mut may: impl FnMut(&C) -> bool,
) -> Vec<Match<'s, 'l, C>> {
    let mut text = line;
    let mut number = None;
    let mut matches = build_matches(set, Text::whole(text), Form::Full);
    if matches.len() != 1
        && let Some(numbered) = Numbered::read(line)
    {
        number = Some(numbered.number);
        matches.extend(build_matches(set, numbered.text, Form::Full));
    }
    if matches.is_empty() {
        text = strip_prefixes(line);
        matches = build_matches(set, Text::whole(text), Form::Bare);
    }
    matches.retain(|found| may(found.command));
    narrow(matches, text, number)
}

/// The line without white space at either end, as Python's `str.strip` has it: the first thing that is done to a line.
pub fn strip(line: &str) -> &str {
    line.trim_matches(is_space)
}

/// White space as Python's `str.isspace` and `\s` have it: Unicode's, and the four ASCII separators.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// All commands that the text may start, each with the first of its names that fits.
fn build_matches<'s, 'l, C: CmdKey>(
    set: &'s MergedSet<C>,
    text: Text<'l>,
    form: Form,
) -> Vec<Match<'s, 'l, C>> {
    let lower = text.to_lowercase();
    let text_chars = text.chars();
    let mut settled = None;
    let mut matches = Vec::new();
    for Beginning { index, command, cmdname, raw_cmdname } in set.beginnings(&lower, form) {
        let rest = &lower[cmdname.len()..];
        if settled == Some(index) || !command.arg_regex().is_none_or(|regex| regex.allows(rest)) {
            continue;
        }
        settled = Some(index);
        // `@` without its prefix is no name at all; like in Evennia it still ends the search among the names.
        if !cmdname.is_empty() {
            let name_chars = cmdname.chars().count();
            let args = text.after(name_chars);
            matches.push(Match { command, cmdname, raw_cmdname, args, name_chars, text_chars });
        }
    }
    matches
}

/// Brings several matches down to the best ones; the order stays.
fn narrow<'s, 'l, C>(
    mut matches: Vec<Match<'s, 'l, C>>,
    text: &str,
    number: Option<usize>,
) -> Vec<Match<'s, 'l, C>> {
    if matches.iter().any(|found| text.starts_with(found.cmdname)) {
        keep_if_many(&mut matches, |found| text.starts_with(found.cmdname));
    }
    let longest = matches.iter().map(|found| found.name_chars).max();
    keep_if_many(&mut matches, |found| Some(found.name_chars) == longest);
    // Of names of one length, the one in the shorter text (`look-2` without its `-2`) is the greater part of it.
    let shortest = matches.iter().map(|found| found.text_chars).min();
    keep_if_many(&mut matches, |found| Some(found.text_chars) == shortest);
    match number {
        Some(number) if matches.len() > 1 => {
            number.checked_sub(1).and_then(|at| matches.into_iter().nth(at)).into_iter().collect()
        }
        _ => matches,
    }
}

fn keep_if_many<T>(items: &mut Vec<T>, keep: impl FnMut(&T) -> bool) {
    if items.len() > 1 {
        items.retain(keep);
    }
}

/// A lone prefix is a line of its own right: it may be a command.
fn strip_prefixes(line: &str) -> &str {
    if line.chars().nth(1).is_some() { line.trim_start_matches(CMD_IGNORE_PREFIXES) } else { line }
}

/// The text that is matched: the line, or the line with its `-N` cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Text<'l> {
    head: &'l str,
    tail: &'l str,
}

impl<'l> Text<'l> {
    fn whole(line: &'l str) -> Self {
        Self { head: line, tail: "" }
    }

    fn to_lowercase(self) -> String {
        if self.tail.is_empty() {
            self.head.to_lowercase()
        } else {
            // Joined first: how a sigma is written depends on what follows it.
            [self.head, self.tail].concat().to_lowercase()
        }
    }

    fn chars(self) -> usize {
        self.head.chars().count() + self.tail.chars().count()
    }

    /// The text after its first `count` characters. Counted, because lower case may have another length in bytes.
    fn after(self, count: usize) -> Cow<'l, str> {
        let skip =
            |text: &'l str, count: usize| text.char_indices().nth(count).map_or("", |(at, _)| &text[at..]);
        let head = skip(self.head, count);
        if head.is_empty() {
            let beyond = count.saturating_sub(self.head.chars().count());
            Cow::Borrowed(skip(self.tail, beyond))
        } else if self.tail.is_empty() {
            Cow::Borrowed(head)
        } else {
            Cow::Owned([head, self.tail].concat())
        }
    }
}

/// `name-N` or `name-N args`: how a player says which of several equal matches is meant.
#[derive(Debug, PartialEq, Eq)]
struct Numbered<'l> {
    /// N. Too many digits to count are a number that no match has.
    number: usize,
    text: Text<'l>,
}

impl<'l> Numbered<'l> {
    /// The first `-N` that is followed by white space or the end. As with the regex that Evennia has for this
    /// (`SEARCH_MULTIMATCH_REGEX`), all of it is on one line, but for a newline right behind N or at the end.
    fn read(line: &'l str) -> Option<Self> {
        let first_line = line.split('\n').next().unwrap_or_default();
        first_line.match_indices('-').find_map(|(dash, _)| {
            let behind = &line[dash + 1..];
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            let (number, args) = behind.split_at(digits);
            let number = if number.is_empty() { None } else { Some(number.parse().unwrap_or(usize::MAX)) }?;
            Some(Self { number, text: Text { head: &line[..dash], tail: numbered_args(args)? } })
        })
    }
}

/// The arguments behind a `-N`, or `None` if this is not the end of a `-N`.
fn numbered_args(args: &str) -> Option<&str> {
    let Some(first) = args.chars().next() else { return Some(args) };
    let rest = &args[first.len_utf8()..];
    let on_one_line = rest.strip_suffix('\n').unwrap_or(rest);
    let fits = is_space(first) && !on_one_line.contains('\n');
    fits.then(|| &args[..first.len_utf8() + on_one_line.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_where_a_word_ends() {
        let read = |line| Numbered::read(line).map(|n| (n.number, n.text.head, n.text.tail));
        assert_eq!(read("look-2"), Some((2, "look", "")));
        assert_eq!(read("get-1 x"), Some((1, "get", " x")));
        assert_eq!(read("get x-3 y"), Some((3, "get x", " y")));
        assert_eq!(read("a-1-2"), Some((2, "a-1", "")));
        assert_eq!(read("a-1x-2"), Some((2, "a-1x", "")));
        assert_eq!(read("-7"), Some((7, "", "")));
        assert_eq!(read("a-1\n"), Some((1, "a", "\n")));
        assert_eq!(read("a-1 x\n"), Some((1, "a", " x")));
        assert_eq!(read("a-99999999999999999999"), Some((usize::MAX, "a", "")));
        for line in ["", "look", "look-", "look-x", "look-2x", "2-look", "a\nb-2", "a-2 b\nc", "a-٣"] {
            assert_eq!(read(line), None, "{line:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_number_is_read_as_by_the_pattern(line in "[ab \n\x1c12-]{0,9}") {
            // Evennia's SEARCH_MULTIMATCH_REGEX, with Python's `$` and `\s` written out.
            let pattern = r"\A(.*?)-([0-9]+)((?:[\s\x1c-\x1f].*)?)\n?\z";
            let expected = regex::Regex::new(pattern).unwrap().captures(&line).map(|found| {
                let [name, number, args] = found.extract().1;
                Numbered { number: number.parse().unwrap(), text: Text { head: name, tail: args } }
            });
            proptest::prop_assert_eq!(Numbered::read(&line), expected);
        }
    }

    #[test]
    fn text_is_counted_in_characters_over_the_seam() {
        let text = Text { head: "äb", tail: " ç!" };
        let after: Vec<_> = (0..7).map(|count| text.after(count)).collect();
        assert_eq!(after, ["äb ç!", "b ç!", " ç!", "ç!", "!", "", ""]);
    }

    #[test]
    fn stripping_is_that_of_python() {
        assert_eq!(strip(" \t\x1c\u{2003}look  x\r\n\x1f"), "look  x");
    }
}
