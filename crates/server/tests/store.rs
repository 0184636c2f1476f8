//! The shared store tests: what every implementation of `Store` must do. A new store gets a [`Bench`] and a
//! line in `shared_tests!`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "all of this file is tests")]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};

use meadow_link::SessionId;
use meadow_server::store::{MemoryStore, SqliteStore};
use meadow_world::{AccountRow, Batch, ObjectRow, RecordRow, Snapshot, Store};
use tempfile::TempDir;

/// A database that can be opened again and broken on purpose.
trait Bench: Default {
    type Store: Store;

    /// Opens the database, as a Server that starts does. The store before it has been dropped.
    fn open(&self) -> Self::Store;

    /// Makes every batch fail that stores an object with the key "poison", after what comes before it has
    /// been written.
    fn poison(&self);
}

struct Sqlite(TempDir);

impl Default for Sqlite {
    fn default() -> Sqlite {
        Sqlite(tempfile::tempdir().unwrap())
    }
}

impl Sqlite {
    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("game.db")
    }
}

impl Bench for Sqlite {
    type Store = SqliteStore;

    fn open(&self) -> SqliteStore {
        SqliteStore::open(self.path()).unwrap()
    }

    fn poison(&self) {
        let trigger = "CREATE TRIGGER poison BEFORE INSERT ON objects WHEN NEW.key = 'poison' \
                       BEGIN SELECT RAISE(ABORT, 'poisoned'); END";
        rusqlite::Connection::open(self.path()).unwrap().execute_batch(trigger).unwrap();
    }
}

#[derive(Default)]
struct Memory(MemoryStore);

impl Bench for Memory {
    type Store = MemoryStore;

    fn open(&self) -> MemoryStore {
        self.0.clone()
    }

    fn poison(&self) {
        self.0.refuse("poisoned");
    }
}

