//! The native codec between the link's own writer and reader: whatever is written is read, however the
//! stream is cut, and what is not a message is an error.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bytes::BytesMut;
use meadow_link::{
    ApiMethod, ApiQuestion, CommandTuple, Credentials, Flag, Kwargs, RestartMode, Secret, ServiceState,
    ServiceStatus, ServiceWish, SessionId, SessionSync, Time, ToPortal, ToServer,
    amp::{
        BATCH, BoxReader, Codec, CodecError, Incoming, LinkError, LinkMessage, LinkReader, LinkWriter,
        MAX_VALUE,
        native::{Decoder, Encoder, MAX_DEPTH},
    },
    prompt, text, tuple,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,6}", inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn kwargs()(pairs in prop::collection::vec((".{0,6}", json_value()), 0..4)) -> Kwargs {
        pairs.into_iter().collect()
    }
}

prop_compose! {
    fn commandtuple()(name in "[a-z_]{0,9}", args in prop::collection::vec(json_value(), 0..3), kwargs in kwargs()) -> CommandTuple {
        CommandTuple { name, args, kwargs }
    }
}

prop_compose! {
    fn session_sync()(
        id in any::<u64>(),
        texts in prop::array::uniform5(".{0,8}"),
        uid in any::<Option<u64>>(),
        named in any::<bool>(),
        numbers in prop::array::uniform5(any::<u64>()),
        width in any::<u16>(),
        flags in prop::collection::vec(0..Flag::NAMES.len(), 0..9),
        server_data in kwargs(),
    ) -> SessionSync {
        let [protocol, address, name, encoding, term] = texts;
        let mut sync = SessionSync::new(SessionId(id), &protocol, &address, Time::from_micros(numbers[0]));
        sync.uid = uid;
        sync.logged_in = uid.is_some();
        sync.puid = uid.filter(|_| named);
        sync.uname = named.then(|| name.clone().into());
        sync.csessid = (!named).then(|| name.into());
        sync.cmd_last = Time::from_micros(numbers[1]);
        sync.cmd_last_visible = Time::from_micros(numbers[2]);
        sync.cmd_total = numbers[3];
        sync.flags.encoding = encoding.into();
        sync.flags.term = term.into();
        sync.flags.screenwidth = width;
        for flag in flags {
            let flag = Flag::NAMES[flag].0;
            sync.flags.set(flag, !sync.flags.has(flag));
        }
        sync.server_data = server_data;
        sync
    }
}

fn mode() -> impl Strategy<Value = RestartMode> {
    prop::sample::select(vec![
        RestartMode::Shutdown,
        RestartMode::Reload,
        RestartMode::Reset,
        RestartMode::Crash,
    ])
}

fn session() -> impl Strategy<Value = SessionId> {
    any::<u64>().prop_map(SessionId)
}

fn services() -> impl Strategy<Value = Vec<ServiceStatus>> {
    let state = prop::sample::select(ServiceState::ALL.to_vec());
    let service = (".{0,9}", ".{0,9}", ".{0,9}", state)
        .prop_map(|(name, kind, address, state)| ServiceStatus { name, kind, address, state });
    prop::collection::vec(service, 0..3)
}

fn wish() -> impl Strategy<Value = ServiceWish> {
    prop::sample::select(ServiceWish::ALL.to_vec())
}

fn credentials() -> impl Strategy<Value = Credentials> {
    prop_oneof![
        ".{0,9}".prop_map(|password| Credentials::Password(Secret(password))),
        (".{0,9}", ".{0,9}").prop_map(|(algorithm, key)| Credentials::PublicKey {
            algorithm: algorithm.into(),
            key: key.into()
        }),
        any::<u64>().prop_map(|session| Credentials::Session(SessionId(session))),
    ]
}

