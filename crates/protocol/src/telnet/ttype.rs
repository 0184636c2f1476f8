//! TERMINAL-TYPE (24, RFC 1091) and MTTS: what the client is and what it can show.
//!
//! A MUD client is asked three times, and answers with its name, its terminal, and `MTTS` with a number of
//! bits (the Mud Terminal Type Standard). Any other answers with its terminal again, which ends the list.

use meadow_link::{Flag, Flags, Time};

use super::{
    Telnet, charset,
    encoding::ascii,
    negotiate::{Side, Wish},
    option::TelnetOption,
    parse::{IAC, SB, SE},
    sga,
};
use crate::{Depth, Outbox};

/// Its code.
const TERMINAL_TYPE: u8 = 24;
const IS: u8 = 0;
const SEND: u8 = 1;

/// Longest answer that is kept, in bytes (RFC 1091 allows 40).
pub const TTYPE_LIMIT: usize = 64;

/// How far the questions are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The client has not said whether it answers questions.
    #[default]
    Offered,
    /// Asked for its name.
    Name,
    /// Asked for its terminal.
    Terminal,
    /// Asked for its bits.
    Bits,
    /// It said all, or refused.
    Done,
}

/// The option.
pub(super) struct Ttype;

impl TelnetOption for Ttype {
    fn code(&self) -> u8 {
        TERMINAL_TYPE
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Him)
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, out: &mut Outbox) {
        match wish {
            Wish::On => ask(telnet, State::Name, out),
            Wish::Off => telnet.states.ttype = State::Done,
        }
    }

    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, payload: &[u8], out: &mut Outbox) {
        let [IS, answer @ ..] = payload else { return };
        let answer = readable(answer);
        match telnet.states.ttype {
            State::Offered | State::Done => return,
            State::Name => {
                take_name(telnet, &answer, out);
                ask(telnet, State::Terminal, out);
            }
            State::Terminal => {
                let again = answer.eq_ignore_ascii_case(&telnet.flags.clientname);
                let bits = mtts(&answer);
                match bits {
                    Some(bits) => take_bits(&mut telnet.flags, bits),
                    None => take_terminal(&mut telnet.flags, &answer),
                }
                if again || bits.is_some() {
                    finish(telnet, out);
                } else {
                    ask(telnet, State::Bits, out);
                }
            }
            State::Bits => {
                if let Some(bits) = mtts(&answer) {
                    take_bits(&mut telnet.flags, bits);
                }
                finish(telnet, out);
            }
        }
        out.flags_changed();
    }

    fn holds(&self, telnet: &Telnet) -> bool {
        telnet.states.ttype != State::Done
    }
}

fn ask(telnet: &mut Telnet, state: State, out: &mut Outbox) {
    telnet.states.ttype = state;
    out.transmit(&[IAC, SB, TERMINAL_TYPE, SEND, IAC, SE]);
}

fn finish(telnet: &mut Telnet, out: &mut Outbox) {
    telnet.states.ttype = State::Done;
    telnet.flags.set(Flag::Ttype, true);
    charset::fall_back(telnet, out);
}

/// Whether the client says what it is by this option.
pub(super) fn is_agreed(telnet: &Telnet) -> bool {
    telnet.agreement(TERMINAL_TYPE).is_on(Side::Him)
}

/// What a client says of itself, without what could not be shown.
pub(super) fn readable(said: &[u8]) -> String {
    said.iter().take(TTYPE_LIMIT).filter(|byte| !byte.is_ascii_control()).copied().map(ascii).collect()
}

/// Takes over the client's name, and what is known of clients that have it.
pub(super) fn take_name(telnet: &mut Telnet, name: &str, out: &mut Outbox) {
    let name = name.to_ascii_uppercase();
    set_depth(&mut telnet.flags, depth_of_name(&name));
    let has_version = telnet.flags.clientname.strip_prefix(&*name).is_some_and(|rest| rest.starts_with(' '));
    if !has_version {
        telnet.flags.clientname = name.into();
    }
    sga::refused(telnet, out);
}

