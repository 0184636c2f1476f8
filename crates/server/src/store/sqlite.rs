//! The embedded database: one SQLite file, no set-up. The Server opens it, unless the configuration names
//! another database.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use meadow_link::SessionId;
use meadow_world::{AccountRow, Batch, ObjectRow, RecordRow, Snapshot, Store, StoreError};
use rusqlite::{Connection, OpenFlags, Row, TransactionBehavior, backup::Backup, params};

use super::{
    checkpoint::{Checkpointer, WAL_SOFT_LIMIT},
    explain::{Problem, explain},
    lock::DatabaseLock,
    migrations::{MIGRATIONS, migrate, version},
};

/// How long a commit waits for another program, a sqlite3 shell perhaps, to end its transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

const OBJECTS: &str = "SELECT id, key, typeclass, location, home, destination, account, aliases, locks, tags, \
                       permissions, created, attributes FROM objects";
const ACCOUNTS: &str = "SELECT id, name, password, is_superuser, permissions, characters, last_puppet, created, \
                        last_login, attributes FROM accounts";
const CONFIG: &str = "SELECT key, value FROM config";
const APPLIED: &str = "SELECT session, input FROM applied_input";

/// A world in one SQLite file.
///
/// The file can be read with the sqlite3 shell while the game runs: a row is an object. Two Servers cannot
/// have it open at once (`<file>.lock`).
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    // Fields are dropped in this order. The connection must be the last one to close, because that is
    // when SQLite empties the log; and only then may another Server come.
    checkpointer: Checkpointer,
    connection: Connection,
    /// Of a Server that got ready to take the place of another: of this one, perhaps. Nobody needs its notes any more.
    stale: Option<i64>,
    _lock: DatabaseLock,
}

impl SqliteStore {
    /// Opens a database and brings its schema up to date; makes the file, and its folder, if need be.
    ///
    /// # Errors
    /// The sentence names the file and the way out: it cannot be written, another Server has it open, it is
    /// not a database or not Meadow's, it is of a newer version than this program.
    pub fn open(path: impl AsRef<Path>) -> Result<SqliteStore, StoreError> {
        SqliteStore::open_within(path, Duration::ZERO)
    }

    /// The same, but waits for up to `patience` for a Server that is about to end.
    ///
    /// # Errors
    /// As for [`SqliteStore::open`].
    pub fn open_within(path: impl AsRef<Path>, patience: Duration) -> Result<SqliteStore, StoreError> {
        let path = path.as_ref();
        let path = real_path(path).map_err(|error| explain(path, error))?;
        let lock = DatabaseLock::acquire(&path, patience)?;
        let opened = open_locked(&path, lock);
        opened.map_err(|problem| explain(&path, problem))
    }

    /// Reads what is stored while another Server still has the database open, for one that gets ready to
    /// take over. Changes nothing: an older schema is brought up to date in a copy.
    ///
    /// # Errors
    /// There is no such database, it cannot be read, or it is of a newer version than this program.
    pub fn load_beside(path: impl AsRef<Path>) -> Result<Snapshot, StoreError> {
        let path = path.as_ref();
        read_beside(path, MIGRATIONS).map_err(|problem| explain(path, problem))
    }
}

impl Store for SqliteStore {
    fn load(&mut self) -> Result<Snapshot, StoreError> {
        read(&mut self.connection).map_err(|error| explain(&self.path, error))
    }

    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
        write(&mut self.connection, batch, self.stale).map_err(|error| explain(&self.path, error))?;
        self.stale = None;
        self.checkpointer.after_commit(&self.connection);
        Ok(())
    }
}

/// One name for one file, whichever links lead to it: the lock lies beside it. Does not open the file,
/// because closing it again would drop the locks of a connection in this process.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    if let Ok(path) = fs::canonicalize(path) {
        return Ok(path);
    }
    let name = path.file_name().ok_or_else(|| io::Error::other("this is not the name of a file"))?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    Ok(fs::canonicalize(folder)?.join(name))
}

