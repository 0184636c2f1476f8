//! The functions for superusers: who is there, who is kept out, what stands where, how the game does.

use meadow_link::{ServiceWish, SessionId, ToPortal, text};
use meadow_world::{NewObject, NewScript, NewTicker, ScriptTypeclass, Ticker, TickerSubscriber, World};
use serde_json::{Value, json};

use crate::game::{Game, error};

struct Weather;

impl ScriptTypeclass for Weather {
    fn path(&self) -> &'static str {
        "scripts.Weather"
    }
}

fn drip(world: &mut World, ticker: &Ticker) -> meadow_world::Result {
    let place = ticker.object()?;
    let drops = world[place].db.get::<u64>("drops").unwrap_or_default();
    world[place].db.set("drops", drops + 1)?;
    Ok(())
}

/// With Root signed in as `root`.
fn game() -> Game {
    let mut game = Game::with(|world| {
        world.script(&Weather).ticker("drip", drip);
    });
    game.sign_in("root", "Root", "oak alley");
    game
}

/// What a superuser is answered.
fn ask(game: &mut Game, name: &str, args: Value) -> Value {
    let (status, body) = game.ask("root", name, args);
    assert_eq!(status, 200, "{name}: {body}");
    body
}

/// Anna is connected by websocket, in session 1.
fn connect_anna(game: &mut Game) {
    game.connect(1, "websocket");
    game.line(1, 1, "connect Anna rose garden");
}

#[test]
fn only_superusers_call_them() {
    let mut game = game();
    game.sign_in("anna", "Anna", "rose garden");
    let anna = game.account("Anna");
    game.world[anna].permissions = vec!["Developer".into()];
    let (_, api) = game.ask("", "openapi", json!({}));
    let staffs = |operation: &Value| {
        operation["description"].as_str().is_some_and(|told| told.ends_with("For superusers."))
    };
    let paths = api["paths"].as_object().unwrap().iter();
    let names: Vec<String> = paths
        .filter(|(_, path)| staffs(&path["post"]))
        .map(|(path, _)| path.trim_start_matches("/api/").to_owned())
        .collect();
    assert!(names.len() >= 38, "{names:?}");
    for name in names {
        assert_eq!(game.ask("", &name, json!({})).0, 401, "{name}");
        assert_eq!(game.ask("anna", &name, json!({})).0, 403, "{name}");
    }
    assert!(game.stored("api_audit") > 0, "that she tried is written down");
}

#[test]
fn sessions_are_shown_spoken_to_and_booted() {
    let mut game = game();
    connect_anna(&mut game);
    game.connect(2, "telnet");
    game.pass(30);
    let told = ask(&mut game, "sessions", json!({}));
    let anna = game.account("Anna");
    let body = game.world[anna].characters[0];
    let expected = json!({
        "id": 1, "account": { "id": anna.0, "name": "Anna" }, "puppet": { "id": body.0, "key": "Anna" },
        "address": "192.0.2.1", "protocol": "websocket", "connected": 30, "idle": 30, "commands": 1,
    });
    assert_eq!(told["sessions"][0], expected);
    assert_eq!((&told["sessions"][1]["id"], &told["sessions"][1]["account"]), (&json!(2), &Value::Null));

    ask(&mut game, "session_message", json!({ "session": 1, "message": "No |rred|n, please." }));
    assert_eq!(game.heard(), "|wRoot tells you:|n No ||rred||n, please.");
    for wrong in ["", &"x".repeat(4001)] {
        assert_eq!(game.ask("root", "session_message", json!({ "session": 1, "message": wrong })).0, 400);
    }
    assert_eq!(game.ask("root", "session_message", json!({ "session": 9, "message": "x" })).0, 404);

    ask(&mut game, "session_boot", json!({ "session": 1, "reason": "sp|am" }));
    let farewell = "You have been disconnected by Root. Reason: sp||am";
    let ended = ToPortal::Disconnect { session: SessionId(1), reason: farewell.to_owned() };
    assert!(game.said.contains(&ended), "{:?}", game.said);
    ask(&mut game, "session_boot", json!({ "session": 2, "quiet": true }));
    assert!(game.said.contains(&ToPortal::Disconnect { session: SessionId(2), reason: String::new() }));
    assert_eq!(game.ask("root", "session_boot", json!({ "session": 2 })).0, 404);
}

