//! What holds for markup whatever anybody writes: nothing of a text becomes a tag of a page or a mode
//! of a client, and what is escaped is shown.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it expects")]

use meadow_protocol::{Depth, markup};
use proptest::prelude::*;

const DEPTHS: [Depth; 4] = [Depth::None, Depth::Ansi16, Depth::Xterm256, Depth::Truecolor];

/// Codes of markup, whole and broken.
const CODES: [&str; 34] = [
    "|",
    "||",
    "|n",
    "|r",
    "|R",
    "|[r",
    "|[G",
    "|!B",
    "|500",
    "|[012",
    "|=m",
    "|#f80",
    "|[#123456",
    "|u",
    "|U",
    "|i",
    "|*",
    "|^",
    "|h",
    "|H",
    "|/",
    "|-",
    "|>",
    "|lc",
    "|lu",
    "|lt",
    "|le",
    "|l",
    "l",
    "c",
    "{{",
    "n",
    "z",
    "m",
];

/// Control characters and sequences.
const CONTROLS: [&str; 25] = [
    "\x1b",
    "\x1b[",
    "\u{9b}",
    "\x1b[4z",
    "\x1b[1;4z",
    "\x1b[0m",
    "\x1b[m",
    "\x1b[1;38;5;196m",
    "\x1b[48;2;1;2;3m",
    "\x1b[31",
    "\x1b]0;",
    "\x07",
    "\x1b\\",
    "\x1b(0",
    "\x1bc",
    "\x08",
    "\0",
    "\x7f",
    "\u{85}",
    "\r",
    "\n",
    "\t",
    "4",
    "\u{202e}",
    "\u{2066}",
];

/// What means something on a page.
const PAGE: [&str; 19] = [
    "<",
    ">",
    "&",
    "\"",
    "'",
    "\\",
    "</a>",
    "<script>",
    "<SEND HREF=\"x\">",
    "javascript:",
    "http://a.b/?c&d",
    "www.example.com",
    ".",
    " ",
    "onclick=",
    "&quot;",
    "\u{2028}",
    "é",
    "日",
];

/// Pieces that mean something somewhere, put together at random.
fn hostile() -> impl Strategy<Value = String> {
    let codes = prop::sample::select(&CODES);
    let controls = prop::sample::select(&CONTROLS);
    let page = prop::sample::select(&PAGE);
    let piece = prop_oneof![4 => codes, 2 => controls, 3 => page].prop_map(str::to_owned);
    let any = prop_oneof![9 => piece, 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(any, 0..40).prop_map(|pieces| pieces.concat())
}

/// Text without control characters, pipes and braces and all.
fn printable() -> impl Strategy<Value = String> {
    hostile().prop_map(|text| text.chars().filter(|char| !char.is_control()).collect())
}

fn ansi(source: &str, depth: Depth) -> String {
    let mut out = String::new();
    markup::to_ansi(source, depth, &mut out);
    out
}

fn mxp(source: &str, depth: Depth) -> String {
    let mut out = String::new();
    markup::to_mxp(source, depth, &mut out);
    out
}

fn html(source: &str, nocolor: bool) -> String {
    let mut out = String::new();
    markup::to_html(source, nocolor, &mut out);
    out
}

/// Reads HTML that has only our tags, well nested, and gives back its text.
fn text_of_page(html: &str) -> String {
    let (mut text, mut open, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        rest = if let Some(rest) = rest.strip_prefix("br>") {
            text.push('\n');
            rest
        } else if let Some(rest) = rest.strip_prefix("/span>") {
            assert_eq!(open.pop(), Some("span"), "{html}");
            rest
        } else if let Some(rest) = rest.strip_prefix("/a>") {
            assert_eq!(open.pop(), Some("a"), "{html}");
            rest
        } else if let Some(rest) = rest.strip_prefix("span") {
            open.push("span");
            after_attributes(rest, &["class", "style"])
        } else {
            open.push("a");
            assert_eq!(open.iter().filter(|tag| **tag == "a").count(), 1, "{html}");
            let rest = rest.strip_prefix('a').unwrap_or_else(|| panic!("not our tag: {rest}"));
            after_attributes(rest, &["id", "href", "target", "onclick"])
        };
    }
    assert!(open.is_empty(), "{html}");
    text.push_str(rest);
    assert!(!text.contains('>'), "{html}");
    unescape(&text)
}

fn after_attributes<'a>(mut rest: &'a str, allowed: &[&str]) -> &'a str {
    loop {
        if let Some(rest) = rest.strip_prefix('>') {
            return rest;
        }
        let (name, after) =
            rest.strip_prefix(' ').and_then(|rest| rest.split_once("=\"")).expect("an attribute");
        assert!(allowed.contains(&name), "{name}");
        let (value, after) = after.split_once('"').expect("a closed attribute");
        check_attribute(name, &unescape(value));
        rest = after;
    }
}

