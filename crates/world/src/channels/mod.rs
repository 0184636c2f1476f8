//! Channels: who talks with whom, wherever they are. Commands, hooks and the game's own code make them, subscribe to
//! them and send on them; the command handler asks here what a line means that is no command.
//!
//! A channel is a [`Record`], and each line of its history another: what is said costs one small row, however
//! many hear it.
//!
//! # Adding one
//!
//! One `world.default_channel(NewChannel { key: "Trade", .. })` line in the game's setup makes a channel that every new
//! account hears; [`World::create_channel`] makes one at any time. How channels behave is a [`ChannelTypeclass`].

mod examine;
mod history;
mod send;
mod staff;
mod subscriber;
mod typeclass;

use std::collections::{HashMap, VecDeque};

use meadow_link::Time;
use serde::{Deserialize, Serialize};

pub use history::ChannelLine;
pub(crate) use history::ChannelLineId;
pub(crate) use staff::{Out, reason_shown};
pub use subscriber::Subscriber;
pub use typeclass::{ChannelTypeclass, DefaultChannel};

use crate::{
    AccountId, Attributes, Record, Result, World,
    locks::{self, Accessor},
    say, text,
};

/// Channels that there can be.
pub(crate) const CHANNELS: usize = 1000;
/// Channels that one account may make, if it is no Builder.
pub(crate) const CHANNELS_OF_ONE: usize = 10;
/// Characters of the longest name and alias of a channel.
pub(crate) const CHANNEL_NAME: usize = 30;
/// Aliases of a channel, and aliases that one subscriber has for it.
pub(crate) const CHANNEL_ALIASES: usize = 10;
/// Characters of the longest description.
pub(crate) const CHANNEL_DESC: usize = 500;
/// Subscribers that a channel keeps out.
pub(crate) const CHANNEL_BANS: usize = 1000;
/// Characters of the longest thing said on a channel, as markup.
pub(crate) const CHANNEL_MESSAGE: usize = 4000;
/// Lines of its history that a channel keeps.
pub const CHANNEL_HISTORY: usize = 100;

/// Where staff reads who comes and goes (Evennia's CHANNEL_MUDINFO).
pub(crate) const MUDINFO: &str = "MudInfo";
/// The locks of a channel that has not been given others.
const LOCKS: &str = "control:perm(Admin);listen:all();send:all()";

/// Number of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelId(pub u64);

impl From<u64> for ChannelId {
    fn from(id: u64) -> ChannelId {
        ChannelId(id)
    }
}

impl From<ChannelId> for u64 {
    fn from(id: ChannelId) -> u64 {
        id.0
    }
}

/// What a channel knows of one who hears it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(crate) who: Subscriber,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) muted: bool,
    /// What this one calls the channel, in lower case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) aliases: Vec<Box<str>>,
}

/// One channel. Fields that the world keeps an index of are read by methods here and changed by methods of
/// [`World`]; the public ones may be changed as they are.
///
/// ```
/// # use meadow_world::{NewChannel, WorldBuilder};
/// # let mut world = WorldBuilder::new("A Game").load(Default::default(), Default::default()).expect("it loads");
/// let public = world.channel_named("pub").expect("every game has it");
/// if let Some(channel) = world.channel_mut(public) {
///     channel.locks = "listen:all();send:perm(Player);control:perm(Admin)".into();
/// }
/// assert_eq!(world.channel(public).map(|channel| channel.key()), Some("Public"));
/// ```
#[derive(Debug, Serialize, Deserialize)]
pub struct Channel {
    key: Box<str>,
    #[serde(default)]
    aliases: Vec<Box<str>>,
    /// What it is for: markup.
    #[serde(default)]
    pub desc: String,
    /// Its lock string: `listen`, `send`, and `control` for who manages it.
    #[serde(default)]
    pub locks: String,
    typeclass: Box<str>,
    /// Who made it.
    pub(crate) creator: Option<AccountId>,
    pub(crate) created: Time,
    /// In order, so that one is found by halving.
    #[serde(default)]
    pub(crate) subscriptions: Vec<Subscription>,
    #[serde(default)]
    pub(crate) bans: Vec<Subscriber>,
    /// What the game keeps on it.
    #[serde(default)]
    pub db: Attributes,
}

impl Record for Channel {
    type Id = ChannelId;
    const KIND: &'static str = "channel";

    fn key(&self) -> &str {
        &self.key
    }

    fn examine(&self, world: &World) -> Vec<(String, String)> {
        world.channel_sheet(self)
    }
}

