//! The tables of the embedded database, and how older ones become newer. [`super::SqliteStore`] runs this
//! whenever it opens a file.
//!
//! To change the schema: add one step at the end of [`MIGRATIONS`]. Steps that have been released are never
//! edited, because there are databases that have already taken them.

use rusqlite::{Connection, TransactionBehavior};

use super::explain::Problem;

/// Marks the file as Meadow's (`PRAGMA application_id`): the letters "MEAD".
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"MEAD");

/// Step `n` turns a database of version `n` into one of version `n + 1`; 0 is an empty file.
pub(super) const MIGRATIONS: &[&str] = &[VERSION_1, VERSION_2, VERSION_3];

/// One row is one object, for the eyes of an operator too. Times are microseconds since the Unix epoch.
/// Numbers are unsigned 64-bit ones in SQLite's signed columns, bit for bit.
const VERSION_1: &str = "
CREATE TABLE objects (
    id          INTEGER PRIMARY KEY,
    key         TEXT NOT NULL,
    typeclass   TEXT NOT NULL,
    location    INTEGER,
    home        INTEGER,
    destination INTEGER,
    account     INTEGER,
    aliases     TEXT NOT NULL,
    locks       TEXT NOT NULL,
    tags        TEXT NOT NULL,
    permissions TEXT NOT NULL,
    created     INTEGER NOT NULL,
    attributes  TEXT NOT NULL
) STRICT;
CREATE TABLE accounts (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    password     TEXT NOT NULL,
    is_superuser INTEGER NOT NULL,
    permissions  TEXT NOT NULL,
    characters   TEXT NOT NULL,
    last_puppet  INTEGER,
    created      INTEGER NOT NULL,
    last_login   INTEGER,
    attributes   TEXT NOT NULL
) STRICT;
CREATE TABLE config (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE applied_input (
    session INTEGER PRIMARY KEY,
    input   INTEGER NOT NULL
) STRICT;
CREATE VIEW readable_objects AS
    SELECT object.id, object.key, object.typeclass, place.key AS location, account.name AS account,
           datetime(object.created / 1000000, 'unixepoch') AS created, object.attributes
    FROM objects AS object
    LEFT JOIN objects AS place ON place.id = object.location
    LEFT JOIN accounts AS account ON account.id = object.account;
";

/// Whatever is kept besides objects and accounts; `kind` says what a row is.
const VERSION_2: &str = "
CREATE TABLE records (
    kind TEXT NOT NULL,
    id   INTEGER NOT NULL,
    key  TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
";

/// While a Server gets ready to take the place of another, its token stands in `standby`, and what changes is noted in
/// `changed_rows`: see `sqlite/standby.rs`.
const VERSION_3: &str = "
CREATE TABLE standby (
    token INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE changed_rows (
    tbl  TEXT NOT NULL,
    kind TEXT NOT NULL,
    id   INTEGER NOT NULL,
    PRIMARY KEY (tbl, kind, id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER objects_insert AFTER INSERT ON objects WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'objects', '', new.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'objects' AND kind = '' AND id = new.id);
END;
CREATE TRIGGER objects_delete AFTER DELETE ON objects WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'objects', '', old.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'objects' AND kind = '' AND id = old.id);
END;
CREATE TRIGGER objects_update AFTER UPDATE ON objects WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'objects', '', old.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'objects' AND kind = '' AND id = old.id);
    INSERT INTO changed_rows SELECT 'objects', '', new.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'objects' AND kind = '' AND id = new.id);
END;
CREATE TRIGGER accounts_insert AFTER INSERT ON accounts WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'accounts', '', new.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'accounts' AND kind = '' AND id = new.id);
END;
CREATE TRIGGER accounts_delete AFTER DELETE ON accounts WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'accounts', '', old.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'accounts' AND kind = '' AND id = old.id);
END;
CREATE TRIGGER accounts_update AFTER UPDATE ON accounts WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'accounts', '', old.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'accounts' AND kind = '' AND id = old.id);
    INSERT INTO changed_rows SELECT 'accounts', '', new.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'accounts' AND kind = '' AND id = new.id);
