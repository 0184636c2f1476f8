//! `help`: lists every command that the asker may use and every topic, by category, and shows what each says of itself.

use std::collections::{BTreeMap, BTreeSet};

use super::style;
use crate::{
    Cmd, Command, Cx, Meta, Result, Screen, World, cmdhandler, cmdset,
    cmdset::CmdKey,
    help::HelpEntry,
    locks::Accessor,
    say,
    text::{self, Border, Table},
};

/// Topics that are suggested at the most.
const SUGGESTED: usize = 8;

/// What strangers are told first.
const LOGIN: &str = "|wconnect <name>|n logs you in, |wcreate <name>|n makes an account.\n\
                     Both ask for the password, and nobody sees what you type.\n\n";

/// `help [TOPIC[/SUBTOPIC]]`
pub(super) struct CmdHelp;

impl Command for CmdHelp {
    const META: Meta = Meta {
        key: "help",
        aliases: &["?", "h"],
        help: "get help\n\nUsage:\n  help\n  help <command or topic>\n  help <topic>/<subtopic>\n  help \
               <category>\n\nWhat is no topic is looked for in the texts of all.",
        ..Meta::DEFAULT
    };
    type Args = Option<String>;

    fn func(&self, cx: &mut Cx<'_>, _topic: Option<String>) -> Result {
        let commands = cmdhandler::available(cx.world, cx.account, cx.puppet);
        let view = View {
            world: cx.world,
            who: Accessor { account: cx.account, object: cx.puppet },
            screen: cx.screen(),
        };
        let topics = view.topics(&commands);
        let told = if cx.raw.is_empty() { view.index(&topics) } else { view.find(&topics, &cx.raw)? };
        cx.page(meadow_link::text(text::fit(&told, cx.screen())).kw("type", "help"));
        Ok(())
    }
}

/// Something that there is help on.
struct Topic<'t> {
    key: &'t str,
    aliases: Vec<&'t str>,
    category: &'t str,
    text: &'t str,
    /// Whether the index has it.
    listed: bool,
}

/// Who looks, and their window.
struct View<'w> {
    world: &'w World,
    who: Accessor,
    screen: Screen,
}

