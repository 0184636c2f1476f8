//! Objects made, moved, renamed, labelled and destroyed through the public API, and the indexes that follow.

#![allow(clippy::unwrap_used, reason = "a story that cannot be built is a failed test")]

use meadow_link::{SessionId, SessionSync, Time, ToServer};
use meadow_world::{NewObject, ObjectId, Result, Snapshot, Stop, Typeclass, World, WorldBuilder, say};

const NOW: Time = Time::from_micros(1);

/// A thing that won't go.
struct Stubborn;

impl Typeclass for Stubborn {
    fn path(&self) -> &'static str {
        "test.Stubborn"
    }

    fn at_object_delete(&self, _world: &mut World, _me: ObjectId) -> Result {
        Err(say("No!"))
    }

    fn at_pre_move(&self, _world: &mut World, _me: ObjectId, _destination: ObjectId) -> Result {
        Err(say("I stay."))
    }
}

fn world() -> World {
    let mut builder = WorldBuilder::new("t");
    builder.typeclass(&Stubborn);
    builder.load(Snapshot::default(), NOW).unwrap()
}

fn thing(world: &mut World, key: &str, location: Option<ObjectId>) -> ObjectId {
    world.create(NewObject { key, location, ..NewObject::default() }).unwrap()
}

fn exit(world: &mut World, key: &str, from: ObjectId, to: ObjectId) -> ObjectId {
    let new = NewObject {
        key,
        typeclass: "default.Exit",
        location: Some(from),
        destination: Some(to),
        ..NewObject::default()
    };
    world.create(new).unwrap()
}

fn said(result: Result) -> String {
    match result {
        Err(Stop::Say(told)) => told,
        other => panic!("{other:?} tells the player nothing"),
    }
}

#[test]
fn what_is_created_is_as_it_was_asked_for() {
    let mut world = world();
    let room = thing(&mut world, "Meadow", None);
    let rose = world
        .create(NewObject {
            key: "Rose",
            location: Some(room),
            home: Some(room),
            aliases: &["flower"],
            desc: "It is red.",
            ..NewObject::default()
        })
        .unwrap();
    let object = &world[rose];
    assert_eq!((object.id(), object.key(), object.desc()), (rose, "Rose", Some("It is red.")));
    assert_eq!((object.location(), object.home, object.destination()), (Some(room), Some(room), None));
    assert_eq!((object.typeclass_path(), object.created), ("default.Object", NOW));
    assert!(object.answers_to("FLOWER") && object.answers_to("rose") && !object.answers_to("ros"));
    assert_eq!(world[room].contents(), [rose]);
}

#[test]
fn nothing_is_created_of_what_there_is_not() {
    let mut world = world();
    let nowhere = Some(ObjectId(99));
    for new in [
        NewObject { typeclass: "no.Such", ..NewObject::default() },
        NewObject { location: nowhere, ..NewObject::default() },
        NewObject { home: nowhere, ..NewObject::default() },
        NewObject { destination: nowhere, ..NewObject::default() },
    ] {
        assert!(matches!(world.create(new.clone()), Err(Stop::Bug(_))), "{new:?}");
    }
    assert_eq!(world.objects().count(), 0);
}

#[test]
fn numbers_are_never_used_again() {
    let mut world = world();
    let first = thing(&mut world, "a", None);
    let last = thing(&mut world, "b", None);
    world.destroy(last).unwrap();
    let next = thing(&mut world, "c", None);
    assert!(first < last && last < next);
}

#[test]
fn moving_is_refused_or_done() {
    let mut world = world();
    let room = thing(&mut world, "room", None);
    let bag = thing(&mut world, "bag", Some(room));
    let rose = thing(&mut world, "rose", Some(room));
    world.move_to(rose, bag).unwrap();
    assert_eq!((world[room].contents(), world[bag].contents()), (&[bag][..], &[rose][..]));
    world.move_quietly(rose, room).unwrap();
    assert_eq!((world[room].contents(), world[bag].contents()), (&[bag, rose][..], &[][..]));

    let stone = world
        .create(NewObject {
            key: "stone",
            typeclass: "test.Stubborn",
            location: Some(room),
            ..NewObject::default()
        })
        .unwrap();
    assert_eq!(said(world.move_to(stone, bag)), "I stay.");
    assert_eq!(said(world.move_quietly(stone, bag)), "I stay.");
    assert_eq!(world[stone].location(), Some(room));
    assert_eq!(said(world.move_to(rose, ObjectId(99))), "That place is no more.");
}

