//! Whole databases as files: copies of one that may be in use, one put in the place of another, and what SQLite itself
//! finds wrong with one. `upkeep` asks for it.
//!
//! A file comes to its name when it is whole and on the disk, so that nothing half-made is ever found under it.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use meadow_world::{Batch, Snapshot, StoreError};
use rusqlite::{
    Connection, ErrorCode, OpenFlags,
    backup::{Backup, StepResult},
};

use super::{
    super::{explain::Problem, lock::DatabaseLock, migrations::MIGRATIONS},
    SqliteStore, connect, create_private, explain, migrate, read_beside, real_path, version, write,
};

/// How often a copy is tried again while another program keeps the database to itself; each try waits for
/// [`super::BUSY_TIMEOUT`].
const TRIES: usize = 3;

/// Whether a file that is there already may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and the new one is refused.
    Keep,
    /// The new one takes its place.
    Replace,
}

impl SqliteStore {
    /// Copies a database, as of one moment, whether or not a Server has it open. The copy is one file that only its
    /// owner may read.
    ///
    /// # Errors
    /// The sentence names the file: there is no such database, it is damaged or not Meadow's, there is a file of that
    /// name already, or it can't be written. Nothing is left of the copy then.
    pub fn backup(path: &Path, copy: &Path, existing: Existing) -> Result<(), StoreError> {
        let from = open_there(path)?;
        version(&from, MIGRATIONS).map_err(|problem| explain(path, problem))?;
        refuse_existing(copy, existing)?;
        let part = Part::beside(copy)?;
        copy_into(path, &from, &part, |_| Ok(()))?;
        let damage = damage_of(&part.path).map_err(|problem| explain(path, problem))?;
        if let Some(damage) = damage.first() {
            return Err(StoreError(format!(
                "the database {} is damaged ({damage}), so that a backup of it is worth little; none was made",
                path.display()
            )));
        }
        part.publish(existing)
    }

    /// What SQLite finds wrong with a database, a sentence each; nothing, if all is well. Only reads.
    ///
    /// # Errors
    /// There is no such database, or it is not Meadow's or newer than this program.
    pub fn damage(path: &Path) -> Result<Vec<String>, StoreError> {
        let connection = open_there(path)?;
        version(&connection, MIGRATIONS).map_err(|problem| explain(path, problem))?;
        drop(connection);
        damage_of(path).map_err(|problem| explain(path, problem))
    }

    /// Puts a copy of another database in the place of this one; no Server may have it open. The old one is kept under
    /// the name that this gives back, if there was one. Notes of inputs are left out: they belong to connections that
    /// are no more.
    ///
    /// # Errors
    /// The other one is no database of Meadow's, is damaged or can't be read, or this one can't be replaced. All is as
    /// before then.
    pub fn restore(path: &Path, from: &Path) -> Result<Option<PathBuf>, StoreError> {
        let source = open_there(from)?;
        if fs::canonicalize(from).is_ok_and(|from| fs::canonicalize(path).is_ok_and(|path| path == from)) {
            return Err(StoreError(format!("{} is the game's database itself", from.display())));
        }
        read_beside(from, MIGRATIONS).map_err(|problem| explain(from, problem))?;
        if let Some(damage) = damage_of(from).map_err(|problem| explain(from, problem))?.first() {
            return Err(StoreError(format!(
                "{} is damaged ({damage}); restore another backup, or save what can be read with `sqlite3 <file> \
                 .recover`",
                from.display()
            )));
        }
        replace(path, |part| {
            copy_into(from, &source, part, |copy| copy.execute_batch("DELETE FROM applied_input"))
        })
    }

    /// Puts a new database of these rows in the place of this one, as [`SqliteStore::restore`] does. Notes of inputs
    /// are left out.
    ///
    /// # Errors
    /// The database can't be replaced; all is as before then.
    pub fn replace(path: &Path, rows: Snapshot) -> Result<Option<PathBuf>, StoreError> {
        let Snapshot { objects, accounts, records, config, applied: _ } = rows;
        let batch = Batch { objects, accounts, records, config, ..Batch::default() };
        replace(path, |part| {
            let fill = || {
                let mut connection = connect(&part.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                migrate(&mut connection, MIGRATIONS)?;
                Ok(write(&mut connection, &batch, None)?)
            };
            fill().map_err(|problem: Problem| explain(&part.target, problem))
        })
    }
}

/// The time, for names of files: `2026-01-31-235959`, in UTC.
pub(crate) fn stamp() -> String {
    let asked = Connection::open_in_memory().and_then(|sqlite| {
        sqlite.query_row("SELECT strftime('%Y-%m-%d-%H%M%S', 'now')", [], |row| row.get(0))
    });
    // A database in memory has nothing to fail with.
    asked.unwrap_or_else(|_| "undated".to_owned())
}

/// A name that nothing has yet: this one, or one with a number before its ending.
pub(crate) fn free_name(folder: &Path, stem: &str, ending: &str) -> PathBuf {
    let numbered = (2..).map(|number| format!("{stem}-{number}{ending}"));
    let mut names = std::iter::once(format!("{stem}{ending}")).chain(numbered).map(|name| folder.join(name));
    names.find(|name| !name.exists()).unwrap_or_else(|| folder.join(format!("{stem}{ending}")))
}

/// A file that is being made beside its name; it is gone when this is dropped before it was published.
pub(crate) struct Part {
    pub(crate) path: PathBuf,
    pub(crate) target: PathBuf,
}

impl Part {
    /// An empty one, which only its owner may read.
    pub(crate) fn beside(target: &Path) -> Result<Part, StoreError> {
        let mut name = target.as_os_str().to_owned();
        name.push(format!(".part-{}", std::process::id()));
        let part = Part { path: name.into(), target: target.to_owned() };
        // What is left of a process of this number that was killed.
        let _ = fs::remove_file(&part.path);
        create_private(&part.path).map_err(|error| part.cannot(error))?;
        Ok(part)
    }

