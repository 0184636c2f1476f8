//! Conversations begin, are handed lines, go on and end. The command handler offers them each line first.

use std::any::TypeId;

use meadow_link::{SessionId, prompt};

use crate::{
    Cx, ObjectId, Result, Stop, World, bug,
    bugs::log_bug,
    cmdhandler::{self, BROKEN},
    say,
};

use super::{
    Belongs, Conversation, Ended, Next,
    kind::{Event, Kind},
    stack::{Answer, Entry, Question, What},
};

/// What a player is told who is in the middle of too many things.
pub(super) const TOO_DEEP: &str = "You are in the middle of too many things. Finish one of them first.";
/// What a player is told whose answer nobody waits for any more.
const LOST: &str = "What you were asked was lost when the game was restarted, and nothing was done. Please give the command \
                    again.";

/// The same, when the game is back, and what takes its place: an answer that is under way must not run as a command.
const LOST_NOW: &str = "What you were asked was lost when the game was restarted, and nothing was done.";
const UNSTORED_NOW: &str = "What you were in the middle of was lost when the game was restarted: a secret was part of it, and \
                            secrets are not stored.";
const GO_ON: &str = "Press Enter to go on, and give the command again. ";
/// What answers a question that wants yes or no.
const CHOICES: [&str; 5] = ["y", "yes", "n", "no", "abort"];

/// What a player is told of a conversation that could not be stored, because it had heard a secret.
const UNSTORED: &str = "What you were in the middle of was lost when the game was restarted: a secret was part of it, and \
                        secrets are not stored. Please begin again.";

/// Hands a line to the conversations of a session, the newest first. False if it is for the command handler.
pub(crate) fn offer(world: &mut World, session: SessionId, typed: &str) -> bool {
    let serials = world.session(session).map(|session| session.conversations.serials()).unwrap_or_default();
    for serial in serials {
        match world.converse(session, serial, Event::Line(typed)) {
            Ok(Next::Stay | Next::End) => return true,
            Ok(Next::Leave | Next::Pass) => {}
            Err(stop) => {
                world.tell_end(session, Some(Err(stop)));
                return true;
            }
        }
    }
    false
}

impl Cx<'_> {
    /// Begins a conversation: it takes the player's lines from now on.
    ///
    /// # Errors
    /// Nobody typed this; the player is in the middle of too many things; the conversation did not want to begin; or
    /// its kind is not registered.
    pub fn begin<T: Conversation>(&mut self, conversation: T) -> Result {
        let session = self.session()?;
        self.world.begin(session, conversation)
    }
}

/// Conversations.
impl World {
    /// As [`Cx::begin`], for a session.
    ///
    /// # Errors
    /// As for [`Cx::begin`].
    pub fn begin<T: Conversation>(&mut self, session: SessionId, conversation: T) -> Result {
        let kind = self.game.conversations.get(T::NAME).copied();
        let Some(kind) = kind.filter(|kind| kind.type_id == TypeId::of::<T>()) else {
            return Err(bug(format!("the conversation {} is not registered", T::NAME)));
        };
        let state = serde_json::to_string(&conversation)?.into();
        let Some(from) = self.session_mut(session) else { return Ok(()) };
        let body = from.puppet.filter(|_| kind.belongs == Belongs::Body);
        let what = What::Kept { kind: T::NAME.into(), state };
        let serial = from.conversations.push(body, conversation.is_secret(), what);
        let serial = serial.ok_or_else(|| say(TOO_DEEP))?;
        self.session_changed(session);
        self.veils.push(session);
        let started = self.aside(|world| world.converse(session, serial, Event::Start));
        if started.is_err() {
            self.take_conversation(session, serial);
        }
        started.map(drop)
    }

    /// Whether the lines of a session are taken by a conversation now.
    ///
    /// ```
    /// # use meadow_world::World;
    /// # use meadow_link::SessionId;
    /// fn remind(world: &mut World, session: SessionId) {
    ///     // Not while they are asked something.
    ///     if !world.is_conversing(session) {
    ///         world.msg(session, "You are hungry.");
    ///     }
    /// }
    /// ```
    pub fn is_conversing(&self, session: SessionId) -> bool {
        self.session(session).is_some_and(|session| session.conversations.top().is_some())
    }

