//! `db check`, `backup`, `restore`, `export`, `import`: a game's database as a whole.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use meadow_server::{
    ServerConfig,
    upkeep::{self, Existing, Report},
};
use meadow_world::{Finding, Fix};
use serde_json::{Value, json};

use super::{Launcher, say};

/// What the command line calls standard output.
const STDOUT: &str = "-";

impl Launcher {
    pub(super) fn check(&self, fix: bool, json: bool) -> anyhow::Result<ExitCode> {
        let config = self.database()?;
        let report = if fix {
            self.must_be_stopped()?;
            let _lock = self.folder.lock()?;
            upkeep::mend(&config, self.game.setup, &self.backups())?
        } else {
            upkeep::check(&config, self.game.setup)?
        };
        if json {
            say(as_json(&report));
        } else {
            lines(&report).iter().for_each(say);
        }
        Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    pub(super) fn backup(&self, file: Option<&Path>, force: bool) -> anyhow::Result<ExitCode> {
        let config = self.database()?;
        let made = match file {
            Some(file) => {
                upkeep::backup(&config, file, existing(force))?;
                file.to_owned()
            }
            None => upkeep::backup_into(&config, &self.backups())?,
        };
        say(format_args!("Made {}.", made.display()));
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn restore(&self, file: &Path) -> anyhow::Result<ExitCode> {
        self.must_be_stopped()?;
        let config = self.prepare()?;
        let _lock = self.folder.lock()?;
        let kept = upkeep::restore(&self.server_config(&config), file)?;
        say(format_args!("Restored {}.", file.display()));
        say_kept(kept);
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn export(&self, file: &Path, force: bool) -> anyhow::Result<ExitCode> {
        let config = self.database()?;
        if file == Path::new(STDOUT) {
            let mut out = io::stdout().lock();
            upkeep::export_to(&config, &mut out)
                .and_then(|()| Ok(out.flush()?))
                .context("the export is not whole")?;
            return Ok(ExitCode::SUCCESS);
        }
        upkeep::export(&config, file, existing(force))?;
        say(format_args!("Made {}.", file.display()));
        Ok(ExitCode::SUCCESS)
    }

    pub(super) fn import(&self, file: &Path, replace: bool) -> anyhow::Result<ExitCode> {
        self.must_be_stopped()?;
        let config = self.prepare()?;
        let _lock = self.folder.lock()?;
        let (kept, rows) = upkeep::import(&self.server_config(&config), file, existing(replace))?;
        say(format_args!("Imported {rows} rows from {}.", file.display()));
        say_kept(kept);
        Ok(ExitCode::SUCCESS)
    }

    fn database(&self) -> anyhow::Result<ServerConfig> {
        Ok(self.server_config(&self.settings()?.config()?))
    }

    pub(super) fn backups(&self) -> PathBuf {
        self.folder.root().join("backups")
    }
}

fn existing(replace: bool) -> Existing {
    if replace { Existing::Replace } else { Existing::Keep }
}

fn say_kept(kept: Option<PathBuf>) {
    if let Some(kept) = kept {
        say(format_args!("The database that was there is {} now.", kept.display()));
    }
}

/// A line each: what was mended, what is to be done, and how much was looked at.
fn lines(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(backup) = &report.backup {
        lines.push(format!("Made {} first.", backup.display()));
    }
    let mended = report.mended.iter().map(|finding| (finding, "Mended: "));
    for (finding, lead) in mended.chain(report.findings.iter().map(|finding| (finding, ""))) {
        let fix = match &finding.fix {
            Fix::Safe(fixed) if lead.is_empty() => format!("With --fix: {fixed}."),
            Fix::Safe(fixed) => format!("Now {fixed}."),
            Fix::ByHand(what) => format!("By hand: {what}."),
        };
        let line = format!("{lead}{}: {}. {fix}", place(finding), finding.what);
        // A line each, whatever the rows are called.
        lines.push(line.replace(char::is_control, " "));
    }
    let [objects, accounts, records] = report.counts;
    let found = match report.findings.len() {
        0 => "nothing is wrong".to_owned(),
        1 => "1 thing is wrong".to_owned(),
        many => format!("{many} things are wrong"),
    };
    lines.push(format!("{objects} objects, {accounts} accounts and {records} records: {found}."));
    lines
}

fn place(finding: &Finding) -> String {
    let named = if finding.name.is_empty() { String::new() } else { format!(" ({})", finding.name) };
    let place = format!("{} {}", finding.table, finding.id);
    format!("{}{named}", place.trim_end())
}

fn as_json(report: &Report) -> Value {
    let list = |findings: &[Finding]| -> Vec<Value> {
        let finding = |finding: &Finding| {
            let (safe, fix) = match &finding.fix {
                Fix::Safe(fix) => (true, fix),
                Fix::ByHand(fix) => (false, fix),
            };
            json!({
                "table": finding.table, "id": finding.id, "name": finding.name, "what": finding.what,
                "safe": safe, "fix": fix,
            })
        };
        findings.iter().map(finding).collect()
    };
    let [objects, accounts, records] = report.counts;
    json!({
        "findings": list(&report.findings), "mended": list(&report.mended), "backup": report.backup,
        "objects": objects, "accounts": accounts, "records": records,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line_that_says_what_where_and_the_fix() {
        let finding = |fix| Finding {
            table: "objects",
            id: "7".into(),
            name: "a\nrose".into(),
            what: "its home is #9, which is no more".into(),
            fix,
        };
        let mut report = Report { counts: [1, 2, 3], ..Report::default() };
        assert_eq!(lines(&report), ["1 objects, 2 accounts and 3 records: nothing is wrong."]);
        report.findings =
            vec![finding(Fix::Safe("it has no home".into())), finding(Fix::ByHand("do something".into()))];
        report.mended = vec![finding(Fix::Safe("it has no home".into()))];
        report.backup = Some("b.db".into());
        assert_eq!(
            lines(&report),
            [
                "Made b.db first.",
                "Mended: objects 7 (a rose): its home is #9, which is no more. Now it has no home.",
                "objects 7 (a rose): its home is #9, which is no more. With --fix: it has no home.",
                "objects 7 (a rose): its home is #9, which is no more. By hand: do something.",
                "1 objects, 2 accounts and 3 records: 2 things are wrong.",
            ]
        );
        assert_eq!(as_json(&report)["findings"][1]["safe"], false);
    }
}
