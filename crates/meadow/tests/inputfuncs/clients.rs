//! What clients say of themselves, what they keep in the game, and how they log in.

use meadow::{CommandTuple, Kwargs, tuple};
use serde_json::json;

use super::{asks, playing, reads};

#[test]
fn webclient_options_belong_to_the_account() {
    let mut game = playing(&["Anna"]);
    let ask = || tuple("webclient_options");
    let mut options = json!({
        "gagprompt": true,
        "helppopup": false,
        "notification_popup": false,
        "notification_sound": false,
    });
    assert_eq!(asks(&mut game, "Anna", ask().kw("cmdid", 1)), [ask().kwargs(&options)]);
    options["helppopup"] = json!(true);
    options["font"] = json!({"size": 12});
    let change = ask().kw("helppopup", true).kw("font", json!({"size": 12})).kw("cmdid", 2);
    assert_eq!(asks(&mut game, "Anna", change), [ask().kwargs(&options)], "who asked is told of changes");
    game.crash();
    game.login("Anna");
    assert_eq!(asks(&mut game, "Anna", ask()), [ask().kwargs(&options)]);
}

#[test]
fn webclient_options_have_a_limit() {
    let mut game = playing(&["Anna"]);
    asks(&mut game, "Anna", tuple("client_options").kw("inputdebug", true));
    let saved = asks(&mut game, "Anna", tuple("webclient_options"));
    let size = serde_json::to_string(&saved[0].kwargs).unwrap().len();
    let room = 16 * 1024 - size - r#","long":"""#.len();
    let save = |length: usize| tuple("webclient_options").kw("long", "x".repeat(length));
    let refused = reads(&mut game, "Anna", save(room + 1));
    assert!(refused.contains("16384 bytes"), "{refused}");
    assert_eq!(asks(&mut game, "Anna", tuple("webclient_options")), saved);
    assert_eq!(reads(&mut game, "Anna", save(room)), "");
    assert_ne!(asks(&mut game, "Anna", tuple("webclient_options")), saved);
    game.connect("Bob");
    assert_eq!(asks(&mut game, "Bob", tuple("webclient_options")), [], "nobody is logged in");
}

#[test]
fn greetings_are_obeyed_and_not_answered() {
    let mut game = playing(&["Anna"]);
    for tuple in [
        tuple("hello"),
        tuple("hello").kw("Client", "Mudlet").kw("Version", "4.17"),
        tuple("supports_set").arg(json!(["Char 1", "Room 1"])),
        tuple("supports_set").kw("nonsense", 1).kw("screenwidth", 100),
        tuple("external_discord_hello").kw("user", "Anna#1234"),
        tuple("external_discord_get"),
        tuple("client_gui").arg("4.17"),
    ] {
        assert_eq!(asks(&mut game, "Anna", tuple.clone()), [], "{tuple:?}");
        assert_eq!(game.read("Anna"), "", "{tuple:?}");
    }
    let options = asks(&mut game, "Anna", tuple("get_client_options"));
    assert_eq!(options, asks(&mut game, "Anna", tuple("client_options").kw("get", true)));
    assert_eq!(options[0].kwargs["client"], "Mudlet 4.17");
    assert_eq!(options[0].kwargs["screenwidth"], 100);
}

#[test]
fn nobody_is_a_bot() {
    let mut game = playing(&["Anna"]);
    let refused = reads(&mut game, "Anna", tuple("bot_data_in").arg("look"));
    assert_eq!(refused, "bot_data_in is for the accounts of bots, and this is none.");
}

#[test]
fn every_inputfunc_says_what_it_is_for() {
    let mut game = playing(&["Anna"]);
    let known = asks(&mut game, "Anna", tuple("get_inputfuncs")).remove(0).kwargs;
    for name in [
        "text",
        "bot_data_in",
        "echo",
        "default",
        "client_options",
        "get_client_options",
        "get_inputfuncs",
        "login",
        "get_value",
        "repeat",
        "unrepeat",
        "monitor",
        "unmonitor",
        "monitored",
        "webclient_options",
        "hello",
        "supports_set",
        "msdp_list",
        "msdp_report",
        "msdp_unreport",
        "msdp_reset",
        "msdp_send",
        "external_discord_hello",
        "client_gui",
        "is_typing_setup",
        "is_typing_state",
    ] {
        assert!(known[name].as_str().is_some_and(|doc| doc.ends_with('.')), "{name}");
    }
}

#[test]
fn a_login_that_failed_is_told_to_programs_too() {
    let mut game = playing(&["Anna"]);
    game.connect("Bob");
    let wrong = || tuple("login").kw("name", "Anna").kw("password", "wrong horse");
    assert_eq!(asks(&mut game, "Bob", wrong()), [], "its client takes no such data");
    let stranger = game.world().sessions().iter().find(|session| session.account().is_none()).unwrap().id();
    game.world().set_flags(stranger, Kwargs::from_iter([("OOB".to_owned(), json!(true))]));
    let failed = |why: &str| tuple("char_login_result").kw("success", false).kw("message", why);
    assert_eq!(asks(&mut game, "Bob", wrong()), [failed("Username and/or password is incorrect.")]);
    for _ in 0..5 {
        asks(&mut game, "Bob", wrong());
    }
    let told: Vec<CommandTuple> = asks(&mut game, "Bob", wrong());
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].kwargs["message"].as_str().unwrap().starts_with("Too many login failures"), "{told:?}");
}
