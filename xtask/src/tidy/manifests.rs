//! The import walls, read from the crates' own manifests. `tidy::check` hands it each `Cargo.toml` but the root's.

use super::files::File;

/// Every package, and the packages of the workspace that it may know.
const WALLS: &[(&str, &[&str])] = &[
    ("meadow-link", &[]),
    ("meadow-protocol", &["meadow-link"]),
    ("meadow-portal", &["meadow-link", "meadow-protocol"]),
    ("meadow-world", &["meadow-link"]),
    ("meadow-server", &["meadow-link", "meadow-world"]),
    ("meadow", &["meadow-link", "meadow-protocol", "meadow-portal", "meadow-world", "meadow-server"]),
    ("a-meadow", &["meadow"]),
    ("json-lines", &["meadow"]),
    ("xtask", &[]),
];

/// The packages that may wait for sockets and timers.
const ASYNC: &[&str] = &["meadow-portal", "meadow-server", "meadow"];
/// How the names of dependencies begin that wait for sockets and timers.
const RUNTIMES: &[&str] = &["tokio", "hyper", "axum", "mio"];

pub(crate) fn check(file: &File, found: &mut Vec<String>) {
    let Some(package) = package(&file.text) else {
        found.push(format!("{}:1: names no package", file.path));
        return;
    };
    let Some((_, allowed)) = WALLS.iter().find(|(name, _)| *name == package) else {
        found.push(format!("{}:1: `{package}` has no row in xtask/src/tidy/manifests.rs", file.path));
        return;
    };
    for (line, name, value) in dependencies(&file.text) {
        let ours = WALLS.iter().any(|(package, _)| *package == name);
        if ours && !allowed.contains(&name) {
            found.push(format!("{}:{line}: `{package}` must not know `{name}`", file.path));
        }
        if RUNTIMES.iter().any(|runtime| name.starts_with(runtime)) && !ASYNC.contains(&package) {
            found.push(format!("{}:{line}: `{package}` does no input or output: no `{name}`", file.path));
        }
        if !value.contains("workspace") {
            let wish = "takes its version (and its reason) from the root's [workspace.dependencies]";
            found.push(format!("{}:{line}: `{name}` {wish}", file.path));
        }
    }
    let lints = file.text.split("[lints]").nth(1).unwrap_or_default();
    if !lints.trim_start().starts_with("workspace = true") {
        found.push(format!("{}:1: lacks `[lints] workspace = true`", file.path));
    }
}

fn package(manifest: &str) -> Option<&str> {
    let line = manifest.lines().find_map(|line| line.strip_prefix("name = "))?;
    Some(line.trim().trim_matches('"'))
}

/// Line number, name and the rest of the line, of each dependency of whatever kind.
fn dependencies(manifest: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut within = false;
    manifest.lines().enumerate().filter_map(move |(index, line)| {
        if line.starts_with('[') {
            within = line.trim().ends_with("dependencies]");
            return None;
        }
        let end = line.find(['.', ' ', '='])?;
        let (name, rest) = line.split_at(end);
        (within && !name.starts_with('#') && !name.is_empty()).then_some((index + 1, name, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(package: &str, dependency: &str) -> usize {
        let text = format!(
            "[package]\nname = \"{package}\"\n\n[dependencies]\n# Why.\n{dependency}\n\n[lints]\nworkspace = true\n"
        );
        let mut found = Vec::new();
        check(&File { path: "a/Cargo.toml".to_owned(), text }, &mut found);
        found.len()
    }

    #[test]
    fn nobody_looks_over_a_wall() {
        assert_eq!(complaints("meadow-portal", "meadow-protocol.workspace = true"), 0);
        assert_eq!(complaints("meadow-portal", "meadow-world.workspace = true"), 1);
        assert_eq!(complaints("meadow-world", "meadow-protocol = { workspace = true }"), 1);
        assert_eq!(complaints("meadow-world", "tokio.workspace = true"), 1);
        assert_eq!(complaints("meadow-server", "tokio.workspace = true"), 0);
        assert_eq!(complaints("meadow-server", "tokio = \"1\""), 1);
        assert_eq!(complaints("json-lines", "meadow.workspace = true"), 0);
        assert_eq!(complaints("json-lines", "meadow-portal.workspace = true"), 1);
        assert_eq!(complaints("json-lines", "tokio.workspace = true"), 1);
        assert_eq!(complaints("a-stranger", "serde.workspace = true"), 1);
    }
}
