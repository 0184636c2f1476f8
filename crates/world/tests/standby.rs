//! A world that stands by begins once, when it has caught up; and says so when it can't.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

use meadow_link::{SessionId, Time};
use meadow_world::{
    AccountRow, Batch, ObjectId, ObjectRow, Snapshot, StandbyWorld, Typeclass, World, WorldBuilder,
};

const EARLY: Time = Time::from_micros(1);
const LATE: Time = Time::from_micros(2);

struct Clock;

impl Typeclass for Clock {
    fn path(&self) -> &'static str {
        "games.Clock"
    }
    fn at_server_start(&self, world: &mut World, me: ObjectId) {
        let started: u64 = world[me].db.get("started").unwrap_or_default();
        world[me].db.set("started", started + 1).unwrap();
        let now = world.now().micros();
        world[me].db.set("at", now).unwrap();
    }
}

fn object(id: u64, location: Option<u64>) -> ObjectRow {
    ObjectRow {
        id,
        key: format!("thing {id}"),
        typeclass: "games.Clock".into(),
        location,
        aliases: "[]".into(),
        tags: "[]".into(),
        permissions: "[]".into(),
        attributes: "{}".into(),
        ..ObjectRow::default()
    }
}

fn prepare(objects: Vec<ObjectRow>) -> StandbyWorld {
    let mut builder = WorldBuilder::new("t");
    builder.typeclass(&Clock);
    builder.prepare(Snapshot { objects, ..Snapshot::default() }, EARLY)
}

fn changed(objects: Vec<ObjectRow>, deleted_objects: Vec<u64>) -> Batch {
    Batch { objects, deleted_objects, ..Batch::default() }
}

#[test]
fn hooks_run_once_and_after_the_catch_up() {
    let ready = prepare(vec![object(1, None), object(2, Some(1)), object(3, Some(1))]);
    let since = Batch {
        config: vec![("created".into(), "1".into()), ("season".into(), "spring".into())],
        applied: vec![(SessionId(7), 8)],
        ..changed(vec![ObjectRow { key: "new".into(), ..object(2, None) }, object(4, Some(1))], vec![3])
    };
    let world = ready.catch_up(since).unwrap().start(LATE).unwrap();
    let ids: Vec<u64> = world.objects().map(|object| object.id().0).collect();
    assert_eq!(ids, [1, 2, 4]);
    for object in world.objects() {
        assert_eq!((object.db["started"].as_u64(), object.db["at"].as_u64()), (Some(1), Some(2)));
    }
    assert_eq!(world[ObjectId(1)].contents(), [ObjectId(4)]);
    assert_eq!(world[ObjectId(2)].key(), "new");
    assert_eq!((world.config("season"), world.started()), (Some("spring"), LATE));
}

#[test]
fn an_account_is_known_by_its_new_name_only() {
    let account = |name: &str| AccountRow { id: 1, name: name.into(), ..AccountRow::default() };
    let snapshot = Snapshot { accounts: vec![account("Anna")], ..Snapshot::default() };
    let ready = WorldBuilder::new("t").prepare(snapshot, EARLY);
    let since = Batch { accounts: vec![account("Berta")], ..Batch::default() };
    let world = ready.catch_up(since).unwrap().start(LATE).unwrap();
    assert!(world.account_named("anna").is_none() && world.account_named("berta").is_some());
    let snapshot = Snapshot { accounts: vec![account("Anna")], ..Snapshot::default() };
    let ready = WorldBuilder::new("t").prepare(snapshot, EARLY);
    let since = Batch { deleted_accounts: vec![1], ..Batch::default() };
    let world = ready.catch_up(since).unwrap().start(LATE).unwrap();
    assert!(world.account_named("anna").is_none() && world.accounts().next().is_none());
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |before: Vec<ObjectRow>, since: Batch| prepare(before).catch_up(since).is_none();
    let whole = || vec![object(1, None), object(2, Some(1))];
    assert!(!refused(whole(), Batch::default()));
    assert!(refused(whole(), changed(vec![], vec![1])), "what is in it has not heard of its end");
    assert!(refused(whole(), changed(vec![object(2, Some(9))], vec![])), "a place that is not there");
    assert!(refused(whole(), changed(vec![object(1, Some(2))], vec![])), "a loop");
    assert!(refused(vec![object(2, Some(9))], Batch::default()), "it had lost its place before");
    let exit = ObjectRow { destination: Some(9), ..object(2, None) };
    assert!(!refused(vec![exit.clone()], Batch::default()));
    assert!(
        refused(vec![exit], changed(vec![object(9, None)], vec![])),
        "an exit leads to it, and was not told"
    );
    let account = |id, name: &str| AccountRow { id, name: name.into(), ..AccountRow::default() };
    let twins = Batch { accounts: vec![account(1, "Anna"), account(2, "ANNA")], ..Batch::default() };
    assert!(refused(whole(), twins), "two of one name");
}
