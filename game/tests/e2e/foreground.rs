//! `run`: the game in the foreground.

use crate::harness::{Game, signal, wait_until};

#[test]
fn ctrl_c_stops_both_processes_and_players_are_told() {
    let game = Game::stopped();
    let running = game.in_foreground(&["run"]);
    let told = running.expect("Ctrl-C stops it.");
    for service in ["telnet", "web", "link"] {
        assert!(told.lines().any(|line| line.trim_start().starts_with(service)), "{service}: {told}");
    }
    let (telnet, web) = (game.address("telnet"), game.address("web"));
    for part in [
        format!("telnet localhost {}", telnet.port()),
        format!("http://localhost:{}/", web.port()),
        game.folder().display().to_string(),
    ] {
        assert!(told.contains(&part), "{part}: {told}");
    }
    let mut anna = game.player("anna");
    let mut bert = game.browser();
    assert_eq!(game.pid("portal"), running.pid(), "this process is the Portal");

    signal("INT", running.pid());
    let done = running.end();
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(game.processes(), []);
    assert!(anna.expect_end().contains("The game is shutting down."));
    bert.expect("The game is shutting down.");
    assert_eq!(game.status()["running"], false);
    assert!(!game.folder().join("run/link.sock").exists());

    // What was played is there the next time.
    let running = game.in_foreground(&["run"]);
    running.expect("Ctrl-C stops it.");
    let mut anna = game.stranger();
    anna.log_in("anna", crate::harness::PASSWORD);
    assert_eq!(game.meadow(&["stop"]).code, 0);
    assert_eq!(running.end().code, 0);
}

#[test]
fn no_command_means_run_and_both_processes_log_to_standard_error() {
    let game = Game::stopped();
    let running = game.in_foreground(&[]);
    running.expect("Ctrl-C stops it.");
    game.player("anna").hang_up();
    wait_until("she has gone", || game.status()["sessions"] == 0);
    signal("INT", running.pid());
    let done = running.end();
    assert_eq!(done.code, 0, "{done:?}");
    for process in ["portal ", "server "] {
        assert!(done.err.lines().any(|line| line.starts_with(process)), "{process}: {}", done.err);
    }
    assert!(!done.err.contains('\x1b') && !done.out.contains('\x1b'), "a pipe is no terminal: {done:?}");
    assert!(!done.err.contains(crate::harness::PASSWORD));
}