#[test]
fn bans_are_set_shown_and_ended_as_by_the_commands() {
    let mut game = game();
    connect_anna(&mut game);
    let args = json!({ "who": "ann*", "reason": "spam", "duration": "1d 2h" });
    let id = ask(&mut game, "ban", args)["id"].clone();
    assert!(game.world.session(SessionId(1)).is_none(), "whoever is meant is disconnected");
    ask(&mut game, "ban", json!({ "who": "198.51.100.0/24" }));
    let told = ask(&mut game, "bans", json!({}));
    assert_eq!((&told["total"], &told["pages"]), (&json!(2), &json!(1)));
    let since = told["bans"][0]["since"].as_u64().unwrap();
    let expected = json!({
        "id": id, "who": "ann*", "kind": "account", "reason": "spam", "by": "Root",
        "since": since, "until": since + 26 * 3600,
    });
    assert_eq!(told["bans"][0], expected);
    assert_eq!((&told["bans"][1]["kind"], &told["bans"][1]["until"]), (&json!("address"), &Value::Null));
    let as_command =
        |game: &mut Game, who: &str| error(&game.ask("root", "ban", json!({ "who": who }))).1.to_owned();
    assert_eq!(as_command(&mut game, "Root"), "That would ban you, too.");
    assert!(as_command(&mut game, &"x".repeat(65)).starts_with("A name has at most 64 characters"));
    let wrong = game.ask("root", "ban", json!({ "who": "x", "duration": "3y" }));
    assert_eq!(error(&wrong), (400, "A duration is made of w d h m s, such as 3d or 1h 30m."));
    ask(&mut game, "unban", json!({ "ban": id }));
    assert_eq!(game.ask("root", "unban", json!({ "ban": id })).0, 404);
    assert_eq!(ask(&mut game, "bans", json!({}))["total"], 1);
}

#[test]
fn accounts_are_found_page_by_page_and_looked_into() {
    let mut game = game();
    for number in 0..60 {
        game.world.create_account(&format!("Player {number}"), "x").unwrap();
    }
    let first = ask(&mut game, "accounts", json!({}));
    assert_eq!((&first["page"], &first["pages"], &first["total"]), (&json!(1), &json!(2), &json!(62)));
    assert_eq!(
        (first["accounts"].as_array().unwrap().len(), &first["accounts"][0]["name"]),
        (50, &json!("Player 59"))
    );
    let last = ask(&mut game, "accounts", json!({ "page": 2 }));
    assert_eq!(last["accounts"].as_array().unwrap().len(), 12);
    assert_eq!(ask(&mut game, "accounts", json!({ "page": 3 }))["accounts"], json!([]));
    assert_eq!(ask(&mut game, "accounts", json!({ "page": u64::MAX }))["accounts"], json!([]));
    let found = ask(&mut game, "accounts", json!({ "search": "ANN" }));
    assert_eq!((&found["total"], &found["accounts"][0]["name"]), (&json!(1), &json!("Anna")));
    let anna = game.account("Anna");
    let numbered = ask(&mut game, "accounts", json!({ "search": format!("#{}", anna.0) }));
    assert_eq!(numbered["accounts"][0]["name"], "Anna");

    connect_anna(&mut game);
    assert_eq!(ask(&mut game, "accounts", json!({ "online": true }))["total"], 1);
    game.sign_in("anna", "Anna", "rose garden");
    let told = ask(&mut game, "account", json!({ "id": anna.0 }));
    assert_eq!((&told["sessions"], &told["web_logins"][0]["browser"]), (&json!([1]), &json!("Firefox")));
    assert!(!told.to_string().contains("rose garden"), "{told}");
    assert_eq!(game.ask("root", "account", json!({ "id": 999 })).0, 404);
}

