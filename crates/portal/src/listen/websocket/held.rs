//! One session with a ticket, as one Portal writes it down and the next one reads it. `held` has the file of all.

use std::{net::IpAddr, sync::Arc};

use bytes::BytesMut;
use meadow_link::{
    Time,
    amp::{
        CodecError,
        native::{Decoder, Encoder},
    },
};
use meadow_protocol::web::{ResumeForm, Resumption, Subprotocol, Tickets};

use super::{
    Line,
    seats::{Seat, Seats},
};
use crate::{
    PortalConfig,
    connection::{State, Wire},
    listen::{Entered, languages::Languages},
    out::Message,
    session::PortalSession,
    sessionhandler::{PortalSessionHandler, Security},
};

/// Writes a session down, at a time, which is to wait until another.
pub(super) fn store(
    entered: &Entered,
    state: &mut State,
    seat: &Seat,
    resumption: &Resumption<Message>,
    (now, until): (Time, Time),
) -> Result<BytesMut, CodecError> {
    let mut record = BytesMut::new();
    let mut to = Encoder::new(&mut record);
    to.time(until);
    to.text(&entered.address.to_string());
    to.text(&entered.service);
    seat.store(&mut to);
    resumption.store(&mut to, |message, to| {
        match message {
            Message::Text(text) => {
                to.flag(false);
                to.text(text);
            }
            Message::Binary(bytes) => {
                to.flag(true);
                to.bytes(bytes);
            }
        }
        Ok(())
    })?;
    state.session.store(now, &mut to)?;
    Ok(record)
}

/// What a session becomes that another Portal had.
pub(crate) struct Restorer {
    handler: Arc<PortalSessionHandler>,
    languages: Languages,
    keepalive: std::time::Duration,
}

impl Restorer {
    pub(crate) fn new(config: &PortalConfig, handler: &Arc<PortalSessionHandler>) -> Restorer {
        Restorer {
            handler: Arc::clone(handler),
            languages: Languages::new(config),
            keepalive: config.websocket_keepalive,
        }
    }

    /// Goes on with a session: it waits for its client, as after a broken connection. Says whether it does; the time
    /// of some is over.
    ///
    /// # Errors
    /// The bytes are something else.
    pub(crate) fn restore(&self, record: &[u8]) -> Result<bool, CodecError> {
        let (handler, limits) = (&self.handler, self.handler.limits());
        let now = handler.clock().now();
        let mut from = Decoder::new(record);
        // The wall clock may have been set back, and the setting may be another now.
        let until = from.time()?.min(now + limits.resume_time);
        let address: IpAddr = from.text()?.parse().map_err(|_| CodecError::OutOfRange("an address"))?;
        let service = from.text()?;
        let name = from.text()?;
        let language = Subprotocol::ALL.into_iter().find(|known| known.name() == name);
        let (language, form) = language
            .and_then(|language| Some((language, ResumeForm::of(language)?)))
            .ok_or(CodecError::OutOfRange("a language"))?;
        let security = if from.flag()? { Security::Tls } else { Security::Clear };
        let tickets = Tickets::restore(&mut from)?;
        let resumption = Resumption::restore(form, limits.resume_time, &mut from, read_message)?;
        let session = PortalSession::restore(&mut from, self.languages.protocol(language), now, limits)?;
        if from.remaining() > 0 {
            return Err(CodecError::OutOfRange("the length of a session"));
        }
        if until <= now {
            return Ok(false);
        }
        let Some(connection) = handler.reenter(session, address, service.into(), Wire::Task) else {
            return Err(CodecError::OutOfRange("the number of a session"));
        };
        let entered = Entered::again(handler, connection);
        let place = Seats::restore(handler.seats(), entered.id, (language, security), tickets);
        let right = Seats::wait_on(handler.seats(), address);
        let line = Line::waiting(place, resumption, right, until, self.keepalive);
        tokio::spawn(super::drive(entered, line));
        Ok(true)
    }
}

fn read_message(from: &mut Decoder<'_>) -> Result<(Message, usize), CodecError> {
    let message = match from.flag()? {
        false => Message::Text(from.text()?.to_owned()),
        true => Message::Binary(from.bytes()?.to_vec()),
    };
    let bytes = message.len();
    Ok((message, bytes))
}
