//! What a Server that stands by is told of what another one has stored meanwhile.

#![allow(clippy::unwrap_used, reason = "all of this file is tests")]

use std::{collections::BTreeMap, path::PathBuf};

use meadow_link::SessionId;
use meadow_server::store::SqliteStore;
use meadow_world::{AccountRow, Batch, ObjectRow, RecordRow, Snapshot, Store};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use tempfile::TempDir;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("game.db");
    (folder, database)
}

fn object(id: u64, key: &str) -> Batch {
    let row = ObjectRow { id, key: key.into(), ..ObjectRow::default() };
    Batch { objects: vec![row], ..Batch::default() }
}

fn random_batch(rng: &mut StdRng) -> Batch {
    let mut batch = Batch::default();
    for _ in 0..rng.random_range(0..5) {
        let (id, value) = (rng.random_range(0..6_u64), rng.random::<u16>().to_string());
        let kind = ["channel", "script"][rng.random_range(0..2)].to_owned();
        match rng.random_range(0..9) {
            0 | 1 => batch.objects.push(ObjectRow { id, key: value, ..ObjectRow::default() }),
            2 => batch.accounts.push(AccountRow { id, name: value, ..AccountRow::default() }),
            3 => batch.config.push((id.to_string(), value)),
            4 => batch.applied.push((SessionId(id), rng.random())),
            5 => batch.deleted_objects.push(id),
            6 => batch.deleted_accounts.push(id),
            7 => batch.records.push(RecordRow { kind, id, key: value, data: "{}".into() }),
            _ => batch.deleted_records.push((kind, id)),
        }
    }
    batch
}

/// What a snapshot and the rows that have changed since make together.
fn caught_up(then: Snapshot, since: Batch) -> Snapshot {
    fn table<K: Ord, R>(then: Vec<R>, since: Vec<R>, gone: Vec<K>, name: impl Fn(&R) -> K) -> Vec<R> {
        let mut rows: BTreeMap<K, R> = then.into_iter().chain(since).map(|row| (name(&row), row)).collect();
        for name in gone {
            rows.remove(&name);
        }
        rows.into_values().collect()
    }
    Snapshot {
        objects: table(then.objects, since.objects, since.deleted_objects, |row| row.id),
        accounts: table(then.accounts, since.accounts, since.deleted_accounts, |row| row.id),
        records: table(then.records, since.records, since.deleted_records, |row| (row.kind.clone(), row.id)),
        config: since.config,
        applied: since.applied,
    }
}

#[test]
fn a_snapshot_and_what_changed_since_are_what_is_stored() {
    let mut rng = StdRng::seed_from_u64(1);
    let (_folder, path) = folder();
    let mut old = SqliteStore::open(&path).unwrap();
    for round in 0..60 {
        for _ in 0..3 {
            old.apply(&random_batch(&mut rng)).unwrap();
        }
        let (then, standby) = SqliteStore::stand_by(&path).unwrap().unwrap();
        assert_eq!(then, old.load().unwrap());
        for _ in 0..rng.random_range(0..4) {
            old.apply(&random_batch(&mut rng)).unwrap();
        }
        drop(old);
        let mut new = SqliteStore::open(&path).unwrap();
        let since = new.since(&standby).unwrap().unwrap();
        assert!(since.objects.len() + since.deleted_objects.len() <= 6);
        assert_eq!(caught_up(then, since), new.load().unwrap(), "round {round}");
        old = new;
    }
}

#[test]
fn whoever_writes_is_noted() {
    let (_folder, path) = folder();
    SqliteStore::open(&path).unwrap().apply(&object(1, "rose")).unwrap();
    let (_, standby) = SqliteStore::stand_by(&path).unwrap().unwrap();
    // The one that ran is killed, another is started and writes, and somebody works on it by hand.
    SqliteStore::open(&path).unwrap();
    let shell = rusqlite::Connection::open(&path).unwrap();
    shell.execute("UPDATE objects SET id = 3, key = 'thorn' WHERE id = 1", []).unwrap();
    drop(shell);
    let since = SqliteStore::open(&path).unwrap().since(&standby).unwrap().unwrap();
    assert_eq!((since.objects[0].id, &*since.objects[0].key), (3, "thorn"));
    assert_eq!(since.deleted_objects, [1]);
}

#[test]
fn notes_that_were_asked_for_by_another_are_none() {
    let (_folder, path) = folder();
    assert!(SqliteStore::stand_by(&path).unwrap().is_none() && !path.exists());
    let mut old = SqliteStore::open(&path).unwrap();
    let (_, first) = SqliteStore::stand_by(&path).unwrap().unwrap();
    old.apply(&object(1, "rose")).unwrap();
    let (_, second) = SqliteStore::stand_by(&path).unwrap().unwrap();
    old.apply(&object(2, "thorn")).unwrap();
    drop(old);
    let mut new = SqliteStore::open(&path).unwrap();
    assert!(new.since(&first).unwrap().is_none(), "the second has asked since");
    assert_eq!(new.since(&second).unwrap().unwrap().objects.len(), 1);
    // What the new one stores ends the notes: who comes too late has to read everything.
    new.apply(&object(3, "bud")).unwrap();
    assert!(new.since(&second).unwrap().is_none());
    let shell = rusqlite::Connection::open(&path).unwrap();
    let notes: i64 = shell.query_row("SELECT count(*) FROM changed_rows", [], |row| row.get(0)).unwrap();
    assert_eq!(notes, 0, "and nothing is noted for nobody");
}

#[test]
fn a_new_server_does_not_end_the_notes_of_the_one_after_it() {
    let (_folder, path) = folder();
    SqliteStore::open(&path).unwrap();
    let (_, first) = SqliteStore::stand_by(&path).unwrap().unwrap();
    let mut new = SqliteStore::open(&path).unwrap();
    assert!(new.since(&first).unwrap().is_some());
    let (then, second) = SqliteStore::stand_by(&path).unwrap().unwrap();
    new.apply(&object(1, "rose")).unwrap();
    drop(new);
    let mut newer = SqliteStore::open(&path).unwrap();
    let since = newer.since(&second).unwrap().unwrap();
    assert_eq!(caught_up(then, since), newer.load().unwrap());
}

#[test]
fn a_database_of_an_older_schema_is_left_alone() {
    let (_folder, path) = folder();
    drop(SqliteStore::open(&path).unwrap());
    let shell = rusqlite::Connection::open(&path).unwrap();
    shell.pragma_update(None, "user_version", 2).unwrap();
    assert!(SqliteStore::stand_by(&path).unwrap().is_none());
    shell.pragma_update(None, "user_version", 99).unwrap();
    assert!(SqliteStore::stand_by(&path).unwrap_err().to_string().contains("schema version 99"));
}
