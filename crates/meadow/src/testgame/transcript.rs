//! Transcripts: a session as one would see it on the screen, played and compared.

use std::{fmt::Write as _, time::Duration};

use super::{
    TestGame,
    diff::{Edit, Expected, diff, fits, written},
};
use crate::Setup;

/// Who plays, unless the script says otherwise.
const FIRST: &str = "Anna";
/// Most steps that are shown of a transcript that differs: the later ones often do because the first did.
const SHOWN_STEPS: usize = 3;
/// How many steps are named before one that differs.
const STEPS_BEFORE: usize = 2;

/// Plays a script and compares what is seen with what it says. A failure shows the steps that differ, line by
/// line, and what to write into the script if what was seen is right.
///
/// | line | does |
/// |---|---|
/// | `> look` | the player types `look`; the lines below are what they see of it |
/// | `@Bob` | from here on it is Bob who plays, and who logs in if he had not; the lines below are what he has seen meanwhile |
/// | `@Cleo (Builder)` | the same, and Cleo has that permission; `(superuser)` passes every lock |
/// | `+ 90s` | time passes (`ms`, `s`, `m`, `h`); the lines below are what the player sees of that |
/// | `! reload` | the Server is reloaded; `! crash`: it dies and comes back |
/// | `!> pay` | the player types `pay`, and the Server dies when what that changes is stored, before anybody has heard of it |
/// | `...` | any lines, or none |
/// | `# ...` | a note |
/// | `\\...` | a line that is seen and begins with one of these signs: write a backslash before it |
///
/// Anna plays first, logged in, unless the first line (notes aside) is an actor's. Empty lines and spaces at the ends of lines do not count.
///
/// ```
/// # fn setup(world: &mut meadow::WorldBuilder) {
/// #     world.at_initial_setup(|world| {
/// #         let new = meadow::NewObject { key: "Hall", typeclass: "default.Room", ..Default::default() };
/// #         let room = world.create(new)?;
/// #         world.set_start_location(room);
/// #         Ok(())
/// #     });
/// # }
/// meadow::transcript(setup, "
/// > say Who is there?
/// You say, \"Who is there?\"
/// @Cleo (Builder)
/// > @create/drop lamp
/// ...
/// ! reload
/// The game has been reloaded.
/// @Anna
/// Cleo has entered the game.
/// ...
/// > get lamp
/// You pick up a lamp.
/// + 10m
/// ");
/// ```
///
/// # Panics
/// What is seen is not what the script says.
pub fn transcript(setup: Setup, script: &str) {
    let mut game = TestGame::new(setup);
    if !begins_with_an_actor(script) {
        game.login(FIRST);
    }
    let mut played = Vec::new();
    let mut name = FIRST.to_owned();
    for Scripted { line, written, step, expected } in steps(script) {
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
            Step::CrashAfter(line) => game.crash_after(&name, line),
            Step::Crash => {
                game.crash();
                game.read(&name)
            }
        };
        let seen: Vec<&str> = seen.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        let edits = diff(&expected, &seen);
        let (fits, shown) = (fits(&edits), edits.iter().map(show).collect());
        played.push(Played { line, written: written.to_owned(), fits, shown });
    }
    if let Some(report) = report(&played) {
        panic!("{report}");
    }
}