impl View<'_> {
    /// All that the asker may read: a command comes before what staff wrote, that before what the game registers, and
    /// exits come last.
    fn topics<'t>(&'t self, commands: &'t [Cmd]) -> Vec<Topic<'t>> {
        let topic = |command: &'t Cmd| Topic {
            key: command.key(),
            aliases: command.aliases().collect(),
            category: command.meta().help_category,
            text: command.meta().help,
            listed: command.meta().auto_help,
        };
        let (exits, commands): (Vec<_>, Vec<_>) =
            commands.iter().partition(|command| cmdhandler::is_exit(self.world, command));
        let (exits, commands) = (exits.into_iter().map(topic), commands.into_iter().map(topic));
        let written = self.world.records::<HelpEntry>().map(|(_, entry)| {
            let aliases = entry.aliases.iter().map(String::as_str).collect();
            let topic = Topic {
                key: &entry.key,
                aliases,
                category: &entry.category,
                text: &entry.text,
                listed: true,
            };
            (topic, entry.locks.as_str())
        });
        let registered = self.world.game().help.iter().map(|topic| {
            let aliases = topic.aliases.to_vec();
            (
                Topic { key: topic.key, aliases, category: topic.category, text: topic.text, listed: true },
                topic.locks,
            )
        });
        let mut topics: Vec<Topic<'t>> = commands.collect();
        let mut keys: BTreeSet<String> = topics.iter().map(|topic| topic.key.to_lowercase()).collect();
        // Strangers are told of the commands that they have, and of nothing else.
        for (mut topic, locks) in written.chain(registered).filter(|_| self.who.account.is_some()) {
            if self.world.may_read_help(locks, self.who) && keys.insert(topic.key.to_lowercase()) {
                topic.listed = self.world.may_view_help(locks, self.who);
                topics.push(topic);
            }
        }
        topics.extend(exits);
        topics
    }

    fn index(&self, topics: &[Topic<'_>]) -> String {
        let mut categories: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for topic in topics.iter().filter(|topic| topic.listed) {
            categories.entry(headline(topic.category)).or_default().insert(topic.key);
        }
        let mut told = String::new();
        if self.who.account.is_none() && self.who.object.is_none() {
            told.push_str(LOGIN);
        }
        for (category, keys) in categories {
            let keys: Vec<&str> = keys.into_iter().collect();
            let category = text::escape(&category).into_owned();
            told.push_str(&format!("|{}{category}|n\n{}\n", self.category_color(), self.columns(&keys)));
        }
        told.push_str("\n|whelp <command>|n tells more, |whelp <category>|n says what each is for.");
        // Who is nowhere yet has no exits to go by.
        if self.who.object.is_some() {
            told.push_str(" Exits are commands too: type the name of one to go there.");
        }
        told
    }

    /// Names in as many columns as the window has room for; each is a link.
    fn columns(&self, keys: &[&str]) -> String {
        let color = self.entry_color();
        let links = keys.iter().map(|key| {
            let link = text::command_link(&format!("help {key}"), &text::escape(key));
            format!("|{color}{link}|n")
        });
        let indent = if self.screen.reader { "" } else { "  " };
        let width = self.screen.width.saturating_sub(indent.len());
        let shown = text::columns(links, Screen { width, ..self.screen });
        shown.lines().map(|line| format!("{indent}{line}")).collect::<Vec<_>>().join("\n")
    }

    /// The topics of a category, each with what it is for.
    fn category(&self, name: &str, topics: &[&Topic<'_>]) -> String {
        let rows: BTreeMap<&str, &str> =
            topics.iter().map(|topic| (topic.key, summary(topic.text))).collect();
        let links = rows.into_iter().map(|(key, summary)| {
            let link = text::command_link(&format!("help {key}"), &text::escape(key));
            [format!("|{}{link}|n", self.entry_color()), summary.to_owned()]
        });
        let mut table = Table::new([""; 2]).border(Border::None).indent(2);
        for row in links {
            table.add_row(row);
        }
        format!("|{}{}|n\n{}", self.category_color(), text::escape(name), table.draw(self.screen))
    }

    fn find(&self, topics: &[Topic<'_>], asked: &str) -> Result<String> {
        let (name, subtopics) = asked.split_once('/').map_or((asked, ""), |(name, rest)| (name.trim(), rest));
        // A command may have a slash in its name.
        if let Some(topic) = named(topics, asked) {
            return page(topic, "");
        }
        if let Some(topic) = named(topics, name) {
            return page(topic, subtopics);
        }
        let lower = asked.to_lowercase();
        let of_category: Vec<&Topic<'_>> =
            topics.iter().filter(|topic| topic.listed && topic.category.to_lowercase() == lower).collect();
        if let Some(first) = of_category.first() {
            return Ok(self.category(&headline(first.category), &of_category));
        }
        let begun: Vec<&Topic<'_>> = topics
            .iter()
            .filter(|topic| topic.key.to_lowercase().starts_with(&name.to_lowercase()))
            .collect();
        if let ([topic], false) = (begun.as_slice(), name.is_empty()) {
            return page(topic, subtopics);
        }
        Err(say(self.suggest(topics, asked)))
    }

    /// What somebody may have meant: topics that are called nearly so, and those whose text has all the words.
    fn suggest(&self, topics: &[Topic<'_>], asked: &str) -> String {
        let lower = asked.to_lowercase();
        let shown = text::escape(asked);
        let mut near: Vec<(usize, &str)> = Vec::new();
        for topic in topics.iter().filter(|topic| topic.listed) {
            let distance = std::iter::once(topic.key)
                .chain(topic.aliases.iter().copied())
                .filter_map(|name| nearness(&lower, &name.to_lowercase()))
                .min();
            near.extend(distance.map(|distance| (distance, topic.key)));
        }
        near.sort_unstable();
        let words: Vec<&str> = lower.split_whitespace().collect();
        let has_all = |topic: &&Topic<'_>| {
            let text = topic.text.to_lowercase();
            topic.listed && words.iter().all(|word| text.contains(word))
        };
        let within = topics.iter().filter(has_all).map(|topic| topic.key);
        let mut suggested: Vec<&str> = Vec::new();
        let called: Vec<&str> = near.iter().map(|(_, key)| *key).collect();
        for key in called.iter().copied().chain(within) {
            if !suggested.contains(&key) && suggested.len() < SUGGESTED {
                suggested.push(key);
            }
        }
        let told = format!("There is no help on '{shown}'.");
        match (suggested.is_empty(), called.is_empty()) {
            (true, _) => format!("{told} |whelp|n lists what there is."),
            (_, false) => format!("{told} Similar topics:\n{}", self.columns(&suggested)),
            (_, true) => format!("{told} It is mentioned in:\n{}", self.columns(&suggested)),
        }
    }

    fn category_color(&self) -> &str {
        style::value(self.world, self.who.account, "help_category_color")
    }

    fn entry_color(&self) -> &str {
        style::value(self.world, self.who.account, "help_entry_color")
    }
}

/// How far a name is from what was asked for; `None` for too far.
fn nearness(asked: &str, name: &str) -> Option<usize> {
    if asked.is_empty() || name.starts_with("__") {
        return None;
    }
    if name.contains(asked) || (name.len() > 2 && asked.contains(name)) {
        return Some(0);
    }
    Some(cmdhandler::distance(asked, name)).filter(|distance| *distance <= 1 + name.chars().count() / 4)
}

/// The topic of a name or alias, whatever the case; the prefixes of commands may be left out.
fn named<'t>(topics: &'t [Topic<'t>], name: &str) -> Option<&'t Topic<'t>> {
    let lower = name.to_lowercase();
    let bare = |name: &str| name.trim_start_matches(cmdset::CMD_IGNORE_PREFIXES).to_lowercase();
    let wanted = bare(name);
    let has = |topic: &&Topic<'_>, fits: &dyn Fn(&str) -> bool| {
        fits(topic.key) || topic.aliases.iter().any(|alias| fits(alias))
    };
    let exact = topics.iter().find(|topic| has(topic, &|name| name.to_lowercase() == lower));
    exact.or_else(|| {
        topics.iter().find(|topic| !wanted.is_empty() && has(topic, &|name| bare(name) == wanted))
    })
}

/// A topic, or the part of it that its subtopics lead to.
fn page(topic: &Topic<'_>, subtopics: &str) -> Result<String> {
    let mut title = text::escape(topic.key).into_owned();
    let mut part = Part::whole(topic.text);
    for wanted in subtopics.split('/').map(str::trim).filter(|wanted| !wanted.is_empty()) {
        let lower = wanted.to_lowercase();
        let parts = part.parts();
        let exact = parts.iter().find(|part| part.name.to_lowercase() == lower);
        let Some(found) =
            exact.or_else(|| parts.iter().find(|part| part.name.to_lowercase().starts_with(&lower)))
        else {
            let names: Vec<&str> = parts.iter().map(|part| part.name).collect();
            if names.is_empty() {
                return Err(say(format!("{title} has no subtopics.")));
            }
            let there = text::escape(&names.join(", ")).into_owned();
            return Err(say(format!(
                "{title} has no subtopic '{}'; there are: {there}.",
                text::escape(wanted)
            )));
        };
        title = format!("{title}/{}", text::escape(found.name));
        part = *found;
    }
    let mut told = format!("|wHelp for |c{title}|n");
    if subtopics.is_empty() && !topic.aliases.is_empty() {
        let aliases: Vec<_> = topic.aliases.iter().map(|alias| text::escape(alias).into_owned()).collect();
        told.push_str(&format!(" (aliases: {})", aliases.join(", ")));
    }
    told.push('\n');
    told.push_str(part.text);
    told.push_str("|n");
    let parts = part.parts();
    if !parts.is_empty() {
        told.push_str("\n\n|wSubtopics:|n");
        for sub in parts {
            let name = format!("{title}/{}", text::escape(sub.name));
            told.push_str(&format!(
                "\n  |c{}|n",
                text::command_link(&format!("help {}", text::plain(&name)), &name)
            ));
        }
    }
    Ok(told)
}

/// A text, or a part of one, with the parts that are in it.
#[derive(Clone, Copy)]
struct Part<'t> {
    name: &'t str,
    text: &'t str,
    rest: &'t str,
    /// How many `#` stand before the parts in it.
    level: usize,
}

