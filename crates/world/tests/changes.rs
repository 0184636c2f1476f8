//! What is handed to the store, and that the world made of it again is the same.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

use std::collections::BTreeMap;

use meadow_link::Time;
use meadow_world::{
    AccountRow, Batch, Channel, NewObject, ObjectId, ObjectRow, RecordRow, Snapshot, World, WorldBuilder,
};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

const NOW: Time = Time::from_micros(1);

fn load(snapshot: Snapshot) -> World {
    WorldBuilder::new("t").load(snapshot, NOW).unwrap()
}

fn thing(world: &mut World, key: &str, location: Option<ObjectId>) -> ObjectId {
    world.create(NewObject { key, location, ..NewObject::default() }).unwrap()
}

fn row(id: u64, location: Option<u64>) -> ObjectRow {
    ObjectRow {
        id,
        key: format!("thing {id}"),
        typeclass: "default.Object".into(),
        location,
        aliases: "[]".into(),
        tags: "[]".into(),
        permissions: "[]".into(),
        attributes: "{}".into(),
        ..ObjectRow::default()
    }
}

fn changed(batch: &Batch) -> Vec<u64> {
    let mut ids: Vec<u64> = batch.objects.iter().map(|row| row.id).collect();
    ids.sort_unstable();
    ids
}

/// What a store keeps: the last row of each number.
#[derive(Default, Clone)]
struct Kept {
    objects: BTreeMap<u64, ObjectRow>,
    accounts: BTreeMap<u64, AccountRow>,
    records: BTreeMap<(String, u64), RecordRow>,
    config: BTreeMap<String, String>,
}

impl Kept {
    fn apply(&mut self, batch: Batch) {
        self.objects.extend(batch.objects.into_iter().map(|row| (row.id, row)));
        for id in batch.deleted_objects {
            self.objects.remove(&id);
        }
        self.accounts.extend(batch.accounts.into_iter().map(|row| (row.id, row)));
        self.records.extend(batch.records.into_iter().map(|row| ((row.kind.clone(), row.id), row)));
        for name in batch.deleted_records {
            self.records.remove(&name);
        }
        self.config.extend(batch.config);
    }

