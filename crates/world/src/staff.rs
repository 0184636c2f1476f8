//! What staff do to people and things, whichever way they come: commands of the game, and the API's pages. Each says in a
//! sentence why it may not be done.

use std::time::Duration;

use meadow_link::SessionId;
use serde_json::Value;

use crate::{
    Account, AccountId, Ban, BanId, Banned, ObjectId, Result, Script, ScriptId, ScriptState, ServerSession,
    World, locks, say, text::escape,
};

/// Longest reason of a ban that is kept, in characters.
pub(crate) const REASON_LIMIT: usize = 200;
/// Longest name or address of a ban that is kept, in characters.
pub(crate) const MASK_LIMIT: usize = 64;
/// The longest ban that ends, in days.
const LONGEST_DAYS: u64 = 36_500;
/// Most characters of a name or alias.
pub(crate) const NAME_LIMIT: usize = 255;
/// Most characters of all locks of an object.
pub(crate) const LOCKS_LIMIT: usize = 4_096;
/// Most characters of a tag, and of its category.
const TAG_LENGTH: usize = 100;
/// How deep values of attributes may be nested: what is stored has to be read again.
pub(crate) const DEPTH_LIMIT: usize = 32;

/// What somebody hears who is disconnected by staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Farewell<'a> {
    /// Nothing.
    Silent,
    /// By whom, and this reason, if it is not empty: markup.
    Told(&'a str),
}

/// What staff do to a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptAction {
    Start,
    Pause,
    Stop,
    Delete,
    /// Once, now.
    Repeat,
}

impl ScriptAction {
    /// Their names; the first four are switches of `@scripts`.
    pub(crate) const NAMES: &'static [&'static str] = &["start", "pause", "stop", "delete", "repeat"];

    pub(crate) fn named(name: &str) -> Option<ScriptAction> {
        let all = [
            ScriptAction::Start,
            ScriptAction::Pause,
            ScriptAction::Stop,
            ScriptAction::Delete,
            ScriptAction::Repeat,
        ];
        ScriptAction::NAMES.iter().position(|known| *known == name).map(|at| all[at])
    }
}

impl World {
    /// Does something to a script, of which there is one of this number; `name` is what it is called in the sentence that
    /// comes back.
    ///
    /// # Errors
    /// A sentence that says that it is not in that state, or refuses.
    pub(crate) fn manage_script(&mut self, id: ScriptId, action: ScriptAction, name: &str) -> Result<String> {
        let state = self.script(id).map_or(ScriptState::Stopped, Script::state);
        match (action, state) {
            (ScriptAction::Start, ScriptState::Running) => Err(say(format!("Script {name} runs already."))),
            (ScriptAction::Start, ScriptState::Paused) => {
                self.unpause_script(id);
                Ok(format!("Script {name} goes on."))
            }
            (ScriptAction::Start, ScriptState::Stopped) => {
                self.restart_script(id);
                Ok(format!("Script {name} was started."))
            }
            (ScriptAction::Pause, ScriptState::Running) => {
                self.pause_script(id);
                Ok(format!("Script {name} was paused."))
            }
            (ScriptAction::Pause, _) | (ScriptAction::Stop, ScriptState::Stopped) => {
                Err(say(format!("Script {name} does not run.")))
            }
            (ScriptAction::Stop, _) => {
                self.stop_script(id);
                Ok(format!("Script {name} was stopped."))
            }
            (ScriptAction::Repeat, _)
                if self.script(id).is_none_or(|script| script.due.is_none())
                    || self.script_kind(id).is_none() =>
            {
                Err(say(format!("Script {name} has no timer that runs.")))
            }
            (ScriptAction::Repeat, _) => {
                self.force_repeat(id)?;
                Ok(format!("Script {name} has repeated."))
            }
            (ScriptAction::Delete, _) if self.delete_script(id) => Ok(format!("Script {name} was deleted.")),
            (ScriptAction::Delete, _) => Err(say(format!("Script {name} refuses to be deleted."))),
        }
    }

