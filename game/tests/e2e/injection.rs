//! One player types what a client would obey; every other client, whatever it speaks, is sent nothing but text.
//! What text looks like there is tested in `text_is_data`; here it is the bytes.

use std::{
    io::{Read as _, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
};

use serde_json::json;

use crate::{
    harness::{Game, LIMIT, PASSWORD, Program, Telnet, Websocket, Wire, installed, signal},
    ssh,
};

const TTYPE: u8 = 24;
const CHARSET: u8 = 42;
const MXP: u8 = 91;
const GMCP: u8 = 201;

/// What is typed, and what of it must come through as it was typed.
const ATTACKS: &[(&str, &str)] = &[
    // MXP: whole tags in secure mode, modes alone, tags without a mode, entities, of seven bits and of eight.
    ("\x1b[4z<SEND HREF=\"drop all\">FREE GOLD\x1b[4z</SEND>", "<SEND HREF=\"drop all\">FREE GOLD</SEND>"),
    ("\x1b[1z<VERSION>\x1b[6zx\x1b[0z\x1b[7z", "<VERSION>x"),
    ("\u{9b}4z<SEND>y</SEND> <!ELEMENT x '<SEND>'>", "<SEND>y</SEND> <!ELEMENT x '<SEND>'>"),
    ("\x1b[\x004z<A HREF=\"x\">split</A>\x1b\x1b[4z", "split</A>"),
    ("&lt;b&gt; &#27;[4z", "&lt;b&gt; &#27;[4z"),
    // Links of markup: whole, nested, in pieces that a single pass would put together, escaped.
    ("|lcdrop all|ltFREE|le", "FREE"),
    ("|l|lcx|ltcdrop all|le|ltFREE|le", "FREE"),
    ("|lujavascript:alert(1)|ltclick|le", "javascript:alert(1)"),
    ("||lcx||lty||le ||||lcz", "|y| ||||lcz"),
    ("|\x1b[0mlcdrop|\x00ltx|\u{202e}le", "x"),
    // Colours of markup, and line ends and tabs that it makes.
    ("|rred|n |[bback |#ff0000x |500y |^blink", "|rred|n |[bback |#ff0000x |500y |^blink"),
    ("|/|/Anna says, \"yes\"|-|>|_", "|/|/Anna says, \"yes\"|-|>|_"),
    ("{{rcurly {n", "{{rcurly {n"),
    // Terminals: colours, cursor, screen, title, clipboard, links, character sets, reports, reset.
    ("\x1b[31mred\x1b[2J\x1b[H\x1b[?1049h", "red"),
    ("\x1b]0;title\x07after", "after"),
    ("\x1b]52;c;ZXZpbA==\x1b\\copied", "copied"),
    ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
    ("\x1bP+q544e\x1b\\dcs \x1b_apc\x1b\\ \x1b^pm\x1b\\ \x1bXsos\x1b\\", "dcs"),
    ("\u{9d}0;t\u{9c}c1 \u{90}q\u{9c} \u{9b}31m", "c1"),
    ("\x1b(0lqk\x1b(B\x0e\x0f", "lqk"),
    ("\x1bc\x1b[6n\x1b[c\x05 report", "report"),
    ("bell\x07 back\x08\x08 tab\x0b\x0c del\x7f", "bell"),
    ("\u{85}next\u{2028}line", "next"),
    // Direction of writing.
    ("\u{202e}gnirts\u{202c} \u{2066}iso\u{2069}", "gnirts iso"),
    // Pages.
    (
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
    ),
    ("\"><a href=javascript:x onclick=\"y\">z</a>", "\"><a href=javascript:x onclick=\"y\">z</a>"),
    // Telnet and what runs in it, as text: each is a letter of Latin-1.
    ("\u{ff}\u{fa}\u{c9}Core.Goodbye \"x\"\u{ff}\u{f0}", "\u{ff}\u{fa}\u{c9}Core.Goodbye \"x\"\u{ff}\u{f0}"),
    ("\u{ff}\u{fb}\u{1}\u{ff}\u{fb}V\u{ff}\u{f4}\u{ff}", "\u{ff}\u{fb}V\u{ff}\u{f4}\u{ff}"),
    // Data.
    (
        "{\"proto\":\"gmcp\",\"id\":\"Core.Goodbye\",\"data\":\"\"}",
        "{\"proto\":\"gmcp\",\"id\":\"Core.Goodbye\",\"data\":\"\"}",
    ),
    ("[\"text\",[\"x\"],{}] Client.GUI {\"url\":\"x\"}", "[\"text\",[\"x\"],{}] Client.GUI {\"url\":\"x\"}"),
    ("\x01LIST\x02COMMANDS\x03\x01x\x02y\x04", "LISTCOMMANDS"),
];

#[test]
fn plain_telnet_is_sent_text() {
    attack(|game| telnet(game, &[], |_| {}), is_terminal_text);
}

#[test]
fn telnet_with_mxp_is_sent_no_tag_of_a_player() {
    attack(
        |game| {
            let wire = telnet(game, &[MXP, GMCP], |_| {});
            has_flags(game, &["MXP", "OOB"]);
            wire
        },
        is_terminal_text,
    );
}

#[test]
fn telnet_with_256_colours_is_sent_text() {
    attack(
        |game| {
            let wire = telnet(game, &[TTYPE], |wire| is_called(wire, &["XTERM-256COLOR"; 2]));
            has_flags(game, &["XTERM256"]);
            wire
        },
        is_terminal_text,
    );
}

#[test]
fn telnet_with_all_colours_and_links_is_sent_text() {
    attack(
        |game| {
            let names = ["MUDLET", "ANSI-TRUECOLOR", "MTTS 2349"];
            let wire = telnet(game, &[TTYPE, MXP], |wire| is_called(wire, &names));
            has_flags(game, &["TRUECOLOR", "MXP"]);
            wire
        },
        is_terminal_text,
    );
}

#[test]
fn telnet_in_latin_1_is_sent_no_command_of_a_player() {
    attack(
        |game| {
            let wire = telnet(game, &[CHARSET, GMCP], |wire| {
                wire.expect_told(CHARSET);
                wire.tell(CHARSET, b"\x02ISO-8859-1");
            });
            assert_eq!(game.session_of("anna")["encoding"], "iso-8859-1");
            Latin(wire)
        },
        // `Wire` has taken the stream apart as a client does, so a command would be missing from the text.
        is_terminal_text,
    );
}

#[test]
fn a_browser_is_sent_no_tag_of_a_player() {
    attack(
        |game| {
            let mut browser = game.browser();
            browser.register_and_log_in("anna");
            browser
        },
        is_harmless_html,
    );
}

#[test]
fn a_websocket_with_json_is_sent_text() {
    attack(|game| Binary::connect(game, "json.mudstandards.org"), is_terminal_text);
}

#[test]
fn a_websocket_with_gmcp_is_sent_text() {
    attack(|game| Binary::connect(game, "gmcp.mudstandards.org"), is_terminal_text);
}

#[test]
fn a_websocket_terminal_is_sent_text() {
    attack(|game| Binary::connect(game, "terminal.mudstandards.org"), is_terminal_text);
}

#[test]
fn a_terminal_by_ssh_is_sent_text() {
    if let Some(ssh) = installed("ssh") {
        attack_in(ssh::game_with_ssh(), |game| Shell::connect(game, &ssh), is_terminal_text);
    }
}

#[test]
fn a_pipe_by_ssh_is_sent_text() {
    let Some(program) = installed("ssh") else { return };
    attack_in(ssh::game_with_ssh(), |game| pipe(game, &program), is_terminal_text);
}

#[test]
fn nobody_forges_a_line_that_another_says() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut carl = game.browser();
    carl.register_and_log_in("carl");
    anna.expect("carl has entered the game.\n");
    for forged in
        ["say hm\nbert says, \"I quit.\"", "pose hums.\r\nbert leaves.", "whisper anna = x\rbert leaves."]
    {
        carl.send(forged);
        carl.send("say done");
        let told = anna.expect("done");
        assert!(!told.lines().any(|line| line.starts_with("bert")), "{told:?}");
    }
}

