//! The websocket formats of mudstandards.org against the recorded behaviour of Evennia 6.1, and their limits.

use meadow_link::{CommandTuple, Flag, Time, prompt, text, tuple};
use meadow_protocol::{
    MessageKind, Outbox, Protocol, Render,
    limits::{MAX_CHAR_LIMIT, MAX_CHAR_LIMIT_WARNING},
    markup::clean_input,
    oob::{OobSettings, TextCommands, gmcp},
    web::{
        AnsiFormat, AnsiMessage, MAX_LINES, MAX_MESSAGE, MAX_NAME, WebsocketAnsi, WebsocketSettings,
        clean_lines,
    },
};
use proptest::prelude::*;
use serde_json::{Value, json};

const FORMATS: [AnsiFormat; 3] = [AnsiFormat::Json, AnsiFormat::Gmcp, AnsiFormat::Terminal];
const NOW: Time = Time::from_micros(0);

fn client(format: AnsiFormat) -> WebsocketAnsi {
    WebsocketAnsi::new(format, WebsocketSettings::default(), OobSettings::default())
}

/// Messages, each with whether it is binary.
type Messages = Vec<(String, bool)>;

fn messages(out: &Outbox) -> Messages {
    let message = |(bytes, binary): (&[u8], bool)| {
        (String::from_utf8(bytes.to_vec()).expect("all of it is UTF-8"), binary)
    };
    out.messages().map(message).collect()
}

fn sent(client: &mut impl Protocol, tuple: &CommandTuple) -> Messages {
    let mut out = Outbox::new();
    client.send(tuple, &mut Render::new(tuple.first_str().unwrap_or_default()), &mut out);
    messages(&out)
}

fn received(client: &mut WebsocketAnsi, kind: MessageKind, message: &[u8]) -> (Vec<CommandTuple>, Outbox) {
    let mut out = Outbox::new();
    client.receive_message(NOW, kind, message, &mut out);
    (out.take_inputs(), out)
}

fn typed(client: &mut WebsocketAnsi, message: &str) -> Vec<CommandTuple> {
    received(client, MessageKind::Binary, message.as_bytes()).0
}

fn data(client: &mut WebsocketAnsi, message: &str) -> Vec<CommandTuple> {
    received(client, MessageKind::Text, message.as_bytes()).0
}

// --- the recorded cases -----------------------------------------------------------------------------------

/// What Meadow makes of a recorded case, where that is something else on purpose.
fn ours(input: &Value, recorded: &Value) -> Value {
    match input["op"].as_str() {
        // A name with a dot in it is the package's own name; Evennia files it under `Core`.
        Some("encode_default") if input["args"][0].as_str().is_some_and(|name| name.contains('.')) => {
            let text = recorded["text"].as_str().map(|text| text.replacen("Core.", "", 1));
            text.map_or(Value::Null, |text| json!({"text": text, "binary": recorded["binary"]}))
        }
        // An escaped pipe at the end is a pipe; Evennia's reset is escaped by it and shows.
        Some("encode_text") if input["args"][0].as_str().is_some_and(|said| said.ends_with("||")) => {
            let text = String::from_utf8(unhex(recorded["payload"].as_str().expect("hex"))).expect("UTF-8");
            json!({"text": text.replace("||n", "|\u{1b}[0m"), "binary": recorded["binary"]})
        }
        // The case of a package's name means nothing (GMCP's specification), so this is Evennia's own package.
        Some("decode_incoming") if recorded.get("supports_get").is_some() => {
            json!({"client_options": recorded["supports_get"]})
        }
        // White space is no name (`gmcp_decode` has this as the standard).
        Some("decode_incoming")
            if recorded.as_object().is_some_and(|map| map.keys().any(|name| name.trim().is_empty())) =>
        {
            json!({})
        }
        _ => recorded.clone(),
    }
}

