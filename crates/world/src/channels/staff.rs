//! What is done to channels by those who make and control them, whichever way they come: `@channel`, and the API's pages.
//! Who may do it is asked before. Each says in a sentence why it can't be done.

use super::{CHANNEL_BANS, CHANNEL_DESC, CHANNELS_OF_ONE, ChannelId, NewChannel, Subscriber};
use crate::{AccountId, Result, World, locks::Accessor, say, text};

/// Who may make as many channels as they like, and use markup.
const TRUSTED: &str = "trusted:perm(Builder)";

/// How somebody is thrown out of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Out {
    /// They may come back.
    Boot,
    /// They may not.
    Ban,
}

impl Out {
    /// As it is told that it was done.
    pub(crate) fn done(self) -> &'static str {
        match self {
            Out::Boot => "booted",
            Out::Ban => "banned",
        }
    }
}

/// For those who make and control channels.
impl World {
    /// Makes a channel that somebody controls and hears; `desc` is as they typed it.
    ///
    /// # Errors
    /// They are a guest or have made too many, or as for [`World::create_channel`].
    pub(crate) fn found_channel(
        &mut self,
        by: AccountId,
        accessing: Accessor,
        (key, aliases): (&str, &[&str]),
        desc: &str,
    ) -> Result<ChannelId> {
        // The channel would be there when its maker is no more.
        if self.is_guest(by) {
            return Err(say("Guests can't make channels."));
        }
        let made = self.channels().filter(|(_, channel)| channel.creator == Some(by)).count();
        if made >= CHANNELS_OF_ONE && !self.passes(TRUSTED, accessing, "trusted", None, false) {
            return Err(say(format!("You have made {CHANNELS_OF_ONE} channels already; that is the most.")));
        }
        let desc = self.channel_desc(accessing, desc)?;
        let locks = format!("control:pid({}) or perm(Admin);listen:all();send:all()", by.0);
        let creator = Some(by);
        let new = NewChannel { key, aliases, desc: &desc, locks: &locks, typeclass: "", creator };
        let id = self.create_channel(new)?;
        self.subscribe(id, by)?;
        Ok(id)
    }

    /// A description as it is kept: those who build may use markup.
    ///
    /// # Errors
    /// It is too long.
    pub(crate) fn channel_desc(&self, accessing: Accessor, typed: &str) -> Result<String> {
        let trusted = self.passes(TRUSTED, accessing, "trusted", None, false);
        let desc = if trusted { typed.to_owned() } else { text::escape(typed).into_owned() };
        if desc.chars().count() > CHANNEL_DESC {
            return Err(say(format!("A description has up to {CHANNEL_DESC} characters.")));
        }
        Ok(desc)
    }

    /// Says something on a channel, if the one who says it hears it and may speak there; `said` is as they typed it.
    ///
    /// # Errors
    /// They may not, or as for [`World::channel_msg`].
    pub(crate) fn speak_on_channel(
        &mut self,
        id: ChannelId,
        who: Subscriber,
        accessing: Accessor,
        said: &str,
    ) -> Result {
        let Some(channel) = self.channel(id) else { return Ok(()) };
        let key = channel.key().to_owned();
        if !channel.has(who) {
            return Err(say(format!("You are not subscribed to channel {key}.")));
        }
        if !self.channel_access(id, accessing, "send") {
            return Err(say(format!("You are not allowed to send messages to channel {key}.")));
        }
        if self.channel(id).is_some_and(|channel| channel.is_muted(who)) {
            return Err(say(format!("You have channel {key} muted.")));
        }
        self.channel_msg(id, Some(who), &text::escape(said))
    }

    /// Lets somebody hear a channel that they may hear.
    ///
    /// # Errors
    /// They hear it already, may not, or as for [`World::subscribe`].
    pub(crate) fn join_channel(&mut self, id: ChannelId, who: Subscriber, accessing: Accessor) -> Result {
        let Some(channel) = self.channel(id) else { return Ok(()) };
        let key = channel.key();
        if channel.has(who) {
            return Err(say(format!("You are already subscribed to channel {key}.")));
        }
        if !self.channel_access(id, accessing, "listen") {
            return Err(say(format!("You are not allowed to listen to channel {key}.")));
        }
        self.subscribe(id, who)
    }

