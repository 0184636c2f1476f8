//! Typeclasses of accounts: what a game does when somebody joins, logs in, leaves, or stands out of character. State
//! stands in the [`World`], so one is a unit struct that lives for ever (Evennia's DefaultAccount).
//!
//! # Adding one
//!
//! A unit struct, `impl AccountTypeclass` with the hooks that differ, and one `world.account_typeclass(&MyAccount)` line
//! in the game's setup; `world.guest_typeclass(..)` for guests. Every hook that is not overridden goes to
//! [`AccountTypeclass::base`].

use meadow_link::SessionId;

use crate::{
    AccountId, ChannelId, Result, Subscriber, World,
    default::{DefaultAccount, account},
};

/// As in `typeclass.rs`: at the root a hook is the function of the same name in `default::account`, elsewhere it is
/// the base's.
macro_rules! hooks {
    ($( $(#[$doc:meta])* fn $name:ident ( $($arg:ident : $kind:ty),* ) $(-> $ret:ty)?; )*) => {
        /// How accounts behave. All of a game are of one kind, and its guests of another.
        ///
        /// ```
        /// use meadow_world::{AccountId, AccountTypeclass, Result, World, WorldBuilder};
        /// use meadow_link::SessionId;
        ///
        /// struct Traveller;
        ///
        /// impl AccountTypeclass for Traveller {
        ///     fn at_post_login(&self, world: &mut World, me: AccountId, session: SessionId) -> Result {
        ///         world.msg(session, "The road goes ever on.");
        ///         self.base().at_post_login(world, me, session)
        ///     }
        /// }
        ///
        /// let mut world = WorldBuilder::new("The Road");
        /// world.account_typeclass(&Traveller);
        /// ```
        pub trait AccountTypeclass: Send + Sync + 'static {
            /// The typeclass that this one builds on.
            fn base(&self) -> &'static dyn AccountTypeclass {
                &DefaultAccount
            }

            /// Whether this is the root, which builds on nothing. Only `DefaultAccount` is.
            #[doc(hidden)]
            fn is_root(&self) -> bool {
                false
            }

            $(
                $(#[$doc])*
                fn $name(&self, $($arg: $kind),*) $(-> $ret)? {
                    if self.is_root() { account::$name($($arg),*) } else { self.base().$name($($arg),*) }
                }
            )*
        }
    };
}

hooks! {
    /// Called once, when the account has been made, with its first character if it has one.
    fn at_account_creation(world: &mut World, me: AccountId);
    /// Called before its first login.
    fn at_first_login(world: &mut World, me: AccountId);
    /// The password or key was right; the session is about to be logged in. An error keeps it out, and is told to it.
    fn at_pre_login(world: &mut World, me: AccountId, session: SessionId) -> Result;
    /// The session is logged in: takes a body, or shows who there is to become.
    fn at_post_login(world: &mut World, me: AccountId, session: SessionId) -> Result;
    /// Somebody gave a wrong password for it; a session, unless it came by SSH.
    fn at_failed_login(world: &mut World, me: AccountId, session: Option<SessionId>);
    /// A session of it is about to end, and is still logged in. The reason is empty for a link that was lost.
    fn at_disconnect(world: &mut World, me: AccountId, session: SessionId, reason: &str);
    /// A session of it has ended.
    fn at_post_disconnect(world: &mut World, me: AccountId);
    /// Something was said on a channel, and its sessions are about to see it (markup, with the channel's prefix): gives
    /// back what they will see, or nothing. Without a sender it is the game that speaks.
    fn at_pre_channel_msg(
        world: &mut World,
        me: AccountId,
        channel: ChannelId,
        sender: Option<Subscriber>,
        shown: String
    ) -> Option<String>;
    /// What a session sees that is out of character: markup.
    fn at_look(world: &World, me: AccountId, session: SessionId) -> String;
    /// Called when the Server has loaded the world, after a start and after each reload.
    fn at_server_start(world: &mut World, me: AccountId);
    /// Called before the Server ends for a reload.
    fn at_server_reload(world: &mut World, me: AccountId);
    /// Called before the Server ends for good.
    fn at_server_shutdown(world: &mut World, me: AccountId);
}
