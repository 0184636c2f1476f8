//! One game in a fresh folder: started as a person would start it, and cleared away however a test ends.

use std::{
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::Value;
use tempfile::TempDir;

use super::{
    BUILD_LIMIT, LIMIT, NewGame, PASSWORD, Scene, Telnet, Websocket, process::processes_of, scene::files_in,
    signal, wait_until,
};

/// A game. It ends with the value, whether the test passed or panicked.
pub(crate) struct Game {
    root: TempDir,
    settings: Vec<String>,
    /// The crate of its program, where that is none of ours.
    made: Option<NewGame>,
    /// Panics in its log are no surprise.
    may_panic: bool,
}

impl Game {
    /// One that has not been started.
    pub(crate) fn stopped() -> Game {
        let root = tempfile::Builder::new().prefix("meadow-e2e-").tempdir().expect("a folder can be made");
        // Ports of its own, so that games run beside each other; the rest is as players have it.
        let settings = ["telnet.listen", "tls.listen", "ssh.listen", "web.listen", "web.tls_listen"];
        let mut settings: Vec<_> = settings.map(|setting| format!("{setting}=127.0.0.1:0")).into();
        // Its keys take a second to make, so only the tests of SSH have them.
        settings.push("ssh.enabled=false".to_owned());
        Game { root, settings, made: None, may_panic: false }
    }

    /// One whose program is that of a new game, and that is handled from within its crate. It has not been started.
    pub(crate) fn of(made: &NewGame) -> Game {
        let mut game = Game::stopped();
        game.made = Some(made.clone());
        game
    }

    /// One that runs in the background.
    pub(crate) fn started() -> Game {
        Game::started_with(&[])
    }

    /// One that runs in the background, with settings other than the defaults.
    pub(crate) fn started_with(settings: &[&str]) -> Game {
        let game = Game::stopped().with(settings);
        game.start();
        game
    }

    /// Other settings than the defaults, for all that is done with it from now on.
    pub(crate) fn with(mut self, settings: &[&str]) -> Game {
        self.settings.extend(settings.iter().map(|setting| (*setting).to_owned()));
        self
    }

    /// `meadow start`, which must succeed.
    pub(crate) fn start(&self) {
        let done = self.meadow(&["start"]);
        assert!(done.code == 0, "start: {done:?}{}", self.scene().tails());
    }

    /// The game's folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("game")
    }

    /// Runs `meadow` with these arguments on this game.
    pub(crate) fn meadow(&self, args: &[&str]) -> Done {
        self.meadow_with(args, &[], "")
    }

    /// Runs `meadow` with arguments, environment variables and standard input.
    pub(crate) fn meadow_with(&self, args: &[&str], variables: &[(&str, &str)], input: &str) -> Done {
        let mut command = self.command(args);
        command.envs(variables.iter().copied());
        self.run(command, input)
    }

    /// Runs another program than `meadow`, which is one of the same kind, with these arguments on this game.
    pub(crate) fn other_program(&self, program: &Path, args: &[&str]) -> Done {
        let meadow = self.command(args);
        let mut command = Command::new(program);
        command.current_dir(self.root.path()).args(meadow.get_args());
        self.run(command, "")
    }

    fn run(&self, mut command: Command, input: &str) -> Done {
        command.stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("meadow runs");
        let mut stdin = child.stdin.take().expect("it was piped");
        // One that fails early does not read.
        let _ = stdin.write_all(input.as_bytes());
        drop(stdin);
        let pid = child.id();
        let (send, ended) = mpsc::channel();
        thread::spawn(move || send.send(child.wait_with_output()));
        let limit = self.made.as_ref().map_or(LIMIT, |_| BUILD_LIMIT);
        match ended.recv_timeout(limit) {
            Ok(output) => Done::new(&output.expect("its output can be read")),
            Err(_) => {
                signal("KILL", pid);
                panic!("{command:?} did not end within {limit:?}{}", self.scene().tails())
            }
        }
    }

    /// A command of `meadow` that goes on: `run`, or none at all.
    pub(crate) fn in_foreground(&self, args: &[&str]) -> Foreground {
        let mut command = self.command(args);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("meadow runs");
        let mut output = BufReader::new(child.stdout.take().expect("it was piped"));
        let (send, lines) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            while output.read_line(&mut line).is_ok_and(|count| count > 0) {
                let _ = send.send(std::mem::take(&mut line));
            }
        });
        Foreground { child, lines }
    }

    /// What `meadow status --json` says.
    pub(crate) fn status(&self) -> Value {
        let done = self.meadow(&["status", "--json"]);
        serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("status: {error}: {done:?}"))
    }

    /// What `meadow status --sessions --json` says of the connection of an account.
    pub(crate) fn session_of(&self, account: &str) -> Value {
        let done = self.meadow(&["status", "--sessions", "--json"]);
        let status: Value =
            serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {done:?}"));
        let sessions = status["session_list"].as_array().into_iter().flatten();
        let mut named = sessions.filter(|session| session["account"] == account);
        named.next().unwrap_or_else(|| panic!("no session of {account}: {status}")).clone()
    }

    /// The process of the Portal (`portal`) or the Server (`server`).
    pub(crate) fn pid(&self, process: &str) -> u32 {
        let status = self.status();
        let pid = status[process]["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok());
        pid.unwrap_or_else(|| panic!("no {process} process: {status}{}", self.scene().tails()))
    }

    /// Where a service listens.
    pub(crate) fn address(&self, service: &str) -> SocketAddr {
        let status = self.status();
        let services = status["services"].as_array().into_iter().flatten();
        let mut named = services.filter(|known| known["name"] == service);
        let address = named.next().and_then(|service| service["address"].as_str()?.parse().ok());
        address.unwrap_or_else(|| panic!("no service {service}: {status}{}", self.scene().tails()))
    }

    /// Somebody connects by telnet, and has the first screen before them.
    pub(crate) fn stranger(&self) -> Telnet {
        let mut stranger = Telnet::connect(self.address("telnet"), self.scene());
        stranger.expect("hangs up.");
        stranger.rest();
        stranger
    }

    /// Somebody makes an account, and stands in the meadow.
    pub(crate) fn player(&self, name: &str) -> Telnet {
        let mut player = self.stranger();
        player.register(name);
        player.log_in(name, PASSWORD);
        // Whoever comes for the first time is told something more.
        player.ask("idle");
        player
    }

    /// A browser connects, and has the first screen before it.
    pub(crate) fn browser(&self) -> Websocket {
        let mut browser = Websocket::connect(self.address("web"), self.scene());
        browser.expect("hangs up.");
        browser
    }

    /// Its log may tell of panics.
    pub(crate) fn that_may_panic(mut self) -> Game {
        self.may_panic = true;
        self
    }

    /// Where its logs are.
    pub(crate) fn scene(&self) -> Scene {
        Scene::new(&self.folder())
    }

    /// Every file of it that can be read, with what is in it.
    pub(crate) fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        ["", "data", "logs", "run"].iter().flat_map(|part| files_in(&self.folder().join(part))).collect()
    }

    /// Processes that were started for it and have not ended, each with its command line.
    pub(crate) fn processes(&self) -> Vec<(u32, String)> {
        processes_of(&self.folder())
    }

    /// Its Server processes.
    pub(crate) fn servers(&self) -> Vec<u32> {
        let is_server = |line: &String| line.split_whitespace().nth(1) == Some("server");
        self.processes().into_iter().filter(|(_, line)| is_server(line)).map(|(pid, _)| pid).collect()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = match &self.made {
            Some(made) => made.program(),
            // Not in the folder of the crate, where a reload would build first.
            None => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_meadow"));
                command.current_dir(self.root.path());
                command
            }
        };
        command.args(args).arg("--dir").arg(self.folder());
        // Whoever runs the tests may have a game of their own.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MEADOW_"))
        {
            command.env_remove(name);
        }
        for setting in &self.settings {
            command.args(["--set", setting]);
        }
        command
    }

    /// What is true of every game, however it was used.
    fn check_logs(&self) {
        for (path, content) in self.scene().files() {
            let text = String::from_utf8_lossy(&content);
            assert!(!text.contains(PASSWORD), "{} holds a password:\n{text}", path.display());
            let is_calm = self.may_panic || !text.contains("panicked at");
            assert!(is_calm, "something panicked:{}", self.scene().tails());
        }
    }
}

