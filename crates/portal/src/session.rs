//! One connection, without its socket: its Protocol, its flags, its queues. The driver of its transport
//! hands it bytes and times; `PortalSessionHandler` hands it what the Server says.

use std::time::Duration;

use meadow_link::{CommandTuple, Flags, Kwargs, SessionId, SessionSync, Time, ToServer, text};
use meadow_protocol::{MessageKind, Protocol, Render, Transport};
use serde_json::Value;
use tracing::{error, warn};

pub(crate) use self::strain::Load;
use self::{contained::Contained, inspect::Traffic, presence::Presence, wishes::Wishes};
use crate::{
    Limits,
    input::{InputQueue, Next},
    out::Out,
    server_end::{Gate, ServerEnd},
};

mod calls;
mod contained;
mod held;
mod inspect;
mod presence;
mod strain;
mod wishes;

/// How long a connection that is being closed may take to read its last bytes.
pub(crate) const FLUSH_TIME: Duration = Duration::from_secs(5);
/// How long a client that has closed its side waits for what it typed to be done.
pub(crate) const HALF_CLOSED_TIME: Duration = Duration::from_secs(5);
/// How long a protocol waits that wants its timeout again at once.
const TIMEOUT_PAUSE: Duration = Duration::from_millis(10);

/// How many outdated flags of a session are remembered: more changes than that are never on their way at once.
const OUTDATED_FLAGS: usize = 4;

const LOGIN_TOO_LATE: &str = "You have been connected for too long without logging in. Please come back.";
const GIVEN_UP: &str = "What you typed has stopped the game twice and is not tried again.";

/// One connection.
pub(crate) struct PortalSession {
    protocol: Contained,
    /// The protocol's wish as of the last call into it.
    protocol_deadline: Option<Time>,
    sync: SessionSync,
    inputs: InputQueue,
    /// The Server has asked for what is typed not to be shown.
    hides: bool,
    out: Out,
    /// When the throttle lets the next input through.
    held_until: Option<Time>,
    login_until: Time,
    half_closed_until: Option<Time>,
    /// Generation of the Server that knows this session; 0 for none.
    told: u64,
    /// A Server that was ready has known it, and so has greeted it.
    met: bool,
    ready: bool,
    dirty: bool,
    /// Flags that the Server was told and that have changed since, newest last; it may still speak of them.
    outdated: Vec<Flags>,
    /// The protocol has not read all that it was given.
    backlog: bool,
    wishes: Wishes,
    traffic: Traffic,
    presence: Presence,
    /// When the client last sent anything.
    heard: Time,
    /// Nothing that the protocol says can reach the client any more; it is not called.
    broken: bool,
    closing: Option<Closing>,
}

/// A connection that is to end when its last bytes are out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Closing {
    /// For the log.
    pub(crate) reason: String,
    /// When it ends even if they are not.
    pub(crate) until: Time,
}

impl PortalSession {
    /// A session that nothing has been said on yet.
    pub(crate) fn new(
        id: SessionId,
        protocol: Box<dyn Protocol>,
        transport: Transport,
        address: &str,
        now: Time,
        limits: &Limits,
    ) -> PortalSession {
        PortalSession {
            sync: SessionSync::new(id, protocol.key(), address, now),
            protocol: Contained::new(protocol),
            protocol_deadline: None,
            inputs: InputQueue::new(),
            hides: false,
            out: Out::new(transport),
            held_until: None,
            login_until: now + limits.login_time,
            half_closed_until: None,
            told: 0,
            met: false,
            ready: false,
            dirty: false,
            backlog: false,
            wishes: Wishes::default(),
            traffic: Traffic::default(),
            presence: Presence::default(),
            heard: now,
            outdated: Vec::new(),
            broken: false,
            closing: None,
        }
    }

    /// The client is there: the greeting.
    pub(crate) fn connect(&mut self, now: Time) {
        self.call(now, |protocol, out| protocol.connect(now, out));
    }

