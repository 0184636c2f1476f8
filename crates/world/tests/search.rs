//! What players mean by the names that they type.

#![allow(clippy::unwrap_used, reason = "a scene that cannot be built is a failed test")]

use meadow_link::Time;
use meadow_world::{NewObject, ObjectId, Scope, Snapshot, Stop, World, WorldBuilder};

struct Scene {
    world: World,
    room: ObjectId,
    me: ObjectId,
}

impl Scene {
    fn new() -> Scene {
        let mut world = WorldBuilder::new("t").load(Snapshot::default(), Time::from_micros(1)).unwrap();
        let room = world.create(NewObject { key: "The Long Meadow", ..NewObject::default() }).unwrap();
        let me =
            world.create(NewObject { key: "Anna", location: Some(room), ..NewObject::default() }).unwrap();
        Scene { world, room, me }
    }

    fn put(&mut self, key: &str, aliases: &[&str], location: ObjectId) -> ObjectId {
        self.world
            .create(NewObject { key, aliases, location: Some(location), ..NewObject::default() })
            .unwrap()
    }

    fn here(&mut self, key: &str, aliases: &[&str]) -> ObjectId {
        self.put(key, aliases, self.room)
    }

    fn find(&self, name: &str) -> Option<ObjectId> {
        self.find_in(name, Scope::Around)
    }

    fn find_in(&self, name: &str, scope: Scope) -> Option<ObjectId> {
        self.world.search(self.me, name, scope).ok()
    }

