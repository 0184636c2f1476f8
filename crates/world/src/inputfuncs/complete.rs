//! `complete`: how a line that a player has begun may go on, for the Tab key of clients: commands, and names of what
//! they can see, carry, or talk with.

use std::collections::BTreeSet;

use meadow_link::{CommandTuple, SessionId, tuple};
use serde::Deserialize;
use serde_json::Value;

use super::{read, unreadable};
use crate::{
    AccountId, ObjectId, Result, World, cmdhandler,
    cmdset::{CMD_IGNORE_PREFIXES, CmdKey},
    setup::WorldBuilder,
    text::without_article,
};

/// Most ways to go on that are told.
const OPTIONS_LIMIT: usize = 50;
/// Longest line that is completed, in bytes.
const LINE_LIMIT: usize = 1000;
/// Longest `id` that comes back, in bytes of JSON.
const ID_LIMIT: usize = 64;

/// Commands that take names of accounts, without the sign before their names; those who are on are offered.
const FOR_ACCOUNTS: [&str; 1] = ["page"];
/// Commands that take names of channels.
const FOR_CHANNELS: [&str; 1] = ["channel"];
/// Commands that take names of commands.
const FOR_COMMANDS: [&str; 1] = ["help"];

pub(super) fn register(builder: &mut WorldBuilder) {
    builder.raw_inputfunc("complete", "Asks how a line may go on: {text, caret, id}.", complete);
}

#[derive(Deserialize)]
struct Begun {
    text: String,
    /// How much of it stands before the caret, as JavaScript counts: in units of UTF-16.
    caret: Option<usize>,
    #[serde(default)]
    id: Value,
}

/// Answers `complete {id, from, to, options}`: `from` and `to` say which part of the text an option takes the place
/// of. Options are plain text, not markup.
fn complete(world: &mut World, session: SessionId, given: CommandTuple) -> Result {
    let Begun { text, caret, id } = read(given)?;
    let known = (id.is_null() || id.is_number() || id.is_string()) && id.to_string().len() <= ID_LIMIT;
    if !known {
        return Err(unreadable(format!(
            "complete wants an id that is a number or a text of up to {ID_LIMIT} bytes"
        )));
    }
    let line = before(&text, caret.unwrap_or(usize::MAX));
    let (begins, options) =
        if line.len() > LINE_LIMIT { (line.len(), Vec::new()) } else { options(world, session, line) };
    let [from, to] = [&line[..begins], line].map(|part| part.encode_utf16().count());
    let answer = tuple("complete").kw("id", id).kw("from", from).kw("to", to);
    world.msg(session, answer.kw("options", options));
    Ok(())
}

/// What stands before the caret.
fn before(text: &str, caret: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > caret
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// Where in the line the part begins that is to be completed, and what it may become.
fn options(world: &mut World, session: SessionId, line: &str) -> (usize, Vec<String>) {
    let here = world.session(session);
    let (account, puppet) = (here.and_then(|s| s.account()), here.and_then(|s| s.puppet()));
    let start = line.len() - line.trim_start().len();
    let typed = &line[start..];
    let commands = commands(world, account, puppet);
    // A name of several words, as an exit may have, goes on behind the first.
    let found = fitting(commands.iter().chain(&channels(world, account, puppet)), typed);
    if !found.is_empty() || !typed.contains(char::is_whitespace) {
        return (start, found);
    }
    let (command, _) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let names = match key_of(world, account, puppet, command).as_deref() {
        Some(key) if FOR_COMMANDS.contains(&key) => commands,
        Some(key) if FOR_CHANNELS.contains(&key) => channels(world, account, puppet),
        Some(key) if FOR_ACCOUNTS.contains(&key) => accounts(world),
        _ => around(world, puppet),
    };
    // The longest end of the line that anything fits: "give red ro" means the red rose.
    for at in starts_of_words(typed, command.len()) {
        let found = fitting(names.iter(), &typed[at..]);
        if !found.is_empty() {
            return (start + at, found);
        }
    }
    (line.len(), Vec::new())
}

/// Where words begin behind the command's name, in order; and the end, if a word is yet to come.
fn starts_of_words(line: &str, behind: usize) -> impl Iterator<Item = usize> {
    let breaks = |c: char| c.is_whitespace() || matches!(c, '=' | ',');
    let starts = line.char_indices().skip(1).filter(move |(at, _)| *at > behind).map(|(at, _)| at);
    let starts = starts.filter(move |at| line[..*at].ends_with(breaks) && !line[*at..].starts_with(breaks));
    starts.chain(line.ends_with(breaks).then_some(line.len()))
}

/// A name, and what else it is called.
struct Named {
    name: String,
    others: Vec<String>,
}

impl Named {
    fn new(name: &str, others: impl IntoIterator<Item = impl Into<String>>) -> Named {
        Named { name: name.to_owned(), others: others.into_iter().map(Into::into).collect() }
    }

    /// What a beginning becomes: the name, also if a later word of it begins so; else another name.
    fn completes(&self, begun: &str) -> Option<(usize, &str)> {
        let short = without_article(&self.name);
        let bare = short.trim_start_matches(CMD_IGNORE_PREFIXES);
        if begins(&self.name, begun) {
            return Some((0, &self.name));
        }
        if begins(short, begun) || begins(bare, begun) {
            return Some((0, short));
        }
        if let Some(other) = self.others.iter().find(|other| begins(other, begun)) {
            return Some((1, other));
        }
        let later = short.match_indices(' ').any(|(at, _)| begins(&short[at + 1..], begun));
        later.then_some((2, short))
    }
}

/// What a beginning may become; what begins so itself comes first.
fn fitting<'n>(names: impl Iterator<Item = &'n Named>, begun: &str) -> Vec<String> {
    let found: BTreeSet<(usize, &str)> = names.filter_map(|name| name.completes(begun)).collect();
    let mut options: Vec<String> = Vec::new();
    for (_, option) in found {
        if options.len() < OPTIONS_LIMIT && options.iter().all(|known| known != option) {
            options.push(option.to_owned());
        }
    }
    options
}

