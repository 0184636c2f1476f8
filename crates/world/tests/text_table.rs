//! Tables and columns, drawn for windows of every width.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it expects")]

use meadow_world::{
    Screen,
    text::{self, Align, Border, Column, Table, columns, plain, width},
};
use proptest::prelude::*;

fn people() -> Table {
    let mut table = Table::new([
        Column::new("Name"),
        Column::new("What they do all day"),
        Column::new("Gold").align(Align::Right),
    ]);
    table.add_row(["|cAnna|n", "grows |rred roses|n behind the old mill", "7"]);
    table.add_row(["Bob||", "", "1200"]);
    table
}

#[track_caller]
fn check(drawn: &str, expected: &[&str]) {
    assert_eq!(drawn.lines().collect::<Vec<_>>(), expected, "\n{drawn}\n");
}

#[test]
fn a_box_fits_into_the_window() {
    check(
        &people().border(Border::Full).draw(Screen::wide(40)),
        &[
            ".--------------------------------------.",
            "|| |wName|n || |wWhat they do all day|n   || |wGold|n ||",
            "||------+------------------------+------||",
            "|| |cAnna|n || grows |rred roses|n behind ||    7 ||",
            "||      || the old mill           ||      ||",
            "|| Bob|| ||                        || 1200 ||",
            "'--------------------------------------'",
        ],
    );
}

#[test]
fn a_line_under_each_header_is_the_default() {
    check(
        &people().draw(Screen::default()),
        &[
            "|wName|n  |wWhat they do all day|n                 |wGold|n",
            "----  -----------------------------------  ----",
            "|cAnna|n  grows |rred roses|n behind the old mill     7",
            "Bob||                                       1200",
        ],
    );
}

#[test]
fn what_is_to_be_cropped_stays_one_line() {
    let mut table = Table::new([Column::new("A"), Column::new("B").crop().at_least(6)]).border(Border::None);
    table.add_row(["one two three", "four five six seven"]);
    check(&table.draw(Screen::wide(16)), &["|wA|n        |wB|n", "one two  four...", "three"]);
    let mut table = Table::new([Column::new("").at_most(5), Column::new("")]);
    table.add_row(["one two", "x"]);
    check(&table.draw(Screen::default()), &["one    x", "two"]);
}

#[test]
fn aloud_a_row_is_a_line_without_what_is_empty() {
    let aloud = [
        "Name: |cAnna|n; What they do all day: grows |rred roses|n behind the old mill; Gold: 7",
        "Name: Bob||; Gold: 1200",
    ];
    check(&people().draw(Screen { reader: true, ..Screen::default() }), &aloud);
    // A window of no use is told the same.
    check(&people().draw(Screen::wide(10)), &aloud);
}

#[test]
fn rows_may_be_longer_or_shorter_than_the_headers() {
    let mut table = Table::new(["A"]).border(Border::None);
    table.add_row(["1", "2"]).add_row(Vec::<String>::new()).add_row(["3"]);
    check(&table.draw(Screen::default()), &["|wA|n", "1  2", "", "3"]);
    assert_eq!((table.len(), table.is_empty()), (3, false));
    assert_eq!(Table::default().draw(Screen::default()), "");
}

#[test]
fn columns_go_down_and_fit() {
    let items = ["|cone|n", "two", "three", "four", "five", "six", "日本"];
    check(&columns(items, Screen::wide(78)), &["|cone|n  two  three  four  five  six  日本"]);
    check(&columns(items, Screen::wide(24)), &["|cone|n  three  five  日本", "two  four   six"]);
    check(&columns(items, Screen::wide(4)), &["|cone|n", "two", "t...", "four", "five", "six", "日本"]);
    assert_eq!(columns(Vec::<String>::new(), Screen::wide(4)), "");
}

const PIECES: [&str; 14] = [
    "rose",
    " ",
    " ",
    "\n",
    "|r",
    "|n",
    "||",
    "|",
    "日本",
    "e\u{301}",
    "|lclook|lta b|le",
    "a",
    "thorny",
    "|[b",
];

fn cell() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..12).prop_map(|pieces| pieces.concat())
}

fn solid(text: &str) -> String {
    let mut letters: Vec<char> = plain(text).chars().filter(|c| !c.is_whitespace()).collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

proptest! {
    #[test]
    fn tables_fit_and_lose_nothing(
        rows in prop::collection::vec(prop::collection::vec(cell(), 3), 1..5),
        wide in 19usize..80,
        border in prop::sample::select(&[Border::None, Border::Header, Border::Full][..]),
    ) {
        let mut table = Table::new(["", "", ""]).border(border);
        rows.iter().for_each(|row| { table.add_row(row.clone()); });
        let drawn = table.draw(Screen::wide(wide));
        prop_assert!(width(&drawn) <= wide, "{drawn}");
        prop_assert!(drawn.lines().all(|line| !line.starts_with('+')));
        if border == Border::None {
            prop_assert_eq!(solid(&drawn), solid(&text::escape(&rows.concat().iter().map(|cell| plain(cell)).collect::<String>())));
        }
        if border == Border::Full {
            let widths: Vec<usize> = drawn.lines().map(width).collect();
            prop_assert!(widths.iter().all(|width| *width == widths[0]), "{drawn}");
        }
    }

    #[test]
    fn columns_fit_and_lose_nothing(items in prop::collection::vec("[a-z]{1,9}", 0..40), wide in 9usize..80) {
        let drawn = columns(items.clone(), Screen::wide(wide));
        prop_assert!(width(&drawn) <= wide);
        let mut seen: Vec<&str> = drawn.split_whitespace().collect();
        let mut items: Vec<&str> = items.iter().map(String::as_str).collect();
        seen.sort_unstable();
        items.sort_unstable();
        prop_assert_eq!(seen, items);
    }
}