#[derive(Debug, Clone, Copy)]
enum Step<'s> {
    Start,
    Type(&'s str),
    Actor(&'s str),
    Wait(Duration),
    Reload,
    Crash,
    CrashAfter(&'s str),
}

/// Notes and empty lines do nothing, so they are not what it begins with.
fn begins_with_an_actor(script: &str) -> bool {
    let mut lines = script.lines().map(str::trim_end);
    lines.find(|line| !line.is_empty() && !line.starts_with('#')).is_some_and(|line| line.starts_with('@'))
}

/// A step, as the script has it.
struct Scripted<'s> {
    /// Number of its line, from 1.
    line: usize,
    written: &'s str,
    step: Step<'s>,
    expected: Vec<Expected<'s>>,
}

fn steps(script: &str) -> Vec<Scripted<'_>> {
    let mut steps =
        vec![Scripted { line: 1, written: "(the start)", step: Step::Start, expected: Vec::new() }];
    for (index, line) in script.lines().map(str::trim_end).enumerate() {
        let step = match line.split_at_checked(1) {
            Some((">", typed)) => Step::Type(typed.strip_prefix(' ').unwrap_or(typed)),
            Some(("@", name)) => Step::Actor(name.trim()),
            Some(("+", span)) => Step::Wait(read_span(span.trim())),
            Some(("!", "" | " reload")) => Step::Reload,
            Some(("!", " crash")) => Step::Crash,
            Some(("!", typed)) if typed.starts_with('>') => Step::CrashAfter(typed[1..].trim_start()),
            Some(("#", _)) | None => continue,
            Some(_) => {
                if let Some(last) = steps.last_mut() {
                    last.expected.push(Expected::read(line));
                }
                continue;
            }
        };
        steps.push(Scripted { line: index + 1, written: line, step, expected: Vec::new() });
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

/// A step that was played.
struct Played {
    line: usize,
    written: String,
    fits: bool,
    /// What it says and what was seen, line by line.
    shown: Vec<String>,
}

fn show(edit: &Edit<'_>) -> String {
    match edit {
        Edit::Same(line) => format!("  {}", written(line)),
        Edit::Any(_) => "  ...".to_owned(),
        Edit::Missing(line) => format!("- {}", written(line)),
        Edit::Surplus(line) => format!("+ {}", written(line)),
    }
}

/// What differs, if anything does.
fn report(played: &[Played]) -> Option<String> {
    let differ: Vec<usize> = (0..played.len()).filter(|at| !played[*at].fits).collect();
    if differ.is_empty() {
        return None;
    }
    let mut text = "the transcript differs (- is what it says, + is what was seen):\n".to_owned();
    let mut named = 0;
    for &at in differ.iter().take(SHOWN_STEPS) {
        let _ = writeln!(text, "\nline {}:", played[at].line);
        for before in &played[at.saturating_sub(STEPS_BEFORE).max(named)..at] {
            let _ = writeln!(text, "  {}", before.written);
        }
        for line in std::iter::once(&format!("  {}", played[at].written)).chain(&played[at].shown) {
            let _ = writeln!(text, "{line}");
        }
        named = at + 1;
    }
    if let more @ 1.. = differ.len().saturating_sub(SHOWN_STEPS) {
        let _ = writeln!(text, "\n{more} more of the {} steps differ.", played.len());
    }
    text.push_str(
        "\nIf what was seen is right: take out the lines with -, put in those with +, without the sign.\n",
    );
    Some(text)
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
    fn only_what_differs_is_shown_in_full() {
        let script = "
> look
Hall
A bare hall.
> say one
You say, \"one\"
> say +two
You say, \"2\"
> say three
...
> look
A bare hall.
";
        let failed = std::panic::catch_unwind(|| transcript(setup, script)).unwrap_err();
        let report = failed.downcast_ref::<String>().unwrap();
        let want = "\
the transcript differs (- is what it says, + is what was seen):

line 7:
  > look
  > say one
  > say +two
- You say, \"2\"
+ You say, \"+two\"

line 11:
  > say three
  > look
+ Hall
  A bare hall.

If what was seen is right: take out the lines with -, put in those with +, without the sign.
";
        assert_eq!(report, want);
    }

    #[test]
    fn a_sign_that_is_seen_is_shown_as_it_is_written() {
        let failed = std::panic::catch_unwind(|| transcript(setup, "> pose\n")).unwrap_err();
        let report = failed.downcast_ref::<String>().unwrap();
        assert!(report.contains("\n+ "), "{report}");
        assert_eq!(show(&Edit::Surplus("> x")), "+ \\> x");
    }
}
