//! Clients that other people wrote, driven against the whole game: TinTin++, GNU telnet, OpenSSL, and the Python
//! libraries telnetlib3 and websockets. `.ci/run` installs them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::harness::{Chromium, Game, PASSWORD, Program, installed};

/// What TinTin++ is told before it connects: to show what it negotiates, and to agree to what scripts may want.
const TINTIN: &str = r"#config {charset} {UTF-8}
#config {mccp} {on}
#config {debug telnet} {on}
#event {IAC WILL GMCP} {#send {\xFF\xFD\xC9\}}
#event {IAC WILL MSDP} {#send {\xFF\xFD\x45\}}
#event {IAC SB GMCP Room.Info IAC SE} {#showme {the room is told}}
";

#[test]
fn tintin_with_all_that_it_can() {
    let (Some(tintin), Some(_)) = (installed("tt++"), installed("script")) else { return };
    let game = Game::started();
    let home = home();
    let script = format!("{TINTIN}#session {{m}} {{127.0.0.1}} {{{}}}\n", game.address("telnet").port());
    fs::write(home.path().join("go.tin"), script).expect("it can be written");
    let line = format!("{} -G go.tin", tintin.display());
    let mut player = Program::in_terminal(&line, home.path(), game.scene());
    player.expect("hangs up.");
    register_unseen(&mut player, "anna");
    player.expect("the room is told");
    player.expect("Exits:");
    assert!(!player.text().contains(PASSWORD), "{}", player.text());
    for agreed in [
        "SENT IAC SB NAWS 0 100 0 40",
        "INFO MCCP2 INITIALIZED",
        "INFO MCCP3 INITIALIZED",
        "SENT IAC SB CHARSET ACCEPTED UTF-8",
        "SENT IAC SB TTYPE TINTIN++",
        "SENT IAC SB NEW-ENVIRON IS VAR CLIENT_NAME VAL TinTin++",
        "IAC SB GMCP Char.Name IAC SE",
    ] {
        assert!(player.text().contains(agreed), "{agreed:?} is missing:\n{}", player.text());
    }
    let session = game.session_of("anna");
    let wanted = ["TTYPE", "NAWS", "NEW-ENVIRON", "CHARSET", "SGA", "EOR", "GMCP", "MSDP", "MCCP2", "MCCP3"];
    has_options(&session, &wanted);
    has_flags(&session, &["TRUECOLOR", "UTF-8", "MCCP", "OOB"]);
    assert_eq!((&session["width"], &session["height"]), (&100.into(), &40.into()), "{session}");
    assert!(session["client"].as_str().is_some_and(|name| name.starts_with("TINTIN++ 2.")), "{session}");

    // Both ways, in letters that are several bytes, and over a reload, which both streams outlive.
    let mut bert = game.player("bert");
    player.expect("bert has entered the game.");
    for round in ["one", "two"] {
        player.send(&format!("say caf\u{e9} {round}\r"));
        bert.expect(&format!("anna says, \"caf\u{e9} {round}\"\n"));
        bert.send(&format!("say \u{65e5}\u{672c} {round}"));
        player.expect(&format!("bert says, \"\u{65e5}\u{672c} {round}\""));
        let reloaded = game.meadow(&["reload"]);
        assert_eq!(reloaded.code, 0, "{reloaded:?}");
    }
    player.send("quit\r");
    player.expect("#COMPRESSION END, DISABLING MCCP2.");
    player.expect("#SESSION 'm' DIED.");
}

#[test]
fn gnu_telnet() {
    let (Some(telnet), Some(_)) = (installed("telnet"), installed("script")) else { return };
    let game = Game::started();
    let home = home();
    let line = format!("{} 127.0.0.1 {}", telnet.display(), game.address("telnet").port());
    let mut player = Program::in_terminal(&line, home.path(), game.scene());
    player.expect("hangs up.");
    register_unseen(&mut player, "anna");
    player.expect("Exits:");
    assert!(!player.text().contains(PASSWORD), "{}", player.text());
    let session = game.session_of("anna");
    has_options(&session, &["TTYPE", "NAWS", "NEW-ENVIRON", "SGA"]);
    assert_eq!((&session["width"], &session["height"]), (&100.into(), &40.into()), "{session}");
    assert_eq!(session["terminal"].as_str().map(str::to_lowercase).as_deref(), Some("xterm-256color"));
    // Ctrl-D, Ctrl-Z and Ctrl-\ are commands of telnet's, which say nothing to a game and end nothing.
    player.send("\x04\x1a\x1c\r");
    player.send("say caf\u{e9}\r");
    player.expect("You say, \"caf\u{e9}\"");
    player.send("quit\r");
    player.expect("Connection closed by foreign host.");
}

