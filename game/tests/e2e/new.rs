//! `meadow new`, and a reload that builds first: somebody makes a game of their own, plays it and changes it.

use crate::harness::{Game, NewGame};

#[test]
fn a_new_game_passes_its_tests_and_is_played() {
    let brook = NewGame::make("brook");
    let tested = brook.cargo(&["test"]);
    for passed in ["test look ... ok", "test ring ... ok", "test no_transcript_is_forgotten ... ok"] {
        assert!(tested.contains(passed), "{tested}");
    }
    brook.cargo(&["fmt", "--check"]);
    brook.cargo(&["build"]);
    let game = Game::of(&brook);
    game.start();
    let mut anna = game.player("anna");
    assert!(anna.ask("look").starts_with("The Green\n"));
    anna.ask("up");
    assert_eq!(anna.ask("ring bell").trim_end(), "You ring the bell. That was number 1.");
    // What a build would change is not looked for where it was told not to.
    let reloaded = game.meadow(&["reload", "--no-build"]);
    assert!(reloaded.code == 0 && reloaded.out.starts_with("Reloaded: "), "{reloaded:?}");
    anna.expect("The game has been reloaded.\n");
    assert_eq!(anna.ask("ring bell").trim_end(), "You ring the bell. That was number 2.");
}

#[test]
fn a_reload_builds_and_what_does_not_compile_changes_nothing() {
    const RING: &str = "src/commands/ring.rs";
    let moon = NewGame::make("moon");
    moon.cargo(&["build"]);
    let game = Game::of(&moon);
    game.start();
    let mut anna = game.player("anna");
    anna.ask("up");
    assert!(anna.ask("ring bell").contains("You ring the bell."));

    // As `cargo run -- reload` calls it, from a crate of which cargo has told it things that build scripts ask for.
    let of_cargo = [("CARGO_MANIFEST_DIR", "/nowhere"), ("CARGO_PKG_VERSION", "9.9.9")];
    let same = game.meadow_with(&["reload"], &of_cargo, "");
    assert!(same.code == 0 && same.out.starts_with("Nothing has changed"), "{same:?}");
    anna.expect("The game has been reloaded.\n");

    moon.change(RING, "You ring the bell.", "The bell sings.");
    let portal = game.pid("portal");
    let reloaded = game.meadow(&["reload"]);
    assert!(reloaded.code == 0 && reloaded.out.starts_with("Built in "), "{reloaded:?}");
    assert!(reloaded.out.contains("Reloaded: players waited "), "{reloaded:?}");
    anna.expect("The game has been reloaded.\n");
    assert_eq!(anna.ask("ring bell").trim_end(), "The bell sings. That was number 2.");
    assert_eq!(game.pid("portal"), portal);

    let server = game.pid("server");
    moon.change(RING, "cx.msg(", "cx.massage(");
    let broken = game.meadow(&["reload"]);
    assert_eq!((broken.code, broken.out.as_str()), (1, ""), "{broken:?}");
    assert!(broken.err.contains("no method named `massage`"), "{broken:?}");
    let told = broken.err.lines().last().unwrap_or_default();
    assert!(told.contains("moon does not compile") && told.contains("nothing was reloaded"), "{told}");
    assert_eq!(game.pid("server"), server);
    assert_eq!(anna.ask("ring bell").trim_end(), "The bell sings. That was number 3.");
}
