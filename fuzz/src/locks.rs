//! Lock strings: any can be checked, and any can be asked, for each kind of access that it speaks of.

use meadow_link::Time;
use meadow_world::{
    NewObject, ObjectId, Snapshot, World, WorldBuilder,
    locks::{Accessor, check},
};

thread_local! {
    static SCENE: (World, ObjectId) = scene();
}

/// The target.
pub fn run(data: &[u8]) {
    let locks = &*String::from_utf8_lossy(data);
    let usable = check(locks).is_ok();
    SCENE.with(|(world, it)| {
        let nobody = Accessor::default();
        let somebody = Accessor { account: None, object: Some(*it) };
        for kind in locks.split(';').filter_map(|part| Some(part.split_once(':')?.0.trim())) {
            for accessing in [nobody, somebody] {
                let passes = |default| world.passes(locks, accessing, kind, Some(*it), default);
                // A lock that speaks of the kind leaves nothing to the default, readable or not.
                assert_eq!(passes(true), passes(false), "{kind:?} of {locks:?}");
            }
        }
        assert!(usable || !locks.is_empty() || check("").is_err());
    });
}

fn scene() -> (World, ObjectId) {
    let mut world =
        WorldBuilder::new("t").load(Snapshot::default(), Time::from_micros(1)).expect("an empty world");
    let mut thing = |key, location| {
        world.create(NewObject { key, location, ..NewObject::default() }).expect("it can be made")
    };
    let room = thing("room", None);
    let it = thing("it", Some(room));
    (world, it)
}