fn open_locked(path: &Path, lock: DatabaseLock) -> Result<SqliteStore, Problem> {
    create_private(path)?;
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    version(&connection, MIGRATIONS)?;
    // The mode is part of the file, so it is asked for only now that the file is known to be ours.
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "journal_size_limit", WAL_SOFT_LIMIT.cast_signed())?;
    migrate(&mut connection, MIGRATIONS)?;
    let checkpointer = Checkpointer::start(path, connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?)?;
    let stale = standby::token(&connection)?;
    Ok(SqliteStore { path: path.to_owned(), checkpointer, connection, stale, _lock: lock })
}

/// Makes the file if there is none. It holds password hashes, so nobody else may read it; SQLite gives its
/// other files the same mode.
fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        opened => opened.map(drop),
    }
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Rows of a batch come in any order, and the world keeps its own references whole.
    connection.pragma_update(None, "foreign_keys", false)?;
    Ok(connection)
}

fn read_beside(path: &Path, migrations: &[&str]) -> Result<Snapshot, Problem> {
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    if version(&connection, migrations)? == migrations.len() {
        return Ok(read(&mut connection)?);
    }
    let mut copy = Connection::open("")?;
    Backup::new(&connection, &mut copy)?.step(-1)?;
    migrate(&mut copy, migrations)?;
    Ok(read(&mut copy)?)
}

/// Reads everything, as of one moment.
fn read(connection: &mut Connection) -> rusqlite::Result<Snapshot> {
    let transaction = connection.transaction()?;
    Ok(Snapshot {
        objects: rows(&transaction, OBJECTS, object_row)?,
        accounts: rows(&transaction, ACCOUNTS, account_row)?,
        records: rows(&transaction, "SELECT kind, id, key, data FROM records", record_row)?,
        config: rows(&transaction, CONFIG, |row| Ok((row.get(0)?, row.get(1)?)))?,
        applied: rows(&transaction, APPLIED, |row| Ok((SessionId(unsigned(row, 0)?), unsigned(row, 1)?)))?,
    })
}

fn rows<T>(
    connection: &Connection,
    query: &str,
    parse: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare(query)?.query_map([], parse)?.collect()
}

fn object_row(row: &Row<'_>) -> rusqlite::Result<ObjectRow> {
    Ok(ObjectRow {
        id: unsigned(row, 0)?,
        key: row.get(1)?,
        typeclass: row.get(2)?,
        location: unsigned_or_none(row, 3)?,
        home: unsigned_or_none(row, 4)?,
        destination: unsigned_or_none(row, 5)?,
        account: unsigned_or_none(row, 6)?,
        aliases: row.get(7)?,
        locks: row.get(8)?,
        tags: row.get(9)?,
        permissions: row.get(10)?,
        created: unsigned(row, 11)?,
        attributes: row.get(12)?,
    })
}

fn account_row(row: &Row<'_>) -> rusqlite::Result<AccountRow> {
    Ok(AccountRow {
        id: unsigned(row, 0)?,
        name: row.get(1)?,
        password: row.get(2)?,
        is_superuser: row.get(3)?,
        permissions: row.get(4)?,
        characters: row.get(5)?,
        last_puppet: unsigned_or_none(row, 6)?,
        created: unsigned(row, 7)?,
        last_login: unsigned_or_none(row, 8)?,
        attributes: row.get(9)?,
    })
}

fn record_row(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    Ok(RecordRow { kind: row.get(0)?, id: unsigned(row, 1)?, key: row.get(2)?, data: row.get(3)? })
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

fn unsigned_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<u64>> {
    row.get::<_, Option<i64>>(column).map(|number| number.map(i64::cast_unsigned))
}

/// Stores a batch in one transaction, which is undone if anything in it fails. It takes the right to write
/// at once: one that only wants it after its first statement could be refused half-way.
fn write(connection: &mut Connection, batch: &Batch, stale: Option<i64>) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if let Some(token) = stale {
        standby::forget(&transaction, token)?;
    }
    write_objects(&transaction, batch)?;
    write_accounts(&transaction, batch)?;
    write_records(&transaction, batch)?;
    write_config(&transaction, batch)?;
    write_applied(&transaction, batch)?;
    transaction.commit()
}

