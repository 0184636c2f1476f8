//! What the launcher does to a game's database as a whole: check, backup, restore, export, import. The first two, and
//! export, may be done while the game runs.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use meadow_world::{Finding, Fix, Snapshot, Store, StoreError, WorldBuilder};

pub use crate::store::Existing;
use crate::{
    ServerConfig, ServerError, export,
    run::builder,
    store::{Part, SqliteStore, free_name, refuse_existing, stamp},
};

/// What a check has found.
#[derive(Debug, Default)]
pub struct Report {
    /// What is wrong. After [`mend`]: what still is.
    pub findings: Vec<Finding>,
    /// What was wrong, and has been mended.
    pub mended: Vec<Finding>,
    /// The backup that was made before anything was mended.
    pub backup: Option<PathBuf>,
    /// How many objects, accounts and records were looked at.
    pub counts: [usize; 3],
}

/// Looks through a game's database, whether or not the game runs, and changes nothing.
///
/// # Errors
/// There is no database, or it is not Meadow's or newer than this program.
pub fn check(config: &ServerConfig, setup: fn(&mut WorldBuilder)) -> Result<Report, ServerError> {
    let path = &config.database;
    let damage = SqliteStore::damage(path)?;
    let mut report =
        Report { findings: damage.iter().map(|line| damaged(line)).collect(), ..Report::default() };
    match SqliteStore::load_beside(path) {
        Ok(snapshot) => report.look(config, setup, snapshot).map(drop)?,
        // Whatever can't be read at all is damage.
        Err(error) => report.findings.push(damaged(&error.to_string())),
    }
    Ok(report)
}

/// As [`check`], and mends what can be mended safely, after a backup. The game must be stopped.
///
/// # Errors
/// As for [`check`]; the game runs, the database is damaged, or the backup can't be made.
pub fn mend(
    config: &ServerConfig,
    setup: fn(&mut WorldBuilder),
    backups: &Path,
) -> Result<Report, ServerError> {
    let path = &config.database;
    if let Some(damage) = SqliteStore::damage(path)?.first() {
        let damage = damaged(damage);
        return Err(StoreError(format!("{} is damaged: {}", path.display(), damage.what)).into());
    }
    let mut store = SqliteStore::open(path)?;
    let mut report = Report::default();
    let batch = report.look(config, setup, store.load()?)?;
    if batch.is_empty() {
        return Ok(report);
    }
    report.backup = Some(backup_into(config, backups)?);
    store.apply(&batch)?;
    report.mended = std::mem::take(&mut report.findings);
    report.mended.retain(|finding| matches!(finding.fix, Fix::Safe(_)));
    // What one fix has done may have been about another finding; what is left is what a new look finds.
    report.look(config, setup, store.load()?)?;
    Ok(report)
}

impl Report {
    fn look(
        &mut self,
        config: &ServerConfig,
        setup: fn(&mut WorldBuilder),
        snapshot: Snapshot,
    ) -> Result<meadow_world::Batch, ServerError> {
        self.counts = [snapshot.objects.len(), snapshot.accounts.len(), snapshot.records.len()];
        let checked = builder(config, setup).check(snapshot);
        self.findings.extend(checked.findings);
        Ok(checked.mended)
    }
}

fn damaged(what: &str) -> Finding {
    Finding {
        table: "database",
        id: String::new(),
        name: String::new(),
        what: what.to_owned(),
        fix: Fix::ByHand(
            "restore a backup, or save what can be read with `sqlite3 <file> .recover`".to_owned(),
        ),
    }
}

/// Copies a game's database, whether or not the game runs, to a file.
///
/// # Errors
/// As for [`SqliteStore::backup`].
pub fn backup(config: &ServerConfig, to: &Path, existing: Existing) -> Result<(), ServerError> {
    Ok(SqliteStore::backup(&config.database, to, existing)?)
}

/// Copies a game's database to a new file in a folder for backups, which is made if need be; gives back its name.
///
/// # Errors
/// As for [`SqliteStore::backup`], or the folder can't be made.
pub fn backup_into(config: &ServerConfig, folder: &Path) -> Result<PathBuf, ServerError> {
    make_private(folder).map_err(|error| {
        StoreError(format!("cannot make {} ({error}); name another place for the backup", folder.display()))
    })?;
    let name = config.database.file_stem().map(|name| name.to_string_lossy().into_owned());
    let stem = format!("{}-{}", name.unwrap_or_else(|| "meadow".to_owned()), stamp());
    let to = free_name(folder, &stem, ".db");
    backup(config, &to, Existing::Keep)?;
    Ok(to)
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Puts a backup in the place of a game's database; the game must be stopped. Gives back where the old database is now.
///
/// # Errors
/// As for [`SqliteStore::restore`].
pub fn restore(config: &ServerConfig, from: &Path) -> Result<Option<PathBuf>, ServerError> {
    Ok(SqliteStore::restore(&config.database, from)?)
}

/// Writes a game's world as lines of JSON, whether or not the game runs.
///
/// # Errors
/// The database can't be read, or `out` not be written.
pub fn export_to(config: &ServerConfig, out: &mut dyn Write) -> Result<(), ServerError> {
    let snapshot = load_beside(config)?;
    let mut out = BufWriter::new(out);
    export::write(&snapshot, &mut out).and_then(|()| out.flush()).map_err(ServerError::Io)
}

/// As [`export_to`], to a file that only its owner may read.
///
/// # Errors
/// As for [`export_to`]; nothing is left of the file then.
pub fn export(config: &ServerConfig, to: &Path, existing: Existing) -> Result<(), ServerError> {
    let snapshot = load_beside(config)?;
    refuse_existing(to, existing)?;
    let part = Part::beside(to)?;
    let write = || {
        let mut out = BufWriter::new(File::options().write(true).open(&part.path)?);
        export::write(&snapshot, &mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    };
    write().map_err(|error: io::Error| part.cannot(error))?;
    Ok(part.publish(existing)?)
}

fn load_beside(config: &ServerConfig) -> Result<Snapshot, ServerError> {
    if !config.database.exists() {
        return Err(StoreError(format!("there is no database {}", config.database.display())).into());
    }
    Ok(SqliteStore::load_beside(&config.database)?)
}

/// Makes a game's database of lines of JSON; the game must be stopped, and have no database or an empty one, unless the
/// old one may be put aside. Gives back where that is now, and how many rows there are.
///
/// # Errors
/// The file can't be read (the sentence names the line), the game has a world already, or the database can't be
/// replaced. All is as before then.
pub fn import(
    config: &ServerConfig,
    from: &Path,
    existing: Existing,
) -> Result<(Option<PathBuf>, usize), ServerError> {
    let refuse = |error: &dyn std::fmt::Display| {
        ServerError::Store(StoreError(format!("cannot import {}: {error}", from.display())))
    };
    let file = File::open(from).map_err(|error| refuse(&error))?;
    let rows = export::read(BufReader::new(file)).map_err(|error| refuse(&error))?;
    if existing == Existing::Keep && config.database.exists() {
        let Snapshot { objects, accounts, records, config: values, .. } =
            SqliteStore::load_beside(&config.database)?;
        if !(objects.is_empty() && accounts.is_empty() && records.is_empty() && values.is_empty()) {
            return Err(StoreError(format!(
                "the game has a world already, in {}; say --replace to put it aside",
                config.database.display()
            ))
            .into());
        }
    }
    let count = rows.objects.len() + rows.accounts.len() + rows.records.len() + rows.config.len();
    Ok((SqliteStore::replace(&config.database, rows)?, count))
}