#[test]
fn nothing_gets_inside_itself() {
    let mut world = world();
    let room = thing(&mut world, "room", None);
    let chest = thing(&mut world, "chest", Some(room));
    let bag = thing(&mut world, "bag", Some(chest));
    let purse = thing(&mut world, "purse", Some(bag));
    for inner in [chest, bag, purse] {
        assert_eq!(said(world.move_to(chest, inner)), "It can't be put inside itself.");
        assert_eq!(said(world.move_quietly(chest, inner)), "It can't be put inside itself.");
        world.place(chest, Some(inner));
        assert_eq!(world[chest].location(), Some(room), "without hooks neither");
    }
    world.place(chest, Some(ObjectId(99)));
    assert_eq!(world[chest].location(), Some(room));
    assert_eq!(world[bag].contents(), [purse]);
}

#[test]
fn what_was_in_a_destroyed_place_goes_home() {
    let mut world = world();
    let start = thing(&mut world, "start", None);
    let home = thing(&mut world, "home", None);
    let room = thing(&mut world, "room", None);
    world.set_start_location(start);
    let mut lost = |key, home| {
        world.create(NewObject { key, home, location: Some(room), ..NewObject::default() }).unwrap()
    };
    let (homely, homeless, local, box_) =
        (lost("a", Some(home)), lost("b", None), lost("c", Some(room)), lost("d", None));
    let inner = thing(&mut world, "e", Some(box_));
    world[box_].home = Some(inner);
    world.destroy(room).unwrap();
    assert!(!world.exists(room));
    assert_eq!(world[homely].location(), Some(home));
    assert_eq!(world[homeless].location(), Some(start));
    assert_eq!(world[local].location(), Some(start), "its home is what is destroyed");
    assert_eq!(world[box_].location(), Some(start), "its home is in itself");
    assert_eq!(world[inner].location(), Some(box_));
    world.destroy(start).unwrap();
    assert_eq!(world[homeless].location(), None, "there is no place left for it");
}

#[test]
fn whoever_stands_in_a_destroyed_place_is_told() {
    let mut world = world();
    let home = thing(&mut world, "The Green", None);
    let room = thing(&mut world, "room", None);
    world.set_start_location(home);
    let account = world.create_account_unchecked("Anna", "hash").unwrap();
    let body = world[account].characters[0];
    let id = SessionId(1);
    world.handle(NOW, ToServer::Connect(SessionSync::new(id, "telnet", "127.0.0.1", NOW)));
    world.login(id, account);
    world.place(body, Some(room));
    world.take_step();
    world.destroy(room).unwrap();
    assert_eq!(world[body].location(), Some(home));
    let told = format!("{:?}", world.take_step().out);
    let moved = told.find("has ceased to exist, moving you to The Green").expect("it is told");
    assert!(told[moved..].contains("look"), "and sees where it is now");

    assert!(world.session(id).unwrap().puppet() == Some(body));
    world.destroy(body).unwrap();
    assert_eq!(world.session(id).unwrap().puppet(), None);
    assert_eq!((world[account].characters.len(), world[account].last_puppet), (0, None));
}

#[test]
fn exits_go_with_the_places_that_they_join() {
    let mut world = world();
    let (here, there) = (thing(&mut world, "here", None), thing(&mut world, "there", None));
    let out = exit(&mut world, "out", here, there);
    let back = exit(&mut world, "back", there, here);
    assert_eq!(world.exit_between(here, there), Some(out));
    assert_eq!(world.exit_between(there, there), None);
    world.destroy(there).unwrap();
    assert!(!world.exists(out) && !world.exists(back));
    assert!(world[here].contents().is_empty());
    assert_eq!(world.exit_between(here, there), None);
}

