//! Markup for browsers: Evennia's `parse_html`, safe to insert into a page. [`Render`](crate::Render)
//! calls [`to_html`].
//!
//! Safe by construction: characters of the text reach the output only through [`push_text`],
//! [`push_attribute`] and the URL finder, whose URLs hold no quote; everything else is written here.

mod style;
mod urls;

use std::borrow::Cow;
use std::fmt::Write as _;

use meadow_link::markup::{Effect, Link, SequenceKind, Sgr, Target, Token, Tokens};

use super::{links, sgr};
use style::Style;

/// Which attributes are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colors {
    Shown,
    Hidden,
}

/// Appends game text as HTML; with `nocolor`, links are the only tags but line ends.
///
/// Attributes are `<span class="…">` with Evennia's classes (`blink`, `underline`, `bgcolor-NNN`,
/// `color-NNN`) and, beyond Evennia, `italic` and `strike`; 24-bit colours are a `style`. Tabs are four
/// spaces, line ends `<br>`. Other controls and control sequences are left out.
///
/// A command link is Evennia's own `<a id="mxplink" … onclick="Evennia.msg(…)">`, so its browser client
/// works unchanged; but the command in it is a JSON string, which nothing in it can end. A client with
/// a content security policy reads the string and leaves the handler alone.
pub fn to_html(source: &str, nocolor: bool, out: &mut String) {
    let colors = if nocolor { Colors::Hidden } else { Colors::Shown };
    let mut html =
        Html { out, run: String::new(), style: Style::default(), colors, span: Span::Same, open: false };
    html.tokens(Tokens::new(source), Urls::Linked);
    html.close_span();
}

struct Html<'o> {
    out: &'o mut String,
    /// Text since the last tag, not yet escaped: a backspace may take it back, a URL may span tokens.
    run: String,
    style: Style,
    colors: Colors,
    span: Span,
    /// Whether a `<span>` is open.
    open: bool,
}

/// What the next text needs. Evennia begins a span wherever a code was, even one that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    Same,
    New,
}

/// Whether URLs in text become links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Urls {
    Linked,
    /// Inside a link.
    Plain,
}

impl Html<'_> {
    fn tokens(&mut self, tokens: Tokens<'_>, urls: Urls) {
        for token in tokens {
            match token {
                Token::Text(text) => self.text(text),
                Token::Sgr(sgr) => self.code(sgr, urls),
                Token::Sequence(sequence) => {
                    if let SequenceKind::Sgr(params) = sequence.kind {
                        self.raw_sgr(params, urls);
                    }
                }
                Token::Link(link) => {
                    self.flush(urls);
                    self.link(link);
                }
            }
        }
        self.flush(urls);
    }

    fn text(&mut self, text: &str) {
        if !text.contains(is_dropped) {
            return self.run.push_str(text);
        }
        for char in text.chars() {
            match char {
                // A backspace takes back what was written, but no line end.
                '\u{8}' if !self.run.ends_with('\n') => drop(self.run.pop()),
                dropped if is_dropped(dropped) => {}
                shown => self.run.push(shown),
            }
        }
    }

    fn code(&mut self, sgr: Sgr, urls: Urls) {
        if self.colors == Colors::Hidden {
            return;
        }
        self.flush(urls);
        if sgr == Sgr::Reset {
            // Evennia's span after a reset, if there was none to close.
            self.span = if self.open { Span::Same } else { Span::New };
            self.close_span();
            self.style = Style::default();
        } else {
            self.style.apply(sgr);
            self.span = Span::New;
        }
    }

    fn raw_sgr(&mut self, params: &str, urls: Urls) {
        match params {
            // Evennia knows two combined codes by heart; this one only blinks.
            "1;5" => self.code(Sgr::On(Effect::Blink), urls),
            // It does not know the short form of `0`, which shows nothing of itself.
            "" if !self.open && self.style == Style::default() => {}
            _ => sgr::parse(params, |sgr| self.code(sgr, urls)),
        }
    }

    fn flush(&mut self, urls: Urls) {
        if self.run.is_empty() {
            return;
        }
        self.open_span();
        let run = std::mem::take(&mut self.run);
        match urls {
            Urls::Linked => urls::push_linked(&run, self.out),
            Urls::Plain => push_text(&run, self.out),
        }
        self.run = run;
        self.run.clear();
    }

    fn open_span(&mut self) {
        if self.span == Span::New {
            self.close_span();
            self.style.open_tag(self.out);
            self.open = true;
            self.span = Span::Same;
        }
    }

    fn close_span(&mut self) {
        if std::mem::take(&mut self.open) {
            self.out.push_str("</span>");
        }
    }

    fn link(&mut self, link: Link<'_>) {
        let label = Tokens::inside_link(link.label);
        if !links::is_allowed(&link) {
            return self.tokens(label, Urls::Plain);
        }
        let is_code = |token| matches!(token, Token::Sgr(_) | Token::Sequence(_));
        let styled = self.colors == Colors::Shown && label.clone().any(is_code);
        if styled {
            // Its spans must end before the link does, so none may begin before it.
            self.pause_span();
        } else {
            self.open_span();
        }
        open_link(link, self.out);
        self.tokens(label, Urls::Plain);
        if styled {
            self.pause_span();
        }
        self.out.push_str("</a>");
    }

    /// Closes the span, to be opened again by the next text.
    fn pause_span(&mut self) {
        if self.open {
            self.close_span();
            self.span = Span::New;
        }
    }
}

