//! What staff commands and prototypes do in worlds that the transcripts of `commands/` are not played in: with
//! typeclasses, prototypes and records of a game's own, and with very many objects.

use std::time::Duration;

use meadow::{
    NewObject, ObjectId, Prototype, Record, SCAN_STEP, Swap, TestGame, Typeclass, World, WorldBuilder,
    transcript,
};
use serde::{Deserialize, Serialize};

struct Monster;

impl Typeclass for Monster {
    fn path(&self) -> &'static str {
        "typeclasses.Monster"
    }

    fn at_object_creation(&self, world: &mut World, me: ObjectId) {
        world[me].locks = "get:false();view:all()".into();
        world[me].db.set("hp", 1).expect("a number is JSON");
    }
}

#[derive(Serialize, Deserialize)]
struct Bulletin {
    title: String,
    votes: u32,
}

#[derive(Clone, Copy)]
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

impl Record for Bulletin {
    type Id = BulletinId;
    const KIND: &'static str = "bulletin";

    fn key(&self) -> &str {
        &self.title
    }
}

fn setup(world: &mut WorldBuilder) {
    world.typeclass(&Monster);
    world.records::<Bulletin>();
    world
        .prototype(Prototype::new("Monster").typeclass("typeclasses.Monster").attr("hp", 10).tag("wild", ""));
    world.prototype(Prototype::new("archer").attr("range", 5).attr("hp", 3).key("an archer").alias("bow"));
    world.prototype_text(
        r#"{"prototype_key": "goblin archer", "prototype_parent": ["monster", "archer"], "key": "a goblin archer",
            "locks": "get:all()", "location": "Hall", "mood": "sour"}"#,
    );
    world.at_initial_setup(|world| {
        let hall =
            world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
        world.set_start_location(hall);
        world.add_record(Bulletin { title: "Rats |rhere".into(), votes: 3 });
        Ok(())
    });
}

#[test]
fn prototypes_of_the_game_are_inherited_and_overridden() {
    let mut game = TestGame::new(setup);
    let world = game.world();
    let made = world.spawn("Goblin Archer").unwrap();
    let object = &world[made];
    assert_eq!((object.key(), object.typeclass_path()), ("a goblin archer", "typeclasses.Monster"));
    // Of two parents the last one decides, and the prototype is applied after at_object_creation.
    assert_eq!(object.db.get::<u32>("hp"), Some(3));
    assert_eq!(object.db.get::<u32>("range"), Some(5));
    assert_eq!(object.db.str("mood"), Some("sour"));
    assert_eq!(object.aliases(), ["bow".into()]);
    assert_eq!(&*object.locks, "get:all();view:all()");
    assert_eq!(object.location(), Some(ObjectId(1)));
    assert!(object.has_tag("wild"));

    let chief =
        world.spawn_with("goblin archer", Prototype::default().key("the chief").attr("hp", 50)).unwrap();
    assert_eq!((world[chief].key(), world[chief].db.get("hp")), ("the chief", Some(50)));
    assert_eq!(world.objects_of_prototype("goblin archer"), [made, chief]);
    let both = world.spawn_all(&["monster", "archer"]).unwrap();
    assert_eq!(world[both[0]].key(), "monster");
    assert_eq!(world[both[1]].db.get::<u32>("hp"), Some(3));
    assert!(world.spawn_all(&["monster", "dragon"]).is_err());
    assert!(world.save_prototype(Prototype::new("monster")).is_err());
    assert!(world.delete_prototype("monster").is_err());
}

#[test]
fn a_typeclass_is_exchanged_with_its_hooks() {
    let mut game = TestGame::new(setup);
    let world = game.world();
    let thing = world.create(NewObject { key: "thing", desc: "A thing.", ..NewObject::default() }).unwrap();
    world.set_typeclass(thing, "typeclasses.Monster", Swap::Keep).unwrap();
    assert!(world.is_a(thing, "typeclasses.Monster") && !world[thing].db.has("hp"));
    world.set_typeclass(thing, "typeclasses.Monster", Swap::Create).unwrap();
    assert!(world[thing].db.has("hp") && world[thing].db.has("desc"));
    world.set_typeclass(thing, "typeclasses.Monster", Swap::Reset).unwrap();
    assert!(world[thing].db.has("hp") && !world[thing].db.has("desc"));
    assert!(world.set_typeclass(thing, "typeclasses.Dragon", Swap::Keep).is_err());
    game.reload();
    assert!(game.world().is_a(thing, "typeclasses.Monster"));
}

