//! The browser's side: the page, its modules, the websocket.

use std::{
    collections::BTreeSet,
    io::{Read, Write as _},
};

use serde_json::json;

use crate::harness::{Game, Websocket, get};

#[test]
fn a_browser_plays_over_the_websocket_and_telnet_players_hear_it() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut bert = game.browser();
    bert.register_and_log_in("bert");
    anna.expect("bert has entered the game.\n");

    bert.send_tuple(&json!(["text", ["look"], {}]));
    // What only programs read of the place, and the welcome, may still be on their way.
    let mut look = bert.tuple();
    while look[0] != "text" || look[2]["type"] != "look" {
        look = bert.tuple();
    }
    let lines = plain(look[1][0].as_str().expect("its argument is a text"));
    assert_eq!(
        lines,
        [
            "A Meadow",
            "This is a beautiful meadow. It is full of flowers.",
            "Characters: anna",
            "You see: a flower",
            "Exits: north, east"
        ]
    );

    bert.send("say Hello from the browser");
    bert.expect("You say, \"Hello from the browser");
    anna.expect("bert says, \"Hello from the browser\"\n");
    anna.send("say Hello from telnet");
    bert.expect("anna says, \"Hello from telnet");
    bert.send("quit");
    anna.expect("bert has left the game.\n");
}

