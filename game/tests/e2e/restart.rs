//! The whole game is exchanged, its Portal included: browsers play on, and others come back to where they stood.

use std::{fs, net::TcpListener, path::Path};

use serde_json::json;

use crate::harness::{Chromium, Done, Game, PASSWORD, TicketHolder, signal, wait_until};

const AWAY: &str = "The game is being restarted. Please come back in a moment.";

/// Somebody plays in a browser that has a ticket.
fn browser(game: &Game, name: &str) -> TicketHolder {
    let (mut browser, _) = TicketHolder::open(game, game.address("web"), "resume=");
    browser.until("hangs up.");
    browser.register_and_log_in(name);
    browser
}

/// How often each of these is in the texts, which must come in this order.
fn each_once(texts: &str, lines: impl IntoIterator<Item = String>) {
    let mut last = 0;
    for line in lines {
        assert_eq!(texts.matches(&line).count(), 1, "{line}: {texts}");
        let place = texts.find(&line).expect("it was counted");
        assert!(place >= last, "{line} comes too early: {texts}");
        last = place;
    }
}

fn numbered(who: &str, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{who}, \"number {number}.")).collect()
}

#[test]
fn browsers_hear_every_line_once_and_what_they_typed_is_done_once() {
    const LINES: usize = 40;
    let game = Game::started();
    let mut anna = game.player("anna");
    let (mut bert, mut cleo, dora) = (browser(&game, "bert"), browser(&game, "cleo"), browser(&game, "dora"));
    let ticket = bert.ticket().to_owned();
    let (portal, server) = (game.pid("portal"), game.pid("server"));
    // Dora's connection is broken before; Cleo hears that somebody speaks, and no more.
    let dora = dora.leave();
    anna.send("say Here I am.");
    cleo.until("Here I am.");
    // More than the Server takes at once, so that some of it is still to be done.
    (1..=LINES).for_each(|number| bert.types(&format!("say number {number}.")));
    let done = game.meadow(&["restart"]);
    assert!(done.code == 0 && done.out.starts_with("Restarted: nobody could play for "), "{done:?}");
    assert!(game.pid("portal") != portal && game.pid("server") != server);
    assert_eq!(game.servers(), [game.pid("server")]);
    assert_eq!(game.processes().len(), 2);
    let told = anna.expect_end();
    assert!(told.contains(AWAY), "{told}");

    // What is typed while there is no game.
    let (mut bert, mut cleo) = (bert.leave(), cleo.leave());
    bert.types("say I am back.");
    cleo.types("pose waves.");
    let web = game.address("web");
    let (mut bert, terms) = bert.come_back(&game, web);
    assert_eq!((&terms["resumed"], &terms["missed"]), (&json!(true), &json!(false)));
    let texts = bert.until("I am back.").concat();
    each_once(&texts, numbered("You say", LINES).into_iter().chain(["You say, \"I am back.".to_owned()]));
    assert_eq!(texts.matches("The game has been reloaded.").count(), 1, "{texts}");
    let (mut cleo, terms) = cleo.come_back(&game, web);
    assert_eq!(terms["resumed"], true);
    let texts = cleo.until("cleo waves.").concat();
    each_once(&texts, numbered("bert says", LINES).into_iter().chain(["bert says, \"I am back.".to_owned()]));
    let (mut dora, terms) = dora.come_back(&game, web);
    assert_eq!(terms["resumed"], true);
    let texts = dora.until("cleo waves.").concat();
    each_once(&texts, ["anna says, \"Here I am.".to_owned()].into_iter().chain(numbered("bert says", LINES)));
    assert!(!texts.contains("has left"), "nobody has gone: {texts}");

    // Whoever came by telnet finds their body where it stood, and hears what was said meanwhile.
    let mut anna = game.stranger();
    let told = anna.log_in("anna", PASSWORD);
    assert!(told.contains("While you were away:"), "{told}");
    each_once(&told, ["bert says, \"I am back.", "cleo waves."].map(str::to_owned));
    bert.types("say All here?");
    anna.expect("bert says, \"All here?\"\n");
    for (path, content) in game.files() {
        let text = String::from_utf8_lossy(&content);
        assert!(!text.contains(&ticket), "{} holds a ticket", path.display());
    }
    assert!(!game.folder().join("data/held-sessions").exists());
}

