//! Scripts, tickers and delays in the world: when they are due, in which order, and what is left of them after the
//! Server was away.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::{
    ops::{Deref, DerefMut},
    time::Duration,
};

use meadow_link::{RestartMode, Time, ToServer};
use meadow_world::{
    AT_TICK, DelayState, NewObject, NewScript, NewTicker, ObjectId, RecordRow, Result, Script, ScriptId,
    ScriptOwner, ScriptState, ScriptTypeclass, Snapshot, Ticker, TickerSubscriber, Typeclass, World,
    WorldBuilder, bug,
};

const START: Time = Time::from_micros(1_000_000_000);

/// Notes on the world when it repeats: the second, and which script it is.
struct Notes;

impl ScriptTypeclass for Notes {
    fn path(&self) -> &'static str {
        "scripts.Notes"
    }

    fn at_start(&self, world: &mut World, me: ScriptId) {
        note(world, me, "start");
    }

    fn is_valid(&self, world: &World, me: ScriptId) -> bool {
        !world.script(me).unwrap().db.has("invalid")
    }

    fn at_repeat(&self, world: &mut World, me: ScriptId) -> Result {
        note(world, me, "repeat");
        Ok(())
    }

    fn at_pause(&self, world: &mut World, me: ScriptId) {
        note(world, me, "pause");
    }

    fn at_stop(&self, world: &mut World, me: ScriptId) {
        note(world, me, "stop");
    }

    fn at_script_delete(&self, world: &mut World, me: ScriptId) -> Result {
        note(world, me, "delete");
        if world.script(me).unwrap().db.has("stays") { Err(bug("it stays")) } else { Ok(()) }
    }

    fn at_server_reload(&self, world: &mut World, me: ScriptId) {
        note(world, me, "reload");
    }

    fn at_server_shutdown(&self, world: &mut World, me: ScriptId) {
        note(world, me, "shutdown");
    }

    fn at_server_start(&self, world: &mut World, me: ScriptId) {
        note(world, me, "server");
    }
}

/// Builds on another, and breaks at every repetition.
struct Breaks;

impl ScriptTypeclass for Breaks {
    fn path(&self) -> &'static str {
        "scripts.Breaks"
    }

    fn base(&self) -> Option<&'static dyn ScriptTypeclass> {
        Some(&Notes)
    }

    fn at_repeat(&self, world: &mut World, me: ScriptId) -> Result {
        Notes.at_repeat(world, me)?;
        match world.script(me).unwrap().repeated() {
            // Once it works, which begins the count anew.
            3 => Ok(()),
            odd if odd % 2 == 1 => panic!("it is meant to"),
            _ => Err(bug("it is meant to")),
        }
    }
}

/// Starts itself again at each repetition, at once.
struct Eager;

impl ScriptTypeclass for Eager {
    fn path(&self) -> &'static str {
        "scripts.Eager"
    }

    fn at_repeat(&self, world: &mut World, me: ScriptId) -> Result {
        note(world, me, "repeat");
        world.restart_script(me);
        Ok(())
    }
}

/// An object that notes its ticks.
struct Clock;

impl Typeclass for Clock {
    fn path(&self) -> &'static str {
        "typeclasses.Clock"
    }

    fn at_tick(&self, world: &mut World, me: ObjectId, idstring: &str) {
        let told = format!("{} {idstring}", world[me].key());
        write_down(world, &told);
    }
}

fn note(world: &mut World, me: ScriptId, what: &str) {
    let told = format!("{} {what}", world.script(me).unwrap().key());
    write_down(world, &told);
}

fn write_down(world: &mut World, told: &str) {
    let seconds = world.now().since(START).as_millis() as f64 / 1000.0;
    let notes = format!("{}{seconds} {told}\n", world.config("notes").unwrap_or_default());
    world.set_config("notes", notes);
}

