//! What holds for the layout of any text: nothing of it gets lost, no line is wider than it may be, and each line is
//! whole, so that lines may be put anywhere.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it expects")]

use meadow_world::text::{self, Align, crop, justify, lines, pad, plain, width, wrap};
use proptest::prelude::*;

/// Words, codes whole and broken, wide and combining characters.
const PIECES: [&str; 46] = [
    "rose",
    "a",
    "well-known",
    " ",
    " ",
    " ",
    "  ",
    "\n",
    "|/",
    "|_",
    "|>",
    "|-",
    "\t",
    "|",
    "||",
    "|n",
    "|r",
    "|R",
    "|[r",
    "|!B",
    "|500",
    "|[012",
    "|=m",
    "|#f80",
    "|u",
    "|U",
    "|*",
    "|h",
    "|lc",
    "|lclook|lt",
    "|lt",
    "|le",
    "|l",
    "日本",
    "語。",
    "「",
    "👩‍👩‍👧",
    "🎉",
    "e\u{301}",
    "\u{301}",
    "\u{200d}",
    "\u{fe0f}",
    "é",
    "क्षि",
    "\x1b[1m",
    "\x1b",
];

fn markup() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40).prop_map(|pieces| pieces.concat())
}

/// The text without what a break may take.
fn solid(text: &str) -> String {
    let invisible = ['\u{301}', '\u{200d}', '\u{fe0f}'];
    plain(text).chars().filter(|c| !c.is_whitespace() && !invisible.contains(c)).collect()
}

proptest! {
    #[test]
    fn wrapped_lines_fit_and_lose_nothing(source in markup(), room in 3usize..30) {
        let lines = wrap(&source, room);
        for line in &lines {
            prop_assert!(width(line) <= room, "{line:?} is {} wide", width(line));
            prop_assert_eq!(text::lines(line), [line.as_str()], "is not whole");
        }
        prop_assert_eq!(solid(&lines.concat()), solid(&source));
        prop_assert_eq!(wrap(&lines.join("\n"), room), lines, "what is wrapped stays as it is");
    }

    #[test]
    fn cropped_text_fits(source in markup(), room in 0usize..30) {
        let cropped = crop(&source, room);
        prop_assert!(width(&cropped) <= room, "{cropped:?}");
        if cropped != source {
            let shown = plain(&cropped);
            let first = lines(&source).remove(0);
            let shown = if room > 3 { shown.strip_suffix("...").unwrap() } else { &shown };
            prop_assert!(plain(&first).starts_with(shown), "{cropped:?}");
            prop_assert_eq!(lines(&cropped), [&*cropped], "is not whole");
        }
        let again = crop(&cropped, room).into_owned();
        prop_assert_eq!(again, &*cropped);
    }

    #[test]
    fn padded_lines_are_as_wide_as_asked(source in markup(), room in 0usize..30) {
        for align in [Align::Left, Align::Right, Align::Center] {
            let padded = pad(&source, room, align);
            let before = lines(&source);
            for (line, before) in lines(&padded).iter().zip(&before) {
                prop_assert_eq!(width(line), width(before).max(room));
            }
            prop_assert_eq!(lines(&padded).len(), before.len());
        }
    }

    #[test]
    fn justified_lines_are_equally_wide(source in markup(), room in 3usize..30) {
        for align in [Align::Left, Align::Right, Align::Center, Align::Full] {
            let justified = justify(&source, room, align);
            prop_assert!(lines(&justified).iter().all(|line| width(line) == room), "{justified:?}");
            prop_assert_eq!(solid(&justified), solid(&source));
        }
    }

    #[test]
    fn lines_are_the_text(source in markup()) {
        let whole = lines(&source);
        prop_assert_eq!(whole.iter().map(|line| width(line)).max().unwrap(), width(&source));
        prop_assert_eq!(solid(&whole.concat()), solid(&source));
    }

    #[test]
    fn escaped_text_is_as_wide_as_it_is(words in "[ -~é日]{0,40}") {
        prop_assert_eq!(width(&text::escape(&words)), words.chars().map(|c| if c == '日' { 2 } else { 1 }).sum::<usize>());
        prop_assert_eq!(plain(&text::escape(&words)), words);
    }

    #[test]
    fn noise_does_no_harm(noise in ".*", room in 0usize..20) {
        let _ = (width(&noise), plain(&noise), crop(&noise, room), wrap(&noise, room), pad(&noise, room, Align::Center));
        let _ = justify(&noise, room, Align::Full);
    }
}

#[test]
fn colours_go_on_in_the_next_line() {
    assert_eq!(wrap("|rall of it", 3), ["|rall|n", "|rof|n", "|rit|n"]);
    assert_eq!(wrap("|r|[Ball|n of it", 3), ["|r|[Ball|n", "of", "it"]);
    assert_eq!(wrap("a |rb c|n d", 3), ["a |rb|n", "|rc|n d"]);
    // A colour takes the place of another, but not of a background.
    assert_eq!(wrap("|[B|ra|gb c", 2), ["|[B|ra|gb|n", "|[B|gc|n"]);
    // What follows does not become a part of the code.
    assert_eq!(wrap("|#f80x ab c", 4), ["|#ff8800x ab|n", "|#ff8800c|n"]);
    assert_eq!(wrap("|ua|Ub c", 2), ["|ua|Ub|n", "|Uc|n"]);
}

#[test]
fn links_go_on_in_the_next_line() {
    assert_eq!(wrap("|lclook|ltsee it|le now", 4), ["|lclook|ltsee|le", "|lclook|ltit|le", "now"]);
    assert_eq!(crop("|lclook|ltsee it now|le", 8), "|lclook|ltsee i|le...");
    assert_eq!(width("|luhttp://a|ltpage|le"), 8, "clients without links show the address");
    assert_eq!(wrap("|luhttp://a|ltpage|le x", 4), ["|luhttp://a|ltpage|le", "x"]);
}

#[test]
fn words_too_long_are_broken_and_indents_stay() {
    assert_eq!(wrap("abcdefg h", 3), ["abc", "def", "g h"]);
    assert_eq!(wrap("  ab cd\n  ef", 4), ["  ab", "cd", "  ef"]);
    assert_eq!(wrap("ab   ", 4), ["ab"]);
    assert_eq!(wrap("", 4), [""]);
    assert_eq!(wrap("日本語。x", 6), ["日本", "語。x"]);
}

#[test]
fn tabulators_go_to_the_next_stop() {
    assert_eq!(width("ab|-c"), 9);
    assert_eq!(lines("ab\tc"), ["ab      c"]);
}

#[test]
fn nobody_fills_the_memory_with_spaces() {
    assert_eq!(width(&pad("x", text::MAX_WIDTH, Align::Left)), text::MAX_WIDTH);
    assert_eq!(width(&pad("x", usize::MAX, Align::Left)), text::MAX_WIDTH);
}

#[test]
fn every_width_is_a_width() {
    for size in [0, 1, usize::MAX - 1, usize::MAX] {
        let screen = meadow_world::Screen::wide(size);
        assert!(text::columns(["fig", "plum"], screen).contains('p'), "{size}");
        let column = || text::Column::new("Fruit").at_least(size).at_most(size);
        let mut table = text::Table::new([column(), column()]).border(text::Border::Full);
        table.add_row(["fig", "plum"]);
        assert!(plain(&table.draw(screen)).contains('f'), "{size}");
        for align in [Align::Left, Align::Right, Align::Center, Align::Full] {
            justify("a fig and a plum", size, align);
            pad("a fig", size, align);
        }
        wrap("a fig and a plum", size);
        crop("a fig and a plum", size);
    }
}
