//! The Portal's, the Server's and the launcher's end of the link, told as stories.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bytes::BytesMut;
use meadow_link::{
    Kwargs, RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer,
    amp::{
        AmpBox, Ask, AskCounter, Codec, CodecError, ErrorCode, FrameError, HandshakeError, Hello, Incoming,
        LauncherClient, LauncherEvent, LauncherMessage, LauncherReply, LinkError, LinkMessage, LinkReader,
        LinkWriter, MAX_UNANSWERED, Operation, RefusedReason, RemoteError, Role, Status, check,
    },
    text,
};
use serde_json::json;

fn all<M: LinkMessage>(reader: &mut LinkReader<M>, bytes: &[u8]) -> Vec<Incoming<M>> {
    reader.feed(bytes);
    std::iter::from_fn(|| reader.next().unwrap()).collect()
}

fn bytes_of(amp_box: &AmpBox) -> BytesMut {
    let mut out = BytesMut::new();
    amp_box.write(&mut out).unwrap();
    out
}

fn everything<M: LinkMessage>(writer: &mut LinkWriter<M>) -> Vec<u8> {
    std::iter::from_fn(|| writer.take()).flatten().collect()
}

fn map(value: serde_json::Value) -> Kwargs {
    value.as_object().unwrap().clone()
}

#[test]
fn portal_and_server_settle_and_talk() {
    let (portal, server) = (Hello::new(Role::Portal, None, "p"), Hello::new(Role::Server, None, "s"));
    let mut at_portal = LinkReader::<ToPortal>::new();
    let mut from_server = LinkWriter::<ToPortal>::new(Codec::Native);
    from_server.write_box(&server.to_box()).unwrap();
    let heard = all(&mut at_portal, &everything(&mut from_server));
    assert_eq!(heard, [Incoming::Hello(server.clone())]);
    at_portal.settle(check(&server, &portal).unwrap().codec);
    let sync = ToPortal::Sync { pid: 7, info: map(json!({"servername": "Meadow"})) };
    let output = ToPortal::Output { sessions: vec![SessionId(1), SessionId(2)], tuple: text("hi") };
    for message in [&sync, &output, &ToPortal::Acks(vec![(SessionId(1), 3)]), &output] {
        from_server.write(message).unwrap();
    }
    let bytes = from_server.take().unwrap();
    assert!(from_server.is_empty() && from_server.take().is_none());
    let heard = all(&mut at_portal, &bytes);
    let acks = ToPortal::Acks(vec![(SessionId(1), 3)]);
    assert_eq!(heard, [sync, output.clone(), acks, output].map(Incoming::Message));
}

#[test]
fn nobody_talks_before_the_handshake_is_settled() {
    let server = Hello::new(Role::Server, None, "s");
    let mut writer = LinkWriter::<ToPortal>::new(Codec::Native);
    writer.write_box(&server.to_box()).unwrap();
    writer.write(&ToPortal::Reload).unwrap();
    let mut reader = LinkReader::<ToPortal>::new();
    reader.feed(&writer.take().unwrap());
    assert!(matches!(reader.next(), Ok(Some(Incoming::Hello(_)))));
    assert_eq!(reader.next(), Err(LinkError::Order("messages")));
    let mut twice = LinkReader::<ToPortal>::new();
    twice.feed(&bytes_of(&server.to_box()).repeat(2));
    assert!(twice.next().is_ok());
    assert_eq!(twice.next(), Err(LinkError::Order("a second Hello")));
    let mut output_first = LinkReader::<ToPortal>::new();
    output_first.feed(&bytes_of(&AmpBox::new().with("_command", "MsgServer2Portal").with("packed_data", "")));
    assert_eq!(output_first.next(), Err(LinkError::Order("messages")));
}

#[test]
fn a_refusal_and_a_stranger_end_the_connection() {
    let error = HandshakeError::Token(Role::Server);
    let mut reader = LinkReader::<ToServer>::new();
    reader.feed(&bytes_of(&Hello::refusal(&error)));
    assert_eq!(reader.next(), Err(HandshakeError::Refused(error.to_string()).into()));
    let mut reader = LinkReader::<ToPortal>::new();
    reader.feed(b"GET / HTTP/1.0\r\n");
    assert_eq!(reader.next(), Err(FrameError::NotAmp(b'G').into()));
}

