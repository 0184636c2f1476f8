//! What nobody may come by, and what must not bring the game to a stand: each of these was once possible.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::time::{Duration, Instant};

use meadow::{Ban, Banned, NewObject, Prototype, Script, ScriptOwner, ScriptState, TestGame, WorldBuilder};

fn setup(world: &mut WorldBuilder) {
    world.prototype(Prototype::new("crown").permission("Developer").key("a crown"));
    world.at_initial_setup(|world| {
        let new = |key, typeclass| NewObject { key, typeclass, ..NewObject::default() };
        let hall = world.create(new("Hall", "default.Room"))?;
        world.set_start_location(hall);
        let box_of_oak = world.create(NewObject { location: Some(hall), ..new("box", "") })?;
        world[box_of_oak].db.set("secret", "the key is under the mat")?;
        Ok(())
    });
}

/// Somebody with a permission, who is logged in.
fn with(game: &mut TestGame, name: &str, permission: &str) {
    game.permit(name, permission);
    game.login(name);
    game.read(name);
}

fn builder() -> TestGame {
    let mut game = TestGame::new(setup);
    with(&mut game, "Cleo", "Builder");
    game
}

#[test]
fn a_command_that_forces_itself_comes_to_an_end() {
    let mut game = builder();
    game.line("Cleo", "@lock me = edit:all()");
    game.line("Cleo", "nick again = force me = again");
    let seen = game.line("Cleo", "again");
    assert!(seen.contains("from command to command"), "{seen}");
    let seen = game.line("Cleo", &format!("{}look", "force me = ".repeat(500)));
    assert!(seen.contains("from command to command"), "{seen}");
    // A few levels are nothing bad, and what went too deep has left nothing behind.
    let seen = game.line("Cleo", &format!("{}say hi", "force me = ".repeat(8)));
    assert!(seen.contains("You say, \"hi\""), "{seen}");
}

#[test]
fn force_lends_nobody_the_rights_of_who_drives_a_body() {
    let mut game = builder();
    with(&mut game, "Greta", "superuser");
    let hall = game.world().start_location();
    let world = game.world();
    let golem = world.create(NewObject { key: "golem", location: hall, ..NewObject::default() }).unwrap();
    world[golem].permissions.push("Builder".into());
    game.line("Greta", "ic golem");
    let seen = game.line("Cleo", "force golem = @destroy/force box");
    assert!(seen.contains("don't have permission to force"), "{seen}");
    assert_eq!(game.world().objects_named("box").len(), 1);
    game.line("Greta", "ic Greta");
    assert!(game.line("Cleo", "force golem = say hi").contains("You have forced"));
}

#[test]
fn nobody_is_forced_to_let_others_in() {
    const KEY: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKskK+jMa7Tz44Aq87A0QRq0BxCVbmlMNtvlKd1o4m/a anna@laptop";
    let mut game = builder();
    with(&mut game, "Dan", "Admin");
    with(&mut game, "Dora", "Admin");
    game.line("Dan", &format!("force dora = sshkey add {KEY}"));
    assert!(game.line("Dora", "sshkey").contains("You have no keys"));
    assert!(game.line("Dora", &format!("sshkey add {KEY}")).contains("You can log in"));
}

#[test]
fn nobody_is_renamed_to_be_somebody_else() {
    let mut game = builder();
    with(&mut game, "Greta", "superuser");
    for line in ["@name me = Greta", "@name me = GRETA;Cleo"] {
        let seen = game.line("Cleo", line);
        assert!(seen.contains("is taken"), "{line}: {seen}");
    }
    assert_eq!(game.world().objects_named("Greta").len(), 1);
    assert!(game.line("Cleo", "@name me = Cleopatra").contains("is called Cleopatra now"));
    assert!(game.line("Cleo", "@name me = cleo").contains("is called cleo now"));
}

#[test]
fn a_list_of_very_many_has_an_end() {
    let mut game = builder();
    for _ in 0..500 {
        let hall = game.world().start_location();
        game.world().create(NewObject { key: "rat", home: hall, ..NewObject::default() }).unwrap();
    }
    let seen = game.line("Cleo", "@set rat/x");
    assert!(seen.contains("More than one match") && seen.contains("and 450 more"), "{seen}");
    let crowd = vec!["Cleo"; 1000].join(",");
    assert!(game.line("Cleo", &format!("whisper {crowd} = hi")).contains("up to 20"));
}

