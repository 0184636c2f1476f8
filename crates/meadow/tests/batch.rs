//! Batches: a world that is written as one, and developers who run and step through others.

#![allow(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use meadow::{TestGame, WorldBuilder};

const WORLD: &str = "\
# Where everybody begins.
@dig/teleport Yard
#
@desc here = Cobbles.

And a well.
#INSERT barn
# The yard again.
@tel Yard
";

const BARN: &str = "\
@dig/teleport Barn = barn;in, out
#
@create/drop pitchfork
#
@set pitchfork/weight = 3
";

const TOWER: &str = "\
# A tower.
@dig/teleport Tower
#
@desc here =
Stones, and
more stones.
#
@create/drop bell
#
@create/drop rope
#
@create/drop bat
";

fn setup(world: &mut WorldBuilder) {
    world.batch("world", WORLD).batch("barn", BARN).batch("tower", TOWER);
    world.batch("broken", "look\n#\n# Nobody has this.\n@dig a = b, c, d\n#\n@create never\n");
    world.batch("lost", "#INSERT nowhere\n").batch("empty", "# Nothing yet.\n");
    world.batch("nested", "@batchcommands tower");
    world.batch("doom", "@create/drop cup\n#\n@destroy cup\n");
    world.at_initial_setup(|world| {
        world.run_batch("world")?;
        let yard = world.objects_named("Yard")[0];
        world.set_start_location(yard);
        Ok(())
    });
}

fn play(script: &str) {
    meadow::transcript(setup, script);
}

#[test]
fn a_world_is_built_of_a_batch() {
    play(
        "
> look
Yard
Cobbles.
And a well.
Exits: barn
> in
Barn
You see nothing special.
You see: a pitchfork
Exits: out
",
    );
    let mut game = TestGame::new(setup);
    let fork = game.world().objects_named("pitchfork")[0];
    assert_eq!(game.world()[fork].db.get::<u8>("weight"), Some(3));
    assert!(game.world().objects_named("the builder").is_empty());
}

