//! Where a client that comes back finds its session: one [`Seat`] a session that has a ticket. The web listener looks
//! for a seat and leaves the new socket there; the session's own task takes it.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Context,
    time::Duration,
};

use bytes::BytesMut;
use futures_util::task::AtomicWaker;
use meadow_link::{SessionId, amp::native::Encoder};
use meadow_protocol::web::{SessionToken, Subprotocol, Ticket, Tickets};
use tokio::time::Instant;
use tracing::warn;

use super::Socket;
use crate::{Limits, admission::origin, sessionhandler::Security};

/// How often it is looked whether all have written themselves down.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// All sessions that have a ticket, and how many of them wait for their client.
#[derive(Default)]
pub(crate) struct Seats(Mutex<Register>);

#[derive(Default)]
struct Register {
    seats: HashMap<u64, Arc<Seat>>,
    /// The Portal is about to end, and another one is to go on with the sessions.
    called_in: bool,
    /// What was handed in since.
    records: Vec<BytesMut>,
    detached: usize,
    /// By the address that the session came from first, as all connections are counted.
    by_address: HashMap<IpAddr, usize>,
}

/// Where one session is found.
pub(crate) struct Seat {
    /// What it speaks, and whether inside TLS: whoever comes back does the same.
    language: Subprotocol,
    security: Security,
    desk: Mutex<Desk>,
    /// The session's task.
    driver: AtomicWaker,
}

struct Desk {
    tickets: Tickets,
    newcomer: Option<Newcomer>,
    called_in: bool,
    ended: bool,
}

/// A client that has come back.
pub(crate) struct Newcomer {
    pub(crate) socket: Socket,
    pub(crate) secret: SessionToken,
    /// Messages of the server that it has had.
    pub(crate) heard: u64,
    pub(crate) address: IpAddr,
}

/// A session's seat, until dropped; then its tickets are good no more.
pub(crate) struct Place {
    seats: Arc<Seats>,
    session: u64,
    seat: Arc<Seat>,
}

/// The right of a session to wait for its client, until dropped.
pub(crate) struct Waiting {
    seats: Arc<Seats>,
    address: IpAddr,
}

impl Seats {
    /// Gives a session a seat, and its first ticket.
    pub(crate) fn add(
        seats: &Arc<Seats>,
        session: SessionId,
        language: Subprotocol,
        security: Security,
    ) -> (Place, Ticket) {
        let ticket = Ticket { session: session.0, secret: random() };
        (Seats::restore(seats, session, (language, security), Tickets::new(ticket.secret)), ticket)
    }

    /// Gives a session the seat that it had in another Portal.
    pub(crate) fn restore(
        seats: &Arc<Seats>,
        session: SessionId,
        (language, security): (Subprotocol, Security),
        tickets: Tickets,
    ) -> Place {
        let mut register = seats.register();
        let desk = Desk { tickets, newcomer: None, called_in: register.called_in, ended: false };
        let seat = Arc::new(Seat { language, security, desk: Mutex::new(desk), driver: AtomicWaker::new() });
        register.seats.insert(session.0, Arc::clone(&seat));
        Place { seats: Arc::clone(seats), session: session.0, seat }
    }

    /// The seat that a ticket is good for, if the client speaks as it did before. None once the sessions are called in:
    /// whoever comes back then finds the next Portal.
    pub(crate) fn find(
        &self,
        ticket: &Ticket,
        language: Subprotocol,
        security: Security,
    ) -> Option<Arc<Seat>> {
        let register = self.register();
        let seat = register.seats.get(&ticket.session).filter(|_| !register.called_in).cloned()?;
        drop(register);
        let same = seat.language == language && seat.security == security;
        (same && seat.desk().tickets.accept(&ticket.secret)).then_some(seat)
    }

    /// Asks for a session whose connection broke whether it may wait for its client. `address` is where it came from
    /// first.
    pub(crate) fn wait(seats: &Arc<Seats>, address: IpAddr, limits: &Limits) -> Option<Waiting> {
        let address = origin(address);
        let mut register = seats.register();
        let from_there = register.by_address.get(&address).copied().unwrap_or(0);
        if register.detached >= limits.detached || from_there >= limits.detached_per_address {
            return None;
        }
        register.detached += 1;
        register.by_address.insert(address, from_there + 1);
        Some(Waiting { seats: Arc::clone(seats), address })
    }

    /// The right to wait of a session that came from another Portal. It counts, but nobody is refused: the limits are
    /// for connections that break, not for those that we have broken ourselves.
    pub(crate) fn wait_on(seats: &Arc<Seats>, address: IpAddr) -> Waiting {
        let address = origin(address);
        let mut register = seats.register();
        register.detached += 1;
        *register.by_address.entry(address).or_default() += 1;
        Waiting { seats: Arc::clone(seats), address }
    }

