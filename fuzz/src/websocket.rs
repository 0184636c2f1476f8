//! The message formats of websockets: any message is read, or ignored and counted; typed text has no control
//! characters; and what is sent back is of the format.
//!
//! The first byte chooses the format; the rest is messages, divided by bytes of 255, that are binary when
//! their first byte is a control character.

use meadow_link::{CommandTuple, Time};
use meadow_protocol::{
    MessageKind, Outbox, Protocol, Render,
    limits::MAX_CHAR_LIMIT,
    oob::OobSettings,
    telnet::TelnetSettings,
    web::{AnsiFormat, WebsocketAnsi, WebsocketSettings, WebsocketTelnet, WebsocketV1},
};

const NOW: Time = Time::from_micros(1_000_000);

/// A low limit is met sooner; cleaning may double some of the pipes after it was measured.
const LIMIT: usize = 100;

/// The target.
pub fn run(data: &[u8]) {
    let [format, messages @ ..] = data else { return };
    let settings = WebsocketSettings { char_limit: LIMIT, message_limit: 2000 };
    let ansi = |format| WebsocketAnsi::new(format, settings, OobSettings::default());
    match format % 5 {
        0 => converse(WebsocketV1::new(settings), 2 * LIMIT, messages, is_v1),
        1 => converse(ansi(AnsiFormat::Json), 2 * LIMIT, messages, is_json_of_mudstandards),
        2 => converse(ansi(AnsiFormat::Gmcp), 2 * LIMIT, messages, is_utf8),
        3 => converse(ansi(AnsiFormat::Terminal), 2 * LIMIT, messages, is_utf8),
        _ => converse(
            WebsocketTelnet::new(&TelnetSettings::default().into()),
            2 * MAX_CHAR_LIMIT,
            messages,
            |_, binary| {
                assert!(binary);
            },
        ),
    }
}

fn converse(mut client: impl Protocol, limit: usize, messages: &[u8], check: impl Fn(&[u8], bool)) {
    let mut out = Outbox::new();
    client.connect(NOW, &mut out);
    for message in messages.split(|byte| *byte == 0xff) {
        let kind = match message.first() {
            Some(..0x20) => MessageKind::Binary,
            _ => MessageKind::Text,
        };
        client.receive_message(NOW, kind, message, &mut out);
    }
    for input in out.take_inputs() {
        is_harmless(&input, limit);
        let said = input.shown().into_owned();
        client.send(&input, &mut Render::new(&said), &mut out);
    }
    client.disconnect("Bye", &mut out);
    out.messages().for_each(|(message, binary)| check(message, binary));
}

fn is_harmless(input: &CommandTuple, limit: usize) {
    let name = input.name.trim();
    assert!(!name.is_empty());
    if name.to_lowercase() == "text" {
        for line in input.args.iter().filter_map(|arg| arg.as_str()) {
            assert!(line.chars().all(|ch| matches!(ch, '\t' | '\n') || !ch.is_control()), "{line:?}");
            assert!(line.chars().count() <= limit, "{line:?}");
        }
    }
}

fn is_v1(message: &[u8], binary: bool) {
    let value: serde_json::Value = serde_json::from_slice(message).expect("JSON");
    let array = value.as_array().expect("an array");
    assert!(
        !binary && array.len() == 3 && array[0].is_string() && array[1].is_array() && array[2].is_object()
    );
    if matches!(array[0].as_str(), Some("text" | "prompt")) && array[2].get("client_raw").is_none() {
        // Raw text is escaped and no more, as by Evennia: what becomes of tabs and line ends is the client's.
        crate::page::check(&array[1][0].as_str().expect("a text").replace(['\t', '\n'], ""));
    }
}

fn is_json_of_mudstandards(message: &[u8], binary: bool) {
    if binary {
        return is_utf8(message, binary);
    }
    let value: serde_json::Value = serde_json::from_slice(message).expect("JSON");
    assert!(value["proto"].is_string(), "{value}");
}

fn is_utf8(message: &[u8], _binary: bool) {
    std::str::from_utf8(message).expect("UTF-8");
}
