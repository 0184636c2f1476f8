//! `cargo xtask tidy`: the rules of the house that neither the compiler nor a lint knows. They run as a test too,
//! so that `cargo test --workspace` is the whole gate.

mod book;
mod docs;
mod examples;
mod files;
mod manifests;
mod rust;
mod scrub;
mod words;

use std::path::Path;

use anyhow::Result;

/// Manifests that are no member's: the workspace's own, and those of workspaces beside it.
const OUTSIDE: &[&str] = &["Cargo.toml", "fuzz/Cargo.toml", "crates/meadow/templates/new/Cargo.toml"];

/// Every broken rule of the workspace at `root`, one sentence each, beginning with the file and line.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let files = files::all(root)?;
    let mut found = Vec::new();
    for file in &files {
        words::check(file, &mut found);
        if file.is("rs") {
            rust::check(file, &mut found);
        }
        if file.is("md") {
            docs::check(root, file, &mut found);
        }
        if file.path.ends_with("Cargo.toml") && !OUTSIDE.contains(&&*file.path) {
            manifests::check(file, &mut found);
        }
    }
    book::check(root, &files, &mut found);
    examples::check(&files, &mut found);
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let found = super::check(&crate::root()).unwrap();
        assert!(found.is_empty(), "\n{}\n", found.join("\n"));
    }
}
