//! NEW-ENVIRON (39, RFC 1572) and MNES, the Mud New-Environ Standard: variables by which a client says what
//! it is, beyond TERMINAL-TYPE and also when that changes.

use meadow_link::Time;

use super::{
    Telnet, charset,
    negotiate::{Side, Wish},
    option::TelnetOption,
    parse::{IAC, SB, SE},
    ttype,
};
use crate::Outbox;

/// Its code.
const NEW_ENVIRON: u8 = 39;

const IS: u8 = 0;
const SEND: u8 = 1;
const INFO: u8 = 2;

const VAR: u8 = 0;
const VAL: u8 = 1;
const ESC: u8 = 2;
const USERVAR: u8 = 3;

/// Most variables of one message that are read.
pub const ENVIRON_VARIABLES: usize = 32;

/// Longest name and longest value that are read, in bytes.
pub const ENVIRON_LENGTH: usize = 256;

/// What a client is asked for: the variables of MNES. Never the name of its user, or whatever else it has.
const WANTED: [Variable; 6] = [
    Variable::ClientName,
    Variable::ClientVersion,
    Variable::TerminalType,
    Variable::Mtts,
    Variable::Charset,
    Variable::IpAddress,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Variable {
    ClientName,
    ClientVersion,
    TerminalType,
    Mtts,
    Charset,
    IpAddress,
}

impl Variable {
    fn name(self) -> &'static str {
        match self {
            Variable::ClientName => "CLIENT_NAME",
            Variable::ClientVersion => "CLIENT_VERSION",
            Variable::TerminalType => "TERMINAL_TYPE",
            Variable::Mtts => "MTTS",
            Variable::Charset => "CHARSET",
            Variable::IpAddress => "IPADDRESS",
        }
    }

    fn from_name(name: &[u8]) -> Option<Variable> {
        WANTED.into_iter().find(|wanted| wanted.name().as_bytes() == name)
    }
}

/// What has been asked for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The well-known variables, or nothing yet. MNES uses these.
    #[default]
    Known,
    /// Those of the user too, since the client has none of the others (Mudlet without MNES).
    User,
}

/// The option.
pub(super) struct NewEnviron;

impl TelnetOption for NewEnviron {
    fn code(&self) -> u8 {
        NEW_ENVIRON
    }

    fn offer(&self) -> Option<Side> {
        Some(Side::Him)
    }

    fn settled(&self, telnet: &mut Telnet, _side: Side, wish: Wish, out: &mut Outbox) {
        if wish == Wish::On {
            telnet.states.new_environ = State::Known;
            ask(VAR, out);
        }
    }

    fn subnegotiation(&self, telnet: &mut Telnet, _now: Time, payload: &[u8], out: &mut Outbox) {
        let [IS | INFO, variables @ ..] = payload else { return };
        let mut undefined = false;
        for (name, value) in read(variables) {
            match (Variable::from_name(&name), value) {
                (Some(variable), Some(value)) => take(telnet, variable, &value, out),
                (Some(Variable::ClientName), None) => undefined = true,
                _ => {}
            }
        }
        if undefined && telnet.states.new_environ == State::Known {
            telnet.states.new_environ = State::User;
            ask(USERVAR, out);
        }
    }
}

fn ask(kind: u8, out: &mut Outbox) {
    let mut bytes = vec![IAC, SB, NEW_ENVIRON, SEND];
    for variable in WANTED {
        bytes.push(kind);
        bytes.extend_from_slice(variable.name().as_bytes());
    }
    bytes.extend([IAC, SE]);
    out.transmit(&bytes);
}

fn take(telnet: &mut Telnet, variable: Variable, value: &[u8], out: &mut Outbox) {
    let before = telnet.flags.clone();
    let value = &*ttype::readable(value);
    // TERMINAL-TYPE says the same in a client that has both, and says it to the end.
    let says_its_type = ttype::is_agreed(telnet);
    match variable {
        Variable::ClientName if !says_its_type => ttype::take_name(telnet, value, out),
        Variable::TerminalType if !says_its_type => ttype::take_terminal(&mut telnet.flags, value),
        Variable::ClientName | Variable::TerminalType => {}
        Variable::ClientVersion => ttype::take_version(&mut telnet.flags, value),
        Variable::Mtts => ttype::take_mtts(telnet, value, out),
        Variable::Charset => charset::told_otherwise(telnet, value, out),
        Variable::IpAddress => {
            if let Ok(address) = value.parse() {
                out.speaks_for(address);
            }
        }
    }
    if telnet.flags != before {
        out.flags_changed();
    }
}

/// A variable: its name, and its value if it has one.
type Read = (Vec<u8>, Option<Vec<u8>>);

/// The variables of an IS or INFO. One that is too long is left out, as are those that are too many.
fn read(bytes: &[u8]) -> Vec<Read> {
    let mut seen: Vec<Read> = Vec::new();
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        match byte {
            VAR | USERVAR if seen.len() >= ENVIRON_VARIABLES => break,
            VAR | USERVAR => seen.push((Vec::new(), None)),
            _ => {
                let Some((name, value)) = seen.last_mut() else { continue };
                match byte {
                    VAL if value.is_none() => *value = Some(Vec::new()),
                    // A second value of the same variable: nothing says which is meant.
                    VAL => {}
                    _ => {
                        let byte = if byte == ESC { rest.next().copied() } else { Some(byte) };
                        let text = value.as_mut().unwrap_or(name);
                        // One byte more than the limit shows that it was too long.
                        if text.len() <= ENVIRON_LENGTH {
                            text.extend(byte);
                        }
                    }
                }
            }
        }
    }
    let fits = |text: &Vec<u8>| text.len() <= ENVIRON_LENGTH;
    seen.retain(|(name, value)| fits(name) && value.as_ref().is_none_or(fits));
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_empty_values_and_none() {
        let seen = read(b"\0NAME\x01VALUE\x03U\x01\0GONE\0ESC\x02\x01A\x01\x02\x02\x02\x03b");
        let is = |name: &[u8], value: Option<&[u8]>| (name.to_vec(), value.map(<[u8]>::to_vec));
        assert_eq!(
            seen,
            [
                is(b"NAME", Some(b"VALUE")),
                is(b"U", Some(b"")),
                is(b"GONE", None),
                is(b"ESC\x01A", Some(b"\x02\x03b")),
            ]
        );
        assert_eq!(read(b"stray\x01x"), []);
        assert_eq!(read(b"\0A\x02"), [is(b"A", None)]);
    }

    #[test]
    fn as_many_as_the_limit_and_one_more() {
        for (count, read_of_them) in
            [(ENVIRON_VARIABLES, ENVIRON_VARIABLES), (ENVIRON_VARIABLES + 1, ENVIRON_VARIABLES)]
        {
            assert_eq!(read(&b"\0A\x01b".repeat(count)).len(), read_of_them);
        }
    }

    #[test]
    fn as_long_as_the_limit_and_one_more() {
        let (fits, long) = ("x".repeat(ENVIRON_LENGTH), "x".repeat(ENVIRON_LENGTH + 1));
        assert_eq!(read(format!("\0{fits}\x01{fits}").as_bytes()).len(), 1);
        assert_eq!(read(format!("\0{long}\x01a\0B").as_bytes()).len(), 1, "the name");
        assert_eq!(read(format!("\0A\x01{long}\0B").as_bytes()).len(), 1, "the value");
    }
}