#[test]
fn the_page_and_its_modules_are_served_with_a_content_security_policy() {
    let game = Game::started();
    let web = game.address("web");
    let page = get(web, "/webclient/", &[]);
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");

    // All that the page loads, and what that imports in its turn.
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut open = linked(&page.body, "src=\"");
    let is_text = |link: &String| !link.starts_with("data:") && !link.ends_with(".png");
    open.extend(linked(&page.body, "href=\"").into_iter().filter(is_text));
    open = open.iter().map(|link| beside("webclient/index.html", link)).collect();
    while let Some(path) = open.pop() {
        if !found.insert(path.clone()) {
            continue;
        }
        let file = get(web, &format!("/{path}"), &[]);
        let kind = match path.rsplit_once('.').map(|(_, ending)| ending) {
            Some("css") => "text/css",
            Some("webmanifest") => "application/manifest+json",
            _ => "text/javascript",
        };
        assert_eq!(file.status, 200, "{path}");
        assert!(file.header("content-type").starts_with(kind), "{path}: {file:?}");
        let imports = file.body.lines().filter(|line| line.starts_with("import "));
        open.extend(
            imports.flat_map(|line| linked(line, "\".")).map(|import| beside(&path, &format!(".{import}"))),
        );
    }
    assert!(found.contains("webclient/net/link.js") && found.contains("website/theme.css"), "{found:?}");

    let again = get(web, "/webclient/", &[("If-None-Match", page.header("etag"))]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!(get(web, "/webclient/nothing.js", &[]).status, 404);
    assert_eq!(get(web, "/webclient/..%2f..%2fCargo.toml", &[]).status, 404);
}

#[test]
fn the_page_of_another_host_may_not_open_the_websocket() {
    let game = Game::started_with(&["web.allowed_origins=https://play.example.org"]);
    let web = game.address("web");
    let asked = |origin: &str| Websocket::shake_hands(web, &[("Origin", origin)]).0.status;
    assert_eq!(asked("http://evil.example.com"), 403);
    assert_eq!(asked(&format!("http://{web}.evil.example.com")), 403);
    assert_eq!(asked("null"), 403);
    assert_eq!(asked(&format!("http://{web}")), 101);
    assert_eq!(asked("https://play.example.org"), 101);
    assert_eq!(Websocket::shake_hands(web, &[]).0.status, 101, "what has no origin is no browser");
}

#[test]
fn a_websocket_protocol_that_nobody_speaks_is_refused() {
    let game = Game::started();
    let web = game.address("web");
    let asked = |offer: &str| Websocket::shake_hands(web, &[("Sec-WebSocket-Protocol", offer)]).0;
    assert_eq!(asked("v7.example.com").status, 400);
    let answer = asked("v7.example.com, v1.evennia.com");
    assert_eq!((answer.status, answer.header("sec-websocket-protocol")), (101, "v1.evennia.com"));
    assert_eq!(get(web, "/ws", &[]).status / 100, 4, "a websocket is not a page");
}

#[test]
fn settings_let_strangers_in_and_keep_old_browsers_out() {
    let game = Game::started_with(&["web.ajax=false", "web.websocket_negotiation=legacy"]);
    let web = game.address("web");
    let strange = [("Sec-WebSocket-Protocol", "v7.example.com")];
    assert_eq!(Websocket::shake_hands(web, &strange).0.status, 101);
    assert_eq!(get(web, "/webclientdata", &[]).status, 404);
    let game = Game::started();
    assert_eq!(get(game.address("web"), "/webclientdata", &[]).status, 405, "it is to be posted to");
}

/// What follows `before` up to the next quotation mark, each time.
fn linked(text: &str, before: &str) -> Vec<String> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// The path that a file at `path` means by `import`.
fn beside(path: &str, import: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The lines of HTML without its tags.
fn plain(html: &str) -> Vec<String> {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').expect("a tag ends");
        if tag.starts_with("br") {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    text.lines().map(str::to_owned).collect()
}

/// RFC 7692. Browsers and the library `websockets` read and write it in the tests of clients.
#[test]
fn messages_are_compressed_if_client_and_operator_want_it() {
    const HELP: [u8; 22] = *b"[\"text\", [\"help\"], {}]";
    const OFFER: (&str, &str) = ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
    let game = Game::started();
    let web = game.address("web");
    let (answer, mut stream) = Websocket::shake_hands(web, &[OFFER]);
    assert_eq!(answer.status, 101);
    let agreed = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    assert_eq!(answer.header("sec-websocket-extensions"), agreed);
    let frame = |first: u8, payload: &[u8]| {
        let length = u8::try_from(payload.len()).expect("it is short");
        [&[first, 0x80 | length, 0, 0, 0, 0], payload].concat()
    };
    // A block that is stored, as an encoder may write it; and a message that is what it says, not compressed.
    let stored = [&[0, 22, 0, !22, 0xff], &HELP[..], &[0]].concat();
    stream.write_all(&[frame(0xc1, &stored), frame(0x81, &HELP)].concat()).expect("it can be written to");
    let (mut answers, mut packed) = (0, 0);
    while answers < 2 {
        let (first, payload) = read_frame(&mut stream);
        let message = if first & 0x40 == 0 { payload } else { inflated(&payload) };
        packed += usize::from(first & 0x40 != 0);
        answers += usize::from(String::from_utf8_lossy(&message).contains("screenreader"));
    }
    assert!(packed >= 2, "{packed} messages were compressed");
    // What is damaged ends it.
    stream.write_all(&frame(0xc1, b"\xff\xff\xff")).expect("it can be written to");
    loop {
        let (first, payload) = read_frame(&mut stream);
        if first == 0x88 {
            assert_eq!(payload[..2], 1007u16.to_be_bytes());
            break;
        }
    }

    let plain = Game::started_with(&["web.compression=false"]);
    let (answer, _stream) = Websocket::shake_hands(plain.address("web"), &[OFFER]);
    assert_eq!((answer.status, answer.header("sec-websocket-extensions")), (101, ""));
}

/// The first byte of a frame of the server, and its payload.
fn read_frame(stream: &mut impl Read) -> (u8, Vec<u8>) {
    let mut read = |count: usize| {
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes).expect("there is more");
        bytes
    };
    let header = read(2);
    let length = match header[1] {
        126 => read(2).iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
        127 => read(8).iter().fold(0, |length, byte| length << 8 | usize::from(*byte)),
        short => usize::from(short),
    };
    (header[0], read(length))
}

fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(64 * 1024);
    let packed = [packed, b"\x00\x00\xff\xff"].concat();
    flate2::Decompress::new(false)
        .decompress_vec(&packed, &mut plain, flate2::FlushDecompress::Sync)
        .expect("what comes is compressed");
    plain
}