#[test]
fn who_has_not_logged_in_yet_stays_connected_too() {
    let game = Game::started();
    let (mut bert, _) = TicketHolder::open(&game, game.address("web"), "resume=");
    bert.until("hangs up.");
    bert.types(&format!("create bert {PASSWORD}"));
    bert.until("Is this what you intended?");
    bert.types("y");
    bert.until("You can now log in");
    assert_eq!(game.meadow(&["restart"]).code, 0);
    let (mut bert, terms) = bert.leave().come_back(&game, game.address("web"));
    assert_eq!(terms["resumed"], true);
    bert.types(&format!("connect bert {PASSWORD}"));
    bert.until("Exits:");
}

#[test]
fn the_page_comes_back_by_itself_and_shows_every_line_once() {
    const LINES: usize = 20;
    // At the same port: an address of a page does not change.
    let free = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let web = free.local_addr().expect("it is bound");
    drop(free);
    let game = Game::started_with(&[&format!("web.listen={web}")]);
    let mut cleo = browser(&game, "cleo");
    let url = format!("http://{web}/webclient/");
    let Some(mut bert) = Chromium::open(&url, game.scene()) else { return };
    bert.expect("hangs up.");
    for (line, answer) in [
        (format!("create bert {PASSWORD}"), "Is this what you intended?"),
        ("y".to_owned(), "You can now log in"),
        (format!("connect bert {PASSWORD}"), "Exits:"),
    ] {
        bert.send(&line);
        bert.expect(answer);
    }
    (1..=LINES).for_each(|number| cleo.types(&format!("say number {number}.")));
    let done = game.meadow(&["restart"]);
    assert_eq!(done.code, 0, "{done:?}");
    let mut cleo = cleo.leave();
    (LINES + 1..=2 * LINES).for_each(|number| cleo.types(&format!("say number {number}.")));
    let (mut cleo, _) = cleo.come_back(&game, web);
    cleo.until(&format!("number {}.", 2 * LINES));
    bert.send("say between two restarts");
    cleo.until("between two restarts");

    let done = game.meadow(&["stop", "--keep-sessions"]);
    assert_eq!(done.code, 0, "{done:?}");
    bert.send("say while there was no game");
    game.start();
    let shown = bert.expect("You say, \"while there was no game\"");
    let own = ["You say, \"between two restarts\"", "You say, \"while there was no game\""];
    each_once(&shown, numbered("cleo says", 2 * LINES).into_iter().chain(own.map(str::to_owned)));
}

#[test]
fn the_program_that_is_called_is_the_one_that_runs_then() {
    let game = Game::started();
    let bert = browser(&game, "bert");
    let newer = game.folder().join("newer-meadow");
    let program = Path::new(env!("CARGO_BIN_EXE_meadow"));
    if fs::hard_link(program, &newer).is_err() {
        fs::copy(program, &newer).expect("it can be copied");
    }
    let done = game.other_program(&newer, &["reboot"]);
    assert_eq!(done.code, 0, "{done:?}");
    for (_, line) in game.processes() {
        assert!(line.starts_with(&newer.display().to_string()), "{line}");
    }
    let (_, terms) = bert.leave().come_back(&game, game.address("web"));
    assert_eq!(terms["resumed"], true);
}