impl Channel {
    /// Its name. It holds no markup.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Other names that everybody may call it by.
    pub fn aliases(&self) -> &[Box<str>] {
        &self.aliases
    }

    /// Name of its typeclass.
    pub fn typeclass_path(&self) -> &str {
        &self.typeclass
    }

    /// When it was made.
    pub fn created(&self) -> Time {
        self.created
    }

    /// Who hears it, the muted among them.
    pub fn subscribers(&self) -> impl Iterator<Item = Subscriber> {
        self.subscriptions.iter().map(|subscription| subscription.who)
    }

    /// Whether somebody hears it.
    pub fn has(&self, who: impl Into<Subscriber>) -> bool {
        self.subscription(who.into()).is_some()
    }

    /// Whether somebody hears it, but not now.
    pub fn is_muted(&self, who: impl Into<Subscriber>) -> bool {
        self.subscription(who.into()).is_some_and(|subscription| subscription.muted)
    }

    /// Whether somebody is kept out.
    pub fn is_banned(&self, who: impl Into<Subscriber>) -> bool {
        self.bans.contains(&who.into())
    }

    pub(crate) fn subscription(&self, who: Subscriber) -> Option<&Subscription> {
        let at = self.place(who).ok()?;
        self.subscriptions.get(at)
    }

    pub(crate) fn subscription_mut(&mut self, who: Subscriber) -> Option<&mut Subscription> {
        let at = self.place(who).ok()?;
        self.subscriptions.get_mut(at)
    }

    /// What one may call it: its name, its aliases, and the subscriber's own.
    pub(crate) fn names_for(&self, who: Subscriber) -> impl Iterator<Item = &str> {
        let own = self.subscription(who).map(|own| own.aliases.as_slice()).unwrap_or_default();
        std::iter::once(&self.key).chain(&self.aliases).chain(own).map(|name| &**name)
    }

    fn place(&self, who: Subscriber) -> std::result::Result<usize, usize> {
        self.subscriptions.binary_search_by_key(&who, |subscription| subscription.who)
    }
}

/// What is needed to make a channel.
///
/// ```
/// use meadow_world::{NewChannel, WorldBuilder};
///
/// let mut world = WorldBuilder::new("A Game");
/// world.default_channel(NewChannel {
///     key: "Trade",
///     aliases: &["t"],
///     desc: "Who buys, who sells.",
///     locks: "listen:all();send:perm(Player);control:perm(Admin)",
///     ..NewChannel::default()
/// });
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct NewChannel<'a> {
    /// Its name: letters, digits, spaces and `- _ '`.
    pub key: &'a str,
    /// Other names.
    pub aliases: &'a [&'a str],
    /// What it is for (markup).
    pub desc: &'a str,
    /// Its lock string; when empty, all may listen and send, and Admins control it.
    pub locks: &'a str,
    /// Path of its [`ChannelTypeclass`]; when empty, `default.Channel`.
    pub typeclass: &'a str,
    /// Who made it.
    pub creator: Option<AccountId>,
}

/// The channel that every game has.
pub(crate) const PUBLIC: NewChannel<'static> = NewChannel {
    key: "Public",
    aliases: &["pub"],
    desc: "Public discussion",
    locks: LOCKS,
    typeclass: "",
    creator: None,
};

/// What of the channels is looked up all the time.
#[derive(Default)]
pub(crate) struct ChannelIndex {
    /// Names and aliases in lower case.
    names: HashMap<Box<str>, ChannelId>,
    /// The channels of each subscriber, oldest first.
    heard: HashMap<Subscriber, Vec<ChannelId>>,
    /// The lines of each channel's history, oldest first.
    lines: HashMap<ChannelId, VecDeque<ChannelLineId>>,
}

/// What is wrong with the name of a channel, if anything is.
fn check_name(name: &str) -> Result {
    let letters = |c: char| c.is_alphanumeric() || " -_'".contains(c);
    if !(1..=CHANNEL_NAME).contains(&name.chars().count()) || !name.chars().all(letters) {
        return Err(say(format!(
            "The name of a channel has up to {CHANNEL_NAME} letters, digits, spaces and - _ ' only."
        )));
    }
    Ok(())
}

/// Channels: finding them, making them, who hears them.
impl World {
    /// A channel, if there is one of this number.
    pub fn channel(&self, id: ChannelId) -> Option<&Channel> {
        self.record::<Channel>(id)
    }

