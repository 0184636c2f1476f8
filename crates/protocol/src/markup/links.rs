//! Links: what a whole `|l…` is to the renderers, which addresses may be linked to, and the MXP tags
//! of links (MXP 1.0). Used by the ANSI and HTML renderers.

use super::token::{Token, Tokens};

/// A whole link of game text. Target and label are markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link<'a> {
    pub(super) kind: Target,
    /// The command to send or the address to open.
    pub(super) target: &'a str,
    /// What is shown.
    pub(super) label: &'a str,
}

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// `|lc`: sends a command.
    Command,
    /// `|lu`: opens a page.
    Address,
}

impl Target {
    /// By the letter of the code.
    pub(super) fn of(letter: u8) -> Option<Target> {
        match letter {
            b'c' => Some(Target::Command),
            b'u' => Some(Target::Address),
            _ => None,
        }
    }
}

/// Schemes that a link may have. An address without one is left to the client, which knows where it is.
const SCHEMES: [&str; 5] = ["http", "https", "mailto", "telnet", "ftp"];

impl<'a> Link<'a> {
    /// What is shown where there are no links: the label, or the address itself, as Evennia does.
    pub(super) fn without_link(&self) -> Tokens<'a> {
        Tokens::inside_link(match self.kind {
            Target::Command => self.label,
            Target::Address => self.target,
        })
    }

    /// The target as text: escapes undone, attributes and control sequences left out.
    pub(super) fn target_text(&self) -> String {
        let mut text = String::with_capacity(self.target.len());
        for token in Tokens::inside_link(self.target) {
            if let Token::Text(piece) = token {
                text.push_str(piece);
            }
        }
        text
    }

    /// Whether a client may be given it: any command, and addresses whose scheme does nothing but open
    /// something (`javascript:` runs a script).
    pub(super) fn is_allowed(&self) -> bool {
        match self.kind {
            Target::Command => true,
            Target::Address => is_address_allowed(&self.target_text()),
        }
    }

    /// The MXP tag that opens it. The mode is secure for this tag alone (`ESC[4z`).
    pub(super) fn open_mxp(&self, out: &mut String) {
        out.push_str(match self.kind {
            Target::Command => "\x1b[4z<SEND HREF=\"",
            Target::Address => "\x1b[4z<A HREF=\"",
        });
        for char in self.target_text().chars() {
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
    pub(super) fn close_mxp(&self, out: &mut String) {
        out.push_str(match self.kind {
            Target::Command => "\x1b[4z</SEND>",
            Target::Address => "\x1b[4z</A>",
        });
    }
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
