//! LINEMODE (34, RFC 1184): the client edits its line and sends it whole. Off unless the operator wants it: clients of
//! MUDs do so anyway, and those that know the option are terminals. Evennia asks for it with signals trapped as well;
//! then its Portal can't read what GNU telnet sends for Ctrl-D.
//!
//! All editing is the client's. So whichever characters it wants for that are agreed to (SLC), and none is remembered;
//! the mode is (`State`), for it is answered only where it changes.

use meadow_link::Time;

use super::{
    Telnet,
    negotiate::{Side, Verb, Wish},
    option::TelnetOption,
    parse::{IAC, SB, SE},
};
use crate::Outbox;

/// Its code.
const LINEMODE: u8 = 34;

/// What a subnegotiation is about.
const MODE: u8 = 1;
const FORWARDMASK: u8 = 2;
const SLC: u8 = 3;

/// Bits of a mode: the client edits lines, and all that RFC 1184 knows; this answers one and is not answered.
const EDIT: u8 = 0b0_0001;
const MODE_ACK: u8 = 0b0_0100;
const KNOWN: u8 = 0b1_1011;

/// The level of a special character: who wants none, who wants the other end's own, and the bits of a level.
const SLC_NOSUPPORT: u8 = 0;
const SLC_DEFAULT: u8 = 3;
const SLC_LEVEL: u8 = 0b0000_0011;
/// Agrees to one, and is not answered.
const SLC_ACK: u8 = 0b1000_0000;
/// Special characters that exist. No more are answered in one subnegotiation.
pub const SLC_FUNCTIONS: u8 = 30;

/// What is remembered of a client: the mode in force.
#[derive(Debug, Default)]
pub(super) struct State(u8);

/// The option.
pub(super) struct Linemode;

impl TelnetOption for Linemode {
    fn code(&self) -> u8 {
        LINEMODE
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Him)
    }

    fn is_available(&self, telnet: &Telnet) -> bool {
        telnet.settings.linemode
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, out: &mut Outbox) {
        if wish == Wish::On {
            telnet.states.linemode = State(EDIT);
            tell(&[MODE, EDIT], out);
        }
    }

    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, payload: &[u8], out: &mut Outbox) {
        match *payload {
            [MODE, mode] => take_mode(&mut telnet.states.linemode, mode, out),
            [SLC, ref triplets @ ..] => answer_characters(triplets, out),
            // It is the server's to ask for one, and it does not: a line is sent when it ends.
            [verb, FORWARDMASK, ..] => match Verb::from_byte(verb) {
                Some(Verb::Will) => tell(&[Verb::Dont.byte(), FORWARDMASK], out),
                Some(Verb::Do) => tell(&[Verb::Wont.byte(), FORWARDMASK], out),
                _ => {}
            },
            _ => {}
        }
    }
}

/// The client agrees to a mode, or to a part of it, or wants another one, which it is given: whether it sends lines or
/// characters is all the same here.
fn take_mode(state: &mut State, mode: u8, out: &mut Outbox) {
    let wanted = mode & KNOWN;
    if std::mem::replace(&mut state.0, wanted) != wanted && mode & MODE_ACK == 0 {
        tell(&[MODE, wanted | MODE_ACK], out);
    }
}

/// Agrees to the characters that the client wants to edit with. There are no characters of this end's own.
fn answer_characters(triplets: &[u8], out: &mut Outbox) {
    let mut answer = vec![SLC];
    for triplet in triplets.chunks_exact(3).take(SLC_FUNCTIONS.into()) {
        let &[function, level, value] = triplet else { continue };
        match level {
            // Asks for all characters of this end.
            _ if function == 0 => {}
            level if level & SLC_ACK != 0 => {}
            level if function > SLC_FUNCTIONS || level & SLC_LEVEL == SLC_DEFAULT => {
                // Else who has none either, and says so, would be told so for ever.
                if level & SLC_LEVEL != SLC_NOSUPPORT {
                    answer.extend([function, SLC_NOSUPPORT, 0]);
                }
            }
            level => answer.extend([function, level | SLC_ACK, value]),
        }
    }
    if answer.len() > 1 {
        tell(&answer, out);
    }
}

