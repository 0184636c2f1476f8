//! START_TLS (46, draft-altman-telnet-starttls): a connection that began in the clear goes on encrypted.
//!
//! The client asks (the option is not offered: most MUD clients would only refuse). Both ends say FOLLOWS; what comes
//! after that is TLS, and the Portal's. When its handshake is done it calls `connect` once more, and telnet
//! begins anew: nothing that was said in the clear counts any longer.

use meadow_link::{Flag, Time};

use super::{
    Stage, Telnet,
    negotiate::Side,
    option::TelnetOption,
    parse::{IAC, SB, SE},
};
use crate::Outbox;

/// Its code.
const START_TLS: u8 = 46;
const FOLLOWS: u8 = 1;

/// The option.
pub(super) struct StartTls;

impl TelnetOption for StartTls {
    fn code(&self) -> u8 {
        START_TLS
    }

    fn offer(&self) -> Option<Side> {
        None
    }

    fn accepts(&self, side: Side) -> bool {
        side == Side::Him
    }

    /// Not for who has logged in or compresses: too much has been said and heard in the clear.
    fn is_available(&self, telnet: &Telnet) -> bool {
        let settings = &telnet.settings;
        let compressed = telnet.flags.has(Flag::Mccp) || telnet.states.mccp3.is_on();
        settings.start_tls && !settings.encrypted && !telnet.logged_in && !compressed
    }

    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, payload: &[u8], out: &mut Outbox) {
        if payload == [FOLLOWS] && self.is_available(telnet) {
            out.transmit(&[IAC, SB, START_TLS, FOLLOWS, IAC, SE]);
            out.start_tls();
            telnet.stage = Stage::Securing;
        }
    }
}
