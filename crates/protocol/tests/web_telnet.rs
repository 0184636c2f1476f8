//! Telnet that is carried in messages is telnet.

use meadow_link::{Flag, Flags, Time, prompt, text, tuple};
use meadow_protocol::{
    MessageKind, Outbox, Protocol, Render,
    telnet::{Mccp, Telnet, TelnetSettings},
    web::WebsocketTelnet,
};

const NOW: Time = Time::from_micros(0);

/// The story of a connection: what the client sends, and how the game answers its lines.
const STORY: &[u8] = b"\xff\xfb\x18\xff\xfa\x18\x00XTERM\xff\xf0\xff\xfb\x1f\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0lo\x08ok\r\n\xff\xf6";

#[test]
fn telnet_in_messages_is_telnet() {
    let settings = TelnetSettings { mccp: Mccp::Never, ..TelnetSettings::default() };
    let (mut stream, mut carried) = (Telnet::new(settings.clone()), WebsocketTelnet::new(&settings.into()));
    assert_eq!(carried.key(), "telnet/websocket");
    let (mut plain, mut wrapped) = (Outbox::new(), Outbox::new());
    stream.connect(NOW, &mut plain);
    carried.connect(NOW, &mut wrapped);
    for piece in STORY.chunks(7) {
        stream.receive(NOW, piece, &mut plain);
        carried.receive_message(NOW, MessageKind::Binary, piece, &mut wrapped);
    }
    for tuple in [text("|rhi"), prompt("> "), tuple("char_vitals").kw("hp", 1)] {
        let said = tuple.first_str().unwrap_or_default().to_owned();
        stream.send(&tuple, &mut Render::new(&said), &mut plain);
        carried.send(&tuple, &mut Render::new(&said), &mut wrapped);
    }
    let far = stream.deadline().expect("a keep-alive is due");
    assert_eq!(carried.deadline(), Some(far));
    stream.timeout(far, &mut plain);
    carried.timeout(far, &mut wrapped);
    stream.disconnect("Bye", &mut plain);
    carried.disconnect("Bye", &mut wrapped);

    assert!(wrapped.messages().all(|(bytes, binary)| binary && !bytes.is_empty()));
    let bytes: Vec<u8> = wrapped.messages().flat_map(|(bytes, _)| bytes.to_vec()).collect();
    assert_eq!(bytes, plain.bytes());
    assert!(bytes.ends_with(b"Bye\x1b[0m\r\n"));
    assert_eq!(wrapped.take_ready(), plain.take_ready());
    let inputs = wrapped.take_inputs();
    assert_eq!(inputs, [text("lok")]);
    assert_eq!(inputs, plain.take_inputs());
    assert_eq!(carried.flags(), stream.flags());
    assert_eq!(carried.describe()[1..], stream.describe());
    let mut flags = Flags::default();
    flags.set(Flag::Nocolor, true);
    carried.set_flags(flags.clone());
    assert_eq!(carried.flags(), &flags);
}

#[test]
fn what_the_websocket_does_is_not_offered() {
    let settings = TelnetSettings { mccp: Mccp::Always, start_tls: true, ..TelnetSettings::default() };
    let mut out = Outbox::new();
    WebsocketTelnet::new(&settings.into()).connect(NOW, &mut out);
    let offered =
        |code: u8| out.bytes().windows(3).any(|window| matches!(window, [255, 251 | 253, c] if *c == code));
    assert!(offered(24), "options are offered");
    for code in [46, 86, 87] {
        assert!(!offered(code), "{code}");
    }
}

#[test]
fn what_the_portal_tells_the_engine_reaches_it() {
    let mut client = WebsocketTelnet::new(&TelnetSettings::default().into());
    let mut out = Outbox::new();
    client.connect(NOW, &mut out);
    client.receive(NOW, b"look\r\n\xff\xfd\x06", &mut out);
    assert!(out.take_mark() && !client.has_backlog());
    out.clear_bytes();
    client.at_mark(&mut out);
    assert_eq!(out.messages().collect::<Vec<_>>(), [(&b"\xff\xfb\x06"[..], true)]);
    out.clear_bytes();
    client.read_on(NOW, 1, &mut out);
    client.at_login(&mut out);
    assert_eq!(out.messages().count(), 0);
}
