//! `start` and `stop`: the game in the background, and the Portal process that `start` leaves there.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};

use anyhow::{Context as _, bail};
use meadow_link::{Kwargs, amp::Operation};
use meadow_portal::KEEP_SESSIONS;
use rustix::process::{Pid, Signal, kill_process, setsid, test_kill_process};

use super::{
    Launcher,
    client::Client,
    portal::{Ground, this_program},
    say, sentence, wait_until,
};
use crate::{
    config::Config,
    logging::{self, LogTarget},
};

/// What the Portal in the background writes on its standard output when players can connect.
const READY: &str = "ready";

/// How long a game may take to stop before it is killed.
const STOP_WAIT: Duration = Duration::from_secs(15);

/// The same, if it is to keep its sessions: its Server has 30 s to hand over what it knows of them.
const KEEP_WAIT: Duration = Duration::from_secs(45);

/// How long the Server may go on when its Portal was killed: it still commits what was done.
const ORPHAN_WAIT: Duration = Duration::from_secs(5);

/// How much of the end of a log is read for its last line, in bytes.
const LAST_LINE: usize = 4096;

/// How a game parts from its players.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parting {
    /// For good.
    Goodbye,
    /// It is started again at once: what browsers need to come back to their sessions is kept.
    Return,
}

/// How a game was ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Down {
    /// It did not run.
    Already,
    /// It stopped when it was asked to.
    InOrder,
    /// It had to be killed, after so long.
    Killed(Duration),
}

impl Parting {
    fn limit(self) -> Duration {
        match self {
            Parting::Goodbye => STOP_WAIT,
            Parting::Return => KEEP_WAIT,
        }
    }

    fn arguments(self) -> Kwargs {
        Kwargs::from_iter([(KEEP_SESSIONS.to_owned(), (self == Parting::Return).into())])
    }
}

impl Launcher {
    pub(super) fn start(&self) -> anyhow::Result<ExitCode> {
        self.must_be_stopped()?;
        let config = self.prepare()?;
        let services = self.start_portal(&config, &this_program()?)?;
        say(self.welcome(&config.game.name, &services));
        say(format_args!("`{}` stops it.", self.hint("stop")));
        Ok(ExitCode::SUCCESS)
    }

    /// Starts a program as the Portal, and waits until players can connect; gives back the services that are on.
    pub(super) fn start_portal(
        &self,
        config: &Config,
        program: &Path,
    ) -> anyhow::Result<Vec<(String, String)>> {
        let errors = self.folder.log("portal-start.log");
        let mut portal = self.spawn_portal(program, &errors)?;
        let mut line = String::new();
        if let Some(output) = portal.stdout.take() {
            BufReader::new(output).read_line(&mut line).context("cannot hear the Portal")?;
        }
        if line.trim() != READY {
            let ended = portal.wait().context("cannot wait for the Portal")?;
            let reason = last_line(&errors).unwrap_or_else(|| format!("its Portal ended with {ended}"));
            bail!("{} did not start: {reason}", config.game.name);
        }
        match Client::connect(&self.folder.link_socket())? {
            Some(mut client) => Ok(client.status()?.services()),
            None => {
                bail!("{} stopped again at once; see {}", config.game.name, self.folder.log("").display())
            }
        }
    }

    pub(super) fn stop(&self, parting: Parting) -> anyhow::Result<ExitCode> {
        match self.bring_down(parting)? {
            Down::Already => say(format_args!("{}.", self.stopped_sentence())),
            Down::InOrder => say(format_args!("{} has stopped.", self.game.name)),
            Down::Killed(limit) => {
                let seconds = limit.as_secs();
                say(format_args!("{} did not stop within {seconds} s and was killed.", self.game.name));
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Ends a game that runs, in order if it can, by force if it must.
    pub(super) fn bring_down(&self, parting: Parting) -> anyhow::Result<Down> {
        let client = Client::connect(&self.folder.link_socket())?;
        if client.is_none() && !self.folder.is_locked() {
            return Ok(Down::Already);
        }
        let portal = self.folder.portal_pid();
        let server = self.ask_to_stop(client, portal, parting);
        let limit = parting.limit();
        if wait_until(limit, || !self.folder.is_locked()) {
            return Ok(Down::InOrder);
        }
        let Some(portal) = portal.and_then(Pid::from_raw) else {
            bail!("the game does not stop, and its pid file in {} is gone", self.folder.run().display());
        };
        kill_process(portal, Signal::KILL).with_context(|| format!("cannot kill pid {portal}"))?;
        if let Some(server) = server.and_then(Pid::from_raw)
            && !wait_until(ORPHAN_WAIT, || test_kill_process(server).is_err())
        {
            let _ = kill_process(server, Signal::KILL);
        }
        wait_until(ORPHAN_WAIT, || !self.folder.is_locked());
        Ok(Down::Killed(limit))
    }

    /// Asks over the link, or by a signal where nobody answers; tells the Server's process.
    fn ask_to_stop(&self, client: Option<Client>, portal: Option<i32>, parting: Parting) -> Option<i32> {
        let mut server = None;
        let asked = client.is_some_and(|mut client| {
            server = client.status().ok().and_then(|status| status.server_pid());
            client.operate(Operation::Shutdown, parting.arguments(), STOP_WAIT).is_ok()
        });
        if !asked
            && self.folder.is_locked()
            && let Some(portal) = portal.and_then(Pid::from_raw)
        {
            let _ = kill_process(portal, Signal::TERM);
        }
        server
    }

    fn spawn_portal(&self, program: &Path, errors: &Path) -> anyhow::Result<Child> {
        let stderr = File::create(errors).with_context(|| format!("cannot write {}", errors.display()))?;
        Command::new(program)
            .args(self.process_args("portal"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .context("cannot start the Portal")
    }

    /// The process that [`Launcher::start`] leaves behind.
    pub(super) fn portal_in_background(&self) -> anyhow::Result<ExitCode> {
        // Fails only for one who leads a session already, and then there is nothing to leave.
        let _ = setsid();
        let config = self.prepare()?;
        // Here, so that the Portal finds the Server's last words in the file that it gave it.
        logging::put_aside_if_long(&self.folder.log("server.log"));
        self.start_log("portal", &config, &LogTarget::File(self.folder.log("portal.log")))?;
        let done = self.run_portal(&config, Ground::Background, |_| {
            // Whoever started this may have gone; the game goes on.
            let _ = writeln!(std::io::stdout(), "{READY}");
        });
        if let Err(error) = &done {
            tracing::error!("{}", sentence(error));
        }
        done
    }
}

/// The last line of a file that says something.
fn last_line(path: &Path) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    let end = String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(LAST_LINE)..]).into_owned();
    end.lines().map(str::trim).rfind(|line| !line.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_that_says_something() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portal-start.log");
        assert_eq!(last_line(&path), None);
        fs::write(&path, "\n \n").unwrap();
        assert_eq!(last_line(&path), None);
        fs::write(&path, "first\nthe port is taken\n\n").unwrap();
        assert_eq!(last_line(&path).as_deref(), Some("the port is taken"));
    }
}
