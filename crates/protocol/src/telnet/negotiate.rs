//! Which options are agreed: the Q method of RFC 1143, one byte an option. `Telnet` hands it what the client
//! says about options, and what the options and the game want.

use super::{Telnet, option, parse::IAC};
use crate::Outbox;

/// What one end says about an option: IAC, this, the option's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Will,
    Wont,
    Do,
    Dont,
}

impl Verb {
    /// The verb of this byte, if it is one.
    pub(super) fn from_byte(byte: u8) -> Option<Verb> {
        match byte {
            251 => Some(Verb::Will),
            252 => Some(Verb::Wont),
            253 => Some(Verb::Do),
            254 => Some(Verb::Dont),
            _ => None,
        }
    }

    /// The byte of this verb.
    pub(super) fn byte(self) -> u8 {
        match self {
            Verb::Will => 251,
            Verb::Wont => 252,
            Verb::Do => 253,
            Verb::Dont => 254,
        }
    }

    /// How *we* say that an option is to be on or off.
    fn ours(side: Side, wish: Wish) -> Verb {
        match (side, wish) {
            (Side::Us, Wish::On) => Verb::Will,
            (Side::Us, Wish::Off) => Verb::Wont,
            (Side::Him, Wish::On) => Verb::Do,
            (Side::Him, Wish::Off) => Verb::Dont,
        }
    }

    /// What it means when the *client* says it.
    fn theirs(self) -> (Side, Wish) {
        match self {
            Verb::Do => (Side::Us, Wish::On),
            Verb::Dont => (Side::Us, Wish::Off),
            Verb::Will => (Side::Him, Wish::On),
            Verb::Wont => (Side::Him, Wish::Off),
        }
    }
}

/// Who performs an option; RFC 1143's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// This server.
    Us,
    /// The client.
    Him,
}

/// How an option is to be, or has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    On,
    Off,
}

impl Telnet {
    /// Asks for every option that is wanted from the start, in the order of the table.
    pub(super) fn offer(&mut self, out: &mut Outbox) {
        for option in option::OPTIONS {
            if let Some(side) = option.offer()
                && option.is_available(self)
            {
                self.request(option.code(), side, Wish::On, out);
            }
        }
    }

    /// We want an option of the table on or off.
    pub(super) fn request(&mut self, code: u8, side: Side, wish: Wish, out: &mut Outbox) {
        if let Some(row) = option::row(code)
            && self.agreements[row].request(side, wish)
        {
            out.transmit(&[IAC, Verb::ours(side, wish).byte(), code]);
        }
    }

    /// The client said something about an option. What is not in the table is refused, each time it is
    /// asked for.
    pub(super) fn negotiate(&mut self, verb: Verb, code: u8, out: &mut Outbox) {
        let (side, wish) = verb.theirs();
        let Some(row) = option::row(code) else {
            if wish == Wish::On {
                out.transmit(&[IAC, Verb::ours(side, Wish::Off).byte(), code]);
            }
            return;
        };
        let option = option::OPTIONS[row];
        let acceptable = option.accepts(side) && option.is_available(self);
        let outcome = self.agreements[row].receive(side, wish, acceptable);
        // An option's last bytes go before the answer that ends it, its first ones after the one that begins it.
        if outcome.settled == Some(Wish::Off) {
            option.settled(self, side, Wish::Off, out);
        }
        if let Some(answer) = outcome.answer {
            out.transmit(&[IAC, Verb::ours(side, answer).byte(), code]);
        }
        if outcome.settled == Some(Wish::On) {
            option.settled(self, side, Wish::On, out);
        }
    }

    /// What is agreed about an option of the table.
    pub(super) fn agreement(&self, code: u8) -> Agreement {
        option::row(code).map_or(Agreement::default(), |row| self.agreements[row])
    }
}

/// What is agreed about one option: four bits for us, four for him.
///
/// The states are those of RFC 1143, with one exception. TinTin++ never acknowledges WONT ECHO, and a
/// literal Q machine would wait for that for ever, so that echo could not be switched off for a second
/// password. So a new wish to switch on is sent at once while the end of the last one is not acknowledged
/// (WANTNO); that the acknowledgement may still come is noted in a bit ([`LATE`]), which takes it out when
/// it does. WANTNO with a queued opposite does not exist then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Agreement(u8);

