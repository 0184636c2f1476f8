//! The line editor: a note that is kept on its writer, and descriptions.

use meadow::{
    AttributeEditor, Command, Cx, EDITOR_LINES, Editor, For, Meta, Result, Target, TestGame, World,
    WorldBuilder, say, text::escape, transcript,
};
use serde::{Deserialize, Serialize};

fn setup(world: &mut WorldBuilder) {
    world
        .editor::<Note>()
        .command(For::Character, CmdNote)
        .command(For::Character, CmdRead)
        .command(For::Character, CmdDescribe)
        .at_initial_setup(|world| crate::hall(world).map(drop));
}

/// A note of this name, kept on its writer.
#[derive(Serialize, Deserialize)]
struct Note(String);

impl Editor for Note {
    const NAME: &'static str = "note";

    fn title(&self, _world: &World) -> String {
        escape(&self.0).into_owned()
    }

    fn save(&mut self, cx: &mut Cx<'_>, text: &str) -> Result {
        if text.contains("secret") {
            return Err(say("No secrets here."));
        }
        let me = cx.caller()?;
        cx.world[me].db.set(&self.0, text)?;
        Ok(())
    }
}

/// `note NAME`
struct CmdNote;
impl Command for CmdNote {
    const META: Meta = Meta { key: "note", ..Meta::DEFAULT };
    type Args = String;
    fn func(&self, cx: &mut Cx<'_>, name: String) -> Result {
        let me = cx.caller()?;
        let text = cx.world[me].db.str(&name).unwrap_or_default().to_owned();
        cx.edit(Note(name), &text)
    }
}

/// `read NAME`
struct CmdRead;
impl Command for CmdRead {
    const META: Meta = Meta { key: "read", ..Meta::DEFAULT };
    type Args = String;
    fn func(&self, cx: &mut Cx<'_>, name: String) -> Result {
        let me = cx.caller()?;
        let text = cx.world[me].db.str(&name).unwrap_or("nothing").to_owned();
        cx.msg(escape(&text).into_owned());
        Ok(())
    }
}

/// `describe THING`
struct CmdDescribe;
impl Command for CmdDescribe {
    const META: Meta = Meta { key: "describe", ..Meta::DEFAULT };
    type Args = Target;
    fn func(&self, cx: &mut Cx<'_>, Target(object): Target) -> Result {
        AttributeEditor::open(cx, object, "desc")
    }
}

#[test]
fn what_is_written_survives_a_reload_and_a_crash() {
    transcript(
        setup,
        "
> note list
\\----------Line editor [list]----------
\\----------[l:00 w:000 c:0000]------------(:h for help)
> eggs
01| eggs
>   |rmilk
02|   |rmilk
! reload
The game has been reloaded.
You are editing list (:h for help).
> :::)
03| :)
! crash
You are editing list (:h for help).
> :
\\----------Line editor [list]----------
01| eggs
02|   |rmilk
03| :)
\\----------[l:03 w:003 c:0014]------------(:h for help)
> :u
Undone.
! crash
You are editing list (:h for help).
> :uu
Redone.
> :uu
There is nothing to redo.
> :w
Saved.
> :: 2:3
  |rmilk
:)
> :UU
The text is as it was at first.
> :q
Save before you leave? [Y]/N?
! reload
The game has been reloaded.
You are editing list (:h for help).
Save before you leave? [Y]/N?
> n
You leave the line editor.
> read list
eggs
  |rmilk
:)
",
    );
}

#[test]
fn lines_are_deleted_copied_cut_and_put() {
    transcript(
        setup,
        "
> note n
...
> :echo
What you type is not shown with its number.
> one
> two
> three
> four
> :dd
Deleted: line 4.
> :dd 1
Deleted: line 1.
> ::
two
three
> :y 1
Copied: line 1.
> :p
Put in: line 3.
> :p 1
Put in: line 2.
> ::
two
two
three
two
> :x 2:3
Cut: lines 2 to 3.
! crash
You are editing n (:h for help).
> :p
Put in: lines 3 to 4.
> ::
two
two
two
three
> :i 1 zero
01| zero
> :r 2 a  b
02| a  b
> :I 2 begin
02| begina  b
> :A 2 end
02| begina  bend
> :i 6 x
There are no such lines: 6. There are 5.
> :r text
Which line? Give its number.
> :DD
Everything is deleted.
> :dd
There is nothing to delete.
> :u
Undone.
> :q!
You leave the line editor.
> read n
nothing
",
    );
}

