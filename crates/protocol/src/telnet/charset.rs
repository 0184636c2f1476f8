//! CHARSET (42, RFC 2066): server and client settle on a character set, for both directions.

use meadow_link::{Flag, Time};

use super::{
    Telnet,
    encoding::{Encoding, ascii},
    negotiate::{Side, Wish},
    option::TelnetOption,
    parse::{IAC, SB, SE},
};
use crate::Outbox;

/// Its code.
const CHARSET: u8 = 42;

const REQUEST: u8 = 1;
const ACCEPTED: u8 = 2;
const REJECTED: u8 = 3;
const TTABLE_IS: u8 = 4;
const TTABLE_REJECTED: u8 = 5;

/// Longest request of a client that is read, in bytes; a longer one is rejected.
pub const CHARSET_REQUEST_LIMIT: usize = 1024;

/// How far the server's own request is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The client has not said whether it will be asked.
    #[default]
    Offered,
    /// Asked.
    Requested,
    /// The client refused, or has none of those that were offered.
    Refused,
    /// Settled.
    Agreed,
}

/// The option.
pub(super) struct Charset;

impl TelnetOption for Charset {
    fn code(&self) -> u8 {
        CHARSET
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Us)
    }

    fn accepts(&self, _side: Side) -> bool {
        true
    }

    fn settled(&self, telnet: &mut Telnet, side: Side, wish: Wish, out: &mut Outbox) {
        match (side, wish, telnet.states.charset) {
            (Side::Us, Wish::On, _) => {
                telnet.states.charset = State::Requested;
                let offered: Vec<_> = offered(telnet).collect();
                say(REQUEST, format!(";{}", offered.join(";")).as_bytes(), out);
            }
            (Side::Us, Wish::Off, State::Offered | State::Requested) => refused(telnet, out),
            // What has been settled stays; and a client that asks to be asked waits for nothing.
            (Side::Us, Wish::Off, _) | (Side::Him, ..) => {}
        }
    }

    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, payload: &[u8], out: &mut Outbox) {
        match payload {
            [REQUEST, request @ ..] => answer(telnet, request, out),
            [ACCEPTED, name @ ..] if telnet.states.charset == State::Requested => {
                let name: String = name.iter().copied().map(ascii).collect();
                let offered = offered(telnet).find(|offered| offered.eq_ignore_ascii_case(name.trim()));
                match offered.and_then(Encoding::from_name) {
                    Some(encoding) => agreed(telnet, encoding, out),
                    None => refused(telnet, out),
                }
            }
            [REJECTED, ..] if telnet.states.charset == State::Requested => refused(telnet, out),
            [TTABLE_IS, ..] => say(TTABLE_REJECTED, b"", out),
            _ => {}
        }
    }

    fn holds(&self, telnet: &Telnet) -> bool {
        matches!(telnet.states.charset, State::Offered | State::Requested)
    }
}

/// Whether a name is that of a character set that clients can be offered.
pub fn is_charset(name: &str) -> bool {
    // The separator of the list, and what would end it.
    name.chars().all(|ch| ch.is_ascii_graphic() && ch != ';') && Encoding::from_name(name).is_some()
}

/// The names that a client is asked to choose from: those of the settings that mean anything.
fn offered(telnet: &Telnet) -> impl Iterator<Item = &str> {
    telnet.settings.charsets.iter().map(|name| &**name).filter(|name| is_charset(name))
}

/// The client asks. If the server has asked as well and waits for the answer, its own request stands (RFC
/// 2066, section 8).
fn answer(telnet: &mut Telnet, request: &[u8], out: &mut Outbox) {
    let wanted = match telnet.states.charset {
        State::Requested => None,
        _ => best(request),
    };
    match wanted {
        Some((name, encoding)) => {
            say(ACCEPTED, name, out);
            agreed(telnet, encoding, out);
        }
        None => say(REJECTED, b"", out),
    }
}

/// The best of a client's list: UTF-8 if it is there, since it has every character; otherwise what the
/// client prefers.
fn best(request: &[u8]) -> Option<(&[u8], Encoding)> {
    // A translation table that the client would send is not taken; a character set without one may be.
    let list = match request {
        [b'[', b'T', b'T', b'A', b'B', b'L', b'E', b']', _version, list @ ..]
        | [b'[', b'T', b'T', b'A', b'B', b'L', b'E', b' ', b']', _version, list @ ..] => list,
        list => list,
    };
    let (separator, names) = list.split_first().filter(|_| request.len() <= CHARSET_REQUEST_LIMIT)?;
    let known = || {
        names.split(|byte| byte == separator).filter_map(|name| {
            let encoding = Encoding::from_name(std::str::from_utf8(name).ok()?)?;
            Some((name, encoding))
        })
    };
    known().find(|(_, encoding)| *encoding == Encoding::Utf8).or_else(|| known().next())
}

fn agreed(telnet: &mut Telnet, encoding: Encoding, out: &mut Outbox) {
    telnet.states.charset = State::Agreed;
    if encoding == Encoding::Utf8 {
        telnet.flags.set(Flag::Utf8, true);
    }
    telnet.set_encoding(encoding);
    out.flags_changed();
}

fn refused(telnet: &mut Telnet, out: &mut Outbox) {
    telnet.states.charset = State::Refused;
    fall_back(telnet, out);
}

/// Gives ASCII to a client that has said that it does not read UTF-8 (MTTS) and settles on nothing else, if
/// the settings want that.
pub(super) fn fall_back(telnet: &mut Telnet, out: &mut Outbox) {
    let settled = telnet.states.charset != State::Refused || telnet.encoding != Encoding::Utf8;
    if telnet.settings.ascii_fallback && !settled && !telnet.flags.has(Flag::Utf8) {
        telnet.set_encoding(Encoding::Ascii);
        out.flags_changed();
    }
}

/// A client has told its character set otherwise (MNES), which counts unless this option has settled it.
pub(super) fn told_otherwise(telnet: &mut Telnet, name: &str, out: &mut Outbox) {
    if telnet.states.charset == State::Agreed {
        return;
    }
    if let Some(encoding) = Encoding::from_name(name)
        && encoding != telnet.encoding
    {
        telnet.set_encoding(encoding);
        out.flags_changed();
    }
}

fn say(what: u8, rest: &[u8], out: &mut Outbox) {
    out.transmit(&[&[IAC, SB, CHARSET, what], rest, &[IAC, SE]].concat());
}
