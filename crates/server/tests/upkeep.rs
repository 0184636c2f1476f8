//! Databases as files: backups of what is in use, restores, and lines of JSON that come back as they were.

#![allow(clippy::unwrap_used, reason = "all of this file is tests")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use meadow_link::SessionId;
use meadow_server::{
    ServerConfig, export,
    store::SqliteStore,
    upkeep::{self, Existing},
};
use meadow_world::{AccountRow, Batch, ObjectRow, RecordRow, Rules, Snapshot, Store};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use tempfile::TempDir;

struct Bench {
    folder: TempDir,
    config: ServerConfig,
}

impl Bench {
    fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let config = ServerConfig {
            link_socket: folder.path().join("link"),
            token: None,
            database: folder.path().join("data/meadow.db"),
            game_name: "t".into(),
            batches: folder.path().join("batches"),
            rules: Rules::default(),
            version: "test".into(),
        };
        Bench { folder, config }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.config.database).unwrap()
    }

    fn backup(&self, to: &Path, existing: Existing) -> Result<(), String> {
        upkeep::backup(&self.config, to, existing).map_err(|error| error.to_string())
    }

    fn restore(&self, from: &Path) -> Result<Option<PathBuf>, String> {
        upkeep::restore(&self.config, from).map_err(|error| error.to_string())
    }

    fn import(&self, text: &str, existing: Existing) -> Result<(Option<PathBuf>, usize), String> {
        let file = self.path("import.jsonl");
        fs::write(&file, text).unwrap();
        upkeep::import(&self.config, &file, existing).map_err(|error| error.to_string())
    }

    /// Every file there is, but for locks.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = ["", "data"]
            .iter()
            .flat_map(|folder| fs::read_dir(self.path(folder)).into_iter().flatten())
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_file())
            .map(|entry| entry.file_name().into_string().unwrap())
            .filter(|name| !name.ends_with(".lock"))
            .collect();
        names.sort();
        names
    }
}

fn object(id: u64, key: &str) -> ObjectRow {
    ObjectRow { id, key: key.into(), attributes: "{}".into(), ..ObjectRow::default() }
}

fn batch(id: u64, key: &str) -> Batch {
    Batch { objects: vec![object(id, key)], applied: vec![(SessionId(1), id)], ..Batch::default() }
}

fn keys(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.objects.iter().map(|row| row.key.as_str()).collect()
}

