//! Work on text: escaping what players type, true widths, text that has to fit, tables, names with articles and numbers.
//! Commands, hooks and games ask for it.
//!
//! All of it is markup on its way to [`World::msg`](crate::World::msg), and stays markup: a colour that is cut in two is
//! closed and opened again, `||` is one character, a link is as wide as its label.
//!
//! ```
//! use meadow_world::text;
//!
//! assert_eq!(text::width("|rrose|n"), 4);
//! assert_eq!(text::crop("|rroses are red|n", 8), "|rroses|n...");
//! assert_eq!(text::wrap("|rroses are|n red", 6), ["|rroses|n", "|rare|n", "red"]);
//! assert_eq!(text::numbered("rose", 2), "two roses");
//! ```

use std::borrow::Cow;

mod columns;
mod english;
mod fit;
pub mod funcs;
mod layout;
mod markup;
mod naming;
mod table;

pub use columns::columns;
pub use english::{Conjugated, Gender, conjugate};
pub use fit::fit;
pub use layout::{Align, MAX_WIDTH, crop, justify, lines, pad, plain, width, wrap};
use meadow_link::Time;
pub use naming::{numbered, without_article};
pub use table::{Border, Column, Table};

/// Makes a text show as it is, whatever markup it holds: every `|` is doubled, and so is `{` before `{`
/// is not, because Meadow's markup has no meaning for braces.
///
/// Whatever comes from a player goes through this before it reaches another: [`Cx::args`](crate::Cx) already has.
///
/// ```
/// use meadow_world::text::escape;
/// assert_eq!(escape("|rred"), "||rred");
/// ```
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.contains('|') { Cow::Owned(text.replace('|', "||")) } else { Cow::Borrowed(text) }
}

/// A label that clients which know links let a player click on, and then send the command; the others show the
/// label alone. The command is plain text, the label markup.
///
/// ```
/// use meadow_world::text::command_link;
/// let told = format!("You may {}.", command_link("look at rose", "look at the |rrose|n"));
/// assert_eq!(told, "You may |lclook at rose|ltlook at the |rrose|n|le.");
/// ```
pub fn command_link(command: &str, label: &str) -> String {
    format!("|lc{}|lt{label}|le", escape(command))
}

/// Splits a line into words; `"two words"` in double quotes are one. An unclosed quote runs to the end.
///
/// ```
/// use meadow_world::text::words;
/// assert_eq!(words(r#"Anna "two words" end"#), ["Anna", "two words", "end"]);
/// ```
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
///
/// ```
/// use std::time::Duration;
/// use meadow_world::text::span;
/// assert_eq!(span(Duration::from_secs(7500)), "2h 5m");
/// ```
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
///
/// ```
/// # use meadow_link::Time;
/// use meadow_world::text::timestamp;
/// assert_eq!(timestamp(Time::from_unix_seconds(1_800_000_000.0)), "2027-01-15 08:00");
/// ```
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
