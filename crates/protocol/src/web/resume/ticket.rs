//! Tickets: what a client shows to get its session back. The Portal's web listener hands them out and checks them.

use std::{fmt, str::FromStr};

use meadow_link::amp::{
    CodecError,
    native::{Decoder, Encoder},
};

use crate::web::{BadRequest, SessionToken, form};

/// What stands for one session. As text it is the session's number, a dot, and the secret.
///
/// ```
/// use meadow_protocol::web::{SessionToken, Ticket};
///
/// let ticket = Ticket { session: 7, secret: SessionToken::from_random([0xab; 32]) };
/// assert_eq!(ticket.to_string(), format!("7.{}", "ab".repeat(32)));
/// assert_eq!(ticket.to_string().parse::<Ticket>().ok(), Some(ticket));
/// assert_eq!(format!("{ticket:?}"), "Ticket { session: 7, secret: SessionToken(..) }", "no log has it");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// Which session; that is no secret.
    pub session: u64,
    /// What only its client knows.
    pub secret: SessionToken,
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.session, self.secret)
    }
}

impl FromStr for Ticket {
    type Err = BadRequest;

    fn from_str(text: &str) -> Result<Ticket, BadRequest> {
        let (session, secret) = text.split_once('.').ok_or(BadRequest::Token)?;
        Ok(Ticket { session: session.parse().map_err(|_| BadRequest::Token)?, secret: secret.parse()? })
    }
}

/// What the address of a websocket asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// A session as any other.
    Plain,
    /// A session with a ticket.
    Ticket,
    /// The session of this ticket, of which so many messages have been had; or else a new one with a ticket.
    Resume(Ticket, u64),
}

impl Wish {
    /// Reads the query of an address. What cannot be a ticket is none.
    pub fn parse(query: &str) -> Wish {
        let field = |name| form::field(query.as_bytes(), name);
        let Some(ticket) = field("resume") else { return Wish::Plain };
        match (ticket.parse(), field("heard").unwrap_or_default().parse()) {
            (Ok(ticket), Ok(heard)) => Wish::Resume(ticket, heard),
            _ => Wish::Ticket,
        }
    }
}

/// The secrets that open one session: the newest, and the one before it until the client is known to have the newest.
#[derive(Debug)]
pub struct Tickets {
    newest: SessionToken,
    older: Option<SessionToken>,
}

impl Tickets {
    /// The first.
    pub fn new(secret: SessionToken) -> Tickets {
        Tickets { newest: secret, older: None }
    }

    /// Writes them down for another process. Whoever reads that can take the session.
    pub fn store(&self, to: &mut Encoder<'_>) {
        to.text(&self.newest.to_string());
        to.optional_text(self.older.as_ref().map(SessionToken::to_string).as_deref());
    }

    /// Reads what [`Tickets::store`] has written.
    ///
    /// # Errors
    /// The bytes are something else.
    pub fn restore(from: &mut Decoder<'_>) -> Result<Tickets, CodecError> {
        let secret = |text: &str| text.parse().map_err(|_| CodecError::OutOfRange("a secret"));
        let newest = secret(from.text()?)?;
        Ok(Tickets { newest, older: from.optional_text()?.map(secret).transpose()? })
    }

    /// Whether the client is known to have the newest.
    pub fn is_acknowledged(&self) -> bool {
        self.older.is_none()
    }

    /// Whether one of them is this, found out in a time that does not depend on it.
    pub fn accept(&self, secret: &SessionToken) -> bool {
        let newest = self.newest.is(secret);
        let older = self.older.as_ref().is_some_and(|older| older.is(secret));
        newest | older
    }

    /// The session was resumed with `used`, and `fresh` is given out in its place. Of those before, `used` alone stays
    /// good, until [`Tickets::acknowledge`]. Says whether `used` was good; if not, nothing changes.
    pub fn exchange(&mut self, used: SessionToken, fresh: SessionToken) -> bool {
        let good = self.accept(&used);
        if good {
            *self = Tickets { newest: fresh, older: Some(used) };
        }
        good
    }

    /// The client has the newest: it has said something on the connection on which it was given it.
    pub fn acknowledge(&mut self) {
        self.older = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(byte: u8) -> SessionToken {
        SessionToken::from_random([byte; 32])
    }

    #[test]
    fn a_ticket_is_exchanged_and_the_old_one_is_good_until_the_new_one_has_arrived() {
        let mut tickets = Tickets::new(secret(1));
        assert!(tickets.accept(&secret(1)) && !tickets.accept(&secret(2)));
        assert!(!tickets.exchange(secret(9), secret(2)), "a wrong one changes nothing");
        assert!(tickets.exchange(secret(1), secret(2)));
        assert!(tickets.accept(&secret(1)) && tickets.accept(&secret(2)));
        // The connection broke before the new one arrived.
        assert!(tickets.exchange(secret(1), secret(3)));
        assert!(!tickets.accept(&secret(2)), "one that was never used is not kept");
        assert!(tickets.accept(&secret(1)) && tickets.accept(&secret(3)));
        tickets.acknowledge();
        assert!(!tickets.accept(&secret(1)) && tickets.accept(&secret(3)));
    }

    #[test]
    fn the_address_says_what_is_wanted() {
        let text = Ticket { session: 12, secret: secret(3) }.to_string();
        let ticket = text.parse().expect("a ticket");
        for (query, wish) in [
            ("", Wish::Plain),
            ("heard=3", Wish::Plain),
            ("resume=", Wish::Ticket),
            ("x=y&resume", Wish::Ticket),
            (&format!("resume={text}&heard=3"), Wish::Resume(ticket, 3)),
            (&format!("heard=0&resume={text}"), Wish::Resume(ticket, 0)),
            (&format!("resume={text}"), Wish::Ticket),
            (&format!("resume={text}&heard=-1"), Wish::Ticket),
            (&format!("resume={text}0&heard=3"), Wish::Ticket),
            (&format!("resume=x{text}&heard=3"), Wish::Ticket),
        ] {
            assert_eq!(Wish::parse(query), wish, "{query}");
        }
    }
}