#[test]
fn a_backup_of_a_database_in_use_is_whole_private_and_one_file() {
    let bench = Bench::new();
    let mut store = bench.open();
    store.apply(&batch(1, "rose")).unwrap();
    let copy = bench.path("copy.db");
    bench.backup(&copy, Existing::Keep).unwrap();
    store.apply(&batch(2, "thorn")).unwrap();
    assert_eq!(keys(&SqliteStore::load_beside(&copy).unwrap()), ["rose"]);
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(bench.files(), ["copy.db", "meadow.db", "meadow.db-shm", "meadow.db-wal"]);
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_it_may_be() {
    let bench = Bench::new();
    bench.open().apply(&batch(1, "rose")).unwrap();
    let copy = bench.path("copy.db");
    fs::write(&copy, "precious").unwrap();
    let refused = bench.backup(&copy, Existing::Keep).unwrap_err();
    assert!(refused.contains("copy.db already") && refused.contains("--force"), "{refused}");
    assert_eq!(fs::read(&copy).unwrap(), b"precious");
    bench.backup(&copy, Existing::Replace).unwrap();
    assert_eq!(keys(&SqliteStore::load_beside(&copy).unwrap()), ["rose"]);
    let folder = bench.path("backups");
    let names = [(); 3].map(|()| upkeep::backup_into(&bench.config, &folder).unwrap());
    assert!(names[0] != names[1] && names[1] != names[2], "{names:?}");
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn what_can_not_be_made_leaves_nothing() {
    let bench = Bench::new();
    let refused = bench.backup(&bench.path("copy.db"), Existing::Keep).unwrap_err();
    assert!(refused.contains("there is no database"), "{refused}");
    bench.open().apply(&batch(1, "rose")).unwrap();
    for place in ["nowhere/copy.db", "data/meadow.db/copy.db"] {
        let refused = bench.backup(&bench.path(place), Existing::Keep).unwrap_err();
        assert!(refused.contains("cannot write") && refused.contains(place), "{refused}");
        let refused = upkeep::export(&bench.config, &bench.path(place), Existing::Keep).unwrap_err();
        assert!(refused.to_string().contains("cannot write"), "{refused}");
    }
    // Those who only read leave SQLite's own files, and nobody else leaves any.
    assert_eq!(bench.files(), ["meadow.db", "meadow.db-shm", "meadow.db-wal"]);
}

#[test]
fn a_restored_database_is_the_backup_and_the_old_one_is_kept() {
    let bench = Bench::new();
    bench.open().apply(&batch(1, "rose")).unwrap();
    let copy = bench.path("copy.db");
    bench.backup(&copy, Existing::Keep).unwrap();
    bench.open().apply(&batch(1, "thorn")).unwrap();
    let kept = bench.restore(&copy).unwrap().unwrap();
    let restored = bench.open().load().unwrap();
    assert_eq!(keys(&restored), ["rose"]);
    assert_eq!(restored.applied, [], "connections of back then are no more");
    assert_eq!(keys(&SqliteStore::load_beside(&kept).unwrap()), ["thorn"]);
    assert_eq!(
        SqliteStore::load_beside(&copy).unwrap().applied,
        [(SessionId(1), 1)],
        "the backup is as it was"
    );
    // Into a game that never was.
    let other = Bench::new();
    assert_eq!(other.restore(&copy).unwrap(), None);
    assert_eq!(keys(&other.open().load().unwrap()), ["rose"]);
}

#[test]
fn what_a_killed_server_left_in_the_log_goes_along() {
    let bench = Bench::new();
    let mut store = bench.open();
    store.apply(&batch(1, "rose")).unwrap();
    // The files as they are while it runs, log included, are what a kill leaves.
    let killed = Bench::new();
    fs::create_dir(killed.path("data")).unwrap();
    for name in ["meadow.db", "meadow.db-wal"] {
        fs::copy(bench.path("data").join(name), killed.path("data").join(name)).unwrap();
    }
    let copy = bench.path("copy.db");
    store.apply(&batch(1, "thorn")).unwrap();
    bench.backup(&copy, Existing::Keep).unwrap();
    let kept = killed.restore(&copy).unwrap().unwrap();
    assert_eq!(keys(&SqliteStore::load_beside(&kept).unwrap()), ["rose"]);
    assert_eq!(keys(&killed.open().load().unwrap()), ["thorn"]);
}

#[test]
fn only_a_good_backup_is_restored() {
    let bench = Bench::new();
    bench.open().apply(&batch(1, "rose")).unwrap();
    let bad = bench.path("bad.db");
    let refusals = |why: &str| {
        let before = bench.files();
        let refused = bench.restore(&bad).unwrap_err();
        assert!(refused.contains(why) && refused.contains("bad.db"), "{refused}");
        assert_eq!(bench.files(), before);
        assert_eq!(keys(&SqliteStore::load_beside(&bench.config.database).unwrap()), ["rose"]);
    };
    refusals("there is no database");
    fs::write(
        &bad,
        "this is a shopping list, and a long one, since a database has a header of a hundred bytes at least",
    )
    .unwrap();
    refusals("not a database");
    // A page in the middle is something else.
    bench.backup(&bad, Existing::Replace).unwrap();
    let mut bytes = fs::read(&bad).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0x5a);
    fs::write(&bad, bytes).unwrap();
    refusals("damaged");
    std::os::unix::fs::symlink(&bench.config.database, bench.path("same-bad.db")).unwrap();
    let refused = bench.restore(&bench.path("same-bad.db")).unwrap_err();
    assert!(refused.contains("the game's database itself"), "{refused}");
}

#[test]
fn a_database_in_use_is_not_replaced() {
    let bench = Bench::new();
    let mut store = bench.open();
    store.apply(&batch(1, "rose")).unwrap();
    let copy = bench.path("copy.db");
    bench.backup(&copy, Existing::Keep).unwrap();
    let refused = bench.restore(&copy).unwrap_err();
    assert!(refused.contains("in use by process"), "{refused}");
    let text = String::from_utf8(exported(&Snapshot::default())).unwrap();
    assert!(bench.import(&text, Existing::Replace).unwrap_err().contains("in use by process"));
    store.apply(&batch(2, "thorn")).unwrap();
}

fn exported(snapshot: &Snapshot) -> Vec<u8> {
    let mut out = Vec::new();
    export::write(snapshot, &mut out).unwrap();
    out
}

fn random_text(rng: &mut StdRng) -> String {
    const PARTS: [&str; 16] = [
        "",
        "a",
        "\"",
        "\\",
        "\n",
        "\0",
        "ß",
        "草",
        "|r",
        "{",
        "}",
        "[",
        "]",
        ",",
        "1",
        "\u{1f469}\u{200d}\u{1f33e}",
    ];
    (0..rng.random_range(0..5)).map(|_| *PARTS.choose(rng).unwrap()).collect()
}

/// JSON as the world writes it, JSON as nobody would write it, and what is no JSON at all.
fn random_json(rng: &mut StdRng) -> String {
    const ODD: [&str; 18] = [
        "",
        " {}",
        "{} ",
        "null",
        "\"text\"",
        "{\"a\":1,\"a\":2}",
        "1.0",
        "1.10",
        "-0",
        "1e400",
        "1E3",
        "18446744073709551616",
        "0.1000000000000000055511151231257827",
        "{\"b\":[1,2.5,{\"c\":null}]}",
        "[1] [2]",
        "1,2",
        "\"\\u0041\"",
        "{",
    ];
    match rng.random_range(0..5) {
        0 => (*ODD.choose(rng).unwrap()).to_owned(),
        1 => random_text(rng),
        2 => format!("{{{}:{}}}", serde_json::to_string(&random_text(rng)).unwrap(), rng.random::<f64>()),
        // At the depth that is still read, and past it.
        3 => {
            let depth = rng.random_range(124..130);
            "[".repeat(depth) + &"]".repeat(depth)
        }
        _ => format!("[{}]", rng.random::<u64>()),
    }
}

fn random_snapshot(rng: &mut StdRng) -> Snapshot {
    let mut snapshot = Snapshot::default();
    for id in 0..rng.random_range(0..4) {
        let mut number = || rng.random::<bool>().then(|| rng.random::<u64>());
        let (location, home, destination, account) = (number(), number(), number(), number());
        let id = if id == 3 { u64::MAX } else { id };
        snapshot.objects.push(ObjectRow {
            id,
            key: random_text(rng),
            typeclass: random_text(rng),
            location,
            home,
            destination,
            account,
            aliases: random_json(rng),
            locks: random_text(rng),
            tags: random_json(rng),
            permissions: random_json(rng),
            created: rng.random(),
            attributes: random_json(rng),
        });
        snapshot.accounts.push(AccountRow {
            id,
            name: random_text(rng),
            password: random_text(rng),
            is_superuser: rng.random(),
            permissions: random_json(rng),
            characters: random_json(rng),
            last_puppet: location,
            created: rng.random(),
            last_login: home,
            attributes: random_json(rng),
        });
        let kind = format!("{}{id}", random_text(rng));
        snapshot.records.push(RecordRow { kind, id, key: random_text(rng), data: random_json(rng) });
        snapshot.config.push((format!("{id}{}", random_text(rng)), random_text(rng)));
    }
    snapshot.records.sort_by(|a, b| (&a.kind, a.id).cmp(&(&b.kind, b.id)));
    snapshot.config.sort();
    snapshot
}

#[test]
fn whatever_is_exported_comes_back_letter_by_letter() {
    let mut rng = StdRng::seed_from_u64(1);
    for _ in 0..2000 {
        let snapshot = random_snapshot(&mut rng);
        let bytes = exported(&snapshot);
        let rows = 1 + snapshot.objects.len() * 4;
        assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), rows, "one row a line");
        assert_eq!(export::read(&bytes[..]).unwrap(), snapshot);
    }
}

