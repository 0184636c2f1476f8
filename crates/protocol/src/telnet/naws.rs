//! NAWS (31, RFC 1073): the size of the client's window.

use std::{ops::RangeInclusive, time::Duration};

use meadow_link::{Flag, Flags, Time};

use super::{
    Telnet,
    negotiate::{Side, Wish},
    option::TelnetOption,
};
use crate::Outbox;

/// Its code.
const WINDOW_SIZE: u8 = 31;

/// The Server hears of a size at most once in this time; somebody who drags a window sends hundreds.
pub const NAWS_PERIOD: Duration = Duration::from_millis(200);

/// What is remembered of a client.
#[derive(Debug, Default)]
pub(super) struct State {
    /// A size came, or none will.
    known: bool,
    /// When the Server may next hear of a size.
    next: Time,
    /// There is a size that it has not heard of.
    untold: bool,
}

/// The option.
pub(super) struct Naws;

impl TelnetOption for Naws {
    fn code(&self) -> u8 {
        WINDOW_SIZE
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Him)
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, _out: &mut Outbox) {
        if wish == Wish::Off {
            telnet.states.naws.known = true;
        }
    }

    fn subnegotiation(&self, telnet: &mut Telnet, now: Time, payload: &[u8], out: &mut Outbox) {
        let &[w1, w0, h1, h0] = payload else { return };
        let mut changed = resize(&mut telnet.flags.screenwidth, u16::from_be_bytes([w1, w0]), &Flags::WIDTHS);
        changed |= resize(&mut telnet.flags.screenheight, u16::from_be_bytes([h1, h0]), &Flags::HEIGHTS);
        telnet.states.naws.known = true;
        if changed && telnet.flags.has(Flag::Autoresize) {
            telnet.states.naws.untold = true;
            self.timeout(telnet, now, out);
        }
    }

    fn holds(&self, telnet: &Telnet) -> bool {
        !telnet.states.naws.known
    }

    fn deadline(&self, telnet: &Telnet) -> Option<Time> {
        telnet.states.naws.untold.then_some(telnet.states.naws.next)
    }

    fn timeout(&self, telnet: &mut Telnet, now: Time, out: &mut Outbox) {
        let state = &mut telnet.states.naws;
        if state.untold && now >= state.next {
            state.untold = false;
            state.next = now + NAWS_PERIOD;
            out.flags_changed();
        }
    }
}

/// Takes over one measure, if it is stated (0 means that it is not, RFC 1073). Says whether it is a new one.
fn resize(slot: &mut u16, size: u16, believed: &RangeInclusive<u16>) -> bool {
    let size = if size == 0 { *slot } else { size.clamp(*believed.start(), *believed.end()) };
    std::mem::replace(slot, size) != size
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Protocol,
        telnet::{TelnetSettings, negotiate::Verb},
    };

    const START: Time = Time::from_micros(1_000_000);

    fn connected() -> (Telnet, Outbox) {
        let (mut telnet, mut out) = (Telnet::new(TelnetSettings::default()), Outbox::new());
        telnet.connect(START, &mut out);
        telnet.negotiate(Verb::Will, WINDOW_SIZE, &mut out);
        (telnet, out)
    }

    fn size(telnet: &mut Telnet, now: Time, width: u16, height: u16, out: &mut Outbox) -> (u16, u16) {
        let ([w1, w0], [h1, h0]) = (width.to_be_bytes(), height.to_be_bytes());
        Naws.subnegotiation(telnet, now, &[w1, w0, h1, h0], out);
        (telnet.flags.screenwidth, telnet.flags.screenheight)
    }

    #[test]
    fn sizes_are_clamped_and_zero_keeps_the_last() {
        let (mut telnet, mut out) = connected();
        assert_eq!(size(&mut telnet, START, 0, 0, &mut out), (78, 45));
        assert!(!out.take_flags_changed());
        assert_eq!(size(&mut telnet, START, 120, 0, &mut out), (120, 45));
        assert_eq!(size(&mut telnet, START, 9, 4, &mut out), (10, 5));
        assert_eq!(size(&mut telnet, START, 1001, u16::MAX, &mut out), (1000, 1000));
        Naws.subnegotiation(&mut telnet, START, &[0, 80, 0, 24, 0], &mut out);
        assert_eq!(
            (telnet.flags.screenwidth, telnet.flags.screenheight),
            (1000, 1000),
            "five bytes are no size"
        );
    }

    #[test]
    fn the_server_hears_the_last_of_many() {
        let (mut telnet, mut out) = connected();
        size(&mut telnet, START, 80, 24, &mut out);
        assert!(out.take_flags_changed(), "the first at once");
        for width in 81..200 {
            size(&mut telnet, START + Duration::from_millis(u64::from(width)), width, 24, &mut out);
        }
        assert!(!out.take_flags_changed(), "not within {NAWS_PERIOD:?}");
        let due = START + NAWS_PERIOD;
        assert_eq!(Naws.deadline(&telnet), Some(due));
        Naws.timeout(&mut telnet, due, &mut out);
        assert!(out.take_flags_changed());
        assert_eq!(telnet.flags.screenwidth, 199);
        assert_eq!(Naws.deadline(&telnet), None);
        size(&mut telnet, due, 199, 24, &mut out);
        assert_eq!(Naws.deadline(&telnet), None, "the same size is no change");
    }

    #[test]
    fn without_autoresize_the_server_is_not_told() {
        let (mut telnet, mut out) = connected();
        telnet.flags.set(Flag::Autoresize, false);
        assert_eq!(size(&mut telnet, START, 100, 30, &mut out), (100, 30));
        assert!(!out.take_flags_changed());
        assert_eq!(Naws.deadline(&telnet), None);
    }
}
