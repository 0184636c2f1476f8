//! Bytes of a telnet stream to events, wherever the stream is cut. `Telnet::receive` hands it the bytes.

use super::negotiate::Verb;

/// "Interpret as command" (RFC 854).
pub(super) const IAC: u8 = 255;
/// Begin of a subnegotiation.
pub(super) const SB: u8 = 250;
/// Go ahead: after a prompt, unless that is suppressed.
pub(super) const GA: u8 = 249;
/// Erase the line that is being typed.
pub(super) const EL: u8 = 248;
/// Erase the last character.
pub(super) const EC: u8 = 247;
/// Are you there?
pub(super) const AYT: u8 = 246;
/// Nothing.
pub(super) const NOP: u8 = 241;
/// End of a subnegotiation.
pub(super) const SE: u8 = 240;
/// End of record: after a prompt, where EOR is agreed (RFC 885).
pub(super) const EOR: u8 = 239;
/// The lowest byte that is a command after IAC: end of file (RFC 1184).
const EOF: u8 = 236;

/// Longest payload of one subnegotiation, in bytes. A longer one is given up, and parsing goes on at the
/// next IAC.
pub const SUBNEGOTIATION_LIMIT: usize = 64 * 1024;

/// What a piece of the stream turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// Text of the client; doubled IACs are single here.
    Data(&'a [u8]),
    /// IAC and one of the commands from EOF to EL, or GA.
    Command(u8),
    /// IAC and a byte that is no command: a mistake, or a client that does not double the character 255.
    Stray(u8),
    /// What the client says about an option.
    Negotiation(Verb, u8),
    /// A complete subnegotiation: the option's code, then the payload. Never empty.
    Subnegotiation(Vec<u8>),
}

/// Where in the stream we are. It holds no memory except inside a subnegotiation.
#[derive(Debug, Default)]
pub(super) struct Parser {
    state: State,
    /// Code and payload of the subnegotiation that is under way.
    subnegotiation: Vec<u8>,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    #[default]
    Data,
    Iac,
    Verb(Verb),
    Subnegotiation,
    SubnegotiationIac,
    /// In a subnegotiation that was too long.
    Skip,
    SkipIac,
}

