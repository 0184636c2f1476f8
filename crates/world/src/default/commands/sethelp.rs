//! `sethelp`: staff writes help entries.

use serde::{Deserialize, Serialize};

use super::comms;
use crate::{
    Command, Cx, Editor, Meta, Result, World, cmdhandler,
    cmdset::{CMD_IGNORE_PREFIXES, CmdKey},
    help::{HelpEntry, HelpEntryId, TEXT_LENGTH, TOPIC_ALIASES, TOPIC_LENGTH},
    locks, say, text,
};

/// `sethelp[/SWITCH] TOPIC[;ALIAS][, CATEGORY[, LOCKS]] [= TEXT]`
pub(super) struct CmdSetHelp;

impl Command for CmdSetHelp {
    const META: Meta = Meta {
        key: "sethelp",
        locks: "cmd:perm(Helper)",
        help: "write help entries\n\nUsage:\n  sethelp <topic>[;<alias>][, <category>[, <locks>]] = <text>\n  \
               sethelp/edit <topic>[;<alias>][, <category>[, <locks>]]   (in the line editor)\n  sethelp/replace <topic> = <text>\n  sethelp/append <topic> = <text>   (on a line of its own)\n  \
               sethelp/extend <topic> = <text>   (right behind what is there)\n  sethelp/category <topic> = \
               <category>\n  sethelp/locks <topic> = <locks>\n  sethelp/delete <topic>\n\nThe text may have markup; \
               ||/ begins a new line. The locks |wview|n and |wread|n say who may see it listed and who may read it. A \
               line '# subtopics' ends the text proper; below it, '## name' begins a subtopic, read by |whelp \
               <topic>/<name>|n.\n\nExample: sethelp throwing;throw, combat, view:perm(Builder) = This throws something \
               at ...",
        help_category: "Building",
        switches: &["edit", "replace", "append", "extend", "category", "locks", "delete"],
        ..Meta::DEFAULT
    };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let (left, right) = match cx.raw.split_once('=') {
            Some((left, right)) => (left.trim().to_owned(), Some(right.trim().to_owned())),
            None => (cx.raw.trim().to_owned(), None),
        };
        if left.is_empty() {
            return Err(say(USAGE));
        }
        match (cx.switches.as_slice(), right.filter(|right| !right.is_empty())) {
            (["edit"], None) => edit(cx, &left),
            ([], Some(text)) => create(cx, &left, &text),
            (["delete"], _) => delete(cx, &left),
            (["replace"], Some(text)) => change(cx, &left, |_| lines(&text)),
            (["append"], Some(text)) => change(cx, &left, |old| format!("{old}\n{}", lines(&text))),
            (["extend"], Some(text)) => change(cx, &left, |old| format!("{old} {}", lines(&text))),
            (["category"], Some(category)) => categorize(cx, &left, &category),
            (["locks"], Some(given)) => lock(cx, &left, &given),
            _ => Err(say(USAGE)),
        }
    }
}

const USAGE: &str = "Usage: sethelp[/switch] <topic>[;<alias>][, <category>[, <locks>]] = <text>";

/// A line is all that can be typed at a time, so a text says itself where its lines end.
fn lines(text: &str) -> String {
    text.replace("|/", "\n")
}

fn check_name(name: &str) -> Result {
    let forbidden = ['|', '/', '=', ',', ';'];
    if !(1..=TOPIC_LENGTH).contains(&name.chars().count()) || name.contains(forbidden) {
        return Err(say(format!(
            "A topic or category has up to {TOPIC_LENGTH} characters, and none of | / = , ; in it."
        )));
    }
    Ok(())
}

fn check_text(text: &str) -> Result {
    if text.chars().count() > TEXT_LENGTH {
        return Err(say(format!("A help entry has up to {TEXT_LENGTH} characters.")));
    }
    Ok(())
}

fn check_locks(given: &str) -> Result {
    locks::check(given).map_err(comms::unusable)
}

fn create(cx: &mut Cx<'_>, left: &str, given: &str) -> Result {
    let entry = new_entry(cx, left)?;
    let given = lines(given);
    check_text(&given)?;
    let key = entry.key.clone();
    cx.world.create_help_entry(HelpEntry { text: given, ..entry })?;
    cx.msg(format!("Topic '{key}' was successfully created."));
    Ok(())
}

/// What stands on the left side, as an entry without a text.
fn new_entry(cx: &mut Cx<'_>, left: &str) -> Result<HelpEntry> {
    let mut parts = left.splitn(3, ',').map(str::trim);
    let mut names =
        parts.next().unwrap_or_default().split(';').map(str::trim).filter(|name| !name.is_empty());
    let key = names.next().ok_or_else(|| say(USAGE))?.to_owned();
    let aliases: Vec<String> = names.map(str::to_owned).collect();
    let category = parts.next().filter(|category| !category.is_empty()).unwrap_or("General").to_owned();
    let given_locks = parts.next().unwrap_or_default().to_owned();
    for name in aliases.iter().chain([&key, &category]) {
        check_name(name)?;
    }
    if aliases.len() > TOPIC_ALIASES {
        return Err(say(format!("A help entry has up to {TOPIC_ALIASES} aliases.")));
    }
    if !given_locks.is_empty() {
        check_locks(&given_locks)?;
    }
    if cx.world.help_entry_named(&key).is_some() {
        return Err(say(format!(
            "Topic '{key}' already exists. Use /edit, /replace, /append, /extend or /delete to change it."
        )));
    }
    for name in aliases.iter().chain([&key]) {
        check_no_command(cx, name)?;
    }
    let created = cx.world.now();
    Ok(HelpEntry { key, aliases, category, locks: given_locks, text: String::new(), created })
}

