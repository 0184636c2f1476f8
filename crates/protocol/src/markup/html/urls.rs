//! URLs in plain text, made clickable. Evennia's `convert_urls`, for all of a text's URLs. Called by
//! [`super`] with each run of text between tags.

use super::push_text;

/// Appends text in which `http://…`, `https://…`, `ftp://…`, `www.…` and `ftp.…` are links.
pub(super) fn push_linked(text: &str, out: &mut String) {
    let (mut written, mut from) = (0, 0);
    while let Some(start) = find_start(text, from) {
        let url = url_at(&text[start..]);
        let Some(scheme) = scheme_to_add(url) else {
            from = start + 1;
            continue;
        };
        push_text(&text[written..start], out);
        out.push_str("<a href=\"");
        out.push_str(scheme);
        push_text(url, out);
        out.push_str("\" target=\"_blank\">");
        push_text(url, out);
        out.push_str("</a>");
        written = start + url.len();
        from = written;
    }
    push_text(&text[written..], out);
}

/// The next place that looks like a URL: at the beginning of a word, and not the value of an attribute
/// that somebody wrote out.
fn find_start(text: &str, mut from: usize) -> Option<usize> {
    loop {
        from += text.as_bytes().get(from..)?.iter().position(|byte| matches!(byte, b'h' | b'w' | b'f'))?;
        let (before, rest) = text.split_at(from);
        let begins = ["http:", "https:", "ftp:", "www.", "ftp."].iter().any(|start| rest.starts_with(start));
        if begins && !before.ends_with(is_word) && !before.ends_with("=\"") {
            return Some(from);
        }
        from += 1;
    }
}

/// How far a URL goes: up to a space, a control, or a sign that is more likely part of the sentence.
fn url_at(text: &str) -> &str {
    let ends = |(at, char): &(usize, char)| match char {
        '"' | '\'' | ',' | ';' | '$' | '*' | '^' | '\\' | '(' | ')' | '{' | '}' | '<' | '>' | '[' | ']' => {
            true
        }
        '.' => text[at + 1..].chars().next().is_none_or(char::is_whitespace),
        other => other.is_whitespace() || other.is_control(),
    };
    text.char_indices().find(ends).map_or(text, |(at, _)| &text[..at])
}

/// What stands before a URL in its link, or nothing if it is none.
fn scheme_to_add(url: &str) -> Option<&'static str> {
    if ["http://", "https://", "ftp://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Some("");
    }
    let host = url.strip_prefix("www.").or_else(|| url.strip_prefix("ftp."))?;
    is_host(host).then_some("http://")
}

/// Longest host that is looked at.
const MAX_HOST: usize = 256;

/// At least two signs, a dot, and a top-level domain of two to six letters.
fn is_host(rest: &str) -> bool {
    let of_host = |byte: &u8| byte.is_ascii_alphanumeric() || b"-@:%._+~#=".contains(byte);
    let bytes = rest.as_bytes();
    let host = bytes.iter().take(MAX_HOST + 1).take_while(|byte| of_host(byte)).count();
    (2..host).filter(|at| bytes[*at] == b'.').any(|dot| {
        let domain = &rest[dot + 1..];
        let letters = domain.bytes().take_while(u8::is_ascii_lowercase).count();
        (2..=6).contains(&letters) && !domain[letters..].starts_with(is_word)
    })
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, urls: &[&str]) {
        let mut out = String::new();
        push_linked(text, &mut out);
        let found: Vec<_> = out
            .split("<a href=\"")
            .skip(1)
            .filter_map(|link| link.split_once('"'))
            .map(|(url, _)| url)
            .collect();
        assert_eq!(found, urls, "{text:?}");
    }

    #[test]
    fn every_url_is_found() {
        check("http://a.b and https://c.d.", &["http://a.b", "https://c.d"]);
        check("www.example.com/x?y=1&z=2", &["http://www.example.com/x?y=1&amp;z=2"]);
        check("ftp.example.org, ftp://a.b/c;d", &["http://ftp.example.org", "ftp://a.b/c"]);
        check("éhttp://a.b \"http://a.b\"", &["http://a.b"]);
    }

    #[test]
    fn what_only_looks_like_one_is_text() {
        for text in [
            "xhttp://a",
            "HTTP://A",
            "http",
            "http:x",
            "www.x.com",
            "www.",
            "www.exam.c",
            "href=\"http://a\"",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn a_host_may_be_so_long_and_no_longer() {
        check(
            &format!("www.{}.com", "x".repeat(MAX_HOST)),
            &[&format!("http://www.{}.com", "x".repeat(MAX_HOST))],
        );
        check(&format!("www.{}.com", "x".repeat(MAX_HOST + 1)), &[]);
    }
}