#[test]
fn every_recorded_case() {
    let file: Value = serde_json::from_str(include_str!("vectors/websocket_formats.json")).expect("JSON");
    let mut run = 0;
    for case in file["vectors"].as_array().expect("a list") {
        let input = &case["in"];
        let named = |format: &&AnsiFormat| input["format"] == format.subprotocol().name();
        let Some(format) = FORMATS.iter().find(named) else { continue };
        run += 1;
        let expected = ours(input, case.get("standard").unwrap_or(&case["out"]));
        match input["op"].as_str().expect("an operation") {
            "decode_incoming" => check_decode(*format, input, &expected),
            op => check_encode(*format, op, input, &expected),
        }
    }
    assert!(run >= 112, "{run}");
}

fn check_encode(format: AnsiFormat, op: &str, input: &Value, expected: &Value) {
    let mut args = input["args"].as_array().expect("a list").clone();
    let name = match op {
        "encode_text" => "text".to_owned(),
        "encode_prompt" => "prompt".to_owned(),
        _ => args.remove(0).as_str().expect("a name").to_owned(),
    };
    let kwargs = input["kwargs"].as_object().expect("a map").clone();
    let mut client = client(format);
    let mut flags = client.flags().clone();
    flags.apply(input["flags"].as_object().expect("a map"));
    client.set_flags(flags);
    let expected: Messages = match expected {
        Value::Null => Vec::new(),
        message => {
            let text = match message["payload"].as_str() {
                Some(hex) => String::from_utf8(unhex(hex)).expect("UTF-8"),
                None => message["text"].as_str().expect("text").to_owned(),
            };
            vec![(text, message["binary"].as_bool().expect("a kind"))]
        }
    };
    assert_eq!(sent(&mut client, &CommandTuple { name, args, kwargs }), expected, "{input}");
}

fn check_decode(format: AnsiFormat, input: &Value, expected: &Value) {
    let kind = if input["binary"] == true { MessageKind::Binary } else { MessageKind::Text };
    let mut client = client(format);
    let payload = unhex(input["payload"].as_str().expect("hex"));
    if let Ok(AnsiMessage::Gmcp(message)) = format.decode(kind, &payload, MAX_MESSAGE) {
        // Read without the engine that answers some packages by itself.
        let tuple = gmcp::decode(message.as_bytes(), &gmcp::Names::default()).expect("well formed");
        let seen = tuple.map_or(json!({}), |tuple| json!({ &tuple.name: [&tuple.args, &tuple.kwargs] }));
        assert_eq!(&seen, expected, "{input}");
        return;
    }
    let (inputs, mut out) = received(&mut client, kind, &payload);
    let wants_close = expected.get("websocket_close").is_some();
    assert_eq!(out.take_close().is_some(), wants_close, "{input}");
    assert_eq!(client.malformed(), u64::from(expected.is_null()), "{input}");
    let expected = match expected {
        Value::Array(inputs) => inputs.clone(),
        Value::Object(map) if !map.is_empty() && !wants_close => vec![expected.clone()],
        _ => Vec::new(),
    };
    // The recorder wrote down what it read; here text has been made harmless, too.
    let expected: Vec<Value> = expected.into_iter().map(cleaned).collect();
    let seen: Vec<_> =
        inputs.iter().map(|tuple| json!({ &tuple.name: [&tuple.args, &tuple.kwargs] })).collect();
    assert_eq!(seen, expected, "{input}");
}

fn cleaned(mut input: Value) -> Value {
    if let Some(Value::String(typed)) = input.pointer_mut("/text/0/0") {
        *typed = clean_lines(typed).into_owned();
    }
    input
}

fn unhex(hex: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    (0..hex.len()).step_by(2).map(byte).collect()
}

// --- what goes out ----------------------------------------------------------------------------------------

#[test]
fn they_are_ready_at_once_and_know_what_they_can() {
    for format in FORMATS {
        let mut client = client(format);
        let mut out = Outbox::new();
        client.connect(NOW, &mut out);
        assert!(out.take_ready() && out.messages().count() == 0);
        assert_eq!(client.key(), "websocket");
        for flag in [Flag::Ansi, Flag::Xterm256, Flag::Truecolor, Flag::Utf8] {
            assert!(client.flags().has(flag), "{flag:?}");
        }
        assert_eq!(client.flags().has(Flag::Oob), format != AnsiFormat::Terminal);
    }
}

