//! What a transcript says, held against what was seen: the fewest lines that are missing or too many, with wildcards
//! that take whatever comes. `transcript` shows what this finds.

/// How lines begin that mean something else in a transcript, and are seen with a backslash before them.
const SIGNS: [char; 6] = ['>', '@', '+', '!', '#', '\\'];
/// What stands for any lines.
const ANY: &str = "...";

/// One line of what is to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected<'s> {
    /// This one.
    Line(&'s str),
    /// Any lines, or none.
    Any,
}

impl<'s> Expected<'s> {
    /// Reads a line of a script.
    pub(super) fn read(line: &'s str) -> Expected<'s> {
        match line.strip_prefix('\\') {
            Some(escaped) => Expected::Line(escaped),
            None if line == ANY => Expected::Any,
            None => Expected::Line(line),
        }
    }
}

/// One line of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edit<'s> {
    /// Said, and seen.
    Same(&'s str),
    /// A wildcard, with as many lines as it took.
    Any(usize),
    /// Said, and not seen.
    Missing(&'s str),
    /// Seen, and not said.
    Surplus(&'s str),
}

/// What has to change to make one of the other. Nothing is missing or too many where they fit.
pub(super) fn diff<'s>(expected: &[Expected<'s>], seen: &[&'s str]) -> Vec<Edit<'s>> {
    let costs = costs(expected, seen);
    let (mut at, mut edits) = ((0, 0), Vec::new());
    while at != (expected.len(), seen.len()) {
        let (said, shown) = at;
        let cost = |said: usize, shown: usize| costs.get(said).and_then(|row| row.get(shown)).copied();
        let here = costs[said][shown];
        match expected.get(said) {
            Some(Expected::Any) => {
                let taken = (shown..=seen.len()).find(|end| cost(said + 1, *end) == Some(here));
                // The costs of a wildcard are those of one of its ends.
                let end = taken.unwrap_or(shown);
                edits.push(Edit::Any(end - shown));
                at = (said + 1, end);
            }
            Some(Expected::Line(line)) if seen.get(shown) == Some(line) => {
                edits.push(Edit::Same(line));
                at = (said + 1, shown + 1);
            }
            Some(Expected::Line(line)) if cost(said + 1, shown).is_some_and(|cost| cost < here) => {
                edits.push(Edit::Missing(line));
                at = (said + 1, shown);
            }
            _ => {
                edits.push(Edit::Surplus(seen[shown]));
                at = (said, shown + 1);
            }
        }
    }
    edits
}

/// The fewest changes from each pair of places to the ends.
fn costs(expected: &[Expected<'_>], seen: &[&str]) -> Vec<Vec<usize>> {
    let mut costs = vec![vec![0; seen.len() + 1]; expected.len() + 1];
    for said in (0..=expected.len()).rev() {
        for shown in (0..=seen.len()).rev() {
            let missing = |costs: &Vec<Vec<usize>>| costs[said + 1][shown];
            let surplus = |costs: &Vec<Vec<usize>>| costs[said].get(shown + 1).copied();
            costs[said][shown] = match expected.get(said) {
                None => seen.len() - shown,
                Some(Expected::Any) => surplus(&costs).unwrap_or(usize::MAX).min(missing(&costs)),
                // A pair that fits is never worse than anything else.
                Some(Expected::Line(line)) if seen.get(shown) == Some(line) => costs[said + 1][shown + 1],
                Some(Expected::Line(_)) => 1 + surplus(&costs).unwrap_or(usize::MAX - 1).min(missing(&costs)),
            };
        }
    }
    costs
}

/// Whether nothing is missing or too many.
pub(super) fn fits(edits: &[Edit<'_>]) -> bool {
    edits.iter().all(|edit| matches!(edit, Edit::Same(_) | Edit::Any(_)))
}

/// A line as it is written in a script.
pub(super) fn written(line: &str) -> String {
    if line.starts_with(SIGNS) || line == ANY { format!("\\{line}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(script: &str, seen: &str) -> String {
        let expected: Vec<Expected<'_>> = script.split_whitespace().map(Expected::read).collect();
        let seen: Vec<&str> = seen.split_whitespace().collect();
        let edits = diff(&expected, &seen);
        let marks = edits.iter().map(|edit| match edit {
            Edit::Same(line) => (*line).to_owned(),
            Edit::Any(count) => format!("*{count}"),
            Edit::Missing(line) => format!("-{line}"),
            Edit::Surplus(line) => format!("+{line}"),
        });
        marks.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_differs_is_shown_where_it_differs() {
        for (script, seen, want) in [
            ("a b c", "a b c", "a b c"),
            ("a b c", "a x c", "a -b +x c"),
            ("a b c", "a c", "a -b c"),
            ("a c", "a b c", "a +b c"),
            ("a b", "b a", "-a b +a"),
            ("a", "a a", "a +a"),
            ("", "a", "+a"),
            ("a", "", "-a"),
        ] {
            assert_eq!(shown(script, seen), want, "{script} / {seen}");
        }
    }

    #[test]
    fn wildcards_take_what_comes() {
        for (script, seen, want) in [
            ("a ... c", "a b b c", "a *2 c"),
            ("...", "", "*0"),
            ("... c", "c d c", "*2 c"),
            ("... c", "c d", "*0 c +d"),
            ("... b ... d", "a b c d", "*1 b *1 d"),
            ("a ... c", "x b c", "-a *2 c"),
        ] {
            assert_eq!(shown(script, seen), want, "{script} / {seen}");
        }
        assert!(fits(&diff(&[Expected::Any, Expected::Any], &["a", "b"])));
        assert!(!fits(&diff(&[Expected::Line("a")], &["b"])));
    }

    #[test]
    fn many_wildcards_take_no_time() {
        let expected: Vec<_> = (0..60).flat_map(|_| [Expected::Any, Expected::Line("a")]).collect();
        let seen = vec!["b"; 120];
        assert!(!fits(&diff(&expected, &seen)));
    }

    #[test]
    fn signs_are_written_with_a_backslash_and_read_without() {
        for line in ["> x", "...", "\\o/", "# 1", "plain"] {
            assert_eq!(Expected::read(&written(line)), Expected::Line(line));
        }
    }
}