/// Takes over the client's version. It follows the name, as Evennia's `client_options` has it.
pub(super) fn take_version(flags: &mut Flags, version: &str) {
    // TinTin++ has a space at the end of its version.
    let version = version.trim().to_ascii_uppercase();
    let known = flags.clientname.strip_suffix(&*version).is_some_and(|name| name.ends_with(' '));
    if !version.is_empty() && !flags.clientname.is_empty() && !known {
        let name = flags.clientname.split(' ').next().unwrap_or_default();
        flags.clientname = format!("{name} {version}").into();
    }
}

/// Takes over the bits of MTTS from where a client says them without being asked for its terminal (MNES).
pub(super) fn take_mtts(telnet: &mut Telnet, bits: &str, out: &mut Outbox) {
    if let Ok(bits) = bits.trim().parse() {
        take_bits(&mut telnet.flags, bits);
        charset::fall_back(telnet, out);
    }
}

/// Clients that show more than 16 colours, by Evennia's table. The name of a plain terminal is its type.
fn depth_of_name(name: &str) -> Depth {
    const XTERM256: [&str; 9] =
        ["ATLANTIS", "CMUD", "KILDCLIENT", "MUDLET", "MUSHCLIENT", "PUTTY", "BEIP", "POTATO", "TINYFUGUE"];
    const TRUECOLOR: [&str; 2] = ["AXMUD", "TINTIN"];
    // Mudlet has 256 colours since 1.1; Evennia compares the version as text.
    let new_mudlet = name.strip_prefix("MUDLET").is_some_and(|version| version.trim() >= "1.1");
    if TRUECOLOR.contains(&name) {
        Depth::Truecolor
    } else if XTERM256.contains(&name) || new_mudlet {
        depth_of_terminal(name).max(Depth::Xterm256)
    } else {
        depth_of_terminal(name)
    }
}

/// Takes over the client's terminal, and the colours that it shows.
pub(super) fn take_terminal(flags: &mut Flags, terminal: &str) {
    let depth = match depth_of_terminal(&terminal.to_ascii_uppercase()) {
        Depth::None => Depth::None,
        // What the client's name promised stands.
        depth => depth.max(Depth::of(flags)),
    };
    set_depth(flags, depth);
    flags.term = terminal.into();
}

/// Colours of a terminal, by the endings that MTTS defines and xterm's own names.
fn depth_of_terminal(terminal: &str) -> Depth {
    if terminal == "DUMB" {
        Depth::None
    } else if terminal.ends_with("-TRUECOLOR") {
        Depth::Truecolor
    } else if terminal.ends_with("-256COLOR") || terminal.starts_with("XTERM") || terminal.ends_with("XTERM")
    {
        Depth::Xterm256
    } else {
        Depth::Ansi16
    }
}

/// The number of an answer in MTTS's form.
fn mtts(answer: &str) -> Option<u32> {
    answer.strip_prefix("MTTS")?.trim().parse().ok()
}

/// MTTS is the client's own word on everything it names: it switches flags off too.
fn take_bits(flags: &mut Flags, bits: u32) {
    const ANSI: u32 = 1;
    const XTERM256: u32 = 8;
    const TRUECOLOR: u32 = 256;
    const OTHERS: [(u32, Flag); 9] = [
        (2, Flag::Vt100),
        (4, Flag::Utf8),
        (16, Flag::MouseTracking),
        (32, Flag::OscColorPalette),
        (64, Flag::Screenreader),
        (128, Flag::Proxy),
        (512, Flag::Mnes),
        (1024, Flag::Mslp),
        (2048, Flag::Ssl),
    ];
    let depths = [(TRUECOLOR, Depth::Truecolor), (XTERM256, Depth::Xterm256), (ANSI, Depth::Ansi16)];
    let depth = depths.iter().find(|(bit, _)| bits & bit != 0).map_or(Depth::None, |(_, depth)| *depth);
    set_depth(flags, depth);
    // A connection that is encrypted stays it, whatever the client knows of that.
    let encrypted = flags.has(Flag::Ssl);
    for (bit, flag) in OTHERS {
        flags.set(flag, bits & bit != 0);
    }
    flags.set(Flag::Ssl, encrypted || flags.has(Flag::Ssl));
}

