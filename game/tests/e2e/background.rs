//! `start`, `status`, `stop`: the game in the background.

use crate::harness::{Game, PASSWORD, is_alive, signal, wait_until};

#[test]
fn status_names_processes_services_and_sessions_of_a_running_game() {
    let game = Game::started();
    let done = game.meadow(&["start"]);
    assert_eq!(done.code, 1, "{done:?}");
    let _anna = game.player("anna");
    let _stranger = game.stranger();

    let status = game.status();
    assert_eq!(status["running"], true);
    assert_eq!(status["sessions"], 2, "{status}");
    assert!(status["uptime"].as_f64().is_some_and(|uptime| uptime > 0.0), "{status}");
    assert_eq!(status["server"]["state"], "ready");
    let (portal, server) = (game.pid("portal"), game.pid("server"));
    assert!(portal != server && is_alive(portal) && is_alive(server), "{status}");
    for name in ["telnet", "web"] {
        let address = game.address(name);
        assert!(address.ip().is_loopback() && address.port() != 0, "{name}: {address}");
    }
    let services = status["services"].as_array().expect("services are a list");
    let link = services.iter().find(|service| service["name"] == "link").expect("the link is a service");
    let socket = link["address"].as_str().expect("an address is a text");
    assert_eq!(socket, game.folder().join("run/link.sock").display().to_string());

    let shown = game.meadow(&["status"]);
    assert_eq!(shown.code, 0);
    for part in [portal.to_string(), server.to_string(), game.address("telnet").to_string()] {
        assert!(shown.out.contains(&part), "{part}: {}", shown.out);
    }
}

#[test]
fn stop_leaves_no_process_no_socket_and_no_pid_file() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let done = game.meadow(&["stop"]);
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
    wait_until("its processes have ended", || game.processes().is_empty());
    for left in ["run/link.sock", "run/portal.pid"] {
        assert!(!game.folder().join(left).exists(), "{left}");
    }
    let told = anna.expect_end();
    assert!(told.contains("The game is shutting down."), "{told}");

    let done = game.meadow(&["status"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert_eq!(done.out.lines().count(), 1, "{done:?}");
    let status = game.status();
    assert_eq!(status["running"], false);
    assert!(status["portal"].is_null() && status["server"].is_null(), "{status}");
    assert_eq!(game.meadow(&["stop"]).code, 0, "what is stopped already need not be stopped");

    game.start();
    let mut anna = game.stranger();
    anna.log_in("anna", PASSWORD);
}

#[test]
fn a_game_that_runs_is_not_started_again() {
    let game = Game::started();
    let portal = game.pid("portal");
    for command in ["start", "run"] {
        let done = game.meadow(&[command]);
        assert_eq!(done.code, 1, "{done:?}");
        assert_eq!(done.err.lines().count(), 1, "{done:?}");
        assert!(done.err.contains(&format!("already runs (pid {portal})")), "{done:?}");
    }
    let done = game.meadow(&["populate", "1"]);
    assert!(done.code != 0 && done.err.contains("must be stopped"), "{done:?}");
    assert_eq!(game.servers(), [game.pid("server")]);
}

#[test]
fn of_two_games_that_are_started_at_once_one_runs() {
    let game = Game::stopped();
    let (one, other) = std::thread::scope(|scope| {
        let other = scope.spawn(|| game.meadow(&["start"]));
        (game.meadow(&["start"]), other.join().expect("it does not panic"))
    });
    let mut codes = [one.code, other.code];
    codes.sort_unstable();
    assert_eq!(codes, [0, 1], "{one:?} {other:?}");
    wait_until("only one game is left", || game.processes().len() == 2);
    assert_eq!(game.servers().len(), 1);
    game.stranger();
}

#[test]
fn a_superuser_shuts_the_game_down_from_inside() {
    let game = Game::started();
    let done = game.meadow_with(&["superuser", "boss", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert_eq!(done.code, 0, "{done:?}");
    let mut boss = game.stranger();
    boss.log_in("boss", PASSWORD);
    let mut anna = game.player("anna");
    assert!(anna.ask("@shutdown").contains("not available"));
    boss.send("@shutdown Back at nine.");
    for player in [&mut boss, &mut anna] {
        let told = player.expect_end();
        assert!(told.contains("Back at nine."), "{told}");
    }
    wait_until("its processes have ended", || game.processes().is_empty());
    assert_eq!(game.meadow(&["status"]).code, 3);
}

#[test]
fn ids_of_sessions_are_never_used_again() {
    let game = Game::started();
    let ids = || {
        let (_, log) =
            game.files().into_iter().find(|(path, _)| path.ends_with("portal.log")).expect("it is there");
        let log = String::from_utf8_lossy(&log).into_owned();
        let connected = log.lines().filter(|line| line.contains(": connected "));
        let id = |line: &str| line.split("session=").nth(1)?.split(' ').next()?.parse::<u64>().ok();
        connected.filter_map(id).collect::<Vec<u64>>()
    };
    game.stranger().hang_up();
    game.stranger().hang_up();
    assert_eq!(game.meadow(&["stop"]).code, 0);
    game.start();
    game.stranger().hang_up();
    signal("KILL", game.pid("portal"));
    game.start();
    game.stranger().hang_up();
    let used = ids();
    assert_eq!(used.len(), 4, "{used:?}");
    assert!(used.is_sorted_by(|one, next| one < next), "{used:?}");
}

#[test]
fn the_portal_stops_in_order_on_sigterm() {
    let game = Game::started();
    let mut anna = game.player("anna");
    signal("TERM", game.pid("portal"));
    assert!(anna.expect_end().contains("The game is shutting down."));
    wait_until("its processes have ended", || game.processes().is_empty());
    assert!(!game.folder().join("run/link.sock").exists());
}
