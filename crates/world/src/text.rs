//! Small work on text: escaping what players type, names with articles and numbers, quoted words.

use std::borrow::Cow;

use meadow_link::Time;

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

/// A point in time as a player reads it, in UTC: "2027-01-15 08:00".
pub fn timestamp(time: Time) -> String {
    let minutes = time.micros() / 60_000_000;
    let (days, minute) = (minutes / 1440, minutes % 1440);
    let (year, month, day) = date(days);
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", minute / 60, minute % 60)
}

/// Year, month and day, by days since 1970-01-01. Years are counted from March, so that a leap day is the last of its
/// year; 719,468 days lie between the first of March of the year 0 and 1970, and 146,097 make 400 years.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day_of_month)
}

/// Markup without its codes, for programs that want plain text: what a player of a terminal without colours reads.
pub fn plain(markup: &str) -> String {
    let mut shown = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some((before, code)) = rest.split_once('|') {
        shown.push_str(before);
        let (text, length) = code_at(code);
        shown.push_str(text);
        rest = &code[length..];
    }
    shown.push_str(rest);
    shown
}

/// What a code shows, and how long it is, without its `|`; what is none shows as it is.
fn code_at(code: &str) -> (&'static str, usize) {
    let bytes = code.as_bytes();
    let colour = usize::from(bytes.first() == Some(&b'['));
    let hex = |count: usize| {
        bytes
            .get(colour + 1..colour + 1 + count)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    match bytes.get(colour) {
        Some(b'|') if colour == 0 => ("|", 1),
        Some(b'/') if colour == 0 => ("\n", 1),
        Some(b'-') if colour == 0 => ("\t", 1),
        Some(b'>') if colour == 0 => ("    ", 1),
        Some(b'_') if colour == 0 => (" ", 1),
        Some(b'l') if colour == 0 => match bytes.get(1) {
            Some(b'c' | b'u') => ("", code.find("|lt").unwrap_or(2)),
            Some(b't' | b'e') => ("", 2),
            _ => ("|", 0),
        },
        Some(b'#') if hex(6) => ("", colour + 7),
        Some(b'#') if hex(3) => ("", colour + 4),
        Some(b'=') if bytes.get(colour + 1).is_some_and(u8::is_ascii_lowercase) => ("", colour + 2),
        Some(b'0'..=b'5')
            if bytes
                .get(colour..colour + 3)
                .is_some_and(|cube| cube.iter().all(|c| (b'0'..=b'5').contains(c))) =>
        {
            ("", colour + 3)
        }
        Some(b'!') if bytes.get(1).is_some_and(|c| b"RGYBMCWX".contains(c)) => ("", 2),
        Some(c) if b"rgybmcwxRGYBMCWX".contains(c) => ("", colour + 1),
        Some(c) if colour == 0 && b"nhHuUiIsS^*".contains(c) => ("", 1),
        _ => ("|", 0),
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

    #[test]
    fn times_are_dates() {
        let read = |seconds| timestamp(Time::from_unix_seconds(seconds));
        assert_eq!(read(0.0), "1970-01-01 00:00");
        assert_eq!(read(951_782_399.0), "2000-02-28 23:59");
        assert_eq!(read(951_827_696.0), "2000-02-29 12:34");
        assert_eq!(read(1_800_000_000.0), "2027-01-15 08:00");
        assert_eq!(read(4_107_542_400.0), "2100-03-01 00:00");
    }

    #[test]
    fn plain_text_has_no_codes() {
        assert_eq!(plain("|rred|n |[Bblue |500cube|[=mgrey|#f80x|[#ff8800y|!Rz"), "red blue cubegreyxyz");
        assert_eq!(plain("a||b |lclook|ltLook|le |/|_|>|"), "a|b Look \n     |");
        assert_eq!(plain("|q |5 ||r"), "|q |5 |r");
    }
}