#[test]
fn a_start_that_fails_is_made_up_for_by_the_next() {
    let game = Game::started();
    let mut bert = browser(&game, "bert");
    bert.types("say before");
    bert.until("You say, \"before");
    let damaged = game.folder().join("data/damaged.db");
    fs::write(&damaged, "This is no database.".repeat(1000)).expect("it can be written");
    let done = game.meadow(&["restart", "--set", &format!("store.file={}", damaged.display())]);
    let parts = ["has stopped", "does not start", "meadow start", "120 s", "damaged.db"];
    is_one_sentence(&done, &parts);
    wait_until("nothing runs", || game.processes().is_empty());
    game.start();
    let (mut bert, terms) = bert.leave().come_back(&game, game.address("web"));
    assert_eq!((&terms["resumed"], &terms["missed"]), (&json!(true), &json!(false)));
    bert.types("say after");
    bert.until("You say, \"after");
}

#[test]
fn what_speaks_against_a_start_is_said_before_anything_is_stopped() {
    let game = Game::started();
    let portal = game.pid("portal");
    let done = game.meadow(&["restart", "--set", "tls.certificate=missing.pem"]);
    is_one_sentence(&done, &["tls.key"]);
    assert_eq!(game.pid("portal"), portal);
    assert_eq!(game.meadow(&["stop"]).code, 0);
    is_one_sentence(&game.meadow(&["restart"]), &["does not run", "meadow start"]);
}

#[test]
fn a_game_in_the_foreground_is_started_again_by_whoever_started_it() {
    let game = Game::stopped();
    let first = game.in_foreground(&["run"]);
    first.expect("Ctrl-C stops it.");
    let bert = browser(&game, "bert");
    is_one_sentence(&game.meadow(&["restart"]), &["in the foreground", "stop", "--keep-sessions"]);
    let done = game.meadow(&["stop", "--keep-sessions"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(first.end().code, 0);
    let second = game.in_foreground(&["run"]);
    second.expect("Ctrl-C stops it.");
    let (_, terms) = bert.leave().come_back(&game, game.address("web"));
    assert_eq!(terms["resumed"], true);
    assert_eq!(game.meadow(&["stop"]).code, 0);
    assert_eq!(second.end().code, 0);
}

#[test]
fn after_a_stop_nobody_is_taken_for_the_one_who_was_there() {
    let game = Game::started();
    let bert = browser(&game, "bert");
    assert_eq!(game.meadow(&["stop"]).code, 0);
    game.start();
    let (mut stranger, terms) = bert.leave().come_back(&game, game.address("web"));
    assert_eq!(terms["resumed"], false);
    stranger.until("hangs up.");
}

#[test]
fn whoever_was_there_when_the_portal_was_killed_comes_back_and_is_told_nothing_twice() {
    let game = Game::started();
    let (mut anna, mut bert) = (game.player("anna"), game.player("bert"));
    let cleo = browser(&game, "cleo");
    anna.send("get flower");
    anna.expect("You pick up a flower.\n");
    bert.send("say before the end");
    anna.expect("bert says, \"before the end\"\n");
    signal("KILL", game.pid("portal"));
    anna.expect_end();
    bert.expect_end();
    game.start();

    // The Server ends with its Portal: nothing has happened since, so there is nothing to be told.
    let mut anna = game.stranger();
    let told = anna.log_in("anna", PASSWORD) + &anna.rest();
    assert!(!told.contains("before the end") && !told.contains("While you were away"), "{told}");
    assert_eq!(anna.ask("inventory"), "You are carrying:\n  a flower\n");
    let mut bert = game.stranger();
    bert.log_in("bert", PASSWORD);
    anna.send("say after it");
    bert.expect("anna says, \"after it\"\n");
    // Tickets were known to that Portal alone; whoever has one is a stranger, and logs in.
    let (mut cleo, terms) = cleo.leave().come_back(&game, game.address("web"));
    assert_eq!(terms["resumed"], false);
    cleo.until("hangs up.");
    cleo.types(&format!("connect cleo {PASSWORD}"));
    cleo.until("Exits:");
    anna.expect("cleo has entered the game.\n");
}

fn is_one_sentence(done: &Done, parts: &[&str]) {
    assert!(done.code == 1 && done.out.is_empty() && done.err.lines().count() == 1, "{done:?}");
    for part in parts {
        assert!(done.err.contains(part), "{part}: {done:?}");
    }
}