#[test]
fn objects_are_found_as_by_find() {
    let mut game = game();
    let room = game
        .world
        .create(NewObject { key: "Old Garden", typeclass: "default.Room", ..NewObject::default() })
        .unwrap();
    let location = Some(room);
    let rose = NewObject { key: "rose", aliases: &["flower"], location, ..NewObject::default() };
    let rose = game.world.create(rose).unwrap();
    let exit =
        NewObject { key: "gate", typeclass: "default.Exit", destination: location, ..NewObject::default() };
    game.world.create(exit).unwrap();
    game.world.add_tag(rose, "red", "colour");
    let keys = |game: &mut Game, args: Value| -> Vec<String> {
        let told = ask(game, "objects", args);
        let keys = told["objects"].as_array().unwrap().iter();
        let keys: Vec<_> = keys.map(|object| object["key"].as_str().unwrap().to_owned()).collect();
        assert_eq!(told["total"], keys.len());
        keys
    };
    assert_eq!(keys(&mut game, json!({})), ["Anna", "Root", "Old Garden", "rose", "gate"]);
    assert_eq!(keys(&mut game, json!({ "search": "GARD" })), ["Old Garden"]);
    assert_eq!(keys(&mut game, json!({ "search": "flow" })), ["rose"]);
    assert_eq!(keys(&mut game, json!({ "search": "flow", "exact": true })), [""; 0]);
    assert_eq!(keys(&mut game, json!({ "search": format!("{rose}") })), ["rose"]);
    assert_eq!(keys(&mut game, json!({ "search": "*anna" })), ["Anna"]);
    assert_eq!(keys(&mut game, json!({ "search": "*nobody" })), [""; 0]);
    assert_eq!(keys(&mut game, json!({ "kind": "room" })), ["Old Garden"]);
    assert_eq!(keys(&mut game, json!({ "kind": "exit" })), ["gate"]);
    assert_eq!(keys(&mut game, json!({ "kind": "thing" })), ["rose"]);
    assert_eq!(keys(&mut game, json!({ "tag": "red:colour" })), ["rose"]);
    assert_eq!(keys(&mut game, json!({ "tag": "red" })), [""; 0]);
    assert_eq!(keys(&mut game, json!({ "typeclass": "default.Character" })), ["Anna", "Root"]);
    assert_eq!(keys(&mut game, json!({ "location": room.0 })), ["rose"]);
    for number in 0..60 {
        let key = format!("stone {number}");
        game.world.create(NewObject { key: &key, ..NewObject::default() }).unwrap();
    }
    let second = ask(&mut game, "objects", json!({ "search": "stone", "page": 2 }));
    assert_eq!((&second["total"], &second["objects"][0]["key"]), (&json!(60), &json!("stone 50")));
    assert_eq!(second["objects"].as_array().unwrap().len(), 10);
}

#[test]
fn a_world_of_many_objects_is_looked_at_in_steps() {
    let mut game = game();
    for _ in 0..meadow_world::SCAN_STEP {
        game.world.create(NewObject { key: "grain", ..NewObject::default() }).unwrap();
    }
    game.said.clear();
    game.handle(meadow_link::ToServer::Api(meadow_link::ApiQuestion {
        id: 77,
        name: "objects".into(),
        method: meadow_link::ApiMethod::Get,
        address: "192.0.2.1".into(),
        login: Some("root".into()),
        browser: "".into(),
        args: serde_json::from_value(json!({ "search": "grain" })).unwrap(),
    }));
    assert!(
        !game.said.iter().any(|said| matches!(said, ToPortal::ApiAnswer { .. })),
        "others are heard between"
    );
    game.pass(0);
    let answer = game.said.iter().find_map(|said| match said {
        ToPortal::ApiAnswer { id: 77, status: 200, body } => Some(body["total"].clone()),
        _ => None,
    });
    assert_eq!(answer, Some(json!(meadow_world::SCAN_STEP)));
}

