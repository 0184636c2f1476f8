//! What MUD clients do besides text, through the whole game: MSSP, GMCP, MSDP, character sets, compression, links.

use std::collections::BTreeMap;

use meadow::TestGame;

use crate::harness::{Game, PASSWORD, Wire};

const CHARSET: u8 = 42;
const MSDP: u8 = 69;
const MSSP: u8 = 70;
const MCCP2: u8 = 86;
const MXP: u8 = 91;
const GMCP: u8 = 201;

type Table = BTreeMap<String, Vec<String>>;

#[test]
fn lists_of_games_are_told_the_truth_in_either_form() {
    let game = Game::started_with(&[
        "tls.listen=127.0.0.1:0",
        "mssp.contact=anna@meadow.example",
        "mssp.gameplay=[\"Social\", \"Adventure\"]",
    ]);
    let _anna = game.player("anna");
    let mut crawler = Wire::connect(&game, &[MSSP]);
    let table = by_option(&crawler.expect_told(MSSP));
    let one = |name: &str| match table.get(name).map(Vec::as_slice) {
        Some([value]) => value.clone(),
        other => panic!("{name} is {other:?}"),
    };
    assert_eq!((one("NAME"), one("PLAYERS")), ("A Meadow".to_owned(), "1".to_owned()));
    assert_eq!(one("PORT"), game.address("telnet").port().to_string());
    assert_eq!(one("SSL"), game.address("tls").port().to_string());
    assert_eq!((one("CONTACT"), one("FAMILY")), ("anna@meadow.example".to_owned(), "Custom".to_owned()));
    assert_eq!(table["GAMEPLAY"], ["Social", "Adventure"]);
    assert!(one("UPTIME").parse::<u64>().is_ok_and(|since| since > 1_700_000_000), "{}", one("UPTIME"));
    assert!(one("CODEBASE").starts_with("Meadow "));
    for (name, value) in [("GMCP", "1"), ("MXP", "1"), ("UTF-8", "1"), ("VT100", "0"), ("MSP", "0")] {
        assert_eq!(one(name), value, "{name}");
    }
    assert!(!table.contains_key("WEBSITE"), "nothing is known of it");

    // The world is the same wherever it is built.
    let mut same = TestGame::new(a_meadow::setup);
    let world = same.world();
    let rooms = world.objects().filter(|object| world.is_a(object.id(), "default.Room")).count();
    let rest = world.objects().filter(|object| {
        !object.is_exit() && !world.is_character(object.id()) && !world.is_a(object.id(), "default.Room")
    });
    assert_eq!((one("ROOMS"), one("OBJECTS")), (rooms.to_string(), rest.count().to_string()));

    let mut crawler = Wire::connect(&game, &[]);
    crawler.expect(b"hangs up.");
    crawler.send("MSSP-REQUEST");
    crawler.expect(b"\r\nMSSP-REPLY-START\r\n");
    let told = String::from_utf8(crawler.expect(b"MSSP-REPLY-END\r\n")).expect("it is UTF-8");
    let line = |line: &str| {
        let mut parts = line.split('\t').map(str::to_owned);
        (parts.next().unwrap_or_default(), parts.collect())
    };
    assert_eq!(told.lines().map(line).collect::<Table>(), table);
}

#[test]
fn nothing_is_told_where_the_operator_wants_that() {
    let game = Game::started_with(&["mssp.enabled=false"]);
    let mut stranger = Wire::connect(&game, &[MSSP]);
    stranger.expect(b"hangs up.");
    stranger.send("MSSP-REQUEST");
    stranger.expect(b"MSSP-REQUEST");
    stranger.expect(b"\n");
}