fn question() -> impl Strategy<Value = ApiQuestion> {
    let method = prop::sample::select(vec![ApiMethod::Get, ApiMethod::Post]);
    let texts = (".{0,9}", ".{0,9}", any::<Option<String>>(), ".{0,9}");
    (any::<u64>(), method, texts, kwargs()).prop_map(|(id, method, texts, args)| {
        let (name, address, login, browser) = texts;
        let (name, address, browser) = (name.into(), address.into(), browser.into());
        ApiQuestion { id, name, method, address, login: login.map(Into::into), browser, args }
    })
}

fn to_server() -> impl Strategy<Value = ToServer> {
    prop_oneof![
        (session(), any::<u64>(), commandtuple()).prop_map(|(session, seq, tuple)| ToServer::Input {
            session,
            seq,
            tuple
        }),
        (mode(), any::<u64>(), prop::collection::vec(session_sync(), 0..3)).prop_map(
            |(mode, start, sessions)| {
                ToServer::Sync { mode, portal_start: Time::from_micros(start), sessions }
            }
        ),
        session_sync().prop_map(ToServer::Connect),
        session_sync().prop_map(ToServer::Update),
        session().prop_map(ToServer::Disconnect),
        Just(ToServer::DisconnectAll),
        mode().prop_map(ToServer::Stop),
        (any::<u64>(), kwargs()).prop_map(|(id, request)| ToServer::Control { id, request }),
        (session(), prop::collection::vec(kwargs(), 0..3))
            .prop_map(|(asker, sessions)| ToServer::Inspected { asker, sessions }),
        (any::<u64>(), ".{0,9}", ".{0,9}", credentials()).prop_map(|(id, address, name, credentials)| {
            ToServer::Authenticate { id, address: address.into(), name: name.into(), credentials }
        }),
        question().prop_map(ToServer::Api),
        (session(), services()).prop_map(|(asker, services)| ToServer::Services { asker, services }),
        (session(), ".{0,9}", wish()).prop_map(|(asker, name, wish)| ToServer::SwitchService {
            asker,
            name,
            wish
        }),
        (session(), ".{0,9}", wish(), any::<Option<String>>())
            .prop_map(|(asker, name, wish, refused)| ToServer::Switched { asker, name, wish, refused }),
    ]
}

fn to_portal() -> impl Strategy<Value = ToPortal> {
    let acks = || prop::collection::vec((session(), any::<u64>()), 0..4);
    prop_oneof![
        (any::<u32>(), kwargs()).prop_map(|(pid, info)| ToPortal::Sync { pid, info }),
        acks().prop_map(|applied| ToPortal::Ready { applied }),
        acks().prop_map(ToPortal::Acks),
        (session(), any::<u64>(), ".{0,9}").prop_map(|(session, uid, name)| ToPortal::Login {
            session,
            uid,
            uname: name.into()
        }),
        (session(), ".{0,9}").prop_map(|(session, reason)| ToPortal::Disconnect { session, reason }),
        ".{0,9}".prop_map(|reason| ToPortal::DisconnectAll { reason }),
        (prop::collection::vec(session_sync(), 0..3), any::<bool>())
            .prop_map(|(sessions, clean)| ToPortal::SessionSync { sessions, clean }),
        (session(), kwargs()).prop_map(|(session, changed)| ToPortal::Flags { session, changed }),
        (any::<u64>(), any::<Option<u64>>(), ".{0,9}").prop_map(|(id, uid, name)| ToPortal::Authenticated {
            id,
            account: uid.map(|uid| (uid, name.into()))
        }),
        (".{0,9}", kwargs()).prop_map(|(protocol, config)| ToPortal::Connect { protocol, config }),
        (prop::collection::vec(session(), 0..5), commandtuple())
            .prop_map(|(sessions, tuple)| ToPortal::Output { sessions, tuple }),
        prop::sample::select(vec![
            ToPortal::Reload,
            ToPortal::Reset,
            ToPortal::ShutdownServer,
            ToPortal::Shutdown
        ]),
        (any::<u64>(), kwargs()).prop_map(|(id, reply)| ToPortal::ControlReply { id, reply }),
        (session(), prop::collection::vec(session(), 0..3))
            .prop_map(|(asker, sessions)| ToPortal::Inspect { asker, sessions }),
        services().prop_map(ToPortal::Services),
        session().prop_map(|asker| ToPortal::ListServices { asker }),
        (session(), ".{0,9}", wish()).prop_map(|(asker, name, wish)| ToPortal::SwitchService {
            asker,
            name,
            wish
        }),
        kwargs().prop_map(ToPortal::Census),
        (any::<u64>(), any::<u16>(), kwargs()).prop_map(|(id, status, body)| ToPortal::ApiAnswer {
            id,
            status,
            body: body.into()
        }),
    ]
}

