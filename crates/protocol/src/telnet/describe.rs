//! What was negotiated with a client, as a person reads it. `status --sessions` and `@session` show it.

use std::time::Duration;

use meadow_link::Time;

use super::{Telnet, option::OPTIONS};

/// How long a client's answers take, as far as it is known. The first answer to the greeting tells, since
/// clients negotiate by themselves, without waiting for their players.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Latency {
    /// Nothing has been asked.
    #[default]
    Unknown,
    /// The greeting was sent then.
    Asked(Time),
    /// That long.
    Measured(Duration),
}

impl Latency {
    /// The client has answered something.
    pub(super) fn answered(&mut self, now: Time) {
        if let Latency::Asked(then) = *self {
            *self = Latency::Measured(now.since(then));
        }
    }
}

/// Names and values, in the order in which they are shown.
pub(super) fn describe(telnet: &Telnet) -> Vec<(String, String)> {
    let on = OPTIONS.iter().zip(&telnet.agreements).filter(|(_, agreement)| agreement.is_on_anywhere());
    let options: Vec<&str> = on.map(|(option, _)| name(option.code())).collect();
    let mut shown = vec![("options".to_owned(), options.join(", "))];
    let packages: Vec<&str> = telnet.states.gmcp.supports().packages().collect();
    if !packages.is_empty() {
        shown.push(("gmcp".to_owned(), packages.join(", ")));
    }
    // What the client itself has averaged over many pings is better than one measurement.
    let measured = match telnet.latency {
        Latency::Measured(span) => Some(span.as_millis()),
        Latency::Unknown | Latency::Asked(_) => None,
    };
    if let Some(milliseconds) = telnet.states.gmcp.ping().map(u128::from).or(measured) {
        shown.push(("latency".to_owned(), format!("{milliseconds} ms")));
    }
    shown
}

/// What people call an option (IANA's list of telnet options, and the MUD protocols).
fn name(code: u8) -> &'static str {
    match code {
        1 => "ECHO",
        3 => "SGA",
        24 => "TTYPE",
        25 => "EOR",
        31 => "NAWS",
        39 => "NEW-ENVIRON",
        42 => "CHARSET",
        46 => "START-TLS",
        69 => "MSDP",
        70 => "MSSP",
        86 => "MCCP2",
        87 => "MCCP3",
        91 => "MXP",
        201 => "GMCP",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Outbox, Protocol};

    #[test]
    fn every_option_has_a_name() {
        for option in OPTIONS {
            assert_ne!(name(option.code()), "?", "{}", option.code());
        }
    }

    #[test]
    fn what_is_agreed_is_shown_with_the_time_of_the_first_answer() {
        let mut telnet = Telnet::new(crate::telnet::TelnetSettings::default());
        let (mut out, start) = (Outbox::new(), Time::from_micros(1_000_000));
        telnet.connect(start, &mut out);
        assert_eq!(telnet.describe(), [("options".to_owned(), String::new())]);
        // IAC WILL NAWS, IAC DO EOR, IAC DO GMCP, and the packages.
        telnet.receive(start + Duration::from_millis(43), &[255, 251, 31, 255, 253, 25], &mut out);
        let supports = br#"Core.Supports.Set ["Char 1","Room.Info 1"]"#;
        let gmcp = [&[255, 253, 201, 255, 250, 201][..], supports, &[255, 240]].concat();
        telnet.receive(start + Duration::from_millis(99), &gmcp, &mut out);
        let want = [("options", "NAWS, EOR, GMCP"), ("gmcp", "Char, Room.Info"), ("latency", "43 ms")];
        assert_eq!(telnet.describe(), want.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let ping = [&[255, 250, 201][..], b"Core.Ping 120", &[255, 240]].concat();
        telnet.receive(start + Duration::from_millis(200), &ping, &mut out);
        assert_eq!(telnet.describe()[2].1, "120 ms");
    }
}