/// As an operator may want it (RFC 1184): the terminal edits the line, also one that is not shown.
#[test]
fn gnu_telnet_in_linemode() {
    let (Some(telnet), Some(_)) = (installed("telnet"), installed("script")) else { return };
    let game = Game::started_with(&["telnet.linemode=true"]);
    let home = home();
    let line = format!("{} 127.0.0.1 {}", telnet.display(), game.address("telnet").port());
    let mut player = Program::in_terminal(&line, home.path(), game.scene());
    player.expect("hangs up.");
    register_unseen(&mut player, "anna");
    player.expect("Exits:");
    assert!(!player.text().contains(PASSWORD), "{}", player.text());
    has_options(&game.session_of("anna"), &["LINEMODE", "TTYPE", "NAWS", "SGA"]);
    // Backspace, and Ctrl-U for the whole line, are the terminal's own.
    player.send("nonsense\x15say one\x7f\x7f\x7ftwo\r");
    player.expect("You say, \"two\"");
    player.send("\x04\x1a\x1c\r");
    player.send("quit\r");
    player.expect("Connection closed by foreign host.");
}

#[test]
fn openssl() {
    let Some(openssl) = installed("openssl") else { return };
    let game = Game::started();
    let mut command = Command::new(openssl);
    command.args(["s_client", "-quiet", "-verify_return_error", "-verify_hostname", "localhost", "-connect"]);
    command.arg(game.address("tls").to_string()).arg("-CAfile").arg(certificate(&game.folder()));
    let mut player = Program::start(command, game.scene());
    player.expect("hangs up.");
    register(&mut player, "anna");
    player.expect("Exits:");
    let session = game.session_of("anna");
    assert_eq!(session["protocol"], "telnet/ssl", "{session}");
    has_flags(&session, &["SSL"]);
    player.send("quit\r\n");
    player.expect("again, soon.");
    player.expect_success();
}