    fn told(&self, name: &str, scope: Scope) -> String {
        match self.world.search(self.me, name, scope) {
            Err(Stop::Say(told)) => told,
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn me_and_here_and_names() {
    let mut scene = Scene::new();
    let (me, room) = (scene.me, scene.room);
    for name in ["me", "SELF", " me ", "anna", "An"] {
        assert_eq!(scene.find(name), Some(me), "{name}");
    }
    for name in ["here", "Here", "the long meadow", "long meadow", "mead"] {
        assert_eq!(scene.find(name), Some(room), "{name}");
    }
    for name in ["", "  ", "nna", "meadow long"] {
        assert_eq!(scene.find(name), None, "{name:?}");
    }
    assert_eq!(scene.find_in("me", Scope::Carried), None);
    assert_eq!(scene.find_in("here", Scope::Location), None);
    scene.world.place(me, None);
    assert_eq!(scene.told("here", Scope::Around), "You are nowhere.");
    assert_eq!((scene.find("me"), scene.find("anna")), (Some(me), Some(me)));
    assert_eq!(scene.find_in("anna", Scope::Location), None);
}

#[test]
fn the_whole_name_goes_before_its_beginning() {
    let mut scene = Scene::new();
    let bush = scene.here("rosebush", &[]);
    let rose = scene.here("rose", &["Flower"]);
    assert_eq!(scene.find("ROSE"), Some(rose));
    assert_eq!(scene.find("flower"), Some(rose));
    assert_eq!(scene.find("roseb"), Some(bush));
    assert!(scene.told("ros", Scope::Around).contains("More than one match for 'ros'"));
}

#[test]
fn beginnings_of_words_will_do() {
    let mut scene = Scene::new();
    let rose = scene.here("big red rose", &["pretty flower"]);
    let flour = scene.here("flour", &[]);
    for name in ["big", "red", "ro", "big re", "big ro", "the red rose", "pretty", "pret flow"] {
        assert_eq!(scene.find(name), Some(rose), "{name}");
    }
    assert_eq!(scene.find("flo"), Some(flour), "keys go before aliases");
    for name in ["ig", "red big", "rose rose", "big rose x"] {
        assert_eq!(scene.find(name), None, "{name}");
    }
}

#[test]
fn articles_make_no_difference() {
    let mut scene = Scene::new();
    let apple = scene.here("an apple", &[]);
    let tree = scene.here("apple tree", &[]);
    for name in ["apple", "an apple", "the apple", "An Apple"] {
        assert_eq!(scene.find(name), Some(apple), "{name}");
    }
    assert_eq!(scene.find("the apple tree"), Some(tree));
    assert_eq!(scene.find("the apple-1"), Some(apple));
}

#[test]
fn the_second_of_several() {
    let mut scene = Scene::new();
    let red = scene.here("red flower", &[]);
    let blue = scene.here("blue flower", &[]);
    let box_2 = scene.here("box-2", &[]);
    assert_eq!((scene.find("flower-1"), scene.find("flower-2")), (Some(red), Some(blue)));
    for name in ["flower-3", "flower-0", "flower--1", "-1", "flower-x", "flower-99999999999999999999"] {
        assert_eq!(scene.find(name), None, "{name}");
    }
    assert_eq!(scene.find("box-2"), Some(box_2), "a name that ends so is a name");
    let told = scene.told("flower", Scope::Around);
    for (at, line) in ["flower-1 (red flower", "flower-2 (blue flower"].into_iter().enumerate() {
        assert!(told.lines().nth(at + 1).unwrap().contains(line), "{told}");
    }
}

#[test]
fn of_those_that_are_the_same_any_will_do() {
    let mut scene = Scene::new();
    let first = scene.here("coin", &[]);
    let second = scene.here("coin", &[]);
    assert_eq!((scene.find("coin"), scene.find("coi")), (Some(first), Some(first)));
    assert_eq!(scene.find("coin-2"), Some(second));
    let carried = scene.put("coin", &[], scene.me);
    assert_eq!(scene.find("coin"), Some(carried), "what is carried is nearest");
}

#[test]
fn each_scope_ends_somewhere() {
    let mut scene = Scene::new();
    let held = scene.put("held thing", &[], scene.me);
    let lying = scene.here("lying thing", &[]);
    scene.put("hidden thing", &[], held);
    assert_eq!(scene.find_in("thing", Scope::Carried), Some(held));
    assert_eq!(scene.find_in("thing", Scope::Location), Some(lying));
    assert!(scene.told("thing", Scope::Around).starts_with("More than one match"));
    assert_eq!(scene.find("hidden thing"), None);
    assert_eq!(scene.told("l|ying", Scope::Carried), "You aren't carrying l||ying.");
    assert_eq!(scene.told("nothing", Scope::Around), "Could not find 'nothing'.");
}

#[test]
fn numbers_are_for_builders() {
    let mut scene = Scene::new();
    let held = scene.put("held", &[], scene.me);
    let far = scene.world.create(NewObject { key: "far", ..NewObject::default() }).unwrap();
    assert_eq!(scene.find(&far.to_string()), None);
    let me = scene.me;
    scene.world[me].permissions.push("Admin".into());
    assert_eq!(scene.find(&far.to_string()), Some(far));
    assert_eq!(scene.find_in(&held.to_string(), Scope::Carried), Some(held));
    assert_eq!(scene.find_in(&far.to_string(), Scope::Carried), None, "it is not carried");
    assert_eq!(scene.find_in(&far.to_string(), Scope::Location), None, "it is not here");
    for name in ["#", "#999", "#x", "#-1"] {
        assert_eq!(scene.find(name), None, "{name}");
    }
}

#[test]
fn what_must_not_be_seen_is_not_found() {
    let mut scene = Scene::new();
    for lock in ["view:false()", "search:false()"] {
        let ghost = scene.here("ghost", &[]);
        scene.world[ghost].locks = lock.into();
        assert_eq!(scene.find("ghost"), None, "{lock}");
    }
}

#[test]
fn everywhere_is_looked_at_last() {
    let mut scene = Scene::new();
    let far = scene.world.create(NewObject { key: "lamp", ..NewObject::default() }).unwrap();
    let find = |scene: &Scene, name: &str| scene.find_in(name, Scope::Anywhere);
    assert_eq!((find(&scene, "Lamp"), find(&scene, "lam")), (Some(far), None));
    assert_eq!((find(&scene, "me"), find(&scene, "here")), (Some(scene.me), Some(scene.room)));
    let other = scene.world.create(NewObject { key: "Lamp", ..NewObject::default() }).unwrap();
    assert!(scene.told("lamp", Scope::Anywhere).contains("lamp-2"));
    assert_eq!((find(&scene, "lamp-1"), find(&scene, "lamp-2")), (Some(far), Some(other)));
    assert_eq!(find(&scene, "lamp-3"), None);
    let near = scene.here("lamp", &[]);
    assert_eq!(find(&scene, "lamp"), Some(near));
    scene.here("lamp", &[]);
    assert!(
        scene.told("lamp", Scope::Anywhere).contains("More than one match"),
        "whose name is typed is meant"
    );
    assert_eq!(find(&scene, "*anna"), None);
}

#[test]
fn a_star_means_the_body_of_an_account() {
    let mut scene = Scene::new();
    let account = scene.world.create_account_unchecked("Cleo", "").unwrap();
    let body = scene.world[account].characters.first().copied();
    assert_eq!(scene.find_in("*cleo", Scope::Anywhere), body);
    assert_eq!(scene.find_in("*cleo", Scope::Around), None);
    assert_eq!(scene.told("*dan", Scope::Anywhere), "There is no account 'dan'.");
}
