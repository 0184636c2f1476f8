//! Clients that other people wrote: programs that are started and driven, where they are installed.

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc,
    thread,
    time::Instant,
};

use super::{LIMIT, Scene, signal};

/// Where programs lie that Debian takes for games.
const GAMES: &str = "/usr/games";

/// A program, if it is installed. In CI it must be; elsewhere the test says that it tests nothing.
#[expect(clippy::print_stderr, reason = "what is not tested is to be seen")]
pub(crate) fn installed(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    folders.push(GAMES.into());
    let found = folders.into_iter().map(|folder| folder.join(program)).find(|path| path.is_file());
    assert!(found.is_some() || std::env::var_os("CI").is_none(), "{program} is not installed");
    if found.is_none() {
        eprintln!("NOT TESTED: {program} is not installed; .ci/run installs what the tests drive");
    }
    found
}

/// A program that runs. It ends with the value.
pub(crate) struct Program {
    child: Child,
    input: Option<ChildStdin>,
    output: mpsc::Receiver<Vec<u8>>,
    scene: Scene,
    /// What it has printed, without escape sequences.
    text: String,
    seen: usize,
    filter: Filter,
    /// All of it, escape sequences too, from where nobody has looked yet.
    raw: Vec<u8>,
}

impl Program {
    /// Starts a program; its input and output are the test's.
    pub(crate) fn start(mut command: Command, scene: Scene) -> Program {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let input = child.stdin.take();
        let mut from = child.stdout.take().expect("it was piped");
        let (send, output) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                let _ = send.send(buffer[..count].to_vec());
            }
        });
        let (text, filter, raw) = (String::new(), Filter::default(), Vec::new());
        Program { child, input, output, scene, text, seen: 0, filter, raw }
    }

    /// Starts a line of shell in a terminal of its own, 100 columns by 40 rows; `script` makes one.
    pub(crate) fn in_terminal(line: &str, home: &std::path::Path, scene: Scene) -> Program {
        let mut command = Command::new("script");
        command.args(["-qfec", &format!("stty cols 100 rows 40; exec {line}"), "/dev/null"]);
        command.env("TERM", "xterm-256color").env("HOME", home).current_dir(home);
        Program::start(command, scene)
    }

    /// Types.
    pub(crate) fn send(&mut self, text: &str) {
        let input = self.input.as_mut().expect("it was not ended");
        let sent = input.write_all(text.as_bytes()).and_then(|()| input.flush());
        sent.unwrap_or_else(|error| self.fail(&format!("it does not read: {error}")));
    }

    /// Waits until it has printed this; returns what came before and with it.
    pub(crate) fn expect(&mut self, want: &str) -> String {
        let start = Instant::now();
        loop {
            if let Some(at) = self.text[self.seen..].find(want) {
                let end = self.seen + at + want.len();
                let told = self.text[self.seen..end].to_owned();
                self.seen = end;
                return told;
            }
            self.read(start, want);
        }
    }

    /// Waits until it has printed this; returns what came before since the last time, escape sequences and all.
    pub(crate) fn expect_raw(&mut self, want: &str) -> String {
        let start = Instant::now();
        loop {
            if let Some(at) = self.raw.windows(want.len()).position(|part| part == want.as_bytes()) {
                let rest = self.raw.split_off(at + want.len());
                let told = std::mem::replace(&mut self.raw, rest);
                return String::from_utf8(told[..at].to_vec()).expect("it prints UTF-8");
            }
            self.read(start, want);
        }
    }

    /// All that it has printed so far.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Waits for its end, which must be a success.
    pub(crate) fn expect_success(mut self) {
        while let Ok(bytes) = self.output.recv_timeout(LIMIT) {
            self.text.push_str(&self.filter.text(&bytes));
        }
        let start = Instant::now();
        while self.child.try_wait().is_ok_and(|status| status.is_none()) && start.elapsed() < LIMIT {
            thread::sleep(super::LOOK_AGAIN);
        }
        let status = self.child.try_wait().expect("it is our child");
        assert!(status.is_some_and(|status| status.success()), "{status:?}: {}", self.text);
    }

    fn read(&mut self, start: Instant, want: &str) {
        match self.output.recv_timeout(LIMIT.saturating_sub(start.elapsed())) {
            Ok(bytes) => {
                self.text.push_str(&self.filter.text(&bytes));
                self.raw.extend(bytes);
            }
            Err(_) => self.fail(&format!("it did not print {want:?}")),
        }
    }

    fn fail(&self, why: &str) -> ! {
        panic!("{why}\n--- it printed ---\n{}\n--- end ---{}", self.text, self.scene.tails())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.input.take());
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            signal("KILL", self.child.id());
            let _ = self.child.wait();
        }
    }
}

/// Takes escape sequences out of what a terminal is sent (ECMA-48).
#[derive(Default)]
struct Filter {
    state: State,
    /// The beginning of a character that came in two pieces.
    half: Vec<u8>,
}

#[derive(Default, Clone, Copy)]
enum State {
    #[default]
    Text,
    Escape,
    Sequence,
    String,
}

impl Filter {
    fn text(&mut self, bytes: &[u8]) -> String {
        let mut text = std::mem::take(&mut self.half);
        for byte in bytes.iter().copied() {
            self.state = match (self.state, byte) {
                (State::Text | State::Sequence, 0x1b) => State::Escape,
                (State::Text, _) => {
                    text.push(byte);
                    State::Text
                }
                (State::Escape, b'[') => State::Sequence,
                (State::Escape, b']') => State::String,
                (State::Escape, _) => State::Text,
                (State::Sequence, 0x40..=0x7e) => State::Text,
                (State::String, 0x07 | 0x1b) => State::Text,
                (state, _) => state,
            };
        }
        let whole = match std::str::from_utf8(&text) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => text.len(),
        };
        self.half = text.split_off(whole);
        String::from_utf8_lossy(&text).into_owned()
    }
}
