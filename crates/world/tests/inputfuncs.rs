//! Whatever a client sends to whichever inputfunc, nothing breaks: neither now, nor in the Server that comes after.

use std::time::Duration;

use meadow_link::{CommandTuple, Kwargs, RestartMode, SessionId, SessionSync, Time, ToPortal, ToServer};
use meadow_world::{Snapshot, World, WorldBuilder};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Every inputfunc but those that lead elsewhere (`text`, `login`).
const NAMES: [&str; 24] = [
    "echo",
    "default",
    "bot_data_in",
    "client_options",
    "get_client_options",
    "get_inputfuncs",
    "hello",
    "supports_set",
    "get_value",
    "repeat",
    "unrepeat",
    "monitor",
    "unmonitor",
    "monitored",
    "webclient_options",
    "msdp_list",
    "msdp_report",
    "msdp_unreport",
    "msdp_reset",
    "msdp_send",
    "external_discord_hello",
    "client_gui",
    "is_typing_setup",
    "is_typing_state",
];

/// What they know, so that not everything is refused at once.
const WORDS: [&str; 22] = [
    "name",
    "stop",
    "callback",
    "interval",
    "outputfunc_name",
    "category",
    "get",
    "state",
    "client",
    "version",
    "screenwidth",
    "istyping",
    "inputdebug",
    "location",
    "desc",
    "test1",
    "ROOM",
    "account_name",
    "REPORTED_VARIABLES",
    "COMMANDS",
    "options",
    "",
];

fn word() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(WORDS.as_slice()).prop_map(str::to_owned), 1 => any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        word().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..4)
                .prop_map(|map| Value::Object(Kwargs::from_iter(map))),
        ]
    })
}

fn given() -> impl Strategy<Value = CommandTuple> {
    let name = prop::sample::select(NAMES.as_slice()).prop_map(str::to_owned);
    let args = prop::collection::vec(value(), 0..4);
    let kwargs = prop::collection::vec((word(), value()), 0..5).prop_map(Kwargs::from_iter);
    (name, args, kwargs).prop_map(|(name, args, kwargs)| CommandTuple { name, args, kwargs })
}

const ANNA: SessionId = SessionId(1);

fn world(sessions: Vec<SessionSync>) -> World {
    let mut builder = WorldBuilder::new("Test");
    builder.monitorable("hp", |world, me| world[me].db.get::<i64>("hp"));
    let mut world = builder.load(Snapshot::default(), Time::default()).expect("an empty world can be made");
    let mode = RestartMode::Reload;
    world.handle(Time::default(), ToServer::Sync { mode, portal_start: Time::default(), sessions });
    world
}

fn playing() -> World {
    let mut world = world(Vec::new());
    world.handle(
        Time::default(),
        ToServer::Connect(SessionSync::new(ANNA, "telnet", "192.0.2.1", Time::default())),
    );
    let account = world.create_account_unchecked("Anna", "").expect("there is none yet");
    world.login(ANNA, account);
    world.take_step();
    world
}

/// What Anna was told, and what the Portal was given to keep of her.
fn told(world: &mut World) -> (String, Option<SessionSync>) {
    let (mut text, mut kept) = (String::new(), None);
    for message in world.take_step().out {
        match message {
            ToPortal::Output { tuple, .. } => text.push_str(&tuple.shown()),
            ToPortal::SessionSync { mut sessions, .. } => kept = sessions.pop().or(kept),
            _ => {}
        }
    }
    (text, kept)
}

proptest! {
    #[test]
    fn nothing_that_is_sent_breaks_anything(sent in prop::collection::vec(given(), 1..8)) {
        let mut world = playing();
        for (seq, tuple) in (1..).zip(sent) {
            let what = format!("{tuple:?}");
            world.handle(Time::default(), ToServer::Input { session: ANNA, seq, tuple });
            let (text, _) = told(&mut world);
            prop_assert!(!text.contains("Something broke"), "{what}: {text}");
        }
        world.advance(Time::default() + Duration::from_secs(1_000_000));
        world.handle(Time::default(), ToServer::Stop(RestartMode::Reload));
        let (_, kept) = told(&mut world);
        let mut kept = kept.expect("a Server that stops hands over its sessions");
        let mut next = self::world(vec![kept.clone()]);
        next.handle(Time::default(), ToServer::Stop(RestartMode::Reload));
        let again = told(&mut next).1.expect("and so does the next");
        // That other world has no such account; what was kept for the session is the same all the same.
        kept.server_data.remove("_monitors");
        let mut data = again.server_data;
        data.remove("_monitors");
        prop_assert_eq!(data, kept.server_data);
    }

    #[test]
    fn what_the_portal_kept_may_be_anything(monitors in value(), repeats in value()) {
        let mut sync = SessionSync::new(ANNA, "telnet", "192.0.2.1", Time::default());
        sync.server_data =
            Kwargs::from_iter([("_monitors".to_owned(), monitors), ("_repeats".to_owned(), repeats)]);
        let mut world = world(vec![sync]);
        world.advance(Time::default() + Duration::from_secs(100_000));
        prop_assert!(!told(&mut world).0.contains("Something broke"));
    }
}

#[test]
fn what_was_kept_of_names_that_are_no_more_goes() {
    let mut sync = SessionSync::new(ANNA, "telnet", "192.0.2.1", Time::default());
    sync.server_data = Kwargs::from_iter([
        (
            "_monitors".to_owned(),
            json!([{"name": "GOLD", "told": "msdp"}, {"name": "Server_ID", "told": "msdp"}]),
        ),
        ("_repeats".to_owned(), json!([{"callback": "gone", "interval": 5.0, "since": 0}])),
        ("of_the_game".to_owned(), json!(3)),
    ]);
    let mut world = world(vec![sync]);
    world.take_step();
    world.advance(Time::default() + Duration::from_secs(5));
    let kept = told(&mut world).1.expect("it was synced");
    let monitors = json!([{"name": "Server_ID", "told": "msdp"}]);
    assert_eq!(Value::Object(kept.server_data), json!({"of_the_game": 3, "_monitors": monitors}));
}
