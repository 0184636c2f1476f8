//! What was negotiated with a client, as a person reads it. `status --sessions` and `@session` show it.

use meadow_link::Time;

use super::{Telnet, option::OPTIONS};

/// How long a client's answers take, as far as it is known. The first answer to the greeting tells, since
/// clients negotiate by themselves, without waiting for their players; later on timing marks do (RFC 860).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Latency {
    waits_for: Answer,
    /// It was asked for then.
    since: Time,
    is_known: bool,
    /// What was measured last.
    milliseconds: u32,
}

/// What a client has not answered yet.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Answer {
    #[default]
    Nothing,
    Greeting,
    Mark,
}

impl Latency {
    /// The greeting is sent.
    pub(super) fn greet(&mut self, now: Time) {
        (self.waits_for, self.since) = (Answer::Greeting, now);
    }

    /// A mark is asked for. One that did not come is forgotten.
    pub(super) fn ask(&mut self, now: Time) {
        (self.waits_for, self.since) = (Answer::Mark, now);
    }

    /// The client has answered something of the greeting.
    pub(super) fn answered(&mut self, now: Time) {
        self.take(Answer::Greeting, now);
    }

    /// The client has said yes or no to a mark; says whether one was asked for.
    pub(super) fn marked(&mut self, now: Time) -> bool {
        self.take(Answer::Mark, now)
    }

    /// Whether the client is one that answers.
    pub(super) fn is_known(&self) -> bool {
        self.is_known
    }

    fn take(&mut self, answer: Answer, now: Time) -> bool {
        let expected = self.waits_for == answer;
        if expected {
            self.waits_for = Answer::Nothing;
            self.is_known = true;
            self.milliseconds = u32::try_from(now.since(self.since).as_millis()).unwrap_or(u32::MAX);
        }
        expected
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
    let measured = telnet.latency.is_known.then_some(telnet.latency.milliseconds);
    if let Some(milliseconds) = telnet.states.gmcp.ping().or(measured) {
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
        34 => "LINEMODE",
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
    use std::time::Duration;

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

    #[test]
    fn whoever_answers_is_asked_again_at_each_keepalive() {
        let mut telnet = Telnet::new(crate::telnet::TelnetSettings::default());
        let (mut out, start) = (Outbox::new(), Time::from_micros(1_000_000));
        telnet.connect(start, &mut out);
        telnet.receive(start + Duration::from_millis(43), &[255, 251, 31], &mut out);
        for (answer, took, shown) in [(251, 80, "80 ms"), (252, 7, "7 ms")] {
            telnet.timeout(telnet.deadline().expect("the hold or the keepalive"), &mut out);
            out.clear_bytes();
            let due = telnet.deadline().expect("the keepalive");
            telnet.timeout(due, &mut out);
            assert_eq!(out.bytes(), [255, 253, 6], "IAC DO TIMING-MARK");
            out.clear_bytes();
            // IAC WILL or WONT TIMING-MARK.
            telnet.receive(due + Duration::from_millis(took), &[255, answer, 6], &mut out);
            assert_eq!(out.bytes(), [0; 0], "that is all (RFC 860)");
            assert_eq!(telnet.describe().last().expect("latency").1, shown);
            // Nobody has asked for this one.
            telnet.receive(due + Duration::from_secs(1), &[255, 251, 6], &mut out);
            assert_eq!(out.bytes(), [255, 254, 6]);
            assert_eq!(telnet.describe().last().expect("latency").1, shown);
        }
    }
}
