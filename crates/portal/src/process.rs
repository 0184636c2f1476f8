//! The Server as a process: started, watched, ended. The supervisor owns at most two.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    process::{Child, Command},
    sync::oneshot,
};

use crate::{ServerCommand, ServerOutput};

/// How much of the end of a log is searched for the last line, in bytes.
const TAIL: u64 = 4096;
/// How long the last words of a process are waited for after its end.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// One Server process. It is killed when this is dropped.
pub(crate) struct ServerProcess {
    child: Child,
    pid: u32,
    words: Words,
}

/// Where the last line that a process wrote can be found.
enum Words {
    Piped { last: Arc<Mutex<String>>, end: oneshot::Receiver<()> },
    Logged { path: PathBuf, from: u64 },
}

impl ServerProcess {
    /// Starts it.
    ///
    /// # Errors
    /// One sentence that says why not.
    pub(crate) fn spawn(command: &ServerCommand) -> Result<ServerProcess, String> {
        let mut started = Command::new(&command.program);
        started.args(&command.args).envs(command.env.iter().map(|(key, value)| (key, value)));
        started.stdin(Stdio::null()).process_group(0).kill_on_drop(true);
        let words = match &command.output {
            ServerOutput::Inherit => {
                let (reader, writer) = io::pipe().map_err(|error| format!("no pipe for its log: {error}"))?;
                started.stderr(writer);
                copy_to_stderr(reader)
            }
            ServerOutput::File(path) => {
                let logged = |error| format!("its log {} cannot be written: {error}", path.display());
                let file = OpenOptions::new().create(true).append(true).open(path).map_err(logged)?;
                let from = file.metadata().map_err(logged)?.len();
                started.stdout(file.try_clone().map_err(logged)?).stderr(file);
                Words::Logged { path: path.clone(), from }
            }
        };
        let program = command.program.display();
        let child = started.spawn().map_err(|error| format!("{program} cannot be run: {error}"))?;
        let pid = child.id().unwrap_or_default();
        Ok(ServerProcess { child, pid, words })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// Waits for its end. May be given up and called again.
    pub(crate) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends it by force if it has not ended, and waits until it is gone. Its own children go with it.
    pub(crate) async fn kill(&mut self) {
        let group = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        if let (Ok(None), Some(group)) = (self.child.try_wait(), group) {
            // Fails only if it has ended in this very moment.
            let _ = kill_process_group(group, Signal::KILL);
        }
        // Fails only if it is gone already.
        let _ = self.child.kill().await;
    }

    /// How it ended and what it said last, as one clause.
    pub(crate) async fn obituary(&mut self) -> String {
        let ended = match self.child.try_wait() {
            Ok(Some(status)) => format!("it ended with {status}"),
            _ => "it is gone".to_owned(),
        };
        match self.last_words().await {
            Some(line) => format!("{ended}: {line}"),
            None => ended,
        }
    }

    async fn last_words(&mut self) -> Option<String> {
        let line = match &mut self.words {
            Words::Piped { last, end } => {
                if !end.is_terminated() {
                    let _ = tokio::time::timeout(LAST_WORDS, end).await;
                }
                last.lock().unwrap_or_else(PoisonError::into_inner).clone()
            }
            Words::Logged { path, from } => last_line_of(path, *from).unwrap_or_default(),
        };
        (!line.is_empty()).then_some(line)
    }
}

/// Begins the line with which a Server says why it ends (ASCII's record separator). The Portal quotes it where it
/// tells of the end, and does not show it as well.
pub const FAREWELL: char = '\u{1e}';

/// Copies lines to this process's stderr and remembers the last, on a thread of its own because stderr
/// may block.
fn copy_to_stderr(reader: io::PipeReader) -> Words {
    let last = Arc::new(Mutex::new(String::new()));
    let (done, end) = oneshot::channel();
    let remembered = Arc::clone(&last);
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        let mut line = Vec::new();
        while matches!(reader.by_ref().take(TAIL).read_until(b'\n', &mut line), Ok(1..)) {
            if !line.starts_with(FAREWELL.to_string().as_bytes()) {
                let _ = io::stderr().write_all(&line);
            }
            if let Some(said) = significant(&String::from_utf8_lossy(&line)) {
                *remembered.lock().unwrap_or_else(PoisonError::into_inner) = said;
            }
            line.clear();
        }
        let _ = done.send(());
    });
    Words::Piped { last, end }
}

/// The last significant line of a file after the byte `from`.
fn last_line_of(path: &PathBuf, from: u64) -> io::Result<String> {
    let mut file = File::open(path)?;
    let start = file.metadata()?.len().saturating_sub(TAIL).max(from);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    Ok(String::from_utf8_lossy(&tail).lines().rev().find_map(significant).unwrap_or_default())
}

/// A line without colours and blanks around it, unless it says nothing.
fn significant(line: &str) -> Option<String> {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            // A terminal's sequence (ECMA-48, 5.4) ends with its first letter.
            '\x1b' => while chars.next().is_some_and(|inner| !inner.is_ascii_alphabetic()) {},
            char if char.is_control() => plain.push(' '),
            char => plain.push(char),
        }
    }
    let plain = plain.trim();
    // The hint after a panic's message is not what went wrong.
    (!plain.is_empty() && !plain.starts_with("note: ")).then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, output: ServerOutput) -> ServerProcess {
        let args = vec!["-c".into(), script.into()];
        let command = ServerCommand { program: "/bin/sh".into(), args, env: Vec::new(), output };
        ServerProcess::spawn(&command).expect("a shell")
    }

    #[tokio::test]
    async fn the_last_line_of_stderr_is_quoted() {
        let mut process = shell(
            "echo first >&2; printf '\\033[31mdisk full\\033[0m\\n\\nnote: hint\\n' >&2; exit 3",
            ServerOutput::Inherit,
        );
        process.ended().await.expect("ended");
        assert_eq!(process.obituary().await, "it ended with exit status: 3: disk full");
    }

    #[tokio::test]
    async fn the_last_line_of_its_own_log_is_quoted_and_no_older_one() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("server.log");
        std::fs::write(&path, "an older line\n").expect("written");
        let mut silent = shell("exit 1", ServerOutput::File(path.clone()));
        silent.ended().await.expect("ended");
        assert_eq!(silent.obituary().await, "it ended with exit status: 1");
        let mut spoken = shell("echo no such world", ServerOutput::File(path));
        spoken.ended().await.expect("ended");
        assert_eq!(spoken.obituary().await, "it ended with exit status: 0: no such world");
    }

    #[tokio::test]
    async fn a_process_that_does_not_end_is_killed() {
        let mut process = shell("sleep 1000; true", ServerOutput::Inherit);
        // The shell waits for a child of its own, which holds the pipe of its log as well.
        process.kill().await;
        let Words::Piped { end, .. } = &mut process.words else { panic!("no pipe") };
        assert!(end.await.is_ok(), "nobody of the group is left");
        assert!(process.obituary().await.contains("signal: 9"));
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_named() {
        let output = ServerOutput::Inherit;
        let command = ServerCommand { program: "/no/such".into(), args: Vec::new(), env: Vec::new(), output };
        let why = ServerProcess::spawn(&command).err().expect("an error");
        assert!(why.starts_with("/no/such cannot be run"), "{why}");
    }
}