const NO: u8 = 0;
const YES: u8 = 1;
const WANTNO: u8 = 2;
const WANTYES: u8 = 3;
const WANTYES_OPPOSITE: u8 = 4;
/// Goes with the WANTYES states: one refusal that comes now answers an earlier request.
const LATE: u8 = 8;

/// What a message of the client led to.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    /// What we say.
    answer: Option<Wish>,
    /// How the option has become.
    settled: Option<Wish>,
}

impl Agreement {
    /// Whether both ends agreed to it.
    pub(super) fn is_on(self, side: Side) -> bool {
        self.side(side) == YES
    }

    /// Whether both ends agreed to it for either of them, so that subnegotiations make sense.
    pub(super) fn is_on_anywhere(self) -> bool {
        self.is_on(Side::Us) || self.is_on(Side::Him)
    }

    /// Whether it was offered and not answered yet.
    pub(super) fn is_offered(self, side: Side) -> bool {
        matches!(self.side(side) & !LATE, WANTYES)
    }

    /// Whether it is off and nothing is under way: never asked for, or refused.
    pub(super) fn is_off(self, side: Side) -> bool {
        self.side(side) == NO
    }

    /// We want it so. Whether that is to be said now.
    fn request(&mut self, side: Side, wish: Wish) -> bool {
        let old = self.side(side);
        let (new, say) = match (wish, old & !LATE) {
            (Wish::On, NO) => (WANTYES, true),
            (Wish::On, WANTNO) => (WANTYES | LATE, true),
            (Wish::On, WANTYES_OPPOSITE) => (WANTYES | (old & LATE), false),
            (Wish::Off, YES) => (WANTNO, true),
            (Wish::Off, WANTYES) => (WANTYES_OPPOSITE | (old & LATE), false),
            _ => (old, false),
        };
        self.set_side(side, new);
        say
    }

    /// The client wants it so, or answers us.
    fn receive(&mut self, side: Side, wish: Wish, acceptable: bool) -> Outcome {
        let old = self.side(side);
        let (new, answer, settled) = match (wish, old & !LATE) {
            (Wish::On, NO) if acceptable => (YES, Some(Wish::On), Some(Wish::On)),
            (Wish::On, NO) => (NO, Some(Wish::Off), None),
            (Wish::On, WANTNO) => (NO, None, None),
            (Wish::On, WANTYES) => (YES, None, Some(Wish::On)),
            (Wish::On, WANTYES_OPPOSITE) => (WANTNO, Some(Wish::Off), None),
            (Wish::Off, YES) => (NO, Some(Wish::Off), Some(Wish::Off)),
            (Wish::Off, WANTNO) => (NO, None, None),
            (Wish::Off, WANTYES | WANTYES_OPPOSITE) if old & LATE != 0 => (old & !LATE, None, None),
            (Wish::Off, WANTYES | WANTYES_OPPOSITE) => (NO, None, Some(Wish::Off)),
            _ => (old, None, None),
        };
        self.set_side(side, new);
        Outcome { answer, settled }
    }

    fn side(self, side: Side) -> u8 {
        match side {
            Side::Us => self.0 & 0x0f,
            Side::Him => self.0 >> 4,
        }
    }