#[test]
fn an_object_is_shown_whole() {
    let mut game = game();
    let room = game
        .world
        .create(NewObject { key: "Garden", typeclass: "default.Room", ..NewObject::default() })
        .unwrap();
    let rose = NewObject {
        key: "rose",
        aliases: &["flower"],
        location: Some(room),
        desc: "Red.",
        ..NewObject::default()
    };
    let rose = game.world.create(rose).unwrap();
    game.world.add_tag(rose, "red", "colour");
    game.world[rose].locks = "get:false()".into();
    game.world[rose].db.set("thorns", json!([1, { "long": true }])).unwrap();
    game.world[rose].db.in_category("smell").set("strength", 3).unwrap();
    let told = ask(&mut game, "object", json!({ "id": rose.0 }));
    let expected = json!({
        "id": rose.0, "key": "rose", "kind": "thing", "typeclass": "default.Object",
        "location": { "id": room.0, "key": "Garden" }, "aliases": ["flower"], "is_typeclass_known": true,
        "home": null, "destination": null, "account": null, "created": told["created"],
        "locks": "get:false()", "permissions": [], "tags": [{ "key": "red", "category": "colour" }],
        "attributes": { "desc": "Red.", "thorns": [1, { "long": true }] },
        "categories": { "smell": { "strength": 3 } },
        "contents": [], "contents_total": 0, "entrances": [], "sessions": [], "scripts": [],
    });
    assert_eq!(told, expected);
    let inside = ask(&mut game, "object", json!({ "id": room.0 }));
    assert_eq!(inside["contents"], json!([{ "id": rose.0, "key": "rose", "kind": "thing" }]));
    assert_eq!(game.ask("root", "object", json!({ "id": 999 })).0, 404);
    let deep = (0..100).fold(json!(0), |inner, _| json!([inner]));
    game.world[rose].db.set("deep", deep).unwrap();
    let answer = game.ask("root", "object", json!({ "id": rose.0 }));
    assert_eq!(error(&answer), (500, "The answer is nested too deep to be told."));
}

#[test]
fn channels_and_scripts_are_listed() {
    let mut game = game();
    let told = ask(&mut game, "channels", json!({}));
    assert_eq!(told["channels"][0]["key"], "Public");
    assert_eq!(told["channels"][0]["subscribers"], 2);
    let minute = std::time::Duration::from_secs(60);
    let room = game.world.create(NewObject { key: "Garden", ..NewObject::default() }).unwrap();
    let script = NewScript {
        typeclass: "scripts.Weather",
        key: "weather",
        owner: room.into(),
        interval: Some(minute),
        start_delay: Some(true),
        ..NewScript::default()
    };
    game.world.start_script(script).unwrap();
    game.pass(20);
    let told = ask(&mut game, "scripts", json!({}))["scripts"][0].clone();
    assert_eq!(
        (&told["key"], &told["state"], &told["next"]),
        (&json!("weather"), &json!("running"), &json!(40.0))
    );
    assert_eq!(told["owner"], json!({ "object": { "id": room.0, "key": "Garden" } }));
    let id = told["id"].clone();
    let act =
        |game: &mut Game, action: &str| game.ask("root", "script_do", json!({ "id": id, "action": action }));
    assert_eq!(act(&mut game, "pause"), (200, json!({ "told": "Script weather(#1) was paused." })));
    assert_eq!(error(&act(&mut game, "pause")), (409, "Script weather(#1) does not run."));
    assert_eq!(ask(&mut game, "scripts", json!({}))["scripts"][0]["state"], "paused");
    assert_eq!(act(&mut game, "start").1["told"], "Script weather(#1) goes on.");
    assert_eq!(error(&act(&mut game, "start")).0, 409);
    assert_eq!(act(&mut game, "repeat"), (200, json!({ "told": "Script weather(#1) has repeated." })));
    assert_eq!(ask(&mut game, "scripts", json!({ "search": "WEATH" }))["scripts"][0]["next"], 60.0);
    assert_eq!(ask(&mut game, "scripts", json!({ "search": "tide" }))["total"], 0);
    assert_eq!(act(&mut game, "stop").0, 200);
    assert_eq!(error(&act(&mut game, "repeat")), (409, "Script weather(#1) has no timer that runs."));
    assert_eq!(act(&mut game, "delete").0, 200);
    assert_eq!(error(&act(&mut game, "delete")), (404, "There is no such script."));
}

