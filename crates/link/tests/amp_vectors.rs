//! Boxes and segments as Twisted and Evennia write and take them: every case is read into typed messages,
//! and what we write of them is read back to the same.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;

use bytes::BytesMut;
use meadow_link::{
    CommandTuple, Kwargs, RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer,
    amp::{
        AmpBox, Answer, Ask, BoxReader, Codec, ErrorCode, Incoming, LauncherMessage, LauncherReply,
        LinkMessage, LinkReader, LinkWriter, Operation, RemoteError, Status,
        pickle::{self, PyValue},
    },
};
use serde_json::{Value, json};

fn vectors(text: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(text).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn unbase64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.bytes().filter(|digit| *digit != b'=') {
        bits = bits << 6 | DIGITS.iter().position(|known| *known == digit).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

/// The wire bytes of a case.
fn wire(case: &Value) -> Vec<u8> {
    match case["out"].as_str() {
        Some(out) => unhex(out),
        None => unbase64(case["out_b64"].as_str().unwrap()),
    }
}

/// The one box in some bytes.
fn one_box(bytes: &[u8]) -> AmpBox {
    let mut reader = BoxReader::new();
    reader.feed(bytes);
    let found = reader.next().unwrap().unwrap();
    assert_eq!(reader.buffered(), 0);
    found
}

/// The logical values of a case as Python has them.
fn to_python(value: &Value) -> PyValue {
    match value {
        Value::Array(items) => PyValue::List(items.iter().map(to_python).collect()),
        Value::Object(map) => match map.get("$dict") {
            Some(pairs) => {
                let pair = |pair: &Value| (to_python(&pair[0]), to_python(&pair[1]));
                PyValue::Dict(pairs.as_array().unwrap().iter().map(pair).collect())
            }
            None => PyValue::dict(map.iter().map(|(key, value)| (key, to_python(value)))),
        },
        other => PyValue::from(other),
    }
}

/// The keywords of a case; long texts are described there, not written out.
fn kwargs(given: &Value) -> Value {
    match given["text_repeat"].as_str() {
        Some(text) => {
            let length = given["text_len"].as_u64().unwrap() as usize;
            let text: String = text.chars().cycle().take(length).collect();
            json!({"text": [[text], {"options": {}}]})
        }
        None => given["kwargs"].clone(),
    }
}

fn sessid(given: &Value) -> SessionId {
    SessionId(given["sessid"].as_u64().unwrap())
}

/// The pairs of a map whose keys are numbers.
fn numbered(value: &Value) -> Vec<(SessionId, Value)> {
    let pairs = value.get("$dict").and_then(Value::as_array).cloned().unwrap_or_default();
    pairs.iter().map(|pair| (SessionId(pair[0].as_u64().unwrap()), pair[1].clone())).collect()
}

fn flags(value: &Value) -> Kwargs {
    let size = |value: &Value| json!({"0": value["$dict"][0][1]});
    let flag = |(name, value): (&String, &Value)| {
        (name.clone(), if value.get("$dict").is_some() { size(value) } else { value.clone() })
    };
    value.as_object().unwrap().iter().map(flag).collect()
}

fn record(id: SessionId, data: &Value) -> SessionSync {
    let text = |key: &str| data[key].as_str();
    let time = |key: &str| data[key].as_f64().map(Time::from_unix_seconds).unwrap_or_default();
    let mut sync =
        SessionSync::new(id, text("protocol_key").unwrap(), text("address").unwrap(), time("conn_time"));
    sync.uid = data["uid"].as_u64();
    sync.uname = text("uname").map(Into::into);
    sync.csessid = text("csessid").map(Into::into);
    sync.logged_in = data["logged_in"].as_bool().unwrap_or(false);
    sync.puid = data["puid"].as_u64();
    sync.cmd_last = time("cmd_last");
    sync.cmd_last_visible = time("cmd_last_visible");
    sync.cmd_total = data["cmd_total"].as_u64().unwrap_or(0);
    sync.flags.apply(&flags(&data["protocol_flags"]));
    sync
}

fn tuples(given: &Value) -> Vec<CommandTuple> {
    let tuple = |(name, value): (&String, &Value)| {
        let plain = to_python(value).into_json();
        let mut kwargs = plain[1].as_object().unwrap().clone();
        if kwargs.get("options") == Some(&json!({})) {
            kwargs.shift_remove("options");
        }
        CommandTuple { name: name.clone(), args: plain[0].as_array().unwrap().clone(), kwargs }
    };
    kwargs(given).as_object().unwrap().iter().map(tuple).collect()
}

fn expected_to_server(given: &Value) -> Vec<ToServer> {
    let (session, kwargs) = (sessid(given), kwargs(given));
    let data = &kwargs["sessiondata"];
    vec![match given["operation"].as_u64() {
        None => {
            let input = |tuple| ToServer::Input { session, seq: 1, tuple };
            return tuples(given).into_iter().map(input).collect();
        }
        Some(1) => ToServer::Connect(record(session, data)),
        Some(12) => ToServer::Update(record(session, data)),
        Some(2) => ToServer::Disconnect(session),
        Some(3) => ToServer::Sync {
            mode: match kwargs["server_restart_mode"].as_str() {
                Some("shutdown") => RestartMode::Shutdown,
                Some("reset") => RestartMode::Reset,
                Some("reload") | None => RestartMode::Reload,
                other => panic!("{other:?}"),
            },
            portal_start: Time::from_unix_seconds(kwargs["portal_start_time"].as_f64().unwrap()),
            sessions: numbered(data).iter().map(|(id, data)| record(*id, data)).collect(),
        },
        Some(13) => ToServer::DisconnectAll,
        Some(14) => ToServer::Stop(RestartMode::Reload),
        Some(17) => ToServer::Stop(RestartMode::Shutdown),
        Some(19) => ToServer::Stop(RestartMode::Reset),
        other => panic!("{other:?}"),
    }]
}

fn expected_to_portal(given: &Value) -> Vec<ToPortal> {
    let (session, kwargs) = (sessid(given), kwargs(given));
    let reason = || kwargs["reason"].as_str().unwrap().to_owned();
    let map = |key: &str| kwargs[key].as_object().unwrap().clone();
    vec![match given["operation"].as_u64() {
        None => {
            let output = |tuple| ToPortal::Output { sessions: vec![session], tuple };
            return tuples(given).into_iter().map(output).collect();
        }
        Some(3) => {
            let pid = kwargs["spid"].as_u64().unwrap() as u32;
            return vec![
                ToPortal::Sync { pid, info: map("info_dict") },
                ToPortal::Ready { applied: Vec::new() },
            ];
        }
        Some(4) => {
            let uid = kwargs["sessiondata"]["uid"].as_u64().unwrap();
            ToPortal::Login { session, uid, uname: "".into() }
        }
        Some(5) => ToPortal::Disconnect { session, reason: reason() },
        Some(6) => ToPortal::DisconnectAll { reason: reason() },
        Some(8) => {
            let records = numbered(&kwargs["sessiondata"]);
            let (full, partial): (Vec<_>, Vec<_>) =
                records.iter().partition(|(_, data)| data.get("protocol_key").is_some());
            if let [(session, data)] = partial[..] {
                return vec![ToPortal::Flags { session: *session, changed: flags(&data["protocol_flags"]) }];
            }
            let sessions = full.iter().map(|(id, data)| record(*id, data)).collect();
            ToPortal::SessionSync { sessions, clean: kwargs["clean"].as_bool().unwrap_or(true) }
        }
        Some(11) => ToPortal::Connect {
            protocol: kwargs["protocol_path"].as_str().unwrap().to_owned(),
            config: map("config"),
        },
        Some(14) => ToPortal::Reload,
        Some(16) => ToPortal::Shutdown,
        Some(17) => ToPortal::ShutdownServer,
        Some(19) => ToPortal::Reset,
        other => panic!("{other:?}"),
    }]
}

/// Reads one box of messages; gives them, and the tag that wants an answer.
fn read<M: LinkMessage>(bytes: &[u8]) -> (Vec<M>, Option<Ask>) {
    let mut reader = LinkReader::<M>::new();
    reader.settle(Codec::Pickle);
    reader.feed(bytes);
    let (mut messages, mut asked) = (Vec::new(), None);
    while let Some(incoming) = reader.next().unwrap() {
        match incoming {
            Incoming::Message(message) => messages.push(message),
            Incoming::Asked(ask) => asked = Some(ask),
            _ => panic!("something else than messages"),
        }
    }
    (messages, asked)
}

/// Reads a case, compares, writes what was read as we write it, and reads that again. Gives our payloads.
fn check<M: LinkMessage + PartialEq + std::fmt::Debug>(case: &Value, expected: &[M]) -> Vec<PyValue> {
    let (messages, asked) = read::<M>(&wire(case));
    assert_eq!(messages, expected, "{}", case["in"]);
    assert_eq!(asked.unwrap().to_string(), case["in"]["ask"].as_str().unwrap());
    let mut writer = LinkWriter::new(Codec::Pickle);
    messages.iter().for_each(|message| writer.write(message).unwrap());
    let mut again = Vec::new();
    while let Some(bytes) = writer.take() {
        again.extend(read::<M>(&bytes).0);
    }
    assert_eq!(again, expected, "written anew: {}", case["in"]);
    messages.iter().flat_map(|message| message.to_pickle().unwrap()).collect()
}

#[test]
fn every_box_of_messages() {
    let mut checked = 0;
    for case in vectors(include_str!("vectors/amp_boxes.json")) {
        let given = &case["in"];
        let Some(command) = given["command"].as_str() else { continue };
        let mut pairs = vec![(PyValue::text("operation"), PyValue::None)];
        match given["operation"].as_u64() {
            Some(code) => pairs[0].1 = PyValue::text(char::from(code as u8)),
            None => pairs.clear(),
        }
        pairs.extend(to_python(&kwargs(given)).into_pairs().unwrap());
        let logical = PyValue::Tuple(vec![PyValue::from(sessid(given).0), PyValue::Dict(pairs)]);
        if let Some(plain) = case["pickle"].as_str() {
            assert_eq!(pickle::decode(&unhex(plain)), Ok(logical.clone()), "{given}");
        }
        assert_eq!(one_box(&wire(&case)).text("_command"), Some(command));
        let ours = match given["direction"].as_str() {
            Some("portal>server") => check(&case, &expected_to_server(given)),
            Some("server>portal") => check(&case, &expected_to_portal(given)),
            other => panic!("{other:?}"),
        };
        // Evennia's form to the letter, but for session data (ours is always complete), the restart mode that
        // Evennia leaves open, and keys that are no text (they have become text).
        let other_form = matches!(given["operation"].as_u64(), Some(1 | 8 | 12))
            || (given["operation"] == 3 && command == "AdminPortal2Server")
            || given["kwargs"].to_string().contains("$dict");
        if !other_form {
            assert_eq!(ours, [logical], "{given}");
        }
        checked += 1;
    }
    assert_eq!(checked, 38);
}

/// What a box that holds no messages means.
#[derive(Debug, PartialEq)]
enum Meaning {
    Answer(Answer),
    Launcher(LauncherMessage),
    Status(Status),
}

fn meaning(amp_box: AmpBox) -> Meaning {
    match Answer::from_box(amp_box) {
        Ok(Answer { result: Ok(results), .. }) if results.value("status").is_some() => {
            Meaning::Status(Status::from_box(&results).unwrap())
        }
        Ok(answer) => Meaning::Answer(answer),
        Err(request) if request.value("status").is_some_and(|status| !status.is_empty()) => {
            Meaning::Status(Status::from_box(&request).unwrap())
        }
        Err(request) => Meaning::Launcher(LauncherMessage::from_box(&request).unwrap().unwrap()),
    }
}

#[test]
fn every_other_box() {
    let mut seen = Vec::new();
    for case in vectors(include_str!("vectors/amp_boxes.json")) {
        let Some(given) = case["in"]["box"].as_object() else { continue };
        let bytes = wire(&case);
        let amp_box = one_box(&bytes);
        let pairs: Vec<_> = amp_box.pairs().iter().map(|(key, value)| (&key[..], hex(value))).collect();
        let expected: Vec<_> =
            given.iter().map(|(key, value)| (key.as_bytes(), value.as_str().unwrap().to_owned())).collect();
        let mut sorted = expected.clone();
        sorted.sort();
        assert_eq!(pairs, sorted, "{given:?}");
        let built = expected.iter().fold(AmpBox::new(), |built, (key, value)| {
            built.with(std::str::from_utf8(key).unwrap(), unhex(value))
        });
        let mut out = BytesMut::new();
        built.write(&mut out).unwrap();
        assert_eq!(out, bytes, "boxes are written as Twisted writes them");
        seen.push(meaning(amp_box));
    }
    let error = |code, description: &str| Some(RemoteError { code, description: description.into() });
    let errors = seen[1..3].iter().map(|meaning| match meaning {
        Meaning::Answer(answer) => answer.result.clone().err(),
        _ => None,
    });
    let live = "'RSSReader' object has no attribute 'at_login' (error logged on other side)";
    assert_eq!(
        errors.collect::<Vec<_>>(),
        [error(ErrorCode::Exception, live), error(ErrorCode::Unhandled, "Unhandled Command: 'Foo'")]
    );
    assert!(matches!(&seen[0], Meaning::Answer(Answer { ask, result: Ok(_) }) if ask.to_string() == "1"));
    assert_eq!(seen[3], Meaning::Launcher(LauncherMessage::Status));
    let argv = json!({"argv": ["twistd", "--python=/x/server.py", "--pidfile=/g/server.pid"]});
    let launcher = [
        (Operation::Start, argv),
        (Operation::Reload, json!({})),
        (Operation::Reset, json!({})),
        (Operation::ShutdownServer, json!({})),
        (Operation::Shutdown, json!({})),
    ];
    for ((operation, arguments), seen) in launcher.into_iter().zip(&seen[4..9]) {
        let arguments = arguments.as_object().unwrap().clone();
        assert_eq!(*seen, Meaning::Launcher(LauncherMessage::Operation { operation, arguments }));
    }
    let Meaning::Status(status) = &seen[9] else { panic!("{:?}", seen[9]) };
    assert!(status.server_connected);
    assert_eq!((status.portal_pid, status.server_pid), (100, Some(200)));
    assert_eq!(status.portal_info["telnet"], json!(["telnet: 4000"]));
    let down = Status { portal_pid: 100, server_pid: Some(200), ..Status::default() };
    assert_eq!(seen[10], Meaning::Status(down));
    assert_eq!(seen.len(), 11);
}

#[test]
fn the_launcher_of_evennia_is_answered_in_its_form() {
    let cases = vectors(include_str!("vectors/amp_boxes.json"));
    let boxed = |direction: &str, note: &str| {
        let found = |case: &&Value| case["in"]["direction"] == direction && case["note"] == note;
        wire(cases.iter().find(found).unwrap())
    };
    let mut reader = LinkReader::<ToPortal>::new();
    reader.feed(&boxed("launcher>portal", "PSTATUS request (no operation byte, no pickle)"));
    let Some(Incoming::Launcher(request)) = reader.next().unwrap() else { panic!("no request") };
    let answered =
        |case: &&Value| case["in"]["box"]["_answer"] == "31" && case["in"]["box"]["status"].is_string();
    let evennia = one_box(&wire(cases.iter().find(answered).unwrap()));
    let status = Status::from_box(&evennia).unwrap();
    let ours = request.reply(&LauncherReply::Status(status)).unwrap().unwrap();
    let payload = |found: &AmpBox| pickle::decode(found.value("status").unwrap()).unwrap();
    assert_eq!(payload(&ours), payload(&evennia));
    assert_eq!(ours.text("_answer"), Some("1"));
}

/// The case whose `standard` this reader does not give, and why.
const TWO_BOXES: &str = "box plus first byte of the next";

#[test]
fn every_segmentation() {
    let cases = vectors(include_str!("vectors/amp_segmentation.json"));
    for case in &cases {
        let expected = case.get("standard").unwrap_or(&case["out"]);
        let mut reader = BoxReader::new();
        let (mut boxes, mut closed) = (0, false);
        for segment in case["in"].as_array().unwrap() {
            reader.feed(&unhex(segment.as_str().unwrap()));
            loop {
                match reader.next() {
                    Ok(Some(_)) => boxes += 1,
                    Ok(None) => break,
                    Err(_) => {
                        closed = true;
                        break;
                    }
                }
            }
        }
        assert_eq!(json!(closed), expected["connection_closed"], "{}", case["name"]);
        // Both boxes of that case are whole, and both are delivered; the file counts one.
        let count = if case["name"] == TWO_BOXES { json!(2) } else { expected["boxes"].clone() };
        assert_eq!(json!(boxes), count, "{}", case["name"]);
    }
    assert_eq!(cases.len(), 9);
}