/// What was noted since this was last asked.
fn notes(world: &mut World) -> Vec<String> {
    let notes = world.config("notes").unwrap_or_default().lines().map(str::to_owned).collect();
    world.set_config("notes", "");
    notes
}

fn grow(world: &mut World, ticker: &Ticker) -> Result {
    let told = format!("grow {}", ticker.idstring());
    write_down(world, &told);
    if ticker.idstring() == "broken" { Err(bug("it is meant to")) } else { Ok(()) }
}

fn bloom(world: &mut World, colour: String) -> Result {
    if colour == "clear" {
        panic!("it is meant to");
    }
    write_down(world, &format!("bloom {colour}"));
    Ok(())
}

fn builder() -> WorldBuilder {
    let mut builder = WorldBuilder::new("A test");
    builder.script(&Notes).script(&Breaks).script(&Eager).typeclass(&Clock);
    builder.ticker("grow", grow).delayed("bloom", bloom);
    builder
}

/// A world, with everything that is in its database.
struct Game {
    world: World,
    stored: Snapshot,
    /// How many rows of records were written.
    rows: usize,
}

impl Deref for Game {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Game {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

fn world() -> Game {
    started(builder(), Snapshot::default(), 0.0, RestartMode::Shutdown)
}

fn started(builder: WorldBuilder, stored: Snapshot, seconds: f64, mode: RestartMode) -> Game {
    let mut world = builder.load(stored.clone(), at(seconds)).unwrap();
    world.handle(at(seconds), ToServer::Sync { mode, portal_start: START, sessions: Vec::new() });
    let mut game = Game { world, stored, rows: 0 };
    game.store();
    game
}

impl Game {
    /// Stores what has changed.
    fn store(&mut self) {
        let batch = self.world.take_step().batch;
        let Snapshot { objects, records, config, .. } = &mut self.stored;
        objects.retain(|row| !batch.objects.iter().any(|new| new.id == row.id));
        objects.retain(|row| !batch.deleted_objects.contains(&row.id));
        objects.extend(batch.objects);
        let same = |row: &RecordRow, kind: &str, id: u64| row.kind == kind && row.id == id;
        self.rows += batch.records.len();
        records.retain(|row| !batch.records.iter().any(|new| same(row, &new.kind, new.id)));
        records.retain(|row| !batch.deleted_records.iter().any(|(kind, id)| same(row, kind, *id)));
        records.extend(batch.records);
        config.retain(|(name, _)| !batch.config.iter().any(|(new, _)| new == name));
        config.extend(batch.config);
    }

    /// Ends, and starts again with what was stored.
    fn again(self, ends: f64, begins: f64, mode: RestartMode) -> Game {
        self.again_as(builder(), ends, begins, mode)
    }

