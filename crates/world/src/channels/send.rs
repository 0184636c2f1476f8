//! Saying something on a channel: once made, it goes to all who hear it in one message. And what a line means that is no
//! command: the name of a channel, and what is to be said there.

use std::collections::HashSet;

use meadow_link::{CommandTuple, Flag, SessionId, oob, text};

use super::{CHANNEL_MESSAGE, ChannelId, MUDINFO, Subscriber};
use crate::{Result, World, locks::Accessor, say, text::plain};

/// Saying something on a channel.
impl World {
    /// Says something on a channel (markup: what a player typed has to be escaped). No lock is asked; without a
    /// sender it is the game that speaks.
    ///
    /// All who hear it get a `text` with the keywords `type="channel"`, `channel`, `from_channel` (its number, as in
    /// Evennia) and `talker`; clients that take out-of-band data get `Comm.Channel.Text` as well.
    ///
    /// ```
    /// # use meadow_world::{NewChannel, NewObject, WorldBuilder};
    /// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
    /// let new = NewChannel { key: "Market", aliases: &["m"], desc: "Who buys, who sells.", ..NewChannel::default() };
    /// let market = world.create_channel(new)?;
    /// # let anna = world.create(NewObject { key: "Anna", typeclass: "default.Character", ..NewObject::default() })?;
    /// world.subscribe(market, anna)?;
    /// world.channel_msg(market, None, "The market opens.")?;
    /// world.channel_msg(market, Some(anna.into()), "Roses, fresh roses!")?;
    /// let last = world.channel_history(market).next_back().expect("something was said");
    /// assert_eq!(last.shown, "[Market] Anna: Roses, fresh roses!");
    /// # Ok::<(), meadow_world::Stop>(())
    /// ```
    ///
    /// # Errors
    /// It is too long, or the channel's typeclass says something against it.
    pub fn channel_msg(&mut self, id: ChannelId, sender: Option<Subscriber>, said: &str) -> Result {
        if said.chars().count() > CHANNEL_MESSAGE {
            return Err(say(format!(
                "That is too long to be said: {CHANNEL_MESSAGE} characters are the most."
            )));
        }
        let kind = self.channel_kind(id);
        let said = kind.at_pre_msg(self, id, sender, said.to_owned())?;
        let Some(channel) = self.channel(id) else { return Ok(()) };
        let key = channel.key().to_owned();
        let hearers: Vec<Subscriber> = channel
            .subscriptions
            .iter()
            .filter(|subscription| !subscription.muted)
            .map(|subscription| subscription.who)
            .filter(|who| self.listens_now(*who) && self.may_hear(id, *who))
            .collect();
        let shown = kind.format_message(self, id, sender, &said);
        let talker = sender.map(|sender| self.subscriber_name(sender)).unwrap_or_default();
        let mut groups: Vec<(String, Vec<SessionId>)> = vec![(shown.clone(), Vec::new())];
        for who in hearers {
            if !kind.at_msg_receive(self, id, who, sender, &shown) {
                continue;
            }
            let Some(seen) = self.seen_by(who, id, sender, &shown) else { continue };
            let told = line(&seen, &key, id, &talker);
            let mut sessions = self.hearing(who, &told);
            match groups.iter_mut().find(|(known, _)| *known == seen) {
                Some((_, group)) => group.append(&mut sessions),
                None => groups.push((seen, sessions)),
            }
        }
        // An account and its body may both hear it; their player need not.
        let mut told: HashSet<SessionId> = HashSet::new();
        for (seen, mut sessions) in groups {
            sessions.sort_unstable();
            sessions.retain(|id| told.insert(*id));
            self.tell_line(sessions, &seen, &key, id, &talker);
        }
        self.note_line(id, &shown);
        kind.at_post_msg(self, id, sender, &shown);
        Ok(())
    }

    /// What one who hears it sees of a line: accounts may see something else, or nothing.
    fn seen_by(
        &mut self,
        who: Subscriber,
        id: ChannelId,
        sender: Option<Subscriber>,
        shown: &str,
    ) -> Option<String> {
        match who {
            Subscriber::Account(account) => {
                let kind = self.account_class(account);
                kind.at_pre_channel_msg(self, account, id, sender, shown.to_owned())
            }
            Subscriber::Object(_) => Some(shown.to_owned()),
        }
    }

    /// Tells sessions a line, and those of them that take out-of-band data once more as such.
    fn tell_line(&mut self, sessions: Vec<SessionId>, seen: &str, key: &str, id: ChannelId, talker: &str) {
        let mut oob = sessions.clone();
        oob.retain(|id| self.session(*id).is_some_and(|session| session.flags.has(Flag::Oob)));
        if !sessions.is_empty() {
            self.tell(sessions, line(seen, key, id, talker));
        }
        if !oob.is_empty() {
            let told = oob::CommChannelText {
                channel: key.to_owned(),
                talker: talker.to_owned(),
                text: plain(seen),
            };
            self.tell(oob, told.into());
        }
    }

