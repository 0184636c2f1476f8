//! Cmdset merging against Evennia's own results, and against a merge that compares everything with everything.

#![allow(clippy::unwrap_used, reason = "a vector that cannot be read is a failed test")]

use std::{borrow::Cow, sync::Arc};

use meadow_world::{
    cmdparser::ArgRegex,
    cmdset::{CmdKey, CmdSet, MergeType, MergedSet, merge},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::Value;

#[derive(Debug, Clone)]
struct Command {
    id: u64,
    key: String,
    aliases: Vec<String>,
}

impl CmdKey for Command {
    fn key(&self) -> &str {
        &self.key
    }

    fn aliases(&self) -> impl Iterator<Item = &str> {
        self.aliases.iter().map(String::as_str)
    }

    fn arg_regex(&self) -> Option<&ArgRegex> {
        None
    }
}

fn ids<'a>(commands: impl Iterator<Item = &'a Command>) -> Vec<u64> {
    commands.map(|command| command.id).collect()
}

// Evennia's vectors.

fn mergetype(name: &str) -> MergeType {
    match name {
        "Union" => MergeType::Union,
        "Intersect" => MergeType::Intersect,
        "Replace" => MergeType::Replace,
        "Remove" => MergeType::Remove,
        _ => panic!("mergetype {name}"),
    }
}

fn read_set(value: &Value) -> CmdSet<Command> {
    let mut set = CmdSet::new(value["key"].as_str().unwrap().to_owned());
    set.priority = i32::try_from(value["priority"].as_i64().unwrap()).unwrap();
    set.mergetype = mergetype(value["mergetype"].as_str().unwrap());
    for (key, name) in value["key_mergetypes"].as_object().unwrap() {
        set.key_mergetypes.insert(Cow::Owned(key.clone()), mergetype(name.as_str().unwrap()));
    }
    set.duplicates = value["duplicates"].as_bool();
    set.no_exits = value["no_exits"].as_bool();
    set.no_objs = value["no_objs"].as_bool();
    set.no_channels = value["no_channels"].as_bool();
    for command in value["commands"].as_array().unwrap() {
        let aliases = command["aliases"].as_array().unwrap();
        set.insert(Command {
            id: command["id"].as_u64().unwrap(),
            key: command["key"].as_str().unwrap().to_owned(),
            aliases: aliases.iter().map(|alias| alias.as_str().unwrap().to_owned()).collect(),
        });
    }
    set
}

/// A set as the vectors write it: commands by rising id, because Evennia's own order there is that of a hash.
fn written(set: &CmdSet<Command>) -> Value {
    let (mut commands, mut system_commands) = (ids(set.commands()), ids(set.system_commands()));
    commands.sort_unstable();
    system_commands.sort_unstable();
    serde_json::json!({
        "key": set.key, "priority": set.priority, "duplicates": set.duplicates,
        "no_exits": set.no_exits, "no_objs": set.no_objs, "no_channels": set.no_channels,
        "commands": commands, "system_commands": system_commands,
    })
}

