//! What builders must not come by, and what may happen while they are asked.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use meadow::{NewObject, TestGame, WorldBuilder};

fn setup(world: &mut WorldBuilder) {
    world.at_initial_setup(|world| {
        let new = |key, typeclass| NewObject { key, typeclass, ..NewObject::default() };
        let hall = world.create(new("Hall", "default.Room"))?;
        world.set_start_location(hall);
        let golem = world.create(NewObject { location: Some(hall), ..new("golem", "") })?;
        world[golem].permissions.push("Developer".into());
        world[golem].locks = "get:false()".into();
        world.add_tag(golem, "clay", "made of");
        world[golem].db.in_category("mods").set("strength", 3)?;
        Ok(())
    });
}

fn builder() -> TestGame {
    let mut game = TestGame::new(setup);
    game.permit("Cleo", "Builder");
    game.login("Cleo");
    game
}

#[test]
fn a_copy_is_the_same_but_for_rights_that_the_copier_has_not() {
    let mut game = builder();
    game.line("Cleo", "@copy golem = statue");
    let world = game.world();
    let statue = world.objects_named("statue")[0];
    assert!(world[statue].permissions.is_empty());
    assert_eq!(world[statue].db.category("mods").get::<u8>("strength"), Some(3));
    assert_eq!(world.objects_tagged("clay", "made of").len(), 2);
    let cleo = world.objects_named("Cleo")[0];
    let locks = format!("get:false();control:id({0}) or perm(Admin);delete:id({0}) or perm(Admin)", cleo.0);
    assert_eq!(&*world[statue].locks, locks);

    game.permit("Dora", "Developer");
    game.login("Dora");
    game.line("Dora", "@copy golem = idol");
    let idol = game.world().objects_named("idol")[0];
    assert_eq!(game.world()[idol].permissions, ["Developer".into()]);
}

#[test]
fn what_was_asked_is_looked_at_again_when_it_is_answered() {
    let mut game = builder();
    game.line("Cleo", "@create rose, lily");
    let seen = game.line("Cleo", "@destroy rose, lily");
    assert!(seen.starts_with("Are you sure"), "{seen}");
    let rose = game.world().objects_named("rose")[0];
    game.world()[rose].locks = "control:false();delete:false()".into();
    let lily = game.world().objects_named("lily")[0];
    game.world().destroy(lily).unwrap();
    let seen = game.line("Cleo", "y");
    assert_eq!(seen, format!("You don't have permission to destroy rose({rose})."));
    assert!(game.world().exists(rose));
}

#[test]
fn a_range_at_its_limit_and_one_past() {
    let mut game = builder();
    let (first, last) = {
        let world = game.world();
        let mut made =
            (0..1_001).map(|_| world.create(NewObject { key: "pea", ..NewObject::default() }).unwrap());
        (made.next().unwrap(), made.last().unwrap())
    };
    let seen = game.line("Cleo", &format!("@destroy {first}-{last}"));
    assert!(seen.contains("are 1001 objects: 1000 are the most at once."), "{seen}");
    let seen = game.line("Cleo", &format!("@destroy {first}-#{}", last.0 - 1));
    assert_eq!(seen.matches("You don't have permission to destroy").count(), 1_000);
}
