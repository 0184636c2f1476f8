//! What is wrong is said in one sentence that names it and the way out.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt};

use crate::harness::{Done, Game};

#[test]
fn a_taken_port_is_named_with_its_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = taken.local_addr().expect("it is bound").to_string();
    for service in ["telnet", "web"] {
        let game = Game::stopped().with(&[&format!("{service}.listen={address}")]);
        for command in ["run", "start"] {
            let done = game.meadow(&[command]);
            is_one_sentence(&done, &[&address, &format!("{service}.listen")]);
            assert_eq!(game.processes(), [], "{command}");
        }
    }
}

#[test]
fn a_folder_that_cannot_be_had_is_named() {
    let game = Game::stopped();
    fs::write(game.folder(), "a file").expect("it can be written");
    is_one_sentence(&game.meadow(&["run"]), &[&game.folder().display().to_string(), "--dir"]);
    fs::remove_file(game.folder()).expect("it is there");

    fs::create_dir(game.folder()).expect("it can be made");
    fs::set_permissions(game.folder(), fs::Permissions::from_mode(0o555)).expect("it is ours");
    // Nothing is forbidden to root.
    if fs::write(game.folder().join("probe"), "").is_err() {
        is_one_sentence(&game.meadow(&["start"]), &[&game.folder().display().to_string(), "--dir"]);
    }
    fs::set_permissions(game.folder(), fs::Permissions::from_mode(0o755)).expect("it is ours");
}

#[test]
fn a_setting_that_does_not_exist_gets_a_did_you_mean() {
    let game = Game::stopped();
    let done = game.meadow(&["run", "--set", "telnet.lisen=127.0.0.1:0"]);
    is_one_sentence(&done, &["telnet.lisen", "telnet.listen", "--set"]);
    let done = game.meadow_with(&["run"], &[("MEADOW_WEB_LISSEN", "127.0.0.1:0")], "");
    is_one_sentence(&done, &["MEADOW_WEB_LISSEN", "MEADOW_WEB_LISTEN"]);
    write_settings(&game, "[telnet]\n\nlissten = \"127.0.0.1:0\"\n");
    is_one_sentence(&game.meadow(&["run"]), &["telnet.lissten", "telnet.listen", "meadow.toml", "line 3"]);
    write_settings(&game, "[telnett]\n");
    is_one_sentence(&game.meadow(&["run"]), &["telnett", "telnet", "line 1"]);
}

