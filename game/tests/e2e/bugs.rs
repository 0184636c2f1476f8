//! What breaks in a game: the player hears that something did, and the log has one entry that says for whom, by which
//! command, and where in the game's own files.

use crate::harness::{Game, NewGame, wait_until};

/// Commands that break, each in its own way.
const BROKEN: &str = r#"//! Broken commands.

use std::time::Duration;

use meadow::prelude::*;

/// Fails with an error of its own.
pub struct CmdStumble;

impl Command for CmdStumble {
    const META: Meta = Meta { key: "stumble", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let caller = cx.caller()?;
        walk_into(cx.world, caller)
    }
}

fn walk_into(world: &mut World, who: ObjectId) -> Result {
    let steps: u8 = "many".parse()?;
    world[who].db.set("steps", steps)?;
    Ok(())
}

/// Panics, and what follows its name is a secret.
pub struct CmdTrip;

impl Command for CmdTrip {
    const META: Meta = Meta { key: "trip", secret: true, ..Meta::DEFAULT };
    type Args = String;

    fn func(&self, _cx: &mut Cx<'_>, _over: String) -> Result {
        fall();
        Ok(())
    }
}

fn fall() {
    panic!("over a root");
}

/// Panics later.
pub struct CmdSway;

impl Command for CmdSway {
    const META: Meta = Meta { key: "sway", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        cx.world.after(Duration::ZERO, |_| fall());
        Ok(())
    }
}
"#;

#[test]
fn what_breaks_is_one_entry_of_the_log_with_the_way_there() {
    let thorn = NewGame::make("thorn");
    thorn.write("src/commands/broken.rs", BROKEN);
    thorn.change("src/commands/mod.rs", "mod ring;", "mod broken;\nmod ring;");
    thorn.change(
        "src/commands/mod.rs",
        "world.command(For::Character, CmdRing);",
        "world.command(For::Character, CmdRing);
    world.command(For::Character, broken::CmdStumble);
    world.command(For::Character, broken::CmdTrip);
    world.command(For::Character, broken::CmdSway);",
    );
    thorn.cargo(&["build"]);
    let game = Game::of(&thorn).that_may_panic();
    game.start();
    let mut anna = game.player("anna");
    let log = || {
        let all = std::fs::read_to_string(game.folder().join("logs/server.log")).unwrap_or_default();
        let ours: Vec<String> = entries(&all);
        ours
    };

    for line in ["stumble", "trip blue-otter-sesame"] {
        assert!(anna.ask(line).starts_with("Something broke."), "{line}");
    }
    anna.ask("sway");
    wait_until("what was to happen later is in the log", || log().len() >= 3);

    let [stumble, trip, later] = &log()[..] else { panic!("not three entries: {:#?}", log()) };
    for (entry, parts) in [
        (stumble, &["the command stumble (\"\") failed: invalid digit", "session=", "account="][..]),
        (stumble, &["in thorn::commands::broken::walk_into (", "broken.rs:21:"]),
        (stumble, &["broken::CmdStumble as meadow_world::command::Command>::func ("]),
        (trip, &["the command trip (\"***\") failed: it panicked at src/commands/broken.rs:40:", "session="]),
        (trip, &["over a root", "in thorn::commands::broken::fall ("]),
        (later, &["a delayed action failed: it panicked at ", "in thorn::commands::broken::fall ("]),
    ] {
        for part in parts {
            assert!(entry.contains(part), "no {part:?} in:\n{entry}");
        }
        for noise in ["std::", "core::panicking", "meadow_world::bugs", "tokio", "from<"] {
            assert!(!entry.contains(&format!("in {noise}")), "{noise} in:\n{entry}");
        }
    }
    assert!(anna.ask("look").starts_with("The Green\n"));
}

/// The errors in a log, each with the lines that belong to it.
fn entries(log: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    let mut within = false;
    for line in log.lines() {
        if !line.starts_with(' ') {
            within = line.contains(" ERROR ");
            if within {
                entries.push(String::new());
            }
        }
        if let Some(entry) = entries.last_mut().filter(|_| within) {
            entry.push_str(line);
            entry.push('\n');
        }
    }
    entries
}