    /// The Portal itself says something to the game, in the client's place.
    pub(crate) fn say_first(&mut self, tuple: CommandTuple) {
        self.inputs.push(tuple);
    }

    /// Something came from the client.
    pub(crate) fn receive(&mut self, now: Time, bytes: &[u8]) {
        if self.closing.is_none() {
            self.hear(now, bytes.len());
            self.call(now, |protocol, out| protocol.receive(now, bytes, out));
        }
    }

    /// The client's window has another size.
    #[cfg(feature = "ssh")]
    pub(crate) fn resize(&mut self, now: Time, columns: u32, lines: u32) {
        if self.closing.is_none() {
            self.call(now, |protocol, out| protocol.resize(columns, lines, out));
        }
    }

    /// Lets the protocol read on what it has not read yet, as far as there is room; says whether there was
    /// anything. To be called before more is taken from the client.
    pub(crate) fn read_on(&mut self, now: Time, room: usize) -> bool {
        let waits = self.backlog && !self.broken;
        if waits {
            self.call(now, |protocol, out| protocol.read_on(now, room, out));
        }
        waits
    }

    /// A whole message came from the client of a message transport.
    pub(crate) fn receive_message(&mut self, now: Time, kind: MessageKind, message: &[u8]) {
        if self.closing.is_none() {
            self.hear(now, message.len());
            self.call(now, |protocol, out| protocol.receive_message(now, kind, message, out));
        }
    }

    /// The client sends nothing more. What it typed is still done, if that does not take long.
    pub(crate) fn end_of_input(&mut self, now: Time) {
        self.half_closed_until.get_or_insert(now + HALF_CLOSED_TIME);
        self.close_if_done(now);
    }

    /// How many bytes may be read from the client now.
    pub(crate) fn room(&self, limits: &Limits) -> usize {
        if self.closing.is_some() || self.half_closed_until.is_some() || self.wishes.start_tls.is_some() {
            return 0;
        }
        self.inputs.room(limits)
    }

    /// The game says something.
    pub(crate) fn send(&mut self, now: Time, tuple: &CommandTuple, render: &mut Render<'_>) {
        if self.closing.is_none() {
            self.inputs.answer();
            if let Some(shows) = tuple.option("echo").and_then(Value::as_bool) {
                self.hides = !shows;
            }
            self.call(now, |protocol, out| protocol.send(tuple, render, out));
        }
    }

    /// The Portal itself says something, to whoever has seen the game already.
    pub(crate) fn notice(&mut self, now: Time, line: &str) {
        if self.met && self.closing.is_none() {
            let tuple = text(line);
            self.call(now, |protocol, out| protocol.send(&tuple, &mut Render::new(line), out));
        }
    }

    /// The Server has logged this session in.
    pub(crate) fn login(&mut self, now: Time, uid: u64, uname: Box<str>) {
        self.sync.uid = Some(uid);
        self.sync.uname = Some(uname);
        self.sync.logged_in = true;
        self.call(now, |protocol, out| protocol.at_login(out));
    }

    /// Takes over what the Server knows of this session; who it is and whence it came stays.
    pub(crate) fn take_over(&mut self, now: Time, theirs: SessionSync) {
        let ours = &mut self.sync;
        ours.uid = theirs.uid;
        ours.uname = theirs.uname;
        ours.logged_in = theirs.logged_in;
        ours.puid = theirs.puid;
        ours.csessid = theirs.csessid.or(ours.csessid.take());
        ours.cmd_last = theirs.cmd_last;
        ours.cmd_last_visible = theirs.cmd_last_visible;
        ours.cmd_total = theirs.cmd_total;
        ours.server_data = theirs.server_data;
        if ours.flags == theirs.flags {
            self.outdated = Vec::new();
        } else if !self.dirty && !self.outdated.contains(&theirs.flags) {
            // What the client said and the Server had not heard yet is newer than what the Server says.
            ours.flags = theirs.flags.clone();
            self.call(now, |protocol, _| protocol.set_flags(theirs.flags));
        }
    }