    /// As [`World::channel`], and it will be stored.
    pub fn channel_mut(&mut self, id: ChannelId) -> Option<&mut Channel> {
        self.record_mut::<Channel>(id)
    }

    /// All channels, oldest first.
    pub fn channels(&self) -> impl Iterator<Item = (ChannelId, &Channel)> {
        self.records::<Channel>()
    }

    /// The channel that has this name or alias, whatever the case.
    pub fn channel_named(&self, name: &str) -> Option<ChannelId> {
        self.channels.names.get(name.to_lowercase().as_str()).copied()
    }

    /// The channels that somebody is subscribed to, in no order that means anything.
    pub fn channels_of(&self, who: impl Into<Subscriber>) -> &[ChannelId] {
        self.channels.heard.get(&who.into()).map(Vec::as_slice).unwrap_or_default()
    }

    /// Makes a channel and calls its `at_channel_creation`. A name among its aliases that is taken is left out.
    ///
    /// # Errors
    /// The name can't be had, or its locks can't be read: told to the player. There is no typeclass of that path: a bug.
    pub fn create_channel(&mut self, new: NewChannel<'_>) -> Result<ChannelId> {
        let path = if new.typeclass.is_empty() { "default.Channel" } else { new.typeclass };
        let Some(kind) = self.game.channel_typeclass(path) else {
            return Err(crate::bug(format!("there is no channel typeclass {path}")));
        };
        check_name(new.key)?;
        if self.channel_named(new.key).is_some() {
            return Err(say(format!("Channel '{}' already exists.", new.key)));
        }
        if self.channels().count() >= CHANNELS {
            return Err(say(format!("There are {CHANNELS} channels, and no room for more.")));
        }
        let locks = if new.locks.is_empty() { LOCKS } else { new.locks };
        locks::check(locks).map_err(|error| say(text::escape(&error.to_string()).into_owned()))?;
        let mut aliases: Vec<Box<str>> = Vec::new();
        for alias in new.aliases.iter().take(CHANNEL_ALIASES) {
            check_name(alias)?;
            let alias: Box<str> = alias.to_lowercase().into();
            if self.channel_named(&alias).is_none()
                && *alias != *new.key.to_lowercase()
                && !aliases.contains(&alias)
            {
                aliases.push(alias);
            }
        }
        let channel = Channel {
            key: new.key.into(),
            aliases,
            desc: new.desc.chars().take(CHANNEL_DESC).collect(),
            locks: locks.to_owned(),
            typeclass: kind.path().into(),
            creator: new.creator,
            created: self.now,
            subscriptions: Vec::new(),
            bans: Vec::new(),
            db: Attributes::default(),
        };
        let id = self.add_record(channel);
        self.index_channel(id);
        kind.at_channel_creation(self, id);
        Ok(id)
    }

    /// Ends a channel with its history; who hears it is told nothing.
    pub fn destroy_channel(&mut self, id: ChannelId) {
        let Some(channel) = self.remove_record::<Channel>(id) else { return };
        self.channels.names.retain(|_, named| *named != id);
        for who in channel.subscribers() {
            self.forget_heard(who, id);
            self.tell_channel_list(who);
        }
        self.forget_history(id);
    }

    /// Lets somebody hear a channel; they are told nothing. Whoever hears it already goes on as before.
    ///
    /// # Errors
    /// They are banned, or the channel's typeclass says something against it.
    pub fn subscribe(&mut self, id: ChannelId, who: impl Into<Subscriber>) -> Result {
        let who = who.into();
        let Some(channel) = self.channel(id) else { return Ok(()) };
        if channel.has(who) {
            return Ok(());
        }
        if channel.is_banned(who) {
            return Err(say(format!("You are banned from channel {}.", channel.key)));
        }
        let kind = self.channel_kind(id);
        kind.pre_join_channel(self, id, who)?;
        let Some(channel) = self.channel_mut(id) else { return Ok(()) };
        let Err(at) = channel.place(who) else { return Ok(()) };
        channel.subscriptions.insert(at, Subscription { who, muted: false, aliases: Vec::new() });
        self.channels.heard.entry(who).or_default().push(id);
        kind.post_join_channel(self, id, who);
        self.tell_channel_list(who);
        Ok(())
    }

    /// Takes a channel from somebody, with the names that they had for it; they are told nothing.
    pub fn unsubscribe(&mut self, id: ChannelId, who: impl Into<Subscriber>) {
        let who = who.into();
        if self.channel(id).is_none_or(|channel| !channel.has(who)) {
            return;
        }
        if let Some(channel) = self.channel_mut(id)
            && let Ok(at) = channel.place(who)
        {
            channel.subscriptions.remove(at);
        }
        self.forget_heard(who, id);
        self.channel_kind(id).post_leave_channel(self, id, who);
        self.tell_channel_list(who);
    }

