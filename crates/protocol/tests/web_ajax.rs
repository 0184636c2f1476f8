//! Browsers that fetch their messages: the requests, and the protocol behind them.

use std::time::Duration;

use meadow_link::{CommandTuple, Time, prompt, text, tuple};
use meadow_protocol::{
    Outbox, Protocol, Render,
    web::{
        AJAX_KEEPALIVE, Ajax, BadRequest, Batch, MAX_MESSAGE, Malformed, Request, SessionToken,
        WebsocketSettings,
    },
};
use proptest::prelude::*;

const START: Time = Time::from_micros(1_000_000);
const KEEPALIVE: &str = r#"["ajax_keepalive", [], {}]"#;
const INSTANT: Duration = Duration::from_micros(1);

fn connected() -> (Ajax, Outbox) {
    let (mut client, mut out) = (Ajax::new(WebsocketSettings::default()), Outbox::new());
    client.connect(START, &mut out);
    (client, out)
}

/// Takes the messages that have been left.
fn messages(out: &mut Outbox) -> Vec<String> {
    let text = |(bytes, binary): (&[u8], bool)| {
        assert!(!binary);
        String::from_utf8(bytes.to_vec()).expect("UTF-8")
    };
    let messages = out.messages().map(text).collect();
    out.clear_bytes();
    messages
}

fn send(client: &mut Ajax, tuple: &CommandTuple, out: &mut Outbox) {
    client.send(tuple, &mut Render::new(tuple.first_str().unwrap_or_default()), out);
}

