//! What the book says of commands holds: those that it names are there, and what it types is done. The tutorial has
//! a test of its own (`game/tests/e2e/book.rs`).

use meadow::{NewObject, TestGame, Typeclass, WorldBuilder};

const BUILDERS: &str = include_str!("../../../docs/book/src/builders.md");
const PLAYERS: &str = include_str!("../../../docs/book/src/players.md");
const OPERATORS: &str = include_str!("../../../docs/operating.md");

/// The kind of thing that the chapter for builders makes one of.
struct Lamp;

impl Typeclass for Lamp {
    fn path(&self) -> &'static str {
        "typeclasses.Lamp"
    }
}

fn setup(world: &mut WorldBuilder) {
    world.typeclass(&Lamp);
    world.at_initial_setup(|world| {
        let new = NewObject { key: "Hall", typeclass: "default.Room", ..NewObject::default() };
        let hall = world.create(new)?;
        world.set_start_location(hall);
        Ok(())
    });
}

/// What stands in code quotes in a column (from 0) of a chapter's tables.
fn typed(chapter: &str, column: usize) -> Vec<&str> {
    let rows = chapter.lines().filter(|line| line.starts_with("| "));
    let cells = rows.filter_map(|row| row.trim_matches('|').split('|').nth(column));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn what_builders_are_told_to_type_is_done() {
    let mut game = TestGame::new(setup);
    game.permit("Cleo", "Builder");
    game.login("Cleo");
    let lines = typed(BUILDERS, 1);
    assert!(lines.len() > 9, "{lines:?}");
    for line in lines {
        let told = if line.contains(' ') {
            game.line("Cleo", line)
        } else {
            game.line("Cleo", &format!("help {line}"))
        };
        for refused in ["not available", "No help", "ould not find", "no typeclass", "Usage"] {
            let help = !line.contains(' ') && refused == "Usage";
            assert!(help || !told.contains(refused), "{line}\n{told}");
        }
    }
    let lamp = game.world().objects_named("lamp")[0];
    let world = game.world();
    assert!(world.is_a(lamp, "typeclasses.Lamp"));
    assert_eq!(world[lamp].db.str("smell"), Some("Oil."));
    assert!(world[lamp].locks.ends_with("get:holds(key)"), "{}", world[lamp].locks);
    assert_eq!((world.objects_named("The Cellar").len(), world.objects_named("The Orchard").len()), (1, 1));
}

#[test]
fn the_commands_that_players_and_operators_are_told_of_are_there() {
    let mut game = TestGame::new(setup);
    game.permit("Dan", "superuser");
    game.login("Anna");
    game.login("Dan");
    let ways = ["north", "up", "gate"];
    let (_, players) = PLAYERS.split_once("| type | to |").expect("it has a table of commands");
    let players =
        typed(players, 0).into_iter().filter(|line| !ways.contains(line)).map(|line| ("Anna", line));
    let staff = OPERATORS.split('`').skip(1).step_by(2).filter(|code| code.starts_with('@'));
    let of_staff = ["boot NAME", "ban", "bans", "unban 2", "perm *anna = Builder", "sshkey add"];
    assert!(of_staff.iter().all(|line| OPERATORS.contains(&format!("`{line}`"))));
    let staff = staff.chain(of_staff).map(|line| ("Dan", line));
    let all: Vec<_> = players.chain(staff).collect();
    assert!(all.len() > 25, "{all:?}");
    for (who, line) in all {
        let command = line.split([' ', '/']).next().unwrap_or_default();
        let told = game.line(who, &format!("help {command}"));
        assert!(told.contains("Help for"), "{line}: {told}");
    }
}