/// A client that hears what others say.
trait Listener {
    /// All text up to this one, as the client is sent it.
    fn until(&mut self, mark: &str) -> String;
}

/// Bert, by telnet, and Carl, by browser, say everything there is to a listener.
fn attack<L: Listener>(listener: impl FnOnce(&Game) -> L, check: fn(&str, &str)) {
    attack_in(Game::started(), listener, check);
}

fn attack_in<L: Listener>(game: Game, listener: impl FnOnce(&Game) -> L, check: fn(&str, &str)) {
    let mut listener = listener(&game);
    let mut bert = game.player("bert");
    let mut carl = game.browser();
    carl.register_and_log_in("carl");
    listener.until("carl has entered");
    for (number, (typed, through)) in ATTACKS.iter().enumerate() {
        for verb in ["say", "pose"] {
            bert.send(&format!("{verb} begin {typed}"));
            bert.send(&format!("say done{number}{verb}"));
            let told = listener.until(&format!("done{number}{verb}"));
            check(begun(&told), through);

            carl.send_tuple(&json!(["text", [format!("{verb} begin {typed}")], {"options": {"raw": true}}]));
            carl.send(&format!("say over{number}{verb}"));
            let told = listener.until(&format!("over{number}{verb}"));
            check(begun(&told), through);
        }
        // What the two are told themselves need not pile up.
        bert.rest();
    }
}

