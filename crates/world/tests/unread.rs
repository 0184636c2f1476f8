//! Rows that this program cannot read, or that name what is gone: they are shown to staff, and nothing of them is lost.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

use meadow_link::Time;
use meadow_world::{
    AccountId, AccountRow, Broken, BrokenRow, NewObject, ObjectId, ObjectRow, RecordRow, Snapshot, Typeclass,
    World, WorldBuilder,
};
use serde_json::{Value, json};

const NOW: Time = Time::from_micros(1);
const ROSE: ObjectId = ObjectId(1);

fn load(mut snapshot: Snapshot) -> World {
    // As in every world that has lived.
    snapshot.config.push(("created".into(), "1".into()));
    WorldBuilder::new("t").load(snapshot, NOW).unwrap()
}

fn with(objects: Vec<ObjectRow>) -> World {
    load(Snapshot { objects, ..Snapshot::default() })
}

fn row(id: u64) -> ObjectRow {
    ObjectRow {
        id,
        key: format!("thing {id}"),
        typeclass: "default.Object".into(),
        aliases: "[]".into(),
        tags: "[]".into(),
        permissions: "[]".into(),
        attributes: "{}".into(),
        ..ObjectRow::default()
    }
}

fn all_broken() -> ObjectRow {
    ObjectRow {
        aliases: "[1]".into(),
        tags: "{".into(),
        permissions: "null!".into(),
        attributes: "[\"no map\"]".into(),
        ..row(1)
    }
}

fn account() -> AccountRow {
    AccountRow {
        id: 1,
        name: "Anna".into(),
        permissions: "[".into(),
        characters: "[\"one\"]".into(),
        attributes: "".into(),
        ..AccountRow::default()
    }
}

/// The row of the only object that has changed.
fn stored(world: &mut World) -> ObjectRow {
    let mut objects = world.take_step().batch.objects;
    assert_eq!(objects.len(), 1);
    objects.remove(0)
}

fn why(world: &World, id: ObjectId) -> String {
    world.why_broken(id).join("\n")
}

#[test]
fn what_can_not_be_read_is_stored_again_as_it_was() {
    let mut world = with(vec![all_broken()]);
    assert!(world.take_step().batch.objects.is_empty(), "loading alone stores nothing");
    assert!(world[ROSE].is_broken());
    world[ROSE].locks = "get:false()".into();
    world.rename(ROSE, "rose");
    let kept = ObjectRow { locks: "get:false()".into(), key: "rose".into(), ..all_broken() };
    assert_eq!(stored(&mut world), kept);
    let reasons = why(&with(vec![kept]), ROSE);
    for column in ["aliases", "tags", "permissions", "attributes"] {
        assert!(reasons.contains(&format!("its {column} can't be read")), "{reasons}");
    }
}

