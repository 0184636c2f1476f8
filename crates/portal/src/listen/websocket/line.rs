//! What carries the messages of one session: a websocket, and for clients with a ticket whatever it takes to go on
//! over another. The driver asks it to read, to write, and to take a client back.

use std::{
    task::{Context, Poll},
    time::Duration,
};

use meadow_link::Time;
use meadow_protocol::{
    MessageKind,
    web::{Outgoing, Receipt, ResumeForm, Resumption, Ticket},
    websocket::{Received, close_code},
};
use tracing::{debug, info, warn};

use super::{
    held,
    pulse::Pulse,
    seats::{Newcomer, Place, Seats, Waiting},
    socket::{Socket, SocketError},
};
use crate::{connection::State, listen::Entered, out::Message};

/// The client has another connection, which took the place of this one (RFC 6455, section 7.4.2: private use).
pub(super) const REPLACED: u16 = 4001;
/// How long a client may take to agree to the end of its websocket.
const CLOSE_TIME: Duration = Duration::from_secs(1);

/// One session's way to its client.
pub(crate) struct Line {
    /// None while a client with a ticket has no connection.
    socket: Option<Socket>,
    pulse: Pulse,
    /// For clients with a ticket.
    resume: Option<Box<Resume>>,
}

/// What a session needs to go on over another connection.
struct Resume {
    place: Place,
    resumption: Resumption<Message>,
    /// The client has shown that it has the newest ticket.
    acknowledged: bool,
    /// While there is no connection: the right to wait, and until when.
    waiting: Option<(Waiting, Time)>,
}

impl Line {
    /// A client without a ticket. It is pinged this often; zero is never.
    pub(crate) fn new(socket: Socket, keepalive: Duration, now: Time) -> Line {
        Line { socket: Some(socket), pulse: Pulse::new(keepalive, now), resume: None }
    }

    /// The client is given this ticket, and may come back while its session is held.
    pub(crate) fn resumable(
        mut self,
        form: ResumeForm,
        hold: Duration,
        place: Place,
        ticket: &Ticket,
    ) -> Line {
        let mut resumption = Resumption::new(form, hold);
        resumption.begin(ticket);
        self.resume = Some(Box::new(Resume { place, resumption, acknowledged: true, waiting: None }));
        self
    }

    /// The line of a session that waits for its client, which another Portal had, until then.
    pub(super) fn waiting(
        place: Place,
        resumption: Resumption<Message>,
        right: Waiting,
        until: Time,
        keepalive: Duration,
    ) -> Line {
        let acknowledged = place.seat().has_newest();
        let resume = Resume { place, resumption, acknowledged, waiting: Some((right, until)) };
        Line { socket: None, pulse: Pulse::stopped(keepalive), resume: Some(Box::new(resume)) }
    }

    /// Whether another Portal is to go on with the session.
    pub(super) fn is_called_in(&self) -> bool {
        self.resume.as_ref().is_some_and(|resume| resume.place.seat().is_called_in())
    }

    /// Writes the session down and leaves it for another Portal.
    pub(super) fn hand_in(&mut self, entered: &Entered, state: &mut State, now: Time) {
        // All that was said to the client counts, sent or not.
        let _ = self.put_aside(state);
        let Some(resume) = &self.resume else { return };
        let hold = entered.handler().limits().resume_time;
        let until = resume.waiting.as_ref().map_or(now + hold, |(_, until)| *until);
        if !resume.resumption.has_begun() {
            return;
        }
        match held::store(entered, state, resume.place.seat(), &resume.resumption, (now, until)) {
            Ok(record) => {
                resume.place.seats().hand_in(record);
                state.session.close(now, "the game is being restarted; the session is held");
            }
            Err(error) => warn!(session = %entered.id, %error, "a session cannot be held over the restart"),
        }
    }

    /// The socket, for the farewell. Tickets are good no more.
    pub(super) fn end(self) -> Option<Socket> {
        self.socket
    }

