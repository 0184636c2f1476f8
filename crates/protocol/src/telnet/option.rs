//! What a telnet option is to [`Telnet`], and the table of those that exist.

use meadow_link::Time;

use super::{
    Telnet, charset, echo, eor, gmcp, linemode, mccp2, mccp3, msdp, mssp, mxp, naws,
    negotiate::{Side, Wish},
    new_environ, oob, sga, start_tls, timing_mark, ttype,
};
use crate::Outbox;

/// One option. It is stateless; what it has to remember of a client is a field of [`States`].
pub(super) trait TelnetOption {
    /// Its number, as IANA registered it or clients know it.
    fn code(&self) -> u8;

    /// On whose side it is asked for when a client connects.
    fn offer(&self) -> Option<Side>;

    /// Whether it is agreed to when the client asks for it unasked.
    fn accepts(&self, side: Side) -> bool {
        self.offer() == Some(side)
    }

    /// Whether it is offered and agreed to at all, with these settings and after what has happened.
    fn is_available(&self, _telnet: &Telnet) -> bool {
        true
    }

    /// It was agreed on, refused, or switched off by the client.
    fn settled(&self, _telnet: &mut Telnet, _side: Side, _wish: Wish, _out: &mut Outbox) {}

    /// Whether its subnegotiations count already while the answer to our offer has not come yet.
    fn may_come_early(&self) -> bool {
        false
    }

    /// A subnegotiation of it came; only where it is agreed on, on either side, or may come early.
    fn subnegotiation(&self, _telnet: &mut Telnet, _now: Time, _payload: &[u8], _out: &mut Outbox) {}

    /// Whether the login screen should wait for it.
    fn holds(&self, _telnet: &Telnet) -> bool {
        false
    }

    /// When `timeout` wants to be called next.
    fn deadline(&self, _telnet: &Telnet) -> Option<Time> {
        None
    }

    /// Time has passed, maybe not as much as `deadline` asked for.
    fn timeout(&self, _telnet: &mut Telnet, _now: Time, _out: &mut Outbox) {}
}

/// Every option, in the order in which they are offered. The size of the client's window and what it is
/// come first, since the login screen waits for them. Compression comes last: there are clients that forget
/// the other options once it is on.
pub(super) const OPTIONS: &[&dyn TelnetOption] = &[
    &ttype::Ttype,
    &naws::Naws,
    &new_environ::NewEnviron,
    &charset::Charset,
    &sga::Sga,
    &eor::Eor,
    &linemode::Linemode,
    &mssp::Mssp,
    &gmcp::GmcpOption,
    &msdp::Msdp,
    &mxp::Mxp,
    &mccp2::Mccp2,
    &mccp3::Mccp3,
    // Never offered.
    &echo::Echo,
    &start_tls::StartTls,
];

/// How many options there are.
pub(super) const COUNT: usize = OPTIONS.len();

/// What the options remember of one client.
#[derive(Debug, Default)]
pub(super) struct States {
    pub(super) ttype: ttype::State,
    pub(super) naws: naws::State,
    pub(super) new_environ: new_environ::State,
    pub(super) charset: charset::State,
    pub(super) mssp: mssp::State,
    pub(super) gmcp: gmcp::State,
    pub(super) oob: oob::State,
    pub(super) mxp: mxp::State,
    pub(super) linemode: linemode::State,
    pub(super) timing_mark: timing_mark::State,
    pub(super) mccp2: mccp2::State,
    pub(super) mccp3: mccp3::State,
}

/// Which row of the table has this code.
pub(super) fn row(code: u8) -> Option<usize> {
    OPTIONS.iter().position(|option| option.code() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_row() {
        for (at, option) in OPTIONS.iter().enumerate() {
            assert_eq!(row(option.code()), Some(at));
        }
        assert_eq!(row(0), None, "there is no binary transmission");
    }
}
