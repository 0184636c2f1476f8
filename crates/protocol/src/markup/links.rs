//! Which links clients are given, and the MXP tags of links (MXP 1.0). Used by the ANSI and HTML renderers.

use meadow_link::markup::{Link, Target};

/// Schemes that a link may have. An address without one is left to the client, which knows where it is.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "telnet", "ftp"];

/// Whether a client may be given it: any command, and addresses whose scheme does nothing but open
/// something (`javascript:` runs a script).
pub(super) fn is_allowed(link: &Link<'_>) -> bool {
    match link.kind {
        Target::Command => true,
        Target::Address => is_address_allowed(&link.target_text()),
    }
}

/// The MXP tag that opens it. The mode is secure for this tag alone (`ESC[4z`).
pub(super) fn open_mxp(link: &Link<'_>, out: &mut String) {
    out.push_str(match link.kind {
        Target::Command => "\x1b[4z<SEND HREF=\"",
        Target::Address => "\x1b[4z<A HREF=\"",
    });
    for char in link.target_text().chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // In a SEND it separates the entries of a menu.
            '|' => out.push_str("&#124;"),
            '\t' => out.push(' '),
            control if control.is_control() => {}
            other => out.push(other),
        }
    }
    out.push_str("\">");
}

/// The MXP tag that closes it.
pub(super) fn close_mxp(link: &Link<'_>, out: &mut String) {
    out.push_str(match link.kind {
        Target::Command => "\x1b[4z</SEND>",
        Target::Address => "\x1b[4z</A>",
    });
}

/// Browsers drop controls from an address and spaces around it before they look for its scheme (WHATWG
/// URL, "basic URL parser"), so `java\nscript:` is found here as well.
fn is_address_allowed(address: &str) -> bool {
    let address: String = address.chars().filter(|char| !char.is_control()).collect();
    let address = address.trim();
    match address.split_once([':', '/', '?', '#']) {
        Some((scheme, _)) if address[scheme.len()..].starts_with(':') => {
            SCHEMES.iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_schemes_that_open_something_are_allowed() {
        for address in
            ["http://a", "HTTPS://a", "mailto:a@b", "telnet://a:23", "ftp://a", "/help", "help?a:b", ""]
        {
            assert!(is_address_allowed(address), "{address}");
        }
        for address in [
            "javascript:x",
            " JaVaScRiPt:x",
            "java\nscript:x",
            "\u{1}data:x",
            "vbscript:x",
            "file:///etc",
            ":x",
        ] {
            assert!(!is_address_allowed(address), "{address}");
        }
    }
}
