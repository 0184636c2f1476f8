//! ECHO (1, RFC 857): the game says that it echoes, so the client stops doing so, while a password is
//! typed. `Telnet` asks for it where a message says `echo`.

use super::{negotiate::Side, option::TelnetOption};

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
