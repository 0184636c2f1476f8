//! The command parser against Evennia's own results, and against a parser that tries every command in turn.

#![allow(clippy::unwrap_used, reason = "a vector that cannot be read is a failed test")]

use std::sync::Arc;

use meadow_world::{
    cmdparser::{ArgRegex, DEFAULT_ARG_REGEX, parse},
    cmdset::{CmdKey, CmdSet, MergedSet, merge},
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
#[derive(Debug, Clone)]
struct Command {
    id: u64,
    key: String,
    aliases: Vec<String>,
    locked: bool,
    arg_regex: Option<ArgRegex>,
}

impl CmdKey for Command {
    fn key(&self) -> &str {
        &self.key
    }

    fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(String::as_str)
    }

    fn arg_regex(&self) -> Option<&ArgRegex> {
        self.arg_regex.as_ref()
    }
}

/// One set of these commands in this order, same-named ones kept.
fn set_of(commands: &[Command]) -> MergedSet<Command> {
    let single = |command: &Command| Arc::new(CmdSet::new("one").duplicates(true).add(command.clone()));
    // A merge puts the later set in front.
    MergedSet::new(merge(&commands.iter().rev().map(single).collect::<Vec<_>>()))
}

fn parsed(commands: &[Command], line: &str) -> Value {
    let set = set_of(commands);
    let matches = parse(&set, line, |command| !command.locked);
    let written = matches.iter().map(|found| {
        let (id, args) = (found.command.id, &found.args);
        json!({"id": id, "cmdname": found.cmdname, "args": args, "raw_cmdname": found.raw_cmdname})
    });
    written.collect()
}

fn read_command(value: &Value) -> Command {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    // A command of the vectors without a pattern has the one of Evennia's settings.
    let arg_regex = value["arg_regex"].as_str().unwrap_or(DEFAULT_ARG_REGEX);
    Command {
        id: value["id"].as_u64().unwrap(),
        key: text(&value["key"]),
        aliases: value["aliases"].as_array().unwrap().iter().map(text).collect(),
        locked: value["locked"].as_bool().unwrap(),
        arg_regex: Some(ArgRegex::new(arg_regex).unwrap()),
    }
}

