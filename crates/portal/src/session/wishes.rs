//! What a protocol asks of the Portal besides carrying bytes: TLS, a mark in the output, another address.

use meadow_link::{Flag, Time};
use meadow_protocol::Outbox;
use tracing::debug;

use super::PortalSession;
use crate::out::Out;

/// What one session has asked for and has not got yet.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    /// TLS, which begins with these bytes.
    pub(super) start_tls: Option<Vec<u8>>,
    /// To be told when the game has done the input of this number, and all before it.
    mark: Option<u64>,
    /// It may say for whom it speaks: its address is that of a trusted proxy.
    is_proxy: bool,
}

impl PortalSession {
    /// The connection is encrypted. Called after [`PortalSession::connect`], which may have begun the
    /// protocol anew.
    pub(crate) fn secured(&mut self, now: Time) {
        if let Out::Stream(..) = self.out {
            // Evennia's name for telnet over TLS.
            self.sync.protocol_key = format!("{}/ssl", self.protocol.key()).into();
        }
        let mut flags = self.protocol_flags(now);
        flags.set(Flag::Ssl, true);
        self.sync.flags = flags.clone();
        self.dirty = true;
        self.call(now, |protocol, _| protocol.set_flags(flags));
    }

    /// The connection is that of a trusted proxy, which may have told for whom it speaks, but has not.
    pub(crate) fn believe(&mut self) {
        self.wishes.is_proxy = true;
    }

    /// Takes the protocol's wish for TLS: the bytes of it that have come.
    pub(crate) fn take_start_tls(&mut self) -> Option<Vec<u8>> {
        self.wishes.start_tls.take()
    }

    pub(super) fn take_wishes(&mut self, now: Time, outbox: &mut Outbox) {
        if let Some(first) = outbox.take_start_tls() {
            self.wishes.start_tls.get_or_insert_default().extend(first);
        }
        if let Some(address) = outbox.take_speaks_for() {
            // Once, before the game has acted on the address.
            if std::mem::take(&mut self.wishes.is_proxy) && !self.sync.logged_in {
                debug!(session = %self.sync.id, proxy = %self.sync.address, %address, "a proxy tells whom it speaks for");
                self.sync.address = address.to_canonical().to_string().into();
                self.dirty = true;
            } else {
                debug!(session = %self.sync.id, %address, "nobody trusted says whom it speaks for");
            }
        }
        if outbox.take_mark() {
            self.wishes.mark = Some(self.inputs.last());
            self.reach_marks(now);
        }
    }

    /// Tells the protocol if the game has done what was to be done before its mark.
    pub(super) fn reach_marks(&mut self, now: Time) {
        if self.wishes.mark.is_some_and(|mark| self.inputs.is_done(mark)) {
            self.wishes.mark = None;
            self.call(now, |protocol, out| protocol.at_mark(out));
        }
    }

    /// Something came from the client.
    pub(super) fn hear(&mut self, now: Time, bytes: usize) {
        self.heard = now;
        self.traffic.received += bytes as u64;
    }
}

#[cfg(test)]
mod tests {
    use meadow_link::{CommandTuple, Flags, SessionId, text};
    use meadow_protocol::{Protocol, Render, Transport};

    use super::*;
    use crate::Limits;

    const NOW: Time = Time::from_micros(1_000_000_000);

    /// Wishes for what it is told to wish for.
    #[derive(Default)]
    struct Wishing(Flags);

    impl Protocol for Wishing {
        fn key(&self) -> &'static str {
            "wishing"
        }

        fn flags(&self) -> &Flags {
            &self.0
        }

        fn set_flags(&mut self, flags: Flags) {
            self.0 = flags;
        }

        fn connect(&mut self, _now: Time, out: &mut Outbox) {
            out.ready();
        }