    /// The sentence for whoever wanted the file.
    pub(crate) fn cannot(&self, error: impl std::fmt::Display) -> StoreError {
        StoreError(format!(
            "cannot write {} ({error}); nothing was left there: see that its folder exists, that you may write to it, \
             and that there is room on the disk",
            self.target.display()
        ))
    }

    /// Gives it its name, when it is on the disk.
    pub(crate) fn publish(self, existing: Existing) -> Result<(), StoreError> {
        let place = || {
            File::open(&self.path)?.sync_all()?;
            match existing {
                Existing::Replace => fs::rename(&self.path, &self.target)?,
                Existing::Keep => fs::hard_link(&self.path, &self.target)?,
            }
            sync_folder(&self.target)
        };
        place().map_err(|error: io::Error| match error.kind() {
            io::ErrorKind::AlreadyExists => already_there(&self.target),
            _ => self.cannot(error),
        })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(with(&self.path, ending));
        }
    }
}

pub(crate) fn refuse_existing(target: &Path, existing: Existing) -> Result<(), StoreError> {
    if existing == Existing::Keep && fs::symlink_metadata(target).is_ok() {
        return Err(already_there(target));
    }
    Ok(())
}

fn already_there(target: &Path) -> StoreError {
    StoreError(format!("there is a file {} already; choose another name, or say --force", target.display()))
}

fn open_there(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(StoreError(format!("there is no database {}", path.display())));
    }
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| explain(path, error))
}

/// Copies a database into a part, has something done to it, and leaves it as one file without a log.
fn copy_into(
    path: &Path,
    from: &Connection,
    part: &Part,
    change: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    let copy = || {
        let mut copy = connect(&part.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let mut done = StepResult::Busy;
        for _ in 0..TRIES {
            // All pages in one step, so that they are of one moment; writers don't wait for it.
            done = Backup::new(from, &mut copy)?.step(-1)?;
            if done == StepResult::Done {
                break;
            }
        }
        if done != StepResult::Done {
            let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
            return Err(rusqlite::Error::SqliteFailure(busy, None));
        }
        copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        change(&copy)
    };
    copy().map_err(|error| match error.sqlite_error_code() {
        Some(
            ErrorCode::NotADatabase
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked,
        ) => explain(path, error),
        _ => part.cannot(error),
    })
}

fn damage_of(path: &Path) -> Result<Vec<String>, Problem> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut asked = connection.prepare("PRAGMA integrity_check")?;
    let lines = asked.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// Puts a database that `fill` makes in the place of another.
fn replace(
    path: &Path,
    fill: impl FnOnce(&Part) -> Result<(), StoreError>,
) -> Result<Option<PathBuf>, StoreError> {
    let path = &real_path(path).map_err(|error| explain(path, error))?;
    let _lock = DatabaseLock::acquire(path, std::time::Duration::ZERO)?;
    let part = Part::beside(path)?;
    fill(&part)?;
    let kept =
        if path.exists() { Some(put_aside(path).map_err(|error| explain(path, error))?) } else { None };
    part.publish(Existing::Replace)?;
    Ok(kept)
}

/// Gives a database that nobody has open a second name. It keeps its first one, until another takes that.
fn put_aside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let kept = free_name(path.parent().unwrap_or(Path::new(".")), &format!("{name}.{}", stamp()), ".old");
    // What a Server that was killed has left in the log goes into the file. Where that fails, the database is damaged,
    // and its log goes along; first, since it must never stand beside another database.
    let folded = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|old| old.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)));
    if !matches!(folded, Ok(0)) && with(path, "-wal").exists() {
        fs::rename(with(path, "-wal"), with(&kept, "-wal"))?;
    }
    for ending in ["-wal", "-shm"] {
        if with(path, ending).exists() {
            fs::remove_file(with(path, ending))?;
        }
    }
    fs::hard_link(path, &kept)?;
    sync_folder(path)?;
    Ok(kept)
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Has the names in a folder written to the disk.
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}