#[test]
fn commands_that_nobody_has_are_refused_with_an_answer() {
    let call = AmpBox::new().with("_ask", "7").with("_command", "FunctionCall").with("module", "os");
    let mut reader = LinkReader::<ToPortal>::new();
    let heard = all(&mut reader, &bytes_of(&call));
    let [Incoming::Refused(refused)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(refused.reason, RefusedReason::UnknownCommand("FunctionCall".into()));
    let answer = refused.answer.as_ref().unwrap();
    assert_eq!((answer.text("_error"), answer.text("_error_code")), (Some("7"), Some("UNHANDLED")));
    assert_eq!(answer.text("_error_description"), Some("Unhandled Command: 'FunctionCall'"));
}

/// What a Server of Evennia's writes: our own pickle writer, which the vectors have shown to be read.
fn evennia_server(messages: &[ToPortal]) -> Vec<u8> {
    let mut writer = LinkWriter::new(Codec::Pickle);
    messages.iter().for_each(|message| writer.write(message).unwrap());
    everything(&mut writer)
}

#[test]
fn a_server_of_evennia_is_known_by_its_first_box() {
    let sync = ToPortal::Sync { pid: 7, info: Kwargs::new() };
    let mut at_portal = LinkReader::<ToPortal>::new();
    let heard = all(&mut at_portal, &evennia_server(std::slice::from_ref(&sync)));
    assert_eq!(at_portal.codec(), Some(Codec::Pickle));
    let [Incoming::Evennia, Incoming::Message(first), Incoming::Message(ready), Incoming::Asked(ask)] =
        &heard[..]
    else {
        panic!("{heard:?}")
    };
    assert_eq!((first, ready), (&sync, &ToPortal::Ready { applied: Vec::new() }));
    let mut to_server = LinkWriter::<ToServer>::new(Codec::Pickle);
    to_server.answer(ask).unwrap();
    assert_eq!(&to_server.take().unwrap()[..], b"\0\x07_answer\0\x011\0\0");
}

#[test]
fn answers_of_evennia_acknowledge_inputs() {
    let mut to_server = LinkWriter::<ToServer>::new(Codec::Pickle);
    let input = |session, seq| ToServer::Input { session: SessionId(session), seq, tuple: text("look\n") };
    to_server.write(&input(1, 10)).unwrap();
    to_server.write(&ToServer::Disconnect(SessionId(9))).unwrap();
    to_server.write(&input(2, 5)).unwrap();
    let mut boxes = 0;
    while to_server.take().is_some() {
        boxes += 1;
    }
    assert_eq!(boxes, 3, "one write a box");
    let mut reader = LinkReader::<ToPortal>::new();
    let mut answers = BytesMut::new();
    for tag in ["1", "2", "3", "3", "77"] {
        AmpBox::new().with("_answer", tag).write(&mut answers).unwrap();
    }
    let mut acks = Vec::new();
    for incoming in all(&mut reader, &answers) {
        let Incoming::Answer(answer) = incoming else { panic!("{incoming:?}") };
        acks.push(to_server.answered(&answer));
    }
    assert_eq!(acks, [Some((SessionId(1), 10)), None, Some((SessionId(2), 5)), None, None]);
}

#[test]
fn unanswered_inputs_at_the_limit_and_one_past_it() {
    let mut writer = LinkWriter::<ToServer>::new(Codec::Pickle);
    let write = |writer: &mut LinkWriter<ToServer>, seqs: std::ops::RangeInclusive<usize>| {
        for seq in seqs {
            let tuple = text("");
            writer.write(&ToServer::Input { session: SessionId(1), seq: seq as u64, tuple }).unwrap();
            writer.take();
        }
    };
    let acked = |writer: &mut LinkWriter<ToServer>, tag: &'static str| {
        let answer = AmpBox::new().with("_answer", tag);
        let heard = all(&mut LinkReader::<ToPortal>::new(), &bytes_of(&answer));
        let [Incoming::Answer(answer)] = &heard[..] else { panic!("{heard:?}") };
        writer.answered(answer).map(|(_, seq)| seq)
    };
    write(&mut writer, 1..=MAX_UNANSWERED);
    assert_eq!(acked(&mut writer, "1"), Some(1));
    write(&mut writer, MAX_UNANSWERED + 1..=MAX_UNANSWERED + 2);
    assert_eq!((acked(&mut writer, "2"), acked(&mut writer, "3")), (None, Some(3)));
}