        fn receive(&mut self, _now: Time, bytes: &[u8], out: &mut Outbox) {
            for word in std::str::from_utf8(bytes).expect("text").split(' ') {
                match word.split_once('=') {
                    Some(("speaks-for", address)) => out.speaks_for(address.parse().expect("an address")),
                    Some(("tls", first)) => {
                        out.start_tls();
                        out.tls_bytes(first.as_bytes());
                    }
                    _ if word == "mark" => out.mark(),
                    _ => out.input(text(word)),
                }
            }
        }

        fn at_mark(&mut self, out: &mut Outbox) {
            out.transmit(b"*");
        }

        fn send_text(&mut self, _tuple: &CommandTuple, _render: &mut Render<'_>, out: &mut Outbox) {
            out.transmit(b"t");
        }

        fn send_prompt(&mut self, _tuple: &CommandTuple, _render: &mut Render<'_>, _out: &mut Outbox) {}

        fn send_default(&mut self, _tuple: &CommandTuple, _out: &mut Outbox) {}

        fn disconnect(&mut self, _reason: &str, _out: &mut Outbox) {}
    }

    fn session(limits: &Limits) -> PortalSession {
        let protocol = Box::new(Wishing::default());
        let mut session =
            PortalSession::new(SessionId(1), protocol, Transport::Stream, "10.0.0.1", NOW, limits);
        session.connect(NOW);
        session
    }

    fn written(session: &mut PortalSession) -> Vec<u8> {
        let bytes = session.packed(NOW).expect("a stream").to_vec();
        session.out().clear();
        bytes
    }

    #[test]
    fn a_trusted_proxy_names_its_client_once_and_nobody_else_does() {
        let mut session = session(&Limits::default());
        session.receive(NOW, b"speaks-for=203.0.113.9");
        assert_eq!(&*session.sync.address, "10.0.0.1", "not believed");
        session.believe();
        session.receive(NOW, b"speaks-for=::ffff:203.0.113.9");
        assert_eq!(&*session.sync.address, "203.0.113.9");
        assert!(session.dirty, "the Server is told");
        session.receive(NOW, b"speaks-for=203.0.113.10");
        assert_eq!(&*session.sync.address, "203.0.113.9");
    }

    #[test]
    fn whoever_is_logged_in_keeps_the_address() {
        let mut session = session(&Limits::default());
        session.believe();
        session.login(NOW, 7, "Anna".into());
        session.receive(NOW, b"speaks-for=203.0.113.9");
        assert_eq!(&*session.sync.address, "10.0.0.1");
    }

    #[test]
    fn a_mark_comes_when_all_before_it_is_done() {
        let mut session = session(&Limits::default());
        session.receive(NOW, b"mark");
        assert_eq!(written(&mut session), b"*", "nothing was before it");
        session.receive(NOW, b"one two mark three");
        let limits = Limits::default();
        while let crate::input::Next::Send(..) = session.inputs.next(NOW, &limits) {}
        session.ack(NOW, 2);
        assert_eq!(written(&mut session), b"", "the mark is behind what came with it");
        session.ack(NOW, 3);
        session.send(NOW, &text("more"), &mut Render::new("more"));
        assert_eq!(written(&mut session), b"*t");
        session.ack(NOW, 3);
        assert_eq!(written(&mut session), b"", "once is enough");
    }

    #[test]
    fn nothing_is_read_in_the_clear_once_tls_was_asked_for() {
        let limits = Limits::default();
        let mut session = session(&limits);
        assert!(session.room(&limits) > 0);
        session.receive(NOW, b"tls=\x16 tls=\x03");
        assert_eq!(session.room(&limits), 0);
        assert_eq!(session.take_start_tls().as_deref(), Some(&[0x16, 3][..]));
        assert!(session.take_start_tls().is_none() && session.room(&limits) > 0);
        session.secured(NOW);
        assert_eq!(&*session.sync.protocol_key, "wishing/ssl");
        assert!(session.sync.flags.has(Flag::Ssl) && session.protocol.flags().has(Flag::Ssl));
    }
}
