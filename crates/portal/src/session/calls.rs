//! Calls into the protocol of a session, and what becomes of what it leaves. A protocol may be a game's own, so
//! whatever it does ends its own session at worst.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

use bytes::BytesMut;
use meadow_link::{CommandTuple, Flag, Time, text};
use meadow_protocol::{Flow, Outbox, Protocol, Render};
use tracing::error;

use super::{OUTDATED_FLAGS, PortalSession};
use crate::{api::WEB_LOGIN, out::Out};

/// Bytes of memory that the outbox of a thread may keep from one call to the next.
const OUTBOX_KEPT: usize = 64 * 1024;

thread_local! {
    /// The outbox of the protocol call that runs on this thread: an idle session keeps no buffer.
    static OUTBOX: Cell<Outbox> = Cell::new(Outbox::new());
}

impl PortalSession {
    /// What waits for the client of a stream, in the form that goes over the wire. Whoever writes to the
    /// socket takes it from here, once a batch.
    pub(crate) fn packed(&mut self, now: Time) -> Option<&mut BytesMut> {
        let flow = if self.closing.is_some() { Flow::Last } else { Flow::More };
        let Out::Stream(bytes, fresh) = &mut self.out else { return None };
        if !self.broken && (*fresh > 0 || flow == Flow::Last) {
            let start = bytes.len() - std::mem::take(fresh);
            let protocol = &mut *self.protocol;
            match catch_unwind(AssertUnwindSafe(|| protocol.pack(bytes, start, flow))) {
                Ok(()) => self.traffic.sent += bytes.len().saturating_sub(start) as u64,
                Err(_) => self.protocol_panicked(now),
            }
        }
        match &mut self.out {
            Out::Stream(bytes, _) => Some(bytes),
            Out::Messages(..) => None,
        }
    }

    /// Calls the protocol and takes what it leaves. A panic of it ends this session and nothing else.
    pub(super) fn call(&mut self, now: Time, call: impl FnOnce(&mut dyn Protocol, &mut Outbox)) {
        if self.broken {
            return;
        }
        let mut outbox = OUTBOX.take();
        outbox.goes_after(self.out.fresh());
        let protocol = &mut *self.protocol;
        let called = catch_unwind(AssertUnwindSafe(|| {
            call(protocol, &mut outbox);
            (protocol.deadline(), protocol.has_backlog())
        }));
        match called {
            Ok((deadline, backlog)) => {
                self.protocol_deadline = deadline;
                self.backlog = backlog;
                self.take_outbox(now, &mut outbox);
                if outbox.bytes().len() <= OUTBOX_KEPT {
                    outbox.clear_bytes();
                    OUTBOX.set(outbox);
                }
            }
            Err(_) => self.protocol_panicked(now),
        }
    }

    pub(super) fn protocol_panicked(&mut self, now: Time) {
        self.protocol_deadline = None;
        error!(session = %self.sync.id, protocol = %self.sync.protocol_key, "the protocol panicked");
        self.cut(now, "its protocol broke");
    }

    fn take_outbox(&mut self, now: Time, outbox: &mut Outbox) {
        self.out.append(outbox);
        if let Out::Messages(..) = self.out {
            self.traffic.sent += outbox.bytes().len() as u64;
        }
        if outbox.take_flags_changed() {
            let flags = self.protocol_flags(now);
            let before = std::mem::replace(&mut self.sync.flags, flags);
            if self.told > 0 && !std::mem::replace(&mut self.dirty, true) {
                if self.outdated.len() == OUTDATED_FLAGS {
                    self.outdated.remove(0);
                }
                self.outdated.push(before);
            }
        }
        if outbox.take_ready() && !self.ready {
            self.ready = true;
            self.sync.flags = self.protocol_flags(now);
        }
        let inputs = outbox.take_inputs();
        if !inputs.is_empty() {
            let echo = self.sync.flags.has(Flag::Localecho);
            // That a browser is signed in is for the Portal to say.
            for tuple in inputs.into_iter().filter(|tuple| !tuple.name.trim().eq_ignore_ascii_case(WEB_LOGIN))
            {
                if echo && !self.hides && tuple.name == "text" {
                    self.local_echo(&tuple);
                }
                self.inputs.push(tuple);
            }
        }
        self.take_wishes(now, outbox);
        if let Some(close) = outbox.take_close() {
            self.close(now, close.reason);
        }
    }

    /// Sends back what was typed, as the flag LOCALECHO asks. It is text, not markup.
    fn local_echo(&mut self, typed: &CommandTuple) {
        let Some(line) = typed.first_str() else { return };
        let tuple = text(line).with_option("raw", true);
        let mut outbox = Outbox::new();
        outbox.goes_after(self.out.fresh());
        let protocol = &mut *self.protocol;
        let called =
            catch_unwind(AssertUnwindSafe(|| protocol.send(&tuple, &mut Render::new(line), &mut outbox)));
        match called {
            Ok(()) => self.out.append(&outbox),
            Err(_) => self.broken = true,
        }
    }
}