#[test]
fn telnetlib3_of_python() {
    let Some(python) = python("telnetlib3") else { return };
    let game = Game::started();
    let address = game.address("telnet");
    let mut command = Command::new(python);
    command.args(["-c", include_str!("clients/telnetlib3_plays.py"), "127.0.0.1"]);
    let mut player = Program::start(with_port(command, address.port()), game.scene());
    let told = player.expect("}\n");
    let told: Value = serde_json::from_str(&told).expect("it prints JSON");
    // Whatever else a game sends, and wherever telnetlib3 takes the negotiation to end.
    let heard: Vec<_> = told["gmcp"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for package in ["Char.Name", "Room.Info", "Char.Vitals", "Comm.Channel.List"] {
        assert_eq!(heard.iter().filter(|heard| **heard == package).count(), 1, "{package}: {told}");
    }
    let session = game.session_of("dora");
    let wanted = ["TTYPE", "NAWS", "NEW-ENVIRON", "CHARSET", "SGA", "EOR", "GMCP", "MCCP2", "MCCP3"];
    has_options(&session, &wanted);
    assert_eq!((&session["width"], &session["height"]), (&120.into(), &50.into()), "{session}");
    player.send("\n");
    player.expect_success();
}

#[test]
fn websockets_of_python_in_every_format() {
    let Some(python) = python("websockets") else { return };
    let game = Game::started();
    let mut command = Command::new(python);
    command.args(["-c", include_str!("clients/websockets_plays.py"), "127.0.0.1"]);
    let mut player = Program::start(with_port(command, game.address("web").port()), game.scene());
    for format in ["v1.evennia.com", "json", "gmcp", "terminal", "telnet"] {
        player.expect(format);
        player.expect(" 1000\n");
    }
    player.expect_success();
}

/// The page that the game serves, in the browser that most people have.
#[test]
fn chromium() {
    let game = Game::started();
    let url = format!("http://{}/", game.address("web"));
    let Some(mut bert) = Chromium::open(&url, game.scene()) else { return };
    bert.expect("Play in the browser");
    bert.evaluate("document.querySelector('a.button.main').click()");
    bert.expect("hangs up.");
    assert_eq!(bert.evaluate("document.activeElement.id"), "line", "one can type at once");
    let mut anna = game.player("anna");
    // The question is above the field, which hides what is typed until it is answered.
    let question = "document.getElementById('prompt').textContent";
    for (typed, asked) in
        [("create bert", "A password for the new account 'bert': "), (PASSWORD, "The same again: ")]
    {
        bert.send(typed);
        bert.expect_value(question, asked);
        bert.expect_value("document.activeElement.type", "password");
    }
    bert.send(PASSWORD);
    bert.expect("You can now log in");
    bert.expect_value("document.activeElement.id", "line");
    bert.send(&format!("connect bert {PASSWORD}"));
    bert.expect("Exits: north, east");
    anna.expect("bert has entered the game.\n");
    let shown = bert.expect("A Meadow");
    assert!(!shown.contains(PASSWORD), "{shown}");

    // Both ways, in letters that are several bytes; nobody makes elements for others.
    bert.send("say \u{65e5}\u{672c} caf\u{e9}");
    anna.expect("bert says, \"\u{65e5}\u{672c} caf\u{e9}\"\n");
    anna.send("say <img src=x onerror=alert(1)> |rred");
    bert.expect("anna says, \"<img src=x onerror=alert(1)> |rred\"");
    assert_eq!(bert.evaluate("document.querySelectorAll('#log img').length"), 0);
    let exits =
        "[...document.querySelectorAll('#log a, #log button')].map((link) => link.textContent).join()";
    assert!(bert.evaluate(exits).as_str().is_some_and(|exits| exits.contains("north")), "exits are links");

    // The Server goes and comes, and the page stays.
    let reloaded = game.meadow(&["reload"]);
    assert_eq!(reloaded.code, 0, "{reloaded:?}");
    bert.send("say back again");
    anna.expect("bert says, \"back again\"\n");
    bert.send("quit");
    bert.expect("Disconnected.");
    assert_eq!(bert.errors(), [""; 0]);
}

/// Makes an account, and logs in.
fn register(player: &mut Program, name: &str) {
    player.send(&format!("create {name} {PASSWORD}\r"));
    player.expect("Is this what you intended?");
    player.send("y\r");
    player.expect("You can now log in");
    player.send(&format!("connect {name} {PASSWORD}\r"));
}

/// The same, being asked for the password, which must not show in the terminal.
fn register_unseen(player: &mut Program, name: &str) {
    player.send(&format!("create {name}\r"));
    player.expect("A password for the new account");
    player.send(&format!("{PASSWORD}\r"));
    player.expect("The same again:");
    player.send(&format!("{PASSWORD}\r"));
    player.expect("You can now log in");
    player.send(&format!("connect {name}\r"));
    player.expect("Password:");
    player.send(&format!("{PASSWORD}\r"));
}

fn has_options(session: &Value, wanted: &[&str]) {
    let options = session["negotiated"]["options"].as_str().unwrap_or_default();
    let missing: Vec<_> = wanted.iter().filter(|name| !options.split(", ").any(|on| on == **name)).collect();
    assert!(missing.is_empty(), "{missing:?} are missing: {session}");
}

fn has_flags(session: &Value, wanted: &[&str]) {
    let flags = session["flags"].as_array().expect("it has flags");
    let missing: Vec<_> = wanted.iter().filter(|name| !flags.contains(&(**name).into())).collect();
    assert!(missing.is_empty(), "{missing:?} are missing: {session}");
}

/// A home without anybody's settings.
fn home() -> TempDir {
    tempfile::Builder::new().prefix("meadow-e2e-home-").tempdir().expect("a folder can be made")
}

fn with_port(mut command: Command, port: u16) -> Command {
    command.arg(port.to_string());
    command
}

/// The certificate that the game has made for itself.
fn certificate(folder: &Path) -> PathBuf {
    let files = fs::read_dir(folder.join("data/tls")).expect("there is one");
    let mut paths = files.filter_map(|file| Some(file.ok()?.path()));
    paths.find(|path| path.to_string_lossy().ends_with(".crt")).expect("there is one")
}

/// A Python that has this library: the one that `.ci/run` has made in the target folder. In CI there must be one;
/// elsewhere the test says that it tests nothing.
#[expect(clippy::print_stderr, reason = "what is not tested is to be seen")]
fn python(library: &str) -> Option<PathBuf> {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/clients/bin/python");
    let has = Command::new(&python).args(["-c", &format!("import {library}")]).output();
    let has = has.is_ok_and(|done| done.status.success());
    assert!(has || std::env::var_os("CI").is_none(), "{library} is not installed");
    if !has {
        eprintln!("NOT TESTED: Python has no {library}; .ci/run installs what the tests drive");
    }
    has.then_some(python)
}
