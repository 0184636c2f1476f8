//! "Did you mean": the nearest of some names.

/// The name that differs least from `wrong`, if it is near enough to have been meant.
pub(super) fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let allowed = (wrong.chars().count() / 4).max(1);
    names
        .into_iter()
        .map(|name| (distance(&wrong, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters must be put in, taken out, changed, or swapped with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, from) in left.iter().enumerate() {
        let mut here = vec![row + 1];
        for (column, to) in right.iter().enumerate() {
            let mut least =
                (above[column] + usize::from(from != to)).min(above[column + 1] + 1).min(here[column] + 1);
            if row > 0 && column > 0 && *from == right[column - 1] && left[row - 1] == *to {
                least = least.min(before[column - 1] + 1);
            }
            here.push(least);
        }
        before = std::mem::replace(&mut above, here);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["telnet.listen", "telnet.enabled", "web.listen"];
        assert_eq!(nearest("telnet.lisetn", names), Some("telnet.listen"));
        assert_eq!(nearest("TELNET.LISTEN", names), Some("telnet.listen"));
        assert_eq!(nearest("web.listens", names), Some("web.listen"));
        assert_eq!(nearest("store.file", names), None);
    }

    #[test]
    fn distances() {
        for (left, right, want) in
            [("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(left, right), want, "{left} {right}");
            assert_eq!(distance(right, left), want, "{right} {left}");
        }
    }
}
