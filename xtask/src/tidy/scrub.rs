//! Rust source with its comments and literals blanked, so that braces and words can be looked for without parsing.
//! The rules in `rust` hand it whole files.

/// The same text, byte for byte as long, where comments and the insides of strings and characters are spaces.
/// Line ends stay, so positions and line numbers do too.
pub(crate) fn scrub(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut clean = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => line_end(bytes, at),
            b'/' if bytes[at..].starts_with(b"/*") => comment_end(bytes, at),
            b'"' => string_end(bytes, at),
            b'r' if starts_word(bytes, at) => raw_string_end(bytes, at),
            b'\'' => char_end(source, at),
            _ => at,
        };
        for byte in clean.iter_mut().take(end).skip(at) {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(clean).expect("whole characters were replaced")
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |length| at + length)
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut end, mut depth) = (at, 0);
    while end < bytes.len() {
        if bytes[end..].starts_with(b"/*") {
            depth += 1;
            end += 2;
        } else if bytes[end..].starts_with(b"*/") {
            depth -= 1;
            end += 2;
            if depth == 0 {
                return end;
            }
        } else {
            end += 1;
        }
    }
    end
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            b'"' => return end + 1,
            _ => end += 1,
        }
    }
    bytes.len()
}

/// Whether a literal's prefix (`r`, `br`, `cr`) may start here, that is: not in the middle of a name.
fn starts_word(bytes: &[u8], at: usize) -> bool {
    let is_name = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    let before = |back: usize| at.checked_sub(back).map_or(b' ', |index| bytes[index]);
    !is_name(before(1)) || (matches!(before(1), b'b' | b'c') && !is_name(before(2)))
}

/// `at` itself where no raw string starts (`r#type`, a name that begins with r).
fn raw_string_end(bytes: &[u8], at: usize) -> usize {
    let hashes = bytes[at + 1..].iter().take_while(|&&byte| byte == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return at;
    }
    let mut close = vec![b'"'];
    close.resize(hashes + 1, b'#');
    let length = bytes[open + 1..].windows(close.len()).position(|window| window == close);
    length.map_or(bytes.len(), |length| open + 1 + length + close.len())
}

/// `at` itself where the quote begins a lifetime.
fn char_end(source: &str, at: usize) -> usize {
    let rest = &source[at + 1..];
    let mut chars = rest.char_indices();
    match chars.next() {
        Some((_, '\\')) => match rest.get(2..).and_then(|rest| rest.find('\'')) {
            Some(length) => at + 1 + 2 + length + 1,
            None => source.len(),
        },
        Some((_, _)) => match chars.next() {
            Some((length, '\'')) => at + 1 + length + 1,
            _ => at,
        },
        None => at,
    }
}

#[cfg(test)]
mod tests {
    use super::scrub;

    #[test]
    fn literals_and_comments_are_blank_and_code_stays() {
        let cases = [
            ("a { // }\n}", "a{}"),
            ("/* { /* { */ } */ x", "x"),
            (r#"f("}\"}", '{', b'\'', '\u{7d}')"#, "f(,,b,)"),
            ("br##\"}\"# }\"## {", "b{"),
            ("fn f<'a>(x: &'a str) {}", "fnf<'a>(x:&'astr){}"),
            ("r#type { '}' }", "r#type{}"),
        ];
        for (source, code) in cases {
            let clean = scrub(source);
            assert_eq!(clean.len(), source.len(), "{source}");
            assert_eq!(clean.split_whitespace().collect::<String>(), code, "{source}");
        }
    }

    #[test]
    fn what_never_ends_is_blank_to_the_end() {
        for source in ["\"abc", "/* abc", "r#\"abc\"", "'\\", "\"\\"] {
            assert_eq!(scrub(source).trim(), "", "{source}");
        }
    }
}