#[test]
fn only_exits_that_still_lead_to_a_place_go_with_it() {
    let mut world = world();
    let (a, b, c) =
        (thing(&mut world, "a", None), thing(&mut world, "b", None), thing(&mut world, "c", None));
    let out = exit(&mut world, "out", a, b);
    world.set_destination(out, Some(c));
    world.destroy(b).unwrap();
    assert!(world.exists(out));
    let door = thing(&mut world, "door", Some(a));
    world.set_destination(door, Some(c));
    world.destroy(c).unwrap();
    assert!(!world.exists(out) && !world.exists(door));
}

#[test]
fn exits_that_lead_to_exits_end_each_other_once() {
    let mut world = world();
    let room = thing(&mut world, "room", None);
    let one = exit(&mut world, "one", room, room);
    let two = exit(&mut world, "two", room, one);
    world.set_destination(one, Some(two));
    let loop_ = exit(&mut world, "loop", room, room);
    world.set_destination(loop_, Some(loop_));
    world.destroy(loop_).unwrap();
    assert!(world.exists(one));
    world.destroy(room).unwrap();
    assert_eq!(world.objects().count(), 0);
    let mut deleted = world.take_step().batch.deleted_objects;
    deleted.sort_unstable();
    assert_eq!(deleted, [room.0, one.0, two.0, loop_.0]);
}

/// Each ends the next, and that is no deeper for many of them.
#[test]
fn a_long_row_of_exits_ends_as_a_whole() {
    let mut world = world();
    let room = thing(&mut world, "room", None);
    let last = thing(&mut world, "last", None);
    let mut to = last;
    for _ in 0..5_000 {
        to = exit(&mut world, "on", room, to);
    }
    let mut inside = exit(&mut world, "into", last, room);
    for _ in 0..5_000 {
        inside = exit(&mut world, "into", inside, room);
    }
    world.destroy(last).unwrap();
    assert_eq!(world.objects().map(|object| object.id()).collect::<Vec<_>>(), [room]);
}

#[test]
fn what_refuses_to_be_destroyed_stays() {
    let mut world = world();
    let (here, there) = (thing(&mut world, "here", None), thing(&mut world, "there", None));
    let door = exit(&mut world, "door", here, there);
    let gate = world
        .create(NewObject {
            key: "gate",
            typeclass: "test.Stubborn",
            location: Some(here),
            destination: Some(there),
            ..NewObject::default()
        })
        .unwrap();
    assert_eq!(said(world.destroy(gate)), "No!");
    assert_eq!(world[gate].destination(), Some(there));
    world.destroy(there).unwrap();
    assert!(!world.exists(door));
    assert_eq!((world[gate].destination(), world[gate].location()), (None, None), "it is left behind");
}

#[test]
fn names_are_found_whatever_their_case() {
    let mut world = world();
    let (one, two) = (thing(&mut world, "Rose", None), thing(&mut world, "rose", None));
    let nameless = thing(&mut world, "", None);
    assert_eq!(world.objects_named("ROSE"), [one, two]);
    world.rename(one, "Ärmel");
    assert_eq!((world.objects_named("rose"), world.objects_named("äRMEL")), (&[two][..], &[one][..]));
    world.destroy(two).unwrap();
    assert!(world.objects_named("rose").is_empty());
    assert_eq!(world.objects_named(""), [nameless], "what has gone leaves others their names");
}

#[test]
fn labels_are_found_whatever_their_case() {
    let mut world = world();
    let (one, two) = (thing(&mut world, "a", None), thing(&mut world, "b", None));
    world.add_tag(one, "Night", "");
    world.add_tag(one, "night", "");
    world.add_tag(two, "night", "Time");
    assert_eq!(world[one].tags().len(), 1);
    assert_eq!(
        (world.objects_tagged("NIGHT", ""), world.objects_tagged("night", "time")),
        (&[one][..], &[two][..])
    );
    assert!(world[one].has_tag("Night") && !world[two].has_tag("night"));
    world.remove_tag(one, "nIGHT", "");
    assert!(world.objects_tagged("night", "").is_empty() && !world[one].has_tag("night"));
    world.destroy(two).unwrap();
    assert!(world.objects_tagged("night", "time").is_empty());
}

#[test]
fn kinds_build_on_each_other() {
    let mut world = world();
    let (thing, room) = (thing(&mut world, "a", None), ObjectId(99));
    assert!(world.is_a(thing, "default.Object") && !world.is_a(thing, "default.Room"));
    assert!(!world.is_character(thing) && !world.exists(room));
}
