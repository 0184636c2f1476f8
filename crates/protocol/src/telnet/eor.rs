//! END-OF-RECORD (25, RFC 885): marks prompts, so that a client can tell one from an unfinished line.

use super::{negotiate::Side, option::TelnetOption};

/// Its code.
pub(super) const END_OF_RECORD: u8 = 25;

/// The option; the mark itself is written where prompts are.
pub(super) struct Eor;

impl TelnetOption for Eor {
    fn code(&self) -> u8 {
        END_OF_RECORD
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }
}