END;
CREATE TRIGGER records_insert AFTER INSERT ON records WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'records', new.kind, new.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'records' AND kind = new.kind AND id = new.id);
END;
CREATE TRIGGER records_delete AFTER DELETE ON records WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'records', old.kind, old.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'records' AND kind = old.kind AND id = old.id);
END;
CREATE TRIGGER records_update AFTER UPDATE ON records WHEN EXISTS (SELECT 1 FROM standby) BEGIN
    INSERT INTO changed_rows SELECT 'records', old.kind, old.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'records' AND kind = old.kind AND id = old.id);
    INSERT INTO changed_rows SELECT 'records', new.kind, new.id WHERE NOT EXISTS
        (SELECT 1 FROM changed_rows WHERE tbl = 'records' AND kind = new.kind AND id = new.id);
END;
";

/// The schema version of a file, if it is one that this program may touch. Only reads.
pub(super) fn version(connection: &Connection, migrations: &[&str]) -> Result<usize, Problem> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let is_empty = application == 0 && found == 0 && tables == 0;
    if application != APPLICATION_ID && !is_empty {
        return Err(Problem::Foreign);
    }
    if found as usize > migrations.len() {
        return Err(Problem::Newer { found, known: migrations.len() as u32 });
    }
    Ok(found as usize)
}

/// Takes all steps that the database has not taken yet: all of them or none.
pub(super) fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), Problem> {
    if version(connection, migrations)? == migrations.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = version(&transaction, migrations)?;
    for step in &migrations[from..] {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", migrations.len() as u32)?;
    transaction.commit()?;
    tracing::info!(from, to = migrations.len(), "the database's schema was brought up to date");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEXT: &str = "ALTER TABLE config ADD COLUMN note TEXT;";

    fn version_of(connection: &Connection) -> u32 {
        connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_empty_file_takes_every_step() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, MIGRATIONS).unwrap();
        assert_eq!(version_of(&connection), MIGRATIONS.len() as u32);
        for table in ["objects", "accounts", "config", "applied_input", "records", "readable_objects"] {
            connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
        }
    }

    #[test]
    fn an_older_one_takes_only_the_steps_that_it_lacks_and_keeps_its_rows() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[VERSION_1]).unwrap();
        connection.execute("INSERT INTO config VALUES ('start', '2')", []).unwrap();
        migrate(&mut connection, &[VERSION_1, NEXT]).unwrap();
        let row = connection
            .query_row("SELECT value, note FROM config WHERE key = 'start'", [], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?))
            })
            .unwrap();
        assert_eq!(row, ("2".to_owned(), None));
        assert_eq!(version_of(&connection), 2);
        migrate(&mut connection, &[VERSION_1, NEXT]).unwrap();
    }

    #[test]
    fn a_step_that_fails_takes_the_others_back() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[VERSION_1]).unwrap();
        migrate(&mut connection, &[VERSION_1, NEXT, "ALTER TABLE nothing ADD COLUMN x;"]).unwrap_err();
        assert_eq!(version_of(&connection), 1);
        assert!(connection.prepare("SELECT note FROM config").is_err());
    }

    #[test]
    fn one_version_too_new_is_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[VERSION_1, NEXT]).unwrap();
        let refused = migrate(&mut connection, &[VERSION_1]).unwrap_err();
        assert!(matches!(refused, Problem::Newer { found: 2, known: 1 }), "{refused}");
        assert_eq!(version_of(&connection), 2);
    }

    #[test]
    fn databases_of_other_programs_are_left_alone() {
        let mut other = Connection::open_in_memory().unwrap();
        other.execute_batch("CREATE TABLE django_migrations (id INTEGER)").unwrap();
        assert!(matches!(migrate(&mut other, MIGRATIONS).unwrap_err(), Problem::Foreign));
        let mut other = Connection::open_in_memory().unwrap();
        other.pragma_update(None, "application_id", 7).unwrap();
        assert!(matches!(migrate(&mut other, MIGRATIONS).unwrap_err(), Problem::Foreign));
    }
}