fn write_objects(connection: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO objects (id, key, typeclass, location, home, destination, account, aliases, locks, tags, \
         permissions, created, attributes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
         ON CONFLICT (id) DO UPDATE SET key = excluded.key, typeclass = excluded.typeclass, \
         location = excluded.location, home = excluded.home, destination = excluded.destination, \
         account = excluded.account, aliases = excluded.aliases, locks = excluded.locks, \
         tags = excluded.tags, permissions = excluded.permissions, created = excluded.created, \
         attributes = excluded.attributes",
    )?;
    for row in &batch.objects {
        put.execute(params![
            row.id.cast_signed(),
            row.key,
            row.typeclass,
            row.location.map(u64::cast_signed),
            row.home.map(u64::cast_signed),
            row.destination.map(u64::cast_signed),
            row.account.map(u64::cast_signed),
            row.aliases,
            row.locks,
            row.tags,
            row.permissions,
            row.created.cast_signed(),
            row.attributes,
        ])?;
    }
    delete(connection, "DELETE FROM objects WHERE id = ?1", batch.deleted_objects.iter().copied())
}

fn write_accounts(connection: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO accounts (id, name, password, is_superuser, permissions, characters, last_puppet, created, \
         last_login, attributes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, password = excluded.password, \
         is_superuser = excluded.is_superuser, permissions = excluded.permissions, \
         characters = excluded.characters, last_puppet = excluded.last_puppet, created = excluded.created, \
         last_login = excluded.last_login, attributes = excluded.attributes",
    )?;
    for row in &batch.accounts {
        put.execute(params![
            row.id.cast_signed(),
            row.name,
            row.password,
            row.is_superuser,
            row.permissions,
            row.characters,
            row.last_puppet.map(u64::cast_signed),
            row.created.cast_signed(),
            row.last_login.map(u64::cast_signed),
            row.attributes,
        ])?;
    }
    delete(connection, "DELETE FROM accounts WHERE id = ?1", batch.deleted_accounts.iter().copied())
}

fn write_records(connection: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO records (kind, id, key, data) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (kind, id) DO UPDATE SET key = excluded.key, data = excluded.data",
    )?;
    for row in &batch.records {
        put.execute(params![row.kind, row.id.cast_signed(), row.key, row.data])?;
    }
    let mut delete = connection.prepare_cached("DELETE FROM records WHERE kind = ?1 AND id = ?2")?;
    for (kind, id) in &batch.deleted_records {
        delete.execute(params![kind, id.cast_signed()])?;
    }
    Ok(())
}

fn write_config(connection: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO config (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?;
    for (key, value) in &batch.config {
        put.execute(params![key, value])?;
    }
    Ok(())
}

fn write_applied(connection: &Connection, batch: &Batch) -> rusqlite::Result<()> {
    let mut put = connection.prepare_cached(
        "INSERT INTO applied_input (session, input) VALUES (?1, ?2) \
         ON CONFLICT (session) DO UPDATE SET input = excluded.input",
    )?;
    for (session, input) in &batch.applied {
        put.execute(params![session.0.cast_signed(), input.cast_signed()])?;
    }
    let forgotten = batch.forgotten.iter().map(|session| session.0);
    delete(connection, "DELETE FROM applied_input WHERE session = ?1", forgotten)
}

fn delete(
    connection: &Connection,
    statement: &str,
    numbers: impl Iterator<Item = u64>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(statement)?;
    for number in numbers {
        statement.execute([number.cast_signed()])?;
    }
    Ok(())
}

mod files;
mod standby;
pub use files::Existing;
pub(crate) use files::{Part, free_name, refuse_existing, stamp};
pub use standby::Standby;

#[cfg(test)]
mod tests;
