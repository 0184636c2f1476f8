//! What an SSH client asks for before its shell begins, and is given or refused. russh calls it.

use std::{net::IpAddr, sync::Arc};

use meadow_link::{Credentials, Secret};
use meadow_protocol::ssh::{Pty, TerminalClient};
use russh::{
    Channel, ChannelId, ChannelOpenFailure, ChannelWriteHalf, Error,
    keys::{Algorithm, PublicKey},
    server::{Auth, ChannelOpenHandle, Handler, Msg, Session, VerifiedPublicKey},
};
use tokio::sync::oneshot;

use super::{
    inbox::{End, Inbox},
    methods,
};
use crate::{
    Guests, authentication::Account, listen::gatekeeper::Admitted, sessionhandler::PortalSessionHandler,
};

/// The name under which strangers come to the login screen.
const GUEST: &str = "guest";
/// Longest name and longest password that the Server is asked about, in bytes.
const CREDENTIAL_LIMIT: usize = 1024;
/// Longest command that a client may want to have done, in bytes; it is measured in characters later.
const COMMAND_LIMIT: usize = 64 * 1024;
/// Longest name of a terminal, in bytes.
const TERM_LIMIT: usize = 256;

/// A shell that begins.
pub(super) struct Start {
    /// Who has logged in; a guest has not.
    pub(super) account: Option<Account>,
    pub(super) client: TerminalClient,
    pub(super) channel: ChannelWriteHalf<Msg>,
}

/// One client.
pub(super) struct Visitor {
    handler: Arc<PortalSessionHandler>,
    address: IpAddr,
    guests: Guests,
    inbox: Arc<Inbox>,
    account: Option<Account>,
    /// The one channel that it may have.
    channel: Option<ChannelId>,
    writer: Option<ChannelWriteHalf<Msg>>,
    pty: Option<Pty>,
    /// Whom to tell that the shell begins, until it does.
    starts: Option<oneshot::Sender<Start>>,
}

impl Visitor {
    pub(super) fn new(
        admitted: &Admitted,
        guests: Guests,
        inbox: Arc<Inbox>,
        starts: oneshot::Sender<Start>,
    ) -> Visitor {
        Visitor {
            handler: admitted.handler(),
            address: admitted.address(),
            guests,
            inbox,
            account: None,
            channel: None,
            writer: None,
            pty: None,
            starts: Some(starts),
        }
    }

    fn is_guest(&self, user: &str) -> bool {
        self.guests == Guests::Welcome && user.eq_ignore_ascii_case(GUEST)
    }

    async fn authenticate(&mut self, user: &str, credentials: Credentials) -> Auth {
        if user.is_empty() || user.len() > CREDENTIAL_LIMIT {
            return refused();
        }
        self.account = self.handler.authenticate(self.address, user, &credentials).await;
        if self.account.is_some() { Auth::Accept } else { refused() }
    }

    /// Begins the shell, or the one command, if there is a channel that has none.
    fn begin(
        &mut self,
        channel: ChannelId,
        command: Option<String>,
        session: &mut Session,
    ) -> Result<(), Error> {
        if self.channel != Some(channel) {
            return session.channel_failure(channel);
        }
        let (Some(starts), Some(writer)) = (self.starts.take(), self.writer.take()) else {
            return session.channel_failure(channel);
        };
        let client = TerminalClient { name: software(session.remote_sshid()), pty: self.pty.take(), command };
        let start = Start { account: self.account.take(), client, channel: writer };
        match starts.send(start) {
            Ok(()) => session.channel_success(channel),
            Err(_) => session.channel_failure(channel),
        }
    }
}

/// When russh's task ends, in whatever way, nothing more comes.
impl Drop for Visitor {
    fn drop(&mut self) {
        self.inbox.end(End::Gone);
    }
}