#[test]
fn it_says_what_a_websocket_says() {
    let (mut client, mut out) = connected();
    assert!(out.take_ready());
    assert_eq!(client.key(), "ajax");
    send(&mut client, &text("|rhi"), &mut out);
    send(&mut client, &prompt("> "), &mut out);
    send(&mut client, &tuple("logged_in"), &mut out);
    let hi = r#"["text", ["<span class=\"color-009\">hi</span>"], {}]"#;
    assert_eq!(messages(&mut out), [hi, r#"["prompt", ["&gt; "], {}]"#, r#"["logged_in", [], {}]"#]);
    client.receive(START, br#"["text",["look"],{}]"#, &mut out);
    assert_eq!(out.take_inputs(), [text("look")]);
}

#[test]
fn who_is_silent_is_asked_and_who_stays_silent_is_gone() {
    let (mut client, mut out) = connected();
    let due = START + AJAX_KEEPALIVE;
    assert_eq!(client.deadline(), Some(due));
    client.timeout(START + (AJAX_KEEPALIVE - INSTANT), &mut out);
    assert_eq!(messages(&mut out), [""; 0]);
    client.timeout(due, &mut out);
    assert_eq!(messages(&mut out), [KEEPALIVE]);
    let end = due + AJAX_KEEPALIVE;
    assert_eq!(client.deadline(), Some(end));
    client.timeout(due + (AJAX_KEEPALIVE - INSTANT), &mut out);
    assert!(messages(&mut out).is_empty() && out.take_close().is_none());
    client.timeout(end, &mut out);
    assert_eq!(messages(&mut out), [r#"["connection_close", ["Server disconnected."], {}]"#]);
    assert!(out.take_close().is_some());
}

#[test]
fn any_request_is_a_sign_of_life() {
    let (mut client, mut out) = connected();
    let mut now = START;
    for request in [&b""[..], br#"["text",["idle"],{}]"#, b"not a message"] {
        now = now + AJAX_KEEPALIVE;
        client.timeout(now, &mut out);
        assert_eq!(messages(&mut out), [KEEPALIVE]);
        now = now + (AJAX_KEEPALIVE - INSTANT);
        client.receive(now, request, &mut out);
        assert_eq!(client.deadline(), Some(now + AJAX_KEEPALIVE));
    }
    assert_eq!(out.take_inputs(), [text("idle")], "a sign of life is no input");
    assert!(out.take_close().is_none());
}

#[test]
fn the_end_is_a_message() {
    let (mut client, mut out) = connected();
    client.disconnect("|rBye|n <all>", &mut out);
    let bye = r#"["connection_close", ["<span class=\"color-009\">Bye</span> &lt;all&gt;"], {}]"#;
    assert_eq!(messages(&mut out), [bye]);
    assert!(out.take_close().is_some());
}

// --- requests ---------------------------------------------------------------------------------------------

fn token() -> SessionToken {
    SessionToken::from_random(std::array::from_fn(|at| (at * 7) as u8))
}

fn parse(body: &str, query: &str) -> Result<Request, BadRequest> {
    Request::parse(
        body.replace("TOKEN", &token().to_string()).as_bytes(),
        query,
        &WebsocketSettings::default(),
    )
}

#[test]
fn requests_of_every_mode() {
    for (body, query, expected) in [
        ("mode=init&csessid=abc&cuid=1&browserstr=x", "", Request::Init),
        ("mode=receive&csessid=TOKEN&cuid=1", "", Request::Receive(token(), Batch::One)),
        ("mode=receive&csessid=TOKEN", "batch=0", Request::Receive(token(), Batch::One)),
        ("mode=receive&csessid=TOKEN", "x=y&batch=1", Request::Receive(token(), Batch::All)),
        ("mode=receive&csessid=TOKEN&batch=1", "", Request::Receive(token(), Batch::All)),
        (
            "mode=input&csessid=TOKEN&data=%5B%22text%22%2C%5B%22look+me%22%5D%2C%7B%7D%5D",
            "",
            Request::Input { token: token(), number: None, message: r#"["text",["look me"],{}]"#.to_owned() },
        ),
        (
            "mode=input&csessid=TOKEN&number=7&data=[\"x\",[],{}]",
            "",
            Request::Input { token: token(), number: Some(7), message: r#"["x",[],{}]"#.to_owned() },
        ),
        ("mode=keepalive&csessid=TOKEN", "", Request::Keepalive(token())),
        ("mode=close&csessid=TOKEN", "", Request::Close(token())),
        ("mode=dance", "", Request::Other),
        ("", "mode=init", Request::Other),
    ] {
        assert_eq!(parse(body, query).expect(body), expected, "{body}");
    }
}

#[test]
fn requests_that_are_refused() {
    for body in [
        "mode=receive",
        "mode=receive&csessid=",
        "mode=keepalive&csessid=abc",
        "mode=close&csessid=TOKEN0",
        "mode=input&csessid=%00TOKEN&data=x",
    ] {
        assert!(matches!(parse(body, ""), Err(BadRequest::Token)), "{body}");
    }
    assert!(matches!(parse("mode=input&csessid=TOKEN", ""), Err(BadRequest::NoData)));
    for data in ["", "[", "[]", "[\"x\"]", "5", "[1,[],{}]"] {
        let refused = parse(&format!("mode=input&csessid=TOKEN&data={data}"), "");
        assert!(matches!(refused, Err(BadRequest::Data(_))), "{data}");
    }
}

#[test]
fn data_at_the_limit_and_one_past_it() {
    let padded = |length: usize| {
        let data = r#"["x",[],{}]"#;
        format!("mode=input&csessid=TOKEN&data={data}{}", "+".repeat(length - data.len()))
    };
    assert!(
        matches!(parse(&padded(MAX_MESSAGE), ""), Ok(Request::Input { message, .. }) if message.len() == MAX_MESSAGE)
    );
    let refused = parse(&padded(MAX_MESSAGE + 1), "");
    assert!(
        matches!(refused, Err(BadRequest::Data(Malformed::TooLong(length))) if length == MAX_MESSAGE + 1)
    );
}

#[test]
fn a_token_is_read_back_and_never_logged() {
    let written = token().to_string();
    assert_eq!(written.len(), 64);
    assert_eq!(written.parse::<SessionToken>().expect("a token"), token());
    assert_eq!(format!("{:?}", token()), "SessionToken(..)");
    let long = written.clone() + "0";
    for wrong in ["", &written[1..], &long, &written.replace('7', "g")] {
        assert!(wrong.parse::<SessionToken>().is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_request_is_survived(body in prop::collection::vec(any::<u8>(), 0..100), query in ".{0,20}") {
        let _ = Request::parse(&body, &query, &WebsocketSettings::default());
    }

    #[test]
    fn almost_a_request_is_survived(
        mode in "init|receive|input|keepalive|close|",
        data in ".{0,40}",
    ) {
        let _ = parse(&format!("mode={mode}&csessid=TOKEN&data={data}"), &data);
    }
}
