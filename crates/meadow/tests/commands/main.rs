//! Plays the transcripts beside this file: one for each of the commands that every game has. Their form is described at
//! [`meadow::transcript`]; the world that they are played in is [`setup`]'s.

mod coverage;

use meadow::{NewObject, WorldBuilder};

/// One test for each file.
macro_rules! transcripts {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                meadow::transcript(setup, include_str!(concat!(stringify!($name), ".txt")));
            }
        )*
    };
}

transcripts! {
    accounts
    aloud
    bans
    build
    build_attributes
    build_locks
    build_rooms
    channel
    channel_admin
    characters
    color
    edit
    emit
    examine
    examine_records
    find
    force
    help
    items
    lock
    look
    names
    nick
    objects
    olc
    page
    password_questions
    passwords
    permissions
    server
    sethelp
    sethelp_edit
    several
    spawn
    style
    switches
    tag
    typeclass
    wall
    whisper
    who
}

/// Every file is played.
#[test]
fn no_transcript_is_forgotten() {
    let here = include_str!("main.rs");
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/commands")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_transcript = path.extension().is_some_and(|extension| extension == "txt");
        assert!(
            !is_transcript || here.lines().any(|line| line.trim() == name),
            "{name}.txt is not in the list"
        );
    }
}

/// Two rooms with ways between them, and two things in the first: enough for every command to have something to do.
fn setup(world: &mut WorldBuilder) {
    world.at_initial_setup(|world| {
        let new = |key, typeclass, desc| NewObject { key, typeclass, desc, ..NewObject::default() };
        let hall = world.create(new("Hall", "default.Room", "A bare hall."))?;
        let garden = world.create(new("Garden", "default.Room", "Grass, and a wall."))?;
        for (key, alias, from, to) in [("north", "n", hall, garden), ("south", "s", garden, hall)] {
            world.create(NewObject {
                key,
                aliases: &[alias],
                typeclass: "default.Exit",
                location: Some(from),
                destination: Some(to),
                ..NewObject::default()
            })?;
        }
        for (key, desc) in [("box", "A box of oak."), ("red ball", "It bounces.")] {
            world.create(NewObject { location: Some(hall), ..new(key, "default.Object", desc) })?;
        }
        world.set_start_location(hall);
        Ok(())
    });
}
