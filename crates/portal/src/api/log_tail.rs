//! The end of a log file, by entries: a line, and what belongs to it (the frames of a backtrace).

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

/// How much of a file is looked at, from its end, in bytes.
const LOOKED_AT: u64 = 1024 * 1024;
/// Levels, most serious first, as they stand in a log.
const LEVELS: [&str; 5] = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/// The last entries that are at least as serious as a level and have a text in them, oldest first.
pub(super) fn read(path: &Path, most: usize, level: &str, search: &str) -> io::Result<Vec<String>> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(LOOKED_AT);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(LOOKED_AT).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    // The first line may be the end of one.
    let text = if from == 0 { &*text } else { text.split_once('\n').map_or("", |(_, rest)| rest) };
    Ok(tail(text, most, level, search))
}

fn tail(text: &str, most: usize, level: &str, search: &str) -> Vec<String> {
    let seriousness = |name: &str| LEVELS.iter().position(|known| known.eq_ignore_ascii_case(name));
    let least = seriousness(level).unwrap_or(LEVELS.len());
    let mut entries: Vec<String> = Vec::new();
    let mut is_wanted = true;
    for line in text.lines() {
        match level_of(line).and_then(seriousness) {
            Some(seriousness) => {
                is_wanted = seriousness <= least;
                if is_wanted {
                    entries.push(line.to_owned());
                }
            }
            None => match entries.last_mut() {
                Some(entry) if is_wanted => {
                    entry.push('\n');
                    entry.push_str(line);
                }
                None if is_wanted => entries.push(line.to_owned()),
                _ => {}
            },
        }
    }
    let search = search.trim().to_lowercase();
    if !search.is_empty() {
        entries.retain(|entry| entry.to_lowercase().contains(&search));
    }
    let skipped = entries.len().saturating_sub(most);
    entries.split_off(skipped)
}

/// `server 2027-01-15T08:00:00.000000Z  WARN meadow_world::bodies: ...`
fn level_of(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    let (process, time, level) = (words.next()?, words.next()?, words.next()?);
    let is_time = time.as_bytes().first().is_some_and(u8::is_ascii_digit) && time.contains('T');
    (["portal", "server"].contains(&process) && is_time).then_some(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
server 2027-01-15T08:00:00.000000Z  INFO a: one
server 2027-01-15T08:00:01.000000Z ERROR a: two
    in tide::bell (./src/bell.rs:31:9)
server 2027-01-15T08:00:02.000000Z DEBUG a: three
    in nothing
server 2027-01-15T08:00:03.000000Z  WARN a: four
";

    #[test]
    fn entries_are_whole_and_the_last_are_told() {
        let short = |most: usize, level: &str| -> Vec<String> {
            let last = |entry: String| entry.split("a: ").nth(1).unwrap_or_default().to_owned();
            tail(LOG, most, level, "").into_iter().map(last).collect()
        };
        let two = "two\n    in tide::bell (./src/bell.rs:31:9)";
        assert_eq!(short(9, "trace"), ["one", two, "three\n    in nothing", "four"]);
        assert_eq!(short(9, "info"), ["one", two, "four"]);
        assert_eq!(short(2, "warn"), [two, "four"]);
        assert_eq!(short(1, "warn"), ["four"]);
        assert_eq!(short(9, "error"), [two]);
        assert_eq!(short(0, "trace"), [""; 0]);
        // A word of what belongs to an entry finds all of it.
        assert_eq!(tail(LOG, 9, "trace", " BELL.rs").len(), 1);
        assert_eq!(tail(LOG, 1, "info", "a:"), ["server 2027-01-15T08:00:03.000000Z  WARN a: four"]);
        assert_eq!(tail(LOG, 9, "error", "three"), [""; 0]);
        assert_eq!(tail("not of ours\nmore", 9, "error", ""), ["not of ours\nmore"]);
    }

    #[test]
    fn of_a_long_file_the_end_is_read() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("server.log");
        let line = LOG.lines().next().expect("a line");
        let count = 2 * usize::try_from(LOOKED_AT).expect("small") / line.len();
        std::fs::write(&path, format!("{line}\n").repeat(count)).expect("a file");
        let entries = read(&path, usize::MAX, "info", "").expect("it is there");
        assert!(
            entries.len() > count / 3 && entries.len() < count && entries.iter().all(|entry| entry == line)
        );
        assert!(read(&dir.path().join("none.log"), 1, "info", "").is_err());
    }
}