fn check_attribute(name: &str, value: &str) {
    match name {
        "class" => assert!(value.chars().all(|c| c.is_ascii_alphanumeric() || "- ".contains(c)), "{value}"),
        "style" => {
            assert!(value.chars().all(|c| c.is_ascii_alphanumeric() || "-:;# ".contains(c)), "{value}")
        }
        "href" => assert!(!value.trim_start().to_ascii_lowercase().starts_with("javascript:"), "{value}"),
        "onclick" => {
            let arguments =
                value.strip_prefix("Evennia.msg(").and_then(|rest| rest.strip_suffix(");return false;"));
            let read: serde_json::Value = serde_json::from_str(&format!("[{}]", arguments.unwrap())).unwrap();
            assert_eq!((&read[0], read.as_array().unwrap().len()), (&"text".into(), 3), "{value}");
            assert!(read[1][0].is_string() && read[1].as_array().unwrap().len() == 1, "{value}");
        }
        _ => {}
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// Takes out `ESC[…m`, the only sequence that colours need.
fn without_sgr(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|char: char| !char.is_ascii_digit() && char != ';').unwrap_or(part.len());
        match part[end..].strip_prefix('m') {
            Some(rest) => out.push_str(rest),
            None => out.extend(["\x1b[", part]),
        }
    }
    out
}

/// The MXP modes that a client would see, each with what follows. C0 controls inside a sequence are
/// carried out and do not end it.
fn mxp_modes(text: &str) -> Vec<&str> {
    let starts = text.match_indices("\x1b[").map(|(at, _)| at + 2);
    let starts = starts.chain(text.match_indices('\u{9b}').map(|(at, _)| at + 2));
    starts
        .filter_map(|at| {
            let rest =
                text[at..].trim_start_matches(|c: char| (' '..='?').contains(&c) || (c < ' ' && c != '\x1b'));
            rest.strip_prefix('z')
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn pages_hold_only_our_tags(source in hostile()) {
        for nocolor in [false, true] {
            let html = html(&source, nocolor);
            prop_assert!(!html.chars().any(char::is_control), "{html:?}");
            text_of_page(&html);
        }
    }

    #[test]
    fn what_is_escaped_is_shown(text in printable()) {
        let source = markup::escape(&text);
        for depth in DEPTHS {
            prop_assert_eq!(&ansi(&source, depth), &text);
            prop_assert_eq!(&mxp(&source, depth), &text);
        }
        prop_assert_eq!(&markup::strip(&source), &text);
        // References in the text would be undone twice.
        if !text.contains('&') {
            prop_assert_eq!(text_of_page(&html(&source, false)), text);
        }
    }

    #[test]
    fn text_without_codes_is_left_alone(text in printable()) {
        let text = text.replace('|', "");
        for depth in DEPTHS {
            prop_assert_eq!(&ansi(&text, depth), &text);
        }
    }

    #[test]
    fn cleaned_input_is_harmless(text in hostile()) {
        let cleaned = markup::clean_input(&text).into_owned();
        prop_assert_eq!(markup::clean_input(&cleaned), cleaned.as_str());
        prop_assert!(!cleaned.chars().any(|char| char.is_control() && char != '\t'), "{cleaned:?}");
        for depth in DEPTHS {
            for shown in [ansi(&cleaned, depth), mxp(&cleaned, depth)] {
                let rest = if depth == Depth::None { shown.clone() } else { without_sgr(&shown) };
                prop_assert!(!rest.chars().any(|c| c.is_control() && !"\r\n\t".contains(c)), "{shown:?}");
            }
        }
    }

    #[test]
    fn cleaned_input_makes_no_link_together_with_more(one in hostile(), two in hostile()) {
        let both = format!("{}{}", markup::clean_input(&one), markup::clean_input(&two));
        prop_assert!(!mxp(&both, Depth::Ansi16).contains("\x1b[4z"), "{both:?}");
    }

    #[test]
    fn only_our_tags_are_secure(source in hostile()) {
        for depth in DEPTHS {
            let shown = mxp(&source, depth);
            for after in mxp_modes(&shown) {
                let ours = ["<SEND HREF=\"", "<A HREF=\"", "</SEND>", "</A>"];
                prop_assert!(ours.iter().any(|tag| after.starts_with(tag)), "{source:?}: {shown:?}");
            }
        }
    }

    #[test]
    fn without_colour_there_are_no_sequences(source in hostile()) {
        let text = markup::strip(&source);
        let introduces = |char| char == '\x1b' || ('\u{80}'..='\u{9f}').contains(&char);
        prop_assert!(!text.contains(introduces), "{text:?}");
        prop_assert_eq!(markup::visible_width(&source), text.chars().count());
    }

    #[test]
    fn a_message_is_the_text_and_a_reset(source in hostile()) {
        const RESET: &str = "\x1b[0m";
        let mut message = String::new();
        markup::to_ansi_message(&source, Depth::Xterm256, &mut message);
        let text = ansi(&source, Depth::Xterm256);
        let body = message.strip_suffix(RESET).expect("a reset");
        let moved = body.strip_suffix('\n').map(|line| format!("{line}{RESET}\n"));
        prop_assert!(text == body || text == message || Some(text) == moved, "{message:?}");
    }
}