    /// Whether somebody passes a lock of a channel: `listen`, `send`, `control`.
    pub fn channel_access(&self, id: ChannelId, accessing: Accessor, kind: &str) -> bool {
        self.channel(id).is_some_and(|channel| self.passes(&channel.locks, accessing, kind, None, false))
    }

    /// How a channel behaves; one whose typeclass this game does not have behaves as any other.
    pub(crate) fn channel_kind(&self, id: ChannelId) -> &'static dyn ChannelTypeclass {
        let path = self.channel(id).map(|channel| &*channel.typeclass).unwrap_or_default();
        self.game.channel_typeclass(path).unwrap_or(&DefaultChannel)
    }

    /// Somebody is no more.
    pub(crate) fn forget_subscriber(&mut self, who: Subscriber) {
        for id in self.channels.heard.remove(&who).unwrap_or_default() {
            if let Some(channel) = self.channel_mut(id)
                && let Ok(at) = channel.place(who)
            {
                channel.subscriptions.remove(at);
            }
        }
        let kept_out: Vec<ChannelId> =
            self.channels().filter(|(_, channel)| channel.bans.contains(&who)).map(|(id, _)| id).collect();
        for id in kept_out {
            if let Some(channel) = self.channel_mut(id) {
                channel.bans.retain(|banned| *banned != who);
            }
        }
    }

    /// Subscribes a new account to the channels that all begin with.
    pub(crate) fn join_default_channels(&mut self, account: AccountId) {
        let game = self.game.clone();
        for id in
            game.default_channels.iter().filter_map(|new| self.channel_named(new.key)).collect::<Vec<_>>()
        {
            // One that keeps somebody out has its reasons, and nobody asked for it.
            let _ = self.subscribe(id, account);
        }
    }

    /// Lets a superuser hear what staff is told.
    pub(crate) fn join_mudinfo(&mut self, account: AccountId) {
        if let Some(id) = self.channel_named(MUDINFO) {
            let _ = self.subscribe(id, account);
        }
    }

    /// Indexes what was stored, and makes the channels that every game has: each once, so that one that was destroyed
    /// does not come back.
    pub(crate) fn set_up_channels(&mut self) {
        for id in self.channels().map(|(id, _)| id).collect::<Vec<_>>() {
            self.index_channel(id);
        }
        self.index_history();
        let made = self.config("default_channels").unwrap_or_default().to_owned();
        let mut known: Vec<&str> = made.split(',').filter(|key| !key.is_empty()).collect();
        let mudinfo = NewChannel {
            key: MUDINFO,
            desc: "Connection log",
            locks: "control:perm(Developer);listen:perm(Admin);send:false()",
            ..NewChannel::default()
        };
        let game = self.game.clone();
        for new in game.default_channels.iter().copied().chain([mudinfo]) {
            if known.contains(&new.key) {
                continue;
            }
            known.push(new.key);
            if self.channel_named(new.key).is_some() {
                continue;
            }
            let made = self.create_channel(new);
            let Some(id) = crate::logged("a default channel", made) else { continue };
            let joins = |superuser: bool| new.key != MUDINFO || superuser;
            let all: Vec<AccountId> = self
                .accounts()
                .filter(|account| joins(account.is_superuser))
                .map(|account| account.id())
                .collect();
            for account in all {
                let _ = self.subscribe(id, account);
            }
        }
        let known = known.join(",");
        if known != made {
            self.set_config("default_channels", known);
        }
    }

    fn index_channel(&mut self, id: ChannelId) {
        let Some(channel) = self.record::<Channel>(id) else { return };
        let names: Vec<Box<str>> = std::iter::once(&channel.key)
            .chain(&channel.aliases)
            .map(|name| name.to_lowercase().into())
            .collect();
        let subscribers: Vec<Subscriber> = channel.subscribers().collect();
        for name in names {
            self.channels.names.entry(name).or_insert(id);
        }
        for who in subscribers {
            self.channels.heard.entry(who).or_default().push(id);
        }
    }

    fn forget_heard(&mut self, who: Subscriber, id: ChannelId) {
        if let Some(heard) = self.channels.heard.get_mut(&who) {
            heard.retain(|known| *known != id);
            if heard.is_empty() {
                self.channels.heard.remove(&who);
            }
        }
    }
}
