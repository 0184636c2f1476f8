//! The command parser: the last line is typed, the lines before it are commands, `key;alias;alias`, with a
//! `!` before those that the player may not use.

use std::sync::Arc;

use meadow_world::{
    cmdparser::{ArgRegex, DEFAULT_ARG_REGEX, parse, strip},
    cmdset::{CmdKey, CmdSet, MergedSet, merge},
};

/// Most commands of one input.
const COMMANDS: usize = 40;

/// The target.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (commands, line) = text.rsplit_once('\n').unwrap_or(("look;l\n@dig\nsay;'\nget;take", &text));
    let commands: Vec<_> = commands.split('\n').take(COMMANDS).filter_map(Command::read).collect();
    let mut set: CmdSet<Command> = CmdSet::new("one").duplicates(true);
    for command in commands {
        set = set.add(command);
    }
    let set = MergedSet::new(merge(&[Arc::new(set)]));
    let line = strip(line);
    for found in parse(&set, line, |command| !command.locked) {
        assert!(!found.command.locked);
        let bare =
            |name: &str| strip(&name.to_lowercase()).trim_start_matches(['@', '&', '/', '+']).to_owned();
        assert!(found.command.names().any(|name| bare(name) == bare(found.raw_cmdname)), "{found:?}");
        assert!(!found.cmdname.is_empty() && found.raw_cmdname.to_lowercase().ends_with(found.cmdname));
        assert!(line.ends_with(&*found.args) || line.contains('-'), "{found:?}");
    }
}

#[derive(Debug, Clone)]
struct Command {
    key: String,
    aliases: Vec<String>,
    locked: bool,
    arg_regex: Option<ArgRegex>,
}

impl Command {
    fn read(line: &str) -> Option<Command> {
        let locked = line.starts_with('!');
        let mut names =
            line.trim_start_matches('!').split(';').map(str::to_owned).filter(|name| !name.is_empty());
        let arg_regex =
            line.len().is_multiple_of(2).then(|| ArgRegex::new(DEFAULT_ARG_REGEX).expect("a pattern"));
        Some(Command { key: names.next()?, aliases: names.collect(), locked, arg_regex })
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&*self.key).chain(self.aliases.iter().map(String::as_str)).map(strip)
    }
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
