//! `cargo xtask deps`: licences, bans and sources of all dependencies, by `deny.toml`, with nothing but cargo.
//!
//! cargo-deny knows more (advisories), but takes minutes to build and wants the network. This is the part of its
//! work that must never be left out. `main` hands it work.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// How a locked package says that it comes from crates.io.
const CRATES_IO: &str = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";

/// Every dependency that `deny.toml` does not let in, one sentence each.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let rules = fs::read_to_string(root.join("deny.toml")).context("deny.toml cannot be read")?;
    let lock = fs::read_to_string(root.join("Cargo.lock")).context("Cargo.lock cannot be read")?;
    let allowed = strings_of(&rules, "allow = [");
    let banned = strings_of(&rules, "deny = [");
    ensure!(!allowed.is_empty() && !banned.is_empty(), "deny.toml lacks `allow = [` or `deny = [`");
    let mut found = Vec::new();
    locked(&lock, &banned, &mut found);
    licences(&tree(root)?, &allowed, &mut found);
    Ok(found)
}

/// The quoted words of the list that begins with `opening`, up to the line that closes it.
fn strings_of<'a>(toml: &'a str, opening: &str) -> Vec<&'a str> {
    let lines = toml.lines().skip_while(|line| !line.starts_with(opening)).skip(1);
    lines
        .take_while(|line| !line.starts_with(']'))
        .filter(|line| !line.trim_start().starts_with('#'))
        .filter_map(|line| line.split('"').nth(1))
        .collect()
}

/// Names and sources, of all platforms: the lock file has them all.
fn locked(lock: &str, banned: &[&str], found: &mut Vec<String>) {
    for package in lock.split("[[package]]").skip(1) {
        let name =
            package.lines().find_map(|line| line.strip_prefix("name = ")).unwrap_or("?").trim_matches('"');
        if banned.contains(&name) {
            found.push(format!("{name}: banned by deny.toml"));
        }
        if let Some(source) = package.lines().find(|line| line.starts_with("source = "))
            && source != CRATES_IO
        {
            found.push(format!("{name}: comes from elsewhere than crates.io: {source}"));
        }
    }
}

/// One line a package, `name version|licence`, for the platform that this runs on: cargo knows the licence of a
/// package only once it is downloaded.
fn tree(root: &Path) -> Result<String> {
    let output = Command::new("cargo")
        .args(["tree", "--workspace", "--locked", "--edges", "normal,build,dev"])
        .args(["--prefix", "none", "--no-dedupe", "--format", "{p}|{l}"])
        .current_dir(root)
        .output()
        .context("`cargo tree` could not be started")?;
    ensure!(
        output.status.success(),
        "`cargo tree` failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn licences(tree: &str, allowed: &[&str], found: &mut Vec<String>) {
    let mut packages: Vec<&str> = tree.lines().filter(|line| !line.is_empty()).collect();
    packages.sort_unstable();
    packages.dedup();
    for package in packages {
        let (name, licence) = package.rsplit_once('|').unwrap_or((package, ""));
        if !lets_in(licence, allowed) {
            let licence = if licence.is_empty() { "none" } else { licence };
            found.push(format!("{name}: its licence is not in deny.toml: {licence}"));
        }
    }
}

/// Whether an SPDX expression can be met with the allowed licences alone. `A/B` is an old way to write `A OR B`.
/// <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>
fn lets_in(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, allowed) && words.next().is_none()
}

type Words<'a, 'b> = &'a mut std::iter::Peekable<std::str::SplitWhitespace<'b>>;

fn either(words: Words<'_, '_>, allowed: &[&str]) -> bool {
    let mut any = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        any |= both(words, allowed);
    }
    any
}

fn both(words: Words<'_, '_>, allowed: &[&str]) -> bool {
    let mut all = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        all &= one(words, allowed);
    }
    all
}

fn one(words: Words<'_, '_>, allowed: &[&str]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let inner = either(words, allowed);
        return words.next_if_eq(&")").is_some() && inner;
    }
    let Some(licence) = words.next() else { return false };
    match words.next_if_eq(&"WITH").and_then(|_| words.next()) {
        Some(exception) => allowed.contains(&format!("{licence} WITH {exception}").as_str()),
        None => allowed.contains(&licence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_expression_is_met_or_not() {
        let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception", "Zlib"];
        for good in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/GPL-3.0",
            "(MIT OR GPL-3.0) AND Zlib",
            "Apache-2.0 WITH LLVM-exception",
            "GPL-3.0 AND Zlib OR MIT",
        ] {
            assert!(lets_in(good, &allowed), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "Apache-2.0",
            "(MIT",
            "MIT MIT",
            "(GPL-3.0 OR MIT) AND GPL-3.0",
        ] {
            assert!(!lets_in(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn bans_and_sources_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"good\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
            [[package]]\nname = \"ours\"\n[[package]]\nname = \"evil\"\n[[package]]\nname = \"far\"\nsource = \"git+x\"\n";
        let mut found = Vec::new();
        locked(lock, &["evil"], &mut found);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn the_lists_of_deny_toml_are_read() {
        let rules = fs::read_to_string(crate::root().join("deny.toml")).unwrap();
        assert!(strings_of(&rules, "allow = [").contains(&"MIT"));
        assert!(strings_of(&rules, "deny = [").contains(&"openssl"));
    }
}