#[test]
fn a_column_that_is_set_anew_leaves_its_text_in_an_attribute() {
    let mut world = with(vec![ObjectRow { attributes: r#"{"a":1}"#.into(), ..all_broken() }]);
    world.set_aliases(ROSE, &["flower"]);
    let row = stored(&mut world);
    assert_eq!(row.aliases, r#"["flower"]"#);
    assert_eq!((&*row.tags, &*row.permissions), ("{", "null!"));
    assert_eq!(
        serde_json::from_str::<Value>(&row.attributes).unwrap(),
        json!({ "a": 1, "_unread": { "aliases": "[1]" } })
    );
    // It can be emptied again, and the old text does not come back by itself.
    world.set_aliases(ROSE, &[]);
    world.add_tag(ROSE, "red", "");
    let row = stored(&mut world);
    assert_eq!((&*row.aliases, &*row.tags), ("[]", r#"[{"key":"red"}]"#));
    let mut world = with(vec![row]);
    assert_eq!(world[ROSE].db["_unread"], json!({ "aliases": "[1]", "tags": "{" }));
    assert!(
        why(&world, ROSE).contains("its attribute _unread keeps what could not be read of its aliases, tags")
    );
    world[ROSE].permissions.push("x".into());
    world[ROSE].db.remove("_unread");
    assert_eq!(stored(&mut world).attributes, r#"{"_unread":{"permissions":"null!"},"a":1}"#);
    world[ROSE].db.remove("_unread");
    assert!(!world[ROSE].is_broken());
    assert_eq!(stored(&mut world).attributes, r#"{"a":1}"#);
}

#[test]
fn attributes_that_are_set_anew_keep_the_text_among_them() {
    let mut world = with(vec![all_broken()]);
    world[ROSE].db.set("colour", "red").unwrap();
    let row = stored(&mut world);
    assert_eq!(
        serde_json::from_str::<Value>(&row.attributes).unwrap(),
        json!({ "colour": "red", "_unread": { "attributes": "[\"no map\"]" } })
    );
    assert_eq!((&*row.aliases, &*row.tags, &*row.permissions), ("[1]", "{", "null!"));
}

#[test]
fn an_account_is_kept_as_well() {
    let mut world = load(Snapshot { accounts: vec![account()], ..Snapshot::default() });
    let anna = AccountId(1);
    assert!(world[anna].is_broken());
    world[anna].password = "new".into();
    let kept = AccountRow { password: "new".into(), ..account() };
    assert_eq!(world.take_step().batch.accounts, [kept]);
    world[anna].permissions.push("Player".into());
    let row = world.take_step().batch.accounts.remove(0);
    assert_eq!((&*row.permissions, &*row.characters), (r#"["Player"]"#, "[\"one\"]"));
    assert_eq!(row.attributes, r#"{"_unread":{"permissions":"[","attributes":""}}"#);
}

#[test]
fn a_place_that_is_no_more_is_remembered_until_it_is_moved() {
    let lost = ObjectRow { location: Some(99), ..row(1) };
    let mut world = with(vec![lost.clone(), row(2)]);
    assert_eq!(world[ROSE].location(), None);
    assert!(world[ROSE].is_broken() && why(&world, ROSE).contains("it was in #99, which is no more"));
    world[ROSE].locks = "get:all()".into();
    assert_eq!(stored(&mut world).location, Some(99));
    world.place(ROSE, Some(ObjectId(2)));
    assert_eq!(stored(&mut world).location, Some(2));
    world.place(ROSE, None);
    assert_eq!(stored(&mut world).location, None);
    assert!(!world[ROSE].is_broken());
    // It is back when its place is: the row of the place had been lost, and was put back.
    let world = with(vec![lost, row(99)]);
    assert_eq!(world[ObjectId(99)].contents(), [ROSE]);
}

struct Dragon;

impl Typeclass for Dragon {
    fn path(&self) -> &'static str {
        "games.Dragon"
    }
}

#[test]
fn a_typeclass_is_back_when_the_game_knows_it_again() {
    let dragon = ObjectRow { typeclass: "games.Dragon".into(), ..row(1) };
    let mut world = with(vec![dragon]);
    assert!(world[ROSE].is_broken() && why(&world, ROSE).contains("games.Dragon is not known"));
    assert_eq!(world[ROSE].typeclass().path(), "default.Object");
    world[ROSE].db.set("fire", true).unwrap();
    let row = stored(&mut world);
    let mut builder = WorldBuilder::new("t");
    builder.typeclass(&Dragon);
    let world = builder.load(Snapshot { objects: vec![row], ..Snapshot::default() }, NOW).unwrap();
    assert_eq!(world[ROSE].typeclass().path(), "games.Dragon");
    assert!(!world[ROSE].is_broken() && world[ROSE].db["fire"] == true);
}

#[test]
fn staff_is_shown_everything_that_is_broken_and_nothing_else() {
    let mut world = load(Snapshot {
        objects: vec![
            row(1),
            ObjectRow { home: Some(98), destination: Some(97), account: Some(9), ..row(2) },
            ObjectRow { tags: "x".into(), ..row(3) },
        ],
        accounts: vec![AccountRow {
            characters: "[1,96]".into(),
            last_puppet: Some(95),
            permissions: "[]".into(),
            attributes: "{}".into(),
            ..account()
        }],
        records: vec![RecordRow { kind: "banner".into(), id: 4, ..RecordRow::default() }],
        ..Snapshot::default()
    });
    let broken = world.broken();
    let rows: Vec<&BrokenRow> = broken.iter().map(|broken| &broken.row).collect();
    assert_eq!(
        rows,
        [
            &BrokenRow::Object(ObjectId(2)),
            &BrokenRow::Object(ObjectId(3)),
            &BrokenRow::Account(AccountId(1)),
            &BrokenRow::Record("banner".into(), 4),
        ]
    );
    let text = |broken: &Broken| broken.why.join("\n");
    for lost in ["its home is #98", "its destination is #97", "account 9, which is no more"] {
        assert!(text(&broken[0]).contains(lost), "{broken:?}");
    }
    assert!(text(&broken[2]).contains("#96") && text(&broken[2]).contains("#95"), "{broken:?}");
    assert!(!text(&broken[2]).contains("#1,"), "{broken:?}");
    let whole = world.create(NewObject { key: "whole", ..NewObject::default() }).unwrap();
    assert!(!world[whole].is_broken() && world.why_broken(whole).is_empty());
}
