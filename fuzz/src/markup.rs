//! Markup of any kind in every rendering: only our tags on pages, only our tags secure in MXP, no control
//! sequence without colours.

use meadow_protocol::{Depth, markup};

const DEPTHS: [Depth; 4] = [Depth::None, Depth::Ansi16, Depth::Xterm256, Depth::Truecolor];

/// The target.
pub fn run(data: &[u8]) {
    let source = &*String::from_utf8_lossy(data);
    let mut out = String::new();
    for depth in DEPTHS {
        markup::to_ansi_message(source, depth, &mut out);
        if depth == Depth::None {
            has_no_sequences(&out);
        }
        out.clear();
        markup::to_mxp_message(source, depth, &mut out);
        only_our_tags_are_secure(&out);
        out.clear();
    }
    for nocolor in [false, true] {
        markup::to_html(source, nocolor, &mut out);
        crate::page::check(&out);
        out.clear();
    }
    markup::to_screenreader(source, &mut out);
    has_no_sequences(&out);
    let stripped = markup::strip(source);
    has_no_sequences(&stripped);
    assert_eq!(markup::visible_width(source), stripped.chars().count());
    escaped_is_shown(source);
}

fn has_no_sequences(text: &str) {
    assert!(!text.contains(|ch| ch == '\x1b' || ('\u{80}'..='\u{9f}').contains(&ch)), "{text:?}");
}

/// A mode is a sequence that ends with `z`; a terminal obeys control characters within it, and goes on.
fn only_our_tags_are_secure(shown: &str) {
    let seven = shown.match_indices("\x1b[").map(|(at, found)| at + found.len());
    let eight = shown.match_indices('\u{9b}').map(|(at, found)| at + found.len());
    for at in seven.chain(eight) {
        let parameters = |ch: char| (' '..='?').contains(&ch) || (ch < ' ' && ch != '\x1b');
        if let Some(after) = shown[at..].trim_start_matches(parameters).strip_prefix('z') {
            let ours = ["<SEND HREF=\"", "<A HREF=\"", "</SEND>", "</A>"];
            assert!(ours.iter().any(|tag| after.starts_with(tag)), "{shown:?}");
        }
    }
}

/// Escaped text is shown as it is, on every client.
fn escaped_is_shown(source: &str) {
    let text: String = source.chars().filter(|ch| !ch.is_control()).collect();
    let (source, mut out) = (markup::escape(&text), String::new());
    for depth in DEPTHS {
        markup::to_ansi(&source, depth, &mut out);
        assert_eq!(out, text);
        out.clear();
        markup::to_mxp(&source, depth, &mut out);
        assert_eq!(out, text);
        out.clear();
    }
}
