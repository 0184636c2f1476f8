//! `v1.evennia.com` against the recorded behaviour of Evennia 6.1, and its limits.

use meadow_link::{CommandTuple, Flag, Time, prompt, text, tuple};
use meadow_protocol::limits::{MAX_CHAR_LIMIT, MAX_CHAR_LIMIT_WARNING};
use meadow_protocol::web::{
    MAX_DEPTH, MAX_MESSAGE, MAX_NAME, Malformed, WebsocketSettings, WebsocketV1, decode,
};
use meadow_protocol::{Outbox, Protocol, Render};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Cases in which Meadow does something else on purpose: what the case sends or says, what Meadow makes of
/// it, and why.
const EXCEPTIONS: [(&str, Differs, &str); 5] = [
    ("[null,[],{}]", Differs::Ignored, "a name is text; Evennia's Server fails on any other key"),
    (
        r#"["x",[1],[2]]"#,
        Differs::Ignored,
        "keyword arguments are an object; Evennia's Server fails on a list",
    ),
    (
        r#"["x",{"a":1},{}]"#,
        Differs::Ignored,
        "arguments are an array; Evennia unpacks the keys of an object",
    ),
    (r#"["x",[NaN],{}]"#, Differs::Ignored, "NaN is not JSON (RFC 8259, section 6)"),
    (
        r#"["x", [NaN], {}]"#,
        Differs::Sent(r#"["x", [null], {}]"#),
        "NaN is not JSON; a browser could not read it",
    ),
];

#[derive(Clone, Copy)]
enum Differs {
    Ignored,
    Sent(&'static str),
}

const NOW: Time = Time::from_micros(0);

fn client() -> WebsocketV1 {
    WebsocketV1::new(WebsocketSettings::default())
}

/// Sends a tuple and returns the one message that leaves, if any.
fn sent(client: &mut WebsocketV1, tuple: &CommandTuple) -> Option<String> {
    let mut out = Outbox::new();
    client.send(tuple, &mut Render::new(tuple.first_str().unwrap_or_default()), &mut out);
    let messages: Vec<_> = out.messages().collect();
    assert!(messages.len() <= 1 && messages.iter().all(|(_, binary)| !binary));
    messages.first().map(|(bytes, _)| String::from_utf8(bytes.to_vec()).expect("a text message is UTF-8"))
}

/// Receives a message and returns the inputs and what was left besides them.
fn received(client: &mut WebsocketV1, message: &[u8]) -> (Vec<CommandTuple>, Outbox) {
    let mut out = Outbox::new();
    client.receive(NOW, message, &mut out);
    (out.take_inputs(), out)
}

#[test]
fn every_recorded_case() {
    let file: Value = serde_json::from_str(include_str!("vectors/websocket_formats.json")).expect("JSON");
    let mut run = 0;
    for case in file["vectors"].as_array().expect("a list") {
        let input = &case["in"];
        let format = input["format"].as_str().expect("a name");
        if format != WebsocketV1::SUBPROTOCOL {
            // `web_ansi` runs those.
            continue;
        }
        run += 1;
        let expected = case.get("standard").unwrap_or(&case["out"]);
        match input["op"].as_str().expect("an operation") {
            "decode_incoming" => check_decode(input, expected),
            op => check_encode(op, input, expected),
        }
    }
    assert!(run >= 36, "{run}");
}

fn check_encode(op: &str, input: &Value, expected: &Value) {
    let mut args = input["args"].as_array().expect("a list").clone();
    let name = match op {
        "encode_text" => "text".to_owned(),
        "encode_prompt" => "prompt".to_owned(),
        _ => args.remove(0).as_str().expect("a name").to_owned(),
    };
    for arg in &mut args {
        if arg.get("$float").is_some() {
            *arg = Value::from(f64::NAN);
        }
    }
    let kwargs = input["kwargs"].as_object().expect("a map").clone();
    let mut client = client();
    let mut flags = client.flags().clone();
    flags.apply(input["flags"].as_object().expect("a map"));
    client.set_flags(flags);
    let expected = expected["text"].as_str();
    let expected = match EXCEPTIONS.iter().find(|(of, ..)| Some(*of) == expected) {
        Some((_, Differs::Sent(ours), _)) => Some(*ours),
        _ => expected,
    };
    assert_eq!(sent(&mut client, &CommandTuple { name, args, kwargs }).as_deref(), expected, "{input}");
}

fn check_decode(input: &Value, expected: &Value) {
    let hex = input["payload"].as_str().expect("hex");
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    let payload: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
    let mut client = client();
    let (inputs, mut out) = received(&mut client, &payload);
    let wants_close = expected.get("websocket_close").is_some();
    assert_eq!(out.take_close().is_some(), wants_close, "{input}");
    let excepted = EXCEPTIONS.iter().any(|(of, ..)| Some(*of) == input["text"].as_str());
    if expected.is_null() || excepted {
        assert_eq!((inputs.as_slice(), client.malformed()), (&[][..], 1), "{input}");
    } else if !wants_close {
        let seen: Vec<_> = inputs.iter().map(|t| json!({ &t.name: [&t.args, &t.kwargs] })).collect();
        assert_eq!(seen, std::slice::from_ref(expected), "{input}");
    }
}

#[test]
fn a_browser_is_ready_at_once_and_takes_everything() {
    let mut client = client();
    let mut out = Outbox::new();
    client.connect(NOW, &mut out);
    assert!(out.take_ready());
    assert_eq!(client.key(), "websocket");
    for flag in [Flag::Ansi, Flag::Xterm256, Flag::Truecolor, Flag::Utf8, Flag::Oob] {
        assert!(client.flags().has(flag), "{flag:?}");
    }
}

#[test]
fn options_win_over_flags() {
    let mut client = client();
    let red = text("|r<b>|n");
    let plain = r#"["text", ["&lt;b&gt;"], {}]"#;
    let colored = r#"["text", ["<span class=\"color-009\">&lt;b&gt;</span>"], {}]"#;
    assert_eq!(sent(&mut client, &red).as_deref(), Some(colored));
    assert_eq!(sent(&mut client, &red.clone().with_option("nocolor", true)).as_deref(), Some(plain));
    let mut flags = client.flags().clone();
    flags.set(Flag::Nocolor, true);
    client.set_flags(flags);
    assert_eq!(sent(&mut client, &red).as_deref(), Some(plain));
    assert_eq!(sent(&mut client, &red.with_option("nocolor", false)).as_deref(), Some(colored));
}

#[test]
fn raw_is_escaped_unless_the_client_is_to_have_it_raw() {
    let mut client = client();
    let raw = text("|r<a b=\"c\">'&").with_option("raw", true);
    let escaped = r#"["text", ["|r&lt;a b=&quot;c&quot;&gt;&#x27;&amp;"], {}]"#;
    assert_eq!(sent(&mut client, &raw).as_deref(), Some(escaped));
    let unescaped = r#"["text", ["|r<a b=\"c\">'&"], {}]"#;
    assert_eq!(sent(&mut client, &raw.with_option("client_raw", true)).as_deref(), Some(unescaped));
}

#[test]
fn a_screen_reader_is_not_given_markup_that_was_escaped() {
    let mut client = client();
    let mut flags = client.flags().clone();
    flags.set(Flag::Screenreader, true);
    client.set_flags(flags);
    let said = text("|gsee|n ||r <b>\nhttp://a.b");
    let link = r#"<a href=\"http://a.b\" target=\"_blank\">http://a.b</a>"#;
    let expected = format!(r#"["text", ["see |r &lt;b&gt;<br>{link}"], {{}}]"#);
    assert_eq!(sent(&mut client, &said), Some(expected));
}

#[test]
fn further_arguments_and_keywords_stay_and_options_do_not() {
    let tuple = text("a").arg(2).kw("type", "look").with_option("raw", false);
    assert_eq!(sent(&mut client(), &tuple).as_deref(), Some(r#"["text", ["a", 2], {"type": "look"}]"#));
    let prompt = text("a").with_option("send_prompt", true);
    assert_eq!(sent(&mut client(), &prompt).as_deref(), Some(r#"["prompt", ["a"], {}]"#));
    assert_eq!(sent(&mut client(), &tuple_named("options")), None);
    assert_eq!(sent(&mut client(), &tuple_named("text")), None, "nothing to say");
}

fn tuple_named(name: &str) -> CommandTuple {
    tuple(name).kw("a", 1)
}

#[test]
fn the_end_is_told_and_then_closed() {
    let mut out = Outbox::new();
    client().disconnect("|rBye|n", &mut out);
    let expected = r#"["text", ["<span class=\"color-009\">Bye</span>"], {}]"#;
    assert_eq!(out.messages().collect::<Vec<_>>(), [(expected.as_bytes(), false)]);
    assert!(out.take_close().is_some());
}

#[test]
fn text_is_cleaned_whatever_the_case_of_its_name_and_keeps_its_lines() {
    for name in ["text", " Text ", "TEXT"] {
        let message = json!([name, ["a\u{1b}[4zb\tc\r\nd\re\u{7}", "\u{1}x"], {}]).to_string();
        let (inputs, _) = received(&mut client(), message.as_bytes());
        assert_eq!(inputs, [tuple(name.trim()).arg("ab\tc\nd\ne").arg("x")]);
    }
}

#[test]
fn links_in_typed_text_are_not_live() {
    let message = json!(["text", ["say |lcdrop all|ltFREE|le"], {}]).to_string();
    let (inputs, _) = received(&mut client(), message.as_bytes());
    let typed = inputs[0].first_str().expect("text").to_owned();
    let shown = sent(&mut client(), &prompt(typed)).expect("a message");
    assert!(!shown.contains("<a"), "{shown}");
}

#[test]
fn a_text_may_be_as_long_as_the_limit_and_no_longer() {
    let at_limit = "é".repeat(MAX_CHAR_LIMIT);
    let (inputs, out) = received(&mut client(), json!(["text", [&at_limit], {}]).to_string().as_bytes());
    assert_eq!(inputs, [text(at_limit.clone())]);
    assert_eq!(out.messages().count(), 0);

    let message = json!(["Text", [at_limit + "x"], {}]).to_string();
    let (inputs, mut out) = received(&mut client(), message.as_bytes());
    assert_eq!(inputs, []);
    let warning = format!(r#"["text", ["{MAX_CHAR_LIMIT_WARNING}"], {{}}]"#);
    assert_eq!(out.messages().collect::<Vec<_>>(), [(warning.as_bytes(), false)]);
    assert!(out.take_close().is_none());
}

#[test]
fn messages_names_and_nesting_have_limits() {
    let padded = |length: usize| r#"["x",[],{}]"#.to_owned() + &" ".repeat(length - 11);
    assert!(decode(padded(MAX_MESSAGE).as_bytes(), MAX_MESSAGE).is_ok());
    let too_long = decode(padded(MAX_MESSAGE + 1).as_bytes(), MAX_MESSAGE);
    assert!(matches!(too_long, Err(Malformed::TooLong(length)) if length == MAX_MESSAGE + 1));

    let named = |length: usize| json!(["n".repeat(length), [], {}]).to_string();
    assert!(decode(named(MAX_NAME).as_bytes(), MAX_MESSAGE).is_ok());
    assert!(matches!(decode(named(MAX_NAME + 1).as_bytes(), MAX_MESSAGE), Err(Malformed::NotATuple)));

    // The message and its list of arguments are the first two levels.
    let nested = |depth: usize| format!("[\"x\",[{}{}],{{}}]", "[".repeat(depth - 2), "]".repeat(depth - 2));
    assert!(decode(nested(MAX_DEPTH).as_bytes(), MAX_MESSAGE).is_ok());
    assert!(matches!(decode(nested(MAX_DEPTH + 1).as_bytes(), MAX_MESSAGE), Err(Malformed::TooDeep)));
    assert!(matches!(decode(nested(20_000).as_bytes(), MAX_MESSAGE), Err(Malformed::NotJson(_))));
}

#[test]
fn malformed_messages_are_counted_and_close_nothing() {
    let mut client = client();
    let messages: [&[u8]; 7] =
        [b"", b"\xff", b"\"abc\"", b"[\"  \",[],{}]", b"[\"x\",[]]", b"[\"x\",[1e999],{}]", b"[[[["];
    for message in messages {
        let (inputs, mut out) = received(&mut client, message);
        assert_eq!(inputs, []);
        assert!(out.take_close().is_none());
        assert_eq!(out.messages().count(), 0);
    }
    assert_eq!(client.malformed(), messages.len() as u64);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        received(&mut client(), &bytes);
    }

    #[test]
    fn any_json_is_survived(value in any_json()) {
        received(&mut client(), value.to_string().as_bytes());
        received(&mut client(), json!(["text", value, {}]).to_string().as_bytes());
    }

    #[test]
    fn what_is_sent_can_be_read_back(name in "[a-z_.]{1,20}", args in prop::collection::vec(any_json(), 0..4)) {
        prop_assume!(!["text", "prompt", "options", "."].contains(&name.as_str()));
        let tuple = CommandTuple { name, args, ..CommandTuple::default() };
        let message = sent(&mut client(), &tuple).expect("a message");
        prop_assert_eq!(decode(message.as_bytes(), usize::MAX).expect("well formed"), tuple);
    }

    #[test]
    fn text_never_breaks_its_frame(said in any::<String>()) {
        let message = sent(&mut client(), &text(said)).expect("a message");
        let parts: Value = serde_json::from_str(&message).expect("JSON");
        prop_assert!(parts[1][0].is_string());
        prop_assert_eq!(&parts, &json!(["text", [parts[1][0]], {}]));
    }
}

// --- secrets ------------------------------------------------------------------------------------------------

#[test]
fn a_page_that_hides_what_is_typed_is_told_so_in_the_next_portal_when_it_may_show_it() {
    let (mut before, mut after) = (client(), client());
    let mut out = Outbox::new();
    let shows = |shows: bool| tuple("text").arg(Value::Null).with_option("echo", shows);
    before.send(&shows(false), &mut Render::new(""), &mut out);
    after.go_on(before.flags().clone(), before.keep());
    let mut out = Outbox::new();
    after.send(&shows(false), &mut Render::new(""), &mut out);
    assert_eq!(out.messages().count(), 0, "it knows");
    after.send(&shows(true), &mut Render::new(""), &mut out);
    assert_eq!(out.messages().count(), 1);
}

#[test]
fn a_page_is_told_once_whether_it_shows_what_is_typed() {
    let mut client = client();
    let mut out = Outbox::new();
    let said = [
        prompt("Password: ").with_option("echo", false),
        tuple("text").arg(Value::Null).with_option("echo", false),
        tuple("text").arg(Value::Null).with_option("echo", true),
        tuple("text").arg(Value::Null).with_option("echo", true),
    ];
    for tuple in said {
        client.send(&tuple, &mut Render::new("Password: "), &mut out);
    }
    let messages: Vec<Value> =
        out.messages().map(|(bytes, _)| serde_json::from_slice(bytes).expect("JSON")).collect();
    let expected = [
        json!(["input_mode", [], { "secret": true }]),
        json!(["prompt", ["Password: "], {}]),
        json!(["input_mode", [], { "secret": false }]),
    ];
    assert_eq!(messages, expected);
}
