//! Reload: the Server is another process afterwards, and no player notices more than a pause.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use crate::harness::{Game, PASSWORD, Telnet, signal, wait_until};

/// Lines that a player types ahead of the answers.
const AHEAD: usize = 6;

#[test]
fn players_who_type_during_reloads_lose_no_line_and_see_none_twice() {
    const NAMES: [&str; 5] = ["anna", "bert", "carl", "dora", "emil"];
    const RELOADS: usize = 3;
    let game = Game::started();
    let mut players: Vec<Telnet> = NAMES.iter().map(|name| game.player(name)).collect();
    players.iter_mut().for_each(|player| drop(player.rest()));
    let portal = game.pid("portal");
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let typing: Vec<_> =
            players.iter_mut().map(|player| scope.spawn(|| type_numbers(player, &stop))).collect();
        let _stop = StopAtEnd(&stop);
        for _ in 0..RELOADS {
            let server = game.pid("server");
            let done = game.meadow(&["reload"]);
            assert!(waited_ms(&done.out).is_some_and(|ms| ms < 5_000), "{done:?}");
            assert_ne!(game.pid("server"), server);
        }
        stop.store(true, Ordering::SeqCst);
        for player in typing {
            let count = player.join().expect("it does not panic");
            assert!(count > 20, "only {count} lines were typed");
        }
    });
    assert_eq!(game.pid("portal"), portal);
    assert_eq!(game.status()["sessions"], NAMES.len());
    assert_eq!(game.servers().len(), 1);
    players.iter_mut().for_each(|player| drop(player.rest()));
    for (player, name) in players.iter_mut().zip(NAMES) {
        let look = player.ask("look");
        let others = NAMES.iter().filter(|other| **other != name);
        assert!(look.starts_with("A Meadow\n"), "{look}");
        assert!(others.into_iter().all(|other| look.contains(other)), "{look}");
    }
}

/// Types `say 1`, `say 2`, ... until it is to stop; every line must be answered, once and in order, and so
/// must be heard what the others say. Returns how many there were.
fn type_numbers(player: &mut Telnet, stop: &AtomicBool) -> usize {
    let (mut typed, mut answered, mut reloaded) = (0, 0, 0);
    let mut heard: std::collections::HashMap<String, usize> = Default::default();
    while answered < typed || !stop.load(Ordering::SeqCst) {
        while typed < answered + AHEAD && !stop.load(Ordering::SeqCst) {
            typed += 1;
            player.send(&format!("say {typed}"));
        }
        let line = player.line();
        if line == "The game has been reloaded." {
            reloaded += 1;
        } else if let Some(said) = line.strip_prefix("You say, ") {
            answered += 1;
            assert_eq!(said, format!("\"{answered}\""), "after {reloaded} reloads");
        } else if let Some((who, said)) = line.split_once(" says, ") {
            let count = heard.entry(who.to_owned()).or_default();
            *count += 1;
            assert_eq!(said, format!("\"{count}\""), "said by {who}, after {reloaded} reloads");
        } else {
            player.fail(&format!("what is this: {line:?}"));
        }
    }
    assert!(reloaded > 0, "this player was told of no reload");
    typed
}

#[test]
fn two_who_reload_at_once_do_not_get_in_each_others_way() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let (one, other) = thread::scope(|scope| {
        let other = scope.spawn(|| game.meadow(&["reload"]));
        (game.meadow(&["reload"]), other.join().expect("it does not panic"))
    });
    for done in [&one, &other] {
        let refused =
            done.code == 1 && done.err.contains("restarted already") && done.err.lines().count() == 1;
        assert!(refused || waited_ms(&done.out).is_some(), "{done:?}");
    }
    assert!(one.code == 0 || other.code == 0, "{one:?} {other:?}");
    anna.expect("The game has been reloaded.\n");
    anna.rest();
    assert!(anna.ask("look").starts_with("A Meadow\n"));
    assert_eq!(game.servers(), [game.pid("server")]);
}

