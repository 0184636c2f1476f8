//! What a player typed, made harmless: once is as good as twice, no control is left, and nothing becomes a
//! link, not even together with what another player typed. A line end divides the two.

use meadow_protocol::{Depth, markup};

/// The target.
pub fn run(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let cleaned = markup::clean_input(text);
    assert_eq!(markup::clean_input(&cleaned), cleaned);
    let harmful = |ch: char| {
        (ch.is_control() && ch != '\t') || matches!(ch, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!cleaned.contains(harmful), "{cleaned:?}");

    let (one, two) = text.split_once('\n').unwrap_or((text, text));
    let (one, two) = (markup::clean_input(one), markup::clean_input(two));
    for source in [format!("{one}{two}"), format!("{one} says, \"{two}\"|n"), format!("|c{two}|n{one}")] {
        let mut shown = String::new();
        markup::to_mxp_message(&source, Depth::Truecolor, &mut shown);
        assert!(!shown.contains("\x1b[4z"), "{source:?}");
        shown.clear();
        markup::to_html(&source, false, &mut shown);
        assert!(!shown.contains("<a id="), "{source:?}");
        crate::page::check(&shown);
    }
    markup::clean_input(&markup::escape(&cleaned));
}
