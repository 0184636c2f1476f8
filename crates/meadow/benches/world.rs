//! What the world costs: `cargo bench -p meadow`. Sizes are arguments, so that a row shows whether a thing grows with the
//! world; it should not.

use std::{collections::HashMap, sync::Arc};

use divan::{Bencher, counter::ItemsCount};
use meadow::{NewObject, ObjectId, Snapshot, Store, World, WorldBuilder, cmdset};
use meadow_link::{RestartMode, SessionId, SessionSync, Time, ToServer, text};
use meadow_server::store::SqliteStore;

fn main() {
    divan::main();
}

/// Rooms of the small world and of the large one. Each has a way there and back and two things in it.
const ROOMS: [usize; 2] = [100, 100_000];
const NOW: Time = Time::from_micros(1);

/// One player in the first of many rooms.
struct Scene {
    world: World,
    seq: HashMap<SessionId, u64>,
}

const PLAYER: SessionId = SessionId(1);

impl Scene {
    fn new(rooms: usize, players: u64) -> Scene {
        let mut world = WorldBuilder::new("Bench").load(Snapshot::default(), NOW).expect("it is empty");
        let rooms: Vec<ObjectId> = (0..rooms).map(|number| room(&mut world, number)).collect();
        for (at, room) in rooms.iter().enumerate() {
            let next = rooms[(at + 1) % rooms.len()];
            way(&mut world, "east", *room, next);
            way(&mut world, "west", next, *room);
        }
        world.set_start_location(rooms[0]);
        world.handle(
            NOW,
            ToServer::Sync { mode: RestartMode::Shutdown, portal_start: NOW, sessions: Vec::new() },
        );
        let mut scene = Scene { world, seq: HashMap::new() };
        for player in 1..=players {
            let account =
                scene.world.create_account_unchecked(&format!("Player{player}"), "").expect("it is new");
            let mut sync = SessionSync::new(SessionId(player), "telnet", "192.0.2.1", NOW);
            (sync.uid, sync.logged_in) = (Some(account.0), true);
            scene.world.handle(NOW, ToServer::Connect(sync));
        }
        scene.world.take_step();
        scene
    }

    /// What it takes from a line's coming off the link to the answer's going on it.
    fn line(&mut self, line: &str) -> meadow::Step {
        let seq = self.seq.entry(PLAYER).or_default();
        *seq += 1;
        self.world.handle(NOW, ToServer::Input { session: PLAYER, seq: *seq, tuple: text(line) });
        self.world.take_step()
    }
}

fn room(world: &mut World, number: usize) -> ObjectId {
    let key = format!("Room {number}");
    let new = NewObject { key: &key, typeclass: "default.Room", desc: "Four walls.", ..NewObject::default() };
    let room = world.create(new).expect("a room can be made");
    for key in ["box", "lamp"] {
        let new =
            NewObject { key, typeclass: "default.Object", location: Some(room), ..NewObject::default() };
        world.create(new).expect("a thing can be made");
    }
    room
}

fn way(world: &mut World, key: &str, from: ObjectId, to: ObjectId) {
    let typeclass = "default.Exit";
    let new =
        NewObject { key, typeclass, location: Some(from), destination: Some(to), ..NewObject::default() };
    world.create(new).expect("an exit can be made");
}

/// The command handler on one `look`.
#[divan::bench(args = ROOMS)]
fn look(bencher: Bencher<'_, '_>, rooms: usize) {
    let mut scene = Scene::new(rooms, 1);
    bencher.bench_local(|| scene.line("look"));
}

/// Through an exit and back.
#[divan::bench(args = ROOMS)]
fn walk(bencher: Bencher<'_, '_>, rooms: usize) {
    let mut scene = Scene::new(rooms, 1);
    bencher.counter(ItemsCount::new(2_usize)).bench_local(|| (scene.line("east"), scene.line("west")));
}

/// Something is said where so many stand.
#[divan::bench(args = [1, 100])]
fn say_to(bencher: Bencher<'_, '_>, players: u64) {
    let mut scene = Scene::new(1, players);
    bencher.bench_local(|| scene.line("say hello"));
}

/// The sets of a player in a room, merged anew.
#[divan::bench]
fn merge_cmdsets(bencher: Bencher<'_, '_>) {
    let stack = stack();
    bencher.bench_local(|| cmdset::merge(&stack));
}

/// The same, from the cache.
#[divan::bench]
fn merge_cmdsets_cached(bencher: Bencher<'_, '_>) {
    let stack = stack();
    let mut cache = cmdset::MergeCache::default();
    bencher.bench_local(|| cache.merged(&stack));
}

fn stack() -> Vec<Arc<meadow::Commands>> {
    use meadow::default::commands::{account, character, session};
    vec![Arc::new(session()), Arc::new(account()), Arc::new(character())]
}

/// So many changed objects, stored in one transaction of the embedded database.
#[divan::bench(args = [1, 1_000])]
fn commit(bencher: Bencher<'_, '_>, changes: usize) {
    let folder = tempfile::tempdir().expect("there is room for a database");
    let mut store = SqliteStore::open(folder.path().join("bench.db")).expect("a database can be made");
    let mut scene = Scene::new(changes, 1);
    let rooms: Vec<ObjectId> = scene.world.objects().map(|object| object.id()).take(changes).collect();
    let mut round = 0_u64;
    bencher.counter(ItemsCount::new(changes)).bench_local(|| {
        round += 1;
        for room in &rooms {
            scene.world[*room].db.set("round", round).expect("a number is JSON");
        }
        store.apply(&scene.world.take_step().batch).expect("it is stored");
    });
}

/// What a Server does with what the database holds before it is ready.
#[divan::bench(args = ROOMS, sample_count = 5)]
fn load(bencher: Bencher<'_, '_>, rooms: usize) {
    let mut made = WorldBuilder::new("Bench").load(Snapshot::default(), NOW).expect("it is empty");
    for number in 0..rooms {
        room(&mut made, number);
    }
    let batch = made.take_step().batch;
    let snapshot = Snapshot { objects: batch.objects, config: batch.config, ..Snapshot::default() };
    bencher
        .with_inputs(|| snapshot.clone())
        .bench_local_values(|snapshot| WorldBuilder::new("Bench").load(snapshot, NOW).expect("it loads"));
}
