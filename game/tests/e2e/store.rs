//! The database as a whole: what is broken is kept and found, and copies are made of it and put in its place.

use std::{os::unix::fs::PermissionsExt, process::Command};

use crate::harness::{Done, Game, PASSWORD, signal};

/// Does something to the database with other tools than Meadow.
fn sql(game: &Game, statement: &str) {
    let script =
        "import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as base: base.executescript(sys.argv[2])";
    let database = game.folder().join("data/meadow.db");
    let done = Command::new("python3").args(["-c", script]).arg(database).arg(statement).status();
    assert!(done.expect("python3 is there").success(), "{statement}");
}

fn stopped_with_anna() -> Game {
    let game = Game::started();
    game.player("anna").hang_up();
    assert_eq!(game.meadow(&["stop"]).code, 0);
    game
}

fn ok(done: Done) -> String {
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
    done.out
}

#[test]
fn what_is_broken_is_found_mended_and_told() {
    let game = stopped_with_anna();
    assert!(ok(game.meadow(&["db", "check"])).ends_with(": nothing is wrong.\n"));
    sql(
        &game,
        "UPDATE objects SET home = 999 WHERE key = 'anna'; UPDATE objects SET tags = '{' WHERE key = 'anna';
         UPDATE config SET value = '1' WHERE key = 'next_account'",
    );
    let found = game.meadow(&["db", "check"]);
    assert_eq!((found.code, found.err.as_str()), (1, ""), "{found:?}");
    let lines: Vec<&str> = found.out.lines().collect();
    assert!(
        lines.iter().any(|line| line.contains("(anna): its home is #999") && line.contains("With --fix"))
    );
    assert!(
        lines.iter().any(|line| line.contains("(anna): its tags can't be read") && line.contains("By hand"))
    );
    assert!(lines.iter().any(|line| line.starts_with("config next_account: ")), "{found:?}");
    // The number 999 must not be given away, either.
    assert_eq!(lines.len(), 5, "{found:?}");

    game.start();
    let beside = game.meadow(&["db", "check"]);
    assert_eq!(beside.code, 1, "{beside:?}");
    let refused = game.meadow(&["db", "check", "--fix"]);
    assert!(refused.code == 1 && refused.err.contains("already runs"), "{refused:?}");
    assert_eq!(game.meadow(&["stop"]).code, 0);

    let mended = game.meadow(&["db", "check", "--fix"]);
    assert_eq!(mended.code, 1, "one thing is left to people: {mended:?}");
    assert_eq!(mended.out.lines().filter(|line| line.starts_with("Mended: ")).count(), 3, "{mended:?}");
    assert!(mended.out.starts_with("Made ") && mended.out.ends_with(": 1 thing is wrong.\n"), "{mended:?}");
    let left = game.meadow(&["db", "check", "--json"]);
    let left: serde_json::Value = serde_json::from_str(&left.out).expect("it is JSON");
    assert_eq!(left["findings"].as_array().map(Vec::len), Some(1), "{left}");
    assert_eq!(left["findings"][0]["table"], "objects");
    sql(&game, "UPDATE objects SET tags = '[]' WHERE key = 'anna'");
    ok(game.meadow(&["db", "check"]));
}