    /// Whether somebody may ban whom they mean: not themselves, nor who stands as high or higher.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub(crate) fn may_ban(&self, by: AccountId, who: &Banned) -> Result {
        let mine =
            |id: &SessionId| self.session(*id).is_some_and(|session| who.is_address(session.address()));
        if who.is_name(self[by].name()) || self[by].sessions().iter().any(mine) {
            return Err(say("That would ban you, too."));
        }
        let rank = self.rank(by);
        let above = |account: &&Account| {
            account.id() != by && who.is_name(account.name()) && self.rank(account.id()) >= rank
        };
        let there = |session: &&ServerSession| who.is_address(session.address());
        let mut met = self.sessions().iter().filter(there).filter_map(ServerSession::account);
        if let Some(account) = met.find(|account| self.rank(*account) >= rank) {
            return Err(say(format!(
                "You can't ban {}, who is connected from there.",
                escape(self[account].name())
            )));
        }
        match self.accounts().find(above) {
            Some(account) => Err(say(format!("You can't ban {}.", escape(account.name())))),
            None => Ok(()),
        }
    }

    /// Bans whom somebody means, and disconnects them.
    ///
    /// # Errors
    /// As for [`World::may_ban`]; or the name or reason is too long, or there are too many bans.
    pub(crate) fn staff_ban(
        &mut self,
        by: AccountId,
        who: Banned,
        duration: Option<Duration>,
        reason: &str,
    ) -> Result<BanId> {
        check_ban_length(who.mask(), reason)?;
        self.may_ban(by, &who)?;
        let since = self.now();
        let until = duration.map(|duration| since + duration);
        let (reason, by) = (reason.to_owned(), self[by].name().to_owned());
        tracing::info!(by, kind = who.kind(), who = who.mask(), reason, "banned");
        self.ban(Ban { who, reason, by, since, until })
    }

    /// Lets in again who was banned.
    pub(crate) fn staff_unban(&mut self, by: Option<AccountId>, id: BanId) -> Option<Ban> {
        let ended = self.remove_record::<Ban>(id)?;
        tracing::info!(by = by.map(|account| account.0), ban = id.0, "unbanned");
        Some(ended)
    }

    /// Whether somebody may disconnect these: nobody who stands higher.
    ///
    /// # Errors
    /// A sentence that says so.
    pub(crate) fn may_boot(&self, by: AccountId, sessions: &[SessionId]) -> Result {
        let account_of = |id: &SessionId| self.session(*id).and_then(ServerSession::account);
        let above = |account: AccountId| account != by && self.rank(account) > self.rank(by);
        if sessions.iter().filter_map(account_of).any(above) {
            return Err(say("You don't have the permission to boot them."));
        }
        Ok(())
    }

    /// Disconnects them in somebody's name.
    pub(crate) fn boot(&mut self, by: AccountId, sessions: &[SessionId], farewell: Farewell<'_>) {
        let name = escape(self[by].name()).into_owned();
        let told = match farewell {
            Farewell::Silent => String::new(),
            Farewell::Told("") => format!("You have been disconnected by {name}."),
            Farewell::Told(reason) => format!("You have been disconnected by {name}. Reason: {reason}"),
        };
        for session in sessions {
            tracing::info!(session = session.0, by = by.0, "booted");
            self.disconnect(*session, &told);
        }
    }

    /// Whether a thing can be called so. What a player is called means them: no other character has the name of an
    /// account or of its characters.
    ///
    /// # Errors
    /// A sentence that says that it is taken.
    pub(crate) fn check_free(&self, id: ObjectId, key: &str) -> Result {
        if !self.is_character(id) {
            return Ok(());
        }
        let of_account = self.account_named(key).is_some_and(|account| self[id].account != Some(account));
        let mut called_so = self.objects_named(key).iter();
        let of_character = called_so.any(|other| *other != id && self[*other].account.is_some());
        if of_account || of_character {
            return Err(say(format!("The name {} is taken. Please choose another.", escape(key))));
        }
        Ok(())
    }

    /// Gives a thing another name, and tells those who watch it.
    ///
    /// # Errors
    /// As for [`checked_name`] and [`World::check_free`].
    pub(crate) fn staff_rename(&mut self, id: ObjectId, name: &str) -> Result {
        let name = checked_name(name)?;
        self.check_free(id, &name)?;
        self.rename(id, &name);
        self.notice(id);
        self.tell_char_name(id);
        Ok(())
    }
}

