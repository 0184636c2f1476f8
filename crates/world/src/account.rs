//! Accounts: who plays. The [`World`](crate::World) owns them all.

use meadow_link::{SessionId, Time};

use crate::{AccountId, Attributes, ObjectId, unread::Unread};

/// Somebody who plays: a name, a password, characters.
///
/// ```
/// # use meadow_world::{AccountId, World};
/// fn promote(world: &mut World, account: AccountId) {
///     let account = &mut world[account];
///     if !account.permissions.iter().any(|held| &**held == "Builder") {
///         account.permissions.push("Builder".into());
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Account {
    pub(crate) id: AccountId,
    pub(crate) name: Box<str>,
    /// The password as a PHC string (`$argon2id$...`); never the password itself.
    pub password: Box<str>,
    /// Passes every lock.
    pub is_superuser: bool,
    /// Its permissions, for `perm()` and `pperm()` locks.
    pub permissions: Vec<Box<str>>,
    /// Its characters, oldest first.
    pub characters: Vec<ObjectId>,
    /// The character that it played last.
    pub last_puppet: Option<ObjectId>,
    /// When it was made.
    pub created: Time,
    /// When it last logged in.
    pub last_login: Option<Time>,
    /// What the game keeps on it.
    pub db: Attributes,

    // Not stored.
    pub(crate) sessions: Vec<SessionId>,
    /// What of its row could not be read; stored as it was.
    pub(crate) unread: Option<Box<Unread>>,
    pub(crate) dirty: bool,
}

impl Account {
    /// Its number.
    pub fn id(&self) -> AccountId {
        self.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The sessions that are logged in to it now, oldest first.
    pub fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }
}
