//! The inputfuncs, one by one: what a client sends, and the commandtuples that it is sent for it.

mod clients;
mod complete;
mod monitors;
mod msdp;
mod repeats;
mod rooms;
mod surroundings;

use std::time::Duration;

use meadow::{CommandTuple, NewObject, ObjectId, TestGame, WorldBuilder};
use serde_json::json;

/// Two rooms, and values of a character: `hp`, and one that breaks.
fn setup(world: &mut WorldBuilder) {
    world
        .monitorable("health", |world, me| world[me].db.get::<i64>("hp"))
        .monitorable("broken", |world, me| -> String {
            assert!(!world[me].has_tag("broken"), "it broke");
            "whole".to_owned()
        })
        .msdp_variable("HEALTH", |world, me| world[me].db.get::<i64>("hp").unwrap_or(10))
        .msdp_variable("AFFECTS", |_, _| json!({"blind": 3, "quick": true}))
        .repeatable("breaks", |_, _| panic!("it broke"))
        .at_initial_setup(|world| {
            let [hall, garden] = ["Hall", "Garden"].map(|key| {
                let room = NewObject { key, typeclass: "default.Room", ..NewObject::default() };
                world.create(room).expect("rooms can be made")
            });
            world[garden].db.set("area", "Outside")?;
            for (key, from, to) in [("out", hall, garden), ("in", garden, hall)] {
                world.create(NewObject {
                    key,
                    typeclass: "default.Exit",
                    location: Some(from),
                    destination: Some(to),
                    ..NewObject::default()
                })?;
            }
            world.set_start_location(hall);
            Ok(())
        });
}

fn playing(names: &[&str]) -> TestGame {
    let mut game = TestGame::new(setup);
    names.iter().for_each(|name| game.login(name));
    names.iter().for_each(|name| drop(game.take_tuples(name)));
    game
}

/// What a client is sent, beside texts, for what it sends.
fn asks(game: &mut TestGame, name: &str, tuple: CommandTuple) -> Vec<CommandTuple> {
    game.take_tuples(name);
    game.input(name, tuple);
    hears(game, name)
}

/// What a client has been sent, beside texts.
fn hears(game: &mut TestGame, name: &str) -> Vec<CommandTuple> {
    let mut told = game.take_tuples(name);
    told.retain(|tuple| tuple.name != "text");
    told
}

/// The text that a client is sent for what it sends.
fn reads(game: &mut TestGame, name: &str, tuple: CommandTuple) -> String {
    game.read(name);
    game.input(name, tuple);
    game.read(name)
}

/// The one object of this name.
fn object(game: &mut TestGame, name: &str) -> ObjectId {
    let [one] = *game.world().objects_named(name) else { panic!("there is not one {name}") };
    one
}

/// Something is done to the world, and the step it is part of ends.
fn change(game: &mut TestGame, change: impl FnOnce(&mut meadow::World)) {
    change(game.world());
    game.advance(Duration::ZERO);
}

fn set_health(game: &mut TestGame, name: &str, health: i64) {
    let body = object(game, name);
    change(game, |world| world[body].db.set("hp", health).expect("a number is JSON"));
}
