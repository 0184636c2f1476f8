//! Guests: accounts without a password that last as long as their connection (Evennia's GUEST_ENABLED). `connect guest`
//! makes one.

use std::collections::BTreeSet;

use meadow_link::SessionId;

use crate::{AccountId, Result, World, logged, say};

/// Attribute of an account that is a guest's.
pub(crate) const GUEST: &str = "_guest";

/// The guests that there are.
pub(crate) type Guests = BTreeSet<AccountId>;

/// Guests.
impl World {
    /// Whether an account is a guest's.
    pub fn is_guest(&self, account: AccountId) -> bool {
        self.guests.contains(&account)
    }

    /// Makes a guest of a session: an account and a character of a name that is free, with the permission `Guest`.
    /// Both are destroyed when it disconnects.
    ///
    /// # Errors
    /// Guests are not let in, there are too many, or the address has made too many accounts.
    pub fn connect_guest(&mut self, session: SessionId) -> Result {
        let most = self.game.rules.guests;
        if most == 0 {
            return Err(say("Guests are not let in here."));
        }
        if self.guests.len() >= most {
            return Err(say("All guest accounts are in use. Please try again later."));
        }
        let Some(name) = self.free_guest_name() else {
            return Err(say("There is no free name for a guest. Please try again later."));
        };
        let address = self.session(session).map(|session| session.address().to_owned()).unwrap_or_default();
        self.count_creation(&address)?;
        // What is checked against an empty hash never fits, so nobody else gets in.
        let account = self.insert_account(&name, "", "Guest");
        self.guests.insert(account);
        self[account].db.set(GUEST, true)?;
        self.create_character(account, &name)?;
        self.emit(crate::Event::AccountCreate { account });
        self.account_class(account).at_account_creation(self, account);
        tracing::info!(session = session.0, address, account = name, "guest {} made", account.0);
        self.login(session, account);
        // A hook may have kept it out.
        self.remove_guest(account);
        Ok(())
    }

    fn free_guest_name(&self) -> Option<String> {
        let given = self.game.guest_names.iter().cloned();
        let counted = (1..=self.game.rules.guests).map(|number| format!("Guest{number}"));
        given.chain(counted).find(|name| {
            self.account_named(name).is_none()
                && !self.objects_named(name).iter().any(|id| self.is_character(*id))
        })
    }

    /// Destroys a guest who has no session any more.
    pub(crate) fn remove_guest(&mut self, account: AccountId) {
        if self.is_guest(account) && self.account(account).is_some_and(|guest| guest.sessions.is_empty()) {
            logged("the end of a guest", self.delete_account(account));
        }
    }

    /// Destroys the guests that were lost while no Server ran.
    pub(crate) fn remove_lone_guests(&mut self) {
        for account in self.guests.clone() {
            self.guarded("the end of a guest", |world| world.remove_guest(account));
        }
    }
}