impl Handler for Visitor {
    type Error = Error;

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Error> {
        Ok(if self.is_guest(user) { Auth::Accept } else { refused() })
    }

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, Error> {
        if self.is_guest(user) {
            return Ok(Auth::Accept);
        }
        if password.len() > CREDENTIAL_LIMIT {
            return Ok(refused());
        }
        let credentials = Credentials::Password(Secret(password.to_owned()));
        Ok(self.authenticate(user, credentials).await)
    }

    /// Whether a key would do is not told before the client has proved that it is its own: anybody has anybody's public
    /// keys, and could find out whose account is whose.
    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Error> {
        if *key.algorithm == (Algorithm::Rsa { hash: None }) {
            return Ok(refused());
        }
        match credentials(key.public_key) {
            Some(credentials) => Ok(self.authenticate(user, credentials).await),
            None => Ok(refused()),
        }
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), Error> {
        if self.channel.is_some() {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        }
        self.channel = Some(channel.id());
        // What comes goes to the inbox; the half that would keep it as well is dropped.
        self.writer = Some(channel.split().1);
        reply.accept().await;
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        lines: u32,
        _width: u32,
        _height: u32,
        _modes: &[(russh::Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Error> {
        if self.channel != Some(channel) || self.writer.is_none() || term.len() > TERM_LIMIT {
            return session.channel_failure(channel);
        }
        self.pty = Some(Pty { term: term.to_owned(), columns, lines });
        session.channel_success(channel)
    }

    async fn window_change_request(
        &mut self,
        channel: ChannelId,
        columns: u32,
        lines: u32,
        _width: u32,
        _height: u32,
        session: &mut Session,
    ) -> Result<(), Error> {
        if self.channel == Some(channel) {
            self.inbox.resize(columns, lines);
        }
        session.channel_success(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Error> {
        self.begin(channel, None, session)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Error> {
        if command.len() > COMMAND_LIMIT {
            return session.channel_failure(channel);
        }
        let command = String::from_utf8_lossy(command).into_owned();
        self.begin(channel, Some(command), session)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(channel)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        _value: &str,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(channel)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _single: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        session: &mut Session,
    ) -> Result<(), Error> {
        session.channel_failure(channel)
    }

    /// What comes before there is a shell is for nobody.
    async fn data(&mut self, channel: ChannelId, bytes: &[u8], _session: &mut Session) -> Result<(), Error> {
        if self.channel == Some(channel) && self.starts.is_none() {
            self.inbox.put(bytes);
        }
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, _session: &mut Session) -> Result<(), Error> {
        if self.channel == Some(channel) {
            self.inbox.end(End::Silent);
        }
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _session: &mut Session) -> Result<(), Error> {
        if self.channel == Some(channel) {
            self.inbox.end(End::Gone);
        }
        Ok(())
    }
}

/// Not that one; whatever was tried may be tried again.
fn refused() -> Auth {
    Auth::Reject { proceed_with_methods: Some(methods()), partial_success: false }
}

/// A key as the Server knows keys: the two words of a `.pub` file.
fn credentials(key: &PublicKey) -> Option<Credentials> {
    let line = key.to_openssh().ok()?;
    let mut words = line.split(' ');
    Some(Credentials::PublicKey { algorithm: words.next()?.into(), key: words.next()?.into() })
}

/// What a client calls itself: `OpenSSH_9.2p1` of `SSH-2.0-OpenSSH_9.2p1 Debian-2` (RFC 4253, section 4.2).
fn software(id: &[u8]) -> String {
    let id = String::from_utf8_lossy(id);
    let software = id.splitn(3, '-').nth(2).unwrap_or_default();
    software.split(' ').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_known_by_its_software() {
        for (id, known) in [
            (&b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3"[..], "OpenSSH_9.2p1"),
            (b"SSH-2.0-PuTTY_Release_0.78", "PuTTY_Release_0.78"),
            (b"SSH-2.0-a-b", "a-b"),
            (b"SSH-2.0", ""),
            (b"\xff", ""),
        ] {
            assert_eq!(software(id), known);
        }
    }
}
