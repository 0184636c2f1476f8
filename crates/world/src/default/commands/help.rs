//! `help`: lists every command that the asker may use, by category, and shows what each says of itself.

use std::collections::BTreeMap;

use crate::{Cmd, Command, Cx, Meta, Result, cmdhandler, cmdset::CmdKey, say, text};

/// How wide the column of names is.
const COLUMN: usize = 12;

/// `help [TOPIC]`
pub(super) struct CmdHelp;

impl Command for CmdHelp {
    const META: Meta = Meta {
        key: "help",
        aliases: &["?", "h"],
        help: "get help\n\nUsage:\n  help\n  help <command>",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, topic: Option<String>) -> Result {
        let commands = cmdhandler::available(cx.world, cx.account, cx.puppet);
        match topic {
            None => {
                let listed = list(&commands);
                cx.page(meadow_link::text(listed).kw("type", "help"));
            }
            Some(_) => {
                let told = page(&commands, &cx.raw)?;
                cx.page(meadow_link::text(told).kw("type", "help"));
            }
        }
        Ok(())
    }
}

fn list(commands: &[Cmd]) -> String {
    let mut categories: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for command in commands.iter().filter(|command| command.meta().auto_help) {
        let meta = command.meta();
        categories.entry(meta.help_category).or_default().insert(command.key(), summary(meta.help));
    }
    let mut told = String::new();
    for (category, commands) in categories {
        told.push_str(&format!("|w{category}|n\n"));
        for (key, summary) in commands {
            // The link is the name alone, without what fills the column.
            let link = text::command_link(&format!("help {key}"), &text::escape(key));
            let room = " ".repeat(COLUMN.saturating_sub(key.chars().count()));
            told.push_str(&format!("  |c{link}|n{room} {summary}\n"));
        }
    }
    told.push_str(
        "\n|whelp <command>|n tells more. Exits are commands too: type the name of one to go there.",
    );
    told
}

fn page(commands: &[Cmd], topic: &str) -> Result<String> {
    let topic = topic.to_lowercase();
    let bare = topic.trim_start_matches(crate::cmdset::CMD_IGNORE_PREFIXES);
    let named = |command: &&Cmd| {
        let is = |name: &str| name == topic || name.trim_start_matches('@') == bare;
        is(command.key()) || command.aliases().any(is)
    };
    let found = commands.iter().find(named);
    let found = found.or_else(|| commands.iter().find(|command| command.key().starts_with(&topic)));
    let Some(command) = found else {
        let topic = text::escape(&topic).into_owned();
        return Err(say(format!("There is no help on '{topic}'. |whelp|n lists what there is.")));
    };
    let mut told = format!("|wHelp for |c{}|n", text::escape(command.key()));
    let aliases: Vec<_> = command.aliases().map(|alias| text::escape(alias).into_owned()).collect();
    if !aliases.is_empty() {
        told.push_str(&format!(" (aliases: {})", aliases.join(", ")));
    }
    told.push('\n');
    told.push_str(command.meta().help);
    Ok(told)
}

fn summary(help: &str) -> &str {
    help.lines().next().unwrap_or_default()
}