/// Says something in the option, in one piece; what is IAC in it is doubled.
fn tell(payload: &[u8], out: &mut Outbox) {
    let mut bytes = vec![IAC, SB, LINEMODE];
    for &byte in payload {
        bytes.push(byte);
        if byte == IAC {
            bytes.push(IAC);
        }
    }
    bytes.extend([IAC, SE]);
    out.transmit(&bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Protocol, telnet::TelnetSettings};

    const NOW: Time = Time::from_micros(1_000_000);
    const MODE_EDIT: &[u8] = b"\xff\xfa\x22\x01\x01\xff\xf0";

    /// A client that has agreed, and what it says.
    fn answers(said: &[&[u8]]) -> Vec<Vec<u8>> {
        let settings = TelnetSettings { linemode: true, ..TelnetSettings::default() };
        let (mut telnet, mut out) = (Telnet::new(settings), Outbox::new());
        telnet.connect(NOW, &mut out);
        assert!(out.bytes().windows(3).any(|part| part == b"\xff\xfd\x22"), "DO LINEMODE");
        out.clear_bytes();
        telnet.receive(NOW, b"\xff\xfb\x22", &mut out);
        assert_eq!(out.bytes(), MODE_EDIT);
        let hear = |said: &&[u8]| {
            out.clear_bytes();
            telnet.receive(NOW, &[b"\xff\xfa\x22", *said, b"\xff\xf0"].concat(), &mut out);
            out.bytes().to_vec()
        };
        said.iter().map(hear).collect()
    }

    fn silent(said: &[u8]) {
        assert_eq!(answers(&[said]), [b""], "{said:02x?}");
    }

    #[test]
    fn it_is_refused_where_the_operator_does_not_want_it() {
        let (mut telnet, mut out) = (Telnet::new(TelnetSettings::default()), Outbox::new());
        telnet.connect(NOW, &mut out);
        assert!(!out.bytes().windows(3).any(|part| part == b"\xff\xfd\x22"));
        out.clear_bytes();
        telnet.receive(NOW, b"\xff\xfb\x22\xff\xfd\x22\xff\xfa\x22\x01\x00\xff\xf0", &mut out);
        assert_eq!(out.bytes(), b"\xff\xfe\x22\xff\xfc\x22");
    }

    #[test]
    fn modes_are_agreed_to_once_and_an_answer_is_not_answered() {
        silent(b"\x01\x05");
        silent(b"\x01\x01");
        silent(b"\x01\x04");
        let told = answers(&[b"\x01\x03", b"\x01\x03", b"\x01\xf8", b"\x01\x1c", b"\x01\x00", b"\x01"]);
        let expected: [&[u8]; 6] = [
            b"\xff\xfa\x22\x01\x07\xff\xf0",
            b"",
            b"\xff\xfa\x22\x01\x1c\xff\xf0",
            b"",
            b"\xff\xfa\x22\x01\x04\xff\xf0",
            b"",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn characters_are_agreed_to_and_an_agreement_is_not_answered() {
        // SLC_EC is DEL, SLC_EL is 255, SLC_IP flushes, SLC_SYNCH is not supported.
        let offer = b"\x03\x0a\x02\x7f\x0b\x02\xff\xff\x03\x62\x03\x01\x00\x00";
        let agreed = b"\xff\xfa\x22\x03\x0a\x82\x7f\x0b\x82\xff\xff\x03\xe2\x03\x01\x80\x00\xff\xf0";
        assert_eq!(answers(&[offer]), [agreed]);
        silent(b"\x03\x0a\x82\x7f\x0b\x83\x15");
        // It has no characters of its own to tell, and knows of thirty.
        silent(b"\x03\x00\x03\x00");
        silent(b"\x03\x1f\x00\x00");
        let none = answers(&[b"\x03\x0a\x03\x00", b"\x03\x1f\x02\x01"]);
        let expected: [&[u8]; 2] =
            [b"\xff\xfa\x22\x03\x0a\x00\x00\xff\xf0", b"\xff\xfa\x22\x03\x1f\x00\x00\xff\xf0"];
        assert_eq!(none, expected);
        // The end of a triplet is missing.
        silent(b"\x03\x0a\x02");
        silent(b"\x03");
        silent(b"");
    }

    #[test]
    fn characters_at_the_limit_and_one_past_it() {
        for count in [SLC_FUNCTIONS, SLC_FUNCTIONS + 1] {
            let offer: Vec<u8> = std::iter::once(SLC).chain((0..count).flat_map(|_| [10, 2, 8])).collect();
            let answered = (answers(&[&offer])[0].len() - 6) / 3;
            assert_eq!(answered, usize::from(SLC_FUNCTIONS), "{count}");
        }
    }

    #[test]
    fn nobody_sets_a_mask_of_characters_that_send_a_line() {
        let told = answers(&[b"\xfd\x02\x01\x02", b"\xfb\x02", b"\xfc\x02", b"\xfe\x02", b"\x09\x02"]);
        let expected: [&[u8]; 5] =
            [b"\xff\xfa\x22\xfc\x02\xff\xf0", b"\xff\xfa\x22\xfe\x02\xff\xf0", b"", b"", b""];
        assert_eq!(told, expected);
    }
}