/// Whether a name begins so, whatever the case.
fn begins(name: &str, begun: &str) -> bool {
    let mut name = name.chars().flat_map(char::to_lowercase);
    begun.chars().flat_map(char::to_lowercase).all(|c| name.next() == Some(c))
}

/// The commands that may be used now, exits among them. Those of the machinery (`__noinput_command`) are not typed.
fn commands(world: &mut World, account: Option<AccountId>, puppet: Option<ObjectId>) -> Vec<Named> {
    let all = cmdhandler::available(world, account, puppet);
    let typed = all.iter().filter(|command| !command.key().starts_with("__"));
    let seen = typed.filter(|command| match (command.obj(), puppet) {
        (Some(exit), Some(puppet)) if world.object(exit).is_some_and(crate::Object::is_exit) => {
            sees(world, puppet, exit)
        }
        _ => true,
    });
    seen.map(|command| Named::new(command.key(), command.aliases())).collect()
}

/// The key of the command that is called so, in small letters and without the sign before it.
fn key_of(
    world: &mut World,
    account: Option<AccountId>,
    puppet: Option<ObjectId>,
    name: &str,
) -> Option<String> {
    let bare = |name: &str| name.trim_start_matches(CMD_IGNORE_PREFIXES).to_lowercase();
    let wanted =
        bare(name.split_once('/').filter(|(name, _)| !name.is_empty()).map_or(name, |(name, _)| name));
    let all = cmdhandler::available(world, account, puppet);
    let found =
        all.iter().find(|cmd| bare(cmd.key()) == wanted || cmd.aliases().any(|name| bare(name) == wanted));
    found.map(|command| bare(command.key()))
}

/// Channels that are heard, by whatever name.
fn channels(world: &World, account: Option<AccountId>, puppet: Option<ObjectId>) -> Vec<Named> {
    let mut names = Vec::new();
    for who in account.map(Into::into).into_iter().chain(puppet.map(Into::into)) {
        for channel in world.channels_of(who).iter().filter_map(|id| world.channel(*id)) {
            names.push(Named::new(channel.key(), channel.names_for(who).skip(1)));
        }
    }
    names
}

/// Accounts that are logged in.
fn accounts(world: &World) -> Vec<Named> {
    let here: BTreeSet<AccountId> = world.sessions().iter().filter_map(|session| session.account()).collect();
    here.iter()
        .filter_map(|id| world.account(*id))
        .map(|account| Named::new(account.name(), [""; 0]))
        .collect()
}

/// What a body carries, and what it sees around it.
fn around(world: &World, puppet: Option<ObjectId>) -> Vec<Named> {
    let Some(puppet) = puppet else { return Vec::new() };
    let room = world[puppet].location();
    let there = room.map(|room| world[room].contents()).unwrap_or_default();
    let all = world[puppet].contents().iter().chain(there).filter(|id| **id != puppet);
    let seen = all.filter(|id| sees(world, puppet, **id)).map(|id| &world[*id]);
    seen.map(|object| Named::new(object.key(), object.aliases().iter().map(|alias| &**alias))).collect()
}

/// Whether a body sees something that it carries or that is where it is.
fn sees(world: &World, body: ObjectId, thing: ObjectId) -> bool {
    match world[thing].location() {
        Some(place) if place != body => world[place].typeclass.shows(world, place, thing, body),
        _ => world.access(thing, body, "view", true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_counts_as_javascript_does() {
        assert_eq!(before("say 🌹 hi", 6), "say 🌹");
        assert_eq!(before("say 🌹 hi", 5), "say ", "half of a rose is none");
        assert_eq!(before("look", 99), "look");
        assert_eq!(before("look", 0), "");
    }

    #[test]
    fn words_begin_behind_spaces_and_signs() {
        let starts = |line: &str, behind: usize| starts_of_words(line, behind).collect::<Vec<_>>();
        assert_eq!(starts("give red rose to an", 4), [5, 9, 14, 17]);
        assert_eq!(starts("page bob,an", 4), [5, 9]);
        assert_eq!(starts("get ", 3), [4]);
        assert_eq!(starts("get", 3), [0; 0]);
    }

    #[test]
    fn what_begins_so_comes_before_what_has_such_a_word() {
        let names = [
            Named::new("the red rose", ["flower"]),
            Named::new("Rosalind", [""; 0]),
            Named::new("@rose-count", [""; 0]),
        ];
        assert_eq!(fitting(names.iter(), "ros"), ["@rose-count", "Rosalind", "red rose"]);
        assert_eq!(fitting(names.iter(), "the r"), ["the red rose"]);
        assert_eq!(fitting(names.iter(), "FLO"), ["flower"]);
    }
}