#[test]
fn sets_are_built_and_merged_as_evennia_does() {
    let file: Value = serde_json::from_str(include_str!("vectors/cmdset_merge.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 300);
    for (number, case) in cases.iter().enumerate() {
        let stack: Vec<_> =
            case["in"].as_array().unwrap().iter().map(|set| Arc::new(read_set(set))).collect();
        for (set, expected) in stack.iter().zip(case["as_built"].as_array().unwrap()) {
            assert_eq!(written(set), *expected, "case {number}, {} as built", set.key);
        }
        let expected = case.get("standard").unwrap_or(&case["out"]);
        assert_eq!(written(&merge(&stack)), *expected, "case {number}");
    }
}

// A merge that follows the description word by word and looks at every pair.

#[derive(Clone)]
struct Plain {
    head: CmdSet<Command>,
    duplicates: Option<bool>,
    commands: Vec<Command>,
    system: Vec<Command>,
}

fn same(a: &Command, b: &Command) -> bool {
    let names = |c: &Command| std::iter::once(c.key.clone()).chain(c.aliases.clone()).collect::<Vec<_>>();
    names(a).iter().any(|name| names(b).contains(name))
}

fn has(commands: &[Command], command: &Command) -> bool {
    commands.iter().any(|other| same(other, command))
}

fn add(commands: &mut Vec<Command>, command: &Command) {
    commands.retain(|other| !same(other, command));
    commands.push(command.clone());
}

fn pick(commands: &[Command], keep: impl Fn(&Command) -> bool) -> Vec<Command> {
    commands.iter().filter(|command| keep(command)).cloned().collect()
}

fn plain_merge(low: &Plain, high: &Plain) -> Plain {
    let both = high.duplicates == Some(true) && high.head.priority == low.head.priority;
    let mut commands = match high.head.mergetype_onto(&low.head.key) {
        MergeType::Union if both => [high.commands.clone(), low.commands.clone()].concat(),
        MergeType::Union => {
            let new = pick(&low.commands, |c| high.commands.iter().all(|other| other.key != c.key));
            [high.commands.clone(), new].concat()
        }
        MergeType::Intersect if both => {
            let mut commands = Vec::new();
            for command in high.commands.iter().filter(|c| has(&low.commands, c)) {
                add(&mut commands, command);
                add(&mut commands, low.commands.iter().find(|other| same(other, command)).unwrap());
            }
            commands
        }
        MergeType::Intersect => pick(&high.commands, |c| has(&low.commands, c)),
        MergeType::Replace => high.commands.clone(),
        MergeType::Remove => pick(&low.commands, |c| !has(&high.commands, c)),
    };
    let system = [high.system.clone(), pick(&low.system, |c| !has(&high.system, c))].concat();
    system.iter().for_each(|command| add(&mut commands, command));
    Plain { head: high.head.clone(), duplicates: None, commands, system }
}

fn plain(stack: &[Arc<CmdSet<Command>>]) -> Plain {
    let mut groups: Vec<Plain> = Vec::new();
    for set in stack {
        let new = Plain {
            head: (**set).clone(),
            duplicates: set.duplicates,
            commands: set.commands().cloned().collect(),
            system: set.system_commands().cloned().collect(),
        };
        match groups.iter_mut().find(|group| group.head.priority == set.priority) {
            Some(group) => *group = plain_merge(group, &new),
            None => groups.push(new),
        }
    }
    groups.sort_by_key(|group| group.head.priority);
    groups.into_iter().reduce(|low, high| plain_merge(&low, &high)).unwrap()
}

fn any_set() -> impl Strategy<Value = CmdSet<Command>> {
    let name = || select(vec!["a", "b", "c", "d", "e", "f", "g", "__x", "__y"]).prop_map(str::to_owned);
    let kind = || {
        select(vec![
            MergeType::Union,
            MergeType::Union,
            MergeType::Intersect,
            MergeType::Replace,
            MergeType::Remove,
        ])
    };
    let settings = (0..4_u8, -1..2_i32, kind(), option::of(any::<bool>()), option::of((0..4_u8, kind())));
    (settings, vec((name(), vec(name(), 0..3)), 0..7)).prop_map(
        |((key, priority, kind, both, by_key), names)| {
            let mut set = CmdSet::new(format!("S{key}")).priority(priority).mergetype(kind);
            set.duplicates = both;
            if let Some((key, kind)) = by_key {
                set = set.key_mergetype(format!("S{key}"), kind);
            }
            names.into_iter().fold(set, |set, (key, aliases)| set.add(Command { id: 0, key, aliases }))
        },
    )
}

/// A stack in which every command has an id of its own.
fn any_stack() -> impl Strategy<Value = Vec<Arc<CmdSet<Command>>>> {
    vec(any_set(), 1..9).prop_map(|sets| {
        let mut next = 0;
        let mut number = |set: CmdSet<Command>| {
            let mut numbered = set.clone();
            for command in set.commands() {
                next += 1;
                numbered.insert(Command { id: next, ..command.clone() });
            }
            Arc::new(numbered)
        };
        sets.into_iter().map(&mut number).collect()
    })
}

proptest! {
    #[test]
    fn merging_is_what_comparing_every_pair_gives(stack in any_stack()) {
        let (merged, plain) = (merge(&stack), plain(&stack));
        prop_assert_eq!(ids(merged.commands()), ids(plain.commands.iter()));
        prop_assert_eq!(ids(merged.system_commands()), ids(plain.system.iter()));
        prop_assert_eq!(merged.duplicates, plain.duplicates);
        prop_assert_eq!(&merged.key, &plain.head.key);
    }

    #[test]
    fn merging_is_deterministic(stack in any_stack()) {
        let (once, again) = (merge(&stack), merge(&stack));
        prop_assert_eq!(ids(once.commands()), ids(again.commands()));
        prop_assert_eq!(written(&once), written(&again));
    }

    #[test]
    fn a_union_of_distinct_names_finds_each_command(sizes in vec(0..20_usize, 1..10)) {
        let mut id = 0;
        let mut set = |size: usize| {
            let commands = (0..size).map(|_| {
                id += 1;
                Command { id, key: format!("Key{id}"), aliases: vec![format!("a{id}"), format!("@b{id} c")] }
            });
            Arc::new(commands.fold(CmdSet::<Command>::new("set"), CmdSet::add))
        };
        let stack: Vec<_> = sizes.into_iter().map(&mut set).collect();
        let merged = MergedSet::new(merge(&stack));
        for command in stack.iter().flat_map(|set| set.commands()) {
            for name in [command.key.to_lowercase(), command.aliases[0].clone(), command.aliases[1].clone()] {
                prop_assert_eq!(merged.find(&name).map(|found| found.id), Some(command.id));
            }
        }
        prop_assert_eq!(merged.names().count(), merged.set().commands().len() * 3);
    }
}

// Single rules.

fn named(id: u64, key: &str, aliases: &[&str]) -> Command {
    Command { id, key: key.to_owned(), aliases: aliases.iter().map(|&alias| alias.to_owned()).collect() }
}

#[test]
fn an_empty_stack_is_an_empty_set() {
    let merged = merge::<Command>(&[]);
    assert_eq!((merged.commands().len(), merged.priority), (0, 0));
}

#[test]
fn a_single_set_keeps_its_duplicates_and_a_merge_loses_it() {
    let set = Arc::new(CmdSet::new("box").duplicates(true).add(named(1, "open", &[])));
    assert_eq!(merge(std::slice::from_ref(&set)).duplicates, Some(true));
    let merged = merge(&[set.clone(), set]);
    assert_eq!((ids(merged.commands()), merged.duplicates), (vec![1, 1], None));
}

#[test]
fn flags_pass_through_a_set_without_an_opinion() {
    let low = CmdSet::new("low").no_exits(true).no_objs(true).add(named(1, "a", &[]));
    let high = CmdSet::new("high").priority(5).no_objs(false).add(named(2, "b", &[]));
    let merged = merge(&[Arc::new(high), Arc::new(low)]);
    assert_eq!((merged.no_exits, merged.no_objs, merged.no_channels), (Some(true), Some(false), None));
    assert_eq!((&*merged.key, merged.priority, ids(merged.commands())), ("high", 5, vec![2, 1]));
}

#[test]
fn removing_by_name_takes_system_commands_too() {
    let mut set = CmdSet::new("set").add(named(1, "look", &["l"])).add(named(2, "__nomatch_command", &[]));
    set.remove("l");
    assert_eq!(ids(set.commands()), [2]);
    set.remove("__nomatch_command");
    assert_eq!((set.commands().len(), set.system_commands().len()), (0, 0));
}

#[test]
fn a_crowded_room_merges_in_linear_time() {
    let object = |n: u64| {
        let commands =
            (0..20).map(|c| named(n * 20 + c, &format!("verb{c} {n}"), &["use"][usize::from(c > 0)..]));
        Arc::new(commands.fold(CmdSet::<Command>::new("object"), CmdSet::add))
    };
    let stack: Vec<_> = (0..2000).map(object).collect();
    let started = std::time::Instant::now();
    assert_eq!(merge(&stack).commands().len(), 40_000);
    // Comparing every pair is 800 million comparisons, which takes minutes.
    assert!(started.elapsed() < std::time::Duration::from_secs(10));
}