#[test]
fn words_are_replaced_and_paragraphs_laid_out() {
    transcript(
        setup,
        "
> note n
...
> :echo
What you type is not shown with its number.
> the cat and the dog
> the cow
> :s the a
Replaced 3 times in lines 1 to 2.
> :s 2 cow \"big cow\"
Replaced once in line 2.
> :s 2 [ow]+$ at
Replaced once in line 2.
> :s (cat dog
'(cat' is not found in lines 1 to 2.
> :s a
Replace what by what? :s <l> <w> <text>
> ::
a cat and a dog
a big cat
> :dw 2 \"big \"
Replaced once in line 2.
> :fi 2
Indented: line 2.
> :: 2
    a cat
> :fd
Taken back: lines 1 to 2.
> :: 2
a cat
> :f
Filled: lines 1 to 2.
> ::
a cat and a dog a cat
> :j 1 r
Justified: line 1.
> ::
                                                         a cat and a dog a cat
> :j x
Justify how? full, left, center or right.
> :>
New lines are indented by 4.
> :echo
What you type is shown with its number.
> in
02|     in
> :=
New lines are indented by 0.
> out
03| out
> :)
There is no editor command ':)'; :h lists them. A line that begins with a colon is typed with three.
> :x!
There is no editor command ':x!'; :h lists them. A line that begins with a colon is typed with three.
> :wq
Saved.
You leave the line editor.
> look
Hall
...
",
    );
}

#[test]
fn the_help_is_paged_and_the_editor_goes_on() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    let session = game.world().sessions().iter().next().unwrap().id();
    game.world().session_mut(session).unwrap().flags.screenheight = 10;
    game.line("Anna", "note n");
    assert!(game.line("Anna", ":h").contains("[1/"));
    game.crash();
    assert!(game.read("Anna").contains("[1/"), "the page is shown again");
    assert_eq!(game.line("Anna", "q"), "You leave the pager.\nYou are editing n (:h for help).");
    game.line("Anna", ":h");
    assert_eq!(game.line("Anna", "quince"), "01| quince", "what is not for the pager is text");
}

#[test]
fn what_cannot_be_saved_is_not_lost() {
    transcript(
        setup,
        "
> note n
...
> secret
01| secret
> :wq
No secrets here.
> :q
Save before you leave? [Y]/N?
> what?
You go on editing. :wq saves and leaves, :q! leaves without saving.
> :q
Save before you leave? [Y]/N?
>
No secrets here.
> :s secret open
Replaced once in line 1.
> :wq
Saved.
You leave the line editor.
> read n
open
",
    );
}

#[test]
fn what_was_not_saved_is_there_again_after_the_connection_broke() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    for line in ["note n", "first", ":w", "second"] {
        game.line("Anna", line);
    }
    game.hang_up("Anna");
    game.crash();
    game.login("Anna");
    assert!(!game.line("Anna", "note other").contains("second"));
    game.line("Anna", ":q");
    let seen = game.line("Anna", "note n");
    assert!(seen.contains("02| second\n"), "{seen}");
    assert!(seen.ends_with(
        "This is what you had not saved when you were gone. :UU goes back to the text that is saved."
    ));
    game.line("Anna", ":UU");
    assert_eq!(game.line("Anna", "::"), "first");
    game.line("Anna", ":q!");
    assert!(!game.line("Anna", "note n").contains("second"), "it was given up");
}

#[test]
fn a_browser_may_send_several_lines_at_once() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "note n");
    game.input("Anna", meadow::text("one\n:q\n\nfour"));
    assert_eq!(game.read("Anna"), "01| one\n02| :q\n03| \n04| four");
}

#[test]
fn as_many_lines_as_the_limit_and_not_one_more() {
    let mut game = TestGame::new(setup);
    game.login("Anna");
    game.line("Anna", "note n");
    game.input("Anna", meadow::text("x\n".repeat(EDITOR_LINES)));
    game.read("Anna");
    let told = "That would be too long: a text can have 32 KiB and 1000 lines. Nothing was changed.";
    assert_eq!(game.line("Anna", "y"), told);
    assert_eq!(game.line("Anna", &format!(":s \"\" {}", "z".repeat(5000))), told);
    assert_eq!(game.line("Anna", ":: 1000"), "x");
    // All of it is kept.
    game.crash();
    assert_eq!(game.read("Anna"), "You are editing n (:h for help).");
    assert_eq!(game.line("Anna", ":w"), "Saved.");
}

#[test]
fn builders_write_markup_and_others_do_not() {
    transcript(
        setup,
        "
> describe me
...
> :DD
Everything is deleted.
> a |rred hat
01| a |rred hat
> :wq
Saved.
You leave the line editor.
> look me
Anna
a |rred hat
> describe me
\\----------Line editor [Anna/desc (#5)]----------
01| a |rred hat
...
> :q
You leave the line editor.
@Cleo (Builder)
> describe here
...
> A |rred|n hall.
...
> :wq
Saved.
You leave the line editor.
> look
Hall
A red hall.
...
",
    );
}