#[test]
fn tickers_are_called_rest_and_end() {
    let mut game = game();
    let garden = game.world.create(NewObject { key: "Garden", ..NewObject::default() }).unwrap();
    let ticker = NewTicker {
        interval: std::time::Duration::from_secs(60),
        function: "drip",
        subscriber: TickerSubscriber::Object(garden),
        ..NewTicker::default()
    };
    game.world.ticker_add(ticker).unwrap();
    let drops = |game: &Game| game.world[garden].db.get::<u64>("drops").unwrap_or_default();
    let told = ask(&mut game, "tickers", json!({}))["tickers"][0].clone();
    assert_eq!((&told["function"], &told["interval"]), (&json!("drip"), &json!(60.0)));
    assert_eq!(told["subscriber"], json!({ "object": { "id": garden.0, "key": "Garden" } }));
    assert_eq!(ask(&mut game, "tickers", json!({ "search": "rain" }))["total"], 0);
    let act = |game: &mut Game, action: &str| {
        game.ask("root", "ticker_do", json!({ "id": told["id"], "action": action }))
    };
    assert_eq!(act(&mut game, "run"), (200, json!({ "told": "The ticker drip(#1) was called." })));
    assert_eq!(drops(&game), 1);
    assert_eq!(error(&act(&mut game, "resume")), (409, "The ticker drip(#1) does not rest."));
    assert_eq!(act(&mut game, "pause").0, 200);
    assert_eq!(error(&act(&mut game, "pause")), (409, "The ticker drip(#1) rests already."));
    assert_eq!(ask(&mut game, "tickers", json!({}))["tickers"][0]["paused"], true);
    game.pass(61);
    assert_eq!(drops(&game), 1, "it rests");
    game.connect(2, "telnet");
    game.line(2, 1, "connect Root oak alley");
    assert!(game.line(2, 2, "@tickers").contains("paused"));
    game.restart();
    game.pass(61);
    assert_eq!(drops(&game), 1, "it rests for as long as it is to");
    assert_eq!(act(&mut game, "run").0, 200);
    assert_eq!(act(&mut game, "resume").0, 200);
    game.pass(61);
    assert_eq!(drops(&game), 3);
    assert_eq!(act(&mut game, "delete").0, 200);
    game.pass(61);
    assert_eq!(drops(&game), 3);
    assert_eq!(error(&act(&mut game, "delete")), (404, "There is no such ticker."));
}

#[test]
fn tickers_whose_function_is_no_more_are_not_called() {
    let mut game = game();
    let interval = std::time::Duration::from_secs(60);
    game.world.ticker_add(NewTicker { interval, function: "drip", ..NewTicker::default() }).unwrap();
    game.setup = |_| {};
    game.restart();
    let id = ask(&mut game, "tickers", json!({}))["tickers"][0]["id"].clone();
    let run = game.ask("root", "ticker_do", json!({ "id": id, "action": "run" }));
    assert_eq!(error(&run), (409, "There is no function drip in this game any more."));
}

#[test]
fn services_are_switched_by_the_portal_which_says_what_came_of_it() {
    let mut game = game();
    let start = |game: &mut Game, name: &str| {
        game.said.clear();
        game.handle(meadow_link::ToServer::Api(meadow_link::ApiQuestion {
            id: 77,
            name: name.into(),
            method: meadow_link::ApiMethod::Post,
            address: "192.0.2.1".into(),
            login: Some("root".into()),
            browser: "".into(),
            args: serde_json::from_value(json!({ "name": "telnet" })).unwrap(),
        }));
        let asked = game.said.iter().find_map(|said| match said {
            ToPortal::SwitchService { asker, name, wish } if name == "telnet" => Some((*asker, *wish)),
            _ => None,
        });
        let is_answered = game.said.iter().any(|said| matches!(said, ToPortal::ApiAnswer { .. }));
        assert!(!is_answered, "{:?}", game.said);
        asked.unwrap()
    };
    let end = |game: &mut Game, asker: SessionId, wish: ServiceWish, refused: Option<&str>| {
        let (name, refused) = ("telnet".to_owned(), refused.map(str::to_owned));
        game.said.clear();
        game.handle(meadow_link::ToServer::Switched { asker, name, wish, refused });
        let answer = game.said.iter().find_map(|said| match said {
            ToPortal::ApiAnswer { id: 77, status, body } => Some((*status, body.clone())),
            _ => None,
        });
        answer.unwrap()
    };
    let (asker, wish) = start(&mut game, "service_stop");
    assert_eq!((wish, game.world.session(asker).is_none()), (ServiceWish::Stop, true));
    assert_eq!(end(&mut game, asker, wish, None), (200, json!({})));
    let (asker, wish) = start(&mut game, "service_start");
    assert_eq!(wish, ServiceWish::Start);
    // What the Server before this one was to hear has come late.
    for (name, wish) in [("telnet", ServiceWish::Stop), ("ssh", ServiceWish::Start)] {
        game.said.clear();
        game.handle(meadow_link::ToServer::Switched { asker, name: name.into(), wish, refused: None });
        assert!(!game.said.iter().any(|said| matches!(said, ToPortal::ApiAnswer { .. })), "{name} {wish:?}");
    }
    let taken = "telnet cannot listen at 127.0.0.1:4000: Address already in use.";
    assert_eq!(error(&end(&mut game, asker, wish, Some(taken))), (409, taken));
    let entries = ask(&mut game, "audit", json!({}))["entries"].clone();
    assert_eq!((&entries[0]["function"], &entries[0]["error"]), (&json!("service_start"), &json!(taken)));
    assert_eq!((&entries[1]["function"], &entries[1]["status"]), (&json!("service_stop"), &json!(200)));
    assert_eq!(game.ask("root", "service_stop", json!({ "name": " " })).0, 400);
}