impl Parser {
    /// The next event, and `bytes` moved past it; nothing when the bytes are used up.
    pub(super) fn next<'a>(&mut self, bytes: &mut &'a [u8]) -> Option<Event<'a>> {
        while let Some((&byte, rest)) = bytes.split_first() {
            match self.state {
                State::Data if byte != IAC => {
                    let end = bytes.iter().position(|byte| *byte == IAC).unwrap_or(bytes.len());
                    let (data, rest) = bytes.split_at(end);
                    *bytes = rest;
                    return Some(Event::Data(data));
                }
                State::Subnegotiation if byte != IAC => {
                    let end = bytes.iter().position(|byte| *byte == IAC).unwrap_or(bytes.len());
                    let (data, rest) = bytes.split_at(end);
                    *bytes = rest;
                    self.collect(data);
                }
                _ => {
                    *bytes = rest;
                    let event = self.step(byte);
                    if event.is_some() {
                        return event;
                    }
                }
            }
        }
        None
    }

    fn step(&mut self, byte: u8) -> Option<Event<'static>> {
        match (self.state, byte) {
            (State::Data, _) => self.state = State::Iac,
            (State::Subnegotiation, _) => self.state = State::SubnegotiationIac,
            (State::Skip, IAC) => self.state = State::SkipIac,
            (State::Skip, _) => {}

            (State::Iac, IAC) => {
                self.state = State::Data;
                return Some(Event::Data(&[IAC]));
            }
            (State::SubnegotiationIac, IAC) => {
                self.state = State::Subnegotiation;
                self.collect(&[IAC]);
            }
            (State::SkipIac, IAC) => self.state = State::Skip,

            (State::Verb(verb), option) => {
                self.state = State::Data;
                return Some(Event::Negotiation(verb, option));
            }
            (State::SubnegotiationIac, SE) => {
                self.state = State::Data;
                let whole = std::mem::take(&mut self.subnegotiation);
                return (!whole.is_empty()).then_some(Event::Subnegotiation(whole));
            }
            (State::SkipIac, SE) => self.state = State::Data,

            // Only IAC and SE may follow an IAC inside a subnegotiation (RFC 855): anything else means that
            // its end was lost, so the subnegotiation is given up for the command.
            (State::Iac | State::SubnegotiationIac | State::SkipIac, _) => return self.command(byte),
        }
        None
    }

    fn command(&mut self, byte: u8) -> Option<Event<'static>> {
        self.subnegotiation = Vec::new();
        self.state = State::Data;
        if let Some(verb) = Verb::from_byte(byte) {
            self.state = State::Verb(verb);
            return None;
        }
        match byte {
            SB => {
                self.state = State::Subnegotiation;
                None
            }
            EOF.. => Some(Event::Command(byte)),
            _ => Some(Event::Stray(byte)),
        }
    }

    fn collect(&mut self, data: &[u8]) {
        const CODE: usize = 1;
        if self.subnegotiation.len() + data.len() > CODE + SUBNEGOTIATION_LIMIT {
            self.subnegotiation = Vec::new();
            self.state = State::Skip;
        } else {
            self.subnegotiation.extend_from_slice(data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events of a stream that comes in these pieces, with neighbouring data joined.
    fn events(pieces: &[&[u8]]) -> Vec<(String, Vec<u8>)> {
        let mut parser = Parser::default();
        let mut seen: Vec<(String, Vec<u8>)> = Vec::new();
        for mut piece in pieces.iter().copied() {
            while let Some(event) = parser.next(&mut piece) {
                let (kind, bytes) = match event {
                    Event::Data(data) => ("data".to_owned(), data.to_vec()),
                    Event::Command(byte) => ("command".to_owned(), vec![byte]),
                    Event::Stray(byte) => ("stray".to_owned(), vec![byte]),
                    Event::Negotiation(verb, option) => (format!("{verb:?}"), vec![option]),
                    Event::Subnegotiation(whole) => ("subnegotiation".to_owned(), whole),
                };
                match seen.last_mut() {
                    Some((last, data)) if last == "data" && kind == "data" => data.extend(bytes),
                    _ => seen.push((kind, bytes)),
                }
            }
        }
        seen
    }

    fn is(kind: &str, bytes: &[u8]) -> (String, Vec<u8>) {
        (kind.to_owned(), bytes.to_vec())
    }

    #[test]
    fn every_kind_of_event_wherever_it_is_cut() {
        let stream = b"a\xff\xffb\xff\xf6\xff\xfd\x18\xff\xfa\x18\x00x\xff\xffy\xff\xf0\xff\x20\xff\xecz";
        let expected = [
            is("data", b"a\xffb"),
            is("command", &[AYT]),
            is("Do", &[24]),
            is("subnegotiation", b"\x18\x00x\xffy"),
            is("stray", b" "),
            is("command", &[EOF]),
            is("data", b"z"),
        ];
        for cut in 0..=stream.len() {
            assert_eq!(events(&[&stream[..cut], &stream[cut..]]), expected, "cut at {cut}");
        }
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(events(&single), expected);
    }

    #[test]
    fn an_empty_subnegotiation_is_nothing() {
        assert_eq!(events(&[b"\xff\xfa\xff\xf0a"]), [is("data", b"a")]);
    }

    #[test]
    fn a_command_ends_a_subnegotiation_that_was_left_open() {
        let expected = [is("Do", &[24]), is("data", b"x"), is("command", &[SE])];
        assert_eq!(events(&[b"\xff\xfa\xc9Core\xff\xfd\x18x\xff\xf0"]), expected);
        assert_eq!(events(&[b"\xff\xfa\x18a\xff\xfa\x1fb\xff\xf0"]), [is("subnegotiation", b"\x1fb")]);
    }

    #[test]
    fn a_subnegotiation_at_the_limit_and_one_past_it() {
        let build = |length: usize| {
            let mut stream = vec![IAC, SB, 24];
            stream.resize(3 + length, b'x');
            stream.extend([IAC, IAC, IAC, SE]);
            stream.extend(b"after");
            stream
        };
        let whole = events(&[&build(SUBNEGOTIATION_LIMIT - 1)]);
        assert_eq!(whole[0].1.len(), 1 + SUBNEGOTIATION_LIMIT);
        assert_eq!(whole[1], is("data", b"after"));

        let mut parser = Parser::default();
        let stream = build(SUBNEGOTIATION_LIMIT);
        let mut rest = stream.as_slice();
        assert_eq!(parser.next(&mut rest), Some(Event::Data(b"after")));
        assert_eq!(parser.subnegotiation.capacity(), 0);
    }

    #[test]
    fn after_one_that_is_too_long_the_next_command_is_heard() {
        let mut stream = vec![IAC, SB, 24];
        stream.resize(4 + SUBNEGOTIATION_LIMIT + 1000, b'x');
        stream.extend(b"\xff\xff\xff\xfd\x18look");
        assert_eq!(events(&[&stream]), [is("Do", &[24]), is("data", b"look")]);
    }
}
