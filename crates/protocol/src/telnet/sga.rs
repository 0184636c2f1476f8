//! SUPPRESS-GO-AHEAD (3, RFC 858): a client that refuses it gets a go-ahead after each prompt.

use meadow_link::Flag;

use super::{
    Telnet,
    negotiate::{Side, Wish},
    option::TelnetOption,
};
use crate::Outbox;

/// Its code.
pub(super) const SUPPRESS_GO_AHEAD: u8 = 3;

/// The option. A client may suppress its own go-aheads too; it sends none that would matter.
pub(super) struct Sga;

impl TelnetOption for Sga {
    fn code(&self) -> u8 {
        SUPPRESS_GO_AHEAD
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    fn accepts(&self, _side: Side) -> bool {
        true
    }

    fn settled(&self, telnet: &mut Telnet, side: Side, wish: Wish, out: &mut Outbox) {
        match (side, wish) {
            (Side::Him, _) => {}
            (Side::Us, Wish::On) => set(telnet, true, true, out),
            (Side::Us, Wish::Off) => refused(telnet, out),
        }
    }
}

/// Sets Evennia's two flags for a client that refused, now or earlier. Mudlet wants the mark after
/// prompts only, and Evennia has a flag of its own for that.
pub(super) fn refused(telnet: &mut Telnet, out: &mut Outbox) {
    if telnet.agreement(SUPPRESS_GO_AHEAD).is_off(Side::Us) {
        let mudlet = telnet.flags.clientname.starts_with("MUDLET");
        set(telnet, mudlet, !mudlet, out);
    }
}

fn set(telnet: &mut Telnet, nogoahead: bool, nopromptgoahead: bool, out: &mut Outbox) {
    for (flag, on) in [(Flag::Nogoahead, nogoahead), (Flag::Nopromptgoahead, nopromptgoahead)] {
        if telnet.flags.has(flag) != on {
            telnet.flags.set(flag, on);
            out.flags_changed();
        }
    }
}