    fn again_as(mut self, builder: WorldBuilder, ends: f64, begins: f64, mode: RestartMode) -> Game {
        self.store();
        if mode != RestartMode::Crash {
            self.world.handle(at(ends), ToServer::Stop(mode));
            self.store();
        }
        started(builder, self.stored, begins, mode)
    }
}

fn at(seconds: f64) -> Time {
    START + Duration::from_secs_f64(seconds)
}

/// Steps at these times, as a loop that waits for timers makes them.
fn play(world: &mut Game, from: u64, to: u64) {
    while let Some(next) = world.next_at().filter(|next| *next <= at(to as f64)) {
        world.advance(next.max(at(from as f64)));
        world.store();
    }
    world.advance(at(to as f64));
}

fn every(key: &str, seconds: u64) -> NewScript<'_> {
    let interval = Some(Duration::from_secs(seconds));
    NewScript { typeclass: "scripts.Notes", key, interval, start_delay: Some(true), ..NewScript::default() }
}

#[test]
fn an_interval_does_not_drift_and_nothing_piles_up() {
    let mut world = world();
    world.start_script(every("rain", 10)).unwrap();
    for late in [9.9, 10.4, 13.0, 20.7, 55.0, 59.9, 60.0] {
        world.advance(at(late));
    }
    let expected =
        ["0 rain start", "10.4 rain repeat", "20.7 rain repeat", "55 rain repeat", "60 rain repeat"];
    assert_eq!(notes(&mut world), expected);
    let (_, script) = world.scripts().next().unwrap();
    assert_eq!(script.time_until_next_repeat(at(60.0)), Some(Duration::from_secs(10)));
}

#[test]
fn what_is_due_first_is_done_first_and_then_the_oldest() {
    let mut world = world();
    world.start_script(every("slow", 6)).unwrap();
    world.start_script(every("fast", 2)).unwrap();
    world.start_script(NewScript { start_delay: None, ..every("soon", 6) }).unwrap();
    notes(&mut world);
    world.advance(at(0.0));
    assert_eq!(notes(&mut world), ["0 soon repeat"], "without a delay, the first comes at once");
    play(&mut world, 0, 6);
    let expected = ["2 fast repeat", "4 fast repeat", "6 slow repeat", "6 fast repeat", "6 soon repeat"];
    assert_eq!(notes(&mut world), expected);
}

#[test]
fn ten_thousand_scripts_leave_others_their_turn() {
    let mut world = world();
    for _ in 0..10_000 {
        world.start_script(NewScript { typeclass: "scripts.Eager", ..every("x", 100) }).unwrap();
    }
    world.advance(at(99.0));
    world.store();
    assert_eq!(world.next_at(), Some(at(100.0)));
    assert_eq!(world.config("notes"), None, "those that wait do nothing");
    world.advance(at(100.0));
    assert_eq!(notes(&mut world).len(), 100, "a portion");
    world.advance(at(100.001));
    assert_eq!(notes(&mut world).len(), 0, "a pause");
    let mut steps = 1;
    let mut done = 100;
    while world.next_at().unwrap() < at(101.0) {
        let next = world.next_at().unwrap();
        world.advance(next);
        steps += 1;
        done += notes(&mut world).len();
    }
    assert_eq!((steps, done), (100, 10_000));
    let left = |script: &Script| script.time_until_next_repeat(at(101.0));
    assert!(world.scripts().all(|(_, script)| left(script) >= Some(Duration::from_secs(99))));
}

#[test]
fn one_that_is_always_due_has_a_turn_in_each_step_only() {
    let mut world = world();
    let eager = NewScript { typeclass: "scripts.Eager", start_delay: None, ..every("eager", 1) };
    world.start_script(eager).unwrap();
    world.advance(at(0.0));
    assert_eq!(notes(&mut world).len(), 1);
    assert!(world.next_at().unwrap() > at(0.0), "others have a turn");
}

#[test]
fn repetitions_are_counted_and_the_last_one_stops_it() {
    let mut world = world();
    let id = world.start_script(NewScript { repeats: Some(3), ..every("rain", 10) }).unwrap();
    play(&mut world, 0, 10);
    world.advance(at(14.0));
    world.force_repeat(id).unwrap();
    let script = world.script(id).unwrap();
    assert_eq!((script.repeated(), script.remaining_repeats()), (2, Some(1)));
    assert_eq!(script.time_until_next_repeat(at(14.0)), Some(Duration::from_secs(10)));
    notes(&mut world);
    play(&mut world, 14, 60);
    assert_eq!(notes(&mut world), ["24 rain repeat", "24 rain stop"]);
    assert_eq!(world.script(id).unwrap().state(), ScriptState::Stopped);
    assert!(world.force_repeat(id).is_err());
    world.restart_script(id);
    assert_eq!(world.script(id).unwrap().remaining_repeats(), Some(3));
}

#[test]
fn a_pause_keeps_what_was_left() {
    let mut world = world();
    let id = world.start_script(every("rain", 10)).unwrap();
    world.advance(at(3.0));
    world.pause_script(id);
    play(&mut world, 3, 100);
    let mut world = world.again(100.0, 100.0, RestartMode::Crash);
    assert_eq!(world.script(id).unwrap().time_until_next_repeat(at(0.0)), Some(Duration::from_secs(7)));
    world.unpause_script(id);
    world.unpause_script(id);
    play(&mut world, 100, 120);
    let expected = [
        "0 rain start",
        "3 rain pause",
        "100 rain server",
        "100 rain start",
        "107 rain repeat",
        "117 rain repeat",
    ];
    assert_eq!(notes(&mut world), expected);
}

#[test]
fn one_that_is_not_valid_is_stopped() {
    let mut world = world();
    let id = world.start_script(every("rain", 10)).unwrap();
    world.script_mut(id).unwrap().db.set("invalid", true).unwrap();
    play(&mut world, 0, 60);
    world.restart_script(id);
    assert_eq!(notes(&mut world), ["0 rain start", "10 rain stop", "60 rain stop"]);
}

#[test]
fn what_breaks_ten_times_in_a_row_is_stopped() {
    let mut world = world();
    let id = world.start_script(NewScript { typeclass: "scripts.Breaks", ..every("wind", 1) }).unwrap();
    play(&mut world, 0, 60);
    let told = notes(&mut world);
    assert_eq!(told.len(), 15, "its start, 13 repetitions of which the third worked, its stop: {told:?}");
    assert_eq!(told.last().unwrap(), "13 wind stop");
    assert_eq!(world.script(id).unwrap().state(), ScriptState::Stopped);
}

#[test]
fn what_became_due_while_the_server_was_away_is_done_once() {
    for mode in [RestartMode::Reload, RestartMode::Crash, RestartMode::Shutdown] {
        let mut world = world();
        world.start_script(NewScript { repeats: Some(5), ..every("rain", 10) }).unwrap();
        play(&mut world, 0, 12);
        let mut world = world.again(12.0, 14.0, mode);
        notes(&mut world);
        play(&mut world, 14, 21);
        assert_eq!(notes(&mut world), ["20 rain repeat"], "{mode:?}");
        let mut world = world.again(21.0, 44.0, mode);
        notes(&mut world);
        play(&mut world, 44, 200);
        let expected = ["44 rain repeat", "50 rain repeat", "60 rain repeat", "60 rain stop"];
        assert_eq!(notes(&mut world), expected, "{mode:?}");
    }
}

#[test]
fn hooks_hear_of_the_server_and_the_passing_ones_go_with_it() {
    for (mode, hook, left) in [
        (RestartMode::Reload, "reload", 2),
        (RestartMode::Shutdown, "shutdown", 1),
        (RestartMode::Reset, "shutdown", 1),
    ] {
        let mut world = world();
        world.start_script(every("rain", 10)).unwrap();
        world.start_script(NewScript { persistent: Some(false), ..every("fog", 10) }).unwrap();
        notes(&mut world);
        let mut world = world.again(1.0, 2.0, mode);
        assert_eq!(notes(&mut world)[..2], [format!("1 rain {hook}"), format!("1 fog {hook}")]);
        assert_eq!(world.scripts().count(), left, "{mode:?}");
        let world = world.again(3.0, 3.0, RestartMode::Crash);
        assert_eq!(world.scripts().count(), 1);
    }
}

#[test]
fn scripts_go_with_their_owner() {
    let mut world = world();
    let frog = world.create(NewObject { key: "frog", ..NewObject::default() }).unwrap();
    let id = world.start_script(NewScript { owner: frog.into(), ..every("poison", 10) }).unwrap();
    world.script_mut(id).unwrap().db.set("stays", true).unwrap();
    let global = world.start_script(every("rain", 10)).unwrap();
    assert_eq!(world.scripts_of(frog), [id]);
    assert_eq!(world.scripts_of(ScriptOwner::Global), [global]);
    assert_eq!(world.script_named(frog, "poison"), Some(id));
    assert!(!world.delete_script(id), "it says that it stays");
    world.ticker_add(NewTicker { subscriber: frog.into(), ..NewTicker::default() }).unwrap();
    notes(&mut world);
    world.destroy(frog).unwrap();
    assert_eq!(notes(&mut world), ["0 poison delete", "0 poison stop"]);
    assert!(world.script(id).is_none() && world.scripts_of(frog).is_empty());
    assert_eq!(world.tickers().count(), 0);
    assert!(world.delete_script(global));
    assert!(world.start_script(NewScript { owner: frog.into(), ..every("poison", 10) }).is_err());
    assert!(world.start_script(NewScript { typeclass: "scripts.No", ..NewScript::default() }).is_err());
}

#[test]
fn an_unknown_typeclass_is_kept_and_does_not_run() {
    let mut world = world();
    let id = world.start_script(every("rain", 10)).unwrap();
    let mut without = world.again_as(WorldBuilder::new("A test"), 1.0, 50.0, RestartMode::Shutdown);
    play(&mut without, 50, 90);
    assert_eq!(without.script(id).unwrap().typeclass_path(), "scripts.Notes");
    assert!(without.force_repeat(id).is_err());
    let mut with = without.again(90.0, 95.0, RestartMode::Shutdown);
    notes(&mut with);
    play(&mut with, 95, 100);
    assert_eq!(notes(&mut with), ["95 rain repeat", "100 rain repeat"]);
}

#[test]
fn global_scripts_are_there_exactly_once() {
    let with = |interval| {
        let mut builder = builder();
        builder.global_script(every("weather", interval));
        builder
    };
    let mut world = started(with(10), Snapshot::default(), 0.0, RestartMode::Shutdown);
    let id = world.script_named(ScriptOwner::Global, "weather").unwrap();
    world.script_mut(id).unwrap().db.set("rain", true).unwrap();
    let world = world.again_as(with(10), 1.0, 5.0, RestartMode::Crash);
    assert_eq!(world.scripts().map(|(id, _)| id).collect::<Vec<_>>(), [id]);
    assert_eq!(world.script(id).unwrap().time_until_next_repeat(at(5.0)), Some(Duration::from_secs(5)));
    let mut world = world.again_as(with(30), 5.0, 6.0, RestartMode::Crash);
    let script = world.script(id).unwrap();
    assert_eq!(script.time_until_next_repeat(at(6.0)), Some(Duration::from_secs(30)), "the code has changed");
    assert_eq!(script.db["rain"], true);
    assert!(world.delete_script(id));
    let world = world.again_as(with(30), 6.0, 7.0, RestartMode::Crash);
    let again = world.script_named(ScriptOwner::Global, "weather").unwrap();
    assert!(again != id && world.scripts().count() == 1);
}

fn ticker(seconds: u64, idstring: &str) -> NewTicker<'_> {
    NewTicker { interval: Duration::from_secs(seconds), function: "grow", idstring, ..NewTicker::default() }
}