/// Whether a ban is short enough to be kept.
///
/// # Errors
/// A sentence that says how long it may be.
pub(crate) fn check_ban_length(mask: &str, reason: &str) -> Result {
    if mask.chars().count() > MASK_LIMIT || reason.chars().count() > REASON_LIMIT {
        return Err(say(format!(
            "A name has at most {MASK_LIMIT} characters, a reason at most {REASON_LIMIT}."
        )));
    }
    Ok(())
}

/// "3d", "1h 30m".
///
/// # Errors
/// A sentence that says how it is written.
pub(crate) fn read_span(text: &str) -> Result<Duration> {
    let wrong = || say("A duration is made of |ww d h m s|n, such as |w3d|n or |w1h 30m|n.");
    let mut seconds = 0u64;
    let mut number = String::new();
    for letter in text.chars().filter(|c| !c.is_whitespace()) {
        if letter.is_ascii_digit() && number.len() < 9 {
            number.push(letter);
            continue;
        }
        let unit = match letter {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return Err(wrong()),
        };
        let count: u64 = std::mem::take(&mut number).parse().map_err(|_| wrong())?;
        seconds += count * unit;
    }
    let fits = number.is_empty() && seconds > 0 && seconds <= LONGEST_DAYS * 86_400;
    if fits { Ok(Duration::from_secs(seconds)) } else { Err(wrong()) }
}

/// A name as it can be kept: one line, not too long.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(crate) fn checked_name(given: &str) -> Result<String> {
    let name = given.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(say("A name is missing."));
    }
    if name.chars().count() > NAME_LIMIT {
        return Err(say(format!("A name has at most {NAME_LIMIT} characters.")));
    }
    if name.chars().any(char::is_control) {
        return Err(say("A name is made of visible characters."));
    }
    Ok(name)
}

/// Whether a lock string can be used; an empty one can.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(crate) fn check_locks(given: &str) -> Result {
    if given.len() > LOCKS_LIMIT {
        return Err(too_long());
    }
    if given.trim().is_empty() {
        return Ok(());
    }
    locks::check(given)
        .map_err(|error| say(format!("That lock can't be used: {}.", escape(&error.to_string()))))
}

/// What is said of locks that are too long.
pub(crate) fn too_long() -> crate::Stop {
    say(format!("That is too much: all locks of an object have at most {LOCKS_LIMIT} characters."))
}

/// `tag:category`, and whether a category was given.
///
/// # Errors
/// It has no name, or is too long.
pub(crate) fn read_tag(text: &str) -> Result<(crate::Tag, bool)> {
    let (key, category) = match text.rsplit_once(':') {
        Some((key, category)) => (key, Some(category)),
        None => (text, None),
    };
    let tag = crate::Tag::new(key, category.unwrap_or_default());
    if tag.key.is_empty() {
        return Err(say("A tag needs a name."));
    }
    let longest = tag.key.chars().count().max(tag.category.chars().count());
    if longest > TAG_LENGTH {
        return Err(say(format!("Tags and categories have at most {TAG_LENGTH} characters.")));
    }
    Ok((tag, category.is_some()))
}

/// A tag as [`read_tag`] reads it.
pub(crate) fn tag_text(tag: &crate::Tag) -> String {
    match &*tag.category {
        "" if !tag.key.contains(':') => tag.key.to_string(),
        category => format!("{}:{category}", tag.key),
    }
}

/// How deep a value is nested.
pub(crate) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(list) => 1 + list.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
