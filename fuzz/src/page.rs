//! Reads pages as a browser would that knows only our tags. `markup` and `websocket` ask.

/// Attributes that our tags have.
const ATTRIBUTES: [&str; 6] = ["class", "style", "id", "href", "target", "onclick"];

/// Panics if a piece of HTML holds anything but our tags, well nested, and text.
pub(crate) fn check(html: &str) {
    assert!(!html.chars().any(char::is_control), "{html:?}");
    let (mut open, mut rest) = (Vec::new(), html);
    while let Some((text, tag)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{html:?}");
        rest = if let Some(rest) = tag.strip_prefix("br>") {
            rest
        } else if let Some(rest) = tag.strip_prefix("/span>") {
            assert_eq!(open.pop(), Some("span"), "{html:?}");
            rest
        } else if let Some(rest) = tag.strip_prefix("/a>") {
            assert_eq!(open.pop(), Some("a"), "{html:?}");
            rest
        } else if let Some(rest) = tag.strip_prefix("span ") {
            open.push("span");
            after_attributes(rest, html)
        } else if let Some(rest) = tag.strip_prefix("a ") {
            assert!(!open.contains(&"a"), "{html:?}");
            open.push("a");
            after_attributes(rest, html)
        } else {
            panic!("not our tag: {html:?}")
        };
    }
    assert!(open.is_empty() && !rest.contains('>'), "{html:?}");
}

fn after_attributes<'h>(mut rest: &'h str, html: &str) -> &'h str {
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(rest) = rest.strip_prefix('>') {
            return rest;
        }
        let (name, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("no attribute: {html:?}"));
        assert!(ATTRIBUTES.contains(&name), "{name:?} in {html:?}");
        let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("no end: {html:?}"));
        if name == "href" {
            is_harmless(value);
        }
        rest = after;
    }
}

/// Addresses open something, or have no scheme and stay where the page is.
fn is_harmless(address: &str) {
    let before_path = address.split(['/', '?', '#']).next().unwrap_or_default();
    let is_scheme = |text: &str| text.chars().all(|ch| ch.is_ascii_alphanumeric() || "+-.".contains(ch));
    if let Some((scheme, _)) = before_path.split_once(':').filter(|(scheme, _)| is_scheme(scheme.trim())) {
        let known = ["http", "https", "ftp", "mailto", "telnet"];
        assert!(known.iter().any(|known| scheme.trim().eq_ignore_ascii_case(known)), "{address:?}");
    }
}
