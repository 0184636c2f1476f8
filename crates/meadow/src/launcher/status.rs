//! `status`: what runs, where it listens, how many are connected.

use std::{fmt::Write as _, io::IsTerminal, process::ExitCode};

use meadow_link::Kwargs;
use serde_json::{Value, json};

use super::{EXIT_STOPPED, Launcher, client::Client, say, sessions::listing};
use crate::{config::Color, logging::use_color};

/// What the Portal tells of a running game, as it tells it.
#[derive(Debug, Clone, Default)]
pub(super) struct GameStatus(pub(super) Kwargs);

impl GameStatus {
    /// The Portal's process.
    pub(super) fn portal_pid(&self) -> Option<i32> {
        pid(self.0.get("portal"))
    }

    /// The Server's process.
    pub(super) fn server_pid(&self) -> Option<i32> {
        pid(self.0.get("server"))
    }

    /// Whether it runs where whoever started it waits for its end: at a terminal, or under a supervisor.
    pub(super) fn is_in_foreground(&self) -> bool {
        self.0.get("foreground").and_then(Value::as_bool).unwrap_or_default()
    }

    /// Name and real address of each service that is on.
    pub(super) fn services(&self) -> Vec<(String, String)> {
        let on = self.service_list().filter(|service| word(service, "state") == "on");
        on.map(|service| (word(service, "name").to_owned(), word(service, "address").to_owned())).collect()
    }

    fn service_list(&self) -> impl Iterator<Item = &Value> {
        self.0.get("services").and_then(Value::as_array).into_iter().flatten()
    }

    /// For a person: aligned, one thing a line.
    fn table(&self, game: &str, folder: &str, colored: bool) -> String {
        let (portal, server) = (&self.0["portal"], &self.0["server"]);
        let bold = |text: &str| embolden(text, colored);
        let mut text = format!(
            "{} {} has been running for {}.\n\n",
            bold(game),
            word_of(self.0.get("version")),
            span(seconds(self.0.get("uptime")))
        );
        let _ = writeln!(text, "  portal    pid {}", pid_text(portal));
        let restarts = match server.get("restarts").and_then(Value::as_u64).unwrap_or(0) {
            0 => String::new(),
            1 => ", started again once after a crash".to_owned(),
            times => format!(", started again {times} times after crashes"),
        };
        let _ = writeln!(text, "  server    pid {}, {}{restarts}", pid_text(server), word(server, "state"));
        let _ = writeln!(text, "  sessions  {}", self.0.get("sessions").and_then(Value::as_u64).unwrap_or(0));
        let _ = writeln!(text, "  folder    {folder}\n");
        let rows: Vec<[&str; 4]> = self
            .service_list()
            .map(|service| ["name", "kind", "address", "state"].map(|key| word(service, key)))
            .collect();
        text += &columns(&["SERVICE", "KIND", "ADDRESS", "STATE"], &rows, bold);
        let keys = self.0.get("ssh_host_keys").and_then(Value::as_array).into_iter().flatten();
        for (at, key) in keys.filter_map(Value::as_str).enumerate() {
            let lead = if at == 0 { "\n  Keys that SSH clients are shown:\n" } else { "" };
            let _ = writeln!(text, "{lead}  {key}");
        }
        text
    }
}

impl Launcher {
    pub(super) fn status(&self, json: bool, with_sessions: bool) -> anyhow::Result<ExitCode> {
        let folder = self.folder.root().display().to_string();
        let Some(mut client) = Client::connect(&self.folder.link_socket())? else {
            return Ok(self.status_of_stopped(json, &folder));
        };
        let mut status = client.status()?;
        let sessions = if with_sessions { client.sessions()? } else { Vec::new() };
        if json {
            if with_sessions {
                status.0.insert("session_list".into(), sessions.into());
            }
            status.0.insert("running".into(), true.into());
            status.0.insert("dir".into(), folder.into());
            say(Value::Object(status.0));
        } else {
            let game = status.0.get("game").and_then(Value::as_str).unwrap_or(&self.game.name);
            let colored = use_color(Color::Auto, std::io::stdout().is_terminal());
            let bold = |text: &str| embolden(text, colored);
            let table = status.table(game, &folder, colored);
            say(format!("{table}\n{}", listing(&sessions, bold)).trim_end());
        }
        Ok(ExitCode::SUCCESS)
    }

