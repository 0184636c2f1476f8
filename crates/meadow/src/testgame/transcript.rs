//! Transcripts: a session as one would see it on the screen, played and compared.

use std::{fmt::Write as _, time::Duration};

use super::TestGame;
use crate::Setup;

/// Who plays, unless the script says otherwise.
const FIRST: &str = "Anna";

/// Plays a script and compares what is seen with what it says. A failure shows both, line by line.
///
/// | line | does |
/// |---|---|
/// | `> look` | the player types `look`; the lines below are what they see of it |
/// | `@Bob` | from here on it is Bob who plays, and who logs in if he had not; the lines below are what he has seen meanwhile |
/// | `@Cleo (Builder)` | the same, and Cleo has that permission; `(superuser)` passes every lock |
/// | `+ 90s` | time passes (`ms`, `s`, `m`, `h`); the lines below are what the player sees of that |
/// | `! reload` | the Server is reloaded; `! crash`: it dies and comes back |
/// | `...` | any lines, or none |
/// | `# ...` | a note |
/// | `\\...` | a line that is seen and begins with one of these signs: write a backslash before it |
///
/// Anna plays first, logged in, unless the first line (notes aside) is an actor's. Empty lines and spaces at the ends of lines do not count.
///
/// # Panics
/// What is seen is not what the script says.
pub fn transcript(setup: Setup, script: &str) {
    let mut game = TestGame::new(setup);
    if !begins_with_an_actor(script) {
        game.login(FIRST);
    }
    let mut played = Played::default();
    let mut name = FIRST.to_owned();
    for (step, expected) in steps(script) {
        let seen = match step {
            Step::Start => String::new(),
            Step::Type(line) => game.line(&name, line),
            Step::Actor(next) => {
                let (next, permission) = actor(next);
                name = next.to_owned();
                if let Some(permission) = permission {
                    game.permit(&name, permission);
                }
                if game.is_connected(&name) {
                    game.read(&name)
                } else {
                    game.login(&name);
                    String::new()
                }
            }
            Step::Wait(span) => {
                game.advance(span);
                game.read(&name)
            }
            Step::Reload => {
                game.reload();
                game.read(&name)
            }
            Step::Crash => {
                game.crash();
                game.read(&name)
            }
        };
        played.compare(step, &expected, &seen);
    }
    assert!(
        played.fits,
        "the transcript differs (- is what it says, + is what was seen):\n\n{}",
        played.diff
    );
}

#[derive(Debug, Clone, Copy)]
enum Step<'s> {
    Start,
    Type(&'s str),
    Actor(&'s str),
    Wait(Duration),
    Reload,
    Crash,
}

/// Notes and empty lines do nothing, so they are not what it begins with.
fn begins_with_an_actor(script: &str) -> bool {
    let mut lines = script.lines().map(str::trim_end);
    lines.find(|line| !line.is_empty() && !line.starts_with('#')).is_some_and(|line| line.starts_with('@'))
}

fn steps(script: &str) -> Vec<(Step<'_>, Vec<&str>)> {
    let mut steps = vec![(Step::Start, Vec::new())];
    for line in script.lines().map(str::trim_end) {
        let step = match line.split_at_checked(1) {
            Some((">", typed)) => Step::Type(typed.strip_prefix(' ').unwrap_or(typed)),
            Some(("@", name)) => Step::Actor(name.trim()),
            Some(("+", span)) => Step::Wait(read_span(span.trim())),
            Some(("!", "" | " reload")) => Step::Reload,
            Some(("!", " crash")) => Step::Crash,
            Some(("#", _)) | None => continue,
            Some((first, rest)) => {
                if let Some((_, expected)) = steps.last_mut() {
                    expected.push(if first == "\\" { rest } else { line });
                }
                continue;
            }
        };
        steps.push((step, Vec::new()));
    }
    steps
}

/// `Bob`, or `Bob (Builder)`.
fn actor(line: &str) -> (&str, Option<&str>) {
    match line.split_once('(') {
        Some((name, permission)) => (name.trim(), Some(permission.trim_end_matches(')').trim())),
        None => (line, None),
    }
}

fn read_span(span: &str) -> Duration {
    let unit_at = span.find(|c: char| !c.is_ascii_digit()).unwrap_or(span.len());
    let (number, unit) = span.split_at(unit_at);
    let number: u64 = number.parse().unwrap_or_else(|_| panic!("+ {span}: write it as + 90s"));
    match unit.trim() {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number * 60),
        "h" => Duration::from_secs(number * 3600),
        _ => panic!("+ {span}: the units are ms, s, m and h"),
    }
}