#[test]
fn an_imported_database_is_the_exported_one() {
    let mut rng = StdRng::seed_from_u64(2);
    let (one, other) = (Bench::new(), Bench::new());
    for round in 0..20 {
        let snapshot = random_snapshot(&mut rng);
        let text = String::from_utf8(exported(&snapshot)).unwrap();
        one.import(&text, Existing::Replace).unwrap();
        let file = one.path("export.jsonl");
        upkeep::export(&one.config, &file, Existing::Replace).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "round {round}");
        upkeep::import(&other.config, &file, Existing::Replace).unwrap();
        assert_eq!(other.open().load().unwrap(), one.open().load().unwrap());
    }
}

#[test]
fn a_line_reads_as_the_row_it_is() {
    let row = ObjectRow {
        typeclass: "typeclasses.Rose".into(),
        location: Some(2),
        aliases: r#"["flower"]"#.into(),
        tags: "[]".into(),
        permissions: "[".into(),
        locks: "get:all()".into(),
        attributes: r#"{"desc":"Red.","thorns":3}"#.into(),
        ..object(1, "rose")
    };
    let config = vec![("next_object".to_owned(), "3".to_owned())];
    let text = exported(&Snapshot { objects: vec![row], config, ..Snapshot::default() });
    let want = r#"{"meadow":"export","version":1}
{"table":"objects","id":1,"key":"rose","typeclass":"typeclasses.Rose","location":2,"aliases":["flower"],"locks":"get:all()","tags":[],"permissions_text":"[","created":0,"attributes":{"desc":"Red.","thorns":3}}
{"table":"config","key":"next_object","value":"3"}
"#;
    assert_eq!(String::from_utf8(text).unwrap(), want);
}