fn written<M: LinkMessage>(messages: &[M]) -> Vec<u8> {
    let mut writer = LinkWriter::new(Codec::Native);
    messages.iter().for_each(|message| writer.write(message).unwrap());
    writer.take().map(|bytes| bytes.to_vec()).unwrap_or_default()
}

fn read<M: LinkMessage>(parts: &[&[u8]]) -> Result<Vec<M>, LinkError> {
    let mut reader = LinkReader::new();
    reader.settle(Codec::Native);
    let mut messages = Vec::new();
    for part in parts {
        reader.feed(part);
        while let Some(incoming) = reader.next()? {
            match incoming {
                Incoming::Message(message) => messages.push(message),
                _ => panic!("only messages were written"),
            }
        }
    }
    Ok(messages)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_the_portal_writes_is_read_however_it_is_cut(messages in prop::collection::vec(to_server(), 0..5)) {
        let stream = written(&messages);
        for cut in 0..=stream.len() {
            prop_assert_eq!(&read::<ToServer>(&[&stream[..cut], &stream[cut..]]).unwrap(), &messages);
        }
    }

    #[test]
    fn what_the_server_writes_is_read_byte_by_byte(messages in prop::collection::vec(to_portal(), 0..5)) {
        let stream = written(&messages);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(read::<ToPortal>(&bytes).unwrap(), messages);
    }

    #[test]
    fn what_is_cut_off_or_changed_never_panics(message in to_portal(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut plain = BytesMut::new();
        message.encode(&mut Encoder::new(&mut plain)).unwrap();
        for cut in 0..plain.len() {
            prop_assert!(ToPortal::decode(&mut Decoder::new(&plain[..cut])).is_err());
        }
        let at = at.index(plain.len());
        plain[at] = byte;
        let _ = ToPortal::decode(&mut Decoder::new(&plain));
    }

    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = ToServer::decode(&mut Decoder::new(&bytes));
        let _ = ToPortal::decode(&mut Decoder::new(&bytes));
        let _ = read::<ToServer>(&[&bytes]);
    }
}

fn input(seq: u64, tuple: CommandTuple) -> ToServer {
    ToServer::Input { session: SessionId(4711), seq, tuple }
}

#[test]
fn a_look_is_small() {
    let mut plain = BytesMut::new();
    input(1, text("look")).encode(&mut Encoder::new(&mut plain)).unwrap();
    assert_eq!(&plain[..], b"\x40\xe7\x24\x01\x04text\x01\x06\x04look\x00");
}

#[test]
fn a_run_of_one_command_shares_a_box_and_order_is_kept() {
    let messages = [
        input(1, text("a")),
        input(2, text("b")),
        ToServer::Disconnect(SessionId(4711)),
        input(3, text("c")),
    ];
    let stream = written(&messages);
    let mut boxes = BoxReader::new();
    boxes.feed(&stream);
    let commands: Vec<String> = std::iter::from_fn(|| boxes.next().unwrap())
        .map(|found| found.text("_command").unwrap().to_owned())
        .collect();
    assert_eq!(commands, ["MsgPortal2Server", "AdminPortal2Server", "MsgPortal2Server"]);
    assert_eq!(read::<ToServer>(&[&stream]).unwrap(), messages);
}