    /// Lets something happen to a conversation, and draws the consequences. What breaks is told and ended here; an
    /// error is for the player.
    pub(super) fn converse(&mut self, session: SessionId, serial: u64, event: Event<'_>) -> Result<Next> {
        let Some(from) = self.session(session) else { return Ok(Next::Leave) };
        let Some(entry) = from.conversations.entry(serial) else { return Ok(Next::Leave) };
        if entry.body.is_some() && entry.body != from.puppet {
            self.finish(session, serial, Ended::Body);
            return Ok(Next::Leave);
        }
        let (kind, state) = match &entry.what {
            What::Kept { kind, state } => (kind.clone(), state.clone()),
            What::Question { .. } => return self.question(session, serial, event),
            What::Lost { choice } => {
                let choice = *choice;
                return self.line_for_lost(session, serial, event, choice);
            }
        };
        let (before, secret) = (from.conversations.top().map(|top| top.serial), entry.secret);
        let Some(known) = self.game.conversations.get(&*kind).copied() else {
            tracing::warn!("this game knows nothing of the conversation {kind}");
            return self.lost(session, serial);
        };
        let typed = if let Event::Line(typed) = event { typed } else { "" };
        let mut cx = cmdhandler::cx_of(self, session, typed);
        let stepped = cmdhandler::watched(&mut cx, format_args!("the conversation {kind}"), secret, |cx| {
            Ok((known.step)(&state, cx, event))
        });
        if secret && matches!(event, Event::Line(_)) {
            self.secret_heard(session, serial);
        }
        let stepped = match stepped {
            Ok(Ok(stepped)) => stepped,
            Ok(Err(unreadable)) => {
                tracing::error!("the conversation {kind} can't be read: {unreadable}");
                return self.lost(session, serial);
            }
            Err(_) => return Ok(self.has_broken(session, serial, before)),
        };
        let next = match (stepped.ended, stepped.state) {
            (Err(Stop::Bug(bug)), _) => {
                log_bug(format_args!("the conversation {kind}"), self.doer(session), &bug);
                return Ok(self.has_broken(session, serial, before));
            }
            (_, Err(error)) => {
                tracing::error!(session = session.0, "the conversation {kind} can't be kept: {error}");
                return Ok(self.has_broken(session, serial, before));
            }
            (ended, Ok(state)) => {
                self.keep(session, serial, state, stepped.secret);
                ended?
            }
        };
        if matches!(next, Next::End | Next::Leave) {
            self.finish(session, serial, Ended::Itself);
        }
        if next == Next::End {
            self.resume_below(session, before, serial);
        }
        Ok(next)
    }

    /// Writes down what a conversation is now.
    fn keep(&mut self, session: SessionId, serial: u64, now: String, is_secret: bool) {
        let entry = self.session_mut(session).and_then(|session| session.conversations.entry_mut(serial));
        let Some(Entry { what: What::Kept { state, .. }, secret, .. }) = entry else { return };
        // A line that is passed on often changes nothing.
        if **state == *now && *secret == is_secret {
            return;
        }
        *state = now.into();
        *secret = is_secret;
        self.veils.push(session);
        self.session_changed(session);
    }

    /// What has heard a secret, and what has begun since, must not be stored.
    fn secret_heard(&mut self, session: SessionId, serial: u64) {
        if let Some(session) = self.session_mut(session) {
            session.conversations.secret_heard(serial);
        }
    }

    /// A conversation broke: it would do so again with the next line.
    fn has_broken(&mut self, session: SessionId, serial: u64, before: Option<u64>) -> Next {
        self.msg(session, BROKEN);
        self.finish(session, serial, Ended::Broke);
        self.resume_below(session, before, serial);
        Next::End
    }

    /// What is below goes on, unless something new has begun on top of it meanwhile.
    fn resume_below(&mut self, session: SessionId, before: Option<u64>, ended: u64) {
        let Some(top) = self.session(session).and_then(|session| session.conversations.top()) else { return };
        if before != Some(ended) || top.serial > ended {
            return;
        }
        let serial = top.serial;
        if let Err(stop) = self.aside(|world| world.converse(session, serial, Event::Resume)) {
            self.tell_end(session, Some(Err(stop)));
        }
    }

    fn question(&mut self, session: SessionId, serial: u64, event: Event<'_>) -> Result<Next> {
        let Event::Line(typed) = event else {
            self.ask_again(session, serial);
            return Ok(Next::Stay);
        };
        let Some(Entry { what: What::Question { answer, kind, .. }, .. }) =
            self.take_conversation(session, serial)
        else {
            return Ok(Next::Leave);
        };
        self.answer(session, typed, answer);
        if kind == Answer::Secret {
            self.secret_heard(session, serial);
        }
        self.resume_below(session, Some(serial), serial);
        Ok(Next::End)
    }

    fn answer(&mut self, session: SessionId, typed: &str, answer: Question) {
        let mut cx = cmdhandler::cx_of(self, session, typed);
        let ended = cmdhandler::run(&mut cx, format_args!("the answer to a question"), true, answer);
        self.tell_end(session, Some(ended));
    }

    fn ask_again(&mut self, session: SessionId, serial: u64) {
        let entry = self.session(session).and_then(|session| session.conversations.entry(serial));
        if let Some(Entry { what: What::Question { asked, .. }, .. }) = entry {
            let asked = asked.to_string();
            self.msg(session, prompt(asked));
        }
    }

