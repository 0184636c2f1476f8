//! Lock strings against Evennia's own answers, and the rules that those do not reach: accounts, quelling,
//! strings that can't be read, functions that look at more than the one who asks.

#![allow(clippy::unwrap_used, reason = "a vector that cannot be read is a failed test")]

use meadow_link::{SessionId, SessionSync, Time, ToServer};
use meadow_world::{
    AccountId, AccountRow, NewObject, ObjectId, Snapshot, World, WorldBuilder,
    locks::{self, Accessor},
};
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

const NOW: Time = Time::from_micros(1);

fn load(snapshot: Snapshot) -> World {
    WorldBuilder::new("t").load(snapshot, NOW).unwrap()
}

fn thing(world: &mut World, key: &str, location: Option<ObjectId>) -> ObjectId {
    world.create(NewObject { key, location, ..NewObject::default() }).unwrap()
}

/// Somebody, something, and where they are.
struct Scene {
    world: World,
    me: ObjectId,
    it: ObjectId,
    room: ObjectId,
}

impl Scene {
    fn new(snapshot: Snapshot) -> Scene {
        let mut world = load(snapshot);
        let room = thing(&mut world, "room", None);
        let me = thing(&mut world, "me", Some(room));
        let it = thing(&mut world, "it", Some(room));
        Scene { world, me, it, room }
    }

    fn of(state: &Value) -> Scene {
        let mut scene = Scene::new(Snapshot::default());
        let Scene { world, me, it, room } = &mut scene;
        // The dark room of the vectors is the one that I am in, wherever that is.
        let mut place = *room;
        if state["me_in"] == "elsewhere" {
            place = thing(world, "elsewhere", None);
            world.move_quietly(*me, place).unwrap();
        }
        if state["held"] == true {
            world.move_quietly(*it, *me).unwrap();
        }
        for perm in state["perms"].as_array().unwrap() {
            world[*me].permissions.push(perm.as_str().unwrap().into());
        }
        for tag in state["tags"].as_array().unwrap() {
            world.add_tag(*me, tag[0].as_str().unwrap(), tag[1].as_str().unwrap_or_default());
        }
        for (id, name, value) in
            [(*me, "strength", "strength"), (*me, "color", "color"), (*it, "open", "it_open")]
        {
            if !state[value].is_null() {
                world[id].db.set(name, &state[value]).unwrap();
            }
        }
        if state["it_sealed"] == true {
            world.add_tag(*it, "sealed", "");
        }
        if state["room_dark"] == true {
            world[place].db.set("dark", true).unwrap();
        }
        scene
    }

    fn fill(&self, lock: &str) -> String {
        lock.replace("{me}", &self.me.0.to_string()).replace("{it}", &self.it.0.to_string())
    }

    fn access(&mut self, lock: &str) -> bool {
        let lock = self.fill(lock);
        locks::check(&lock).unwrap();
        self.world[self.it].locks = lock.into();
        self.world.access(self.it, self.me, "get", false)
    }

    fn passes(&self, lock: &str, accessing: Accessor) -> bool {
        let lock = self.fill(lock);
        locks::check(&lock).unwrap();
        self.world.passes(&lock, accessing, "get", Some(self.it), false)
    }
}

