//! Monitors of the game: functions that are called when a value of an object has changed; and what goes with an object or
//! account that is no more.

use meadow::{
    AccountId, Ban, Banned, Changed, Channel, Monitor, NewObject, NewScript, NewTicker, ObjectId, Record,
    Result, Script, Subscriber, TestGame, Ticker, World, WorldBuilder, bug,
};
use serde_json::{Value, json};

/// Keeps what it is told.
fn note(world: &mut World, changed: &Changed<'_>) -> Result {
    let mut told: Vec<Value> = world[changed.object].db.get("told").unwrap_or_default();
    told.push(json!([changed.field, changed.before, changed.now]));
    world[changed.object].db.set("told", told)?;
    Ok(())
}

/// Puts a value right: what it does is a change, too.
fn at_least_zero(world: &mut World, changed: &Changed<'_>) -> Result {
    if changed.now.as_i64() < Some(0) {
        world[changed.object].db.set("hp", 0)?;
    }
    Ok(())
}

fn endless(world: &mut World, changed: &Changed<'_>) -> Result {
    world[changed.object].db.set("count", changed.now.as_u64().unwrap_or(0) + 1)?;
    Ok(())
}

fn broken(world: &mut World, changed: &Changed<'_>) -> Result {
    let calls: u32 = world[changed.object].db.get("calls").unwrap_or(0);
    world[changed.object].db.set("calls", calls + 1)?;
    Err(bug("it is broken"))
}

fn setup(world: &mut WorldBuilder) {
    world.monitor("note", note).monitor("at_least_zero", at_least_zero);
    world.monitor("endless", endless).monitor("broken", broken);
    world.monitorable("weight", |world, me| world[me].contents().len());
    world.at_initial_setup(|world| {
        let room = NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() };
        let room = world.create(room)?;
        world.set_start_location(room);
        for key in ["box", "ball"] {
            world.create(NewObject { key, location: Some(room), ..NewObject::default() })?;
        }
        Ok(())
    });
}

/// Does something, as one step.
fn step<T>(game: &mut TestGame, act: impl FnOnce(&mut World) -> T) -> T {
    let done = act(game.world());
    game.advance(std::time::Duration::ZERO);
    done
}

fn set(game: &mut TestGame, id: ObjectId, name: &str, value: impl Into<Value>) {
    step(game, |world| world[id].db.set(name, value.into()).expect("it is JSON"));
}

fn told(game: &mut TestGame, id: ObjectId) -> Value {
    game.world()[id].db["told"].clone()
}

fn objects(game: &mut TestGame) -> (ObjectId, ObjectId) {
    let world = game.world();
    (world.objects_named("box")[0], world.objects_named("ball")[0])
}

#[test]
fn changes_are_told_once_and_survive_reloads_and_crashes() {
    let mut game = TestGame::new(setup);
    let (chest, ball) = objects(&mut game);
    set(&mut game, chest, "hp", 5);
    step(&mut game, |world| {
        let first = world.monitor(chest, "db.hp", "note").expect("it can be");
        assert_eq!(world.monitor(chest, "db.hp", "note").expect("it is there"), first);
        world.monitor(chest, "db.hp:mods", "note").expect("it can be");
        world.monitor(chest, "weight", "note").expect("it can be");
    });
    set(&mut game, chest, "hp", 5);
    set(&mut game, chest, "other", 5);
    set(&mut game, ball, "hp", 5);
    assert_eq!(told(&mut game, chest), json!(null), "nothing of it has changed");
    step(&mut game, |world| {
        world[chest].db.set("hp", 9).expect("JSON");
        world[chest].db.set("hp", 4).expect("JSON");
    });
    assert_eq!(told(&mut game, chest), json!([["db.hp", 5, 4]]), "what it is at the end of the step");
    for crash in [false, true] {
        step(&mut game, |world| world[chest].db.remove("told"));
        if crash {
            game.crash()
        } else {
            game.reload()
        }
        assert_eq!(told(&mut game, chest), json!(null), "a start is no change");
        step(&mut game, |world| {
            world[chest].db.in_category("mods").set("hp", crash).expect("JSON");
            let place = world[chest].location();
            world.place(ball, if crash { place } else { Some(chest) });
        });
        let before = if crash { json!(false) } else { json!(null) };
        let weight = if crash { json!(["weight", 1, 0]) } else { json!(["weight", 0, 1]) };
        assert_eq!(told(&mut game, chest), json!([["db.hp:mods", before, crash], weight]));
    }
}

#[test]
fn what_a_function_changes_is_stored_with_what_it_was_told() {
    let mut game = TestGame::new(setup);
    let (chest, _) = objects(&mut game);
    step(&mut game, |world| {
        world.monitor(chest, "db.hp", "at_least_zero").expect("it can be");
        world.monitor(chest, "db.hp", "note").expect("it can be");
        world.monitor(chest, "db.count", "endless").expect("it can be");
    });
    set(&mut game, chest, "hp", -3);
    assert_eq!(told(&mut game, chest), json!([["db.hp", null, -3], ["db.hp", -3, 0]]));
    game.crash();
    assert_eq!(game.world()[chest].db["hp"], 0);
    // One that never ends does not keep everybody waiting.
    set(&mut game, chest, "count", 0);
    assert_eq!(game.world()[chest].db["count"], 10);
}