/// What was said, from its begin on, and what belongs to the next line.
fn begun(told: &str) -> &str {
    let at = told.find("begin").unwrap_or_else(|| panic!("nothing was said: {told:?}"));
    let end = told.rfind("says,").unwrap_or(told.len());
    &told[at..end.max(at)]
}

/// Whether text for a terminal has nothing in it but what was typed and the colours of the game itself.
fn is_terminal_text(told: &str, through: &str) {
    let mut rest = told.to_owned();
    // The game's own: names are cyan, what ends a message resets.
    for own in ["\x1b[0m", "\x1b[1m", "\x1b[22m", "\x1b[36m", "\x1b[38;5;14m"] {
        rest = rest.replace(own, "");
    }
    assert!(rest.contains(through), "{through:?} did not come through: {rest:?}");
    let bad = |ch: char| {
        (ch.is_control() && !matches!(ch, '\r' | '\n' | '\t'))
            || matches!(ch, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!rest.contains(bad), "{rest:?}");
    // One line of the attack, and the beginning of the next that ends it.
    assert!(rest.matches('\n').count() <= 1, "a line of the player's own: {rest:?}");
}

/// Whether a message for a browser has no tag but a line's end and the game's own colours.
fn is_harmless_html(told: &str, through: &str) {
    let escaped = through.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    assert!(told.contains(&escaped), "{escaped:?} did not come through: {told:?}");
    for tag in told.split('<').skip(1) {
        let own = ["br>", "span class=\"color-014\">", "span class=\"\">", "/span>"];
        assert!(own.iter().any(|own| tag.starts_with(own)), "<{tag} in {told:?}");
    }
    assert!(!told.contains(char::is_control), "{told:?}");
}

/// Answers with these names, each when it is asked.
fn is_called(wire: &mut Wire, names: &[&str]) {
    for name in names {
        wire.expect_told(TTYPE);
        wire.tell(TTYPE, &[b"\0", name.as_bytes()].concat());
    }
}

/// The listener is what the test says that it is.
fn has_flags(game: &Game, wanted: &[&str]) {
    let session = game.session_of("anna");
    let flags = session["flags"].as_array().expect("it has flags");
    assert!(wanted.iter().all(|flag| flags.contains(&json!(flag))), "{wanted:?}: {session}");
}

fn telnet(game: &Game, options: &[u8], negotiate: impl FnOnce(&mut Wire)) -> Wire {
    game.player("anna").hang_up();
    let mut anna = Wire::connect(game, options);
    negotiate(&mut anna);
    anna.log_in("anna");
    anna
}

impl Listener for Wire {
    fn until(&mut self, mark: &str) -> String {
        String::from_utf8(self.expect(mark.as_bytes())).expect("its text is UTF-8")
    }
}

/// A client that reads Latin-1.
struct Latin(Wire);

impl Listener for Latin {
    fn until(&mut self, mark: &str) -> String {
        self.0.expect(mark.as_bytes()).into_iter().map(char::from).collect()
    }
}

/// Anna, by OpenSSH's client without a terminal, as a guest who logs in by typing.
fn pipe(game: &Game, program: &Path) -> Program {
    game.player("anna").hang_up();
    let mut command = Command::new(program);
    command.args(["-F", "/dev/null", "-T", "-l", "guest", "-p", &game.address("ssh").port().to_string()]);
    for option in ["UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no", "IdentitiesOnly=yes"] {
        command.args(["-o", option]);
    }
    command.args(["-o", "LogLevel=ERROR", "127.0.0.1"]).env("TERM", "xterm-256color");
    let mut anna = Program::start(command, game.scene());
    anna.expect_raw("hangs up.");
    anna.send(&format!("connect anna {PASSWORD}\r\n"));
    anna.expect_raw("Exits:");
    anna
}

impl Listener for Program {
    fn until(&mut self, mark: &str) -> String {
        self.expect_raw(mark)
    }
}

impl Listener for Telnet {
    fn until(&mut self, mark: &str) -> String {
        self.expect(mark)
    }
}

impl Listener for Websocket {
    fn until(&mut self, mark: &str) -> String {
        let mut told = String::new();
        while !told.contains(mark) {
            let tuple = self.tuple();
            match tuple[0].as_str() {
                Some("text" | "prompt") => told.push_str(tuple[1][0].as_str().expect("a text")),
                // The game's own, from when she came in.
                other => assert!(
                    matches!(
                        other,
                        Some(
                            "char_name"
                                | "char_vitals"
                                | "char_items_list"
                                | "room_info"
                                | "room_players"
                                | "room_addplayer"
                        )
                    ),
                    "{tuple}"
                ),
            }
        }
        told
    }
}

/// A client that is sent text in binary messages, and data in text messages.
struct Binary(Websocket);

impl Binary {
    fn connect(game: &Game, subprotocol: &str) -> Binary {
        game.player("anna").hang_up();
        let mut anna = Binary(Websocket::connect_as(game.address("web"), game.scene(), subprotocol));
        anna.until("hangs up.");
        anna.0.send_binary(format!("connect anna {PASSWORD}").as_bytes());
        anna.until("Exits:");
        anna
    }
}

impl Listener for Binary {
    fn until(&mut self, mark: &str) -> String {
        let mut told = String::new();
        while !told.contains(mark) {
            let (is_text, message) = self.0.message();
            if is_text {
                told.push_str(&String::from_utf8(message).expect("its text is UTF-8"));
            } else {
                let message = String::from_utf8_lossy(&message).into_owned();
                assert!(!message.contains("Goodbye") && !message.contains("Client.GUI"), "{message}");
            }
        }
        told
    }
}

/// A client of SSH with a terminal; what it gets is taken as it is.
struct Shell {
    client: Child,
    output: mpsc::Receiver<Vec<u8>>,
    /// The beginning of a character.
    bytes: Vec<u8>,
    text: String,
}

impl Shell {
    fn connect(game: &Game, ssh: &Path) -> Shell {
        game.player("anna").hang_up();
        let mut command = Command::new(ssh);
        command.args(["-F", "/dev/null", "-tt", "-p", &game.address("ssh").port().to_string()]);
        for option in
            ["BatchMode=yes", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR"]
        {
            command.args(["-o", option]);
        }
        command.args(["-l", "guest", "127.0.0.1"]).env("TERM", "xterm-256color");
        let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("ssh runs");
        let mut from = client.stdout.take().expect("it was piped");
        let (send, output) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                let _ = send.send(buffer[..count].to_vec());
            }
        });
        let mut shell = Shell { client, output, bytes: Vec::new(), text: String::new() };
        shell.until("hangs up.");
        let typed = format!("connect anna {PASSWORD}\r");
        let to = shell.client.stdin.as_mut().expect("it was piped");
        to.write_all(typed.as_bytes()).expect("it reads");
        shell.until("Exits:");
        has_flags(game, &["TRUECOLOR", "SSL"]);
        shell
    }
}

impl Listener for Shell {
    fn until(&mut self, mark: &str) -> String {
        loop {
            if let Some(at) = self.text.find(mark) {
                return self.text.drain(..at + mark.len()).collect();
            }
            let bytes = self.output.recv_timeout(LIMIT);
            let bytes = bytes.unwrap_or_else(|_| panic!("{mark:?} did not come, but {:?}", self.text));
            self.bytes.extend(bytes);
            let whole = match std::str::from_utf8(&self.bytes) {
                Err(error) => error.valid_up_to(),
                Ok(text) => text.len(),
            };
            let rest = self.bytes.split_off(whole);
            let text = std::mem::replace(&mut self.bytes, rest);
            self.text.push_str(&String::from_utf8(text).expect("it was looked at"));
        }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        signal("KILL", self.client.id());
        let _ = self.client.wait();
    }
}