#[test]
fn developers_run_batches_and_others_do_not() {
    play(
        "
@Ada (Admin)
> @batchcommands tower
Command '@batchcommands tower' is not available. Type \"help\" for help.
@Dora (Developer)
> @batchcommands
Usage: @batchcommands[/interactive] <name>
Batches of this game: barn, broken, doom, empty, lost, nested, tower, world. Others are files in its folder batch.
> @batchcommand tower.ev
Running the batch tower (5 commands). abort stops it.
> @batchcmd tower
You are going through a batch already: abort ends it.
> ss
The batch is running: abort stops it.
+ 1ms
1/5 tower.ev:2: @dig/teleport Tower
Created room Tower(#9) of type default.Room.
Tower
You see nothing special.
2/5 tower.ev:4: @desc here = ...
The description was set on Tower(#9).
3/5 tower.ev:8: @create/drop bell
You create a new Object: bell(#10).
4/5 tower.ev:10: @create/drop rope
You create a new Object: rope(#11).
5/5 tower.ev:12: @create/drop bat
You create a new Object: bat(#12).
The batch tower is done.
> look
Tower
Stones, and
more stones.
You see: a bell, a rope, a bat
> ss
...
",
    );
}

#[test]
fn a_long_batch_takes_several_steps_and_can_be_stopped_between_them() {
    let mut game = TestGame::new(setup);
    game.permit("Dora", "Developer");
    game.login("Dora");
    game.line("Dora", "@batchcommands tower");
    let now = game.world().now();
    game.world().advance(now);
    let seen = game.line("Dora", "abort");
    assert!(seen.contains("3/5 tower.ev:8") && !seen.contains("4/5"), "{seen}");
    assert!(seen.ends_with("You are through with the batch tower."), "{seen}");
    game.advance(std::time::Duration::from_secs(1));
    assert_eq!(game.read("Dora"), "");
    assert!(game.world().objects_named("rope").is_empty());
}

#[test]
fn what_can_not_be_run_is_said_with_its_place() {
    play(
        "
@Dora (Developer)
> @batchcommands ../secret
The name of a batch is made of letters, digits, - and _.
> @batchcommands secret
The batch can't be run: there is no batch secret.
> @batchcommands lost
The batch can't be run: there is no batch nowhere.
> @batchcommands empty
There is no command in the batch empty.
> @batchcommands nested
Running the batch nested (1 command). abort stops it.
+ 1ms
1/1 nested.ev:1: @batchcommands tower
nested.ev:1: That can only be done by a player.
The batch stops here. It waits for you now: hh says how to go on, abort ends it.
> abort
You are through with the batch nested.
> @batchcommands broken
Running the batch broken (3 commands). abort stops it.
+ 1ms
1/3 broken.ev:1: look
Yard
Cobbles.
And a well.
Exits: barn
2/3 broken.ev:4: @dig a = b, c, d
broken.ev:4: A room is dug with one exit there and one back at most.
The batch stops here. It waits for you now: hh says how to go on, abort ends it.
> nn
3/3 broken.ev:6: @create never
> cc
+ 1ms
3/3 broken.ev:6: @create never
You create a new Object: never(#8).
The batch broken is done.
> @batchcommands doom
Running the batch doom (2 commands). abort stops it.
+ 1ms
1/2 doom.ev:1: @create/drop cup
You create a new Object: cup(#9).
2/2 doom.ev:3: @destroy cup
cup was destroyed.
The batch doom is done.
",
    );
}

#[test]
fn one_goes_through_a_batch_step_by_step() {
    play(STEP_BY_STEP);
}

#[test]
fn files_are_read_and_read_again() {
    let mut game = TestGame::new(setup);
    game.permit("Dora", "Developer");
    game.login("Dora");
    game.batch_file("pond", "#INSERT frogs\n@dig Pond\n");
    assert_eq!(
        game.line("Dora", "@batchcommands/interactive pond"),
        "The batch can't be run: there is no batch frogs."
    );
    game.batch_file("frogs", "@create frog");
    let seen = game.line("Dora", "@batchcommands/interactive pond");
    assert!(seen.ends_with("1/2 frogs.ev:1: @create frog"), "{seen}");
    assert_eq!(game.line("Dora", "nn"), "2/2 pond.ev:2: @dig Pond");
    game.batch_file("frogs", "@create frog\n#\n@create toad");
    assert_eq!(game.line("Dora", "rr"), "The batch was read again.\n2/3 frogs.ev:3: @create toad");
    assert_eq!(game.line("Dora", "rrr"), "The batch was read again.\n1/3 frogs.ev:1: @create frog");
    // What the game has registered goes before a file.
    game.batch_file("tower", "@create nothing");
    game.line("Dora", "qq");
    let seen = game.line("Dora", "@batchcommands/interactive tower");
    assert!(seen.ends_with("1/5 tower.ev:2: @dig/teleport Tower"), "{seen}");
}

#[test]
fn a_batch_does_not_survive_a_reload_and_its_player_does() {
    let mut game = TestGame::new(setup);
    game.permit("Dora", "Developer");
    game.login("Dora");
    game.line("Dora", "@batchcommands tower");
    game.reload();
    game.advance(std::time::Duration::from_secs(1));
    assert_eq!(game.read("Dora"), "The game has been reloaded.");
    assert!(game.line("Dora", "ll").starts_with("Command 'll' is not available."));
}

const STEP_BY_STEP: &str = "
@Dora (Developer)
> @batchcommands/interactive tower
Batch tower, step by step. hh is a help, qq quits.
1/5 tower.ev:2: @dig/teleport Tower
> hh
go through a batch step by step
  ll        look at the command that is next
...
  hh        this help
> ll
1/5 tower.ev:2:
\\@dig/teleport Tower
> pp
1/5 tower.ev:2: @dig/teleport Tower
Created room Tower(#8) of type default.Room.
Tower
You see nothing special.
> nl
2/5 tower.ev:4:
\\@desc here =
Stones, and
more stones.
> ss
+ 1ms
2/5 tower.ev:4: @desc here = ...
The description was set on Tower(#8).
3/5 tower.ev:8: @create/drop bell
> bb
2/5 tower.ev:4: @desc here = ...
> bl 9
1/5 tower.ev:2:
\\@dig/teleport Tower
> jj 4
4/5 tower.ev:10: @create/drop rope
> jl 3
3/5 tower.ev:8:
\\@create/drop bell
> jj 6
The commands of the batch have the numbers 1 to 5.
> jj x
Which number?
> nn 100
5/5 tower.ev:12: @create/drop bat
> rr
The batch was read again.
5/5 tower.ev:12: @create/drop bat
> rrr
The batch was read again.
1/5 tower.ev:2: @dig/teleport Tower
> jj 3
3/5 tower.ev:8: @create/drop bell
> sl 2
+ 1ms
3/5 tower.ev:8: @create/drop bell
You create a new Object: bell(#9).
4/5 tower.ev:10: @create/drop rope
You create a new Object: rope(#10).
5/5 tower.ev:12:
\\@create/drop bat
> ss 10
+ 1ms
5/5 tower.ev:12: @create/drop bat
You create a new Object: bat(#11).
5/5: the batch tower is at its end.
> ss
5/5: the batch tower is at its end.
> qq
You are through with the batch tower.
> qq
...
";