#[test]
fn lines_match_as_in_evennia() {
    let file: Value = serde_json::from_str(include_str!("vectors/cmdparser.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 500);
    for (number, case) in cases.iter().enumerate() {
        let commands: Vec<_> = case["commands"].as_array().unwrap().iter().map(read_command).collect();
        let line = case["line"].as_str().unwrap();
        let expected = case.get("standard").unwrap_or(&case["out"]);
        assert_eq!(parsed(&commands, line), *expected, "case {number}: {line:?}");
    }
}

// A parser without look-up.

fn names_of(command: &Command) -> Vec<String> {
    let mut names = vec![command.key.to_lowercase()];
    for alias in &command.aliases {
        if !names.contains(&alias.to_lowercase()) {
            names.push(alias.to_lowercase());
        }
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.chars().count()));
    names
}

fn first_name(command: &Command, line: &str, bare: bool) -> Option<(String, String)> {
    let mut names: Vec<(String, String)> = Vec::new();
    for name in names_of(command) {
        let text = if bare { name.trim_start_matches(['@', '&', '/', '+']) } else { &*name }.to_owned();
        match names.iter_mut().find(|known| known.0 == text) {
            Some(known) => known.1 = name,
            None => names.push((text, name)),
        }
    }
    let lower = line.to_lowercase();
    let fits = |rest: &str| command.arg_regex.as_ref().is_none_or(|regex| regex.allows(rest));
    let name = names.into_iter().find(|(text, _)| lower.strip_prefix(&**text).is_some_and(fits))?;
    (!name.0.is_empty()).then_some(name)
}

/// For lines without `-`: the matches that are left after letter case and length.
fn plainly_parsed(commands: &[Command], line: &str) -> Value {
    let all = |line: &str, bare| -> Vec<_> {
        let found = commands.iter().filter_map(|c| Some((c, first_name(c, line, bare)?)));
        found.map(|(c, (name, raw))| (c, name, raw)).collect()
    };
    let mut text = line;
    let mut found = all(text, false);
    if found.is_empty() {
        text = if line.chars().count() > 1 { line.trim_start_matches(['@', '&', '/', '+']) } else { line };
        found = all(text, true);
    }
    found.retain(|(command, ..)| !command.locked);
    if found.iter().any(|(_, name, _)| text.starts_with(&**name)) {
        found.retain(|(_, name, _)| text.starts_with(&**name));
    }
    let longest = found.iter().map(|(_, name, _)| name.chars().count()).max();
    found.retain(|(_, name, _)| Some(name.chars().count()) == longest);
    let written = found.iter().map(|(command, name, raw)| {
        let args: String = text.chars().skip(name.chars().count()).collect();
        json!({"id": command.id, "cmdname": name, "args": args, "raw_cmdname": raw})
    });
    written.collect()
}

fn any_commands() -> impl Strategy<Value = Vec<Command>> {
    let name = || {
        let words =
            vec!["l", "look", "look at", "@look", "+", "@@", "@l", "İ", "straße", "lo", "'", "@İ x", "N"];
        select(words).prop_map(str::to_owned)
    };
    let regex =
        select(vec![None, None, Some(DEFAULT_ARG_REGEX), Some("$"), Some(r"\s|$"), Some(r"\s.+|$|x")]);
    let command = (name(), vec(name(), 0..3), any::<bool>(), regex);
    vec(command, 0..8).prop_map(|commands| {
        let numbered = commands.into_iter().enumerate();
        let command = |(at, (key, aliases, locked, regex)): (usize, (String, _, _, Option<&str>))| Command {
            id: at as u64,
            key,
            aliases,
            locked,
            arg_regex: regex.map(|regex| ArgRegex::new(regex).unwrap()),
        };
        numbered.map(command).collect()
    })
}

proptest! {
    #[test]
    fn any_line_is_parsed(commands in any_commands(), line in any::<String>()) {
        parsed(&commands, &line);
    }

    #[test]
    fn parsing_is_what_trying_every_command_gives(
        commands in any_commands(),
        words in vec(select(vec!["l", "ook", " at", "@", "+", "İ", "STRASSE", "straße", "lo", "'", " x", "n"]), 0..6),
    ) {
        let line = words.concat();
        prop_assert_eq!(parsed(&commands, &line), plainly_parsed(&commands, &line));
    }

    #[test]
    fn numbers_never_panic(commands in any_commands(), line in "[lo @+İ]{0,4}-[0-9]{0,22}[ x\n]{0,3}") {
        parsed(&commands, &line);
    }
}

// Single rules.

fn named(id: u64, key: &str, aliases: &[&str]) -> Command {
    let aliases = aliases.iter().map(|&alias| alias.to_owned()).collect();
    Command { id, key: key.to_owned(), aliases, locked: false, arg_regex: Some(ArgRegex::default()) }
}

fn found(commands: &[Command], line: &str) -> Vec<(u64, String)> {
    let set = set_of(commands);
    parse(&set, line, |_| true).into_iter().map(|found| (found.command.id, found.args.into_owned())).collect()
}

#[test]
fn a_number_chooses_among_equals() {
    let kicks = [named(1, "kick", &[]), named(2, "kick", &["boot"]), named(3, "kick", &[])];
    assert_eq!(found(&kicks, "kick ball").len(), 3);
    assert_eq!(found(&kicks, "kick-2 ball"), [(2, " ball".into())]);
    assert_eq!(found(&kicks, "KICK-3"), [(3, String::new())]);
    assert_eq!(found(&kicks, "kick-0"), []);
    assert_eq!(found(&kicks, "kick-4"), []);
    assert_eq!(found(&kicks, "kick-18446744073709551616"), []);
    assert_eq!(found(&kicks, "boot-9"), [(2, String::new())]);
}

#[test]
fn the_longest_name_wins_over_the_order() {
    let commands = [named(1, "look", &[]), named(2, "look at", &[])];
    assert_eq!(found(&commands, "look at me"), [(2, " me".into())]);
    assert_eq!(found(&commands, "look attic"), [(1, " attic".into())]);
}

#[test]
fn a_locked_command_leaves_the_line_to_others() {
    let commands = [named(1, "look", &[]), named(2, "look at", &[])];
    let set = set_of(&commands);
    let open = parse(&set, "look at me", |command| command.id != 2);
    assert_eq!(
        open.iter().map(|found| (found.command.id, &*found.args)).collect::<Vec<_>>(),
        [(1, " at me")]
    );
}

#[test]
fn letter_case_weighs_more_than_length_but_never_leaves_nothing() {
    let commands = [named(1, "look", &[]), named(2, "look at", &[])];
    assert_eq!(found(&commands, "look AT me"), [(1, " AT me".into())]);
    assert_eq!(found(&commands, "LOOK AT me"), [(2, " me".into())]);
}

#[test]
fn without_a_pattern_anything_may_follow() {
    let say = Command { arg_regex: None, ..named(1, "say", &["'"]) };
    assert_eq!(found(std::slice::from_ref(&say), "'hello"), [(1, "hello".into())]);
    assert_eq!(found(&[named(1, "say", &["'"])], "'hello"), []);
}