#[test]
fn line_ends_are_those_of_a_terminal() {
    let raw = text("a\r\nb\nc\n").with_option("raw", true);
    for format in FORMATS {
        assert_eq!(sent(&mut client(format), &raw), [("a\r\nb\r\nc\r\n".to_owned(), true)]);
    }
}

#[test]
fn prompts_have_no_line_end() {
    let asked = [prompt("> "), text("> ").with_option("send_prompt", true)];
    for said in asked.map(|said| said.with_option("nocolor", true)) {
        let envelope = r#"{"proto": "prompt", "id": "", "data": "> "}"#.to_owned();
        assert_eq!(sent(&mut client(AnsiFormat::Json), &said), [(envelope, false)]);
        for format in [AnsiFormat::Gmcp, AnsiFormat::Terminal] {
            assert_eq!(sent(&mut client(format), &said), [("> ".to_owned(), true)]);
        }
    }
}

#[test]
fn a_client_with_fewer_colours_gets_fewer() {
    let mut client = client(AnsiFormat::Terminal);
    let mut flags = client.flags().clone();
    flags.set(Flag::Truecolor, false);
    client.set_flags(flags);
    let orange = text("|#ff8000x");
    assert_eq!(sent(&mut client, &orange)[0].0, "\u{1b}[38;5;208mx\u{1b}[0m\r\n");
}

#[test]
fn data_that_cannot_be_named_is_not_sent() {
    for format in FORMATS {
        for name in ["options", "a b", "a__b"] {
            assert_eq!(sent(&mut client(format), &tuple(name).kw("hp", 1)), []);
        }
    }
}