#[test]
fn a_column_that_can_not_be_read_outlives_a_game() {
    let game = stopped_with_anna();
    let broken = r#"{"aliases": half of a sentence"#;
    sql(&game, &format!("UPDATE objects SET aliases = '{broken}' WHERE key = 'anna'"));
    game.start();
    let mut anna = game.stranger();
    anna.log_in("anna", PASSWORD);
    anna.ask("north");
    anna.ask("south");
    anna.hang_up();
    assert_eq!(game.meadow(&["stop"]).code, 0);
    let out = ok(game.meadow(&["export"]));
    let anna =
        out.lines().find(|line| line.contains(r#""table":"objects""#) && line.contains(r#""key":"anna""#));
    let anna: serde_json::Value = serde_json::from_str(anna.expect("anna is there")).expect("it is JSON");
    assert_eq!(anna["aliases_text"], broken);
}

#[test]
fn a_backup_of_a_running_game_is_restored() {
    let game = Game::started();
    let mut anna = game.player("anna");
    anna.ask("get flower");
    let made = ok(game.meadow(&["backup"]));
    let backup =
        made.trim().strip_prefix("Made ").and_then(|rest| rest.strip_suffix('.')).expect("it is told");
    assert!(backup.contains("/backups/meadow-2"), "{backup}");
    let mode = std::fs::metadata(backup).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let refused = game.meadow(&["backup", backup]);
    assert!(refused.code == 1 && refused.err.contains("--force"), "{refused:?}");
    ok(game.meadow(&["backup", backup, "--force"]));
    anna.ask("drop flower");
    anna.hang_up();

    let refused = game.meadow(&["restore", backup]);
    assert!(refused.code == 1 && refused.err.contains("already runs"), "{refused:?}");
    assert_eq!(game.meadow(&["stop"]).code, 0);
    let refused = game.meadow(&["restore", game.folder().join("meadow.toml").to_str().expect("a path")]);
    assert!(refused.code == 1 && refused.err.contains("meadow.toml"), "{refused:?}");
    let told = ok(game.meadow(&["restore", backup]));
    assert!(told.contains("The database that was there is ") && told.contains(".old now."), "{told}");
    game.start();
    let mut anna = game.stranger();
    anna.log_in("anna", PASSWORD);
    assert!(anna.ask("inventory").contains("flower"));
}

#[test]
fn an_exported_world_lives_on_in_another_game() {
    let game = Game::started();
    let mut player = game.player("anna");
    player.ask("get flower");
    let file = game.folder().join("world.jsonl");
    let path = file.to_str().expect("a path");
    ok(game.meadow(&["export", path]));
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), ok(game.meadow(&["export", "-"])));

    let other = Game::stopped();
    ok(other.meadow(&["import", path]));
    let refused = other.meadow(&["import", path]);
    assert!(refused.code == 1 && refused.err.contains("--replace"), "{refused:?}");
    assert!(ok(other.meadow(&["import", path, "--replace"])).contains(".old now."));
    ok(other.meadow(&["db", "check"]));
    other.start();
    let mut anna = other.stranger();
    anna.log_in("anna", PASSWORD);
    assert!(anna.ask("inventory").contains("flower"));
}

#[test]
fn a_disk_without_room_leaves_nothing_half_made() {
    let game = Game::stopped();
    ok(game.meadow(&["populate", "100"]));
    let files = || {
        let mut files: Vec<_> = game.files().into_iter().map(|(path, _)| path).collect();
        files.sort();
        files
    };
    ok(game.meadow(&["db", "check"]));
    let before = files();
    for command in ["backup", "export"] {
        let file = game.folder().join(format!("{command}.out"));
        // As on a disk of 40 KiB: a file that would get larger is refused. (What SQLite needs for reading is less.)
        let script = r#"trap "" XFSZ; ulimit -f 40; exec "$0" "$@""#;
        let done = Command::new("bash")
            .args(["-c", script, env!("CARGO_BIN_EXE_meadow"), command])
            .arg(&file)
            .arg("--dir")
            .arg(game.folder())
            .output()
            .expect("bash is there");
        let told = String::from_utf8_lossy(&done.stderr);
        assert!(!done.status.success() && told.contains("cannot write"), "{told}");
        assert!(told.contains(&format!("{command}.out")) && told.lines().count() == 1, "{told}");
        assert_eq!(files(), before, "{command}");
    }
}

#[test]
fn a_reload_reads_only_what_has_changed_since_the_new_server_got_ready() {
    let game = Game::started_with(&["log.level=info,meadow_server=debug"]);
    let mut anna = game.player("anna");
    for (command, shown) in [("get flower", "inventory"), ("drop flower", "look")] {
        anna.ask(command);
        ok(game.meadow(&["reload"]));
        anna.expect("The game has been reloaded.");
        assert!(anna.ask(shown).contains("flower"), "{command}");
    }
    let files = game.files();
    let (_, log) = files.iter().find(|(path, _)| path.ends_with("server.log")).expect("it is there");
    let log = String::from_utf8_lossy(log);
    assert_eq!(log.matches("the world was read beforehand").count(), 2, "{log}");
    // It was killed, and nothing was noted by anybody: it is read beforehand all the same.
    signal("KILL", game.pid("server"));
    anna.expect("The game is back.");
    assert!(anna.ask("look").contains("flower"));
}
