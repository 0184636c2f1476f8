//! Signals: what happens is told to whatever a game has registered for it, at the end of the step and in its order.

use meadow::{
    EVENT_DEPTH, EVENTS_PER_STEP, Event, GameTime, NewObject, ObjectId, Prototype, Signal, TestGame, Time,
    World, WorldBuilder,
};
use serde_json::json;

/// Where the receivers write what they were told: on the first room.
const ROOM: ObjectId = ObjectId(1);

fn setup(world: &mut WorldBuilder) {
    for signal in [
        Signal::AccountCreate,
        Signal::AccountFirstLogin,
        Signal::AccountLogin,
        Signal::AccountLoginFail,
        Signal::AccountLogout,
        Signal::AccountLastLogout,
        Signal::ObjectCreate,
        Signal::ObjectRename,
        Signal::ObjectPuppet,
        Signal::ObjectUnpuppet,
        Signal::ExitTraverse,
        Signal::Custom("bell"),
    ] {
        world.on(signal, |world, event| note(world, &format!("{event:?}")));
    }
    world.on_new::<Prototype>(|world, id| note(world, &format!("prototype {}", id.0)));
    world.on(Signal::Custom("echo"), |world, _| {
        let heard = world[ROOM].db.get::<usize>("echoes").unwrap_or(0);
        world[ROOM].db.set("echoes", heard + 1).expect("a number is JSON");
        world.emit(Event::Custom { name: "echo", data: json!(null) });
    });
    world.on(Signal::Custom("broken"), |_, _| panic!("a receiver that breaks"));
    world.on(Signal::Custom("broken"), |world, _| note(world, "the next one"));
    world.game_time(GameTime { factor: 60.0, epoch: Some(Time::from_unix_seconds(0.0)) });
    world.at_initial_setup(|world| {
        let hall =
            world.create(NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() })?;
        let yard =
            world.create(NewObject { key: "Yard", typeclass: "default.Room", ..NewObject::default() })?;
        world.create(NewObject {
            key: "out",
            typeclass: "default.Exit",
            location: Some(hall),
            destination: Some(yard),
            ..NewObject::default()
        })?;
        world.set_start_location(hall);
        Ok(())
    });
}

fn note(world: &mut World, what: &str) {
    let mut notes: Vec<String> = world[ROOM].db.get("notes").unwrap_or_default();
    notes.push(what.to_owned());
    world[ROOM].db.set("notes", notes).expect("texts are JSON");
}

/// What has been noted since this was last asked.
fn notes(game: &mut TestGame) -> Vec<String> {
    let noted = game.world()[ROOM].db.remove("notes");
    noted.map(|noted| serde_json::from_value(noted).expect("notes are texts")).unwrap_or_default()
}

#[test]
fn what_happens_is_received_in_its_order() {
    let mut game = TestGame::new(setup);
    assert_eq!(notes(&mut game).len(), 3, "the objects of the world's first day");
    game.login("Anna");
    let seen = notes(&mut game);
    assert_eq!(
        seen,
        [
            "ObjectCreate { object: ObjectId(4) }",
            "AccountCreate { account: AccountId(1) }",
            "AccountFirstLogin { account: AccountId(1), session: SessionId(1) }",
            "AccountLogin { account: AccountId(1), session: SessionId(1) }",
            "ObjectPuppet { object: ObjectId(4), session: SessionId(1) }",
        ]
    );
    game.line("Anna", "out");
    assert_eq!(notes(&mut game), ["ExitTraverse { exit: ObjectId(3), traveller: ObjectId(4) }"]);
    game.line("Anna", "quit");
    assert_eq!(
        notes(&mut game),
        [
            "ObjectUnpuppet { object: ObjectId(4), session: SessionId(1) }",
            "AccountLogout { account: AccountId(1), session: SessionId(1) }",
            "AccountLastLogout { account: AccountId(1), session: SessionId(1) }",
        ]
    );
    game.connect("Anna");
    game.line("Anna", "connect Anna wrong");
    game.line("Anna", "connect Nobody wrong");
    let failed = |account: &str| {
        format!(
            "AccountLoginFail {{ account: {account}, session: Some(SessionId(2)), address: \"192.0.2.1\" }}"
        )
    };
    assert_eq!(notes(&mut game), [failed("Some(AccountId(1))"), failed("None")]);
    game.login("Anna");
    let seen = notes(&mut game);
    assert!(!seen.iter().any(|seen| seen.starts_with("AccountFirstLogin")), "{seen:?}");
    assert!(seen.iter().any(|seen| seen.starts_with("AccountLogin ")), "{seen:?}");
}

#[test]
fn names_records_and_signals_of_the_game_are_received() {
    let mut game = TestGame::new(setup);
    notes(&mut game);
    let world = game.world();
    let rose = world.create(NewObject { key: "rose", ..NewObject::default() }).unwrap();
    world.rename(rose, "tulip");
    world.rename(rose, "tulip");
    world.save_prototype(Prototype::new("rat")).unwrap();
    world.emit(Event::Custom { name: "bell", data: json!(7) });
    world.emit(Event::Custom { name: "silence", data: json!(7) });
    world.take_step();
    assert_eq!(
        notes(&mut game),
        [
            "ObjectCreate { object: ObjectId(4) }",
            "ObjectRename { object: ObjectId(4), before: \"rose\" }",
            "prototype 1",
            "Custom { name: \"bell\", data: Number(7) }",
        ]
    );
}

#[test]
fn receivers_that_bring_about_each_other_come_to_an_end() {
    let mut game = TestGame::new(setup);
    game.world().emit(Event::Custom { name: "echo", data: json!(null) });
    game.world().take_step();
    assert_eq!(game.world()[ROOM].db.get("echoes"), Some(EVENT_DEPTH));
    // The next step begins anew.
    game.world().emit(Event::Custom { name: "echo", data: json!(null) });
    game.world().take_step();
    assert_eq!(game.world()[ROOM].db.get("echoes"), Some(2 * EVENT_DEPTH));
}

#[test]
fn a_step_has_only_so_many_events() {
    let mut game = TestGame::new(|world| {
        setup(world);
        world.on(Signal::Custom("count"), |world, _| {
            let counted = world.config("counted").map_or(0, |counted| counted.parse::<usize>().unwrap());
            world.set_config("counted", (counted + 1).to_string());
        });
    });
    for _ in 0..EVENTS_PER_STEP + 5 {
        game.world().emit(Event::Custom { name: "count", data: json!(null) });
    }
    game.world().take_step();
    assert_eq!(game.world().config("counted"), Some(EVENTS_PER_STEP.to_string().as_str()));
}

#[test]
fn a_receiver_that_breaks_costs_only_itself() {
    let mut game = TestGame::new(setup);
    notes(&mut game);
    game.world().emit(Event::Custom { name: "broken", data: json!(null) });
    game.world().take_step();
    assert_eq!(notes(&mut game), ["the next one"]);
}

#[test]
fn the_games_time_runs_by_its_factor_through_reloads() {
    let mut game = TestGame::new(setup);
    game.advance(std::time::Duration::from_secs(90));
    game.reload();
    assert_eq!(game.world().game_time(), Time::from_unix_seconds(5_400.0));
}