impl Drop for Game {
    fn drop(&mut self) {
        // The Portal first, or it starts another Server.
        let mut left = self.processes();
        left.sort_by_key(|(_, line)| line.contains(" server "));
        left.iter().for_each(|(pid, _)| signal("KILL", *pid));
        if !thread::panicking() {
            wait_until("all processes of the game have ended", || self.processes().is_empty());
            self.check_logs();
        }
    }
}

/// How a command of `meadow` ended.
#[derive(Debug)]
pub(crate) struct Done {
    /// Its exit code; -1 for one that a signal ended.
    pub(crate) code: i32,
    /// Its standard output.
    pub(crate) out: String,
    /// Its standard error.
    pub(crate) err: String,
}

impl Done {
    pub(super) fn new(output: &Output) -> Done {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Done {
            code: output.status.code().unwrap_or(-1),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

/// A game that runs in the foreground; [`Game`] clears it away.
pub(crate) struct Foreground {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Foreground {
    /// Waits for a text on its standard output; returns what came before and with it.
    pub(crate) fn expect(&self, text: &str) -> String {
        let mut read = String::new();
        while !read.contains(text) {
            match self.lines.recv_timeout(LIMIT) {
                Ok(line) => read.push_str(&line),
                Err(_) => panic!("it did not print {text:?}, only:\n{read}"),
            }
        }
        read
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub(crate) fn end(self) -> Done {
        let pid = self.pid();
        let (send, ended) = mpsc::channel();
        thread::spawn(move || send.send(self.child.wait_with_output()));
        let output = ended.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("pid {pid} did not end"));
        Done::new(&output.expect("its output can be read"))
    }
}