/// Who shows more colours shows fewer, too.
fn set_depth(flags: &mut Flags, depth: Depth) {
    flags.set(Flag::Ansi, depth >= Depth::Ansi16);
    flags.set(Flag::Xterm256, depth >= Depth::Xterm256);
    flags.set(Flag::Truecolor, depth >= Depth::Truecolor);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Protocol,
        telnet::{TelnetSettings, negotiate::Verb},
    };

    /// A client that gives these answers, and how often it was asked.
    fn client(answers: &[&[u8]]) -> (Telnet, usize) {
        let (mut telnet, mut out) = (Telnet::new(TelnetSettings::default()), Outbox::new());
        telnet.connect(Time::default(), &mut out);
        out.clear_bytes();
        telnet.negotiate(Verb::Will, TERMINAL_TYPE, &mut out);
        for answer in answers {
            Ttype.subnegotiation(&mut telnet, Time::default(), &[&[IS], *answer].concat(), &mut out);
        }
        (telnet, out.bytes().len() / 6)
    }

    fn depth(answers: &[&[u8]]) -> Depth {
        Depth::of(&client(answers).0.flags)
    }

    #[test]
    fn names_and_terminals() {
        assert_eq!(depth(&[b"ANSI"]), Depth::Ansi16);
        assert_eq!(depth(&[b"dumb"]), Depth::None);
        assert_eq!(depth(&[b"Mudlet 4.17"]), Depth::Xterm256);
        assert_eq!(depth(&[b"Mudlet 1.0"]), Depth::Ansi16);
        assert_eq!(depth(&[b"xterm"]), Depth::Xterm256);
        assert_eq!(depth(&[b"screen-256color"]), Depth::Xterm256);
        assert_eq!(depth(&[b"foo-truecolor"]), Depth::Truecolor);
        assert_eq!(depth(&[b"PuTTY", b"vt100"]), Depth::Xterm256, "a poor terminal takes nothing back");
        assert_eq!(depth(&[b"X", b"ANSI-TRUECOLOR"]), Depth::Truecolor);
        assert_eq!(depth(&[b"PuTTY", b"dumb"]), Depth::None);
    }

    #[test]
    fn mtts_has_the_last_word() {
        assert_eq!(depth(&[b"AXMUD", b"XTERM-TRUECOLOR", b"MTTS 1"]), Depth::Ansi16);
        assert_eq!(depth(&[b"X", b"ANSI", b"MTTS 256"]), Depth::Truecolor);
        assert_eq!(depth(&[b"X", b"ANSI", b"MTTS 64"]), Depth::None);
        assert_eq!(depth(&[b"X", b"ANSI", b"MTTS ansi"]), Depth::Ansi16);
        assert_eq!(depth(&[b"X", b"ANSI", b"MTTS 99999999999"]), Depth::Ansi16);
        let (telnet, asked) = client(&[b"X", b"MTTS 6"]);
        assert!(telnet.flags.has(Flag::Vt100) && telnet.flags.has(Flag::Utf8), "a client that skips one");
        assert_eq!((asked, telnet.states.ttype), (2, State::Done));
    }

    #[test]
    fn a_plain_client_is_not_asked_a_third_time() {
        let (telnet, asked) = client(&[b"vt220", b"VT220", b"MTTS 256"]);
        assert_eq!(asked, 2);
        assert_eq!((&*telnet.flags.clientname, &*telnet.flags.term), ("VT220", "VT220"));
        assert!(telnet.flags.has(Flag::Ttype) && !telnet.flags.has(Flag::Truecolor));
    }

    #[test]
    fn an_answer_at_the_limit_and_one_past_it() {
        let (fits, long) = ([b'X'; TTYPE_LIMIT], [b'X'; TTYPE_LIMIT + 1]);
        assert_eq!(client(&[&fits]).0.flags.clientname.len(), TTYPE_LIMIT);
        assert_eq!(client(&[&long]).0.flags.clientname.len(), TTYPE_LIMIT);
    }

    #[test]
    fn rubbish_is_made_readable() {
        assert_eq!(&*client(&[b"\x00a\x1b[m\xe9"]).0.flags.clientname, "A[M\u{fffd}");
    }
}