/// What a command says of itself goes before what is written, so nobody would ever see this.
fn check_no_command(cx: &mut Cx<'_>, name: &str) -> Result {
    let bare = |name: &str| name.trim_start_matches(CMD_IGNORE_PREFIXES).to_lowercase();
    let wanted = bare(name);
    let merged = cmdhandler::merged_set(cx.world, cx.account.is_some(), cx.puppet);
    // Exits come and go with the place, and give way to a topic.
    let mut commands = merged.set().commands().filter(|cmd| !cmdhandler::is_exit(cx.world, cmd));
    let command =
        commands.find(|cmd| bare(cmd.key()) == wanted || cmd.aliases().any(|alias| bare(alias) == wanted));
    match command {
        None => Ok(()),
        Some(command) => Err(say(format!(
            "'{name}' is the name of the command |w{}|n: |whelp {name}|n shows what that says of itself, and nobody \
             would see your text. Choose another name, such as '{} tips'.",
            command.key(),
            bare(command.key()),
        ))),
    }
}

fn edit(cx: &mut Cx<'_>, left: &str) -> Result {
    let named = cx.world.help_entry_named(left).and_then(|id| Some((id, cx.world.record::<HelpEntry>(id)?)));
    match named.map(|(id, entry)| (id, entry.key.clone(), entry.text.clone())) {
        Some((id, key, text)) => cx.edit(HelpEditor { key, entry: Editing::Old(id.0) }, &text),
        None => {
            let entry = new_entry(cx, left)?;
            cx.edit(HelpEditor { key: entry.key.clone(), entry: Editing::New(entry) }, "")
        }
    }
}

/// Writes a help entry in the line editor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct HelpEditor {
    key: String,
    entry: Editing,
}

/// The entry that is written.
#[derive(Debug, Serialize, Deserialize)]
enum Editing {
    /// One that is not there until it is saved.
    New(HelpEntry),
    /// By its number.
    Old(u64),
}

impl Editor for HelpEditor {
    const NAME: &'static str = "help editor";

    fn title(&self, _world: &World) -> String {
        format!("help {}", self.key)
    }

    fn save(&mut self, cx: &mut Cx<'_>, text: &str) -> Result {
        if !cx.world.passes(CmdSetHelp::META.locks, comms::accessor(cx), "cmd", None, false) {
            return Err(say("You are not allowed to write help entries any more."));
        }
        check_text(text)?;
        match &self.entry {
            Editing::Old(id) => {
                let gone = || say("That entry was deleted meanwhile.");
                let entry = cx.world.record_mut::<HelpEntry>(HelpEntryId(*id)).ok_or_else(gone)?;
                text.clone_into(&mut entry.text);
            }
            Editing::New(entry) => {
                let entry = HelpEntry { text: text.to_owned(), ..entry.clone() };
                self.entry = Editing::Old(cx.world.create_help_entry(entry)?.0);
            }
        }
        Ok(())
    }
}

fn named(cx: &Cx<'_>, name: &str) -> Result<HelpEntryId> {
    let found = cx.world.help_entry_named(name);
    found.ok_or_else(|| say(format!("Could not find help entry '{}'.", text::escape(name))))
}

fn change(cx: &mut Cx<'_>, name: &str, new: impl FnOnce(&str) -> String) -> Result {
    let id = named(cx, name)?;
    let new = new(cx.world.record::<HelpEntry>(id).map(|entry| entry.text.as_str()).unwrap_or_default());
    check_text(&new)?;
    let Some(entry) = cx.world.record_mut::<HelpEntry>(id) else { return Ok(()) };
    entry.text = new;
    let told = format!("Entry '{}' updated:\n{}|n", entry.key, entry.text);
    cx.msg(told);
    Ok(())
}

fn categorize(cx: &mut Cx<'_>, name: &str, category: &str) -> Result {
    let id = named(cx, name)?;
    check_name(category)?;
    let Some(entry) = cx.world.record_mut::<HelpEntry>(id) else { return Ok(()) };
    category.clone_into(&mut entry.category);
    let told = format!("Category for entry '{}' changed to '{category}'.", entry.key);
    cx.msg(told);
    Ok(())
}

fn lock(cx: &mut Cx<'_>, name: &str, given: &str) -> Result {
    let id = named(cx, name)?;
    check_locks(given)?;
    let Some(entry) = cx.world.record_mut::<HelpEntry>(id) else { return Ok(()) };
    given.clone_into(&mut entry.locks);
    let told = format!("Locks for entry '{}' changed to: {}", entry.key, text::escape(given));
    cx.msg(told);
    Ok(())
}

fn delete(cx: &mut Cx<'_>, name: &str) -> Result {
    let id = named(cx, name)?;
    let entry = cx.world.remove_record::<HelpEntry>(id);
    let key = entry.map(|entry| entry.key).unwrap_or_default();
    cx.msg(format!("Deleted help entry '{key}'."));
    Ok(())
}