#[test]
fn nicks_do_not_keep_everybody_waiting() {
    let mut game = TestGame::new(setup);
    game.login("Bob");
    let mut seen = String::new();
    for number in 0..100 {
        seen = game.line("Bob", &format!("nick *{}{number:02} = look", "a".repeat(490)));
    }
    assert!(seen.contains("10000 characters together"), "{seen}");
    let begun = Instant::now();
    game.line("Bob", &"a".repeat(5900));
    let took = begun.elapsed();
    // It was a minute and a half.
    assert!(took < Duration::from_secs(5), "{took:?}");
    // A line of a sensible length is looked at to the end.
    game.line("Bob", "nick *hi = say Hello");
    assert!(game.line("Bob", "oh hi").contains("Hello"));
}

#[test]
fn builders_do_not_read_what_others_wrote_to_each_other() {
    let mut game = builder();
    game.login("Anna");
    game.login("Bob");
    game.line("Anna", "page bob = the combination is 1234");
    for line in ["@ex/record page = #1", "@ex/record page", "@ex/record channel_line", "@ex/record ban"] {
        let seen = game.line("Cleo", line);
        assert!(seen.contains("not allowed"), "{line}: {seen}");
    }
    with(&mut game, "Eve", "Developer");
    // Not even those who may read the log read what was said.
    let seen = game.line("Eve", "@ex/record page = #1");
    assert!(seen.contains("message") && !seen.contains("1234"), "{seen}");
}

#[test]
fn what_is_not_to_be_examined_is_not_shown_or_copied_either() {
    let mut game = builder();
    let thing = game.world().objects_named("box")[0];
    game.world()[thing].locks = "examine:perm(Developer)".into();
    for line in ["@examine box/secret", "@set box/secret", "@cpattr box/secret = me"] {
        game.line("Cleo", line);
        let seen = game.line("Cleo", "@examine me/secret");
        assert!(!seen.contains("mat"), "{line}: {seen}");
    }
    assert!(!game.line("Cleo", "@set box/secret").contains("mat"));
}

#[test]
fn builders_do_not_take_what_is_others() {
    let mut game = builder();
    with(&mut game, "Dora", "Builder");
    game.line("Dora", "@create/drop vase");
    let vase = game.world().objects_named("vase")[0];
    let before = game.world()[vase].locks.clone();
    let cleo = game.world().objects_named("Cleo")[0];
    for line in [
        &format!("@lock vase = control:id({})", cleo.0),
        "@lock/del vase/control",
        "@typeclass/force vase = default.Object",
        "@swap vase",
        "@tag vase = mine",
        "@lock Hall = control:all()",
        "@lock box = control:all()",
    ] {
        let seen = game.line("Cleo", line);
        assert!(seen.contains("not allowed to change"), "{line}: {seen}");
    }
    assert_eq!(game.world()[vase].locks, before);
    assert!(game.line("Dora", "@lock vase = get:false()").contains("Added lock"));
}

#[test]
fn scripts_of_others_are_theirs() {
    let mut game = builder();
    with(&mut game, "Dan", "Admin");
    game.line("Dan", "@create/drop clock");
    assert!(game.line("Dan", "@scripts clock = Script").contains("was added"));
    assert!(game.line("Dan", "@scripts Script").contains("Script"));
    let running = |game: &mut TestGame| {
        let clock = game.world().objects_named("clock")[0];
        let script = game.world().scripts_of(ScriptOwner::Object(clock)).first().copied();
        script.and_then(|script| game.world().script(script).map(Script::state)) == Some(ScriptState::Running)
    };
    assert!(running(&mut game));
    for line in
        ["@scripts/stop clock =", "@scripts/delete #1", "@scripts/pause Script", "@scripts clock = Script"]
    {
        let seen = game.line("Cleo", line);
        assert!(seen.contains("may not change"), "{line}: {seen}");
    }
    assert!(running(&mut game));
    game.line("Cleo", "@create lamp");
    assert!(game.line("Cleo", "@scripts lamp = Script").contains("was added"));
    assert!(game.line("Dan", "@scripts/stop clock =").contains("was stopped"));
}

#[test]
fn rights_are_looked_at_again_when_a_question_is_answered() {
    let mut game = builder();
    with(&mut game, "Eve", "Developer");
    game.line("Cleo", "@create stick");
    game.line("Cleo", "@spawn/save wand = {\"key\": \"a wand\"}");
    let seen = game.line("Cleo", "@typeclass/prototype stick = wand");
    assert!(seen.contains("Apply the prototype"), "{seen}");
    game.line("Eve", "@spawn/edit wand = {\"permissions\": [\"Developer\"]}");
    let seen = game.line("Cleo", "y");
    let stick = game.world().objects_named("stick").first().copied();
    let stick = stick.expect("it is no wand");
    assert!(game.world()[stick].permissions.is_empty(), "{seen}");

    let seen = game.line("Cleo", "@spawn/delete wand");
    assert!(seen.contains("Delete the prototype"), "{seen}");
    game.line("Eve", "@spawn/edit wand = {\"prototype_locks\": \"edit:perm(Developer)\"}");
    game.line("Cleo", "y");
    assert!(game.world().prototype("wand").is_some());
}

