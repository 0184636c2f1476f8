//! Logging in before there is a session: the Portal asks whether somebody may come in as an account, and connects a
//! session of it that is logged in already. SSH does so. Passwords go the way of all others, through `logins`.

use meadow_link::{Credentials, SessionId, ToPortal};

use crate::{Account, AccountId, ServerSession, World};

impl World {
    /// Answers whether these credentials are those of the account of this name.
    ///
    /// That there is no such account, or that it has other keys, is not told, nor can it be told by the time that the
    /// answer takes. A wrong password counts for the throttle of the address. A wrong key does not: clients try all
    /// that they have, and nobody can guess one.
    pub(crate) fn authenticate_client(
        &mut self,
        id: u64,
        address: &str,
        name: &str,
        credentials: Credentials,
    ) {
        if self.address_ban(address).is_some() {
            tracing::info!(address, "banned");
            return self.answer_client(id, None);
        }
        match credentials {
            Credentials::Password(password) => self.check_client(id, address, name, password),
            Credentials::PublicKey { algorithm, key } => {
                let named = self.account_named(name);
                let has_key = |id: &AccountId| self[*id].has_ssh_key(&algorithm, &key);
                let account = named.filter(has_key);
                if self.is_throttled(address) {
                    tracing::warn!(address, "too many failed logins; a key is refused");
                    return self.answer_client(id, None);
                }
                self.answer_client(id, account);
            }
            Credentials::Session(session) => self.answer_returning(id, address, session),
        }
    }

    /// Answers whether the client of a session may come back to it from this address, which is not banned. The Server
    /// learns that it has another address when it is back; what it has missed is read by then.
    fn answer_returning(&mut self, id: u64, address: &str, session: SessionId) {
        let known = self.session(session);
        let account = known.and_then(ServerSession::account).and_then(|account| self.account(account));
        let may = known.is_some() && self.ban_of(account, address).is_none();
        if !may {
            tracing::info!(session = session.0, address, "nobody may come back from there");
        }
        let account = match account {
            Some(account) => (account.id().0, account.name().into()),
            None => (0, "".into()),
        };
        self.out.push(ToPortal::Authenticated { id, account: may.then_some(account) });
    }

    /// Tells the Portal who it is, or that nobody is let in.
    pub(crate) fn answer_client(&mut self, id: u64, account: Option<AccountId>) {
        let account = account.and_then(|account| self.account(account));
        let account = account.map(|account: &Account| (account.id().0, account.name().into()));
        self.out.push(ToPortal::Authenticated { id, account });
    }
}
