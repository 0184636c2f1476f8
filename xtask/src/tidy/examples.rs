//! What a game is given has an example where it is defined. `tidy::check` hands it all files; which names a game is given
//! is read from what the crates `meadow` and `world` re-export.

use std::collections::HashSet;

use super::files::File;
use super::scrub::scrub;

/// The tables of contents of what games are written with.
const CONTENTS: &[&str] = &[
    "crates/meadow/src/lib.rs",
    "crates/world/src/lib.rs",
    "crates/world/src/default/mod.rs",
    "crates/world/src/locks/mod.rs",
    "crates/world/src/text.rs",
];

/// Where what they list is defined.
const CRATES: &[&str] = &[
    "crates/link/src/",
    "crates/meadow/src/",
    "crates/portal/src/",
    "crates/protocol/src/",
    "crates/server/src/",
    "crates/world/src/",
];

/// What Server and launcher hand to the world and take from it, and what stands beside something that has an example:
/// no game writes these.
const OTHERS: &[&str] = &[
    // The Server's.
    "AccountRow",
    "Batch",
    "Broken",
    "BrokenRow",
    "Checked",
    "Finding",
    "Fix",
    "ObjectRow",
    "PanicReport",
    "PanicReports",
    "RecordRow",
    "Snapshot",
    "StandbyWorld",
    "Step",
    "Store",
    "StoreError",
    // Shown with `Job`, `Render`, `ServerServices`, `PortalContext` and `Game`.
    "JobResult",
    "Lost",
    "OpenSession",
    "PortalSetup",
    "Refusal",
    "Rendering",
    "Secret",
    "ServerSetup",
    "WorldHandle",
    // Shown with `ApiMeta`, `ApiParam` and `WorldBuilder::api`; records of the API's own.
    "ApiAccess",
    "ApiAudit",
    "ApiEffect",
    "ApiFunc",
    "ApiKind",
    "WebLogin",
    // Modules and crates.
    "launch",
    "oob",
    "serde_json",
    "tokio",
];

pub(crate) fn check(files: &[File], found: &mut Vec<String>) {
    let ours = files.iter().filter(|file| CRATES.iter().any(|folder| file.path.starts_with(folder)));
    let shown: HashSet<&str> = ours.flat_map(shown).collect();
    for contents in files.iter().filter(|file| CONTENTS.contains(&&*file.path)) {
        for (line, name) in listed(&contents.text) {
            if !needs_none(&name) && !shown.contains(&*name) {
                let wish = "an example in its doc comment, or a place in xtask/src/tidy/examples.rs";
                found.push(format!("{}:{line}: `{name}` needs {wish}", contents.path));
            }
        }
    }
}

/// Limits and numbers of things speak for themselves.
fn needs_none(name: &str) -> bool {
    let is_limit = name.chars().all(|c| c == '_' || c.is_ascii_uppercase());
    is_limit || name.ends_with("Id") || OTHERS.contains(&name)
}

/// What a file re-exports, by the numbers of the lines.
fn listed(text: &str) -> Vec<(usize, String)> {
    let code = scrub(text);
    let mut names = Vec::new();
    for (at, _) in code.match_indices("pub use ") {
        let from = at + "pub use ".len();
        let to = code[from..].find(';').map_or(code.len(), |length| from + length);
        let mut start = None;
        for (index, c) in code[from..=to.min(code.len() - 1)].char_indices() {
            if c == '_' || c.is_alphanumeric() {
                start.get_or_insert(from + index);
                continue;
            }
            let Some(begun) = start.take() else { continue };
            let name = &code[begun..from + index];
            // What stands before `::` is on the way to it.
            if c != ':' && name != "self" {
                names.push((code[..begun].matches('\n').count() + 1, name.to_owned()));
            }
        }
    }
    names
}

/// What a file defines with an example.
fn shown(file: &File) -> Vec<&str> {
    let mut shown = Vec::new();
    let mut has_example = false;
    for line in file.text.lines() {
        if let Some(name) = defined(line).filter(|_| has_example) {
            shown.push(name);
        }
        // An attribute may stand between the two, in several lines.
        let is_doc = line.trim_start().starts_with("///");
        has_example = if is_doc {
            has_example || line.trim_start().starts_with("/// ```")
        } else {
            has_example && !line.is_empty() && !line.ends_with(['}', ';', '{'])
        };
    }
    shown
}

/// What a line begins to define, if that is a type or a function that is no method.
fn defined(line: &str) -> Option<&str> {
    let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub type "];
    let code = line.trim_start();
    let rest = kinds.iter().find_map(|kind| code.strip_prefix(kind)).or_else(|| line.strip_prefix("pub fn "));
    rest?.split(|c: char| c != '_' && !c.is_alphanumeric()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn re_exports_are_read() {
        let text = "mod a;\npub use a::{One, b::{self, Two}, three,\n    FOUR};\n// pub use no::No;\npub use all::*;\n";
        let names = [(2, "One"), (2, "Two"), (2, "three"), (3, "FOUR")];
        assert_eq!(listed(text), names.map(|(line, name)| (line, name.to_owned())));
    }

    #[test]
    fn what_a_game_is_given_has_an_example() {
        let contents =
            file("crates/world/src/lib.rs", "mod rose;\npub use rose::{ROSES, Rose, RoseId, smell};\n");
        let with =
            "/// A rose.\n///\n/// ```\n/// let rose = Rose;\n/// ```\n#[derive(Debug)]\npub struct Rose;\n";
        let without = "/// Smells.\npub fn smell() {}\n\nimpl Rose {\n    /// ```\n    /// ```\n    pub fn smell() {}\n}\n";
        let complaints = |rose: &str| {
            let mut found = Vec::new();
            let files = [file(&contents.path, &contents.text), file("crates/world/src/rose.rs", rose)];
            check(&files, &mut found);
            found.iter().map(|told| told.split('`').nth(1).unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(complaints(&format!("{with}\n{without}")), ["smell"]);
        assert_eq!(complaints("/// A rose.\npub struct Rose;\n"), ["Rose", "smell"]);
        let with_both = format!("{with}\n/// ```\n/// smell();\n/// ```\npub fn smell() {{}}\n");
        assert!(complaints(&with_both).is_empty());
    }
}
