//! Text that has to fit and that each reads as their own, seen by players. The world measures markup and the Portal shows
//! it, and neither knows the other: here both read the same.

use meadow::{
    Command, Cx, For, Meta, NewObject, Result, Target, WorldBuilder,
    text::{Border, Column, Table, columns, plain, width},
};
use meadow_protocol::markup;
use proptest::prelude::*;

/// Codes and control sequences, whole and broken, and what may come between.
const PIECES: [&str; 60] = [
    "|",
    "||",
    "|n",
    "|r",
    "|R",
    "|[r",
    "|[G",
    "|[n",
    "|!B",
    "|!b",
    "|!",
    "|500",
    "|600",
    "|[012",
    "|=m",
    "|=A",
    "|[=z",
    "|#f80",
    "|#f8",
    "|#f",
    "|[#123456",
    "#1234",
    "|u",
    "|U",
    "|i",
    "|I",
    "|s",
    "|*",
    "|^",
    "|h",
    "|H",
    "|/",
    "|-",
    "|>",
    "|_",
    "|lc",
    "|lu",
    "|lt",
    "|le",
    "|l",
    "l",
    "c",
    "u",
    "t",
    "5",
    "f",
    "é",
    "日",
    "£",
    "\u{85}",
    "\u{9b}",
    "\u{9d}",
    "\x1b",
    "\x1b[",
    "\x1b[31",
    "m",
    "\x1b]0;",
    "\x07",
    "\x1b\\",
    "\x1b(0",
];

proptest! {
    #[test]
    fn the_world_reads_markup_as_the_portal_does(
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..30)
    ) {
        let source = pieces.concat();
        prop_assert_eq!(plain(&source), markup::strip(&source));
    }

    #[test]
    fn noise_is_read_alike(noise in "[|\\[lcuten#a-f0-9! ]{0,40}") {
        prop_assert_eq!(plain(&noise), markup::strip(&noise));
        if !plain(&noise).contains(['\r', '\n', '\t']) {
            prop_assert_eq!(width(&noise), markup::visible_width(&noise));
        }
    }
}

/// A room with a rose.
fn setup(world: &mut WorldBuilder) {
    world.command(For::Character, CmdHug).command(For::Character, CmdStock);
    world.at_initial_setup(|world| {
        let room =
            world.create(NewObject { key: "Room", typeclass: "default.Room", ..NewObject::default() })?;
        world.create(NewObject { key: "rose", location: Some(room), ..NewObject::default() })?;
        world.set_start_location(room);
        Ok(())
    });
}

/// `hug SOMEBODY`
struct CmdHug;

impl Command for CmdHug {
    const META: Meta = Meta { key: "hug", ..Meta::DEFAULT };
    type Args = Target;

    fn func(&self, cx: &mut Cx<'_>, Target(whom): Target) -> Result {
        let (caller, words) = (cx.caller()?, "$You() |r {whom}");
        let sentence = "$You() $conj(hug) $obj(whom). $Pron(you) $pconj(say): {words}";
        let words = meadow::text::escape(words);
        cx.world.act(caller, sentence).with("whom", whom).with("words", words.as_ref()).to_room();
        Ok(())
    }
}

/// `stock`
struct CmdStock;

impl Command for CmdStock {
    const META: Meta = Meta { key: "stock", ..Meta::DEFAULT };
    type Args = ();

    fn func(&self, cx: &mut Cx<'_>, (): ()) -> Result {
        let mut table = Table::new([Column::new("Thing"), Column::right("Price")]).border(Border::Full);
        table.add_row(["|ra rose|n with very long thorns", "3"]).add_row(["日本", "12"]);
        let screen = cx.screen();
        cx.msg(table.draw(screen));
        cx.msg(columns(["north", "|csouth|n", "up"], screen));
        Ok(())
    }
}

#[test]
fn each_player_reads_a_sentence_of_their_own() {
    let script = r#"
@Bob
@Anna
> hug rose
You hug a rose. You say: $You() |r {whom}
@Bob
...
Anna hugs a rose. They say: $You() |r {whom}
> get rose
You pick up a rose.
@Anna
Bob picks up a rose.
@Bob
> drop rose
You drop a rose.
@Anna
Bob drops a rose.
"#;
    meadow::transcript(setup, script.trim());
}

#[test]
fn a_table_is_drawn_for_the_client() {
    let script = r#"
> option screenwidth = 30
...
> stock
.----------------------------.
| Thing              | Price |
|--------------------+-------|
| a rose with very   |     3 |
| long thorns        |       |
| 日本               |    12 |
'----------------------------'
north  south  up
> who
Account        On for     Idle
Anna               0s       0s
One unique account logged in.
> option screenreader = on
...
> stock
Thing: a rose with very long thorns; Price: 3
Thing: 日本; Price: 12
north, south, up
> who
Account: Anna; On for: 0s; Idle: 0s
One unique account logged in.
"#;
    meadow::transcript(setup, script.trim());
}