    pub(super) fn is_connected(&self) -> bool {
        self.socket.is_some()
    }

    /// Whether something of the game's has been taken from the session and not been sent.
    pub(super) fn has_unsent(&self) -> bool {
        self.resume.as_ref().is_some_and(|resume| resume.resumption.has_unsent_messages())
    }

    /// When [`Line::timeout`] wants to be called next.
    pub(super) fn deadline(&self) -> Option<Time> {
        let until = self.resume.as_ref().and_then(|resume| Some(resume.waiting.as_ref()?.1));
        [self.pulse.deadline(), until].into_iter().flatten().min()
    }

    /// Time has passed.
    pub(super) fn timeout(&mut self, state: &mut State, now: Time) {
        self.pulse.timeout(now);
        let until = self.resume.as_ref().and_then(|resume| Some(resume.waiting.as_ref()?.1));
        if until.is_some_and(|until| until <= now) {
            self.resume = None;
            state.session.cut(now, "the connection broke, and the client did not come back");
        }
    }

    /// Takes a client that has come back; says whether there was one.
    pub(super) fn take_back(
        &mut self,
        entered: &Entered,
        state: &mut State,
        now: Time,
        cx: &Context<'_>,
    ) -> bool {
        let Some(resume) = &mut self.resume else { return false };
        let seat = resume.place.seat();
        let Some(Newcomer { socket, secret, heard, address }) = seat.newcomer(cx) else { return false };
        let Some(fresh) = seat.exchange(secret) else {
            // Another one with the same ticket was faster.
            tokio::spawn(farewell(socket, REPLACED));
            return true;
        };
        resume.resumption.resume(&resume.place.ticket(fresh), heard);
        resume.acknowledged = false;
        resume.waiting = None;
        if let Some(old) = self.socket.replace(socket) {
            tokio::spawn(farewell(old, REPLACED));
        }
        self.pulse.start(now);
        state.session.attach(now, address);
        info!(session = %entered.id, %address, "resumed");
        true
    }

    /// The connection is gone, without a word from the client that it wants to go. The session waits for it, if it
    /// may.
    pub(super) fn lose(&mut self, entered: &Entered, state: &mut State, now: Time, reason: String) {
        let limits = entered.handler().limits();
        let waiting = self.resume.as_mut().filter(|_| state.session.closing().is_none()).and_then(|resume| {
            let waiting = Seats::wait(resume.place.seats(), entered.address, limits);
            resume.waiting = waiting.map(|waiting| (waiting, now + limits.resume_time));
            resume.waiting.as_ref()
        });
        if waiting.is_none() {
            self.quit(state, now, reason);
            return;
        }
        debug!(session = %entered.id, reason, "it waits for its client");
        self.socket = None;
        self.pulse.stop();
        state.session.detach(now);
    }

    /// The session ends at once; what waits is forgotten.
    fn quit(&mut self, state: &mut State, now: Time, reason: impl Into<String>) {
        self.resume = None;
        state.session.cut(now, reason);
    }

    /// Writes what waits. Pending until all of it is out.
    pub(super) fn poll_write(
        &mut self,
        state: &mut State,
        now: Time,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), SocketError>> {
        let Some(socket) = &mut self.socket else {
            return self.put_aside(state);
        };
        loop {
            let pings = self.pulse.is_due();
            let waits = self.resume.as_ref().is_some_and(|resume| resume.resumption.has_unsent());
            if !pings && !waits && state.session.out().is_empty() {
                // It gives its memory back.
                state.session.out().next_message();
                return socket.poll_flush(cx);
            }
            match socket.poll_ready(cx) {
                Poll::Ready(Ok(())) => {}
                other => return other,
            }
            if pings {
                socket.ping(&self.pulse.ping(now));
            } else {
                send_next(socket, self.resume.as_deref_mut(), state);
            }
        }
    }