#[test]
fn tickers_of_one_interval_share_their_times() {
    let mut world = world();
    let first = world.ticker_add(ticker(10, "a")).unwrap();
    world.advance(at(4.0));
    world.ticker_add(ticker(10, "b")).unwrap();
    world.ticker_add(ticker(7, "c")).unwrap();
    assert_eq!(world.ticker_add(ticker(10, "a")).unwrap(), first, "there is one already");
    world.store();
    let rows = world.rows;
    play(&mut world, 4, 20);
    let expected = ["10 grow a", "10 grow b", "11 grow c", "18 grow c", "20 grow a", "20 grow b"];
    assert_eq!(notes(&mut world), expected);
    assert_eq!(world.rows, rows, "nothing is stored when they tick");
    assert!(world.ticker_remove(first) && !world.ticker_remove(first));
    world.advance(at(47.0));
    assert_eq!(notes(&mut world), ["47 grow c", "47 grow b"], "what was missed is not made up for");
    world.ticker_clear(TickerSubscriber::Nobody);
    assert_eq!((world.tickers().count(), world.next_tick(Duration::from_secs(10))), (0, None));
    assert!(world.ticker_add(NewTicker { function: "fly", ..ticker(1, "") }).is_err());
    assert!(world.ticker_add(NewTicker { subscriber: ObjectId(99).into(), ..ticker(1, "") }).is_err());
}

