//! MSDP (69): variables. What the messages mean is in `oob::msdp`; here they get on the wire.

use meadow_link::{CommandTuple, Time};

use super::{
    Telnet,
    negotiate::{Side, Wish},
    oob::{self, Language},
    option::TelnetOption,
};
use crate::{Outbox, oob::msdp};

/// Its code.
pub(super) const MSDP: u8 = 69;

/// The option.
pub(super) struct Msdp;

impl TelnetOption for Msdp {
    fn code(&self) -> u8 {
        MSDP
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    /// As GMCP.
    fn may_come_early(&self) -> bool {
        true
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, _wish: Wish, out: &mut Outbox) {
        oob::settled(telnet, out);
    }

    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, payload: &[u8], out: &mut Outbox) {
        telnet.states.oob.recent = Some(Language::Msdp);
        // What cannot be read is ignored; a client that sends such a thing expects no answer either.
        if let Ok(variables) = msdp::decode(payload) {
            oob::variables(telnet, variables, Language::Msdp, out);
        }
    }
}

/// Sends a tuple, if it is not too long.
pub(super) fn send(tuple: &CommandTuple, out: &mut Outbox) {
    if let Ok(message) = msdp::encode(tuple) {
        oob::transmit(MSDP, &message, out);
    }
}