    /// A line for a question that is no more. Enter is what the player was told to press, and what is no yes or no is no
    /// answer to a question that wanted one.
    fn line_for_lost(
        &mut self,
        session: SessionId,
        serial: u64,
        event: Event<'_>,
        choice: bool,
    ) -> Result<Next> {
        let Event::Line(typed) = event else { return self.lost(session, serial) };
        let typed = typed.trim().to_lowercase();
        let is_answer = !choice || CHOICES.contains(&typed.as_str());
        if is_answer && !typed.is_empty() {
            return self.lost(session, serial);
        }
        self.take_conversation(session, serial);
        if !typed.is_empty() {
            return Ok(Next::Leave);
        }
        self.resume_below(session, Some(serial), serial);
        Ok(Next::End)
    }

    /// The line was for something that is no more: it must not be taken for a command.
    fn lost(&mut self, session: SessionId, serial: u64) -> Result<Next> {
        let lost = self.take_conversation(session, serial);
        let heard = lost.is_some_and(|lost| lost.heard);
        self.msg(session, if heard { UNSTORED } else { LOST });
        self.resume_below(session, Some(serial), serial);
        Ok(Next::End)
    }

    fn take_conversation(&mut self, session: SessionId, serial: u64) -> Option<Entry> {
        let entry = self.session_mut(session)?.conversations.remove(serial)?;
        self.session_changed(session);
        self.veils.push(session);
        Some(entry)
    }

    /// Takes a conversation off the stack and lets it know.
    fn finish(&mut self, session: SessionId, serial: u64, why: Ended) {
        let Some(Entry { what: What::Kept { kind, state }, .. }) = self.take_conversation(session, serial)
        else {
            return;
        };
        let Some(Kind { end, .. }) = self.game.conversations.get(&*kind).copied() else { return };
        let ended = self.aside(|world| {
            let mut cx = cmdhandler::cx_of(world, session, "");
            let what = format_args!("the end of the conversation {kind}");
            cmdhandler::run(&mut cx, what, false, |cx| end(&state, cx, why))
        });
        self.tell_end(session, Some(ended));
    }

    /// Does something in the course of what runs, which is still what the log would name.
    fn aside<R>(&mut self, action: impl FnOnce(&mut World) -> R) -> R {
        let running = std::mem::take(&mut self.last_command);
        let done = action(self);
        self.last_command = running;
        done
    }

    /// The session leaves its body.
    pub(crate) fn leave_conversations_of_body(&mut self, session: SessionId) {
        self.end_conversations(session, Ended::Body, |entry| entry.body.is_some());
    }

    /// The session ends.
    pub(crate) fn leave_conversations(&mut self, session: SessionId) {
        self.end_conversations(session, Ended::Session, |_| true);
    }

    fn end_conversations(&mut self, session: SessionId, why: Ended, which: fn(&Entry) -> bool) {
        let Some(from) = self.session(session) else { return };
        for serial in from.conversations.serials() {
            let entry = self.session(session).and_then(|session| session.conversations.entry(serial));
            if entry.is_some_and(which) {
                self.finish(session, serial, why);
            }
        }
    }

    /// One session hands the body over to another of the same account, and what is being said in it.
    pub(crate) fn hand_conversations_over(&mut self, from: SessionId, to: SessionId, body: ObjectId) {
        let Some(source) = self.session_mut(from) else { return };
        let serials = source.conversations.serials();
        let mut handed: Vec<Entry> =
            serials.into_iter().filter_map(|serial| source.conversations.remove_of(serial, body)).collect();
        handed.reverse();
        let Some(target) = self.session_mut(to).filter(|_| !handed.is_empty()) else { return };
        for Entry { secret, heard, what, .. } in handed {
            if let Some(serial) = target.conversations.push(Some(body), secret, what)
                && heard
            {
                target.conversations.secret_heard(serial);
            }
        }
        self.session_changed(from);
        self.session_changed(to);
        self.veils.extend([from, to]);
    }

    /// The Server has been started again: shows players what waits for their answer, once.
    pub(crate) fn remind_of_conversation(&mut self, session: SessionId) {
        let top = self.session(session).and_then(|session| session.conversations.top());
        match top.map(|top| (&top.what, top.heard)) {
            Some((What::Lost { .. }, heard)) => {
                self.msg(session, if heard { UNSTORED_NOW } else { LOST_NOW });
                self.msg(session, prompt(GO_ON));
            }
            Some(_) => self.show_conversation(session),
            None => {}
        }
    }

    /// A session has taken over what another was in the middle of: shows it where that stands.
    pub(crate) fn show_conversation(&mut self, session: SessionId) {
        let top = self.session(session).and_then(|session| session.conversations.top());
        if let Some(serial) = top.map(|top| top.serial)
            && let Err(stop) = self.converse(session, serial, Event::Resume)
        {
            self.tell_end(session, Some(Err(stop)));
        }
    }
}