#[test]
fn tickers_keep_their_times_over_a_reload() {
    let mut world = world();
    world.ticker_add(ticker(10, "a")).unwrap();
    world.ticker_add(NewTicker { persistent: false, ..ticker(10, "passing") }).unwrap();
    let mut world = world.again(9.0, 12.0, RestartMode::Reload);
    play(&mut world, 12, 25);
    let expected = ["12 grow a", "12 grow passing", "20 grow a", "20 grow passing"];
    assert_eq!(notes(&mut world), expected, "the one that came due meanwhile is made up for");
    let mut world = world.again(25.0, 33.0, RestartMode::Crash);
    play(&mut world, 33, 41);
    assert_eq!(notes(&mut world), ["40 grow a"]);
}

#[test]
fn objects_have_a_hook_for_ticks_and_what_breaks_is_ended() {
    let mut world = world();
    let clock = NewObject { key: "clock", typeclass: "typeclasses.Clock", ..NewObject::default() };
    let clock = world.create(clock).unwrap();
    let new = NewTicker { function: AT_TICK, subscriber: clock.into(), ..ticker(20, "tock") };
    let id = world.ticker_add(new).unwrap();
    assert_eq!(world.tickers_of(clock), [id]);
    world.ticker_add(ticker(1, "broken")).unwrap();
    play(&mut world, 0, 40);
    let told = notes(&mut world);
    assert_eq!(told.iter().filter(|told| told.ends_with("grow broken")).count(), 10);
    assert_eq!(told[10..], ["20 clock tock", "40 clock tock"]);
}