macro_rules! shared_tests {
    ($($test:ident)*) => {
        mod sqlite { $(#[test] fn $test() { super::$test::<super::Sqlite>(); })* }
        mod memory { $(#[test] fn $test() { super::$test::<super::Memory>(); })* }
    };
}

shared_tests! {
    a_new_database_is_empty
    every_field_comes_back
    any_text_comes_back
    any_number_comes_back
    a_row_is_replaced_as_a_whole
    what_is_deleted_is_gone
    the_last_word_about_a_row_counts
    inputs_are_remembered_until_their_session_is_forgotten
    a_batch_that_fails_leaves_nothing
    a_big_batch_is_stored
    an_empty_batch_changes_nothing
}

fn object(id: u64, key: &str) -> ObjectRow {
    ObjectRow { id, key: key.into(), ..Default::default() }
}

/// With every field different, so that no two can be mixed up.
fn full_object() -> ObjectRow {
    ObjectRow {
        id: 101,
        key: "a rose".into(),
        typeclass: "rose".into(),
        location: Some(102),
        home: Some(103),
        destination: Some(104),
        account: Some(105),
        aliases: r#"["flower"]"#.into(),
        locks: "get:all()".into(),
        tags: r#"[{"key": "red", "category": null}]"#.into(),
        permissions: r#"["Builder"]"#.into(),
        created: 1_700_000_000_000_106,
        attributes: r#"{"petals": 5}"#.into(),
    }
}

fn full_account() -> AccountRow {
    AccountRow {
        id: 201,
        name: "Anna".into(),
        password: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$AAAA".into(),
        is_superuser: true,
        permissions: r#"["Developer"]"#.into(),
        characters: "[101]".into(),
        last_puppet: Some(202),
        created: 1_700_000_000_000_203,
        last_login: Some(1_700_000_000_000_204),
        attributes: r#"{"colour": "green"}"#.into(),
    }
}

fn full_record() -> RecordRow {
    RecordRow {
        kind: "channel".into(),
        id: 401,
        key: "Public".into(),
        data: r#"{"key": "Public", "subscribers": [201]}"#.into(),
    }
}

/// Applies batches, opens the database again, and gives what it holds, in order.
fn stored<B: Bench>(bench: &B, batches: &[Batch]) -> Snapshot {
    let mut store = bench.open();
    for batch in batches {
        store.apply(batch).unwrap();
    }
    let before = sorted(store.load().unwrap());
    drop(store);
    let after = sorted(bench.open().load().unwrap());
    assert_eq!(before, after);
    after
}

fn sorted(mut snapshot: Snapshot) -> Snapshot {
    snapshot.objects.sort_by_key(|row| row.id);
    snapshot.accounts.sort_by_key(|row| row.id);
    snapshot.records.sort_by_key(|row| (row.kind.clone(), row.id));
    snapshot.config.sort();
    snapshot.applied.sort();
    snapshot
}

fn a_new_database_is_empty<B: Bench>() {
    assert_eq!(stored(&B::default(), &[]), Snapshot::default());
}

fn every_field_comes_back<B: Bench>() {
    let batch = Batch {
        objects: vec![full_object(), object(1, "bare")],
        accounts: vec![full_account(), AccountRow { id: 1, name: "bare".into(), ..Default::default() }],
        records: vec![full_record(), RecordRow { kind: "script".into(), id: 7, ..Default::default() }],
        config: vec![("next_object".into(), "106".into()), ("start".into(), "102".into())],
        applied: vec![(SessionId(301), 302), (SessionId(303), 304)],
        ..Default::default()
    };
    let mut expected = Snapshot {
        objects: batch.objects.clone(),
        accounts: batch.accounts.clone(),
        records: batch.records.clone(),
        config: batch.config.clone(),
        applied: batch.applied.clone(),
    };
    expected = sorted(expected);
    assert_eq!(stored(&B::default(), &[batch]), expected);
}

fn any_text_comes_back<B: Bench>() {
    let texts = [
        "",
        " ",
        "null",
        "42",
        "0x1F",
        "it's \"quoted\"; DROP TABLE objects; --",
        "two\r\nlines\ttab",
        "before\0after\0",
        "\0",
        "Zoë, Zoe\u{308}, 草原, \u{202e}reversed, \u{1f469}\u{200d}\u{1f33e}",
        "\u{feff}\u{fffd}\u{fffe}\u{ffff}\u{10ffff}",
        "\u{1b}[31m|rred|n\u{7f}",
    ];
    let mut batch = Batch::default();
    for (id, text) in (1..).zip(texts) {
        let text = text.to_owned();
        batch.config.push((text.clone(), text.clone()));
        batch.objects.push(ObjectRow {
            id,
            key: text.clone(),
            typeclass: text.clone(),
            aliases: text.clone(),
            locks: text.clone(),
            tags: text.clone(),
            permissions: text.clone(),
            attributes: text.clone(),
            ..Default::default()
        });
        batch.accounts.push(AccountRow {
            id,
            name: text.clone(),
            password: text.clone(),
            permissions: text.clone(),
            characters: text.clone(),
            attributes: text.clone(),
            ..Default::default()
        });
        batch.records.push(RecordRow { kind: text.clone(), id, key: text.clone(), data: text });
    }
    let snapshot = stored(&B::default(), &[batch.clone()]);
    assert_eq!(snapshot.objects, batch.objects);
    assert_eq!(snapshot.accounts, batch.accounts);
    batch.records.sort_by_key(|row| (row.kind.clone(), row.id));
    assert_eq!(snapshot.records, batch.records);
    batch.config.sort();
    assert_eq!(snapshot.config, batch.config);
}

fn any_number_comes_back<B: Bench>() {
    let numbers = [0, 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX];
    let mut batch = Batch::default();
    for number in numbers {
        batch.objects.push(ObjectRow {
            id: number,
            location: Some(number),
            home: Some(number),
            destination: Some(number),
            account: Some(number),
            created: number,
            ..Default::default()
        });
        batch.accounts.push(AccountRow {
            id: number,
            last_puppet: Some(number),
            created: number,
            last_login: Some(number),
            ..Default::default()
        });
        batch.records.push(RecordRow { id: number, ..Default::default() });
        batch.applied.push((SessionId(number), number));
    }
    let bench = B::default();
    let snapshot = stored(&bench, &[batch.clone()]);
    assert_eq!(snapshot.objects, batch.objects);
    assert_eq!(snapshot.accounts, batch.accounts);
    assert_eq!(snapshot.records, batch.records);
    assert_eq!(snapshot.applied, batch.applied);
    let all_gone = Batch {
        deleted_objects: numbers.to_vec(),
        deleted_accounts: numbers.to_vec(),
        deleted_records: numbers.map(|number| (String::new(), number)).to_vec(),
        forgotten: numbers.map(SessionId).to_vec(),
        ..Default::default()
    };
    assert_eq!(stored(&bench, &[all_gone]), Snapshot::default());
}

fn a_row_is_replaced_as_a_whole<B: Bench>() {
    let bench = B::default();
    let full = Batch {
        objects: vec![full_object()],
        accounts: vec![full_account()],
        records: vec![full_record()],
        config: vec![("start".into(), "102".into())],
        ..Default::default()
    };
    let bare = Batch {
        objects: vec![ObjectRow { id: 101, ..Default::default() }],
        accounts: vec![AccountRow { id: 201, ..Default::default() }],
        records: vec![RecordRow { kind: "channel".into(), id: 401, ..Default::default() }],
        config: vec![("start".into(), String::new())],
        ..Default::default()
    };
    for batch in [&full, &bare, &full] {
        let snapshot = stored(&bench, std::slice::from_ref(batch));
        assert_eq!(snapshot.objects, batch.objects);
        assert_eq!(snapshot.accounts, batch.accounts);
        assert_eq!(snapshot.records, batch.records);
        assert_eq!(snapshot.config, batch.config);
    }
}

fn what_is_deleted_is_gone<B: Bench>() {
    let made = Batch {
        objects: (1..=4).map(|id| object(id, "rose")).collect(),
        accounts: (1..=4).map(|id| AccountRow { id, ..Default::default() }).collect(),
        records: vec![RecordRow { kind: "script".into(), ..full_record() }, full_record()],
        ..Default::default()
    };
    // 9 was never there: made and destroyed within one batch of commands.
    let gone = Batch {
        deleted_objects: vec![2, 4, 9],
        deleted_accounts: vec![1, 3, 9],
        deleted_records: vec![("script".into(), 401), ("channel".into(), 9)],
        ..Default::default()
    };
    let snapshot = stored(&B::default(), &[made, gone]);
    assert_eq!(snapshot.objects.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(snapshot.accounts.iter().map(|row| row.id).collect::<Vec<_>>(), [2, 4]);
    assert_eq!(snapshot.records, [full_record()]);
}

fn the_last_word_about_a_row_counts<B: Bench>() {
    let batch = Batch {
        objects: vec![object(1, "first"), object(1, "second"), object(2, "made and destroyed")],
        deleted_objects: vec![2],
        config: vec![("start".into(), "1".into()), ("start".into(), "2".into())],
        applied: vec![(SessionId(1), 5), (SessionId(1), 6), (SessionId(2), 7)],
        forgotten: vec![SessionId(2)],
        ..Default::default()
    };
    let snapshot = stored(&B::default(), &[batch]);
    assert_eq!(snapshot.objects, [object(1, "second")]);
    assert_eq!(snapshot.config, [("start".to_owned(), "2".to_owned())]);
    assert_eq!(snapshot.applied, [(SessionId(1), 6)]);
}

fn inputs_are_remembered_until_their_session_is_forgotten<B: Bench>() {
    let bench = B::default();
    let came = |inputs: &[(u64, u64)]| Batch {
        applied: inputs.iter().map(|&(session, input)| (SessionId(session), input)).collect(),
        ..Default::default()
    };
    let snapshot = stored(&bench, &[came(&[(1, 1), (2, 1)]), came(&[(1, 8)])]);
    assert_eq!(snapshot.applied, [(SessionId(1), 8), (SessionId(2), 1)]);
    let forget = Batch { forgotten: vec![SessionId(1), SessionId(77)], ..Default::default() };
    assert_eq!(stored(&bench, &[forget]).applied, [(SessionId(2), 1)]);
}

fn a_batch_that_fails_leaves_nothing<B: Bench>() {
    let bench = B::default();
    let before = Batch {
        objects: vec![object(1, "rose"), object(2, "thorn")],
        accounts: vec![full_account()],
        records: vec![full_record()],
        config: vec![("start".into(), "1".into())],
        applied: vec![(SessionId(1), 1)],
        ..Default::default()
    };
    let expected = stored(&bench, &[before]);
    bench.poison();
    let mut store = bench.open();
    let failing = Batch {
        objects: vec![object(1, "changed"), object(3, "new"), object(4, "poison"), object(5, "after")],
        deleted_objects: vec![2],
        accounts: vec![AccountRow { id: 202, ..Default::default() }],
        deleted_accounts: vec![201],
        records: vec![RecordRow { id: 2, ..full_record() }],
        deleted_records: vec![("channel".into(), 401)],
        config: vec![("start".into(), "3".into())],
        applied: vec![(SessionId(1), 2)],
        forgotten: vec![SessionId(1)],
    };
    let error = store.apply(&failing).unwrap_err().to_string();
    assert!(error.contains("poisoned"), "{error}");
    assert_eq!(sorted(store.load().unwrap()), expected);
    drop(store);
    assert_eq!(sorted(bench.open().load().unwrap()), expected);
}

fn a_big_batch_is_stored<B: Bench>() {
    let objects = (1..=10_000).map(|id| ObjectRow { id, ..full_object() }).collect();
    let batch = Batch { objects, ..Default::default() };
    assert_eq!(stored(&B::default(), std::slice::from_ref(&batch)).objects, batch.objects);
}

fn an_empty_batch_changes_nothing<B: Bench>() {
    let bench = B::default();
    let before = stored(&bench, &[Batch { objects: vec![full_object()], ..Default::default() }]);
    assert_eq!(stored(&bench, &[Batch::default()]), before);
}

/// Names the database to the child process of the next test.
const CHILD: &str = "MEADOW_STORE_TEST_CHILD";

/// How many objects each batch of the child has.
const CHILD_ROWS: u64 = 20;

/// What the child prints when a batch has been stored, before its number.
const COMMITTED: &str = "committed ";

#[test]
fn what_was_reported_as_stored_survives_a_kill() {
    let bench = Sqlite::default();
    let mut last = 0;
    for round in 1..=3 {
        let told = run_child_and_kill_it(&bench.path(), 25 * round);
        assert_eq!(told.first(), Some(&(last + 1)), "it went on from what had been stored");
        let snapshot = sorted(bench.open().load().unwrap());
        last = batch_number(&snapshot);
        let newest = *told.last().unwrap();
        // The last batch may have been stored without the child having had the time to say so.
        assert!(last == newest || last == newest + 1, "stored up to {last}, told up to {newest}");
        let expected: Vec<_> = (1..=last).flat_map(child_objects).collect();
        assert_eq!(snapshot.objects, expected, "whole batches and all of them");
    }
}

/// Starts this very program again as a child that commits, and kills it when it has told of `commits`. Gives
/// the numbers that it told of.
fn run_child_and_kill_it(database: &Path, commits: usize) -> Vec<u64> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["child_that_commits_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(CHILD, database)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut told = lines.filter_map(|line| line.strip_prefix(COMMITTED)?.parse().ok());
    let mut numbers: Vec<u64> = told.by_ref().take(commits).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    // What it had told before it died, but nobody had read yet.
    numbers.extend(told);
    numbers
}

#[test]
#[ignore = "it is the child process of another test"]
fn child_that_commits_until_it_is_killed() {
    let Some(database) = env::var_os(CHILD) else { return };
    let mut store = SqliteStore::open(database).unwrap();
    let first = batch_number(&store.load().unwrap()) + 1;
    println!();
    for number in first.. {
        let batch = Batch {
            objects: child_objects(number).collect(),
            config: vec![("batch".into(), number.to_string())],
            ..Default::default()
        };
        store.apply(&batch).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{COMMITTED}{number}").unwrap();
        out.flush().unwrap();
    }
}

fn child_objects(batch: u64) -> impl Iterator<Item = ObjectRow> {
    (0..CHILD_ROWS).map(move |row| object(batch * CHILD_ROWS + row, &format!("row {row} of batch {batch}")))
}

fn batch_number(snapshot: &Snapshot) -> u64 {
    snapshot.config.iter().find(|(key, _)| key == "batch").map_or(0, |(_, value)| value.parse().unwrap())
}