    /// Has every session write itself down and end, so that another Portal goes on with it; gives back what they have
    /// written. Whoever takes longer is left out.
    pub(crate) async fn call_in(&self, limit: Duration) -> Vec<BytesMut> {
        self.call();
        let end = Instant::now() + limit;
        while !self.register().seats.is_empty() && Instant::now() < end {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let mut register = self.register();
        if !register.seats.is_empty() {
            warn!(
                sessions = register.seats.len(),
                "sessions that took too long are not held over the restart"
            );
        }
        std::mem::take(&mut register.records)
    }

    fn call(&self) {
        let mut register = self.register();
        register.called_in = true;
        let seats: Vec<Arc<Seat>> = register.seats.values().cloned().collect();
        drop(register);
        for seat in seats {
            seat.desk().called_in = true;
            seat.driver.wake();
        }
    }

    /// What a session has written down that was called in.
    pub(crate) fn hand_in(&self, record: BytesMut) {
        self.register().records.push(record);
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// Leaves a client that has come back for the session's task. If the session has ended in this moment, its
    /// socket is closed, and it finds out when it tries again.
    pub(crate) fn hand_over(&self, newcomer: Newcomer) {
        let mut desk = self.desk();
        if !desk.ended {
            desk.newcomer = Some(newcomer);
            drop(desk);
            self.driver.wake();
        }
    }

    /// Takes a client that has come back; if there is none, the task is woken when there is.
    pub(crate) fn newcomer(&self, cx: &Context<'_>) -> Option<Newcomer> {
        self.driver.register(cx.waker());
        self.desk().newcomer.take()
    }

    /// Whether the session is to write itself down and end.
    pub(crate) fn is_called_in(&self) -> bool {
        self.desk().called_in
    }

    /// Writes down what opens the session.
    pub(crate) fn store(&self, to: &mut Encoder<'_>) {
        to.text(self.language.name());
        to.flag(self.security == Security::Tls);
        self.desk().tickets.store(to);
    }

    /// Exchanges a ticket for another; none if it has become worthless since it was shown.
    pub(crate) fn exchange(&self, used: SessionToken) -> Option<SessionToken> {
        let fresh = random();
        self.desk().tickets.exchange(used, fresh).then_some(fresh)
    }

    /// Whether the client is known to have the newest ticket.
    pub(crate) fn has_newest(&self) -> bool {
        self.desk().tickets.is_acknowledged()
    }

    /// The client has the newest ticket.
    pub(crate) fn acknowledge(&self) {
        self.desk().tickets.acknowledge();
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    pub(crate) fn seats(&self) -> &Arc<Seats> {
        &self.seats
    }

    pub(crate) fn seat(&self) -> &Seat {
        &self.seat
    }

    pub(crate) fn ticket(&self, secret: SessionToken) -> Ticket {
        Ticket { session: self.session, secret }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.seats.register().seats.remove(&self.session);
        let mut desk = self.seat.desk();
        desk.ended = true;
        let late = desk.newcomer.take();
        drop(desk);
        drop(late);
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut register = self.seats.register();
        register.detached -= 1;
        if let Some(count) = register.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                register.by_address.remove(&self.address);
            }
        }
    }
}

/// A secret that nobody can guess: `rand`'s own source is a cryptographic one.
fn random() -> SessionToken {
    SessionToken::from_random(rand::random())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_found_by_its_ticket_alone_and_until_it_is_given_up() {
        let seats = Arc::<Seats>::default();
        let (place, ticket) = Seats::add(&seats, SessionId(7), Subprotocol::V1, Security::Tls);
        let (_other, others) = Seats::add(&seats, SessionId(8), Subprotocol::V1, Security::Tls);
        let finds = |ticket: &Ticket| seats.find(ticket, Subprotocol::V1, Security::Tls).is_some();
        assert!(finds(&ticket) && finds(&others));
        assert!(!finds(&Ticket { session: 8, ..ticket }), "it is not another's");
        assert!(!finds(&Ticket { session: 9, ..ticket }));
        assert!(seats.find(&ticket, Subprotocol::Json, Security::Tls).is_none(), "another language");
        assert!(seats.find(&ticket, Subprotocol::V1, Security::Clear).is_none(), "not in the clear");
        let fresh = place.ticket(place.seat().exchange(ticket.secret).expect("it is good"));
        assert!(finds(&ticket) && finds(&fresh));
        place.seat().acknowledge();
        assert!(!finds(&ticket) && finds(&fresh));
        assert!(place.seat().exchange(ticket.secret).is_none(), "it was overtaken");
        drop(place);
        assert!(!finds(&fresh) && finds(&others));
    }

    #[test]
    fn so_many_wait_in_all_and_from_one_address() {
        let limits = Limits { detached: 3, detached_per_address: 2, ..Limits::default() };
        let seats = Arc::<Seats>::default();
        let wait = |last: u8| Seats::wait(&seats, IpAddr::from([192, 0, 2, last]), &limits);
        let first = wait(1).expect("the first");
        let _second = wait(1).expect("at the limit");
        assert!(wait(1).is_none(), "past it");
        let _third = wait(2).expect("another address");
        assert!(wait(3).is_none(), "past the limit of all");
        drop(first);
        assert!(wait(1).is_some() && seats.register().by_address.len() == 2);
    }
}
