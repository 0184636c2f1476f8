//! MCCP2 (86, Mud Client Compression Protocol): what the client gets is one zlib stream.
//!
//! What is said stays clear until the Portal writes: then [`pack`] compresses everything that a batch has left,
//! with one flush. All that happens at once is that the place is noted where compression begins or ends.

use bytes::BytesMut;
use meadow_link::Flag;

use super::{
    Telnet, TelnetSettings,
    negotiate::{Side, Wish},
    option::TelnetOption,
    parse::{IAC, SB, SE},
};
use crate::{Flow, Outbox, compress::Deflater};

/// Its code.
const MCCP2: u8 = 86;

/// How often compression may be switched on in one connection, each way. Nobody does it more than a few
/// times, and each costs the start of an encoder.
pub const MCCP_STARTS: u8 = 16;

/// Whether MCCP is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mccp {
    /// Never.
    Never,
    /// On connections that are not encrypted. What is compressed and then encrypted tells by its size what
    /// somebody else's text in it has in common with a secret (CRIME, CVE-2012-4929).
    #[default]
    Unencrypted,
    /// On all.
    Always,
}

impl Mccp {
    /// Whether it is offered on a connection with these settings.
    pub(super) fn is_offered(settings: &TelnetSettings) -> bool {
        match settings.mccp {
            Mccp::Never => false,
            Mccp::Unencrypted => !settings.encrypted,
            Mccp::Always => true,
        }
    }
}

/// What is remembered of a client: nothing, until it has switched compression on.
#[derive(Debug, Default)]
pub(super) struct State(Option<Box<Compression>>);

#[derive(Debug, Default)]
struct Compression {
    /// As of the last call to [`pack`].
    stream: Option<Deflater>,
    /// What is to happen in the bytes that are fresh then, and where.
    switches: Vec<(usize, Switch)>,
    starts: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Switch {
    Begin,
    End,
}

/// The option.
pub(super) struct Mccp2;

impl TelnetOption for Mccp2 {
    fn code(&self) -> u8 {
        MCCP2
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    fn is_available(&self, telnet: &Telnet) -> bool {
        let starts = telnet.states.mccp2.0.as_ref().map_or(0, |compression| compression.starts);
        Mccp::is_offered(&telnet.settings) && starts < MCCP_STARTS
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, out: &mut Outbox) {
        match wish {
            Wish::On => {
                let compression = telnet.states.mccp2.0.get_or_insert_default();
                out.transmit(&[IAC, SB, MCCP2, IAC, SE]);
                compression.switches.push((out.position(), Switch::Begin));
                compression.starts += 1;
            }
            Wish::Off => {
                if let Some(compression) = &mut telnet.states.mccp2.0 {
                    compression.switches.push((out.position(), Switch::End));
                }
            }
        }
        if telnet.flags.has(Flag::Mccp) != (wish == Wish::On) {
            telnet.flags.set(Flag::Mccp, wish == Wish::On);
            out.flags_changed();
        }
    }
}

/// Compresses what is fresh, where it is to be; see [`Protocol::pack`](crate::Protocol::pack).
pub(super) fn pack(state: &mut State, bytes: &mut BytesMut, fresh: usize, flow: Flow) {
    let Some(compression) = &mut state.0 else { return };
    if compression.stream.is_none() && compression.switches.is_empty() {
        return;
    }
    let plain = bytes.split_off(fresh);
    let mut from = 0;
    for (at, switch) in std::mem::take(&mut compression.switches) {
        // What was to be sent may have been forgotten since.
        let at = at.clamp(from, plain.len());
        compression.write(&plain[from..at], bytes);
        match switch {
            Switch::Begin => compression.stream = Some(Deflater::begin(bytes)),
            Switch::End => compression.end(bytes),
        }
        from = at;
    }
    compression.write(&plain[from..], bytes);
    if flow == Flow::Last {
        compression.end(bytes);
    }
}

impl Compression {
    fn write(&mut self, plain: &[u8], wire: &mut BytesMut) {
        match &mut self.stream {
            Some(stream) => stream.write(plain, wire),
            None => wire.extend_from_slice(plain),
        }
    }

    fn end(&mut self, wire: &mut BytesMut) {
        if let Some(stream) = self.stream.take() {
            stream.end(wire);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::HISTORY;

    #[test]
    fn a_compressed_session_is_small_and_any_other_pays_a_pointer() {
        assert_eq!(size_of::<State>(), size_of::<usize>());
        let size = size_of::<Compression>() + HISTORY;
        assert!(size <= 2560, "{size} bytes");
    }
}