#[test]
fn all_vectors_hold() {
    let file: Value = serde_json::from_str(include_str!("vectors/locks.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 300, "the vectors are all there");
    let mut wrong = Vec::new();
    for case in cases {
        let mut scene = Scene::of(&case["state"]);
        let lock = scene.fill(case["lock"].as_str().unwrap());
        if !case["error"].is_null() {
            if locks::check(&lock).is_ok() {
                wrong.push(format!("{lock} is taken"));
            }
            continue;
        }
        if let Err(error) = locks::check(&lock) {
            wrong.push(format!("{lock} is refused: {error}"));
            continue;
        }
        scene.world[scene.it].locks = lock.as_str().into();
        let Scene { world, me, it, .. } = &scene;
        for default in [false, true] {
            let says = world.access(*it, *me, "get", default);
            if case["access_get"] != says {
                wrong.push(format!("{lock} says {says}: {}", case["state"]));
            }
        }
        for (default, key) in [(false, "access_missing_default_false"), (true, "access_missing_default_true")]
        {
            assert_eq!(case[key], world.access(*it, *me, "missing", default), "{lock}");
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn permissions_stand_in_a_hierarchy() {
    for (held, lock, passes) in [
        ("Builder", "get:perm(Builder)", true),
        ("builders", "get:perm(BUILDER)", true),
        ("Builder", "get:perm(Players)", true),
        ("Builder", "get:perm(Admin)", false),
        ("Guest", "get:perm(Guest)", true),
        ("Builder", "get:perm_above(Builder)", false),
        ("Admin", "get:perm_above(Builders)", true),
        ("Developer", "get:perm_above(Developer)", false),
        ("Gardener", "get:perm(gardener)", true),
        ("Gardener", "get:perm(gardeners)", false),
        ("Developer", "get:perm(gardener)", false),
        ("Builder", "get:perm()", false),
        ("Builder", "get:pperm(Builder)", false),
    ] {
        let mut scene = Scene::new(Snapshot::default());
        scene.world[scene.me].permissions.push(held.into());
        assert_eq!(scene.access(lock), passes, "{held} {lock}");
        assert_eq!(scene.world.has_permission(scene.me, "Player"), !["Guest", "Gardener"].contains(&held));
    }
}

#[test]
fn attributes_are_looked_up_where_the_name_says() {
    let mut scene = Scene::new(Snapshot::default());
    let Scene { world, me, it, room } = &mut scene;
    world[*me].db.set("strength", 5).unwrap();
    world[*me].db.set("Nick", "x").unwrap();
    world[*me].db.set("lazy", false).unwrap();
    world[*it].db.set("color", "red").unwrap();
    world[*room].db.set("dark", true).unwrap();
    world.add_tag(*room, "Wet", "weather");
    for (lock, passes) in [
        ("attr(strength)", true),
        ("attr(strength, )", true),
        ("attr(strength,5.0)", true),
        ("attr(strength, 4, compare=gt)", true),
        ("attr(strength, 5, compare=gt)", false),
        ("attr(strength, 5, compare=like)", false),
        ("attr_eq(strength, 5)", true),
        ("attr_ge(strength, 5)", true),
        ("attr_lt(strength, 5)", false),
        ("attr(nick)", true),
        ("attr(lazy)", false),
        ("attr(lazy, False)", true),
        ("attr(color)", false),
        ("attr()", false),
        ("attr(key, me)", true),
        ("attr(id, {me})", true),
        ("attr(location, room)", true),
        ("attr(home)", false),
        ("objattr(color, red)", true),
        ("objattr(strength)", false),
        ("locattr(dark)", true),
        ("objlocattr(dark, True)", true),
        ("objloctag(wet, WEATHER)", true),
        ("objloctag(wet)", false),
        ("objtag()", false),
        ("tag()", false),
    ] {
        assert_eq!(scene.access(&format!("get:{lock}")), passes, "{lock}");
    }
}

#[test]
fn holding_and_being_inside() {
    let mut scene = Scene::new(Snapshot::default());
    let Scene { world, me, room, .. } = &mut scene;
    let (me, room) = (*me, *room);
    let rose = world
        .create(NewObject { key: "Rose", aliases: &["flower"], location: Some(me), ..NewObject::default() })
        .unwrap();
    world[rose].db.set("color", "red").unwrap();
    for (lock, passes) in [
        (format!("holds({})", rose.0), true),
        (format!("holds({rose})"), true),
        ("holds(rose)".into(), true),
        ("holds(FLOWER)".into(), true),
        ("holds(flow)".into(), false),
        ("holds(color, red)".into(), true),
        ("holds(color, blue)".into(), false),
        ("holds()".into(), false),
        ("self()".into(), false),
        ("inside()".into(), false),
        ("has_account()".into(), false),
        ("is_ooc()".into(), true),
    ] {
        assert_eq!(scene.access(&format!("get:{lock}")), passes, "{lock}");
    }
    let world = &mut scene.world;
    let allows = |world: &mut World, lock: &str, accessed: ObjectId, accessing| {
        world[accessed].locks = lock.into();
        world.access(accessed, accessing, "get", false)
    };
    assert!(allows(world, "get:inside()", room, me));
    assert!(!allows(world, "get:inside()", room, rose));
    assert!(allows(world, "get:inside_rec()", room, rose));
    assert!(!allows(world, "get:inside_rec()", room, room));
    assert!(allows(world, "get:self()", room, room));
    assert!(allows(world, "get:holds()", rose, me));
    world.set_config("open", "true");
    world.set_config("rooms", "12");
    assert!(allows(world, "get:serversetting(rooms, 12)", room, me));
    assert!(allows(world, "get:serversetting(open)", room, me));
    assert!(!allows(world, "get:serversetting(closed)", room, me));
}

fn accounts() -> Snapshot {
    let row = |id, name: &str, is_superuser, permissions: &str, attributes: &str| AccountRow {
        id,
        name: name.into(),
        is_superuser,
        permissions: permissions.into(),
        characters: "[]".into(),
        attributes: attributes.into(),
        ..AccountRow::default()
    };
    Snapshot {
        accounts: vec![
            row(1, "god", true, "[]", "{}"),
            row(2, "quelled god", true, "[]", r#"{"_quell": true}"#),
            row(3, "admin", false, r#"["Admin", "Gardener"]"#, r#"{"vip": 1}"#),
            row(4, "quelled admin", false, r#"["Admin", "Gardener"]"#, r#"{"_quell": true}"#),
        ],
        ..Snapshot::default()
    }
}

#[test]
fn superusers_pass_everything_unless_they_quell_themselves() {
    let scene = Scene::new(accounts());
    let body = Some(scene.me);
    let god = Accessor { account: Some(AccountId(1)), object: body };
    let quelled = Accessor { account: Some(AccountId(2)), object: body };
    assert!(scene.passes("get:false()", god));
    assert!(scene.world.passes("", god, "get", Some(scene.it), false), "even what no lock speaks of");
    assert!(scene.world.passes("get:nosuch()", god, "get", None, false));
    assert!(!scene.passes("get:false()", quelled));
    assert!(!scene.passes("get:superuser()", quelled));
    assert!(scene.passes("get:false()", Accessor { object: None, ..quelled }), "quelling is for characters");
}

#[test]
fn whoever_drives_a_body_lends_it_their_rights() {
    let mut scene = Scene::new(Snapshot::default());
    let world = &mut scene.world;
    let account = world.create_account_unchecked("Anna", "hash").unwrap();
    let (body, session) = (world[account].characters[0], SessionId(1));
    world.handle(NOW, ToServer::Connect(SessionSync::new(session, "telnet", "127.0.0.1", NOW)));
    world[account].is_superuser = true;
    world[scene.it].locks = "get:false()".into();
    let may = |world: &World| {
        (world.access(scene.it, body, "get", false), world.access(scene.it, body, "missing", false))
    };
    assert_eq!(may(world), (false, false), "nobody drives it");
    world.login(session, account);
    assert_eq!(world[body].sessions(), [session]);
    assert_eq!(may(world), (true, true), "whatever the lock string speaks of");
    assert!(world.has_permission(body, "Developer"));
    world[account].db.set("_quell", true).unwrap();
    assert_eq!(may(world), (false, false));
    assert!(!world.has_permission(body, "Developer"));
}

#[test]
fn an_accounts_rank_stands_for_its_body() {
    let mut scene = Scene::new(accounts());
    scene.world[scene.me].permissions = vec!["Developer".into(), "fisher".into()];
    let body = Some(scene.me);
    let admin = Accessor { account: Some(AccountId(3)), object: body };
    for (lock, passes) in [
        ("perm(Admin)", true),
        ("perm(Developer)", false),
        ("perm(gardener)", true),
        ("perm(fisher)", true),
        ("pperm(Admin)", true),
        ("pperm(fisher)", false),
        ("pperm_above(Builder)", true),
        ("pid(3)", true),
        ("pdbref(#3)", true),
        ("pid({me})", scene.me.0 == 3),
        ("has_account()", true),
        ("is_ooc()", false),
        ("attr(vip)", false),
    ] {
        assert_eq!(scene.passes(&format!("get:{lock}"), admin), passes, "{lock}");
    }
    let out_of_character = Accessor { object: None, ..admin };
    for (lock, passes) in [
        ("perm(Admin)", true),
        ("perm(gardener)", true),
        ("pperm(Admin)", true),
        ("attr(vip, 1)", true),
        ("attr(name, admin)", true),
        ("id(3)", false),
        ("has_account()", false),
        ("is_ooc()", true),
        ("holds()", false),
        ("inside()", false),
        ("self()", false),
        ("tag()", false),
    ] {
        assert_eq!(scene.passes(&format!("get:{lock}"), out_of_character), passes, "{lock}");
    }
}

#[test]
fn a_quelled_account_has_the_lower_of_both_ranks() {
    let mut scene = Scene::new(accounts());
    let quelled = Accessor { account: Some(AccountId(4)), object: Some(scene.me) };
    assert!(!scene.passes("get:perm(Player)", quelled), "the body has no rank");
    scene.world[scene.me].permissions = vec!["Builder".into()];
    assert!(scene.passes("get:perm(Builder)", quelled));
    assert!(!scene.passes("get:perm(Admin)", quelled));
    scene.world[scene.me].permissions = vec!["Developer".into()];
    assert!(scene.passes("get:perm(Admin)", quelled));
    assert!(!scene.passes("get:perm(Developer)", quelled));
}

#[test]
fn what_can_not_be_read_lets_nobody_pass() {
    let mut scene = Scene::new(Snapshot::default());
    let Scene { world, me, it, .. } = &mut scene;
    for lock in ["get:nosuch()", "get:", "get:all() all()", "drop:all();get:all("] {
        world[*it].locks = lock.into();
        assert!(!world.access(*it, *me, "get", true), "{lock}");
    }
    world[*it].locks = "get:nosuch();drop:false();get:all();; ;nothing".into();
    assert!(world.access(*it, *me, "get", false), "the last of a kind counts");
    assert!(!world.access(*it, *me, "drop", true));
    assert!(world.access(*it, *me, "dro", true), "a part of a kind's name is another kind");
    assert!(!world.access(*it, *me, "nothing", false));
    world.destroy(*it).unwrap();
    assert!(world.access(*it, *me, "get", true));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_stops_the_game(
        lock in "(get|drop|:|;|[()]|,|=| |and|AND|or|not|NOT|all[(][)]|attr[(]a, 1[)]|tag[(]|\\PC){0,12}",
    ) {
        let mut scene = Scene::new(Snapshot::default());
        let _ = locks::check(&lock);
        scene.world[scene.it].locks = lock.into();
        let _ = scene.world.access(scene.it, scene.me, "get", true);
    }

    /// Any chain of true and false, against `any` of `all` of its parts.
    #[test]
    fn chains_come_to_what_their_parts_say(
        groups in vec(vec((0..3usize, 0..3usize, any::<bool>()), 1..4), 1..4),
        upper in any::<bool>(),
    ) {
        let expected = groups.iter().any(|group| group.iter().all(|(nots, _, value)| value ^ (nots % 2 == 1)));
        let words = if upper { ["NOT ", " AND ", " OR "] } else { ["not ", " and ", " or "] };
        let part = |(nots, depth, value): &(usize, usize, bool)| {
            format!("{}{}{value}(){}", words[0].repeat(*nots), "(".repeat(*depth), ")".repeat(*depth))
        };
        let group = |parts: &Vec<_>| parts.iter().map(part).collect::<Vec<_>>().join(words[1]);
        let lock = format!("get:{}", groups.iter().map(group).collect::<Vec<_>>().join(words[2]));
        let mut scene = Scene::new(Snapshot::default());
        prop_assert_eq!(scene.access(&lock), expected, "{}", lock);
    }
}