#[test]
fn staff_see_prototypes_and_records_of_the_game() {
    transcript(
        setup,
        "
@Anna (Admin)
> @spawn/list
Prototype      From  Tags  Description
archer         code
goblin archer  code
monster        code
> @spawn/show monster
prototype_key: monster (the game's code)
typeclass: typeclasses.Monster
tags: [[\"wild\",\"\"]]
attrs:
  hp = 10
objects of it: 0
> @spawn/edit monster = {\"hp\": 1}
The prototype 'monster' is part of the game's code and can't be changed.
> @typeclass/show monster
typeclasses.Monster (on default.Object)
> @spawn monster
Spawned monster(#3).
> @type monster = object
monster(#3) changed typeclass from typeclasses.Monster to default.Object.
at_object_creation was called. Attributes that it had were kept.
> @ex/record bulletin
Records of the kind bulletin (1):
  #1 Rats |rhere
> @ex/record bulletin = rats |rhere
...
Kind: bulletin (#1)
title: Rats |rhere
votes: 3
...
> @ex/record bulletin = #2
There is no bulletin '#2'.
> @ex/record poem
This game keeps no records 'poem'; it keeps: api_audit, ban, bulletin, channel, channel_line, delay, help, monitor, page, prototype, script, session, ticker, web_login.
",
    );
}

#[test]
fn what_looks_at_all_objects_goes_in_steps() {
    let mut game = TestGame::new(setup);
    game.permit("Anna", "Builder");
    game.login("Anna");
    let world = game.world();
    for _ in 0..2 * SCAN_STEP {
        world.create(NewObject { key: "pebble", ..NewObject::default() }).unwrap();
    }
    let last = world.create(NewObject { key: "gem", ..NewObject::default() }).unwrap();
    assert_eq!(game.line("Anna", "@find gem"), "", "the first step is not the last one");
    game.advance(Duration::from_millis(1));
    let told = format!("One Match(#1-#{0}):\n  gem(#{0}) - default.Object", last.0);
    assert_eq!(game.read("Anna"), told);

    game.line("Anna", "@find pebble");
    game.advance(Duration::from_millis(1));
    let told = game.read("Anna");
    assert!(told.starts_with(&format!("{} Matches", 2 * SCAN_STEP)), "{told}");
    // It is too long for one page.
    let told = game.line("Anna", "e");
    let told = told.rsplit_once('\n').map_or("", |(told, _)| told);
    assert!(told.ends_with(&format!("  ... and {} more: narrow the search.", 2 * SCAN_STEP - 200)), "{told}");

    game.line("Anna", "@objects 0");
    game.advance(Duration::from_millis(1));
    assert!(game.read("Anna").contains(&format!(" {}  100.0%", 2 * SCAN_STEP + 3)));
}

#[test]
fn very_many_objects_of_a_prototype_are_updated_in_steps() {
    let mut game = TestGame::new(setup);
    game.permit("Anna", "Builder");
    game.login("Anna");
    game.line("Anna", "@spawn/save rat = {\"key\": \"a rat\"}");
    for _ in 0..1_100 {
        game.world().spawn("rat").unwrap();
    }
    game.line("Anna", "@spawn/edit rat = {\"teeth\": 2}");
    assert_eq!(game.line("Anna", "@spawn/update rat"), "");
    game.advance(Duration::from_millis(1));
    assert_eq!(game.read("Anna"), "Updated 1100 of 1100 objects of the prototype 'rat'.");
    let world = game.world();
    assert!(world.objects_of_prototype("rat").iter().all(|id| world[*id].db.get("teeth") == Some(2)));
}

#[test]
fn what_staff_ask_of_the_portal() {
    let mut game = TestGame::new(setup);
    game.permit("Cleo", "Developer");
    game.login("Cleo");
    game.take_requests();
    for (line, said, asked) in [
        ("@reload", "The game is being reloaded ...", "Reload"),
        ("@restart", "The game is being reloaded ...", "Reload"),
        ("@reset", "The game is being reset ...", "Reset"),
        ("@shutdown", "", "Shutdown"),
        ("@shutdown See you tomorrow!", "The game is shutting down. See you tomorrow!", "Shutdown"),
        ("@services", "", "ListServices"),
        ("@service/list", "", "ListServices"),
        ("@service/stop telnet", "", "Stop"),
        ("@service/start telnet", "", "Start"),
        ("@service/delete clock", "", "Delete"),
    ] {
        assert_eq!(game.line("Cleo", line), said, "{line}");
        let requests = format!("{:?}", game.take_requests());
        assert!(requests.contains(asked), "{line}: {requests}");
    }
    assert_eq!(game.line("Cleo", "@shutdown/now"), "@shutdown has no switches. The game goes on.");
    assert!(game.take_requests().is_empty());
}