#[test]
fn broken_toml_is_named_with_its_line() {
    let game = Game::stopped();
    write_settings(&game, "[game]\nname = \"A Meadow\"\n\n[telnet\nenabled = true\n");
    for command in ["run", "start", "config"] {
        is_one_sentence(&game.meadow(&[command]), &["meadow.toml", "line 4"]);
    }
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_what_is_wanted() {
    let game = Game::stopped();
    write_settings(&game, "[telnet]\nenabled = \"yes please\"\n");
    is_one_sentence(&game.meadow(&["run"]), &["telnet.enabled", "true or false", "line 2"]);
    write_settings(&game, "");
    for (given, want) in [
        ("telnet.listen=nowhere", "address and port"),
        ("limits.connections=many", "whole number"),
        ("limits.connections=0", "from 1"),
        ("log.color=red", "auto"),
    ] {
        let name = given.split('=').next().unwrap_or_default();
        is_one_sentence(&game.meadow(&["run", "--set", given]), &[name, want, "--set"]);
    }
}

#[test]
fn a_malformed_override_is_named_with_the_form() {
    let game = Game::stopped();
    for given in ["telnet.listen", "telnet=1", "telnet.listen.port=1"] {
        is_one_sentence(&game.meadow(&["run", "--set", given]), &["--set", given.trim_end_matches("=1")]);
    }
    let done = game.meadow(&["run", "--set", "nonsense"]);
    is_one_sentence(&done, &["nonsense", "section.key=value"]);
    assert!(!game.folder().join("data").exists(), "nothing is begun before the settings are good");
}

#[test]
fn a_database_that_is_none_is_named() {
    let game = Game::stopped();
    fs::create_dir_all(game.folder().join("data")).expect("it can be made");
    fs::write(
        game.folder().join("data/meadow.db"),
        "this is no database, but long enough to be read as one".repeat(99),
    )
    .expect("it can be written");
    is_one_sentence(&game.meadow(&["start"]), &["data/meadow.db"]);
    // The Server's own words stand above the sentence, on the same terminal.
    let done = game.meadow(&["run"]);
    let last = done.err.lines().last().unwrap_or_default().to_owned();
    is_one_sentence(&Done { err: last, ..done }, &["data/meadow.db"]);
    assert_eq!(game.processes(), []);
}

#[test]
fn the_settings_are_shown_with_where_each_came_from() {
    let game = Game::stopped();
    assert_eq!(game.meadow(&["config"]).code, 0);
    game.start();
    game.meadow(&["stop"]);
    // Written at the first start, with all settings commented out.
    let written = fs::read_to_string(game.folder().join("meadow.toml")).expect("it was written");
    assert!(written.contains("[telnet]") && written.contains("#listen = \"127.0.0.1:4000\""), "{written}");

    write_settings(&game, "[client]\nwidth = 90\nheight = 50\n[limits]\nin_flight = 9\n");
    let variables = [("MEADOW_CLIENT_HEIGHT", "60"), ("MEADOW_LIMITS__IN_FLIGHT", "11")];
    let done = game.meadow_with(&["config", "--set", "limits.in_flight=12"], &variables, "");
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
    for (setting, origin) in [
        ("name = \"A Meadow\"", "default"),
        ("width = 90", "meadow.toml, line 2"),
        ("height = 60", "environment, MEADOW_CLIENT_HEIGHT"),
        ("in_flight = 12", "--set"),
        ("listen = \"127.0.0.1:0\"", "--set"),
    ] {
        let line = done.out.lines().find(|line| line.starts_with(setting));
        let line = line.unwrap_or_else(|| panic!("no {setting}: {}", done.out));
        assert!(line.ends_with(&format!("# {origin}")), "{line}");
    }
}

#[test]
fn what_is_no_command_is_a_usage_error() {
    let game = Game::stopped();
    for args in [&["fly"][..], &["populate"], &["populate", "many"], &["superuser"], &["status", "--xml"]] {
        let done = game.meadow(args);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{done:?}");
        assert!(done.err.contains("Usage") || done.err.contains("--help"), "{done:?}");
    }
    for command in ["reload", "stop", "status"] {
        let done = game.meadow(&[command]);
        assert!(!done.err.contains("panicked"), "{done:?}");
    }
    is_one_sentence(&game.meadow(&["reload"]), &["does not run", "start"]);
    assert!(!game.folder().exists(), "asking makes no folder");
}

/// A failure that is one line on standard error with all these parts in it, and no debris.
fn is_one_sentence(done: &Done, parts: &[&str]) {
    assert!(done.code > 0, "{done:?}");
    let last: Vec<&str> = done.err.lines().filter(|line| !is_log(line)).collect();
    assert_eq!(last.len(), 1, "{done:?}");
    for part in parts {
        assert!(last[0].contains(part), "{part:?} is missing: {done:?}");
    }
    for debris in ["panicked", "RUST_BACKTRACE", "stack backtrace", "Error {", "Err("] {
        assert!(!done.err.contains(debris), "{done:?}");
    }
}

/// `run` logs to standard error, too.
fn is_log(line: &str) -> bool {
    let level = line.split_whitespace().nth(2);
    matches!(level, Some("ERROR" | "WARN" | "INFO")) && line.starts_with(['p', 's'])
}

fn write_settings(game: &Game, text: &str) {
    fs::create_dir_all(game.folder()).expect("it can be made");
    fs::write(game.folder().join("meadow.toml"), text).expect("it can be written");
}