#[test]
fn a_world_is_imported_only_where_there_is_none_or_it_may_be_put_aside() {
    let bench = Bench::new();
    let text =
        String::from_utf8(exported(&Snapshot { objects: vec![object(7, "rose")], ..Snapshot::default() }))
            .unwrap();
    drop(bench.open());
    let (kept, rows) = bench.import(&text, Existing::Keep).unwrap();
    assert!(kept.is_some() && rows == 1, "an empty database is none");
    let refused = bench.import(&text, Existing::Keep).unwrap_err();
    assert!(refused.contains("has a world already") && refused.contains("--replace"), "{refused}");
    bench.open().apply(&batch(7, "thorn")).unwrap();
    let (kept, _) = bench.import(&text, Existing::Replace).unwrap();
    assert_eq!(keys(&SqliteStore::load_beside(kept.unwrap()).unwrap()), ["thorn"]);
    assert_eq!(keys(&bench.open().load().unwrap()), ["rose"]);
}

#[test]
fn an_error_names_file_and_line_and_nothing_is_made() {
    let bench = Bench::new();
    let head = r#"{"meadow":"export","version":1}"#;
    let rose = r#"{"table":"objects","id":1,"key":"rose","typeclass":"x"}"#;
    let cases = [
        (String::new(), "line 1: the file is empty"),
        (rose.to_owned(), "line 1: this is no export"),
        (r#"{"meadow":"export","version":2}"#.to_owned(), "line 1: it is of a newer form"),
        (format!("{head}\n{rose}\n\n{rose}\n"), "line 4: the row 1 of objects stands in line 2 already"),
        (
            format!("{head}\n{{\"table\":\"objects\",\"id\":\"1\"}}"),
            "line 2: id is \"1\", and should be a whole number",
        ),
        (format!("{head}\n{{\"table\":\"objects\",\"id\":1}}"), "line 2: key is missing"),
        (format!("{head}\n{{\"table\":\"roses\"}}"), "line 2: there is no table \"roses\""),
        (
            format!("{head}\n{}", rose.replace("\"key\"", "\"kez\":1,\"key\"")),
            "line 2: objects have no column \"kez\"",
        ),
        (format!("{head}\n[1]"), "line 2: it is no JSON object"),
        (format!("{head}\n{{\"table\""), "line 2: it is no JSON: EOF while parsing an object at column"),
        (
            format!("{head}\n{}", rose.replace("\"key\"", "\"tags\":[],\"tags_text\":\"[]\",\"key\"")),
            "line 2: tags and tags_text stand side by side",
        ),
    ];
    for (text, why) in cases {
        let refused = bench.import(&text, Existing::Replace).unwrap_err();
        assert!(refused.contains("import.jsonl") && refused.contains(why), "{refused}\nwant: {why}");
    }
    assert_eq!(bench.files(), ["import.jsonl"]);
}

#[test]
fn noise_is_an_error_and_no_panic() {
    let mut rng = StdRng::seed_from_u64(3);
    let whole = exported(&random_snapshot(&mut rng));
    for _ in 0..2000 {
        let mut bytes = whole.clone();
        for _ in 0..3 {
            let at = rng.random_range(0..bytes.len());
            bytes[at] = rng.random();
        }
        bytes.truncate(rng.random_range(0..=bytes.len()));
        let _ = export::read(&bytes[..]);
    }
}
