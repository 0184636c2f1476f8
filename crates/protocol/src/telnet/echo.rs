//! ECHO (1, RFC 857): the game says that it echoes, so the client stops doing so, while a password is
//! typed. `Telnet` asks for it where a message says `echo`.

use super::{Telnet, negotiate::Side, option::TelnetOption};
use crate::Outbox;

/// Its code.
pub(super) const ECHO: u8 = 1;

/// The option. A client that asks for it unasked is refused, since nothing is ever echoed.
pub(super) struct Echo;

impl TelnetOption for Echo {
    fn code(&self) -> u8 {
        ECHO
    }

    fn offer(&self) -> Option<Side> {
        None
    }
}

/// A line was typed. Its end is the one thing that is echoed: else what is said next would stand behind the question.
pub(super) fn end_line(telnet: &Telnet, out: &mut Outbox) {
    if telnet.agreement(ECHO).is_on(Side::Us) {
        out.transmit(b"\r\n");
    }
}