    /// The name of one who talks, unescaped.
    pub fn subscriber_name(&self, who: Subscriber) -> String {
        let name = match who {
            Subscriber::Account(id) => self.account(id).map(|account| account.name().to_owned()),
            Subscriber::Object(id) => self.object(id).map(|object| object.key().to_owned()),
        };
        name.unwrap_or_else(|| "somebody".to_owned())
    }

    /// Whether one may still hear a channel: its locks, or their permissions, may have changed since they subscribed.
    pub(crate) fn may_hear(&self, id: ChannelId, who: Subscriber) -> bool {
        let accessor = match who {
            Subscriber::Account(account) => Accessor { account: Some(account), object: None },
            Subscriber::Object(object) => self.accessor(object),
        };
        self.channel_access(id, accessor, "listen") || self.channel_access(id, accessor, "control")
    }

    /// Whether anything that is told to one would be heard now.
    fn listens_now(&self, who: Subscriber) -> bool {
        match who {
            Subscriber::Account(id) => self.account(id).is_some_and(|account| !account.sessions().is_empty()),
            // An object without sessions may be one that listens by itself.
            Subscriber::Object(id) => self
                .object(id)
                .is_some_and(|object| !object.sessions().is_empty() || object.typeclass().listens()),
        }
    }

    fn hearing(&mut self, who: Subscriber, told: &CommandTuple) -> Vec<SessionId> {
        match who {
            Subscriber::Account(id) => {
                self.account(id).map(|account| account.sessions().to_vec()).unwrap_or_default()
            }
            Subscriber::Object(id) => self.hearers(id, told),
        }
    }

    /// Tells the clients of one which channels there are for them: `Comm.Channel.List`.
    pub(crate) fn tell_channel_list(&mut self, who: Subscriber) {
        if self.listens_now(who) {
            let list = self.channel_list(who);
            self.msg_oob(who, list);
        }
    }

    /// As [`World::tell_channel_list`], to one session that has just come.
    pub(crate) fn tell_channels_of_session(&mut self, id: SessionId) {
        let Some(session) = self.session(id).filter(|session| session.flags.has(Flag::Oob)) else { return };
        if let Some(account) = session.account() {
            let list = self.channel_list(account.into());
            self.msg_oob(id, list);
        }
    }

    fn channel_list(&self, who: Subscriber) -> CommandTuple {
        let channels = self.channels_of(who).iter().filter_map(|id| self.channel(*id));
        let channels: Vec<oob::Channel> = channels
            .map(|channel| oob::Channel {
                name: channel.key().to_owned(),
                caption: channel.key().to_owned(),
                command: channel.key().to_lowercase(),
            })
            .collect();
        oob::comm_channel_list(&channels)
    }

    /// The channel that a line begins with, of those that one hears, and what follows its name: the longest name
    /// that fits. Asked only when no command fits.
    pub(crate) fn channel_of_line<'l>(&self, who: Subscriber, line: &'l str) -> Option<(ChannelId, &'l str)> {
        let mut best: Option<(usize, ChannelId, &str)> = None;
        for id in self.channels_of(who) {
            for name in self.channel(*id)?.names_for(who) {
                let Some(rest) = after_name(line, name) else { continue };
                let chars = name.chars().count();
                if best.is_none_or(|(longest, ..)| chars > longest) {
                    best = Some((chars, *id, rest.trim()));
                }
            }
        }
        best.map(|(_, id, rest)| (id, rest))
    }

    /// Tells staff that somebody came or went (markup). Costs nothing where nobody of them listens.
    pub(crate) fn mudinfo(&mut self, told: &str) {
        let Some(id) = self.channel_named(MUDINFO) else { return };
        if self.channel(id).is_some_and(|channel| channel.subscribers().next().is_some()) {
            let at = crate::text::timestamp(self.now);
            crate::logged("a notice to staff", self.channel_msg(id, None, &format!("[{at}]: {told}")));
        }
    }
}

/// A line of a channel, for the eyes.
fn line(seen: &str, key: &str, id: ChannelId, talker: &str) -> CommandTuple {
    text(seen).kw("type", "channel").kw("channel", key).kw("from_channel", id.0).kw("talker", talker)
}

/// What follows a name that a line begins with, whatever the case: nothing, or what comes after a space.
pub(crate) fn after_name<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let mut rest = line.chars();
    for wanted in name.chars() {
        let typed = rest.next()?;
        if typed != wanted && !typed.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let rest = rest.as_str();
    (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_where_a_word_does() {
        assert_eq!(after_name("PUB hello", "pub"), Some(" hello"));
        assert_eq!(after_name("pub", "Pub"), Some(""));
        assert_eq!(after_name("public", "pub"), None);
        assert_eq!(after_name("pu", "pub"), None);
        assert_eq!(after_name("ÉTÉ chaud", "été"), Some(" chaud"));
    }
}
