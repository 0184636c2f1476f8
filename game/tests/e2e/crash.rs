//! Death: the Server's and the Portal's, by `kill -9`, in the middle of play.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crate::harness::{Game, Killer, PASSWORD, Telnet, is_alive, signal, wait_until};

const CRASHED: &str = "The game has stopped unexpectedly and is being started again. What you type is kept.";
const BACK: &str = "The game is back.";

/// How often the Server is killed while players type.
const CRASHES: usize = 3;

/// How many lines of a player the Server has at most (`limits.in_flight`): so many answers a crash may cost.
const IN_FLIGHT: usize = 16;

#[test]
fn players_are_told_of_a_crash_and_come_back_in_their_bodies_with_all_that_they_were_told() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut bert = game.player("bert");
    game.player("carl").hang_up();
    anna.expect("carl has lost their link.\n");
    let mut stranger = game.stranger();
    anna.rest();
    bert.send("setdesc A man with a straw hat.");
    bert.expect("You set your description.\n");
    let (portal, server) = (game.pid("portal"), game.pid("server"));
    let killer = Killer::of(server);
    anna.send("get flower");
    anna.expect("You pick up a flower.\n");
    // What has been told is stored, not about to be.
    killer.kill();
    for player in [&mut anna, &mut bert, &mut stranger] {
        player.expect(&format!("{CRASHED}\n"));
        player.expect(&format!("{BACK}\n"));
    }
    assert_eq!(anna.ask("inventory"), "You are carrying:\n  a flower\n");
    assert!(bert.ask("look me").contains("A man with a straw hat."));
    assert!(anna.ask("look bert").contains("A man with a straw hat."));
    anna.send("say Are you there?");
    bert.expect("anna says, \"Are you there?\"\n");
    stranger.log_in("carl", PASSWORD);

    let status = game.status();
    assert_eq!(status["portal"]["pid"], portal);
    assert_ne!(status["server"]["pid"], server);
    assert_eq!((&status["server"]["restarts"], &status["sessions"]), (&1.into(), &3.into()), "{status}");
    assert_eq!(game.servers(), [game.pid("server")]);
}

#[test]
fn lines_typed_over_crashes_are_done_once_and_in_order() {
    let game = Game::started_with(&["limits.commands_per_second=0"]);
    let mut players: Vec<Telnet> = ["anna", "bert", "carl"].iter().map(|name| game.player(name)).collect();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let (watcher, takers) = players.split_first_mut().expect("there are three");
        let [taker, speaker] = takers else { panic!("there are three") };
        // One changes the world with every line, one only speaks.
        let taking = scope.spawn(|| {
            type_ahead(taker, &stop, |n| if n % 2 == 1 { "get flower".into() } else { "drop flower".into() })
        });
        let speaking = scope.spawn(|| type_ahead(speaker, &stop, |n| format!("say {n}")));
        let _stop = StopAtEnd(&stop);
        for _ in 0..CRASHES {
            // In the middle of it: all that the last crash has caught has been heard. What two Servers died with is not
            // tried again.
            for _ in 0..IN_FLIGHT {
                watcher.expect("bert drops a flower.");
            }
            for _ in 0..IN_FLIGHT {
                watcher.expect("carl says, ");
            }
            signal("KILL", game.pid("server"));
            watcher.expect(BACK);
        }
        watcher.expect("carl says, ");
        stop.store(true, Ordering::SeqCst);
        check_taking(&taking.join().expect("it does not panic"));
        check_speaking(&speaking.join().expect("it does not panic"));
    });
    assert_eq!(game.status()["server"]["restarts"], CRASHES);
    for player in &mut players {
        player.rest();
        assert!(player.ask("look").starts_with("A Meadow\n"));
    }
}

/// Types numbered lines without waiting for answers, until it is to stop; returns how many lines, and all
/// that was told.
fn type_ahead(player: &mut Telnet, stop: &AtomicBool, line: impl Fn(usize) -> String) -> (usize, String) {
    // So fast that the Server is always at work, and so slow that lines don't pile up.
    const PAUSE: Duration = Duration::from_millis(2);
    player.rest();
    let mut typed = 0;
    // An even number, so that the flower lies where it lay.
    while !stop.load(Ordering::SeqCst) || typed % 2 == 1 {
        typed += 1;
        player.send(&line(typed));
        thread::sleep(PAUSE);
    }
    (typed, player.rest())
}