    /// The game has set flags of this session.
    pub(crate) fn apply_flags(&mut self, now: Time, changed: &Kwargs) {
        if self.sync.flags.apply(changed) {
            let flags = self.sync.flags.clone();
            self.call(now, |protocol, _| protocol.set_flags(flags));
        }
    }

    /// The game or the Portal ends the connection, once everything said before has been sent.
    pub(crate) fn disconnect(&mut self, now: Time, reason: &str) {
        if self.closing.is_none() {
            self.call(now, |protocol, out| protocol.disconnect(reason, out));
            self.close(now, reason);
        }
    }

    /// Ends the connection once what waits for it has been sent.
    pub(crate) fn close(&mut self, now: Time, reason: impl Into<String>) {
        if self.closing.is_none() {
            self.closing = Some(Closing { reason: reason.into(), until: now + FLUSH_TIME });
        }
    }

    /// Ends the connection at once; what waits for it is forgotten.
    pub(crate) fn cut(&mut self, now: Time, reason: impl Into<String>) {
        self.broken = true;
        self.out.clear();
        self.close(now, reason);
    }

    /// Cuts a client that does not read what it is sent. Called after every attempt to write.
    pub(crate) fn cut_if_slow(&mut self, now: Time, limits: &Limits) {
        if self.out.len() > limits.output_queue_bytes {
            let bytes = self.out.len();
            self.cut(now, format!("it does not read: {bytes} bytes were waiting for it"));
            // Whatever reason it had before, there is nothing left to flush.
            if let Some(closing) = &mut self.closing {
                closing.until = now;
            }
        }
    }

    /// Whether and how the connection ends.
    pub(crate) fn closing(&self) -> Option<&Closing> {
        self.closing.as_ref()
    }

    /// What waits for the client.
    pub(crate) fn out(&mut self) -> &mut Out {
        &mut self.out
    }

    /// When [`PortalSession::timeout`] wants to be called next.
    pub(crate) fn deadline(&self) -> Option<Time> {
        if let Some(closing) = &self.closing {
            return Some(closing.until);
        }
        let login = (!self.sync.logged_in).then_some(self.login_until);
        [self.protocol_deadline, self.held_until, self.half_closed_until, login].into_iter().flatten().min()
    }

    /// Time has passed; does whatever is due by now.
    pub(crate) fn timeout(&mut self, now: Time) {
        let due = |deadline: Option<Time>| deadline.is_some_and(|deadline| deadline <= now);
        if self.closing.is_some() {
            if due(self.closing.as_ref().map(|closing| closing.until)) {
                self.out.clear();
            }
            return;
        }
        if due(self.held_until) {
            self.held_until = None;
        }
        if due(self.protocol_deadline) {
            self.call(now, |protocol, out| protocol.timeout(now, out));
            if due(self.protocol_deadline) {
                // A protocol that forgot to move its deadline on must not be asked without end.
                self.protocol_deadline = Some(now + TIMEOUT_PAUSE);
            }
        }
        if due(self.half_closed_until) {
            self.close(now, "closed by the client");
        } else if !self.sync.logged_in && due(Some(self.login_until)) {
            self.disconnect(now, LOGIN_TOO_LATE);
        }
    }

    /// Whether anybody is logged in.
    pub(crate) fn is_logged_in(&self) -> bool {
        self.sync.logged_in
    }

    /// Name of the account, if somebody is logged in.
    pub(crate) fn player(&self) -> Option<&str> {
        self.sync.uname.as_deref().filter(|_| self.sync.logged_in)
    }

    /// The Server has done inputs, up to and including `seq`.
    pub(crate) fn ack(&mut self, now: Time, seq: u64) {
        self.inputs.ack(seq);
        self.reach_marks(now);
        self.close_if_done(now);
    }

    /// The Server has stopped in order.
    pub(crate) fn server_stopped(&mut self) {
        self.inputs.server_stopped();
        self.held_until = None;
    }

