//! What every Rust file of the project keeps to: how it opens, how long it and its functions are, which attributes
//! need a reason, and what the crates without input and output must not call. `tidy::check` hands it each file.

use super::files::File;
use super::scrub::scrub;

/// Most lines of a file. Past that, look for the second thing it does.
const FILE_LINES: usize = 500;
/// Most lines of a file that holds only tests: stories are long and still one thing.
const TEST_FILE_LINES: usize = 700;
/// Most lines of a function, from `fn` to its closing brace.
const FUNCTION_LINES: usize = 70;

/// The crates that do no input or output, read no clock and await nothing.
const PURE: &[&str] = &["crates/link/src/", "crates/protocol/src/", "crates/world/src/"];
/// What a pure crate must not say.
const IMPURE: &[&str] = &[
    "async fn",
    ".await",
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "Instant::now",
    "SystemTime::now",
];
pub(crate) fn check(file: &File, found: &mut Vec<String>) {
    let code = scrub(&file.text);
    opening(file, found);
    length(file, found);
    functions(file, &code, found);
    reasons(file, &code, found);
    purity(file, &code, found);
}

fn opening(file: &File, found: &mut Vec<String>) {
    if !file.text.starts_with("//!") {
        found.push(format!("{}:1: opens without `//!` (what it is, and who hands it work)", file.path));
    }
}

fn length(file: &File, found: &mut Vec<String>) {
    let lines = file.text.lines().count();
    let limit = if file.is_test() { TEST_FILE_LINES } else { FILE_LINES };
    if lines > limit {
        found.push(format!("{}:{lines}: {lines} lines; the limit is {limit}", file.path));
    }
}

fn functions(file: &File, code: &str, found: &mut Vec<String>) {
    for (at, _) in code.match_indices("fn ") {
        let in_word = code[..at].ends_with(|c: char| c == '_' || c.is_alphanumeric());
        let rest = &code[at + 3..];
        if in_word || !rest.trim_start().starts_with(|c: char| c == '_' || c.is_alphabetic()) {
            continue;
        }
        let Some(length) = body_end(rest) else { continue };
        let lines = rest[..length].matches('\n').count() + 1;
        if lines > FUNCTION_LINES {
            let name: String =
                rest.trim_start().chars().take_while(|c| *c == '_' || c.is_alphanumeric()).collect();
            found.push(format!(
                "{}:{}: `{name}` has {lines} lines; the limit is {FUNCTION_LINES}",
                file.path,
                line_of(code, at)
            ));
        }
    }
}

/// Where the body of the function ends whose name `rest` begins with; None where it has no body.
fn body_end(rest: &str) -> Option<usize> {
    let (mut braces, mut others) = (0_i32, 0_i32);
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'(' | b'[' => others += 1,
            b')' | b']' => others -= 1,
            b';' if braces == 0 && others == 0 => return None,
            b'{' => braces += 1,
            b'}' => {
                braces -= 1;
                if braces == 0 && others == 0 {
                    return Some(at);
                }
                if braces < 0 {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

fn reasons(file: &File, code: &str, found: &mut Vec<String>) {
    for start in ["#[", "#!["] {
        for (at, _) in code.match_indices(start) {
            let rest = &code[at + start.len()..];
            let mut depth = 1;
            let end = rest.find(|c: char| {
                depth += i32::from(c == '[') - i32::from(c == ']');
                depth == 0
            });
            let attribute = &rest[..end.unwrap_or(rest.len())];
            let silences = attribute.contains("allow(") || attribute.contains("expect(");
            if silences && !attribute.contains("reason") {
                found.push(format!(
                    "{}:{}: silences a lint without `reason = \"..\"`",
                    file.path,
                    line_of(code, at)
                ));
            }
        }
    }
}

fn purity(file: &File, code: &str, found: &mut Vec<String>) {
    if !PURE.iter().any(|prefix| file.path.starts_with(prefix)) || file.is_test() {
        return;
    }
    let code = &code[..code.find("#[cfg(test)]").unwrap_or(code.len())];
    for word in IMPURE {
        if let Some(at) = code.find(word) {
            let line = line_of(code, at);
            found.push(format!(
                "{}:{line}: `{word}` in a crate that does no input or output and reads no clock",
                file.path
            ));
        }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        check(&File { path: path.to_owned(), text: text.to_owned() }, &mut found);
        found
    }

    #[test]
    fn the_first_line_says_what_the_file_is() {
        assert!(complaints("a.rs", "//! A file.\n").is_empty());
        assert_eq!(complaints("a.rs", "// A file.\n").len(), 1);
    }

    #[test]
    fn files_and_functions_have_a_limit() {
        let function = |lines: usize| format!("//! F.\nfn f(a: [u8; 2]) {{{}}}\n", "\n".repeat(lines - 1));
        assert!(complaints("a.rs", &function(FUNCTION_LINES)).is_empty());
        assert_eq!(complaints("a.rs", &function(FUNCTION_LINES + 1)).len(), 1);
        let file = |lines: usize| format!("//! F.\n{}", "const A: u8 = 1;\n".repeat(lines - 1));
        assert!(complaints("a.rs", &file(FILE_LINES)).is_empty());
        assert_eq!(complaints("a.rs", &file(FILE_LINES + 1)).len(), 1);
        assert!(complaints("a/tests/a.rs", &file(TEST_FILE_LINES)).is_empty());
        assert_eq!(complaints("a/tests/a.rs", &file(TEST_FILE_LINES + 1)).len(), 1);
    }

    #[test]
    fn a_method_without_body_does_not_borrow_the_next_ones() {
        let methods = format!("//! F.\ntrait T {{\n  fn a(&self);\n{}  fn b() {{}}\n}}\n", "\n".repeat(100));
        assert!(complaints("a.rs", &methods).is_empty());
    }

    #[test]
    fn silenced_lints_need_a_reason() {
        assert_eq!(complaints("a.rs", "//! F.\n#[allow(dead_code)]\nconst A: u8 = 1;\n").len(), 1);
        assert_eq!(complaints("a.rs", "//! F.\n#![expect(dead_code)]\n").len(), 1);
        assert!(complaints("a.rs", "//! F.\n#[expect(dead_code, reason = \"soon\")]\n").is_empty());
    }

    #[test]
    fn the_pure_crates_stay_pure() {
        let clock = "//! F.\nfn f() { std::time::Instant::now(); }\n";
        assert_eq!(complaints("crates/world/src/a.rs", clock).len(), 1);
        assert!(complaints("crates/portal/src/a.rs", clock).is_empty());
        assert!(
            complaints("crates/world/src/a.rs", &clock.replace("Instant::now()", "Duration::ZERO"))
                .is_empty()
        );
    }
}