    /// Takes a channel from somebody who wants to leave it.
    ///
    /// # Errors
    /// They do not hear it, or its typeclass says something against it.
    pub(crate) fn leave_channel(&mut self, id: ChannelId, who: Subscriber) -> Result {
        let Some(channel) = self.channel(id) else { return Ok(()) };
        if !channel.has(who) {
            return Err(say(format!("You are not subscribed to channel {}.", channel.key())));
        }
        self.channel_kind(id).pre_leave_channel(self, id, who)?;
        self.unsubscribe(id, who);
        Ok(())
    }

    /// Throws an account out of a channel, tells its player, and says whether they were in it. `why` is what
    /// [`reason_shown`] makes of a reason.
    ///
    /// # Errors
    /// They are not in it, or banned already, or there are too many who are banned.
    pub(crate) fn throw_out_of_channel(
        &mut self,
        id: ChannelId,
        target: AccountId,
        out: Out,
        why: &str,
    ) -> Result<bool> {
        let who = Subscriber::Account(target);
        let name = text::escape(&self.subscriber_name(who)).into_owned();
        let Some(channel) = self.channel_mut(id) else { return Ok(false) };
        let (key, was_in) = (channel.key().to_owned(), channel.has(who));
        match out {
            Out::Boot if !was_in => {
                return Err(say(format!("Cannot boot {name} from channel {key}: they are not subscribed.")));
            }
            Out::Ban if channel.is_banned(who) => {
                return Err(say(format!("Cannot ban {name} from channel {key}: they are banned already.")));
            }
            Out::Ban if channel.bans.len() >= CHANNEL_BANS => {
                return Err(say(format!("Channel {key} has {CHANNEL_BANS} banned users; that is the most.")));
            }
            Out::Ban => channel.bans.push(who),
            Out::Boot => {}
        }
        self.unsubscribe(id, who);
        if was_in {
            self.msg(target, format!("You were {} from channel {key}.{why}", out.done()));
        }
        Ok(was_in)
    }

    /// Tells those who are on a channel that somebody was thrown out of it.
    ///
    /// # Errors
    /// As for [`World::channel_msg`].
    pub(crate) fn tell_thrown_out(
        &mut self,
        id: ChannelId,
        target: AccountId,
        out: Out,
        why: &str,
    ) -> Result {
        let name = text::escape(&self.subscriber_name(target.into())).into_owned();
        self.channel_msg(id, None, &format!("{name} was {} from the channel.{why}", out.done()))
    }

    /// Lets an account in again that was banned from a channel.
    ///
    /// # Errors
    /// It was not.
    pub(crate) fn unban_from_channel(&mut self, id: ChannelId, target: AccountId) -> Result {
        let who = Subscriber::Account(target);
        let name = text::escape(&self.subscriber_name(who)).into_owned();
        let Some(channel) = self.channel_mut(id) else { return Ok(()) };
        if !channel.is_banned(who) {
            return Err(say(format!("{name} is not banned from channel {}.", channel.key())));
        }
        channel.bans.retain(|banned| *banned != who);
        Ok(())
    }

    /// Tells those who are on a channel that it ends, and ends it.
    ///
    /// # Errors
    /// As for [`World::channel_msg`]; then it goes on.
    pub(crate) fn end_channel(&mut self, id: ChannelId, why: &str) -> Result {
        let Some(channel) = self.channel(id) else { return Ok(()) };
        let told = format!("|rChannel {} is being destroyed.|n{why}", channel.key());
        self.channel_msg(id, None, &told)?;
        self.destroy_channel(id);
        Ok(())
    }
}

/// A reason as it stands after what was done; nothing for none. It is escaped already.
pub(crate) fn reason_shown(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(" (reason: {reason})") }
}
