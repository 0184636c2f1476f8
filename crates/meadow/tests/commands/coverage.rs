//! Nothing that players can type goes untried: every command of the default cmdsets, by each of its names, and each of
//! its switches stands in some transcript.

use std::{collections::BTreeSet, fs, path::Path};

use meadow::default::commands;

#[test]
fn every_command_and_switch_has_a_transcript() {
    let typed = typed();
    let sets = [
        commands::unloggedin(),
        commands::session(),
        commands::account(),
        commands::character(),
        commands::batch(),
    ];
    let mut missing = BTreeSet::new();
    for set in &sets {
        for command in set.commands() {
            let meta = command.meta();
            let names: Vec<&str> = std::iter::once(meta.key).chain(meta.aliases.iter().copied()).collect();
            let rests = |name: &str| -> Vec<&str> {
                typed.iter().filter_map(|line| rest_after(line, name)).collect()
            };
            for name in &names {
                if rests(name).is_empty() {
                    missing.insert((*name).to_owned());
                }
            }
            for switch in meta.switches {
                let is_given =
                    |rest: &str| given(rest).any(|given| means(&given, meta.switches) == Some(switch));
                if !names.iter().flat_map(|name| rests(name)).any(is_given) {
                    missing.insert(format!("{}/{switch}", meta.key));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no transcript has {}", Vec::from_iter(missing).join(", "));
}

/// Every line that is typed in a test of this crate.
fn typed() -> Vec<String> {
    let mut typed = Vec::new();
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")), &mut typed);
    typed
}

fn read(folder: &Path, typed: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of tests") {
        let path = entry.expect("its entries").path();
        if path.is_dir() {
            read(&path, typed);
            continue;
        }
        for line in fs::read_to_string(&path).expect("a test is a text").lines() {
            let played = ["> ", "!> "].iter().find_map(|sign| line.strip_prefix(sign));
            // `game.line("Anna", "look")`
            let called = line.split_once(".line(").and_then(|(_, call)| call.split('"').nth(3));
            typed.extend(played.or(called).map(str::to_lowercase));
        }
    }
}

/// What follows the name of a command in a line. The sign before a name may be left out.
fn rest_after<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let bare = name.trim_start_matches('@');
    let rest = line.strip_prefix(name).or_else(|| line.strip_prefix(bare))?;
    let is_sign = !name.ends_with(char::is_alphanumeric);
    (is_sign || rest.is_empty() || rest.starts_with([' ', '/'])).then_some(rest)
}

/// The switches in what follows a name.
fn given(rest: &str) -> impl Iterator<Item = String> {
    let switches = rest.strip_prefix('/').and_then(|rest| rest.split_whitespace().next());
    switches.unwrap_or_default().split('/').map(str::to_owned)
}

/// The switch that is meant, as the game reads it: in full, or as far as it is clear.
fn means(given: &str, known: &[&'static str]) -> Option<&'static str> {
    let exact = known.iter().find(|switch| **switch == given);
    let mut begun = known.iter().filter(|switch| !given.is_empty() && switch.starts_with(given));
    exact.or_else(|| begun.next().filter(|_| begun.next().is_none())).copied()
}
