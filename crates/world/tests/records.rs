//! Records of a game's own kind: kept, changed, and read again.

use meadow_link::Time;
use meadow_world::{Batch, Record, RecordRow, Snapshot, World, WorldBuilder};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct BulletinId(u64);

impl From<u64> for BulletinId {
    fn from(id: u64) -> BulletinId {
        BulletinId(id)
    }
}

impl From<BulletinId> for u64 {
    fn from(id: BulletinId) -> u64 {
        id.0
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Bulletin {
    title: String,
    read: u32,
}

impl Record for Bulletin {
    type Id = BulletinId;
    const KIND: &'static str = "bulletin";

    fn key(&self) -> &str {
        &self.title
    }
}

fn load(snapshot: Snapshot) -> World {
    let mut builder = WorldBuilder::new("Test");
    builder.records::<Bulletin>();
    let mut world = builder.load(snapshot, Time::from_micros(1)).expect("it loads");
    world.take_step();
    world
}

fn bulletin(title: &str) -> Bulletin {
    Bulletin { title: title.into(), read: 0 }
}

fn row(id: u64, kind: &str, data: &str) -> RecordRow {
    RecordRow { kind: kind.into(), id, key: "x".into(), data: data.into() }
}

fn snapshot(batch: Batch) -> Snapshot {
    Snapshot { records: batch.records, config: batch.config, ..Snapshot::default() }
}

#[test]
fn what_changes_is_stored_and_read_again() {
    let mut world = load(Snapshot::default());
    let id = world.add_record(bulletin("Rain"));
    assert_eq!(world.record::<Bulletin>(id), Some(&bulletin("Rain")));
    let batch = world.take_step().batch;
    let stored = RecordRow {
        kind: "bulletin".into(),
        id: id.0,
        key: "Rain".into(),
        data: r#"{"title":"Rain","read":0}"#.into(),
    };
    assert_eq!(batch.records, [stored]);
    assert!(world.take_step().batch.is_empty(), "it is stored once");

    let mut world = load(snapshot(batch));
    world.record_mut::<Bulletin>(id).expect("it is there").read += 1;
    let batch = world.take_step().batch;
    assert_eq!(batch.records[0].data, r#"{"title":"Rain","read":1}"#);
    assert_eq!(world.records::<Bulletin>().count(), 1);
}

#[test]
fn a_record_that_is_gone_is_deleted_and_its_number_is_not_used_again() {
    let mut world = load(Snapshot::default());
    let first = world.add_record(bulletin("Rain"));
    world.take_step();
    assert_eq!(world.remove_record::<Bulletin>(first), Some(bulletin("Rain")));
    assert_eq!(world.remove_record::<Bulletin>(first), None);
    let batch = world.take_step().batch;
    assert_eq!(batch.deleted_records, [("bulletin".to_owned(), first.0)]);
    let mut world =
        load(Snapshot { config: vec![("next_bulletin".into(), "2".into())], ..Default::default() });
    assert_eq!(world.add_record(bulletin("Sun")), BulletinId(2));
}

#[test]
fn what_cannot_be_read_stays_as_it_is_and_keeps_its_number() {
    let broken = row(7, "bulletin", "{\"title\": 3}");
    let unknown = row(1, "poem", "{}");
    let fine = row(2, "bulletin", r#"{"title": "Rain", "read": 4}"#);
    let mut world = load(Snapshot { records: vec![broken, unknown, fine], ..Snapshot::default() });
    let titles: Vec<_> = world.records::<Bulletin>().map(|(id, bulletin)| (id.0, bulletin.read)).collect();
    assert_eq!(titles, [(2, 4)]);
    assert_eq!(world.add_record(bulletin("Sun")), BulletinId(8));
    let batch = world.take_step().batch;
    assert_eq!(batch.records.iter().map(|row| row.id).collect::<Vec<_>>(), [8]);
    assert!(batch.deleted_records.is_empty());
}
