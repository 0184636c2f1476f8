//! How many there are of each kind of thing: what the Portal hears of it, and when.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::time::Duration;

use meadow_link::{RestartMode, Time, ToPortal, ToServer};
use meadow_world::{NewObject, ObjectId, SCAN_STEP, Snapshot, World, WorldBuilder};
use serde_json::{Value, json};

const START: Time = Time::from_micros(1_000_000);

/// A world of two rooms, an exit and a stone.
fn world() -> World {
    let mut builder = WorldBuilder::new("A test");
    builder.at_initial_setup(|world| {
        let hall = thing(world, "hall", "default.Room")?;
        let yard = thing(world, "yard", "default.Room")?;
        let door = thing(world, "door", "default.Exit")?;
        world.set_destination(door, Some(yard));
        world.place(door, Some(hall));
        thing(world, "stone", "")?;
        Ok(())
    });
    let mut world = builder.load(Snapshot::default(), START).unwrap();
    let (mode, sessions) = (RestartMode::Shutdown, Vec::new());
    world.handle(START, ToServer::Sync { mode, portal_start: START, sessions });
    world
}

fn thing(world: &mut World, key: &str, typeclass: &str) -> meadow_world::Result<ObjectId> {
    world.create(NewObject { key, typeclass, ..NewObject::default() })
}

/// What the Portal is told in a step, by name.
fn told(world: &mut World) -> Vec<Value> {
    let told = world.take_step().out.into_iter().map(|message| match message {
        ToPortal::Census(counts) => json!(counts),
        ToPortal::Ready { .. } => json!("ready"),
        other => panic!("{other:?}"),
    });
    told.collect()
}

fn counts(objects: u32, characters: u32, accounts: u32) -> Value {
    json!({
        "accounts": accounts, "characters": characters, "exits": 1, "objects": objects, "rooms": 2,
    })
}

#[test]
fn the_portal_hears_it_before_the_server_is_ready() {
    assert_eq!(told(&mut world()), [counts(1, 0, 0), json!("ready")]);
}

#[test]
fn it_hears_of_changes_after_a_minute_and_only_of_changes() {
    let mut world = world();
    told(&mut world);
    thing(&mut world, "twig", "").unwrap();
    world.create_account("anna", "").unwrap();
    assert_eq!(told(&mut world), [json!(null); 0]);
    let due = START + Duration::from_secs(60);
    assert_eq!(world.next_at(), Some(due));
    world.advance(Time::from_micros(due.micros() - 1));
    assert_eq!(told(&mut world), [json!(null); 0]);
    world.advance(due);
    assert_eq!(told(&mut world), [counts(2, 1, 1)]);
    assert_eq!(world.next_at(), None, "nothing has changed since");

    // A change that leaves the numbers as they are is none.
    let stone = world.objects_named("stone")[0];
    world.rename(stone, "pebble");
    told(&mut world);
    world.advance(due + Duration::from_secs(60));
    assert_eq!(told(&mut world), [json!(null); 0]);
    world.destroy(stone).unwrap();
    told(&mut world);
    world.advance(due + Duration::from_secs(120));
    assert_eq!(told(&mut world), [counts(1, 1, 1)]);
}

#[test]
fn a_great_world_is_counted_in_several_steps_between_which_others_go_on() {
    let mut world = world();
    told(&mut world);
    for _ in 0..SCAN_STEP {
        thing(&mut world, "twig", "").unwrap();
    }
    told(&mut world);
    let due = START + Duration::from_secs(60);
    world.advance(due);
    assert_eq!(told(&mut world), [json!(null); 0], "the first step is not the last");
    let pebble = thing(&mut world, "pebble", "").unwrap();
    assert_eq!(told(&mut world), [json!(null); 0], "and a change begins no second one");
    assert_eq!(world.next_at(), Some(due));
    world.advance(due);
    let in_all = 1 + u32::try_from(SCAN_STEP).unwrap();
    assert_eq!(told(&mut world), [counts(in_all, 0, 0)], "what came meanwhile is for the next");
    world.destroy(pebble).unwrap();
    thing(&mut world, "leaf", "").unwrap();
    told(&mut world);
    let due = due + Duration::from_secs(60);
    world.advance(due);
    assert_eq!(told(&mut world), [json!(null); 0]);
    world.advance(due);
    assert_eq!(told(&mut world), [counts(in_all + 1, 0, 0)]);
}