#[test]
fn a_server_that_is_killed_in_the_middle_of_a_reload_costs_no_connection() {
    let game = Game::started();
    let mut anna = game.player("anna");
    anna.send("get flower");
    anna.expect("You pick up a flower.\n");
    for round in 0..3 {
        thread::scope(|scope| {
            let reload = scope.spawn(|| game.meadow(&["reload"]));
            wait_until("the new Server has been started", || {
                game.servers().len() == 2 || reload.is_finished()
            });
            let mut servers = game.servers();
            servers.sort_unstable();
            // The new one, then the old one, then both, as far as they are there in this moment.
            let victims = [servers.get(1..), servers.get(..1), servers.get(..)][round].unwrap_or_default();
            victims.iter().for_each(|pid| signal("KILL", *pid));
            let done = reload.join().expect("it does not panic");
            assert!(done.code == 0 || done.err.lines().count() == 1, "{done:?}");
        });
        assert_eq!(anna.ask("inventory").lines().last(), Some("  a flower"));
        assert_eq!(game.servers(), [game.pid("server")]);
    }
}

#[test]
fn a_browser_stays_over_a_reload_and_over_a_crash() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut bert = game.browser();
    bert.register_and_log_in("bert");
    assert_eq!(game.meadow(&["reload"]).code, 0);
    bert.expect("The game has been reloaded.");
    bert.send("say Still here");
    anna.expect("bert says, \"Still here\"\n");
    signal("KILL", game.pid("server"));
    bert.expect("The game is back.");
    bert.send("say Here again");
    anna.expect("bert says, \"Here again\"\n");
}

#[test]
fn a_superuser_reloads_from_inside_the_game_and_a_player_cannot() {
    let game = Game::started();
    let done = game.meadow_with(&["superuser", "boss", "--password-stdin"], &[], &format!("{PASSWORD}\n"));
    assert_eq!(done.code, 0, "{done:?}");
    let mut boss = game.stranger();
    boss.log_in("boss", PASSWORD);
    let mut anna = game.player("anna");
    let before = game.pid("server");

    let told = anna.ask("@reload");
    assert!(told.contains("not available"), "{told}");
    assert_eq!(game.pid("server"), before);
    boss.send("@reload");
    boss.expect("The game has been reloaded.\n");
    anna.expect("The game has been reloaded.\n");
    assert_ne!(game.pid("server"), before);
    assert!(anna.ask("look").starts_with("A Meadow\n"));
    assert!(boss.ask("look").starts_with("A Meadow\n"));

    // The same, but cold.
    let before = game.pid("server");
    let told = anna.ask("@reset");
    assert!(told.contains("not available"), "{told}");
    boss.send("@reset");
    boss.expect("The game has been reset.\n");
    anna.expect("The game has been reset.\n");
    assert_ne!(game.pid("server"), before);
    assert!(anna.ask("look").starts_with("A Meadow\n"));
}

#[test]
fn what_is_typed_in_the_middle_of_a_login_or_a_question_survives_a_reload() {
    let game = Game::started();
    game.player("anna").hang_up();
    let mut anna = game.stranger();
    thread::scope(|scope| {
        let reload = scope.spawn(|| game.meadow(&["reload"]));
        anna.log_in("anna", PASSWORD);
        assert_eq!(reload.join().expect("it does not panic").code, 0);
    });
    anna.rest();
    assert!(anna.ask("look").starts_with("A Meadow\n"));
    // A stranger who is not logged in stays connected, too.
    let mut bert = game.stranger();
    assert_eq!(game.meadow(&["reload"]).code, 0);
    bert.register("bert");
    bert.log_in("bert", PASSWORD);
}

#[test]
fn a_reload_that_cannot_work_leaves_the_old_server_and_says_why() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let before = game.pid("server");
    let settings = game.folder().join("meadow.toml");
    let good = std::fs::read_to_string(&settings).expect("it was written at the first start");
    std::fs::write(&settings, format!("{good}\n[nonsense]\nkey = 1\n")).expect("it can be written");
    let done = game.meadow(&["reload"]);
    assert!(done.code != 0 && done.err.contains("nonsense"), "{done:?}");
    assert_eq!(game.pid("server"), before);
    assert!(anna.ask("look").contains("A Meadow\n"));
    std::fs::write(&settings, good).expect("it can be written");
    assert_eq!(game.meadow(&["reload"]).code, 0);
    anna.expect("The game has been reloaded.\n");
}

/// Of the line "Reloaded: players waited 48 ms."
fn waited_ms(line: &str) -> Option<u64> {
    line.trim_end().strip_prefix("Reloaded: players waited ")?.strip_suffix(" ms.")?.parse().ok()
}

/// Ends the typing also when the test fails, which would wait for it otherwise.
struct StopAtEnd<'flag>(&'flag AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
