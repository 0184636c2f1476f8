//! Who somebody is that has no session yet. A listener whose clients log in before anything else asks the Server (SSH);
//! what is known of accounts, passwords and throttles stays there.

use std::net::IpAddr;

use meadow_link::{Credentials, SessionId, ToServer};
use tracing::warn;

use crate::{
    questions::{Again, Unanswered},
    sessionhandler::PortalSessionHandler,
};

/// An account that somebody has logged in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) uid: u64,
    pub(crate) uname: Box<str>,
}

impl PortalSessionHandler {
    /// The account of this name, if these are its credentials and the Server lets whoever it is in.
    pub(crate) async fn authenticate(
        &self,
        address: IpAddr,
        name: &str,
        credentials: &Credentials,
    ) -> Option<Account> {
        let question = |id| {
            let (address, name) = (address.to_string().into(), name.into());
            ToServer::Authenticate { id, address, name, credentials: credentials.clone() }
        };
        let answered = self.ask(&self.questions().authentications, Again::Ask, question).await;
        let account = answered.inspect_err(|error| {
            warn!(%address, %error, "the Server does not say who somebody is");
        });
        account.ok().flatten().map(|(uid, uname)| Account { uid, uname })
    }

    /// Whether the client of a session may come back to it from an address. Of the one that it had, the Server knows:
    /// it ends the sessions of whomever it bans.
    ///
    /// # Errors
    /// There is no Server that could say so.
    pub(crate) async fn may_return(&self, session: SessionId, address: IpAddr) -> Result<bool, Unanswered> {
        let Some(known) = self.address_of(session) else { return Ok(false) };
        if known.to_canonical() == address.to_canonical() {
            return Ok(true);
        }
        let question = |id| {
            let (address, name) = (address.to_string().into(), "".into());
            ToServer::Authenticate { id, address, name, credentials: Credentials::Session(session) }
        };
        let answered = self.ask(&self.questions().authentications, Again::Ask, question).await?;
        Ok(answered.is_some())
    }
}