#[test]
fn prototypes_give_names_that_can_be_names() {
    let mut game = builder();
    for wrong in [
        r#"{"key": "a\u001b[2Jb"}"#,
        r#"{"key": "a\rb"}"#,
        r#"{"key": ""}"#,
        r#"{"key": "x", "aliases": ["a\u0007"]}"#,
    ] {
        let seen = game.line("Cleo", &format!("@spawn {wrong}"));
        assert!(!seen.contains("Spawned"), "{wrong}: {seen}");
    }
    let long = "x".repeat(1000);
    let seen = game.line("Cleo", &format!("@spawn {{\"key\": \"{long}\"}}"));
    assert!(!seen.contains("Spawned"), "{seen}");
    let many: Vec<String> = (0..100).map(|n| format!("\"a{n}\"")).collect();
    let seen = game.line("Cleo", &format!("@spawn {{\"key\": \"x\", \"aliases\": [{}]}}", many.join(",")));
    assert!(!seen.contains("Spawned"), "{seen}");
    assert!(game.line("Cleo", r#"@spawn {"key": "a rose"}"#).contains("Spawned"));
}

#[test]
fn guests_leave_no_channels_behind() {
    let mut game = TestGame::new(|world| {
        setup(world);
        world.rules(meadow::Rules { guests: 1, ..meadow::Rules::default() });
    });
    game.connect("one");
    game.line("one", "connect guest");
    assert!(game.line("one", "@channel/create Mine").contains("Guests can't"));
    assert!(game.world().channel_named("Mine").is_none());
}

#[test]
fn an_address_with_somebody_above_is_not_banned() {
    let mut game = TestGame::new(setup);
    with(&mut game, "Eve", "Developer");
    with(&mut game, "Greta", "superuser");
    let greta = game.world().account_named("Greta").unwrap();
    let session = game.world()[greta].sessions()[0];
    let mut sync = meadow_link::SessionSync::new(session, "telnet", "198.51.100.7", game.world().now());
    sync.logged_in = true;
    let now = game.world().now();
    game.world().handle(now, meadow_link::ToServer::Update(sync));
    let seen = game.line("Eve", "ban/ip 198.51.100.0/24");
    let seen = format!("{seen}{}", game.line("Eve", "y"));
    assert!(seen.contains("can't ban"), "{seen}");
    assert!(game.is_connected("Greta"));
}

#[test]
fn who_comes_back_from_a_banned_address_is_out() {
    let mut game = TestGame::new(setup);
    game.login("Bob");
    let now = game.world().now();
    let who = Banned::new("203.0.113.0/24");
    let ban = Ban { who, reason: String::new(), by: "Eve".into(), since: now, until: None };
    game.world().ban(ban).unwrap();
    let bob = game.world().account_named("Bob").unwrap();
    let session = game.world()[bob].sessions()[0];
    let mut sync = meadow_link::SessionSync::new(session, "websocket", "203.0.113.9", now);
    sync.logged_in = true;
    game.world().handle(now, meadow_link::ToServer::Update(sync));
    assert!(game.world().session(session).is_none());
}

#[test]
fn nothing_is_kept_of_the_pages_of_accounts_that_are_gone() {
    let mut game = TestGame::new(setup);
    with(&mut game, "Eve", "Developer");
    for round in 0..3 {
        let name = format!("Passer{}", ["a", "b", "c"][round]);
        game.login(&name);
        game.line(&name, &format!("page {name} = note to myself"));
        let account = game.world().account_named(&name).unwrap();
        game.world().delete_account(account).unwrap();
    }
    let seen = game.line("Eve", "@ex/record page");
    assert!(seen.contains("(0)"), "{seen}");
}

#[test]
fn what_all_are_in_the_middle_of_need_not_fit_into_one_message() {
    use meadow_link::{RestartMode, ToPortal, ToServer};
    let mut game = builder();
    game.login("Anna");
    game.login("Bob");
    let now = game.world().now();
    game.world().handle(now, ToServer::Stop(RestartMode::Reload));
    let handed = game.world().take_step().out.into_iter().filter_map(|message| match message {
        ToPortal::SessionSync { sessions, .. } => Some(sessions.len()),
        _ => None,
    });
    assert_eq!(handed.collect::<Vec<_>>(), [1, 1, 1]);
}
