//! The pager: a long text on a screen of ten lines, which leaves six for the text.

use meadow::{
    Command, Cx, Flag, For, Meta, Result, SCREENREADER_ROWS, TestGame, WorldBuilder, transcript, tuple,
};

fn setup(world: &mut WorldBuilder) {
    world
        .command(For::Character, CmdCount)
        .command(For::Account, CmdWindow)
        .at_initial_setup(|world| crate::hall(world).map(drop));
}

/// `count N`: one to N, a line each.
struct CmdCount;
impl Command for CmdCount {
    const META: Meta = Meta { key: "count", ..Meta::DEFAULT };
    type Args = String;
    fn func(&self, cx: &mut Cx<'_>, count: String) -> Result {
        let lines: Vec<String> = (1..=count.parse()?).map(|line: usize| line.to_string()).collect();
        cx.page(meadow::text(lines.join("\n")).kw("type", "story"));
        Ok(())
    }
}

/// `window`: as if the client had a window of ten lines.
struct CmdWindow;
impl Command for CmdWindow {
    const META: Meta = Meta { key: "window", help: "one\n2\n3\n4\n5\n6\n7", ..Meta::DEFAULT };
    type Args = ();
    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let session = cx.session()?;
        if let Some(session) = cx.world.session_mut(session) {
            session.flags.screenheight = 10;
        }
        Ok(())
    }
}

/// Ten lines, as the client says again after each restart.
#[test]
fn pages_are_turned_over_a_reload_and_a_crash() {
    transcript(
        setup,
        "
> window
> count 6
1
2
3
4
5
6
> count 14
1
2
3
4
5
6
[1/3] next, back, top, end, quit
> b
1
...
6
[1/3] next, back, top, end, quit
>
7
8
9
10
11
12
[2/3] next, back, top, end, quit
! reload
The game has been reloaded.
7
...
12
[2/3] next, back, top, end, quit
> n
13
14
[3/3] next, back, top, end, quit
> previous
7
...
12
[2/3] next, back, top, end, quit
! crash
7
...
12
[2/3] next, back, top, end, quit
> E
13
14
[3/3] next, back, top, end, quit
> t
1
...
6
[1/3] next, back, top, end, quit
> Q
You leave the pager.
> q
...
\\Command 'q' is not available. Type \"help\" for help.
",
    );
}

#[test]
fn the_end_and_another_command_leave_it() {
    transcript(
        setup,
        "
> window
> count 8
...
> next
7
8
[2/2] next, back, top, end, quit
> n
You leave the pager.
> count 8
...
> say hello
You say, \"hello\"
>
> count 8
...
> abort
You leave the pager.
> help window
Help for window
one
2
3
4
5
[1/2] next, back, top, end, quit
> next
6
7
[2/2] next, back, top, end, quit
> look
Hall
...
",
    );
}

#[test]
fn the_pages_keep_the_type_of_the_text() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "window");
    game.take_tuples("Anna");
    game.line("Anna", "count 14");
    game.line("Anna", "n");
    let types: Vec<_> = game.take_tuples("Anna").iter().map(|tuple| tuple.kwargs["type"].clone()).collect();
    assert_eq!(types, ["story", "story"]);
}

#[test]
fn a_screen_reader_gets_it_whole_up_to_the_limit() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let session = game.world().sessions().iter().next().unwrap().id();
    game.world().session_mut(session).unwrap().flags.set(Flag::Screenreader, true);
    let whole = game.line("Anna", &format!("count {SCREENREADER_ROWS}"));
    assert_eq!(whole.lines().count(), SCREENREADER_ROWS);
    assert!(!game.world().is_conversing(session));
    game.line("Anna", &format!("count {}", SCREENREADER_ROWS + 1));
    assert!(game.world().is_conversing(session));
    assert!(game.line("Anna", "n").starts_with(&(SCREENREADER_ROWS + 1).to_string()));
}

#[test]
fn a_window_that_was_resized_has_other_pages() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let height = |lines| tuple("client_options").kw("screenheight", lines);
    game.input("Anna", height(10));
    assert!(game.line("Anna", "count 40").contains("[1/7]"));
    game.line("Anna", "n");
    game.input("Anna", height(24));
    assert!(game.line("Anna", "n").starts_with("21\n"), "the page that line 7 is on ends with 20");
}