fn open_link(link: Link<'_>, out: &mut String) {
    let target = link.target_text();
    match link.kind {
        Target::Command => {
            out.push_str("<a id=\"mxplink\" href=\"#\" onclick=\"Evennia.msg(&quot;text&quot;,[&quot;");
            push_attribute(&json_string(&target), out);
            out.push_str("&quot;],{});return false;\">");
        }
        Target::Address => {
            out.push_str("<a id=\"mxplink\" href=\"");
            // Evennia writes a backslash before a quote here as well. An address has neither.
            push_attribute(&target.replace('"', "\\\""), out);
            out.push_str("\" target=\"_blank\">");
        }
    }
}

/// The inside of a JSON string, which is one of JavaScript too. Line ends and tabs are left to
/// [`push_text`].
fn json_string(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '"', '\u{2028}', '\u{2029}']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        match char {
            '\\' | '"' => out.extend(['\\', char]),
            // Line ends of older JavaScript.
            '\u{2028}' | '\u{2029}' => drop(write!(out, "\\u{:x}", u32::from(char))),
            other => out.push(other),
        }
    }
    Cow::Owned(out)
}

/// Appends text of an attribute in double quotes. As in text, line ends are `<br>`: Evennia converts
/// them before it makes links, and `<` means nothing in an attribute.
fn push_attribute(text: &str, out: &mut String) {
    for (at, part) in text.split('"').enumerate() {
        if at > 0 {
            out.push_str("&quot;");
        }
        push_text(part, out);
    }
}

/// Appends text between tags.
fn push_text(mut text: &str, out: &mut String) {
    while let Some(at) =
        text.find(|char| matches!(char, '<' | '>' | '&' | '\t' | '\r' | '\n') || is_dropped(char))
    {
        out.push_str(&text[..at]);
        let length = match &text.as_bytes()[at..] {
            [b'<', ..] => push(out, "&lt;", 1),
            [b'>', ..] => push(out, "&gt;", 1),
            [b'&', ..] => push(out, "&amp;", 1),
            [b'\t', ..] => push(out, "    ", 1),
            [b'\r', b'\n', ..] => push(out, "<br>", 2),
            [b'\r' | b'\n', ..] => push(out, "<br>", 1),
            _ => text[at..].chars().next().map_or(1, char::len_utf8),
        };
        text = &text[at + length..];
    }
    out.push_str(text);
}

fn push(out: &mut String, entity: &str, instead_of: usize) -> usize {
    out.push_str(entity);
    instead_of
}

fn is_dropped(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        let mut out = String::new();
        to_html(source, false, &mut out);
        assert_eq!(out, expected, "{source:?}");
    }

    const LOOK: &str = "<a id=\"mxplink\" href=\"#\" \
        onclick=\"Evennia.msg(&quot;text&quot;,[&quot;look&quot;],{});return false;\">";

    #[test]
    fn effects_begin_and_end() {
        check("|iit|I x", "<span class=\"italic\">it</span><span class=\"\"> x</span>");
        check("|sst|S x|n", "<span class=\"strike\">st</span><span class=\"\"> x</span>");
        check("|ux|Uy", "<span class=\"underline\">x</span><span class=\"\">y</span>");
    }

    #[test]
    fn inverse_swaps_24_bit_colours() {
        let red = "<span class=\"bgcolor-007 color-000\" style=\"background-color: #ff0000;\">x</span>";
        check("|#f00|*x|n", red);
        check(
            "|*|#f00|[#0f0x",
            "<span class=\"bgcolor-007 color-000\" style=\"color: #00ff00;background-color: #ff0000;\">x</span>",
        );
    }

    #[test]
    fn spans_and_links_nest() {
        check("|r|lclook|ltlook|le|n", &format!("<span class=\"color-009\">{LOOK}look</a></span>"));
        check("|lclook|lt|rl|n|le", &format!("{LOOK}<span class=\"color-009\">l</span></a>"));
        check(
            "|ra|lclook|ltb|gc|led",
            &format!(
                "<span class=\"color-009\">a</span>{LOOK}<span class=\"color-009\">b</span>\
                 <span class=\"color-010\">c</span></a><span class=\"color-010\">d</span>"
            ),
        );
    }

    #[test]
    fn nothing_ends_the_string_of_a_command() {
        check(
            "|lc\\\");alert(1)//\u{2028}|ltx|le",
            "<a id=\"mxplink\" href=\"#\" onclick=\"Evennia.msg(&quot;text&quot;,\
             [&quot;\\\\\\&quot;);alert(1)//\\u2028&quot;],{});return false;\">x</a>",
        );
    }

    #[test]
    fn a_link_to_a_script_is_only_its_label() {
        check("|lujavascript:alert(1)|ltl|le", "l");
        check("|luJaVa\nScRiPt:x|lt|rl|le", "<span class=\"color-009\">l</span>");
    }

    #[test]
    fn backspace_takes_back_text_but_no_line_end() {
        check("a\u{8}", "");
        check("a\n\u{8}b", "a<br>b");
        check("é||\u{8}\u{8}x", "x");
    }
}
