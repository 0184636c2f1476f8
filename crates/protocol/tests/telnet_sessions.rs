//! Sessions recorded from Evennia, told to [`Telnet`].
//!
//! A case holds what the client sent, what Evennia answered, forwarded and knew of the client at the end;
//! `standard` is what it should have answered. All of that is checked, except where Meadow differs by a
//! rule; the rules are the functions of the second half of this file, and what is left is named in
//! [`EXCEPTIONS`] with its reason.

#![allow(clippy::unwrap_used, reason = "clippy takes the helpers of these tests for code of the program")]

use std::{sync::Arc, time::Duration};

use meadow_link::{CommandTuple, Flags, Kwargs, Time, prompt, text, tuple};
use meadow_protocol::{
    Outbox, Protocol, Render,
    limits::MAX_CHAR_LIMIT_WARNING,
    telnet::{MsspSource, Telnet, TelnetSettings},
};
use serde_json::{Value, json};

const START: Time = Time::from_micros(1_000_000_000);

/// Cases whose answers and inputs are not compared. They are still told, and cut at every byte.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("MCCP2 on, off", "told in `telnet_mccp`, where an inflater reads the answers"),
    ("line end: lone NUL keep-alive", "a NUL is ignored; Evennia makes the command `idle` of it"),
    ("line end: NUL line", "a NUL is ignored; Evennia makes the command `idle` of it"),
    ("line end: NUL with blanks", "a NUL is ignored; Evennia makes the command `idle` of it"),
];

