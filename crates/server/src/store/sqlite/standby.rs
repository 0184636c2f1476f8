//! How a Server reads the database while another still writes to it, and then only what has changed.
//!
//! The one that gets ready puts a token of its own into the table `standby`; as long as any stands there, triggers note
//! which rows change, whoever changes them. SQLite lets one write at a time, so what was written before the token is part
//! of what is read after it, and all else is noted. When the other one has gone, the token says whether the notes are
//! those that were asked for. If it is another one or none, or if anybody has fallen in between, everything is read.

use std::path::Path;

use meadow_link::SessionId;
use meadow_world::{Batch, Snapshot, StoreError};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior};

use super::{
    super::{explain::Problem, migrations::MIGRATIONS},
    SqliteStore, account_row, connect, explain, object_row, read, record_row, rows, unsigned, version,
};

/// What [`SqliteStore::stand_by`] has asked for.
#[derive(Debug)]
pub struct Standby {
    token: i64,
}

impl SqliteStore {
    /// Reads what is stored, and has it noted what changes from then on, while another Server may have the database
    /// open. None: there is no database, or its schema is an older one.
    ///
    /// # Errors
    /// The database can't be read or written, or is of a newer version than this program.
    pub fn stand_by(path: &Path) -> Result<Option<(Snapshot, Standby)>, StoreError> {
        if !path.exists() {
            return Ok(None);
        }
        begin(path).map_err(|problem| explain(path, problem))
    }

    /// What has changed since: rows as they are now, numbers of those that are no more, and all of the world's own values
    /// and of the notes of inputs. None: nobody can say.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn since(&mut self, standby: &Standby) -> Result<Option<Batch>, StoreError> {
        changed(&mut self.connection, standby).map_err(|error| explain(&self.path, error))
    }
}

fn begin(path: &Path) -> Result<Option<(Snapshot, Standby)>, Problem> {
    let mut connection = connect(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if version(&connection, MIGRATIONS)? != MIGRATIONS.len() {
        return Ok(None);
    }
    // Checkpoints are the other one's.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    let standby = Standby { token: rand::random() };
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM standby", [])?;
    transaction.execute("DELETE FROM changed_rows", [])?;
    transaction.execute("INSERT INTO standby (token) VALUES (?1)", [standby.token])?;
    transaction.commit()?;
    Ok(Some((read(&mut connection)?, standby)))
}

fn changed(connection: &mut Connection, standby: &Standby) -> rusqlite::Result<Option<Batch>> {
    let transaction = connection.transaction()?;
    if token(&transaction)? != Some(standby.token) {
        return Ok(None);
    }
    let gone = |table: &str| {
        format!("SELECT id FROM changed_rows WHERE tbl = '{table}' AND id NOT IN (SELECT id FROM {table})")
    };
    let number = |row: &Row<'_>| unsigned(row, 0);
    let objects =
        format!("{} WHERE id IN (SELECT id FROM changed_rows WHERE tbl = 'objects')", super::OBJECTS);
    let accounts =
        format!("{} WHERE id IN (SELECT id FROM changed_rows WHERE tbl = 'accounts')", super::ACCOUNTS);
    let records = "SELECT row.kind, row.id, row.key, row.data FROM changed_rows AS changed \
                   JOIN records AS row ON row.kind = changed.kind AND row.id = changed.id \
                   WHERE changed.tbl = 'records'";
    let no_records = "SELECT kind, id FROM changed_rows AS changed WHERE tbl = 'records' AND NOT EXISTS \
                      (SELECT 1 FROM records AS row WHERE row.kind = changed.kind AND row.id = changed.id)";
    Ok(Some(Batch {
        objects: rows(&transaction, &objects, object_row)?,
        deleted_objects: rows(&transaction, &gone("objects"), number)?,
        accounts: rows(&transaction, &accounts, account_row)?,
        deleted_accounts: rows(&transaction, &gone("accounts"), number)?,
        records: rows(&transaction, records, record_row)?,
        deleted_records: rows(&transaction, no_records, |row| Ok((row.get(0)?, unsigned(row, 1)?)))?,
        config: rows(&transaction, super::CONFIG, |row| Ok((row.get(0)?, row.get(1)?)))?,
        applied: rows(&transaction, super::APPLIED, |row| {
            Ok((SessionId(unsigned(row, 0)?), unsigned(row, 1)?))
        })?,
        forgotten: Vec::new(),
    }))
}

/// The token that stands in the database, if there is one.
pub(super) fn token(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection.query_row("SELECT token FROM standby", [], |row| row.get(0)).optional()
}

/// Ends the notes that were asked for with a token, unless somebody else has asked for some since.
pub(super) fn forget(connection: &Connection, token: i64) -> rusqlite::Result<()> {
    if connection.execute("DELETE FROM standby WHERE token = ?1", [token])? > 0 {
        connection.execute("DELETE FROM changed_rows", [])?;
    }
    Ok(())
}
