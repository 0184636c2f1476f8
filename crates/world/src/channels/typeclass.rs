//! Channel typeclasses: how a channel behaves, by name. State is in the [`Channel`](super::Channel) record.
//!
//! # Adding one
//!
//! A unit struct with `impl ChannelTypeclass` and the hooks that differ, and one `world.channel_typeclass(&Radio)` line
//! in the game's setup. To call what a hook does by default, say `DefaultChannel.format_message(..)`.

use super::{ChannelId, NewChannel, Subscriber};
use crate::{Result, World, WorldBuilder, text};

/// How a channel behaves: Evennia's `DefaultChannel` and its hooks.
///
/// ```
/// use meadow_world::{ChannelId, ChannelTypeclass, DefaultChannel, Result, Subscriber, World, WorldBuilder};
///
/// /// A channel that whispers.
/// struct Radio;
///
/// impl ChannelTypeclass for Radio {
///     fn path(&self) -> &'static str {
///         "channels.Radio"
///     }
///
///     fn at_pre_msg(&self, _: &mut World, _: ChannelId, _: Option<Subscriber>, said: String) -> Result<String> {
///         Ok(said.to_lowercase())
///     }
/// }
///
/// let mut world = WorldBuilder::new("A Game");
/// world.channel_typeclass(&Radio);
/// ```
pub trait ChannelTypeclass: Send + Sync + 'static {
    /// The name by which channels of this kind are stored. It is for ever.
    fn path(&self) -> &'static str;

    /// Called once, when the channel has been made.
    fn at_channel_creation(&self, _world: &mut World, _me: ChannelId) {}

    /// Somebody wants to subscribe. An error is told to them and keeps them out.
    fn pre_join_channel(&self, _world: &mut World, _me: ChannelId, _who: Subscriber) -> Result {
        Ok(())
    }

    /// Somebody has subscribed.
    fn post_join_channel(&self, _world: &mut World, _me: ChannelId, _who: Subscriber) {}

    /// Somebody wants to leave. An error is told to them and keeps them; staff may throw them out all the same.
    fn pre_leave_channel(&self, _world: &mut World, _me: ChannelId, _who: Subscriber) -> Result {
        Ok(())
    }

    /// Somebody has left, or was thrown out.
    fn post_leave_channel(&self, _world: &mut World, _me: ChannelId, _who: Subscriber) {}

    /// Something is about to be said: gives back what will be (markup). An error is told to who wanted to say it.
    fn at_pre_msg(
        &self,
        _world: &mut World,
        _me: ChannelId,
        _sender: Option<Subscriber>,
        said: String,
    ) -> Result<String> {
        Ok(said)
    }

    /// What stands before everything that is said: markup.
    fn channel_prefix(&self, world: &World, me: ChannelId) -> String {
        world.channel(me).map(|channel| format!("[{}] ", channel.key())).unwrap_or_default()
    }

    /// What all see of what was said, the prefix included: markup. What begins with `:` or `;` is a pose.
    fn format_message(&self, world: &World, me: ChannelId, sender: Option<Subscriber>, said: &str) -> String {
        let prefix = self.channel_prefix(world, me);
        let Some(name) = sender.map(|sender| world.subscriber_name(sender)) else {
            return format!("{prefix}{said}");
        };
        let name = text::escape(&name);
        match said.trim_start().strip_prefix([':', ';']) {
            Some(pose) => {
                let gap = if pose.starts_with([':', '\'', ',']) { "" } else { " " };
                format!("{prefix}{name}{gap}{pose}")
            }
            None => format!("{prefix}{name}: {said}"),
        }
    }

    /// Something is about to be shown to one who hears it. False keeps it from them.
    fn at_msg_receive(
        &self,
        _world: &mut World,
        _me: ChannelId,
        _who: Subscriber,
        _sender: Option<Subscriber>,
        _shown: &str,
    ) -> bool {
        true
    }

    /// Something was said, and all have it.
    fn at_post_msg(&self, _world: &mut World, _me: ChannelId, _sender: Option<Subscriber>, _shown: &str) {}
}

/// A channel as every game has them.
///
/// ```
/// # use meadow_world::{ChannelId, ChannelTypeclass, DefaultChannel, Subscriber, World};
/// struct Loud;
///
/// impl ChannelTypeclass for Loud {
///     fn path(&self) -> &'static str {
///         "channels.Loud"
///     }
///
///     fn format_message(&self, world: &World, me: ChannelId, sender: Option<Subscriber>, said: &str) -> String {
///         DefaultChannel.format_message(world, me, sender, &said.to_uppercase())
///     }
/// }
/// ```
pub struct DefaultChannel;

impl ChannelTypeclass for DefaultChannel {
    fn path(&self) -> &'static str {
        "default.Channel"
    }
}

impl WorldBuilder {
    /// Registers a way for channels to behave.
    ///
    /// # Panics
    /// Another one has its path: a mistake that shows at the first start.
    pub fn channel_typeclass(&mut self, kind: &'static dyn ChannelTypeclass) -> &mut Self {
        let before = self.game.channel_typeclasses.insert(kind.path(), kind);
        assert!(before.is_none(), "two channel typeclasses are called {}", kind.path());
        self
    }

    /// A channel that is made when the game starts for the first time with it, and that all accounts hear from the
    /// beginning (Evennia's DEFAULT_CHANNELS). `Public` is there already; one of the same name replaces it.
    pub fn default_channel(&mut self, channel: NewChannel<'static>) -> &mut Self {
        self.game.default_channels.retain(|known| known.key != channel.key);
        self.game.default_channels.push(channel);
        self
    }
}