    fn set_side(&mut self, side: Side, state: u8) {
        self.0 = match side {
            Side::Us => self.0 & 0xf0 | state,
            Side::Him => self.0 & 0x0f | state << 4,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Option<Wish> = Some(Wish::On);
    const OFF: Option<Wish> = Some(Wish::Off);

    fn at(side: Side, state: u8) -> Agreement {
        let mut agreement = Agreement::default();
        agreement.set_side(side, state);
        agreement
    }

    /// The table of RFC 1143 for what comes in: state, what comes, acceptable; new state, answer, settled.
    #[test]
    fn what_the_client_says() {
        let rows = [
            (NO, Wish::On, true, YES, ON, ON),
            (NO, Wish::On, false, NO, OFF, None),
            (NO, Wish::Off, true, NO, None, None),
            (YES, Wish::On, true, YES, None, None),
            (YES, Wish::Off, true, NO, OFF, OFF),
            (WANTNO, Wish::On, true, NO, None, None),
            (WANTNO, Wish::Off, true, NO, None, None),
            (WANTYES, Wish::On, false, YES, None, ON),
            (WANTYES, Wish::Off, true, NO, None, OFF),
            (WANTYES | LATE, Wish::On, true, YES, None, ON),
            (WANTYES | LATE, Wish::Off, true, WANTYES, None, None),
            (WANTYES_OPPOSITE, Wish::On, true, WANTNO, OFF, None),
            (WANTYES_OPPOSITE, Wish::Off, true, NO, None, OFF),
            (WANTYES_OPPOSITE | LATE, Wish::On, true, WANTNO, OFF, None),
            (WANTYES_OPPOSITE | LATE, Wish::Off, true, WANTYES_OPPOSITE, None, None),
        ];
        for (side, other) in [(Side::Us, Side::Him), (Side::Him, Side::Us)] {
            for (old, wish, acceptable, new, answer, settled) in rows {
                let mut agreement = at(side, old);
                let outcome = agreement.receive(side, wish, acceptable);
                assert_eq!(outcome, Outcome { answer, settled }, "{side:?} {old} {wish:?}");
                assert_eq!(
                    (agreement.side(side), agreement.side(other)),
                    (new, NO),
                    "{side:?} {old} {wish:?}"
                );
            }
        }
    }

    #[test]
    fn what_we_want() {
        let rows = [
            (NO, Wish::On, WANTYES, true),
            (NO, Wish::Off, NO, false),
            (YES, Wish::On, YES, false),
            (YES, Wish::Off, WANTNO, true),
            (WANTNO, Wish::On, WANTYES | LATE, true),
            (WANTNO, Wish::Off, WANTNO, false),
            (WANTYES, Wish::On, WANTYES, false),
            (WANTYES, Wish::Off, WANTYES_OPPOSITE, false),
            (WANTYES | LATE, Wish::Off, WANTYES_OPPOSITE | LATE, false),
            (WANTYES_OPPOSITE, Wish::On, WANTYES, false),
            (WANTYES_OPPOSITE, Wish::Off, WANTYES_OPPOSITE, false),
            (WANTYES_OPPOSITE | LATE, Wish::On, WANTYES | LATE, false),
        ];
        for (side, other) in [(Side::Us, Side::Him), (Side::Him, Side::Us)] {
            for (old, wish, new, say) in rows {
                let mut agreement = at(side, old);
                assert_eq!(agreement.request(side, wish), say, "{side:?} {old} {wish:?}");
                assert_eq!(
                    (agreement.side(side), agreement.side(other)),
                    (new, NO),
                    "{side:?} {old} {wish:?}"
                );
            }
        }
    }

    /// Two ends that both follow the rules agree in the end and fall silent, whatever each asks for when.
    #[test]
    fn two_machines_never_loop() {
        for script in 0..4096u32 {
            let (mut server, mut client) = (Agreement::default(), Agreement::default());
            let (mut down, mut up) = (Vec::new(), Vec::new());
            for step in 0..6 {
                let wish = if script >> (2 * step) & 1 == 0 { Wish::On } else { Wish::Off };
                if server.request(Side::Us, wish) {
                    down.push(wish);
                }
                if script >> (2 * step + 1) & 1 == 0 {
                    exchange(&mut server, &mut client, &mut down, &mut up);
                }
            }
            for _ in 0..20 {
                exchange(&mut server, &mut client, &mut down, &mut up);
            }
            assert!(down.is_empty() && up.is_empty(), "script {script:b} goes on for ever");
            assert_eq!(server.is_on(Side::Us), client.is_on(Side::Him), "script {script:b}");
        }
    }

    fn exchange(server: &mut Agreement, client: &mut Agreement, down: &mut Vec<Wish>, up: &mut Vec<Wish>) {
        for wish in std::mem::take(down) {
            up.extend(client.receive(Side::Him, wish, true).answer);
        }
        for wish in std::mem::take(up) {
            down.extend(server.receive(Side::Us, wish, false).answer);
        }
    }
}
