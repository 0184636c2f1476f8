//! The example as a whole: its own program in processes of its own, spoken to through real sockets.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use meadow::serde_json::{Value, from_str, json};

const PASSWORD: &str = "correct horse";
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A game in a folder that is removed in the end.
struct Game {
    folder: PathBuf,
    settings: Vec<String>,
    /// Whom its caller calls.
    peer: Option<SocketAddr>,
}

impl Game {
    fn new(name: &str, settings: &[&str]) -> Game {
        // Short, for a socket is in it.
        let folder = std::env::temp_dir().join(format!("json-lines-{}-{name}", std::process::id()));
        let ours = ["telnet.enabled=false", "tls.enabled=false", "web.enabled=false"];
        let settings = ours.iter().chain(settings).map(|setting| (*setting).to_owned()).collect();
        Game { folder, settings, peer: None }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_json-lines"));
        command.args(args).arg("--dir").arg(&self.folder).env_remove(json_lines::services::PEER);
        for setting in &self.settings {
            command.args(["--set", setting]);
        }
        if let Some(peer) = self.peer {
            command.env(json_lines::services::PEER, peer.to_string());
        }
        command
    }

    /// Runs a command of the launcher that succeeds; gives back what it printed.
    fn done(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(args).output().expect("it is built");
        assert!(status.success(), "{args:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8_lossy(&stdout).into_owned()
    }

    /// Address and state of a service.
    fn service(&self, name: &str) -> (String, String) {
        let status: Value = from_str(&self.done(&["status", "--json"])).expect("JSON");
        let mut services = status["services"].as_array().expect("a list").iter();
        let service = services.find(|service| service["name"] == name).unwrap_or_else(|| panic!("{status}"));
        let word = |key: &str| service[key].as_str().expect("a text").to_owned();
        (word("address"), word("state"))
    }

    fn client(&self) -> Client {
        let stream = TcpStream::connect(self.service("json-lines").0).expect("it listens");
        Client::new(stream)
    }
}

impl Drop for Game {
    fn drop(&mut self) {
        let _ = self.command(&["stop"]).output();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whether a line begins with this name.
fn lists(printed: &str, name: &str) -> bool {
    printed.lines().any(|line| line.split_whitespace().next() == Some(name))
}

/// One end of a connection that speaks JSON lines.
struct Client {
    lines: BufReader<TcpStream>,
}

impl Client {
    fn new(stream: TcpStream) -> Client {
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        Client { lines: BufReader::new(stream) }
    }

    fn send(&mut self, line: &Value) {
        self.lines.get_mut().write_all(format!("{line}\n").as_bytes()).expect("it reads");
    }

    /// Types a line.
    fn say(&mut self, line: &str) {
        self.send(&json!(["text", [line], {}]));
    }

    /// Reads until a line that this is true of.
    fn until(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        // The clock always has something to say, so a limit for each line would not do.
        let (mut seen, begun) = (String::new(), Instant::now());
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line);
            let comes = read.is_ok_and(|read| read > 0) && begun.elapsed() < PATIENCE;
            assert!(comes, "{what} did not come, but:\n{seen}");
            let value = from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if wanted(&value) {
                return value;
            }
            seen += &line;
        }
    }

    /// Reads until a text, or a question, that has this in it.
    fn told(&mut self, part: &str) -> String {
        let told = self.until(part, |line| {
            (line[0] == "text" || line[0] == "prompt")
                && line[1][0].as_str().is_some_and(|text| text.contains(part))
        });
        told[1][0].as_str().unwrap_or_default().to_owned()
    }

    fn play(&mut self, name: &str) {
        self.told("Telegraph");
        self.say(&format!("create {name} {PASSWORD}"));
        self.told("Is this what you intended?");
        self.say("y");
        self.told("You can now log in");
        self.say(&format!("connect {name} {PASSWORD}"));
        self.told("A telegraph office");
    }
}

#[test]
fn a_game_is_played_in_lines_of_json() {
    let station = TcpListener::bind("127.0.0.1:0").expect("a port");
    let mut game = Game::new("play", &["services.json-lines.listen=127.0.0.1:0"]);
    game.peer = Some(station.local_addr().expect("bound"));
    let welcome = game.done(&["start"]);
    for name in ["json-lines", "caller", "clock"] {
        assert!(lists(&welcome, name), "{name} is not in:\n{welcome}");
        assert_eq!(game.service(name).1, "on", "{name}");
    }

    let mut client = game.client();
    client.play("Anna");
    client.say("say |rgood|n \u{1b}[2Jmorning");
    assert_eq!(client.told("You say"), "You say, \"|rgood|n morning\"", "what is typed is text");
    client.send(&json!(["ping", [7], {}]));
    client.until("the answer of the inputfunc", |line| *line == json!({"pong": 7}));
    client.send(&json!("no tuple"));
    client.until("a complaint", |line| line[0] == "error");

    // The service in the Server tells the time, that in the Portal has called the station; both go on over a reload.
    let seconds = |line: &Value| line[0] == "time" && line[2]["seconds"].is_u64();
    client.until("the time", seconds);
    let (called, _) = station.accept().expect("a call");
    let mut called = Client::new(called);
    called.play("Bert");
    game.done(&["reload", "--no-build"]);
    client.told("reloaded");
    client.until("the time, of the new Server", seconds);
    called.say("say hello");
    client.told("Bert says, \"hello\"");

    // What there is can be seen in the game.
    let mut child = game.command(&["superuser", "Anna", "--password-stdin"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it is built");
    child.stdin.take().expect("piped").write_all(format!("{PASSWORD}\n").as_bytes()).expect("it reads");
    assert!(child.wait().expect("it ends").success());
    client.say("@service");
    let listed = client.told("Services:");
    assert!(
        listed.contains("json-lines") && listed.contains("caller") && listed.contains("clock"),
        "{listed}"
    );
    client.say("quit");
    client.until("the last line", |line| line[0] == "text" && line[1][0] != "");
}

#[test]
fn each_service_has_a_switch_of_its_own() {
    let game = Game::new("off", &["services.json-lines.enabled=false", "services.clock.enabled=false"]);
    let welcome = game.done(&["start"]);
    assert!(!lists(&welcome, "json-lines") && !lists(&welcome, "clock"), "{welcome}");
    assert_eq!(game.service("json-lines"), (String::new(), "off".to_owned()));
    assert_eq!(game.service("clock").1, "off");
    assert_eq!(game.service("caller").1, "ended", "it has nobody to call");
    let file = std::fs::read_to_string(game.folder.join("meadow.toml")).expect("written at the first start");
    assert!(
        file.contains("\n[services.json-lines]\n") && file.contains("\n#listen = \"127.0.0.1:4010\"\n"),
        "{file}"
    );
}

#[test]
fn a_setting_that_is_misspelt_is_told_with_what_was_meant() {
    let game = Game::new("misspelt", &["services.json-line.listen=127.0.0.1:0"]);
    let Output { status, stderr, .. } = game.command(&["start"]).output().expect("it is built");
    let told = String::from_utf8_lossy(&stderr).into_owned();
    assert!(!status.success() && told.contains("did you mean `services.json-lines.listen`?"), "{told}");
}