    fn status_of_stopped(&self, json: bool, folder: &str) -> ExitCode {
        if json {
            say(json!({
                "running": false, "portal": null, "server": null, "services": [], "sessions": 0,
                "uptime": 0, "version": self.game.version, "game": self.game.name, "dir": folder,
            }));
        } else if self.folder.is_locked() {
            say(format_args!("{} is just being started or stopped in {folder}.", self.game.name));
        } else {
            say(format_args!("{}.", self.stopped_sentence()));
        }
        ExitCode::from(EXIT_STOPPED)
    }
}

fn embolden(text: &str, colored: bool) -> String {
    if colored { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

fn pid(process: Option<&Value>) -> Option<i32> {
    process?.get("pid")?.as_i64().and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 0)
}

fn pid_text(process: &Value) -> String {
    pid(Some(process)).map_or_else(|| "-".to_owned(), |pid| pid.to_string())
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    word_of(value.get(key))
}

fn word_of(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or("-")
}

fn seconds(value: Option<&Value>) -> u64 {
    value.and_then(Value::as_f64).unwrap_or(0.0) as u64
}

/// A time span in its two largest units: `3 d 4 h`.
pub(super) fn span(seconds: u64) -> String {
    let units = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)];
    let first = units.iter().position(|(_, length)| seconds >= *length).unwrap_or(units.len() - 1);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (name, length) in units.iter().skip(first).take(2) {
        if parts.is_empty() || rest >= *length {
            parts.push(format!("{} {name}", rest / length));
        }
        rest %= length;
    }
    parts.join(" ")
}

/// Aligned columns under a heading.
fn columns(heading: &[&str; 4], rows: &[[&str; 4]], bold: impl Fn(&str) -> String) -> String {
    let width = |column: usize| {
        let cells = rows.iter().chain([heading]).map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let line = |row: &[&str; 4]| {
        let cells = row.iter().enumerate().map(|(column, cell)| format!("{cell:<0$}", width(column)));
        format!("  {}", cells.collect::<Vec<_>>().join("   ")).trim_end().to_owned()
    };
    let mut text = bold(&line(heading)) + "\n";
    for row in rows {
        text.push_str(&line(row));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status() -> GameStatus {
        let status = json!({
            "running": true, "portal": {"pid": 11, "uptime": 90.5},
            "server": {"pid": 12, "state": "ready", "restarts": 2},
            "services": [
                {"name": "telnet", "kind": "tcp", "address": "127.0.0.1:4000", "state": "on"},
                {"name": "web", "kind": "http", "address": "127.0.0.1:4001", "state": "off"},
            ],
            "sessions": 3, "uptime": 90.5, "version": "0.1.0",
        });
        GameStatus(status.as_object().unwrap().clone())
    }

    #[test]
    fn the_table_is_aligned_and_plain_without_a_terminal() {
        let want = "\
A Meadow 0.1.0 has been running for 1 min 30 s.

  portal    pid 11
  server    pid 12, ready, started again 2 times after crashes
  sessions  3
  folder    /games/a-meadow

  SERVICE   KIND   ADDRESS          STATE
  telnet    tcp    127.0.0.1:4000   on
  web       http   127.0.0.1:4001   off
";
        assert_eq!(status().table("A Meadow", "/games/a-meadow", false), want);
        assert!(status().table("A Meadow", "/games/a-meadow", true).contains('\x1b'));
        let mut status = status();
        status.0.insert("ssh_host_keys".into(), json!(["SHA256:a (ssh-ed25519)", "SHA256:b (ssh-rsa)"]));
        let keys = "\n  Keys that SSH clients are shown:\n  SHA256:a (ssh-ed25519)\n  SHA256:b (ssh-rsa)\n";
        assert_eq!(status.table("A Meadow", "/games/a-meadow", false), format!("{want}{keys}"));
    }

    #[test]
    fn pids_and_services_are_found() {
        let mut status = status();
        assert_eq!((status.portal_pid(), status.server_pid()), (Some(11), Some(12)));
        assert_eq!(status.services(), [("telnet".to_owned(), "127.0.0.1:4000".to_owned())]);
        status.0["server"] = json!({"pid": null, "state": "starting"});
        assert_eq!(status.server_pid(), None);
        assert!(status.table("x", "y", false).contains("pid -, starting\n"));
    }

    #[test]
    fn spans() {
        for (seconds, want) in
            [(0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (3661, "1 h 1 min"), (90_000, "1 d 1 h")]
        {
            assert_eq!(span(seconds), want);
        }
    }
}