#[test]
fn gmcp_says_hello_and_is_answered() {
    let game = Game::started();
    game.player("anna").hang_up();
    let mut client = Wire::connect(&game, &[GMCP]);
    client.expect(b"hangs up.");
    client.tell(GMCP, br#"Core.Hello {"client": "Mudlet", "version": "4.17.2"}"#);
    client.tell(GMCP, br#"Core.Supports.Set ["Core 1", "Room 1"]"#);
    client.tell(GMCP, b"Core.Ping 35");
    assert_eq!(client.expect_gmcp("Core.Ping"), "");
    client.send(&format!("connect anna {PASSWORD}"));
    let room = client.expect_gmcp("Room.Info");
    assert!(room.contains(r#""name": "A Meadow""#) && room.contains(r#""north": "#), "{room}");
    client.send("option");
    client.expect(b"MUDLET 4.17.2");
}

#[test]
fn credentials_by_gmcp_have_the_limits_of_typed_ones() {
    let game = Game::started_with(&["accounts.logins_per_address=2"]);
    game.player("anna").hang_up();
    let credentials = |password: &str| {
        format!(r#"Char.Login.Credentials {{"account": "anna", "password": "{password}"}}"#).into_bytes()
    };
    let offered = |game: &Game| {
        let mut client = Wire::connect(game, &[GMCP]);
        client.expect(b"hangs up.");
        client.tell(GMCP, br#"Core.Supports.Set ["Char 1", "Char.Login 1"]"#);
        assert_eq!(client.expect_gmcp("Char.Login.Default"), r#"{"type": ["password-credentials"]}"#);
        client
    };

    let mut anna = offered(&game);
    anna.tell(GMCP, &credentials("wrong-otter"));
    let told = anna.expect_gmcp("Char.Login.Result");
    assert!(told.contains(r#""success": false"#) && told.contains("message"), "{told}");
    anna.tell(GMCP, &credentials(PASSWORD));
    assert_eq!(anna.expect_gmcp("Char.Login.Result"), r#"{"success": true}"#);
    anna.expect(b"Exits:");

    let mut thief = offered(&game);
    for guess in ["wrong-badger", PASSWORD] {
        thief.tell(GMCP, &credentials(guess));
        let told = thief.expect_gmcp("Char.Login.Result");
        assert!(told.contains(r#""success": false"#), "{guess}: {told}");
    }
}

#[test]
fn msdp_reports_a_variable_when_it_changes() {
    let game = Game::started();
    game.player("anna").hang_up();
    let mut anna = Wire::connect(&game, &[MSDP]);
    anna.log_in("anna");
    anna.tell(MSDP, b"\x01REPORT\x02HEALTH");
    assert_eq!(health(&mut anna), 20);
    for way in ["east", "north", "west", "west", "get honeycomb"] {
        anna.send(way);
    }
    let now = health(&mut anna);
    assert!(now < 20, "the bees have stung: {now}");
}

#[test]
fn each_player_reads_the_character_set_that_is_theirs() {
    let game = Game::started();
    let mut carl = game.player("carl");
    for name in ["anna", "bert"] {
        game.player(name).hang_up();
    }
    let mut latin = ["anna", "bert"].map(|name| {
        let mut player = Wire::connect(&game, &[CHARSET]);
        assert_eq!(player.expect_told(CHARSET), b"\x01;UTF-8;ISO-8859-1;US-ASCII");
        player.tell(CHARSET, b"\x02ISO-8859-1");
        player.log_in(name);
        player
    });
    carl.rest();
    let [anna, bert] = &mut latin;
    anna.send_bytes(b"say \xe9t\xe9\r\n");
    anna.expect(b"You say, \"\xe9t\xe9");
    bert.expect(b"anna says, \"\xe9t\xe9");
    carl.expect("anna says, \"été\"");
    carl.send("say Grüße, 日本");
    bert.expect(b"carl says, \"Gr\xfc\xdfe, ??");
}

#[test]
fn a_compressed_session_plays() {
    let game = Game::started();
    game.player("anna").hang_up();
    let mut anna = Wire::connect(&game, &[MCCP2]);
    assert_eq!(anna.expect_told(MCCP2), b"");
    anna.log_in("anna");
    assert!(anna.is_compressed());
    let before = anna.received();
    let mut told = 0;
    for _ in 0..20 {
        anna.send("help");
        told += anna.expect(b"type the name of one to go there.").len();
    }
    let came = anna.received() - before;
    assert!(came * 5 < told, "{came} bytes for {told}");
    anna.send("east");
    anna.expect(b"By the Brook");
}

#[test]
fn links_can_be_clicked_and_change_no_text() {
    let game = Game::started();
    let plain = game.player("anna").ask("look");
    let mut anna = Wire::connect(&game, &[MXP]);
    anna.log_in("anna");
    let link = |command: &str, label: &str| format!("\x1b[4z<SEND HREF=\"{command}\">{label}\x1b[4z</SEND>");
    anna.send("help");
    anna.expect(link("help look", "look").as_bytes());
    anna.expect(b"type the name of one to go there.");
    anna.send("look");
    let north = link("north", "north");
    let mut look = String::from_utf8(anna.expect(north.as_bytes())).expect("it is UTF-8") + &north;
    look += &String::from_utf8(anna.expect(b"\n")).expect("it is UTF-8");
    assert!(look.contains(&link("east", "east")), "{look}");
    for (command, label) in [("north", "north"), ("east", "east")] {
        look = look.replace(&link(command, label), label);
    }
    let start = look.rfind("A Meadow").expect("the room has a name");
    assert_eq!(without_colours(&look[start..]).trim(), plain.trim());
}

/// The next value of HEALTH that MSDP tells.
fn health(client: &mut Wire) -> u32 {
    loop {
        let told = client.expect_told(MSDP);
        if let Some(value) = told.strip_prefix(b"\x01HEALTH\x02") {
            let value = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
            return value.unwrap_or_else(|| panic!("{told:?}"));
        }
    }
}

/// The table of a subnegotiation.
fn by_option(payload: &[u8]) -> Table {
    let text = std::str::from_utf8(payload).expect("it is UTF-8");
    let variable = |variable: &str| {
        let mut parts = variable.split('\x02').map(str::to_owned);
        (parts.next().unwrap_or_default(), parts.collect())
    };
    text.split('\x01').skip(1).map(variable).collect()
}

fn without_colours(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once(|ch: char| ch.is_ascii_alphabetic()).map_or("", |(_, rest)| rest));
    }
    plain.replace('\r', "")
}