    /// What has changed since it was like this.
    fn since(&self, before: &Kept) -> Batch {
        fn rows<K: Ord, R: Clone + PartialEq>(now: &BTreeMap<K, R>, before: &BTreeMap<K, R>) -> Vec<R> {
            let changed = now.iter().filter(|(name, row)| before.get(name) != Some(row));
            changed.map(|(_, row)| row.clone()).collect()
        }
        fn gone<K: Ord + Clone, R>(now: &BTreeMap<K, R>, before: &BTreeMap<K, R>) -> Vec<K> {
            before.keys().filter(|name| !now.contains_key(name)).cloned().collect()
        }
        Batch {
            objects: rows(&self.objects, &before.objects),
            deleted_objects: gone(&self.objects, &before.objects),
            accounts: rows(&self.accounts, &before.accounts),
            deleted_accounts: gone(&self.accounts, &before.accounts),
            records: rows(&self.records, &before.records),
            deleted_records: gone(&self.records, &before.records),
            config: self.config.clone().into_iter().collect(),
            ..Batch::default()
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot {
            // Rows may come in any order.
            objects: self.objects.values().rev().cloned().collect(),
            accounts: self.accounts.values().rev().cloned().collect(),
            records: self.records.values().rev().cloned().collect(),
            config: self.config.clone().into_iter().collect(),
            ..Snapshot::default()
        }
    }
}

#[test]
fn any_mutable_access_is_a_change_and_reading_is_none() {
    let mut world = load(Snapshot::default());
    let room = thing(&mut world, "room", None);
    let rose = thing(&mut world, "rose", Some(room));
    assert_eq!(changed(&world.take_step().batch), [room.0, rose.0]);

    let _ = (world[rose].key(), world.object(rose), world.objects().count(), world.objects_named("rose"));
    assert!(world.take_step().batch.is_empty());

    world[rose].db.set("thorns", 3).unwrap();
    world[rose].locks = "get:false()".into();
    let step = world.take_step();
    assert_eq!(changed(&step.batch), [rose.0], "once, however often it changes");
    assert_eq!(step.batch.objects[0].attributes, r#"{"thorns":3}"#);
    assert_eq!(step.batch.objects[0].locks, "get:false()");
    assert!(world.take_step().batch.is_empty(), "it is handed out once");

    world[rose].permissions.push("x".into());
    assert_eq!(changed(&world.take_step().batch), [rose.0], "and marked again by the next change");
}

#[test]
fn each_way_of_changing_marks_what_it_changes() {
    let mut world = load(Snapshot::default());
    let (room, other) = (thing(&mut world, "room", None), thing(&mut world, "other", None));
    let rose = thing(&mut world, "rose", Some(room));
    world.take_step();
    type Change = fn(&mut World, ObjectId, ObjectId);
    let ways: [(&str, Change); 7] = [
        ("rename", |world, rose, _| world.rename(rose, "tulip")),
        ("aliases", |world, rose, _| world.set_aliases(rose, &["flower"])),
        ("destination", |world, rose, other| world.set_destination(rose, Some(other))),
        ("tag", |world, rose, _| world.add_tag(rose, "red", "")),
        ("untag", |world, rose, _| world.remove_tag(rose, "red", "")),
        ("move", |world, rose, other| world.move_to(rose, other).unwrap()),
        ("place", |world, rose, _| world.place(rose, None)),
    ];
    for (name, change) in ways {
        change(&mut world, rose, other);
        assert_eq!(changed(&world.take_step().batch), [rose.0], "{name}: the thing, not the places");
    }
}

#[test]
fn what_is_destroyed_is_handed_out_as_such() {
    let mut world = load(Snapshot::default());
    let rose = thing(&mut world, "rose", None);
    world.take_step();
    world.rename(rose, "tulip");
    world.destroy(rose).unwrap();
    let batch = world.take_step().batch;
    assert_eq!((changed(&batch), batch.deleted_objects), (vec![], vec![rose.0]));
}

#[test]
fn the_worlds_own_values_are_stored() {
    let mut world = load(Snapshot::default());
    world.take_step();
    world.set_config("season", "spring");
    world.set_config("season", "summer");
    assert_eq!(world.take_step().batch.config, [("season".to_owned(), "summer".to_owned())]);
    assert!(world.take_step().batch.is_empty());
}

#[test]
fn an_unknown_typeclass_is_kept() {
    let mut world = load(Snapshot {
        objects: vec![ObjectRow { typeclass: "games.Dragon".into(), ..row(7, None) }],
        ..Snapshot::default()
    });
    let dragon = ObjectId(7);
    assert_eq!(world[dragon].typeclass().path(), "default.Object");
    assert_eq!(world[dragon].typeclass_path(), "games.Dragon");
    world.rename(dragon, "Smaug");
    assert_eq!(world.take_step().batch.objects[0].typeclass, "games.Dragon");
}

#[test]
fn places_that_are_no_more_are_forgiven() {
    let world = load(Snapshot {
        objects: vec![
            row(1, Some(99)),
            row(2, Some(1)),
            ObjectRow { destination: Some(99), home: Some(99), ..row(3, Some(2)) },
        ],
        ..Snapshot::default()
    });
    assert_eq!(world[ObjectId(1)].location(), None);
    assert_eq!(world[ObjectId(1)].contents(), [ObjectId(2)]);
    assert_eq!(world[ObjectId(2)].contents(), [ObjectId(3)]);
}

#[test]
fn what_was_inside_itself_is_taken_out() {
    let mut world = load(Snapshot {
        objects: vec![row(1, Some(3)), row(2, Some(1)), row(3, Some(2)), row(4, Some(3)), row(5, Some(5))],
        ..Snapshot::default()
    });
    for id in 1..=5 {
        let mut at = Some(ObjectId(id));
        for _ in 0..5 {
            at = at.and_then(|at| world[at].location());
        }
        assert_eq!(at, None, "{id} is somewhere that ends");
    }
    let inside: usize = world.objects().map(|object| object.contents().len()).sum();
    assert_eq!(inside, 3, "one link of each loop is cut, the others hold");
    let room = thing(&mut world, "room", None);
    for id in 1..=5 {
        world.move_to(ObjectId(id), room).unwrap();
    }
    assert_eq!(world[room].contents().len(), 5);
}

#[test]
fn columns_that_can_not_be_read_cost_only_themselves() {
    let broken =
        ObjectRow { aliases: "{".into(), attributes: r#"{"a":1}"#.into(), tags: "7".into(), ..row(1, None) };
    let world = load(Snapshot { objects: vec![broken], ..Snapshot::default() });
    let object = &world[ObjectId(1)];
    assert!(object.aliases().is_empty() && object.tags().is_empty());
    assert_eq!(object.db["a"], 1);
}

#[test]
fn labels_are_tidied_when_read() {
    let tags = r#"[{"key":"Night"},{"key":"night"},{"key":"NIGHT","category":"Time"}]"#;
    let world = load(Snapshot {
        objects: vec![ObjectRow { tags: tags.into(), ..row(1, None) }],
        ..Snapshot::default()
    });
    assert_eq!(world.objects_tagged("night", ""), [ObjectId(1)]);
    assert_eq!(world.objects_tagged("night", "time"), [ObjectId(1)]);
    assert_eq!(world[ObjectId(1)].tags().len(), 2);
}

// A story of random changes, stored batch by batch.

#[derive(Debug, Clone)]
enum Change {
    Create { key: String, at: usize, kind: usize },
    Destroy(usize),
    Place(usize, Option<usize>),
    Lead(usize, Option<usize>),
    Rename(usize, String),
    Tag(usize, String, String),
    Untag(usize, String, String),
    Set(usize, String, Value),
    Locks(usize, String),
    Home(usize, usize),
    Account(String),
    Config(String, String),
    Step,
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(|float| json!(float)),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((".*", inner), 0..3).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn change() -> impl Strategy<Value = Change> {
    let name = "[a-cA-Cß ]{0,3}";
    prop_oneof![
        6 => (name, 0..20usize, 0..4usize).prop_map(|(key, at, kind)| Change::Create { key, at, kind }),
        1 => (0..20usize).prop_map(Change::Destroy),
        3 => (0..20usize, proptest::option::of(0..20usize)).prop_map(|(id, at)| Change::Place(id, at)),
        2 => (0..20usize, proptest::option::of(0..20usize)).prop_map(|(id, to)| Change::Lead(id, to)),
        1 => (0..20usize, name).prop_map(|(id, key)| Change::Rename(id, key)),
        2 => (0..20usize, name, name).prop_map(|(id, key, category)| Change::Tag(id, key, category)),
        1 => (0..20usize, name, name).prop_map(|(id, key, category)| Change::Untag(id, key, category)),
        2 => (0..20usize, ".{0,4}", value()).prop_map(|(id, name, value)| Change::Set(id, name, value)),
        1 => (0..20usize, ".{0,9}").prop_map(|(id, locks)| Change::Locks(id, locks)),
        1 => (0..20usize, 0..20usize).prop_map(|(id, home)| Change::Home(id, home)),
        1 => "[A-Z][a-z]{3,6}".prop_map(Change::Account),
        1 => (name, name).prop_map(|(name, value)| Change::Config(name, value)),
        3 => Just(Change::Step),
    ]
}

fn apply(world: &mut World, kept: &mut Kept, change: Change) {
    let ids: Vec<ObjectId> = world.objects().map(|object| object.id()).collect();
    let of = |at: usize| ids.get(at % ids.len().max(1)).copied();
    let known = |at: usize| of(at).unwrap_or(ObjectId(0));
    match change {
        Change::Step => kept.apply(world.take_step().batch),
        Change::Config(name, value) => world.set_config(&name, value),
        Change::Account(name) => {
            let _ = world.create_account_unchecked(&name, "hash");
        }
        Change::Create { key, at, kind } => {
            let typeclass = ["default.Object", "default.Room", "default.Exit", "default.Character"][kind];
            let location = of(at);
            world.create(NewObject { key: &key, typeclass, location, ..NewObject::default() }).unwrap();
        }
        _ if ids.is_empty() => {}
        Change::Destroy(id) => world.destroy(known(id)).unwrap(),
        Change::Place(id, at) => world.place(known(id), at.and_then(of)),
        Change::Lead(id, to) => world.set_destination(known(id), to.and_then(of)),
        Change::Rename(id, key) => world.rename(known(id), &key),
        Change::Tag(id, key, category) => world.add_tag(known(id), &key, &category),
        Change::Untag(id, key, category) => world.remove_tag(known(id), &key, &category),
        Change::Set(id, name, value) => world[known(id)].db.set(&name, value).unwrap(),
        Change::Locks(id, locks) => world[known(id)].locks = locks.into(),
        Change::Home(id, home) => world[known(id)].home = of(home),
    }
}

fn sorted(ids: &[ObjectId]) -> Vec<ObjectId> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids
}

fn assert_same(one: &World, other: &World) {
    let ids = |world: &World| world.objects().map(|object| object.id()).collect::<Vec<_>>();
    assert_eq!(ids(one), ids(other));
    for a in one.objects() {
        let b = &other[a.id()];
        assert_eq!((a.key(), a.aliases(), a.tags()), (b.key(), b.aliases(), b.tags()));
        assert_eq!((a.location(), a.home, a.destination()), (b.location(), b.home, b.destination()));
        assert_eq!((a.typeclass_path(), a.created, a.account), (b.typeclass_path(), b.created, b.account));
        assert_eq!((&a.locks, &a.permissions, &a.db), (&b.locks, &b.permissions, &b.db));
        assert_eq!(sorted(a.contents()), sorted(b.contents()));
        assert_eq!(sorted(one.objects_named(a.key())), sorted(other.objects_named(a.key())));
        for tag in a.tags() {
            let found = |world: &World| sorted(world.objects_tagged(&tag.key, &tag.category));
            assert_eq!(found(one), found(other));
        }
    }
    for a in one.accounts() {
        let b = &other[a.id()];
        assert_eq!((a.name(), &a.characters, a.last_puppet), (b.name(), &b.characters, b.last_puppet));
        assert_eq!((&a.password, &a.permissions, &a.db), (&b.password, &b.permissions, &b.db));
        assert_eq!(other.account_named(a.name()), Some(a.id()));
    }
    assert_eq!(one.accounts().count(), other.accounts().count());
    assert_eq!(one.start_location(), other.start_location());
}

/// The indexes, against a look at everything.
fn assert_indexed(world: &World) {
    for place in world.objects() {
        let inside: Vec<ObjectId> = world
            .objects()
            .filter(|object| object.location() == Some(place.id()))
            .map(|object| object.id())
            .collect();
        assert_eq!(sorted(place.contents()), inside);
        let named: Vec<ObjectId> = world
            .objects()
            .filter(|object| object.key().to_lowercase() == place.key().to_lowercase())
            .map(|object| object.id())
            .collect();
        assert_eq!(sorted(world.objects_named(place.key())), named);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_world_made_of_its_batches_is_the_same(story in vec(change(), 0..60)) {
        let mut world = load(Snapshot::default());
        let mut kept = Kept::default();
        for change in story {
            apply(&mut world, &mut kept, change);
        }
        kept.apply(world.take_step().batch);
        assert_indexed(&world);
        let mut again = load(kept.snapshot());
        assert_indexed(&again);
        assert_same(&world, &again);
        prop_assert!(again.take_step().batch.is_empty(), "loading changes nothing");

        // Destroying everything leaves nothing, in the world that has lived and in the one that was loaded.
        for world in [&mut world, &mut again] {
            let ids: Vec<ObjectId> = world.objects().map(|object| object.id()).collect();
            for id in ids {
                if world.exists(id) {
                    world.destroy(id).unwrap();
                }
            }
            prop_assert_eq!(world.objects().count(), 0);
        }
        prop_assert_eq!(world.take_step().batch.deleted_objects.len(), kept.objects.len());
        // The next object has the same number in both.
        prop_assert_eq!(thing(&mut world, "next", None), thing(&mut again, "next", None));
    }
    /// The changes of a standby's time, taken in row by row, leave the world that a full load leaves.
    #[test]
    fn a_world_that_caught_up_is_the_one_that_is_loaded(
        before in vec(change(), 0..40),
        after in vec(change(), 0..40),
    ) {
        let mut world = load(Snapshot::default());
        let mut kept = Kept::default();
        before.into_iter().for_each(|change| apply(&mut world, &mut kept, change));
        kept.apply(world.take_step().batch);
        let then = kept.clone();
        let ready = WorldBuilder::new("t").prepare(then.snapshot(), NOW);
        after.into_iter().for_each(|change| apply(&mut world, &mut kept, change));
        kept.apply(world.take_step().batch);

        let caught_up = ready.catch_up(kept.since(&then));
        let mut caught_up = caught_up.expect("it fits").start(NOW).unwrap();
        let mut loaded = load(kept.snapshot());
        assert_indexed(&caught_up);
        assert_same(&caught_up, &loaded);
        for object in loaded.objects() {
            let same = &caught_up[object.id()];
            assert_eq!(object.contents(), same.contents(), "in the same order");
        }
        prop_assert_eq!(caught_up.records::<Channel>().count(), loaded.records::<Channel>().count());
        prop_assert!(caught_up.take_step().batch.is_empty(), "catching up changes nothing");
        // Exits end with what they lead to, and what is destroyed leaves the same behind.
        let ids: Vec<ObjectId> = loaded.objects().map(|object| object.id()).collect();
        for id in ids.iter().step_by(2) {
            for world in [&mut caught_up, &mut loaded] {
                if world.exists(*id) {
                    world.destroy(*id).unwrap();
                }
            }
        }
        assert_same(&caught_up, &loaded);
        prop_assert_eq!(thing(&mut caught_up, "next", None), thing(&mut loaded, "next", None));
    }
}