impl<'t> Part<'t> {
    fn whole(text: &'t str) -> Part<'t> {
        let begins = lines(text).find(|(_, line)| {
            line.trim().strip_prefix('#').is_some_and(|title| title.trim().eq_ignore_ascii_case("subtopics"))
        });
        match begins {
            Some((at, line)) => {
                Part { name: "", text: text[..at].trim_end(), rest: &text[at + line.len()..], level: 2 }
            }
            None => Part { name: "", text: text.trim_end(), rest: "", level: 2 },
        }
    }

    fn parts(&self) -> Vec<Part<'t>> {
        let titles: Vec<(usize, usize, &'t str)> = lines(self.rest)
            .filter_map(|(at, line)| Some((at, at + line.len(), heading(line, self.level)?)))
            .collect();
        let ends = titles.iter().skip(1).map(|(at, ..)| *at).chain([self.rest.len()]);
        titles
            .iter()
            .zip(ends)
            .map(|((_, from, name), end)| {
                let body = &self.rest[*from..end];
                let inner = lines(body).find(|(_, line)| heading(line, self.level + 1).is_some());
                let cut = inner.map_or(body.len(), |(at, _)| at);
                Part { name, text: body[..cut].trim(), rest: &body[cut..], level: self.level + 1 }
            })
            .collect()
    }
}

/// Each line with its place.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let here = at;
        at += line.len();
        (here, line)
    })
}

/// `## fish` at level 2.
fn heading(line: &str, level: usize) -> Option<&str> {
    let line = line.trim();
    let name = line.trim_start_matches('#');
    (line.len() - name.len() == level && !name.trim().is_empty()).then(|| name.trim())
}

/// A category as it is shown, however it was typed.
fn headline(category: &str) -> String {
    let mut letters = category.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn summary(help: &str) -> &str {
    help.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_their_subtopics() {
        let text = "All.\n\n# Subtopics\n\n## one\nFirst.\n### deep\nDeep.\n## two\nSecond.\n";
        let whole = Part::whole(text);
        assert_eq!(whole.text, "All.");
        let parts = whole.parts();
        let named: Vec<(&str, &str)> = parts.iter().map(|part| (part.name, part.text)).collect();
        assert_eq!(named, [("one", "First."), ("two", "Second.")]);
        let deep = parts[0].parts();
        assert_eq!((deep.len(), deep[0].name, deep[0].text), (1, "deep", "Deep."));
        assert!(parts[1].parts().is_empty() && Part::whole("# one\n## two").parts().is_empty());
    }
}