#[test]
fn delays_are_done_once_whatever_happens() {
    let mut world = world();
    let wait = Duration::from_secs(10);
    let [red, blue, lost] = ["red", "blue", "lost"].map(|colour| world.delay(wait, "bloom", colour).unwrap());
    world.delay(wait, "bloom", "clear").unwrap();
    world.delay(wait, "bloom", 7).unwrap();
    assert!(world.delay(wait, "wilt", ()).is_err());
    assert!(world.delay_remove(lost) && !world.delay_remove(lost));
    world.advance(at(4.0));
    assert!(world.delay_pause(blue) && !world.delay_pause(blue) && !world.delay_unpause(red));
    let mut world = world.again(4.0, 30.0, RestartMode::Crash);
    world.advance(at(30.0));
    assert_eq!(notes(&mut world), ["30 bloom red"]);
    assert_eq!(
        world.delays().map(|(id, _)| id).collect::<Vec<_>>(),
        [blue],
        "a broken one is not tried again"
    );
    assert!(world.delay_unpause(blue));
    play(&mut world, 30, 60);
    assert_eq!(notes(&mut world), ["36 bloom blue"]);

    let green = world.delay(wait, "bloom", "green").unwrap();
    world.delay_call(green).unwrap();
    assert!(world.delay_cancel(green) && !world.delay_cancel(green));
    play(&mut world, 60, 90);
    assert_eq!(notes(&mut world), ["60 bloom green"], "called, and then cancelled");
    assert_eq!(world.delays().next().unwrap().1.state(), DelayState::Cancelled);
    world.delay_do(green).unwrap();
    assert_eq!(notes(&mut world), ["90 bloom green"]);
    assert!(world.delays().next().is_none() && world.delay_do(green).is_err());
}