    /// Takes what the session says while its client is away. Pending while there is something that the client is to
    /// have.
    fn put_aside(&mut self, state: &mut State) -> Poll<Result<(), SocketError>> {
        let Some(resume) = &mut self.resume else { return Poll::Ready(Ok(())) };
        while let Some(message) = state.session.out().next_message() {
            let bytes = message.len();
            resume.resumption.put(message, bytes);
        }
        if resume.resumption.has_unsent_messages() { Poll::Pending } else { Poll::Ready(Ok(())) }
    }

    /// Reads one message, if there is room for what it may hold. Ready when something has happened.
    pub(super) fn poll_read(
        &mut self,
        entered: &Entered,
        state: &mut State,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        let handler = entered.handler();
        let Some(socket) = &mut self.socket else {
            state.stalled = false;
            return Poll::Pending;
        };
        if self.resume.as_ref().is_some_and(|resume| !resume.resumption.is_introduced()) {
            // What it says now would be counted wrongly.
            return Poll::Pending;
        }
        state.stalled = state.session.room(handler.limits()) == 0;
        if state.stalled {
            return Poll::Pending;
        }
        let Poll::Ready(read) = socket.poll_next(cx) else { return Poll::Pending };
        let now = handler.clock().now();
        match read {
            Some(Ok(Received::Text(text))) => self.receive(state, now, MessageKind::Text, text.as_bytes()),
            Some(Ok(Received::Binary(bytes))) => self.receive(state, now, MessageKind::Binary, &bytes),
            Some(Ok(Received::Pong(payload))) => {
                if let Some(span) = self.pulse.pong(now, &payload) {
                    state.session.measured(span);
                }
            }
            // Answered by the next write.
            Some(Ok(Received::Ping(_))) => {}
            Some(Ok(Received::Close(code))) => match code {
                Some(code) if code != close_code::NORMAL => {
                    self.lose(entered, state, now, format!("closed by the client, with code {code}"));
                }
                _ => self.quit(state, now, "closed by the client"),
            },
            None => self.lose(entered, state, now, "closed by the client".to_owned()),
            Some(Err(error)) => self.lose(entered, state, now, format!("the connection broke: {error}")),
        }
        Poll::Ready(())
    }

    fn receive(&mut self, state: &mut State, now: Time, kind: MessageKind, message: &[u8]) {
        if let Some(resume) = &mut self.resume {
            if !std::mem::replace(&mut resume.acknowledged, true) {
                resume.place.seat().acknowledge();
            }
            if resume.resumption.receive(kind, message) == Receipt::Control {
                return;
            }
        }
        state.session.receive_message(now, kind, message);
    }
}

/// Sends what is next. What a client with a ticket is sent is kept until it says that it has it.
fn send_next(socket: &mut Socket, resume: Option<&mut Resume>, state: &mut State) {
    let Some(resume) = resume else {
        if let Some(message) = state.session.out().next_message() {
            send(socket, &message);
        }
        return;
    };
    let resumption = &mut resume.resumption;
    if !resumption.has_unsent()
        && let Some(message) = state.session.out().next_message()
    {
        let bytes = message.len();
        resumption.put(message, bytes);
    }
    match resumption.send_next() {
        Some(Outgoing::Control(text)) => socket.send(MessageKind::Text, text.as_bytes()),
        Some(Outgoing::Message(message)) => send(socket, message),
        None => {}
    }
}

fn send(socket: &mut Socket, message: &Message) {
    match message {
        Message::Text(text) => socket.send(MessageKind::Text, text.as_bytes()),
        Message::Binary(bytes) => socket.send(MessageKind::Binary, bytes),
    }
}

/// Says that the connection ends, and why.
pub(super) async fn farewell(socket: Socket, code: u16) {
    let _ = tokio::time::timeout(CLOSE_TIME, socket.finish(code)).await;
}