#[test]
fn monitors_are_ended_and_end_when_they_are_broken() {
    let mut game = TestGame::new(setup);
    let (chest, ball) = objects(&mut game);
    let ended = step(&mut game, |world| {
        world.monitor(ball, "db.hp", "broken").expect("it can be");
        world.monitor(chest, "db.hp", "note").expect("it can be")
    });
    for wrong in [(chest, "db.hp", "nothing"), (ObjectId(99), "db.hp", "note"), (chest, "nothing", "note")] {
        assert!(game.world().monitor(wrong.0, wrong.1, wrong.2).is_err(), "{wrong:?}");
    }
    assert!(step(&mut game, |world| world.unmonitor(ended)));
    assert!(!step(&mut game, |world| world.unmonitor(ended)));
    set(&mut game, chest, "hp", 1);
    assert_eq!(told(&mut game, chest), json!(null));
    for hp in 0..20 {
        set(&mut game, ball, "hp", hp);
    }
    assert_eq!(game.world()[ball].db["calls"], 10);
    assert_eq!(game.world().records::<Monitor>().count(), 0);
}

#[test]
fn staff_see_the_monitors_of_an_object() {
    let mut game = TestGame::new(setup);
    game.permit("Anna", "Builder");
    game.login("Anna");
    let (chest, _) = objects(&mut game);
    step(&mut game, |world| world.monitor(chest, "db.hp", "note").expect("it can be"));
    let seen = game.line("Anna", "@examine box");
    assert!(seen.contains("\nMonitors: db.hp: note\n"), "{seen}");
}

/// How many records of a kind there are.
fn count<R: Record>(game: &mut TestGame) -> usize {
    game.world().records::<R>().count()
}

/// Gives something all that can be had.
fn give(world: &mut World, object: ObjectId) -> Result {
    let public = world.channel_named("Public").expect("every game has it");
    world.monitor(object, "db.hp", "note")?;
    world.start_script(NewScript { owner: object.into(), ..NewScript::default() })?;
    world.ticker_add(NewTicker { subscriber: object.into(), ..NewTicker::default() })?;
    world.subscribe(public, object)
}

#[test]
fn an_object_that_is_destroyed_leaves_nothing_behind() {
    let mut game = TestGame::new(setup);
    let (chest, _) = objects(&mut game);
    step(&mut game, |world| give(world, chest)).expect("all can be had");
    assert_eq!(count::<Monitor>(&mut game), 1);
    step(&mut game, |world| world.destroy(chest)).expect("nothing speaks against it");
    for crashed in [false, true] {
        if crashed {
            game.crash();
        }
        let left = [count::<Monitor>(&mut game), count::<Script>(&mut game), count::<Ticker>(&mut game)];
        assert_eq!(left, [0; 3]);
        assert!(game.world().records::<Channel>().all(|(_, channel)| !channel.has(chest)));
    }
}

#[test]
fn an_account_that_is_deleted_leaves_nothing_behind() {
    let mut game = TestGame::new(setup);
    game.permit("Anna", "Admin");
    for name in ["Anna", "Bob"] {
        game.login(name);
    }
    let bob: AccountId = game.world().account_named("Bob").expect("he is there");
    let body = game.world()[bob].characters[0];
    game.line("Bob", "page anna = hello");
    game.line("Anna", "page bob = hi");
    game.line("Anna", "@channel/create Trade");
    game.line("Bob", "@channel/sub Public");
    game.line("Anna", "@channel/ban/quiet trade = Bob");
    game.line("Anna", "y");
    step(&mut game, |world| {
        give(world, body)?;
        world.start_script(NewScript { owner: bob.into(), ..NewScript::default() })?;
        let (reason, by) = (String::new(), "Anna".to_owned());
        let now = world.now();
        world.ban(Ban { who: Banned::new("Bob"), reason, by, since: now, until: None })?;
        Ok::<(), meadow::Stop>(())
    })
    .expect("all can be had");
    let trade = game.world().channel_named("Trade").expect("it was made");
    assert!(game.world().channel(trade).expect("it is there").is_banned(bob));
    step(&mut game, |world| world.delete_account(bob)).expect("nothing speaks against it");
    game.read("Anna");
    for crashed in [false, true] {
        if crashed {
            game.crash();
        }
        let left = [count::<Monitor>(&mut game), count::<Script>(&mut game), count::<Ticker>(&mut game)];
        assert_eq!(left, [0; 3]);
        let mut channels = game.world().records::<Channel>();
        assert!(channels.all(|(_, channel)| {
            !channel.has(bob) && !channel.has(body) && !channel.is_banned(Subscriber::Account(bob))
        }));
        drop(channels);
        assert_eq!(game.line("Anna", "page"), "There are no pages, neither from you nor to you.");
        assert_eq!(count::<Ban>(&mut game), 1, "the name stays banned: it is free for anybody now");
    }
}