#[test]
fn the_end_is_told_and_then_closed() {
    for format in FORMATS {
        let mut out = Outbox::new();
        client(format).disconnect("Bye", &mut out);
        let goodbye = match format {
            AnsiFormat::Json => Some(r#"{"proto": "gmcp", "id": "Core.Goodbye", "data": "\"Bye\""}"#),
            AnsiFormat::Gmcp => Some(r#"Core.Goodbye "Bye""#),
            AnsiFormat::Terminal => None,
        };
        let mut expected = vec![("Bye\u{1b}[0m\r\n".to_owned(), true)];
        expected.extend(goodbye.map(|message| (message.to_owned(), false)));
        assert_eq!(messages(&out), expected);
        assert!(out.take_close().is_some());
    }
}

/// A GMCP message as a client of this format sends it, and as the server does.
fn gmcp_message(format: AnsiFormat, message: &str) -> String {
    let (id, data) = message.split_once(' ').unwrap_or((message, ""));
    let text = |part: &str| Value::from(part).to_string();
    match format {
        AnsiFormat::Json => format!(r#"{{"proto": "gmcp", "id": {}, "data": {}}}"#, text(id), text(data)),
        _ => message.to_owned(),
    }
}

#[test]
fn packages_that_need_no_game_are_answered() {
    for format in [AnsiFormat::Json, AnsiFormat::Gmcp] {
        let mut client = client(format);
        let mut says = |message: &str| {
            let (inputs, mut out) =
                received(&mut client, MessageKind::Text, gmcp_message(format, message).as_bytes());
            (inputs, messages(&out), out.take_flags_changed())
        };
        let answer = |message: &str| (vec![], vec![(gmcp_message(format, message), false)], false);
        assert_eq!(says("Core.Ping 20"), answer("Core.Ping"));
        assert_eq!(says(r#"Core.Hello {"client": "Mudlet"}"#), (vec![], vec![], true));
        let offer = r#"Char.Login.Default {"type": ["password-credentials"]}"#;
        assert_eq!(says(r#"Core.Supports.Set ["Char.Login 1"]"#), answer(offer));
        let login = tuple("login").kw("name", "Ann").kw("password", "secret");
        let credentials = r#"Char.Login.Credentials {"account": "Ann", "password": "secret"}"#;
        assert_eq!(says(credentials), (vec![login], vec![], false));
        assert_eq!(says(r#"MSDP {"REPORT": "HEALTH"}"#).0, [tuple("msdp_report").arg("HEALTH")]);
        assert_eq!(says(r#"MSDP {"CLIENT_NAME": "x"}"#), (vec![], vec![], true));
        assert_eq!(&*client.flags().clientname, "X");

        assert_eq!(sent(&mut client, &tuple("room_info")), [], "it does not want it");
        let mut out = Outbox::new();
        client.at_login(&mut out);
        let result = gmcp_message(format, r#"Char.Login.Result {"success": true}"#);
        assert_eq!(messages(&out), [(result, false)]);
        let shown = client.describe();
        let [named, packages, latency] = &shown[..] else { panic!("{shown:?}") };
        assert_eq!(named.1, format.subprotocol().name());
        assert!(packages.1.to_lowercase().contains("char.login"), "{packages:?}");
        assert_eq!(latency.1, "20 ms");
    }
}

#[test]
fn commands_as_data_may_be_switched_off() {
    let oob = OobSettings { text_commands: TextCommands::Ignored, ..OobSettings::default() };
    for format in [AnsiFormat::Json, AnsiFormat::Gmcp] {
        let mut client = WebsocketAnsi::new(format, WebsocketSettings::default(), oob.clone());
        for message in [r#"Text "look""#, r#"MSDP {"TEXT": "look"}"#] {
            assert_eq!(data(&mut client, &gmcp_message(format, message)), []);
        }
        assert_eq!(typed(&mut client, "look"), [text("look")]);
    }
}

#[test]
fn another_process_goes_on_with_what_the_client_has_said() {
    for format in [AnsiFormat::Json, AnsiFormat::Gmcp] {
        let mut before = client(format);
        for message in
            [r#"Core.Hello {"client": "Mudlet"}"#, r#"Core.Supports.Set ["Char 1"]"#, "Core.Ping 20"]
        {
            data(&mut before, &gmcp_message(format, message));
        }
        let mut after = client(format);
        after.go_on(before.flags().clone(), before.keep());
        assert_eq!((after.flags(), after.describe()), (before.flags(), before.describe()));
        assert_eq!(sent(&mut after, &tuple("room_info")), [], "it does not want it");
        assert_eq!(sent(&mut after, &tuple("char_vitals").kw("hp", 1)).len(), 1);
        // One that has kept nothing, or something else, goes on as a new one.
        let mut other = client(format);
        other.go_on(before.flags().clone(), tuple("x").kw("gmcp", 3).kw("swapped", "?").kwargs);
        assert_eq!(other.flags(), before.flags());
        assert_eq!(sent(&mut other, &tuple("room_info")).len(), 1);
    }
}

// --- what comes in ----------------------------------------------------------------------------------------

#[test]
fn typed_text_is_cleaned_and_measured_by_the_line() {
    let at_limit = "é".repeat(MAX_CHAR_LIMIT);
    for format in FORMATS {
        let mut client = client(format);
        let inputs = typed(&mut client, "say |lcx|lty|le\u{1b}[2J\n\u{7}\n");
        assert_eq!(inputs, [text("say y"), text("")]);
        assert_eq!(typed(&mut client, &at_limit), [text(at_limit.clone())]);
        let (inputs, mut out) =
            received(&mut client, MessageKind::Binary, format!("look\n{at_limit}x\n").as_bytes());
        assert_eq!(inputs, [], "nothing of a message that is refused");
        let warning = format!("{MAX_CHAR_LIMIT_WARNING}\u{1b}[0m\r\n");
        assert_eq!(messages(&out), [(warning.clone(), true)]);
        assert!(out.take_close().is_none());
        assert_eq!(typed(&mut client, &"\n".repeat(MAX_LINES)).len(), MAX_LINES);
        let (inputs, out) = received(&mut client, MessageKind::Binary, "\n".repeat(MAX_LINES + 1).as_bytes());
        assert_eq!((inputs, messages(&out)), (vec![], vec![(warning, true)]));
    }
}

#[test]
fn no_envelope_is_a_way_around_the_limits() {
    let long = "x".repeat(MAX_CHAR_LIMIT + 1);
    for (envelope, name) in [
        (json!({"proto": "text", "data": "TEXT"}), "text"),
        (json!({"proto": "x", "id": "Text", "data": "\"TEXT\""}), "Text"),
        (json!({"proto": " tExt ", "data": "\"TEXT\""}), " tExt "),
        (json!({"proto": "gmcp", "id": "Core.Text", "data": "\"TEXT\""}), "text"),
    ] {
        let with = |said: &str| envelope.to_string().replace("TEXT", said);
        let mut client = client(AnsiFormat::Json);
        assert_eq!(data(&mut client, &with("a |lcx|lty|le")), [tuple(name).arg("a y")], "{envelope}");
        let (inputs, out) = received(&mut client, MessageKind::Text, with(&long).as_bytes());
        assert_eq!((inputs, out.messages().count()), (vec![], 1), "{envelope}");
    }
    let (inputs, out) =
        received(&mut client(AnsiFormat::Gmcp), MessageKind::Text, format!("Text \"{long}\"").as_bytes());
    assert_eq!((inputs, out.messages().count()), (vec![], 1));
}

#[test]
fn envelopes_are_read_as_evennia_reads_them() {
    for (envelope, expected) in [
        (json!({"proto": "p", "id": 5, "data": [1, {"a": 2}]}), tuple("5").arg(1).arg(json!({"a": 2}))),
        (json!({"proto": "p", "data": null}), tuple("p").arg(Value::Null)),
        (json!({"proto": "p", "id": null, "data": {"a": "b"}}), tuple("p").kw("a", "b")),
        (json!({"proto": "gmcp", "id": " Char.Login ", "data": {"a": 1}}), tuple("char_login").kw("a", 1)),
        (json!({"proto": "text", "data": "a\r\nb"}), text("a\nb")),
    ] {
        assert_eq!(data(&mut client(AnsiFormat::Json), &envelope.to_string()), [expected], "{envelope}");
    }
    for envelope in [
        json!({"proto": "p", "id": ["x"]}),
        json!({"proto": null, "id": "x"}),
        json!({"proto": "gmcp", "id": " "}),
        json!({"proto": "text"}),
        json!("text"),
    ] {
        let mut client = client(AnsiFormat::Json);
        assert_eq!(data(&mut client, &envelope.to_string()), [], "{envelope}");
        assert_eq!(client.malformed(), 1, "{envelope}");
    }
}

#[test]
fn names_and_nesting_of_envelopes_have_limits() {
    let named = |length: usize| json!({"proto": "p", "id": "n".repeat(length)}).to_string();
    assert_eq!(data(&mut client(AnsiFormat::Json), &named(MAX_NAME)).len(), 1);
    assert_eq!(data(&mut client(AnsiFormat::Json), &named(MAX_NAME + 1)), []);
    let nested = |depth: usize| {
        json!({"proto": "p", "data": format!("{}{}", "[".repeat(depth), "]".repeat(depth))}).to_string()
    };
    assert_eq!(data(&mut client(AnsiFormat::Json), &nested(64)).len(), 1);
    assert_eq!(data(&mut client(AnsiFormat::Json), &nested(65)), []);
}

#[test]
fn a_message_at_the_limit_and_one_past_it() {
    for format in FORMATS {
        let mut client = client(format);
        let message = |length: usize| format!("look{}", " ".repeat(length - 4));
        // Space at the end is no part of the line, but what is typed is measured before it goes.
        let lines = |length: usize| "x\n".repeat(MAX_LINES - 1) + &message(length);
        assert_eq!(typed(&mut client, &lines(MAX_CHAR_LIMIT)).len(), MAX_LINES);
        let big = (0..10).map(|_| message(6000) + "\n").collect::<String>();
        let big = format!("{big}{}", message(MAX_MESSAGE - big.len()));
        assert_eq!(big.len(), MAX_MESSAGE);
        assert_eq!(typed(&mut client, &big).len(), 11);
        assert_eq!(typed(&mut client, &(big + " ")), []);
        assert_eq!(client.malformed(), 1);
    }
}

#[test]
fn the_other_edition_of_json_is_understood_once_it_shows_itself() {
    let mut client = client(AnsiFormat::Json);
    assert_eq!(data(&mut client, "look"), []);
    assert_eq!(typed(&mut client, r#"{"proto":"gmcp","id":"Core.KeepAlive"}"#), [tuple("keepalive")]);
    assert_eq!(data(&mut client, "look\n"), [text("look")]);
    assert_eq!(data(&mut client, r#"{"proto":"gmcp","id":"Core.KeepAlive"}"#), [tuple("keepalive")]);
    assert_eq!(client.malformed(), 1);
}

#[test]
fn json_that_is_no_envelope_may_be_typed() {
    for said in [r#"{"a": 1}"#, r#"{"proto": 5}"#, "{proto", "[1]"] {
        assert_eq!(typed(&mut client(AnsiFormat::Json), said), [text(said)]);
    }
}

#[test]
fn a_terminal_may_type_in_either_kind() {
    assert_eq!(data(&mut client(AnsiFormat::Terminal), "a\nb"), [text("a"), text("b")]);
}

// --- anything at all --------------------------------------------------------------------------------------

fn any_kind() -> impl Strategy<Value = MessageKind> {
    prop_oneof![Just(MessageKind::Text), Just(MessageKind::Binary)]
}

proptest! {
    #[test]
    fn any_bytes_are_survived(
        pieces in prop::collection::vec((any_kind(), prop::collection::vec(any::<u8>(), 0..100)), 0..4),
    ) {
        for format in FORMATS {
            let mut client = client(format);
            for (kind, bytes) in &pieces {
                received(&mut client, *kind, bytes);
            }
        }
    }

    #[test]
    fn any_envelope_is_survived(proto in "gmcp|text|x|", id in ".{0,9}", data in ".{0,30}", kind in any_kind()) {
        let envelope = json!({"proto": proto, "id": id, "data": data}).to_string();
        received(&mut client(AnsiFormat::Json), kind, envelope.as_bytes());
    }

    #[test]
    fn lines_are_inputs_however_they_end(
        lines in prop::collection::vec("[a-z|\u{1b}é ]{0,8}", 1..6),
        end in "\r\n|\n|\r",
    ) {
        let message: String = lines.iter().map(|line| format!("{line}{end}")).collect();
        let expected: Vec<_> = lines.iter().map(|line| text(clean_input(line).trim())).collect();
        prop_assert_eq!(typed(&mut client(AnsiFormat::Terminal), &message), expected);
    }

    #[test]
    fn what_is_sent_as_json_is_json(said in any::<String>(), value in any::<String>()) {
        let mut client = client(AnsiFormat::Json);
        for tuple in [prompt(&*said), tuple("char_vitals").kw("hp", value)] {
            let message = &sent(&mut client, &tuple)[0].0;
            let envelope: Value = serde_json::from_str(message).expect("JSON");
            prop_assert!(["proto", "id", "data"].iter().all(|key| envelope[key].is_string()));
        }
    }
}

#[test]
fn envelopes_say_whether_what_is_typed_is_shown() {
    let asked = prompt("Password: ").with_option("echo", false);
    let answered = tuple("text").arg(Value::Null).with_option("echo", true);
    let mut json = client(AnsiFormat::Json);
    let mode = |on| format!(r#"{{"proto": "input_mode", "id": "", "data": "{{\"secret\": {on}}}"}}"#);
    let asks = sent(&mut json, &asked);
    assert_eq!((&asks[0].0, asks.len()), (&mode(true), 2));
    assert_eq!(sent(&mut json, &answered), [(mode(false), false)]);
    assert_eq!(sent(&mut json, &answered), Messages::new(), "it is told once");
    for format in [AnsiFormat::Gmcp, AnsiFormat::Terminal] {
        let mut other = client(format);
        assert_eq!(sent(&mut other, &asked).len(), 1, "they have no word for it");
        assert_eq!(sent(&mut other, &answered), Messages::new());
    }
}