#[test]
fn recorded_sessions() {
    let mut failures = Vec::new();
    let cases = cases();
    for case in &cases {
        if let Err(why) = check(case) {
            failures.push(format!("{}: {why}", case.name));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

#[test]
fn every_exception_is_a_case() {
    let cases = cases();
    for (name, _) in EXCEPTIONS {
        assert!(cases.iter().any(|case| case.name == *name), "{name}");
    }
    let silent: Vec<_> =
        cases.iter().filter(|case| case.has_unknown_action()).map(|case| &case.name).collect();
    assert!(silent.is_empty(), "what the server did is unknown: {silent:?}");
}

#[test]
fn the_same_wherever_the_stream_is_cut() {
    for case in cases().iter().filter(|case| !case.has_unknown_action()) {
        let whole = case.tell(usize::MAX, usize::MAX);
        assert_eq!(case.tell(0, 1), whole, "{} byte by byte", case.name);
        let longest = case.steps.iter().map(|step| step.length()).max().unwrap_or(0);
        for cut in 1..longest {
            assert_eq!(case.tell(cut, usize::MAX), whole, "{} cut at {cut}", case.name);
        }
    }
}

/// One recorded session.
struct Case {
    name: String,
    steps: Vec<Step>,
    flags: Kwargs,
    inputs: Vec<Value>,
    standard: Option<String>,
    closed: bool,
}

struct Step {
    /// What the client sent; nothing where the server did something.
    sent: Option<Vec<u8>>,
    /// What Evennia answered.
    answer: Vec<u8>,
}

impl Step {
    fn length(&self) -> usize {
        self.sent.as_ref().map_or(0, Vec::len)
    }
}

/// What came of a session.
#[derive(Debug, PartialEq)]
struct Outcome {
    answers: Vec<Vec<u8>>,
    inputs: Vec<CommandTuple>,
    flags: Flags,
    ready: bool,
    closed: bool,
}

/// What lists of games are told in these sessions.
#[derive(Debug)]
struct Status;

impl MsspSource for Status {
    fn table(&self) -> Vec<(String, Vec<String>)> {
        vec![("NAME".to_owned(), vec!["Test".to_owned()])]
    }
}

fn settings() -> TelnetSettings {
    TelnetSettings { mssp: Some(Arc::new(Status)), ..TelnetSettings::default() }
}

fn cases() -> Vec<Case> {
    let file: Value = serde_json::from_str(include_str!("vectors/telnet_sessions.json")).unwrap();
    let list = |value: &Value| value.as_array().unwrap().clone();
    let case = |vector: &Value| Case {
        name: vector["name"].as_str().unwrap().to_owned(),
        steps: list(&vector["in"])
            .iter()
            .zip(list(&vector["out"]))
            .map(|(sent, out)| Step {
                sent: unhex(sent.as_str().unwrap()),
                answer: out["s"].as_str().and_then(unhex).unwrap(),
            })
            .collect(),
        flags: vector["flags"].as_object().unwrap().clone(),
        inputs: list(&vector["msgs"]),
        standard: vector["standard"].as_str().map(str::to_owned),
        closed: vector["server_closed"] == true,
    };
    file["vectors"].as_array().unwrap().iter().map(case).collect()
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    let digits = hex.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok().filter(|_| pair.len() == 2)
    });
    digits.collect()
}

impl Case {
    /// Tells the session to a new Telnet, with every segment cut once at `first` and then every `every` bytes.
    fn tell(&self, first: usize, every: usize) -> Outcome {
        let (mut telnet, mut out) = (Telnet::new(settings()), Outbox::new());
        telnet.connect(START, &mut out);
        let (mut answers, mut inputs) = (Vec::new(), Vec::new());
        for step in &self.steps {
            out.clear_bytes();
            match &step.sent {
                Some(bytes) => {
                    let (head, tail) = bytes.split_at(first.min(bytes.len()));
                    telnet.receive(START, head, &mut out);
                    for piece in tail.chunks(every) {
                        telnet.receive(START, piece, &mut out);
                    }
                }
                None => self.act(&mut telnet, answers.len(), &mut out),
            }
            answers.push(out.bytes().to_vec());
            inputs.extend(out.take_inputs());
        }
        out.clear_bytes();
        telnet.timeout(START + Duration::from_secs(1), &mut out);
        inputs.extend(out.take_inputs());
        assert_eq!(out.bytes(), b"", "{}", self.name);
        Outcome {
            answers,
            inputs,
            flags: telnet.flags().clone(),
            ready: out.take_ready(),
            closed: out.take_close().is_some(),
        }
    }

    fn has_unknown_action(&self) -> bool {
        let acts = self.steps.iter().any(|step| step.sent.is_none());
        acts && self.action(0).is_none() && !EXCEPTIONS.iter().any(|(name, _)| *name == self.name)
    }

    fn act(&self, telnet: &mut Telnet, step: usize, out: &mut Outbox) {
        match self.action(step) {
            Some(Action::Send(tuple, set)) => {
                let mut flags = telnet.flags().clone();
                flags.apply(&set);
                telnet.set_flags(flags);
                let source = tuple.first_str().unwrap_or_default().to_owned();
                telnet.send(&tuple, &mut Render::new(&source), out);
            }
            Some(Action::Wait(span)) => telnet.timeout(START + span, out),
            Some(Action::Disconnect(reason)) => telnet.disconnect(reason, out),
            None => {}
        }
    }

    /// What the server did in the recording. The file names the actions, but does not hold them.
    fn action(&self, step: usize) -> Option<Action> {
        let send = |tuple| Some(Action::Send(tuple, Kwargs::new()));
        let with = |tuple, key: &str, value: Value| {
            Some(Action::Send(tuple, Kwargs::from_iter([(key.to_owned(), value)])))
        };
        match self.name.as_str() {
            "keepalive" => Some(Action::Wait(Duration::from_secs(30))),
            "disconnect" => Some(Action::Disconnect("bye")),
            "GMCP used after DONT" => send(tuple("ping")),
            "no OOB negotiated" | "MSDP and GMCP both on: one OOB call" => {
                send(tuple("char_vitals").kw("hp", 1))
            }
            "OOB None text" => send(tuple("text").arg(Value::Null)),
            "MXP off: link" => send(text("|lclook|ltclick|le")),
            "text out raw" => send(text("|rred").with_option("raw", true)),
            "text out nocolor" => send(text("|rred|n").with_option("nocolor", true)),
            "text out screenreader" => send(text("+---+  |rx|n ---").with_option("screenreader", true)),
            "text out xterm256 option" => {
                let depths = json!({"TTYPE": true, "XTERM256": false, "TRUECOLOR": false});
                Some(Action::Send(text("|500x").with_option("xterm256", true), depths.as_object()?.clone()))
            }
            "text out NOCOLOR flag" => with(text("|rx"), "NOCOLOR", json!(true)),
            "text out RAW flag" => with(text("|rx"), "RAW", json!(true)),
            "text out latin-1" => with(text("\u{e9}"), "ENCODING", json!("latin-1")),
            "text out latin-1 unencodable" => with(text("\u{65e5}"), "ENCODING", json!("latin-1")),
            "text out \u{ff} in latin-1" => with(text("\u{ff}"), "ENCODING", json!("latin-1")),
            "prompt out" => send(prompt("HP|r5|n> ")),
            "prompt with newline" => send(prompt("a\n> ")),
            "prompt GA" => with(prompt("> "), "NOPROMPTGOAHEAD", json!(false)),
            "DONT SGA then text and prompt" | "Mudlet with DONT SGA: prompt gets GA" => {
                let last = step + 1 == self.steps.len();
                send(if last { prompt("> ") } else { text("x") })
            }
            name => {
                let (source, _) = name.strip_prefix("text out '")?.rsplit_once("' [")?;
                Some(Action::Send(text(unquoted(source)), self.flags.clone()))
            }
        }
    }
}

enum Action {
    Send(CommandTuple, Kwargs),
    Wait(Duration),
    Disconnect(&'static str),
}

/// Text of a Python literal.
fn unquoted(literal: &str) -> String {
    literal.replace("\\n", "\n").replace("\\r", "\r").replace("\\x00", "\0")
}

fn check(case: &Case) -> Result<(), String> {
    let outcome = case.tell(usize::MAX, usize::MAX);
    if EXCEPTIONS.iter().any(|(name, _)| *name == case.name) {
        return Ok(());
    }
    if case.name == "HTTP request" {
        let answered = outcome.answers[0].starts_with(b"HTTP/1.0 400 ") && outcome.closed;
        return answered.then_some(()).ok_or("no HTTP answer".to_owned());
    }
    for (at, (got, expected)) in outcome.answers.iter().zip(expected_answers(case)).enumerate() {
        if *got != expected {
            return Err(format!("answer {at} is {got:02x?} instead of {expected:02x?}"));
        }
    }
    let said: Vec<_> = outcome.inputs.iter().map(|tuple| tuple.first_str().unwrap_or_default()).collect();
    if said != expected_inputs(case) {
        return Err(format!("inputs are {said:?} instead of {:?}", expected_inputs(case)));
    }
    let got = outcome.flags.to_map();
    for (name, value) in expected_flags(case) {
        if got.get(&name) != Some(&value) {
            return Err(format!("{name} is {:?} instead of {value}", got.get(&name)));
        }
    }
    if outcome.closed || (case.closed && case.name != "disconnect") {
        return Err(format!("closed: {}", outcome.closed));
    }
    Ok(())
}

/// What Evennia answered, or should have, changed by the rules in which Meadow differs.
fn expected_answers(case: &Case) -> Vec<Vec<u8>> {
    let mut answers: Vec<_> = case.steps.iter().map(|step| step.answer.clone()).collect();
    if let (Some(last), Some(hex)) = (answers.last_mut(), case.standard.as_deref().and_then(unhex)) {
        *last = hex;
    }
    for (step, answer) in case.steps.iter().zip(&mut answers) {
        if let Some([255, verb, code]) = step.sent.as_deref()
            && let Some(ours) = offered_differently(*verb, *code)
        {
            *answer = ours;
        }
    }
    // A client that repeats itself has no third answer (RFC 1091).
    let said = terminal_types(case);
    if said.len() > 1 && said[0].eq_ignore_ascii_case(&said[1]) {
        answers[2].clear();
    }
    match case.name.as_str() {
        // "Visible evidence" (RFC 854).
        "IAC AYT" => answers[0] = b"[yes]\r\n".to_vec(),
        // The command that ends the subnegotiation is DO TTYPE.
        "IAC + command inside SB" => answers[0] = vec![255, 252, 24],
        // SEND is for the server to say.
        "TTYPE SEND from client" => answers[1].clear(),
        "TTYPE invalid UTF-8" => answers[1] = vec![255, 250, 24, 1, 255, 240],
        // Answered at once, also by a client whose DO is still on its way.
        "subnegotiation split over segments" => answers[2] = gmcp("Core.Ping"),
        "IAC IAC inside SB" => answers[1] = gmcp("Core.Ping"),
        "GMCP before DO" => answers[0] = gmcp("Core.Ping"),
        // The limit of a line holds for every way.
        "7000 characters via GMCP text" => {
            answers[1] = [MAX_CHAR_LIMIT_WARNING.as_bytes(), b"\x1b[0m\r\n"].concat();
        }
        "GMCP used after DONT" => answers[2].clear(),
        // Once, in GMCP.
        "MSDP and GMCP both on: one OOB call" => answers[2] = gmcp("Char.Vitals {\"hp\": 1}"),
        // Only prompts are marked.
        "DONT SGA then text and prompt" => {
            answers[1] = b"x\x1b[0m\r\n".to_vec();
            answers[2] = b"> \x1b[0m\xff\xf9".to_vec();
        }
        _ => {}
    }
    answers
}

fn gmcp(message: &str) -> Vec<u8> {
    [b"\xff\xfa\xc9", message.as_bytes(), b"\xff\xf0"].concat()
}

/// The answer to one verb where Evennia offers an option and Meadow does not, or the other way round.
fn offered_differently(verb: u8, code: u8) -> Option<Vec<u8>> {
    const EVENNIA_ONLY: [u8; 1] = [34];
    const EOR: u8 = 25;
    const MCCP3: u8 = 87;
    const WILL: u8 = 251;
    const WONT: u8 = 252;
    const DO: u8 = 253;
    const DONT: u8 = 254;
    match (verb, code) {
        (DO, EOR | MCCP3) => Some(Vec::new()),
        (DO, 6) => Some(vec![255, WILL, 6]),
        (DO, 42) => Some(b"\xff\xfa\x2a\x01;UTF-8;ISO-8859-1;US-ASCII\xff\xf0".to_vec()),
        (WILL, 42) => Some(vec![255, DO, 42]),
        (WILL, 39) => Some(
            b"\xff\xfa\x27\x01\0CLIENT_NAME\0CLIENT_VERSION\0TERMINAL_TYPE\0MTTS\0CHARSET\0IPADDRESS\xff\xf0"
                .to_vec(),
        ),
        (DO, 70) => Some(b"\xff\xfa\x46\x01NAME\x02Test\xff\xf0".to_vec()),
        // Without the line end that Evennia sends, and with questions.
        (DO, 91) => Some(b"\xff\xfa\x5b\xff\xf0\x1b[7z\x1b[4z<VERSION>\x1b[4z<SUPPORT>".to_vec()),
        (DO, _) if EVENNIA_ONLY.contains(&code) => Some(vec![255, WONT, code]),
        (WILL, _) if EVENNIA_ONLY.contains(&code) => Some(vec![255, DONT, code]),
        _ if EVENNIA_ONLY.contains(&code) => Some(Vec::new()),
        _ => None,
    }
}

fn expected_inputs(case: &Case) -> Vec<String> {
    if case.standard.as_deref().is_some_and(|standard| standard.contains("msgs = [text look, text look]")) {
        return vec!["look".to_owned(); 2];
    }
    match case.name.as_str() {
        // The byte 255 is dropped, the rest of the line is kept.
        "single 0xFF in text (latin-1 y-umlaut not doubled)" => {
            vec!["say  hi".to_owned(), "look".to_owned()]
        }
        "IAC + command inside SB" => Vec::new(),
        // Pings are answered, not forwarded, and long texts neither.
        "subnegotiation split over segments" | "IAC IAC inside SB" | "GMCP before DO" => Vec::new(),
        "7000 characters via GMCP text" => Vec::new(),
        "TTYPE invalid UTF-8" => vec!["look".to_owned()],
        _ => {
            let line =
                |input: &Value| input["text"][0][0].as_str().unwrap().trim_end_matches('\n').to_owned();
            case.inputs.iter().map(line).collect()
        }
    }
}

fn expected_flags(case: &Case) -> Kwargs {
    let mut flags = case.flags.clone();
    for key in ["SCREENWIDTH", "SCREENHEIGHT"] {
        if let Some(pair) = flags.get(key).map(|size| size["$dict"][0].clone()) {
            flags.insert(key.to_owned(), json!({ "0": pair[1] }));
        }
    }
    if matches!(case.name.as_str(), "DO then DONT GMCP" | "GMCP used after DONT") {
        flags.insert("OOB".to_owned(), json!(false));
    }
    if case.name == "TTYPE SEND from client" {
        flags.insert("CLIENTNAME".to_owned(), json!(""));
    }
    if case.name == "TTYPE invalid UTF-8" {
        flags.insert("CLIENTNAME".to_owned(), json!("\u{fffd}"));
    }
    expected_colours(case, &mut flags);
    flags
}

/// A client that shows more colours shows fewer; DUMB shows none; MTTS has the last word.
fn expected_colours(case: &Case, flags: &mut Kwargs) {
    let said = terminal_types(case);
    let has = |flags: &Kwargs, key: &str| flags.get(key) == Some(&json!(true));
    let bits =
        said.get(2).and_then(|answer| answer.strip_prefix("MTTS")).and_then(|bits| bits.trim().parse().ok());
    let (mut ansi, mut xterm256, mut truecolor) =
        (has(flags, "ANSI"), has(flags, "XTERM256"), has(flags, "TRUECOLOR"));
    if let Some(bits) = bits {
        let bits: u32 = bits;
        (ansi, xterm256, truecolor) = (bits & 1 != 0, bits & 8 != 0, bits & 256 != 0);
    } else if said.iter().any(|answer| answer.eq_ignore_ascii_case("dumb")) {
        ansi = false;
    }
    xterm256 |= truecolor;
    ansi |= xterm256;
    for (key, on) in [("ANSI", ansi), ("XTERM256", xterm256), ("TRUECOLOR", truecolor)] {
        if flags.contains_key(key) {
            flags.insert(key.to_owned(), json!(on));
        }
    }
}

/// What the client answered to the questions for its terminal, in order.
fn terminal_types(case: &Case) -> Vec<String> {
    let answer = |step: &Step| match step.sent.as_deref() {
        Some([255, 250, 24, 0, answer @ .., 255, 240]) => Some(String::from_utf8_lossy(answer).into_owned()),
        _ => None,
    };
    case.steps.iter().filter_map(answer).collect()
}