/// A line that was lost or done twice would have been answered with an error: there is one flower. An answer
/// may be missing where the Server died between doing a line and telling of it.
fn check_taking((typed, told): &(usize, String)) {
    let answers = told.lines().filter(|line| !is_news(line));
    let (got, others): (Vec<&str>, Vec<&str>) = answers.partition(|line| *line == "You pick up a flower.");
    assert!(others.iter().all(|line| *line == "You drop a flower."), "{told}");
    let missing = typed - got.len() - others.len();
    assert!(missing <= CRASHES * IN_FLIGHT, "{missing} of {typed} answers are missing:\n{told}");
}

/// What is said changes nothing, and still is said once and in order.
fn check_speaking((typed, told): &(usize, String)) {
    let said = told.lines().filter_map(|line| line.strip_prefix("You say, \"")?.strip_suffix('"'));
    let numbers: Vec<usize> = said.map(|number| number.parse().expect("numbers are said")).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next), "twice or out of order: {told}");
    assert_eq!(numbers.last(), Some(typed), "the last line is answered: {told}");
    assert!(
        typed - numbers.len() <= CRASHES * IN_FLIGHT,
        "{} of {typed} answers came:\n{told}",
        numbers.len()
    );
}

fn is_news(line: &str) -> bool {
    line == CRASHED || line == BACK || line.starts_with("carl says, ")
}

#[test]
fn what_was_done_but_not_told_before_a_crash_is_not_done_again() {
    const LOOKS: usize = 100;
    let game = Game::started_with(&["limits.commands_per_second=0", "limits.in_flight=200"]);
    let mut anna = game.player("anna");
    anna.send(&format!("setdesc {}", "x".repeat(5900)));
    anna.expect("You set your description.\n");
    let (portal, server) = (game.pid("portal"), game.pid("server"));

    // The Server gets it all in one piece, and cannot tell of it, because the Portal takes nothing off its hands
    // and the looks fill the link.
    signal("STOP", server);
    anna.send_bytes(("look me\r\n".repeat(LOOKS) + "get flower\r\n").as_bytes());
    game.status();
    game.status();
    signal("STOP", portal);
    let before = journal(&game);
    signal("CONT", server);
    wait_until("the flower's new place is in the database", || journal(&game) != before);
    signal("KILL", server);
    signal("CONT", portal);

    let told = anna.expect(&format!("{BACK}\n"));
    assert!(!told.contains("flower"), "it was to be told of the looks only: {}", told.len());
    let told = anna.rest();
    assert!(matches!(told.as_str(), "" | "You pick up a flower.\n"), "{told}");
    assert_eq!(anna.ask("inventory"), "You are carrying:\n  a flower\n");
}

/// What is in the journal of the database: SQLite appends every transaction to it.
fn journal(game: &Game) -> Vec<u8> {
    std::fs::read(game.folder().join("data/meadow.db-wal")).expect("it is there while the game runs")
}

#[test]
fn a_server_whose_portal_is_killed_ends_and_the_game_starts_again_at_once() {
    let game = Game::started();
    let mut anna = game.player("anna");
    anna.send("get flower");
    anna.expect("You pick up a flower.\n");
    let server = game.pid("server");
    signal("KILL", game.pid("portal"));
    anna.expect_end();
    // At once: the Server may still be at work, and what the Portal left lies there.
    assert!(game.folder().join("run/portal.pid").exists() && game.folder().join("run/link.sock").exists());
    game.start();
    wait_until("the old Server has ended", || !is_alive(server));
    assert_eq!(game.servers(), [game.pid("server")]);
    let mut anna = game.stranger();
    anna.log_in("anna", PASSWORD);
    anna.rest();
    assert_eq!(anna.ask("inventory"), "You are carrying:\n  a flower\n");

    signal("KILL", game.pid("portal"));
    wait_until("the Server has ended without anybody's help", || game.processes().is_empty());
    assert_eq!(game.meadow(&["status"]).code, 3);
    assert_eq!(game.meadow(&["stop"]).code, 0);
}

#[test]
fn two_games_never_share_a_database() {
    let game = Game::started();
    let database = game.folder().join("data/meadow.db");
    let other = Game::stopped().with(&[&format!("store.file={}", database.display())]);
    let done = other.meadow(&["populate", "1"]);
    assert!(done.code == 1 && done.err.lines().count() == 1, "{done:?}");
    assert!(done.err.contains("meadow.db"), "{done:?}");
    let done = other.meadow(&["start"]);
    assert!(done.code == 1 && done.err.lines().count() == 1, "{done:?}");
    assert!(done.err.contains("meadow.db"), "{done:?}");
    assert_eq!(other.processes(), []);
    game.player("anna");
}

/// Ends the typing also when the test fails, which would wait for it otherwise.
struct StopAtEnd<'flag>(&'flag AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
