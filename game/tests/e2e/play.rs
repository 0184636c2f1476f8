//! What two players do with each other, and the commands that everybody needs.

use crate::harness::Game;

#[test]
fn two_players_see_each_other_come_speak_and_go() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut bert = game.player("bert");
    anna.expect("bert has entered the game.\n");
    assert!(anna.ask("look").contains("\nCharacters: bert\n"));
    assert!(bert.ask("look").contains("\nCharacters: anna\n"));

    anna.send("say Good morning, bert.");
    anna.expect("You say, \"Good morning, bert.\"\n");
    bert.expect("anna says, \"Good morning, bert.\"\n");
    bert.send("pose yawns.");
    bert.expect("bert yawns.\n");
    anna.expect("bert yawns.\n");
    bert.send(":'s hat falls.");
    anna.expect("bert's hat falls.\n");

    bert.send("north");
    bert.expect("Exits: ");
    anna.expect("bert leaves north.\n");
    assert!(!anna.ask("look").contains("bert"));
    anna.send("say Are you there?");
    bert.send("south");
    let told = bert.expect("\nExits: north, east\n");
    assert!(!told.contains("Are you there?"), "nobody hears from one room to the next: {told}");
    anna.expect("bert arrives from the north.\n");

    bert.send("quit");
    bert.expect_end();
    anna.expect("bert has left the game.\n");
    assert!(!anna.ask("look").contains("bert"));
}

#[test]
fn who_hangs_up_stays_for_a_while_and_hears_what_was_said_meanwhile() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let bert = game.player("bert");
    anna.expect("bert has entered the game.\n");
    bert.hang_up();
    anna.expect("bert has lost their link.\n");
    assert!(anna.ask("look").contains("Characters: bert (link lost)\n"));
    anna.ask("say Are you there?");
    assert_eq!(game.meadow(&["reload"]).code, 0);
    anna.expect("The game has been reloaded.");
    anna.rest();
    let mut bert = game.stranger();
    let told = bert.log_in("bert", crate::harness::PASSWORD);
    assert!(told.contains("While you were away:\nanna says, \"Are you there?\"\n"), "{told}");
    anna.expect("bert is back.\n");
}

#[test]
fn who_hangs_up_is_seen_to_leave_and_comes_back_where_they_were() {
    let game = Game::started_with(&["accounts.linkdead_seconds=1"]);
    let mut anna = game.player("anna");
    let mut bert = game.player("bert");
    bert.send("get flower");
    bert.expect("You pick up a flower.\n");
    bert.hang_up();
    anna.expect("bert has lost their link.\n");
    anna.expect("bert has left the game.\n");
    let mut bert = game.stranger();
    bert.log_in("bert", crate::harness::PASSWORD);
    anna.expect("bert has entered the game.\n");
    assert!(bert.ask("inventory").contains("a flower"));
}

#[test]
fn the_flower_is_taken_and_dropped_before_all_eyes() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let mut bert = game.player("bert");
    anna.expect("bert has entered the game.\n");

    assert_eq!(anna.ask("get flower"), "You pick up a flower.\n");
    bert.expect("anna picks up a flower.\n");
    assert!(!bert.ask("look").contains("You see: a flower"));
    assert!(bert.ask("get flower").contains("flower"), "who can't have it is told so");
    assert_eq!(anna.ask("inventory"), "You are carrying:\n  a flower\n");
    assert_eq!(bert.ask("inventory"), "You are not carrying anything.\n");
    assert_eq!(anna.ask("drop flower"), "You drop a flower.\n");
    bert.expect("anna drops a flower.\n");
    assert!(bert.ask("look").contains("\nYou see: a flower\n"));
    assert_eq!(bert.ask("get flower"), "You pick up a flower.\n");
    anna.expect("bert picks up a flower.\n");
}

#[test]
fn who_inventory_help_idle_and_quit_work() {
    let game = Game::started();
    let mut anna = game.player("anna");
    let _bert = game.player("bert");
    anna.expect("bert has entered the game.\n");

    let who = anna.ask("who");
    assert!(who.contains("\nanna ") && who.contains("\nbert "), "{who}");
    assert!(who.ends_with("2 unique accounts logged in.\n"), "{who}");
    assert_eq!(anna.ask("inventory"), "You are not carrying anything.\n");
    let help = anna.ask("help");
    for command in ["look", "say", "get", "drop", "who", "quit", "inventory"] {
        assert!(help.split_whitespace().any(|word| word == command), "{command}: {help}");
    }
    assert!(anna.ask("help get").contains("get <thing>"));
    assert_eq!(anna.ask("idle"), "", "a client that says it is idle wants no answer");
    anna.send("quit");
    anna.expect_end();
    assert_eq!(game.status()["sessions"], 1);
}

#[test]
fn before_logging_in_there_are_look_help_and_quit() {
    let game = Game::started();
    let mut stranger = game.stranger();
    assert!(stranger.ask("look").contains("Welcome to A Meadow!"));
    let help = stranger.ask("help");
    let has = |command| help.split_whitespace().any(|word| word == command);
    assert!(has("connect") && has("create") && !has("say"), "{help}");
    stranger.send("quit");
    stranger.expect_end();
}