#[test]
fn throttles_and_the_state_of_the_game_are_shown() {
    let mut game = game();
    game.sign_in("x", "Anna", "tulip");
    game.address = "198.51.100.7";
    for _ in 0..5 {
        game.sign_in("x", "Anna", "tulip");
    }
    let told = ask(&mut game, "throttles", json!({}));
    assert_eq!((&told["logins"]["limit"], &told["logins"]["seconds"]), (&json!(5), &json!(300)));
    let expected = json!([
        { "address": "198.51.100.7", "count": 5, "wait": 300 },
        { "address": "192.0.2.1", "count": 1, "wait": null },
    ]);
    assert_eq!(told["logins"]["addresses"], expected);
    assert_eq!((&told["logins"]["total"], &told["creations"]["addresses"]), (&json!(2), &json!([])));
    let lift = |game: &mut Game, throttle: &str| {
        game.ask("root", "throttle_lift", json!({ "throttle": throttle, "address": "198.51.100.7" }))
    };
    assert_eq!(error(&game.sign_in("x", "Anna", "tulip")).0, 429);
    assert_eq!(error(&lift(&mut game, "creations")), (404, "That address is not held back."));
    assert_eq!(lift(&mut game, "logins"), (200, json!({})));
    assert_eq!(error(&game.sign_in("x", "Anna", "tulip")).0, 401);
    let want =
        |game: &mut Game| game.ask("x", "signup", json!({ "name": "Anna", "password": "green glass" })).0;
    while want(&mut game) != 429 {}
    let told = ask(&mut game, "throttles", json!({}))["names"].clone();
    assert_eq!(told["addresses"], json!([{ "address": "198.51.100.7", "count": 20, "wait": 600 }]));
    assert_eq!(lift(&mut game, "names"), (200, json!({})));
    assert_ne!(want(&mut game), 429);
    let told = ask(&mut game, "status", json!({}));
    assert_eq!((&told["game"], &told["accounts"], &told["objects"]), (&json!("Test"), &json!(2), &json!(2)));
    assert_eq!(told["records"]["web_login"], 1);
}

#[test]
fn what_the_portal_does_is_asked_for_here_first() {
    let mut game = game();
    connect_anna(&mut game);
    let told = ask(&mut game, "log", json!({}));
    assert_eq!(told, json!({ "process": "server", "lines": 100, "level": "trace", "search": "" }));
    let wanted = json!({ "process": "portal", "lines": 1000, "level": "warn", "search": "TLS" });
    assert_eq!(ask(&mut game, "log", wanted.clone()), wanted);
    assert_eq!(game.ask("root", "log", json!({ "lines": 1001 })).0, 400);
    assert_eq!(game.ask("root", "log", json!({ "process": "../../etc/passwd" })).0, 400);
    for name in ["settings", "services", "backup"] {
        assert_eq!(ask(&mut game, name, json!({})), json!({}));
    }
    ask(&mut game, "reload", json!({}));
    let told =
        ToPortal::Output { sessions: vec![SessionId(1)], tuple: text("The game is being reloaded ...") };
    assert!(game.said.contains(&told), "{:?}", game.said);
}
