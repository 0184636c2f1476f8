//! What is particular to the embedded database: its file, its limits, and what it says when it cannot go
//! on. What every store must do is in the shared store tests.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::*;
use crate::store::checkpoint::WAL_HARD_LIMIT;

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("game.db");
    (folder, database)
}

fn object(id: u64, attributes: &str) -> Batch {
    let row = ObjectRow { id, key: "rose".into(), attributes: attributes.into(), ..Default::default() };
    Batch { objects: vec![row], ..Default::default() }
}

fn refusal(path: &Path) -> String {
    let refused = SqliteStore::open(path).unwrap_err().to_string();
    assert!(refused.contains(&*path.to_string_lossy()), "{refused} does not name {}", path.display());
    refused
}

#[test]
fn it_opens_as_its_documentation_says() {
    let (_folder, path) = folder();
    let path = path.parent().unwrap().join("a/b/game.db");
    let store = SqliteStore::open(&path).unwrap();
    let pragma =
        |name: &str| store.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
    let mode: String = store.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    assert_eq!(pragma("synchronous"), 2);
    assert_eq!(pragma("foreign_keys"), 0);
    assert_eq!(pragma("wal_autocheckpoint"), 0);
    assert_eq!(pragma("busy_timeout"), 5000);
    assert_eq!(pragma("application_id"), 0x4d45_4144);
    assert_eq!(pragma("user_version"), MIGRATIONS.len() as i64);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.apply(&object(1, "{}")).unwrap();
    for name in ["game.db", "game.db-wal"] {
        let mode = fs::metadata(path.with_file_name(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn an_empty_file_becomes_a_database_and_closing_leaves_no_log() {
    let (_folder, path) = folder();
    fs::write(&path, "").unwrap();
    let mut store = SqliteStore::open(&path).unwrap();
    store.apply(&object(1, "{}")).unwrap();
    drop(store);
    assert!(!path.with_file_name("game.db-wal").exists());
    assert_eq!(SqliteStore::open(&path).unwrap().load().unwrap().objects.len(), 1);
}

#[test]
fn a_second_server_is_refused_by_whatever_name_it_comes() {
    let (_folder, path) = folder();
    let _first = SqliteStore::open(&path).unwrap();
    assert!(refusal(&path).contains(&format!("in use by process {}", std::process::id())));
    #[cfg(unix)]
    {
        let link = path.with_file_name("link.db");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(SqliteStore::open(&link).unwrap_err().to_string().contains("in use by process"));
    }
}

#[test]
fn a_successor_waits_for_the_one_before_it() {
    let (_folder, path) = folder();
    let mut first = SqliteStore::open(&path).unwrap();
    let beside = path.clone();
    let successor = thread::spawn(move || {
        let ready = SqliteStore::load_beside(&beside).unwrap();
        assert!(ready.objects.is_empty());
        SqliteStore::open_within(&beside, Duration::from_secs(20)).unwrap().load().unwrap()
    });
    thread::sleep(Duration::from_millis(100));
    first.apply(&object(5, "{}")).unwrap();
    drop(first);
    assert_eq!(successor.join().unwrap().objects[0].id, 5);
}

#[test]
fn a_world_can_be_read_beside_its_server_even_in_an_older_schema() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.apply(&object(1, "{}")).unwrap();
    assert_eq!(SqliteStore::load_beside(&path).unwrap(), store.load().unwrap());
    let newer = [MIGRATIONS, &["UPDATE objects SET key = 'renamed';"]].concat();
    assert_eq!(read_beside(&path, &newer).unwrap().objects[0].key, "renamed");
    assert_eq!(store.load().unwrap().objects[0].key, "rose");
    store.apply(&object(2, "{}")).unwrap();
}

#[test]
fn reading_beside_makes_no_file() {
    let (_folder, path) = folder();
    let refused = SqliteStore::load_beside(&path).unwrap_err().to_string();
    assert!(refused.contains("cannot be opened"), "{refused}");
    assert!(!path.exists());
}

#[test]
fn a_newer_schema_is_refused() {
    let (_folder, path) = folder();
    drop(SqliteStore::open(&path).unwrap());
    Connection::open(&path)
        .unwrap()
        .pragma_update(None, "user_version", MIGRATIONS.len() as u32 + 1)
        .unwrap();
    let refused = refusal(&path);
    let versions = format!(
        "is of schema version {}, and this program knows versions up to {}",
        MIGRATIONS.len() + 1,
        MIGRATIONS.len()
    );
    assert!(refused.contains(&versions), "{refused}");
    assert!(refused.contains("start the newer Meadow"), "{refused}");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    let text = "Dear diary, today I built a room. ".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(refusal(&path).contains("is not a database"));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE objects_objectdb (id INTEGER)").unwrap();
    let before = fs::read(&path).unwrap();
    assert!(refusal(&path).contains("belongs to another program"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write everywhere, but not even root can make files in /proc.
    let root = fs::write(folder.path().join("probe"), "").is_ok();
    let path = if root { PathBuf::from("/proc/game.db") } else { path };
    let refused = refusal(&path);
    assert!(refused.contains("cannot be written"), "{refused}");
    assert!(refused.contains("let the user that runs Meadow write"), "{refused}");
    assert!(refusal(Path::new("/proc/meadow/game.db")).contains("cannot be written"));
}

#[test]
fn a_folder_in_the_place_of_the_file_is_refused() {
    let (folder, _) = folder();
    assert!(refusal(folder.path()).contains("cannot be opened"));
}

#[test]
fn a_transaction_of_another_program_is_named_after_a_while() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.connection.busy_timeout(Duration::from_millis(10)).unwrap();
    let shell = Connection::open(&path).unwrap();
    shell.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = store.apply(&object(1, "{}")).unwrap_err().to_string();
    assert!(refused.contains("is locked by another program"), "{refused}");
    shell.execute_batch("ROLLBACK").unwrap();
    store.apply(&object(1, "{}")).unwrap();
}

#[test]
fn a_full_disk_is_named_and_nothing_of_the_batch_is_stored() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    store.apply(&object(1, "{}")).unwrap();
    let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    let limit = format!("PRAGMA max_page_count = {}", pages + 2);
    store.connection.query_row(&limit, [], |_| Ok(())).unwrap();
    let mut batch = object(2, "{}");
    batch.objects.extend(object(3, &"x".repeat(100_000)).objects);
    let refused = store.apply(&batch).unwrap_err().to_string();
    assert!(refused.contains("the disk is full"), "{refused}");
    assert_eq!(store.load().unwrap().objects.len(), 1);
}

#[test]
fn a_damaged_file_is_named() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    for id in 0..200 {
        store.apply(&object(id, &"x".repeat(1000))).unwrap();
    }
    drop(store);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xa5);
    fs::write(&path, bytes).unwrap();
    let refused = SqliteStore::open(&path).and_then(|mut store| store.load()).unwrap_err().to_string();
    assert!(refused.contains("is damaged") && refused.contains(".recover"), "{refused}");
}

#[test]
fn an_operator_can_read_it() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    let mut batch = object(2, r#"{"petals": 5}"#);
    batch.objects[0].location = Some(1);
    batch.objects[0].created = 1_700_000_000_000_000;
    batch.objects.push(ObjectRow { id: 1, key: "Meadow".into(), ..Default::default() });
    store.apply(&batch).unwrap();
    let shell = Connection::open(&path).unwrap();
    let row = shell
        .query_row(
            "SELECT key, location, created, attributes ->> 'petals' FROM readable_objects WHERE id = 2",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let expected: (String, String, String, i64) =
        ("rose".into(), "Meadow".into(), "2023-11-14 22:13:20".into(), 5);
    assert_eq!(row, expected);
}

/// Waits until the thread has copied the log into the database, then commits once more, which resets it.
fn settle(store: &mut SqliteStore, database_size: u64) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while fs::metadata(&store.path).unwrap().len() < database_size {
        assert!(Instant::now() < deadline, "the thread never copied the log");
        thread::sleep(Duration::from_millis(5));
    }
    store.checkpointer.wait();
    // Something that is not stored yet: SQLite writes nothing for a row that stays as it is.
    store.apply(&object(1, &database_size.to_string())).unwrap();
}

#[test]
fn the_thread_keeps_the_log_short() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    let wal = path.with_file_name("game.db-wal");
    for round in 1..=3 {
        let megabytes = 5;
        let big = char::from(b'a' + round).to_string().repeat(megabytes << 20);
        store.apply(&object(u64::from(round) + 1, &big)).unwrap();
        assert!(fs::metadata(&wal).unwrap().len() > WAL_SOFT_LIMIT);
        settle(&mut store, (megabytes << 20) as u64 * u64::from(round));
        assert!(fs::metadata(&wal).unwrap().len() <= WAL_SOFT_LIMIT, "round {round}");
    }
}

#[test]
fn the_writer_resets_a_log_that_the_thread_cannot() {
    let (_folder, path) = folder();
    let mut store = SqliteStore::open(&path).unwrap();
    let wal = path.with_file_name("game.db-wal");
    store.checkpointer.silence();
    let mut longest = 0;
    for id in 0..40 {
        store.apply(&object(id, &"x".repeat(4 << 20))).unwrap();
        longest = longest.max(fs::metadata(&wal).unwrap().len());
    }
    assert!(longest > WAL_HARD_LIMIT, "the test wrote too little");
    assert!(longest < WAL_HARD_LIMIT + (16 << 20), "the log grew to {longest}");
}