#[test]
fn messages_that_fill_a_value_and_one_more_are_cut_in_pieces() {
    let sizes = [MAX_VALUE - 40, 20, 17, 18, 19, 1, 130_000, 200_000, 60_000, 5];
    let messages: Vec<ToServer> =
        sizes.iter().enumerate().map(|(seq, size)| input(seq as u64, prompt("x".repeat(*size)))).collect();
    let stream = written(&messages);
    assert_eq!(read::<ToServer>(&[&stream]).unwrap(), messages);
    // Around the limit of one value, byte by byte.
    for size in MAX_VALUE - 40..MAX_VALUE + 3 {
        let messages = [input(1, prompt("x".repeat(size))), input(2, text("after"))];
        assert_eq!(read::<ToServer>(&[&written(&messages)]).unwrap(), messages, "{size}");
    }
}

#[test]
fn a_box_takes_no_more_after_a_megabyte() {
    let message = input(1, text("y".repeat(1000)));
    let count = 2 * BATCH / 1000;
    let stream = written(&vec![message; count]);
    let mut boxes = BoxReader::new();
    boxes.feed(&stream);
    let lengths: Vec<usize> = std::iter::from_fn(|| boxes.next().unwrap())
        .map(|found| found.pairs().iter().map(|(key, value)| 4 + key.len() + value.len()).sum())
        .collect();
    assert!(lengths.len() >= 2 && lengths.iter().all(|length| *length < BATCH + 2000), "{lengths:?}");
    assert_eq!(read::<ToServer>(&[&stream]).unwrap().len(), count);
}

fn nested(depth: usize) -> Value {
    (0..depth)
        .fold(json!(1), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({ "k": inner }) })
}

#[test]
fn depth_at_the_limit_and_one_past_it() {
    let mut writer = LinkWriter::new(Codec::Native);
    let before = input(1, text("before"));
    let deepest = input(2, tuple("deep").arg(nested(MAX_DEPTH)));
    writer.write(&before).unwrap();
    writer.write(&deepest).unwrap();
    let too_deep = input(3, tuple("deep").arg(nested(MAX_DEPTH + 1)));
    assert_eq!(writer.write(&too_deep), Err(CodecError::TooDeep));
    let after = input(4, text("after"));
    writer.write(&after).unwrap();
    let stream = writer.take().unwrap();
    assert_eq!(read::<ToServer>(&[&stream]).unwrap(), [before, deepest, after], "an error leaves no trace");
    let mut bytes = b"\x40\x01\x01\x01d\x01".to_vec();
    bytes.extend(b"\x07\x01".repeat(MAX_DEPTH + 1));
    bytes.extend(b"\x00\x00");
    assert_eq!(ToServer::decode(&mut Decoder::new(&bytes)), Err(CodecError::TooDeep));
}

#[test]
fn what_is_not_a_message_is_an_error_that_says_why() {
    let decode = |bytes: &[u8]| ToServer::decode(&mut Decoder::new(bytes)).unwrap_err().to_string();
    assert_eq!(decode(b"\xee"), "0xee is no known tag of a message to the Server");
    assert_eq!(decode(b"\x40\x01\x01\x01d\x01\x63"), "0x63 is no known tag of a value");
    assert_eq!(
        decode(b"\x40\x01\x01\xff\xff\xff\xff\x7f"),
        "the message is cut off",
        "no room is made for a claim"
    );
    assert_eq!(decode(b"\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), "a varint is out of range");
    assert_eq!(decode(b"\x40\x01\x01\x01\xff"), "text that is not UTF-8");
    let largest = ToServer::decode(&mut Decoder::new(b"\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    assert_eq!(largest, Ok(ToServer::Disconnect(SessionId(u64::MAX))));
}

#[test]
fn a_message_in_the_wrong_box_is_an_error() {
    let mut stream = written(&[ToServer::DisconnectAll]);
    let at = stream.windows(5).position(|found| found == b"Admin").unwrap();
    // The name becomes that of the other command, two bytes shorter.
    stream.splice(at..at + 5, *b"Msg");
    stream[at - 1] -= 2;
    assert_eq!(read::<ToServer>(&[&stream]), Err(CodecError::WrongBox("MsgPortal2Server").into()));
}
