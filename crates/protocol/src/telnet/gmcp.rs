//! GMCP (201): packages with JSON. What the messages mean is in `oob::gmcp`; here they get on the wire.

use meadow_link::{CommandTuple, Time};

use super::{
    Telnet,
    negotiate::{Side, Wish},
    oob::{self, Language},
    option::TelnetOption,
    sga,
};
use crate::{
    Outbox,
    oob::{
        gmcp::{Gmcp, Incoming},
        msdp,
    },
};

/// Its code.
pub(super) const GMCP: u8 = 201;

/// What is remembered of a client.
pub(super) type State = Gmcp;

/// The option.
pub(super) struct GmcpOption;

impl TelnetOption for GmcpOption {
    fn code(&self) -> u8 {
        GMCP
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    /// Clients begin to speak right after they have agreed, and some before.
    fn may_come_early(&self) -> bool {
        true
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, out: &mut Outbox) {
        if wish == Wish::Off {
            telnet.states.gmcp = Gmcp::default();
            if telnet.logged_in {
                let _ = telnet.states.gmcp.at_login();
            }
        }
        oob::settled(telnet, out);
    }

    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, payload: &[u8], out: &mut Outbox) {
        telnet.states.oob.recent = Some(Language::Gmcp);
        match telnet.states.gmcp.receive(payload, &telnet.settings.oob) {
            Incoming::Input(tuple) => oob::input(telnet, tuple, out),
            Incoming::Answer(messages) => {
                for message in messages {
                    oob::transmit(GMCP, message.as_bytes(), out);
                }
            }
            Incoming::ClientName(name) => {
                telnet.flags.clientname = name.into();
                sga::refused(telnet, out);
                out.flags_changed();
            }
            Incoming::Msdp(variables) => {
                oob::variables(telnet, msdp::from_json(variables), Language::Gmcp, out);
            }
            Incoming::Nothing => {}
        }
    }
}

/// Sends a tuple, if it has a name that a client can read and the client supports its package.
pub(super) fn send(telnet: &mut Telnet, tuple: &CommandTuple, out: &mut Outbox) {
    if let Ok(Some(message)) = telnet.states.gmcp.send(tuple, &telnet.settings.oob) {
        oob::transmit(GMCP, message.as_bytes(), out);
    }
}

/// Somebody logged in.
pub(super) fn at_login(telnet: &mut Telnet, out: &mut Outbox) {
    if let Some(message) = telnet.states.gmcp.at_login() {
        oob::transmit(GMCP, message.as_bytes(), out);
    }
}

/// The connection is about to end.
pub(super) fn goodbye(telnet: &Telnet, reason: &str, out: &mut Outbox) {
    if telnet.agreement(GMCP).is_on(Side::Us) {
        oob::transmit(GMCP, Gmcp::goodbye(reason).as_bytes(), out);
    }
}
