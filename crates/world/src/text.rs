//! Small work on text: escaping what players type, names with articles and numbers, quoted words.

use std::borrow::Cow;

/// Makes a text show as it is, whatever markup it holds: every `|` is doubled, and so is `{` before `{`
/// is not, because Meadow's markup has no meaning for braces.
///
/// Whatever comes from a player goes through this before it reaches another: [`Cx::args`](crate::Cx) already has.
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.contains('|') { Cow::Owned(text.replace('|', "||")) } else { Cow::Borrowed(text) }
}

/// A label that clients which know links let a player click on, and then send the command; the others show the
/// label alone. The command is plain text, the label markup.
pub fn command_link(command: &str, label: &str) -> String {
    format!("|lc{}|lt{label}|le", escape(command))
}

/// "a flower", "an egg", "two flowers", "11 eggs". A name that begins with an article or a capital is
/// left alone when it stands for one.
pub fn numbered(name: &str, count: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    if count != 1 {
        let many = plural(without_article(name));
        return match WORDS.get(count) {
            Some(word) => format!("{word} {many}"),
            None => format!("{count} {many}"),
        };
    }
    let bare = without_article(name);
    if bare.len() != name.len() || name.chars().next().is_none_or(|first| !first.is_lowercase()) {
        return name.to_owned();
    }
    let vowel = name.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}

/// A name without "a", "an", "the" or "some" before it.
pub fn without_article(name: &str) -> &str {
    for article in ["a ", "an ", "the ", "some "] {
        if let Some(head) = name.get(..article.len())
            && head.eq_ignore_ascii_case(article)
        {
            return name[article.len()..].trim_start();
        }
    }
    name
}

fn plural(name: &str) -> String {
    // "pairs of gloves".
    if let Some((head, rest)) = name.split_once(" of ") {
        return format!("{} of {rest}", plural(head));
    }
    for ending in ["s", "x", "ch", "sh"] {
        if name.ends_with(ending) {
            return format!("{name}es");
        }
    }
    if let Some(stem) = name.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    format!("{name}s")
}

/// Splits a line into words; `"two words"` in double quotes are one. An unclosed quote runs to the end.
pub fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        words.push(word.to_owned());
        rest = after.trim_start();
    }
    words
}

/// A span of time as a player reads it: "12s", "3m", "2h 5m", "3d 4h".
pub fn span(time: std::time::Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{minutes}m"),
        3600..86_400 => format!("{hours}h {}m", minutes % 60),
        _ => format!("{days}d {}h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted() {
        assert_eq!(numbered("flower", 1), "a flower");
        assert_eq!(numbered("egg", 1), "an egg");
        assert_eq!(numbered("a flower", 1), "a flower");
        assert_eq!(numbered("a flower", 2), "two flowers");
        assert_eq!(numbered("Excalibur", 1), "Excalibur");
        assert_eq!(numbered("berry", 3), "three berries");
        assert_eq!(numbered("box", 13), "13 boxes");
        assert_eq!(numbered("a pair of gloves", 2), "two pairs of gloves");
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(words(r#" "Anna Lee"  pass word "#), ["Anna Lee", "pass", "word"]);
        assert_eq!(words(r#""open end"#), ["open end"]);
        assert_eq!(words("   "), Vec::<String>::new());
    }

    #[test]
    fn spans_read_well() {
        let read = |seconds| span(std::time::Duration::from_secs(seconds));
        assert_eq!([read(5), read(200), read(7500), read(187_200)], ["5s", "3m", "2h 5m", "2d 4h"]);
    }

    #[test]
    fn escaped_text_has_no_single_pipe() {
        assert_eq!(escape("|rred|| |"), "||rred|||| ||");
    }
}
