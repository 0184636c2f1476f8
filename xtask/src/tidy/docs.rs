//! What the documents name must exist: a path of the project in code quotes, and the function behind `path::name`.
//! So a map of the house cannot show a room that is gone. `tidy::check` hands it each Markdown file.

use std::fs;
use std::path::Path;

use super::files::File;

/// How a path begins that is held to be one of the project's.
const ROOTS: &[&str] =
    &["crates/", "game/", "xtask/", "webclient/", "website/", "docs/", "examples/", ".ci/"];

pub(crate) fn check(root: &Path, file: &File, found: &mut Vec<String>) {
    for (index, line) in file.text.lines().enumerate() {
        for code in line.split('`').skip(1).step_by(2) {
            if let Some(problem) = problem(root, code) {
                found.push(format!("{}:{}: {problem}", file.path, index + 1));
            }
        }
    }
}

fn problem(root: &Path, code: &str) -> Option<String> {
    let is_path =
        ROOTS.iter().any(|root| code.starts_with(root)) && !code.contains([' ', '<', '*', '{', '$']);
    if !is_path {
        return None;
    }
    let (path, name) = match code.split_once("::") {
        Some((path, name)) => (path, Some(name)),
        None => (code, None),
    };
    if !root.join(path).exists() {
        return Some(format!("there is no `{path}`"));
    }
    let name = name?;
    let text = fs::read_to_string(root.join(path)).unwrap_or_default();
    let defined = ["fn", "struct", "enum", "trait", "const", "type"].iter().any(|kind| {
        let definition = format!("{kind} {name}");
        text.match_indices(&definition).any(|(at, _)| {
            !text[at + definition.len()..].starts_with(|c: char| c == '_' || c.is_alphanumeric())
        })
    });
    (!defined).then(|| format!("`{path}` defines no `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::problem;

    #[test]
    fn only_what_exists_is_named() {
        let root = crate::root();
        for good in
            ["xtask/src/main.rs", "xtask/src/main.rs::root", "xtask/", "data/meadow.db", "game/<name>.rs"]
        {
            assert_eq!(problem(&root, good), None, "{good}");
        }
        for bad in ["xtask/src/no.rs", "xtask/src/main.rs::roo", "xtask/src/main.rs::roots"] {
            assert!(problem(&root, bad).is_some(), "{bad}");
        }
    }
}
