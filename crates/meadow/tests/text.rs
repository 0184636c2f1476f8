//! The world measures markup and the Portal shows it, and neither knows the other: here both read the same.

use meadow::text::{plain, width};
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
