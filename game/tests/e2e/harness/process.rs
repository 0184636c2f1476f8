//! Processes, by their id: whether they live, signals, and which of them belong to a game's folder.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Sends a signal, such as `KILL` or `INT`. The shell has `kill` built in, wherever these tests run.
pub(crate) fn signal(name: &str, pid: u32) {
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -{name} {pid}")])
        .stderr(Stdio::null())
        .status()
        .expect("sh runs");
    // It may have ended by itself in this moment.
    assert!(sent.success() || !is_alive(pid), "signal {name} cannot be sent to {pid}");
}

/// Somebody who waits for the word to kill a process, so that it is dead a moment after.
pub(crate) struct Killer(Child);

impl Killer {
    pub(crate) fn of(pid: u32) -> Killer {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("read word && kill -KILL {pid}")]).stdin(Stdio::piped());
        Killer(shell.spawn().expect("sh runs"))
    }

    /// Kills, and waits until it is done.
    pub(crate) fn kill(mut self) {
        let mut stdin = self.0.stdin.take().expect("it was piped");
        stdin.write_all(b"now\n").expect("it waits for the word");
        drop(stdin);
        assert!(self.0.wait().expect("it was started").success());
    }
}

/// Whether a process runs; one that has ended and only waits to be reaped does not.
pub(crate) fn is_alive(pid: u32) -> bool {
    command_lines().iter().any(|(known, _)| *known == pid)
}

/// The processes that were started for a folder, each with its command line.
pub(super) fn processes_of(folder: &Path) -> Vec<(u32, String)> {
    let folder = folder.display().to_string();
    command_lines().into_iter().filter(|(_, line)| line.contains(&folder)).collect()
}

fn command_lines() -> Vec<(u32, String)> {
    if Path::new("/proc/self/cmdline").exists() { from_proc() } else { from_ps() }
}

fn from_proc() -> Vec<(u32, String)> {
    let entries = fs::read_dir("/proc").expect("/proc can be read");
    let process = |entry: fs::DirEntry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read(entry.path().join("cmdline")).ok()?;
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        // Dead ones that nobody has reaped have no command line any more.
        (!line.trim().is_empty()).then_some((pid, line))
    };
    entries.filter_map(Result::ok).filter_map(process).collect()
}

fn from_ps() -> Vec<(u32, String)> {
    let listed = Command::new("ps").args(["-axo", "pid=,stat=,command="]).output().expect("ps runs");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let process = |line: &str| {
        let (pid, rest) = line.trim_start().split_once(' ')?;
        let (state, command) = rest.trim_start().split_once(' ')?;
        (!state.starts_with('Z')).then_some((pid.parse().ok()?, command.to_owned()))
    };
    listed.lines().filter_map(process).collect()
}