#[test]
fn a_server_behind_a_portal_of_evennia_numbers_the_inputs() {
    let mut from_portal = LinkWriter::<ToServer>::new(Codec::Pickle);
    for session in [1, 2, 1] {
        let tuple = text("look\n").with_option("raw", true);
        from_portal.write(&ToServer::Input { session: SessionId(session), seq: 99, tuple }).unwrap();
    }
    let mut at_server = LinkReader::<ToServer>::new();
    at_server.settle(Codec::Pickle);
    let heard = all(&mut at_server, &everything(&mut from_portal));
    let seqs: Vec<(u64, u64)> = heard
        .iter()
        .filter_map(|incoming| match incoming {
            Incoming::Message(ToServer::Input { session, seq, tuple }) if tuple.has_option("raw") => {
                Some((session.0, *seq))
            }
            _ => None,
        })
        .collect();
    assert_eq!(seqs, [(1, 1), (2, 1), (1, 2)]);
}

#[test]
fn what_evennia_has_no_word_for() {
    let mut writer = LinkWriter::<ToPortal>::new(Codec::Pickle);
    writer.write(&ToPortal::Ready { applied: vec![(SessionId(1), 1)] }).unwrap();
    writer.write(&ToPortal::Acks(vec![(SessionId(1), 1)])).unwrap();
    assert!(writer.take().is_none());
    let reply = ToPortal::ControlReply { id: 1, reply: Kwargs::new() };
    assert_eq!(writer.write(&reply), Err(CodecError::NoPickleForm("an answer to the launcher")));
}

#[test]
fn output_to_many_is_one_box_each_for_evennia() {
    let output = ToPortal::Output { sessions: vec![SessionId(1), SessionId(2)], tuple: text("hi") };
    let mut reader = LinkReader::<ToPortal>::new();
    reader.settle(Codec::Pickle);
    let heard = all(&mut reader, &evennia_server(&[output]));
    let one = |session| {
        Incoming::Message(ToPortal::Output { sessions: vec![SessionId(session)], tuple: text("hi") })
    };
    assert_eq!(
        heard.iter().filter(|incoming| matches!(incoming, Incoming::Message(_))).collect::<Vec<_>>(),
        [&one(1), &one(2)]
    );
}

#[test]
fn a_payload_that_makes_no_sense_is_refused_and_the_link_goes_on() {
    let mut good = LinkWriter::<ToPortal>::new(Codec::Pickle);
    good.write(&ToPortal::Reload).unwrap();
    let bad =
        AmpBox::new().with("_ask", "b").with("_command", "AdminServer2Portal").with("packed_data", "junk");
    let mut reader = LinkReader::<ToPortal>::new();
    reader.settle(Codec::Pickle);
    let heard = all(&mut reader, &[&bytes_of(&bad)[..], &everything(&mut good)].concat());
    let [Incoming::Refused(refused), Incoming::Message(ToPortal::Reload), Incoming::Asked(_)] = &heard[..]
    else {
        panic!("{heard:?}")
    };
    assert_eq!(refused.reason, RefusedReason::Payload(CodecError::Inflate));
    assert_eq!(refused.answer.as_ref().unwrap().text("_error_code"), Some("EXCEPTION"));
}

#[test]
fn sessions_keep_what_evennia_syncs() {
    let mut sync = SessionSync::new(SessionId(3), "telnet", "::1", Time::from_micros(1_795_252_470_803_112));
    sync.uid = Some(4);
    sync.logged_in = true;
    sync.uname = Some("Åsa".into());
    sync.flags.screenwidth = 132;
    sync.server_data = map(json!({"k": [1, {"x": null}]}));
    let messages = [
        ToServer::Sync {
            mode: RestartMode::Reset,
            portal_start: Time::from_micros(5_500_000),
            sessions: vec![sync.clone()],
        },
        ToServer::Connect(sync),
    ];
    let mut writer = LinkWriter::<ToServer>::new(Codec::Pickle);
    messages.iter().for_each(|message| writer.write(message).unwrap());
    let mut reader = LinkReader::<ToServer>::new();
    reader.settle(Codec::Pickle);
    let heard = all(&mut reader, &everything(&mut writer));
    let heard: Vec<_> =
        heard.into_iter().filter(|incoming| !matches!(incoming, Incoming::Asked(_))).collect();
    assert_eq!(heard, messages.map(Incoming::Message));
}