/// What has been played so far, as a diff.
struct Played {
    diff: String,
    fits: bool,
}

impl Default for Played {
    fn default() -> Played {
        Played { diff: String::new(), fits: true }
    }
}

impl Played {
    fn compare(&mut self, step: Step<'_>, expected: &[&str], seen: &str) {
        let seen: Vec<&str> = seen.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        match step {
            Step::Start => {}
            Step::Type(line) => self.note(' ', &format!("> {line}")),
            Step::Actor(name) => self.note(' ', &format!("@{name}")),
            Step::Wait(span) => self.note(' ', &format!("+ {}ms", span.as_millis())),
            Step::Reload => self.note(' ', "! reload"),
            Step::Crash => self.note(' ', "! crash"),
        }
        if fits(expected, &seen) {
            seen.iter().for_each(|line| self.note(' ', line));
            return;
        }
        self.fits = false;
        for line in expected {
            self.note(if seen.contains(line) || *line == "..." { ' ' } else { '-' }, line);
        }
        for line in seen.iter().filter(|line| !expected.contains(line)) {
            self.note('+', line);
        }
        if expected.iter().all(|line| seen.contains(line)) && seen.iter().all(|line| expected.contains(line))
        {
            self.note('!', "(the same lines, in another order or number)");
        }
    }

    fn note(&mut self, mark: char, line: &str) {
        let _ = writeln!(self.diff, "{mark} {line}");
    }
}

fn fits(expected: &[&str], seen: &[&str]) -> bool {
    match expected.split_first() {
        None => seen.is_empty(),
        Some((&"...", rest)) => (0..=seen.len()).any(|skipped| fits(rest, &seen[skipped..])),
        Some((line, rest)) => seen.first() == Some(line) && fits(rest, &seen[1..]),
    }
}

#[cfg(test)]
mod tests {
    use meadow_world::NewObject;

    use super::*;

    fn setup(world: &mut meadow_world::WorldBuilder) {
        world.at_initial_setup(|world| {
            let room = world.create(NewObject {
                key: "Hall",
                typeclass: "default.Room",
                desc: "A bare hall.",
                ..NewObject::default()
            })?;
            world.set_start_location(room);
            Ok(())
        });
    }

    #[test]
    fn two_actors_see_each_other() {
        transcript(
            setup,
            "
> look
Hall
A bare hall.
@Bob
> say hello
You say, \"hello\"
@Anna
Bob has entered the game.
Bob says, \"hello\"
! reload
The game has been reloaded.
> look
...
Characters: Bob
",
        );
    }

    #[test]
    fn permissions_are_given_and_signs_can_be_seen() {
        transcript(
            setup,
            "
@Cleo (Developer)
> say +
You say, \"+\"
@Dan (superuser)
@Cleo
Dan has entered the game.
",
        );
    }

    #[test]
    fn notes_are_passed_over_when_it_is_asked_who_begins() {
        assert!(begins_with_an_actor("\n# Who is here?\n\n@Cleo\n> look"));
        assert!(!begins_with_an_actor("# Who is here?\n> look\n@Cleo"));
        // If Anna were there, Cleo would see her.
        transcript(setup, "# Nobody else.\n@Cleo\n> look\nHall\nA bare hall.\n");
    }

    #[test]
    #[should_panic(expected = "- A hall of gold.\n+ A bare hall.")]
    fn a_difference_is_shown() {
        transcript(setup, "> look\nHall\nA hall of gold.\n");
    }

    #[test]
    fn wildcards_stand_for_any_lines() {
        assert!(fits(&["a", "...", "c"], &["a", "b", "b", "c"]));
        assert!(fits(&["..."], &[]));
        assert!(!fits(&["...", "c"], &["c", "d"]));
    }
}