    /// The Server died.
    pub(crate) fn server_died(&mut self) {
        self.inputs.server_died();
        self.held_until = None;
    }

    /// The Server that comes after is ready; its database holds inputs up to and including `applied`.
    pub(crate) fn server_ready(&mut self, now: Time, applied: u64) {
        self.met |= self.told > 0;
        let given_up = self.inputs.server_ready(applied);
        for tuple in &given_up {
            // What a player types is never logged; its kind is enough to find the guilty code.
            error!(session = %self.sync.id, name = tuple.name, "an input that two Servers died with is given up");
        }
        if !given_up.is_empty() {
            self.notice(now, GIVEN_UP);
        }
        self.close_if_done(now);
    }

    /// What the Server that is numbered `generation` is told when it takes over, if it is to be told. Whoever came
    /// while there was none is connected to it afterwards, so that it greets them.
    pub(crate) fn snapshot(&mut self, generation: u64) -> Option<SessionSync> {
        if self.closing.is_some() {
            return None;
        }
        self.told = if self.met { generation } else { 0 };
        self.met.then(|| self.tell_all())
    }

    /// Whether the Server that is numbered `generation` knows this session.
    pub(crate) fn is_told(&self, generation: u64) -> bool {
        self.told == generation
    }

    /// Whether [`PortalSession::tell`] may have something to tell.
    pub(crate) fn has_news(&self) -> bool {
        self.closing.is_some() || self.dirty || self.told == 0 || self.inputs.has_unsent()
    }

    /// Tells the Server whatever it does not know yet and takes now. Calling it once more is harmless.
    pub(crate) fn tell(&mut self, server: &mut ServerEnd, now: Time, limits: &Limits) {
        if server.gate() == Gate::Closed {
            return;
        }
        let told = self.told == server.generation();
        if self.closing.is_some() {
            if told {
                self.told = 0;
                send(server, &ToServer::Disconnect(self.sync.id));
            }
            return;
        }
        if !self.ready {
            return;
        }
        if !told {
            self.told = server.generation();
            self.met |= server.gate() == Gate::Open;
            send(server, &ToServer::Connect(self.tell_all()));
        } else if std::mem::take(&mut self.dirty) {
            send(server, &ToServer::Update(self.sync.clone()));
        }
        if server.gate() == Gate::Open {
            self.tell_inputs(server, now, limits);
        }
    }

    /// The whole of it, for a Server that knows nothing of it.
    fn tell_all(&mut self) -> SessionSync {
        self.dirty = false;
        self.outdated = Vec::new();
        self.sync.clone()
    }

    fn tell_inputs(&mut self, server: &mut ServerEnd, now: Time, limits: &Limits) {
        let session = self.sync.id;
        self.held_until = None;
        while self.inputs.has_unsent() && server.has_room() {
            match self.inputs.next(now, limits) {
                Next::Send(seq, waiting) => {
                    // Lent to the message, for the queue keeps it until it is acknowledged.
                    let tuple = std::mem::take(waiting);
                    let message = ToServer::Input { session, seq, tuple };
                    if !send(server, &message) {
                        self.inputs.forget_last_sent();
                    } else if let ToServer::Input { tuple, .. } = message {
                        *waiting = tuple;
                    }
                }
                Next::Later(time) => {
                    self.held_until = Some(time);
                    return;
                }
                Next::Nothing => return,
            }
        }
    }

    fn close_if_done(&mut self, now: Time) {
        if self.half_closed_until.is_some() && self.inputs.is_empty() {
            self.close(now, "closed by the client");
        }
    }
}

/// Tells the Server, or says in the log why it cannot be told.
fn send(server: &mut ServerEnd, message: &ToServer) -> bool {
    server
        .send(message)
        .inspect_err(|error| warn!(%error, "a message to the Server cannot be written"))
        .is_ok()
}

#[cfg(test)]
mod tests;