#[test]
fn changed_flags_go_both_ways() {
    let changed = map(json!({"SCREENWIDTH": {"0": 90}, "NOCOLOR": true}));
    let flags = ToPortal::Flags { session: SessionId(47), changed };
    let mut reader = LinkReader::<ToPortal>::new();
    reader.settle(Codec::Pickle);
    assert_eq!(all(&mut reader, &evennia_server(std::slice::from_ref(&flags)))[0], Incoming::Message(flags));
}

fn portal_hears(bytes: &[u8]) -> Vec<Incoming<ToPortal>> {
    all(&mut LinkReader::new(), bytes)
}

#[test]
fn the_launcher_asks_and_is_answered() {
    let mut client = LauncherClient::new(Hello::new(Role::Launcher, Some("rose".into()), "l"));
    let operation = Operation::Control;
    let arguments = map(json!({"op": "sessions", "long": "x".repeat(100_000)}));
    let asked = LauncherMessage::Operation { operation, arguments };
    let (first, status_bytes) = client.request(&LauncherMessage::Status).unwrap();
    let (second, control_bytes) = client.request(&asked).unwrap();
    let bytes = [client.hello().unwrap(), status_bytes, control_bytes].concat();
    let heard = portal_hears(&bytes);
    let [Incoming::Hello(hello), Incoming::Launcher(one), Incoming::Launcher(two)] = &heard[..] else {
        panic!("{heard:?}")
    };
    let portal = Hello::new(Role::Portal, Some("rose".into()), "p");
    assert_eq!(check(hello, &portal).unwrap().role, Role::Launcher);
    assert_eq!((&one.message, &two.message), (&LauncherMessage::Status, &asked));
    let status = Status { server_connected: true, portal_pid: 1, server_pid: Some(2), ..Status::default() };
    let reply = map(json!({"ok": true, "sessions": ["s".repeat(90_000)]}));
    let mut out = BytesMut::new();
    portal.to_box().write(&mut out).unwrap();
    let pushed = AskCounter::default().ask();
    status.push(&pushed, Codec::Native).unwrap().write(&mut out).unwrap();
    one.reply(&LauncherReply::Status(status.clone())).unwrap().unwrap().write(&mut out).unwrap();
    two.reply(&LauncherReply::Control(reply.clone())).unwrap().unwrap().write(&mut out).unwrap();
    let mut events = Vec::new();
    for byte in out.chunks(1) {
        client.feed(byte);
        events.extend(std::iter::from_fn(|| client.next().unwrap()));
    }
    let [LauncherEvent::Hello(_), rest @ ..] = &events[..] else { panic!("{events:?}") };
    assert_eq!(
        rest,
        [
            LauncherEvent::Pushed(status.clone()),
            LauncherEvent::Reply(first, LauncherReply::Status(status)),
            LauncherEvent::Reply(second, LauncherReply::Control(reply))
        ]
    );
}

#[test]
fn the_launcher_hears_that_it_is_done_or_why_not() {
    let mut client = LauncherClient::new(Hello::new(Role::Launcher, None, "l"));
    let reload = LauncherMessage::Operation { operation: Operation::Reload, arguments: Kwargs::new() };
    let (ask, bytes) = client.request(&reload).unwrap();
    let heard = portal_hears(&bytes);
    let [Incoming::Launcher(request)] = &heard[..] else { panic!("{heard:?}") };
    let refused = RemoteError { code: ErrorCode::Exception, description: "no Server".into() };
    for reply in [LauncherReply::Done, LauncherReply::Refused(refused)] {
        client.feed(&bytes_of(&request.reply(&reply).unwrap().unwrap()));
        assert_eq!(client.next(), Ok(Some(LauncherEvent::Reply(ask.clone(), reply))));
    }
}

#[test]
fn an_operation_that_nobody_knows_is_refused() {
    let ask: Ask = AskCounter::default().ask();
    let odd = AmpBox::new().with("_ask", ask.bytes()).with("_command", "MsgLauncher2Portal");
    let heard = portal_hears(&bytes_of(&odd.clone().with("operation", vec![99]).with("arguments", "{}")));
    let [Incoming::Refused(refused)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(refused.reason.to_string(), "operation 99 not recognized");
    let heard = portal_hears(&bytes_of(&odd.with("operation", vec![14]).with("arguments", "{nonsense")));
    assert!(matches!(&heard[..], [Incoming::Refused(_)]));
}
